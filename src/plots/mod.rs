//! Results to figures.
