//! Grey level co-occurrence matrix: which grey levels lie next to which.

mod correlation;
mod formulas;

use super::angle::{Angle, Norm, forward};
use super::region::Region;
use super::settings::Intensity;
use super::{Class, Compute, Outcome, Reason, Scratch, add, mean_of};

/// The class as it stands in the table of `features/mod.rs`.
pub(super) const CLASS: Class = Class {
    name: "glcm",
    features: &[
        "Autocorrelation",
        "ClusterProminence",
        "ClusterShade",
        "ClusterTendency",
        "Contrast",
        "Correlation",
        "DifferenceAverage",
        "DifferenceEntropy",
        "DifferenceVariance",
        "Id",
        "Idm",
        "Idmn",
        "Idn",
        "Imc1",
        "Imc2",
        "InverseVariance",
        "JointAverage",
        "JointEnergy",
        "JointEntropy",
        "MCC",
        "MaximumProbability",
        "SumAverage",
        "SumEntropy",
        "SumSquares",
    ],
    on_request: &[],
    withdrawn: &[
        ("Dissimilarity", "it equals DifferenceAverage"),
        ("Homogeneity1", "it equals Id"),
        ("Homogeneity2", "it equals Idm"),
        ("SumVariance", "it equals ClusterTendency"),
    ],
    compute: Compute::Image(compute),
};

/// Means over the directions (13 at distance 1, fewer in a flat region) of the features of each one's matrix; with a
/// weighting norm the features of the sum of the matrices, each weighted by exp(-length^2). A direction in which no two
/// voxels of the region are neighbours takes no part.
fn compute(region: &Region, intensity: &Intensity, scratch: &mut Scratch) -> Outcome {
    let (grey, top) = (region.grey_values(), region.top());
    let cells = grey.len() * grey.len();
    let mut total = vec![0.0; if intensity.weighting_norm.is_some() { cells } else { 0 }];
    let mut each = Vec::new();
    for angle in forward(region, &intensity.distances, intensity) {
        let pairs = &mut scratch.counts;
        count(region, angle, pairs);
        if let Some(norm) = intensity.weighting_norm {
            add(&mut total, pairs, weight(angle, region.spacing, norm));
            continue;
        }
        let matrix = &mut scratch.values;
        matrix.clear();
        matrix.extend(pairs.iter().map(|c| f64::from(*c)));
        each.extend(features(matrix, &grey, top, intensity));
    }
    if intensity.weighting_norm.is_some() {
        each.extend(features(&mut total, &grey, top, intensity));
    }
    mean_of(&each).ok_or(Reason::NoNeighbours)
}

/// Counts each level (rows) with the level one step further (columns).
fn count(region: &Region, angle: Angle, pairs: &mut Vec<u32>) {
    let levels = region.levels();
    // A first row and column for what lies outside the region spares two branches a voxel.
    let width = levels + 1;
    pairs.clear();
    pairs.resize(width * width, 0);
    let step = angle.offset(region) as usize;
    for row in &region.rows {
        let own = &region.level[row.first..row.end];
        for (own, other) in own.iter().zip(&region.level[row.first + step..]) {
            pairs[usize::from(*own) * width + usize::from(*other)] += 1;
        }
    }
    for row in 0..levels {
        pairs.copy_within((row + 1) * width + 1..(row + 2) * width, row * levels);
    }
    pairs.truncate(levels * levels);
}

/// exp of minus the squared length of the direction; 1 without weighting.
fn weight(angle: Angle, spacing: [f64; 3], norm: Norm) -> f64 {
    match norm {
        Norm::NoWeighting => 1.0,
        _ => (-angle.length(spacing, norm).powi(2)).exp(),
    }
}

/// The features of one matrix of counts, which becomes one of probabilities; none when it is empty.
fn features(matrix: &mut [f64], grey: &[f64], top: usize, intensity: &Intensity) -> Option<Vec<f64>> {
    let n = grey.len();
    if intensity.symmetrical_glcm {
        for i in 0..n {
            for j in 0..=i {
                let both = matrix[i * n + j] + matrix[j * n + i];
                (matrix[i * n + j], matrix[j * n + i]) = (both, both);
            }
        }
    }
    let total: f64 = matrix.iter().sum();
    if total == 0.0 {
        return None;
    }
    matrix.iter_mut().for_each(|c| *c /= total);
    Some(formulas::all(matrix, grey, top))
}
