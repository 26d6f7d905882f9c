//! DeLong, DeLong and Clarke-Pearson's (1988) variance of the area under the curve, and tests between two areas, as pROC.

use super::roc::{self, Direction, Groups};
use crate::error::{Error, Result};
use crate::num::{rank, summary, tails};

/// An area with its variance.
#[derive(Clone, Debug, PartialEq)]
pub struct Area {
    pub auc: f64,
    pub variance: f64,
    /// Confidence limits, within [0, 1]; of a perfect area both are 1, as its variance is 0.
    pub lower: f64,
    pub upper: f64,
    pub cases: usize,
    pub controls: usize,
    /// For each case, the share of controls it beats; for each control, the share of cases that beat it. Ties are halves.
    pub of_cases: Vec<f64>,
    pub of_controls: Vec<f64>,
}

/// Two areas of the same patients.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Paired {
    pub first: f64,
    pub second: f64,
    /// Patients with both scores.
    pub n: usize,
    /// first - second, and its confidence limits.
    pub difference: f64,
    pub lower: f64,
    pub upper: f64,
    pub z: f64,
    /// Two-sided.
    pub p: f64,
    pub covariance: f64,
}

/// Two areas of different patients.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Unpaired {
    pub first: f64,
    pub second: f64,
    /// Student's t with Satterthwaite's degrees of freedom.
    pub t: f64,
    pub df: f64,
    /// Two-sided.
    pub p: f64,
}

/// The area of scores in a direction, with limits at `level` (0.95). Patients without a score take no part.
///
/// # Errors
/// `TooFew` when a class has no score. With a single one the variance and the limits are NaN.
pub fn area(scores: &[f64], outcome: &[bool], direction: Direction, level: f64) -> Result<Area> {
    let groups = roc::groups(scores, outcome);
    for (n, which) in [(groups.cases.len(), "with"), (groups.controls.len(), "without")] {
        if n == 0 {
            let what = format!("an area under the curve by patients {which} the outcome");
            return Err(Error::TooFew { what, needed: 1, got: 0 });
        }
    }
    let (of_cases, of_controls) = placements(&groups, direction);
    let (m, n) = (of_cases.len(), of_controls.len());
    let auc = roc::area(&groups, direction);
    let variance = summary::variance(&of_cases) / m as f64 + summary::variance(&of_controls) / n as f64;
    let reach = tails::normal_quantile(0.5 + level / 2.0) * variance.sqrt();
    // `max` and `min` would turn NaN limits into numbers.
    let limit = |x: f64| if x.is_nan() { x } else { x.clamp(0.0, 1.0) };
    Ok(Area {
        auc,
        variance,
        lower: limit(auc - reach),
        upper: limit(auc + reach),
        cases: m,
        controls: n,
        of_cases,
        of_controls,
    })
}

/// Compare two scores of the same patients, each in its direction; patients without both take no part.
///
/// # Errors
/// As [`area`].
pub fn paired(first: (&[f64], Direction), second: (&[f64], Direction), outcome: &[bool], level: f64) -> Result<Paired> {
    let both: Vec<usize> = (0..outcome.len()).filter(|&i| !first.0[i].is_nan() && !second.0[i].is_nan()).collect();
    let outcome: Vec<bool> = both.iter().map(|&i| outcome[i]).collect();
    let of = |(scores, direction): (&[f64], Direction)| {
        area(&both.iter().map(|&i| scores[i]).collect::<Vec<f64>>(), &outcome, direction, level)
    };
    let (a, b) = (of(first)?, of(second)?);
    let covariance = covariance(&a.of_cases, &b.of_cases) / a.cases as f64
        + covariance(&a.of_controls, &b.of_controls) / a.controls as f64;
    let minus = |x: &[f64], y: &[f64]| summary::variance(&x.iter().zip(y).map(|(x, y)| x - y).collect::<Vec<f64>>());
    let variance =
        minus(&a.of_cases, &b.of_cases) / a.cases as f64 + minus(&a.of_controls, &b.of_controls) / a.controls as f64;
    let difference = a.auc - b.auc;
    let z = if variance == 0.0 && difference == 0.0 { 0.0 } else { difference / variance.sqrt() };
    let reach = tails::normal_quantile(0.5 + level / 2.0) * variance.sqrt();
    Ok(Paired {
        first: a.auc,
        second: b.auc,
        n: both.len(),
        difference,
        lower: difference - reach,
        upper: difference + reach,
        z,
        p: tails::normal_two_sided(z),
        covariance,
    })
}

/// Compare the areas of two cohorts.
pub fn unpaired(first: &Area, second: &Area) -> Unpaired {
    let (v1, v2) = (first.variance, second.variance);
    let t = (first.auc - second.auc) / (v1 + v2).sqrt();
    let part = |v: f64, a: &Area| v * v / (a.cases + a.controls - 1) as f64;
    let df = (v1 + v2) * (v1 + v2) / (part(v1, first) + part(v2, second));
    Unpaired { first: first.auc, second: second.auc, t, df, p: tails::t_two_sided(t, df) }
}

/// The share of the other group each value beats, from its ranks in the pooled and in its own group.
fn placements(groups: &Groups, direction: Direction) -> (Vec<f64>, Vec<f64>) {
    let turned = |x: &[f64]| match direction {
        Direction::CasesHigher => x.to_vec(),
        Direction::CasesLower => x.iter().map(|v| -v).collect(),
    };
    let (cases, controls) = (turned(&groups.cases), turned(&groups.controls));
    let pooled = rank::average(&[cases.as_slice(), controls.as_slice()].concat()).rank;
    let (m, n) = (cases.len(), controls.len());
    let beaten = |pooled: &[f64], own: &[f64], others: usize| -> Vec<f64> {
        pooled.iter().zip(rank::average(own).rank).map(|(p, o)| (p - o) / others as f64).collect()
    };
    let of_cases = beaten(&pooled[..m], &cases, n);
    let of_controls = beaten(&pooled[m..], &controls, m).into_iter().map(|v| 1.0 - v).collect();
    (of_cases, of_controls)
}

fn covariance(x: &[f64], y: &[f64]) -> f64 {
    let (mx, my) = (summary::mean(x), summary::mean(y));
    x.iter().zip(y).map(|(x, y)| (x - mx) * (y - my)).sum::<f64>() / (x.len() as f64 - 1.0)
}
