//! Calibration: how often the event came against how often it was predicted.

use crate::page::{Axis, Guide, Mark, Plot, Series};

/// A curve of one cohort and, where there are any, the observed shares in groups with their intervals.
#[derive(Default)]
pub struct CalibrationCurve {
    pub name: String,
    pub smooth: Vec<(f64, f64)>,
    /// Prediction, lower and upper limit of the curve there.
    pub band: Vec<(f64, f64, f64)>,
    /// Mean prediction, observed share, and the share's lower and upper limit.
    pub groups: Vec<(f64, f64, (f64, f64))>,
}

pub fn calibration(title: &str, curves: Vec<CalibrationCurve>) -> Plot {
    let x = Axis::new("predicted probability", 0.0, 1.0);
    let y = Axis::new("observed", 0.0, 1.0);
    let mut plot = Plot::new(title, x, y).guide(Guide::Diagonal);
    for curve in curves {
        if !curve.band.is_empty() {
            plot = plot.series(Series::band(format!("{}, 95 % limits", curve.name), &curve.band));
        }
        if !curve.smooth.is_empty() {
            plot = plot.series(Series::new(curve.name, Mark::Line, curve.smooth));
        }
        if !curve.groups.is_empty() {
            let limits = curve.groups.iter().map(|g| g.2).collect();
            let points = curve.groups.iter().map(|g| (g.0, g.1)).collect();
            plot = plot.series(Series::new("groups, 95 %", Mark::Dots, points).within(limits));
        }
    }
    plot
}
