//! Box plots: how a value lies in patients without and with the event, cohort by cohort.

use crate::num::summary;
use crate::page::{Axis, Datum, Mark, Plot, Series};

/// How far a box stands from the middle of its cohort.
const ASIDE: f64 = 0.2;

/// One cohort: its name, each patient's value and whether the event came, and the p-value of their comparison.
pub struct Cohort {
    pub name: String,
    pub values: Vec<(f64, bool)>,
    pub p: f64,
}

/// Tukey's boxes, as R's `boxplot` draws them: the box from the lower to the upper hinge with the median across, whiskers to
/// the farthest values within 1.5 boxes of it, and each value beyond by itself. Above every cohort stands the p-value of its
/// Mann-Whitney test. Missing values are left out.
pub fn boxes(title: &str, label: &str, cohorts: &[Cohort]) -> Plot {
    let of = |cohort: &Cohort, event: bool| -> Vec<f64> {
        cohort.values.iter().filter(|(v, e)| v.is_finite() && *e == event).map(|(v, _)| *v).collect()
    };
    let place = |i: usize| (i + 1) as f64;
    let series = |name: &str, event: bool| {
        let aside = if event { ASIDE } else { -ASIDE };
        let drawn = |(i, c): (usize, &Cohort)| drawn(&of(c, event), place(i) + aside);
        let (mut points, mut data) = (Vec::new(), Vec::new());
        for (cohort, box_) in cohorts.iter().zip(cohorts.iter().enumerate().map(drawn)) {
            // Where a box stands says nothing but whose it is.
            data.extend(box_.iter().map(|p| Datum::new(&cohort.name, (f64::NAN, p.1))));
            points.extend(box_);
        }
        Series::new(name, Mark::Boxes, points).saying(data)
    };
    let all = cohorts.iter().flat_map(|c| c.values.iter().map(|v| v.0));
    let mut x = Axis::new("", 0.5, cohorts.len() as f64 + 0.5);
    let known = |c: &Cohort| c.values.iter().filter(|v| v.0.is_finite()).count();
    x.ticks = cohorts.iter().enumerate().map(|(i, c)| (place(i), format!("{} (n = {})", c.name, known(c)))).collect();
    let tests = cohorts.iter().enumerate().map(|(i, c)| (place(i), c.p));
    let tests = tests.filter(|(_, p)| !p.is_nan()).map(|(at, p)| (at, said(p))).collect();
    Plot::new(title, x, Axis::around(label, all).padded(0.04))
        .series(series("without event", false))
        .series(series("with event", true))
        .top("Mann-Whitney", tests)
}

/// A box's points at `x`: whisker, hinge, median, hinge, whisker, and what lies beyond.
fn drawn(values: &[f64], x: f64) -> Vec<(f64, f64)> {
    let Some(five) = summary::five(values) else { return Vec::new() };
    let [_, lower, median, upper, _] = five;
    let reach = 1.5 * (upper - lower);
    let sorted = summary::sorted(values);
    let (within, beyond): (Vec<f64>, Vec<f64>) =
        sorted.into_iter().partition(|v| (lower - reach..=upper + reach).contains(v));
    let (low, high) = summary::range(&within);
    [low, lower, median, upper, high].into_iter().chain(beyond).map(|y| (x, y)).collect()
}

fn said(p: f64) -> String {
    format!("p {}", if p < 0.001 { "<0.001".into() } else { format!("{p:.3}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// R: `boxplot.stats(c(1, 2, 3, 4, 5, 6, 7, 8, 9, 30))` gives stats 1 3 5.5 8 9 and out 30.
    #[test]
    fn a_box_is_rs() {
        let values: Vec<f64> = (1..10).map(f64::from).chain([30.0]).collect();
        let ys: Vec<f64> = drawn(&values, 1.0).into_iter().map(|p| p.1).collect();
        assert_eq!(ys, [1.0, 3.0, 5.5, 8.0, 9.0, 30.0]);
    }

    #[test]
    fn a_group_without_values_has_no_box() {
        let cohort = |values| Cohort { name: "train".into(), values, p: f64::NAN };
        let plot = boxes("", "", &[cohort(vec![(1.0, true), (f64::NAN, false)]), cohort(Vec::new())]);
        assert!(plot.series[0].points.is_empty());
        assert_eq!(plot.series[1].boxes().count(), 1);
        assert!(plot.top.is_some_and(|top| top.ticks.is_empty()));
    }
}
