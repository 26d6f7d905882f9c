//! Beside the ROC curve: the area of a part of it, the bootstrap interval of the area, and the precision-recall curve.

use rayon::prelude::*;

use super::roc::{self, Direction, Groups, Roc};
use crate::error::Result;
use crate::num::rng::Rng;
use crate::num::summary;
use crate::task::Task;

/// The area under a part of the curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Partial {
    /// Integral of sensitivity over specificity from `low` to `high`.
    pub raw: f64,
    /// McClish's correction, 1/2 (1 + (raw - by chance) / (largest - by chance)); NaN where the part lies below chance, as
    /// pROC's.
    pub corrected: f64,
}

/// Percentile limits of the area, and the median, over resamples within each class.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Resampled {
    pub lower: f64,
    pub median: f64,
    pub upper: f64,
}

/// Precision against recall, from the highest score down.
#[derive(Clone, Debug, PartialEq)]
pub struct PrecisionRecall {
    pub recall: Vec<f64>,
    pub precision: Vec<f64>,
    /// Sum of precision x gain in recall over the distinct scores; no straight lines between points, which would flatter.
    pub average: f64,
}

/// The area from specificity `low` to `high` by straight lines between the points, as pROC's `partial.auc`.
pub fn partial(curve: &Roc, low: f64, high: f64) -> Partial {
    let points: Vec<(f64, f64)> = curve.specificity.iter().copied().zip(curve.sensitivity.iter().copied()).collect();
    let mut raw = 0.0;
    for pair in points.windows(2) {
        let ((from, top), (to, bottom)) = (pair[0], pair[1]);
        let (a, b) = (from.max(low), to.min(high));
        if b > a {
            let at = |x: f64| top + (bottom - top) * (x - from) / (to - from);
            raw += (b - a) * (at(a) + at(b)) / 2.0;
        }
    }
    let largest = high - low;
    let chance = largest * ((1.0 - low) + (1.0 - high)) / 2.0;
    let corrected = (1.0 + (raw - chance) / (largest - chance)) / 2.0;
    Partial { raw, corrected: if raw < chance { f64::NAN } else { corrected } }
}

/// pROC's stratified bootstrap: for each resample patients without the event are drawn, then those with it, all from one
/// stream after `set.seed(seed)`; limits are quantiles of type 7. The draws follow each other, the areas run in parallel.
///
/// # Errors
/// `Cancelled`.
pub fn bootstrap(
    groups: &Groups,
    direction: Direction,
    (count, seed): (usize, i32),
    level: f64,
    task: &Task,
) -> Result<Resampled> {
    let mut rng = Rng::seeded(seed);
    let mut draw = |values: &[f64]| -> Vec<f64> {
        rng.resample(values.len(), values.len()).into_iter().map(|i| values[i]).collect()
    };
    let drawn: Vec<Groups> = (0..count)
        .map(|_| {
            let controls = draw(&groups.controls);
            Groups { controls, cases: draw(&groups.cases), missing: 0 }
        })
        .collect();
    let areas: Vec<Result<f64>> = drawn.par_iter().map(|g| task.check().map(|()| roc::area(g, direction))).collect();
    let sorted = summary::sorted(&areas.into_iter().collect::<Result<Vec<f64>>>()?);
    let tail = (1.0 - level) / 2.0;
    let [lower, median, upper] = [tail, 0.5, 1.0 - tail].map(|p| summary::quantile(&sorted, p));
    Ok(Resampled { lower, median, upper })
}

/// The precision-recall curve, read off the ROC curve's thresholds; the share of cases is the precision of chance.
pub fn precision_recall(curve: &Roc) -> PrecisionRecall {
    let (cases, controls) = (curve.cases as f64, curve.controls as f64);
    let mut out = PrecisionRecall { recall: Vec::new(), precision: Vec::new(), average: 0.0 };
    let mut before = 0.0;
    for (sensitivity, specificity) in curve.sensitivity.iter().zip(&curve.specificity).rev() {
        let positive = sensitivity * cases + (1.0 - specificity) * controls;
        // The last threshold calls no one positive.
        if positive > 0.0 {
            let precision = sensitivity * cases / positive;
            out.average += (sensitivity - before) * precision;
            before = *sensitivity;
            out.recall.push(*sensitivity);
            out.precision.push(precision);
        }
    }
    out
}
