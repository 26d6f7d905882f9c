//! Shapiro and Wilk's test of normality, as R's `shapiro.test`: Royston's approximation (Applied Statistics 1995, 44:547,
//! algorithm AS R94), whose polynomials are the constants below.

use crate::num::{summary, tails};

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ShapiroWilk {
    pub w: f64,
    /// Small where the values are not normal. NaN, as W, of fewer than 3 or more than 5000 values, or of equal ones.
    pub p: f64,
}

/// Test the values; NaN take no part.
pub fn test(x: &[f64]) -> ShapiroWilk {
    let x = summary::sorted(x);
    let n = x.len();
    let (low, high) = summary::range(&x);
    if !(3..=5000).contains(&n) || !(high - low).is_finite() || high == low {
        return ShapiroWilk { w: f64::NAN, p: f64::NAN };
    }
    let middle = summary::median(&x);
    let scaled: Vec<f64> = x.iter().map(|v| (v - middle) / (high - low)).collect();
    let unexplained = unexplained(&scaled, &weights(n));
    let w = 1.0 - unexplained;
    ShapiroWilk { w, p: p_value(w, unexplained, n) }
}

/// The weights of the lower half, positive; the upper half has the same with the other sign.
fn weights(n: usize) -> Vec<f64> {
    const FIRST: [f64; 6] = [0.0, 0.221157, -0.147981, -2.07119, 4.434685, -2.706056];
    const SECOND: [f64; 6] = [0.0, 0.042981, -0.293762, -1.752461, 5.682633, -3.582633];
    if n == 3 {
        return vec![std::f64::consts::FRAC_1_SQRT_2];
    }
    let half = n / 2;
    let scores: Vec<f64> = (1..=half).map(|i| tails::normal_quantile((i as f64 - 0.375) / (n as f64 + 0.25))).collect();
    let square = 2.0 * scores.iter().map(|m| m * m).sum::<f64>();
    let (length, root) = (square.sqrt(), 1.0 / (n as f64).sqrt());
    let mut weights = vec![polynomial(&FIRST, root) - scores[0] / length];
    if n > 5 {
        weights.push(polynomial(&SECOND, root) - scores[1] / length);
    }
    let fixed = weights.len();
    let taken = 2.0 * scores[..fixed].iter().map(|m| m * m).sum::<f64>();
    let left = 1.0 - 2.0 * weights.iter().map(|a| a * a).sum::<f64>();
    let scale = ((square - taken) / left).sqrt();
    weights.extend(scores[fixed..].iter().map(|m| -m / scale));
    weights
}

/// 1 - W, from its factors, so that its digits stay where W is nearly 1.
fn unexplained(x: &[f64], half: &[f64]) -> f64 {
    let n = x.len();
    let weight = |i: usize| match (i < half.len(), n - 1 - i < half.len()) {
        (true, _) => -half[i],
        (_, true) => half[n - 1 - i],
        _ => 0.0,
    };
    let mean = x.iter().sum::<f64>() / n as f64;
    let mean_weight = (0..n).map(weight).sum::<f64>() / n as f64;
    let (mut ssa, mut ssx, mut sax) = (0.0, 0.0, 0.0);
    for (i, v) in x.iter().enumerate() {
        let (a, d) = (weight(i) - mean_weight, v - mean);
        ssa += a * a;
        ssx += d * d;
        sax += a * d;
    }
    let product = (ssa * ssx).sqrt();
    (product - sax) * (product + sax) / (ssa * ssx)
}

fn p_value(w: f64, unexplained: f64, n: usize) -> f64 {
    const SMALL_MEAN: [f64; 4] = [0.544, -0.39978, 0.025054, -6.714e-4];
    const SMALL_SD: [f64; 4] = [1.3822, -0.77857, 0.062767, -0.0020322];
    const LARGE_MEAN: [f64; 4] = [-1.5861, -0.31082, -0.083751, 0.0038915];
    const LARGE_SD: [f64; 3] = [-0.4803, -0.082676, 0.0030302];
    if n == 3 {
        let angle = w.sqrt().asin() - 0.75_f64.sqrt().asin();
        return (6.0 / std::f64::consts::PI * angle).max(0.0);
    }
    let count = n as f64;
    let y = unexplained.ln();
    let (y, mean, sd) = if n <= 11 {
        let bound = -2.273 + 0.459 * count;
        if y >= bound {
            return 1e-99;
        }
        (-(bound - y).ln(), polynomial(&SMALL_MEAN, count), polynomial(&SMALL_SD, count).exp())
    } else {
        (y, polynomial(&LARGE_MEAN, count.ln()), polynomial(&LARGE_SD, count.ln()).exp())
    };
    tails::normal_upper((y - mean) / sd)
}

fn polynomial(coefficients: &[f64], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, c| sum * x + c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_test_says_so() {
        assert!(test(&[1.0, 2.0]).w.is_nan());
        assert!(test(&[1.0, 1.0, 1.0, 1.0]).p.is_nan());
        assert!(test(&[1.0, f64::NAN, 2.0]).p.is_nan());
        let line = test(&[1.0, 2.0, 3.0]);
        assert!((line.w - 1.0).abs() < 1e-12 && (line.p - 1.0).abs() < 1e-6);
    }
}
