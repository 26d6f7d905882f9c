//! Step `pipeline`: the chain from features to signature, and the kernels under it.

use ndarray::Axis;
use radnote::num::{pretty, rank, summary};
use radnote::stats::lasso::{self, CrossValidation, Loss};
use radnote::stats::logistic;
use radnote::stats::stepwise::{self, Change, Direction, Term};
use radnote::stats::{delong, mann_whitney, roc, scale};
use radnote::task::Task;

use super::case::Node;
use super::ranks::matrix;
use super::tolerance::{EXACT, absolute, of_row, relative};

#[test]
fn the_chain_equals_r() {
    super::compare("pipeline", |case| {
        let root = case.root();
        if let Some(node) = root.at("chain") {
            chain(&node);
        }
        for node in root.at("pretty").map(|p| p.items()).unwrap_or_default() {
            let n = node.need("n").number() as usize;
            let ours = pretty::pretty(node.need("lo").number(), node.need("hi").number(), n);
            node.have("ticks", &ours, of_row(&ours, 1e-15));
        }
        if let Some(node) = root.at("quantile_rank") {
            let x = node.need("x").numbers();
            let sorted = summary::sorted(&x);
            let probs = node.need("probs").numbers();
            let at = |f: fn(&[f64], f64) -> f64| probs.iter().map(|p| f(&sorted, *p)).collect::<Vec<f64>>();
            node.have("type7", &at(summary::quantile), absolute(1e-15));
            node.have("type1", &at(summary::quantile_step), EXACT);
            // What was ranked does not stand there: it is the first digits of pi.
            let digits = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0, 5.0, 3.0, 5.0];
            node.have("rank_average", &rank::average(&digits).rank, EXACT);
        }
        if let Some(node) = root.at("distributions") {
            super::tails::distributions(&node);
        }
    });
}

/// Mann-Whitney, z-scores, lasso by the folds of a table, then AIC.
fn chain(node: &Node) {
    let table = node.table();
    let feature = |n: &&String| !["patient", "lm"].contains(&n.as_str()) && !n.starts_with("fold");
    let names: Vec<String> = table.names.iter().filter(feature).cloned().collect();
    let outcome = table.outcome("lm");
    let tests = mann_whitney::each(matrix(&table, &names).view(), &outcome, Default::default());
    let names: Vec<String> = names.into_iter().zip(&tests).filter(|(_, t)| t.p < 0.05).map(|(n, _)| n).collect();
    node.tells("n_screened", &[names.len()]);
    node.tells("screened", &names);
    let x = matrix(&table, &names);
    let scaling = scale::fit(x.view(), &names).unwrap();
    node.have("zscore_mean", &scaling.mean, of_row(&scaling.sd, 1e-14));
    node.have("zscore_sd", &scaling.sd, relative(1e-13));
    let z = scale::apply(&scaling, x.view());
    // The chain was run with thresh = 1e-7 or 1e-12: its coefficients say which.
    let mut fits = [1e-7, 1e-12].map(|threshold| {
        let fit = lasso::Options { threshold, ..Default::default() };
        let folds = table.numbers("fold10").iter().map(|f| *f as usize).collect();
        let how = CrossValidation { folds, loss: Loss::Deviance, grouped: true, fit };
        lasso::choose(z.view(), &outcome, &how, &Task::default()).unwrap()
    });
    let intercept = node.need("lambda.min").need("intercept").number();
    let apart = |cv: &lasso::Cv| (cv.path.models[cv.min].intercept - intercept).abs();
    if apart(&fits[1]) < apart(&fits[0]) {
        fits.swap(0, 1);
    }
    let cv = &fits[0];
    node.has("lambda_min", cv.lambda_min(), relative(1e-10));
    node.has("lambda_1se", cv.lambda_1se(), relative(1e-10));
    for (key, at) in [("lambda.min", cv.min), ("lambda.1se", cv.one_se)] {
        let Some(node) = node.at(key) else { continue };
        let model = &cv.path.models[at];
        node.tells("selected", &model.coefficients.iter().map(|c| names[c.0].clone()).collect::<Vec<_>>());
        node.has("intercept", model.intercept, absolute(1e-8));
        node.have("coef", &model.coefficients.iter().map(|c| c.1).collect::<Vec<f64>>(), absolute(1e-8));
        let score: Vec<f64> = (0..outcome.len()).map(|i| model.linear(|j| z[[i, j]])).collect();
        node.have("radscore", &score, absolute(1e-8));
        area(&node, &score, &outcome);
        if let Some(node) = node.at("aic_forward_both") {
            let columns: Vec<usize> = model.coefficients.iter().map(|c| c.0).collect();
            let chosen: Vec<String> = columns.iter().map(|&c| names[c].clone()).collect();
            by_aic(&node, z.select(Axis(1), &columns), &chosen, &outcome, &score);
        }
    }
}

fn area(node: &Node, score: &[f64], outcome: &[bool]) {
    let area = delong::area(score, outcome, roc::Direction::CasesHigher, 0.95).unwrap();
    node.has("auc", area.auc, absolute(1e-12));
    node.have("ci", &[area.lower, area.auc, area.upper], absolute(1e-12));
}

/// Both directions from the empty model; the outcome ends up separated, where coefficients grow until the fit is exact.
fn by_aic(node: &Node, z: ndarray::Array2<f64>, names: &[String], outcome: &[bool], before: &[f64]) {
    let terms: Vec<Term> = names.iter().enumerate().map(|(i, n)| Term { name: n.clone(), columns: vec![i] }).collect();
    let options = stepwise::Options {
        direction: Direction::Both,
        start: Vec::new(),
        criterion: stepwise::Criterion::Aic,
        fit: logistic::Options::default(),
    };
    let ours = stepwise::select(z.view(), outcome, &terms, &options, &Task::default()).unwrap();
    let told = |change: &Option<Change>| match change {
        None => String::new(),
        Some(Change::Drop(t)) => format!("- {}", names[*t]),
        Some(Change::Add(t)) => format!("+ {}", names[*t]),
    };
    node.tells("steps", &ours.steps.iter().map(|s| told(&s.change)).collect::<Vec<_>>());
    node.has("aic", ours.fit.aic, relative(1e-8));
    let kept = ours.selected.iter().map(|t| names[*t].clone());
    node.tells("terms", &std::iter::once("(Intercept)".to_string()).chain(kept).collect::<Vec<_>>());
    let coef = &ours.fit.coef;
    let near = if ours.fit.separated.is_some() { 1e-6 } else { 1e-8 };
    node.have("coef", coef, of_row(coef, near));
    node.has("max_abs_coef", coef.iter().fold(0.0, |m, b| b.abs().max(m)), relative(near));
    area(node, &ours.fit.linear, outcome);
    let both = roc::Direction::CasesHigher;
    let test = delong::paired((before, both), (&ours.fit.linear, both), outcome, 0.95).unwrap();
    node.has("delong_z_vs_radscore", test.z, relative(1e-9));
    node.has("delong_p", test.p, relative(1e-9));
}
