//! Step `far`: rms' table of predictors far out, whose wrong ones cost all of their size, and data of which rms has none.

use ndarray::{Array2, ShapeBuilder};
use radnote::error::Error;
use radnote::stats::bootstrap;
use radnote::stats::lrm::Options;
use radnote::task::Task;

use super::tolerance::absolute;

#[test]
fn far_predictors_equal_rms() {
    super::compare("far", |case| {
        let root = case.root();
        let count = root.need("B").number() as usize;
        for (name, node) in root.need("cases").entries() {
            let data = node.need("data");
            let [x, z, y] = ["x", "z", "y"].map(|column| data.need(column).numbers());
            let outcome: Vec<bool> = y.iter().map(|y| *y == 1.0).collect();
            let columns = Array2::from_shape_vec((outcome.len(), 2).f(), [x, z].concat()).unwrap();
            let resamples = bootstrap::resamples(outcome.len(), count, 1);
            let (how, task) = (Options::default(), Task::default());
            let ours = bootstrap::validate(columns.view(), &outcome, &resamples, how, &task);
            if let Some(table) = node.at("table") {
                assert!(node.need("beyond_36").number() > 0.0, "{name}: nothing is far out");
                for i in ours.unwrap().indexes {
                    let row = [i.original, i.training, i.test, i.optimism, i.corrected, i.used as f64];
                    table.need(i.name).are(&row, absolute(1e-8));
                }
                node.need("fail").says(&[false]);
            } else {
                let none = |error: &Error| matches!(error, Error::Undefined { .. });
                node.need("fail").must(ours.is_err_and(|e| none(&e)), "there is a table");
                let curve = bootstrap::calibrate(columns.view(), &outcome, &resamples, how, &task);
                assert!(curve.is_err_and(|e| none(&e)), "{name}: there is a curve");
            }
        }
    });
}
