//! A scan and its region at another voxel size, as PyRadiomics resamples them through ITK, to the last bit.

mod gaussian;
mod interpolator;
mod linear;
mod sinc;
mod spline;

pub use interpolator::{Interpolator, Taper};

use serde::Serialize;

use super::placement::Placement;
use super::{Geometry, Mask, Pixel, Volume, Window};
use crate::error::{Error, Result};

/// How to resample.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Resample {
    /// Millimetres between the new voxels along x, y, z; 0 keeps the mask's own.
    pub spacing: [f64; 3],
    /// For the scan; the mask always takes the nearest neighbour.
    pub interpolator: Interpolator,
    /// New voxels kept around the region's bounding box, as far as the mask's grid goes.
    pub pad_distance: usize,
}

/// The scan and the region on a grid of the new spacing along the **mask's** axes, cropped around the region. Image and
/// mask may lie on different grids, as long as the region lies in the image.
///
/// An axis along which the region has one voxel keeps its spacing. When the image has the new spacing already (within
/// 1e-5 of it) both are only cropped, the mask brought to the image's grid by nearest neighbour. Places outside the image
/// are 0. The result is ITK's to the last bit, but for B-splines along an axis of two voxels, where ITK reads beyond its
/// memory. A scan of whole numbers stays one: values are cut toward zero, as ITK casts them, not rounded.
///
/// [`Error::BadRoi`] when the region is empty, leaves the image, or has no voxel left; [`Error::BadValue`] for a spacing
/// that is none.
pub fn resample(image: &Volume, mask: &Mask, options: &Resample) -> Result<(Volume, Mask)> {
    let (low, size) = check_roi(&image.geometry, mask)?;
    let spacing = new_spacing(&mask.geometry, size, options)?;
    if close(&image.geometry.spacing, &spacing) {
        let mask = nearest(mask, &image.geometry)?;
        return crop(image, &mask, options.pad_distance);
    }
    let grid = new_grid(&mask.geometry, (low, size), spacing, options.pad_distance);
    let voxels = interpolate(image, &grid, options.interpolator);
    Ok((Volume { geometry: grid, voxels, pixel: image.pixel }, nearest(mask, &grid)?))
}

/// Image and mask around the region's bounding box, with so many voxels more on every side as far as they go. Both on one
/// grid. [`Error::BadRoi`] when the region is empty.
pub fn crop(image: &Volume, mask: &Mask, pad: usize) -> Result<(Volume, Mask)> {
    let (low, size) = bounding_box(mask)?;
    let window = Window { low, size }.grown([pad; 3], &mask.geometry);
    Ok((image.cut(&window), mask.cut(&window)))
}

/// The mask on another grid, each voxel what lies nearest to it in the old one, and outside where that ends.
/// [`Error::BadRoi`] when no voxel is left.
pub(super) fn nearest(mask: &Mask, grid: &Geometry) -> Result<Mask> {
    let mut inside = Vec::with_capacity(grid.voxels());
    walk(grid, &mask.geometry, |at| inside.push(at.is_some_and(|at| mask.inside[nearest_voxel(&mask.geometry, at)])));
    let resampled = Mask { geometry: *grid, inside };
    match resampled.bounds() {
        Some(_) => Ok(resampled),
        None => Err(Error::BadRoi {
            why: "has no voxel left on the new grid; its voxels are finer than those it is brought to".into(),
        }),
    }
}

/// The region's bounding box, first voxel and size, if it lies in the image with a thousandth of a voxel to spare.
pub(super) fn check_roi(image: &Geometry, mask: &Mask) -> Result<([usize; 3], [usize; 3])> {
    const SLACK: f64 = 1e-3;
    let (low, size) = bounding_box(mask)?;
    let (from, to) = (Placement::of(&mask.geometry), Placement::of(image));
    let corner = |index: [f64; 3]| to.index(from.between(index));
    let first = corner(low.map(|i| i as f64 - 0.5));
    let last = corner([0, 1, 2].map(|k| (low[k] + size[k]) as f64 - 0.5));
    let within =
        |k: usize| first[k].min(last[k]) >= -0.5 - SLACK && first[k].max(last[k]) <= image.size[k] as f64 - 0.5 + SLACK;
    if (0..3).all(within) {
        return Ok((low, size));
    }
    let [x, y, z] = image.size;
    let place = |p: [f64; 3]| format!("({:.3}, {:.3}, {:.3})", p[0], p[1], p[2]);
    let why = format!(
        "leaves the image: its bounding box goes from {} to {} in voxels of the image, which has {x} x {y} x {z} from -0.5",
        place(first),
        place(last)
    );
    Err(Error::BadRoi { why })
}

fn bounding_box(mask: &Mask) -> Result<([usize; 3], [usize; 3])> {
    match mask.bounds() {
        Some((low, high)) => Ok((low, [0, 1, 2].map(|k| high[k] + 1 - low[k]))),
        None => Err(Error::BadRoi { why: "has no voxels".into() }),
    }
}

fn new_spacing(mask: &Geometry, roi: [usize; 3], options: &Resample) -> Result<[f64; 3]> {
    if let Some(mm) = options.spacing.iter().find(|mm| !(mm.is_finite() && **mm >= 0.0)) {
        let expected = "millimetres above 0, or 0 to keep the mask's own".to_string();
        return Err(Error::BadValue { what: "resampledPixelSpacing".into(), given: mm.to_string(), expected });
    }
    let kept = |k: usize| options.spacing[k] == 0.0 || roi[k] == 1;
    Ok([0, 1, 2].map(|k| if kept(k) { mask.spacing[k] } else { options.spacing[k] }))
}

