//! What judges a model judges that model: none that was fitted to it again, or that the notebook does not hold.

use std::path::Path;

use radnote::error::Error;
use radnote::session::Session;
use radnote::stats::{calibration, logistic};
use radnote::task::Task;

use crate::common::{self, page, words};
use crate::oracles::chain::notebook;

fn on_chain(name: &str, lines: &[&str]) -> Session {
    notebook(Path::new("tests/oracles"), name, lines)
}

fn refused(session: &mut Session, line: &str) -> Error {
    session.submit(line, &Task::default()).err().unwrap_or_else(|| panic!("`{line}` ran"))
}

fn auc(session: &Session, model: &str) -> f64 {
    let rows = page(session, "roc").values["rows"].as_array().unwrap();
    let row = rows.iter().find(|r| r["model"] == model && r["role"] == "training").unwrap();
    row["auc"].as_f64().unwrap()
}

/// The penalty, the folds and the step of the signature are the notebook's own in every resample.
#[test]
fn validation_repeats_the_notebook() {
    let lasso = "lasso --rule min --lambda 0.08 --stratified yes --folds 5";
    for (name, lines) in [
        ("lambda", [lasso, "signature --from lasso", "roc", "validate --times 3"]),
        ("lambda-then-search", [lasso, "signature --from stepwise", "roc", "validate --times 3"]),
    ] {
        let session = on_chain(name, &lines);
        let apparent = page(&session, "validate").values["apparent"]["auc"].as_f64().unwrap();
        assert!((apparent - auc(&session, "signature")).abs() < 1e-9, "{name}: {apparent}");
    }
}

/// So are the fit of each step, the test of the screen and the choice of the clinical variables.
#[test]
fn validation_repeats_fits_and_choices() {
    let chosen = "clinical margin grade site hand --below 0.3";
    for (name, model, lines) in [
        ("firth", "nomogram", ["nomogram signature margin grade --fit firth", "roc", "validate --times 5"].as_slice()),
        (
            "welch",
            "signature",
            &["mannwhitney --test welch --below 0.2", "stepwise --fit firth", "signature", "roc", "validate --times 5"],
        ),
        ("chosen", "nomogram", &[chosen, "nomogram", "roc", "validate --times 5"]),
        (
            "both",
            "nomogram",
            &[
                &format!("{chosen} --fit firth"),
                "nomogram --fit firth",
                "roc",
                "validate --method cv --folds 5 --times 1",
            ],
        ),
    ] {
        let session = on_chain(&format!("repeats-{name}"), lines);
        let page = page(&session, "validate");
        if let Some(apparent) = page.values.get("apparent") {
            let apparent = apparent["auc"].as_f64().unwrap();
            assert!((apparent - auc(&session, model)).abs() < 1e-9, "{name}: {apparent}");
        }
        let repeats = lines[0].starts_with("clinical");
        assert_eq!(page.values.contains_key("entered"), repeats, "{name}");
        assert_eq!(words(page).contains("taken as named"), name == "firth", "{name}: {}", words(page));
        assert_eq!(words(page).contains("Firth's penalised"), name == "firth" || name == "both", "{}", words(page));
    }
    // Of many resamples a variable is in some and not in others.
    let session = on_chain("repeats-many", &[chosen, "nomogram", "validate --times 60"]);
    let entered = &page(&session, "validate").values["entered"];
    let some = |n: &serde_json::Value| (1..60).contains(&n.as_u64().unwrap());
    assert!(entered.as_array().unwrap().iter().any(some), "{entered}");
}

