//! The honest number is honest: on noise nothing is found, whatever the usual way of cross-validation says.

use ndarray::{Array2, ShapeBuilder};
use radnote::num::rng::Rng;
use radnote::num::summary;
use radnote::stats::lasso::{self, Loss, Solver};
use radnote::stats::p_adjust::Method;
use radnote::stats::pipeline::{self, Data, Penalised, Plan, Rule, Screen, Search};
use radnote::stats::stepwise::{Criterion, Direction};
use radnote::task::Task;

use crate::common;

/// `set.seed(seed); matrix(rnorm(82 * p), 82)`, and 35 patients with the event.
fn noise(p: usize, seed: i32) -> (Array2<f64>, Vec<bool>) {
    let mut rng = Rng::seeded(seed);
    let values = (0..82 * p).map(|_| rng.normal()).collect();
    (Array2::from_shape_vec((82, p).f(), values).unwrap(), (0..82).map(|i| i < 35).collect())
}

fn plan(rule: Rule) -> Plan {
    let fit = lasso::Options { solver: Solver::Accurate, ..lasso::Options::default() };
    Plan {
        screen: Some(Screen { below: 0.05, adjust: Method::None }),
        lasso: Some(Penalised { rule, folds: 10, repeats: 1, stratified: false, seed: 1, loss: Loss::Deviance, fit }),
        ..Plan::default()
    }
}

#[test]
fn on_noise_nothing_is_found() {
    let (x, outcome) = noise(1967, 2);
    let data = Data { features: x.view(), readers: &[], outcome: &outcome, clinical: &[] };
    let plan = plan(Rule::Min);
    let task = Task::default();
    let honest = pipeline::bootstrap(&plan, &data, 30, 1, &task).unwrap();
    let folds = |seed: i32| {
        let (x, outcome) = noise(1967, seed);
        let data = Data { features: x.view(), readers: &[], outcome: &outcome, clinical: &[] };
        pipeline::cross_validate(&plan, &data, (1, 10), 1, true, &task).unwrap().mean.auc
    };
    let nested = summary::mean(&(1..=6).map(folds).collect::<Vec<f64>>());
    let naive = pipeline::naive(&plan, &data, (3, 10), 1, &task).unwrap();
    println!(
        "noise: .632+ {:.3}, out of bag {:.3} (sd {:.3}), nested folds {:.3}, naive {:.3}, apparent {:.3}, Harrell {:.3}",
        honest.plus.auc,
        honest.out_of_bag.auc,
        honest.spread.auc,
        nested,
        naive,
        honest.apparent.auc,
        honest.apparent.auc - honest.optimism.auc
    );
    // The standard error of an area of 35 against 47 patients that says nothing is 0.065; that of the mean over six
    // tables of areas in folds, which vary more, is about 0.05.
    assert!((honest.plus.auc - 0.5).abs() < 0.13, "{}", honest.plus.auc);
    assert!((nested - 0.5).abs() < 0.13, "{nested}");
    assert!(naive > 0.75 && honest.apparent.auc > 0.95);
}

#[test]
fn a_signal_is_found_and_threads_do_not_matter() {
    let (mut x, outcome) = noise(60, 5);
    (0..35).for_each(|i| x[[i, 7]] += 2.0);
    let data = Data { features: x.view(), readers: &[], outcome: &outcome, clinical: &[] };
    let plan = Plan {
        stepwise: Some(Search { direction: Direction::Both, criterion: Criterion::Aic, full: true }),
        ..plan(Rule::OneSe)
    };
    let run = || pipeline::bootstrap(&plan, &data, 20, 3, &Task::default()).unwrap();
    let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap().install(run);
    let many = rayon::ThreadPoolBuilder::new().num_threads(5).build().unwrap().install(run);
    assert_eq!(format!("{alone:?}"), format!("{many:?}"));
    assert!(many.plus.auc > 0.75, "{}", many.plus.auc);
    assert!(many.chosen[7] >= 19, "{}", many.chosen[7]);
    assert_eq!(many.empty, 0);
}

#[test]
fn a_run_on_all_patients_is_the_notebook() {
    is_the_notebook("validate", "lasso --rule 1se");
    is_the_notebook("validate-folds", "lasso --rule min --stratified yes --repeats 3 --seed 5");
    is_the_notebook("validate-lambda", "lasso --lambda 0.11");
}

/// The pipeline on all patients, with the settings of this lasso, has the notebook's own AUC in training.
fn is_the_notebook(folder: &str, lasso: &str) {
    let lines = ["extract --params original-107", "icc", "mannwhitney", lasso, "stepwise", "signature"];
    let open = "open cohort.csv --clinical clinical.csv --outcome lung_metastasis --role role";
    let folder = &common::scratch(folder);
    for name in ["cohort.csv", "clinical.csv", "scans"] {
        std::os::unix::fs::symlink(common::demo().join(name), folder.join(name)).unwrap();
    }
    let above: Vec<&str> = std::iter::once(open).chain(lines).collect();
    let mut session = common::notebook(folder, &above);
    common::submit(&mut session, "roc");
    common::submit(&mut session, "validate --times 5 --folds 3");
    let page = |name: &str| {
        let entries = session.entries();
        let entry = entries.iter().find(|e| e.line.starts_with(name)).unwrap();
        entry.result.as_ref().unwrap().values.clone()
    };
    let train = page("roc")["rows"][0]["auc"].as_f64().unwrap();
    let apparent = page("validate")["apparent"]["auc"].as_f64().unwrap();
    assert!((train - apparent).abs() < 1e-9, "{lasso}: {train} {apparent}");
}

#[test]
fn stratified_folds_share_the_events() {
    let outcome: Vec<bool> = (0..82).map(|i| i % 7 < 3).collect();
    let folds = radnote::stats::folds::stratified(&outcome, 10, 4, 1).unwrap().remove(0);
    for fold in 1..=10 {
        let members: Vec<usize> = (0..82).filter(|&i| folds[i] == fold).collect();
        let events = members.iter().filter(|&&i| outcome[i]).count();
        assert!((8..=9).contains(&members.len()) && (3..=4).contains(&events), "{fold}: {events} of {}", members.len());
    }
}
