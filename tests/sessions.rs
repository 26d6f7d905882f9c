//! Every session replays to itself, and the notebook keeps what it was told.

use std::path::Path;

use radnote::batch::{self, Exit};
use radnote::session::{Reply, Script, Session};
use radnote::task::Task;

use crate::common::{self, notebook, submit};

/// `sessions/*.rad` on the built-in cohort where the tests keep it.
fn check(text: &str, folder: &Path) -> (Exit, String) {
    let text = text.replace("demo ../radnote-demo", "demo .");
    let mut session = Session::new(folder, &common::cache());
    let (mut out, mut log) = (Vec::new(), Vec::new());
    let file = Path::new("sessions/x.rad");
    let exit = batch::check(&mut session, file, &Script::parse(&text), &Task::default(), &mut out, &mut log).unwrap();
    (exit, String::from_utf8(out).unwrap() + &String::from_utf8(log).unwrap())
}

/// Write a session anew: its remarks, and what its lines say now.
fn record(path: &Path) {
    let text = std::fs::read_to_string(path).unwrap();
    let head: String = text.lines().take_while(|l| l.starts_with('#')).map(|l| format!("{l}\n")).collect();
    let lines = Script::parse(&text.replace("demo ../radnote-demo", "demo .")).lines;
    let session = notebook(common::demo(), &lines.iter().map(|l| l.line.as_str()).collect::<Vec<_>>());
    let body = session.script().lines().skip(1).map(|l| format!("{l}\n")).collect::<String>();
    std::fs::write(path, head + &body.replace("demo . ", "demo ../radnote-demo ")).unwrap();
}

#[test]
fn every_session_replays_to_itself() {
    let mut files = 0;
    for entry in std::fs::read_dir("sessions").unwrap() {
        let path = entry.unwrap().path();
        if common::bless() {
            record(&path);
        }
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains("#="), "{} records no result", path.display());
        let (exit, said) = check(&text, common::demo());
        assert_eq!(exit, Exit::Fine, "{}: {said}", path.display());
        files += 1;
    }
    assert!(files > 0);
}

#[test]
fn a_drift_names_its_line() {
    let text = "open cohort.csv --clinical clinical.csv --outcome lung_metastasis --role role\n\
                #= 154 patients, 67 with lung_metastasis = 1; train 82, internal 40, external 32\n\
                extract\n\nicc --above 0.85\n#= 107 -> 1000000\n";
    let (exit, said) = check(text, common::demo());
    assert_eq!(exit, Exit::Drifted);
    assert!(said.contains("line 5: `icc --above 0.85` drifted"), "{said}");
    assert!(said.contains("2 results compared, 1 drifted"), "{said}");
}

#[test]
fn a_notebook_taken_up_says_which_cells_failed_or_drifted() {
    let mut session = Session::new(common::demo(), &common::cache());
    let script = Script::parse(&format!("{OPEN}\n#= 1 patient\n\nlasso\n#= 3 -> 2\n\nshow cohort\n"));
    let mut log = Vec::new();
    let exit = batch::resume(&mut session, &script.lines, &Task::default(), &mut log).unwrap();
    let said = String::from_utf8(log).unwrap();
    assert_eq!(exit, Exit::Drifted);
    assert!(said.contains("cell 1, `open cohort.csv") && said.contains("recorded any more"), "{said}");
    assert!(said.contains("cell 2, `lasso") && said.contains("`lasso` needs features first"), "{said}");
}

#[test]
fn a_number_that_moves_by_a_billionth_drifts_and_its_last_bit_does_not() {
    let mut session = notebook(
        common::demo(),
        &["open cohort.csv --clinical clinical.csv --outcome lung_metastasis --role role", "extract", "icc"],
    );
    submit(&mut session, "mannwhitney");
    let text = session.script();
    assert_eq!(check(&text, common::demo()).0, Exit::Fine);
    let at = text.rfind("auc ").unwrap();
    let sum = text[at..].split_whitespace().nth(5).unwrap().trim_end_matches(';').to_string();
    let moved = |by: f64| text.replace(&sum, &format!("{}", sum.parse::<f64>().unwrap() * (1.0 + by)));
    assert_eq!(check(&moved(1e-15), common::demo()).0, Exit::Fine);
    assert_eq!(check(&moved(1e-8), common::demo()).0, Exit::Drifted, "{sum}");
}

