//! How well predicted probabilities agree with outcomes, as rms' `val.prob` and the Hosmer-Lemeshow test.

use ndarray::Array2;

use super::logistic::{self, deviance, inverse_logit};
use super::risk;
use crate::caution::counted;
use crate::error::{Error, Result};
use crate::num::smooth::{self, Curve};
use crate::num::{summary, tails};

/// Mean squared error and Spiegelhalter's test of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Brier {
    pub score: f64,
    /// 1 - score / that of the rate of cases.
    pub scaled: f64,
    pub z: f64,
    /// Two-sided.
    pub p: f64,
}

/// The logistic recalibration logit P(y) = intercept + slope logit p, and the intercept where the slope is 1. Where the
/// prediction separates the outcome the line has no maximum, and intercept and slope are NaN (R's glm gives where it stopped).
/// Predictions that are equal, if but for rounding, have no slope.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recalibration {
    pub intercept: f64,
    pub intercept_se: f64,
    pub slope: f64,
    pub slope_se: f64,
    /// Calibration in the large.
    pub large: f64,
    pub large_se: f64,
    /// The test that intercept is 0 and slope 1, on 2 degrees of freedom.
    pub chi2: f64,
    pub p: f64,
    /// Predictions of exactly 0 or 1, which have no logit and were left out.
    pub dropped: usize,
    /// Whether the prediction separates the outcome.
    pub separated: bool,
}

/// Absolute distance of the smooth curve from the prediction, over patients.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Distance {
    /// Mean (the integrated calibration index), median, 0.9 quantile, maximum.
    pub mean: f64,
    pub median: f64,
    pub q90: f64,
    pub max: f64,
}

/// The Hosmer-Lemeshow test.
#[derive(Clone, Debug, PartialEq)]
pub struct HosmerLemeshow {
    /// NaN where a group is [void](HosmerLemeshow::void).
    pub chi2: f64,
    /// Groups - 2 and its p, as hoslem.test whoever the patients are: those the model was fitted to. See [`Self::elsewhere`].
    /// The test says little where an expected count is small.
    pub df: usize,
    pub p: f64,
    /// Limits of the groups, one more than groups.
    pub breaks: Vec<f64>,
    pub groups: Vec<Group>,
}

/// A group of the Hosmer-Lemeshow test.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Group {
    pub n: usize,
    pub observed: usize,
    pub expected: f64,
}

impl Recalibration {
    /// The logistic calibration curve: how often the event comes where `p` was predicted.
    pub fn at(&self, p: f64) -> f64 {
        inverse_logit(self.intercept + self.slope * (p / (1.0 - p)).ln())
    }
}

impl HosmerLemeshow {
    /// Degrees of freedom and p on patients the model was not fitted to: a degree a group, as nothing was estimated from them
    /// (Hosmer and Lemeshow, Applied Logistic Regression). Where the model is right there, groups - 2 rejects at the 5 % level
    /// in 10.3, 10.9 and 10.4 % of 4,000 simulated cohorts of 40, 100 and 400 patients in 10 groups, groups in 4.3, 4.2 and
    /// 4.8 %.
    pub fn elsewhere(&self) -> (usize, f64) {
        (self.groups.len(), tails::chi2_upper(self.chi2, self.groups.len() as f64))
    }

    /// Groups in which no event, or no patient without, is expected: most often they are empty, for interpolated quantiles of
    /// few patients leave groups without any.
    pub fn void(&self) -> usize {
        self.groups.iter().filter(|g| g.expected == 0.0 || g.expected == g.n as f64).count()
    }

    /// The smallest expected count, of events or of patients without: under 5 the test says little.
    pub fn smallest_expected(&self) -> f64 {
        self.groups.iter().flat_map(|g| [g.expected, g.n as f64 - g.expected]).fold(f64::INFINITY, f64::min)
    }
}

/// The Brier score. Spiegelhalter's z = sum (y - p)(1 - 2p) / sqrt(sum (1 - 2p)^2 p (1 - p)).
pub fn brier(p: &[f64], outcome: &[bool]) -> Brier {
    let (y, n) = (numbers(outcome), p.len() as f64);
    let score = y.iter().zip(p).map(|(y, p)| (y - p) * (y - p)).sum::<f64>() / n;
    let rate = y.iter().sum::<f64>() / n;
    let excess: f64 = y.iter().zip(p).map(|(y, p)| (y - p) * (1.0 - 2.0 * p)).sum();
    let variance: f64 = p.iter().map(|p| (1.0 - 2.0 * p) * (1.0 - 2.0 * p) * p * (1.0 - p)).sum();
    let z = excess / variance.sqrt();
    Brier { score, scaled: 1.0 - score / (rate * (1.0 - rate)), z, p: tails::normal_two_sided(z) }
}

/// The smooth calibration curve: lowess of the outcome on the prediction, not robust.
pub fn curve(p: &[f64], outcome: &[bool]) -> Curve {
    smooth::lowess(p, &numbers(outcome), smooth::Options { robust: 0, ..smooth::Options::default() })
}

