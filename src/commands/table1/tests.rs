//! Which test a variable gets, and what it says.

use ndarray::Array2;

use super::{Categorical, Numeric, Summary, Table1};
use crate::num::summary;
use crate::page::number;
use crate::stats::{contingency, difference, fisher, mann_whitney, shapiro, t_test};

/// Above this p a test of an assumption does not speak against it.
const HOLDS: f64 = 0.05;
/// Pearson's test wants this many patients expected in every cell; the paper's rule this many observed.
const ENOUGH: usize = 5;

/// The test of counts whose exact p cannot be summed.
pub(super) const TOO_MANY: &str = "none: too many tables";

/// What stands in place of a test where one of the two groups has no value.
const ONE_GROUP: &str = "none: one group";

/// What a variable comes to in the two groups.
pub(super) struct Compared {
    /// Whether it has levels, a row each; a number has one row, of its summary.
    pub factor: bool,
    /// What it is, without and with the event.
    pub rows: Vec<[String; 3]>,
    /// Its name in words, and why it was taken where that was not asked for.
    pub test: &'static str,
    pub p: f64,
    /// The standardised difference.
    pub apart: f64,
    /// Patients without a value, without and with the event.
    pub missing: [usize; 2],
}

/// A number: `groups` are the values without and with the event, NaN where missing.
pub(super) fn numeric(line: &Table1, groups: &[Vec<f64>; 2]) -> Compared {
    let present = groups.each_ref().map(|g| g.iter().copied().filter(|v| !v.is_nan()).collect::<Vec<f64>>());
    let normal = present.iter().all(|g| shapiro::test(g).p >= HOLDS);
    let means = match line.summary {
        Summary::Mean => true,
        Summary::Median => false,
        Summary::Auto => normal,
    };
    let of = |g: &Vec<f64>| {
        let sorted = summary::sorted(g);
        let quantile = |p| number::value(summary::quantile(&sorted, p));
        match means {
            _ if g.is_empty() => "none".to_string(),
            true => format!("{} ({})", number::value(summary::mean(g)), number::value(summary::sd(g))),
            false => format!("{} ({}, {})", number::value(summary::median(g)), quantile(0.25), quantile(0.75)),
        }
    };
    let what = if means { "mean (SD)" } else { "median (Q1, Q3)" };
    let [without, with] = &present;
    let equal = t_test::variance_ratio(with, without).p >= HOLDS;
    let (test, p) = match (line.numeric, normal, equal) {
        (Numeric::Student, ..) | (Numeric::Auto, true, true) => ("Student t", t_test::student(with, without, 0.95).p),
        (Numeric::Welch, ..) | (Numeric::Auto, true, false) => ("Welch t", t_test::welch(with, without, 0.95).p),
        (Numeric::MannWhitney, ..) | (Numeric::Auto, false, _) => {
            let test = mann_whitney::test(with, without, Default::default());
            (if test.exact { "Mann-Whitney, exact" } else { "Mann-Whitney" }, test.p)
        }
    };
    let test = match p.is_nan() {
        false => test,
        true if present.iter().any(Vec::is_empty) => ONE_GROUP,
        true => "none: no spread",
    };
    let apart = difference::of_means(with, without);
    let missing = [0, 1].map(|g| groups[g].len() - present[g].len());
    Compared { factor: false, rows: vec![[what.to_string(), of(without), of(with)]], test, p, apart, missing }
}

/// A factor: `groups` are the levels without and with the event, none where missing.
pub(super) fn categorical(line: &Table1, levels: &[String], groups: &[Vec<Option<usize>>; 2]) -> Compared {
    let count = |l: usize, g: usize| groups[g].iter().filter(|v| **v == Some(l)).count();
    let counts = Array2::from_shape_fn((levels.len(), 2), |(l, g)| count(l, g));
    let total = [0, 1].map(|g| counts.column(g).sum());
    let cell = |l: usize, g: usize| match total[g] {
        0 => "0".to_string(),
        n => format!("{} ({:.1} %)", counts[[l, g]], 100.0 * counts[[l, g]] as f64 / n as f64),
    };
    // A level that nobody has says nothing, and has no expected count.
    let shown: Vec<usize> = (0..levels.len()).filter(|l| counts.row(*l).sum() > 0).collect();
    let rows = shown.iter().map(|l| [levels[*l].clone(), cell(*l, 0), cell(*l, 1)]).collect();
    let (test, p) = of_counts(line.categorical, &contingency::without_empty(counts.view()));
    let missing = [0, 1].map(|g| groups[g].len() - total[g]);
    Compared { factor: true, rows, test, p, apart: difference::of_shares(counts.view()), missing }
}

fn of_counts(rule: Categorical, counts: &Array2<usize>) -> (&'static str, f64) {
    if counts.ncols() < 2 {
        return (ONE_GROUP, f64::NAN);
    }
    if counts.nrows() < 2 {
        return ("none: one level", f64::NAN);
    }
    let pearson = contingency::pearson(counts.view());
    let few_expected = pearson.expected.iter().any(|e| *e < ENOUGH as f64);
    let few_observed = counts.nrows() == 2 && counts.iter().any(|n| *n < ENOUGH);
    let exact = match rule {
        Categorical::Auto => few_expected,
        Categorical::Paper => few_observed,
        Categorical::Fisher => true,
        Categorical::Pearson | Categorical::Yates => false,
    };
    match (exact, rule) {
        (true, _) => fisher::p_value(counts.view()).map_or((TOO_MANY, f64::NAN), |p| ("Fisher, exact", p)),
        (false, Categorical::Yates) if counts.nrows() == 2 => ("Yates", contingency::yates(counts.view()).p),
        (false, _) => ("Pearson", pearson.p),
    }
}
