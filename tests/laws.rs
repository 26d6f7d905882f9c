//! Properties that hold for any input.

#[path = "laws/discrimination.rs"]
mod discrimination;
#[path = "laws/kernels.rs"]
mod kernels;
#[path = "laws/peaks.rs"]
mod peaks;
#[path = "laws/stepwise.rs"]
mod searches;
#[path = "laws/separation.rs"]
mod separation;
#[path = "laws/sums.rs"]
mod sums;
#[path = "laws/units.rs"]
mod units;

use ndarray::{Array2, Axis};
use radnote::num::rng::Rng;
use radnote::num::summary;
use radnote::stats::lasso::{self, CrossValidation, Loss, Options};
use radnote::stats::roc::Direction;
use radnote::stats::stepwise::{self, Term};
use radnote::stats::{
    bootstrap, calibration, contingency, decision, delong, fisher, folds, icc, logistic, lrm, mann_whitney, nomogram,
    p_adjust, proportion, roc, scale,
};
use radnote::task::Task;

/// Patients with an outcome that the first columns tell something of; one column is constant, one a copy.
fn cohort(seed: i32, n: usize, p: usize) -> (Array2<f64>, Vec<bool>) {
    let mut rng = Rng::seeded(seed);
    let mut x = Array2::from_shape_fn((p, n), |_| rng.normal()).reversed_axes();
    let outcome: Vec<bool> = (0..n).map(|i| x[[i, 0]] - x[[i, 1]] + 1.5 * rng.normal() > 0.0).collect();
    if p > 6 {
        x.column_mut(4).fill(3.0);
        let copy = x.column(2).to_owned();
        x.column_mut(5).assign(&copy);
    }
    (x, outcome)
}

fn threads<T: Send>(count: usize, run: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(count).build().unwrap().install(run)
}

#[test]
fn an_area_turned_round_is_its_complement() {
    let (x, y) = cohort(1, 61, 3);
    for column in x.columns() {
        let scores: Vec<f64> = column.iter().map(|v| (v * 3.0).round()).collect();
        let turned: Vec<f64> = scores.iter().map(|v| -v).collect();
        let groups = |s: &[f64]| roc::groups(s, &y);
        let (a, b) = (groups(&scores), groups(&turned));
        let higher = Direction::CasesHigher;
        assert!((roc::area(&a, higher) - (1.0 - roc::area(&b, higher))).abs() < 1e-15);
        assert_eq!(roc::area(&a, higher), roc::area(&b, Direction::CasesLower));
        let test = mann_whitney::test(&a.cases, &a.controls, Default::default());
        assert!((test.auc - roc::area(&a, higher)).abs() < 1e-15);
        let curve = roc::curve(&scores, &y, Some(higher)).unwrap();
        let under: f64 = (1..curve.thresholds.len())
            .map(|i| {
                (curve.specificity[i] - curve.specificity[i - 1]) * (curve.sensitivity[i] + curve.sensitivity[i - 1])
                    / 2.0
            })
            .sum();
        assert!((under - curve.auc).abs() < 1e-14);
        for (i, t) in curve.thresholds.iter().enumerate() {
            let counts = roc::counts(&scores, &y, higher, *t);
            assert_eq!((counts.sensitivity(), counts.specificity()), (curve.sensitivity[i], curve.specificity[i]));
        }
    }
}

#[test]
fn a_score_against_itself_does_not_differ() {
    let (x, y) = cohort(2, 40, 2);
    let score = x.column(0).to_vec();
    let of = (score.as_slice(), Direction::CasesHigher);
    let test = delong::paired(of, of, &y, 0.95).unwrap();
    assert_eq!((test.difference, test.z, test.p), (0.0, 0.0, 1.0));
    let area = delong::area(&score, &y, Direction::CasesHigher, 0.95).unwrap();
    assert!((test.covariance - area.variance).abs() < 1e-16);
    assert!((summary::mean(&area.of_cases) - area.auc).abs() < 1e-15);
    assert!((summary::mean(&area.of_controls) - area.auc).abs() < 1e-15);
}

