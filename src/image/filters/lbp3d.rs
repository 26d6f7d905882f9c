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
    let mut around = vec![0.0; corners.len()];
    for (row, flags) in inside.chunks_exact(window.size[0]).enumerate() {
        let at = [row % window.size[1], row / window.size[1]];
        for (chunk, flags) in flags.chunks(LANES).enumerate().filter(|(_, flags)| flags.contains(&true)) {
            let first = chunk * LANES;
            sampler.sample([first, at[0], at[1]], &mut samples);
            for lane in (0..flags.len()).filter(|lane| flags[*lane]) {
                around.iter_mut().zip(&samples).for_each(|(x, lanes)| *x = stored(lanes[lane], image.pixel));
                let [x, y, z] = [first + lane, at[0], at[1]];
                let centre = image.voxels[image.geometry.at(window.low[0] + x, window.low[1] + y, window.low[2] + z)];
                let (levels, kurtosis) = images.split_at_mut(options.levels);
                harmonics.norms(around.iter().map(|x| *x >= centre), levels);
                kurtosis[0].push(kurtosis::of(&around, image.pixel));
            }
        }
    }
}

/// A sample as a voxel of the scan's type: floats round, integers round halves away from 0 and stay within their range.
fn stored(sample: f64, pixel: Pixel) -> f64 {
    match pixel {
        Pixel::Float64 => sample,
        Pixel::Float32 => f64::from(sample as f32),
        Pixel::Integer { bits, signed: true } => {
            let limit = 2.0_f64.powi(i32::from(bits) - 1);
            (if sample > 0.0 { sample + 0.5 } else { sample - 0.5 }).clamp(-limit, limit - 1.0).trunc()
        }
        Pixel::Integer { bits, signed: false } => {
            let limit = 2.0_f64.powi(i32::from(bits));
            (if sample > 0.0 { sample + 0.5 } else { 0.0 }).min(limit - 1.0).trunc()
        }
    }
}
