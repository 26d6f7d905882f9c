//! Why a number is not there, whose it is and what chose it: in words that fit.

use radnote::num::rng::Rng;
use radnote::page::{Block, Page, Table};
use radnote::session::Session;
use radnote::task::Task;
use serde_json::json;

use crate::common::{self, page, words};
use crate::stated::csv;

const N: usize = 40;

fn texts<T: ToString>(values: impl IntoIterator<Item = T>) -> Vec<String> {
    values.into_iter().map(|v| v.to_string()).collect()
}

fn ids() -> Vec<String> {
    (1..=N).map(|i| format!("P{i:03}")).collect()
}

fn event(i: usize) -> usize {
    i % 2
}

/// Numbers moved by this much with the event.
fn moved(seed: i32, by: f64) -> Vec<String> {
    let mut rng = Rng::seeded(seed);
    texts((0..N).map(|i| rng.normal() + by * event(i) as f64))
}

fn tables(page: &Page) -> Vec<&Table> {
    page.blocks.iter().filter_map(|b| if let Block::Table(t) = b { Some(t) } else { None }).collect()
}

#[test]
fn an_infinite_cell_is_the_reason() {
    let folder = common::scratch("infinite-cells");
    let (mut endless, mut gaps) = (moved(3, 0.0), moved(4, 0.0));
    endless[4] = "inf".into();
    endless[9] = "-inf".into();
    gaps[7] = String::new();
    csv(&folder, "cohort.csv", &[("ID", ids()), ("y", texts((0..N).map(event)))]);
    let features = [
        ("ID", ids()),
        ("one", moved(1, 1.0)),
        ("two", moved(2, 0.5)),
        ("endless", endless),
        ("gaps", gaps),
        ("flat", vec!["2".into(); N]),
    ];
    csv(&folder, "features.csv", &features);
    let lines = ["open cohort.csv --outcome y", "features features.csv"];
    for step in ["lasso --rule min --folds 4", "stepwise"] {
        let mut session = common::notebook(&folder, &[&lines[..], &[step]].concat());
        let said = words(page(&session, step.split(' ').next().unwrap()));
        for reason in ["infinite in training patients", "missing in training patients"] {
            assert!(said.contains(&format!("1 feature is {reason}")), "{said}");
        }
        assert!(said.contains("takes no part: endless (2)") && said.contains("takes no part: gaps (1)"), "{said}");
        assert!(said.contains("1 feature is constant in training, and takes no part: flat"), "{said}");
        let radnote::session::Reply::Open(_, listed) = common::submit(&mut session, "browse") else { panic!() };
        let of = |name: &str| {
            let at = listed.values["feature"].as_array().unwrap().iter().position(|n| n == name).unwrap();
            listed.values["reason"][at].as_str().unwrap().to_string()
        };
        let word = step.split(' ').next().unwrap();
        assert_eq!(of("endless"), format!("{word}: infinite in 2 patients"));
        assert_eq!(of("gaps"), format!("{word}: missing in 1 patient"));
        assert_eq!(of("flat"), format!("{word}: constant"));
    }
}

