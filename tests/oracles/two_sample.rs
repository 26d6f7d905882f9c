//! Steps `two_sample` and `ks`: R's `t.test` and `ks.test`, made by two_sample.R and ks.py.

use radnote::stats::two_sample::{self, Test};
use radnote::stats::{ks, t_test};

use super::ranks::matrix;
use super::tolerance::{P, Tolerance, absolute, relative, with_floor};

#[test]
fn two_samples_equal_r() {
    super::compare("two_sample", |case| {
        for (_, set) in case.results() {
            let table = set.table();
            let outcome = table.outcome(&set.need("outcome").text());
            for (name, result) in set.need("features").entries() {
                let values = table.numbers(&name);
                let group = |class: bool| -> Vec<f64> {
                    values.iter().zip(&outcome).filter(|(v, y)| **y == class && !v.is_nan()).map(|(v, _)| *v).collect()
                };
                let (cases, controls) = (group(true), group(false));
                for (key, t) in [
                    ("welch", t_test::welch(&cases, &controls, 0.95)),
                    ("student", t_test::student(&cases, &controls, 0.95)),
                ] {
                    let node = result.need(key);
                    for (key, ours, near) in [
                        ("t", t.t, P),
                        ("df", t.df, P),
                        ("p", t.p, P),
                        ("lower", t.lower, relative(1e-9)),
                        ("upper", t.upper, relative(1e-9)),
                    ] {
                        node.need(key).is(ours, near);
                    }
                }
                let ours = ks::test(&cases, &controls);
                let node = result.need("ks");
                node.need("d").is(ours.d, relative(1e-14));
                node.tells("exact", &[ours.exact]);
                // R's p are one minus the lower tail: 13 decimals of the exact one, 6 of the limit.
                let near: Tolerance = if ours.exact { absolute(1e-13) } else { absolute(1e-6) };
                node.need("p").is(ours.p, near);
            }
        }
    });
}

#[test]
fn columns_are_compared_as_one_by_one() {
    let table = super::table::Table::joined(std::path::Path::new("tests/oracles"), &["two_sample.csv".to_string()]);
    let outcome = table.outcome("lm");
    let names: Vec<String> = table.names[1..].to_vec();
    let x = matrix(&table, &names);
    let all = |test| two_sample::each(x.view(), &outcome, test);
    for (j, name) in names.iter().enumerate() {
        let values = table.numbers(name);
        let group = |class: bool| -> Vec<f64> {
            values.iter().zip(&outcome).filter(|(v, y)| **y == class && !v.is_nan()).map(|(v, _)| *v).collect()
        };
        let (cases, controls) = (group(true), group(false));
        assert_eq!(all(Test::Welch)[j].p, t_test::welch(&cases, &controls, 0.95).p);
        assert_eq!(all(Test::Student)[j].statistic, t_test::student(&cases, &controls, 0.95).t);
        assert_eq!(all(Test::Ks)[j].p, ks::test(&cases, &controls).p);
        assert_eq!(all(Test::Ks)[j].auc, all(Test::MannWhitney)[j].auc);
    }
}

/// The Smirnov p in whole numbers (ks.py). R takes 1 less a count over exp of a difference of lgamma, which leaves it 13 decimals:
/// of a p of 6e-7 seven digits, of one of 7e-29 none.
#[test]
fn smirnov_is_exact_where_r_is_not() {
    super::compare("ks", |case| {
        for (_, set) in case.results() {
            let (first, second) = (set.need("first").numbers(), set.need("second").numbers());
            let ours = ks::test(&first, &second);
            assert!(ours.exact);
            set.has("d", ours.d, relative(1e-14));
            set.has("p", ours.p, relative(1e-12));
            set.has("p_of_r", ours.p, absolute(2e-13));
            let (exact, theirs) = (set.need("p").number(), set.need("p_of_r").number());
            set.has("error_of_r", (theirs / exact - 1.0).abs(), with_floor(1e-3, 1e-10));
        }
    });
}

/// What R cannot say: a p far below 1e-16 keeps its digits, and constant groups have no t.
#[test]
fn small_p_keep_their_digits() {
    let (low, high): (Vec<f64>, Vec<f64>) = ((0..60).map(f64::from).collect(), (100..160).map(f64::from).collect());
    // Only the two orders that keep the groups apart reach D = 1: 2 / C(120, 60).
    let orders = (1..=60).fold(1.0, |c, i| c * f64::from(60 + i) / f64::from(i));
    let p = ks::test(&low, &high).p;
    assert!((p * orders / 2.0 - 1.0).abs() < 1e-12, "{p}");
    assert_eq!(ks::test(&[1.0, 1.0], &[1.0]).p, 1.0);
    assert!(t_test::welch(&[0.1; 5], &[0.1; 4], 0.95).p.is_nan());
}
