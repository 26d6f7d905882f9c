//! A fitted model: its terms, and what it says of every patient.

use serde::{Deserialize, Serialize};

use super::fingerprint::{Fingerprint, Hasher};

/// A logistic model fitted on the training patients.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// `signature`, `clinical`, `nomogram`, or a clinical variable's own name.
    pub name: String,
    /// The models and clinical variables it was fitted on; none for the signature, which has features.
    pub variables: Vec<String>,
    /// How it was fitted, for those who fit it again.
    pub method: Method,
    pub intercept: f64,
    pub terms: Vec<ModelTerm>,
    /// Linear predictor of every patient of the cohort; NaN where a value is missing.
    pub linear: Vec<f64>,
}

/// How a model is fitted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// Maximum likelihood, as R's glm.
    #[default]
    Ml,
    /// Firth's penalised likelihood, which is finite where the outcome is separated.
    Firth,
}

/// One column of the model. The signature's columns are z-scored features, a clinical model's are as they are.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelTerm {
    pub name: String,
    pub coef: f64,
    pub mean: f64,
    pub sd: f64,
}

impl Model {
    /// Probability of the event for every patient: 1 / (1 + exp(-linear)).
    pub fn probability(&self) -> Vec<f64> {
        self.linear.iter().map(|l| 1.0 / (1.0 + (-l).exp())).collect()
    }

    pub(super) fn fingerprint(&self) -> Fingerprint {
        let hasher = Hasher::default().text(&format!("{} {:?}", self.name, self.method)).numbers([&self.intercept]);
        let hasher = self.terms.iter().fold(hasher, |h, t| h.text(&t.name).numbers([&t.coef, &t.mean, &t.sd]));
        hasher.numbers(&self.linear).finish()
    }
}
