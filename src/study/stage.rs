//! One selection step: which features came in, what was found of each, which stayed.

use super::fingerprint::{Fingerprint, Hasher};
use super::model::Origin;

/// Feature numbers are columns of the feature set.
#[derive(Clone, Debug, PartialEq)]
pub struct Stage {
    /// The command.
    pub step: &'static str,
    /// The clinical column that steered the step, as one of folds does, and so says nothing of a patient.
    pub column: Option<String>,
    pub tested: Vec<usize>,
    pub kept: Vec<usize>,
    /// What was found of each tested feature: name of the quantity and one value a tested feature.
    pub found: Vec<(&'static str, Vec<f64>)>,
    /// The score of the kept features, where the step fits one.
    pub fit: Option<Fit>,
}

/// A linear predictor on z-scored features: intercept + sum of coef * (value - mean) / sd over the kept features.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    pub origin: Origin,
    /// Whether its likelihood has no maximum.
    pub separated: bool,
    pub intercept: f64,
    pub coef: Vec<f64>,
    /// Training mean.
    pub mean: Vec<f64>,
    /// Training standard deviation, n - 1.
    pub sd: Vec<f64>,
}

impl Stage {
    pub(super) fn fingerprint(&self) -> Fingerprint {
        let numbers = |h: Hasher, list: &[usize]| list.iter().fold(h, |h, i| h.bytes(&i.to_le_bytes())).text("end");
        let hasher = numbers(
            numbers(Hasher::default().text(self.step).text(&format!("{:?}", self.column)), &self.tested),
            &self.kept,
        );
        let hasher = self.found.iter().fold(hasher, |h, (name, v)| h.text(name).numbers(v));
        let fit = self.fit.iter();
        fit.fold(hasher, |h, f| h.numbers([&f.intercept]).numbers(&f.coef).numbers(&f.mean).numbers(&f.sd)).finish()
    }
}
