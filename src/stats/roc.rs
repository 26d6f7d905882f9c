//! The ROC curve, its area and its cut-offs, as pROC.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::num::{rank, summary};

/// Which way the score points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Direction {
    /// Cases score higher: positive above the threshold (pROC's "<").
    #[serde(rename = "<")]
    CasesHigher,
    /// Cases score lower: positive below the threshold (pROC's ">").
    #[serde(rename = ">")]
    CasesLower,
}

/// Scores of both groups, with those that are missing counted and left out.
#[derive(Clone, Debug, PartialEq)]
pub struct Groups {
    pub cases: Vec<f64>,
    pub controls: Vec<f64>,
    pub missing: usize,
}

/// A curve: one point for each threshold, from all positive to all negative.
#[derive(Clone, Debug, PartialEq)]
pub struct Roc {
    pub direction: Direction,
    /// From -inf (of `CasesLower`: inf) by the midpoints of neighbouring scores to inf (-inf).
    pub thresholds: Vec<f64>,
    pub sensitivity: Vec<f64>,
    pub specificity: Vec<f64>,
    /// The trapezoidal area: P(case beats control) + P(tie) / 2.
    pub auc: f64,
    pub cases: usize,
    pub controls: usize,
    /// Rows without a score, left out.
    pub missing: usize,
}

/// What a best threshold is best in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Best {
    /// The largest sensitivity + specificity.
    #[default]
    Youden,
    /// The smallest distance to the corner of no error.
    TopLeft,
}

/// The four counts at a threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    pub tp: usize,
    pub fp: usize,
    pub tn: usize,
    pub fn_: usize,
}

/// Split scores by outcome; NaN scores are counted and left out.
pub fn groups(scores: &[f64], outcome: &[bool]) -> Groups {
    let of = |class: bool| {
        let mine = scores.iter().zip(outcome).filter(|(s, y)| **y == class && !s.is_nan());
        mine.map(|(s, _)| *s).collect::<Vec<f64>>()
    };
    let missing = scores.iter().filter(|s| s.is_nan()).count();
    Groups { cases: of(true), controls: of(false), missing }
}

/// pROC's automatic direction: by the medians of the groups, not by the area, so that an area below one half can result.
pub fn by_medians(groups: &Groups) -> Direction {
    if summary::median(&groups.controls) <= summary::median(&groups.cases) {
        Direction::CasesHigher
    } else {
        Direction::CasesLower
    }
}

/// The curve, in a direction that was fixed, or else by the medians. Judge other cohorts by the direction of training.
///
/// # Errors
/// `TooFew` when a class has no score.
pub fn curve(scores: &[f64], outcome: &[bool], direction: Option<Direction>) -> Result<Roc> {
    let groups = groups(scores, outcome);
    for (n, which) in [(groups.cases.len(), "with"), (groups.controls.len(), "without")] {
        if n == 0 {
            let what = format!("an ROC curve by patients {which} the outcome");
            return Err(Error::TooFew { what, needed: 1, got: 0 });
        }
    }
    let direction = direction.unwrap_or_else(|| by_medians(&groups));
    let thresholds = thresholds(&groups, direction);
    let positive = |values: &[f64]| above_each(values, &thresholds, direction);
    let (m, n) = (groups.cases.len() as f64, groups.controls.len() as f64);
    let sensitivity: Vec<f64> = positive(&groups.cases).iter().map(|c| *c as f64 / m).collect();
    let specificity: Vec<f64> = positive(&groups.controls).iter().map(|c| (n - *c as f64) / n).collect();
    Ok(Roc {
        direction,
        thresholds,
        sensitivity,
        specificity,
        auc: area(&groups, direction),
        cases: groups.cases.len(),
        controls: groups.controls.len(),
        missing: groups.missing,
    })
}

/// The area alone: (U + half the ties) / pairs, by ranks.
pub fn area(groups: &Groups, direction: Direction) -> f64 {
    let (m, n) = (groups.cases.len(), groups.controls.len());
    let pooled: Vec<f64> = groups.cases.iter().chain(&groups.controls).copied().collect();
    let u = rank::average(&pooled).rank[..m].iter().sum::<f64>() - (m * (m + 1)) as f64 / 2.0;
    let pairs = (m * n) as f64;
    match direction {
        Direction::CasesHigher => u / pairs,
        Direction::CasesLower => (pairs - u) / pairs,
    }
}