/// Distance of predictions from their smooth curve.
pub fn distance(p: &[f64], curve: &Curve) -> Distance {
    let apart = summary::sorted(&p.iter().filter_map(|&p| Some((curve.at(p)? - p).abs())).collect::<Vec<f64>>());
    Distance {
        mean: summary::mean(&apart),
        median: summary::median(&apart),
        q90: summary::quantile(&apart, 0.9),
        max: apart.last().copied().unwrap_or(f64::NAN),
    }
}

/// Fit the recalibration by maximum likelihood.
///
/// # Errors
/// Those of [`logistic::fit`] on the predictions that have a logit.
pub fn recalibrate(p: &[f64], outcome: &[bool]) -> Result<Recalibration> {
    let usable: Vec<usize> = (0..p.len()).filter(|&i| p[i] > 0.0 && p[i] < 1.0).collect();
    let logit: Vec<f64> = usable.iter().map(|&i| (p[i] / (1.0 - p[i])).ln()).collect();
    let y: Vec<bool> = usable.iter().map(|&i| outcome[i]).collect();
    let as_given: Vec<f64> = usable.iter().map(|&i| p[i]).collect();
    // The slope of predictions that are one but for rounding would be that of the rounding: they have none, as equal ones.
    let flat = as_given.iter().all(|p| risk::equal(*p, as_given[0]));
    let x = if flat { vec![0.0; logit.len()] } else { logit.clone() };
    let x = Array2::from_shape_vec((logit.len(), 1), x).unwrap_or_default();
    let fit = logistic::fit(x.view(), &y, logistic::Options::SETTLED)?;
    let (large, large_se) = offset_intercept(&logit, &numbers(&y))?;
    let separated = fit.separated.is_some();
    let known = |value: f64| if separated { f64::NAN } else { value };
    let chi2 = known(deviance(&numbers(&y), &as_given) - fit.deviance);
    Ok(Recalibration {
        intercept: known(fit.coef[0]),
        intercept_se: known(fit.se[0]),
        slope: known(fit.coef[1]),
        slope_se: known(fit.se[1]),
        large,
        large_se,
        chi2,
        p: tails::chi2_upper(chi2, 2.0),
        dropped: p.len() - usable.len(),
        separated,
    })
}

/// The test on `groups` (10) of equal size: breaks at the unique type-7 quantiles, groups closed above.
///
/// # Errors
/// `Undefined` where fewer than three groups remain, as with few different predictions.
pub fn hosmer_lemeshow(p: &[f64], outcome: &[bool], groups: usize) -> Result<HosmerLemeshow> {
    let sorted = summary::sorted(p);
    let mut breaks: Vec<f64> = (0..=groups).map(|i| summary::quantile(&sorted, i as f64 / groups as f64)).collect();
    breaks.dedup();
    if breaks.len() < 4 {
        let why =
            format!("the predictions fall into {}, 3 are needed", counted(breaks.len().saturating_sub(1), "groups"));
        return Err(Error::Undefined { what: "the Hosmer-Lemeshow test".into(), why });
    }
    let mut counts = vec![Group { n: 0, observed: 0, expected: 0.0 }; breaks.len() - 1];
    for (p, y) in p.iter().zip(outcome) {
        let group = &mut counts[breaks[1..breaks.len() - 1].partition_point(|b| b < p)];
        group.n += 1;
        group.observed += usize::from(*y);
        group.expected += p;
    }
    let part = |g: &Group| {
        let (n, o, e) = (g.n as f64, g.observed as f64, g.expected);
        (o - e) * (o - e) / e + ((n - o) - (n - e)) * ((n - o) - (n - e)) / (n - e)
    };
    let chi2 = counts.iter().map(part).sum();
    let df = counts.len() - 2;
    Ok(HosmerLemeshow { chi2, df, p: tails::chi2_upper(chi2, df as f64), breaks, groups: counts })
}

/// The intercept of logit P = a + offset, and its standard error, by Newton's method.
fn offset_intercept(offset: &[f64], y: &[f64]) -> Result<(f64, f64)> {
    let mut a = 0.0;
    for _ in 0..100 {
        let p: Vec<f64> = offset.iter().map(|o| inverse_logit(a + o)).collect();
        let information: f64 = p.iter().map(|p| p * (1.0 - p)).sum();
        let step = y.iter().zip(&p).map(|(y, p)| y - p).sum::<f64>() / information;
        // A long step overshoots where the curve is flat.
        a += step.clamp(-2.0, 2.0);
        if step.abs() < 1e-14 * (1.0 + a.abs()) {
            return Ok((a, information.sqrt().recip()));
        }
    }
    let why = "it did not settle in 100 steps".into();
    Err(Error::Undefined { what: "calibration in the large".into(), why })
}

fn numbers(outcome: &[bool]) -> Vec<f64> {
    outcome.iter().map(|&y| f64::from(u8::from(y))).collect()
}
