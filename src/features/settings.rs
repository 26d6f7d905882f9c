//! What to compute, and how: the settings of a PyRadiomics parameter file.

use std::path::Path;

use serde::Serialize;

use super::angle::Norm;
use super::discretise::Bins;
use super::resegment::Resegment;
use super::{CLASSES, Class, Compute, OfImage, OfOutline, Outcome, Reason, Value, parameters};
use crate::error::{Error, Result, nearest};

/// The settings of one extraction, every default filled in. Names and meaning are those of PyRadiomics.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Settings {
    /// The value of the mask that marks the region. Default 1.
    pub label: i64,
    /// In how many dimensions the region must be larger than one voxel. Default 2.
    #[serde(rename = "minimumROIDimensions")]
    pub minimum_roi_dimensions: usize,
    /// The region must have more voxels than this. Default: no limit.
    #[serde(rename = "minimumROISize")]
    pub minimum_roi_size: Option<usize>,
    /// Which voxels of the region count by their intensity. Default: all.
    pub resegment: Option<Resegment>,
    /// Classes and their features, in the order of the parameter file.
    #[serde(rename = "featureClass")]
    pub classes: Vec<Selection>,
    /// Image types, in the order of the parameter file.
    #[serde(rename = "imageType")]
    pub images: Vec<ImageSettings>,
}

/// Features chosen of one class.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Selection {
    pub class: &'static str,
    pub features: Vec<&'static str>,
}

/// An image type with the settings its features are computed under.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ImageSettings {
    pub kind: ImageType,
    #[serde(flatten)]
    pub intensity: Intensity,
}

/// What is done to the scan before its features are computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum ImageType {
    /// Nothing.
    Original,
}

/// Settings of the classes that look at intensities.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Intensity {
    /// Default: bins of width 25.
    pub bins: Bins,
    /// Distances of neighbours by the infinity norm, in voxels, for GLCM, GLDM and NGTDM. Default: 1.
    pub distances: Vec<usize>,
    /// Neighbours within a plane only: the axis it is at right angles to, 0 = z, 1 = y, 2 = x. Default: none.
    #[serde(rename = "force2D")]
    pub force_2d: Option<usize>,
    /// Whether a pair of neighbours counts in both orders. Default: yes.
    #[serde(rename = "symmetricalGLCM")]
    pub symmetrical_glcm: bool,
    /// How directions are weighted before their GLCMs and GLRLMs are summed. Default: none, features are averaged instead.
    pub weighting_norm: Option<Norm>,
    /// The largest difference in grey value of a dependent neighbour. Default 0.
    #[serde(rename = "gldm_a")]
    pub gldm_a: u64,
    /// Added to the intensities for energy, total energy and root mean square. Default 0.
    pub voxel_array_shift: f64,
}

/// The parameter files that come with the program, by name.
const PRESETS: [(&str, &str); 1] = [("original-107", include_str!("presets/original-107.yaml"))];

impl Settings {
    /// The settings of a parameter file that comes with the program; [`Error::NoSuch`] when there is none of that name.
    pub fn preset(name: &str) -> Result<Self> {
        let known = Self::presets();
        let Some((_, text)) = PRESETS.iter().find(|(preset, _)| *preset == name) else {
            let nearest = nearest(name, known.iter().copied());
            let known = known.iter().map(ToString::to_string).collect();
            return Err(Error::NoSuch { what: "preset".into(), given: name.into(), nearest, known });
        };
        Self::parse(text, Path::new(name))
    }

    /// Names of the parameter files that come with the program.
    pub fn presets() -> &'static [&'static str] {
        const NAMES: [&str; PRESETS.len()] = [PRESETS[0].0];
        &NAMES
    }

    /// The settings of a PyRadiomics parameter file. Errors are those of [`Settings::parse`].
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).map_err(|why| Error::file("read", path, &why))?;
        Self::parse(&text, path)
    }

    /// The settings of the text of a PyRadiomics parameter file; `path` only names it in errors.
    ///
    /// [`Error::Parameters`] for text that is no YAML, and for a section, class, image type, feature, setting or value
    /// that PyRadiomics does not know; [`Error::NotComputed`] for one it knows and this version does not compute.
    pub fn parse(text: &str, path: &Path) -> Result<Self> {
        parameters::parse(text, path)
    }

    /// Every effective setting as one line of stable text, equal exactly when the settings are.
    pub fn canonical(&self) -> String {
        serde_json::json!(self).to_string()
    }

    /// Voxels of margin that the neighbourhoods need.
    pub(super) fn reach(&self) -> usize {
        let distances = self.images.iter().flat_map(|i| &i.intensity.distances);
        distances.copied().max().unwrap_or(1).max(1)
    }
}

impl Selection {
    /// The class, when it is computed of the region's outline.
    pub(super) fn of_outline(&self) -> Option<(&Self, OfOutline)> {
        match self.row()?.compute {
            Compute::Outline(compute) => Some((self, compute)),
            Compute::Image(_) => None,
        }
    }

    /// The class, when it is computed of intensities.
    pub(super) fn of_image(&self) -> Option<(&Self, OfImage)> {
        match self.row()?.compute {
            Compute::Image(compute) => Some((self, compute)),
            Compute::Outline(_) => None,
        }
    }

    /// The chosen ones among the values of the whole class.
    pub(super) fn pick(&self, outcome: Outcome) -> Vec<Value> {
        let all = self.row().into_iter().flat_map(|class| class.features.iter().chain(class.on_request));
        let all: Vec<&str> = all.copied().collect();
        let value = |feature: &&str| match &outcome {
            Err(reason) => Value::Undefined(*reason),
            Ok(values) => match all.iter().position(|f| f == feature).map(|k| values[k]) {
                Some(value) if value.is_finite() => Value::Number(value),
                _ => Value::Undefined(Reason::Indeterminate),
            },
        };
        self.features.iter().map(value).collect()
    }

    fn row(&self) -> Option<&'static Class> {
        CLASSES.into_iter().find(|class| class.name == self.class)
    }
}

impl ImageType {
    /// What the names of its columns begin with.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Original => "original",
        }
    }
}

impl Intensity {
    /// The axis (x, y, z) along which no neighbour lies, when two dimensions are forced.
    pub(super) fn plane(&self) -> Option<usize> {
        self.force_2d.map(|dimension| 2 - dimension)
    }
}
