//! Tables of counts: chi-square tests, as R's `chisq.test` and `mcnemar.test`. Fisher's test is in [`super::fisher`].

use ndarray::{Array2, ArrayView2, Axis};

use crate::num::tails;

/// A chi-square test; statistic and p are NaN where a row or column is empty (drop empty levels first).
#[derive(Clone, Debug, PartialEq)]
pub struct ChiSquare {
    pub chi2: f64,
    pub df: usize,
    pub p: f64,
    pub expected: Array2<f64>,
}

/// The counts of pairs of levels: rows of `first`, columns of `second`, each 0-based.
pub fn table(first: &[usize], second: &[usize], rows: usize, columns: usize) -> Array2<usize> {
    let mut table = Array2::zeros((rows, columns));
    first.iter().zip(second).for_each(|(r, c)| table[[*r, *c]] += 1);
    table
}

/// The table without empty rows and columns.
pub fn without_empty(table: ArrayView2<'_, usize>) -> Array2<usize> {
    let filled = |axis: usize| -> Vec<usize> {
        let sums = table.sum_axis(Axis(1 - axis));
        (0..sums.len()).filter(|&i| sums[i] > 0).collect()
    };
    table.select(Axis(0), &filled(0)).select(Axis(1), &filled(1))
}

/// Pearson's test without correction.
pub fn pearson(table: ArrayView2<'_, usize>) -> ChiSquare {
    chi_square(table, |o, e| (o - e) * (o - e) / e)
}

/// Pearson's test of a 2 x 2 table with Yates' correction of min(1/2, |O - E|).
pub fn yates(table: ArrayView2<'_, usize>) -> ChiSquare {
    chi_square(table, |o, e| {
        let difference = (o - e).abs();
        let left = difference - difference.min(0.5);
        left * left / e
    })
}

/// The likelihood ratio test, G2 = 2 sum O log(O / E).
pub fn likelihood_ratio(table: ArrayView2<'_, usize>) -> ChiSquare {
    chi_square(table, |o, e| if o == 0.0 && e > 0.0 { 0.0 } else { 2.0 * o * (o / e).ln() })
}

/// McNemar's test of a 2 x 2 table of pairs: (chi-square, p), with or without correction of 1.
pub fn mcnemar(table: ArrayView2<'_, usize>, corrected: bool) -> (f64, f64) {
    let (b, c) = (table[[0, 1]] as f64, table[[1, 0]] as f64);
    let difference = ((b - c).abs() - f64::from(u8::from(corrected && b != c))).max(0.0);
    let chi2 = difference * difference / (b + c);
    (chi2, tails::chi2_upper(chi2, 1.0))
}

/// McNemar's exact test: the pairs that differ as a binomial of one half, two-sided.
pub fn mcnemar_exact(table: ArrayView2<'_, usize>) -> f64 {
    let (b, c) = (table[[0, 1]], table[[1, 0]]);
    let (fewer, differ) = (b.min(c) as f64, (b + c) as f64);
    (2.0 * tails::beta_lower(0.5, differ - fewer, fewer + 1.0)).min(1.0)
}

fn chi_square(table: ArrayView2<'_, usize>, part: impl Fn(f64, f64) -> f64) -> ChiSquare {
    let observed = table.mapv(|v| v as f64);
    let (rows, columns) = (observed.sum_axis(Axis(1)), observed.sum_axis(Axis(0)));
    let total = observed.sum();
    let expected = Array2::from_shape_fn(observed.dim(), |(r, c)| rows[r] * columns[c] / total);
    let chi2 = observed.iter().zip(&expected).map(|(o, e)| part(*o, *e)).sum();
    let df = (table.nrows().max(1) - 1) * (table.ncols().max(1) - 1);
    ChiSquare { chi2, df, p: tails::chi2_upper(chi2, df as f64), expected }
}
