//! What resampling the patients tells: optimism, as rms' `calibrate` and `validate`, and bands about a curve.

mod band;
mod calibrate;
mod validate;

use ndarray::{ArrayView2, Axis};
use rayon::prelude::*;

pub use band::{Band, band};
pub use calibrate::{Calibrated, calibrate};
pub use validate::{Index, Validated, validate};

use super::lrm::{self, Lrm};
use crate::caution::counted;
use crate::error::{Error, Result};
use crate::num::rng::Rng;
use crate::task::Task;

/// `count` resamples of `n` rows (0-based) with replacement, one after another from R's stream.
pub fn resamples(n: usize, count: usize, seed: i32) -> Vec<Vec<usize>> {
    let mut rng = Rng::seeded(seed);
    (0..count).map(|_| rng.resample(n, n)).collect()
}

/// The work on each resample, in parallel, gathered in the order of the resamples: sums over them do not depend on the
/// number of threads.
fn each<T: Send>(resamples: &[Vec<usize>], task: &Task, work: impl Fn(&[usize]) -> T + Sync) -> Result<Vec<T>> {
    task.begin("bootstrap", "resamples", resamples.len(), 1.0);
    let results: Vec<Result<T>> = resamples
        .par_iter()
        .map(|rows| {
            task.step()?;
            Ok(work(rows))
        })
        .collect();
    results.into_iter().collect()
}

/// The model on all patients.
///
/// # Errors
/// Those of [`lrm::fit`]; `Undefined` where `lrm` does not converge: rms has no fit then and no table, whatever the resamples
/// say that do.
fn whole(x: ArrayView2<'_, f64>, outcome: &[bool], how: lrm::Options) -> Result<Lrm> {
    let fit = lrm::fit(x, outcome, how)?;
    let why = "rms' lrm does not converge on all patients, and has no fit to correct";
    let error = || Error::Undefined { what: WHAT.into(), why: why.into() };
    fit.converged.then_some(fit).ok_or_else(error)
}

/// What is undefined where no fit is.
const WHAT: &str = "the correction for optimism";

/// That no resample could be fitted.
fn none_fitted(count: usize) -> Error {
    Error::Undefined { what: WHAT.into(), why: format!("none of {} could be fitted", counted(count, "resamples")) }
}

/// rms' criteria of a singular information matrix where it looks elsewhere than at all patients: in the resamples of `validate`,
/// and in those of `calibrate` and the line by which `validate` judges.
const IN_RESAMPLES: f64 = 1e-12;
const FINEST: f64 = 1e-13;

/// The model refitted on a resample, with the outcome there; none where the fit fails, as where a class is empty or the
/// outcome separated, and `lrm` does not converge.
fn refit(x: ArrayView2<'_, f64>, outcome: &[bool], rows: &[usize], how: lrm::Options) -> Option<(Lrm, Vec<bool>)> {
    let y: Vec<bool> = rows.iter().map(|&i| outcome[i]).collect();
    let fit = lrm::fit(x.select(Axis(0), rows).view(), &y, how).ok()?;
    fit.converged.then_some((fit, y))
}
