//! Grey level size zone matrix: connected patches of one grey level.

use std::ops::Range;

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
    let steps: Vec<[isize; 3]> = forward(region, &[1], intensity).into_iter().map(|a| a.step).collect();
    if steps.is_empty() {
        return Err(Reason::NoNeighbours);
    }
    let mut zones = zones(region, &steps, scratch);
    zones.sort_unstable();
    let cells: Vec<Cell> = zones.chunk_by(|a, b| a == b).map(cell).collect();
    emphases(&cells, &region.grey_values()).map(in_order).ok_or(Reason::NoNeighbours)
}

/// A stretch of voxels of one level along x.
struct Stretch {
    level: u16,
    /// Its first voxel, and past its last one.
    from: u16,
    to: u16,
}

/// Number of voxels and level of every zone. Stretches along x that touch in neighbouring rows are united; to know a
/// row's neighbours, `heads` holds the first stretch of every row of the bounding box.
fn zones(region: &Region, steps: &[[isize; 3]], scratch: &mut Scratch) -> Vec<(u32, u16)> {
    let along = steps.contains(&[1, 0, 0]);
    let slack = u16::from(steps.iter().any(|s| s[0] != 0 && (s[1], s[2]) != (0, 0)));
    let beside: Vec<(isize, isize)> = steps.iter().filter(|s| s[0] == 0).map(|s| (s[1], s[2])).collect();
    let (stretches, heads) = stretches(region, along);
    let parent = &mut scratch.parents;
    parent.clear();
    parent.extend(0..stretches.len() as u32);
    let [_, ny, _] = region.size;
    for row in &region.rows {
        let own = row.y + ny * row.z;
        for (dy, dz) in &beside {
            let (Some(y), Some(z)) = (row.y.checked_add_signed(-dy), row.z.checked_add_signed(-dz)) else { continue };
            if y < ny {
                let other = y + ny * z;
                let [a, b] = [own, other].map(|row| heads[row] as usize..heads[row + 1] as usize);
                unite(&stretches, parent, (a, b), slack);
            }
        }
    }
    let sizes = &mut scratch.counts;
    sizes.clear();
    sizes.resize(stretches.len(), 0);
    for (i, stretch) in stretches.iter().enumerate() {
        sizes[root(parent, i as u32) as usize] += u32::from(stretch.to - stretch.from);
    }
    let zones = sizes.iter().zip(&stretches).filter(|(size, _)| **size > 0);
    zones.map(|(size, stretch)| (*size, stretch.level)).collect()
}

/// The stretches of all rows in order, and where each row of the bounding box begins among them.
fn stretches(region: &Region, along: bool) -> (Vec<Stretch>, Vec<u32>) {
    let mut stretches: Vec<Stretch> = Vec::new();
    let mut heads = vec![0u32];
    for row in &region.rows {
        heads.resize(row.y + region.size[1] * row.z + 1, stretches.len() as u32);
        let mut last = (0, 0);
        for p in region.at[row.from..row.to].iter().map(|p| *p as usize) {
            let (level, x) = (region.level[p], (p - row.start) as u16);
            match stretches.last_mut() {
                Some(stretch) if along && last == (level, x) => stretch.to = x + 1,
                _ => stretches.push(Stretch { level, from: x, to: x + 1 }),
            }
            last = (level, x + 1);
        }
    }
    heads.resize(region.size[1] * region.size[2] + 1, stretches.len() as u32);
    (stretches, heads)
}

/// Unites the stretches of one level that touch between two rows, corners included when there is slack.
fn unite(stretches: &[Stretch], parent: &mut [u32], (a, b): (Range<usize>, Range<usize>), slack: u16) {
    let mut from = b.start;
    for i in a {
        let own = &stretches[i];
        while from < b.end && stretches[from].to + slack <= own.from {
            from += 1;
        }
        for (j, other) in stretches.iter().enumerate().take(b.end).skip(from) {
            if other.from >= own.to + slack {
                break;
            }
            if other.level == own.level {
                let (i, j) = (root(parent, i as u32), root(parent, j as u32));
                parent[i.max(j) as usize] = i.min(j);
            }
        }
    }
}

/// The first stretch of a zone as far as it is known; halves the way there for the next time.
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
