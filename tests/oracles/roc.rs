//! Step `roc`: pROC's curves, DeLong's variance and tests, cut-offs and intervals at them.

use std::collections::BTreeMap;

use radnote::stats::delong;
use radnote::stats::proportion;
use radnote::stats::roc::{self, Best, Direction, Roc};
use radnote::stats::roc_extra;
use radnote::task::Task;

use super::case::Node;
use super::design::notes;
use super::table::Table;
use super::tolerance::{EXACT, absolute, relative};

const FINE: super::tolerance::Tolerance = absolute(1e-12);

/// The predictors of one group of patients, with their outcome.
struct Scores {
    outcome: Vec<bool>,
    of: BTreeMap<String, Vec<f64>>,
    direction: BTreeMap<String, Direction>,
}

#[test]
fn roc_curves_equal_r() {
    super::compare("roc", |case| {
        for (name, set) in case.results() {
            if name == "edge" {
                set.entries().iter().for_each(|(_, edge)| one_edge(edge));
            } else if set.at("nomogram_probability").is_some() {
                cohort(&set);
            } else {
                let table = set.table();
                group(&set, &table, &BTreeMap::new());
            }
        }
    });
}

fn one_edge(edge: &Node) {
    let (x, y) = (edge.need("x").numbers(), edge.need("y").numbers());
    let outcome: Vec<bool> = y.iter().map(|v| *v == 1.0).collect();
    for (key, node) in edge.entries().into_iter().filter(|(_, n)| n.is_object()) {
        let direction = if key == "auto" { None } else { Some(direction(&node.need("direction").text())) };
        predictor(&node, &x, &outcome, direction);
    }
}

/// Cohorts told apart by a column, with predictors derived as the note says and a nomogram's probability.
fn cohort(set: &Node) {
    let table = set.table();
    let (column, poor) = ("cohort", notes(set).variable(&table, "margin"));
    let probability = set.need("nomogram_probability").numbers();
    set.need("nomogram_coef").read();
    let mut areas = BTreeMap::new();
    for (name, node) in set.entries().into_iter().filter(|(n, _)| table.texts(column).contains(n)) {
        let rows: Vec<usize> = (0..table.rows()).filter(|&i| table.texts(column)[i] == name).collect();
        let part = table.only(column, &name);
        let pick = |values: &[f64]| rows.iter().map(|&i| values[i]).collect::<Vec<f64>>();
        let extra = BTreeMap::from([("margin".into(), pick(&poor)), ("nomogram".into(), pick(&probability))]);
        let scores = group(&node, &part, &extra);
        areas
            .insert(name, delong::area(&scores.of["nomogram"], &scores.outcome, Direction::CasesHigher, 0.95).unwrap());
    }
    for (key, node) in set.at("delong_unpaired").map(|u| u.entries()).unwrap_or_default() {
        let (a, b) = key.split_once("_vs_").unwrap();
        let test = delong::unpaired(&areas[a], &areas[b]);
        node.has("auc1", test.first, FINE);
        node.has("auc2", test.second, FINE);
        node.has("D", test.t, relative(1e-10));
        node.has("df", test.df, relative(1e-10));
        node.has("p", test.p, relative(1e-9));
    }
}

/// Every predictor of a group, then the comparisons between them.
fn group(node: &Node, table: &Table, extra: &BTreeMap<String, Vec<f64>>) -> Scores {
    let mut scores = Scores { outcome: Vec::new(), of: extra.clone(), direction: BTreeMap::new() };
    let entries = node.entries();
    let curves: Vec<&(String, Node)> = entries.iter().filter(|(_, n)| n.at("n_cases").is_some()).collect();
    let (name, first) = curves[0];
    let values = scores.of.get(name).cloned().unwrap_or_else(|| table.numbers(name));
    let (cases, controls) = (first.need("n_cases").number() as usize, first.need("n_controls").number() as usize);
    scores.outcome = table.outcome(&table.outcome_with(cases, controls, &values).unwrap());
    for (key, node) in curves {
        let values = scores.of.get(key).cloned().unwrap_or_else(|| table.numbers(key));
        let curve = predictor(node, &values, &scores.outcome, None);
        scores.direction.insert(key.clone(), curve.direction);
        scores.of.insert(key.clone(), values);
    }
    for (key, node) in &entries {
        if let Some(column) = key.strip_suffix("_reversed") {
            reversed(node, &table.numbers(column), &mut scores);
        }
    }
    for (key, node) in node.at("delong_paired").map(|p| p.entries()).unwrap_or_default() {
        let (a, b) = key.split_once("_vs_").unwrap_or(("signature", "signature"));
        paired(&node, &scores, a, b);
    }
    scores
}

