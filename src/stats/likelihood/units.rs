//! Columns in units of their spreads: what is searched for then has the size of one, whatever the variable was measured in, and
//! steps and ends of a search mean the same for all. Where the likelihood is penalised they are about their means, since a
//! determinant has no digits far from them. The plain one is searched by QR, which bears an origin afar; and where its outcome is
//! separated the columns must depend on each other exactly as they do, so that nothing is taken off them.

use ndarray::{Array2, ArrayView2, Axis};

use super::{Likelihood, Maximum};
use crate::num::{dense, summary};
use crate::stats::logistic::LikelihoodRatio;

/// The mean of each column, or 0, and its unit.
struct Units {
    centre: Vec<f64>,
    unit: Vec<f64>,
}

impl Units {
    /// The units of the columns of `x`, none of which is constant.
    fn of(x: ArrayView2<'_, f64>, about_means: bool) -> Self {
        let columns = || x.columns().into_iter().map(|c| c.to_vec());
        Self {
            centre: columns().map(|c| if about_means { summary::mean(&c) } else { 0.0 }).collect(),
            // A power of two takes no digit away.
            unit: columns().map(|c| summary::sd(&c).log2().round().exp2()).collect(),
        }
    }

    /// A column of ones, and the columns of `x` in these units.
    fn measured(&self, x: ArrayView2<'_, f64>) -> Vec<Vec<f64>> {
        let units = self.centre.iter().zip(&self.unit);
        let columns = x.columns().into_iter().zip(units).map(|(c, (m, u))| c.iter().map(|v| (v - m) / u).collect());
        std::iter::once(vec![1.0; x.nrows()]).chain(columns).collect()
    }

    /// What coefficient `j`, 0 the intercept, is multiplied by to be that of the columns in these units.
    fn factor(&self, j: usize) -> f64 {
        if j == 0 { 1.0 } else { self.unit[j - 1] }
    }

    /// Coefficients, the intercept's first, of the columns as they are, for the columns in these units.
    fn rescaled(&self, coef: &[f64]) -> Vec<f64> {
        let moved: f64 = coef[1..].iter().zip(&self.centre).map(|(b, c)| b * c).sum();
        let mut coef: Vec<f64> = coef.iter().enumerate().map(|(j, b)| b * self.factor(j)).collect();
        coef[0] += moved;
        coef
    }

    /// The way back.
    fn back(&self, coef: &[f64]) -> Vec<f64> {
        let mut coef: Vec<f64> = coef.iter().enumerate().map(|(j, b)| b / self.factor(j)).collect();
        coef[0] -= coef[1..].iter().zip(&self.centre).map(|(b, c)| b * c).sum::<f64>();
        coef
    }

    /// The covariance of [`Self::back`]'s coefficients from that of its argument's.
    fn covariance(&self, of: &Array2<f64>) -> Array2<f64> {
        let rows = |m: &Array2<f64>| {
            let mut back = m.clone();
            back.axis_iter_mut(Axis(1)).for_each(|mut c| {
                let moved = self.back(&c.to_vec());
                c.iter_mut().zip(moved).for_each(|(to, v)| *to = v);
            });
            back
        };
        rows(&rows(of).t().to_owned())
    }

    /// What half the logarithm of the information's determinant is larger by for the columns as they are.
    fn determinant(&self) -> f64 {
        self.unit.iter().map(|u| u.ln()).sum()
    }

    /// The intercept of the columns as they are, (1, -mean / unit, ...) times the coefficients in these units: the length of that
    /// vector, and the mirror that takes its direction to the first coefficient's (Householder).
    fn intercept(&self) -> (f64, impl Fn(&[f64]) -> Vec<f64>) {
        let mut normal: Vec<f64> = self.centre.iter().zip(&self.unit).map(|(c, u)| c / u).collect();
        let length = (1.0 + dense::dot(&normal, &normal)).sqrt();
        normal.iter_mut().for_each(|v| *v /= length);
        // The first coordinate, 1 - 1/length, by way of the others, which keep its digits where they are small.
        let rest = dense::dot(&normal, &normal);
        normal.insert(0, rest / (1.0 + 1.0 / length));
        let square = dense::dot(&normal, &normal);
        let mirror = move |row: &[f64]| {
            let along = if square > 0.0 { 2.0 * dense::dot(row, &normal) / square } else { 0.0 };
            row.iter().zip(&normal).map(|(v, n)| v - along * n).collect()
        };
        (length, mirror)
    }
}

