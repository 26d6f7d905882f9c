//! What `lasso` says beside its result: glmnet's warnings, and those of its own.

use super::{Lasso, Rule, Solver, Work};
use crate::caution::{Caution, counted};
use crate::commands;
use crate::error::{Error, Result};
use crate::page::Page;
use crate::stats::lasso::{Loss, Model};
use crate::study::{FeatureSet, Stage};

/// glmnet's `maxit`: the sweeps of a path after which it ends early.
const MAXIT: usize = 100_000;

/// Under so many patients with or without the event glmnet calls a class dangerous ground.
const FEW: usize = 8;

/// The features of the model that count as not chosen.
pub(super) fn rounded(set: &FeatureSet, work: &Work, model: &Model) -> Option<String> {
    let chosen = model.chosen();
    let left = model.coefficients.iter().filter(|c| !chosen.contains(c));
    let names: Vec<String> = left.map(|(j, _)| format!("`{}`", set.names[work.columns[*j]])).collect();
    (!names.is_empty()).then(|| {
        format!(
            "Not chosen: {}, with what rounding left of a coefficient, under 1e-12 of the largest, as of features that depend \
             linearly on each other.",
            names.join(", ")
        )
    })
}

impl Lasso {
    /// The page with what a statistician would raise an eyebrow at; `rule` is the name of the penalty taken.
    pub(super) fn cautioned(&self, page: Page, set: &FeatureSet, stage: &Stage, work: &Work, rule: &str) -> Page {
        let mut said = Vec::new();
        if !work.cv.path.complete {
            said.push(Caution::NotConverged { what: "the path".into(), iterations: work.cv.path.sweeps });
        }
        if stage.kept.is_empty() {
            let at_min = work.cv.path.sizes()[work.cv.min];
            said.push(Caution::EmptyModel { rule: format!("lambda.{rule}"), at_min });
        }
        if self.lambda.is_some() && self.rule != Rule::default() {
            said.push(Caution::Note("`--rule` chooses nothing beside `--lambda`, whose penalty is taken".into()));
        }
        if stage.tested.len() < set.names.len() {
            let why = "the features were chosen on all training patients before the folds were made".to_string();
            said.push(Caution::Optimistic { what: "the cross-validated loss".into(), why });
        }
        said.into_iter().fold(page, Page::caution)
    }

    /// Where glmnet would warn; `events` says of each training patient whether the event came.
    pub(super) fn glmnets(&self, work: &Work, events: &[bool]) -> Vec<Caution> {
        let with = events.iter().filter(|e| **e).count();
        let without = events.len() - with;
        let mut said = Vec::new();
        if with.min(without) < FEW {
            let which = if with < without { "with" } else { "without" };
            let fewest = with.min(without);
            said.push(Caution::Note(format!(
                "{fewest} training patients {which} the event: under {FEW} in a class is dangerous ground, as glmnet warns"
            )));
        }
        if work.cv.unsettled > 0 {
            said.push(Caution::Note(format!(
                "{} ended early: sweeps ran out before the next lambda settled, and smaller ones are read at the last",
                counted(work.cv.unsettled, "paths of folds")
            )));
        }
        if self.solver != Some(Solver::Accurate) && work.cv.sweeps > MAXIT {
            said.push(Caution::Note(format!(
                "a path took {} sweeps: glmnet ends one after its maxit of 1e5, with a warning, and has other losses from there; give \
                 it `maxit = 1e7, thresh = {:e}`",
                work.cv.sweeps, work.thresh
            )));
        }
        if !work.cv.grouped && self.loss != Loss::AucPooled {
            said.push(Caution::Note(
                "under 3 patients a fold: the loss and its standard error, which 1se reads, are taken over patients and not \
                 over folds (glmnet's grouped = FALSE)"
                    .into(),
            ));
        }
        said
    }

    /// Flags that would do nothing beside the others.
    pub(super) fn check(&self) -> Result<()> {
        use super::Stratified;
        let column = self.fold_column();
        let given = "the folds are given in a column and not drawn; leave it out";
        let seeded = column.is_some() && self.seed != Self::default().seed;
        let accurate = self.solver == Some(Solver::Accurate) && self.thresh != Self::default().thresh;
        commands::effective(&[
            (column.is_some() && self.stratified == Some(Stratified::Yes), "stratified", given),
            (seeded, "seed", given),
            (accurate, "thresh", "`--solver accurate` goes on to the minimum without one; leave either out"),
        ])
    }

    /// An area within folds of a few patients says nothing; glmnet would take the deviance without a word.
    pub(super) fn check_loss(&self, folds: &[usize]) -> Result<()> {
        const FEWEST: usize = 10;
        let mut labels = folds.to_vec();
        labels.sort_unstable();
        labels.dedup();
        let (n, k) = (folds.len(), labels.len());
        if self.loss != Loss::Auc || n >= FEWEST * k {
            return Ok(());
        }
        Err(Error::BadValue {
            what: "`--loss`".into(),
            given: "auc".into(),
            expected: format!(
                "{n} patients in {k} folds are under {FEWEST} a fold, too few for an area within each; \
                 take `--loss auc-pooled`, or fewer folds"
            ),
        })
    }
}