const OPEN: &str = "open cohort.csv --clinical clinical.csv --outcome lung_metastasis --role role";

fn heads(session: &Session) -> Vec<String> {
    session.entries().iter().map(|e| e.line.split(' ').next().unwrap().to_string()).collect()
}

#[test]
fn a_step_replaces_its_own_cell_and_everything_below_follows() {
    let mut session = notebook(
        common::demo(),
        &[OPEN, "extract --params original-107", "icc --above 0.5", "mannwhitney", "show funnel"],
    );
    let before = common::values(&session, "mannwhitney")["n_in"].clone();
    let at = match submit(&mut session, "icc --above 0.95") {
        Reply::Cell(at) => at,
        other => panic!("{other:?}"),
    };
    assert_eq!(at, 2);
    assert_eq!(heads(&session), ["open", "extract", "icc", "mannwhitney", "show"]);
    let after = common::values(&session, "mannwhitney")["n_in"].clone();
    assert!(after.as_u64() < before.as_u64(), "{before} then {after}");
    assert_eq!(common::values(&session, "show")["counts"][1], after);
    assert!(matches!(submit(&mut session, "undo"), Reply::Undone(Some(_))));
    assert_eq!(common::values(&session, "mannwhitney")["n_in"], before);
}

#[test]
fn a_new_step_goes_to_its_place_and_views_stay_at_the_end() {
    let mut session = notebook(common::demo(), &[OPEN, "extract --params original-107", "mannwhitney", "show funnel"]);
    submit(&mut session, "icc");
    assert_eq!(heads(&session), ["open", "extract", "icc", "mannwhitney", "show"]);
    submit(&mut session, "show models");
    submit(&mut session, "show funnel");
    assert_eq!(heads(&session), ["open", "extract", "icc", "mannwhitney", "show", "show"]);
}

#[test]
fn what_did_not_change_is_not_computed_again() {
    let mut session = notebook(common::demo(), &[OPEN, "extract --params original-107", "icc", "mannwhitney"]);
    submit(&mut session, "mannwhitney --below 0.01");
    let times: Vec<bool> = session.entries().iter().map(|e| e.time.is_zero()).collect();
    assert_eq!(times, [true, true, true, false]);
}

#[test]
fn a_line_that_fails_changes_nothing_and_a_cell_below_that_fails_says_so() {
    let mut session = notebook(
        common::demo(),
        &[OPEN, "extract --params original-107", "icc", "mannwhitney", "lasso --rule min", "signature"],
    );
    let before = session.script();
    assert!(session.submit("lasso --folds nosuch", &Task::default()).is_err());
    assert_eq!(session.script(), before);
    submit(&mut session, "mannwhitney --below 0");
    let entries = session.entries();
    assert!(entries[4].result.is_err() && entries[5].result.is_err());
    let blocked = entries[5].result.as_ref().unwrap_err().to_string();
    assert_eq!(blocked, "`signature` waits for `lasso` above, which failed");
}

#[test]
fn a_failed_step_holds_up_only_what_reads_it() {
    let resumed = |lasso: &str| {
        let mut session = Session::new(common::demo(), &common::cache());
        let views = "table1\nroc\nroc margin\nroc signature\nshow cohort\n";
        let text = format!("{OPEN}\n{lasso}\nsignature\nclinical\nnomogram\n{views}");
        session.resume(&Script::parse(&text).lines, &Task::default(), &mut |_, _| {});
        session
    };
    let mut session = resumed("lasso");
    let ready: Vec<bool> = session.entries().iter().map(|e| e.result.is_ok()).collect();
    assert_eq!(heads(&session)[..6], ["open", "lasso", "signature", "clinical", "nomogram", "table1"]);
    assert_eq!(ready, [true, false, false, true, false, true, false, true, false, true]);
    let waits = session.entries()[4].result.as_ref().unwrap_err().to_string();
    assert_eq!(waits, "`nomogram` waits for `lasso` above, which failed");
    let file = common::scratch("failed").join("report.md");
    let Reply::Page(page) = submit(&mut session, &format!("export {}", file.display())) else { panic!("no page") };
    assert!(page.headline.starts_with("10 cells (5 without a result) to "), "{}", page.headline);
    // The column of folds is known by a lasso that ran: till then it may be any clinical variable.
    let steered = resumed("lasso --folds margin");
    assert!(steered.entries()[3].result.is_err() && steered.entries()[7].result.is_ok());
}

