//! The features of one region of one scan: from the cache where it has them, computed and kept there where not.

use std::path::Path;

use super::cache::{self, Computed};
use super::fingerprint::{Fingerprint, Hasher};
use crate::caution::Caution;
use crate::error::{Error, Result};
use crate::features::{self, Settings, Value};
use crate::image::Mask;
use crate::image::nifti::{self, Roi};
use crate::task::Task;

/// What the regions of a run have in common.
#[derive(Clone, Copy)]
pub struct Run<'a> {
    pub settings: &'a Settings,
    /// [`Settings::canonical`] of them.
    pub canonical: &'a str,
    pub cache: &'a Path,
}

/// A scan whose masks are asked for one after the other: hashed, and read, at most once.
pub struct Source<'a> {
    path: &'a Path,
    content: Result<Fingerprint>,
    read: Option<nifti::Scan>,
}

impl<'a> Source<'a> {
    pub fn new(path: &'a Path) -> Self {
        Self { path, content: cache::content(path), read: None }
    }

    /// Nothing had to be computed of it so far.
    pub fn was_known(&self) -> bool {
        self.read.is_none()
    }
}

impl Run<'_> {
    /// The features of the voxels of a mask that have a label. The inner error is this region's own.
    ///
    /// # Errors
    /// What stops the whole run: the user asked to, or the cache cannot be written.
    pub fn region(&self, scan: &mut Source<'_>, mask: &Path, label: i64, task: &Task) -> Result<Result<Computed>> {
        task.check()?;
        let contents = scan.content.clone().and_then(|image| Ok((image, cache::content(mask)?)));
        let key = match contents {
            Ok((image, mask)) => cache::key(image, mask, label, self.canonical),
            Err(error) => return Ok(Err(error)),
        };
        let roi = || nifti::read_mask(mask, label, self.settings.label_channel);
        self.known_or(key, || self.compute(scan, roi, task))
    }

    /// The features of a mask that stands in no file, kept under its voxels and their place. The inner error is this
    /// region's own.
    ///
    /// # Errors
    /// Those of [`Run::region`].
    pub fn mask(&self, scan: &mut Source<'_>, mask: Mask, task: &Task) -> Result<Result<Computed>> {
        task.check()?;
        let image = match &scan.content {
            Ok(image) => *image,
            Err(error) => return Ok(Err(error.clone())),
        };
        let inside: Vec<u8> = mask.inside.iter().map(|v| u8::from(*v)).collect();
        let content = Hasher::default().text(&format!("{:?}", mask.geometry)).bytes(&inside).finish();
        let key = cache::key(image, content, 1, self.canonical);
        self.known_or(key, || self.compute(scan, || Ok(Roi { mask, cautions: Vec::new() }), task))
    }

    fn known_or(&self, key: Fingerprint, compute: impl FnOnce() -> Result<Computed>) -> Result<Result<Computed>> {
        if let Some(known) = cache::load(self.cache, key) {
            return Ok(Ok(known));
        }
        match compute() {
            Ok(computed) => cache::store(self.cache, key, &computed).map(|()| Ok(computed)),
            Err(Error::Cancelled) => Err(Error::Cancelled),
            Err(error) => Ok(Err(error)),
        }
    }

    fn compute(&self, scan: &mut Source<'_>, roi: impl FnOnce() -> Result<Roi>, task: &Task) -> Result<Computed> {
        let read = match scan.read.take() {
            Some(read) => read,
            None => nifti::read(scan.path)?,
        };
        let read = scan.read.insert(read);
        let roi = roi()?;
        let extracted = features::extract(&read.volume, &roi.mask, self.settings, task)?;
        let undefined = extracted.values.iter().enumerate().filter_map(|(i, v)| match v {
            Value::Number(_) => None,
            Value::Undefined(reason) => Some((i, *reason)),
        });
        Ok(Computed {
            undefined: undefined.collect(),
            odd: odd("scan", &read.cautions).chain(odd("mask", &roi.cautions)).chain(extracted.notes).collect(),
            values: extracted.values.iter().map(|v| v.number()).collect(),
            levels: extracted.levels,
        })
    }
}

/// The images that have a single grey level in regions: the name, in how many, and of how many.
pub fn single_bins<'a>(
    settings: &Settings,
    regions: impl Iterator<Item = &'a Computed> + Clone,
) -> Vec<(String, usize, usize)> {
    let flat = |k: usize| regions.clone().filter(|computed| computed.levels.get(k) == Some(&1)).count();
    let images = features::images(settings).into_iter().enumerate();
    let all = images.map(|(k, image)| (image, flat(k), regions.clone().count()));
    all.filter(|(_, flat, _)| *flat > 0).collect()
}

/// What is odd about a file, without its path.
fn odd<'a>(file: &'a str, cautions: &'a [Caution]) -> impl Iterator<Item = String> + 'a {
    cautions.iter().map(move |caution| match caution {
        Caution::Header { why, .. } => format!("{file}: {why}"),
        other => format!("{file}: {other}"),
    })
}
