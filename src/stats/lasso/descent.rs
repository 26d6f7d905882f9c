//! One penalty: iteratively reweighted least squares, each solved by cyclic coordinate descent over the strong set.

use crate::num::dense::{dot, dot3, less_dot, sum};
use crate::task::Task;

/// Fitted probabilities outside this distance from 0 and 1 count as 0 and 1.
const EDGE: f64 = 1e-9;
/// After so many sweeps it is asked whether to stop: one penalty may take millions, of columns that depend on each other.
const ASKED: usize = 1000;

/// The standardised data of one fit.
pub(super) struct Problem {
    pub n: usize,
    /// Column after column, n values each.
    columns: Vec<f64>,
    /// The columns that vary.
    pub usable: Vec<usize>,
    pub y: Vec<f64>,
}

/// What a penalty asks for.
pub(super) struct Target<'a> {
    pub lambda: f64,
    /// The penalty before, by which the strong rule foresees which columns can enter.
    pub previous: f64,
    pub alpha: f64,
    /// Largest change of the objective that counts as none.
    pub tolerance: f64,
    pub max_sweeps: usize,
    pub task: &'a Task,
}

/// The estimate, carried warm from penalty to penalty.
pub(super) struct State {
    pub intercept: f64,
    pub beta: Vec<f64>,
    /// Working residuals, weights and probabilities of each row.
    pub(super) residual: Vec<f64>,
    pub(super) weight: Vec<f64>,
    /// The sum of the weights.
    pub(super) total: f64,
    pub probability: Vec<f64>,
    /// |sum of residual x column| of columns outside the strong set, at the last estimate.
    pub gradient: Vec<f64>,
    is_strong: Vec<bool>,
    /// The strong set in column order; it only grows.
    pub(super) strong: Vec<usize>,
    pub(super) is_active: Vec<bool>,
    /// The columns that ever had a coefficient, in order of first entry.
    pub(super) active: Vec<usize>,
    curvature: Vec<f64>,
    /// Weight x column of the active columns, laid out as the columns are.
    weighted: Vec<f64>,
    pub sweeps: usize,
}

/// How a penalty ended.
#[derive(PartialEq)]
pub(super) enum End {
    Settled,
    /// All fitted probabilities are at 0 or 1.
    Saturated,
    /// `max_sweeps` was reached, or the task was cancelled.
    Exhausted,
}

impl Problem {
    pub(super) fn new(n: usize, columns: Vec<f64>, usable: Vec<usize>, y: Vec<f64>) -> Self {
        Self { n, columns, usable, y }
    }

    pub(super) fn column(&self, j: usize) -> &[f64] {
        &self.columns[j * self.n..(j + 1) * self.n]
    }
}

impl State {
    /// The model without any column.
    pub(super) fn null(problem: &Problem) -> Self {
        let (n, p) = (problem.n, problem.columns.len() / problem.n);
        let share = 1.0 / n as f64;
        let rate = dot(&vec![share; n], &problem.y);
        let mut state = Self {
            intercept: (rate / (1.0 - rate)).ln(),
            beta: vec![0.0; p],
            residual: problem.y.iter().map(|y| share * (y - rate)).collect(),
            weight: vec![share * rate * (1.0 - rate); n],
            total: rate * (1.0 - rate),
            probability: vec![rate; n],
            gradient: vec![0.0; p],
            is_strong: vec![false; p],
            strong: Vec::new(),
            is_active: vec![false; p],
            active: Vec::new(),
            curvature: vec![0.0; p],
            weighted: vec![0.0; n * p],
            sweeps: 0,
        };
        state.refresh_gradient(problem);
        state
    }

    /// Solve for one penalty, from the estimate of the one before.
    pub(super) fn solve(&mut self, problem: &Problem, target: &Target<'_>) -> End {
        self.admit(problem, target.alpha * (2.0 * target.lambda - target.previous));
        loop {
            let saved = (self.intercept, self.active.iter().map(|&j| self.beta[j]).collect::<Vec<f64>>());
            for &j in &self.strong {
                let column = problem.column(j);
                self.curvature[j] = dot3(column, column, &self.weight);
            }
            for &j in &self.active {
                weigh(&mut self.weighted, problem, &self.weight, j);
            }
            if self.weighted_least_squares(problem, target) == End::Exhausted {
                return End::Exhausted;
            }
            self.reweight(problem, (1.0 / EDGE - 1.0).ln());
            if self.is_saturated() {
                return End::Saturated;
            }
            let moved = |j: usize, before: f64| self.curvature[j] * (self.beta[j] - before).powi(2) > target.tolerance;
            let before = saved.1.iter().copied().chain(std::iter::repeat(0.0));
            if self.total * (self.intercept - saved.0).powi(2) > target.tolerance
                || self.active.iter().zip(before).any(|(&j, before)| moved(j, before))
            {
                continue;
            }
            self.refresh_gradient(problem);
            if !self.admit(problem, target.alpha * target.lambda) {
                return End::Settled;
            }
        }
    }

