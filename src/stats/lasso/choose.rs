//! The penalty by cross-validation, as `cv.glmnet`.

use ndarray::{Array2, ArrayView2};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::path::{Path, fit_rows};
use super::{Model, Options};
use crate::error::{Error, Result};
use crate::num::{long, rank};
use crate::stats::delong;
use crate::stats::roc::Direction;
use crate::task::Task;

/// What is averaged over held-out patients.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Loss {
    /// -2 log likelihood, probabilities kept 1e-5 off 0 and 1.
    #[default]
    Deviance,
    /// Misclassification; a probability of exactly one half counts as negative.
    Class,
    /// Area under the curve within each fold; here more is better.
    Auc,
    /// Area under the curve of all held-out patients together, with DeLong's standard error; more is better.
    #[serde(rename = "auc-pooled")]
    AucPooled,
    /// Squared error, summed over the two classes.
    Mse,
    /// Absolute error, summed over the two classes.
    Mae,
}

/// How to cross-validate.
#[derive(Clone, Debug, PartialEq)]
pub struct CrossValidation {
    /// The fold of each row; any labels, at least three different ones.
    pub folds: Vec<usize>,
    pub loss: Loss,
    /// Average within folds first, and take the spread between folds; else between patients.
    pub grouped: bool,
    pub fit: Options,
}

/// The cross-validated path. All vectors have one entry for each penalty of `path`.
#[derive(Clone, Debug, PartialEq)]
pub struct Cv {
    /// The path on all rows.
    pub path: Path,
    /// Mean loss and its standard error; over repeats, the means of both.
    pub mean: Vec<f64>,
    pub se: Vec<f64>,
    /// The best penalty (the largest of the best), and the largest within one standard error of it, as positions.
    pub min: usize,
    pub one_se: usize,
    /// The loss that was used: deviance where AUC was asked with under 10 rows a fold, as glmnet does.
    pub loss: Loss,
    /// False also where there are under 3 rows a fold, as glmnet does.
    pub grouped: bool,
    /// The linear predictor of each row at each penalty, from the fit that left its fold out (n x penalties); the mean of them
    /// where there are repeats.
    pub held_out: Array2<f64>,
    /// The most sweeps that a fit took, of all patients or of those that a fold leaves.
    pub sweeps: usize,
    /// Folds whose sweeps ran out: their paths end early, and are read at their end beyond it, as cv.glmnet does.
    pub unsettled: usize,
}

/// Cross-validate. Every fold has a path of its own penalties, read at those of the full path. The fits run in parallel and
/// are gathered in order: the result does not depend on the number of threads.
///
/// # Errors
/// Those of [`super::fit`], for all rows or for those a fold leaves; `TooFew` folds; `Cancelled`.
pub fn choose(x: ArrayView2<'_, f64>, outcome: &[bool], options: &CrossValidation, task: &Task) -> Result<Cv> {
    repeat(x, outcome, std::slice::from_ref(options), task)
}

