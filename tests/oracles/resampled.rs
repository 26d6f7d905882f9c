//! Steps `validate` and `resampled`: models made anew in every resample and every fold, against R doing the same.

use radnote::stats::bootstrap;
use radnote::stats::pipeline::{self, Data, Entry, Last, Plan, Quality};
use radnote::task::Task;

use super::case::Node;
use super::ranks::matrix;
use super::tolerance::{Tolerance, absolute};

/// Areas, slopes and scores are of the size of 1; a slope has the digits that glm's stop rule leaves it.
const FINE: Tolerance = absolute(1e-8);

#[test]
fn validation_equals_r() {
    super::compare("validate", |case| {
        for (_, set) in case.results() {
            let table = set.table();
            let features = matrix(&table, &set.need("features").texts());
            let outcome = table.outcome(&set.need("outcome").text());
            let data = Data { features: features.view(), readers: &[], outcome: &outcome, clinical: &[] };
            bootstrapped(&set.need("bootstrap"), &data);
            crossed(&set.need("cross_validation"), &data);
        }
    });
}

/// Firth's fit, and clinical terms that enter by their own p, in every resample; and the bands about calibration curves.
#[test]
fn what_is_made_anew_equals_r() {
    super::compare("resampled", |case| {
        let results = case.root().need("results");
        if let Some(set) = results.at("refitted") {
            refitted(&set);
        }
        if let Some(node) = results.at("band") {
            band(&node);
        }
    });
}

fn refitted(set: &Node) {
    let table = set.table();
    let outcome = table.outcome(&set.need("outcome").text());
    let columns = |names: Vec<String>| names.iter().map(|name| table.numbers(name)).collect::<Vec<_>>();
    let clinical: Vec<Vec<Vec<f64>>> = set.need("terms").items().iter().map(|term| columns(term.texts())).collect();
    for (_, node) in set.need("models").entries() {
        let features = matrix(&table, &node.need("features").texts());
        let data = Data { features: features.view(), readers: &[], outcome: &outcome, clinical: &clinical };
        let is = |key: &str| node.need(key).text() == "true";
        let below = node.need("below").number();
        let entry = (!below.is_nan()).then(|| Entry { below, firth: is("by_firth") });
        let plan = Plan { last: Some(Last { firth: is("firth"), entry }), ..Plan::default() };
        let (times, seed) = (whole(&node, "times"), whole(&node, "seed") as i32);
        let ours = pipeline::bootstrap(&plan, &data, times, seed, &Task::default()).unwrap();
        assert_eq!(ours.failed, 0);
        are(&node.need("apparent"), ours.apparent);
        are(&node.need("optimism"), ours.optimism);
        are(&node.need("out_of_bag"), ours.out_of_bag);
        node.has("error", ours.error, FINE);
        let plus = node.need("plus");
        plus.has("auc", ours.plus.auc, FINE);
        plus.has("brier", ours.plus.brier, FINE);
        node.tells("entered", &ours.entered);
        let in_whole: Vec<bool> = (0..clinical.len()).map(|t| ours.whole.terms.contains(&t)).collect();
        node.tells("whole", &in_whole);
    }
}

fn band(node: &Node) {
    let table = super::table::Table::joined(node.folder(), &["cohort.csv".to_string()]);
    let train: Vec<bool> = table.texts("cohort").iter().map(|c| c == "training").collect();
    let outcome =
        table.outcome("lm").into_iter().zip(&train).filter(|(_, t)| **t).map(|(y, _)| y).collect::<Vec<bool>>();
    let ours = bootstrap::band(&node.need("risk").numbers(), &outcome, &super::resamples(node), 0.95, &Task::default())
        .unwrap();
    node.have("predicted", &ours.predicted, absolute(1e-15));
    for (key, limits) in [("smooth", &ours.smooth), ("logistic", &ours.logistic)] {
        let node = node.need(key);
        node.have("lower", &limits.iter().map(|l| l.0).collect::<Vec<f64>>(), absolute(1e-10));
        node.have("upper", &limits.iter().map(|l| l.1).collect::<Vec<f64>>(), absolute(1e-10));
    }
}

fn whole(node: &Node, key: &str) -> usize {
    node.need(key).number() as usize
}

fn bootstrapped(node: &Node, data: &Data<'_>) {
    let (times, seed) = (whole(node, "times"), whole(node, "seed") as i32);
    let ours = pipeline::bootstrap(&Plan::default(), data, times, seed, &Task::default()).unwrap();
    assert_eq!(ours.failed, 0);
    for (key, quality) in [
        ("apparent", ours.apparent),
        ("optimism", ours.optimism),
        ("out_of_bag", ours.out_of_bag),
        ("spread", ours.spread),
    ] {
        are(&node.need(key), quality);
    }
    let plus = node.need("plus");
    plus.has("auc", ours.plus.auc, FINE);
    plus.has("brier", ours.plus.brier, FINE);
    assert!(ours.plus.slope.is_nan(), "a slope is no mean over patients");
}

fn crossed(node: &Node, data: &Data<'_>) {
    let (times, folds, seed) = (whole(node, "times"), whole(node, "folds"), whole(node, "seed") as i32);
    let ours = pipeline::cross_validate(&Plan::default(), data, (times, folds), seed, true, &Task::default()).unwrap();
    are(&node.need("mean"), ours.mean);
    are(&node.need("spread"), ours.spread);
}

fn are(node: &Node, ours: Quality) {
    node.has("auc", ours.auc, FINE);
    node.has("slope", ours.slope, FINE);
    node.has("brier", ours.brier, FINE);
}