    /// Take columns with a gradient above `bound` into the strong set; whether any was.
    pub(super) fn admit(&mut self, problem: &Problem, bound: f64) -> bool {
        let before = self.strong.len();
        for &j in &problem.usable {
            if !self.is_strong[j] && self.gradient[j] > bound {
                self.is_strong[j] = true;
                self.strong.push(j);
            }
        }
        self.strong.sort_unstable();
        self.strong.len() > before
    }

    /// A sweep over the strong set, then sweeps over the ever-active columns until they settle, and again, until a sweep
    /// over the strong set changes nothing.
    fn weighted_least_squares(&mut self, problem: &Problem, target: &Target<'_>) -> End {
        loop {
            if self.is_exhausted(target) {
                return End::Exhausted;
            }
            let strong = std::mem::take(&mut self.strong);
            let change = self.sweep(problem, target, &strong);
            self.strong = strong;
            if change < target.tolerance {
                return End::Settled;
            }
            loop {
                if self.is_exhausted(target) {
                    return End::Exhausted;
                }
                let active = std::mem::take(&mut self.active);
                let change = self.sweep(problem, target, &active);
                self.active = active;
                if change < target.tolerance {
                    break;
                }
            }
        }
    }

    /// Whether the sweeps have run out before another begins, as glmnet asks, after one more than its `maxit`, or the task was
    /// cancelled; else counts it.
    fn is_exhausted(&mut self, target: &Target<'_>) -> bool {
        let cancelled = || self.sweeps.is_multiple_of(ASKED) && target.task.check().is_err();
        let over = self.sweeps > target.max_sweeps || cancelled();
        self.sweeps += usize::from(!over);
        over
    }

    /// Update each of `columns` and the intercept once; the largest change of the objective. The residuals take a column's
    /// change while the next column is multiplied with them, which is the same sums in the same order.
    fn sweep(&mut self, problem: &Problem, target: &Target<'_>, columns: &[usize]) -> f64 {
        let (soft, ridge) = (target.lambda * target.alpha, target.lambda * (1.0 - target.alpha));
        let of = |j: usize| j * problem.n..(j + 1) * problem.n;
        let mut largest: f64 = 0.0;
        let mut due: Option<(f64, usize)> = None;
        for &j in columns {
            let column = problem.column(j);
            let (old, curvature) = (self.beta[j], self.curvature[j]);
            let product = match due.take() {
                Some((step, before)) => less_dot(&mut self.residual, step, &self.weighted[of(before)], column),
                None => dot(&self.residual, column),
            };
            let pull = product + curvature * old;
            let rest = pull.abs() - soft;
            let new = if rest > 0.0 { rest.copysign(pull) / (curvature + ridge) } else { 0.0 };
            if new == old {
                continue;
            }
            if !self.is_active[j] {
                self.is_active[j] = true;
                self.active.push(j);
                weigh(&mut self.weighted, problem, &self.weight, j);
            }
            self.beta[j] = new;
            let step = new - old;
            largest = largest.max(curvature * step * step);
            due = Some((step, j));
        }
        if let Some((step, before)) = due {
            self.residual.iter_mut().zip(&self.weighted[of(before)]).for_each(|(r, vx)| *r -= step * vx);
        }
        let step = sum(&self.residual) / self.total;
        if step != 0.0 {
            self.intercept += step;
            largest = largest.max(self.total * step * step);
            self.residual.iter_mut().zip(&self.weight).for_each(|(r, v)| *r -= step * v);
        }
        largest
    }

    /// Probabilities, weights and residuals at the present estimate; linear predictors beyond `limit` give 0 or 1.
    pub(super) fn reweight(&mut self, problem: &Problem, limit: f64) {
        let share = 1.0 / problem.n as f64;
        let mut linear = vec![self.intercept; problem.n];
        for &j in &self.active {
            let beta = self.beta[j];
            linear.iter_mut().zip(problem.column(j)).for_each(|(l, x)| *l += beta * x);
        }
        for (i, eta) in linear.into_iter().enumerate() {
            let q = if eta < -limit {
                0.0
            } else if eta > limit {
                1.0
            } else {
                1.0 / (1.0 + (-eta).exp())
            };
            self.probability[i] = q;
            self.weight[i] = share * q * (1.0 - q);
            self.residual[i] = share * (problem.y[i] - q);
        }
        self.total = sum(&self.weight);
    }

    /// Whether all fitted probabilities are at 0 or 1.
    pub(super) fn is_saturated(&self) -> bool {
        self.total <= (1.0 + EDGE) * EDGE * (1.0 - EDGE)
    }

    pub(super) fn refresh_gradient(&mut self, problem: &Problem) {
        for &j in &problem.usable {
            if !self.is_strong[j] {
                self.gradient[j] = dot(&self.residual, problem.column(j)).abs();
            }
        }
    }
}

/// Weight x column j.
fn weigh(weighted: &mut [f64], problem: &Problem, weight: &[f64], j: usize) {
    let to = &mut weighted[j * problem.n..(j + 1) * problem.n];
    to.iter_mut().zip(weight).zip(problem.column(j)).for_each(|((to, v), x)| *to = v * x);
}