/// numpy.allclose.
fn close(a: &[f64; 3], b: &[f64; 3]) -> bool {
    a.iter().zip(b).all(|(a, b)| (a - b).abs() <= 1e-8 + 1e-5 * b.abs())
}

/// The new voxels fill the mask's grid from its first corner, and these are those around the region; each step rounds as
/// PyRadiomics does.
fn new_grid(
    mask: &Geometry,
    (low, size): ([usize; 3], [usize; 3]),
    spacing: [f64; 3],
    pad_distance: usize,
) -> Geometry {
    let pad = pad_distance as f64;
    let mut grid = Geometry { spacing, ..*mask };
    let mut first = [0.0; 3];
    for k in 0..3 {
        let ratio = mask.spacing[k] / spacing[k];
        let from = ((low[k] as f64 - 0.5) * ratio - pad).floor().max(0.0);
        let to = (((low[k] + size[k]) as f64 - 0.5) * ratio + pad).ceil();
        let to = to.min((mask.size[k] as f64 * ratio).ceil() - 1.0);
        grid.size[k] = (to - from + 1.0).max(0.0) as usize;
        first[k] = 0.5 * (spacing[k] - mask.spacing[k]) / mask.spacing[k] + from / ratio;
    }
    grid.origin = Placement::of(mask).between(first);
    grid
}

/// Visits the voxels of a grid in order with their continuous index in another one; none outside of it.
fn walk(grid: &Geometry, source: &Geometry, mut visit: impl FnMut(Option<[f64; 3]>)) {
    let (from, to) = (Placement::of(grid), Placement::of(source));
    let [nx, ny, nz] = grid.size;
    let end = source.size.map(|n| n as f64 - 1.0 + 0.5);
    for z in 0..nz {
        for y in 0..ny {
            // ITK maps a line's ends and divides what lies between.
            let [start, stop] = [0, nx].map(|x| to.index(from.centre([x, y, z].map(|i| i as f64))));
            let along: [f64; 3] = std::array::from_fn(|k| stop[k] - start[k]);
            for x in 0..nx {
                let part = x as f64 / nx as f64;
                let at: [f64; 3] = std::array::from_fn(|k| start[k] + part * along[k]);
                let inside = (0..3).all(|k| at[k] >= -0.5 && at[k] < end[k]);
                visit(inside.then_some(at));
            }
        }
    }
}

/// The voxel a place belongs to; half-way between two it is the upper one.
fn nearest_voxel(grid: &Geometry, at: [f64; 3]) -> usize {
    let [x, y, z] = std::array::from_fn(|k| (halves(2.0 * at[k] + 0.5).max(0) as usize).min(grid.size[k] - 1));
    grid.at(x, y, z)
}

/// The whole number below or at a place, as ITK finds it: within rounding of the next one, it is the next one.
fn whole_below(at: f64) -> i64 {
    halves(2.0 * at - 0.5)
}

fn halves(twice: f64) -> i64 {
    twice.round_ties_even() as i64 >> 1
}

fn interpolate(image: &Volume, grid: &Geometry, interpolator: Interpolator) -> Vec<f64> {
    match interpolator {
        Interpolator::NearestNeighbor => fill(image, grid, |at| image.voxels[nearest_voxel(&image.geometry, at)]),
        Interpolator::Linear => fill(image, grid, |at| linear::value(image, at)),
        Interpolator::BSpline => {
            let spline = spline::Spline::of(image, &touched(grid, &image.geometry));
            fill(image, grid, |at| spline.value(at))
        }
        Interpolator::Gaussian => fill(image, grid, |at| gaussian::value(image, at)),
        Interpolator::LabelGaussian => fill(image, grid, |at| gaussian::label(image, at)),
        Interpolator::WindowedSinc(taper) => fill(image, grid, |at| sinc::value(image, taper, at)),
    }
}

fn fill(image: &Volume, grid: &Geometry, value: impl Fn([f64; 3]) -> f64) -> Vec<f64> {
    let mut voxels = Vec::with_capacity(grid.voxels());
    walk(grid, &image.geometry, |at| voxels.push(at.map_or(0.0, |at| cast(value(at), image.pixel))));
    voxels
}

/// A value in the scan's own type: within its range, and whole numbers cut toward zero.
fn cast(v: f64, pixel: Pixel) -> f64 {
    match pixel {
        Pixel::Float64 => v,
        Pixel::Float32 => f64::from(v.clamp(f64::from(f32::MIN), f64::from(f32::MAX)) as f32),
        Pixel::Integer { bits, signed } => {
            let values = 2f64.powi(i32::from(bits));
            let (least, most) = if signed { (-values / 2.0, values / 2.0 - 1.0) } else { (0.0, values - 1.0) };
            v.clamp(least, most).trunc()
        }
    }
}

/// The voxels of the source around a grid, with some to spare for an interpolator's reach.
fn touched(grid: &Geometry, source: &Geometry) -> Window {
    const REACH: f64 = 4.0;
    let (from, to) = (Placement::of(grid), Placement::of(source));
    let corner = |c: usize| to.index(from.centre([0, 1, 2].map(|k| ((c >> k) & 1) as f64 * grid.size[k] as f64)));
    let corners: Vec<[f64; 3]> = (0..8).map(corner).collect();
    let along = |k: usize| corners.iter().map(move |c| c[k]);
    let low = [0, 1, 2].map(|k| {
        let least = along(k).fold(f64::INFINITY, f64::min) - REACH;
        (least.max(0.0) as usize).min(source.size[k] - 1)
    });
    let size = [0, 1, 2].map(|k| {
        let most = along(k).fold(f64::NEG_INFINITY, f64::max) + REACH;
        (most.max(0.0) as usize + 1).clamp(low[k] + 1, source.size[k]) - low[k]
    });
    Window { low, size }
}
