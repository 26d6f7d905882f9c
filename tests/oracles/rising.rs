//! Step `rising`: resamples in which the deviance rises and lrm.fit halves its step, those it then gives up, and which resamples
//! it calls singular.

use ndarray::{Array2, ArrayView2, Axis, ShapeBuilder};
use radnote::stats::bootstrap;
use radnote::stats::lrm::{self, Options};
use radnote::task::Task;

use super::case::Node;
use super::tolerance::{absolute, relative};

#[test]
fn a_deviance_that_rises_equals_rms() {
    super::compare("rising", |case| {
        for (_, node) in case.root().need("cases").entries() {
            let data = node.need("data");
            let [x, z, y] = ["x", "z", "y"].map(|column| data.need(column).numbers());
            let outcome: Vec<bool> = y.iter().map(|y| *y == 1.0).collect();
            let columns = Array2::from_shape_vec((outcome.len(), 2).f(), [x, z].concat()).unwrap();
            let resamples = bootstrap::resamples(outcome.len(), node.need("B").number() as usize, 1);
            let (how, task) = (Options::default(), Task::default());
            let validated = bootstrap::validate(columns.view(), &outcome, &resamples, how, &task).unwrap();
            let curve = bootstrap::calibrate(columns.view(), &outcome, &resamples, how, &task).unwrap();
            if let Some(used) = node.at("used") {
                used.need("validate").says(&[validated.indexes[0].used]);
                used.need("calibrate").says(&curve.used);
                continue;
            }
            for fit in node.need("fits").items() {
                alone(&fit, columns.view(), &outcome);
            }
            for i in validated.indexes {
                let row = [i.original, i.training, i.test, i.optimism, i.corrected, i.used as f64];
                node.need("table").need(i.name).are(&row, absolute(1e-12));
            }
            let theirs = node.need("curve");
            theirs.need("predicted").are(&curve.predicted, absolute(1e-14));
            theirs.need("corrected").are(&curve.corrected, absolute(1e-12));
            theirs.need("n").says(&curve.used);
        }
    });
}

/// One resample by itself, to the place where lrm.fit gave up if it did.
fn alone(node: &Node, columns: ArrayView2<'_, f64>, outcome: &[bool]) {
    let rows: Vec<usize> = node.need("rows").numbers().iter().map(|row| *row as usize - 1).collect();
    assert!(node.need("halved").number() > 0.0, "{}: nothing rose", node.place());
    let y: Vec<bool> = rows.iter().map(|i| outcome[*i]).collect();
    let ours = lrm::fit(columns.select(Axis(0), &rows).view(), &y, Options { tolerance: 1e-12, ..Options::default() });
    let ours = ours.unwrap();
    node.need("fail").says(&[!ours.converged]);
    node.need("coef").are(&ours.coef, relative(1e-12));
    node.need("deviance").is(ours.deviance, relative(1e-12));
}
