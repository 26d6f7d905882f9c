//! Results to figures.

mod histogram;
mod lasso;
mod signature;

pub use histogram::histogram;
pub use lasso::{lasso_error, lasso_path};
pub use signature::signature_bars;
