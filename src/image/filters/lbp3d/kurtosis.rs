//! Kurtosis as SciPy computes it: in floats of the scan, summing pair by pair as numpy does.

use std::array::from_fn;

use super::spline::LANES;
use crate::image::Pixel;
use crate::image::filters::real::Real;

/// m4 / m2^2 - 3 of each lane's values, NaN where their spread is within rounding of their mean. 32-bit float scans are
/// summed in 32-bit floats.
pub fn of(values: &[[f64; LANES]], pixel: Pixel) -> [f64; LANES] {
    if pixel == Pixel::Float32 { excess::<f32>(values) } else { excess::<f64>(values) }
}

fn excess<T: Real>(values: &[[f64; LANES]]) -> [f64; LANES] {
    let count = T::of(values.len() as f64);
    let mean = |value: &dyn Fn(usize) -> [T; LANES]| -> [T; LANES] {
        let sum = pairwise(0, values.len(), value);
        from_fn(|k| sum[k] / count)
    };
    let centre: [T; LANES] = mean(&|i| from_fn(|k| T::of(values[i][k])));
    let square = |i: usize| -> [T; LANES] {
        from_fn(|k| {
            let away = T::of(values[i][k]) - centre[k];
            away * away
        })
    };
    let second: [T; LANES] = mean(&square);
    let fourth: [T; LANES] = mean(&|i| {
        let square = square(i);
        from_fn(|k| square[k] * square[k])
    });
    from_fn(|k| {
        let rounding = T::RESOLUTION * centre[k];
        let flat = second[k] <= rounding * rounding;
        let ratio = if flat { T::NAN } else { fourth[k] / (second[k] * second[k]) };
        (ratio - T::of(3.0)).into()
    })
}

/// numpy's sum of a row: up to 128 values in eight strands, more of them half by half.
fn pairwise<T: Real>(from: usize, count: usize, value: &(impl Fn(usize) -> [T; LANES] + ?Sized)) -> [T; LANES] {
    if count > 128 {
        let half = count / 2 / 8 * 8;
        return add(pairwise(from, half, value), pairwise(from + half, count - half, value));
    }
    let whole = count / 8 * 8;
    let mut total = [T::ZERO; LANES];
    if whole > 0 {
        let mut strands: [[T; LANES]; 8] = from_fn(|k| value(from + k));
        for i in (8..whole).step_by(8) {
            strands.iter_mut().enumerate().for_each(|(k, strand)| *strand = add(*strand, value(from + i + k)));
        }
        let [a, b, c, d, e, f, g, h] = strands;
        total = add(add(add(a, b), add(c, d)), add(add(e, f), add(g, h)));
    }
    (whole..count).fold(total, |total, i| add(total, value(from + i)))
}

fn add<T: Real>(a: [T; LANES], b: [T; LANES]) -> [T; LANES] {
    from_fn(|k| a[k] + b[k])
}
