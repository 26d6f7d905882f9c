//! The state of one analysis: cohort, features, selection, models. Cheap to clone; each part knows what it was made of.

mod cache;
mod extraction;
mod feature_set;
mod fingerprint;
mod formula;
mod model;
mod perturbation;
mod region;
mod regression;
mod schedule;
mod shelf;
mod stage;
mod workings;

use std::sync::Arc;

pub use cache::{Computed, keeps};
pub use extraction::{Extraction, extract};
pub use feature_set::{Failure, FeatureSet, Undefined, Unfit};
pub use fingerprint::{Fingerprint, Hasher};
pub use formula::{Extracted, Formula, FormulaTerm};
pub use model::{Method, Model, ModelTerm, Origin};
pub use perturbation::{Perturbation, Replicate, perturb};
pub use region::{Run, Source, single_bins};
pub use regression::{Design, Fitted, Interval, Leverage, design, leverage, one_meaning, refit};
pub use schedule::{largest_first, size};
pub use shelf::Shelf;
pub use stage::{Fit, Stage};
pub use workings::Workings;

use crate::cohort::{Cohort, Outcome};
use crate::error::{Error, Result, nearest};

/// What a command misses that needs patients: where it is run knows the files that could be opened.
pub const COHORT: &str = "a cohort";

/// Everything the cells above have established.
#[derive(Clone, Debug, Default)]
pub struct Study {
    cohort: Option<Part<Cohort>>,
    features: Option<Part<FeatureSet>>,
    stages: Vec<Part<Stage>>,
    /// The line that made each stage.
    lines: Vec<String>,
    models: Vec<Part<Model>>,
    /// The lines that fitted models, or looked for one and found none, in order.
    fitted: Vec<String>,
}

#[derive(Debug)]
struct Part<T> {
    value: Arc<T>,
    fingerprint: Fingerprint,
}

impl<T> Clone for Part<T> {
    fn clone(&self) -> Self {
        Self { value: Arc::clone(&self.value), fingerprint: self.fingerprint }
    }
}

impl<T> Part<T> {
    fn new(value: T, fingerprint: Fingerprint) -> Self {
        Self { value: Arc::new(value), fingerprint }
    }
}

impl Study {
    /// Start over with this cohort.
    pub fn with_cohort(cohort: Cohort) -> Self {
        let fingerprint = Hasher::default().text(&format!("{cohort:?}")).finish();
        Self { cohort: Some(Part::new(cohort, fingerprint)), ..Self::default() }
    }

    /// Take these features; what was selected or modelled from others goes.
    pub fn with_features(&self, features: FeatureSet) -> Self {
        let fingerprint = features.fingerprint();
        Self { cohort: self.cohort.clone(), features: Some(Part::new(features, fingerprint)), ..Self::default() }
    }

    /// One more selection step.
    pub fn with_stage(&self, stage: Stage) -> Self {
        let mut next = self.clone();
        let fingerprint = stage.fingerprint();
        next.stages.push(Part::new(stage, fingerprint));
        next
    }

    /// With the lines that made it: those of the study before, and this one where it added a stage or fitted models. New
    /// data begin anew.
    pub fn by(mut self, before: &Self, line: &str) -> Self {
        self.lines.clone_from(&before.lines);
        self.lines.resize(self.stages.len(), line.to_string());
        self.fitted = Vec::new();
        if self.data_key("").finish() == before.data_key("").finish() {
            self.fitted.clone_from(&before.fitted);
            let fits = self.stages.len() == before.stages.len();
            self.fitted.extend(fits.then(|| line.to_string()));
        }
        self
    }

    /// Add a model, or replace the one of that name.
    pub fn with_model(&self, model: Model) -> Self {
        let mut next = self.clone();
        next.models.retain(|m| m.value.name != model.name);
        let fingerprint = model.fingerprint();
        next.models.push(Part::new(model, fingerprint));
        next
    }

    /// The model that a term of another model means: its linear predictor. A clinical variable's own model is none, there the
    /// variable enters itself, with all its levels.
    pub fn score(&self, term: &str) -> Option<&Model> {
        self.models().find(|m| m.name == term && m.variables != [m.name.as_str()])
    }

    /// What the whole state was made of: equal content gives equal numbers.
    pub fn fingerprint(&self) -> Fingerprint {
        let parts = self.cohort.iter().map(|p| p.fingerprint);
        let parts = parts.chain(self.features.iter().map(|p| p.fingerprint));
        let parts = parts.chain(self.stages.iter().map(|p| p.fingerprint));
        let parts = parts.chain(self.models.iter().map(|p| p.fingerprint));
        parts.fold(Hasher::default(), |h, p| h.part(&p)).finish()
    }