#[test]
fn a_step_that_cannot_be_read_keeps_its_place_and_holds_up_what_reads_it() {
    let mut session = Session::new(common::demo(), &common::cache());
    let open = OPEN.trim_end_matches(" --role role");
    let text = format!("{open}\nicc --of-a-newer-version 1\nmannwhitney\nclinical\n");
    session.resume(&Script::parse(&text).lines, &Task::default(), &mut |_, _| {});
    assert_eq!(heads(&session), ["open", "icc", "mannwhitney", "clinical"]);
    let says = |at: usize| session.entries()[at].result.as_ref().map_or_else(ToString::to_string, |p| p.title.clone());
    assert_eq!(says(1), "`icc` has no flag `--of-a-newer-version`");
    assert_eq!(says(2), "`mannwhitney` waits for `icc` above, which failed");
    assert!(session.entries()[3].result.is_ok());
    submit(&mut session, "split 2:1");
    assert_eq!(heads(&session), ["open", "split", "icc", "mannwhitney", "clinical"]);
}

#[test]
fn alternatives_are_counted_across_undo_a_new_name_and_a_new_day() {
    let folder = common::scratch("alternatives");
    let demo = common::demo().display();
    let open = format!("open {demo}/cohort.csv --clinical {demo}/clinical.csv --outcome lung_metastasis");
    let day = |name: &str| {
        let mut session = Session::new(&folder, &common::cache());
        let lines = session.attach(&folder.join(name)).unwrap();
        session.resume(&lines, &Task::default(), &mut |_, _| {});
        session
    };
    std::fs::write(folder.join("a.rad"), format!("{open}\nclinical age margin\n")).unwrap();
    let mut session = day("a.rad");
    assert_eq!(session.alternatives().count, 0);
    for line in ["clinical age margin --below 0.2", "clinical age", "table1 age", "undo", "undo", "save b.rad"] {
        submit(&mut session, line);
    }
    assert_eq!(session.alternatives().count, 2);
    session.finish();
    drop(session);
    let mut session = day("b.rad");
    assert_eq!(session.alternatives().count, 2);
    submit(&mut session, "clinical margin");
    assert_eq!(session.alternatives().count, 3);
    drop(session);
    assert_eq!((day("a.rad").alternatives().count, day("b.rad").alternatives().count), (2, 3));
}

#[test]
fn a_cancelled_line_changes_nothing() {
    let mut session = notebook(common::demo(), &[OPEN]);
    let task = Task::default();
    task.cancel();
    assert!(session.submit("extract", &task).is_err());
    assert_eq!(heads(&session), ["open"]);
}

#[test]
fn rehearsing_keeps_nothing() {
    let session = notebook(common::demo(), &[OPEN, "extract --params original-107", "icc", "mannwhitney"]);
    let before = session.script();
    let mut seen = Vec::new();
    session
        .rehearse(2, "icc --above 0.95", &Task::default(), &mut |at, entry| seen.push((at, entry.line.clone())))
        .unwrap();
    assert_eq!(seen.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [0, 1, 2, 3]);
    assert_eq!(seen[2].1, "icc --above 0.95 --form 2,1 --by estimate");
    assert_eq!(session.script(), before);
}

/// The chain down to views, one of them slow and not last.
pub const VIEWS: [&str; 8] = [
    OPEN,
    "extract --params original-107",
    "icc",
    "mannwhitney",
    "lasso --rule min",
    "signature",
    "calibrate --resamples 20",
    "roc",
];

