//! Cross-validated lasso of 82 patients in 10 folds, both solvers: `cargo bench --bench lasso`.
//!
//! Each line is the median of five runs, on all threads and on one. With 66 columns the path goes on to a ten-thousandth of
//! its first penalty, where glmnet's sweeps take minutes at 1e-12.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::time::Instant;

use ndarray::{Array2, ShapeBuilder};
use radnote::num::rng::Rng;
use radnote::stats::folds;
use radnote::stats::lasso::{CrossValidation, Loss, Options, Solver, choose};
use radnote::task::Task;

fn main() {
    for p in [66, 300, 1967] {
        let (x, outcome) = simulate(82, p);
        for (solver, threshold) in [(Solver::Compatible, 1e-7), (Solver::Compatible, 1e-12), (Solver::Accurate, 1e-12)]
        {
            if p == 66 && solver == Solver::Compatible && threshold < 1e-7 {
                continue;
            }
            let fit = Options { solver, threshold, ..Options::default() };
            let folds = folds::assign(82, 10, 1).unwrap();
            let how = CrossValidation { folds, loss: Loss::Deviance, grouped: true, fit };
            let run = || {
                let mut times: Vec<f64> = (0..5)
                    .map(|_| {
                        let start = Instant::now();
                        choose(x.view(), &outcome, &how, &Task::default()).unwrap();
                        start.elapsed().as_secs_f64()
                    })
                    .collect();
                times.sort_by(f64::total_cmp);
                times[2]
            };
            let all = run();
            let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap().install(run);
            println!(
                "82 x {p}, {solver:?}, threshold {threshold:e}: {:.1} ms, one thread {:.1} ms",
                all * 1e3,
                one * 1e3
            );
        }
    }
}

/// Blocks of correlated columns, of which some carry the outcome.
fn simulate(n: usize, p: usize) -> (Array2<f64>, Vec<bool>) {
    let mut rng = Rng::seeded(1);
    let outcome: Vec<bool> = (0..n).map(|i| i % 7 < 3).collect();
    let mut x = Array2::zeros((n, p).f());
    for j in 0..p {
        let shift = if j % 60 == 0 { 0.7 } else { 0.0 };
        for i in 0..n {
            let own = rng.normal();
            x[[i, j]] = if j % 20 == 0 {
                own + shift * f64::from(u8::from(outcome[i]))
            } else {
                0.85 * x[[i, j - 1]] + 0.5268 * own
            };
        }
    }
    (x, outcome)
}
