//! What a line is refused for, and what it says of itself, on a cohort of forty patients.

use ndarray::Array2;
use radnote::session::{Session, complete};
use radnote::stats::nomogram;
use radnote::task::Task;

use crate::commands::{cautions, small};
use crate::common;

/// Forty patients with features, of `cohort.csv` with its fourth in a role of their own, all without the event there.
fn opened(name: &str, lines: &[&str]) -> Session {
    let folder = small(name);
    let table = std::fs::read_to_string(folder.join("cohort.csv")).unwrap();
    let role = |(i, line): (usize, &str)| match (i, line.split(',').nth(1)) {
        (0, _) => format!("{line},role\n"),
        (i, Some("0")) if i % 4 == 0 => format!("{line},external\n"),
        _ => format!("{line},training\n"),
    };
    std::fs::write(folder.join("roles.csv"), table.lines().enumerate().map(role).collect::<String>()).unwrap();
    let above = ["open roles.csv --outcome event --role role", "features features.csv"];
    common::notebook(&folder, &above.into_iter().chain(lines.iter().copied()).collect::<Vec<_>>())
}

/// The midpoint of two neighbouring probabilities, not of two linear predictors: pROC's on the scale that is printed.
#[test]
fn a_threshold_is_chosen_on_the_scale_it_is_printed_on() {
    let session = opened("threshold", &["nomogram age", "roc nomogram"]);
    let coef = &common::values(&session, "nomogram")["coef"];
    let (a, b) = (coef[0].as_f64().unwrap(), coef[1].as_f64().unwrap());
    let mut risks: Vec<f64> = (20..90).map(|age| 1.0 / (1.0 + (-(a + b * f64::from(age))).exp())).collect();
    risks.sort_by(f64::total_cmp);
    let threshold = common::values(&session, "roc")["rows"][0]["threshold"].as_f64().unwrap();
    let between =
        |(i, low): (usize, &f64)| risks[i + 1..].iter().any(|high| ((low + high) / 2.0 - threshold).abs() < 1e-14);
    assert!(risks.iter().enumerate().any(between), "{threshold}");
}

#[test]
fn a_cohort_of_one_outcome_has_no_decision_curve() {
    let session = opened("onesided", &["decision age"]);
    let values = common::values(&session, "decision");
    assert!(values.contains_key("training") && !values.contains_key("external"));
    assert!(
        cautions(&session).contains("all without the event, so nothing can be told apart"),
        "{}",
        cautions(&session)
    );
}

/// The sentence and remedy with which a line is refused below these.
fn refused(session: &mut Session, line: &str) -> String {
    let error = session.submit(line, &Task::default()).err().unwrap_or_else(|| panic!("`{line}` was accepted"));
    let remedy = error.remedy();
    if remedy.is_empty() { error.to_string() } else { format!("{error}; {remedy}") }
}

fn refusals(session: &mut Session, lines: &[(&str, &str)]) {
    for (line, says) in lines {
        assert_eq!(refused(session, line), *says, "`{line}`");
    }
}

#[test]
fn a_number_without_a_meaning_is_refused() {
    let session = &mut opened("meaning", &["nomogram age"]);
    refusals(
        session,
        &[
            ("icc --above 2", "`--above` cannot be `2`: give a number from -1 to 1"),
            ("icc --above -9", "`--above` cannot be `-9`: give a number from -1 to 1"),
            ("mannwhitney --below 2", "`--below` cannot be `2`: give a number from 0 to 1"),
            ("clinical --below -1", "`--below` cannot be `-1`: give a number from 0 to 1"),
            ("clinical --below 2", "`--below` cannot be `2`: give a number from 0 to 1"),
            ("decision --from -1", "`--from` cannot be `-1`: give a number from 0 to 0.99"),
            ("decision --to 1", "`--to` cannot be `1`: give a number from 0 to 0.99"),
            ("decision --to 0.999", "`--to` cannot be `0.999`: give a number from 0 to 0.99"),
            ("decision --resamples 1", "`--resamples` cannot be `1`: give 2 or more"),
            (
                "calibrate --resamples 1",
                "`--resamples` cannot be `1`: one resample has no interval; give 2 or more, or 0 for none",
            ),
            ("roc --ci bootstrap --resamples 1", "`--resamples` cannot be `1`: give 2 or more"),
        ],
    );
    for line in ["mannwhitney --below 1", "clinical --below 0", "decision --from 0 --to 0.99 --resamples 2"] {
        common::submit(session, line);
    }
}

