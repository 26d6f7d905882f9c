//! Grey level dependence matrix: how many neighbours of a voxel are like it.

use super::neighbourhood;
use super::region::Region;
use super::settings::Intensity;
use super::sizes::{Emphases, cells, emphases};
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
    let (neighbours, most) = neighbourhood::of(region, intensity)?;
    let levels = region.levels();
    let matrix = &mut scratch.counts;
    matrix.clear();
    matrix.resize((most + 1) * levels, 0);
    for (p, neighbours) in region.at.iter().zip(neighbours) {
        matrix[neighbours.alike as usize * levels + usize::from(region.level[*p as usize]) - 1] += 1;
    }
    let cells = cells(matrix.iter().map(|c| f64::from(*c)), levels);
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
