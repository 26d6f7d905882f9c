//! What a variable is measured in, and from where, changes no fit: coefficients and limits go with the unit, the rest stays.

use ndarray::Array2;
use radnote::num::rng::Rng;
use radnote::stats::firth;
use radnote::stats::logistic::{self, Options};

use super::separation::penalised;

/// Volumes in cubic millimetres, years, dates as whole numbers, concentrations: factor and origin.
const SCALES: [(f64, f64); 7] =
    [(1e-15, 0.0), (1e-6, 3e-5), (1.0, 400.0), (6.0, 2010.0), (6e4, 2.01e7), (1e10, 0.0), (1e10, 2e12)];

fn patients(seed: i32, n: usize) -> (Array2<f64>, Vec<bool>) {
    let mut rng = Rng::seeded(seed);
    let x = Array2::from_shape_fn((n, 2), |_| rng.normal());
    let outcome = (0..n).map(|i| x[[i, 0]] - 0.5 * x[[i, 1]] + 2.0 * rng.normal() > 0.4).collect();
    (x, outcome)
}

#[test]
fn limits_go_with_the_unit_of_their_column() {
    for seed in 1..=4 {
        let (x, outcome) = patients(seed, 45);
        let all = |x: &Array2<f64>| {
            let firth = firth::fit(x.view(), &outcome, 0.95).unwrap();
            let plain = logistic::fit(x.view(), &outcome, Options::SETTLED).unwrap();
            let limits = firth::profile(x.view(), &outcome, &plain, 0.95).unwrap();
            (firth, limits)
        };
        let (firth, limits) = all(&x);
        for (factor, origin) in SCALES {
            let mut moved = x.clone();
            moved.column_mut(0).mapv_inplace(|v| v * factor + origin);
            let (there, profile) = all(&moved);
            let same = |name: &str, a: f64, b: f64| {
                assert!((a - b).abs() < 1e-7 * (1.0 + b.abs()), "{name}, {factor} {origin}: {a} for {b}");
            };
            for (j, by) in [(1, factor), (2, 1.0)] {
                same("limit", profile[j].0 * by, limits[j].0);
                same("limit", profile[j].1 * by, limits[j].1);
                same("Firth's limit", there.limits[j].0 * by, firth.limits[j].0);
                same("Firth's limit", there.limits[j].1 * by, firth.limits[j].1);
                same("Firth's estimate", there.fit.coef[j] * by, firth.fit.coef[j]);
                same("Firth's error", there.fit.se[j] * by, firth.fit.se[j]);
                same("Firth's test", there.chi2[j], firth.chi2[j]);
            }
            same("overall", there.overall.chi2, firth.overall.chi2);
            same("value", there.penalised - factor.ln(), firth.penalised);
        }
    }
}

/// However far the patients lie from zero, at a limit of the intercept the profile has fallen by the quantile of chi-square, and
/// its test is that of an intercept of 0.
#[test]
fn the_intercept_is_that_of_the_columns_as_they_are() {
    for seed in 11..=14 {
        let (both, outcome) = patients(seed, 40);
        let x = both.column(0).to_vec();
        for (factor, origin) in SCALES.into_iter().filter(|(factor, origin)| origin / factor < 1e3) {
            let moved = Array2::from_shape_fn((40, 1), |(i, _)| x[i] * factor + origin);
            let fit = firth::fit(moved.view(), &outcome, 0.95).unwrap();
            // In the columns as drawn the intercept is `t` + slope x origin / factor.
            let far = origin / factor;
            let fallen = |t: f64| {
                let (mut low, mut high) = (-20.0_f64, 20.0_f64);
                if far > 0.0 {
                    // Beyond, all patients lie on one side, and nothing is left of the likelihood.
                    (low, high) = (low.max((-t - 30.0) / far), high.min((-t + 30.0) / far));
                }
                let at = |slope: f64| penalised(&x, &outcome, (t + slope * far, slope));
                for _ in 0..200 {
                    let third = (high - low) / 3.0;
                    if at(low + third) < at(high - third) { low += third } else { high -= third }
                }
                2.0 * (fit.penalised - factor.ln() - at(low))
            };
            for limit in [fit.limits[0].0, fit.limits[0].1] {
                assert!((fallen(limit) - 3.841458820694124).abs() < 1e-5, "{factor} {origin}: {}", fallen(limit));
            }
            assert!((fallen(0.0) - fit.chi2[0]).abs() < 1e-6, "{factor} {origin}: {} {}", fallen(0.0), fit.chi2[0]);
        }
    }
}
