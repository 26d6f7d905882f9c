//! What must hold of an image and its mask before a feature means anything.

use super::resample::{check_roi, nearest};
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
    let remedy = "resample the mask onto the image's grid, or export both from the same series".into();
    Err(Error::Mismatch { what: names.join(" and "), image: images.join(", "), mask: masks.join(", "), remedy })
}

/// The mask brought to the image's grid by nearest neighbour, as PyRadiomics does on `correctMask: true`.
/// [`Error::BadRoi`] when the region leaves the image or has no voxel left.
pub fn correct_mask(image: &Geometry, mask: &Mask) -> Result<Mask> {
    check_roi(image, mask)?;
    nearest(mask, image)
}

/// What would make image and mask fit, in the words of a parameter file: the tolerance that lets a difference of rounding
/// pass, resampling of a mask that lies in the image, or another export.
pub fn repair(image: &Geometry, mask: &Mask) -> String {
    /// Beyond a thousandth of a voxel a difference is no rounding.
    const ROUNDING: f64 = 1e-3;
    let needed = needed_tolerance(image, &mask.geometry);
    match check_roi(image, mask) {
        _ if image.size == mask.geometry.size && needed <= ROUNDING => {
            let tolerance = [1e-5, 1e-4].into_iter().find(|t| needed <= *t).unwrap_or(ROUNDING);
            format!("they differ by {needed:.1e} of a voxel at most: set `geometryTolerance: {tolerance}`")
        }
        Ok(_) => {
            "the region lies in the image: set `correctMask: true` to resample the mask onto the image's grid".into()
        }
        Err(_) => "the region does not lie in the image: export both from the same series".into(),
    }
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

/// The smallest tolerance with which two grids of one size pass for the same.
fn needed_tolerance(image: &Geometry, mask: &Geometry) -> f64 {
    let apart = |a: &[f64], b: &[f64]| a.iter().zip(b).fold(0.0, |most: f64, (a, b)| most.max((a - b).abs()));
    let lengths = apart(&image.spacing, &mask.spacing).max(apart(&image.origin, &mask.origin));
    let cosines = apart(image.direction.as_flattened(), mask.direction.as_flattened());
    cosines.max(lengths / image.spacing[0].abs())
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
