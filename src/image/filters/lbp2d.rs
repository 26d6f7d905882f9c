//! Local binary patterns of each slice: which neighbours on a circle are at least as bright as the voxel.
//!
//! As PyRadiomics with scikit-image: neighbour i of P lies at the angle 2 pi i / P on a circle of radius R, its offset
//! rounded to five decimals and its intensity interpolated linearly between four voxels, those outside the slice being 0.
//! The codes are written back into voxels of the scan's own type, so a small integer type wraps them.

use std::f64::consts::PI;

use serde::Serialize;

use crate::image::{Pixel, Volume, Window};

/// Where to look, and what to make of it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Lbp2d {
    /// Radius of the circle in voxels.
    pub radius: f64,
    /// Neighbours on the circle, at least 1.
    pub samples: usize,
    pub method: Pattern,
    /// The axis (x = 0, y = 1, z = 2) across the slices.
    pub plane: usize,
}

/// How the neighbours become a number. Neighbour i gives the bit 1 where it is no darker than the voxel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Pattern {
    /// The sum of bit i times 2^i, as far as 32-bit integers go.
    Default,
    /// The smallest number that rotating these bits gives.
    Ror,
    /// How many bits are 1, or P + 1 where bits change more than twice from the first to the last.
    Uniform,
    /// The variance of the neighbours' intensities (not of the bits); NaN where it is 0.
    Var,
}

/// The patterns of a window; neighbours are taken from the whole scan.
pub fn lbp2d(image: &Volume, window: &Window, options: &Lbp2d) -> Volume {
    // What PyRadiomics' exchange of axes makes the rows and the columns of a slice.
    let (row, column) = [(1, 2), (2, 0), (1, 0)][options.plane];
    let circle: Vec<(f64, f64)> = (0..options.samples).map(|i| offset(i, options)).collect();
    let steps = |axis: usize, of: fn(&(f64, f64)) -> f64| -> Vec<Vec<Step>> {
        circle.iter().map(|point| along(axis, of(point), image, window)).collect()
    };
    let (rows, columns) = (steps(row, |point| point.0), steps(column, |point| point.1));
    let stride = [1, image.geometry.size[0], image.geometry.size[0] * image.geometry.size[1]][options.plane];
    let mut filtered = image.cut(window);
    let mut intensities = vec![0.0; options.samples];
    let [nx, ny, _] = window.size;
    for (n, voxel) in filtered.voxels.iter_mut().enumerate() {
        let at = [n % nx, n / nx % ny, n / nx / ny];
        let slice = &image.voxels[(window.low[options.plane] + at[options.plane]) * stride..];
        for ((intensity, row_steps), column_steps) in intensities.iter_mut().zip(&rows).zip(&columns) {
            *intensity = between(slice, row_steps[at[row]], column_steps[at[column]]);
        }
        *voxel = stored(code(&intensities, *voxel, options.method), image.pixel);
    }
    filtered
}

/// Between which two voxels of an axis a neighbour lies: where they are in the slice unless outside, and how far from the
/// first it is.
#[derive(Clone, Copy)]
struct Step {
    low: Option<usize>,
    high: Option<usize>,
    part: f64,
}

fn offset(sample: usize, options: &Lbp2d) -> (f64, f64) {
    let angle = 2.0 * PI * sample as f64 / options.samples as f64;
    let rounded = |x: f64| (x * 1e5).round_ties_even() / 1e5;
    (rounded(-options.radius * angle.sin()), rounded(options.radius * angle.cos()))
}

fn along(axis: usize, offset: f64, image: &Volume, window: &Window) -> Vec<Step> {
    let [nx, ny, _] = image.geometry.size;
    let stride = [1, nx, nx * ny][axis];
    let inside = |i: f64| (i >= 0.0 && i < image.geometry.size[axis] as f64).then_some(i as usize * stride);
    let range = window.low[axis]..window.low[axis] + window.size[axis];
    let step = |at: f64| Step { low: inside(at.floor()), high: inside(at.ceil()), part: at - at.floor() };
    range.map(|i| step(i as f64 + offset)).collect()
}

