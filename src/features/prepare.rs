//! What is done to scan and mask before any feature: intensities scaled, both put on another grid, cut, or corrected.

use std::borrow::Cow;

use super::settings::Settings;
use crate::error::{Error, Result};
use crate::image::{self, Mask, Volume};

/// What features are computed of.
pub(super) struct Prepared<'a> {
    pub image: Cow<'a, Volume>,
    pub roi: Cow<'a, Mask>,
    /// Repairs that the settings asked for, in words.
    pub notes: Vec<String>,
}

/// Scan and mask on one grid, as the settings ask for them, in PyRadiomics' order: normalised, then resampled or cut to the
/// region, then compared.
///
/// A voxel that is no finite number is read as 0, as ITK reads it, unless it lies in the region, where no feature would
/// mean anything.
///
/// [`Error::Mismatch`] when the grids differ and the settings do not ask to correct the mask; [`Error::BadRoi`] for a
/// region that is empty, reaches beyond the scan, or holds a voxel that is no finite number.
pub(super) fn prepare<'a>(image: &'a Volume, roi: &'a Mask, settings: &Settings) -> Result<Prepared<'a>> {
    let mut notes = repairs(image, roi, settings);
    let mut image = finite(image, roi)?;
    if matches!(image, Cow::Owned(_)) {
        notes.push("voxels of the scan that are no finite numbers are read as 0; none lies in the region".into());
    }
    let mut roi = Cow::Borrowed(roi);
    if let Some(normalize) = settings.normalize {
        image = Cow::Owned(image::normalize(&image, normalize.scale, normalize.remove_outliers)?);
    }
    if let Some(resample) = &settings.resample {
        let (on_grid, inside) = image::resample(&image, &roi, resample)?;
        (image, roi) = (Cow::Owned(on_grid), Cow::Owned(inside));
    } else if let Some(pad) = settings.pre_crop {
        let on_grid = corrected(&image, roi, settings)?;
        let (around, inside) = image::crop(&image, &on_grid, pad)?;
        (image, roi) = (Cow::Owned(around), Cow::Owned(inside));
    }
    let roi = corrected(&image, roi, settings)?;
    Ok(Prepared { image, roi, notes })
}

/// What the settings let pass that would have been refused without them.
fn repairs(image: &Volume, roi: &Mask, settings: &Settings) -> Vec<String> {
    let Err(Error::Mismatch { what, .. }) = image::same_grid(&image.geometry, &roi.geometry, USUAL_TOLERANCE) else {
        return Vec::new();
    };
    let within = image::same_grid(&image.geometry, &roi.geometry, settings.geometry_tolerance).is_ok();
    let how = match (within, settings.resample.is_some(), settings.correct_mask) {
        (true, _, _) => format!("taken as one grid within geometryTolerance {}", settings.geometry_tolerance),
        (false, true, _) => "both are resampled to the mask's grid".into(),
        (false, false, true) => "the mask is put on the scan's grid by nearest neighbour (correctMask)".into(),
        (false, false, false) => return Vec::new(),
    };
    vec![format!("scan and mask differ in {what}: {how}")]
}

/// ITK's tolerance, and the default of `geometryTolerance`.
pub(super) const USUAL_TOLERANCE: f64 = 1e-6;

fn finite<'a>(image: &'a Volume, roi: &Mask) -> Result<Cow<'a, Volume>> {
    if image.voxels.iter().all(|v| image::usable(*v)) {
        return Ok(Cow::Borrowed(image));
    }
    if image.geometry.size != roi.geometry.size {
        let why = "lies on another grid than its scan, and the scan holds voxels that are no finite numbers";
        return Err(Error::BadRoi { why: why.into() });
    }
    image::finite_inside(image, roi)?;
    let voxels = image.voxels.iter().map(|v| if image::usable(*v) { *v } else { 0.0 }).collect();
    Ok(Cow::Owned(Volume { voxels, ..image.clone() }))
}

fn corrected<'a>(image: &Volume, roi: Cow<'a, Mask>, settings: &Settings) -> Result<Cow<'a, Mask>> {
    match image::same_grid(&image.geometry, &roi.geometry, settings.geometry_tolerance) {
        Err(Error::Mismatch { .. }) if settings.correct_mask => {
            Ok(Cow::Owned(image::correct_mask(&image.geometry, &roi)?))
        }
        Err(Error::Mismatch { what, image: scan, mask, .. }) => {
            Err(Error::Mismatch { what, image: scan, mask, remedy: image::repair(&image.geometry, &roi) })
        }
        Err(other) => Err(other),
        Ok(()) => Ok(roi),
    }
}
