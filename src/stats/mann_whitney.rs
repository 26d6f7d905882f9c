//! The Mann-Whitney (Wilcoxon rank sum) test, as R's `wilcox.test`.

use std::collections::BTreeMap;

use ndarray::ArrayView2;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::num::{rank, tails};

/// What the test looks for; cases against controls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Alternative {
    #[default]
    TwoSided,
    /// Cases tend to be smaller.
    Less,
    /// Cases tend to be larger.
    Greater,
}

/// How the p-value is found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// R's default: exact where both groups are under 50 and no value repeats, else normal with continuity correction.
    #[default]
    Auto,
    /// Exact where no value repeats, up to sizes whose counts fit 128 bits (64 a group, fewer to more); else normal.
    Exact,
    /// Normal approximation with continuity correction.
    Normal,
    /// Normal approximation without continuity correction.
    NormalUncorrected,
}

/// The options of a test; the defaults are R's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Options {
    pub alternative: Alternative,
    pub method: Method,
}

/// A test's result.
#[derive(Clone, Debug, PartialEq)]
pub struct MannWhitney {
    /// Cases and controls with a value.
    pub cases: usize,
    pub controls: usize,
    /// U of the cases: R's W of `wilcox.test(cases, controls)`.
    pub u: f64,
    /// U / (cases x controls): the area under the ROC curve when cases are higher.
    pub auc: f64,
    /// NaN where all values are equal or a group is empty.
    pub p: f64,
    /// Whether p is of the exact distribution.
    pub exact: bool,
    /// Whether a value repeats.
    pub ties: bool,
}

/// Compare two groups; NaN values take no part, infinite ones take part as ranks.
pub fn test(cases: &[f64], controls: &[f64], options: Options) -> MannWhitney {
    let present = |x: &[f64]| x.iter().copied().filter(|v| !v.is_nan()).collect::<Vec<f64>>();
    let (cases, controls) = (present(cases), present(controls));
    let exact = has_exact(&cases, &controls, options).then(|| Exact::new(cases.len(), controls.len()));
    compare(&cases, &controls, options, exact.as_ref())
}

/// Compare cases and controls in every column of `x` (n x p). The exact distribution is worked out once for each pair of
/// group sizes, and columns run in parallel; the result does not depend on the number of threads.
pub fn each(x: ArrayView2<'_, f64>, outcome: &[bool], options: Options) -> Vec<MannWhitney> {
    let columns: Vec<(Vec<f64>, Vec<f64>)> = x
        .columns()
        .into_iter()
        .map(|column| {
            let present = || column.iter().zip(outcome).filter(|(v, _)| !v.is_nan());
            (
                present().filter(|(_, y)| **y).map(|(v, _)| *v).collect(),
                present().filter(|(_, y)| !**y).map(|(v, _)| *v).collect(),
            )
        })
        .collect();
    let mut exact = BTreeMap::new();
    for (cases, controls) in columns.iter().filter(|(a, b)| has_exact(a, b, options)) {
        let sizes = (cases.len(), controls.len());
        exact.entry(sizes).or_insert_with(|| Exact::new(sizes.0, sizes.1));
    }
    columns.par_iter().map(|(a, b)| compare(a, b, options, exact.get(&(a.len(), b.len())))).collect()
}

/// Whether the exact distribution is asked for, and can be counted.
fn has_exact(cases: &[f64], controls: &[f64], options: Options) -> bool {
    const EXACT_BELOW: usize = 50;
    let (m, n) = (cases.len(), controls.len());
    match options.method {
        Method::Auto => m < EXACT_BELOW && n < EXACT_BELOW,
        // log2 of the number of arrangements, (m + n)! / m! n!.
        Method::Exact => (1..=m).map(|i| ((n + i) as f64 / i as f64).log2()).sum::<f64>() < 127.0,
        Method::Normal | Method::NormalUncorrected => false,
    }
}

fn compare(cases: &[f64], controls: &[f64], options: Options, exact: Option<&Exact>) -> MannWhitney {
    let (m, n) = (cases.len(), controls.len());
    let pooled: Vec<f64> = cases.iter().chain(controls).copied().collect();
    let ranks = rank::average(&pooled);
    let u = ranks.rank[..m].iter().sum::<f64>() - (m * (m + 1)) as f64 / 2.0;
    let exact = exact.filter(|_| ranks.ties == 0.0);
    let p = match exact {
        _ if m == 0 || n == 0 => f64::NAN,
        Some(exact) => exact.p(u, options.alternative),
        None => normal(u, m as f64, n as f64, ranks.ties, options),
    };
    let auc = u / (m * n) as f64;
    MannWhitney { cases: m, controls: n, u, auc, p, exact: exact.is_some(), ties: ranks.ties > 0.0 }
}

/// The tie-corrected normal approximation; NaN where all values are equal and the test has two sides.
fn normal(u: f64, m: f64, n: f64, ties: f64, options: Options) -> f64 {
    let difference = u - m * n / 2.0;
    let variance = m * n / 12.0 * ((m + n + 1.0) - ties / ((m + n) * (m + n - 1.0)));
    let correction = match (options.method, options.alternative) {
        (Method::NormalUncorrected, _) => 0.0,
        (_, Alternative::TwoSided) if difference == 0.0 => 0.0,
        (_, Alternative::TwoSided) => difference.signum() * 0.5,
        (_, Alternative::Greater) => 0.5,
        (_, Alternative::Less) => -0.5,
    };
    let z = (difference - correction) / variance.sqrt();
    match options.alternative {
        Alternative::TwoSided => 2.0 * tails::normal_lower(z).min(tails::normal_upper(z)),
        Alternative::Greater => tails::normal_upper(z),
        Alternative::Less => tails::normal_lower(z),
    }
}

/// The distribution of U without ties: lower tail by value.
struct Exact {
    lower: Vec<f64>,
}

impl Exact {
    /// Counts of the Gaussian binomial coefficient, in whole numbers: each product and each division is exact, as
    /// intermediate values may wrap but no count reaches 2^128 (for groups under 50 their sum is below 2^95).
    fn new(m: usize, n: usize) -> Self {
        let mut counts = vec![0_u128; m * n + 1];
        counts[0] = 1;
        for i in 1..=m {
            for u in (n + i..counts.len()).rev() {
                counts[u] = counts[u].wrapping_sub(counts[u - n - i]);
            }
            for u in i..counts.len() {
                counts[u] = counts[u].wrapping_add(counts[u - i]);
            }
        }
        let total = counts.iter().sum::<u128>() as f64;
        let below = counts.iter().scan(0_u128, |sum, count| {
            *sum += count;
            Some(*sum as f64 / total)
        });
        Self { lower: below.collect() }
    }

    /// U is whole; the distribution is symmetric, so that an upper tail is the lower tail of its mirror.
    fn p(&self, u: f64, alternative: Alternative) -> f64 {
        let (u, last) = (u as usize, self.lower.len() - 1);
        match alternative {
            Alternative::TwoSided => (2.0 * self.lower[u.min(last - u)]).min(1.0),
            Alternative::Greater => self.lower[last - u],
            Alternative::Less => self.lower[u],
        }
    }
}
