//! Decision curves: net benefit against the threshold probability.

use crate::page::{Axis, Mark, Plot, Series};

/// Curves of models, of treating all and of treating none, as (threshold, net benefit). The axis starts a little below
/// zero: how far a curve falls under "none" does not matter.
pub fn decision(title: &str, curves: Vec<(String, Vec<(f64, f64)>)>) -> Plot {
    let high = |axis: fn(&(f64, f64)) -> f64, least: f64| {
        curves.iter().flat_map(|(_, c)| c).map(axis).filter(|v| v.is_finite()).fold(least, f64::max)
    };
    let (right, top) = (high(|p| p.0, 0.0), high(|p| p.1, 0.05));
    let x = Axis::new("threshold probability", 0.0, right);
    let y = Axis::new("net benefit", -top * 0.15, top * 1.05);
    let plot = Plot::new(title, x, y);
    curves.into_iter().fold(plot, |plot, (name, points)| plot.series(Series::new(name, Mark::Line, points)))
}
