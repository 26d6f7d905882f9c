//! The line prompt.
