//! The whole of a selection as one function: from features to the risk it predicts, for any choice of patients.
//!
//! ICC, Mann-Whitney, LASSO, stepwise regression and the last model are those of the commands; here they can be run again
//! inside every resample, which is what [`bootstrap`] and [`cross_validate`] do.

mod last;
mod pairs;
mod validate;

use ndarray::{Array2, ArrayView2, Axis, ShapeBuilder};

use super::lasso::{self, CrossValidation, Loss};
use super::p_adjust::Method;
use super::stepwise::{self, Criterion, Direction, Term};
use super::two_sample::{self, Test};
use super::{firth, folds, icc, logistic, p_adjust, scale};
use crate::error::{Error, Result};
use crate::task::Task;

pub use last::{Entry, Last};
pub use pairs::interval;
pub use validate::{Bootstrap, Count, CrossValidated, Quality, bootstrap, cross_validate, naive};

/// The steps of a notebook and their settings; a step that is not there is passed over.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    pub icc: Option<Agreement>,
    pub screen: Option<Screen>,
    pub lasso: Option<Penalised>,
    pub stepwise: Option<Search>,
    /// The model in which clinical terms join the signature.
    pub last: Option<Last>,
}

/// Keep features whose ICC, or its lower limit, is above a bound.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Agreement {
    pub above: f64,
    pub form: icc::Form,
    pub by_lower: bool,
}

/// Keep features whose p, of Mann-Whitney or another test, is below a bound.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Screen {
    pub test: Test,
    pub below: f64,
    pub adjust: Method,
}

/// Which penalty is taken.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Rule {
    Min,
    OneSe,
    /// This one, whatever cross-validation says; below the end of a path the path's last.
    Lambda(f64),
}

/// The lasso with its own cross-validation.
#[derive(Clone, Debug, PartialEq)]
pub struct Penalised {
    pub rule: Rule,
    pub folds: usize,
    /// How many assignments of the folds the loss is averaged over.
    pub repeats: usize,
    /// Whether folds are dealt within each outcome class.
    pub stratified: bool,
    pub seed: i32,
    pub loss: Loss,
    pub fit: lasso::Options,
}

impl Penalised {
    /// Whether cross-validation chooses the penalty.
    pub fn by_folds(&self) -> bool {
        !matches!(self.rule, Rule::Lambda(_))
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Search {
    pub direction: Direction,
    pub criterion: Criterion,
    /// Whether the search starts with all features.
    pub full: bool,
    /// Whether the features found are fitted once more by Firth's penalised likelihood.
    pub firth: bool,
}

/// The patients a pipeline runs on: the rows of the outcome.
///
/// Features and readers may have further rows, patients of whom only the readings count, as those of other cohorts: they take
/// part in the ICC of every run.
#[derive(Clone, Copy, Debug)]
pub struct Data<'a> {
    /// Patients x features, stored column by column. A feature that lacks a value of any patient with an outcome is not fitted,
    /// whoever a run is on: the notebook, which sees them all, leaves it out.
    pub features: ArrayView2<'a, f64>,
    /// Those of further readers, of the same shape, NaN for patients without; none where there is one reader.
    pub readers: &'a [Array2<f64>],
    pub outcome: &'a [bool],
    /// Of each clinical term its design columns, one value a patient.
    pub clinical: &'a [Vec<Vec<f64>>],
}

/// What a run of the pipeline chose.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fitted {
    /// Columns of the features chosen; none where nothing was kept, then the risk is the same for all.
    pub columns: Vec<usize>,
    intercept: f64,
    coef: Vec<f64>,
    mean: Vec<f64>,
    sd: Vec<f64>,
    /// Clinical terms of the last model.
    pub terms: Vec<usize>,
    /// Intercept, signature (0 where it is empty) and clinical coefficients of the last model.
    last: Option<Vec<f64>>,
}

/// Choose and fit on `rows`, which may repeat. Readings are those of the patients among the rows that every reader has.
///
/// Copies of a patient stay in one fold of the lasso's cross-validation. Fewer than two features that come to the lasso pass
/// it as they are.
///
/// # Errors
/// Those of the steps, as where a class has too few patients; `Cancelled`.
pub fn fit(plan: &Plan, data: &Data<'_>, rows: &[usize], task: &Task) -> Result<Fitted> {
    let filtered = filter(plan, data, rows);
    choose(plan, data, rows, &filtered, task)
}

