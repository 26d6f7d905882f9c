//! Filters: the images PyRadiomics derives from a scan.
//!
//! Each filter gives a window of the filtered scan, and computes no more of it than that takes; the numbers are those of
//! the whole filtered scan, to the last bit. `tests/filters.rs` holds them against what PyRadiomics gives.

mod gradient;
mod lbp_stub;
mod log_sigma;
mod pointwise;
mod wavelet;

pub use gradient::gradient;
pub use lbp_stub::*;
pub use log_sigma::log_sigma;
pub use pointwise::{exponential, logarithm, square, square_root};
pub use wavelet::{Decomposition, Wavelet};
