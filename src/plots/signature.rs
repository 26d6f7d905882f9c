//! Signature bars: one patient a bar, sorted by score, the two outcomes as two series.

use crate::page::{Axis, Mark, Plot, Series};

/// `bars` holds each patient's id, score and whether the event came; patients without a score are left out.
pub fn signature_bars(role: &str, bars: &[(&str, f64, bool)]) -> Plot {
    let mut bars: Vec<_> = bars.iter().copied().filter(|(_, s, _)| s.is_finite()).collect();
    bars.sort_by(|a, b| a.1.total_cmp(&b.1));
    let of = |name: &str, event: bool| {
        let numbered = || bars.iter().enumerate().filter(|(_, (_, _, e))| *e == event);
        let points = numbered().map(|(i, (_, score, _))| ((i + 1) as f64, *score)).collect();
        Series::new(name, Mark::Bars, points).of(numbered().map(|(_, (id, _, _))| *id))
    };
    let x = Axis::new(format!("{role} patients by score"), 0.0, bars.len() as f64 + 1.0);
    let y = Axis::around("Rad-score", bars.iter().map(|b| b.1).chain([0.0]));
    Plot::new(format!("Signature, {role} (n = {})", bars.len()), x, y)
        .series(of("without event", false))
        .series(of("with event", true))
}
