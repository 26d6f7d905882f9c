//! The figures of a validated pipeline: what was chosen how often, and how predictions scatter.

use crate::page::{Axis, Datum, Guide, Mark, Plot, Series};

/// The share of fits that chose each feature, the most frequent first.
pub fn selection_frequency(shares: &[(&str, f64)]) -> Plot {
    let bars = shares.iter().enumerate().map(|(i, (_, share))| ((i + 1) as f64, *share)).collect();
    let x = Axis::new("features by frequency", 0.0, shares.len() as f64 + 1.0);
    let chosen = Series::new("chosen", Mark::Bars, bars).of(shares.iter().map(|(name, _)| *name));
    Plot::new("Selection frequency", x, Axis::new("share of fits", 0.0, 1.0)).series(chosen)
}

/// Each patient's risks over the fits (the middle 95 %) against the risk of the model itself: one id, own risk and pair of limits
/// a patient. As data every point is of its patient.
pub fn instability(patients: &[String], own: &[f64], limits: &[(f64, f64)]) -> Plot {
    let known: Vec<usize> = (0..own.len()).filter(|i| own[*i].is_finite() && limits[*i].0.is_finite()).collect();
    let points = known.iter().map(|i| (own[*i], own[*i])).collect();
    let within = known.iter().map(|i| limits[*i]).collect();
    let datum = |i: &usize| {
        let (lower, upper) = limits[*i];
        Datum { lower, upper, ..Datum::new(&patients[*i], (own[*i], own[*i])) }
    };
    let data = known.iter().map(datum).collect();
    let y = Axis::new("risk over resamples, middle 95 %", 0.0, 1.0);
    Plot::new(format!("Prediction instability (n = {})", known.len()), Axis::new("risk by the model", 0.0, 1.0), y)
        .series(Series::new("patients", Mark::Dots, points).within(within).saying(data))
        .guide(Guide::Diagonal)
}
