//! Results to figures.

mod histogram;

pub use histogram::histogram;
