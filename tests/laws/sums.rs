//! Sums that decide ties, and exact tests of large tables.

use ndarray::{Array2, arr2};
use radnote::num::long;
use radnote::stats::fisher;
use radnote::stats::lasso::{self, CrossValidation, Loss, Options};
use radnote::task::Task;

use super::cohort;

/// The right sides are R's own `sum` on a machine with long doubles of 64 bits.
#[test]
fn a_sum_is_that_of_a_long_double() {
    let whole = 2.0_f64.powi(63);
    for (values, sum) in [
        (vec![1e20, 1.0, -1e20], 0.0),
        (vec![1e16, 1.0, -1e16], 1.0),
        (vec![0.1; 10], 1.0),
        (vec![0.1, 0.2, 0.3], 0.6),
        (vec![0.3, 0.2, 0.1], 0.6),
        (vec![whole, 0.75, -whole], 1.0),
        (vec![whole, 0.5, -whole], 0.0),
        (vec![whole, 1.5, -whole], 2.0),
        (vec![whole, -0.75, -whole], -1.0),
    ] {
        assert_eq!(long::sum(values.iter().copied()), sum, "{values:?}");
    }
    assert!(long::sum([f64::NAN, 1.0]).is_nan());
    assert_eq!(long::sum([f64::INFINITY, 1.0]), f64::INFINITY);
}

/// Which fold is called the first changes no mean, and so no choice between penalties that tie.
#[test]
fn the_names_of_folds_choose_nothing() {
    let (x, y) = cohort(21, 96, 12);
    let chosen = |loss: Loss, name: fn(usize) -> usize| {
        let folds = (0..96).map(|i| name(i % 8)).collect();
        let how = CrossValidation { folds, loss, grouped: true, fit: Options::default() };
        lasso::choose(x.view(), &y, &how, &Task::default()).unwrap()
    };
    for loss in [Loss::Auc, Loss::Class] {
        let (one, other) = (chosen(loss, |f| f), chosen(loss, |f| (f * 3 + 5) % 8));
        assert_eq!((one.mean, one.min, one.one_se), (other.mean, other.min, other.one_se), "{loss:?}");
    }
}

/// The p-value by trying every table.
fn tried(table: &Array2<usize>) -> f64 {
    let log = |k: usize| (1..=k).map(|i| (i as f64).ln()).sum::<f64>();
    let (rows, columns) = (table.sum_axis(ndarray::Axis(1)), table.sum_axis(ndarray::Axis(0)));
    let all = rows.iter().chain(&columns).map(|m| log(*m)).sum::<f64>() - log(table.sum());
    let probability = |t: &Array2<usize>| (all - t.iter().map(|c| log(*c)).sum::<f64>()).exp();
    let (seen, mut sum) = (probability(table), 0.0);
    let mut stack = vec![(Array2::zeros(table.dim()), 0)];
    while let Some((t, cell)) = stack.pop() {
        let (r, c) = (cell / table.ncols(), cell % table.ncols());
        if r == table.nrows() {
            if (&t.sum_axis(ndarray::Axis(0)), &t.sum_axis(ndarray::Axis(1))) == (&columns, &rows) {
                sum += if probability(&t) <= seen * (1.0 + 1e-7) { probability(&t) } else { 0.0 };
            }
            continue;
        }
        for count in 0..=(rows[r] - t.row(r).sum()).min(columns[c] - t.column(c).sum()) {
            let mut next = t.clone();
            next[[r, c]] = count;
            stack.push((next, cell + 1));
        }
    }
    sum
}

#[test]
fn the_network_misses_no_table() {
    for table in [
        arr2(&[[3, 1, 0], [1, 2, 2], [0, 1, 4]]),
        arr2(&[[0, 5, 2, 1], [3, 0, 1, 2], [1, 1, 1, 1]]),
        arr2(&[[2, 2], [2, 2], [2, 2], [0, 4]]),
        arr2(&[[0, 0, 0], [1, 4, 0], [3, 0, 2]]),
    ] {
        let p = fisher::p_value(table.view()).unwrap();
        assert!((p - tried(&table)).abs() < 1e-12, "{table}: {p}");
        assert!((p - fisher::p_value(table.t()).unwrap()).abs() < 1e-12);
    }
}

/// R 4.2.2's `fisher.test(workspace = 2e8)`.
#[test]
fn large_tables_have_their_exact_p() {
    let grades = arr2(&[[34, 26], [34, 20], [33, 24], [32, 17], [43, 28], [34, 16], [31, 28]]);
    let fewer = arr2(&[[15, 14], [17, 8], [18, 7], [14, 10], [26, 12], [17, 12], [15, 15]]);
    let square = arr2(&[[4, 3, 2, 1], [6, 6, 6, 2], [11, 13, 7, 18], [7, 6, 4, 8], [7, 2, 3, 4]]);
    let wide =
        arr2(&[[3, 2, 1, 3, 2], [2, 3, 4, 1, 2], [2, 0, 1, 2, 5], [1, 3, 0, 1, 1], [2, 1, 2, 1, 2], [1, 2, 4, 2, 4]]);
    let levels =
        arr2(&[[21, 9], [12, 14], [18, 6], [20, 18], [19, 12], [14, 11], [25, 12], [17, 8], [19, 9], [25, 11]]);
    for (table, p) in [
        (levels.view(), 0.449_574_994_64),
        (grades.view(), 0.701_713_807_480_070_1),
        (fewer.view(), 0.505_680_085_505_122),
        (square.view(), 0.515_912_492_196_312_6),
        (wide.view(), 0.797_864_719_106_728_1),
    ] {
        let ours = fisher::p_value(table).unwrap();
        assert!((ours / p - 1.0).abs() < 1e-8, "{ours} is not {p}");
    }
    let vast = Array2::from_elem((9, 9), 30_usize);
    let refused = fisher::p_value(vast.view()).unwrap_err().to_string();
    assert!(refused.contains("too many different tables"), "{refused}");
}
