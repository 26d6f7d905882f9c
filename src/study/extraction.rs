//! Scans and masks to a feature set: every patient on its own, all cores, each finished scan kept at once.

use std::path::Path;

use ndarray::{Array2, ShapeBuilder};
use rayon::prelude::*;

use super::cache::{self, Computed};
use super::feature_set::{Failure, FeatureSet, Undefined};
use crate::caution::Caution;
use crate::cohort::{Cohort, Patient, Scan};
use crate::error::{Error, Result};
use crate::features::{self, Settings, Value};
use crate::image::{self, nifti};
use crate::task::Task;

/// What to extract, and how.
pub struct Extraction<'a> {
    pub cohort: &'a Cohort,
    pub settings: &'a Settings,
    /// The settings' name, for the reader.
    pub source: String,
    pub cache: &'a Path,
    /// Threads; as many as there are cores when 0.
    pub jobs: usize,
}

/// What one patient gave: the first reader's features, and the second's where there is a second mask.
struct Read {
    first: Result<Computed>,
    second: Option<Result<Computed>>,
}

/// Extract every scan of the cohort. A scan that fails is listed in the set with its cause, and the others go on.
/// Memory: each thread holds one scan of 8 bytes a voxel, its masks, and the working space of the feature classes.
///
/// # Errors
/// No images in the cohort, every scan failed, the cache cannot be written, or the user asked to stop (what was
/// finished by then is in the cache).
pub fn extract(extraction: &Extraction<'_>, task: &Task) -> Result<(FeatureSet, Vec<Caution>)> {
    let names = features::names(extraction.settings);
    let patients = &extraction.cohort.patients;
    let scans = patients.iter().filter(|p| p.scan.is_some()).count();
    if scans == 0 {
        return Err(Error::NotYet {
            command: "extract".into(),
            missing: "scans".into(),
            remedy: "open a table with the columns Image and Mask, or start from `features FILE.csv`".into(),
        });
    }
    task.begin("extracting", "scans", scans, names.len() as f64);
    let settings = extraction.settings.canonical();
    let one = |patient: &Patient| patient.scan.as_ref().map(|scan| of(extraction, scan, &settings, task)).transpose();
    let work = || patients.par_iter().with_max_len(1).map(one).collect::<Result<Vec<Option<Read>>>>();
    let reads = match extraction.jobs {
        0 => work(),
        jobs => rayon::ThreadPoolBuilder::new()
            .num_threads(jobs)
            .build()
            .map_err(|e| Error::Undefined { what: format!("work on {jobs} threads"), why: e.to_string() })?
            .install(work),
    }?;
    gather(names, extraction, reads)
}

/// One patient. The outer error stops everything: the user asked to, or the cache cannot be written.
fn of(extraction: &Extraction<'_>, scan: &Scan, settings: &str, task: &Task) -> Result<Read> {
    task.check()?;
    let label = scan.label.unwrap_or(extraction.settings.label);
    let image_content = cache::content(&scan.image);
    let mut volume: Option<nifti::Scan> = None;
    let mut read = |mask: &Path| -> Result<Result<Computed>> {
        let (key, roi) = match image_content.clone().and_then(|i| Ok((i, cache::content(mask)?))) {
            Ok((image, content)) => (cache::key(image, content, label, settings), mask),
            Err(error) => return Ok(Err(error)),
        };
        if let Some(known) = cache::load(extraction.cache, key) {
            return Ok(Ok(known));
        }
        match compute(&scan.image, roi, label, extraction.settings, &mut volume) {
            Ok(computed) => cache::store(extraction.cache, key, &computed).map(|()| Ok(computed)),
            Err(error) => Ok(Err(error)),
        }
    };
    let first = read(&scan.mask)?;
    let second = scan.second.as_deref().map(&mut read).transpose()?;
    task.step()?;
    Ok(Read { first, second })
}

fn compute(
    path: &Path,
    mask: &Path,
    label: i64,
    settings: &Settings,
    volume: &mut Option<nifti::Scan>,
) -> Result<Computed> {
    let scan = match volume.take() {
        Some(scan) => scan,
        None => nifti::read(path)?,
    };
    let scan = volume.insert(scan);
    let roi = nifti::read_mask(mask, label)?;
    image::same_grid(&scan.volume.geometry, &roi.mask.geometry)?;
    image::finite_inside(&scan.volume, &roi.mask)?;
    let values = features::extract(&scan.volume, &roi.mask, settings)?;
    let odd = scan.cautions.iter().chain(&roi.cautions).map(ToString::to_string).collect();
    let undefined = values.iter().enumerate().filter_map(|(i, v)| match v {
        Value::Number(_) => None,
        Value::Undefined(reason) => Some((i, reason.code().to_string())),
    });
    Ok(Computed { undefined: undefined.collect(), odd, values: values.iter().map(|v| v.number()).collect() })
}

fn gather(
    names: Vec<String>,
    extraction: &Extraction<'_>,
    reads: Vec<Option<Read>>,
) -> Result<(FeatureSet, Vec<Caution>)> {
    let patients = &extraction.cohort.patients;
    let shape = (patients.len(), names.len()).f();
    let mut set = FeatureSet {
        matrix: Array2::from_elem(shape, f64::NAN),
        second: reads.iter().flatten().any(|r| r.second.is_some()).then(|| Array2::from_elem(shape, f64::NAN)),
        names,
        source: extraction.source.clone(),
        failures: Vec::new(),
        undefined: Vec::new(),
    };
    let mut cautions = Vec::new();
    let total = reads.iter().flatten().map(|r| 1 + usize::from(r.second.is_some())).sum();
    for (row, (patient, read)) in patients.iter().zip(reads).enumerate() {
        let Some(Read { first, second }) = read else { continue };
        for (reader, computed) in [(1, Some(first)), (2, second)] {
            match computed {
                None => {}
                Some(Err(error)) => set.failures.push(Failure { patient: patient.id.clone(), reader, error }),
                Some(Ok(computed)) => keep(&mut set, &mut cautions, (row, reader, &patient.id), computed),
            }
        }
    }
    if set.failures.len() == total
        && let Some(failure) = set.failures.first()
    {
        return Err(failure.error.clone());
    }
    if !set.failures.is_empty() {
        let scans = set.failures.iter().map(|f| format!("{}, reader {}: {}", f.patient, f.reader, f.error)).collect();
        cautions.insert(0, Caution::FailedScans { scans, total });
    }
    Ok((set, cautions))
}

fn keep(set: &mut FeatureSet, cautions: &mut Vec<Caution>, at: (usize, u8, &str), computed: Computed) {
    let (row, reader, patient) = at;
    let matrix = if reader == 1 { Some(&mut set.matrix) } else { set.second.as_mut() };
    for (cell, value) in matrix.into_iter().flat_map(|m| m.row_mut(row).into_iter().zip(&computed.values)) {
        *cell = value.unwrap_or(f64::NAN);
    }
    let undefined = computed.undefined.into_iter().map(|(i, reason)| Undefined {
        patient: patient.to_string(),
        reader,
        feature: set.names[i].clone(),
        reason,
    });
    set.undefined.extend(undefined.collect::<Vec<_>>());
    let odd = computed.odd.into_iter().map(|why| Caution::Header { scan: format!("{patient}, reader {reader}"), why });
    cautions.extend(odd);
}
