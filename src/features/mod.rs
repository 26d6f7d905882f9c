//! Voxels to numbers: the feature classes of PyRadiomics.
//!
//! [`names`] says what [`extract`] computes under [`Settings`], in the column order of PyRadiomics. Every definition is that
//! of PyRadiomics 3.0.1, and `tests/features.rs` holds every value against it.

mod angle;
mod diagnostics;
mod discretise;
mod first_order;
mod glcm;
mod gldm;
mod glrlm;
mod glszm;
mod image_type;
mod name;
mod neighbourhood;
mod ngtdm;
mod parameters;
mod prepare;
mod presets;
mod region;
mod resegment;
mod selection;
mod settings;
mod shape;
mod sizes;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result, nearest};
use crate::image::{Mask, Volume, Window};
use crate::task::Task;
use prepare::{Prepared, prepare};
use region::Region;

pub use angle::Norm;
pub use diagnostics::{diagnostic_names, diagnostics};
pub use discretise::Bins;
pub use image_type::{ImageType, Sigma};
pub use name::{images, names};
pub use resegment::{Resegment, Threshold};
pub use selection::Selection;
pub use settings::{ImageSettings, Intensity, Normalize, Profile, Settings};

/// Version of the feature definitions. It is part of the key under which results are kept, and changes with any value.
pub const DEFINITION: &str = "pyradiomics-3.0.1/1";

/// A feature: a number, or why there is none. Each feature keeps its place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value {
    Number(f64),
    Undefined(Reason),
}

/// Why a feature has no value, where PyRadiomics gives NaN or stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    #[error("no two voxels of the region are neighbours at the distances asked for")]
    NoNeighbours,
    #[error("the formula divides by zero or overflows for this region")]
    Indeterminate,
    #[error("the region has more than one slice across the plane that force2D names")]
    NotFlat,
    #[error("the scan has too few voxels along an axis for this filter")]
    TooSmall,
    #[error("the image holds a number that is not finite in this region")]
    NotFinite,
    #[error("the bins cut the intensities of this region into more than 16384 grey levels")]
    TooManyLevels,
}

impl Reason {
    /// The stable short form, for tables and caches.
    pub fn code(self) -> &'static str {
        match self {
            Self::NoNeighbours => "no_neighbours",
            Self::Indeterminate => "indeterminate",
            Self::NotFlat => "not_flat",
            Self::TooSmall => "too_small",
            Self::NotFinite => "not_finite",
            Self::TooManyLevels => "too_many_levels",
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

/// Scan and mask as features are computed of them: normalised, resampled, cut, as the settings ask. Errors are those of
/// [`extract`].
pub fn prepared(image: &Volume, roi: &Mask, settings: &Settings) -> Result<(Volume, Mask)> {
    prepare(image, roi, settings).map(|prepared| (prepared.image.into_owned(), prepared.roi.into_owned()))
}

/// A window of one image of a prepared scan, named as its columns are. Of LBP3D only the region's voxels are computed, the
/// others are 0.
///
/// [`NoSuch`](Error::NoSuch) when the settings have no such image; [`Undefined`](Error::Undefined) when the scan is too
/// small for its filter.
pub fn filtered(scan: &Volume, roi: &Mask, settings: &Settings, name: &str, window: &Window) -> Result<Volume> {
    let mut found = None;
    for ImageSettings { kind, .. } in &settings.images {
        let names = kind.names();
        if let Some(wanted) = names.iter().position(|n| n == name) {
            kind.each(scan, roi, window, &mut |k, image| {
                if k == wanted {
                    found = Some(image);
                }
                Ok(())
            })?;
        }
    }
    let known = images(settings);
    let image = found.ok_or_else(|| Error::NoSuch {
        what: "image under these settings".into(),
        given: name.into(),
        nearest: nearest(name, known.iter().map(String::as_str)),
        known: known.clone(),
    })?;
    image.map_err(|reason| Error::Undefined { what: name.into(), why: reason.to_string() })
}

/// What [`extract`] gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Extracted {
    /// The features, in the order of [`names`].
    pub values: Vec<Value>,
    /// Grey levels in the region of each image, in the order of [`images`]; 0 where it could not be cut into levels.
    pub levels: Vec<usize>,
    /// Repairs of the scan or the mask that the settings asked for, in words.
    pub notes: Vec<String>,
}

/// The features of one region.
///
/// [`Mismatch`](Error::Mismatch) when image and mask lie on different grids that the settings do not reconcile; [`BadRoi`](Error::BadRoi)
/// when the region is empty, has one voxel, spans fewer dimensions or has no more voxels than the settings ask for, reaches
/// beyond the scan, or holds a voxel that is no finite number; [`Cancelled`](Error::Cancelled).
///
/// Memory: besides the scan, three more of its size while it is filtered, 8 bytes a voxel each, and the matrices of the
/// classes, which grow with the square of the grey levels.
pub fn extract(image: &Volume, roi: &Mask, settings: &Settings, task: &Task) -> Result<Extracted> {
    let Prepared { image, roi, notes } = prepare(image, roi, settings)?;
    let mut roi = roi.into_owned();
    let mut region = Region::new(&roi, settings)?;
    let mut outline = None;
    if let Some(resegment) = &settings.resegment {
        let stays = resegment.apply(&image, &roi)?;
        region = Region::new(&stays, settings)?;
        // PyRadiomics cuts the whole region at the bounding box of what stays before it measures its shape.
        let shape = if resegment.shape { &stays } else { &roi.within(&stays) };
        outline = Some(Region::new(shape, settings)?);
        roi = stays;
    }
    let outline = outline.as_ref().unwrap_or(&region);
    let mut extracted = Extracted { values: Vec::new(), levels: Vec::new(), notes };
    for (selection, compute) in settings.outlines() {
        extracted.values.extend(selection.pick(compute(outline, settings)));
    }
    let window = region.window();
    let mut scratch = Scratch::default();
    for ImageSettings { kind, intensity } in &settings.images {
        let mut found = vec![(Vec::new(), 0); kind.names().len()];
        kind.each(&image, &roi, &window, &mut |k, filtered| {
            task.check()?;
            let levels = filtered.and_then(|filtered| level(&mut region, &filtered, intensity));
            let mut values = Vec::new();
            for (selection, compute) in settings.classes.iter().filter_map(Selection::of_image) {
                let outcome = levels.and_then(|_| compute(&region, intensity, &mut scratch));
                values.extend(selection.pick(outcome));
            }
            found[k] = (values, levels.unwrap_or(0));
            Ok(())
        })?;
        for (values, levels) in found {
            extracted.values.extend(values);
            extracted.levels.push(levels);
        }
    }
    Ok(extracted)
}

/// Gives a region the grey levels of an image, and says how many there are.
fn level(region: &mut Region, image: &Volume, intensity: &Intensity) -> std::result::Result<usize, Reason> {
    region.read(image)?;
    region.set_levels(&discretise::levels(&region.values, intensity, image.pixel)?);
    Ok(region.levels())
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

type OfOutline = fn(&Region, &Settings) -> Outcome;
type OfImage = fn(&Region, &Intensity, &mut Scratch) -> Outcome;

/// The values of a whole class, or why it has none.
type Outcome = std::result::Result<Vec<f64>, Reason>;

/// The classes, in the order PyRadiomics takes them when a parameter file names none.
const CLASSES: [&Class; 8] = [
    &first_order::CLASS,
    &glcm::CLASS,
    &gldm::CLASS,
    &glrlm::CLASS,
    &glszm::CLASS,
    &ngtdm::CLASS,
    &shape::CLASS,
    &shape::flat::CLASS,
];

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
