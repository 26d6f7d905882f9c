//! Voxels to numbers: the feature classes of PyRadiomics.
//!
//! [`names`] says what [`extract`] computes under [`Settings`], in the column order of PyRadiomics. Every definition is that
//! of PyRadiomics 3.0.1, and `tests/features.rs` holds every value against it.

mod angle;
mod discretise;
mod first_order;
mod glcm;
mod gldm;
mod glrlm;
mod glszm;
mod name;
mod neighbourhood;
mod ngtdm;
mod parameters;
mod region;
mod resegment;
mod settings;
mod shape;
mod sizes;

use crate::error::{Error, Result};
use crate::image::{Mask, Volume};
use region::Region;

pub use angle::Norm;
pub use discretise::Bins;
pub use name::names;
pub use resegment::{Resegment, Threshold};
pub use settings::{ImageSettings, ImageType, Intensity, Selection, Settings};

/// Version of the feature definitions. It is part of the key under which results are kept, and changes with any value.
pub const DEFINITION: &str = "pyradiomics-3.0.1/1";

/// A feature: a number, or why there is none. Each feature keeps its place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value {
    Number(f64),
    Undefined(Reason),
}

/// Why a feature has no value, where PyRadiomics gives NaN or stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    #[error("no two voxels of the region are neighbours at the distances asked for")]
    NoNeighbours,
    #[error("the formula divides by zero or overflows for this region")]
    Indeterminate,
}

impl Reason {
    /// The stable short form, for tables and caches.
    pub fn code(self) -> &'static str {
        match self {
            Self::NoNeighbours => "no_neighbours",
            Self::Indeterminate => "indeterminate",
        }
    }
}

impl Value {
    /// The number, when there is one.
    pub fn number(self) -> Option<f64> {
        match self {
            Self::Number(value) => Some(value),
            Self::Undefined(_) => None,
        }
    }
}

/// The features of one region, in the order of [`names`].
///
/// [`Error::Mismatch`] when image and mask differ in size; [`Error::BadRoi`] when the region is empty, has one voxel, spans
/// fewer dimensions or has no more voxels than the settings ask for, or holds a voxel that is no finite number;
/// [`Error::BadValue`] when the bins give too many grey levels.
pub fn extract(image: &Volume, roi: &Mask, settings: &Settings) -> Result<Vec<Value>> {
    let (size, mask) = (image.geometry.size, roi.geometry.size);
    if size != mask {
        let [image, mask] = [size, mask].map(|[x, y, z]| format!("{x} x {y} x {z} voxels"));
        return Err(Error::Mismatch { what: "size".into(), image, mask });
    }
    let mut region = Region::new(image, roi, settings)?;
    let mut outline = None;
    if let Some(resegment) = &settings.resegment {
        let stays = resegment.apply(image, roi)?;
        region = Region::new(image, &stays, settings)?;
        // PyRadiomics cuts the whole region at the bounding box of what stays before it measures its shape.
        let shape = if resegment.shape { stays } else { roi.within(&stays) };
        outline = Some(Region::new(image, &shape, settings)?);
    }
    let outline = outline.as_ref().unwrap_or(&region);
    let mut values = Vec::new();
    for (selection, compute) in settings.classes.iter().filter_map(Selection::of_outline) {
        values.extend(selection.pick(compute(outline)));
    }
    let mut scratch = Scratch::default();
    for ImageSettings { intensity, .. } in &settings.images {
        region.set_levels(&discretise::levels(&region.values, intensity.bins, image.pixel)?);
        for (selection, compute) in settings.classes.iter().filter_map(Selection::of_image) {
            values.extend(selection.pick(compute(&region, intensity, &mut scratch)));
        }
    }
    Ok(values)
}

/// A row of the table of classes.
struct Class {
    /// As PyRadiomics and its column names spell it.
    name: &'static str,
    /// In the order of PyRadiomics' columns.
    features: &'static [&'static str],
    /// Computed only when a parameter file names them.
    on_request: &'static [&'static str],
    /// Known to PyRadiomics, which computes nothing for them, and why.
    withdrawn: &'static [(&'static str, &'static str)],
    /// All of `features`, then of `on_request`.
    compute: Compute,
}

/// What a class is computed of.
enum Compute {
    /// The voxels of the region alone: once a region.
    Outline(OfOutline),
    /// The intensities in it: once an image type.
    Image(OfImage),
}

type OfOutline = fn(&Region) -> Outcome;
type OfImage = fn(&Region, &Intensity, &mut Scratch) -> Outcome;

/// The values of a whole class, or why it has none.
type Outcome = std::result::Result<Vec<f64>, Reason>;

/// The classes, in the order PyRadiomics takes them when a parameter file names none.
const CLASSES: [&Class; 7] =
    [&first_order::CLASS, &glcm::CLASS, &gldm::CLASS, &glrlm::CLASS, &glszm::CLASS, &ngtdm::CLASS, &shape::CLASS];

/// Memory that the classes of one region use in turn.
#[derive(Default)]
struct Scratch {
    counts: Vec<u32>,
    values: Vec<f64>,
    lengths: Vec<u16>,
    parents: Vec<u32>,
}

/// 2^-52, which PyRadiomics adds inside every logarithm and to every divisor that might be 0.
const EPSILON: f64 = f64::EPSILON;

/// Minus the sum of p log2(p + epsilon).
fn entropy(p: impl Iterator<Item = f64>) -> f64 {
    -p.filter(|p| *p > 0.0).map(|p| p * (p + EPSILON).log2()).sum::<f64>()
}

/// The mean of each feature over directions, without those that are NaN; none without a direction.
fn mean_of(directions: &[Vec<f64>]) -> Option<Vec<f64>> {
    let features = directions.first()?.len();
    let mean = |k: usize| {
        let known = || directions.iter().map(|d| d[k]).filter(|v| !v.is_nan());
        known().sum::<f64>() / known().count() as f64
    };
    Some((0..features).map(mean).collect())
}

/// Adds weighted counts to a matrix.
fn add(total: &mut [f64], counts: &[u32], weight: f64) {
    total.iter_mut().zip(counts).for_each(|(sum, count)| *sum += f64::from(*count) * weight);
}