/// The positions of all thresholds that are equally best, in the order of the curve.
pub fn best(roc: &Roc, by: Best) -> Vec<usize> {
    let score = |i: usize| match by {
        Best::Youden => roc.sensitivity[i] + roc.specificity[i],
        Best::TopLeft => -((1.0 - roc.sensitivity[i]).powi(2) + (1.0 - roc.specificity[i]).powi(2)),
    };
    let top = (0..roc.thresholds.len()).map(score).fold(f64::NEG_INFINITY, f64::max);
    (0..roc.thresholds.len()).filter(|&i| score(i) == top).collect()
}

/// The counts at any threshold: positive beyond it, or at it.
pub fn counts(scores: &[f64], outcome: &[bool], direction: Direction, threshold: f64) -> Counts {
    let mut counts = Counts { tp: 0, fp: 0, tn: 0, fn_: 0 };
    for (score, case) in scores.iter().zip(outcome).filter(|(s, _)| !s.is_nan()) {
        let positive = match direction {
            Direction::CasesHigher => *score >= threshold,
            Direction::CasesLower => *score <= threshold,
        };
        match (positive, case) {
            (true, true) => counts.tp += 1,
            (true, false) => counts.fp += 1,
            (false, false) => counts.tn += 1,
            (false, true) => counts.fn_ += 1,
        }
    }
    counts
}

impl Counts {
    pub fn total(self) -> usize {
        self.tp + self.fp + self.tn + self.fn_
    }

    /// NaN where there is nothing to divide by, as for each below.
    pub fn sensitivity(self) -> f64 {
        self.tp as f64 / (self.tp + self.fn_) as f64
    }

    pub fn specificity(self) -> f64 {
        self.tn as f64 / (self.tn + self.fp) as f64
    }

    pub fn accuracy(self) -> f64 {
        (self.tp + self.tn) as f64 / self.total() as f64
    }

    /// Positive predictive value.
    pub fn ppv(self) -> f64 {
        self.tp as f64 / (self.tp + self.fp) as f64
    }

    /// Negative predictive value.
    pub fn npv(self) -> f64 {
        self.tn as f64 / (self.tn + self.fn_) as f64
    }
}

/// Midpoints between neighbouring scores; where rounding puts one onto a score, it is moved so that it still parts them.
fn thresholds(groups: &Groups, direction: Direction) -> Vec<f64> {
    let mut unique = summary::sorted(&[groups.cases.as_slice(), groups.controls.as_slice()].concat());
    unique.dedup();
    let mut thresholds = vec![f64::NEG_INFINITY];
    thresholds.extend(unique.windows(2).map(|w| {
        let middle = w[0] / 2.0 + w[1] / 2.0;
        let middle = if (w[0] + w[1]).is_finite() { (w[0] + w[1]) / 2.0 } else { middle };
        // Positive is at or above the threshold of `CasesHigher`, at or below that of `CasesLower`.
        match direction {
            Direction::CasesHigher if middle <= w[0] => w[1],
            Direction::CasesLower if middle >= w[1] => w[0],
            _ => middle,
        }
    }));
    thresholds.push(f64::INFINITY);
    if direction == Direction::CasesLower {
        thresholds.reverse();
    }
    thresholds
}

/// How many values are positive at each threshold.
fn above_each(values: &[f64], thresholds: &[f64], direction: Direction) -> Vec<usize> {
    let sorted = summary::sorted(values);
    let last = thresholds.len() - 1;
    let count = |(i, t): (usize, &f64)| match direction {
        // At the ends all and none are positive, infinite scores too.
        _ if i == 0 => sorted.len(),
        _ if i == last => 0,
        Direction::CasesHigher => sorted.len() - sorted.partition_point(|v| v < t),
        Direction::CasesLower => sorted.partition_point(|v| v <= t),
    };
    thresholds.iter().enumerate().map(count).collect()
}
