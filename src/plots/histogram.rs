//! How many features stand where, with the threshold that cuts them.

use crate::page::{Axis, Guide, Mark, Plot, Series};

const BINS: usize = 40;

/// Counts of the values that are defined, in 40 bins between the smallest and the largest, and the threshold as a guide.
pub fn histogram(title: &str, label: &str, values: &[f64], threshold: f64) -> Plot {
    let x = Axis::around(label, values.iter().copied().chain([threshold]));
    let width = (x.high - x.low) / BINS as f64;
    let mut counts = [0_usize; BINS];
    for v in values.iter().filter(|v| v.is_finite()) {
        counts[(((v - x.low) / width) as usize).min(BINS - 1)] += 1;
    }
    let top = counts.iter().copied().max().unwrap_or(0).max(1);
    let middle = |i: usize| x.low + (i as f64 + 0.5) * width;
    let bars = counts.iter().enumerate().map(|(i, n)| (middle(i), *n as f64)).collect();
    Plot::new(title, x, Axis::new("features", 0.0, top as f64))
        .series(Series::new("features", Mark::Bars, bars))
        .guide(Guide::Vertical(threshold, format!("threshold {threshold}")))
}
