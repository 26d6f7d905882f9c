//! Replicates of each patient's mask, where no second reader drew one: moved at random, extracted, laid beside as readers.

use std::path::Path;

use ndarray::{Array2, ShapeBuilder};

use super::cache::{self, Computed, keeps};
use super::extraction::keep;
use super::feature_set::{Failure, FeatureSet};
use super::fingerprint::Hasher;
use super::region::{Run, Source};
use super::schedule::{largest_first, size};
use crate::cohort::{Cohort, Scan};
use crate::error::Result;
use crate::features::Settings;
use crate::image::nifti;
use crate::image::{self, Extent, Movement};
use crate::task::Task;

/// What to perturb, and how.
pub struct Perturbation<'a> {
    pub cohort: &'a Cohort,
    /// The first reader's features; the same settings extract the replicates.
    pub set: &'a FeatureSet,
    pub settings: &'a Settings,
    /// Patients with a scan.
    pub chosen: &'a [usize],
    pub replicates: usize,
    pub extent: Extent,
    pub seed: u32,
    pub cache: &'a Path,
    /// Threads; as many as there are cores when 0.
    pub jobs: usize,
}

/// A replicate of one patient's mask.
#[derive(Clone, Debug, PartialEq)]
pub struct Replicate {
    /// The patient's row.
    pub patient: usize,
    /// From 1.
    pub number: usize,
    pub movement: Movement,
    /// Voxels as a share of the mask's.
    pub volume: f64,
    /// 2 |A and B| / (|A| + |B|) of replicate and mask.
    pub dice: f64,
}

/// A replicate and its features.
type Made = (Replicate, Result<Computed>);

/// The set with the replicates in the place of further readers, and what each replicate is. A replicate depends on the
/// content of the mask's file, the seed, its own number and the extent alone: not on the other patients, nor on threads.
/// A mask that cannot be read, or a replicate without features, is listed among the set's failures.
///
/// # Errors
/// The cache cannot be written, or the user asked to stop.
pub fn perturb(asked: &Perturbation<'_>, task: &Task) -> Result<(FeatureSet, Vec<Replicate>)> {
    keeps(asked.cache)?;
    let patients = &asked.cohort.patients;
    task.begin("perturbing", "scans", asked.chosen.len(), (asked.set.names.len() * asked.replicates) as f64);
    task.keeps();
    let canonical = asked.settings.canonical();
    let run = Run { settings: asked.settings, canonical: &canonical, cache: asked.cache };
    let scan = |k: usize| patients[asked.chosen[k]].scan.as_ref();
    let one = |k: usize| scan(k).map(|scan| of(asked, &run, scan, asked.chosen[k], task)).transpose();
    let sizes: Vec<u64> = (0..asked.chosen.len()).map(|k| scan(k).map_or(0, |s| size(&s.image))).collect();
    let made: Result<Vec<_>> = largest_first(&sizes, asked.jobs, one)?.into_iter().collect();
    let mut set = FeatureSet {
        readers: vec![Array2::from_elem(asked.set.matrix.dim().f(), f64::NAN); asked.replicates],
        perturbed: true,
        ..asked.set.clone()
    };
    set.failures.retain(|f| f.reader == 1);
    set.undefined.retain(|u| u.reader == 1);
    let mut replicates = Vec::new();
    for (row, made) in asked.chosen.iter().zip(made?) {
        let id = &patients[*row].id;
        let fail = |reader, error| Failure::new(&patients[*row], reader, error);
        match made {
            None => {}
            Some(Err(error)) => set.failures.push(fail(2, error)),
            Some(Ok(made)) => {
                for (replicate, computed) in made {
                    match computed {
                        Ok(computed) => keep(&mut set, (*row, replicate.number + 1, id), computed),
                        Err(error) => set.failures.push(fail(replicate.number + 1, error)),
                    }
                    replicates.push(replicate);
                }
            }
        }
    }
    Ok((set, replicates))
}

/// One patient's replicates. The inner error is that the mask gives none; the outer stops everything.
fn of(asked: &Perturbation<'_>, run: &Run<'_>, scan: &Scan, row: usize, task: &Task) -> Result<Result<Vec<Made>>> {
    let label = scan.label.unwrap_or(run.settings.label);
    let read =
        || Ok((cache::content(&scan.mask)?, nifti::read_mask(&scan.mask, label, run.settings.label_channel)?.mask));
    let (content, mask) = match read() {
        Ok(read) => read,
        Err(error) => return task.step().map(|()| Err(error)),
    };
    let mut source = Source::new(&scan.image);
    let mut made = Vec::new();
    for number in 1..=asked.replicates {
        let stream = Hasher::default().part(&content).text(&format!("{} {number}", asked.seed));
        let movement = asked.extent.draw(stream.finish().seed());
        let moved = match image::perturb(&mask, &movement) {
            Ok(moved) => moved,
            Err(error) => return task.step().map(|()| Err(error)),
        };
        let replicate = Replicate {
            patient: row,
            number,
            movement,
            volume: moved.count() as f64 / mask.count() as f64,
            dice: image::dice(&mask, &moved),
        };
        made.push((replicate, run.mask(&mut source, moved, task)?));
    }
    task.passed(source.was_known())?;
    Ok(Ok(made))
}
