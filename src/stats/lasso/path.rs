//! The path: one model for each penalty, from the empty model on.

use ndarray::ArrayView2;

use super::descent::{End, Problem, State, Target};
use super::scale::Scale;
use super::{Options, Solver};
use crate::error::{Error, Result};
use crate::task::Task;

/// The penalty at which every column stays out.
const CLOSED: f64 = 9.9e35;
/// A path stops after this many penalties at the earliest, when one explains less than `GAIN` more of the deviance than the
/// one before, or more than `ENOUGH` in all.
const LEAST: usize = 5;
const GAIN: f64 = 1e-5;
const ENOUGH: f64 = 0.999;

/// A fitted path. All vectors have one entry for each penalty, the largest first.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    pub lambda: Vec<f64>,
    pub models: Vec<Model>,
    /// The part of the null deviance explained.
    pub explained: Vec<f64>,
    /// Deviance of the model with the intercept alone.
    pub null_deviance: f64,
    /// Sweeps over all penalties: glmnet's `npasses`.
    pub sweeps: usize,
    /// False when the sweeps ran out: the path then ends before the penalty that did not settle.
    pub complete: bool,
    /// The number of columns.
    pub columns: usize,
}

/// One model on the scale of the columns given: logit P = intercept + sum of coefficient x value.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Model {
    pub intercept: f64,
    /// (column, coefficient) of the columns that are in, by column.
    pub coefficients: Vec<(usize, f64)>,
}

/// Fit the path of `x` (n x p, finite, at least two columns) to the outcomes.
///
/// # Errors
/// `TooFew` columns or outcomes of either class; `Undefined` for a value that is not finite or when no column can enter;
/// `BadValue` for options out of range; `Cancelled`.
pub fn fit(x: ArrayView2<'_, f64>, outcome: &[bool], options: &Options, task: &Task) -> Result<Path> {
    fit_rows(x, outcome, &(0..outcome.len()).collect::<Vec<usize>>(), options, task)
}

/// [`fit`] on some of the rows only, which may repeat.
///
/// # Errors
/// Those of [`fit`].
pub fn fit_rows(
    x: ArrayView2<'_, f64>,
    outcome: &[bool],
    rows: &[usize],
    options: &Options,
    task: &Task,
) -> Result<Path> {
    let y: Vec<f64> = rows.iter().map(|&i| f64::from(u8::from(outcome[i]))).collect();
    check(x, &y, options)?;
    let (scale, columns) = Scale::new(x, rows, options.standardize);
    if scale.mean.iter().any(|m| !m.is_finite()) {
        return Err(Error::Undefined { what: "the lasso".into(), why: "a value is missing or infinite".into() });
    }
    let problem = Problem::new(y.len(), columns, scale.usable.clone(), y);
    let mut state = State::null(&problem);
    let null = deviance(&problem.y, &state.probability);
    let mut path = Path {
        lambda: Vec::new(),
        models: Vec::new(),
        explained: Vec::new(),
        null_deviance: 2.0 * problem.n as f64 * null,
        sweeps: 0,
        complete: true,
        columns: x.ncols(),
    };
    let mut previous = 0.0;
    for k in 0..options.lambda.as_ref().map_or(options.penalties, Vec::len) {
        let (lambda, before) = penalty(k, previous, &state, &problem, options);
        let target = Target {
            lambda,
            previous: before,
            alpha: options.alpha,
            tolerance: options.threshold * null,
            max_sweeps: options.max_sweeps,
            task,
        };
        let end = match options.solver {
            Solver::Compatible => state.solve(&problem, &target),
            Solver::Accurate => state.settle(&problem, &target),
        };
        task.check()?;
        if end == End::Exhausted {
            path.complete = false;
            break;
        }
        path.lambda.push(lambda);
        path.models.push(scale.model(&state));
        path.explained.push((null - deviance(&problem.y, &state.probability)) / null);
        previous = lambda;
        if options.lambda.is_none() && is_enough(&path, &end) {
            break;
        }
    }
    path.sweeps = state.sweeps;
    if options.lambda.is_none() && path.lambda.len() > 2 {
        path.lambda[0] = (2.0 * path.lambda[1].ln() - path.lambda[2].ln()).exp();
    }
    Ok(path)
}

impl Path {
    /// The model at any penalty: on a straight line between the neighbours of the path, clamped at its ends.
    pub fn at(&self, lambda: f64) -> Model {
        let last = self.lambda.len() - 1;
        let right = self.lambda.partition_point(|&l| l > lambda).min(last);
        let left = if right == 0 || self.lambda[right] == lambda { right } else { right - 1 };
        if left == right || lambda <= self.lambda[last] {
            return self.models[right].clone();
        }
        let share = (lambda - self.lambda[right]) / (self.lambda[left] - self.lambda[right]);
        self.models[left].blend(&self.models[right], share)
    }

