//! The calibration curve corrected for optimism, as rms' `calibrate`.

use ndarray::ArrayView2;

use crate::error::{Error, Result};
use crate::num::smooth::Curve;
use crate::num::summary;
use crate::stats::{calibration, logistic, lrm};
use crate::task::Task;

/// A calibration curve at evenly spaced predictions, between the fifth smallest and the fifth largest.
#[derive(Clone, Debug, PartialEq)]
pub struct Calibrated {
    pub predicted: Vec<f64>,
    pub apparent: Vec<f64>,
    /// Mean over resamples of (curve on the resample) - (curve of the same fit on all patients).
    pub optimism: Vec<f64>,
    /// apparent - optimism.
    pub corrected: Vec<f64>,
    /// Resamples whose curves reach each prediction.
    pub used: Vec<usize>,
    /// Resamples whose fit failed, and took no part.
    pub failed: usize,
    /// |prediction - corrected curve| over patients: mean, mean square, 0.9 quantile.
    pub mean_error: f64,
    pub mean_squared_error: f64,
    pub q90_error: f64,
}

/// Calibrate the model of the outcome on the columns of `x`, fitted by [`lrm`] in every resample; rms takes its usual options.
///
/// # Errors
/// `TooFew` patients (under 10); `Undefined` where `lrm` fits not all patients, or no
/// resample; `Cancelled`.
pub fn calibrate(
    x: ArrayView2<'_, f64>,
    outcome: &[bool],
    resamples: &[Vec<usize>],
    how: lrm::Options,
    task: &Task,
) -> Result<Calibrated> {
    const POINTS: usize = 50;
    const TRIM: usize = 5;
    let n = outcome.len();
    if n < 2 * TRIM {
        return Err(Error::TooFew { what: "a calibration curve by patients".into(), needed: 2 * TRIM, got: n });
    }
    let whole = super::whole(x, outcome, how)?;
    let p = probabilities(&whole.linear);
    let sorted = summary::sorted(&p);
    let (low, high) = (sorted[TRIM - 1], sorted[n - TRIM]);
    let by = (high - low) / (POINTS - 1) as f64;
    let predicted: Vec<f64> = (0..POINTS).map(|i| if i + 1 == POINTS { high } else { low + i as f64 * by }).collect();
    let apparent = read(&calibration::curve(&p, outcome), &predicted);
    let each = super::each(resamples, task, |rows| optimism(x, outcome, rows, how, &predicted))?;
    let failed = each.iter().filter(|e| e.is_none()).count();
    let fits: Vec<Vec<f64>> = each.into_iter().flatten().collect();
    if fits.is_empty() && failed > 0 {
        return Err(super::none_fitted(failed));
    }
    let (optimism, used): (Vec<f64>, Vec<usize>) = (0..POINTS)
        .map(|i| {
            let reached: Vec<f64> = fits.iter().map(|f| f[i]).filter(|v| !v.is_nan()).collect();
            (reached.iter().sum::<f64>() / reached.len() as f64, reached.len())
        })
        .unzip();
    let corrected: Vec<f64> = apparent.iter().zip(&optimism).map(|(a, o)| a - o).collect();
    Ok(with_errors(
        Calibrated {
            predicted,
            apparent,
            optimism,
            corrected,
            used,
            failed,
            mean_error: f64::NAN,
            mean_squared_error: f64::NAN,
            q90_error: f64::NAN,
        },
        &p,
    ))
}

/// The optimism of one resample at each prediction, NaN where a curve does not reach; none where its fit failed.
fn optimism(
    x: ArrayView2<'_, f64>,
    outcome: &[bool],
    rows: &[usize],
    how: lrm::Options,
    predicted: &[f64],
) -> Option<Vec<f64>> {
    let (fit, y) = super::refit(x, outcome, rows, lrm::Options { tolerance: super::FINEST, ..how })?;
    let training = read(&calibration::curve(&probabilities(&fit.linear), &y), predicted);
    let test = read(&calibration::curve(&probabilities(&fit.predict(x)), outcome), predicted);
    Some(training.iter().zip(&test).map(|(a, b)| a - b).collect())
}

fn with_errors(mut curve: Calibrated, p: &[f64]) -> Calibrated {
    let corrected = Curve { x: curve.predicted.clone(), y: curve.corrected.clone() };
    let apart: Vec<f64> = p.iter().filter_map(|&p| Some((corrected.at(p)? - p).abs())).collect();
    curve.mean_error = summary::mean(&apart);
    curve.mean_squared_error = summary::mean(&apart.iter().map(|e| e * e).collect::<Vec<f64>>());
    curve.q90_error = summary::quantile(&summary::sorted(&apart), 0.9);
    curve
}

fn read(curve: &Curve, at: &[f64]) -> Vec<f64> {
    at.iter().map(|&t| curve.at(t).unwrap_or(f64::NAN)).collect()
}

fn probabilities(linear: &[f64]) -> Vec<f64> {
    linear.iter().map(|&l| logistic::inverse_logit(l)).collect()
}
