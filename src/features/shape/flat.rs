//! Size and form of a region within one plane: the `shape2D` class of PyRadiomics.

use std::f64::consts::PI;

use super::{axes, diameter};
use crate::features::region::Region;
use crate::features::{Class, Compute, Outcome, Reason, Settings};

/// The class as it stands in the table of `features/mod.rs`.
pub(in crate::features) const CLASS: Class = Class {
    name: "shape2D",
    features: &[
        "Elongation",
        "MajorAxisLength",
        "MaximumDiameter",
        "MeshSurface",
        "MinorAxisLength",
        "Perimeter",
        "PerimeterSurfaceRatio",
        "PixelSurface",
        "Sphericity",
    ],
    on_request: &["SphericalDisproportion"],
    withdrawn: &[],
    compute: Compute::Outline(compute),
};

/// Lengths in mm, areas in mm^2, of the outline through the middle of every edge between a voxel inside and one outside.
///
/// Sphericity is the circumference of a circle of the outline's area over the perimeter. Axis lengths are 4 times the root
/// of the eigenvalues of the covariance of the voxel centres.
///
/// PyRadiomics compares the force2Ddimension of the arrays (z, y, x) with that of the bounding box (x, y, z), and so leaves
/// the class out, without a word, for a region in a plane across y; here it is as for the other planes.
///
/// [`Reason::NotFlat`] for a region of more than one slice across the plane, where PyRadiomics gives up the whole scan.
fn compute(region: &Region, settings: &Settings) -> Outcome {
    let Some(across) = settings.plane().filter(|axis| region.size[*axis] == 1) else { return Err(Reason::NotFlat) };
    let [_, minor, major] = axes::variances(region, settings.profile());
    let (area, perimeter) = outline(region, across);
    let pixel: f64 = (0..3).filter(|axis| *axis != across).map(|axis| region.spacing[axis]).product();
    let sphericity = 2.0 * (PI * area).sqrt() / perimeter;
    Ok(vec![
        (minor / major).sqrt(),
        4.0 * major.sqrt(),
        diameter::largest(region).in_plane[across],
        area,
        4.0 * minor.sqrt(),
        perimeter,
        perimeter / area,
        region.at.len() as f64 * pixel,
        sphericity,
        1.0 / sphericity,
    ])
}

/// Area and length of the outline, from how often each way of passing a square of four voxels occurs: a corner cut off
/// leaves an eighth of the square, two corners opposite each other are cut off one by one.
fn outline(region: &Region, across: usize) -> (f64, f64) {
    let [u, v] = [[1, 2], [0, 2], [0, 1]][across];
    let (du, dv) = (region.stride[u], region.stride[v]);
    let corner = region.stride.iter().sum::<usize>() * region.pad - du - dv;
    let inside = |p: usize| region.level[p] > 0;
    let [mut eighths, mut cuts, mut along_u, mut along_v] = [0usize; 4];
    for j in 0..=region.size[v] {
        for i in 0..=region.size[u] {
            let p = corner + i * du + j * dv;
            let [a, b, c, d] = [p, p + du, p + dv, p + du + dv].map(inside);
            match [a, b, c, d].into_iter().filter(|inside| *inside).count() {
                1 => (eighths, cuts) = (eighths + 1, cuts + 1),
                2 if a == d => (eighths, cuts) = (eighths + 2, cuts + 2),
                2 if a == b => (eighths, along_u) = (eighths + 4, along_u + 1),
                2 => (eighths, along_v) = (eighths + 4, along_v + 1),
                3 => (eighths, cuts) = (eighths + 7, cuts + 1),
                4 => eighths += 8,
                _ => {}
            }
        }
    }
    let (su, sv) = (region.spacing[u], region.spacing[v]);
    let cut = 0.5 * (su * su + sv * sv).sqrt();
    (eighths as f64 / 8.0 * su * sv, cuts as f64 * cut + along_u as f64 * su + along_v as f64 * sv)
}
