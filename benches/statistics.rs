//! radnote's side of `benches/statistics.sh`, on the tables that R reads: `cargo bench --bench statistics -- FOLDER [write]`.
//!
//! One line for each analysis of `benches/statistics.R`, in its order and under its name: seconds on all threads, seconds on
//! one, and a number that R must give too. The tables are in memory, as they are there.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod simulated;

use std::path::Path;
use std::time::Instant;

use ndarray::{Array2, ArrayView1, ArrayView2, Axis, ShapeBuilder};
use radnote::num::summary;
use radnote::stats::icc::{self, Form};
use radnote::stats::lasso::{self, CrossValidation, Loss};
use radnote::stats::nomogram::{self, Kind, Variable};
use radnote::stats::roc::Direction::CasesHigher;
use radnote::stats::stepwise::{self, Criterion, Direction, Term};
use radnote::stats::{bootstrap, decision, delong, folds, logistic, lrm, mann_whitney, scale};
use radnote::task::Task;

/// Of five patients three train: 82.
const PATIENTS: usize = 136;
/// Blocks of features that carry the event.
const CARRIERS: usize = 4;
/// A run is the median of as many as fit in this time, in seconds.
const LONG: f64 = 0.2;

fn main() {
    let given: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    let folder = Path::new(&given[0]);
    if given.len() > 1 {
        return simulated::tables(folder, PATIENTS, 1967, CARRIERS);
    }
    let cohort = Cohort::read(folder);
    let ten: Vec<usize> = (0..10).map(|i| 60 * i + if i % 2 == 0 { 0 } else { 6 }).collect();
    let score: Vec<f64> = (0..cohort.y.len()).map(|i| (cohort.x[[i, ten[0]]] + cohort.x[[i, ten[1]]]) / 2.0).collect();
    let design = cohort.design(&score);
    let risk = probabilities(&lrm::fit(design.view(), &cohort.y, lrm::Options::default()).unwrap().linear);
    let every: Vec<usize> = (0..cohort.x.ncols()).collect();
    let agree = || cohort.agreement().iter().sum();
    time("ICC(2,1) of 1967 features, 30 x 2 (aov)", agree);
    time("the same by column sums of matrices", agree);
    time("Mann-Whitney of 1967 features, exact", || cohort.p(&every).iter().sum());
    let (all, few) = (cohort.x.view(), cohort.x.view().split_at(Axis(1), 300).0);
    time("cross-validated lasso, 82 x 1967, 10 folds (cv.glmnet)", || cohort.lasso(all, 1e-7).lambda_min());
    time("the same, threshold 1e-12", || cohort.lasso(all, 1e-12).lambda_min());
    time("the same, 82 x 300", || cohort.lasso(few, 1e-7).lambda_min());
    time("the same, 82 x 300, threshold 1e-12", || cohort.lasso(few, 1e-12).lambda_min());
    time("AIC from 10 features, both directions (stepAIC)", || cohort.searched(&ten).fit.aic);
    time("two ROC curves, intervals and test by DeLong (pROC)", || {
        cohort.discriminate(&score, &cohort.x.column(ten[2]).to_vec())
    });
    time("calibration, 1000 resamples (rms)", || cohort.calibrated(design.view()));
    time("validation, 1000 resamples (rms)", || {
        let drawn = bootstrap::resamples(cohort.y.len(), 1000, 1);
        bootstrap::validate(design.view(), &cohort.y, &drawn, lrm::Options::default(), &Task::default())
            .unwrap()
            .indexes[0]
            .corrected
    });
    time("decision curve of 100 thresholds, 500 resamples", || cohort.decided(&risk));
    time("the whole chain", || cohort.chain());
}

fn time(task: &str, run: impl Fn() -> f64 + Sync) {
    let value = run();
    let all = median(&run);
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap().install(|| median(&run));
    println!("{task}\t{all:.6e}\t{one:.6e}\t{value:.17}");
}

fn median(run: impl Fn() -> f64) -> f64 {
    let begun = Instant::now();
    let mut times = Vec::new();
    while times.len() < 3 || begun.elapsed().as_secs_f64() < LONG {
        let start = Instant::now();
        std::hint::black_box(run());
        times.push(start.elapsed().as_secs_f64());
    }
    summary::quantile(&summary::sorted(&times), 0.5)
}

/// The training patients.
struct Cohort {
    x: Array2<f64>,
    /// Both readings of those who were read twice.
    first: Array2<f64>,
    second: Array2<f64>,
    y: Vec<bool>,
    margin: Vec<f64>,
    folds: Vec<usize>,
}

impl Cohort {
    fn read(folder: &Path) -> Self {
        let (_, clinical) = table(&folder.join("clinical.csv"));
        let role = |i: usize| clinical[i][1] == "train";
        let train: Vec<usize> = (0..clinical.len()).filter(|&i| role(i)).collect();
        let number = |j: usize| train.iter().map(|&i| clinical[i][j].parse().unwrap()).collect::<Vec<f64>>();
        let (ids, features) = table(&folder.join("features.csv"));
        let (read, again) = table(&folder.join("features_reader2.csv"));
        let at = |id: &String| train.iter().position(|&i| ids[i] == *id);
        let twice: Vec<(usize, usize)> = read.iter().enumerate().filter_map(|(r, id)| Some((at(id)?, r))).collect();
        let x = matrix(&features, &train);
        let y: Vec<bool> = number(0).iter().map(|v| *v > 0.5).collect();
        Self {
            first: matrix(&features, &twice.iter().map(|t| train[t.0]).collect::<Vec<_>>()),
            second: matrix(&again, &twice.iter().map(|t| t.1).collect::<Vec<_>>()),
            x,
            folds: folds::assign(y.len(), 10, 1).unwrap(),
            y,
            margin: number(2),
        }
    }

