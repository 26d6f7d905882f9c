//! The whole pipeline in 200 resamples of 82 patients x 1967 features: `cargo bench --bench pipeline [-- RESAMPLES]`.
//!
//! Pure noise from R's stream and a table in which some features carry the outcome, with and without the search by AIC.
//! `cargo bench --bench pipeline -- RESAMPLES COHORTS` instead tells what each estimator says of many tables of pure noise.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::time::Instant;

use ndarray::{Array2, ShapeBuilder};
use radnote::num::rng::Rng;
use radnote::num::summary;
use radnote::stats::icc::Form;
use radnote::stats::lasso::{self, Loss, Solver};
use radnote::stats::p_adjust::Method;
use radnote::stats::pipeline::{
    Agreement, Data, Penalised, Plan, Rule, Screen, Search, bootstrap, cross_validate, fit, naive,
};
use radnote::stats::stepwise::{Criterion, Direction};
use radnote::stats::two_sample::Test;
use radnote::task::Task;

const PATIENTS: usize = 82;
const FEATURES: usize = 1967;
const READ_TWICE: usize = 30;

fn main() {
    let given: Vec<usize> = std::env::args().skip(1).filter_map(|a| a.parse().ok()).collect();
    let times = given.first().copied().unwrap_or(200);
    if let Some(cohorts) = given.get(1) {
        return noise(times, *cohorts);
    }
    let outcome: Vec<bool> = (0..PATIENTS).map(|i| i < 35).collect();
    for (what, shift) in [("noise", 0.0), ("signal", 0.9)] {
        let (features, second) = simulate(&outcome, shift, 1);
        let data = Data {
            features: features.view(),
            readers: std::slice::from_ref(&second),
            outcome: &outcome,
            clinical: &[],
        };
        for rule in [Rule::OneSe, Rule::Min] {
            for stepwise in
                [None, Some(Search { direction: Direction::Both, criterion: Criterion::Aic, full: true, firth: false })]
            {
                let plan = plan(rule, stepwise);
                let all: Vec<usize> = (0..PATIENTS).collect();
                let (once, whole) = timed(|| fit(&plan, &data, &all, &Task::default()).unwrap());
                let (seconds, b) = timed(|| bootstrap(&plan, &data, times, 1, &Task::default()).unwrap());
                let usual = naive(&plan, &data, (3, 10), 1, &Task::default()).unwrap();
                let (cv, honest) = timed(|| cross_validate(&plan, &data, (3, 10), 1, true, &Task::default()).unwrap());
                println!(
                    "{what}, {rule:?}, {}: {seconds:.1} s for {times} resamples, {once:.3} s for one run ({} features); \
                     AUC .632+ {:.3}, out of bag {:.3}, apparent {:.3}, Harrell {:.3}; cv {:.3} ({cv:.1} s), naive {:.3}; {} empty, {} failed",
                    if stepwise.is_some() { "AIC" } else { "lasso alone" },
                    whole.columns.len(),
                    b.plus.auc,
                    b.out_of_bag.auc,
                    b.apparent.auc,
                    b.apparent.auc - b.optimism.auc,
                    honest.mean.auc,
                    usual,
                    b.empty,
                    b.failed
                );
            }
        }
    }
}

/// Mean of each estimate of the area over tables of pure noise, with its standard error.
fn noise(times: usize, cohorts: usize) {
    let outcome: Vec<bool> = (0..PATIENTS).map(|i| i < 35).collect();
    let search = Search { direction: Direction::Both, criterion: Criterion::Aic, full: true, firth: false };
    for (what, stepwise) in [("lasso alone", None), ("AIC", Some(search))] {
        let plan = plan(Rule::Min, stepwise);
        let rows: Vec<[f64; 8]> = (1..=cohorts)
            .map(|seed| {
                let (features, second) = simulate(&outcome, 0.0, seed as i32);
                let readers = std::slice::from_ref(&second);
                let data = Data { features: features.view(), readers, outcome: &outcome, clinical: &[] };
                let b = bootstrap(&plan, &data, times, 1, &Task::default()).unwrap();
                let cv = cross_validate(&plan, &data, (1, 10), 1, true, &Task::default()).unwrap();
                let usual = naive(&plan, &data, (3, 10), 1, &Task::default()).unwrap();
                let harrell = b.apparent.auc - b.optimism.auc;
                [b.out_of_bag.auc, b.error, cv.mean.auc, cv.error, b.plus.auc, harrell, b.apparent.auc, usual]
            })
            .collect();
        let names = ["out of bag", "its error", "nested folds", "its error", ".632+", "Harrell", "apparent", "naive"];
        for (k, name) in names.iter().enumerate() {
            let values: Vec<f64> = rows.iter().map(|r| r[k]).collect();
            let sd = summary::sd(&values);
            let error = sd / (cohorts as f64).sqrt();
            println!("{what}, {name}: mean {:.3} ({error:.3}), sd over tables {sd:.3}", summary::mean(&values));
        }
    }
}

fn plan(rule: Rule, stepwise: Option<Search>) -> Plan {
    let fit = lasso::Options { solver: Solver::Accurate, ..lasso::Options::default() };
    Plan {
        icc: Some(Agreement { above: 0.85, form: Form::TwoSingle, by_lower: false }),
        screen: Some(Screen { test: Test::MannWhitney, below: 0.05, adjust: Method::None }),
        lasso: Some(Penalised { rule, folds: 10, repeats: 1, stratified: false, seed: 1, loss: Loss::Deviance, fit }),
        stepwise,
        last: None,
    }
}

fn timed<T>(run: impl FnOnce() -> T) -> (f64, T) {
    let start = Instant::now();
    let result = run();
    (start.elapsed().as_secs_f64(), result)
}

/// Independent columns, every fortieth moved by the outcome; a second reader of the first 30 patients.
fn simulate(outcome: &[bool], shift: f64, seed: i32) -> (Array2<f64>, Array2<f64>) {
    let mut rng = Rng::seeded(seed);
    let moved = |i: usize, j: usize| if j.is_multiple_of(40) && outcome[i] { shift } else { 0.0 };
    let mut first = Array2::zeros((PATIENTS, FEATURES).f());
    let mut second = Array2::from_elem((PATIENTS, FEATURES).f(), f64::NAN);
    for j in 0..FEATURES {
        (0..PATIENTS).for_each(|i| first[[i, j]] = rng.normal() + moved(i, j));
    }
    for j in 0..FEATURES {
        (0..READ_TWICE).for_each(|i| second[[i, j]] = first[[i, j]] + 0.2 * rng.normal());
    }
    (first, second)
}
