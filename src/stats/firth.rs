//! Firth's penalised logistic regression (Heinze and Schemper 2002): finite where the outcome is separated.
//!
//! Maximises log likelihood + 0.5 log det(X'WX). Standard errors are of the inverse information at the estimate, as those of R's
//! `brglm2`; logistf since 1.24 takes the information of the data that it augments, and its are smaller. Limits and p-values are
//! of the penalised profile likelihood, as logistf's where it reaches the maximum and follows the highest peak of the profile.

use ndarray::{Array2, ArrayView2, Axis};
use rayon::prelude::*;

use super::likelihood::Measured;
use super::logistic::{self, Fit, LikelihoodRatio};
use crate::error::{Error, Result};

/// A penalised fit. Vectors by coefficient begin with the intercept; an aliased column has NaN in each.
#[derive(Clone, Debug)]
pub struct Firth {
    /// Estimates as of [`logistic::Fit`]; its p-values are of the penalised likelihood ratio.
    pub fit: Fit,
    /// Penalised likelihood ratio chi-square of each coefficient, on one degree of freedom.
    pub chi2: Vec<f64>,
    /// Penalised profile limits.
    pub limits: Vec<(f64, f64)>,
    /// The test that no column has an effect.
    pub overall: LikelihoodRatio,
    /// The largest penalised log likelihood, and the plain one there.
    pub penalised: f64,
    pub plain: f64,
}

/// Fit the outcome by an intercept and the columns of `x`, with limits at `level` (0.95).
///
/// # Errors
/// Those of [`logistic::fit`]; `Undefined` where no maximum is found.
pub fn fit(x: ArrayView2<'_, f64>, outcome: &[bool], level: f64) -> Result<Firth> {
    let Found { plain, used, best } = find(x, outcome)?;
    let covariance = best.covariance().ok_or_else(not_found)?;
    // Where each coefficient stands among all columns.
    let places: Vec<usize> = std::iter::once(0).chain(used.iter().map(|j| j + 1)).collect();
    let count = x.ncols() + 1;
    let spread = |values: Vec<f64>| {
        let mut all = vec![f64::NAN; count];
        places.iter().zip(values).for_each(|(at, v)| all[*at] = v);
        all
    };
    let test = |j: usize| if j == 0 { best.test_of_intercept() } else { best.test(&[j]) };
    let tests: Vec<LikelihoodRatio> =
        (0..places.len()).into_par_iter().map(|j| test(j).ok_or_else(not_found)).collect::<Result<_>>()?;
    let slopes: Vec<usize> = (1..places.len()).collect();
    let overall = best.test(&slopes).ok_or_else(not_found)?;
    let limit = |j: usize| best.limits(j, level, false);
    let (lower, upper) = (0..places.len()).into_par_iter().map(limit).unzip();
    let (penalised, without) = best.values();
    Ok(Firth {
        fit: summary(x, &plain, &best, &covariance, &places, spread(tests.iter().map(|t| t.p).collect())),
        chi2: spread(tests.iter().map(|t| t.chi2).collect()),
        limits: spread(lower).into_iter().zip(spread(upper)).collect(),
        overall,
        penalised,
        plain: without,
    })
}

/// The penalised likelihood ratio tests that groups of columns have no effect, each group held at 0 with the penalty of all
/// columns, as logistf's `logistftest`. Where columns depend on each other a group has the degrees of freedom that it adds to
/// the others, as in R's `drop1`; chi-square 0 and p NaN where these are none.
///
/// # Errors
/// Those of [`fit`].
pub fn tests(x: ArrayView2<'_, f64>, outcome: &[bool], groups: &[Vec<usize>]) -> Result<Vec<LikelihoodRatio>> {
    let Found { used, best, .. } = find(x, outcome)?;
    let whole = used.len() == x.ncols();
    let test = |group: &Vec<usize>| {
        if whole {
            let places: Vec<usize> = group.iter().map(|j| j + 1).collect();
            return best.test(&places).ok_or_else(not_found);
        }
        // The others first: a dependent column is then one of the group, and the columns left say what the group adds.
        let mut order: Vec<usize> = (0..x.ncols()).filter(|j| !group.contains(j)).collect();
        let others = order.len();
        order.extend(group);
        let Found { used, best, .. } = find(x.select(Axis(1), &order).view(), outcome)?;
        let places: Vec<usize> = (0..used.len()).filter(|k| used[*k] >= others).map(|k| k + 1).collect();
        best.test(&places).ok_or_else(not_found)
    };
    groups.par_iter().map(test).collect()
}

