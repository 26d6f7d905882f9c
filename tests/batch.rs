//! The batch tool: PyRadiomics' table in, the same rows with features out.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use radnote::cohort::table::Table;
use radnote::features::{self, Settings};

use crate::common;

/// Five rows on the phantoms of `tests/baseline`: two regions of one scan, and three that fail for different reasons.
const ROWS: &str = "ID,Image,Mask,Label,site\n\
    one,mr_oblique.nii.gz,mr_oblique_mask.nii.gz,,thigh\n\
    two,ct_labels.nii.gz,ct_labels_mask.nii.gz,2,\"calf, left\"\n\
    three,ct_labels.nii.gz,ct_labels_mask.nii.gz,7,arm\n\
    four,ct_labels.nii.gz,mr_oblique_mask.nii.gz,1,arm\n\
    five,nowhere.nii.gz,mr_oblique_mask.nii.gz,1,arm\n";

/// A folder with the table and what it needs.
fn folder(name: &str) -> std::path::PathBuf {
    let folder = common::scratch(name);
    for phantom in ["mr_oblique", "ct_labels"] {
        for file in [format!("{phantom}.nii.gz"), format!("{phantom}_mask.nii.gz")] {
            fs::copy(Path::new("tests/baseline").join(&file), folder.join(&file)).unwrap();
        }
    }
    fs::write(folder.join("cohort.csv"), ROWS).unwrap();
    folder
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_radnote"));
    command.args(["extract", "--batch", "cohort.csv"]).args(arguments).current_dir(folder);
    command.env("RADNOTE_CACHE", folder.join("cache")).output().unwrap()
}

#[test]
fn rows_keep_their_columns_and_order_and_failures_their_reason() {
    let folder = folder("batch");
    let output = run(&folder, &["--params", "original-107"]);
    assert_eq!(output.status.code(), Some(3), "some scans failed");
    let table = Table::read(&folder.join("features.csv")).unwrap();
    let names = features::names(&Settings::preset("original-107").unwrap());
    let own = ["ID", "Image", "Mask", "Label", "site"].map(str::to_string);
    assert_eq!(table.names(), [own.as_slice(), &names].concat());
    let ids: Vec<Option<String>> = ["one", "two", "three", "four", "five"].map(|id| Some(id.into())).to_vec();
    assert_eq!(table.text("ID").unwrap(), ids);
    assert_eq!(table.text("site").unwrap()[1].as_deref(), Some("calf, left"));
    let values = table.numbers("original_glcm_Contrast").unwrap();
    assert_eq!(values.iter().map(|v| v.is_nan()).collect::<Vec<_>>(), [false, false, true, true, true]);
    let failures = Table::read(&folder.join("features.failures.csv")).unwrap();
    let kinds: Vec<String> = failures.text("kind").unwrap().into_iter().flatten().collect();
    assert_eq!(kinds, ["no_label", "mismatch", "file"]);
    let text = fs::read_to_string(folder.join("features.failures.csv")).unwrap();
    assert!(!text.contains(folder.to_str().unwrap()), "no folder of this machine: {text}");
    assert!(text.contains("labels present: 1, 2"));
}

#[test]
fn flags_stand_before_a_commands_word_as_behind_it() {
    let folder = common::scratch("flags-first");
    let said = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_radnote"));
        let output = command.args(arguments).current_dir(&folder).env("TERM", "xterm").output().unwrap();
        (output.status.success(), [output.stdout, output.stderr].concat())
    };
    let (ran, first) = said(&["--ascii", "--width", "60", "doctor"]);
    assert!(ran && first.is_ascii(), "{}", String::from_utf8_lossy(&first));
    let widest = String::from_utf8_lossy(&first).lines().map(|line| line.chars().count()).max();
    assert!(widest <= Some(60), "{widest:?}");
    // A line of the notebook may have the name of a command of the program.
    let (ran, line) = said(&["-c", "help", "-c", "doctor"]);
    assert!(ran, "{}", String::from_utf8_lossy(&line));
    for beside in [&["book.rad", "doctor"][..], &["-c", "settings", "doctor"]] {
        let (ran, said) = said(beside);
        let said = String::from_utf8_lossy(&said).into_owned();
        assert!(!ran && said.contains(beside[beside.len() - 2]), "{said}");
    }
}

#[test]
fn the_three_formats_hold_the_same_values() {
    let folder = folder("formats");
    for out in ["a.csv", "a.parquet", "a.json"] {
        run(&folder, &["--params", "original-107", "--out", out]);
    }
    let csv = Table::read(&folder.join("a.csv")).unwrap();
    let parquet = Table::read(&folder.join("a.parquet")).unwrap();
    let json: serde_json::Value = serde_json::from_slice(&fs::read(folder.join("a.json")).unwrap()).unwrap();
    assert_eq!(csv.names(), parquet.names());
    for name in features::names(&Settings::preset("original-107").unwrap()) {
        let bits = |values: Vec<f64>| values.into_iter().map(f64::to_bits).collect::<Vec<_>>();
        let wanted = bits(csv.numbers(&name).unwrap());
        assert_eq!(bits(parquet.numbers(&name).unwrap()), wanted, "{name}");
        let number = |row: &serde_json::Value| row[&name].as_f64().unwrap_or(f64::NAN);
        assert_eq!(bits(json.as_array().unwrap().iter().map(number).collect()), wanted, "{name}");
    }
}

