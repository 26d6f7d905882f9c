//! Filters that look at one voxel at a time, scaled by the largest intensity M of the whole scan in size.
//!
//! As PyRadiomics: computed and kept in 64-bit floats, whatever the type of the scan. A scan that is 0 everywhere has M = 0,
//! and divides by it: every voxel is NaN, but for the square root.

use crate::image::{Pixel, Volume, Window};

/// (x / sqrt(M))^2.
pub fn square(image: &Volume, window: &Window) -> Volume {
    let scale = 1.0 / largest(image).sqrt();
    map(image, window, |x| (scale * x) * (scale * x))
}

/// sqrt(M |x|), with the sign of x.
pub fn square_root(image: &Volume, window: &Window) -> Volume {
    let scale = largest(image);
    map(image, window, |x| if x < 0.0 { -(-x * scale).sqrt() } else { (x * scale).sqrt() })
}

/// M log(|x| + 1) / log(M + 1), with the sign of x.
pub fn logarithm(image: &Volume, window: &Window) -> Volume {
    let largest = largest(image);
    let scale = largest / (largest + 1.0).ln();
    map(image, window, |x| scale * if x < 0.0 { -(-(x - 1.0)).ln() } else { (x + 1.0).ln() })
}

/// e^(x log(M) / M).
pub fn exponential(image: &Volume, window: &Window) -> Volume {
    let largest = largest(image);
    let scale = largest.ln() / largest;
    map(image, window, |x| (scale * x).exp())
}

fn largest(image: &Volume) -> f64 {
    image.voxels.iter().fold(0.0, |most, x| x.abs().max(most))
}

fn map(image: &Volume, window: &Window, of: impl Fn(f64) -> f64) -> Volume {
    let mut filtered = image.cut(window);
    filtered.voxels.iter_mut().for_each(|x| *x = of(*x));
    filtered.pixel = Pixel::Float64;
    filtered
}
