//! What a line is refused for, and what it says of itself, on a cohort of forty patients.

use radnote::session::Session;
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
    let between = |(i, low): (usize, &f64)| risks[i + 1..].iter().any(|high| ((low + high) / 2.0 - threshold).abs() < 1e-14);
    assert!(risks.iter().enumerate().any(between), "{threshold}");
}

#[test]
fn a_cohort_of_one_outcome_has_no_decision_curve() {
    let session = opened("onesided", &["decision age"]);
    let values = common::values(&session, "decision");
    assert!(values.contains_key("training") && !values.contains_key("external"));
    assert!(cautions(&session).contains("all without the event, so nothing can be told apart"), "{}", cautions(&session));
}
