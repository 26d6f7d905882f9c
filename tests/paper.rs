//! What the numbers of the paper give that radnote follows (doi 10.21203/rs.3.rs-1544374/v1, CC BY 4.0).
//!
//! Its tables print counts, means and areas, no patients. Everything that follows from the counts is computed here and
//! compared with what is printed, and what does not follow is said.

use ndarray::Array2;
use radnote::stats::roc::Direction;
use radnote::stats::{contingency, delong, fisher, folds, mann_whitney, roc};

/// A variable of Table 2 in one cohort: (without, with metastasis) by level, and the printed p-value.
struct Row {
    what: &'static str,
    counts: &'static [(usize, usize)],
    printed: f64,
}

const fn row(what: &'static str, counts: &'static [(usize, usize)], printed: f64) -> Row {
    Row { what, counts, printed }
}

const TABLE_2: [Row; 32] = [
    row("sex, training", &[(32, 25), (15, 10)], 0.745),
    row("sex, internal", &[(11, 11), (12, 6)], 0.289),
    row("sex, external", &[(4, 7), (13, 8)], 0.266),
    row("family history, training", &[(4, 2), (43, 33)], 1.000),
    row("family history, internal", &[(1, 0), (22, 17)], 1.000),
    row("smoke history, training", &[(11, 3), (36, 32)], 0.077),
    row("smoke history, internal", &[(5, 2), (18, 15)], 0.677),
    row("smoke history, external", &[(0, 3), (17, 12)], 0.092),
    row("past history, training", &[(34, 24), (13, 11)], 0.634),
    row("past history, internal", &[(16, 14), (7, 3)], 0.471),
    row("past history, external", &[(6, 7), (11, 8)], 0.513),
    row("mobility, training", &[(9, 5), (38, 30)], 0.563),
    row("mobility, internal", &[(16, 13), (7, 4)], 0.730),
    row("mobility, external", &[(8, 4), (9, 11)], 0.291),
    row("tenderness, training", &[(34, 26), (13, 9)], 0.844),
    row("tenderness, internal", &[(17, 12), (6, 5)], 1.000),
    row("tenderness, external", &[(8, 10), (9, 5)], 0.265),
    row("hardness, training", &[(5, 3), (19, 15), (23, 17)], 0.943),
    row("hardness, internal", &[(1, 0), (14, 11), (8, 6)], 0.683),
    row("hardness, external", &[(0, 0), (12, 9), (5, 6)], 0.529),
    row("size, training", &[(43, 29), (4, 6)], 0.312),
    row("size, internal", &[(18, 15), (5, 2)], 0.677),
    row("size, external", &[(11, 13), (6, 2)], 0.229),
    row("margin, training", &MARGIN[0], 0.027),
    row("margin, internal", &MARGIN[1], 0.026),
    row("margin, external", &MARGIN[2], 0.088),
    row("signal strength, training", &[(1, 1), (46, 34)], 1.000),
    row("signal strength, internal", &[(1, 0), (22, 17)], 1.000),
    row("T1 signal, training", &[(26, 19), (18, 14), (3, 2)], 0.983),
    row("T1 signal, internal", &[(13, 8), (8, 6), (2, 3)], 0.672),
    row("T2 signal, training", &[(2, 1), (9, 11), (36, 23)], 0.432),
    row("T2 signal, internal", &[(0, 0), (6, 3), (17, 14)], 0.707),
];

/// Poor and well margin, (without, with metastasis), in training, internal and external cohort.
const MARGIN: [[(usize, usize); 2]; 3] = [[(30, 30), (17, 5)], [(14, 16), (9, 1)], [(11, 14), (6, 1)]];

fn three_digits(p: f64) -> f64 {
    (p * 1000.0).round() / 1000.0
}

