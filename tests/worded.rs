//! Sentences and cells that a statistician would take at their word.

use radnote::page::{Block, Page};
use radnote::stats::{calibration, t_test};
use radnote::task::Task;

use crate::common::{self, page, words};
use crate::stated::csv;

fn texts<T: ToString>(values: impl IntoIterator<Item = T>) -> Vec<String> {
    values.into_iter().map(|v| v.to_string()).collect()
}

fn ids(n: usize) -> Vec<String> {
    (1..=n).map(|i| format!("P{i:03}")).collect()
}

/// The cells of the row that begins with this word.
fn row<'a>(page: &'a Page, head: &str) -> &'a [String] {
    let tables = page.blocks.iter().filter_map(|b| if let Block::Table(t) = b { Some(t) } else { None });
    let mut rows = tables.flat_map(|t| &t.rows);
    rows.find(|r| r.iter().any(|cell| cell == head)).unwrap_or_else(|| panic!("no row {head}"))
}

/// R 4.2.2: t.test(5.1, c(1.2, 2.3, 3.1, 2.8), var.equal = TRUE).
#[test]
fn a_group_of_one_adds_no_variance_to_students_t() {
    let test = t_test::student(&[5.1], &[1.2, 2.3, 3.1, 2.8], 0.95);
    let r = [2.9468984587725084, 3.0, 0.060174723561854264, -0.21980960218616166, 5.719809602186161];
    for (ours, r) in [test.t, test.df, test.p, test.lower, test.upper].into_iter().zip(r) {
        assert!((ours - r).abs() < 1e-14 * r.abs().max(1.0), "{ours} {r}");
    }
    assert!(t_test::student(&[5.1], &[1.2], 0.95).p.is_nan() && t_test::student(&[], &[1.2, 3.0], 0.95).p.is_nan());
    assert!(t_test::welch(&[5.1], &[1.2, 2.3, 3.1], 0.95).p.is_nan(), "R: not enough observations");
}

/// 30 patients who train and 12 all with the event; `grade` has a level only among those without `gap`.
fn cohort(name: &str) -> std::path::PathBuf {
    const N: usize = 42;
    let folder = common::scratch(name);
    let event = |i: usize| usize::from(i >= 30 || i.is_multiple_of(3));
    let grade = |i: usize| if i < 6 { "g1" } else { ["g2", "g3"][usize::from(i.is_multiple_of(3) || i % 4 == 1)] };
    let role = |i: usize| if i < 30 { "train" } else { "external" };
    let columns = [
        ("ID", ids(N)),
        ("y", texts((0..N).map(event))),
        ("role", texts((0..N).map(role))),
        ("grade", texts((0..N).map(grade))),
        ("gap", texts((0..N).map(|i| if i < 6 { String::new() } else { format!("{}", (i * 7) % 11) }))),
        ("flat", vec!["3".into(); N]),
        ("two", texts((0..N).map(|i| ["a", "b"][i / 2 % 2]))),
        ("absent", texts((0..N).map(|i| if i < 30 { format!("{}", (i * 5) % 13) } else { String::new() }))),
    ];
    csv(&folder, "cohort.csv", &columns);
    folder
}

/// `save` keeps a notebook; who wants a figure or its points is told by what they are written.
#[test]
fn save_says_by_what_a_figure_is_written() {
    let mut session = common::notebook(&cohort("worded-save"), &[OPEN]);
    let mut said = |line: &str| {
        let error = session.submit(line, &Task::default()).unwrap_err();
        format!("{error}; {}", error.remedy())
    };
    let bare = said("save");
    assert!(bare.contains("`save NAME.rad`") && bare.contains("`figures NUMBER --save NAME.svg`"), "{bare}");
    for file in ["roc.svg", "roc.csv"] {
        let text = said(&format!("save {file}"));
        assert!(text.contains(&format!("`figures NUMBER --save {file}`")), "{text}");
    }
}

const OPEN: &str = "open cohort.csv --outcome y --role role";

#[test]
fn a_reference_that_missing_values_took_away_is_not_named() {
    let session = common::notebook(&cohort("reference"), &[OPEN, "clinical grade gap --below 1"]);
    let clinical = page(&session, "clinical");
    assert_eq!(clinical.values["reference"]["grade"], "g1");
    assert_eq!(clinical.values["reference_together"]["grade"], "g2");
    let said = words(clinical);
    assert!(said.contains("Together the reference is grade = g2: none of the 24 patients"), "{said}");
    assert!(
        said.contains("none of the 24 training patients that the multivariable model is fitted on has grade = g1"),
        "{said}"
    );
}

