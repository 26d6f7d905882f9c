//! Linear interpolation.

use super::whole_below;
use crate::image::Volume;

/// Along x, then y, then z; an axis along which the place lies on a voxel, or beyond the first or last one, takes no part.
pub(super) fn value(image: &Volume, at: [f64; 3]) -> f64 {
    let size = image.geometry.size;
    let mut base = [0; 3];
    let mut part = [None; 3];
    for k in 0..3 {
        let below = whole_below(at[k]).max(0);
        base[k] = below as usize;
        let distance = at[k] - below as f64;
        part[k] = (distance > 0.0 && base[k] + 1 < size[k]).then_some(distance);
    }
    let along_x = |y: usize, z: usize| {
        let row = &image.voxels[image.geometry.at(base[0], y, z)..];
        between(part[0], |k| row[k])
    };
    let along_y = |z: usize| between(part[1], |k| along_x(base[1] + k, z));
    between(part[2], |k| along_y(base[2] + k))
}

fn between(part: Option<f64>, value: impl Fn(usize) -> f64) -> f64 {
    let first = value(0);
    match part {
        Some(distance) => first + (value(1) - first) * distance,
        None => first,
    }
}
