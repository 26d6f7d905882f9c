//! The honest number is honest: on noise nothing is found, whatever the usual way of cross-validation says.

use ndarray::{Array2, ShapeBuilder};
use radnote::num::rng::Rng;
use radnote::num::summary;
use radnote::stats::lasso::{self, Loss, Solver};
use radnote::stats::p_adjust::Method;
use radnote::stats::pipeline::{self, Data, Penalised, Plan, Rule, Screen, Search};
use radnote::stats::stepwise::{Criterion, Direction};
use radnote::stats::two_sample::Test;
use radnote::stats::{delong, roc};
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
        screen: Some(Screen { test: Test::MannWhitney, below: 0.05, adjust: Method::None }),
        lasso: Some(Penalised { rule, folds: 10, repeats: 1, stratified: false, seed: 1, loss: Loss::Deviance, fit }),
        ..Plan::default()
    }
}

/// Mean over tables of pure noise, and its standard error.
fn over(values: &[f64]) -> (f64, f64) {
    (summary::mean(values), summary::sd(values) / (values.len() as f64).sqrt())
}

#[test]
fn on_noise_nothing_is_found() {
    const TABLES: i32 = 8;
    let plan = Plan {
        stepwise: Some(Search { direction: Direction::Both, criterion: Criterion::Aic, full: true, firth: false }),
        ..plan(Rule::Min)
    };
    let task = Task::default();
    let rows: Vec<[f64; 6]> = (1..=TABLES)
        .map(|seed| {
            let (x, outcome) = noise(1967, seed);
            let data = Data { features: x.view(), readers: &[], outcome: &outcome, clinical: &[] };
            let honest = pipeline::bootstrap(&plan, &data, 12, 1, &task).unwrap();
            let folds = pipeline::cross_validate(&plan, &data, (1, 5), 1, true, &task).unwrap();
            let naive = pipeline::naive(&plan, &data, (1, 10), 1, &task).unwrap();
            let harrell = honest.apparent.auc - honest.optimism.auc;
            [honest.out_of_bag.auc, honest.error, folds.mean.auc, folds.error, naive, harrell]
        })
        .collect();
    let column = |k: usize| rows.iter().map(|r| r[k]).collect::<Vec<f64>>();
    let names = ["out of bag", "its error", "nested folds", "its error", "naive", "Harrell"];
    names.iter().enumerate().for_each(|(k, name)| println!("{name}: {:.3?} of {:.3?}", over(&column(k)), column(k)));
    for (honest, said) in [(0, 1), (2, 3)] {
        let (mean, error) = over(&column(honest));
        assert!((mean - 0.5).abs() < 3.0 * error && error < 0.05, "{}: {mean} ({error})", names[honest]);
        // The error that the page tells is that of a table: most lie within two of them.
        let apart = column(honest).iter().zip(column(said)).filter(|(a, e)| (*a - 0.5).abs() < 2.0 * e).count();
        assert!(apart >= 4, "{}: {apart} of {TABLES}", names[honest]);
    }
    let (naive, error) = over(&column(4));
    assert!(naive - 3.0 * error > 0.65 && naive > 0.75, "{naive} ({error})");
}

#[test]
fn the_error_of_one_held_out_area_is_delongs() {
    let (mut x, outcome) = noise(3, 11);
    (0..35).for_each(|i| x[[i, 0]] += 1.0);
    let data = Data { features: x.view(), readers: &[], outcome: &outcome, clinical: &[] };
    // All features by maximum likelihood in two folds: pairs within a fold are those of two areas.
    let cv = pipeline::cross_validate(&Plan::default(), &data, (1, 2), 1, true, &Task::default()).unwrap();
    let logit = |p: &f64| (p / (1.0 - p)).ln();
    let linear: Vec<f64> = cv.risks.column(0).iter().map(logit).collect();
    let whole = delong::area(&linear, &outcome, roc::Direction::CasesHigher, 0.95).unwrap();
    assert!((cv.mean.auc - whole.auc).abs() < 0.05, "{} {}", cv.mean.auc, whole.auc);
    assert!((cv.error / whole.variance.sqrt() - 1.0).abs() < 0.3, "{} {}", cv.error, whole.variance.sqrt());
}

/// Of 60 patients x 30 independent features three are moved by 0.8 with the event, so that the area of any linear score on new
/// patients is Phi(b'd / (|b| sqrt 2)).
fn with_signal(seed: i32) -> (Array2<f64>, Vec<bool>) {
    let mut rng = Rng::seeded(seed);
    let values: Vec<f64> = (0..60 * 30).map(|_| rng.normal()).collect();
    let mut x = Array2::from_shape_vec((60, 30).f(), values).unwrap();
    (0..26).for_each(|i| (0..3).for_each(|j| x[[i, 10 * j]] += 0.8));
    (x, (0..60).map(|i| i < 26).collect())
}

