//! What to compute, and how: the settings of a PyRadiomics parameter file.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::angle::Norm;
use super::discretise::Bins;
use super::image_type::ImageType;
use super::parameters;
use super::resegment::Resegment;
use super::selection::Selection;
use super::{CLASSES, Class, OfOutline};
use crate::error::{Error, Result};
use crate::image::{Interpolator, Resample};

/// The settings of one extraction, every default filled in. Names and meaning are those of PyRadiomics.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Settings {
    /// The value of the mask that marks the region. Default 1.
    pub label: i64,
    /// The component of a mask that holds several. Default 0.
    #[serde(rename = "label_channel")]
    pub label_channel: usize,
    /// How far the grids of image and mask may differ: origin and spacing in shares of the image's first spacing, direction
    /// cosines as they are. Default 1e-6.
    #[serde(rename = "geometryTolerance")]
    pub geometry_tolerance: f64,
    /// Whether a mask on another grid is put on the image's. Default: no.
    #[serde(rename = "correctMask")]
    pub correct_mask: bool,
    /// Whether the batch tool writes diagnostics, as its flag does. Default: no, where PyRadiomics' is yes. No part of what
    /// the features depend on.
    #[serde(skip)]
    pub additional_info: bool,
    /// Whether the intensities of the whole scan are scaled first. Default: no.
    pub normalize: Option<Normalize>,
    /// Whether scan and mask are put on another grid. Default: no.
    pub resample: Option<Resample>,
    /// Voxels kept around the region's bounding box, when the scan is cut to it before it is filtered. Default: it is not.
    #[serde(rename = "preCrop")]
    pub pre_crop: Option<usize>,
    /// In how many dimensions the region must be larger than one voxel. Default 2.
    #[serde(rename = "minimumROIDimensions")]
    pub minimum_roi_dimensions: usize,
    /// The region must have more voxels than this. Default: no limit.
    #[serde(rename = "minimumROISize")]
    pub minimum_roi_size: Option<usize>,
    /// Which voxels of the region count by their intensity. Default: all.
    pub resegment: Option<Resegment>,
    /// Shape within a plane: the axis it is at right angles to, 0 = z, 1 = y, 2 = x. Default: none.
    #[serde(rename = "force2D")]
    pub force_2d: Option<usize>,
    /// Classes and their features, in the order of the parameter file.
    #[serde(rename = "featureClass")]
    pub classes: Vec<Selection>,
    /// Image types, in the order of the parameter file.
    #[serde(rename = "imageType")]
    pub images: Vec<ImageSettings>,
    /// What PyRadiomics would pass over in the parameter file with a line in a log at most, in words.
    #[serde(skip)]
    pub remarks: Vec<String>,
}

/// Scaling of the intensities of the whole scan to mean 0 and a deviation.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Normalize {
    /// The deviation. Default 1.
    #[serde(rename = "normalizeScale")]
    pub scale: f64,
    /// Intensities further from the mean than so many deviations are put there. Default: none.
    pub remove_outliers: Option<f64>,
}

/// An image type with the settings its features are computed under.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ImageSettings {
    pub kind: ImageType,
    #[serde(flatten)]
    pub intensity: Intensity,
}

/// Whose definitions to follow where PyRadiomics and the Image Biomarker Standardisation Initiative differ.
///
/// | | PyRadiomics 3.0.1 | IBSI, reference manual v11 | `Ibsi` |
/// |---|---|---|---|
/// | bins of a width | edges at multiples of the width | first edge at the region's smallest intensity | IBSI |
/// | axis lengths of shape | covariance with N below | with N - 1 | IBSI |
/// | first-order Kurtosis | m4 / m2^2 | m4 / m2^2 - 3 (excess kurtosis) | IBSI |
/// | Ng of GLCM Idn and Idmn, NGTDM | highest grey value present | number of levels the range is cut into | the same numbers |
/// | entropies | p log2(p + 2^-52) | p log2 p | differ below 1e-14 |
/// | matrices of a direction without neighbours | left out of the mean | left out of the mean | the same |
/// | names | GLDM, Id, Idm, Imc1, ... | NGLDM, inverse difference (moment), information correlation 1, ... | PyRadiomics' |
/// | resampling | grid begins at the scan's corner; mask by nearest neighbour | grids share their centre; mask by linear interpolation, from 0.5 | PyRadiomics' |
/// | resegmentation of outliers | about the mean of the region, limits given | 3 deviations about the mean | set `resegmentRange: [-3, 3]`, `resegmentMode: sigma` |
/// | filters | PyWavelets, ITK, scikit-image, spherical harmonics | IBSI 2 | PyRadiomics' |
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Profile {
    #[default]
    PyRadiomics,
    Ibsi,
}

