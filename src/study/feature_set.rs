//! The features of a cohort, and what could not be computed.

use std::path::PathBuf;

use ndarray::Array2;

use super::fingerprint::{Fingerprint, Hasher};
use crate::caution::{Caution, counted};
use crate::cohort::Patient;
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
    /// The error in a sentence that leaves the machine: which file it is of, and not where that lies.
    pub cause: String,
}

impl Failure {
    /// What became of the mask that a reader drew on a patient's scan.
    pub fn new(patient: &Patient, reader: usize, error: Error) -> Self {
        let scan = patient.scan.iter();
        let files = scan.flat_map(|s| {
            let masks = std::iter::once(&s.mask).chain(s.others.iter().flatten());
            masks.map(|mask| (mask, "the mask")).chain([(&s.image, "the image")])
        });
        let cause = files.fold(error.to_string(), |text, (file, name)| text.replace(&file.display().to_string(), name));
        Self { patient: patient.id.clone(), reader, error, cause }
    }
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

/// Why a feature cannot be fitted on some patients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// In so many of them it is infinite.
    Infinite(usize),
    /// In so many of them it has no value.
    Missing(usize),
    /// It has one value in all.
    Constant,
}

impl std::fmt::Display for Unfit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Infinite(n) => write!(f, "infinite in {}", counted(*n, "patients")),
            Self::Missing(n) => write!(f, "missing in {}", counted(*n, "patients")),
            Self::Constant => write!(f, "constant"),
        }
    }
}

impl FeatureSet {
    /// Why this feature cannot be fitted on these patients; none where it can.
    pub fn unfit(&self, feature: usize, rows: &[usize]) -> Option<Unfit> {
        let column = self.matrix.column(feature);
        let count = |lacks: fn(f64) -> bool| rows.iter().filter(|i| lacks(column[**i])).count();
        match (count(f64::is_infinite), count(f64::is_nan)) {
            (0, 0) => rows.iter().all(|i| column[*i] == column[rows[0]]).then_some(Unfit::Constant),
            (0, missing) => Some(Unfit::Missing(missing)),
            (infinite, _) => Some(Unfit::Infinite(infinite)),
        }
    }

    /// In how many of the patients with a further reading one of the readings of this feature is infinite: it has no ICC then.
    pub fn infinite_readings(&self, feature: usize) -> usize {
        let read = |i: usize| self.readers.iter().any(|reader| !reader[[i, feature]].is_nan());
        let endless = |i: usize| {
            std::iter::once(&self.matrix).chain(&self.readers).any(|readings| readings[[i, feature]].is_infinite())
        };
        (0..self.matrix.nrows()).filter(|i| read(*i) && endless(*i)).count()
    }

    /// Of these features those that no model can be fitted with on these patients, by reason and in how many of them it holds.
    pub fn unfitted(&self, features: &[usize], rows: &[usize]) -> Vec<Caution> {
        let mut by: [Vec<String>; 3] = Default::default();
        for j in features {
            match self.unfit(*j, rows) {
                None => {}
                Some(Unfit::Infinite(n)) => by[0].push(format!("{} ({n})", self.names[*j])),
                Some(Unfit::Missing(n)) => by[1].push(format!("{} ({n})", self.names[*j])),
                Some(Unfit::Constant) => by[2].push(self.names[*j].clone()),
            }
        }
        let whys = [
            "features are infinite in training patients (of each how many), and take no part",
            "features are missing in training patients (of each how many), and take no part",
            "features are constant in training, and take no part",
        ];
        let said = by.into_iter().zip(whys).filter(|(features, _)| !features.is_empty());
        said.map(|(features, why)| Caution::Undefined { why: why.into(), features }).collect()
    }

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
