//! Numeric kernels: no statistics, no images, only numbers.

pub mod comma;
pub mod dense;
pub mod gram;
pub mod long;
pub mod pretty;
pub mod rank;
pub mod rng;
pub mod smooth;
pub mod summary;
pub mod tails;
