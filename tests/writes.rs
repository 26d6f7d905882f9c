//! What a notebook writes: never over what it reads, and saying what it replaces and how many alternatives were tried.

use std::path::{Path, PathBuf};

use radnote::error::Error;
use radnote::page::Block;
use radnote::session::{Reply, Session};
use radnote::task::Task;

use crate::commands::{cautions, small};
use crate::common;

/// The headline of a line that is answered with a page.
fn said(session: &mut Session, line: &str) -> String {
    match common::submit(session, line) {
        Reply::Page(page) | Reply::Open(_, page) => page.headline.clone(),
        other => panic!("`{line}`: {other:?}"),
    }
}

fn refused(session: &mut Session, line: &str) -> String {
    match session.submit(line, &Task::default()) {
        Err(error @ Error::BadValue { .. }) => error.to_string(),
        other => panic!("`{line}`: {other:?}"),
    }
}

/// The tables of the built-in cohort in a folder of their own, over the scans that are there once.
fn demo(name: &str) -> PathBuf {
    let folder = common::scratch(name);
    for file in ["phantom.txt", "cohort.csv", "clinical.csv"] {
        std::fs::copy(common::demo().join(file), folder.join(file)).unwrap();
    }
    std::os::unix::fs::symlink(common::demo().join("scans"), folder.join("scans")).unwrap();
    folder
}

#[test]
fn what_the_notebook_reads_is_never_written_over() {
    let folder = demo("writes-demo");
    std::fs::create_dir(folder.join("sub")).unwrap();
    std::os::unix::fs::symlink("clinical.csv", folder.join("other.csv")).unwrap();
    let before = |file: &str| std::fs::read(folder.join(file)).unwrap();
    let files = ["clinical.csv", "cohort.csv", "scans/P001/mask.nii.gz"].map(|file| (file, before(file)));
    let mut session = common::notebook(&folder, &["demo ."]);
    for line in [
        "export clinical.csv",
        "export ./clinical.csv",
        "export sub/../cohort.csv",
        "export other.csv",
        "export scans/P001/mask.nii.gz --image original --patient P001",
    ] {
        assert!(refused(&mut session, line).contains("the notebook reads this file"), "{line}");
    }
    for line in ["export book.rad --as json", "export book.rad.journal --as json"] {
        assert!(refused(&mut session, line).contains("a notebook is kept in files of this ending"), "{line}");
    }
    assert_eq!(said(&mut session, "export patients.csv"), "154 patients with 0 features to patients.csv");
    let again = "154 patients with 0 features to patients.csv; it replaced the file of that name";
    assert_eq!(said(&mut session, "export patients.csv"), again);
    files.into_iter().for_each(|(file, content)| assert_eq!(before(file), content, "{file}"));
}

#[test]
fn what_was_found_beside_a_table_is_read_too() {
    let folder = small("writes-beside");
    std::fs::copy(folder.join("features.csv"), folder.join("features_reader2.csv")).unwrap();
    let lines = ["open --outcome=event cohort.csv", "features features.csv", "nomogram age", "roc age"];
    let mut session = common::notebook(&folder, &lines);
    assert!(refused(&mut session, "export features_reader2.csv").contains("the notebook reads this file"));
    let points = refused(&mut session, "figures 1 --save cohort.svg");
    assert!(points.contains("cohort.csv") && points.contains("the notebook reads this file"), "{points}");
    assert!(!folder.join("cohort.svg").exists(), "nothing is written where a part of it may not be");
    said(&mut session, "figures 1 --save roc.svg");
    assert!(said(&mut session, "figures 1 --save roc.svg").ends_with("; replaced: roc.svg, roc.csv"));
}

#[test]
fn figures_are_named_by_what_they_are() {
    let lines = ["open cohort.csv --outcome event", "roc age", "roc fold", "nomogram age", "calibrate nomogram"];
    let session = common::notebook(&small("writes-names"), &lines);
    let names = |session: &Session| match session.reader().answer("figures", &Task::default()).unwrap().unwrap() {
        Reply::Open(_, page) => {
            page.values["names"].as_array().unwrap().iter().map(|n| n.as_str().unwrap().to_string()).collect::<Vec<_>>()
        }
        other => panic!("{other:?}"),
    };
    let all = names(&session);
    assert!(all.contains(&"roc-train".to_string()) && all.contains(&"roc-train-2".to_string()), "{all:?}");
    assert!(all.iter().any(|n| n.starts_with("nomogram")) && all.iter().any(|n| n.starts_with("calibrate")), "{all:?}");
    assert!(all.iter().all(|n| !n.contains("n-40")), "{all:?}");
    let mut unique = all.clone();
    unique.sort();
    unique.dedup();
    assert_eq!(unique.len(), all.len(), "{all:?}");
}