#[test]
fn a_rank_test_has_two_sides_of_one() {
    let (x, y) = cohort(3, 30, 8);
    for test in mann_whitney::each(x.view(), &y, Default::default()) {
        assert!(test.p.is_nan() == (test.ties && test.u == (test.cases * test.controls) as f64 / 2.0 && !test.exact));
        assert!(test.p.is_nan() || (0.0..=1.0).contains(&test.p));
    }
    let (a, b) = ([1.0, 4.0, 6.5], [2.0, 3.0, 5.0, 7.0]);
    let (one, other) = (mann_whitney::test(&a, &b, Default::default()), mann_whitney::test(&b, &a, Default::default()));
    assert_eq!((one.p, one.u + other.u), (other.p, 12.0));
}

#[test]
fn adjusted_p_values_keep_their_order() {
    use p_adjust::Method::*;
    let p = [0.2, 0.001, f64::NAN, 0.04, 0.04, 0.9, 0.0005];
    for method in [None, Bonferroni, Holm, Hochberg, Hommel, Bh, By] {
        let adjusted = p_adjust::adjust(&p, method);
        assert!(adjusted[2].is_nan());
        for (i, j) in (0..7).flat_map(|i| (0..7).map(move |j| (i, j))).filter(|&(i, j)| p[i] < p[j]) {
            assert!(adjusted[i] <= adjusted[j] && adjusted[i] >= p[i], "{method:?}");
        }
    }
}

#[test]
fn lasso_meets_its_conditions_of_optimality() {
    for (n, p) in [(60, 12), (40, 90)] {
        let (x, y) = cohort(4, n, p);
        let options = Options { threshold: 1e-20, ..Options::default() };
        let path = lasso::fit(x.view(), &y, &options, &Task::default()).unwrap();
        for (lambda, model) in path.lambda.iter().zip(&path.models).skip(1) {
            let residual: Vec<f64> = (0..n)
                .map(|i| f64::from(u8::from(y[i])) - logistic::inverse_logit(model.linear(|j| x[[i, j]])))
                .collect();
            assert!(residual.iter().sum::<f64>().abs() < 1e-7);
            for (j, column) in x.columns().into_iter().enumerate().filter(|(j, _)| *j != 4) {
                let values = column.to_vec();
                let (mean, sd) = (summary::mean(&values), summary::sd(&values) * ((n - 1) as f64 / n as f64).sqrt());
                let pull: f64 = values.iter().zip(&residual).map(|(v, r)| (v - mean) / sd * r).sum::<f64>() / n as f64;
                let beta = model.coefficients.iter().find(|c| c.0 == j).map_or(0.0, |c| c.1);
                assert!(pull.abs() <= lambda * (1.0 + 1e-6), "column {j} pulls {pull} at {lambda}");
                if beta.abs() > 1e-9 {
                    assert!((pull - lambda * beta.signum()).abs() < 1e-6 * lambda, "column {j}");
                }
            }
        }
        assert!(path.models.iter().all(|m| m.coefficients.iter().all(|c| c.0 != 4)), "a constant column came in");
    }
}

#[test]
fn a_path_is_read_between_its_penalties() {
    let (x, y) = cohort(5, 50, 10);
    let path = lasso::fit(x.view(), &y, &Options::default(), &Task::default()).unwrap();
    for (k, lambda) in path.lambda.iter().enumerate() {
        assert_eq!(path.at(*lambda), path.models[k]);
    }
    assert_eq!(path.at(1e9), path.models[0]);
    assert_eq!(path.at(0.0), path.models[path.lambda.len() - 1]);
    let middle = path.at((path.lambda[9] + path.lambda[10]) / 2.0).intercept;
    assert!((middle - (path.models[9].intercept + path.models[10].intercept) / 2.0).abs() < 1e-12);
}

#[test]
fn threads_do_not_change_a_bit() {
    let (x, y) = cohort(6, 60, 120);
    let how = CrossValidation {
        folds: folds::assign(60, 10, 3).unwrap(),
        loss: Loss::Deviance,
        grouped: true,
        fit: Options::default(),
    };
    let resamples = bootstrap::resamples(60, 20, 7);
    let two = x.select(Axis(1), &[0, 1]);
    let run = || {
        let cv = lasso::choose(x.view(), &y, &how, &Task::default()).unwrap();
        let tests = mann_whitney::each(x.view(), &y, Default::default());
        let calibrated =
            bootstrap::calibrate(two.view(), &y, &resamples, Default::default(), &Task::default()).unwrap();
        format!("{cv:?} {tests:?} {calibrated:?}")
    };
    assert_eq!(threads(1, run), threads(2, run));
    assert_eq!(threads(2, run), threads(5, run));
}

