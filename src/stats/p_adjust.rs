//! P-values corrected for the number of tests, as R's `p.adjust`.

use serde::{Deserialize, Serialize};

use crate::num::rank;

/// The correction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    #[default]
    None,
    Bonferroni,
    Holm,
    Hochberg,
    Hommel,
    /// Benjamini and Hochberg's false discovery rate.
    Bh,
    /// Benjamini and Yekutieli's false discovery rate.
    By,
}

/// The corrected p-values in the order given; NaN stays NaN and does not count as a test.
pub fn adjust(p: &[f64], method: Method) -> Vec<f64> {
    let present: Vec<usize> = (0..p.len()).filter(|&i| !p[i].is_nan()).collect();
    let values: Vec<f64> = present.iter().map(|&i| p[i]).collect();
    let order = rank::order(&values);
    let sorted: Vec<f64> = order.iter().map(|&i| values[i]).collect();
    let n = sorted.len() as f64;
    let by_rank = |factor: &dyn Fn(f64) -> f64| -> Vec<f64> {
        sorted.iter().enumerate().map(|(i, p)| p * factor((i + 1) as f64)).collect()
    };
    let adjusted = match method {
        Method::None => sorted,
        Method::Bonferroni => by_rank(&|_| n),
        Method::Holm => rising(by_rank(&|i| n - i + 1.0)),
        Method::Hochberg => falling(by_rank(&|i| n - i + 1.0)),
        Method::Bh => falling(by_rank(&|i| n / i)),
        Method::By => {
            let harmonic: f64 = (1..=sorted.len()).map(|i| 1.0 / i as f64).sum();
            falling(by_rank(&|i| harmonic * n / i))
        }
        Method::Hommel => hommel(&sorted),
    };
    let mut result = p.to_vec();
    for (at, value) in order.iter().zip(adjusted) {
        result[present[*at]] = value.min(1.0);
    }
    result
}

/// Each value raised to the largest before it.
fn rising(mut p: Vec<f64>) -> Vec<f64> {
    for i in 1..p.len() {
        p[i] = p[i].max(p[i - 1]);
    }
    p
}

/// Each value lowered to the smallest after it.
fn falling(mut p: Vec<f64>) -> Vec<f64> {
    for i in (1..p.len()).rev() {
        p[i - 1] = p[i - 1].min(p[i]);
    }
    p
}

/// Wright's (1992) algorithm for Hommel's method on ascending p.
fn hommel(p: &[f64]) -> Vec<f64> {
    let n = p.len();
    let simes = |from: usize, to: usize, of: usize, first: usize| {
        (from..to).map(|i| of as f64 * p[i] / (first + i - from) as f64).fold(f64::INFINITY, f64::min)
    };
    let mut adjusted = vec![simes(0, n, n, 1); n];
    for m in (2..n).rev() {
        let split = n - m + 1;
        let bound = simes(split, n, m, 2);
        for (i, a) in adjusted.iter_mut().enumerate() {
            let local = if i < split { bound.min(m as f64 * p[i]) } else { bound.min(m as f64 * p[split - 1]) };
            *a = a.max(local);
        }
    }
    adjusted.iter().zip(p).map(|(a, p)| a.max(*p)).collect()
}
