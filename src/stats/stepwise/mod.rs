//! Selection of variables by AIC or BIC, as R's `MASS::stepAIC` and `step` on a logistic model.

mod quick;

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
    /// The coefficients that it has, the intercept among them: fewer than columns where some depend on others.
    pub rank: usize,
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

/// A move, and what is known of the model it leads to.
struct Move {
    change: Change,
    selected: Vec<usize>,
    deviance: f64,
    value: f64,
    /// The model itself, where it had to be fitted.
    fit: Option<Fit>,
}

/// Deviances told by [`quick`] are held apart only beyond this part of them; nearer ones are fitted. Of models that do not
/// separate the outcome they agree with the fit to 1e-12, of others to 1e-5, as a probability near 1 has few digits left.
const NEAR: f64 = 1e-4;
/// A drop of no degree of freedom that changes the criterion by more is none: the weights lost the column, not its dependence
/// on others. As in MASS.
const IDLE: f64 = 0.01;

/// Search from the terms of `options.start`. Each round tries all drops in the order of the formula, then all additions in
/// the order of `terms`; the smallest criterion wins, ties go to the model that is and then to the first tried.
///
/// Where terms depend linearly on each other, one whose drop takes no degree of freedom leaves before anything else is tried,
/// the last such in the formula, and none such is added: as in `stepAIC` and `step`. So of twins the first in `terms` stays in
/// the running; of two that may be added rounding decides, as in R. Such a round has that drop as its one candidate.
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
    Search { x, outcome, terms, options, task, shown: true }.run()
}

/// [`select`] without the candidates: moves that cannot win are not followed to their deviance.
///
/// # Errors
/// Those of [`select`].
pub fn reach(
    x: ArrayView2<'_, f64>,
    outcome: &[bool],
    terms: &[Term],
    options: &Options,
    task: &Task,
) -> Result<Stepwise> {
    Search { x, outcome, terms, options, task, shown: false }.run()
}

struct Search<'a> {
    x: ArrayView2<'a, f64>,
    outcome: &'a [bool],
    terms: &'a [Term],
    options: &'a Options,
    task: &'a Task,
    /// Whether the candidates are shown, so that each needs its deviance.
    shown: bool,
}

impl Search<'_> {
    fn run(&self) -> Result<Stepwise> {
        let rows = quick::Distinct::new(self.x, self.outcome);
        let mut selected = self.options.start.clone();
        let mut fit = self.fit(&selected)?;
        let mut steps = vec![self.step(None, &fit)];
        loop {
            if let Some((change, to, model)) = self.idle(&selected, &fit)? {
                if let Some(last) = steps.last_mut().filter(|_| self.shown) {
                    last.candidates = vec![Candidate { change, deviance: model.deviance, aic: self.value(&model) }];
                }
                (selected, fit) = (to, model);
                steps.push(self.step(Some(change), &fit));
                continue;
            }
            let tried = self.round(&rows, &selected, &fit)?;
            if let Some(last) = steps.last_mut().filter(|_| self.shown) {
                let shown = |m: &Move| Candidate { change: m.change, deviance: m.deviance, aic: m.value };
                last.candidates = tried.iter().map(shown).collect();
            }
            let mut best: Option<(Change, Vec<usize>, Fit)> = None;
            for (change, to, model) in tried.into_iter().filter_map(|m| Some((m.change, m.selected, m.fit?))) {
                if self.value(&model) < self.value(best.as_ref().map_or(&fit, |b| &b.2)) {
                    best = Some((change, to, model));
                }
            }
            let Some((change, to, model)) = best else { break };
            (selected, fit) = (to, model);
            steps.push(self.step(Some(change), &fit));
        }
        Ok(Stepwise { steps, selected, fit })
    }

    /// The last drop that takes no degree of freedom; only a model of dependent columns has one.
    fn idle(&self, selected: &[usize], from: &Fit) -> Result<Option<(Change, Vec<usize>, Fit)>> {
        if from.aliased.is_empty() {
            return Ok(None);
        }
        for change in moves(selected, 0, self.options.direction).into_iter().rev() {
            let to = after(selected, change);
            let fit = self.fit(&to)?;
            if fit.rank == from.rank && (self.value(&fit) - self.value(from)).abs() <= IDLE {
                return Ok(Some((change, to, fit)));
            }
        }
        Ok(None)
    }

    /// The moves from a model; every one that may be the best has its fit.
    fn round(&self, rows: &quick::Distinct, selected: &[usize], from: &Fit) -> Result<Vec<Move>> {
        let mut tried = Vec::new();
        let mut lowest = self.value(from);
        for change in moves(selected, self.terms.len(), self.options.direction) {
            self.task.check()?;
            let selected = after(selected, change);
            let columns = self.columns(&selected);
            let paid = self.price() * (columns.len() + 1) as f64;
            let bound = if self.shown { f64::INFINITY } else { lowest - self.price() * self.least_rank(change, from) };
            let mut tried_now = Move { change, selected, deviance: 0.0, value: 0.0, fit: None };
            match rows.deviance(&columns, self.options.fit, bound) {
                quick::Tried::Above => continue,
                // A term that adds or takes no degree of freedom is no candidate.
                quick::Tried::Deviance(_) if columns.len() + 1 == from.rank => continue,
                quick::Tried::Deviance(deviance) => {
                    (tried_now.deviance, tried_now.value) = (deviance, deviance + paid);
                    lowest = lowest.min(tried_now.value + NEAR * deviance);
                }
                quick::Tried::Doubtful => {
                    self.settle(&mut tried_now)?;
                    if tried_now.fit.as_ref().is_some_and(|f| f.rank == from.rank) {
                        continue;
                    }
                    lowest = lowest.min(tried_now.value);
                }
            }
            tried.push(tried_now);
        }
        let near = |m: &&mut Move| m.fit.is_none() && m.value - NEAR * m.deviance <= lowest;
        tried.iter_mut().filter(near).try_for_each(|m| self.settle(m))?;
        Ok(tried)
    }

    fn settle(&self, to: &mut Move) -> Result<()> {
        let fit = self.fit(&to.selected)?;
        (to.deviance, to.value) = (fit.deviance, self.value(&fit));
        to.fit = Some(fit);
        Ok(())
    }

    fn fit(&self, selected: &[usize]) -> Result<Fit> {
        self.task.check()?;
        logistic::fit(self.x.select(Axis(1), &self.columns(selected)).view(), self.outcome, self.options.fit)
    }

    fn columns(&self, selected: &[usize]) -> Vec<usize> {
        selected.iter().flat_map(|&t| self.terms[t].columns.iter().copied()).collect()
    }

    fn value(&self, fit: &Fit) -> f64 {
        match self.options.criterion {
            Criterion::Aic => fit.aic,
            Criterion::Bic => fit.bic,
        }
    }

    /// What the rank of a candidate is at least.
    fn least_rank(&self, change: Change, from: &Fit) -> f64 {
        match change {
            Change::Drop(term) => from.rank as f64 - self.terms[term].columns.len() as f64,
            Change::Add(_) => from.rank as f64 + 1.0,
        }
    }

    /// What a coefficient costs.
    fn price(&self) -> f64 {
        match self.options.criterion {
            Criterion::Aic => 2.0,
            Criterion::Bic => (self.outcome.len() as f64).ln(),
        }
    }

    fn step(&self, change: Option<Change>, fit: &Fit) -> Step {
        Step { change, deviance: fit.deviance, aic: self.value(fit), rank: fit.rank, candidates: Vec::new() }
    }
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
