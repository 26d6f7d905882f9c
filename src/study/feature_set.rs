//! The features of a cohort, and what could not be computed.

use ndarray::Array2;

use super::fingerprint::{Fingerprint, Hasher};
use crate::error::Error;

/// Features of every patient, in the order of the cohort; NaN where there is no value.
#[derive(Clone, Debug, PartialEq)]
pub struct FeatureSet {
    pub names: Vec<String>,
    /// Patients x features.
    pub matrix: Array2<f64>,
    /// The second reader's, where there is one: same shape, rows of NaN for patients without.
    pub second: Option<Array2<f64>>,
    /// Where they come from, in words.
    pub source: String,
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
    /// 1 for the first reader's mask, 2 for the second's.
    pub reader: u8,
    pub error: Error,
}

/// A feature without a value.
#[derive(Clone, Debug, PartialEq)]
pub struct Undefined {
    pub patient: String,
    pub reader: u8,
    pub feature: String,
    /// The short form of a [`crate::features::Reason`].
    pub reason: &'static str,
}

impl FeatureSet {
    /// Patients with features of the first reader.
    pub fn present(&self) -> Vec<usize> {
        (0..self.matrix.nrows()).filter(|i| self.matrix.row(*i).iter().any(|v| !v.is_nan())).collect()
    }

    /// Whether a feature is one of an image in which every region falls into one grey level.
    pub fn is_single_bin(&self, feature: usize) -> bool {
        let name = &self.names[feature];
        self.single_bin.iter().any(|image| name.strip_prefix(image).is_some_and(|rest| rest.starts_with('_')))
    }

    pub(super) fn fingerprint(&self) -> Fingerprint {
        let hasher = self.names.iter().fold(Hasher::default(), |h, n| h.text(n));
        let hasher = hasher.numbers(self.matrix.iter());
        let hasher = hasher.numbers(self.second.iter().flatten());
        hasher.text(&format!("{:?} {:?} {:?} {}", self.failures, self.undefined, self.single_bin, self.source)).finish()
    }
}