#[test]
fn a_cancelled_task_stops() {
    let (x, y) = cohort(7, 40, 10);
    let task = Task::default();
    task.cancel();
    let stopped = Err(radnote::error::Error::Cancelled);
    assert_eq!(lasso::fit(x.view(), &y, &Options::default(), &task), stopped.clone());
    let terms: Vec<Term> = (0..3).map(|j| Term { name: format!("x{j}"), columns: vec![j] }).collect();
    let options = stepwise::Options {
        direction: stepwise::Direction::Both,
        start: Vec::new(),
        criterion: stepwise::Criterion::Aic,
        fit: logistic::Options::default(),
    };
    assert_eq!(stepwise::select(x.view(), &y, &terms, &options, &task).map(|_| ()), stopped.map(|_: lasso::Path| ()));
}

/// One penalty may take all sweeps there are: none is settled where every change counts.
#[test]
fn a_task_that_is_cancelled_amid_a_penalty_stops() {
    let (x, y) = cohort(7, 40, 10);
    let task = Task::default();
    let options = Options { threshold: 0.0, max_sweeps: 100_000_000, ..Options::default() };
    let fitted = std::thread::scope(|scope| {
        let fitted = scope.spawn(|| lasso::fit(x.view(), &y, &options, &task));
        std::thread::sleep(std::time::Duration::from_millis(50));
        task.cancel();
        fitted.join().unwrap()
    });
    assert_eq!(fitted, Err(radnote::error::Error::Cancelled));
}

#[test]
fn a_logistic_fit_has_no_slope_left() {
    let (x, y) = cohort(8, 80, 4);
    let fit = logistic::fit(x.view(), &y, logistic::Options::SETTLED).unwrap();
    for column in std::iter::once(vec![1.0; 80]).chain(x.columns().into_iter().map(|c| c.to_vec())) {
        let slope: f64 = (0..80).map(|i| column[i] * (f64::from(u8::from(y[i])) - fit.fitted[i])).sum();
        assert!(slope.abs() < 1e-10);
    }
    assert!(
        (logistic::deviance(&y.iter().map(|y| f64::from(u8::from(*y))).collect::<Vec<_>>(), &fit.fitted)
            - fit.deviance)
            .abs()
            < 1e-12
    );
    let early =
        lrm::fit(x.view(), &y, lrm::Options { epsilon: 1e-12, max_iterations: 50, ..lrm::Options::default() }).unwrap();
    for (a, b) in fit.coef.iter().zip(&early.coef) {
        assert!((a - b).abs() < 1e-10);
    }
}

#[test]
fn separation_is_said() {
    let x = Array2::from_shape_vec((8, 1), (0..8).map(f64::from).collect()).unwrap();
    let y: Vec<bool> = (0..8).map(|i| i >= 4).collect();
    let fit = logistic::fit(x.view(), &y, logistic::Options::default()).unwrap();
    assert_eq!(fit.separated, Some(logistic::Separation::Complete));
    let (x, y) = cohort(9, 60, 3);
    assert_eq!(logistic::fit(x.view(), &y, logistic::Options::default()).unwrap().separated, None);
}

#[test]
fn a_stepwise_search_ends_where_no_move_helps() {
    let (x, y) = cohort(10, 70, 6);
    let terms: Vec<Term> =
        (0..5).map(|j| Term { name: format!("t{j}"), columns: if j == 4 { vec![4, 5] } else { vec![j] } }).collect();
    for direction in [stepwise::Direction::Forward, stepwise::Direction::Backward, stepwise::Direction::Both] {
        for start in [Vec::new(), (0..5).collect()] {
            let options = stepwise::Options {
                direction,
                start,
                criterion: stepwise::Criterion::Aic,
                fit: logistic::Options::default(),
            };
            let found = stepwise::select(x.view(), &y, &terms, &options, &Task::default()).unwrap();
            assert!(found.steps.windows(2).all(|w| w[1].aic < w[0].aic));
            let last = found.steps.last().unwrap();
            assert!(last.candidates.iter().all(|c| c.aic >= last.aic));
        }
    }
}

