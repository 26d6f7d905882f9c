//! Partial areas and precision of a curve, against plain counting.

use radnote::num::rng::Rng;
use radnote::stats::roc::{self, Direction};
use radnote::stats::roc_extra;

fn near(a: f64, b: f64) {
    assert!((a - b).abs() < 1e-14, "{a} is not {b}");
}

/// Scores with ties, and an outcome they tell something of.
fn drawn(seed: i32) -> (Vec<f64>, Vec<bool>) {
    let mut rng = Rng::seeded(seed);
    let scores: Vec<f64> = (0..53).map(|_| (rng.normal() * 3.0).round()).collect();
    let outcome = scores.iter().map(|s| s + 4.0 * rng.normal() > 0.0).collect();
    (scores, outcome)
}

/// The height of the curve at a specificity, found by looking for its piece.
fn height(curve: &roc::Roc, at: f64) -> f64 {
    let (sp, se) = (&curve.specificity, &curve.sensitivity);
    let i = (1..sp.len()).find(|&i| sp[i - 1] <= at && at < sp[i]).unwrap();
    se[i - 1] + (se[i] - se[i - 1]) * (at - sp[i - 1]) / (sp[i] - sp[i - 1])
}

#[test]
fn a_partial_area_is_the_sum_of_thin_strips() {
    for seed in 1..9 {
        let (scores, outcome) = drawn(seed);
        for direction in [Direction::CasesHigher, Direction::CasesLower] {
            let curve = roc::curve(&scores, &outcome, Some(direction)).unwrap();
            for (low, high) in [(0.0, 1.0), (0.8, 1.0), (0.37, 0.61), (0.0, 0.05)] {
                const STRIPS: usize = 20_000;
                let by = (high - low) / STRIPS as f64;
                let strips = (0..STRIPS).map(|i| by * height(&curve, low + (i as f64 + 0.5) * by)).sum::<f64>();
                assert!((roc_extra::partial(&curve, low, high).raw - strips).abs() < 1e-4 * (high - low));
            }
            near(roc_extra::partial(&curve, 0.0, 1.0).raw, curve.auc);
            let halves = roc_extra::partial(&curve, 0.0, 0.4).raw + roc_extra::partial(&curve, 0.4, 1.0).raw;
            near(halves, curve.auc);
        }
    }
}

#[test]
fn average_precision_is_that_of_plain_counting() {
    for seed in 1..9 {
        let (scores, outcome) = drawn(seed);
        let found = roc_extra::precision_recall(&roc::curve(&scores, &outcome, Some(Direction::CasesHigher)).unwrap());
        let cases = outcome.iter().filter(|y| **y).count() as f64;
        // Each case counts with the precision among the patients who score no lower.
        let precision = |s: f64| {
            let positive = scores.iter().zip(&outcome).filter(|(other, _)| **other >= s);
            let hits: Vec<bool> = positive.map(|(_, y)| *y).collect();
            hits.iter().filter(|y| **y).count() as f64 / hits.len() as f64
        };
        let of_cases = scores.iter().zip(&outcome).filter(|(_, y)| **y).map(|(s, _)| precision(*s));
        near(found.average, of_cases.sum::<f64>() / cases);
        assert_eq!(found.recall.last(), Some(&1.0));
        near(*found.precision.last().unwrap(), cases / outcome.len() as f64);
    }
}
