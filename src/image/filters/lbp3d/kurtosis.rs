//! Kurtosis as SciPy computes it: in floats of the scan, summing pair by pair as numpy does.

use crate::image::Pixel;
use crate::image::filters::real::Real;

/// m4 / m2^2 - 3 of the values, NaN where their spread is within rounding of their mean. 32-bit float scans are summed in
/// 32-bit floats.
pub fn of(values: &[f64], pixel: Pixel) -> f64 {
    if pixel == Pixel::Float32 { excess::<f32>(values) } else { excess::<f64>(values) }
}

fn excess<T: Real>(values: &[f64]) -> f64 {
    let count = T::of(values.len() as f64);
    let mean = pairwise(0, values.len(), &|i| T::of(values[i])) / count;
    let square = |i: usize| {
        let away = T::of(values[i]) - mean;
        away * away
    };
    let second = pairwise(0, values.len(), &square) / count;
    let fourth = pairwise(0, values.len(), &|i| square(i) * square(i)) / count;
    let rounding = T::RESOLUTION * mean;
    let ratio = if second <= rounding * rounding { T::NAN } else { fourth / (second * second) };
    (ratio - T::of(3.0)).into()
}

/// numpy's sum of a row: up to 128 values in eight strands, more of them half by half.
fn pairwise<T: Real>(from: usize, count: usize, value: &impl Fn(usize) -> T) -> T {
    if count > 128 {
        let half = count / 2 / 8 * 8;
        return pairwise(from, half, value) + pairwise(from + half, count - half, value);
    }
    let whole = count / 8 * 8;
    let mut total = T::ZERO;
    if whole > 0 {
        let mut strands = [0, 1, 2, 3, 4, 5, 6, 7].map(|k| value(from + k));
        for i in (8..whole).step_by(8) {
            strands.iter_mut().enumerate().for_each(|(k, strand)| *strand += value(from + i + k));
        }
        let [a, b, c, d, e, f, g, h] = strands;
        total = ((a + b) + (c + d)) + ((e + f) + (g + h));
    }
    (whole..count).for_each(|i| total += value(from + i));
    total
}