/// A predictor turned round, in its own direction and in the other one.
fn reversed(node: &Node, values: &[f64], scores: &mut Scores) {
    let negative: Vec<f64> = values.iter().map(|v| -v).collect();
    let curve = predictor(&node.need("result"), &negative, &scores.outcome, None);
    if let Some(forced) = node.at("forced_wrong_direction") {
        let told = direction(&forced.need("direction").text());
        predictor(&forced, &negative, &scores.outcome, Some(told));
    }
    let Some(mixed) = node.at("mixed_direction_pair") else { return };
    let wanted = mixed.need("auc1").number();
    let near =
        |name: &str, values: &[f64]| (area(values, &scores.outcome, scores.direction[name]) - wanted).abs() < 1e-9;
    let first = scores.of.iter().find(|(name, values)| near(name, values)).unwrap().0.clone();
    scores.direction.insert("reversed".into(), curve.direction);
    scores.of.insert("reversed".into(), negative);
    paired(&mixed, scores, &first, "reversed");
}

fn area(values: &[f64], outcome: &[bool], direction: Direction) -> f64 {
    roc::area(&roc::groups(values, outcome), direction)
}

fn direction(text: &str) -> Direction {
    if text == "<" { Direction::CasesHigher } else { Direction::CasesLower }
}

fn predictor(node: &Node, values: &[f64], outcome: &[bool], told: Option<Direction>) -> Roc {
    let curve = roc::curve(values, outcome, told).unwrap();
    let area = delong::area(values, outcome, curve.direction, 0.95).unwrap();
    let groups = roc::groups(values, outcome);
    node.tells("n_controls", &[curve.controls]);
    node.tells("n_cases", &[curve.cases]);
    node.has("median_controls", radnote::num::summary::median(&groups.controls), EXACT);
    node.has("median_cases", radnote::num::summary::median(&groups.cases), EXACT);
    node.tells("direction", &[if curve.direction == Direction::CasesHigher { "<" } else { ">" }]);
    node.has("auc", curve.auc, FINE);
    node.has("delong_var", area.variance, FINE);
    node.has("delong_se", area.variance.sqrt(), FINE);
    // With one patient in a group there is no variance; pROC then leaves out the area as well.
    let middle = if area.variance.is_nan() { f64::NAN } else { area.auc };
    node.have("ci_auc_delong", &[area.lower, middle, area.upper], FINE);
    let z = (area.auc - 0.5) / area.variance.sqrt();
    node.has("z_vs_half", z, relative(1e-10));
    node.has("p_vs_half_two_sided", radnote::num::tails::normal_two_sided(z), relative(1e-9));
    for node in node.at("partial_auc").map(|p| p.items()).unwrap_or_default() {
        let part = node.need("specificity").numbers();
        let ours = roc_extra::partial(&curve, part[0], part[1]);
        node.has("raw", ours.raw, FINE);
        node.has("corrected", ours.corrected, FINE);
    }
    if let Some(node) = node.at("bootstrap") {
        let how = (node.need("B").number() as usize, node.need("seed").number() as i32);
        let ours = roc_extra::bootstrap(&groups, curve.direction, how, 0.95, &Task::default()).unwrap();
        node.have("ci", &[ours.lower, ours.median, ours.upper], FINE);
    }
    if let Some(points) = node.at("curve") {
        points.have("thresholds", &curve.thresholds, relative(1e-14));
        points.have("sensitivities", &curve.sensitivity, FINE);
        points.have("specificities", &curve.specificity, FINE);
    }
    for (key, by) in [("best_youden", Best::Youden), ("best_topleft", Best::TopLeft)] {
        if let Some(node) = node.at(key) {
            best(&node, &curve, by, values, outcome);
        }
    }
    if let Some(node) = node.at("ci_at_best_youden") {
        let at = roc::best(&curve, Best::Youden)[0];
        let c = roc::counts(values, outcome, curve.direction, curve.thresholds[at]);
        let parts = [
            ("sensitivity", c.tp, c.tp + c.fn_),
            ("specificity", c.tn, c.tn + c.fp),
            ("accuracy", c.tp + c.tn, c.total()),
            ("ppv", c.tp, c.tp + c.fp),
            ("npv", c.tn, c.tn + c.fn_),
        ];
        for (key, x, n) in parts {
            share(&node.need(key), x, n);
        }
    }
    curve
}