#[test]
fn where_no_test_can_be_made_none_is_named() {
    let session = common::notebook(&cohort("no-test"), &[OPEN, "table1 grade gap flat"]);
    let table = page(&session, "table1");
    let tests: Vec<(&str, &str, &str)> = table.values["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| (r["role"].as_str().unwrap(), r["variable"].as_str().unwrap(), r["test"].as_str().unwrap()))
        .collect();
    for (role, variable, test) in tests {
        match (role, variable) {
            ("external", _) => assert_eq!(test, "none: one group", "{variable}"),
            (_, "flat") => assert_eq!(test, "none: one level"),
            _ => assert!(!test.starts_with("none"), "{variable}: {test}"),
        }
    }
    assert!(row(table, "none: one group").iter().any(|cell| cell == "NA"));
}

#[test]
fn a_role_without_a_score_is_no_role_of_one_outcome() {
    let lines = [OPEN, "nomogram absent", "roc", "calibrate --resamples 0", "decision"];
    let session = common::notebook(&cohort("nobody"), &lines);
    for view in ["roc", "calibrate", "decision"] {
        let said = words(page(&session, view));
        assert!(said.contains("no patient of external has a score of every model: it is left out"), "{view}: {said}");
        assert!(!said.contains("external has 0 patients"), "{view}: {said}");
    }
}

#[test]
fn what_a_cohort_carries_is_by_the_criteria_that_count_parameters() {
    let folder = cohort("carried");
    let said = words(page(&common::notebook(&folder, &[OPEN]), "open"));
    assert!(
        said.contains("by Riley's criteria of shrinkage and optimism; the event's share is known to 0.05 from"),
        "{said}"
    );
    let session = common::notebook(&folder, &[OPEN, "samplesize --parameters 1 --r2 0.6"]);
    let page = page(&session, "samplesize");
    assert!(page.headline.ends_with("for 1 parameter"), "{}", page.headline);
    let (needed, most) = (&page.values["needed"], page.values["most_parameters"].as_u64().unwrap());
    assert!(needed.as_f64().unwrap() > 30.0 && most > 0, "{needed} {most}");
}

#[test]
fn ids_of_a_second_reader_that_are_nobodys_are_named_and_so_are_few_readings() {
    let folder = cohort("strangers");
    let values = |n: usize, by: f64| texts((0..n).map(|i| (i * 37 % 17) as f64 + by * (i % 3) as f64));
    csv(&folder, "f.csv", &[("ID", ids(42)), ("one", values(42, 0.0)), ("other", values(42, 1.0))]);
    let few: Vec<String> = ids(5).into_iter().chain(["ZZZ".into()]).collect();
    csv(&folder, "second.csv", &[("ID", few), ("one", values(6, 0.1)), ("other", values(6, 1.1))]);
    let session = common::notebook(&folder, &[OPEN, "features f.csv --reader2 second.csv", "icc"]);
    let said = words(page(&session, "features"));
    assert!(said.contains("1 id is in second.csv but not in the cohort: ZZZ"), "{said}");
    let said = words(page(&session, "icc"));
    assert!(said.contains("2 features stay on the word of under 10 patients whom all readers read"), "{said}");
}

#[test]
fn a_column_of_two_folds_is_refused_by_its_own_name() {
    let folder = cohort("two-folds");
    csv(&folder, "f.csv", &[("ID", ids(42)), ("one", texts(0..42)), ("other", texts((0..42).map(|i| i * 31 % 43)))]);
    let mut session = common::notebook(&folder, &[OPEN, "features f.csv"]);
    let error = session.submit("lasso --folds two", &Task::default()).unwrap_err().advised();
    assert!(error.contains("`--folds` cannot be `two`: its training patients are in 2 folds"), "{error}");
}

/// A category that is balanced leaves every patient the same risk but for rounding, and a line through that would be of 1e13.
#[test]
fn equal_predictions_have_no_slope() {
    let outcome: Vec<bool> = (0..30).map(|i| i % 3 == 0).collect();
    let line = |apart: f64| {
        let p: Vec<f64> = (0..30).map(|i| 0.3 * (1.0 + apart * f64::from(i % 2))).collect();
        calibration::recalibrate(&p, &outcome).unwrap()
    };
    for apart in [0.0, 1e-15, 1e-12] {
        assert!(line(apart).slope.is_nan() && line(apart).large.is_finite(), "{apart}");
    }
    assert!(line(1e-3).slope.is_finite());
}

/// A table of features that was exported has the outcome beside them; as a feature it would choose itself.
#[test]
fn the_outcome_in_a_table_of_features_is_none() {
    let folder = cohort("leak");
    let y = texts((0..42).map(|i| usize::from(i >= 30 || i % 3 == 0)));
    csv(
        &folder,
        "f.csv",
        &[("ID", ids(42)), ("y", y), ("one", texts((0..42).map(|i| i * 29 % 43))), ("other", texts(0..42))],
    );
    let session = common::notebook(&folder, &[OPEN, "features f.csv"]);
    let features = page(&session, "features");
    assert_eq!(features.values["feature"], serde_json::json!(["one", "other"]));
    let said = words(features);
    assert!(said.contains("1 column is the outcome or the role of the cohort and not taken: y"), "{said}");
}
