//! Whether a logistic likelihood has a maximum, against whole numbers: every direction that may separate is tried.

use ndarray::Array2;
use radnote::num::rng::Rng;
use radnote::stats::firth;
use radnote::stats::logistic::{self, Options, Separation};

type Row = [i64; 3];

/// What the definition says of an intercept and two columns: all directions that leave two patients where they are, which hold
/// the edges of the cone of separating ones; none where the columns depend on each other, for then the cone has no edge.
fn by_definition(x: &[[i64; 2]], outcome: &[bool]) -> Option<Option<Separation>> {
    let rows = sided(x, outcome);
    let mut told = vec![false; rows.len()];
    for edge in edges(&rows)? {
        told.iter_mut().zip(&rows).for_each(|(told, row)| *told |= along(row, &edge) > 0);
    }
    let others: Vec<Row> = rows.iter().zip(&told).filter(|(_, told)| !**told).map(|(r, _)| *r).collect();
    // A coefficient has an estimate where the others determine it.
    let lost = |k: usize| {
        let mut unit = [0; 3];
        unit[k] = 1;
        rank(&[others.as_slice(), &[unit]].concat()) > rank(&others)
    };
    Some(match (told.iter().any(|t| *t), others.is_empty()) {
        (false, _) => None,
        (true, true) => Some(Separation::Complete),
        (true, false) => Some(Separation::Quasi((0..3).map(lost).collect())),
    })
}

/// The intercept and the columns of each patient, turned towards the outcome.
fn sided(x: &[[i64; 2]], outcome: &[bool]) -> Vec<Row> {
    let side = |y: &bool| if *y { 1 } else { -1 };
    x.iter().zip(outcome).map(|(x, y)| [side(y), side(y) * x[0], side(y) * x[1]]).collect()
}