/// The estimates alone, the intercept's first; NaN of an aliased column.
///
/// # Errors
/// Those of [`fit`].
pub fn coefficients(x: ArrayView2<'_, f64>, outcome: &[bool]) -> Result<Vec<f64>> {
    let Found { used, best, .. } = find(x, outcome)?;
    let mut coef = vec![f64::NAN; x.ncols() + 1];
    std::iter::once(0).chain(used.iter().map(|j| j + 1)).zip(best.coef()).for_each(|(at, b)| coef[at] = b);
    Ok(coef)
}

/// The penalised maximum on the columns that are not aliased.
struct Found {
    plain: Fit,
    used: Vec<usize>,
    best: Measured,
}

/// From the rate of cases alone.
fn find(x: ArrayView2<'_, f64>, outcome: &[bool]) -> Result<Found> {
    let plain = logistic::fit(x, outcome, logistic::Options::default())?;
    let used: Vec<usize> = (0..x.ncols()).filter(|j| !plain.aliased.contains(j)).collect();
    let rate = outcome.iter().filter(|y| **y).count() as f64 / outcome.len() as f64;
    let mut start = vec![0.0; used.len() + 1];
    start[0] = (rate / (1.0 - rate)).ln();
    let best = Measured::maximum(x.select(Axis(1), &used).view(), outcome, true, &start).ok_or_else(not_found)?;
    Ok(Found { plain, used, best })
}

fn not_found() -> Error {
    let why = "the maximum of the penalised likelihood was not found; leave out a variable that others almost tell";
    Error::Undefined { what: "Firth's fit".into(), why: why.into() }
}

fn summary(
    x: ArrayView2<'_, f64>,
    plain: &Fit,
    best: &Measured,
    covariance: &Array2<f64>,
    places: &[usize],
    p: Vec<f64>,
) -> Fit {
    let count = x.ncols() + 1;
    let mut coef = vec![f64::NAN; count];
    let mut vcov = Array2::from_elem((count, count), f64::NAN);
    let found = best.coef();
    for (a, at) in places.iter().enumerate() {
        coef[*at] = found[a];
        places.iter().enumerate().for_each(|(b, to)| vcov[[*at, *to]] = covariance[[a, b]]);
    }
    let se: Vec<f64> = vcov.diag().iter().map(|v: &f64| v.sqrt()).collect();
    let term = |row: ndarray::ArrayView1<'_, f64>| {
        let known = row.iter().zip(&coef[1..]).filter(|(_, b)| !b.is_nan());
        coef[0] + known.map(|(x, b)| x * b).sum::<f64>()
    };
    let linear: Vec<f64> = x.rows().into_iter().map(term).collect();
    let deviance = -2.0 * best.values().1;
    let rank = places.len();
    Fit {
        z: coef.iter().zip(&se).map(|(b, s)| b / s).collect(),
        p,
        fitted: linear.iter().map(|l| logistic::inverse_logit(*l)).collect(),
        linear,
        deviance,
        aic: deviance + 2.0 * rank as f64,
        bic: deviance + rank as f64 * (x.nrows() as f64).ln(),
        iterations: best.iterations(),
        converged: true,
        extreme: false,
        separated: None,
        coef,
        se,
        vcov,
        ..plain.clone()
    }
}

/// Profile limits of a fit by maximum likelihood (not Firth's) at `level`, of each coefficient; NaN for an aliased column,
/// infinite where the likelihood has no end on that side, as with separation. A separated outcome takes only those limits away
/// that do not exist: all others are where the profile, whose other coefficients may grow without end, falls by its quantile.
///
/// # Errors
/// `Undefined` where the maximum cannot be found again.
pub fn profile(x: ArrayView2<'_, f64>, outcome: &[bool], fit: &Fit, level: f64) -> Result<Vec<(f64, f64)>> {
    let used: Vec<usize> = (0..x.ncols()).filter(|j| !fit.aliased.contains(j)).collect();
    let start: Vec<f64> = fit.coef.iter().copied().filter(|b| !b.is_nan()).collect();
    let why = "the likelihood has no maximum that can be found; `--fit firth` has one";
    let lost = || Error::Undefined { what: "the profile likelihood".into(), why: why.into() };
    let best = Measured::maximum(x.select(Axis(1), &used).view(), outcome, false, &start).ok_or_else(lost)?;
    let places: Vec<usize> = std::iter::once(0).chain(used.iter().map(|j| j + 1)).collect();
    let limit = |(j, at): (usize, &usize)| {
        let endless = fit.separated.as_ref().is_some_and(|s| s.is_infinite(*at));
        best.limits(j, level, endless)
    };
    let found: Vec<(f64, f64)> = places.par_iter().enumerate().map(limit).collect();
    let mut limits = vec![(f64::NAN, f64::NAN); x.ncols() + 1];
    places.iter().zip(found).for_each(|(at, pair)| limits[*at] = pair);
    Ok(limits)
}
