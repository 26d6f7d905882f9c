//! The deviance of a model without the model: the iterations of [`logistic::fit`] on the normal equations, over the distinct
//! patients.
//!
//! Start, steps and stop are R's, so the deviance is too, also where the outcome is separated and there is no maximum. What
//! differs is rounding; where that might count the answer is [`Tried::Doubtful`], and the caller fits by QR.

use std::collections::HashMap;

use ndarray::ArrayView2;

use crate::num::gram::{self, TILE};
use crate::stats::logistic::{self, inverse_logit, slope};

/// A pivot below this part of its diagonal entry, a column of which the others leave the root of it, makes a doubt.
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

/// The patients, those with equal values and outcome as one.
pub(super) struct Distinct {
    outcome: Vec<f64>,
    copies: Vec<f64>,
    /// Their values about the mean of each column.
    values: Vec<Vec<f64>>,
}

/// Where the iterations are.
struct State {
    linear: Vec<f64>,
    probability: Vec<f64>,
    /// d probability / d linear.
    slope: Vec<f64>,
    weight: Vec<f64>,
}

impl Distinct {
    pub(super) fn new(x: ArrayView2<'_, f64>, outcome: &[bool]) -> Self {
        let mut seen: HashMap<(bool, Vec<u64>), usize> = HashMap::new();
        let mean: Vec<f64> = x.columns().into_iter().map(|c| c.sum() / x.nrows() as f64).collect();
        let mut distinct = Self { outcome: Vec::new(), copies: Vec::new(), values: Vec::new() };
        for (row, y) in x.rows().into_iter().zip(outcome) {
            let bits = row.iter().map(|v| v.to_bits()).collect();
            let at = *seen.entry((*y, bits)).or_insert(distinct.copies.len());
            if at == distinct.copies.len() {
                distinct.outcome.push(f64::from(u8::from(*y)));
                distinct.copies.push(0.0);
                distinct.values.push(row.iter().zip(&mean).map(|(v, m)| v - m).collect());
            }
            distinct.copies[at] += 1.0;
        }
        distinct
    }

    /// The deviance of an intercept and these columns, or that it is above `bound`.
    pub(super) fn deviance(&self, columns: &[usize], options: logistic::Options, bound: f64) -> Tried {
        if bound < 0.0 {
            return Tried::Above;
        }
        let width = (1 + columns.len()).next_multiple_of(TILE);
        let rows = self.design(columns, width);
        let mut coef = vec![0.0; width];
        let start = self.outcome.iter().map(|y| (y + 0.5) / 2.0);
        let mut state = State::at(start.map(|p| (p / (1.0 - p)).ln()).collect());
        let mut deviance = self.sum(&state.probability);
        // The start is of no model; from the second iteration on steps are taken from `coef`.
        let mut offset = state.linear.clone();
        for iteration in 0..options.max_iterations {
            let Some(step) = self.step(&rows, columns.len() + 1, &state, &offset) else { return Tried::Doubtful };
            coef.iter_mut().zip(&step).for_each(|(b, s)| *b += s);
            offset.fill(0.0);
            let linear: Vec<f64> = rows.chunks_exact(width).map(|row| gram::product(row, &coef)).collect();
            if bound.is_finite() && self.least(&state, &linear) > bound {
                return Tried::Above;
            }
            state = State::at(linear);
            let last = std::mem::replace(&mut deviance, self.sum(&state.probability));
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

    /// Row by row 1 and the values of the columns, padded with zeros to `width`.
    fn design(&self, columns: &[usize], width: usize) -> Vec<f64> {
        let mut rows = vec![0.0; self.values.len() * width];
        for (row, values) in rows.chunks_exact_mut(width).zip(&self.values) {
            row[0] = 1.0;
            row[1..].iter_mut().zip(columns).for_each(|(to, &j)| *to = values[j]);
        }
        rows
    }

    /// The change of the coefficients; none where the columns all but depend on each other under these weights.
    fn step(&self, rows: &[f64], count: usize, at: &State, offset: &[f64]) -> Option<Vec<f64>> {
        let width = rows.len() / self.outcome.len();
        let weight: Vec<f64> = at.weight.iter().zip(&self.copies).map(|(w, c)| w * c).collect();
        let mut pull = vec![0.0; width];
        for (i, row) in rows.chunks_exact(width).enumerate() {
            let residual = weight[i] * (offset[i] + (self.outcome[i] - at.probability[i]) / at.slope[i]);
            pull.iter_mut().zip(row).for_each(|(p, x)| *p += residual * x);
        }
        let mut products = gram::weighted(rows, &weight);
        gram::eliminate(&mut products, &mut pull, count, DEPENDENT).then_some(pull)
    }

    /// What the deviance of every model of the same columns is at least; 0 where nothing is known.
    ///
    /// Any q in [0, 1] for which outcome - q is orthogonal to the columns has twice its entropy below all of them (the dual
    /// problem). Working residuals are orthogonal, so each step offers such a q, nearer and nearer to the best one.
    fn least(&self, before: &State, linear: &[f64]) -> f64 {
        let inside = |q: f64| if q > 0.0 { -q * q.ln() } else { 0.0 };
        let mut entropy = 0.0;
        for (i, (linear, copies)) in linear.iter().zip(&self.copies).enumerate() {
            let q = before.probability[i] + before.weight[i] * (linear - before.linear[i]);
            if !(0.0..=1.0).contains(&q) {
                return 0.0;
            }
            entropy += copies * (inside(q) + inside(1.0 - q));
        }
        2.0 * entropy
    }

    fn sum(&self, probability: &[f64]) -> f64 {
        let of = |((y, p), copies): ((&f64, &f64), &f64)| {
            let observed = if *y > 0.5 { *p } else { 1.0 - p };
            copies * 2.0 * (1.0 / observed).ln()
        };
        self.outcome.iter().zip(probability).zip(&self.copies).map(of).sum()
    }
}

impl State {
    fn at(linear: Vec<f64>) -> Self {
        let probability: Vec<f64> = linear.iter().map(|&eta| inverse_logit(eta)).collect();
        let slope: Vec<f64> = linear.iter().map(|&eta| slope(eta)).collect();
        let weight = slope.iter().zip(&probability).map(|(d, p)| d * d / (p * (1.0 - p))).collect();
        Self { linear, probability, slope, weight }
    }
}