/// Settings of the classes that look at intensities.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Intensity {
    /// Default: bins of width 25.
    pub bins: Bins,
    /// Default: PyRadiomics. No parameter file says otherwise.
    pub profile: Profile,
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

impl Settings {
    /// The preset of that name, or else the parameter file at `path`.
    ///
    /// Errors are those of [`Settings::read`].
    pub fn load(name: &str, path: &Path) -> Result<Self> {
        // A bare word that is no file is a preset misspelt.
        let bare = Path::new(name).extension().is_none() && !name.contains(['/', '\\']);
        let preset = Self::presets().contains(&name) || (bare && !path.exists());
        if preset { Self::preset(name) } else { Self::read(path) }
    }

    /// The settings of a PyRadiomics parameter file. Errors are those of [`Settings::parse`].
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).map_err(|why| Error::file("read", path, &why))?;
        Self::parse(&text, path)
    }

    /// The settings of the text of a PyRadiomics parameter file; `path` only names it in errors.
    ///
    /// [`Error::Parameters`] for text that is no YAML, and for a section, class, image type, feature, setting or value
    /// that PyRadiomics does not know.
    pub fn parse(text: &str, path: &Path) -> Result<Self> {
        parameters::parse(text, path)
    }

    /// These settings under other definitions.
    pub fn with_profile(mut self, profile: Profile) -> Self {
        self.images.iter_mut().for_each(|image| image.intensity.profile = profile);
        self
    }

    /// These settings with scan and mask resampled to cubes of this side, mm, by the interpolator they name already.
    pub fn with_spacing(mut self, side: f64) -> Self {
        let usual = Resample { spacing: [side; 3], interpolator: Interpolator::BSpline, pad_distance: 5 };
        self.resample = Some(Resample { spacing: [side; 3], ..self.resample.unwrap_or(usual) });
        self
    }

    /// These settings with bins of this width for every image.
    pub fn with_bin_width(mut self, width: f64) -> Self {
        self.images.iter_mut().for_each(|image| image.intensity.bins = Bins::Width(width));
        self
    }

    /// The bin width of the images, where all have one and the same.
    pub fn bin_width(&self) -> Option<f64> {
        let mut widths = self.images.iter().map(|image| match image.intensity.bins {
            Bins::Width(width) => Some(width),
            Bins::Count(_) => None,
        });
        let first = widths.next()??;
        widths.all(|width| width == Some(first)).then_some(first)
    }

    /// Every effective setting as one line of stable text, equal exactly when the settings are.
    pub fn canonical(&self) -> String {
        serde_json::json!(self).to_string()
    }

    /// Whose definitions count, as [`Settings::with_profile`] set it.
    pub(super) fn profile(&self) -> Profile {
        self.images.first().map(|image| image.intensity.profile).unwrap_or_default()
    }

    /// The classes of the region's outline, in the order of the table of classes, whatever that of the parameter file.
    pub(super) fn outlines(&self) -> impl Iterator<Item = (&Selection, OfOutline)> {
        let chosen = |class: &'static Class| self.classes.iter().find(|s| s.class == class.name);
        CLASSES.into_iter().filter_map(chosen).filter_map(Selection::of_outline)
    }

    /// The axis (x, y, z) across the plane of the shape, when two dimensions are forced.
    pub(super) fn plane(&self) -> Option<usize> {
        self.force_2d.map(|dimension| 2 - dimension)
    }

    /// Voxels of margin that the neighbourhoods need.
    pub(super) fn reach(&self) -> usize {
        let distances = self.images.iter().flat_map(|i| &i.intensity.distances);
        distances.copied().max().unwrap_or(1).max(1)
    }
}

impl Intensity {
    /// The axis (x, y, z) along which no neighbour lies, when two dimensions are forced.
    pub(super) fn plane(&self) -> Option<usize> {
        self.force_2d.map(|dimension| 2 - dimension)
    }
}