#[test]
fn a_flag_without_effect_is_refused() {
    let session = &mut opened("idle", &["nomogram age"]);
    let column = "the folds are given in a column and not drawn; leave it out";
    let drawn = "DeLong's interval draws nothing; add `--ci bootstrap`";
    for (line, flag, why) in [
        ("lasso --folds fold --stratified yes", "stratified", column),
        ("lasso --folds fold --seed 4", "seed", column),
        ("roc --resamples 100", "resamples", drawn),
        ("roc --ci delong --resamples 100", "resamples", drawn),
        ("roc --ci delong --seed 3", "seed", drawn),
        ("calibrate --resamples 0 --seed 2", "seed", "nothing is drawn with `--resamples 0`"),
        ("decision --seed 3", "seed", "nothing is drawn without `--resamples`"),
    ] {
        assert_eq!(refused(session, line), format!("`--{flag}` has no effect here: {why}"), "`{line}`");
    }
    for (line, flag) in [
        ("stepwise --direction forward --start full", "start full"),
        ("stepwise --direction backward --start empty", "start empty"),
        ("lasso --solver accurate --thresh 1e-7", "thresh"),
    ] {
        let said = refused(session, line);
        assert!(said.starts_with(&format!("`--{flag}` has no effect here: ")), "{said}");
    }
    // What a kept line spells out is not given.
    common::submit(session, "stepwise --direction forward --start usual");
    common::submit(session, "lasso --folds fold --seed 1 --stratified no --rule min");
}

#[test]
fn a_term_is_named_once_and_means_one_thing() {
    let session = &mut opened("terms", &["lasso --lambda 0.01 --folds 5", "signature", "clinical age --below 1"]);
    for line in [
        "nomogram signature signature",
        "roc age age",
        "reclassify age age",
        "clinical age grade age",
        "table1 age age",
    ] {
        assert!(refused(session, line).ends_with("it is named twice; name it once"), "{}", refused(session, line));
    }
    let said = refused(session, "nomogram clinical age");
    assert!(
        said.starts_with("a term cannot be `age`: in the training patients it follows from the terms before it"),
        "{said}"
    );

    let folder = small("meanings");
    let table = std::fs::read_to_string(folder.join("cohort.csv")).unwrap().replacen("age", "signature", 1);
    std::fs::write(folder.join("cohort.csv"), table).unwrap();
    let above =
        ["open cohort.csv --outcome event", "features features.csv", "lasso --lambda 0.01 --folds 5", "signature"];
    let session = &mut common::notebook(&folder, &above);
    let opened = session.entries()[0].result.as_ref().unwrap();
    let said: Vec<String> = opened.cautions.iter().map(ToString::to_string).collect();
    assert!(said.iter().any(|c| c.contains("the column `signature` will have the name of the model")), "{said:?}");
    let says = "a term cannot be `signature`: it is a model here and a clinical variable too; \
                give the column of the table another name";
    let lines =
        ["nomogram signature grade", "roc signature", "calibrate signature", "table1 signature", "clinical signature"];
    refusals(session, &lines.map(|line| (line, says)));
}

#[test]
fn what_is_at_fault_is_named() {
    let session = &mut opened("fault", &["nomogram age"]);
    refusals(
        session,
        &[
            (
                "lasso --folds 2",
                "the number of folds cannot be `2`: cross-validation wants 3 folds or more, as cv.glmnet",
            ),
            (
                "lasso --folds 90",
                "the number of folds cannot be `90`: there are 32 training patients; give 32 folds or fewer",
            ),
            (
                "clinical age --ignore age",
                "`--ignore` cannot be `age`: `age` is named to be tried; name it in one place",
            ),
            (
                "clinical --ignore age,grade,fold",
                "`--ignore` cannot be `age,grade,fold`: it leaves no variable to try; name fewer",
            ),
            (
                "clinical role",
                "a model or clinical variable cannot be `role`: it is the column of the roles; name another",
            ),
            (
                "clinical event",
                "a model or clinical variable cannot be `event`: it is the column of the outcome; name another",
            ),
            ("roc nomodel", "there is no model or clinical variable `nomodel`; there are: age, nomogram, grade, fold"),
        ],
    );
    common::submit(session, "mannwhitney --below 1");
    common::submit(session, "lasso --rule min");
    let said = refused(session, "validate --method cv --folds 100 --times 1 --model signature");
    assert_eq!(said, "the number of folds cannot be `100`: there are 32 training patients; give 2 folds to 32");
}