/// A score that was not fitted by maximum likelihood is judged as it stands, and the page says so.
#[test]
fn a_score_that_stands_is_not_fitted_again() {
    let lasso = on_chain("lasso", &["lasso --rule min", "signature --from lasso", "calibrate"]);
    let judged = page(&lasso, "calibrate");
    assert!(!judged.values.contains_key("validated") && !judged.values.contains_key("corrected"));
    assert!(words(judged).contains("judged as it stands, and `validate` repeats the lasso"), "{}", words(judged));

    let mut loaded = on_chain("loaded", &[]);
    common::submit(&mut loaded, "export signature.toml");
    common::submit(&mut loaded, "signature load signature.toml");
    for line in ["calibrate", "roc", "decision"] {
        common::submit(&mut loaded, line);
        let said = words(page(&loaded, line));
        assert!(!said.contains("these patients") || line == "calibrate", "{line}: {said}");
        assert!(!said.contains("optimistic"), "{line}: {said}");
    }
    assert!(!page(&loaded, "calibrate").values.contains_key("validated"));
    assert!(!words(page(&loaded, "signature")).contains("candidate features"));
    let error = refused(&mut loaded, "validate --times 2");
    assert!(error.to_string().contains("made here"), "{error}");
}

/// A level that no training patient has is neither on the nomogram nor counted as a column, and is named.
#[test]
fn a_level_out_of_training_is_unknown() {
    let mut session = on_chain("level", &["nomogram signature site hand"]);
    let made = page(&session, "nomogram");
    let labels = made.values["points"]["value"].as_array().unwrap();
    assert!(labels.iter().any(|l| l == "west") && labels.iter().all(|l| l != "north" && l != "both"), "{labels:?}");
    let said = words(made);
    assert!(
        said.contains("the nomogram's model is fitted on has site = north") && said.contains("hand = both"),
        "{said}"
    );
    assert!(!said.contains("linearly"), "{said}");
    let error = refused(&mut session, "predict signature=0 site=north hand=left");
    assert!(error.to_string().contains("no patient that the model was fitted on has this level"), "{error}");
    let nomogram = session.study().models().last().unwrap();
    assert_eq!(nomogram.linear.iter().filter(|l| l.is_nan()).count(), 5);
}

/// Tests that have no value on few patients say why, and are not asked for more groups than there are patients.
#[test]
fn a_test_without_value_says_why() {
    let mut session = on_chain("groups", &["calibrate signature --groups 60 --resamples 0"]);
    let said = words(page(&session, "calibrate"));
    assert!(
        said.contains("are empty or have none expected, and the Hosmer-Lemeshow")
            && said.contains("take fewer `--groups`"),
        "{said}"
    );
    for groups in ["0", "2", "1000"] {
        let error = refused(&mut session, &format!("calibrate signature --groups {groups}"));
        assert!(error.to_string().contains("--groups"), "{error}");
    }
    common::submit(&mut session, "validate --method cv --folds 85 --times 1 --model signature");
    let held_out = page(&session, "validate");
    assert!(words(held_out).contains("take fewer `--folds`"), "{}", words(held_out));
    assert!(held_out.values["mape"].is_null(), "{}", held_out.values["mape"]);
    assert_eq!(held_out.values["held_out_of"]["auc"], 0);
}

/// An intercept near 0 beside predictors far from it is no separation.
#[test]
fn a_strong_prediction_keeps_its_line() {
    let x: Vec<f64> = (-30..=30).map(f64::from).collect();
    let outcome: Vec<bool> = x.iter().map(|x| (*x > 0.0) != [-2.0, 3.0].contains(x)).collect();
    let column = ndarray::Array2::from_shape_vec((x.len(), 1), x).unwrap();
    let fit = logistic::fit(column.view(), &outcome, logistic::Options::SETTLED).unwrap();
    assert!(fit.linear.iter().any(|l| l.abs() > 15.0));
    let line = calibration::recalibrate(&fit.fitted, &outcome).unwrap();
    assert!(!line.separated && (line.slope - 1.0).abs() < 1e-6, "{line:?}");
    let told: Vec<bool> = fit.linear.iter().map(|l| *l > 0.0).collect();
    let line = calibration::recalibrate(&fit.fitted, &told).unwrap();
    assert!(line.separated && line.slope.is_nan(), "{line:?}");
}