#[test]
fn a_split_has_the_sizes_it_says() {
    for (n, k) in [(33, 10), (82, 10), (7, 3)] {
        let folds = folds::assign(n, k, 11).unwrap();
        for fold in 1..=k {
            let size = folds.iter().filter(|f| **f == fold).count();
            assert_eq!(size, n / k + usize::from(fold <= n % k));
        }
    }
    assert!(folds::assign(10, 2, 1).is_err() && folds::assign(2, 3, 1).is_err());
    assert!(folds::split(&[true, true, true], 0.5, 1).is_err());
    let (_, y) = cohort(12, 91, 2);
    let training = folds::split(&y, 2.0 / 3.0, 5).unwrap();
    for class in [false, true] {
        let n = y.iter().filter(|v| **v == class).count();
        let taken = y.iter().zip(&training).filter(|(v, t)| **v == class && **t).count();
        assert_eq!(taken, (2.0 / 3.0 * n as f64).round_ties_even() as usize);
    }
}

#[test]
fn agreement_is_whole_or_undefined_at_the_edges() {
    let same = [1.0, 2.5, 3.0, 7.0];
    let squares = icc::mean_squares(&[&same, &same]).unwrap();
    for form in icc::Form::ALL {
        assert_eq!(icc::coefficient(&squares, form), 1.0);
        assert_eq!(icc::interval(&squares, form, 0.95), (1.0, 1.0));
        assert_eq!(icc::test(&squares, form).p, 0.0);
    }
    assert!(icc::mean_squares(&[&[2.0; 4], &[2.0; 4]]).is_err());
    assert!(icc::mean_squares(&[&same]).is_err());
    assert!(icc::mean_squares(&[&[1.0, f64::NAN], &[f64::NAN, 2.0]]).is_err());
    // An offset between readers leaves consistency whole, and no common offset or unit changes anything.
    let shifted: Vec<f64> = same.iter().map(|v| v + 4.0).collect();
    let squares = icc::mean_squares(&[&same, &shifted]).unwrap();
    assert_eq!(icc::coefficient(&squares, icc::Form::ThreeSingle), 1.0);
    assert!(icc::coefficient(&squares, icc::Form::TwoSingle) < 1.0);
    let (x, _) = cohort(13, 20, 2);
    let (a, b) = (x.column(0).to_vec(), x.column(1).to_vec());
    let moved = |v: &[f64]| v.iter().map(|v| (v * 8.0) + 1024.0).collect::<Vec<f64>>();
    let (one, other) = (icc::mean_squares(&[&a, &b]).unwrap(), icc::mean_squares(&[&moved(&a), &moved(&b)]).unwrap());
    for form in icc::Form::ALL {
        assert!((icc::coefficient(&one, form) - icc::coefficient(&other, form)).abs() < 1e-12);
        let (lower, upper) = icc::interval(&one, form, 0.95);
        assert!(lower <= icc::coefficient(&one, form) && icc::coefficient(&one, form) <= upper);
    }
}

#[test]
fn scaled_columns_have_mean_0_and_deviation_1() {
    let (x, _) = cohort(14, 25, 4);
    let names: Vec<String> = (0..4).map(|j| format!("x{j}")).collect();
    let z = scale::apply(&scale::fit(x.view(), &names).unwrap(), x.view());
    for column in z.columns() {
        let values = column.to_vec();
        assert!(summary::mean(&values).abs() < 1e-15 && (summary::sd(&values) - 1.0).abs() < 1e-14);
    }
    let (x, _) = cohort(15, 25, 8);
    let names: Vec<String> = (0..8).map(|j| format!("x{j}")).collect();
    let error = scale::fit(x.view(), &names).unwrap_err().to_string();
    assert_eq!(error, "the z-score of `x4` is undefined: its values are all equal");
}

#[test]
fn proportions_lie_in_their_intervals() {
    for (x, n) in [(0, 7), (3, 7), (7, 7), (34, 35)] {
        let (lower, upper) = proportion::clopper_pearson(x, n, 0.95);
        let p = x as f64 / n as f64;
        assert!(lower <= p && p <= upper && lower >= 0.0 && upper <= 1.0);
        let (lower, upper) = proportion::wilson(x, n, 0.95);
        assert!(lower - 1e-15 <= p && p <= upper + 1e-15);
    }
    assert!(proportion::clopper_pearson(0, 0, 0.95).0.is_nan());
}

