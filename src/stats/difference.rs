//! Standardised differences of two groups: how far apart they are, whatever their size.

use ndarray::{Array2, ArrayView2};

use crate::num::{dense, summary};

/// (mean of the first - mean of the second) / sqrt(mean of both variances); NaN values take no part, NaN where neither
/// group varies or one has under two values.
pub fn of_means(first: &[f64], second: &[f64]) -> f64 {
    let [a, b] = [first, second].map(|x| x.iter().copied().filter(|v| !v.is_nan()).collect::<Vec<f64>>());
    let spread = ((summary::variance(&a) + summary::variance(&b)) / 2.0).sqrt();
    if spread > 0.0 { (summary::mean(&a) - summary::mean(&b)) / spread } else { f64::NAN }
}

/// Of shares: counts by level (row) and group (two columns). Yang and Dalton's (2012) distance sqrt(d' S^-1 d), where d holds
/// the differences of the shares of all levels but one and S is the mean of both groups' multinomial covariances; for two
/// levels |p1 - p2| / sqrt((p1 q1 + p2 q2) / 2). NaN where a group is empty or the levels do not vary.
pub fn of_shares(counts: ArrayView2<'_, usize>) -> f64 {
    let total = |g: usize| counts.column(g).sum() as f64;
    let levels: Vec<usize> = (0..counts.nrows()).filter(|l| counts.row(*l).sum() > 0).collect();
    if levels.len() < 2 || total(0) == 0.0 || total(1) == 0.0 {
        return f64::NAN;
    }
    let share = |l: usize, g: usize| counts[[levels[l], g]] as f64 / total(g);
    let k = levels.len() - 1;
    let covariance = |i: usize, j: usize| {
        let of = |g: usize| if i == j { share(i, g) * (1.0 - share(i, g)) } else { -share(i, g) * share(j, g) };
        (of(0) + of(1)) / 2.0
    };
    let matrix = Array2::from_shape_fn((k, k), |(i, j)| covariance(i, j));
    let apart: Vec<f64> = (0..k).map(|l| share(l, 0) - share(l, 1)).collect();
    match dense::cholesky(matrix.view(), 1e-12) {
        Some(factor) => {
            let solved = dense::cholesky_solve(factor.view(), &apart);
            apart.iter().zip(solved).map(|(a, s)| a * s).sum::<f64>().sqrt()
        }
        None => f64::NAN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_levels_are_the_usual_formula() {
        let counts = ndarray::array![[30, 30], [17, 5]];
        let (p, q) = (30.0 / 47.0_f64, 30.0 / 35.0_f64);
        let usual = (p - q).abs() / ((p * (1.0 - p) + q * (1.0 - q)) / 2.0).sqrt();
        assert!((of_shares(counts.view()) - usual).abs() < 1e-14);
    }

    #[test]
    fn an_empty_level_changes_nothing_and_the_order_does_not_matter() {
        let d = of_shares(ndarray::array![[5, 3], [0, 0], [19, 15], [23, 17]].view());
        assert!((d - of_shares(ndarray::array![[23, 17], [5, 3], [19, 15]].view())).abs() < 1e-12);
        assert!(of_shares(ndarray::array![[5, 3], [0, 0]].view()).is_nan());
    }

    #[test]
    fn means_apart_by_a_deviation() {
        let d = of_means(&[1.0, 2.0, 3.0, f64::NAN], &[0.0, 1.0, 2.0]);
        assert!((d - 1.0).abs() < 1e-15);
        assert!(of_means(&[1.0, 1.0], &[2.0, 2.0]).is_nan());
    }
}
