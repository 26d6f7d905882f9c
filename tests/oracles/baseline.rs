//! Step `table1`: the tests of a baseline table.

use ndarray::Array2;
use radnote::num::summary;
use radnote::stats::{contingency, fisher, mann_whitney, roc, roc_extra, sample_size, shapiro, t_test};

use super::case::Node;
use super::table::Table;
use super::tolerance::{EXACT, P, relative};

const FINE: super::tolerance::Tolerance = relative(1e-12);

#[test]
fn baseline_tests_equal_r() {
    super::compare("table1", |case| {
        for (key, set) in case.results().into_iter().filter(|(_, n)| n.is_object()) {
            match key.as_str() {
                "cohort" => {
                    let table = Table::joined(&case.folder, &["cohort.csv".to_string()]);
                    set.entries().iter().for_each(|(part, node)| group(node, &table.only("cohort", part)));
                }
                "tables" => set.entries().iter().for_each(|(_, node)| counts(node)),
                "mcnemar" => paired(&set),
                _ => {
                    group(&set, &set.table());
                }
            }
        }
    });
}

fn group(node: &Node, table: &Table) {
    for (name, node) in node.at("continuous").map(|c| c.entries()).unwrap_or_default() {
        let values = table.numbers(&name);
        let n = node.need("n").numbers();
        let y = table.outcome(&table.outcome_with(n[0] as usize, n[1] as usize, &values).unwrap());
        let of = |class: bool| {
            let mine = values.iter().zip(&y).filter(|(v, y)| **y == class && !v.is_nan());
            mine.map(|(v, _)| *v).collect::<Vec<f64>>()
        };
        continuous(&node, &of(true), &of(false));
    }
    for (_, node) in node.at("categorical").map(|c| c.entries()).unwrap_or_default() {
        counts(&node);
    }
}

fn continuous(node: &Node, cases: &[f64], controls: &[f64]) {
    let both = |f: &dyn Fn(&[f64]) -> f64| [f(cases), f(controls)];
    let quantile = |p: f64| move |x: &[f64]| summary::quantile(&summary::sorted(x), p);
    node.have("n", &both(&|x| x.len() as f64), EXACT);
    node.have("mean", &both(&summary::mean), FINE);
    node.have("sd", &both(&summary::sd), FINE);
    node.have("median", &both(&summary::median), FINE);
    node.have("q1_type7", &both(&quantile(0.25)), FINE);
    node.have("q3_type7", &both(&quantile(0.75)), FINE);
    node.have("min", &both(&|x| summary::range(x).0), EXACT);
    node.have("max", &both(&|x| summary::range(x).1), EXACT);
    for (key, test) in
        [("welch", t_test::welch(cases, controls, 0.95)), ("student", t_test::student(cases, controls, 0.95))]
    {
        let Some(node) = node.at(key) else { continue };
        node.has("t", test.t, P);
        node.has("df", test.df, P);
        node.has("p", test.p, P);
        node.have("ci_difference", &[test.lower, test.upper], P);
    }
    if let Some(node) = node.at("mann_whitney") {
        let test = mann_whitney::test(cases, controls, Default::default());
        node.has("W", test.u, EXACT);
        node.has("p", test.p, P);
        let method = if test.exact { "exact test" } else { "test with continuity correction" };
        node.tells("method", &[format!("Wilcoxon rank sum {method}")]);
    }
    for (key, values) in [("shapiro_cases", cases), ("shapiro_controls", controls)] {
        if let Some(node) = node.at(key) {
            let test = shapiro::test(values);
            node.has("W", test.w, P);
            node.has("p", test.p, P);
        }
    }
    if let Some(node) = node.at("variance_ratio_F") {
        let test = t_test::variance_ratio(cases, controls);
        node.has("F", test.f, P);
        node.has("p", test.p, P);
    }
}

