//! Step `firth`: Firth's fits of data that separate the outcome and of data beside them, as R's logistf.

use ndarray::{Array2, ShapeBuilder};
use radnote::stats::firth;
use radnote::stats::logistic::{self, Options};

use super::case::Node;
use super::tolerance::{Tolerance, absolute, of_row, relative};

#[test]
fn firth_beside_separation_equals_logistf() {
    super::compare("firth", |case| {
        for node in case.root().need("cases").items() {
            let data = node.need("data").entries();
            let (x, y): (Vec<_>, Vec<_>) = data.iter().partition(|(name, _)| name != "y");
            let y: Vec<bool> = y[0].1.numbers().iter().map(|v| *v == 1.0).collect();
            let values: Vec<f64> = x.iter().flat_map(|(_, column)| column.numbers()).collect();
            let x = Array2::from_shape_vec((y.len(), x.len()).f(), values).unwrap();
            let plain = logistic::fit(x.view(), &y, Options::default()).unwrap();
            node.need("separated").says(&[plain.separated.is_some()]);
            let ours = firth::fit(x.view(), &y, 0.95).unwrap();
            let coef = &ours.fit.coef;
            known(&node, "coef", coef, of_row(coef, 1e-9));
            node.have("se", &ours.fit.se, relative(1e-8));
            known(&node, "p", &ours.fit.p, absolute(1e-12));
            known(&node, "penalised", &[ours.penalised], relative(1e-12));
            let (lower, upper): (Vec<f64>, Vec<f64>) = ours.limits.iter().copied().unzip();
            for (side, limits) in [("lower", lower), ("upper", upper)] {
                known(&node, side, &limits, of_row(&limits, 1e-9));
            }
        }
    });
}

/// Those of these values that logistf has.
fn known(node: &Node, key: &str, ours: &[f64], tolerance: Tolerance) {
    let theirs = node.need(key);
    let items = theirs.items();
    let items = if items.is_empty() { vec![theirs] } else { items };
    assert_eq!(items.len(), ours.len(), "{} {key}", node.place());
    for (item, ours) in items.iter().zip(ours) {
        match item.number().is_nan() {
            true => item.excuse("logistf stops short of it"),
            false => item.is(*ours, tolerance),
        }
    }
}