#[test]
fn all_but_one_p_value_of_table_2_is_pearsons_or_fishers() {
    let mut open = Vec::new();
    for Row { what, counts, printed } in TABLE_2 {
        let cells: Vec<usize> = counts.iter().flat_map(|(a, b)| [*a, *b]).collect();
        let table = Array2::from_shape_vec((counts.len(), 2), cells).unwrap();
        let table = contingency::without_empty(table.view());
        let pearson = contingency::pearson(table.view()).p;
        let exact = fisher::p_value(table.view()).unwrap();
        if three_digits(pearson) != printed && three_digits(exact) != printed {
            open.push(what);
        }
    }
    // 24 of 35 against 34 of 47 is 0.711 by chi-square and 0.808 by Fisher's test, not the printed 0.634.
    assert_eq!(open, ["past history, training"]);
}

#[test]
fn the_areas_of_the_margin_are_delongs() {
    let printed = [(0.609, 0.518, 0.700), (0.666, 0.549, 0.783), (0.643, 0.509, 0.777)];
    for (counts, (auc, lower, upper)) in MARGIN.iter().zip(printed) {
        let (mut poor, mut outcome) = (Vec::new(), Vec::new());
        for (level, (without, with)) in [1.0, 0.0].into_iter().zip(counts) {
            poor.extend(std::iter::repeat_n(level, without + with));
            outcome.extend((0..without + with).map(|i| i >= *without));
        }
        let area = delong::area(&poor, &outcome, Direction::CasesHigher, 0.95).unwrap();
        assert_eq!((three_digits(area.auc), three_digits(area.lower), three_digits(area.upper)), (auc, lower, upper));
        // What is printed as specificity in training and internal validation (0.638, 0.609) is 1 - specificity.
        let counts = roc::counts(&poor, &outcome, Direction::CasesHigher, 0.5);
        let told = if auc == 0.643 { counts.specificity() } else { 1.0 - counts.specificity() };
        assert!([0.638, 0.609, 0.353].contains(&three_digits(told)));
    }
}

#[test]
fn the_p_values_of_table_3_are_exact_rank_tests() {
    // (area, printed p) by feature in training, internal and external cohort; 0.0005 stands for "< 0.001".
    let printed = [
        [(0.770, 0.0005), (0.777, 0.002), (0.882, 0.0005)],
        [(0.714, 0.001), (0.535, 0.725), (0.753, 0.014)],
        [(0.777, 0.0005), (0.772, 0.003), (0.796, 0.004)],
        [(0.656, 0.016), (0.601, 0.290), (0.698, 0.058)],
        [(0.658, 0.015), (0.624, 0.191), (0.675, 0.097)],
    ];
    for feature in printed {
        for ((auc, p), (cases, controls)) in feature.into_iter().zip([(35, 47), (17, 23), (15, 17)]) {
            let test = of_area(auc, cases, controls);
            assert!(test.exact);
            if p == 0.0005 {
                assert!(test.p < 0.001);
            } else {
                assert_eq!(three_digits(test.p), p, "area {auc}");
            }
        }
    }
}

/// The test of a sample without ties whose U is the nearest to an area.
fn of_area(auc: f64, cases: usize, controls: usize) -> mann_whitney::MannWhitney {
    let u = (auc * (cases * controls) as f64).round() as usize;
    let (whole, rest) = (u / controls, u % controls);
    let ranks: Vec<f64> = (0..controls).map(|i| i as f64).collect();
    let above = |i: usize| match i {
        i if i < whole => (controls + i) as f64,
        i if i == whole => rest as f64 - 0.5,
        i => -(i as f64),
    };
    let test = mann_whitney::test(&(0..cases).map(above).collect::<Vec<f64>>(), &ranks, Default::default());
    assert_eq!(test.u, u as f64);
    test
}

#[test]
fn two_thirds_of_each_class_give_the_cohorts() {
    let outcome: Vec<bool> = (0..122).map(|i| i >= 70).collect();
    let training = folds::split(&outcome, 2.0 / 3.0, 1).unwrap();
    let count = |class: bool, part: bool| (0..122).filter(|&i| outcome[i] == class && training[i] == part).count();
    assert_eq!((count(false, true), count(true, true)), (47, 35));
    assert_eq!((count(false, false), count(true, false)), (23, 17));
}
