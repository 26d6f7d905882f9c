//! Decision curves: the net benefit of treating by a model, as rmda and dcurves.

use serde::{Deserialize, Serialize};

use crate::num::summary;

/// When a risk counts as high. They differ only where a risk equals a threshold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HighRisk {
    /// risk >= threshold, as dcurves.
    #[default]
    AtOrAbove,
    /// risk > threshold, as rmda.
    Above,
}

/// One threshold of a curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    pub threshold: f64,
    /// Patients treated with and without the event.
    pub tp: usize,
    pub fp: usize,
    /// TP/n - FP/n t/(1 - t); the same divided by the prevalence.
    pub net_benefit: f64,
    pub standardised: f64,
    /// Net benefit of treating all; of treating none it is 0.
    pub all: f64,
    /// Interventions avoided in 100 patients against treating all; NaN at threshold 0.
    pub avoided: f64,
}

/// 0, 0.01 .. 0.99: hundredths as i / 100, so that 0.29 is the number that a reader types. (R's `seq(0, 1, by = .01)` has
/// 29 * .01 there, which is another double.) At 1 net benefit is undefined.
pub fn hundredths() -> Vec<f64> {
    (0..100).map(|i| f64::from(i) / 100.0).collect()
}

/// The curve of `risk`s at each threshold.
pub fn curve(risk: &[f64], outcome: &[bool], thresholds: &[f64], high: HighRisk) -> Vec<Point> {
    let n = risk.len() as f64;
    let events = outcome.iter().filter(|y| **y).count();
    let prevalence = events as f64 / n;
    let point = |&threshold: &f64| {
        let (tp, fp) = treated(risk, outcome, threshold, high);
        let net_benefit = net_benefit(tp, fp, n, threshold);
        let all = self::net_benefit(events, risk.len() - events, n, threshold);
        // (net benefit - that of all) / odds, by those who are not treated, of whom both have digits to spare.
        let [missed, spared] = [events - tp, risk.len() - events - fp].map(|count| count as f64 / n);
        let avoided = 100.0 * less(spared, missed / odds(threshold));
        let avoided = if threshold == 0.0 { f64::NAN } else { avoided };
        Point { threshold, tp, fp, net_benefit, standardised: net_benefit / prevalence, all, avoided }
    };
    thresholds.iter().map(point).collect()
}

/// Whether treating by the model does better than treating all and none there, by the estimates alone: net benefits that are
/// equal differ by rounding, those that are not by 1 / (100 n) at a hundredth.
pub fn better(point: &Point) -> bool {
    const ROUNDING: f64 = 1e-9;
    point.net_benefit > point.all.max(0.0) + ROUNDING
}

/// How limits of net benefit are found.
#[derive(Clone, Copy, Debug)]
pub struct Resampling<'a> {
    /// Rows (0-based) of each resample.
    pub resamples: &'a [Vec<usize>],
    /// 0.95 for the 2.5th and the 97.5th percentile.
    pub level: f64,
    pub thresholds: &'a [f64],
    pub high: HighRisk,
}

/// Limits at one threshold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    pub net_benefit: (f64, f64),
    /// Of the benefit of each resample by the prevalence of that resample, as rmda; those without an event have none.
    pub standardised: (f64, f64),
}

/// Resamples without any event, in which no benefit can be standardised.
pub fn without_events(outcome: &[bool], resamples: &[Vec<usize>]) -> usize {
    resamples.iter().filter(|rows| rows.iter().all(|&i| !outcome[i])).count()
}

/// Percentile limits (quantile type 1, as rmda) of the net benefit at each threshold, over resamples of the patients, whose
/// risks stay as they are.
pub fn limits(risk: &[f64], outcome: &[bool], how: Resampling<'_>) -> Vec<Limits> {
    let Resampling { resamples, level, thresholds, high } = how;
    // From the highest risk down those who are treated at a threshold come first.
    let mut order: Vec<usize> = (0..risk.len()).filter(|&i| !risk[i].is_nan()).collect();
    order.sort_by(|&a, &b| risk[b].total_cmp(&risk[a]));
    let first: Vec<usize> = thresholds.iter().map(|&t| order.partition_point(|&i| treats(risk[i], t, high))).collect();
    let mut benefits = vec![Vec::with_capacity(resamples.len()); thresholds.len()];
    let mut prevalences = Vec::with_capacity(resamples.len());
    for rows in resamples {
        let mut copies = vec![0; risk.len()];
        rows.iter().for_each(|&i| copies[i] += 1);
        let mut counts = vec![(0, 0)];
        let (mut tp, mut fp) = (0, 0);
        for &i in &order {
            *(if outcome[i] { &mut tp } else { &mut fp }) += copies[i];
            counts.push((tp, fp));
        }
        let events: usize = outcome.iter().zip(&copies).filter(|(y, _)| **y).map(|(_, copies)| copies).sum();
        prevalences.push(events as f64 / rows.len() as f64);
        for ((t, first), benefits) in thresholds.iter().zip(&first).zip(&mut benefits) {
            let (tp, fp) = counts[*first];
            benefits.push(net_benefit(tp, fp, rows.len() as f64, *t));
        }
    }
    let tail = (1.0 - level) / 2.0;
    let limits = |values: &[f64]| {
        let sorted = summary::sorted(values);
        (summary::quantile_step(&sorted, tail), summary::quantile_step(&sorted, 1.0 - tail))
    };
    let both = |values: Vec<f64>| {
        let with_events = values.iter().zip(&prevalences).filter(|(_, prevalence)| **prevalence > 0.0);
        let standardised: Vec<f64> = with_events.map(|(benefit, prevalence)| benefit / prevalence).collect();
        Limits { net_benefit: limits(&values), standardised: limits(&standardised) }
    };
    benefits.into_iter().map(both).collect()
}