/// Repeated cross-validation: the same by several assignments of folds (`repeats` differ in nothing else). Loss, standard
/// error and held-out predictors are the means over the repeats, and both penalties are chosen from the mean loss. The
/// standard error is not divided by the square root of the repeats: they judge the same patients, and tell the loss of one
/// assignment from another's, not that of other patients.
///
/// # Errors
/// Those of [`choose`].
pub fn repeat(x: ArrayView2<'_, f64>, outcome: &[bool], repeats: &[CrossValidation], task: &Task) -> Result<Cv> {
    let folds: Vec<Vec<usize>> = repeats.iter().map(|r| labels(&r.folds)).collect();
    let fewest = folds.iter().map(Vec::len).min().unwrap_or(0);
    let few = Error::TooFew { what: "cross-validation by folds".into(), needed: 3, got: fewest };
    if fewest < 3 {
        return Err(few);
    }
    let left_out = folds.iter().zip(repeats).flat_map(|(labels, how)| labels.iter().map(move |l| Some((how, *l))));
    let parts: Vec<Option<(&CrossValidation, usize)>> = std::iter::once(None).chain(left_out).collect();
    let paths: Vec<Result<Path>> = parts
        .par_iter()
        .map(|part| {
            let stays = |i: &usize| part.is_none_or(|(how, label)| how.folds[*i] != label);
            let rows: Vec<usize> = (0..outcome.len()).filter(stays).collect();
            fit_rows(x, outcome, &rows, &repeats[0].fit, task).map_err(|error| left(error, part.is_some()))
        })
        .collect();
    let mut paths = paths.into_iter().collect::<Result<Vec<Path>>>()?;
    let sweeps = paths.iter().map(|p| p.sweeps).max().unwrap_or(0);
    let path = paths.remove(0);
    let unsettled = paths.iter().filter(|p| !p.complete).count();
    let mut paths = paths.into_iter();
    let mut judged = Vec::with_capacity(repeats.len());
    for (how, labels) in repeats.iter().zip(&folds) {
        let mut held_out = Array2::zeros((outcome.len(), path.lambda.len()));
        for (label, fold) in labels.iter().zip(&mut paths) {
            let models: Vec<Model> = path.lambda.iter().map(|&l| fold.at(l)).collect();
            for i in (0..outcome.len()).filter(|&i| how.folds[i] == *label) {
                held_out.row_mut(i).iter_mut().zip(&models).for_each(|(to, m)| *to = m.linear(|j| x[[i, j]]));
            }
        }
        judged.push(judge(path.clone(), held_out, outcome, how));
    }
    mean_of(judged).map(|cv| Cv { sweeps, unsettled, ..cv }).ok_or(few)
}

/// The error with where it arose: on the patients that a fold leaves there are fewer of each outcome.
fn left(error: Error, by_fold: bool) -> Error {
    match error {
        Error::TooFew { what, needed, got } if by_fold => {
            Error::TooFew { what: format!("{what}, in all folds but one,"), needed, got }
        }
        other => other,
    }
}

impl Cv {
    pub fn lambda_min(&self) -> f64 {
        self.path.lambda[self.min]
    }

    pub fn lambda_1se(&self) -> f64 {
        self.path.lambda[self.one_se]
    }
}

/// Choose again by another loss, or grouped otherwise, from fits that are there: `cv.path` and `cv.held_out`. Of the folds' own
/// sweeps nothing is known then.
pub fn judge(path: Path, held_out: Array2<f64>, outcome: &[bool], options: &CrossValidation) -> Cv {
    let labels = labels(&options.folds);
    let per_fold = outcome.len() as f64 / labels.len() as f64;
    let loss = if options.loss == Loss::Auc && per_fold < 10.0 { Loss::Deviance } else { options.loss };
    let grouped = loss == Loss::Auc || (options.grouped && per_fold >= 3.0);
    let members: Vec<Vec<usize>> =
        labels.iter().map(|l| (0..outcome.len()).filter(|&i| options.folds[i] == *l).collect()).collect();
    let (mean, se): (Vec<f64>, Vec<f64>) = held_out
        .columns()
        .into_iter()
        .map(|linear| {
            if loss == Loss::AucPooled {
                let area = delong::area(&linear.to_vec(), outcome, Direction::CasesHigher, 0.95);
                return area.map_or((f64::NAN, f64::NAN), |a| (a.auc, a.variance.sqrt()));
            }
            let probability: Vec<f64> = linear.iter().map(|l| 1.0 / (1.0 + (-l).exp())).collect();
            spread(&losses(&probability, outcome, &members, loss, grouped))
        })
        .unzip();
    let (min, one_se) = chosen(&mean, &se, loss);
    Cv { sweeps: path.sweeps, unsettled: 0, path, mean, se, min, one_se, loss, grouped, held_out }
}

