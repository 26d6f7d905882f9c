//! The built-in cohort: deterministic, shaped as documented, with the planted signal.
