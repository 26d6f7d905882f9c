//! Firth's limits of small tables whose profiles have several peaks, against the highest of many: numbers that the search for them
//! may lose.

use ndarray::{Array2, ShapeBuilder};
use radnote::stats::firth;

/// Columns in tenths, a level as 0 and 10.
struct Table {
    outcome: &'static [i32],
    columns: &'static [&'static [i32]],
    /// A coefficient, 0 the intercept; 0 its lower limit or 1 its upper one, and where that is.
    limits: &'static [(usize, usize, f64)],
}

/// The first two lose a limit without the starts that multiply all coefficients; the next three without those that move one beside
/// doubled ones, the fifth also without the last peak that had not fallen so far.
const TABLES: [Table; 5] = [
    Table {
        outcome: &[0, 1, 1, 0, 1, 1, 1, 1, 0, 0, 1, 0, 1, 1, 1, 1, 0, 0, 0],
        columns: &[
            &[-5, 1, 6, 2, 10, 8, 3, 6, -25, -13, 14, -6, 4, 20, 6, 19, -12, -9, -7],
            &[0, 10, 10, 0, 0, 0, 10, 0, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0, 0],
            &[0, 5, -6, 10, -4, 2, -20, 11, -9, -22, -9, 10, 2, 6, 9, 1, 16, -4, 27],
        ],
        limits: &[(1, 1, 15.5843386)],
    },
    Table {
        outcome: &[1, 1, 1, 1, 0, 1, 0, 0, 1, 1, 1, 0, 0],
        columns: &[
            &[20, 5, 5, 5, -3, 11, -14, -3, 2, 20, -1, -10, -12],
            &[0, 10, 0, 0, 0, 0, 0, 0, 0, 0, 10, 0, 0],
            &[-7, 20, -21, -7, 3, 6, -23, -6, 4, 0, 7, 5, -5],
        ],
        limits: &[(2, 0, -2.76712088)],
    },
    Table {
        outcome: &[0, 0, 1, 0, 0, 0, 0, 0, 1, 1, 0, 1, 0, 1, 1, 0],
        columns: &[
            &[-7, -8, 6, -8, -1, -4, -4, -3, 8, -4, -28, 17, -12, 20, 19, -2],
            &[0, 0, 0, 0, 0, 0, 0, 0, 0, 10, 0, 10, 10, 10, 10, 0],
        ],
        limits: &[(0, 1, 0.97000466)],
    },
    Table {
        outcome: &[0, 0, 0, 1, 1, 1, 0, 0, 1, 1, 1, 1],
        columns: &[
            &[-17, -6, 2, 21, 9, 13, 4, 3, 7, 4, 2, 7],
            &[0, 0, 0, 0, 0, 0, 0, 0, 0, 10, 0, 0],
            &[2, 7, -4, 2, -2, 13, -1, -20, -10, -11, 9, -12],
            &[10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10, 0],
        ],
        limits: &[(2, 1, 10.4449066)],
    },
    Table {
        outcome: &[0, 1, 1, 0, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1, 0, 1, 0, 0, 1, 0, 1, 1, 0, 0, 0, 0],
        columns: &[
            &[
                -3, 14, 12, 0, 6, -9, 1, 9, -3, -15, -12, -4, -2, 7, -30, -14, 21, 2, -9, 2, -20, -8, -2, -6, 8, 8, 5,
                -4, -5, -8,
            ],
            &[0, 10, 0, 0, 0, 10, 10, 0, 0, 10, 0, 0, 10, 10, 0, 10, 0, 10, 0, 0, 10, 0, 10, 0, 0, 0, 0, 0, 0, 0],
            &[
                5, 7, -6, 0, -11, 2, 17, 6, 5, -6, 13, 1, 21, -12, 4, 2, 0, -4, 24, -8, -19, -10, -18, -5, -6, 2, -12,
                -14, -1, 4,
            ],
            &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10, 0, 10, 0, 0, 0, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        ],
        limits: &[(2, 1, 50.3825051)],
    },
];

/// At each of these values the highest of 120 peaks, searched for from starts all about by R in `oracles/common.R`'s `maximum`, lies
/// lower than the maximum by half the quantile of chi-square, within 1e-9.
#[test]
fn limits_that_few_starts_find_are_found() {
    for Table { outcome, columns, limits } in &TABLES {
        let outcome: Vec<bool> = outcome.iter().map(|y| *y == 1).collect();
        let values: Vec<f64> = columns.concat().iter().map(|v| f64::from(*v) / 10.0).collect();
        let x = Array2::from_shape_vec((outcome.len(), columns.len()).f(), values).unwrap();
        let fit = firth::fit(x.view(), &outcome, 0.95).unwrap();
        for &(j, side, wanted) in *limits {
            let ours = [fit.limits[j].0, fit.limits[j].1][side];
            assert!(
                (ours - wanted).abs() < 1e-7 * wanted.abs(),
                "{j} of {columns:?} {outcome:?}: {ours}, not {wanted}"
            );
        }
    }
}
