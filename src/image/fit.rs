//! What must hold of an image and its mask before a feature means anything.

use super::{Geometry, Mask, Volume};
use crate::error::{Error, Result};

/// Image and mask lie on one grid, by ITK's rule: sizes equal; spacing and origin equal within the tolerance (1e-6 unless
/// set otherwise) times the image's first spacing; direction cosines within the tolerance. [`Error::Mismatch`] names every
/// property that differs, with both values.
pub fn same_grid(image: &Geometry, mask: &Geometry, tolerance: f64) -> Result<()> {
    let within = tolerance * image.spacing[0].abs();
    let (a, b) = (image.direction.as_flattened(), mask.direction.as_flattened());
    let checks = [
        ("size", image.size == mask.size, voxels(image), voxels(mask)),
        ("spacing", near(&image.spacing, &mask.spacing, within), spacing(image), spacing(mask)),
        ("origin", near(&image.origin, &mask.origin, within), origin(image), origin(mask)),
        ("direction", near(a, b, tolerance), direction(image), direction(mask)),
    ];
    let differ: Vec<_> = checks.into_iter().filter(|(_, same, _, _)| !same).collect();
    if differ.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = differ.iter().map(|d| d.0).collect();
    let images: Vec<&str> = differ.iter().map(|d| d.2.as_str()).collect();
    let masks: Vec<&str> = differ.iter().map(|d| d.3.as_str()).collect();
    Err(Error::Mismatch { what: names.join(" and "), image: images.join(", "), mask: masks.join(", ") })
}

/// Every voxel inside the mask is a number of a scan: finite, and not of the size (1e30) that only a broken file holds.
/// ITK reads NaN and infinity as 0 without a word; a feature of such a region would mean nothing. Both on one grid.
pub fn finite_inside(image: &Volume, mask: &Mask) -> Result<()> {
    let inside = image.voxels.iter().zip(&mask.inside).filter(|(_, inside)| **inside);
    let bad = inside.filter(|(v, _)| !usable(**v)).count();
    match bad {
        0 => Ok(()),
        1 => Err(Error::BadRoi { why: "holds 1 voxel that is no finite number of a scan".into() }),
        n => Err(Error::BadRoi { why: format!("holds {n} voxels that are no finite numbers of a scan") }),
    }
}

/// Finite and below 1e30 in size.
pub fn usable(v: f64) -> bool {
    v.abs() <= 1e30
}

fn near(a: &[f64], b: &[f64], tolerance: f64) -> bool {
    a.iter().zip(b).all(|(a, b)| (a - b).abs() <= tolerance)
}

fn voxels(g: &Geometry) -> String {
    let [x, y, z] = g.size;
    format!("{x} x {y} x {z} voxels")
}

fn spacing(g: &Geometry) -> String {
    let [x, y, z] = g.spacing;
    format!("{x} x {y} x {z} mm apart")
}

fn origin(g: &Geometry) -> String {
    let [x, y, z] = g.origin;
    format!("first voxel at ({x}, {y}, {z}) mm")
}

fn direction(g: &Geometry) -> String {
    let axes: Vec<String> =
        (0..3).map(|j| format!("({})", [0, 1, 2].map(|i| g.direction[i][j].to_string()).join(", "))).collect();
    format!("axes along {}", axes.join(" "))
}