fn between(slice: &[f64], row: Step, column: Step) -> f64 {
    let voxel = |row: Option<usize>, column: Option<usize>| match (row, column) {
        (Some(row), Some(column)) => slice[row + column],
        _ => 0.0,
    };
    if row.part == 0.0 && column.part == 0.0 {
        return voxel(row.low, column.low);
    }
    let across = |row| (1.0 - column.part) * voxel(row, column.low) + column.part * voxel(row, column.high);
    (1.0 - row.part) * across(row.low) + row.part * across(row.high)
}

fn code(intensities: &[f64], centre: f64, method: Pattern) -> f64 {
    let bit = |x: &f64| *x - centre >= 0.0;
    match method {
        Pattern::Default => weighed(intensities.iter().map(bit)),
        Pattern::Ror => rotated(weighed(intensities.iter().map(bit)) as i32, intensities.len()),
        Pattern::Uniform if intensities.windows(2).filter(|pair| bit(&pair[0]) != bit(&pair[1])).count() > 2 => {
            (intensities.len() + 1) as f64
        }
        Pattern::Uniform => intensities.iter().filter(|x| bit(x)).count() as f64,
        Pattern::Var => variance(intensities),
    }
}

/// 32-bit integers as in scikit-image: the weight of bit 31 is negative, those beyond weigh nothing.
fn weighed(bits: impl Iterator<Item = bool>) -> f64 {
    let weight = |i: usize| if i < 32 { f64::from(1_i32 << i) } else { 0.0 };
    bits.enumerate().map(|(i, bit)| if bit { weight(i) } else { 0.0 }).sum()
}

fn rotated(code: i32, bits: usize) -> f64 {
    let top = if bits <= 32 { 1_i32 << (bits - 1) } else { 0 };
    let turn = |code: &i32| Some((code >> 1) | if code & 1 == 1 { top } else { 0 });
    std::iter::successors(Some(code), turn).take(bits).min().map_or(0.0, f64::from)
}

fn variance(intensities: &[f64]) -> f64 {
    let count = intensities.len() as f64;
    let (sum, squares) = intensities.iter().fold((0.0, 0.0), |(sum, squares), x| (sum + x, squares + x * x));
    let variance = (squares - (sum * sum) / count) / count;
    if variance == 0.0 { f64::NAN } else { variance }
}

/// A code as a voxel of the scan's type: floats round; integers lose their fraction and wrap. What no 32-bit integer holds
/// (64-bit for the wide types) becomes the least such integer first, which is what processors make of it.
fn stored(code: f64, pixel: Pixel) -> f64 {
    let whole = |limit: f64| if code >= -limit && code < limit { code as i64 } else { -limit as i64 };
    match pixel {
        Pixel::Float64 => code,
        Pixel::Float32 => f64::from(code as f32),
        Pixel::Integer { bits: 8, signed: true } => f64::from(whole(2.0_f64.powi(31)) as i8),
        Pixel::Integer { bits: 8, signed: false } => f64::from(whole(2.0_f64.powi(31)) as u8),
        Pixel::Integer { bits: 16, signed: true } => f64::from(whole(2.0_f64.powi(31)) as i16),
        Pixel::Integer { bits: 16, signed: false } => f64::from(whole(2.0_f64.powi(31)) as u16),
        Pixel::Integer { bits: 32, signed: true } => whole(2.0_f64.powi(31)) as f64,
        Pixel::Integer { bits: 32, signed: false } => f64::from(whole(2.0_f64.powi(63)) as u32),
        Pixel::Integer { signed: true, .. } => whole(2.0_f64.powi(63)) as f64,
        Pixel::Integer { .. } => whole(2.0_f64.powi(63)) as u64 as f64,
    }
}
