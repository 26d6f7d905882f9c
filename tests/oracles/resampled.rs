//! Step `validate`: a pipeline without selection in every resample and every fold, against R doing the same.

use radnote::stats::pipeline::{self, Data, Plan, Quality};
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
        ("plus", ours.plus),
    ] {
        are(&node.need(key), quality);
    }
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