    /// The same, and by which lines: for what repeats them.
    pub fn retraced(&self) -> Fingerprint {
        let lines = self.lines.iter().chain(&self.fitted);
        lines.fold(Hasher::default().part(&self.fingerprint()), |h, line| h.text(line)).finish()
    }

    /// Starts the key of a result that depends on cohort and features, and on nothing that was selected.
    pub fn data_key(&self, what: &str) -> Hasher {
        let parts = self.cohort.iter().map(|p| p.fingerprint).chain(self.features.iter().map(|p| p.fingerprint));
        parts.fold(Hasher::default().text(what), |h, p| h.part(&p))
    }

    /// What the cohort was made of.
    pub fn cohort_fingerprint(&self) -> Option<Fingerprint> {
        self.cohort.as_ref().map(|p| p.fingerprint)
    }

    pub fn cohort(&self) -> Option<&Cohort> {
        self.cohort.as_ref().map(|p| &*p.value)
    }

    pub fn features(&self) -> Option<&FeatureSet> {
        self.features.as_ref().map(|p| &*p.value)
    }

    pub fn stages(&self) -> impl DoubleEndedIterator<Item = &Stage> {
        self.stages.iter().map(|p| &*p.value)
    }

    /// Each stage with the line that made it.
    pub fn steps(&self) -> impl Iterator<Item = (&Stage, &str)> {
        self.stages().zip(self.lines.iter().map(String::as_str))
    }

    /// The lines that fitted models, or looked for one and found none, in order.
    pub fn fitted(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.fitted.iter().map(String::as_str)
    }

    pub fn models(&self) -> impl DoubleEndedIterator<Item = &Model> {
        self.models.iter().map(|p| &*p.value)
    }

    /// The cohort, for a command that cannot do without.
    ///
    /// # Errors
    /// None is open.
    pub fn need_cohort(&self, command: &str) -> Result<&Cohort> {
        self.cohort().ok_or_else(|| not_yet(command, COHORT, "demo"))
    }

    /// The outcome, for a command that cannot do without.
    ///
    /// # Errors
    /// No cohort, or one opened without outcome.
    pub fn need_outcome(&self, command: &str) -> Result<&Outcome> {
        let outcome = self.need_cohort(command)?.outcome.as_ref();
        outcome.ok_or_else(|| Error::NotYet {
            command: command.into(),
            missing: "an outcome".into(),
            remedy: "open the cohort again with --outcome and its column".into(),
        })
    }

    /// The features, for a command that cannot do without.
    ///
    /// # Errors
    /// None extracted or read.
    pub fn need_features(&self, command: &str) -> Result<&FeatureSet> {
        self.need_cohort(command)?;
        self.features().ok_or_else(|| not_yet(command, "features", "extract"))
    }

    /// The training patients that have features, in order; and how many have none.
    ///
    /// # Errors
    /// No cohort, or no features.
    pub fn training(&self, command: &str) -> Result<(Vec<usize>, usize)> {
        let set = self.need_features(command)?;
        let all = self.need_cohort(command)?.training();
        let (with, without): (Vec<usize>, Vec<usize>) =
            all.into_iter().partition(|i| set.matrix.row(*i).iter().any(|v| !v.is_nan()));
        Ok((with, without.len()))
    }

    /// A model by name.
    ///
    /// # Errors
    /// None of that name, or no model at all.
    pub fn need_model(&self, command: &str, name: &str) -> Result<&Model> {
        if self.models.is_empty() {
            return Err(not_yet(command, "a model", "signature"));
        }
        let names = || self.models().map(|m| m.name.as_str());
        self.models().find(|m| m.name == name).ok_or_else(|| Error::NoSuch {
            what: "model".into(),
            given: name.into(),
            nearest: nearest(name, names()),
            known: names().map(str::to_string).collect(),
        })
    }

    /// Features that the steps so far have kept, by column; before the first step all of them but those of images with a
    /// single grey level.
    pub fn kept(&self) -> Vec<usize> {
        match (self.stages.last(), self.features()) {
            (Some(stage), _) => stage.value.kept.clone(),
            (None, Some(set)) => (0..set.names.len()).filter(|j| !set.is_single_bin(*j)).collect(),
            (None, None) => Vec::new(),
        }
    }
}

fn not_yet(command: &str, missing: &str, remedy: &str) -> Error {
    Error::NotYet { command: command.into(), missing: missing.into(), remedy: format!("run `{remedy}`") }
}