/// The first position with the best mean loss, and the first within one standard error of it.
fn chosen(mean: &[f64], se: &[f64], loss: Loss) -> (usize, usize) {
    let sign = if matches!(loss, Loss::Auc | Loss::AucPooled) { -1.0 } else { 1.0 };
    let best = mean.iter().map(|m| sign * m).fold(f64::INFINITY, f64::min);
    let first = |bound: f64| mean.iter().position(|m| sign * m <= bound).unwrap_or(0);
    let min = first(best);
    (min, first(best + se[min]))
}

/// The mean over repeats, each judged on its own; one alone stays as it is.
fn mean_of(judged: Vec<Cv>) -> Option<Cv> {
    let repeats = judged.len() as f64;
    let each = |of: fn(&Cv) -> &Vec<f64>| -> Vec<f64> {
        let penalties = judged.first().map_or(0, |cv| of(cv).len());
        (0..penalties).map(|k| long::sum(judged.iter().map(|cv| of(cv)[k])) / repeats).collect()
    };
    let (mean, se) = (each(|cv| &cv.mean), each(|cv| &cv.se));
    let mut judged = judged.into_iter();
    let mut all = judged.next()?;
    judged.for_each(|one| all.held_out += &one.held_out);
    all.held_out /= repeats;
    (all.min, all.one_se) = chosen(&mean, &se, all.loss);
    Some(Cv { mean, se, ..all })
}

fn labels(folds: &[usize]) -> Vec<usize> {
    let mut labels = folds.to_vec();
    labels.sort_unstable();
    labels.dedup();
    labels
}

/// (loss, weight) of each fold where grouped, else of each row. A fold without both classes has no AUC and takes no part.
fn losses(p: &[f64], outcome: &[bool], members: &[Vec<usize>], loss: Loss, grouped: bool) -> Vec<(f64, f64)> {
    let of = |i: usize| {
        let y = f64::from(u8::from(outcome[i]));
        match loss {
            Loss::Class => f64::from(u8::from((p[i] > 0.5) != outcome[i])),
            Loss::Mse => 2.0 * (y - p[i]) * (y - p[i]),
            Loss::Mae => 2.0 * (y - p[i]).abs(),
            Loss::Deviance | Loss::Auc | Loss::AucPooled => {
                let p = p[i].clamp(1e-5, 1.0 - 1e-5);
                -2.0 * (y * p.ln() + (1.0 - y) * (1.0 - p).ln())
            }
        }
    };
    if !grouped {
        return (0..p.len()).map(|i| (of(i), 1.0)).collect();
    }
    let fold = |rows: &Vec<usize>| {
        let value = if loss == Loss::Auc { area(p, outcome, rows) } else { mean(rows.iter().map(|&i| of(i))) };
        (value, rows.len() as f64)
    };
    members.iter().map(fold).filter(|(value, _)| !value.is_nan()).collect()
}

fn area(p: &[f64], outcome: &[bool], rows: &[usize]) -> f64 {
    let ranks = rank::average(&rows.iter().map(|&i| p[i]).collect::<Vec<f64>>()).rank;
    let cases = rows.iter().filter(|&&i| outcome[i]).count() as f64;
    let sum: f64 = rows.iter().zip(&ranks).filter(|(i, _)| outcome[**i]).map(|(_, r)| r).sum();
    (sum - cases * (cases + 1.0) / 2.0) / (cases * (rows.len() as f64 - cases))
}

fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let n = values.len() as f64;
    long::sum(values) / n
}

/// The weighted mean and its standard error, sqrt(weighted mean squared deviation / (N - 1)). Areas and misclassified shares
/// tie often, and the best of them is R's only where the sums are.
fn spread(values: &[(f64, f64)]) -> (f64, f64) {
    let total: f64 = values.iter().map(|v| v.1).sum();
    let mean = long::sum(values.iter().map(|v| v.0 * v.1)) / total;
    let variance = long::sum(values.iter().map(|v| (v.0 - mean).powi(2) * v.1)) / total;
    (mean, (variance / (values.len() as f64 - 1.0)).sqrt())
}
