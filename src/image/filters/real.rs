//! The floats a filter computes in: those of the scan.

use std::ops::{Add, AddAssign, Div, Mul, Sub};

use crate::image::Pixel;

/// 32- or 64-bit floats.
pub trait Real:
    Copy
    + AddAssign
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + PartialOrd
    + Into<f64>
{
    const ZERO: Self;
    /// The power of ten that surely is above the spacing of floats near 1, as numpy has it.
    const RESOLUTION: Self;
    const NAN: Self;
    const PIXEL: Pixel;
    fn of(x: f64) -> Self;
}

impl Real for f32 {
    const ZERO: Self = 0.0;
    const RESOLUTION: Self = 1e-6;
    const NAN: Self = Self::NAN;
    const PIXEL: Pixel = Pixel::Float32;
    fn of(x: f64) -> Self {
        x as Self
    }
}

impl Real for f64 {
    const ZERO: Self = 0.0;
    const RESOLUTION: Self = 1e-15;
    const NAN: Self = Self::NAN;
    const PIXEL: Pixel = Pixel::Float64;
    fn of(x: f64) -> Self {
        x
    }
}
