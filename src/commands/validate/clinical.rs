//! The last model that is run again: the clinical terms of the nomogram, and whether their choice is repeated.

use serde_json::Value;

use crate::commands::clinical::choice;
use crate::error::{Error, Result};
use crate::stats::pipeline::{Entry, Last};
use crate::study::{Method, Model, Study, design};

/// The clinical terms that may enter the last model.
#[derive(Debug, Default)]
pub(super) struct Terms {
    pub names: Vec<String>,
    /// Of each its design columns, one value a patient of the cohort.
    pub columns: Vec<Vec<Vec<f64>>>,
    /// How the model is made; none where the signature alone is judged.
    pub last: Option<Last>,
}

/// The terms of this nomogram. One whose line names none took the variables that `clinical` chose, and then the choice is
/// repeated among all that `clinical` tried.
pub(super) fn terms(study: &Study, nomogram: &Model) -> Result<Terms> {
    let firth = nomogram.origin.method() == Some(Method::Firth);
    let named = settings(study, "nomogram")?.is_some_and(|s| s["terms"].as_array().is_some_and(|t| !t.is_empty()));
    let chosen = if named { None } else { settings(study, "clinical")? };
    let Some(line) = chosen else {
        let names = fixed(study, &nomogram.variables)?;
        let design = design(study, "validate", &names)?;
        let columns = (0..names.len()).map(|t| design.columns[design.span(t)].to_vec()).collect();
        return Ok(Terms { names, columns, last: Some(Last { firth, entry: None }) });
    };
    let tried = choice(study, line)?;
    let entry = Some(Entry { below: tried.below, firth: tried.method == Method::Firth });
    let mut terms = Terms { last: Some(Last { firth, entry }), ..Terms::default() };
    for name in fixed(study, &with_signature(&tried.variables))? {
        // A variable of one level was passed over by `clinical` too.
        match design(study, "validate", std::slice::from_ref(&name)) {
            Ok(design) => {
                terms.names.push(name);
                terms.columns.push(design.columns);
            }
            Err(Error::Undefined { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(terms)
}

fn with_signature(variables: &[String]) -> Vec<String> {
    std::iter::once("signature".to_string()).chain(variables.iter().cloned()).collect()
}

/// The settings of the last line of a command that fitted models.
fn settings(study: &Study, command: &str) -> Result<Option<Value>> {
    for line in study.fitted().rev() {
        if let Some(run) = crate::commands::parse(line)?.filter(|run| run.spec().name == command) {
            return Ok(Some(run.values()));
        }
    }
    Ok(None)
}

/// The clinical variables among the terms of a model of the signature; a model of other models cannot be fitted again.
fn fixed(study: &Study, variables: &[String]) -> Result<Vec<String>> {
    let is_clinical = |name: &String| study.cohort().is_some_and(|c| c.clinical.iter().any(|v| v.name == *name));
    let clinical: Vec<String> = variables.iter().filter(|v| *v != "signature").cloned().collect();
    let other = clinical.iter().find(|v| !is_clinical(v));
    if other.is_some() || clinical.len() == variables.len() {
        let remedy = "run `nomogram signature VARIABLE`, or `validate --model signature`";
        return Err(super::plan::not_yet("a nomogram of the signature and clinical variables", remedy));
    }
    Ok(clinical)
}
