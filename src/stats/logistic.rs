//! Logistic regression by maximum likelihood, as R's `glm(family = binomial)`.
//!
//! Iteratively reweighted least squares by QR, with R's start, stop rule and standard errors (of the last decomposition, so
//! with the weights of the iteration before: they differ from the fully converged ones by up to 3e-5 relative).

use ndarray::{Array2, ArrayView2};

use super::separation;
use crate::error::{Error, Result};
use crate::num::{dense, tails};

pub use super::separation::Separation;

/// When to stop; the defaults are R's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    pub max_iterations: usize,
    /// Stop when |deviance change| / (|deviance| + 0.1) falls below this.
    pub epsilon: f64,
    /// Iterations after that, which bring coefficients and standard errors to the maximum itself.
    pub extra: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { max_iterations: 25, epsilon: 1e-8, extra: 0 }
    }
}

impl Options {
    /// The maximum likelihood estimate to the last digits, with the standard errors there.
    pub const SETTLED: Self = Self { max_iterations: 100, epsilon: 1e-14, extra: 1 };
}

/// A fitted model. Vectors by coefficient begin with the intercept and go on in the order of the columns; an aliased column
/// has NaN in each.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    pub coef: Vec<f64>,
    pub se: Vec<f64>,
    /// Wald statistics coef / se.
    pub z: Vec<f64>,
    /// P(|Z| > |z|).
    pub p: Vec<f64>,
    pub vcov: Array2<f64>,
    /// Probability and linear predictor of each row.
    pub fitted: Vec<f64>,
    pub linear: Vec<f64>,
    pub deviance: f64,
    /// Deviance of the intercept alone, on n - 1 degrees of freedom.
    pub null_deviance: f64,
    pub aic: f64,
    pub bic: f64,
    /// The number of coefficients that are not aliased.
    pub rank: usize,
    /// Columns (0-based, of `x`) that depend linearly on earlier ones or the intercept, and got no coefficient.
    pub aliased: Vec<usize>,
    pub iterations: usize,
    pub converged: bool,
    /// A fitted probability is within 10 machine epsilons of 0 or 1: R's warning.
    pub extreme: bool,
    /// Why there is no maximum, where there is none: estimates are then where R's iterations stop, and mean nothing. R may give
    /// no warning at all.
    pub separated: Option<Separation>,
}

/// The likelihood ratio test of nested models.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LikelihoodRatio {
    pub chi2: f64,
    pub df: usize,
    pub p: f64,
}

/// Fit the outcome by an intercept and the columns of `x` (n x p, finite; p may be 0).
///
/// # Errors
/// `TooFew` outcomes of either class; `Undefined` for a value that is not finite.
pub fn fit(x: ArrayView2<'_, f64>, outcome: &[bool], options: Options) -> Result<Fit> {
    for (class, which) in [(true, "with"), (false, "without")] {
        if !outcome.contains(&class) {
            let what = format!("logistic regression by patients {which} the outcome");
            return Err(Error::TooFew { what, needed: 1, got: 0 });
        }
    }
    if x.iter().any(|v| !v.is_finite()) {
        let why = "a value is missing or infinite".into();
        return Err(Error::Undefined { what: "logistic regression".into(), why });
    }
    let y: Vec<f64> = outcome.iter().map(|&y| f64::from(u8::from(y))).collect();
    let mut columns = vec![vec![1.0; y.len()]];
    columns.extend(x.columns().into_iter().map(|c| c.to_vec()));
    let rate = y.iter().sum::<f64>() / y.len() as f64;
    let null_deviance = deviance(&y, &vec![rate; y.len()]);
    let state = iterate(&columns, &y, options);
    Ok(summarise(state, &columns, &y, null_deviance))
}

/// Whether `larger` explains more than `smaller`, of which all columns are also in `larger`.
pub fn likelihood_ratio(larger: &Fit, smaller: &Fit) -> LikelihoodRatio {
    against(smaller.deviance - larger.deviance, larger.rank - smaller.rank)
}

impl Fit {
    /// Whether the model explains more than its intercept.
    pub fn overall(&self) -> LikelihoodRatio {
        against(self.null_deviance - self.deviance, self.rank - 1)
    }

    /// Whether the model explains more than `within`, which lacks some of its columns.
    pub fn beyond(&self, within: &Self) -> LikelihoodRatio {
        let df = self.rank - within.rank;
        // A term that adds nothing leaves the deviance as it was, but for rounding.
        against(if df == 0 { 0.0 } else { (within.deviance - self.deviance).max(0.0) }, df)
    }

    /// Wald limits of a coefficient at `level` (0.95); their exponentials are those of the odds ratio.
    pub fn wald(&self, coefficient: usize, level: f64) -> (f64, f64) {
        let reach = tails::normal_quantile(0.5 + level / 2.0) * self.se[coefficient];
        (self.coef[coefficient] - reach, self.coef[coefficient] + reach)
    }

    /// The probability at given values of the columns; an aliased column adds nothing.
    pub fn probability(&self, values: &[f64]) -> f64 {
        let terms = self.coef[1..].iter().zip(values).filter(|(b, _)| !b.is_nan());
        inverse_logit(self.coef[0] + terms.map(|(b, x)| b * x).sum::<f64>())
    }
}

