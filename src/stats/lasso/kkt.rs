//! How far a model is from the minimum it claims to be.

use ndarray::ArrayView2;

use super::path::Model;
use super::scale::Scale;
use crate::num::dense::{dot, sum};

/// The largest miss of a condition of the minimum (Karush, Kuhn and Tucker), as a part of the penalty, over all columns.
///
/// With columns x standardised as in the fit, b their coefficients and r = (y - p) / n, the conditions are sum r = 0,
/// sum r x = lambda (alpha sign b + (1 - alpha) b) where b is not 0, and |sum r x| <= lambda alpha where it is. Worked out
/// from the data and the model alone, whoever fitted it.
pub fn violation(
    x: ArrayView2<'_, f64>,
    outcome: &[bool],
    model: &Model,
    lambda: f64,
    alpha: f64,
    standardize: bool,
) -> f64 {
    let rows: Vec<usize> = (0..outcome.len()).collect();
    let (scale, columns) = Scale::new(x, &rows, standardize);
    let n = rows.len();
    let residual: Vec<f64> = rows
        .iter()
        .map(|&i| {
            let p = 1.0 / (1.0 + (-model.linear(|j| x[[i, j]])).exp());
            (f64::from(u8::from(outcome[i])) - p) / n as f64
        })
        .collect();
    let mut beta = vec![0.0; x.ncols()];
    model.coefficients.iter().for_each(|&(j, b)| beta[j] = b * scale.sd[j]);
    let miss = |&j: &usize| {
        let gradient = dot(&residual, &columns[j * n..(j + 1) * n]);
        match beta[j] {
            0.0 => gradient.abs() - lambda * alpha,
            b => (gradient - lambda * (alpha.copysign(b) + (1.0 - alpha) * b)).abs(),
        }
    };
    scale.usable.iter().map(miss).fold(sum(&residual).abs(), f64::max) / lambda
}
