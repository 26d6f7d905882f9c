//! How often intervals of the honest area cover the truth: `cargo bench --bench coverage -- PATIENTS SHIFT TABLES FIRST [aic]`.
//!
//! Tables of 150 features in 15 blocks of ten (neighbours correlate by 0.8), the first of five blocks moved by SHIFT with the
//! event, seeds FIRST and up. Mann-Whitney below 0.1, the lasso at its best penalty by 5 folds (and AIC), 80 resamples. Features are
//! normal, so that the area of a score on new patients is known. Two truths: that of the final model, and its mean over tables,
//! which is what this way of making a model of so many patients comes to.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use ndarray::{Array2, ShapeBuilder};
use radnote::num::rng::Rng;
use radnote::num::{summary, tails};
use radnote::stats::bootstrap::resamples;
use radnote::stats::lasso::{self, Loss, Solver};
use radnote::stats::p_adjust::Method;
use radnote::stats::pipeline::{self, Bootstrap, Data, Fitted, Penalised, Plan, Rule, Screen, Search};
use radnote::stats::stepwise::{Criterion, Direction};
use radnote::stats::two_sample::Test;
use radnote::task::Task;

const FEATURES: usize = 150;
const BLOCK: usize = 10;
const CARRIERS: usize = 5;
const NEIGHBOURS: f64 = 0.8;
const TIMES: usize = 80;
const CANDIDATES: [&str; 6] = [
    "out of bag, sd over resamples (validate's interval)",
    "out of bag, DeLong's error of the models as they are",
    "out of bag, corrected resampled variance (Nadeau and Bengio)",
    "out of bag, jackknife after the bootstrap, its noise taken off",
    ".632+, jackknife after the bootstrap",
    "three times ten folds, DeLong's error (validate --method cv)",
];

fn main() {
    let given: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    let number = |i: usize, usual: f64| given.get(i).and_then(|a| a.parse::<f64>().ok()).unwrap_or(usual);
    let (n, shift) = (number(0, 82.0) as usize, number(1, 0.65));
    let (tables, first) = (number(2, 20.0) as usize, number(3, 1.0) as usize);
    let plan = plan(given.get(4).is_some_and(|a| a == "aic"));
    let cases = (n as f64 * 0.43).round() as usize;
    let outcome: Vec<bool> = (0..n).map(|i| i < cases).collect();
    let mut truths = Vec::new();
    let mut told: Vec<[(f64, f64); 6]> = Vec::new();
    for seed in first..first + tables {
        let x = simulate(&outcome, shift, seed as i32);
        let data = Data { features: x.view(), readers: &[], outcome: &outcome, clinical: &[] };
        let b = pipeline::bootstrap(&plan, &data, TIMES, 1, &Task::default()).unwrap();
        let cv = pipeline::cross_validate(&plan, &data, (3, 10), 1, true, &Task::default()).unwrap();
        truths.push(area(&b.whole, shift));
        let (honest, spread) = (b.out_of_bag.auc, b.spread.auc);
        let corrected = spread * (1.0 / TIMES as f64 + 0.368 / 0.632).sqrt();
        let jackknife = jackknife(&b, &outcome);
        told.push([
            (honest, spread),
            (honest, b.error),
            (honest, corrected),
            (honest, jackknife),
            (b.plus.auc, jackknife),
            (cv.mean.auc, cv.error),
        ]);
    }
    let mean = summary::mean(&truths);
    println!("{tables} tables: area of the final model {mean:.3}, sd over tables {:.3}", summary::sd(&truths));
    for (k, name) in CANDIDATES.iter().enumerate() {
        let each: Vec<(f64, f64)> = told.iter().map(|t| t[k]).collect();
        let covers = |truth: &dyn Fn(usize) -> f64| {
            let held = |(i, (area, se)): (usize, &(f64, f64))| (area - truth(i)).abs() <= 1.959964 * se;
            each.iter().enumerate().filter(|pair| held(*pair)).count() as f64 / tables as f64
        };
        let column = |f: fn(&(f64, f64)) -> f64| each.iter().map(f).collect::<Vec<f64>>();
        let (areas, errors) = (column(|t| t.0), column(|t| t.1));
        println!(
            "{name}: mean {:.3}, sd over tables {:.3}, mean error {:.3}; covers the final model {:.2}, the mean {:.2}",
            summary::mean(&areas),
            summary::sd(&areas),
            summary::mean(&errors),
            covers(&|i| truths[i]),
            covers(&|_| mean)
        );
    }
}

/// Paths of 40 penalties down to 0.02 of the largest: enough for the choice, and quick.
fn plan(aic: bool) -> Plan {
    let fit = lasso::Options {
        solver: Solver::Compatible,
        threshold: 1e-7,
        penalties: 40,
        ratio: Some(0.02),
        ..lasso::Options::default()
    };
    let search = Search { direction: Direction::Both, criterion: Criterion::Aic, full: true, firth: false };
    let lasso =
        Penalised { rule: Rule::Min, folds: 5, repeats: 1, stratified: false, seed: 1, loss: Loss::Deviance, fit };
    Plan {
        screen: Some(Screen { test: Test::MannWhitney, below: 0.1, adjust: Method::None }),
        lasso: Some(lasso),
        stepwise: aic.then_some(search),
        ..Plan::default()
    }
}