/// 1 / (1 + exp(-eta)), kept off 0 and 1 by the machine epsilon beyond 30 as R does.
pub fn inverse_logit(eta: f64) -> f64 {
    let odds = match eta {
        eta if eta < -30.0 => f64::EPSILON,
        eta if eta > 30.0 => 1.0 / f64::EPSILON,
        eta => eta.exp(),
    };
    odds / (1.0 + odds)
}

/// Twice the negative log likelihood, as the sum of 2 log(1 / P(observed)): R's rounding, which counts where P is nearly 1.
pub fn deviance(y: &[f64], probability: &[f64]) -> f64 {
    let observed = y.iter().zip(probability).map(|(y, p)| if *y > 0.5 { *p } else { 1.0 - p });
    observed.map(|p| 2.0 * (1.0 / p).ln()).sum()
}

/// Where the iterations ended.
struct State {
    coef: Vec<f64>,
    linear: Vec<f64>,
    probability: Vec<f64>,
    deviance: f64,
    qr: Option<dense::Qr>,
    iterations: usize,
    converged: bool,
    /// Whether a step showed that the maximum exists.
    certain: bool,
}

fn iterate(columns: &[Vec<f64>], y: &[f64], options: Options) -> State {
    let start: Vec<f64> = y.iter().map(|y| (y + 0.5) / 2.0).collect();
    let mut state = State {
        coef: Vec::new(),
        linear: start.iter().map(|p| (p / (1.0 - p)).ln()).collect(),
        deviance: deviance(y, &start),
        probability: start,
        qr: None,
        iterations: 0,
        converged: false,
        certain: false,
    };
    let mut full = None;
    let mut extra = options.extra;
    while !state.converged && state.iterations < options.max_iterations || state.converged && extra > 0 {
        extra -= usize::from(state.converged);
        state.iterations += 1;
        let slope: Vec<f64> = state.linear.iter().map(|&eta| slope(eta)).collect();
        let root: Vec<f64> =
            slope.iter().zip(&state.probability).map(|(d, p)| (d * d / (p * (1.0 - p))).sqrt()).collect();
        let response: Vec<f64> =
            (0..y.len()).map(|i| root[i] * (state.linear[i] + (y[i] - state.probability[i]) / slope[i])).collect();
        let weighted = columns.iter().map(|c| c.iter().zip(&root).map(|(x, w)| x * w).collect()).collect();
        let qr = dense::qr(weighted, (options.epsilon / 1000.0).min(1e-7));
        state.coef = qr.solve(&response);
        // The start weighs all rows alike: a column that is lost later depends on the others by its weights alone.
        let whole = *full.get_or_insert(qr.rank) == qr.rank;
        state.qr = Some(qr);
        let before = std::mem::replace(&mut state.linear, vec![0.0; y.len()]);
        for (b, column) in state.coef.iter().zip(columns).filter(|(b, _)| !b.is_nan()) {
            state.linear.iter_mut().zip(column).for_each(|(l, x)| *l += b * x);
        }
        state.certain |= whole && separation::shows_maximum(y, &state.probability, &before, &state.linear);
        state.probability = state.linear.iter().map(|&eta| inverse_logit(eta)).collect();
        let before = std::mem::replace(&mut state.deviance, deviance(y, &state.probability));
        let settled = (state.deviance - before).abs() / (state.deviance.abs() + 0.1) < options.epsilon;
        state.converged |= settled;
    }
    state
}

/// d probability / d linear predictor; the machine epsilon beyond 30 as R has it.
pub(super) fn slope(eta: f64) -> f64 {
    if eta.abs() > 30.0 {
        return f64::EPSILON;
    }
    let odds = eta.exp();
    odds / ((1.0 + odds) * (1.0 + odds))
}

fn summarise(state: State, columns: &[Vec<f64>], y: &[f64], null_deviance: f64) -> Fit {
    let State { coef, linear, probability, deviance, qr, iterations, converged, certain } = state;
    let rank = qr.as_ref().map_or(0, |q| q.rank);
    let vcov = qr.map_or_else(|| Array2::from_elem((columns.len(), columns.len()), f64::NAN), |q| q.inverse_gram());
    let se: Vec<f64> = vcov.diag().iter().map(|v| v.sqrt()).collect();
    let z: Vec<f64> = coef.iter().zip(&se).map(|(b, s)| b / s).collect();
    let edge = 10.0 * f64::EPSILON;
    let separated = if certain { None } else { separation::examine(columns, y, &coef) };
    Fit {
        p: z.iter().map(|z| tails::normal_two_sided(*z)).collect(),
        z,
        aliased: (1..coef.len()).filter(|&j| coef[j].is_nan()).map(|j| j - 1).collect(),
        coef,
        se,
        vcov,
        extreme: probability.iter().any(|p| *p > 1.0 - edge || *p < edge),
        fitted: probability,
        linear,
        deviance,
        null_deviance,
        aic: deviance + 2.0 * rank as f64,
        bic: deviance + rank as f64 * (y.len() as f64).ln(),
        rank,
        iterations,
        converged,
        separated,
    }
}

fn against(chi2: f64, df: usize) -> LikelihoodRatio {
    LikelihoodRatio { chi2, df, p: if df == 0 { f64::NAN } else { tails::chi2_upper(chi2, df as f64) } }
}