/// The edges of the cone of separating directions; none where the columns depend on each other.
fn edges(rows: &[Row]) -> Option<Vec<Row>> {
    let of = |a: &Row, b: &Row| [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
    let pairs = rows.iter().flat_map(|a| rows.iter().map(move |b| of(a, b)));
    let separates = |edge: &Row| *edge != [0; 3] && rows.iter().all(|row| along(row, edge) >= 0);
    (rank(rows) == 3).then(|| pairs.filter(separates).collect())
}

fn along(row: &Row, edge: &Row) -> i64 {
    (0..3).map(|k| row[k] * edge[k]).sum()
}

fn rank(rows: &[Row]) -> usize {
    let mut rows = rows.to_vec();
    let mut rank = 0;
    for k in 0..3 {
        let Some(at) = (rank..rows.len()).find(|&i| rows[i][k] != 0) else { continue };
        rows.swap(rank, at);
        let pivot = rows[rank];
        for row in &mut rows[rank + 1..] {
            let by = row[k];
            (0..3).for_each(|c| row[c] = row[c] * pivot[k] - by * pivot[c]);
            let shared = row.iter().fold(0_i64, |g, v| divisor(g, v.abs()));
            row.iter_mut().for_each(|v| *v /= shared.max(1));
        }
        rank += 1;
    }
    rank
}

fn divisor(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { divisor(b, a % b) }
}

fn ours(x: &[[i64; 2]], outcome: &[bool], scale: [f64; 2], shift: [f64; 2], options: Options) -> Option<Separation> {
    let x = Array2::from_shape_fn((x.len(), 2), |(i, j)| scale[j] * x[i][j] as f64 + shift[j]);
    logistic::fit(x.view(), outcome, options).unwrap().separated
}

/// Small whole numbers, of which many coincide: some separate all patients, some a part of them, the others none.
#[test]
fn separation_is_what_the_definition_says() {
    let mut rng = Rng::seeded(3);
    let mut seen = [0; 3];
    for case in 0..3000 {
        let n = 6 + case % 23;
        let most = [1.0, 2.0, 5.0, 12.0, 40.0][case % 5];
        let mut number = |most: f64| ((2.0 * rng.uniform() - 1.0) * most).round() as i64;
        let x: Vec<[i64; 2]> = (0..n).map(|_| [number(most), number(most)]).collect();
        let noise: Vec<i64> = (0..n).map(|_| number(most * [0.3, 1.0, 2.0][case % 3])).collect();
        let outcome: Vec<bool> = x.iter().zip(&noise).map(|(x, e)| 2 * x[0] - x[1] + e > 0).collect();
        let Some(wanted) = by_definition(&x, &outcome) else { continue };
        if outcome.iter().all(|y| *y == outcome[0]) {
            continue;
        }
        seen[wanted.as_ref().map_or(0, |w| if *w == Separation::Complete { 1 } else { 2 })] += 1;
        // Wherever the iterations end.
        let early = Options { max_iterations: 1, ..Options::default() };
        for options in [Options::default(), Options::SETTLED, early] {
            let found = ours(&x, &outcome, [1.0; 2], [0.0; 2], options);
            assert_eq!(found, wanted, "{x:?} {outcome:?} {options:?}");
        }
        // Units change nothing but what the intercept stands for.
        let found = ours(&x, &outcome, [1e-5, 3e4], [0.0, 0.0], Options::default());
        assert_eq!(found, wanted, "{x:?} {outcome:?} in other units");
    }
    assert!(seen.iter().all(|n| *n > 300), "{seen:?}");
}

/// Values far from 0 beside their spread: of the slopes nothing changes.
#[test]
fn separation_does_not_depend_on_the_origin() {
    let x: Vec<[i64; 2]> = (0..40).map(|i| [i % 7, (i * i) % 11]).collect();
    let rules: [fn(usize, &[i64; 2]) -> bool; 3] =
        [|_, x| x[0] + x[1] > 8, |i, x| x[0] > 4 || x[0] == 4 && i % 5 < 2, |i, x| (x[0] + x[1] > 8) != (i % 6 == 0)];
    let slopes = |found: Option<Separation>| found.map(|s| [s.is_infinite(1), s.is_infinite(2)]);
    for (rule, wanted) in rules.iter().zip([Some([true, true]), Some([true, false]), None]) {
        let outcome: Vec<bool> = x.iter().enumerate().map(|(i, x)| rule(i, x)).collect();
        assert_eq!(by_definition(&x, &outcome).map(slopes), Some(wanted));
        for shift in [0.0, 1e4, -1e6] {
            let found = ours(&x, &outcome, [1.0; 2], [shift; 2], Options::default());
            assert_eq!(slopes(found), wanted, "{shift}");
        }
    }
}

/// Predictors beyond 15 beside a coefficient that is small and unsure, and none of it separation.
#[test]
fn a_strong_effect_beside_a_weak_one_is_no_separation() {
    let x: Vec<[i64; 2]> = (-40..=40).map(|i| 2 * i - 1).map(|v| [v, (v * v) % 7]).collect();
    let outcome: Vec<bool> = x.iter().map(|x| (x[0] > 0) != [-3, 3].contains(&x[0])).collect();
    let matrix = Array2::from_shape_fn((x.len(), 2), |(i, j)| x[i][j] as f64);
    for options in [Options::default(), Options::SETTLED] {
        let fit = logistic::fit(matrix.view(), &outcome, options).unwrap();
        assert!(fit.linear.iter().any(|l| l.abs() > 15.0) && (0..3).any(|j| fit.se[j] > 10.0 * fit.coef[j].abs()));
        assert_eq!(fit.separated, None);
    }
    assert_eq!(by_definition(&x, &outcome), Some(None));
}

/// R's glm stops without a warning where everyone of one level has the event, and calls the fit converged.
#[test]
fn a_level_with_one_outcome_is_found() {
    let level = |i: usize| i.is_multiple_of(4);
    let x =
        Array2::from_shape_fn((120, 2), |(i, j)| if j == 0 { f64::from(u8::from(level(i))) } else { (i % 9) as f64 });
    let outcome: Vec<bool> = (0..120).map(|i| level(i) || (i * 5) % 12 < 4 + i % 9 / 3).collect();
    let fit = logistic::fit(x.view(), &outcome, Options::default()).unwrap();
    assert!(fit.converged && !fit.extreme);
    assert_eq!(fit.separated, Some(Separation::Quasi(vec![false, true, false])));
}

/// The profile likelihood has no end on a side of a coefficient exactly where a separating direction leads there; all other limits
/// are numbers, about the estimate where there is one. Of a limit that doubles have no digits for, beside a direction that leads
/// elsewhere, nothing is said; these are few.
#[test]
fn a_profile_ends_where_no_separating_direction_leads() {
    let mut rng = Rng::seeded(8);
    let (mut seen, mut unknown) = ([0; 3], 0);
    for case in 0..900 {
        let n = 8 + case % 23;
        let most = [1.0, 2.0, 5.0, 12.0, 40.0][case % 5];
        let mut number = |most: f64| ((2.0 * rng.uniform() - 1.0) * most).round() as i64;
        let x: Vec<[i64; 2]> = (0..n).map(|_| [number(most), number(most)]).collect();
        let noise: Vec<i64> = (0..n).map(|_| number(most * [0.3, 1.0, 2.0][case % 3])).collect();
        let outcome: Vec<bool> = x.iter().zip(&noise).map(|(x, e)| 2 * x[0] - x[1] + e > 0).collect();
        let Some(edges) = edges(&sided(&x, &outcome)) else { continue };
        if outcome.iter().all(|y| *y == outcome[0]) {
            continue;
        }
        let scale = [[1.0, 1.0], [1e-4, 1e3]][case % 2];
        let matrix = Array2::from_shape_fn((n, 2), |(i, j)| scale[j] * x[i][j] as f64);
        let fit = logistic::fit(matrix.view(), &outcome, Options::default()).unwrap();
        let limits = firth::profile(matrix.view(), &outcome, &fit, 0.95).unwrap();
        let nearer = firth::profile(matrix.view(), &outcome, &fit, 0.9).unwrap();
        for (j, (limits, nearer)) in limits.iter().zip(&nearer).enumerate() {
            let leads = |side: i64| edges.iter().any(|edge| side * edge[j] > 0);
            let what = format!("coefficient {j} of {x:?} {outcome:?}: {limits:?}");
            for (limit, end, side) in [(limits.0, f64::NEG_INFINITY, -1), (limits.1, f64::INFINITY, 1)] {
                unknown += usize::from(limit.is_nan());
                assert!(limit.is_nan() && fit.separated.is_some() || (limit == end) == leads(side), "{what}");
            }
            // A value at which no more is known of the profile would be the limit at any level.
            for (apart, limit) in [(nearer.0 - limits.0, limits.0), (limits.1 - nearer.1, limits.1)] {
                assert!(apart.is_nan() || apart > 1e-4 * limit.abs(), "{what} {nearer:?}");
            }
            assert!(limits.0 < limits.1 || limits.0.is_nan() || limits.1.is_nan(), "{what}");
            if !leads(-1) && !leads(1) {
                assert!(limits.0 < fit.coef[j] && fit.coef[j] < limits.1, "{what}");
            }
            seen[usize::from(leads(-1)) + usize::from(leads(1))] += 1;
        }
    }
    assert!(seen.iter().all(|n| *n > 60), "{seen:?}");
    assert!(unknown <= 10, "{unknown} of 5400 limits are not known");
}

/// Log likelihood of an intercept and a slope with Firth's penalty, half the logarithm of the information's determinant.
pub(super) fn penalised(x: &[f64], outcome: &[bool], (a, b): (f64, f64)) -> f64 {
    let mut value = 0.0;
    let mut sums = [0.0; 3];
    for (x, y) in x.iter().zip(outcome) {
        let eta = a + b * x;
        value -= (if *y { -eta } else { eta }).exp().ln_1p();
        let weight = 1.0 / ((1.0 + eta.exp()) * (1.0 + (-eta).exp()));
        (0..3).for_each(|k| sums[k as usize] += weight * x.powi(k));
    }
    // The determinant about the mean, where nothing cancels.
    let mean = sums[1] / sums[0];
    let about = |x: &f64| {
        let eta = a + b * x;
        (x - mean) * (x - mean) / ((1.0 + eta.exp()) * (1.0 + (-eta).exp()))
    };
    value + 0.5 * (sums[0].ln() + x.iter().map(about).sum::<f64>().ln())
}

/// The penalised profile of a slope may have several peaks over the intercept: a limit is where the highest has fallen by the
/// quantile of chi-square.
#[test]
fn a_penalised_limit_is_of_the_highest_peak() {
    let mut rng = Rng::seeded(5);
    let (mut limits, mut several) = (0, 0);
    for case in 0..120 {
        let n = 8 + case % 9;
        let x: Vec<f64> = (0..n).map(|_| (20.0 * rng.uniform() - 10.0).round() / 2.0).collect();
        let outcome: Vec<bool> = x.iter().map(|x| *x + 2.0 * rng.uniform() - 1.0 > 0.0).collect();
        let events = outcome.iter().filter(|y| **y).count();
        if events < 2 || events + 2 > n {
            continue;
        }
        let fit = firth::fit(Array2::from_shape_fn((n, 1), |(i, _)| x[i]).view(), &outcome, 0.95).unwrap();
        for slope in [fit.limits[1].0, fit.limits[1].1] {
            // Where the linear predictor is zero lies within the data or near it.
            let (from, step) = (-8.0 * (slope.abs() + 1.0), 16.0 * (slope.abs() + 1.0) / 4000.0);
            let at = |a: f64| penalised(&x, &outcome, (a, slope));
            let grid: Vec<f64> = (0..=4000).map(|k| at(from + step * f64::from(k))).collect();
            let tops: Vec<usize> = (1..4000).filter(|k| grid[*k] > grid[k - 1] && grid[*k] >= grid[k + 1]).collect();
            let peak = |k: usize| {
                let (mut low, mut high) = (from + step * (k as f64 - 1.0), from + step * (k as f64 + 1.0));
                for _ in 0..80 {
                    let third = (high - low) / 3.0;
                    if at(low + third) < at(high - third) { low += third } else { high -= third }
                }
                at(low)
            };
            let highest = tops.iter().map(|k| peak(*k)).fold(f64::NEG_INFINITY, f64::max);
            let fallen = 2.0 * (fit.penalised - highest);
            assert!((fallen - 3.841458820694124).abs() < 1e-6, "{x:?} {outcome:?} {slope}: {fallen}");
            limits += 1;
            several += usize::from(tops.len() > 1);
        }
    }
    assert!(limits > 150 && several > 20, "{several} of {limits} have several peaks");
}