fn best(node: &Node, curve: &Roc, by: Best, values: &[f64], outcome: &[bool]) {
    let at = roc::best(curve, by);
    let counts: Vec<roc::Counts> =
        at.iter().map(|&i| roc::counts(values, outcome, curve.direction, curve.thresholds[i])).collect();
    let each = |f: &dyn Fn(&roc::Counts) -> f64| counts.iter().map(f).collect::<Vec<f64>>();
    node.have("threshold", &at.iter().map(|&i| curve.thresholds[i]).collect::<Vec<f64>>(), relative(1e-14));
    node.have("specificity", &each(&|c| c.specificity()), FINE);
    node.have("sensitivity", &each(&|c| c.sensitivity()), FINE);
    node.have("accuracy", &each(&|c| c.accuracy()), FINE);
    node.have("tn", &each(&|c| c.tn as f64), FINE);
    node.have("tp", &each(&|c| c.tp as f64), FINE);
    node.have("fn", &each(&|c| c.fn_ as f64), FINE);
    node.have("fp", &each(&|c| c.fp as f64), FINE);
    node.have("npv", &each(&|c| c.npv()), FINE);
    node.have("ppv", &each(&|c| c.ppv()), FINE);
    node.have("fdr", &each(&|c| 1.0 - c.ppv()), FINE);
    node.have("1-specificity", &each(&|c| 1.0 - c.specificity()), FINE);
    node.have("youden", &each(&|c| c.sensitivity() + c.specificity()), FINE);
    let corner = |c: &roc::Counts| (1.0 - c.sensitivity()).powi(2) + (1.0 - c.specificity()).powi(2);
    node.have("closest.topleft", &each(&corner), FINE);
}

fn share(node: &Node, x: usize, n: usize) {
    node.has("x", x as f64, FINE);
    node.has("n", n as f64, FINE);
    node.has("estimate", x as f64 / n as f64, FINE);
    let both = |(lower, upper): (f64, f64)| [lower, upper];
    node.have("clopper_pearson", &both(proportion::clopper_pearson(x, n, 0.95)), relative(1e-10));
    node.have("wilson", &both(proportion::wilson(x, n, 0.95)), FINE);
    node.have("agresti_coull", &both(proportion::agresti_coull(x, n, 0.95)), FINE);
    node.have("wald", &both(proportion::wald(x, n, 0.95)), FINE);
}

fn paired(node: &Node, scores: &Scores, a: &str, b: &str) {
    let of = |name: &str| (scores.of[name].as_slice(), scores.direction[name]);
    let test = delong::paired(of(a), of(b), &scores.outcome, 0.95).unwrap();
    let sign = |d: Direction| if d == Direction::CasesHigher { "<" } else { ">" };
    node.tells("directions", &[sign(scores.direction[a]), sign(scores.direction[b])]);
    node.has("auc1", test.first, FINE);
    node.has("auc2", test.second, FINE);
    node.has("z", test.z, relative(1e-10));
    node.has("p", test.p, relative(1e-9));
    node.has("p_greater", radnote::num::tails::normal_upper(test.z), relative(1e-9));
    node.has("difference", test.difference, FINE);
    node.have("ci_difference", &[test.lower, test.upper], FINE);
    node.tells("n_pairs", &[test.n]);
    match node.at("cov") {
        // pROC gives no covariance of curves with different directions.
        Some(cov) if scores.direction[a] != scores.direction[b] => cov.excuse("R gives none"),
        Some(cov) => cov.is(test.covariance, FINE),
        None => {}
    }
    if let Some(warnings) = node.at("warnings") {
        warnings.excuse("about R's own test");
    }
}
