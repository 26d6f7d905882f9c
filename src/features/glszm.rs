//! Grey level size zone matrix: connected patches of one grey level.

use super::angle::forward;
use super::region::Region;
use super::settings::Intensity;
use super::sizes::{Cell, Emphases, emphases};
use super::{Class, Compute, Outcome, Reason, Scratch};

/// The class as it stands in the table of `features/mod.rs`.
pub(super) const CLASS: Class = Class {
    name: "glszm",
    features: &[
        "GrayLevelNonUniformity",
        "GrayLevelNonUniformityNormalized",
        "GrayLevelVariance",
        "HighGrayLevelZoneEmphasis",
        "LargeAreaEmphasis",
        "LargeAreaHighGrayLevelEmphasis",
        "LargeAreaLowGrayLevelEmphasis",
        "LowGrayLevelZoneEmphasis",
        "SizeZoneNonUniformity",
        "SizeZoneNonUniformityNormalized",
        "SmallAreaEmphasis",
        "SmallAreaHighGrayLevelEmphasis",
        "SmallAreaLowGrayLevelEmphasis",
        "ZoneEntropy",
        "ZonePercentage",
        "ZoneVariance",
    ],
    on_request: &[],
    withdrawn: &[],
    compute: Compute::Image(compute),
};

/// Features of the matrix of zones by grey level and number of voxels. Voxels of one level that touch by a face, an edge
/// or a corner are of one zone; in the plane only, when the settings force two dimensions.
fn compute(region: &Region, intensity: &Intensity, scratch: &mut Scratch) -> Outcome {
    let steps: Vec<usize> = forward(region, &[1], intensity).into_iter().map(|a| a.offset(region) as usize).collect();
    if steps.is_empty() {
        return Err(Reason::NoNeighbours);
    }
    let mut zones = zones(region, &steps, scratch);
    zones.sort_unstable();
    let cells: Vec<Cell> = zones.chunk_by(|a, b| a == b).map(cell).collect();
    emphases(&cells, &region.grey_values()).map(in_order).ok_or(Reason::NoNeighbours)
}

/// Number of voxels and level of every zone, by union of each voxel with those of its level before it.
fn zones(region: &Region, steps: &[usize], scratch: &mut Scratch) -> Vec<(u32, u16)> {
    let parent = &mut scratch.parents;
    parent.resize(region.level.len().max(parent.len()), 0);
    for p in region.at.iter().map(|p| *p as usize) {
        let level = region.level[p];
        let mut own = p as u32;
        parent[p] = own;
        for step in steps {
            let q = p - step;
            if region.level[q] == level {
                let other = root(parent, q as u32);
                // The smaller position stays the root, so that the root of a zone is its first voxel.
                let (low, high) = if other < own { (other, own) } else { (own, other) };
                parent[high as usize] = low;
                own = low;
            }
        }
    }
    let sizes = &mut scratch.counts;
    sizes.clear();
    sizes.resize(region.level.len(), 0);
    region.at.iter().for_each(|p| sizes[root(parent, *p) as usize] += 1);
    let firsts = region.at.iter().filter(|p| sizes[**p as usize] > 0);
    firsts.map(|p| (sizes[*p as usize], region.level[*p as usize])).collect()
}

/// The first voxel of a zone as far as it is known; halves the way there for the next time.
fn root(parent: &mut [u32], mut p: u32) -> u32 {
    while parent[p as usize] != p {
        let up = parent[parent[p as usize] as usize];
        parent[p as usize] = up;
        p = up;
    }
    p
}

fn cell(same: &[(u32, u16)]) -> Cell {
    let (size, level) = same[0];
    Cell { level: usize::from(level) - 1, size: f64::from(size), count: same.len() as f64 }
}

fn in_order(e: Emphases) -> Vec<f64> {
    vec![
        e.grey_non_uniformity,
        e.grey_non_uniformity_normalized,
        e.grey_variance,
        e.high,
        e.large,
        e.large_high,
        e.large_low,
        e.low,
        e.size_non_uniformity,
        e.size_non_uniformity_normalized,
        e.small,
        e.small_high,
        e.small_low,
        e.entropy,
        e.percentage,
        e.size_variance,
    ]
}
