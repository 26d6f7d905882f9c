//! Grey level run length matrix: stretches of one grey level along a direction.

use super::angle::{Angle, forward};
use super::region::Region;
use super::settings::Intensity;
use super::sizes::{Emphases, cells, emphases};
use super::{Class, Compute, Outcome, Reason, Scratch, add, mean_of};

/// The class as it stands in the table of `features/mod.rs`.
pub(super) const CLASS: Class = Class {
    name: "glrlm",
    features: &[
        "GrayLevelNonUniformity",
        "GrayLevelNonUniformityNormalized",
        "GrayLevelVariance",
        "HighGrayLevelRunEmphasis",
        "LongRunEmphasis",
        "LongRunHighGrayLevelEmphasis",
        "LongRunLowGrayLevelEmphasis",
        "LowGrayLevelRunEmphasis",
        "RunEntropy",
        "RunLengthNonUniformity",
        "RunLengthNonUniformityNormalized",
        "RunPercentage",
        "RunVariance",
        "ShortRunEmphasis",
        "ShortRunHighGrayLevelEmphasis",
        "ShortRunLowGrayLevelEmphasis",
    ],
    on_request: &[],
    withdrawn: &[],
    compute: Compute::Image(compute),
};

/// Means over the 13 directions (fewer in a flat region) of the features of each one's matrix; with a weighting norm the
/// features of the sum of the matrices, each weighted by its direction's length. Distances do not matter here. A
/// direction in which no line holds two voxels of the region has no runs and takes no part.
fn compute(region: &Region, intensity: &Intensity, scratch: &mut Scratch) -> Outcome {
    let grey = region.grey_values();
    let longest = region.size.into_iter().fold(0, usize::max);
    let mut total = vec![0.0; if intensity.weighting_norm.is_some() { region.levels() * longest } else { 0 }];
    let mut each = Vec::new();
    for angle in forward(region, &[1], intensity) {
        let runs = &mut scratch.counts;
        count(region, angle, longest, runs, &mut scratch.lengths);
        if !is_spatial(region, angle, runs) {
            continue;
        }
        match intensity.weighting_norm {
            Some(norm) => add(&mut total, runs, angle.length(region.spacing, norm)),
            None => each.extend(emphases(&cells(runs.iter().map(|c| f64::from(*c)), grey.len()), &grey).map(in_order)),
        }
    }
    if intensity.weighting_norm.is_some() {
        each.extend(emphases(&cells(total.into_iter(), grey.len()), &grey).map(in_order));
    }
    mean_of(&each).ok_or(Reason::NoNeighbours)
}

/// Counts runs of each length from 1 (rows) and level (columns) along a forward direction.
///
/// Rows of voxels are gone through whole; what lies outside the region between two voxels of it is counted as level 0 in a
/// column of its own, which spares a branch a voxel.
fn count(region: &Region, angle: Angle, longest: usize, runs: &mut Vec<u32>, lengths: &mut Vec<u16>) {
    let (levels, width) = (region.levels(), region.levels() + 1);
    runs.clear();
    runs.resize(width * longest, 0);
    lengths.resize(region.level.len().max(lengths.len()), 0);
    let step = angle.offset(region) as usize;
    for row in &region.rows {
        let n = row.end - row.first;
        let own = &region.level[row.first..row.end];
        let before = &region.level[row.first - step..][..n];
        let after = &region.level[row.first + step..][..n];
        let (past, now) = lengths.split_at_mut(row.first);
        let (past, now) = (&past[row.first - step..], &mut now[..n]);
        let length = |i: usize, last: u16| (u16::from(before[i] == own[i]) & u16::from(own[i] > 0)) * last + 1;
        if past.len() >= n {
            now.iter_mut().zip(past).enumerate().for_each(|(i, (now, last))| *now = length(i, *last));
        } else {
            (0..n).for_each(|i| now[i] = length(i, if i < step { past[i] } else { now[i - step] }));
        }
        for ((own, after), length) in own.iter().zip(after).zip(now) {
            runs[(usize::from(*length) - 1) * width + usize::from(*own)] += u32::from(after != own);
        }
    }
    for length in 0..longest {
        runs.copy_within(length * width + 1..(length + 1) * width, length * levels);
    }
    runs.truncate(levels * longest);
}

/// Whether any line along the direction holds two voxels of the region, neighbours or not.
fn is_spatial(region: &Region, angle: Angle, runs: &[u32]) -> bool {
    let step = angle.offset(region) as usize;
    let long_run = runs[region.levels()..].iter().any(|c| *c > 0);
    let neighbours = || region.at.iter().any(|p| region.level[*p as usize + step] > 0);
    let on_one_line = || {
        // Lines are told apart by where they leave the bounding box backward.
        let mut starts: Vec<[isize; 3]> = region.at.iter().map(|p| line(region, angle, *p)).collect();
        starts.sort_unstable();
        starts.windows(2).any(|pair| pair[0] == pair[1])
    };
    long_run || neighbours() || on_one_line()
}

/// The first voxel in the bounding box of the line through a voxel.
fn line(region: &Region, angle: Angle, p: u32) -> [isize; 3] {
    let p = p as usize;
    let at = [p % region.stride[1], p % region.stride[2] / region.stride[1], p / region.stride[2]];
    let at = at.map(|c| (c - region.pad) as isize);
    let room = |k: usize| match angle.step[k] {
        0 => isize::MAX,
        s if s > 0 => at[k],
        _ => region.size[k] as isize - 1 - at[k],
    };
    let back = room(0).min(room(1)).min(room(2));
    [0, 1, 2].map(|k| at[k] - back * angle.step[k])
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
        e.entropy,
        e.size_non_uniformity,
        e.size_non_uniformity_normalized,
        e.percentage,
        e.size_variance,
        e.small,
        e.small_high,
        e.small_low,
    ]
}
