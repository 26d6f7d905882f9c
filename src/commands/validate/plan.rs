//! What is run again: the notebook's own steps with their settings, and the patients they run on.

use std::collections::BTreeSet;

use ndarray::{Array2, Axis, ShapeBuilder};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Which;
use super::clinical::{Terms, terms};
use crate::error::{Error, Result};
use crate::stats::lasso::{self, Solver};
use crate::stats::pipeline::{Agreement, Data, Penalised, Plan, Rule, Screen, Search};
use crate::stats::two_sample::Test;
use crate::study::{Origin, Stage, Study};

/// The training patients, ready to be resampled.
pub(super) struct Sample {
    features: Array2<f64>,
    readers: Vec<Array2<f64>>,
    pub outcome: Vec<bool>,
    clinical: Vec<Vec<Vec<f64>>>,
    /// How many of the training patients, and how many others, have a further reading.
    pub reread: (usize, usize),
    /// Names of the features that come to the first step.
    pub names: Vec<String>,
    pub patients: Vec<String>,
}

impl Sample {
    pub(super) fn data(&self) -> Data<'_> {
        Data {
            features: self.features.view(),
            readers: &self.readers,
            outcome: &self.outcome,
            clinical: &self.clinical,
        }
    }
}

/// The features that come to the first step.
pub(super) fn columns(study: &Study) -> Vec<usize> {
    study.stages().next().map_or_else(|| study.kept(), |first| first.tested.clone())
}

/// The features of the training patients as they come to the first step, where there is an ICC those of other patients with a
/// further reading, and the clinical columns.
pub(super) fn sample(study: &Study, plan: &Plan, terms: &Terms) -> Result<Sample> {
    let set = study.need_features("validate")?;
    let cohort = study.need_cohort("validate")?;
    let outcome = study.need_outcome("validate")?;
    let (training, _) = study.training("validate")?;
    let columns = columns(study);
    // The notebook's ICC is over patients of every role.
    let read = |i: &usize| set.readers.iter().any(|reader| reader.row(*i).iter().any(|v| !v.is_nan()));
    let others = (0..cohort.patients.len()).filter(|i| plan.icc.is_some() && !training.contains(i) && read(i));
    let patients: Vec<usize> = training.iter().copied().chain(others).collect();
    let gather = |m: &Array2<f64>| {
        let rows = m.select(Axis(0), &patients);
        Array2::from_shape_fn((patients.len(), columns.len()).f(), |(i, j)| rows[[i, columns[j]]])
    };
    let of_training = |column: &Vec<f64>| training.iter().map(|i| column[*i]).collect();
    let own = if plan.icc.is_some() { training.iter().filter(|i| read(i)).count() } else { 0 };
    Ok(Sample {
        features: gather(&set.matrix),
        readers: set.readers.iter().map(gather).collect(),
        outcome: outcome.of(&training),
        clinical: terms.columns.iter().map(|term| term.iter().map(of_training).collect()).collect(),
        reread: (own, patients.len() - training.len()),
        names: crate::commands::names(set, &columns),
        patients: training.iter().map(|i| cohort.patients[*i].id.clone()).collect(),
    })
}

/// The steps of the notebook above, and the clinical terms of its nomogram.
pub(super) fn plan(study: &Study, which: Which) -> Result<(Plan, Terms)> {
    study.need_features("validate")?;
    let nomogram = match which {
        Which::Signature => None,
        Which::Last => study.models().find(|m| m.name == "nomogram"),
        Which::Nomogram => Some(study.need_model("validate", "nomogram")?),
    };
    let terms = nomogram.map_or(Ok(Terms::default()), |model| terms(study, model))?;
    let mut plan = Plan { last: terms.last, ..Plan::default() };
    for (stage, line) in study.steps() {
        let settings = crate::commands::parse(line)?.map(|c| c.values()).unwrap_or_default();
        step(&mut plan, study, stage, &settings)?;
    }
    match study.models().find(|m| m.name == "signature").map(|m| m.origin) {
        Some(Origin::File) => {
            let remedy =
                "run `signature` for one of the steps above; `roc` and `calibrate` judge a loaded formula as it stands";
            return Err(not_yet("a signature that was made here (a file's formula has no steps to repeat)", remedy));
        }
        Some(Origin::Lasso) => plan.stepwise = None,
        Some(Origin::Fit(_)) | None => {}
    }
    if plan.lasso.is_none() && plan.stepwise.is_none() {
        return Err(not_yet("a step that fits a model", "run `lasso` or `stepwise`"));
    }
    Ok((plan, terms))
}

/// Take a step and its settings, as its line has them, into the plan.
fn step(plan: &mut Plan, study: &Study, stage: &Stage, settings: &Value) -> Result<()> {
    match stage.step {
        "icc" => {
            let by_lower = settings.get("by").is_some_and(|by| by == "lower");
            plan.icc = Some(Agreement { above: read(settings, "above")?, form: read(settings, "form")?, by_lower });
        }
        "mannwhitney" => {
            let test: Test = read(settings, "test")?;
            plan.screen = Some(Screen { test, below: read(settings, "below")?, adjust: read(settings, "adjust")? });
        }
        "lasso" => plan.lasso = Some(penalised(study, stage, settings)?),
        "stepwise" => {
            let firth = settings.get("fit").is_some_and(|fit| fit == "firth");
            let direction = read(settings, "direction")?;
            let start: String = read(settings, "start")?;
            let full = start == "full" || (start == "usual" && direction != crate::stats::stepwise::Direction::Forward);
            plan.stepwise = Some(Search { direction, criterion: read(settings, "criterion")?, full, firth });
        }
        other => return Err(not_yet(&format!("a notebook without the step `{other}`"), "leave that step out")),
    }
    Ok(())
}

fn penalised(study: &Study, stage: &Stage, settings: &Value) -> Result<Penalised> {
    let rule: String = read(settings, "rule")?;
    let number = |name: &str| settings.get(name).and_then(Value::as_f64);
    Ok(Penalised {
        rule: match (number("lambda"), rule.as_str()) {
            (Some(lambda), _) => Rule::Lambda(lambda),
            (None, "min") => Rule::Min,
            (None, _) => Rule::OneSe,
        },
        folds: match &stage.column {
            Some(column) => labels(study, column)?,
            None => read::<String>(settings, "folds")?.parse().unwrap_or_default(),
        },
        repeats: settings.get("repeats").and_then(Value::as_u64).unwrap_or(1) as usize,
        stratified: settings.get("stratified").is_some_and(|s| s == "yes"),
        seed: crate::commands::seed(read(settings, "seed")?)?,
        loss: read(settings, "loss")?,
        fit: lasso::Options {
            solver: Solver::Accurate,
            alpha: number("alpha").unwrap_or(1.0),
            ..lasso::Options::default()
        },
    })
}

/// How many folds a column holds in training.
fn labels(study: &Study, column: &str) -> Result<usize> {
    let (training, _) = study.training("validate")?;
    let variable = study.need_cohort("validate")?.variable(column)?;
    let labels: BTreeSet<String> = training.into_iter().map(|i| variable.text(i)).collect();
    Ok(labels.len())
}

fn read<T: DeserializeOwned>(settings: &Value, name: &str) -> Result<T> {
    serde_json::from_value(settings[name].clone())
        .map_err(|e| Error::Syntax { why: format!("`{name}` of a step above: {e}") })
}

pub(super) fn not_yet(missing: &str, remedy: &str) -> Error {
    Error::NotYet { command: "validate".into(), missing: missing.into(), remedy: remedy.into() }
}
