//! How steep the intensities are.

use crate::image::{Pixel, Volume, Window};

/// The length of the gradient by central differences, ITK's GradientMagnitudeImageFilter: per millimetre, or per voxel
/// without `use_spacing`. Outside the scan its border voxels repeat. Computed in 64-bit floats, kept in 32 bits
/// whatever the scan is of.
pub fn gradient(image: &Volume, window: &Window, use_spacing: bool) -> Volume {
    let geometry = &image.geometry;
    let [nx, ny, nz] = geometry.size;
    let half = geometry.spacing.map(|mm| if use_spacing { 0.5 * (1.0 / mm) } else { 0.5 });
    let voxels = &image.voxels;
    let Window { low, size } = *window;
    let mut lengths = Vec::with_capacity(size.iter().product());
    for z in low[2]..low[2] + size[2] {
        for y in low[1]..low[1] + size[1] {
            let row = |y: usize, z: usize| &voxels[geometry.at(0, y, z)..][..nx];
            let here = row(y, z);
            let (north, south) = (row(y.saturating_sub(1), z), row((y + 1).min(ny - 1), z));
            let (below, above) = (row(y, z.saturating_sub(1)), row(y, (z + 1).min(nz - 1)));
            lengths.extend((low[0]..low[0] + size[0]).map(|x| {
                let across = half[0] * here[x.saturating_sub(1)] - half[0] * here[(x + 1).min(nx - 1)];
                let along = half[1] * north[x] - half[1] * south[x];
                let up = half[2] * below[x] - half[2] * above[x];
                f64::from((across * across + along * along + up * up).sqrt() as f32)
            }));
        }
    }
    Volume { geometry: geometry.cut(window), voxels: lengths, pixel: Pixel::Float32 }
}
