//! Directions from a voxel to its neighbours, and the weights they get.

use serde::{Deserialize, Serialize};

use super::region::Region;
use super::settings::Intensity;

/// How far a direction reaches, for weighting: `weightingNorm` of PyRadiomics.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Norm {
    /// The sum of the millimetres along the axes.
    Manhattan,
    /// The distance in millimetres.
    Euclidean,
    /// The largest of the millimetres along the axes.
    Infinity,
    /// Every direction weighs 1; the matrices are still summed.
    NoWeighting,
}

/// A step to a neighbour, in voxels along x, y, z.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Angle {
    pub step: [isize; 3],
}

impl Angle {
    /// The step in the padded grid of a region.
    pub fn offset(self, region: &Region) -> isize {
        self.step.iter().zip(region.stride).map(|(s, n)| s * n as isize).sum()
    }

    /// Length of the step in millimetres by a norm; 1 without weighting.
    pub fn length(self, spacing: [f64; 3], norm: Norm) -> f64 {
        let mm = [2, 1, 0].map(|k: usize| self.step[k].unsigned_abs() as f64 * spacing[k]);
        match norm {
            Norm::Manhattan => mm.iter().sum(),
            Norm::Euclidean => mm.iter().map(|m| m * m).sum::<f64>().sqrt(),
            Norm::Infinity => mm.iter().copied().fold(0.0, f64::max),
            Norm::NoWeighting => 1.0,
        }
    }
}

/// One direction of every opposite pair: those that go forward in the grid (later z, or y, or x), at the given distances
/// by the infinity norm, never longer than the region, and in the plane when the settings force two dimensions.
pub(super) fn forward(region: &Region, distances: &[usize], intensity: &Intensity) -> Vec<Angle> {
    let reach = distances.iter().copied().max().unwrap_or(0);
    let range = |axis: usize| {
        let most = reach.min(region.size[axis] - 1) as isize;
        let flat = intensity.plane() == Some(axis);
        if flat { (0..=0).rev() } else { (-most..=most).rev() }
    };
    let mut angles = Vec::new();
    for z in range(2) {
        for y in range(1) {
            for x in range(0) {
                let step = [x, y, z];
                let length = step.map(isize::unsigned_abs).into_iter().fold(0, usize::max);
                if distances.contains(&length) && (z, y, x) > (0, 0, 0) {
                    angles.push(Angle { step });
                }
            }
        }
    }
    angles
}
