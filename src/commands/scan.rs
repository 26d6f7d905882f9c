//! A patient's scan as features are computed of it, for the commands that show or write it.

use super::World;
use crate::cohort::{Patient, Scan};
use crate::error::{Error, Result, nearest};
use crate::features::{self, Settings};
use crate::image::nifti;
use crate::image::{Mask, Volume};

/// Scan and masks of one patient, prepared under the settings.
pub(super) struct Look<'a> {
    pub patient: &'a Patient,
    pub settings: Settings,
    pub scan: Volume,
    pub roi: Mask,
    /// Further readers' with the reader's number, where they lie on the same grid: resampling cuts the scan to each mask's
    /// own box.
    pub others: Vec<(usize, Mask)>,
}

/// The scan of this patient, or of the first who has one; `params` names a preset or a parameter file, the usual preset when
/// none is given.
///
/// # Errors
/// No cohort, no such patient, no scan; and whatever reading and preparing them says.
pub(super) fn look<'a>(world: &World<'a>, command: &str, id: Option<&str>, params: Option<&str>) -> Result<Look<'a>> {
    let (patient, files) = patient(world, command, id)?;
    let params = params.unwrap_or(Settings::presets()[0]);
    let settings = super::settings_of(world, params)?;
    let label = files.label.unwrap_or(settings.label);
    let image = nifti::read(&files.image)?.volume;
    let mask = |path| nifti::read_mask(path, label, settings.label_channel).map(|roi| roi.mask);
    let (scan, roi) = features::prepared(&image, &mask(&files.mask)?, &settings)?;
    let mut others = Vec::new();
    for (number, path) in (2..).zip(&files.others) {
        if let Some(path) = path {
            others.push((number, features::prepared(&image, &mask(path)?, &settings)?.1));
        }
    }
    others.retain(|(_, other)| other.geometry == roi.geometry);
    Ok(Look { patient, settings, scan, roi, others })
}

/// Scan and mask as they lie in their files, the mask's label by the settings where the table names none.
///
/// # Errors
/// Whatever reading the files says.
pub(super) fn files(scan: &Scan, settings: &Settings) -> Result<(Volume, Mask)> {
    let label = scan.label.unwrap_or(settings.label);
    Ok((nifti::read(&scan.image)?.volume, nifti::read_mask(&scan.mask, label, settings.label_channel)?.mask))
}

fn patient<'a>(world: &World<'a>, command: &str, id: Option<&str>) -> Result<(&'a Patient, &'a Scan)> {
    let cohort = world.study.need_cohort(command)?;
    let found = match id {
        None => cohort.patients.iter().find(|p| p.scan.is_some()),
        Some(id) => Some(cohort.patients.iter().find(|p| p.id == id).ok_or_else(|| {
            let ids = cohort.ids();
            let nearest = nearest(id, ids.iter().map(String::as_str));
            Error::NoSuch { what: "patient".into(), given: id.into(), nearest, known: ids.clone() }
        })?),
    };
    found.and_then(|p| Some((p, p.scan.as_ref()?))).ok_or_else(|| Error::NotYet {
        command: command.into(),
        missing: "a scan of this patient".into(),
        remedy: "open a table with the columns Image and Mask".into(),
    })
}
