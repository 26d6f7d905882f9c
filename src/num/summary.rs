//! Mean, spread and quantiles of a sample.

use crate::num::rank;

/// The mean, in two passes; NaN of nothing.
pub fn mean(x: &[f64]) -> f64 {
    let n = x.len() as f64;
    let first = x.iter().sum::<f64>() / n;
    if !first.is_finite() {
        return first;
    }
    first + x.iter().map(|v| v - first).sum::<f64>() / n
}

/// The variance with n - 1; NaN of fewer than two values.
pub fn variance(x: &[f64]) -> f64 {
    if x.len() < 2 {
        return f64::NAN;
    }
    let mean = mean(x);
    x.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / (x.len() - 1) as f64
}

/// The standard deviation with n - 1; NaN of fewer than two values.
pub fn sd(x: &[f64]) -> f64 {
    variance(x).sqrt()
}

/// The smallest and the largest value; (inf, -inf) of nothing.
pub fn range(x: &[f64]) -> (f64, f64) {
    x.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), &v| (lo.min(v), hi.max(v)))
}

/// `x` sorted, its values without NaN.
pub fn sorted(x: &[f64]) -> Vec<f64> {
    let mut x: Vec<f64> = x.iter().copied().filter(|v| !v.is_nan()).collect();
    x.sort_by(rank::ascending);
    x
}

/// R's quantile type 7 (its default) of values already `sorted`; NaN of nothing.
pub fn quantile(sorted: &[f64], p: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
    let index = last as f64 * p;
    let (lo, hi) = (index.floor() as usize, (index.ceil() as usize).min(last));
    let h = index - lo as f64;
    if h > 0.0 && sorted[hi] != sorted[lo] { (1.0 - h) * sorted[lo] + h * sorted[hi] } else { sorted[lo] }
}

/// Smallest, lower hinge, median, upper hinge and largest value: R's `fivenum`, Tukey's five numbers. A hinge is the median of
/// the half below or above, the middle value counted in both. None of nothing; NaN takes no part.
pub fn five(x: &[f64]) -> Option<[f64; 5]> {
    let x = sorted(x);
    let last = x.len().checked_sub(1)? as f64;
    let hinge = ((last + 4.0) / 2.0).floor() / 2.0 - 1.0;
    let at = |place: f64| (x[place.floor() as usize] + x[place.ceil() as usize]) / 2.0;
    Some([0.0, hinge, last / 2.0, last - hinge, last].map(at))
}

/// R's quantile type 1, the inverse of the empirical distribution, of values already `sorted`; NaN of nothing. A position
/// within 1e-9 of a whole number is that number, so that `(1 - 0.95) / 2` of 200 values is the fifth.
pub fn quantile_step(sorted: &[f64], p: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
    let position = (sorted.len() as f64 * p - 1e-9).ceil().max(1.0);
    sorted[(position as usize - 1).min(last)]
}

/// The median of values in any order; NaN of nothing.
pub fn median(x: &[f64]) -> f64 {
    let x = sorted(x);
    match x.len() {
        0 => f64::NAN,
        n if n % 2 == 1 => x[n / 2],
        n => (x[n / 2 - 1] + x[n / 2]) / 2.0,
    }
}