#[test]
fn net_benefit_has_its_ends() {
    let (x, y) = cohort(16, 50, 2);
    let risk: Vec<f64> = x.column(0).iter().map(|v| logistic::inverse_logit(*v)).collect();
    let rate = y.iter().filter(|v| **v).count() as f64 / 50.0;
    let points = decision::curve(&risk, &y, &decision::hundredths(), decision::HighRisk::AtOrAbove);
    assert_eq!(points[0].net_benefit, rate);
    assert!((points[0].standardised - 1.0).abs() < 1e-15 && points[0].all == rate);
    assert!(decision::hundredths().contains(&0.29));
    let tie = decision::curve(&[0.5, 0.2], &[true, false], &[0.5], decision::HighRisk::AtOrAbove);
    let above = decision::curve(&[0.5, 0.2], &[true, false], &[0.5], decision::HighRisk::Above);
    assert_eq!((tie[0].tp, above[0].tp), (1, 0));
}

#[test]
fn points_add_up_to_the_linear_predictor() {
    let (x, y) = cohort(17, 60, 3);
    let fit = logistic::fit(x.view(), &y, logistic::Options::default()).unwrap();
    let variable = |j: usize| nomogram::Variable {
        name: format!("x{j}"),
        kind: nomogram::Kind::Numeric { column: j, training: x.column(j).to_vec() },
    };
    let figure = nomogram::nomogram(&fit.coef, &[variable(0), variable(1), variable(2)], x.view());
    for (row, linear) in x.rows().into_iter().zip(&fit.linear) {
        let total: f64 = figure.points(&row.to_vec()).iter().sum();
        assert!((figure.linear_at(total) - linear).abs() < 1e-12);
        assert!((figure.total_at(figure.probability_at(total)) - total).abs() < 1e-9);
    }
    let points: Vec<f64> = figure.axes.iter().flat_map(|a| a.ticks.iter().map(|t| t.points)).collect();
    let (least, most) = summary::range(&points);
    assert!(least == 0.0 && (most - 100.0).abs() < 1e-12);
}

#[test]
fn a_calibrated_model_is_calibrated() {
    let (x, y) = cohort(18, 80, 3);
    let fit = logistic::fit(x.view(), &y, logistic::Options::SETTLED).unwrap();
    let again = calibration::recalibrate(&fit.fitted, &y).unwrap();
    assert!(again.intercept.abs() < 1e-9 && (again.slope - 1.0).abs() < 1e-9 && again.large.abs() < 1e-9);
    let test = calibration::hosmer_lemeshow(&fit.fitted, &y, 10).unwrap();
    assert_eq!(test.groups.iter().map(|g| g.n).sum::<usize>(), 80);
    assert_eq!(test.groups.iter().map(|g| g.observed).sum::<usize>(), y.iter().filter(|v| **v).count());
    assert!(calibration::hosmer_lemeshow(&[0.5; 4], &[true, false, false, true], 10).is_err());
}

#[test]
fn exact_tests_of_one_table_agree() {
    let table = ndarray::arr2(&[[7, 2], [3, 9]]);
    let exact = fisher::two_by_two(table.view(), 0.95).unwrap();
    assert!((exact.p - fisher::p_value(table.view()).unwrap()).abs() < 1e-14);
    assert!(exact.lower < exact.odds_ratio && exact.odds_ratio < exact.upper);
    let turned = fisher::two_by_two(table.t(), 0.95).unwrap();
    assert!((turned.odds_ratio - exact.odds_ratio).abs() < 1e-12 * exact.odds_ratio);
    let (plain, yates) = (contingency::pearson(table.view()), contingency::yates(table.view()));
    assert!(yates.chi2 < plain.chi2 && plain.df == 1);
    let empty = ndarray::arr2(&[[0, 0], [3, 9], [4, 1]]);
    assert!(contingency::pearson(empty.view()).p.is_nan());
    assert_eq!(contingency::without_empty(empty.view()), ndarray::arr2(&[[3, 9], [4, 1]]));
}

/// What rounding leaves of a twin's coefficient is no choice.
#[test]
fn a_lasso_chooses_what_is_more_than_rounding() {
    let coefficients = vec![(0, -0.03), (3, -6e-16), (4, 0.5), (7, 4.9e-13), (9, 5.1e-13)];
    let model = lasso::Model { intercept: 0.0, coefficients };
    assert_eq!(model.chosen(), [(0, -0.03), (4, 0.5), (9, 5.1e-13)]);
    assert!(lasso::Model::default().chosen().is_empty());
}