/// An infinite value of a patient who took no part in the fit: no score, and no number of his role counts him.
#[test]
fn an_infinite_value_gives_no_score() {
    let folder = common::scratch("infinite-scores");
    let mut one = moved(1, 1.0);
    one[33] = "-inf".into();
    let mut again = one.clone();
    again[5] = "inf".into();
    let role = (0..N).map(|i| if i < 28 { "train" } else { "external" });
    csv(&folder, "cohort.csv", &[("ID", ids()), ("y", texts((0..N).map(event))), ("role", texts(role))]);
    csv(&folder, "features.csv", &[("ID", ids()), ("one", one), ("two", moved(2, 0.5)), ("flat", vec!["2".into(); N])]);
    csv(&folder, "again.csv", &[("ID", ids()), ("one", again), ("two", moved(2, 0.5)), ("flat", vec!["2".into(); N])]);
    let open = ["open cohort.csv --outcome y --role role", "features features.csv --reader2 again.csv"];
    let lines = [
        "stepwise --start empty --direction forward",
        "signature",
        "roc",
        "calibrate --resamples 0",
        "validate --times 4",
    ];
    let mut session = common::notebook(&folder, &[&open[..], &lines].concat());
    let signature = page(&session, "signature");
    assert!(signature.values["term"].as_array().unwrap().contains(&json!("one")), "{}", signature.values["term"]);
    assert!(words(signature).contains("without a finite value of a selected feature, not scored: P034"));
    assert!(signature.headline.contains("39 patients scored"), "{}", signature.headline);
    let rows = page(&session, "calibrate").values["rows"].as_array().unwrap();
    assert_eq!(rows[1]["n"], json!(11), "{}", rows[1]);
    for judge in ["roc", "calibrate"] {
        let said = words(page(&session, judge));
        assert!(
            said.contains("patients of external with a score of signature: 1 missing, left out"),
            "{judge}: {said}"
        );
    }
    // No ICC stands above, so readings take no part.
    assert_eq!(page(&session, "validate").values["reread"], json!({ "training": 0, "others": 0 }));
    assert!(!words(page(&session, "validate")).contains("ICC:"), "{}", words(page(&session, "validate")));
    let radnote::session::Reply::Open(_, listed) = common::submit(&mut session, "browse") else { panic!() };
    let at = |name: &str| listed.values["feature"].as_array().unwrap().iter().position(|n| n == name).unwrap();
    let left = if listed.values["kept"][at("two")] == "" { "stepwise: not chosen" } else { "" };
    assert_eq!(listed.values["reason"][at("two")], left);
    common::submit(&mut session, "icc");
    let said = words(page(&session, "icc"));
    assert!(said.contains("1 feature has no ICC (a reading is infinite) and does not stay: one"), "{said}");
    assert!(said.contains("1 feature has no ICC (constant or too few complete patients) and does not stay: flat"));
    let radnote::session::Reply::Open(_, listed) = common::submit(&mut session, "browse") else { panic!() };
    assert_eq!(listed.values["reason"][at("one")], "icc: no ICC, infinite in 2 patients");
    assert_eq!(listed.values["reason"][at("flat")], "icc: no ICC, constant");
}

#[test]
fn what_is_exact_or_infinite_is_said_so() {
    let folder = common::scratch("all-exact");
    csv(&folder, "cohort.csv", &[("ID", ids()), ("y", texts((0..N).map(event)))]);
    let features = [("ID", ids()), ("one", moved(1, 1.0)), ("two", moved(2, 0.5))];
    csv(&folder, "features.csv", &features);
    csv(&folder, "again.csv", &features);
    let lines =
        ["open cohort.csv --outcome y", "features features.csv --reader2 again.csv", "icc", "mannwhitney --below 1"];
    let session = common::notebook(&folder, &lines);
    assert!(words(page(&session, "mannwhitney")).contains("All p-values are exact."));
    assert_eq!(page(&session, "icc").values["f"], json!(["Inf", "Inf"]));
}

#[test]
fn a_number_that_does_not_rise_is_not_called_reversed() {
    let folder = common::scratch("not-rising");
    // One case far out makes the slope positive; all others lie below the controls.
    let number = (0..N).map(|i| {
        if event(i) == 0 {
            10 + i
        } else if i == 1 {
            5000
        } else {
            i % 5
        }
    });
    csv(&folder, "cohort.csv", &[("ID", ids()), ("y", texts((0..N).map(event))), ("number", texts(number))]);
    let session = common::notebook(&folder, &["open cohort.csv --outcome y", "roc number"]);
    let said = words(page(&session, "roc"));
    assert!(said.contains(
        "number in train: AUC 0.050, those with the event have the lower predicted risks though it was fitted there"
    ));
    assert!(!said.contains("other way"), "{said}");
}

