//! When a risk is at a threshold: within rounding of it.
//!
//! A category that enters a model alone has the risk k / m of its patients, and k / m is often a threshold itself, as with as
//! many patients with the event as without. R's `glm` stops up to 2e-7 beside it on the logit scale (of 400 drawn tables),
//! and which side that is says nothing. R's functions compare the last digits, and so do those of [`super::decision`],
//! [`super::reclassification`] and [`super::roc`]; who asks them for a fitted model settles its risks first.

/// Risks are one where their logits are no further apart.
const TIE: f64 = 1e-6;

/// Whether two risks are one but for rounding: |a - b| <= 1e-6 b (1 - b).
pub fn equal(a: f64, b: f64) -> bool {
    (a - b).abs() <= TIE * b * (1.0 - b)
}

/// The threshold of these that a risk is at, or the risk as it is.
pub fn settled(risk: f64, thresholds: &[f64]) -> f64 {
    thresholds.iter().copied().find(|t| equal(risk, *t)).unwrap_or(risk)
}