#[test]
fn every_file_of_several_figures_is_named() {
    let folder = demo("writes-figures");
    let mut session = common::notebook(&folder, &["demo .", "roc margin"]);
    let written = ["roc.svg", "roc-2.svg", "roc-3.svg"];
    let names = written.join(", ");
    assert_eq!(said(&mut session, "export roc.svg --figure roc"), format!("3 figures of roc to {names}"));
    assert!(written.iter().all(|file| folder.join(file).exists()));
    let again = said(&mut session, "export roc.svg --figure roc");
    assert_eq!(again, format!("3 figures of roc to {names}; replaced: {names}"));
    assert_eq!(said(&mut session, "export one.svg --figure roc.2"), "1 figure of roc.2 to one.svg");
}

#[test]
fn a_built_in_cohort_that_was_written_over_says_so() {
    let folder = demo("writes-altered");
    assert_eq!(cautions(&common::notebook(&folder, &["demo ."])), "");
    let path = folder.join("clinical.csv");
    let table = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, table.replacen("P001,", "P001,9", 1)).unwrap();
    let said = cautions(&common::notebook(&folder, &["demo ."]));
    assert!(said.contains("clinical.csv is not as `demo` wrote it"), "{said}");
    std::fs::write(&path, "ID,score\nP001,1\n").unwrap();
    let error = Session::new(&folder, &common::cache()).submit("demo .", &Task::default()).unwrap_err();
    assert!(error.to_string().contains("clinical.csv is not as `demo` wrote it"), "{error}");
    assert!(error.remedy().contains("remove clinical.csv"), "{}", error.remedy());
    std::fs::remove_file(&path).unwrap();
    assert_eq!(cautions(&common::notebook(&folder, &["demo ."])), "");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), table);
}

/// Also a scan or a mask, be it of the same size; of many only some are named.
#[test]
fn a_built_in_scan_that_was_written_over_says_so() {
    let folder = demo("writes-scans");
    assert_eq!(cautions(&common::notebook(&folder, &["demo ."])), "");
    let path = |id: &str, name: &str| folder.join("scans").join(id).join(name);
    let image = path("P002", "image.nii.gz");
    let mut bytes = std::fs::read(&image).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    std::fs::write(&image, &bytes).unwrap();
    let said = cautions(&common::notebook(&folder, &["demo ."]));
    assert!(said.contains("scans/P002/image.nii.gz is not as `demo` wrote it"), "{said}");
    for id in ["P003", "P004", "P005"] {
        std::fs::copy(&image, path(id, "mask.nii.gz")).unwrap();
    }
    let said = cautions(&common::notebook(&folder, &["demo ."]));
    assert!(said.contains("scans/P004/mask.nii.gz, and 1 more are not as `demo` wrote them"), "{said}");
    for (id, name) in [("P002", "image"), ("P003", "mask"), ("P004", "mask"), ("P005", "mask")] {
        std::fs::remove_file(path(id, &format!("{name}.nii.gz"))).unwrap();
    }
    assert_eq!(cautions(&common::notebook(&folder, &["demo ."])), "", "written again as they were");
}

fn exported(session: &mut Session, folder: &Path, file: &str) -> String {
    common::submit(session, &format!("export {file}"));
    std::fs::read_to_string(folder.join(file)).unwrap()
}

#[test]
fn a_report_says_how_many_alternatives_were_tried() {
    let folder = small("writes-tried");
    let lines = ["open cohort.csv --outcome event", "features features.csv", "mannwhitney", "mannwhitney --below 0.2"];
    let mut session = Session::new(&folder, &common::cache());
    session.attach(&folder.join("book.rad")).unwrap();
    lines.iter().for_each(|line| drop(common::submit(&mut session, line)));
    let json = exported(&mut session, &folder, "results.json");
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&json["tried"], json["cells"].as_array().unwrap().len()), (&serde_json::json!(1), 3));
    assert!(exported(&mut session, &folder, "report.html").contains("<b>Alternatives tried: 1.</b>"));
    assert!(exported(&mut session, &folder, "report.md").contains("**Alternatives tried: 1.**"));

    let mut uncounted = common::notebook(&folder, &lines);
    let json = exported(&mut uncounted, &folder, "uncounted.json");
    assert!(serde_json::from_str::<serde_json::Value>(&json).unwrap()["tried"].is_null());
    assert!(exported(&mut uncounted, &folder, "uncounted.md").contains("**Alternatives tried: not counted.**"));
}

