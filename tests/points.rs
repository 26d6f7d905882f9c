//! The points of figures as CSV: values as they are read off the axes, each with what it is of.

use radnote::page::Block;
use radnote::plots::{self, Cohort, Effect};
use radnote::render::points::csv;

#[test]
fn a_forest_gives_odds_ratios_by_name_with_infinite_limits() {
    let effect = |name: &str, estimate, lower, upper| Effect { name: name.into(), estimate, lower, upper };
    let effects =
        [effect("margin: well", 0.5_f64.ln(), f64::NEG_INFINITY, 2_f64.ln()), effect("age", 0.0, -1.0, f64::INFINITY)];
    let plot = Block::Plot(plots::forest("f", &effects));
    let lower = (-1.0_f64).exp();
    let wanted = format!(
        "1,f,odds ratio,,odds ratio,dots,margin: well,0.5,,0,2,\n\
         1,f,odds ratio,,odds ratio,dots,age,1,,{lower},Inf,\n\
         1,f,odds ratio,,,vertical,,1,,,,\n"
    );
    let lines = csv(&[&plot]);
    assert_eq!(lines.split_once('\n').map(|(_, rows)| rows), Some(&*wanted));
}

#[test]
fn a_box_names_its_cohort() {
    let values = [1.0, 2.0, 3.0, 4.0, 30.0].map(|v| (v, true)).to_vec();
    let cohort = Cohort { name: "external".into(), values, p: f64::NAN };
    let lines = csv(&[&Block::Plot(plots::boxes("b", "value", &[cohort]))]);
    assert!(lines.contains("1,b,,value,with event,box,external,,3,,,median\n"), "{lines}");
    assert!(lines.contains("1,b,,value,with event,box,external,,30,,,beyond\n"), "{lines}");
}

#[test]
fn a_bar_names_its_patient_or_feature() {
    let bars = plots::signature_bars("train", &[("P2", 0.5, true), ("P1", -0.25, false)]);
    let lines = csv(&[&Block::Plot(bars), &Block::Plot(plots::selection_frequency(&[("mean", 0.75)]))]);
    assert!(lines.contains(",without event,bar,P1,1,-0.25,,,\n"), "{lines}");
    assert!(lines.contains(",with event,bar,P2,2,0.5,,,\n"), "{lines}");
    assert!(lines.contains(",chosen,bar,mean,1,0.75,,,\n"), "{lines}");
}

#[test]
fn a_risk_that_scatters_names_its_patient() {
    let ids = ["P1", "P2", "P3"].map(String::from);
    // P2 was in no fit that has a risk: it is not drawn, and the others keep their names.
    let limits = [(0.125, 0.5), (f64::NAN, f64::NAN), (0.625, 0.875)];
    let lines = csv(&[&Block::Plot(plots::instability(&ids, &[0.25, 0.5, 0.75], &limits))]);
    let of = |line: &'static str| lines.lines().filter(|l| l.ends_with(line)).count();
    assert_eq!((of(",patients,dots,P1,0.25,0.25,0.125,0.5,"), of(",patients,dots,P3,0.75,0.75,0.625,0.875,")), (1, 1));
    assert!(!lines.contains("P2"), "{lines}");
}