#[test]
fn a_copy_does_not_stay_in_silence() {
    let folder = small("copies");
    let table = std::fs::read_to_string(folder.join("features.csv")).unwrap();
    let doubled =
        |(i, line): (usize, &str)| format!("{line},{}\n", if i == 0 { "f9" } else { line.split(',').nth(1).unwrap() });
    std::fs::write(folder.join("doubled.csv"), table.lines().enumerate().map(doubled).collect::<String>()).unwrap();
    let above = ["open cohort.csv --outcome event", "features doubled.csv", "stepwise --start full"];
    let session = common::notebook(&folder, &above);
    let page = |command: &str| {
        let entry = session.entries().iter().find(|e| e.line.split(' ').next() == Some(command)).unwrap();
        entry.result.as_ref().unwrap().clone()
    };
    let said = format!("{:?}", page("stepwise").blocks);
    assert!(said.contains("Left before anything else was tried, as in R: `f9`, which depends linearly"), "{said}");
    assert!(!page("stepwise").values["selected"].to_string().contains("f9"));
    assert!(page("stepwise").values["coef"].as_array().unwrap().iter().all(|b| b.is_number()));
}

#[test]
fn lasso_says_what_glmnet_warns_of() {
    let mut session = opened("warnings", &[]);
    let mut said = |line: &str| {
        common::submit(&mut session, line);
        cautions(&session)
    };
    assert!(said("lasso --rule min --folds 14").contains("under 3 patients a fold: the loss and its standard error"));
    assert!(!said("lasso --rule min --folds 5").contains("patients a fold"));
    let chosen = said("lasso --rule min --folds 5 --lambda 99");
    assert!(chosen.contains("the model at the penalty asked for is empty: no feature is chosen"), "{chosen}");
    assert!(chosen.contains("`--rule` chooses nothing beside `--lambda`"), "{chosen}");
    let page = session.entries().last().unwrap().result.as_ref().unwrap();
    assert!(page.cautions.iter().any(|c| c.advice().contains("give a smaller `--lambda`")));

    let folder = small("rare");
    let table = std::fs::read_to_string(folder.join("cohort.csv")).unwrap();
    let trains = |(i, line): (usize, &str)| match (i, line.split(',').nth(1)) {
        (0, _) => format!("{line},role\n"),
        (i, Some("0")) if i > 14 => format!("{line},external\n"),
        _ => format!("{line},training\n"),
    };
    std::fs::write(folder.join("rare.csv"), table.lines().enumerate().map(trains).collect::<String>()).unwrap();
    let above = ["open rare.csv --outcome event --role role", "features features.csv", "lasso --rule min --folds 5"];
    let session = common::notebook(&folder, &above);
    assert!(
        cautions(&session).contains("6 training patients without the event: under 8 in a class"),
        "{}",
        cautions(&session)
    );
}

#[test]
fn numbers_are_written_for_a_reader() {
    let labels = |training: &[f64]| -> Vec<String> {
        let x = Array2::from_shape_vec((training.len(), 1), training.to_vec()).unwrap();
        let kind = nomogram::Kind::Numeric { column: 0, training: training.to_vec() };
        let figure = nomogram::nomogram(&[0.1, 0.7], &[nomogram::Variable { name: "x".into(), kind }], x.view());
        figure.axes[0].ticks.iter().map(|t| t.label.clone()).collect()
    };
    assert_eq!(labels(&[-38.177_896_937_71, 0.0, 1.0 / 3.0, 12_345.67]), ["-38.18", "0", "0.3333", "12346"]);
    assert_eq!(labels(&[2.0, 2.0001, 7.0]), ["2", "2.0001", "7"]);
    let lines = [
        "lasso --lambda 0.01 --folds 5",
        "signature",
        "clinical age --below 1",
        "nomogram signature",
        "roc age --partial 0.8-1 --pr yes",
    ];
    let mut session = opened("written", &lines);
    let row = common::values(&session, "roc")["rows"][0].clone();
    let clinical = common::values(&session, "clinical").clone();
    assert!(["partial", "partial_corrected", "average_precision"].iter().all(|k| row[k].is_number()), "{row}");
    assert!(clinical["univariable"]["n"] == serde_json::json!([32]) && clinical["n"] == 32);
    for values in [&clinical["univariable"]["lower"], &clinical["lower"], &clinical["upper"]] {
        assert!(values.as_array().unwrap().iter().all(|v| v.is_number()), "{values}");
    }
    common::submit(&mut session, "predict signature=90");
    let said = cautions(&session);
    assert!(said.contains("signature 90 lies outside"), "{said}");
    assert!(said.split(|c: char| !c.is_ascii_digit()).all(|digits| digits.len() < 6), "{said}");
}

/// Too few features are no lack of patients: the step above that let too few through is named, and how it is loosened.
#[test]
fn a_step_without_features_names_the_one_that_kept_too_few() {
    let session = &mut opened("few", &["mannwhitney --below 0"]);
    let error = session.submit("lasso", &Task::default()).unwrap_err();
    assert!(error.to_string().contains("`lasso` needs at least 2 features, and `mannwhitney` kept 0 of "), "{error}");
    assert_eq!(complete::mended("lasso", &error).as_deref(), Some("tune mannwhitney"));
    assert!(!error.remedy().contains("patients"), "{}", error.remedy());
}
