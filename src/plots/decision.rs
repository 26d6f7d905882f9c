//! Decision curves: net benefit against the threshold probability.

use crate::page::{Axis, Mark, Plot, Series};

/// The curve of a model, of treating all or of treating none.
pub struct DecisionCurve {
    pub name: String,
    /// Threshold and net benefit.
    pub points: Vec<(f64, f64)>,
    /// Threshold, lower and upper limit, where there is an interval.
    pub band: Vec<(f64, f64, f64)>,
}

/// The curves together. The axis starts a little below zero: how far a curve falls under "none" does not matter.
pub fn decision(title: &str, curves: Vec<DecisionCurve>) -> Plot {
    let high = |axis: fn(&(f64, f64)) -> f64, least: f64| {
        curves.iter().flat_map(|c| &c.points).map(axis).filter(|v| v.is_finite()).fold(least, f64::max)
    };
    let (right, top) = (high(|p| p.0, 0.0), high(|p| p.1, 0.05));
    let x = Axis::new("threshold probability", 0.0, right);
    let y = Axis::new("net benefit", -top * 0.15, top * 1.05);
    let mut plot = Plot::new(title, x, y);
    for curve in curves {
        if !curve.band.is_empty() {
            plot = plot.series(Series::band(format!("{}, 95 % limits", curve.name), &curve.band));
        }
        plot = plot.series(Series::new(curve.name, Mark::Line, curve.points));
    }
    plot
}
