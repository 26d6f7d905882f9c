//! The features of a cohort, and what could not be computed.

use std::path::PathBuf;

use ndarray::Array2;

use super::fingerprint::{Fingerprint, Hasher};
use crate::error::Error;
use crate::features::Settings;

/// Features of every patient, in the order of the cohort; NaN where there is no value.
#[derive(Clone, Debug, PartialEq)]
pub struct FeatureSet {
    pub names: Vec<String>,
    /// Patients x features.
    pub matrix: Array2<f64>,
    /// Those of further readers, the second's first: same shape, rows of NaN for patients without.
    pub readers: Vec<Array2<f64>>,
    /// Whether the further readers are perturbed replicates of the first one's masks.
    pub perturbed: bool,
    /// Where they come from, in words.
    pub source: String,
    /// The files of its tables, those found beside the one that was named too; none of features that were extracted.
    pub tables: Vec<PathBuf>,
    /// How they were extracted, where they were.
    pub settings: Option<Settings>,
    /// Scans without features, and why.
    pub failures: Vec<Failure>,
    /// Features that have no value for a scan that was read, and why.
    pub undefined: Vec<Undefined>,
    /// Images in which every region falls into one grey level. Selection refuses their features unless told otherwise.
    pub single_bin: Vec<String>,
}

/// A scan that gave no features.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    pub patient: String,
    /// 1 for the first reader's mask, 2 for the second's, and so on.
    pub reader: usize,
    pub error: Error,
}

/// A feature without a value.
#[derive(Clone, Debug, PartialEq)]
pub struct Undefined {
    pub patient: String,
    pub reader: usize,
    pub feature: String,
    /// The short form of a [`crate::features::Reason`].
    pub reason: &'static str,
}

impl FeatureSet {
    /// Patients with features of the first reader.
    pub fn present(&self) -> Vec<usize> {
        (0..self.matrix.nrows()).filter(|i| self.matrix.row(*i).iter().any(|v| !v.is_nan())).collect()
    }

    /// How many patients each further reader has, the second first.
    pub fn read_by_others(&self) -> Vec<usize> {
        let has = |row: ndarray::ArrayView1<'_, f64>| row.iter().any(|v| !v.is_nan());
        self.readers.iter().map(|m| m.rows().into_iter().filter(|r| has(*r)).count()).collect()
    }

    /// Whether a feature is one of an image in which every region falls into one grey level.
    pub fn is_single_bin(&self, feature: usize) -> bool {
        let name = &self.names[feature];
        self.single_bin.iter().any(|image| name.strip_prefix(image).is_some_and(|rest| rest.starts_with('_')))
    }

    pub(super) fn fingerprint(&self) -> Fingerprint {
        let hasher = self.names.iter().fold(Hasher::default(), |h, n| h.text(n));
        let hasher = hasher.numbers(self.matrix.iter());
        let hasher = self.readers.iter().fold(hasher, |h, reader| h.numbers(reader));
        let hasher = hasher.text(&self.settings.as_ref().map(Settings::canonical).unwrap_or_default());
        let rest = (&self.failures, &self.undefined, &self.single_bin, &self.source, self.perturbed);
        hasher.text(&format!("{rest:?}")).finish()
    }
}
