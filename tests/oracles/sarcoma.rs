//! The whole chain on 33 sarcomas against R: features of two readers to nomogram.

use std::path::Path;

use ndarray::{Array2, Axis};
use radnote::stats::icc::{self, Form};
use radnote::stats::lasso::{self, CrossValidation, Loss, Options};
use radnote::stats::{delong, logistic, mann_whitney, roc, scale};
use radnote::task::Task;

use super::case::{self, Node};
use super::ranks::matrix;
use super::table::Table;
use super::tolerance::{Tolerance, absolute, relative};

/// R printed 15 digits.
const NEAR: Tolerance = absolute(1e-8);

#[test]
fn the_chain_on_sarcomas_equals_r() {
    let folder = Path::new("../shared/sts-mri");
    if !folder.is_dir() {
        println!("skipped: {} is not there", folder.display());
        return;
    }
    let case = case::one(&folder.join("reference/end-to-end.json"), "sarcoma");
    let root = case.root();
    let features = Table::read(&folder.join("reference/paper-1967.csv"));
    let second = Table::read(&folder.join("reference/paper-1967_reader2.csv"));
    let clinical = Table::read(&folder.join("clinical.csv"));
    let names = features.names[1..].to_vec();
    root.tells("n_features", &[names.len()]);
    let kept = agreeing(&root, &features, &second, names);
    let outcome = clinical.outcome("lung_metastasis");
    let tests = mann_whitney::each(matrix(&features, &kept).view(), &outcome, Default::default());
    let (chosen, p): (Vec<String>, Vec<f64>) =
        kept.into_iter().zip(&tests).filter(|(_, t)| t.p < 0.05).map(|(n, t)| (n, t.p)).unzip();
    root.tells("n_mw", &[chosen.len()]);
    root.need("mw").tells("feature", &chosen);
    root.need("mw").have("p", &p, relative(1e-10));
    let x = matrix(&features, &chosen);
    let z = scale::apply(&scale::fit(x.view(), &chosen).unwrap(), x.view());
    lassoed(&root, &z, &chosen, &outcome, &clinical);
    println!("{}", case.report());
    assert!(case.failures().is_empty(), "{}", case.failures().join("\n"));
}

/// Features with ICC(2,1) above 0.85 on the patients both readers drew.
fn agreeing(root: &Node, first: &Table, second: &Table, names: Vec<String>) -> Vec<String> {
    let ids = &first.texts("ID");
    let rows: Vec<usize> = second.texts("ID").iter().map(|id| ids.iter().position(|i| i == id).unwrap()).collect();
    let x = matrix(first, &names).select(Axis(0), &rows);
    let results = icc::each(&[x.view(), matrix(second, &names).view()], Form::TwoSingle, 0.95);
    let values: Vec<f64> = results.iter().map(|r| r.as_ref().map_or(f64::NAN, |r| r.value)).collect();
    root.need("icc").have("value", &values, NEAR);
    let kept: Vec<String> = names.into_iter().zip(&values).filter(|(_, v)| **v > 0.85).map(|(n, _)| n).collect();
    root.tells("n_icc", &[kept.len()]);
    kept
}

fn lassoed(root: &Node, z: &Array2<f64>, names: &[String], outcome: &[bool], clinical: &Table) {
    let folds = clinical.numbers("fold").iter().map(|f| *f as usize).collect();
    let how = CrossValidation { folds, loss: Loss::Deviance, grouped: true, fit: Options::default() };
    let cv = lasso::choose(z.view(), outcome, &how, &Task::default()).unwrap();
    root.have("lambda", &cv.path.lambda, NEAR);
    root.have("cvm", &cv.mean, NEAR);
    root.have("cvsd", &cv.se, NEAR);
    root.has("lambda_min", cv.lambda_min(), NEAR);
    root.has("lambda_1se", cv.lambda_1se(), NEAR);
    let grade = clinical.numbers("high_grade");
    for (key, at) in [("lambda.min", cv.min), ("lambda.1se", cv.one_se)] {
        let node = root.need(key);
        let model = &cv.path.models[at];
        node.tells("selected", &model.coefficients.iter().map(|c| names[c.0].clone()).collect::<Vec<_>>());
        node.has("intercept", model.intercept, NEAR);
        node.have("coef", &model.coefficients.iter().map(|c| c.1).collect::<Vec<f64>>(), NEAR);
        let score: Vec<f64> = z.axis_iter(Axis(0)).map(|row| model.linear(|j| row[j])).collect();
        node.have("radscore", &score, NEAR);
        let area = delong::area(&score, outcome, roc::Direction::CasesHigher, 0.95).unwrap();
        node.has("auc_train", area.auc, NEAR);
        node.have("ci_train", &[area.lower, area.auc, area.upper], NEAR);
        let design = Array2::from_shape_vec((2, score.len()), [score, grade.clone()].concat()).unwrap().reversed_axes();
        let fit = logistic::fit(design.view(), outcome, logistic::Options::default()).unwrap();
        let node = node.need("nomogram");
        node.have("coef", &fit.coef, relative(1e-8));
        node.tells("converged", &[fit.converged]);
        node.has("aic", fit.aic, NEAR);
    }
}