/// The standard error of the out-of-bag area by the jackknife after the bootstrap (Efron and Tibshirani 1997): the influence of
/// a patient is his placement among the judged, and the covariance over resamples of how often he was drawn with the area less
/// what its pairs have on average. What the number of resamples adds to the sum of squares is taken off.
fn jackknife(b: &Bootstrap, outcome: &[bool]) -> f64 {
    let (n, cases) = (outcome.len(), outcome.iter().filter(|y| **y).count());
    let (controls, runs) = (n - cases, b.risks.ncols());
    let drawn: Vec<Vec<f64>> = resamples(n, TIMES, 1)
        .iter()
        .map(|rows| (0..n).map(|i| rows.iter().filter(|r| **r == i).count() as f64).collect())
        .collect();
    assert!(b.failed == 0 && drawn.len() == runs, "a resample failed");
    let won = |r: usize, i: usize, j: usize| match b.risks[[i, r]].total_cmp(&b.risks[[j, r]]) {
        std::cmp::Ordering::Greater => 1.0,
        std::cmp::Ordering::Equal => 0.5,
        std::cmp::Ordering::Less => 0.0,
    };
    let judged = |r: usize| {
        let drawn = &drawn[r];
        let left = move |from: usize, to: usize| (from..to).filter(move |i| drawn[*i] == 0.0);
        left(0, cases).flat_map(move |i| left(cases, n).map(move |j| (i, j)))
    };
    let (mut met, mut sum) = (Array2::<f64>::zeros((cases, controls)), Array2::<f64>::zeros((cases, controls)));
    for r in 0..runs {
        for (i, j) in judged(r) {
            met[[i, j - cases]] += 1.0;
            sum[[i, j - cases]] += won(r, i, j);
        }
    }
    let share = &sum / &met;
    let known = |values: Vec<f64>| summary::mean(&values.into_iter().filter(|v| !v.is_nan()).collect::<Vec<f64>>());
    let area = known(share.iter().copied().collect());
    let pairs = (cases * controls) as f64;
    let apart = |(i, j): (usize, usize), r: usize| {
        (won(r, i, j) - share[[i, j - cases]]) / (met[[i, j - cases]] / runs as f64) / pairs
    };
    let of: Vec<f64> = (0..runs).map(|r| judged(r).map(|pair| apart(pair, r)).sum()).collect();
    let influence = |i: usize| {
        let placement = match i < cases {
            true => (known(share.row(i).to_vec()) - area) / cases as f64,
            false => (known(share.column(i - cases).to_vec()) - area) / controls as f64,
        };
        let mean = drawn.iter().map(|d| d[i]).sum::<f64>() / runs as f64;
        let with = drawn.iter().zip(&of).map(|(d, of)| (d[i] - mean) * of).sum::<f64>() / runs as f64;
        (placement, placement + with)
    };
    let parts: Vec<(f64, f64)> = (0..n).map(influence).collect();
    let squares = |f: fn(&(f64, f64)) -> f64| parts.iter().map(|p| f(p).powi(2)).sum::<f64>();
    let noise = n as f64 / runs as f64 * summary::variance(&of) * (runs - 1) as f64 / runs as f64;
    (squares(|p| p.1) - noise).max(squares(|p| p.0)).sqrt()
}

/// The area of a linear score on new patients: Phi of the distance of the two means over the root of twice the variance.
fn area(model: &Fitted, shift: f64) -> f64 {
    let unit = Array2::from_shape_fn((FEATURES + 1, FEATURES), |(i, j)| f64::from(u8::from(i == j + 1)));
    let outcome = vec![false; FEATURES + 1];
    let data = Data { features: unit.view(), readers: &[], outcome: &outcome, clinical: &[] };
    let base = model.linear(&data, 0);
    let b: Vec<f64> = (0..FEATURES).map(|j| model.linear(&data, j + 1) - base).collect();
    let (mut distance, mut variance) = (0.0, 0.0);
    for (k, block) in b.chunks(BLOCK).enumerate() {
        for (i, of) in block.iter().enumerate() {
            if k < CARRIERS {
                distance += of * shift * NEIGHBOURS.powi(i as i32);
            }
            let with = |(j, other): (usize, &f64)| of * other * NEIGHBOURS.powi(i.abs_diff(j) as i32);
            variance += block.iter().enumerate().map(with).sum::<f64>();
        }
    }
    if variance < 1e-20 { 0.5 } else { tails::normal_lower(distance / (2.0 * variance).sqrt()) }
}

fn simulate(outcome: &[bool], shift: f64, seed: i32) -> Array2<f64> {
    let mut rng = Rng::seeded(seed);
    let mut x = Array2::zeros((outcome.len(), FEATURES).f());
    for (i, event) in outcome.iter().enumerate() {
        for j in 0..FEATURES {
            let own = rng.normal();
            let moved = if *event && j / BLOCK < CARRIERS { shift } else { 0.0 };
            x[[i, j]] = match j % BLOCK {
                0 => own + moved,
                _ => NEIGHBOURS * x[[i, j - 1]] + (1.0 - NEIGHBOURS * NEIGHBOURS).sqrt() * own,
            };
        }
    }
    x
}