#[test]
fn files_that_are_not_there_are_named_when_a_cohort_is_opened() {
    let folder = common::scratch("writes-absent");
    let table = "ID,event,Image,Mask,Mask_reader2\nA,1,a.nii.gz,gone.nii.gz,\nD,1,b.nii.gz,a.nii.gz,\nE,0,c.nii.gz,a.nii.gz,\nB,0,a.nii.gz,,\nC,0,a.nii.gz,a.nii.gz,no.nii.gz\n";
    std::fs::write(folder.join("cohort.csv"), table).unwrap();
    std::fs::write(folder.join("a.nii.gz"), "").unwrap();
    let said = cautions(&common::notebook(&folder, &["open cohort.csv --outcome event"]));
    let expected = [
        "the table names an image and no mask, so there are no features of: B",
        "no file where the table says the images are: D, E",
        "no file where the table says the mask is: A",
        "no file where the table says the mask of reader 2 is: C",
    ];
    assert_eq!(said.lines().collect::<Vec<_>>(), expected);
}

/// Folders of a hospital bear names: what leaves the machine says whose scan failed, and nothing of where it lies.
#[test]
fn no_report_tells_where_a_scan_lies() {
    let folder = demo("writes-places");
    let table = std::fs::read_to_string(folder.join("cohort.csv")).unwrap();
    let table = table.replace("scans/P003/mask.nii.gz", "MUELLER/mask.nii.gz");
    std::fs::write(folder.join("cohort.csv"), table.replace("scans/P004/image.nii.gz", "MUELLER/t1.nii.gz")).unwrap();
    std::fs::create_dir(folder.join("MUELLER")).unwrap();
    std::fs::write(folder.join("MUELLER/mask.nii.gz"), "no scan").unwrap();
    let opened = "open cohort.csv --clinical clinical.csv --outcome lung_metastasis --role role";
    let lines = [opened, "extract --params original-107"];
    let mut session = common::notebook(&folder, &lines);
    for file in ["r.md", "r.html", "r.json"] {
        let report = exported(&mut session, &folder, file);
        assert!(!report.contains("MUELLER"), "{file}");
        for cause in ["P003, reader 1: the mask is not a usable scan", "P004, reader 1: cannot read the image"] {
            assert!(report.contains(cause), "{file}: {cause}");
        }
    }
    assert!(!session.script().contains("MUELLER"));

    // Where all fail, the line says which file it was, and the report of the failed cell does not.
    let alone = "ID,lung_metastasis,Image,Mask\nA,1,MUELLER/t1.nii.gz,MUELLER/mask.nii.gz\nB,0,MUELLER/t1.nii.gz,MUELLER/mask.nii.gz\n";
    std::fs::write(folder.join("alone.csv"), alone).unwrap();
    let error = session.submit("open alone.csv --outcome lung_metastasis", &Task::default()).err();
    assert_eq!(error, None);
    let failed = session.entries().iter().find(|e| e.line.starts_with("extract")).unwrap();
    assert!(failed.result.as_ref().unwrap_err().to_string().contains("MUELLER/t1.nii.gz"));
    let report = exported(&mut session, &folder, "alone.md");
    assert!(report.contains("cannot read a scan") && !report.contains("MUELLER"), "{report}");
}

#[test]
fn a_patient_without_features_is_marked_with_the_reason() {
    let folder = small("writes-without");
    let features = std::fs::read_to_string(folder.join("features.csv")).unwrap();
    let fewer: String = features.lines().filter(|l| !l.starts_with("P3,")).map(|l| format!("{l}\n")).collect();
    std::fs::write(folder.join("fewer.csv"), fewer).unwrap();
    let session = common::notebook(&folder, &["open cohort.csv --outcome event", "features fewer.csv"]);
    let page = |line: &str| match session.reader().answer(line, &Task::default()).unwrap().unwrap() {
        Reply::Open(_, page) => page,
        other => panic!("{other:?}"),
    };
    let list = page("patients");
    assert_eq!(list.headline, "40 patients, 1 without features");
    let table = list.blocks.iter().find_map(|b| if let Block::Table(t) = b { Some(t) } else { None }).unwrap();
    let at = table.columns.iter().position(|c| c.name == "no features").unwrap();
    let marked: Vec<_> =
        table.rows.iter().filter(|r| !r[at].is_empty()).map(|r| (r[0].as_str(), r[at].as_str())).collect();
    assert_eq!(marked, [("P3", "not in table")]);
    let one = page("patients P3");
    let said: Vec<String> = one.cautions.iter().map(ToString::to_string).collect();
    assert!(said.iter().any(|s| s.contains("P3 has no features and takes no part: there is no row")), "{said:?}");
}
