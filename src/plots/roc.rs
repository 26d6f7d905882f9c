//! ROC curves of several models in one cohort.

use crate::page::{Axis, Guide, Mark, Plot, Series};

/// One model's curve: its name with the AUC in the legend, and (1 - specificity, sensitivity) from (0, 0) to (1, 1).
pub struct RocCurve {
    pub model: String,
    pub auc: f64,
    pub points: Vec<(f64, f64)>,
}

/// `n` is the number of patients that are judged.
pub fn roc(role: &str, n: usize, curves: Vec<RocCurve>) -> Plot {
    let x = Axis::new("1 - specificity", 0.0, 1.0);
    let y = Axis::new("sensitivity", 0.0, 1.0);
    let plot = Plot::new(format!("ROC and AUC, {role} (n = {n})"), x, y).guide(Guide::Diagonal);
    curves
        .into_iter()
        .fold(plot, |plot, c| plot.series(Series::new(format!("{} {:.3}", c.model, c.auc), Mark::Line, c.points)))
}

/// Precision against recall; `auc` holds the average precision, `rate` the share of patients with the event, which is the
/// precision of a model that knows nothing.
pub fn precision_recall(role: &str, n: usize, curves: Vec<RocCurve>, rate: f64) -> Plot {
    let (x, y) = (Axis::new("recall", 0.0, 1.0), Axis::new("precision", 0.0, 1.0));
    let plot = Plot::new(format!("Precision-recall, {role} (n = {n})"), x, y)
        .guide(Guide::Horizontal(rate, "event rate".into()));
    curves
        .into_iter()
        .fold(plot, |plot, c| plot.series(Series::new(format!("{} {:.3}", c.model, c.auc), Mark::Line, c.points)))
}
