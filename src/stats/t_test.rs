//! Two means, and two variances, as R's `t.test` and `var.test`.

use crate::num::{summary, tails};

/// A comparison of two means, first group minus second.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TTest {
    pub t: f64,
    pub df: f64,
    /// Two-sided.
    pub p: f64,
    /// Confidence limits of the difference.
    pub lower: f64,
    pub upper: f64,
}

/// A comparison of two variances.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VarianceRatio {
    pub f: f64,
    /// Two-sided.
    pub p: f64,
}

/// Welch's test, which lets the variances differ; NaN where a group has under two values or all are constant.
pub fn welch(first: &[f64], second: &[f64], level: f64) -> TTest {
    let part = |x: &[f64]| summary::variance(x) / x.len() as f64;
    let (a, b) = (part(first), part(second));
    let df = (a + b) * (a + b) / (a * a / (first.len() as f64 - 1.0) + b * b / (second.len() as f64 - 1.0));
    from(first, second, (a + b).sqrt(), df, level)
}

/// Student's test with the pooled variance; a group of one value adds none to it. NaN where a group is empty, both have one
/// value, or all are constant.
pub fn student(first: &[f64], second: &[f64], level: f64) -> TTest {
    let (m, n) = (first.len() as f64, second.len() as f64);
    let squares = |x: &[f64]| if x.len() == 1 { 0.0 } else { (x.len() as f64 - 1.0) * summary::variance(x) };
    let pooled = (squares(first) + squares(second)) / (m + n - 2.0);
    from(first, second, (pooled * (1.0 / m + 1.0 / n)).sqrt(), m + n - 2.0, level)
}

/// The F test of equal variances.
pub fn variance_ratio(first: &[f64], second: &[f64]) -> VarianceRatio {
    let f = summary::variance(first) / summary::variance(second);
    let (df1, df2) = (first.len() as f64 - 1.0, second.len() as f64 - 1.0);
    let tail = tails::f_lower(f, df1, df2).min(tails::f_upper(f, df1, df2));
    VarianceRatio { f, p: (2.0 * tail).min(1.0) }
}

fn from(first: &[f64], second: &[f64], se: f64, df: f64, level: f64) -> TTest {
    let (a, b) = (summary::mean(first), summary::mean(second));
    let difference = a - b;
    // Values that are constant but for rounding: R refuses them, and so there is no t.
    let se = if se < 10.0 * f64::EPSILON * a.abs().max(b.abs()) { f64::NAN } else { se };
    let t = difference / se;
    let reach = tails::t_quantile(0.5 + level / 2.0, df) * se;
    TTest { t, df, p: tails::t_two_sided(t, df), lower: difference - reach, upper: difference + reach }
}
