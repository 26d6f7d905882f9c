//! Logistic regression by Newton's method with the stop rule of rms' `lrm`, and the indexes it prints.
//!
//! `lrm` stops early (see [`Options::epsilon`]), which shows in resampling: calibration and validation equal rms' only with
//! its rule, and a separated resample stays finite by it. To report coefficients use [`super::logistic`].

use ndarray::{Array2, ArrayView2};

use super::logistic::inverse_logit;
use crate::error::{Error, Result};
use crate::num::dense::{self, Qr};
use crate::num::{rank, summary, tails};

/// When to stop; the defaults are those of `lrm.fit`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// One more step is taken from the first deviance that lies within this of the one before. Under 1e-9 a deviance may rise by
    /// its rounding, and halved steps use the iterations up: so does `lrm.fit`.
    pub epsilon: f64,
    /// `lrm` counts its looks at the deviance, the one at the start, those after half a step and that at the end as well: it
    /// gives a fit up whose deviance has not settled by the last but one.
    pub max_iterations: usize,
    /// What [`dense::qr`] calls dependent in the information matrix. rms' `validate` and `calibrate` have values of their own
    /// in resamples.
    pub tolerance: f64,
}

impl Default for Options {
    fn default() -> Self {
        Self { epsilon: 0.025, max_iterations: 12, tolerance: 1e-7 }
    }
}

/// A fitted model; the intercept comes first.
#[derive(Clone, Debug, PartialEq)]
pub struct Lrm {
    pub coef: Vec<f64>,
    /// Inverse information at the coefficients; NaN where the fit did not converge.
    pub vcov: Array2<f64>,
    pub linear: Vec<f64>,
    pub deviance: f64,
    pub null_deviance: f64,
    /// False where `lrm` says that it did not converge and has no fit, as in a sample that is separated.
    pub converged: bool,
}

/// How well a linear predictor of logit P tells the outcome.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Indexes {
    /// Concordance: the area under the curve when cases are higher. (`lrm` bins probabilities by 1/5000 first.)
    pub c: f64,
    /// Somers' Dxy = 2C - 1.
    pub dxy: f64,
    /// Goodman and Kruskal's gamma, Kendall's tau-a.
    pub gamma: f64,
    pub tau_a: f64,
    pub brier: f64,
    /// Gini's mean difference of the linear predictor, and of the probability; exp(g) is rms' `gr`.
    pub g: f64,
    pub gp: f64,
}

/// Fit the outcome by an intercept and the columns of `x`, from the rate of cases alone. A step after which the deviance is
/// higher is halved until it is not.
///
/// # Errors
/// `Undefined` when a class is empty or the information matrix is singular.
pub fn fit(x: ArrayView2<'_, f64>, outcome: &[bool], options: Options) -> Result<Lrm> {
    let rate = outcome.iter().filter(|y| **y).count() as f64 / outcome.len() as f64;
    if !(rate > 0.0 && rate < 1.0) {
        return Err(Error::Undefined { what: "logistic regression".into(), why: "all outcomes are equal".into() });
    }
    let mut columns = vec![vec![1.0; outcome.len()]];
    columns.extend(x.columns().into_iter().map(|c| c.to_vec()));
    let mut coef = vec![0.0; columns.len()];
    coef[0] = (rate / (1.0 - rate)).ln();
    let null_deviance = deviance(&vec![rate; outcome.len()], outcome);
    let (mut step, mut taken) = (vec![0.0; columns.len()], 1.0);
    let (mut last, mut now, mut converged) = (f64::INFINITY, null_deviance, false);
    for _ in 1..options.max_iterations {
        let probability = capped(&linear(&columns, &coef));
        now = deviance(&probability, outcome);
        if now > last {
            taken /= 2.0;
            coef.iter_mut().zip(&step).for_each(|(b, d)| *b -= taken * d);
            continue;
        }
        let residual: Vec<f64> = outcome.iter().zip(&probability).map(|(y, p)| f64::from(u8::from(*y)) - p).collect();
        let score: Vec<f64> = columns.iter().map(|c| dense::dot(c, &residual)).collect();
        (step, taken) = (information(&columns, &probability, options.tolerance)?.solve(&score), 1.0);
        coef.iter_mut().zip(&step).for_each(|(b, d)| *b += d);
        converged = last - now <= options.epsilon;
        if converged {
            break;
        }
        last = now;
    }
    let linear = linear(&columns, &coef);
    // Where lrm gives up it has not looked at the last step.
    let (deviance, vcov) = match converged {
        true => {
            let probability = capped(&linear);
            (deviance(&probability, outcome), inverse(&information(&columns, &probability, options.tolerance)?))
        }
        false => (now, Array2::from_elem((coef.len(), coef.len()), f64::NAN)),
    };
    Ok(Lrm { coef, vcov, deviance, linear, null_deviance, converged })
}

