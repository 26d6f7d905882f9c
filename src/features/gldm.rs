//! Grey level dependence matrix: how many neighbours of a voxel are like it.

use super::angle::forward;
use super::neighbourhood;
use super::region::Region;
use super::settings::Intensity;
use super::sizes::{Cell, Emphases, emphases};
use super::{Class, Compute, Outcome, Reason, Scratch};

/// The class as it stands in the table of `features/mod.rs`.
pub(super) const CLASS: Class = Class {
    name: "gldm",
    features: &[
        "DependenceEntropy",
        "DependenceNonUniformity",
        "DependenceNonUniformityNormalized",
        "DependenceVariance",
        "GrayLevelNonUniformity",
        "GrayLevelVariance",
        "HighGrayLevelEmphasis",
        "LargeDependenceEmphasis",
        "LargeDependenceHighGrayLevelEmphasis",
        "LargeDependenceLowGrayLevelEmphasis",
        "LowGrayLevelEmphasis",
        "SmallDependenceEmphasis",
        "SmallDependenceHighGrayLevelEmphasis",
        "SmallDependenceLowGrayLevelEmphasis",
    ],
    on_request: &[],
    withdrawn: &[
        ("DependencePercentage", "it is always 1"),
        ("GrayLevelNonUniformityNormalized", "it equals firstorder Uniformity"),
    ],
    compute: Compute::Image(compute),
};

/// Features of the matrix of voxels by grey level and by 1 + the neighbours within the distances whose grey value differs
/// by at most `gldm_a`.
fn compute(region: &Region, intensity: &Intensity, scratch: &mut Scratch) -> Outcome {
    let angles = forward(region, &intensity.distances, intensity);
    if angles.is_empty() {
        return Err(Reason::NoNeighbours);
    }
    let levels = region.levels();
    let tolerance = u16::try_from(intensity.gldm_a).unwrap_or(u16::MAX);
    let mut matrix = vec![0u32; (2 * angles.len() + 1) * levels];
    neighbourhood::each(region, &angles, tolerance, scratch, |level, neighbours| {
        matrix[usize::from(neighbours.alike) * levels + usize::from(level) - 1] += 1;
    });
    let cell =
        |(k, count): (usize, u32)| Cell { level: k % levels, size: (k / levels + 1) as f64, count: f64::from(count) };
    let cells: Vec<Cell> = matrix.into_iter().enumerate().filter(|(_, c)| *c > 0).map(cell).collect();
    emphases(&cells, &region.grey_values()).map(in_order).ok_or(Reason::NoNeighbours)
}

fn in_order(e: Emphases) -> Vec<f64> {
    vec![
        e.entropy,
        e.size_non_uniformity,
        e.size_non_uniformity_normalized,
        e.size_variance,
        e.grey_non_uniformity,
        e.grey_variance,
        e.high,
        e.large,
        e.large_high,
        e.large_low,
        e.low,
        e.small,
        e.small_high,
        e.small_low,
    ]
}
