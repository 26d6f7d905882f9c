//! Neighbouring grey tone difference matrix: how a voxel differs from the mean of its neighbours.

use super::neighbourhood;
use super::region::Region;
use super::settings::Intensity;
use super::{Class, Compute, Outcome, Scratch};

/// The class as it stands in the table of `features/mod.rs`.
pub(super) const CLASS: Class = Class {
    name: "ngtdm",
    features: &["Busyness", "Coarseness", "Complexity", "Contrast", "Strength"],
    on_request: &[],
    withdrawn: &[],
    compute: Compute::Image(compute),
};

/// Features of s, the sum over the voxels of a grey value i of |i - mean of its neighbours|, and p, the share of voxels of
/// i. A voxel without neighbours adds 0 to s and still counts in p. A region of one level has coarseness 1e6, the rest 0.
fn compute(region: &Region, intensity: &Intensity, _: &mut Scratch) -> Outcome {
    let (neighbours, _) = neighbourhood::of(region, intensity)?;
    let grey = region.grey_values();
    let mut s = vec![0.0; grey.len()];
    for (p, neighbours) in region.at.iter().zip(neighbours).filter(|(_, neighbours)| neighbours.count > 0) {
        let l = usize::from(region.level[*p as usize]) - 1;
        s[l] += (grey[l] - f64::from(neighbours.sum) / f64::from(neighbours.count)).abs();
    }
    let n = region.at.len() as f64;
    let p: Vec<f64> = region.count.iter().map(|c| f64::from(*c) / n).collect();
    Ok(features(&grey, &p, &s, n))
}

fn features(grey: &[f64], p: &[f64], s: &[f64], n: f64) -> Vec<f64> {
    let (mut spread, mut busy, mut complexity, mut strength) = (0.0, 0.0, 0.0, 0.0);
    for i in 0..grey.len() {
        for j in 0..grey.len() {
            let apart = grey[i] - grey[j];
            spread += p[i] * p[j] * apart * apart;
            busy += (grey[i] * p[i] - grey[j] * p[j]).abs();
            complexity += apart.abs() * (p[i] * s[i] + p[j] * s[j]) / (p[i] + p[j]);
            strength += (p[i] + p[j]) * apart * apart;
        }
    }
    let levels = grey.len() as f64;
    let s_total: f64 = s.iter().sum();
    let weighted: f64 = p.iter().zip(s).map(|(p, s)| p * s).sum();
    let or = |value: f64, usable: bool, otherwise: f64| if usable { value } else { otherwise };
    vec![
        or(weighted / busy, busy != 0.0, 0.0),
        or(1.0 / weighted, weighted != 0.0, 1e6),
        complexity / n,
        or(spread * s_total / n / (levels * (levels - 1.0)), levels > 1.0, 0.0),
        or(strength / s_total, s_total != 0.0, 0.0),
    ]
}
