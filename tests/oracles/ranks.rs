//! Steps `mann_whitney` and `rng`: `wilcox.test`, `p.adjust`, and R's random stream.

use ndarray::Array2;
use radnote::num::rng::Rng;
use radnote::stats::mann_whitney::{self, Alternative, MannWhitney, Method, Options};
use radnote::stats::{folds, p_adjust};

use super::case::Node;
use super::table::Table;
use super::tolerance::{EXACT, P, relative};

#[test]
fn mann_whitney_equals_r() {
    super::compare("mann_whitney", |case| {
        for (_, set) in case.results() {
            if let Some(p) = set.at("p") {
                adjusted(&set, &p.numbers());
            } else if set.at("input").is_some() {
                from_table(&set);
            } else {
                for (_, small) in set.entries() {
                    one(&small.need("result"), &small.need("x").numbers(), &small.need("y").numbers());
                }
            }
        }
    });
}

fn from_table(set: &Node) {
    let table = set.table();
    let outcome = table.outcome(&set.need("outcome").text());
    if let Some(columns) = set.at("table") {
        many(set, &columns, &table, &outcome);
    }
    for (name, result) in set.at("features").map(|f| f.entries()).unwrap_or_default() {
        let values = table.numbers(&name);
        let group = |which: bool| values.iter().zip(&outcome).filter(|(_, y)| **y == which).map(|(v, _)| *v).collect();
        let (x, y): (Vec<f64>, Vec<f64>) = (group(true), group(false));
        one(&result, &x, &y);
    }
}

/// A table of many features with one outcome.
fn many(set: &Node, columns: &Node, table: &Table, outcome: &[bool]) {
    let names = columns.need("feature").texts();
    let x = matrix(table, &names);
    let run = |method| mann_whitney::each(x.view(), outcome, Options { method, ..Options::default() });
    let results = run(Method::Auto);
    let p: Vec<f64> = results.iter().map(|r| r.p).collect();
    let all = |f: &dyn Fn(&MannWhitney) -> f64| results.iter().map(f).collect::<Vec<f64>>();
    columns.have("W_cases", &all(&|r| r.u), EXACT);
    columns.have("auc", &all(&|r| r.auc), relative(1e-15));
    columns.have("p_default", &p, P);
    columns.have("ties", &all(&|r| f64::from(u8::from(r.ties))), EXACT);
    for (key, method) in [("p_normal_corrected", Method::Normal), ("p_normal_uncorrected", Method::NormalUncorrected)] {
        columns.have(key, &run(method).iter().map(|r| r.p).collect::<Vec<f64>>(), P);
    }
    for (key, method) in corrections() {
        columns.have(&format!("padj_{key}"), &p_adjust::adjust(&p, method), P);
    }
    let below = |p: &[f64]| -> Vec<String> {
        names.iter().zip(p).filter(|(_, p)| **p < 0.05).map(|(n, _)| n.clone()).collect()
    };
    set.tells("selected_p_lt_0.05", &below(&p));
    set.tells("n_selected_p_lt_0.05", &[below(&p).len()]);
    set.tells("n_selected_BH_lt_0.05", &[below(&p_adjust::adjust(&p, p_adjust::Method::Bh)).len()]);
}

/// One pair of groups, every variant of the test.
fn one(result: &Node, x: &[f64], y: &[f64]) {
    let test = |method, alternative| mann_whitney::test(x, y, Options { method, alternative });
    let default = test(Method::Auto, Alternative::TwoSided);
    result.tells("n_x", &[default.cases]);
    result.tells("n_y", &[default.controls]);
    result.tells("ties", &[default.ties]);
    result.has("W_cases", default.u, EXACT);
    result.has("W_controls", (default.cases * default.controls) as f64 - default.u, EXACT);
    result.has("auc", default.auc, relative(1e-15));
    let method = if default.exact { "exact test" } else { "test with continuity correction" };
    result.tells("default_method", &[format!("Wilcoxon rank sum {method}")]);
    for (prefix, method) in [
        ("p_default", Method::Auto),
        ("p_exact", Method::Exact),
        ("p_normal_corrected", Method::Normal),
        ("p_normal_uncorrected", Method::NormalUncorrected),
    ] {
        result.has(prefix, test(method, Alternative::TwoSided).p, P);
        result.has(&format!("{prefix}_less"), test(method, Alternative::Less).p, P);
        result.has(&format!("{prefix}_greater"), test(method, Alternative::Greater).p, P);
    }
}

fn corrections() -> Vec<(&'static str, p_adjust::Method)> {
    use p_adjust::Method::*;
    vec![
        ("holm", Holm),
        ("hochberg", Hochberg),
        ("hommel", Hommel),
        ("bonferroni", Bonferroni),
        ("BH", Bh),
        ("BY", By),
        ("fdr", Bh),
        ("none", None),
    ]
}

fn adjusted(set: &Node, p: &[f64]) {
    for (key, method) in corrections() {
        set.need("out").have(key, &p_adjust::adjust(p, method), P);
    }
}

/// Columns of a table as a matrix stored by column.
pub fn matrix(table: &Table, names: &[String]) -> Array2<f64> {
    let values: Vec<f64> = names.iter().flat_map(|n| table.numbers(n)).collect();
    Array2::from_shape_vec((names.len(), table.rows()), values).unwrap().reversed_axes()
}

#[test]
fn the_random_stream_equals_r() {
    super::compare("rng", |case| {
        for set in case.root().need("results").items() {
            let seed = set.need("seed").number() as i32;
            for (key, node) in set.entries() {
                stream(&key, &node, seed);
            }
        }
    });
}

/// One draw: what and of how many stands in its name, as `sample_10_of_1000000`.
fn stream(key: &str, node: &Node, seed: i32) {
    let mut rng = Rng::seeded(seed);
    let length = node.items().len();
    let sizes: Vec<usize> = key.split('_').filter_map(|w| w.parse().ok()).collect();
    let one_based = |drawn: Vec<usize>| drawn.into_iter().map(|i| (i + 1) as f64).collect::<Vec<f64>>();
    match (key.split('_').next().unwrap_or_default(), sizes.as_slice()) {
        ("runif", _) => node.are(&(0..length).map(|_| rng.uniform()).collect::<Vec<f64>>(), EXACT),
        ("rnorm", _) => node.are(&(0..length).map(|_| rng.normal()).collect::<Vec<f64>>(), relative(1e-14)),
        ("sample", [n]) if key.ends_with("replace") => node.are(&one_based(rng.resample(*n, length)), EXACT),
        ("sample", [n]) => node.are(&one_based(rng.sample(*n, length)), EXACT),
        ("sample", [k, n]) => node.are(&one_based(rng.sample(*n, *k)), EXACT),
        ("foldid", [n, k]) => {
            let folds = folds::assign(*n, *k, seed).unwrap();
            node.are(&folds.into_iter().map(|f| f as f64).collect::<Vec<f64>>(), EXACT);
        }
        ("second", _) => {
            // What follows on a permutation of 82: draws with replacement.
            rng.sample(82, 82);
            node.are(&one_based(rng.resample(82, length)), EXACT);
        }
        ("strat", _) => {
            let outcome: Vec<bool> = (0..122).map(|i| i >= 70).collect();
            let training = folds::split(&outcome, 2.0 / 3.0, seed).unwrap();
            node.are(&one_based((0..122).filter(|&i| training[i]).collect()), EXACT);
        }
        _ => {}
    }
}
