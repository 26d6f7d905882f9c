//! Size and form of a region: its surface mesh, diameters and principal axes. No intensity takes part.

mod axes;
mod diameter;
pub(super) mod flat;
mod mesh;
mod triangles;

use std::f64::consts::PI;

use super::region::Region;
use super::settings::Settings;
use super::{Class, Compute, Outcome, Reason};

/// The class as it stands in the table of `features/mod.rs`.
pub(super) const CLASS: Class = Class {
    name: "shape",
    features: &[
        "Elongation",
        "Flatness",
        "LeastAxisLength",
        "MajorAxisLength",
        "Maximum2DDiameterColumn",
        "Maximum2DDiameterRow",
        "Maximum2DDiameterSlice",
        "Maximum3DDiameter",
        "MeshVolume",
        "MinorAxisLength",
        "Sphericity",
        "SurfaceArea",
        "SurfaceVolumeRatio",
        "VoxelVolume",
    ],
    on_request: &["Compactness1", "Compactness2", "SphericalDisproportion"],
    withdrawn: &[],
    compute: Compute::Outline(compute),
};

/// Lengths in mm, areas in mm^2, volumes in mm^3.
///
/// Axis lengths are 4 times the root of the eigenvalues of the covariance of the voxel centres; elongation and flatness
/// the roots of the minor and the least eigenvalue over the major one. Diameters are the largest distances between
/// vertices of the mesh: anywhere, and in one plane of slices (z), of columns (y), of rows (x).
fn compute(region: &Region, settings: &Settings) -> Outcome {
    let mesh = mesh::measure(region);
    let [least, minor, major] = axes::variances(region, settings.profile());
    let diameters = diameter::largest(region);
    let [row, column, slice] = diameters.in_plane;
    let (area, volume) = (mesh.area, mesh.volume);
    let sphere = (36.0 * PI * volume * volume).cbrt();
    if area == 0.0 {
        return Err(Reason::Indeterminate);
    }
    Ok(vec![
        (minor / major).sqrt(),
        (least / major).sqrt(),
        4.0 * least.sqrt(),
        4.0 * major.sqrt(),
        column,
        row,
        slice,
        diameters.anywhere,
        volume,
        4.0 * minor.sqrt(),
        sphere / area,
        area,
        area / volume,
        region.at.len() as f64 * region.spacing.iter().product::<f64>(),
        volume / (area.powf(1.5) * PI.sqrt()),
        36.0 * PI * volume * volume / area.powi(3),
        area / sphere,
    ])
}
