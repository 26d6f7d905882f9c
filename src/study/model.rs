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
    pub origin: Origin,
    /// Whether its likelihood has no maximum, as where the outcome is separated: coefficients are where R's iterations stop.
    pub separated: bool,
    pub intercept: f64,
    pub terms: Vec<ModelTerm>,
    /// Linear predictor of every patient of the cohort; NaN where a value is missing.
    pub linear: Vec<f64>,
}

/// Where the coefficients of a model come from, for those who would fit it again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Fitted on the training patients: to its variables, or to the z-scored features of a signature.
    Fit(Method),
    /// The lasso's penalised coefficients, which no likelihood of these features alone gives again.
    Lasso,
    /// A formula of a file: fitted on other patients, it owes these nothing.
    File,
}

impl Origin {
    /// How it was fitted, and is fitted again; none where it stands as it is.
    pub fn method(self) -> Option<Method> {
        match self {
            Self::Fit(method) => Some(method),
            Self::Lasso | Self::File => None,
        }
    }
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
        let hasher = Hasher::default().text(&format!("{} {:?}", self.name, self.origin)).numbers([&self.intercept]);
        let hasher = self.terms.iter().fold(hasher, |h, t| h.text(&t.name).numbers([&t.coef, &t.mean, &t.sd]));
        hasher.numbers(&self.linear).finish()
    }
}