#[test]
fn clinical_terms_have_labels_units_and_a_choice_behind_them() {
    let folder = common::scratch("labels");
    let stage = (0..N).map(|i| ["a", "b", "c"][if event(i) == 1 && i % 3 == 0 { 1 } else { 2 * (i % 4 / 2) }]);
    let binary = (0..N).map(|i| u8::from(i % 5 < 2 + event(i)));
    let mut age = moved(8, 1.5);
    age[3] = String::new();
    age[12] = String::new();
    let clinical = [
        ("ID", ids()),
        ("y", texts((0..N).map(event))),
        ("stage", texts(stage)),
        ("binary", texts(binary)),
        ("age", age),
    ];
    csv(&folder, "cohort.csv", &clinical);
    csv(&folder, "features.csv", &[("ID", ids()), ("one", moved(1, 1.0)), ("two", moved(2, 0.5))]);
    let open = ["open cohort.csv --outcome y", "features features.csv", "stepwise", "signature"];
    let session = common::notebook(
        &folder,
        &[&open[..], &["nomogram signature stage", "calibrate nomogram --resamples 4"]].concat(),
    );
    let apart = page(&session, "nomogram");
    let said = words(apart);
    assert!(said.contains("separated by `stage: b` in the nomogram's model") && !said.contains("stageb"), "{said}");
    assert!(apart.values["term"].as_array().unwrap().contains(&json!("stageb")));
    let titles: Vec<&str> = tables(apart).iter().map(|t| t.title.as_str()).collect();
    assert!(titles.contains(&"Points, where R's iterations stop (no estimate)"), "{titles:?}");

    let mut session =
        common::notebook(&folder, &[&open[..], &["clinical binary age --below 0.2", "nomogram"]].concat());
    let of = &page(&session, "clinical").values["univariable"]["odds_ratio_per_sd"];
    assert!(of[0].is_null() && of[1].is_number(), "{of}");
    let chose = "`clinical` chose among variables by their p";
    assert!(words(page(&session, "nomogram")).contains(chose), "{}", words(page(&session, "nomogram")));
    common::submit(&mut session, "validate --times 4 --folds 3");
    let said = words(page(&session, "validate"));
    assert!(
        said.contains("on 40 training patients") && said.contains("2 of 40 training patients lack a value"),
        "{said}"
    );

    let mut session = common::notebook(
        &folder,
        &[&open[..], &["clinical age --below 1", "nomogram signature age --fit firth"]].concat(),
    );
    assert!(!words(page(&session, "nomogram")).contains(chose));
    common::submit(&mut session, "calibrate nomogram --resamples 4");
    let said = words(page(&session, "calibrate"));
    assert!(said.contains("nothing is taken off") && !said.contains("the bootstrap repeats"), "{said}");
    common::submit(&mut session, "validate --times 4 --folds 3");
    let said = words(page(&session, "validate"));
    assert!(said.contains("on 38 of 40 training patients"), "{said}");
}

/// More groups than patients leave some empty: the test has no value, and so no degrees of freedom.
#[test]
fn a_test_without_a_value_has_no_degrees_of_freedom() {
    let folder = common::scratch("void-groups");
    let role = (0..N).map(|i| if i < 30 { "train" } else { "external" });
    let columns = [("ID", ids()), ("y", texts((0..N).map(event))), ("role", texts(role)), ("level", moved(5, 0.8))];
    csv(&folder, "cohort.csv", &columns);
    let lines = ["open cohort.csv --outcome y --role role", "calibrate level --resamples 0 --groups 20"];
    let session = common::notebook(&folder, &lines);
    let judged = page(&session, "calibrate");
    let table = tables(judged).into_iter().find(|t| t.title == "Hosmer-Lemeshow").unwrap();
    let shown: Vec<&str> = table.rows.iter().map(|r| r[1].as_str()).collect();
    for (cell, row) in shown.iter().zip(judged.values["rows"].as_array().unwrap()) {
        assert_eq!(row["hl_chi2"].is_null(), *cell == "NA", "{cell}");
    }
    assert!(shown.contains(&"NA"), "{shown:?}");
}

