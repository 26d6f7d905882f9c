//! The two-sample Kolmogorov-Smirnov (Smirnov) test, two-sided, as `ks.test` of R 4.2.

use crate::num::rank;

/// A comparison of two distributions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Smirnov {
    /// The largest distance between the two empirical distribution functions.
    pub d: f64,
    /// NaN where a group is empty.
    pub p: f64,
    /// Whether p is of the exact distribution.
    pub exact: bool,
}

/// From this product of group sizes on p is that of the limiting distribution, with ties or without.
const EXACT_BELOW: usize = 10_000;

/// Compare two groups; NaN values take no part, infinite ones do. Exact below 10,000 pairs, given the ties as R 4.2 has it
/// (earlier versions turned to the limit where a value repeats).
///
/// The exact p is summed as an upper tail and agrees with whole numbers to 1e-12. R takes one minus a count of orders over
/// exp(lgamma(m + n + 1) - lgamma(m + 1) - lgamma(n + 1)), whose rounding leaves 13 decimals: of a p of 6.4e-7 its eighth digit
/// is wrong, and 7e-29 comes out as 1e-13. Its limit is summed to 1e-6.
pub fn test(first: &[f64], second: &[f64]) -> Smirnov {
    let pooled: Vec<(f64, bool)> = [(first, true), (second, false)]
        .into_iter()
        .flat_map(|(x, is_first)| x.iter().filter(|v| !v.is_nan()).map(move |v| (*v, is_first)))
        .collect();
    let m = pooled.iter().filter(|(_, is_first)| *is_first).count();
    let n = pooled.len() - m;
    if m == 0 || n == 0 {
        return Smirnov { d: f64::NAN, p: f64::NAN, exact: false };
    }
    let values: Vec<f64> = pooled.iter().map(|(v, _)| *v).collect();
    let order = rank::order(&values);
    // Between equal values the distribution functions do not stand still, so nothing is compared there.
    let compared: Vec<bool> =
        (0..order.len()).map(|k| k + 1 == order.len() || values[order[k]] != values[order[k + 1]]).collect();
    let (mut i, mut largest) = (0, 0);
    for (k, at) in order.iter().enumerate() {
        i += usize::from(pooled[*at].1);
        if compared[k] {
            largest = largest.max(distance(i, k + 1 - i, m, n));
        }
    }
    let d = largest as f64 / (m * n) as f64;
    let exact = m * n < EXACT_BELOW;
    let p = if exact { upper(largest, m, n, &compared) } else { limit(d * ((m * n) as f64 / (m + n) as f64).sqrt()) };
    Smirnov { d, p, exact }
}

/// The distance of the distribution functions after `i` values of the first group and `j` of the second, times m n: a whole
/// number, so that equal distances are equal.
fn distance(i: usize, j: usize, m: usize, n: usize) -> usize {
    (i * n).abs_diff(j * m)
}

/// P(D >= d): of all orders in which the groups can be dealt to the pooled values the share that reaches d at a place where
/// they are compared. `share[i]` is that of the orders which begin with i of the first group and j of the second.
fn upper(d: usize, m: usize, n: usize, compared: &[bool]) -> f64 {
    let mut share = vec![0.0; m + 1];
    for j in 0..=n {
        for i in 0..=m {
            let dealt = i + j;
            if dealt == 0 {
                share[0] = if d == 0 { 1.0 } else { 0.0 };
                continue;
            }
            let reached = compared[dealt - 1] && distance(i, j, m, n) >= d;
            let before_first = if i > 0 { share[i - 1] * i as f64 } else { 0.0 };
            let before_second = if j > 0 { share[i] * j as f64 } else { 0.0 };
            share[i] = if reached { 1.0 } else { (before_first + before_second) / dealt as f64 };
        }
    }
    share[m]
}

/// P(K > x) of Kolmogorov's limiting distribution, by whichever of its two series converges fast.
fn limit(x: f64) -> f64 {
    use std::f64::consts::PI;
    if x < 0.7 {
        let term = |k: u32| (-f64::from((2 * k + 1).pow(2)) * PI * PI / (8.0 * x * x)).exp();
        return 1.0 - (0..5).map(term).sum::<f64>() * (2.0 * PI).sqrt() / x;
    }
    let term = |k: u32| (-2.0 * f64::from(k * k) * x * x).exp() * if k % 2 == 1 { 2.0 } else { -2.0 };
    (1..=8).map(term).sum()
}
