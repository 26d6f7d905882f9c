//! Local binary patterns on a sphere, told apart by spherical harmonics.
//!
//! As PyRadiomics with SciPy and trimesh. Around each voxel of the region the scan is sampled at the corners of an icosphere;
//! a corner counts 1 where it is no darker than the voxel, else 0. Image m(n + 1) is the norm over the corners of what the
//! harmonics of degree n make of these 0s and 1s; image k is the kurtosis (less 3) of the samples, NaN where they are all
//! the same. PyRadiomics exchanges the sphere's two angles, and adds corner (x, y, z) to voxel (z, y, x); so does this.
//!
//! Samples are rounded to the scan's type before they are compared and counted, in the order of adding of the libraries: the
//! 0s and 1s, m1 and k are PyRadiomics' to the last bit. m2 and on add up in another order, which changes the last digits.

mod harmonics;
mod kurtosis;
mod sphere;
mod spline;

use serde::Serialize;

use crate::error::Result;
use crate::image::{Mask, Pixel, Volume, Window};

use harmonics::Harmonics;
use spline::{LANES, Sampler};

/// The sphere, and how many degrees of harmonics to look at.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Lbp3d {
    /// Degrees of harmonics, from 0 on. PyRadiomics itself fails at 1.
    pub levels: usize,
    /// Radius of the sphere in voxels.
    pub radius: f64,
    /// How often to divide the icosahedron's triangles into four: 12, 42, 162, 642, ... corners.
    pub subdivision: usize,
}

impl Lbp3d {
    /// The images' names, in PyRadiomics' order.
    pub fn names(&self) -> Vec<String> {
        (1..=self.levels).map(|n| format!("lbp-3D-m{n}")).chain(["lbp-3D-k".to_string()]).collect()
    }
}

/// Hands a window of each image over, with its place in [`Lbp3d::names`]. Voxels outside the region are 0 (PyRadiomics
/// leaves there whatever was in memory). 64-bit floats, whatever the scan's type.
pub fn lbp3d(
    image: &Volume,
    roi: &Mask,
    window: &Window,
    options: &Lbp3d,
    mut each: impl FnMut(usize, Volume) -> Result<()>,
) -> Result<()> {
    let mut images = vec![Vec::new(); options.levels + 1];
    let inside = cut(roi, window);
    if inside.contains(&true) {
        describe(image, &inside, window, options, &mut images);
    }
    for (n, values) in images.into_iter().enumerate() {
        let mut values = values.into_iter();
        let voxels = inside.iter().map(|inside| if *inside { values.next().unwrap_or(0.0) } else { 0.0 }).collect();
        each(n, Volume { geometry: image.geometry.cut(window), voxels, pixel: Pixel::Float64 })?;
    }
    Ok(())
}

fn cut(roi: &Mask, window: &Window) -> Vec<bool> {
    let mut inside = Vec::with_capacity(window.size.iter().product());
    for z in window.low[2]..window.low[2] + window.size[2] {
        for y in window.low[1]..window.low[1] + window.size[1] {
            let from = roi.geometry.at(window.low[0], y, z);
            inside.extend_from_slice(&roi.inside[from..from + window.size[0]]);
        }
    }
    inside
}

fn describe(image: &Volume, inside: &[bool], window: &Window, options: &Lbp3d, images: &mut [Vec<f64>]) {
    let corners = sphere::icosphere(options.subdivision, options.radius);
    let sampler = Sampler::new(image, window, &corners);
    let harmonics = Harmonics::new(&corners, options.radius, options.levels);
    let mut samples = vec![[0.0; LANES]; corners.len()];
    let mut bits = samples.clone();
    let mut values = vec![[0.0; LANES]; images.len()];
    let [nx, ny, _] = window.size;
    for (row, flags) in inside.chunks_exact(nx).enumerate() {
        let (y, z) = (row % ny, row / ny);
        let centres = image.geometry.at(window.low[0], window.low[1] + y, window.low[2] + z);
        for (chunk, flags) in flags.chunks(LANES).enumerate().filter(|(_, flags)| flags.contains(&true)) {
            let x = chunk * LANES;
            sampler.sample([x, y, z], &mut samples);
            let mut centre = [0.0; LANES];
            centre[..flags.len()].copy_from_slice(&image.voxels[centres + x..][..flags.len()]);
            for (bits, sample) in bits.iter_mut().zip(&samples) {
                (0..LANES).for_each(|k| bits[k] = if sample[k] >= centre[k] { 1.0 } else { 0.0 });
            }
            harmonics.norms(&bits, &mut values);
            values[options.levels] = kurtosis::of(&samples, image.pixel);
            for (list, value) in images.iter_mut().zip(&values) {
                list.extend((0..flags.len()).filter(|k| flags[*k]).map(|k| value[k]));
            }
        }
    }
}
