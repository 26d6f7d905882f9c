//! Filters: the images PyRadiomics derives from a scan.
//!
//! Each filter gives a window of the filtered scan, and computes no more of it than that takes; the numbers are those of
//! the whole filtered scan, to the last bit. `tests/filters.rs` holds them against what PyRadiomics gives.

mod gradient;
mod lbp2d;
mod lbp3d;
mod log_sigma;
mod pointwise;
mod real;
mod wavelet;

pub use gradient::gradient;
pub use lbp2d::{Lbp2d, Pattern, lbp2d};
pub use lbp3d::{Lbp3d, lbp3d};
pub use log_sigma::log_sigma;
pub use pointwise::{exponential, logarithm, square, square_root};
pub use wavelet::{Decomposition, Wavelet};
