//! Intraclass correlation: the six forms of Shrout and Fleiss (1979) from the two-way analysis of variance.
//!
//! R's `psych::ICC(lmer = FALSE)` gives the same numbers; its default (`lmer = TRUE`) estimates the variances otherwise and
//! differs by up to 1e-2 where readers agree better than chance, and wholly where the correlation is negative.

use std::collections::BTreeMap;

use ndarray::ArrayView2;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::num::tails;

/// Which correlation: the model (1 one-way random, 2 two-way random, 3 two-way mixed), and whether of a single reading or
/// of the mean of all k readers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Form {
    /// ICC(1,1), McGraw and Wong's ICC(1).
    #[serde(rename = "1,1")]
    OneSingle,
    /// ICC(2,1), absolute agreement, ICC(A,1).
    #[default]
    #[serde(rename = "2,1")]
    TwoSingle,
    /// ICC(3,1), consistency, ICC(C,1).
    #[serde(rename = "3,1")]
    ThreeSingle,
    /// ICC(1,k), ICC(k).
    #[serde(rename = "1,k")]
    OneAverage,
    /// ICC(2,k), ICC(A,k).
    #[serde(rename = "2,k")]
    TwoAverage,
    /// ICC(3,k), ICC(C,k).
    #[serde(rename = "3,k")]
    ThreeAverage,
}

impl Form {
    /// All six, in the order of Shrout and Fleiss' table.
    pub const ALL: [Self; 6] =
        [Self::OneSingle, Self::TwoSingle, Self::ThreeSingle, Self::OneAverage, Self::TwoAverage, Self::ThreeAverage];

    /// The name a user types: `2,1`.
    pub fn name(self) -> &'static str {
        match self {
            Self::OneSingle => "1,1",
            Self::TwoSingle => "2,1",
            Self::ThreeSingle => "3,1",
            Self::OneAverage => "1,k",
            Self::TwoAverage => "2,k",
            Self::ThreeAverage => "3,k",
        }
    }

    /// Shrout and Fleiss' name: `ICC(2,1)`.
    pub fn shrout_fleiss(self) -> String {
        format!("ICC({})", self.name())
    }

    /// McGraw and Wong's name: `ICC(A,1)` is of agreement, `ICC(C,1)` of consistency.
    pub fn mcgraw_wong(self) -> &'static str {
        match self {
            Self::OneSingle => "ICC(1)",
            Self::TwoSingle => "ICC(A,1)",
            Self::ThreeSingle => "ICC(C,1)",
            Self::OneAverage => "ICC(k)",
            Self::TwoAverage => "ICC(A,k)",
            Self::ThreeAverage => "ICC(C,k)",
        }
    }
}

/// The mean squares of n subjects by k readers, and how many subjects were left out for a missing reading.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MeanSquares {
    pub n: usize,
    pub k: usize,
    pub missing: usize,
    /// Between subjects, n - 1 degrees of freedom.
    pub msb: f64,
    /// Within subjects, n(k - 1).
    pub msw: f64,
    /// Between readers, k - 1.
    pub msj: f64,
    /// Residual, (n - 1)(k - 1).
    pub mse: f64,
}

/// The F test of no correlation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FTest {
    pub f: f64,
    pub df1: f64,
    pub df2: f64,
    /// P(F > f): one-sided, as correlation can only raise F.
    pub p: f64,
}

/// The correlation of one feature, its test and its interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Icc {
    /// Subjects used, and left out for a missing reading.
    pub n: usize,
    pub missing: usize,
    pub value: f64,
    pub lower: f64,
    pub upper: f64,
    pub test: FTest,
}

