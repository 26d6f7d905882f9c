//! Fisher's exact test of counts, as R's `fisher.test`, with the odds ratio solved exactly.
//!
//! R's own conditional odds ratio and interval carry the tolerance of its root finder (up to 8e-4 relative); here they are
//! solved to the last bits, so they differ by that.

mod network;

use ndarray::{ArrayView2, Axis};

use crate::error::{Error, Result};

/// Tables this much more probable than the one observed still count as no more probable: R's allowance for rounding.
const ALLOWANCE: f64 = 1.0 + 1e-7;

/// The test of a 2 x 2 table [[a, b], [c, d]].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fisher {
    /// Two-sided: the sum over tables no more probable than this one.
    pub p: f64,
    /// P(a or fewer), P(a or more).
    pub p_less: f64,
    pub p_greater: f64,
    /// The conditional maximum likelihood odds ratio and its exact limits.
    pub odds_ratio: f64,
    pub lower: f64,
    pub upper: f64,
}

/// The 2 x 2 test with limits at `level` (0.95).
///
/// # Errors
/// `Undefined` when the table is not 2 x 2 or is empty.
pub fn two_by_two(table: ArrayView2<'_, usize>, level: f64) -> Result<Fisher> {
    if table.dim() != (2, 2) || table.sum() == 0 {
        let why = format!("the table is {} x {} of {} patients", table.nrows(), table.ncols(), table.sum());
        return Err(Error::Undefined { what: "Fisher's test with an odds ratio".into(), why });
    }
    let central = Hypergeometric::new(table);
    let probability = central.at(0.0);
    let seen = probability[central.observed];
    let p = probability.iter().filter(|p| **p <= seen * ALLOWANCE).sum::<f64>().min(1.0);
    let (odds_ratio, lower, upper) = central.odds_ratio((1.0 - level) / 2.0);
    Ok(Fisher { p, p_less: central.lower_tail(0.0), p_greater: central.upper_tail(0.0), odds_ratio, lower, upper })
}

/// The two-sided p-value of a table of any size: all tables with its margins that are no more probable than it.
///
/// # Errors
/// `Undefined` for an empty table, or when there are too many different tables to keep apart (hundreds of patients over many
/// rows and many columns).
pub fn p_value(table: ArrayView2<'_, usize>) -> Result<f64> {
    let n = table.sum();
    if n == 0 {
        return Err(Error::Undefined { what: "Fisher's test".into(), why: "the table is empty".into() });
    }
    // Few rows have few margins, whichever way round the table came; small columns first have the fewest ways to part.
    let table = if table.nrows() > table.ncols() { table.reversed_axes() } else { table };
    let log = log_factorials(n);
    let rows = table.sum_axis(Axis(1)).to_vec();
    let mut columns = table.sum_axis(Axis(0)).to_vec();
    columns.sort_unstable();
    let margins: f64 = rows.iter().chain(&columns).map(|&m| log[m]).sum::<f64>() - log[n];
    let seen = margins - table.iter().map(|&c| log[c]).sum::<f64>();
    network::sum_up_to(seen + ALLOWANCE.ln(), &rows, &columns, &log)
}

/// The distribution of the first cell given the margins.
struct Hypergeometric {
    /// Log weights of all its values, from the smallest; the position of the observed one.
    log: Vec<f64>,
    observed: usize,
}

impl Hypergeometric {
    fn new(table: ArrayView2<'_, usize>) -> Self {
        let (a, b, c, d) = (table[[0, 0]], table[[0, 1]], table[[1, 0]], table[[1, 1]]);
        let (row, column, n) = (a + b, a + c, a + b + c + d);
        let factorial = log_factorials(n);
        let (least, most) = ((row + column).saturating_sub(n), row.min(column));
        let weight =
            |k: usize| -(factorial[k] + factorial[row - k] + factorial[column - k] + factorial[n + k - row - column]);
        Self { log: (least..=most).map(weight).collect(), observed: a - least }
    }

    /// Probabilities of each value where the log odds ratio is `shift`.
    fn at(&self, shift: f64) -> Vec<f64> {
        let shifted: Vec<f64> = self.log.iter().enumerate().map(|(i, l)| l + shift * i as f64).collect();
        let top = shifted.iter().fold(f64::NEG_INFINITY, |m, v| m.max(*v));
        let weight: Vec<f64> = shifted.iter().map(|l| (l - top).exp()).collect();
        let total: f64 = weight.iter().sum();
        weight.iter().map(|w| w / total).collect()
    }

    fn lower_tail(&self, shift: f64) -> f64 {
        self.at(shift)[..=self.observed].iter().sum::<f64>().min(1.0)
    }

    fn upper_tail(&self, shift: f64) -> f64 {
        self.at(shift)[self.observed..].iter().rev().sum::<f64>().min(1.0)
    }

    fn mean(&self, shift: f64) -> f64 {
        self.at(shift).iter().enumerate().map(|(i, p)| i as f64 * p).sum()
    }

    /// The odds ratio whose mean is the observed value, and those at which either tail is `tail`.
    fn odds_ratio(&self, tail: f64) -> (f64, f64, f64) {
        let (first, last) = (self.observed == 0, self.observed + 1 == self.log.len());
        let estimate = match (first, last) {
            (true, true) => f64::NAN,
            (true, false) => 0.0,
            (false, true) => f64::INFINITY,
            _ => rising_root(|s| self.mean(s) - self.observed as f64).exp(),
        };
        let lower = if first { 0.0 } else { rising_root(|s| self.upper_tail(s) - tail).exp() };
        let upper = if last { f64::INFINITY } else { rising_root(|s| tail - self.lower_tail(s)).exp() };
        (estimate, lower, upper)
    }
}

/// The root of a rising function of the log odds ratio, by bisection to the last bits.
fn rising_root(f: impl Fn(f64) -> f64) -> f64 {
    let (mut low, mut high) = (-1.0, 1.0);
    while f(low) > 0.0 && low > -700.0 {
        low *= 2.0;
    }
    while f(high) < 0.0 && high < 700.0 {
        high *= 2.0;
    }
    for _ in 0..200 {
        let middle = (low + high) / 2.0;
        if middle <= low || middle >= high {
            break;
        }
        if f(middle) < 0.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
    (low + high) / 2.0
}

/// log k! for k in 0..=n.
fn log_factorials(n: usize) -> Vec<f64> {
    let mut log = vec![0.0; n + 1];
    for k in 1..=n {
        log[k] = log[k - 1] + (k as f64).ln();
    }
    log
}
