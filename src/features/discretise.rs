//! Intensities to grey levels: PyRadiomics' bins, edge for edge.

use serde::{Deserialize, Serialize};

use super::Reason;
use super::region::MAX_LEVELS;
use super::settings::{Intensity, Profile};
use crate::image::Pixel;

/// How intensities are put into bins.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Bins {
    /// Bins of this width, their edges at its multiples (by IBSI: the first edge at the smallest intensity). The first bin holds the smallest intensity.
    #[serde(rename = "binWidth")]
    Width(f64),
    /// This many bins between the smallest and the largest intensity.
    #[serde(rename = "binCount")]
    Count(usize),
}

/// The level of each value, from 1: the number of bin edges at or below it.
///
/// Edges are the numbers `numpy.arange` and `numpy.linspace` give, rounding included, for a value near an edge must fall
/// where PyRadiomics puts it; with a bin count those of a 32-bit float image are 32-bit floats. Values are finite.
/// [`Reason::TooManyLevels`] when there would be more than 16384 levels, or the bins are narrower than the intensities' rounding.
pub(super) fn levels(values: &[f64], intensity: &Intensity, pixel: Pixel) -> Result<Vec<u16>, Reason> {
    let min = values.iter().copied().fold(f64::INFINITY, f64::min);
    let max = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let edges = match intensity.bins {
        Bins::Width(width) => by_width(min, max, width, intensity.profile)?,
        Bins::Count(count) => by_count(min, max, count, pixel)?,
    };
    let per_edge = (edges.len() - 1) as f64 / (edges[edges.len() - 1] - edges[0]);
    Ok(values.iter().map(|v| level(*v, &edges, per_edge)).collect())
}

/// Number of edges at or below the value, from a guess that is off by a rounding at most in an even grid.
fn level(value: f64, edges: &[f64], per_edge: f64) -> u16 {
    let mut level = (((value - edges[0]) * per_edge) as usize + 1).min(edges.len());
    while level < edges.len() && edges[level] <= value {
        level += 1;
    }
    while level > 0 && edges[level - 1] > value {
        level -= 1;
    }
    level as u16
}

fn by_width(min: f64, max: f64, width: f64, profile: Profile) -> Result<Vec<f64>, Reason> {
    let low = if profile == Profile::Ibsi { min } else { min - modulo(min, width) };
    let count = ((max + 2.0 * width - low) / width).ceil();
    if count > MAX_LEVELS as f64 || low + width <= low {
        return Err(Reason::TooManyLevels);
    }
    // As numpy.arange has it: the difference of the first two edges, which rounding may keep from being the width.
    let step = (low + width) - low;
    Ok((0..count as usize).map(|i| low + i as f64 * step).collect())
}

fn by_count(min: f64, max: f64, count: usize, pixel: Pixel) -> Result<Vec<f64>, Reason> {
    if count >= MAX_LEVELS {
        return Err(Reason::TooManyLevels);
    }
    let round = |v: f64| if pixel == Pixel::Float32 { f64::from(v as f32) } else { v };
    let (low, high) = if min == max { (min - 0.5, max + 0.5) } else { (min, max) };
    let step = (high - low) / count as f64;
    let mut edges: Vec<f64> = (0..=count).map(|i| round(i as f64 * step + low)).collect();
    // The largest value belongs to the last bin, which is why PyRadiomics moves the last edge up by 1.
    edges[count] = round(round(high) + 1.0);
    Ok(edges)
}

/// Remainder with the sign of the divisor, as Python's `%`.
fn modulo(a: f64, b: f64) -> f64 {
    let r = a % b;
    if r != 0.0 && (r < 0.0) != (b < 0.0) { r + b } else { r }
}