#[test]
fn slow_views_come_after_all_that_is_quick_and_keep_their_place() {
    let mut session = notebook(common::demo(), &VIEWS);
    let mut seen = Vec::new();
    session.rehearse(2, "icc --above 0.9", &Task::default(), &mut |at, _| seen.push(at)).unwrap();
    assert_eq!(seen, [0, 1, 2, 3, 4, 5, 7, 6]);
    submit(&mut session, "icc --above 0.9");
    assert_eq!(heads(&session), ["open", "extract", "icc", "mannwhitney", "lasso", "signature", "calibrate", "roc"]);
}

#[test]
fn cells_below_are_the_same_pages_where_a_moved_threshold_keeps_the_same_features() {
    let mut session = notebook(common::demo(), &VIEWS);
    submit(&mut session, "validate --times 2");
    let page = |session: &Session, at: usize| session.entries()[at].result.clone().unwrap();
    let (roc, validated) = (page(&session, 7), page(&session, 8));
    submit(&mut session, "mannwhitney --below 0.0500001");
    assert!(std::sync::Arc::ptr_eq(&roc, &page(&session, 7)), "the selection is the same, and so is all that is below");
    assert!(
        !std::sync::Arc::ptr_eq(&validated, &page(&session, 8)),
        "what repeats the line has another line to repeat"
    );
}

#[test]
fn a_bin_width_is_the_last_to_be_turned_and_counts_for_every_image() {
    let mut session = notebook(common::demo(), &[VIEWS[0], "extract --params original-107 --bin-width 20", VIEWS[2]]);
    assert_eq!(common::values(&session, "extract")["bin_width_at"], 20.0);
    let Reply::Open(_, page) = submit(&mut session, "tune") else { panic!("no page") };
    assert_eq!(page.values["flag"].to_string(), r#"["above","bin-width"]"#);
    assert_eq!(page.values["cell"].to_string(), "[2,1]");
    let refused = session.submit("extract --bin-width 0", &Task::default()).unwrap_err().to_string();
    assert!(refused.contains("`--bin-width`"), "{refused}");
}

#[test]
fn a_tuned_view_replaces_the_line_it_was_and_a_typed_one_stands_beside_it() {
    let mut session = notebook(common::demo(), &VIEWS);
    submit(&mut session, "decision --to 0.5");
    assert!(matches!(session.replace(8, "decision --to 0.6", &Task::default()).unwrap(), Reply::Cell(8)));
    assert!(session.entries()[8].line.contains("--to 0.6") && session.entries().len() == 9);
    session.replace(7, "decision --to 0.7", &Task::default()).unwrap();
    assert_eq!(session.entries().len(), 10, "a view of another command is not replaced");
    submit(&mut session, "undo");
    assert_eq!(session.entries().len(), 9);
}

#[test]
fn a_kept_notebook_comes_back_whole() {
    let folder = common::scratch("kept");
    let file = folder.join("a.rad");
    let demo = common::demo().display();
    let lines = [
        format!("open {demo}/cohort.csv --clinical {demo}/clinical.csv --outcome lung_metastasis"),
        "show cohort".into(),
    ];
    let mut session = Session::new(&folder, &common::cache());
    assert!(session.attach(&file).unwrap().is_empty());
    lines.iter().for_each(|l| drop(submit(&mut session, l)));
    let text = session.script();
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text);

    let second = Session::new(&folder, &common::cache()).attach(&file).unwrap_err();
    assert!(second.to_string().contains("is open in another radnote"), "{second}");
    drop(session);
    let mut cut_off = Session::new(&folder, &common::cache());
    cut_off.attach(&file).unwrap();
    assert!(cut_off.cut_off(), "it was never left in order");
    cut_off.finish();
    let mut after = Session::new(&folder, &common::cache());
    after.attach(&file).unwrap();
    assert!(!after.cut_off());
    drop(after);

    let open = || Session::new(&folder, &common::cache()).attach(&file).unwrap();
    assert_eq!(open().len(), 2);

    // An older notebook that was put back on purpose is the notebook.
    let first = Script::parse(&text).lines.remove(0);
    let shorter: String = text.lines().take_while(|l| !l.starts_with("show")).map(|l| format!("{l}\n")).collect();
    let shorter = shorter.trim_end().to_string() + "\n";
    std::fs::write(&file, &shorter).unwrap();
    assert_eq!(open().len(), 1);

    // A kill after the journal and before the file: the change is finished, once.
    let log = file.with_extension("rad.journal");
    let whole = std::fs::read_to_string(&log).unwrap();
    let records: Vec<&str> = whole.lines().collect();
    assert_eq!(records.len(), 4, "two records, each with its mark");
    std::fs::write(&log, records[..3].join("\n") + "\n").unwrap();
    assert_eq!(open().len(), 2);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
    assert_eq!(std::fs::read_to_string(&log).unwrap(), whole);

    // A file that is gone comes back.
    std::fs::remove_file(&file).unwrap();
    assert_eq!(open().len(), 2);
    std::fs::write(&log, &whole).unwrap();

    // A record cut short is dropped; a record changed is refused.
    std::fs::write(&log, whole.clone() + "{\"line\":\"half").unwrap();
    assert_eq!(open()[0].line, first.line);
    assert_eq!(std::fs::read_to_string(&log).unwrap(), whole);
    std::fs::write(&log, whole.replacen("open", "oben", 1)).unwrap();
    let refused = Session::new(&folder, &common::cache()).attach(&file).unwrap_err().to_string();
    assert!(refused.contains("changed after it was written"), "{refused}");
}

