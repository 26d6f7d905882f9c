//! Scans and masks to a feature set: every patient on its own, all cores, each finished scan kept at once.

use std::path::Path;

use ndarray::{Array2, ShapeBuilder};

use super::cache::{Computed, keeps};
use super::feature_set::{Failure, FeatureSet, Undefined};
use super::region::{Run, Source};
use super::schedule::{largest_first, size};
use crate::caution::Caution;
use crate::cohort::{Cohort, Scan};
use crate::error::{Error, Result};
use crate::features::{self, Settings};
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

/// What one patient gave: the features of each reader's mask, the first reader's first; none where one drew nothing.
type Read = Vec<Option<Result<Computed>>>;

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
    keeps(extraction.cache)?;
    task.begin("extracting", "scans", scans, names.len() as f64);
    task.keeps();
    let canonical = extraction.settings.canonical();
    let run = Run { settings: extraction.settings, canonical: &canonical, cache: extraction.cache };
    let one = |i: usize| patients[i].scan.as_ref().map(|scan| of(&run, scan, task)).transpose();
    let sizes: Vec<u64> = patients.iter().map(|p| p.scan.as_ref().map_or(0, |scan| size(&scan.image))).collect();
    let reads: Result<Vec<Option<Read>>> = largest_first(&sizes, extraction.jobs, one)?.into_iter().collect();
    let reads = reads?;
    gather(names, extraction, reads)
}

/// One patient. The error stops everything: the user asked to, or the cache cannot be written.
fn of(run: &Run<'_>, scan: &Scan, task: &Task) -> Result<Read> {
    let label = scan.label.unwrap_or(run.settings.label);
    let mut source = Source::new(&scan.image);
    let mut region = |mask: &Path| run.region(&mut source, mask, label, task);
    let mut read = vec![Some(region(&scan.mask)?)];
    for mask in &scan.others {
        read.push(mask.as_deref().map(&mut region).transpose()?);
    }
    task.passed(source.was_known())?;
    Ok(read)
}

fn gather(
    names: Vec<String>,
    extraction: &Extraction<'_>,
    reads: Vec<Option<Read>>,
) -> Result<(FeatureSet, Vec<Caution>)> {
    let patients = &extraction.cohort.patients;
    let mut cautions = Vec::new();
    let empty = Array2::from_elem((patients.len(), names.len()).f(), f64::NAN);
    let drawn = |read: &Read| read.iter().rposition(Option::is_some).unwrap_or(0);
    let others = reads.iter().flatten().map(drawn).max().unwrap_or(0);
    let mut set = FeatureSet {
        readers: vec![empty.clone(); others],
        matrix: empty,
        names,
        source: extraction.source.clone(),
        tables: Vec::new(),
        settings: Some(extraction.settings.clone()),
        perturbed: false,
        failures: Vec::new(),
        undefined: Vec::new(),
        single_bin: Vec::new(),
    };
    set.single_bin = single_bin(extraction.settings, &reads, &mut cautions);
    let total = reads.iter().flatten().flatten().flatten().count();
    for (row, (patient, read)) in patients.iter().zip(reads).enumerate() {
        for (reader, computed) in (1..).zip(read.into_iter().flatten()) {
            match computed {
                None => {}
                Some(Err(error)) => set.failures.push(Failure::new(patient, reader, error)),
                Some(Ok(computed)) => {
                    let odd = |why: &String| Caution::Header {
                        scan: format!("{}, reader {reader}", patient.id),
                        why: why.clone(),
                    };
                    cautions.extend(computed.odd.iter().map(odd));
                    keep(&mut set, (row, reader, &patient.id), computed);
                }
            }
        }
    }
    if set.failures.len() == total
        && let Some(failure) = set.failures.first()
    {
        return Err(failure.error.clone());
    }
    if !set.failures.is_empty() {
        let scans = set.failures.iter().map(|f| format!("{}, reader {}: {}", f.patient, f.reader, f.cause)).collect();
        cautions.insert(0, Caution::FailedScans { scans, total });
    }
    Ok((set, cautions))
}

/// The images in which every region falls into one grey level; those where only some do are told.
fn single_bin(settings: &Settings, reads: &[Option<Read>], cautions: &mut Vec<Caution>) -> Vec<String> {
    let regions = reads.iter().flatten().flatten().flatten().flatten();
    let found = super::region::single_bins(settings, regions);
    let caution = |(image, flat, regions): &(String, usize, usize)| Caution::SingleBin {
        image: image.clone(),
        flat: *flat,
        regions: *regions,
    };
    cautions.extend(found.iter().map(caution));
    found.into_iter().filter(|(_, flat, regions)| flat == regions).map(|(image, ..)| image).collect()
}

/// Put what was computed of a patient's mask in its place: row, number of the reader from 1, and id.
pub(super) fn keep(set: &mut FeatureSet, at: (usize, usize, &str), computed: Computed) {
    let (row, reader, patient) = at;
    let matrix = if reader == 1 { Some(&mut set.matrix) } else { set.readers.get_mut(reader - 2) };
    for (cell, value) in matrix.into_iter().flat_map(|m| m.row_mut(row).into_iter().zip(&computed.values)) {
        *cell = value.unwrap_or(f64::NAN);
    }
    let undefined = computed.undefined.into_iter().map(|(i, reason)| Undefined {
        patient: patient.to_string(),
        reader,
        feature: set.names[i].clone(),
        reason: reason.code(),
    });
    set.undefined.extend(undefined.collect::<Vec<_>>());
}
