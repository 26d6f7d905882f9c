//! What is done to scan and mask before any feature: intensities scaled, both put on another grid, cut, or corrected.

use std::borrow::Cow;

use super::settings::Settings;
use crate::error::{Error, Result};
use crate::image::{self, Mask, Volume};

/// Scan and mask on one grid, as the settings ask for them, in PyRadiomics' order: normalised, then resampled or cut to the
/// region, then compared.
///
/// A voxel that is no finite number is read as 0, as ITK reads it, unless it lies in the region, where no feature would
/// mean anything.
///
/// [`Error::Mismatch`] when the grids differ and the settings do not ask to correct the mask; [`Error::BadRoi`] for a
/// region that is empty, reaches beyond the scan, or holds a voxel that is no finite number.
pub(super) fn prepare<'a>(
    image: &'a Volume,
    roi: &'a Mask,
    settings: &Settings,
) -> Result<(Cow<'a, Volume>, Cow<'a, Mask>)> {
    let mut image = finite(image, roi)?;
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
    Ok((image, roi))
}

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