    fn agreement(&self) -> Vec<f64> {
        let icc = |(first, second): (ArrayView1<'_, f64>, ArrayView1<'_, f64>)| {
            let squares = icc::mean_squares(&[first.as_slice().unwrap(), second.as_slice().unwrap()]).unwrap();
            icc::coefficient(&squares, Form::TwoSingle)
        };
        self.first.columns().into_iter().zip(self.second.columns()).map(icc).collect()
    }

    fn p(&self, columns: &[usize]) -> Vec<f64> {
        let tests = mann_whitney::each(self.x.select(Axis(1), columns).view(), &self.y, Default::default());
        tests.iter().map(|t| t.p).collect()
    }

    fn lasso(&self, x: ArrayView2<'_, f64>, threshold: f64) -> lasso::Cv {
        let fit = lasso::Options { threshold, ..lasso::Options::default() };
        let how = CrossValidation { folds: self.folds.clone(), loss: Loss::Deviance, grouped: true, fit };
        lasso::choose(x, &self.y, &how, &Task::default()).unwrap()
    }

    fn scaled(&self, columns: &[usize]) -> Array2<f64> {
        let x = self.x.select(Axis(1), columns);
        scale::apply(&scale::fit(x.view(), &[]).unwrap(), x.view())
    }

    fn searched(&self, columns: &[usize]) -> stepwise::Stepwise {
        let terms: Vec<Term> = (0..columns.len()).map(|j| Term { name: String::new(), columns: vec![j] }).collect();
        let options = stepwise::Options {
            direction: Direction::Both,
            start: (0..columns.len()).collect(),
            criterion: Criterion::Aic,
            fit: logistic::Options::default(),
        };
        stepwise::select(self.scaled(columns).view(), &self.y, &terms, &options, &Task::default()).unwrap()
    }

    fn discriminate(&self, a: &[f64], b: &[f64]) -> f64 {
        let of = |scores: &[f64]| {
            radnote::stats::roc::curve(scores, &self.y, Some(CasesHigher)).unwrap();
            let area = delong::area(scores, &self.y, CasesHigher, 0.95).unwrap();
            area.lower + area.auc + area.upper
        };
        of(a) + of(b) + delong::paired((a, CasesHigher), (b, CasesHigher), &self.y, 0.95).unwrap().p
    }

    /// Signature and margin.
    fn design(&self, signature: &[f64]) -> Array2<f64> {
        let values = [signature, &self.margin].concat();
        Array2::from_shape_vec((self.y.len(), 2).f(), values).unwrap()
    }

    fn calibrated(&self, design: ArrayView2<'_, f64>) -> f64 {
        let drawn = bootstrap::resamples(self.y.len(), 1000, 1);
        bootstrap::calibrate(design, &self.y, &drawn, lrm::Options::default(), &Task::default())
            .unwrap()
            .corrected
            .iter()
            .sum()
    }

    fn decided(&self, risk: &[f64]) -> f64 {
        let (thresholds, high) = (decision::hundredths(), decision::HighRisk::AtOrAbove);
        let resamples = &bootstrap::resamples(self.y.len(), 500, 1);
        let how = decision::Resampling { resamples, level: 0.95, thresholds: &thresholds, high };
        let curve: f64 = decision::curve(risk, &self.y, &thresholds, high).iter().map(|p| p.net_benefit).sum();
        curve + decision::limits(risk, &self.y, how).iter().map(|l| l.net_benefit.0 + l.net_benefit.1).sum::<f64>()
    }

    fn chain(&self) -> f64 {
        let agreed: Vec<usize> =
            self.agreement().iter().enumerate().filter(|(_, icc)| **icc > 0.85).map(|(j, _)| j).collect();
        let p = self.p(&agreed);
        let screened: Vec<usize> = agreed.into_iter().zip(p).filter(|(_, p)| *p < 0.05).map(|(j, _)| j).collect();
        let cv = self.lasso(self.scaled(&screened).view(), 1e-7);
        let few = cv.path.models.iter().find(|m| m.coefficients.len() > 3).unwrap();
        let chosen: Vec<usize> = few.coefficients.iter().map(|c| screened[c.0]).collect();
        let signature = self.searched(&chosen).fit.linear;
        let design = self.design(&signature);
        let fit = lrm::fit(design.view(), &self.y, lrm::Options::default()).unwrap();
        let variable = |name: &str, column: usize, training: &[f64]| Variable {
            name: name.into(),
            kind: Kind::Numeric { column, training: training.to_vec() },
        };
        let variables = [variable("signature", 0, &signature), variable("margin", 1, &self.margin)];
        std::hint::black_box(nomogram::nomogram(&fit.coef, &variables, design.view()));
        let risk = probabilities(&fit.linear);
        self.discriminate(&signature, &fit.linear) + self.calibrated(design.view()) + self.decided(&risk)
    }
}

fn probabilities(linear: &[f64]) -> Vec<f64> {
    linear.iter().map(|l| logistic::inverse_logit(*l)).collect()
}

/// Ids, and the other cells of each row.
fn table(path: &Path) -> (Vec<String>, Vec<Vec<String>>) {
    let text = std::fs::read_to_string(path).expect("a table in the folder");
    let rows = text.lines().skip(1).map(|line| {
        let mut cells = line.split(',').map(String::from);
        (cells.next().unwrap(), cells.collect())
    });
    rows.unzip()
}

fn matrix(cells: &[Vec<String>], rows: &[usize]) -> Array2<f64> {
    let width = cells[0].len();
    let values = (0..width).flat_map(|j| rows.iter().map(move |&i| cells[i][j].parse().unwrap())).collect();
    Array2::from_shape_vec((rows.len(), width).f(), values).unwrap()
}
