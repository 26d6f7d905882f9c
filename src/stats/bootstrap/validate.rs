//! The indexes of a model corrected for optimism, as rms' `validate`.

use ndarray::{Array2, ArrayView2};

use crate::error::Result;
use crate::stats::logistic::inverse_logit;
use crate::stats::lrm::{self, Lrm};
use crate::task::Task;

/// One index, in rms' columns.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Index {
    pub name: &'static str,
    /// Of the model on the patients it was fitted to.
    pub original: f64,
    /// Mean over resamples of the model fitted there: on the resample, and on all patients.
    pub training: f64,
    pub test: f64,
    /// training - test. Of Emax it is the index itself: that is found from the corrected intercept and slope alone.
    pub optimism: f64,
    /// original - optimism.
    pub corrected: f64,
    /// Resamples that took part.
    pub used: usize,
}

/// rms' table.
#[derive(Clone, Debug, PartialEq)]
pub struct Validated {
    /// Dxy, R2, Intercept, Slope, Emax, D, U, Q, B, g, gp.
    pub indexes: Vec<Index>,
    /// Resamples whose fit failed, and took no part.
    pub failed: usize,
}

/// The indexes that are averaged: Dxy = 2 C - 1; Nagelkerke's R2; intercept and slope of the outcome on the linear
/// predictor; D = (LR - 1) / n, U = (change of deviance by that line - 2) / n, Q = D - U; Brier score; Gini's mean
/// difference of the linear predictor and of the probability (elsewhere: of the recalibrated ones).
const NAMES: [&str; 10] = ["Dxy", "R2", "Intercept", "Slope", "D", "U", "Q", "B", "g", "gp"];
const INTERCEPT: usize = 2;
const SLOPE: usize = 3;

type Values = [f64; NAMES.len()];

/// Validate the model of the outcome on the columns of `x`, fitted by [`lrm`] in every resample; rms takes its usual options.
///
/// # Errors
/// `Undefined` where `lrm` fits not all patients, or no resample; `Cancelled`.
pub fn validate(
    x: ArrayView2<'_, f64>,
    outcome: &[bool],
    resamples: &[Vec<usize>],
    how: lrm::Options,
    task: &Task,
) -> Result<Validated> {
    let original = own(&super::whole(x, outcome, how)?, outcome);
    let each = super::each(resamples, task, |rows| {
        let (fit, y) = super::refit(x, outcome, rows, lrm::Options { tolerance: super::IN_RESAMPLES, ..how })?;
        Some((own(&fit, &y), elsewhere(&fit.predict(x), outcome, how)?))
    })?;
    let pairs: Vec<(Values, Values)> = each.into_iter().flatten().collect();
    let used = pairs.len();
    if used == 0 && !resamples.is_empty() {
        return Err(super::none_fitted(resamples.len()));
    }
    let mean = |value: &dyn Fn(&(Values, Values)) -> f64| pairs.iter().map(value).sum::<f64>() / used as f64;
    let index = |i: usize| {
        let (training, test) = (mean(&|p| p.0[i]), mean(&|p| p.1[i]));
        let optimism = mean(&|p| p.0[i] - p.1[i]);
        let corrected = original[i] - optimism;
        Index { name: NAMES[i], original: original[i], training, test, optimism, corrected, used }
    };
    let mut indexes: Vec<Index> = (0..NAMES.len()).map(index).collect();
    let emax = emax(indexes[INTERCEPT].corrected, indexes[SLOPE].corrected);
    let emax = Index { name: "Emax", original: 0.0, training: 0.0, test: emax, optimism: emax, corrected: emax, used };
    indexes.insert(SLOPE + 1, emax);
    Ok(Validated { indexes, failed: resamples.len() - used })
}

/// The indexes of a model on the patients it was fitted to, where its calibration line is the diagonal.
fn own(fit: &Lrm, outcome: &[bool]) -> Values {
    let n = outcome.len();
    let (lr, index) = (fit.likelihood_ratio(), lrm::indexes(&fit.linear, outcome));
    let (d, u) = ((lr - 1.0) / n as f64, -2.0 / n as f64);
    let r2 = lrm::nagelkerke(lr, fit.null_deviance, n);
    [index.dxy, r2, 0.0, 1.0, d, u, d - u, index.brier, index.g, index.gp]
}

/// The indexes of a linear predictor on other patients; none where no line can be fitted to it.
fn elsewhere(linear: &[f64], outcome: &[bool], how: lrm::Options) -> Option<Values> {
    let n = outcome.len();
    let column = Array2::from_shape_fn((n, 1), |(i, _)| linear[i]);
    let line = lrm::fit(column.view(), outcome, lrm::Options { tolerance: super::FINEST, ..how }).ok()?;
    let (lr, index) = (line.likelihood_ratio(), lrm::indexes(linear, outcome));
    let d = (lr - 1.0) / n as f64;
    let u = (deviance(linear, outcome) - line.deviance - 2.0) / n as f64;
    let r2 = lrm::nagelkerke(lr, line.null_deviance, n);
    // rms takes the spread of the recalibrated predictor, but the Brier score of the predictor as it is.
    let spread = lrm::indexes(&line.linear, outcome);
    Some([index.dxy, r2, line.coef[0], line.coef[1], d, u, d - u, index.brier, spread.g, spread.gp])
}

/// -2 sum (y l - log(1 + exp l)), the deviance of a linear predictor as it is: one far out that is wrong costs all of its
/// size, as in rms, whereas probabilities end at a logit of 36. (Beyond 709 exp overflows in R and U is infinite there.)
fn deviance(linear: &[f64], outcome: &[bool]) -> f64 {
    let lost = |(l, y): (&f64, &bool)| (l.max(0.0) + (-l.abs()).exp().ln_1p()) - if *y { *l } else { 0.0 };
    2.0 * linear.iter().zip(outcome).map(lost).sum::<f64>()
}

/// The largest distance of the line logit P = intercept + slope logit p from the diagonal, over p = 0, 0.0005 .. 1.
fn emax(intercept: f64, slope: f64) -> f64 {
    let apart = |i: u32| {
        let p = f64::from(i) / 2000.0;
        (p - inverse_logit(intercept + slope * (p / (1.0 - p)).ln())).abs()
    };
    (0..=2000).map(apart).fold(0.0, f64::max)
}
