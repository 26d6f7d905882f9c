//! How far a calibration curve may lie elsewhere: percentile limits over resamples of the patients.

use crate::error::Result;
use crate::num::summary;
use crate::stats::calibration;
use crate::task::Task;

/// Limits of both calibration curves at evenly spaced predictions, from the smallest to the largest.
#[derive(Clone, Debug, PartialEq)]
pub struct Band {
    pub predicted: Vec<f64>,
    /// Lower and upper limit of the smooth curve and of the logistic line; NaN where fewer than half of the resamples reach.
    pub smooth: Vec<(f64, f64)>,
    pub logistic: Vec<(f64, f64)>,
    /// Resamples that have no logistic line, and take no part in its limits: separated, or of one outcome.
    pub without_line: usize,
}

/// Percentile limits at `level` (quantile type 7) of the curves of `p`, whose model stays as it is.
///
/// # Errors
/// `Cancelled`.
pub fn band(p: &[f64], outcome: &[bool], resamples: &[Vec<usize>], level: f64, task: &Task) -> Result<Band> {
    const POINTS: u32 = 50;
    let (low, high) = summary::range(p);
    let at = |i: u32| if i + 1 == POINTS { high } else { low + f64::from(i) * (high - low) / f64::from(POINTS - 1) };
    let predicted: Vec<f64> = (0..POINTS).map(at).collect();
    let curves = super::each(resamples, task, |rows| {
        let (p, y): (Vec<f64>, Vec<bool>) = rows.iter().map(|&i| (p[i], outcome[i])).unzip();
        let smooth = calibration::curve(&p, &y);
        let line = calibration::recalibrate(&p, &y).ok();
        let smooth: Vec<f64> = predicted.iter().map(|&t| smooth.at(t).unwrap_or(f64::NAN)).collect();
        let line: Vec<f64> = predicted.iter().map(|&t| line.map_or(f64::NAN, |l| l.at(t))).collect();
        (smooth, line)
    })?;
    let limits = |values: Vec<f64>| {
        let reached = summary::sorted(&values.into_iter().filter(|v| !v.is_nan()).collect::<Vec<f64>>());
        if reached.is_empty() || 2 * reached.len() < resamples.len() {
            return (f64::NAN, f64::NAN);
        }
        let tail = (1.0 - level) / 2.0;
        (summary::quantile(&reached, tail), summary::quantile(&reached, 1.0 - tail))
    };
    let smooth = (0..predicted.len()).map(|i| limits(curves.iter().map(|c| c.0[i]).collect())).collect();
    let logistic = (0..predicted.len()).map(|i| limits(curves.iter().map(|c| c.1[i]).collect())).collect();
    let without_line = curves.iter().filter(|c| c.1.iter().all(|v| v.is_nan())).count();
    Ok(Band { predicted, smooth, logistic, without_line })
}
