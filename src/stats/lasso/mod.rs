//! LASSO logistic regression along a path of penalties, as R's `glmnet(family = "binomial")` and `cv.glmnet`.
//!
//! Minimised for each penalty: -(1/n) log likelihood + lambda (alpha sum |b| + (1 - alpha)/2 sum b^2), intercept free, columns
//! centred and scaled by their standard deviation with 1/n. [`fit`] gives the path, [`choose`] the penalty by
//! cross-validation. The order of the coordinate sweeps, the stop rules and the order of every sum are glmnet's, so that at
//! the same threshold the number of sweeps and all coefficients agree, also where columns are copies of each other and
//! rounding alone decides which one is chosen. glmnet's own threshold is 1e-7; the default here is 1e-12, where coefficients
//! have settled. [`Solver::Accurate`] goes its own way to the same minimum, and meets its conditions.

mod choose;
mod descent;
mod kkt;
mod newton;
mod path;
mod quadratic;
mod scale;

use serde::{Deserialize, Serialize};

pub use choose::{CrossValidation, Cv, Loss, choose, judge, repeat};
pub use kkt::violation;
pub use path::{Model, Path, fit, fit_rows};

/// How the minimum of each penalty is found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Solver {
    /// glmnet's sweeps and stop rule, step for step: its coefficients, with its distance from the minimum.
    #[default]
    Compatible,
    /// Newton steps until no condition of the minimum is missed by 1e-9 of the penalty; `threshold` does not count.
    Accurate,
}

/// How a path is fitted; the defaults are glmnet's but for `threshold` and `max_sweeps`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    pub solver: Solver,
    /// 1 is the LASSO, less mixes in a ridge penalty; in (0, 1].
    pub alpha: f64,
    /// Whether columns are scaled; they are always centred. Coefficients come back on the scale of the columns given.
    pub standardize: bool,
    /// The number of penalties.
    pub penalties: usize,
    /// The smallest penalty as a part of the largest; none: 0.01 where there are fewer rows than columns, else 1e-4.
    pub ratio: Option<f64>,
    /// The penalties themselves, in any order; then `penalties` and `ratio` do not count and the path never stops early.
    pub lambda: Option<Vec<f64>>,
    /// Sweeps go on until no coefficient changes the objective by more than this part of the null deviance.
    pub threshold: f64,
    /// The number of sweeps, over the whole path, after which it is given up: it then ends before the penalty that did not settle,
    /// as glmnet's does, with a warning, at `maxit`. That is 1e5 by default, too few for `threshold` or for columns that nearly
    /// depend on each other, so that a fold of cv.glmnet may end early and be read at its end; here it goes on to 1e7.
    pub max_sweeps: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            solver: Solver::Compatible,
            alpha: 1.0,
            standardize: true,
            penalties: 100,
            ratio: None,
            lambda: None,
            threshold: 1e-12,
            max_sweeps: 10_000_000,
        }
    }
}
