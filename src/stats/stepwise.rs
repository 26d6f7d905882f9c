//! Selection of variables by AIC or BIC, as R's `MASS::stepAIC` and `step` on a logistic model.

use ndarray::{ArrayView2, Axis};
use serde::{Deserialize, Serialize};

use super::logistic::{self, Fit};
use crate::error::Result;
use crate::task::Task;

/// A variable: one column, or the several columns of a factor, which come and go together.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    pub name: String,
    pub columns: Vec<usize>,
}

/// Which moves are tried.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    Forward,
    Backward,
    #[default]
    Both,
}

/// What is made small: deviance + k x coefficients.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Criterion {
    /// k = 2.
    #[default]
    Aic,
    /// k = log n.
    Bic,
}

/// How to search.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    pub direction: Direction,
    /// The terms of the first model, in order: all of them, or none.
    pub start: Vec<usize>,
    pub criterion: Criterion,
    pub fit: logistic::Options,
}

/// One move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    Drop(usize),
    Add(usize),
}

/// A model that was tried.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    pub change: Change,
    pub deviance: f64,
    /// AIC or BIC, as R's `step` prints both under the name of the first.
    pub aic: f64,
}

/// A model that was taken, and the moves that were then tried from it.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The move that led here; none for the first model.
    pub change: Option<Change>,
    pub deviance: f64,
    pub aic: f64,
    pub candidates: Vec<Candidate>,
}

/// The search and where it ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Stepwise {
    pub steps: Vec<Step>,
    /// The terms of the last model, in the order of its formula: those of the start, then those added.
    pub selected: Vec<usize>,
    /// The last model; its coefficients follow the intercept in the order of `selected` and of each term's columns.
    pub fit: Fit,
}

/// Search from the terms of `options.start`. Each round tries all drops in the order of the formula, then all additions in
/// the order of `terms`; the smallest criterion wins, ties go to the model that is and then to the first tried.
///
/// # Errors
/// Those of [`logistic::fit`]; `Cancelled`.
pub fn select(
    x: ArrayView2<'_, f64>,
    outcome: &[bool],
    terms: &[Term],
    options: &Options,
    task: &Task,
) -> Result<Stepwise> {
    let model = |selected: &[usize]| {
        task.check()?;
        let columns: Vec<usize> = selected.iter().flat_map(|&t| terms[t].columns.iter().copied()).collect();
        logistic::fit(x.select(Axis(1), &columns).view(), outcome, options.fit)
    };
    let mut selected = options.start.clone();
    let mut fit = model(&selected)?;
    let value = |fit: &Fit| match options.criterion {
        Criterion::Aic => fit.aic,
        Criterion::Bic => fit.bic,
    };
    let mut steps = vec![step(None, &fit, value(&fit))];
    loop {
        let mut best: Option<(Change, Vec<usize>, Fit)> = None;
        let mut candidates = Vec::new();
        for change in moves(&selected, terms.len(), options.direction) {
            let tried = after(&selected, change);
            let candidate = model(&tried)?;
            // A term that adds no degree of freedom is no candidate.
            if candidate.rank == fit.rank {
                continue;
            }
            candidates.push(Candidate { change, deviance: candidate.deviance, aic: value(&candidate) });
            if value(&candidate) < best.as_ref().map_or(value(&fit), |b| value(&b.2)) {
                best = Some((change, tried, candidate));
            }
        }
        if let Some(last) = steps.last_mut() {
            last.candidates = candidates;
        }
        let Some((change, tried, candidate)) = best else { break };
        selected = tried;
        fit = candidate;
        steps.push(step(Some(change), &fit, value(&fit)));
    }
    Ok(Stepwise { steps, selected, fit })
}

fn step(change: Option<Change>, fit: &Fit, aic: f64) -> Step {
    Step { change, deviance: fit.deviance, aic, candidates: Vec::new() }
}

fn moves(selected: &[usize], terms: usize, direction: Direction) -> Vec<Change> {
    let mut moves = Vec::new();
    if direction != Direction::Forward {
        moves.extend(selected.iter().copied().map(Change::Drop));
    }
    if direction != Direction::Backward {
        moves.extend((0..terms).filter(|t| !selected.contains(t)).map(Change::Add));
    }
    moves
}

fn after(selected: &[usize], change: Change) -> Vec<usize> {
    match change {
        Change::Drop(term) => selected.iter().copied().filter(|t| *t != term).collect(),
        Change::Add(term) => selected.iter().copied().chain(std::iter::once(term)).collect(),
    }
}
