//! The deviance of a model without the model: the iterations of [`logistic::fit`] on the normal equations, over the distinct
//! patients.
//!
//! Start, steps and stop are R's, so the deviance is too, also where the outcome is separated and there is no maximum. What
//! differs is rounding; where that might count the answer is [`Tried::Doubtful`], and the caller fits by QR.

use std::collections::HashMap;

use ndarray::ArrayView2;

use crate::num::gram::{self, LANES};
use crate::stats::logistic::{self, inverse_logit, slope};

/// A pivot below this part of its diagonal entry, a column whose norm is cut to its root by the others, makes a doubt.
const DEPENDENT: f64 = 1e-9;
/// A change of the deviance so near the bound that stops the iterations, as a part of it, makes a doubt.
const NEAR_STOP: f64 = 1e-3;
/// So does a deviance that rises by this part after the second iteration: the steps overshoot, and rounding grows.
const RISE: f64 = 1e-6;

/// What is known of a model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Tried {
    Deviance(f64),
    /// The deviance is above the bound.
    Above,
    Doubtful,
}

/// Patients with equal values and outcome are one row.
pub(super) struct Distinct {
    outcome: Vec<f64>,
    copies: Vec<f64>,
    /// The intercept, then the columns about their means, each padded with zeros to `stride`.
    columns: Vec<f64>,
    stride: usize,
}

impl Distinct {
    pub(super) fn new(x: ArrayView2<'_, f64>, outcome: &[bool]) -> Self {
        let mut seen: HashMap<(bool, Vec<u64>), usize> = HashMap::new();
        let (mut rows, mut copies) = (Vec::new(), Vec::new());
        for (i, (row, y)) in x.rows().into_iter().zip(outcome).enumerate() {
            let at = *seen.entry((*y, row.iter().map(|v| v.to_bits()).collect())).or_insert(rows.len());
            if at == rows.len() {
                rows.push(i);
                copies.push(0.0);
            }
            copies[at] += 1.0;
        }
        let stride = rows.len().next_multiple_of(LANES);
        let mut columns = vec![0.0; (1 + x.ncols()) * stride];
        columns[..rows.len()].fill(1.0);
        for (to, column) in columns.chunks_exact_mut(stride).skip(1).zip(x.columns()) {
            let mean = column.sum() / x.nrows() as f64;
            to.iter_mut().zip(&rows).for_each(|(to, &i)| *to = column[i] - mean);
        }
        let outcome = rows.iter().map(|&i| f64::from(u8::from(outcome[i]))).collect();
        Self { outcome, copies, columns, stride }
    }

    /// The deviance of an intercept and these columns, or that it is above `bound`.
    pub(super) fn deviance(&self, columns: &[usize], options: logistic::Options, bound: f64) -> Tried {
        if bound < 0.0 {
            return Tried::Above;
        }
        let x: Vec<&[f64]> = std::iter::once(0).chain(columns.iter().map(|j| j + 1)).map(|j| self.column(j)).collect();
        let mut coef = vec![0.0; x.len()];
        let mut probability: Vec<f64> = self.outcome.iter().map(|y| (y + 0.5) / 2.0).collect();
        // The start is of no model; from the second iteration on the linear predictor is that of `coef`.
        let mut linear: Vec<f64> = probability.iter().map(|p| (p / (1.0 - p)).ln()).collect();
        let mut offset = linear.clone();
        let mut deviance = self.sum(&probability);
        for iteration in 0..options.max_iterations {
            let weight: Vec<f64> =
                linear.iter().zip(&probability).map(|(&eta, p)| slope(eta) * slope(eta) / (p * (1.0 - p))).collect();
            let Some(step) = self.step(&x, &weight, &linear, &probability, &offset) else { return Tried::Doubtful };
            offset.fill(0.0);
            coef.iter_mut().zip(&step).for_each(|(b, s)| *b += s);
            let before = std::mem::replace(&mut linear, self.linear(&x, &coef));
            if bound.is_finite() && self.least(&probability, &weight, &before, &linear) > bound {
                return Tried::Above;
            }
            linear.iter().zip(&mut probability).for_each(|(&eta, p)| *p = inverse_logit(eta));
            let last = std::mem::replace(&mut deviance, self.sum(&probability));
            let change = (deviance - last).abs() / (deviance.abs() + 0.1) / options.epsilon;
            let rises = iteration > 1 && deviance > last * (1.0 + RISE);
            if rises || !deviance.is_finite() || (change - 1.0).abs() < NEAR_STOP {
                return Tried::Doubtful;
            }
            if change < 1.0 {
                break;
            }
        }
        Tried::Deviance(deviance)
    }

    /// The change of the coefficients; none where the columns all but depend on each other under these weights.
    fn step(
        &self,
        x: &[&[f64]],
        weight: &[f64],
        linear: &[f64],
        probability: &[f64],
        offset: &[f64],
    ) -> Option<Vec<f64>> {
        let n = self.outcome.len();
        let mut scaled = vec![0.0; x.len() * self.stride];
        let root: Vec<f64> = weight.iter().zip(&self.copies).map(|(w, c)| (w * c).sqrt()).collect();
        for (to, column) in scaled.chunks_exact_mut(self.stride).zip(x) {
            to.iter_mut().zip(*column).zip(&root).for_each(|((to, x), root)| *to = x * root);
        }
        let response = |i: usize| offset[i] + (self.outcome[i] - probability[i]) / slope(linear[i]);
        let residual: Vec<f64> = (0..n).map(|i| self.copies[i] * weight[i] * response(i)).collect();
        let products = gram::products(&scaled, self.stride, x.len());
        let pull = x.iter().map(|column| gram::product(&residual, &column[..n])).collect();
        gram::solve(|i, k| products[i * x.len() + k], pull, DEPENDENT)
    }

    /// What the deviance of every model of the same columns is at least; 0 where nothing is known.
    ///
    /// Any q in [0, 1] for which outcome - q is orthogonal to the columns has twice its entropy below all of them (the dual
    /// problem). Working residuals are orthogonal, so each iteration offers such a q, nearer and nearer to the best one.
    fn least(&self, probability: &[f64], weight: &[f64], before: &[f64], after: &[f64]) -> f64 {
        let mut entropy = 0.0;
        for i in 0..self.outcome.len() {
            let q = probability[i] + weight[i] * (after[i] - before[i]);
            if !(0.0..=1.0).contains(&q) {
                return 0.0;
            }
            let inside = |q: f64| if q > 0.0 { -q * q.ln() } else { 0.0 };
            entropy += self.copies[i] * (inside(q) + inside(1.0 - q));
        }
        2.0 * entropy
    }

    fn column(&self, j: usize) -> &[f64] {
        &self.columns[j * self.stride..(j + 1) * self.stride]
    }

    fn linear(&self, x: &[&[f64]], coef: &[f64]) -> Vec<f64> {
        let mut linear = vec![0.0; self.outcome.len()];
        for (b, column) in coef.iter().zip(x) {
            linear.iter_mut().zip(*column).for_each(|(l, x)| *l += b * x);
        }
        linear
    }

    fn sum(&self, probability: &[f64]) -> f64 {
        let of = |((y, p), copies): ((&f64, &f64), &f64)| {
            let observed = if *y > 0.5 { *p } else { 1.0 - p };
            copies * 2.0 * (1.0 / observed).ln()
        };
        self.outcome.iter().zip(probability).zip(&self.copies).map(of).sum()
    }
}
