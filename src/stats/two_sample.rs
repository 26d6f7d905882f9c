//! Cases against controls in every feature, by whichever test is asked for.

use ndarray::ArrayView2;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{ks, mann_whitney, t_test};

/// The tests, all two-sided.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Test {
    /// R's `wilcox.test`.
    #[default]
    MannWhitney,
    /// R's `t.test`, variances that may differ.
    Welch,
    /// R's `t.test(var.equal = TRUE)`.
    Student,
    /// R's `ks.test`.
    Ks,
}

/// One feature's comparison.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Comparison {
    /// U of the cases, t of cases minus controls, or D.
    pub statistic: f64,
    /// Degrees of freedom of t; NaN for the other tests.
    pub df: f64,
    /// NaN where the test is undefined.
    pub p: f64,
    /// The area under the ROC curve when cases are higher, whichever the test.
    pub auc: f64,
    /// Whether p is of the exact distribution.
    pub exact: bool,
}

impl Test {
    /// The name in words.
    pub fn name(self) -> &'static str {
        match self {
            Self::MannWhitney => "Mann-Whitney U",
            Self::Welch => "Welch's t",
            Self::Student => "Student's t",
            Self::Ks => "Kolmogorov-Smirnov",
        }
    }

    /// The letter of its statistic.
    pub fn statistic(self) -> &'static str {
        match self {
            Self::MannWhitney => "U",
            Self::Welch | Self::Student => "t",
            Self::Ks => "D",
        }
    }
}

/// Compare cases and controls in every column of `x` (n x p); missing values take no part. Columns run in parallel; the result
/// does not depend on the number of threads.
pub fn each(x: ArrayView2<'_, f64>, outcome: &[bool], test: Test) -> Vec<Comparison> {
    let by_rank =
        |r: &mann_whitney::MannWhitney| Comparison { statistic: r.u, df: f64::NAN, p: r.p, auc: r.auc, exact: r.exact };
    let ranks = mann_whitney::each(x, outcome, mann_whitney::Options::default());
    let ranks: Vec<Comparison> = ranks.iter().map(by_rank).collect();
    let compare: fn(&[f64], &[f64]) -> Comparison = match test {
        Test::MannWhitney => return ranks,
        Test::Welch => |cases, controls| by_t(t_test::welch(cases, controls, 0.95)),
        Test::Student => |cases, controls| by_t(t_test::student(cases, controls, 0.95)),
        Test::Ks => |cases, controls| by_distance(ks::test(cases, controls)),
    };
    let one = |j: usize| {
        let of = |class: bool| -> Vec<f64> {
            let present = x.column(j).into_iter().zip(outcome).filter(|(v, y)| **y == class && !v.is_nan());
            present.map(|(v, _)| *v).collect()
        };
        Comparison { auc: ranks[j].auc, ..compare(&of(true), &of(false)) }
    };
    (0..x.ncols()).into_par_iter().map(one).collect()
}

fn by_t(t: t_test::TTest) -> Comparison {
    Comparison { statistic: t.t, df: t.df, p: t.p, auc: f64::NAN, exact: false }
}

fn by_distance(ks: ks::Smirnov) -> Comparison {
    Comparison { statistic: ks.d, df: f64::NAN, p: ks.p, auc: f64::NAN, exact: ks.exact }
}