/// The features that pass ICC and Mann-Whitney on these rows.
pub fn filter(plan: &Plan, data: &Data<'_>, rows: &[usize]) -> Vec<usize> {
    let mut columns: Vec<usize> = (0..data.features.ncols()).collect();
    if let Some(step) = plan.icc.filter(|_| !data.readers.is_empty()) {
        columns.retain(|&j| agrees(step, data, j, rows));
    }
    if let Some(step) = plan.screen {
        let events: Vec<bool> = rows.iter().map(|&i| data.outcome[i]).collect();
        let x = gather(data.features, rows, &columns);
        let tests = two_sample::each(x.view(), &events, step.test);
        let p = p_adjust::adjust(&tests.iter().map(|t| t.p).collect::<Vec<f64>>(), step.adjust);
        columns = columns.into_iter().zip(p).filter(|(_, p)| *p < step.below).map(|(j, _)| j).collect();
    }
    columns
}

fn agrees(step: Agreement, data: &Data<'_>, j: usize, rows: &[usize]) -> bool {
    let readers = || std::iter::once(data.features).chain(data.readers.iter().map(|r| r.view()));
    let further = data.outcome.len()..data.features.nrows();
    let all = rows.iter().copied().chain(further);
    let read: Vec<usize> = all.filter(|i| readers().all(|reader| !reader[[*i, j]].is_nan())).collect();
    let of = |reader: ArrayView2<'_, f64>| read.iter().map(|i| reader[[*i, j]]).collect::<Vec<f64>>();
    let values: Vec<Vec<f64>> = readers().map(of).collect();
    icc::mean_squares(&values.iter().map(Vec::as_slice).collect::<Vec<_>>()).is_ok_and(|squares| {
        let bound = match step.by_lower {
            true => icc::interval(&squares, step.form, 0.95).0,
            false => icc::coefficient(&squares, step.form),
        };
        bound > step.above
    })
}

/// LASSO, stepwise regression and the last model on these rows, from features that were filtered.
pub fn choose(plan: &Plan, data: &Data<'_>, rows: &[usize], filtered: &[usize], task: &Task) -> Result<Fitted> {
    let columns = usable(data, rows, filtered);
    let events: Vec<bool> = rows.iter().map(|&i| data.outcome[i]).collect();
    let x = gather(data.features, rows, &columns);
    let scaling = scale::fit(x.view(), &[])?;
    let z = scale::apply(&scaling, x.view());
    let mut chosen: Vec<usize> = (0..columns.len()).collect();
    let (mut intercept, mut coef) = (0.0, vec![0.0; columns.len()]);
    if let Some(step) = plan.lasso.as_ref().filter(|_| columns.len() > 1) {
        let model = penalised(step, z.view(), &events, rows, task)?;
        (chosen, coef) = model.chosen().into_iter().unzip();
        intercept = model.intercept;
    }
    if chosen.is_empty() {
        let rate = events.iter().filter(|e| **e).count() as f64 / events.len() as f64;
        intercept = (rate / (1.0 - rate)).ln();
    } else if plan.stepwise.is_some() || plan.lasso.is_none() || columns.len() < 2 {
        let x = z.select(Axis(1), &chosen);
        let found = searched(plan.stepwise, x.view(), &events, task)?;
        chosen = found.selected.iter().map(|&t| chosen[t]).collect();
        let fitted = match plan.stepwise.is_some_and(|s| s.firth) {
            true => firth::coefficients(z.select(Axis(1), &chosen).view(), &events)?,
            false => found.fit.coef,
        };
        intercept = fitted[0];
        coef = fitted[1..].iter().map(|b| if b.is_nan() { 0.0 } else { *b }).collect();
    }
    let pick = |v: &[f64]| chosen.iter().map(|&c| v[c]).collect::<Vec<f64>>();
    let (mean, sd) = (pick(&scaling.mean), pick(&scaling.sd));
    let columns = chosen.iter().map(|&c| columns[c]).collect();
    let mut fitted = Fitted { columns, intercept, coef, mean, sd, terms: Vec::new(), last: None };
    if let Some(step) = &plan.last {
        fitted.terms = last::entered(step, data, rows);
        fitted.last = Some(last::fit(step, &fitted, data, rows)?);
    }
    Ok(fitted)
}

/// Of these features those with a value of every patient that are not all equal in these rows.
fn usable(data: &Data<'_>, rows: &[usize], columns: &[usize]) -> Vec<usize> {
    let varies = |j: &usize| {
        let mut values = rows.iter().map(|&i| data.features[[i, *j]]);
        let first = values.clone().next();
        is_complete(data, *j) && values.any(|v| Some(v) != first)
    };
    columns.iter().copied().filter(varies).collect()
}

