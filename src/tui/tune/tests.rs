//! What a moved threshold is said to have moved.
#![allow(clippy::unwrap_used)]

use super::*;

fn cell(name: &str, page: Page) -> Cell {
    let line = name.to_string();
    let (place, state, page) = (Place::View, State::Ready, Arc::new(page));
    let (short, headline, slow) = (line.clone(), page.headline.clone(), name == "validate");
    Cell { name: line.clone(), line, short, place, state, slow, headline, page, key: None }
}

fn step(kept: &[&str]) -> Page {
    Page::new("", "").value("n_out", kept.len()).value("selected", kept)
}

/// A ROC of two models in two cohorts: the areas of the last one, the signature's being others.
fn roc(train: f64, internal: f64) -> Page {
    let row = |model: &str, role: &str, auc: f64| serde_json::json!({ "model": model, "role": role, "auc": auc, "lower": 0.5 });
    let of = |role: &str, auc: f64| [row("signature", role, auc - 0.1), row("nomogram", role, auc)];
    Page::new("", "").value("rows", [of("train", train), of("internal", internal)].concat())
}

fn tried(before: &[Cell], after: Vec<Cell>) -> Tuning {
    let mut tuning = Tuning::of(0, "lasso".into(), before, None);
    tuning.stale = (0..before.len()).collect();
    after.into_iter().enumerate().for_each(|(at, cell)| tuning.cell(at, cell, before));
    tuning
}

#[test]
fn features_that_come_and_go_are_counted_and_named() {
    let before = [cell("lasso", step(&["a", "b", "c"])), cell("roc", roc(0.91, 0.8))];
    let tuning = tried(&before, vec![cell("lasso", step(&["b", "d"])), cell("roc", roc(0.88, 0.8))]);
    assert_eq!(tuning.difference(), ["nomogram in train: AUC 0.910 -> 0.880", "lasso 3 -> 2 (+1 -2)"]);
    assert_eq!(tuning.besides(), ["lasso 3 -> 2 (+1 -2)"]);
    let moves = tuning.moves(0).unwrap();
    assert_eq!((&*moves.gained, &*moves.lost), (&["d".to_string()][..], &["a".to_string(), "c".to_string()][..]));
    assert_eq!(tried(&before, before.to_vec()).difference(), ["the same result"]);
}

#[test]
fn an_area_is_compared_in_its_own_cohort_and_model() {
    let before = [cell("roc", roc(0.91, 0.8))];
    let tuning = tried(&before, vec![cell("roc", roc(0.91, 0.75))]);
    assert_eq!(tuning.difference(), ["nomogram in internal: AUC 0.800 -> 0.750"]);
    assert_eq!(tuning.besides(), ["the same selection"]);
    let areas: Vec<(&str, f64)> = areas(&before[0].page).iter().map(|a| (a.role, a.auc)).collect();
    assert_eq!(areas, [("train", 0.91), ("internal", 0.8)]);
}

#[test]
fn factors_of_the_clinical_model_come_and_go() {
    let page = |names: &[&str]| {
        let whole: Vec<_> = names.iter().map(|n| serde_json::json!({ "variable": n, "p": 0.01 })).collect();
        let page = Page::new("", "5 variables").value("univariable", serde_json::json!({ "variable": names }));
        if names.is_empty() { page } else { page.value("whole", whole) }
    };
    let before = [cell("clinical", page(&["age", "margin"]))];
    assert_eq!(tried(&before, vec![cell("clinical", page(&["margin"]))]).besides(), ["clinical 2 -> 1 (+0 -1)"]);
    assert_eq!(tried(&before, vec![cell("clinical", page(&[]))]).besides(), ["clinical 2 -> 0 (+0 -2)"]);
}

#[test]
fn other_numbers_under_the_same_headline_are_no_same_result() {
    let page = |coef: f64| step(&["a"]).value("coef", [coef]);
    let before = [cell("lasso", page(0.5))];
    assert_eq!(tried(&before, vec![cell("lasso", page(0.5))]).difference(), ["the same result"]);
    assert_eq!(tried(&before, vec![cell("lasso", page(0.6))]).difference(), ["lasso: other numbers"]);
}

#[test]
fn what_is_said_is_of_one_line_while_another_is_computed() {
    let before = [cell("lasso", step(&["a", "b"])), cell("stepwise", step(&["a"]))];
    let first = tried(&before, vec![cell("lasso", step(&["a"])), cell("stepwise", step(&["b"]))]);
    let both = ["stepwise 1 -> 1 (+1 -1)", "lasso 2 -> 1 (+0 -1)"];
    assert_eq!(first.besides(), both);
    let mut next = Tuning::of(0, "lasso".into(), &before, Some(first));
    next.stale = vec![0, 1];
    assert_eq!(next.besides(), both);
    next.cell(0, cell("lasso", step(&["a", "b", "c"])), &before);
    assert_eq!(next.besides(), ["lasso 2 -> 3 (+1 -0)"], "stepwise is of the line before");
    next.cell(1, cell("stepwise", step(&["c"])), &before);
    assert_eq!(next.besides(), ["stepwise 1 -> 1 (+1 -1)", "lasso 2 -> 3 (+1 -0)"]);
}

#[test]
fn a_slow_view_is_old_until_it_is_there_and_is_not_waited_for() {
    let before = [cell("roc", roc(0.9, 0.9)), cell("validate", Page::new("", "AUC 0.7"))];
    let mut tuning = Tuning::of(0, "roc".into(), &before, None);
    (tuning.stale, tuning.job) = (vec![0, 1], Some(1));
    assert!(tuning.waits() && tuning.difference().is_empty());
    tuning.cell(0, cell("roc", roc(0.9, 0.9)), &before);
    assert!(!tuning.waits() && tuning.stale == [1], "{tuning:?}");
    tuning.cell(1, cell("validate", Page::new("", "AUC 0.6")), &before);
    assert_eq!((tuning.stale.len(), tuning.difference()), (0, vec!["validate: AUC 0.6".to_string()]));
}