fn treats(risk: f64, threshold: f64, high: HighRisk) -> bool {
    match high {
        HighRisk::AtOrAbove => risk >= threshold,
        HighRisk::Above => risk > threshold,
    }
}

fn treated(risk: &[f64], outcome: &[bool], threshold: f64, high: HighRisk) -> (usize, usize) {
    let (mut tp, mut fp) = (0, 0);
    for (risk, case) in risk.iter().zip(outcome) {
        match (treats(*risk, threshold, high), case) {
            (true, true) => tp += 1,
            (true, false) => fp += 1,
            (false, _) => {}
        }
    }
    (tp, fp)
}

fn net_benefit(tp: usize, fp: usize, n: f64, threshold: f64) -> f64 {
    let harm = if fp == 0 { 0.0 } else { fp as f64 / n * odds(threshold) };
    less(tp as f64 / n, harm)
}

fn odds(threshold: f64) -> f64 {
    threshold / (1.0 - threshold)
}

/// gain - harm, and 0 where they differ by rounding alone: dcurves and rmda have -2.6e-17 there. At a hundredth they differ, if at
/// all, by a part of at least 1 / (100 n), and rounding (of 1 - t most) by 1e-14.
fn less(gain: f64, harm: f64) -> f64 {
    const ROUNDING: f64 = 1e-12;
    if (gain - harm).abs() <= ROUNDING * gain { 0.0 } else { gain - harm }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// TP (1 - t) = FP t in whole numbers of hundredths.
    #[test]
    fn a_net_benefit_of_nothing_is_zero_and_no_other_is() {
        let mut zeros = 0;
        for (i, t) in hundredths().into_iter().enumerate().skip(1) {
            for n in 1..=60 {
                for tp in 0..=n {
                    let fp = n - tp;
                    let none = tp * (100 - i) == fp * i;
                    assert_eq!(net_benefit(tp, fp, n as f64, t) == 0.0, none, "{tp} {fp} at {t}");
                    zeros += usize::from(none);
                }
            }
        }
        assert!(zeros > 200, "{zeros}");
        // All of ten are treated as all are: nothing is avoided, and nothing but rounding was.
        let outcome: Vec<bool> = (0..10).map(|i| i < 3).collect();
        for point in curve(&[0.99; 10], &outcome, &hundredths(), HighRisk::AtOrAbove).into_iter().skip(1) {
            assert!(point.avoided == 0.0 && point.net_benefit == point.all, "{point:?}");
        }
    }

    /// R: `risk <- c(.9,.7,.6,.4,.3,.2,.8,.1); y <- c(1,1,0,1,0,0,0,1)`, for each of the rows
    /// `list(c(1,1,2,3,4,5,6,7), c(3,5,6,7,8,3,5,6), c(1,2,4,8,1,2,4,3), c(3,3,5,5,6,6,7,7))`
    /// `nb <- mean(risk >= .3 & y == 1) - mean(risk >= .3 & y == 0) * .3 / .7`, then `quantile(nb, c(.1, .9), type = 1)` and the same
    /// of `nb / mean(y)` where `mean(y) > 0`.
    #[test]
    fn a_standardised_limit_is_of_each_resamples_own_prevalence() {
        let risk = [0.9, 0.7, 0.6, 0.4, 0.3, 0.2, 0.8, 0.1];
        let outcome = [1, 1, 0, 1, 0, 0, 0, 1].map(|y| y == 1);
        let resamples = [
            vec![0, 0, 1, 2, 3, 4, 5, 6],
            vec![2, 4, 5, 6, 7, 2, 4, 5],
            vec![0, 1, 3, 7, 0, 1, 3, 2],
            vec![2, 2, 4, 4, 5, 5, 6, 6],
        ];
        let how = Resampling { resamples: &resamples, level: 0.8, thresholds: &[0.3], high: HighRisk::AtOrAbove };
        let found = limits(&risk, &outcome, how)[0];
        let near = |(a, b): (f64, f64), (c, d): (f64, f64)| (a - c).abs() < 1e-14 && (b - d).abs() < 1e-14;
        assert!(near(found.net_benefit, (-0.3214285714285714, 0.6964285714285714)), "{found:?}");
        assert!(near(found.standardised, (-2.142857142857143, 0.7959183673469388)), "{found:?}");
        assert_eq!(without_events(&outcome, &resamples), 1);
    }
}