#[test]
fn variants_stand_side_by_side_and_outlive_the_notebook() {
    let folder = &common::scratch("variants");
    for name in ["cohort.csv", "clinical.csv", "scans"] {
        std::os::unix::fs::symlink(common::demo().join(name), folder.join(name)).unwrap();
    }
    let file = folder.join("study.rad");
    let mut session = Session::new(folder, &common::cache());
    session.attach(&file).unwrap();
    for line in [OPEN, "extract --params original-107", "icc", "mannwhitney", "fork usual", "mannwhitney --below 0.01"]
    {
        submit(&mut session, line);
    }
    let Reply::Open(_, page) = submit(&mut session, "compare") else { panic!("no page") };
    assert_eq!(page.values["variant"], serde_json::json!(["now", "usual"]));
    let below = serde_json::json!([{ "what": "mannwhitney --below", "now": "0.01", "usual": "0.05" }]);
    assert_eq!(page.values["settings"], below);
    let kept = page.values["results"].as_array().unwrap();
    let of = |what: &str| kept.iter().find(|r| r["what"] == what).unwrap().clone();
    let icc = of("icc: features kept");
    assert_eq!(icc["now"], icc["usual"]);
    let tested = of("mannwhitney: features kept");
    assert_ne!(tested["now"], tested["usual"]);
    assert!(session.submit("fork usual", &Task::default()).is_err(), "a variant is never overwritten");
    assert!(session.submit("fork ../usual", &Task::default()).is_err());

    drop(session);
    let mut again = Session::new(folder, &common::cache());
    let lines = again.attach(&file).unwrap();
    again.resume(&lines, &Task::default(), &mut |_, _| {});
    assert_eq!(again.forks(), ["usual"]);
    let Reply::Switched(switched) = submit(&mut again, "switch usual") else { panic!("not switched") };
    assert_eq!((switched.to.as_str(), switched.kept), ("usual", false), "0.01 is in no variant");
    assert!(again.entries().iter().any(|e| e.line.starts_with("mannwhitney --below 0.05")));
    let Reply::Undone(Some(undone)) = submit(&mut again, "undo") else { panic!("nothing undone") };
    assert_eq!(undone.to_string(), "taken back: `mannwhitney` is `mannwhitney --below 0.01` again");
    assert!(again.entries().iter().any(|e| e.line.starts_with("mannwhitney --below 0.01")));
    let error = again.submit("switch", &Task::default()).unwrap_err();
    assert!(error.to_string().contains("the name of a variant") && error.remedy().contains("usual"), "{error:?}");
    let error = again.submit("switch usal", &Task::default()).unwrap_err();
    assert!(error.remedy().contains("usual"), "{}", error.remedy());
}
