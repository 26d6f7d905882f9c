//! Confidence intervals of a proportion.

use crate::num::tails;

/// Clopper and Pearson's exact interval at `level` (0.95), as R's `binom.test`; NaN of nothing.
pub fn clopper_pearson(events: usize, n: usize, level: f64) -> (f64, f64) {
    if n == 0 {
        return (f64::NAN, f64::NAN);
    }
    let (x, rest, tail) = (events as f64, (n - events) as f64, (1.0 - level) / 2.0);
    let lower = if events == 0 { 0.0 } else { tails::beta_quantile(tail, x, rest + 1.0) };
    let upper = if events == n { 1.0 } else { tails::beta_quantile(1.0 - tail, x + 1.0, rest) };
    (lower, upper)
}

/// Wilson's score interval.
pub fn wilson(events: usize, n: usize, level: f64) -> (f64, f64) {
    let (p, n, z) = parts(events, n, level);
    let centre = (p + z * z / (2.0 * n)) / (1.0 + z * z / n);
    let reach = z / (1.0 + z * z / n) * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
    (centre - reach, centre + reach)
}

/// Agresti and Coull's interval; it may pass 0 or 1.
pub fn agresti_coull(events: usize, n: usize, level: f64) -> (f64, f64) {
    let (p, n, z) = parts(events, n, level);
    let total = n + z * z;
    let centre = (p * n + z * z / 2.0) / total;
    let reach = z * (centre * (1.0 - centre) / total).sqrt();
    (centre - reach, centre + reach)
}

/// Wald's interval; it may pass 0 or 1.
pub fn wald(events: usize, n: usize, level: f64) -> (f64, f64) {
    let (p, n, z) = parts(events, n, level);
    let reach = z * (p * (1.0 - p) / n).sqrt();
    (p - reach, p + reach)
}

fn parts(events: usize, n: usize, level: f64) -> (f64, f64, f64) {
    (events as f64 / n as f64, n as f64, tails::normal_quantile(0.5 + level / 2.0))
}
