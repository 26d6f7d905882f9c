//! Results to figures.

mod calibration;
mod decision;
mod histogram;
mod lasso;
mod roc;
mod signature;
mod validation;

pub use calibration::{CalibrationCurve, calibration};
pub use decision::decision;
pub use histogram::histogram;
pub use lasso::{lasso_error, lasso_path};
pub use roc::{RocCurve, roc};
pub use signature::signature_bars;
pub use validation::{instability, selection_frequency};
