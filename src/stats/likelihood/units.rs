//! Columns about their means in units of their spreads: what is searched for then has the size of one, whatever the variable was
//! measured in, and steps and ends of a search mean the same for all.

use ndarray::{Array1, Array2, ArrayView2, Axis};

use super::{Likelihood, Maximum};
use crate::num::summary;
use crate::stats::logistic::LikelihoodRatio;

/// The mean of each column, or 0, and its unit.
struct Units {
    centre: Vec<f64>,
    unit: Vec<f64>,
}

impl Units {
    /// The units of the columns of `x`, none of which is constant.
    fn of(x: ArrayView2<'_, f64>) -> Self {
        let columns = || x.columns().into_iter().map(|c| c.to_vec());
        Self {
            centre: columns().map(|c| summary::mean(&c)).collect(),
            // A power of two takes no digit away.
            unit: columns().map(|c| summary::sd(&c).log2().round().exp2()).collect(),
        }
    }

    /// The same units with no mean taken off: the intercept is then the one of the columns as they are.
    fn about_zero(&self) -> Self {
        Self { centre: vec![0.0; self.unit.len()], unit: self.unit.clone() }
    }

    fn is_about_means(&self) -> bool {
        self.centre.iter().any(|c| *c != 0.0)
    }

    /// The columns of `x` in these units.
    fn measured(&self, x: ArrayView2<'_, f64>) -> Array2<f64> {
        (&x - &Array1::from_vec(self.centre.clone())) / &Array1::from_vec(self.unit.clone())
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
}

/// A likelihood of columns in their units, and its maximum. What goes in and comes out is of the columns as they are.
pub(in crate::stats) struct Measured {
    x: Array2<f64>,
    outcome: Vec<bool>,
    units: Units,
    likelihood: Likelihood,
    best: Maximum,
}

impl Measured {
    /// The maximum from `start`; none where the search does not end in one.
    pub(in crate::stats) fn maximum(x: Array2<f64>, outcome: &[bool], penalised: bool, start: &[f64]) -> Option<Self> {
        let units = Units::of(x.view());
        Self::in_units(x, outcome.to_vec(), units, penalised, start)
    }

    fn in_units(x: Array2<f64>, outcome: Vec<bool>, units: Units, penalised: bool, start: &[f64]) -> Option<Self> {
        let likelihood = Likelihood::new(units.measured(x.view()).view(), &outcome, penalised);
        let best = likelihood.maximum(&units.rescaled(start), &[]).filter(|m| m.converged)?;
        Some(Self { x, outcome, units, likelihood, best })
    }

    /// The same where coefficient 0 is the intercept of the columns as they are, to be held by itself.
    fn about_zero(&self) -> Option<Self> {
        let (x, outcome) = (self.x.clone(), self.outcome.clone());
        Self::in_units(x, outcome, self.units.about_zero(), self.likelihood.penalised, &self.coef())
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

    /// The likelihood ratio test that these coefficients are 0; of none of them p is NaN.
    pub(in crate::stats) fn test(&self, zero: &[usize]) -> Option<LikelihoodRatio> {
        match zero.contains(&0) && self.units.is_about_means() {
            true => self.about_zero()?.test(zero),
            false => self.likelihood.test(&self.best, zero),
        }
    }

    /// Profile limits of coefficient `j`, as [`Likelihood::limits`].
    pub(in crate::stats) fn limits(&self, j: usize, level: f64, endless: bool) -> (f64, f64) {
        if j == 0 && self.units.is_about_means() {
            return self.about_zero().map_or((f64::NAN, f64::NAN), |zero| zero.limits(0, level, endless));
        }
        let (lower, upper) = self.likelihood.limits(&self.best, j, level, endless);
        (lower / self.units.factor(j), upper / self.units.factor(j))
    }
}