/// The area of a model of those tables on new patients.
fn true_area(model: &pipeline::Fitted) -> f64 {
    let unit = Array2::from_shape_fn((31, 30), |(i, j)| f64::from(u8::from(i == j + 1)));
    let data = Data { features: unit.view(), readers: &[], outcome: &[false; 31], clinical: &[] };
    let b: Vec<f64> = (1..31).map(|i| model.linear(&data, i) - model.linear(&data, 0)).collect();
    let length = b.iter().map(|b| b * b).sum::<f64>().sqrt();
    if length == 0.0 {
        return 0.5;
    }
    radnote::num::tails::normal_lower(0.8 * (b[0] + b[10] + b[20]) / (length * 2.0_f64.sqrt()))
}

/// The interval of the out-of-bag area covers the area of the final model on new patients about as often as it says. DeLong's
/// error of the models as they are is too short for one.
#[test]
fn the_interval_covers_what_the_final_model_does_on_new_patients() {
    const TABLES: i32 = 80;
    let fit = lasso::Options { solver: Solver::Accurate, ..lasso::Options::default() };
    let rule = Rule::Lambda(0.06);
    let plan = Plan {
        screen: Some(Screen { test: Test::MannWhitney, below: 0.1, adjust: Method::None }),
        lasso: Some(Penalised { rule, folds: 5, repeats: 1, stratified: false, seed: 1, loss: Loss::Deviance, fit }),
        ..Plan::default()
    };
    let (mut covered, mut as_they_are) = (0, 0);
    for seed in 1..=TABLES {
        let (x, outcome) = with_signal(seed);
        let data = Data { features: x.view(), readers: &[], outcome: &outcome, clinical: &[] };
        let b = pipeline::bootstrap(&plan, &data, 50, seed, &Task::default()).unwrap();
        let truth = true_area(&b.whole);
        let (lower, upper) = pipeline::interval(b.out_of_bag.auc, b.spread.auc);
        covered += i32::from((lower..=upper).contains(&truth));
        as_they_are += i32::from((truth - b.out_of_bag.auc).abs() < 1.959964 * b.error);
    }
    println!("{covered} and {as_they_are} of {TABLES} tables");
    let (lower, upper) = pipeline::interval(0.7, f64::NAN);
    assert!(lower.is_nan() && upper.is_nan(), "one resample has no spread, and no interval");
    assert!((73..=80).contains(&covered), "{covered} of {TABLES}");
    assert!(as_they_are < 68, "{as_they_are} of {TABLES}");
}

#[test]
fn a_signal_is_found_and_threads_do_not_matter() {
    let (mut x, outcome) = noise(60, 5);
    (0..35).for_each(|i| x[[i, 7]] += 2.0);
    let data = Data { features: x.view(), readers: &[], outcome: &outcome, clinical: &[] };
    let plan = Plan {
        stepwise: Some(Search { direction: Direction::Both, criterion: Criterion::Aic, full: true, firth: false }),
        ..plan(Rule::OneSe)
    };
    let run = || pipeline::bootstrap(&plan, &data, 20, 3, &Task::default()).unwrap();
    let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap().install(run);
    let many = rayon::ThreadPoolBuilder::new().num_threads(5).build().unwrap().install(run);
    assert_eq!(format!("{alone:?}"), format!("{many:?}"));
    assert!(many.out_of_bag.auc > 0.75, "{}", many.out_of_bag.auc);
    assert!(many.chosen[7] >= 19, "{}", many.chosen[7]);
    assert_eq!(many.empty, 0);
}

#[test]
fn a_validation_stops_when_told() {
    let (x, outcome) = noise(1967, 3);
    let data = Data { features: x.view(), readers: &[], outcome: &outcome, clinical: &[] };
    let task = Task::default();
    task.begin("validating", "runs", 10_000, 1.0);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            std::thread::sleep(std::time::Duration::from_millis(300));
            task.cancel();
        });
        let stopped = pipeline::bootstrap(&plan(Rule::Min), &data, 10_000, 1, &task).map(|_| ());
        assert_eq!(stopped, Err(radnote::error::Error::Cancelled));
    });
    let done = task.progress().unwrap().done;
    assert!(done < 5000, "{done} runs were done");
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
    // qnorm(0.975) of R.
    let reach = 1.959963984540054 * page("validate")["spread"]["auc"].as_f64().unwrap();
    let honest = page("validate")["honest"]["auc"].as_f64().unwrap();
    for (limit, side) in
        [("honest_auc_lower", (honest - reach).max(0.0)), ("honest_auc_upper", (honest + reach).min(1.0))]
    {
        assert!((page("validate")[limit].as_f64().unwrap() - side).abs() < 1e-12, "{limit}");
    }
    for part in ["auc", "brier"] {
        let of = |key: &str| page("validate")[key][part].as_f64().unwrap();
        assert!((of("corrected") - (of("apparent") - of("optimism"))).abs() < 1e-12, "{part}");
    }
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
