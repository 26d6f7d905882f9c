//! Interpolation by a sinc that a window tapers to nothing five voxels away.

use std::f64::consts::PI;

use super::interpolator::Taper;
use super::whole_below;
use crate::image::Volume;

/// Voxels to either side.
const RADIUS: usize = 5;

/// The sum over the ten voxels along each axis with their weights; outside the scan its border voxels go on.
pub(super) fn value(image: &Volume, taper: Taper, at: [f64; 3]) -> f64 {
    let axes: [([f64; 2 * RADIUS], [usize; 2 * RADIUS]); 3] = std::array::from_fn(|k| {
        let below = whole_below(at[k]);
        let last = image.geometry.size[k] as i64 - 1;
        let near = std::array::from_fn(|i| (below + 1 + i as i64 - RADIUS as i64).clamp(0, last) as usize);
        (weights(taper, at[k] - below as f64), near)
    });
    let [(wx, x), (wy, y), (wz, z)] = axes;
    let mut sum = 0.0;
    // A weight of 0, where the place lies on a voxel, adds nothing.
    for (wz, z) in wz.iter().zip(z).filter(|(w, _)| **w != 0.0) {
        for (wy, y) in wy.iter().zip(y).filter(|(w, _)| **w != 0.0) {
            let row = &image.voxels[image.geometry.at(0, y, z)..];
            wx.iter().zip(x).for_each(|(wx, x)| sum += row[x] * wx * wy * wz);
        }
    }
    sum
}

fn weights(taper: Taper, distance: f64) -> [f64; 2 * RADIUS] {
    if distance == 0.0 {
        return std::array::from_fn(|i| if i == RADIUS - 1 { 1.0 } else { 0.0 });
    }
    let mut x = distance + RADIUS as f64;
    std::array::from_fn(|_| {
        x -= 1.0;
        tapered(taper, x) * sinc(PI * x)
    })
}

fn tapered(taper: Taper, x: f64) -> f64 {
    const M: f64 = RADIUS as f64;
    match taper {
        Taper::Hamming => 0.54 + 0.46 * (x * (PI / M)).cos(),
        Taper::Cosine => (x * (PI / (2.0 * M))).cos(),
        Taper::Welch => 1.0 - x * (1.0 / (M * M)) * x,
        Taper::Lanczos => sinc((PI / M) * x),
        Taper::Blackman => 0.42 + 0.5 * (x * (PI / M)).cos() + 0.08 * (x * (2.0 * PI / M)).cos(),
    }
}

fn sinc(x: f64) -> f64 {
    if x == 0.0 { 1.0 } else { x.sin() / x }
}
