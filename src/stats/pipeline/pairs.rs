//! How sure an area of held-out patients is: its standard error over patients.

use ndarray::{Array2, ArrayView1, Axis};

use crate::num::{summary, tails};

/// The interval of an out-of-bag area: to each side 1.96 standard deviations of it over the resamples, within 0 and 1; NaN of a single resample.
///
/// Over resamples the area varies with the patients that made the model and with the third of them that judged it. The mean of
/// many resamples varies less than one of them does, by how much cannot be seen from one table: the corrected resampled variance
/// of Nadeau and Bengio (2003), the jackknife after the bootstrap of Efron and Tibshirani (1997) and DeLong's error of the models
/// as they are (`Pairs::standard_error`) were tried beside it on tables whose truth is known (`benches/coverage.rs`, figures in
/// benches/README.md). This one covered best both the area of the final model on new patients and the mean area of models made
/// this way of as many patients. On pure noise, where resamples disagree most and their mean hardly moves, it is wide.
pub fn interval(area: f64, spread: f64) -> (f64, f64) {
    let reach = tails::normal_quantile(0.975) * spread;
    ((area - reach).clamp(0.0, 1.0), (area + reach).clamp(0.0, 1.0))
}

/// Who scored higher, for each case (rows) and control (columns), over the runs that held both out.
pub(super) struct Pairs<'a> {
    outcome: &'a [bool],
    /// Rank of each patient among its class.
    rank: Vec<usize>,
    won: Array2<f64>,
    met: Array2<f64>,
}

impl<'a> Pairs<'a> {
    pub(super) fn new(outcome: &'a [bool]) -> Self {
        let mut count = [0, 0];
        let mut next = |y: &bool| {
            let class = &mut count[usize::from(!*y)];
            *class += 1;
            *class - 1
        };
        let rank = outcome.iter().map(&mut next).collect::<Vec<usize>>();
        let shape = (count[0], count[1]);
        Self { outcome, rank, won: Array2::zeros(shape), met: Array2::zeros(shape) }
    }

    /// A run, with the linear predictor of each patient and those it held out.
    pub(super) fn add(&mut self, linear: &[f64], held_out: &[usize]) {
        let outcome = self.outcome;
        let known = |class: bool| -> Vec<usize> {
            held_out.iter().copied().filter(|&i| outcome[i] == class && !linear[i].is_nan()).collect()
        };
        let controls = known(false);
        for case in known(true) {
            for &control in &controls {
                let at = [self.rank[case], self.rank[control]];
                self.met[at] += 1.0;
                self.won[at] += match linear[case].partial_cmp(&linear[control]) {
                    Some(std::cmp::Ordering::Greater) => 1.0,
                    Some(std::cmp::Ordering::Equal) => 0.5,
                    _ => 0.0,
                };
            }
        }
    }

    /// DeLong's: the placement of a patient is the mean over the other class of the share of runs that it won.
    ///
    /// The models are taken as they are, as in every standard error of an area on new patients; NaN under two of a class.
    pub(super) fn standard_error(&self) -> f64 {
        let share = |(w, m): (&f64, &f64)| (*m > 0.0).then(|| w / m);
        let placement = |(won, met): (ArrayView1<'_, f64>, ArrayView1<'_, f64>)| {
            let shares: Vec<f64> = won.iter().zip(&met).filter_map(share).collect();
            (!shares.is_empty()).then(|| summary::mean(&shares))
        };
        let part = |axis: Axis| {
            let placements: Vec<f64> =
                self.won.axis_iter(axis).zip(self.met.axis_iter(axis)).filter_map(placement).collect();
            summary::sd(&placements).powi(2) / placements.len() as f64
        };
        (part(Axis(0)) + part(Axis(1))).sqrt()
    }
}