/// A table with images and no masks has no scans, and that is said when it is opened.
#[test]
fn half_a_scan_is_none_and_said_so() {
    let folder = common::scratch("no-masks");
    let image = (0..N).map(|i| format!("{i}.nii.gz"));
    let (y, image) = (texts((0..N).map(event)), texts(image));
    csv(&folder, "cohort.csv", &[("ID", ids()), ("y", y.clone()), ("Image", image.clone())]);
    csv(
        &folder,
        "other.csv",
        &[("ID", ids()), ("y", y.clone()), ("Image", image.clone()), ("mask_file", image.clone())],
    );
    csv(&folder, "both.csv", &[("ID", ids()), ("y", y), ("scan", image.clone()), ("roi", image)]);
    for (table, says) in [
        ("cohort.csv", "the table has no column `Mask`: without it no patient has a scan"),
        ("other.csv", "nothing to read; `mask_file` names scans: rename it"),
        ("both.csv", "no column `Image` and none `Mask`: without it"),
    ] {
        let session = common::notebook(&folder, &[&format!("open {table} --outcome y")]);
        let said = words(page(&session, "open"));
        assert!(said.contains(says), "{said}");
    }
}

/// A column of numbers with one that is written otherwise would be a factor of forty levels without a word.
#[test]
fn numbers_that_count_as_categories_are_said_to() {
    let folder = common::scratch("nearly-numbers");
    let size = |odd: &str| {
        let mut size = texts((0..N).map(|i| format!("{}.5", i % 30)));
        size[2] = odd.into();
        size[9] = "NA".into();
        size
    };
    let parts = texts((0..N).map(|i| format!("\"{},{}\"", i + 1, 100 + i)));
    let commas = texts((0..N).map(|i| format!("\"{i},5\"")));
    let mut points = commas.clone();
    points[2] = "\"1.234,5\"".into();
    let stage = texts((0..N).map(|i| ["I", "II", "3"][i % 3]));
    let columns = [("ID", ids()), ("y", texts((0..N).map(event))), ("size", size("\"5,8\"")), ("age", size("old"))];
    csv(
        &folder,
        "cohort.csv",
        &[&columns[..], &[("dose", commas), ("count", parts), ("volume", points), ("stage", stage)]].concat(),
    );
    let said = |line: &str| words(page(&common::notebook(&folder, &[line]), "open"));
    let all = said("open cohort.csv --outcome y");
    for (column, why) in [
        ("size", "`5,8` of P003 is no number: write 5.8, or say `--factor size`"),
        ("age", "`old` of P003 is no number: mend it in the table, or say `--factor age`"),
        ("dose", "`0,5` of P001 and 39 more are no numbers: write 0.5"),
        ("volume", "`1.234,5` of P003 is no number: mend it in the table"),
        ("count", "`1,100` of P001 and 39 more are no numbers: write 1.100 or, where the comma parts thousands, 1100"),
    ] {
        assert!(all.contains(&format!("the column `{column}` counts as categories, since {why}")), "{all}");
    }
    assert!(!all.contains("`stage` counts"), "{all}");
    assert!(!said("open cohort.csv --outcome y --factor size,age,dose,count,volume").contains("counts as categories"));
}

/// In the folder of the built-in cohort `demo` does not write another one into it.
#[test]
fn the_built_in_cohort_is_not_written_into_itself() {
    let folder = common::demo();
    let mut session = Session::new(folder, &common::cache());
    let error = session.submit("demo", &Task::default()).unwrap_err();
    assert!(!folder.join("radnote-demo").exists(), "{error}");
    assert_eq!(radnote::session::complete::mended("demo", &error).as_deref(), Some("demo ."), "{error}");
}

/// Where no penalty keeps a feature, the advice is not to take the other rule.
#[test]
fn an_empty_model_at_both_penalties_has_no_other_rule() {
    let folder = common::scratch("empty-at-both");
    csv(&folder, "cohort.csv", &[("ID", ids()), ("y", texts((0..N).map(event)))]);
    let weak = |seed| moved(seed, 0.0);
    csv(&folder, "features.csv", &[("ID", ids()), ("one", weak(21)), ("two", weak(22)), ("three", weak(23))]);
    let session = common::notebook(
        &folder,
        &["open cohort.csv --outcome y", "features features.csv", "lasso --rule 1se --folds 5"],
    );
    let lasso = page(&session, "lasso");
    let caution = lasso.cautions.iter().find(|c| c.to_string().contains("empty model")).unwrap();
    let text = words(lasso);
    assert!(caution.advice().starts_with("report it"), "{} {text}", caution.advice());
}
