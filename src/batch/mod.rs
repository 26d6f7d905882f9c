//! Headless.
