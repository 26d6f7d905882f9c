//! One penalty, settled: Newton steps on the columns that are in, each step's quadratic problem solved exactly.
//!
//! The minimum is unique (but for columns that depend on each other), so the way there is free: not glmnet's sweeps but a
//! Cholesky factor, and steps halved where the objective would rise. A penalty is settled when no condition of the
//! minimum is missed by more than [`NEAR`] of the penalty.

use super::descent::{End, Problem, State, Target};
use super::quadratic;
use crate::num::dense::dot;
use crate::num::gram::{self, product};

/// The largest miss of a condition that counts as none, as a part of the penalty.
const NEAR: f64 = 1e-10;
/// Below this a miss is rounding, however small the penalty.
const ROUNDING: f64 = 1e-15;
/// Newton steps after which a penalty is given up; ten are many.
const STEPS: usize = 200;

impl State {
    /// Solve for one penalty, from the estimate of the one before. Columns are taken in when their condition is missed, first
    /// among those the strong rule foresees, then among all.
    pub(super) fn settle(&mut self, problem: &Problem, target: &Target<'_>) -> End {
        let soft = target.lambda * target.alpha;
        let near = (NEAR * target.lambda).max(ROUNDING);
        let left: Vec<usize> = self.active.iter().copied().filter(|&j| self.beta[j] == 0.0).collect();
        left.iter().for_each(|&j| self.is_active[j] = false);
        self.active.retain(|&j| self.beta[j] != 0.0);
        self.admit(problem, target.alpha * (2.0 * target.lambda - target.previous));
        loop {
            for step in 0.. {
                if self.miss(problem, target) <= near {
                    break;
                }
                if step == STEPS {
                    return End::Exhausted;
                }
                self.newton(problem, target);
                self.sweeps += 1;
                if self.is_saturated() {
                    return End::Saturated;
                }
            }
            let misses = |j: usize, r: &[f64]| dot(r, problem.column(j)).abs() > soft + near;
            let mut new: Vec<usize> = self.strong.clone();
            new.retain(|&j| !self.is_active[j] && misses(j, &self.residual));
            if new.is_empty() {
                self.refresh_gradient(problem);
                if !self.admit(problem, soft + near) {
                    return End::Settled;
                }
                continue;
            }
            new.iter().for_each(|&j| self.is_active[j] = true);
            self.active.extend(new);
        }
    }

    /// The largest miss of a condition among the intercept and the columns that are in.
    fn miss(&self, problem: &Problem, target: &Target<'_>) -> f64 {
        let (soft, ridge) = (target.lambda * target.alpha, target.lambda * (1.0 - target.alpha));
        let of = |&j: &usize| {
            let (gradient, beta) = (dot(&self.residual, problem.column(j)), self.beta[j]);
            if beta == 0.0 { gradient.abs() - soft } else { (gradient - ridge * beta - soft.copysign(beta)).abs() }
        };
        let intercept = self.residual.iter().sum::<f64>().abs();
        self.active.iter().map(of).fold(intercept, f64::max)
    }

    /// One step to the minimum of the quadratic approximation, as far as it lowers the objective.
    fn newton(&mut self, problem: &Problem, target: &Target<'_>) {
        let (soft, ridge) = (target.lambda * target.alpha, target.lambda * (1.0 - target.alpha));
        let (n, m) = (problem.n, self.active.len());
        let stride = n.next_multiple_of(gram::LANES);
        let root: Vec<f64> = self.weight.iter().map(|v| v.sqrt()).collect();
        let surplus: f64 = self.residual.iter().sum();
        let mut scaled = vec![0.0; m * stride];
        let mut mean = vec![0.0; m];
        let mut pull = vec![0.0; m];
        for ((&j, to), (mean, pull)) in
            self.active.iter().zip(scaled.chunks_exact_mut(stride)).zip(mean.iter_mut().zip(&mut pull))
        {
            let column = problem.column(j);
            *mean = dot(&self.weight, column) / self.total;
            *pull = dot(&self.residual, column) - *mean * surplus;
            to.iter_mut().zip(column).zip(&root).for_each(|((to, x), root)| *to = root * (x - *mean));
        }
        let gram = gram::products(&scaled, stride, m);
        let before: Vec<f64> = self.active.iter().map(|&j| self.beta[j]).collect();
        for (pull, row) in pull.iter_mut().zip(gram.chunks_exact(m.max(1))) {
            *pull += product(row, &before);
        }
        let mut beta = before.clone();
        quadratic::minimise(&gram, &pull, soft, ridge, &mut beta);
        let tilt: f64 = mean.iter().zip(beta.iter().zip(&before)).map(|(mean, (b, a))| mean * (b - a)).sum();
        self.descend(problem, target, &before, &beta, surplus / self.total - tilt);
    }

    /// Take the step, or the first of its halves that does not raise the objective.
    fn descend(&mut self, problem: &Problem, target: &Target<'_>, before: &[f64], after: &[f64], intercept: f64) {
        const HALVES: i32 = 30;
        let start = self.intercept;
        let allowed = self.objective(problem, target);
        let allowed = allowed + 1e-13 * allowed.abs();
        for half in 0..=HALVES {
            let share = 0.5_f64.powi(half);
            self.intercept = start + share * intercept;
            for (&j, (a, b)) in self.active.iter().zip(before.iter().zip(after)) {
                self.beta[j] = if half == 0 { *b } else { a + share * (b - a) };
            }
            self.reweight(problem, f64::INFINITY);
            if self.objective(problem, target) <= allowed {
                return;
            }
        }
    }

    /// Half the deviance of an observation on average, and the penalty.
    fn objective(&self, problem: &Problem, target: &Target<'_>) -> f64 {
        let penalty = |&j: &usize| {
            let b = self.beta[j];
            target.alpha * b.abs() + 0.5 * (1.0 - target.alpha) * b * b
        };
        let loss = |(y, q): (&f64, &f64)| -(if *y > 0.5 { *q } else { 1.0 - q }).ln();
        let fit = problem.y.iter().zip(&self.probability).map(loss).sum::<f64>() / problem.n as f64;
        fit + target.lambda * self.active.iter().map(penalty).sum::<f64>()
    }
}
