//! Leaving out the voxels of a region whose intensity lies beyond limits.

use serde::Serialize;

use crate::error::{Error, Result};
use crate::image::{Mask, Pixel, Volume};

/// Limits on the intensity of a region's voxels: `resegmentRange` and `resegmentMode` of PyRadiomics.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Resegment {
    /// The lowest and, where given, the highest intensity that stays, ascending.
    pub range: Vec<f64>,
    pub mode: Threshold,
    /// Whether shape is of the voxels that stay, too. Default: no.
    pub shape: bool,
}

/// What a limit is given in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Threshold {
    /// Intensities.
    Absolute,
    /// Shares of the region's largest intensity.
    Relative,
    /// Standard deviations of the region's intensities (dividing by N) from their mean.
    Sigma,
}

impl Resegment {
    /// The voxels of a region that stay. [`Error::BadRoi`] when at most one does.
    ///
    /// In a 32-bit float image mean, deviation and limits are 32-bit floats, summed pairwise as numpy sums, for a voxel
    /// at the limit must fall on the side where PyRadiomics has it.
    pub fn apply(&self, image: &Volume, roi: &Mask) -> Result<Mask> {
        let values: Vec<f64> =
            image.voxels.iter().zip(&roi.inside).filter(|(_, inside)| **inside).map(|(v, _)| *v).collect();
        let (origin, unit) = match self.mode {
            Threshold::Absolute => (0.0, 1.0),
            Threshold::Relative => (0.0, values.iter().copied().fold(f64::NEG_INFINITY, f64::max)),
            Threshold::Sigma => mean_and_deviation(&values, image.pixel),
        };
        let limit = |t: f64| {
            let limit = if self.mode == Threshold::Absolute { t } else { origin + unit * t };
            if image.pixel == Pixel::Float32 { f64::from(limit as f32) } else { limit }
        };
        let low = self.range.first().map_or(f64::NEG_INFINITY, |t| limit(*t));
        let high = self.range.get(1).map_or(f64::INFINITY, |t| limit(*t));
        let stays = |(v, inside): (&f64, &bool)| *inside && low <= *v && *v <= high;
        let inside: Vec<bool> = image.voxels.iter().zip(&roi.inside).map(stays).collect();
        let mask = Mask { geometry: roi.geometry, inside };
        match mask.count() {
            0 | 1 => Err(Error::BadRoi { why: "has at most one voxel within resegmentRange".into() }),
            _ => Ok(mask),
        }
    }
}

fn mean_and_deviation(values: &[f64], pixel: Pixel) -> (f64, f64) {
    let n = values.len();
    if pixel == Pixel::Float32 {
        let mut x: Vec<f32> = values.iter().map(|v| *v as f32).collect();
        let mean = (f64::from(pairwise(&x)) / n as f64) as f32;
        x.iter_mut().for_each(|v| *v = (*v - mean) * (*v - mean));
        let variance = (f64::from(pairwise(&x)) / n as f64) as f32;
        return (f64::from(mean), f64::from(variance.sqrt()));
    }
    let mut x = values.to_vec();
    let mean = pairwise(&x) / n as f64;
    x.iter_mut().for_each(|v| *v = (*v - mean) * (*v - mean));
    (mean, (pairwise(&x) / n as f64).sqrt())
}

/// The sum as numpy forms it: eight running sums over up to 128 values, halves of more than that added up.
fn pairwise<T: Copy + Default + std::ops::Add<Output = T>>(x: &[T]) -> T {
    if x.len() < 8 {
        return x.iter().fold(T::default(), |sum, v| sum + *v);
    }
    if x.len() > 128 {
        let half = x.len() / 2;
        let (a, b) = x.split_at(half - half % 8);
        return pairwise(a) + pairwise(b);
    }
    let mut r: [T; 8] = std::array::from_fn(|k| x[k]);
    let mut blocks = x[8..].chunks_exact(8);
    for block in &mut blocks {
        r.iter_mut().zip(block).for_each(|(sum, v)| *sum = *sum + *v);
    }
    let sum = ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]));
    blocks.remainder().iter().fold(sum, |sum, v| sum + *v)
}