/// A likelihood of columns in their units, and its maximum. What goes in and comes out is of the columns as they are.
pub(in crate::stats) struct Measured {
    units: Units,
    outcome: Vec<bool>,
    likelihood: Likelihood,
    best: Maximum,
}

impl Measured {
    /// The maximum from `start`; none where the search does not end in one.
    pub(in crate::stats) fn maximum(
        x: ArrayView2<'_, f64>,
        outcome: &[bool],
        penalised: bool,
        start: &[f64],
    ) -> Option<Self> {
        let units = Units::of(x, penalised);
        let likelihood = Likelihood::new(units.measured(x), outcome, penalised);
        let best = likelihood.maximum(&units.rescaled(start), &[]).filter(|m| m.converged)?;
        Some(Self { units, outcome: outcome.to_vec(), likelihood, best })
    }

    pub(in crate::stats) fn coef(&self) -> Vec<f64> {
        self.units.back(&self.best.coef)
    }

    /// (X'WX)^-1; none where the information is singular.
    pub(in crate::stats) fn covariance(&self) -> Option<Array2<f64>> {
        Some(self.units.covariance(&self.likelihood.covariance(&self.best.coef)?))
    }

    /// The largest log likelihood: with the penalty, where there is one, and without it.
    pub(in crate::stats) fn values(&self) -> (f64, f64) {
        let moved = if self.likelihood.penalised { self.units.determinant() } else { 0.0 };
        (self.best.value + moved, self.best.plain)
    }

    pub(in crate::stats) fn iterations(&self) -> usize {
        self.best.iterations
    }

    /// The likelihood ratio test that these slopes are 0; of none of them p is NaN.
    pub(in crate::stats) fn test(&self, zero: &[usize]) -> Option<LikelihoodRatio> {
        self.likelihood.test(&self.best, zero)
    }

    /// The same of the intercept.
    pub(in crate::stats) fn test_of_intercept(&self) -> Option<LikelihoodRatio> {
        let (_, likelihood, best) = self.mirrored()?;
        likelihood.test(&best, &[0])
    }

    /// Profile limits of coefficient `j`, as [`Likelihood::limits`].
    pub(in crate::stats) fn limits(&self, j: usize, level: f64, endless: bool) -> (f64, f64) {
        let (factor, (lower, upper)) = match j {
            // The plain one's columns are about zero as they stand.
            0 if self.likelihood.penalised => match self.mirrored() {
                Some((length, likelihood, best)) => (1.0 / length, likelihood.limits(&best, 0, level, endless)),
                None => (1.0, (f64::NAN, f64::NAN)),
            },
            _ => (self.units.factor(j), self.likelihood.limits(&self.best, j, level, endless)),
        };
        (lower / factor, upper / factor)
    }

    /// The likelihood with the intercept of the columns as they are, divided by the length that comes first, for its first
    /// coefficient, and the maximum. A mirror changes neither the conditioning nor the determinant.
    fn mirrored(&self) -> Option<(f64, Likelihood, Maximum)> {
        let (length, mirror) = self.units.intercept();
        let columns = &self.likelihood.columns;
        let mut turned = vec![Vec::with_capacity(self.outcome.len()); columns.len()];
        for i in 0..self.outcome.len() {
            let row: Vec<f64> = columns.iter().map(|c| c[i]).collect();
            turned.iter_mut().zip(mirror(&row)).for_each(|(column, v)| column.push(v));
        }
        let likelihood = Likelihood::new(turned, &self.outcome, self.likelihood.penalised);
        let best = likelihood.maximum(&mirror(&self.best.coef), &[]).filter(|m| m.converged)?;
        Some((length, likelihood, best))
    }
}