    /// How many columns are chosen at each penalty.
    pub fn sizes(&self) -> Vec<usize> {
        self.models.iter().map(|m| m.chosen().len()).collect()
    }
}

/// Below this part of the largest, a coefficient counts as 0: of columns that depend on each other, one may keep the rounding of
/// another's.
const ROUNDING: f64 = 1e-12;

impl Model {
    /// The columns that are chosen, with their coefficients: those in but for rounding.
    pub fn chosen(&self) -> Vec<(usize, f64)> {
        let largest = self.coefficients.iter().map(|c| c.1.abs()).fold(0.0, f64::max);
        self.coefficients.iter().copied().filter(|c| c.1.abs() >= ROUNDING * largest).collect()
    }

    /// The linear predictor of one patient's values.
    pub fn linear(&self, values: impl Fn(usize) -> f64) -> f64 {
        self.intercept + self.coefficients.iter().map(|&(j, b)| b * values(j)).sum::<f64>()
    }

    /// `share` of this model and the rest of `other`.
    fn blend(&self, other: &Self, share: f64) -> Self {
        let mix = |a: f64, b: f64| share * a + (1.0 - share) * b;
        let mut coefficients = Vec::new();
        let (mut left, mut right) = (self.coefficients.iter().peekable(), other.coefficients.iter().peekable());
        loop {
            let next = match (left.peek(), right.peek()) {
                (None, None) => break,
                (a, b) => a.map_or(usize::MAX, |a| a.0).min(b.map_or(usize::MAX, |b| b.0)),
            };
            let a = left.next_if(|a| a.0 == next).map_or(0.0, |a| a.1);
            let b = right.next_if(|b| b.0 == next).map_or(0.0, |b| b.1);
            if mix(a, b) != 0.0 {
                coefficients.push((next, mix(a, b)));
            }
        }
        Self { intercept: mix(self.intercept, other.intercept), coefficients }
    }
}

fn check(x: ArrayView2<'_, f64>, y: &[f64], options: &Options) -> Result<()> {
    if x.ncols() < 2 {
        return Err(Error::TooFew { what: "the lasso by features".into(), needed: 2, got: x.ncols() });
    }
    for (class, which) in [(1.0, "with"), (0.0, "without")] {
        let got = y.iter().filter(|&&y| y == class).count();
        if got < 2 {
            return Err(Error::TooFew { what: format!("the lasso by patients {which} the outcome"), needed: 2, got });
        }
    }
    let bad = |what: &str, given: String, expected: &str| {
        Err(Error::BadValue { what: what.into(), given, expected: expected.into() })
    };
    if !(options.alpha > 0.0 && options.alpha <= 1.0) {
        return bad("the lasso's alpha", options.alpha.to_string(), "above 0 and at most 1");
    }
    if options.penalties == 0 || options.lambda.as_ref().is_some_and(Vec::is_empty) {
        return bad("the number of penalties", "0".into(), "at least 1");
    }
    if let Some(bad_lambda) = options.lambda.iter().flatten().find(|l| l.is_nan() || **l < 0.0) {
        return bad("a penalty", bad_lambda.to_string(), "0 or more");
    }
    Ok(())
}

/// The k-th penalty and the one before it, as the strong rule counts it.
fn penalty(k: usize, previous: f64, state: &State, problem: &Problem, options: &Options) -> (f64, f64) {
    if let Some(given) = &options.lambda {
        let mut sorted = given.clone();
        sorted.sort_by(|a, b| b.total_cmp(a));
        return (sorted[k], previous);
    }
    let ratio = options.ratio.unwrap_or(if problem.n < state.beta.len() { 0.01 } else { 1e-4 });
    let step = ratio.max(1e-6).powf(1.0 / (options.penalties.max(2) - 1) as f64);
    match k {
        0 => (CLOSED, 0.0),
        1 => {
            let steepest = problem.usable.iter().map(|&j| state.gradient[j]).fold(0.0, f64::max);
            let first = steepest / options.alpha.max(1e-3);
            (first * step, first)
        }
        _ => (previous * step, previous),
    }
}

fn is_enough(path: &Path, end: &End) -> bool {
    let k = path.lambda.len();
    if k < LEAST {
        return false;
    }
    let size = path.models[k - 1].coefficients.len();
    path.explained[k - 1] - path.explained[k - 2] < GAIN
        || path.explained[k - 1] > ENOUGH
        || *end == End::Saturated
        || size > path.columns
}

/// Half the deviance of an observation on average, probabilities kept off 0 and 1.
fn deviance(y: &[f64], probability: &[f64]) -> f64 {
    const EDGE: f64 = 1e-9;
    let log = |(y, q): (&f64, &f64)| {
        let q = q.clamp(EDGE, 1.0 - EDGE);
        y * q.ln() + (1.0 - y) * (1.0 - q).ln()
    };
    -y.iter().zip(probability).map(log).sum::<f64>() / y.len() as f64
}
