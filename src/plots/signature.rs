//! Signature bars: one patient a bar, sorted by score, the two outcomes as two series.

use crate::page::{Axis, Mark, Plot, Series};

/// `bars` holds each patient's score and whether the event came; patients without a score are left out.
pub fn signature_bars(role: &str, bars: &[(f64, bool)]) -> Plot {
    let mut bars: Vec<(f64, bool)> = bars.iter().copied().filter(|(s, _)| s.is_finite()).collect();
    bars.sort_by(|a, b| a.0.total_cmp(&b.0));
    let of = |event: bool| -> Vec<(f64, f64)> {
        let numbered = bars.iter().enumerate().filter(|(_, (_, e))| *e == event);
        numbered.map(|(i, (score, _))| ((i + 1) as f64, *score)).collect()
    };
    let x = Axis::new(format!("{role} patients by score"), 0.0, bars.len() as f64 + 1.0);
    let y = Axis::around("Rad-score", bars.iter().map(|b| b.0).chain([0.0]));
    Plot::new(format!("Signature, {role} (n = {})", bars.len()), x, y)
        .series(Series::new("without event", Mark::Bars, of(false)))
        .series(Series::new("with event", Mark::Bars, of(true)))
}
