//! Results to figures.

mod boxes;
mod calibration;
mod decision;
mod forest;
mod histogram;
mod lasso;
mod perturb;
mod roc;
mod signature;
mod validation;

pub use boxes::{Cohort, boxes};
pub use calibration::{CalibrationCurve, calibration};
pub use decision::{DecisionCurve, decision};
pub use forest::{Effect, forest};
pub use histogram::histogram;
pub use lasso::{lasso_error, lasso_path};
pub use perturb::replicates;
pub use roc::{RocCurve, precision_recall, roc};
pub use signature::signature_bars;
pub use validation::{instability, selection_frequency};