/// However many threads work on it, and whether it is computed or found again.
#[test]
fn the_file_is_the_same_to_the_last_byte() {
    let folder = folder("bytes");
    let read = |arguments: &[&str]| {
        run(&folder, &[&["--params", "original-107"], arguments].concat());
        fs::read(folder.join("features.csv")).unwrap()
    };
    let first = read(&["--jobs", "1"]);
    assert_eq!(read(&["--jobs", "4"]), first, "from the cache");
    fs::remove_dir_all(folder.join("cache")).unwrap();
    assert_eq!(read(&["--jobs", "4"]), first, "computed anew");
}

#[test]
fn an_undefined_feature_keeps_its_column_and_its_reason_is_written() {
    let folder = folder("reasons");
    fs::write(folder.join("narrow.yaml"), "featureClass:\n  shape:\n  glcm:\nsetting:\n  binWidth: 1.0e-6\n").unwrap();
    let output = run(&folder, &["--params", "narrow.yaml"]);
    let said = String::from_utf8(output.stdout).unwrap();
    let reasons = Table::read(&folder.join("features.reasons.csv")).unwrap();
    assert_eq!(reasons.rows(), 2 * 24, "{said}");
    assert!(reasons.text("reason").unwrap().iter().all(|r| r.as_deref() == Some("too_many_levels")));
    assert!(said.contains("48 values undefined: features.reasons.csv"), "{said}");
    fs::write(folder.join("narrow.yaml"), "featureClass:\n  shape:\n  glcm:\nsetting:\n  binWidth: 25\n").unwrap();
    run(&folder, &["--params", "narrow.yaml"]);
    assert!(!folder.join("features.reasons.csv").exists(), "nothing to say any more");
}

#[test]
fn diagnostics_stand_before_the_features() {
    let folder = folder("diagnostics");
    run(&folder, &["--params", "original-107", "--diagnostics"]);
    let table = Table::read(&folder.join("features.csv")).unwrap();
    let first = |name: &str| table.text(&format!("diagnostics_{name}")).unwrap()[0].clone().unwrap();
    assert_eq!(first("Image-original_Size"), "(21, 18, 9)");
    assert_eq!(first("Image-original_Dimensionality"), "3D");
    assert_eq!(first("Mask-original_VolumeNum"), "1");
    let at = |name: &str| table.names().iter().position(|n| n == name).unwrap();
    assert!(at("diagnostics_Mask-original_VoxelNum") < at("original_shape_Elongation"));
}

#[test]
fn the_table_itself_is_never_overwritten() {
    let folder = folder("overwrite");
    let output = run(&folder, &["--params", "original-107", "--out", "cohort.csv"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains("this file is read; choose another name"));
    assert_eq!(fs::read_to_string(folder.join("cohort.csv")).unwrap(), ROWS);
}

#[test]
fn a_column_that_is_computed_too_is_refused_before_any_work() {
    let folder = folder("batch_twice");
    let text = ROWS.replace("site", "original_glcm_Contrast");
    fs::write(folder.join("cohort.csv"), text).unwrap();
    let output = run(&folder, &["--params", "original-107"]);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    let sentence = "error: cohort.csv, line 1: column `original_glcm_Contrast` is one that is computed; rename it, or take it out of the table\n";
    assert_eq!(said, sentence);
    assert!(!folder.join("features.csv").exists());
}

/// Paths of this machine stay here, and rows can still be told apart.
#[test]
fn absolute_paths_are_written_from_the_folder_they_share() {
    let folder = folder("absolute");
    let scans = common::scratch("absolute-scans");
    for patient in ["a", "b"] {
        fs::create_dir_all(scans.join(patient)).unwrap();
        fs::copy("tests/baseline/mr_oblique.nii.gz", scans.join(patient).join("image.nii.gz")).unwrap();
        fs::copy("tests/baseline/mr_oblique_mask.nii.gz", scans.join(patient).join("mask.nii.gz")).unwrap();
    }
    let row = |patient: &str| {
        let file = |name: &str| scans.join(patient).join(name).display().to_string();
        format!("{},{},NA\n", file("image.nii.gz"), file("mask.nii.gz"))
    };
    fs::write(folder.join("cohort.csv"), format!("Image,Mask,note\n{}{}", row("a"), row("b"))).unwrap();
    let output = run(&folder, &["--params", "original-107", "--out", "f.parquet"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let table = Table::read(&folder.join("f.parquet")).unwrap();
    assert_eq!(table.raw("Image").unwrap(), ["a/image.nii.gz", "b/image.nii.gz"]);
    assert_eq!(table.raw("note").unwrap(), ["NA", "NA"], "copied through as it stands");
    assert!(!folder.join("f.parquet.part.csv").exists());
}

#[test]
fn a_cache_that_cannot_be_written_is_refused_before_any_work() {
    let folder = folder("no-cache");
    fs::write(folder.join("cache"), "a file where a folder should be").unwrap();
    let output = run(&folder, &["--params", "original-107"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains("set RADNOTE_CACHE to a folder you can write to"));
    assert!(!folder.join("features.csv").exists());
}