/// Whether every patient with an outcome has a finite value of feature `j`.
pub fn is_complete(data: &Data<'_>, j: usize) -> bool {
    (0..data.outcome.len()).all(|i| data.features[[i, j]].is_finite())
}

/// Rows and columns of a matrix, stored column by column.
fn gather(x: ArrayView2<'_, f64>, rows: &[usize], columns: &[usize]) -> Array2<f64> {
    let mut values = Vec::with_capacity(rows.len() * columns.len());
    for &j in columns {
        let column = x.column(j);
        values.extend(rows.iter().map(|&i| column[i]));
    }
    Array2::from_shape_vec((rows.len(), columns.len()).f(), values).unwrap_or_default()
}

fn penalised(
    step: &Penalised,
    z: ArrayView2<'_, f64>,
    events: &[bool],
    rows: &[usize],
    task: &Task,
) -> Result<lasso::Model> {
    if let Rule::Lambda(lambda) = step.rule {
        return Ok(lasso::fit(z, events, &step.fit, task)?.at(lambda));
    }
    let how = |folds| CrossValidation { folds, loss: step.loss, grouped: true, fit: step.fit.clone() };
    let repeats: Vec<CrossValidation> = folds_of(rows, events, step)?.into_iter().map(how).collect();
    let cv = lasso::repeat(z, events, &repeats, task)?;
    let at = if step.rule == Rule::Min { cv.min } else { cv.one_se };
    Ok(cv.path.models[at].clone())
}

/// The search by AIC; all features by maximum likelihood where there is none.
fn searched(step: Option<Search>, z: ArrayView2<'_, f64>, events: &[bool], task: &Task) -> Result<stepwise::Stepwise> {
    let terms: Vec<Term> = (0..z.ncols()).map(|i| Term { name: String::new(), columns: vec![i] }).collect();
    let fits = z.ncols() + 2 <= events.len();
    let start = if step.is_none_or(|s| s.full) && fits { (0..z.ncols()).collect() } else { Vec::new() };
    match step {
        Some(step) => {
            let options = stepwise::Options {
                direction: step.direction,
                criterion: step.criterion,
                start,
                fit: logistic::Options::default(),
            };
            stepwise::reach(z, events, &terms, &options, task)
        }
        None if !fits => {
            let what = "maximum likelihood by patients".into();
            Err(Error::TooFew { what, needed: z.ncols() + 2, got: events.len() })
        }
        None => {
            let fit = logistic::fit(z, events, logistic::Options::default())?;
            Ok(stepwise::Stepwise { steps: Vec::new(), selected: start, fit })
        }
    }
}

impl Fitted {
    /// The linear predictor of patient `i`; NaN where a value of it is missing.
    pub fn linear(&self, data: &Data<'_>, i: usize) -> f64 {
        let score = self.score(data, i);
        match &self.last {
            None => score,
            Some(coef) => {
                let columns = self.terms.iter().flat_map(|t| &data.clinical[*t]);
                let clinical = coef[2..].iter().zip(columns).map(|(b, c)| b * c[i]);
                coef[0] + coef[1] * score + clinical.sum::<f64>()
            }
        }
    }

    /// The radiomics signature of patient `i`.
    fn score(&self, data: &Data<'_>, i: usize) -> f64 {
        let scale = self.mean.iter().zip(&self.sd);
        let terms = self.columns.iter().zip(&self.coef).zip(scale);
        terms.fold(self.intercept, |sum, ((j, b), (mean, sd))| sum + b * (data.features[[i, *j]] - mean) / sd)
    }
}

/// Fold numbers of rows that may repeat, for each repeat of the cross-validation: drawn for the patients, copies of one stay
/// together. `events` are those of the rows.
///
/// # Errors
/// Those of [`folds::repeated`].
fn folds_of(rows: &[usize], events: &[bool], step: &Penalised) -> Result<Vec<Vec<usize>>> {
    let mut patients: Vec<(usize, bool)> = rows.iter().copied().zip(events.iter().copied()).collect();
    patients.sort_unstable();
    patients.dedup();
    let outcome: Vec<bool> = patients.iter().map(|p| p.1).collect();
    let drawn = match step.stratified {
        true => folds::stratified(&outcome, step.folds, step.seed, step.repeats)?,
        false => folds::repeated(patients.len(), step.folds, step.seed, step.repeats)?,
    };
    let of_rows = |drawn: Vec<usize>| rows.iter().map(|i| drawn[patients.partition_point(|p| p.0 < *i)]).collect();
    Ok(drawn.into_iter().map(of_rows).collect())
}