impl Lrm {
    /// The linear predictor of other rows.
    pub fn predict(&self, x: ArrayView2<'_, f64>) -> Vec<f64> {
        x.rows()
            .into_iter()
            .map(|r| self.coef[0] + r.iter().zip(&self.coef[1..]).map(|(x, b)| x * b).sum::<f64>())
            .collect()
    }

    /// The likelihood ratio chi-square against the intercept.
    pub fn likelihood_ratio(&self) -> f64 {
        self.null_deviance - self.deviance
    }
}

/// Concordance and spread of a linear predictor.
pub fn indexes(linear: &[f64], outcome: &[bool]) -> Indexes {
    let probability = probabilities(linear);
    let n = linear.len() as f64;
    let cases = outcome.iter().filter(|y| **y).count() as f64;
    let pairs = cases * (n - cases);
    let ranks = rank::average(linear).rank;
    let u = ranks.iter().zip(outcome).filter(|(_, y)| **y).map(|(r, _)| r).sum::<f64>() - cases * (cases + 1.0) / 2.0;
    let tied = tied_pairs(linear, outcome);
    let net = 2.0 * u - pairs;
    let error = probability.iter().zip(outcome).map(|(p, y)| (p - f64::from(u8::from(*y))).powi(2));
    Indexes {
        c: u / pairs,
        dxy: net / pairs,
        gamma: net / (pairs - tied),
        tau_a: net / (n * (n - 1.0) / 2.0),
        brier: error.sum::<f64>() / n,
        g: mean_difference(linear),
        gp: mean_difference(&probability),
    }
}

/// Nagelkerke's R2 from the likelihood ratio and the null deviance of n rows.
pub fn nagelkerke(likelihood_ratio: f64, null_deviance: f64, n: usize) -> f64 {
    let n = n as f64;
    (1.0 - (-likelihood_ratio / n).exp()) / (1.0 - (-null_deviance / n).exp())
}

/// P of the likelihood ratio chi-square.
pub fn likelihood_ratio_p(likelihood_ratio: f64, df: usize) -> f64 {
    tails::chi2_upper(likelihood_ratio, df as f64)
}

/// Gini's mean difference: the mean |a - b| over all pairs.
pub fn mean_difference(x: &[f64]) -> f64 {
    let sorted = summary::sorted(x);
    let n = sorted.len() as f64;
    let sum: f64 = sorted.iter().enumerate().map(|(i, x)| x * ((i + 1) as f64 - (n + 1.0) / 2.0) / n).sum();
    4.0 * sum / (n - 1.0)
}

fn linear(columns: &[Vec<f64>], coef: &[f64]) -> Vec<f64> {
    let mut linear = vec![0.0; columns[0].len()];
    for (b, column) in coef.iter().zip(columns) {
        linear.iter_mut().zip(column).for_each(|(l, x)| *l += b * x);
    }
    linear
}

fn probabilities(linear: &[f64]) -> Vec<f64> {
    linear.iter().map(|&l| inverse_logit(l)).collect()
}

/// Probabilities as `lrm` fits by them: a logit ends at 30 to both sides.
fn capped(linear: &[f64]) -> Vec<f64> {
    linear.iter().map(|l| 1.0 / (1.0 + (-l.clamp(-30.0, 30.0)).exp())).collect()
}

/// Twice the negative log likelihood.
fn deviance(probability: &[f64], outcome: &[bool]) -> f64 {
    -2.0 * probability.iter().zip(outcome).map(|(p, y)| if *y { p.ln() } else { (1.0 - p).ln() }).sum::<f64>()
}

/// The information matrix X'WX, decomposed.
fn information(columns: &[Vec<f64>], probability: &[f64], tolerance: f64) -> Result<Qr> {
    let p = columns.len();
    let mut information = vec![vec![0.0; p]; p];
    for a in 0..p {
        let weighted: Vec<f64> = columns[a].iter().zip(probability).map(|(x, q)| x * q * (1.0 - q)).collect();
        for b in 0..=a {
            information[a][b] = dense::dot(&weighted, &columns[b]);
            information[b][a] = information[a][b];
        }
    }
    let qr = dense::qr(information, tolerance);
    if qr.rank < p {
        let why = "the information matrix is singular".into();
        return Err(Error::Undefined { what: "logistic regression".into(), why });
    }
    Ok(qr)
}

fn inverse(information: &Qr) -> Array2<f64> {
    let p = information.rank;
    let mut inverse = Array2::zeros((p, p));
    for (j, mut column) in inverse.columns_mut().into_iter().enumerate() {
        let unit: Vec<f64> = (0..p).map(|i| f64::from(u8::from(i == j))).collect();
        column.iter_mut().zip(information.solve(&unit)).for_each(|(to, v)| *to = v);
    }
    inverse
}

/// Pairs of a case and a control with equal values.
fn tied_pairs(x: &[f64], outcome: &[bool]) -> f64 {
    let order = rank::order(x);
    let mut tied = 0.0;
    for group in order.chunk_by(|&a, &b| x[a] == x[b]) {
        let cases = group.iter().filter(|&&i| outcome[i]).count();
        tied += (cases * (group.len() - cases)) as f64;
    }
    tied
}
