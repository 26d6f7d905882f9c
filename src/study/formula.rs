//! A signature as a file: the formula, what its features were scaled by, and how they were extracted.
//!
//! ```toml
//! name = "signature"
//! intercept = -0.41
//!
//! [[feature]]
//! name = "original_shape_Sphericity"
//! coefficient = -1.31
//! mean = 0.733
//! sd = 0.059
//!
//! [extraction]
//! definition = "pyradiomics-3.0.1/1"
//! source = "extracted with original-107"
//! settings = "{...}"
//! ```
//!
//! Score = intercept + sum of coefficient x (value - mean) / sd. A published formula may lack means and standard deviations,
//! and the extraction.

use std::io::Write;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::feature_set::FeatureSet;
use super::model::Model;
use crate::error::{Error, Result};
use crate::features::{self, Settings};
use crate::files;

/// A signature without patients.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Formula {
    pub name: String,
    /// Where it comes from, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    pub intercept: f64,
    #[serde(rename = "feature")]
    pub terms: Vec<FormulaTerm>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extraction: Option<Extracted>,
}

/// One feature's part. Mean and standard deviation stand together or not at all.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormulaTerm {
    pub name: String,
    pub coefficient: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mean: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sd: Option<f64>,
}

/// How the features were extracted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Extracted {
    /// [`features::DEFINITION`] of the program that did.
    pub definition: String,
    pub source: String,
    /// [`Settings::canonical`], where they were extracted and not read from a table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settings: Option<String>,
}

impl Formula {
    /// The formula of a signature of these features.
    pub fn of(model: &Model, set: &FeatureSet) -> Self {
        let term = |t: &super::ModelTerm| FormulaTerm {
            name: t.name.clone(),
            coefficient: t.coef,
            mean: Some(t.mean),
            sd: Some(t.sd),
        };
        Self {
            name: model.name.clone(),
            source: None,
            intercept: model.intercept,
            terms: model.terms.iter().map(term).collect(),
            extraction: Some(Extracted {
                definition: features::DEFINITION.into(),
                source: set.source.clone(),
                settings: set.settings.as_ref().map(Settings::canonical),
            }),
        }
    }

    /// Read a formula.
    ///
    /// # Errors
    /// The file cannot be read; it is not such a formula (line and column are named); a feature stands twice, has a mean
    /// without standard deviation, or a number that is not finite.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).map_err(|e| Error::file("read", path, &e))?;
        let formula: Self = toml::from_str(&text).map_err(|e| {
            let before = e.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            Error::Parameters {
                path: path.to_path_buf(),
                line: before.matches('\n').count() + 1,
                column: before.rsplit('\n').next().map_or(0, |l| l.chars().count()) + 1,
                why: e.message().to_string(),
                remedy: "write it as `export signature.toml` does".into(),
            }
        })?;
        formula.check(path)?;
        Ok(formula)
    }

    fn check(&self, path: &Path) -> Result<()> {
        let wrong = |why: String| Error::Table {
            path: path.to_path_buf(),
            line: None,
            why,
            remedy: "correct the file; `export signature.toml` shows how one is written".into(),
        };
        if self.terms.is_empty() || !self.intercept.is_finite() {
            return Err(wrong("a formula has a finite intercept and at least one feature".into()));
        }
        for (i, term) in self.terms.iter().enumerate() {
            let name = &term.name;
            if self.terms[..i].iter().any(|t| t.name == *name) {
                return Err(wrong(format!("`{name}` stands twice")));
            }
            if term.mean.is_some() != term.sd.is_some() {
                return Err(wrong(format!("`{name}` has a mean or a standard deviation without the other")));
            }
            let finite = term.coefficient.is_finite() && term.mean.is_none_or(f64::is_finite);
            if !finite || term.sd.is_some_and(|sd| !(sd > 0.0 && sd.is_finite())) {
                return Err(wrong(format!(
                    "the numbers of `{name}` are not finite, or its standard deviation is not above 0"
                )));
            }
        }
        Ok(())
    }

    /// Write it.
    ///
    /// # Errors
    /// What the file system says.
    pub fn write(&self, path: &Path) -> Result<()> {
        let text = toml::to_string(self)
            .map_err(|e| Error::Undefined { what: "the signature as a file".into(), why: e.to_string() })?;
        files::write(path, |out| out.write_all(text.as_bytes()))
    }
}