/// The correlation of every column of the readers' matrices (each n x p, same subjects and columns in the same order), with
/// an interval at `level`. Columns run in parallel; the result does not depend on the number of threads.
pub fn each(readers: &[ArrayView2<'_, f64>], form: Form, level: f64) -> Vec<Result<Icc>> {
    let one = |squares: Result<MeanSquares>| squares.map(|s| icc(&s, form, interval(&s, form, level)));
    all_squares(readers).into_par_iter().map(one).collect()
}

/// All six correlations of every column, in the order of [`Form::ALL`]; otherwise as [`each`].
pub fn every_form(readers: &[ArrayView2<'_, f64>], level: f64) -> Vec<Result<[Icc; 6]>> {
    let squares = all_squares(readers);
    // The quantiles of forms 1 and 3 depend on the size of the table alone, and most features share it.
    let mut reach = BTreeMap::new();
    for s in squares.iter().flatten() {
        reach
            .entry((s.n, s.k))
            .or_insert_with(|| [Form::OneSingle, Form::ThreeSingle].map(|form| ratio_reach(&test(s, form), level)));
    }
    let six = |s: &MeanSquares| {
        let agreement = agreement_limits(s, level);
        Form::ALL.map(|form| {
            let limits = match (form, reach.get(&(s.n, s.k))) {
                (Form::TwoSingle, _) => agreement,
                (Form::TwoAverage, _) => step_up(agreement, s.k),
                (Form::OneSingle | Form::OneAverage, Some([one, _])) => ratio_limits(s, form, *one),
                (_, Some([_, three])) => ratio_limits(s, form, *three),
                (_, None) => interval(s, form, level),
            };
            icc(s, form, limits)
        })
    };
    squares.into_par_iter().map(|squares| squares.map(|s| six(&s))).collect()
}

fn all_squares(readers: &[ArrayView2<'_, f64>]) -> Vec<Result<MeanSquares>> {
    let columns = readers.iter().map(|r| r.ncols()).min().unwrap_or(0);
    let one = |j: usize| {
        let values: Vec<Vec<f64>> = readers.iter().map(|r| r.column(j).to_vec()).collect();
        mean_squares(&values.iter().map(Vec::as_slice).collect::<Vec<&[f64]>>())
    };
    (0..columns).into_par_iter().map(one).collect()
}

fn icc(squares: &MeanSquares, form: Form, (lower, upper): (f64, f64)) -> Icc {
    let (value, test) = (coefficient(squares, form), test(squares, form));
    Icc { n: squares.n, missing: squares.missing, value, lower, upper, test }
}

/// Mean squares of one feature. `readers` holds the k >= 2 readers' values of the same subjects in the same order.
///
/// The first value is subtracted from all before summing, which leaves every square as it is and keeps the digits of a
/// small variance on a large offset. A subject with a missing (NaN) value takes no part. Squares below 1e-24 of the
/// others are rounding, and count as none.
///
/// # Errors
/// `TooFew` with under two readers or complete subjects; `Undefined` when a value is infinite or all are equal.
pub fn mean_squares(readers: &[&[f64]]) -> Result<MeanSquares> {
    let k = readers.len();
    if k < 2 {
        return Err(Error::TooFew { what: "intraclass correlation by readers".into(), needed: 2, got: k });
    }
    let rows = readers.iter().map(|r| r.len()).min().unwrap_or(0);
    let complete: Vec<usize> = (0..rows).filter(|&i| readers.iter().all(|r| !r[i].is_nan())).collect();
    let n = complete.len();
    if n < 2 {
        return Err(Error::TooFew { what: "intraclass correlation by complete subjects".into(), needed: 2, got: n });
    }
    let origin = readers[0][complete[0]];
    let cells: Vec<f64> = complete.iter().flat_map(|&i| readers.iter().map(move |r| r[i] - origin)).collect();
    let undefined = |why: &str| Error::Undefined { what: "intraclass correlation".into(), why: why.into() };
    if cells.iter().any(|c| !c.is_finite()) {
        return Err(undefined("a value is infinite"));
    }
    if cells.iter().all(|&c| c == 0.0) {
        return Err(undefined("all values are equal"));
    }
    Ok(squares(&cells, k, rows - n))
}

/// The correlation; it may be negative.
pub fn coefficient(squares: &MeanSquares, form: Form) -> f64 {
    let &MeanSquares { n, k, msb, msw, msj, mse, .. } = squares;
    let (n, k) = (n as f64, k as f64);
    match form {
        Form::OneSingle => (msb - msw) / (msb + (k - 1.0) * msw),
        Form::TwoSingle => (msb - mse) / (msb + (k - 1.0) * mse + k * (msj - mse) / n),
        Form::ThreeSingle => (msb - mse) / (msb + (k - 1.0) * mse),
        Form::OneAverage => (msb - msw) / msb,
        Form::TwoAverage => (msb - mse) / (msb + (msj - mse) / n),
        Form::ThreeAverage => (msb - mse) / msb,
    }
}

/// The F test that the correlation is zero; F is infinite where readers agree without residual.
pub fn test(squares: &MeanSquares, form: Form) -> FTest {
    let &MeanSquares { n, k, msb, msw, mse, .. } = squares;
    let (n, k) = (n as f64, k as f64);
    let (df1, df2, error) = match form {
        Form::OneSingle | Form::OneAverage => (n - 1.0, n * (k - 1.0), msw),
        _ => (n - 1.0, (n - 1.0) * (k - 1.0), mse),
    };
    let f = msb / error;
    FTest { f, df1, df2, p: tails::f_upper(f, df1, df2) }
}

/// The two-sided confidence interval at `level` (0.95): exact for forms 1 and 3, Satterthwaite's degrees of freedom for 2.
pub fn interval(squares: &MeanSquares, form: Form, level: f64) -> (f64, f64) {
    match form {
        Form::TwoSingle => agreement_limits(squares, level),
        Form::TwoAverage => step_up(agreement_limits(squares, level), squares.k),
        _ => ratio_limits(squares, form, ratio_reach(&test(squares, form), level)),
    }
}

/// The limits of a single reading carried to the mean of k, by Spearman and Brown.
fn step_up((lower, upper): (f64, f64), k: usize) -> (f64, f64) {
    let k = k as f64;
    let mean = |x: f64| x * k / (1.0 + x * (k - 1.0));
    (mean(lower), mean(upper))
}

fn squares(cells: &[f64], k: usize, missing: usize) -> MeanSquares {
    let n = cells.len() / k;
    let (nf, kf) = (n as f64, k as f64);
    let grand = cells.iter().sum::<f64>() / (nf * kf);
    let rows: Vec<f64> = cells.chunks(k).map(|row| row.iter().sum::<f64>() / kf).collect();
    let columns: Vec<f64> = (0..k).map(|j| cells.iter().skip(j).step_by(k).sum::<f64>() / nf).collect();
    let about_grand = |means: &[f64]| means.iter().map(|m| (m - grand) * (m - grand)).sum::<f64>();
    let (mut within, mut residual) = (0.0, 0.0);
    for (row, mean) in cells.chunks(k).zip(&rows) {
        for (cell, column) in row.iter().zip(&columns) {
            within += (cell - mean) * (cell - mean);
            residual += (cell - mean - column + grand) * (cell - mean - column + grand);
        }
    }
    const ROUNDING: f64 = 1e-24;
    let msb = kf * about_grand(&rows) / (nf - 1.0);
    let msj = nf * about_grand(&columns) / (kf - 1.0);
    let msw = within / (nf * (kf - 1.0));
    let mse = residual / ((nf - 1.0) * (kf - 1.0));
    let msw = if msw < ROUNDING * msb { 0.0 } else { msw };
    let mse = if mse < ROUNDING * (msb + msj) { 0.0 } else { mse };
    let msj = if msj < ROUNDING * msb { 0.0 } else { msj };
    MeanSquares { n, k, missing, msb, msw, msj, mse }
}

/// By what F is divided for its lower limit, and multiplied for its upper.
fn ratio_reach(test: &FTest, level: f64) -> (f64, f64) {
    let q = 0.5 + level / 2.0;
    (tails::f_quantile(q, test.df1, test.df2), tails::f_quantile(q, test.df2, test.df1))
}

/// Forms 1 and 3: the limits of F carried over to the correlation.
fn ratio_limits(squares: &MeanSquares, form: Form, (down, up): (f64, f64)) -> (f64, f64) {
    let FTest { f, .. } = test(squares, form);
    if f.is_infinite() {
        return (1.0, 1.0);
    }
    let (fl, fu) = (f / down, f * up);
    let k = squares.k as f64;
    match form {
        Form::OneSingle | Form::ThreeSingle => ((fl - 1.0) / (fl + k - 1.0), (fu - 1.0) / (fu + k - 1.0)),
        _ => (1.0 - 1.0 / fl, 1.0 - 1.0 / fu),
    }
}

/// ICC(2,1): McGraw and Wong's limits, whose second degrees of freedom need not be whole.
fn agreement_limits(squares: &MeanSquares, level: f64) -> (f64, f64) {
    let &MeanSquares { n, k, msb, msj, mse, .. } = squares;
    let (n, k) = (n as f64, k as f64);
    if mse == 0.0 && msj == 0.0 {
        return (1.0, 1.0);
    }
    let v = if mse == 0.0 {
        k - 1.0
    } else {
        let r = coefficient(squares, Form::TwoSingle);
        let readers = k * r * msj / mse;
        let rest = n * (1.0 + (k - 1.0) * r) - k * r;
        (k - 1.0) * (n - 1.0) * (readers + rest) * (readers + rest) / ((n - 1.0) * readers * readers + rest * rest)
    };
    let q = 0.5 + level / 2.0;
    let (fu, fl) = (tails::f_quantile(q, n - 1.0, v), tails::f_quantile(q, v, n - 1.0));
    let spread = k * msj + (k * n - k - n) * mse;
    (n * (msb - fu * mse) / (fu * spread + n * msb), n * (fl * msb - mse) / (spread + n * fl * msb))
}