/// Where a definition changes over (edges.R).
#[test]
fn edges_equal_r() {
    super::compare("edges", |case| {
        let results = case.root().need("results");
        for node in results.need("shapiro").items() {
            let test = shapiro::test(&node.need("x").numbers());
            node.has("W", test.w, P);
            node.has("p", test.p, P);
        }
        results.need("tables").items().iter().for_each(counts);
        for node in results.need("r2_of_c").items() {
            let ours = sample_size::r2_of_c(node.need("c").number(), node.need("prevalence").number()).unwrap();
            node.has("r2", ours, relative(1e-10));
        }
        let node = results.need("partial");
        let outcome: Vec<bool> = node.need("outcome").numbers().iter().map(|y| *y > 0.5).collect();
        let curve = roc::curve(&node.need("score").numbers(), &outcome, Some(roc::Direction::CasesHigher)).unwrap();
        for part in node.need("parts").items() {
            let at = part.need("specificity").numbers();
            let ours = roc_extra::partial(&curve, at[0], at[1]);
            part.has("raw", ours.raw, FINE);
            part.has("corrected", ours.corrected, FINE);
        }
    });
}

fn counts(node: &Node) {
    let rows: Vec<Vec<usize>> =
        node.need("table").items().iter().map(|r| r.numbers().iter().map(|v| *v as usize).collect()).collect();
    let table = Array2::from_shape_vec((rows.len(), rows[0].len()), rows.concat()).unwrap();
    let filled = contingency::without_empty(table.view());
    for (key, test) in [
        ("chisq", contingency::pearson(table.view())),
        ("chisq_nonempty_levels", contingency::pearson(filled.view())),
        ("chisq_yates", contingency::yates(filled.view())),
        ("lr_chisq", contingency::likelihood_ratio(filled.view())),
    ] {
        let Some(node) = node.at(key) else { continue };
        node.tells("df", &[test.df]);
        // A statistic of rounding, 1e-32, is 0; its p is 1 to 8 digits.
        node.has("X2", test.chi2, super::tolerance::of_row(&[test.chi2, 1e-20], 1e-10));
        node.has("G2", test.chi2, P);
        node.has("p", test.p, P);
        node.has("min_expected", test.expected.iter().fold(f64::INFINITY, |m, e| m.min(*e)), P);
        for (row, ours) in node.at("expected").map(|e| e.items()).unwrap_or_default().iter().zip(test.expected.rows()) {
            row.are(&ours.to_vec(), P);
        }
    }
    if filled.dim() == (2, 2) {
        let (a, b, c, d) = (filled[[0, 0]], filled[[0, 1]], filled[[1, 0]], filled[[1, 1]]);
        node.has("odds_ratio_sample", (a * d) as f64 / (b * c) as f64, FINE);
    }
    if let Some(node) = node.at("fisher") {
        exact(&node, &filled);
    }
}

fn exact(node: &Node, table: &Array2<usize>) {
    node.has("p", fisher::p_value(table.view()).unwrap(), P);
    if table.dim() != (2, 2) {
        return;
    }
    let ours = fisher::two_by_two(table.view(), 0.95).unwrap();
    node.has("p", ours.p, P);
    node.has("p_greater", ours.p_greater, P);
    node.has("p_less", ours.p_less, P);
    if let Some(node) = node.at("exact") {
        node.has("odds_ratio", ours.odds_ratio, relative(1e-9));
        node.have("ci", &[ours.lower, ours.upper], relative(1e-9));
    }
    for key in ["odds_ratio_conditional_mle", "ci"] {
        if let Some(node) = node.at(key) {
            node.excuse("R's root finder stops early; the exact values are compared");
        }
    }
}

fn paired(node: &Node) {
    let cells: Vec<usize> = node.need("table").items().iter().flat_map(|r| r.numbers()).map(|v| v as usize).collect();
    let table = Array2::from_shape_vec((2, 2), cells).unwrap();
    for (key, corrected) in [("corrected", true), ("uncorrected", false)] {
        if let Some(node) = node.at(key) {
            let (chi2, p) = contingency::mcnemar(table.view(), corrected);
            node.has("X2", chi2, P);
            node.has("p", p, P);
        }
    }
    node.has("exact_p", contingency::mcnemar_exact(table.view()), P);
}
