//! The whole pipeline in 200 resamples of 82 patients x 1967 features: `cargo bench --bench pipeline [-- RESAMPLES]`.
//!
//! Pure noise from R's stream and a table in which some features carry the outcome, with and without the search by AIC.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::time::Instant;

use ndarray::{Array2, ShapeBuilder};
use radnote::num::rng::Rng;
use radnote::stats::icc::Form;
use radnote::stats::lasso::{self, Loss, Solver};
use radnote::stats::p_adjust::Method;
use radnote::stats::pipeline::{
    Agreement, Data, Penalised, Plan, Rule, Screen, Search, bootstrap, cross_validate, fit, naive,
};
use radnote::stats::stepwise::{Criterion, Direction};
use radnote::task::Task;

const PATIENTS: usize = 82;
const FEATURES: usize = 1967;
const READ_TWICE: usize = 30;

fn main() {
    let times = std::env::args().skip(1).find_map(|a| a.parse().ok()).unwrap_or(200);
    let outcome: Vec<bool> = (0..PATIENTS).map(|i| i < 35).collect();
    for (what, shift) in [("noise", 0.0), ("signal", 0.9)] {
        let (features, second) = simulate(&outcome, shift);
        let data = Data {
            features: features.view(),
            readers: std::slice::from_ref(&second),
            outcome: &outcome,
            clinical: &[],
        };
        for rule in [Rule::OneSe, Rule::Min] {
            for stepwise in [None, Some(Search { direction: Direction::Both, criterion: Criterion::Aic, full: true })] {
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

fn plan(rule: Rule, stepwise: Option<Search>) -> Plan {
    let fit = lasso::Options { solver: Solver::Accurate, ..lasso::Options::default() };
    Plan {
        icc: Some(Agreement { above: 0.85, form: Form::TwoSingle, by_lower: false }),
        screen: Some(Screen { below: 0.05, adjust: Method::None }),
        lasso: Some(Penalised { rule, folds: 10, repeats: 1, stratified: false, seed: 1, loss: Loss::Deviance, fit }),
        stepwise,
        combined: false,
    }
}

fn timed<T>(run: impl FnOnce() -> T) -> (f64, T) {
    let start = Instant::now();
    let result = run();
    (start.elapsed().as_secs_f64(), result)
}

/// Independent columns, every fortieth moved by the outcome; a second reader of the first 30 patients.
fn simulate(outcome: &[bool], shift: f64) -> (Array2<f64>, Array2<f64>) {
    let mut rng = Rng::seeded(1);
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
