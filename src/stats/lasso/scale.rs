//! How the columns of a fit were centred and scaled, and the way back.

use ndarray::ArrayView2;

use super::descent::State;
use super::path::Model;
use crate::num::dense::{dot, dot3};

pub(super) struct Scale {
    pub mean: Vec<f64>,
    pub sd: Vec<f64>,
    /// The columns that vary; the others never enter.
    pub usable: Vec<usize>,
}

impl Scale {
    /// The scale over these rows of `x`, and the columns on it, one after another.
    pub(super) fn new(x: ArrayView2<'_, f64>, rows: &[usize], standardize: bool) -> (Self, Vec<f64>) {
        let share = vec![1.0 / rows.len() as f64; rows.len()];
        let mut scale = Self { mean: Vec::new(), sd: Vec::new(), usable: Vec::new() };
        let mut columns = Vec::with_capacity(rows.len() * x.ncols());
        for (j, column) in x.columns().into_iter().enumerate() {
            let values: Vec<f64> = match column.as_slice() {
                Some(column) => rows.iter().map(|&i| column[i]).collect(),
                None => rows.iter().map(|&i| column[i]).collect(),
            };
            let mean = dot(&share, &values);
            let centred: Vec<f64> = values.iter().map(|v| v - mean).collect();
            let variance = dot3(&centred, &centred, &share);
            let sd = if standardize { variance.sqrt() } else { 1.0 };
            if values.iter().any(|v| *v != values[0]) && variance > 0.0 {
                scale.usable.push(j);
            }
            columns.extend(centred.iter().map(|v| v / sd));
            scale.mean.push(mean);
            scale.sd.push(sd);
        }
        (scale, columns)
    }

    /// The present estimate on the scale of the columns given.
    pub(super) fn model(&self, state: &State) -> Model {
        let coefficients: Vec<(usize, f64)> =
            self.usable.iter().map(|&j| (j, state.beta[j] / self.sd[j])).filter(|c| c.1 != 0.0).collect();
        let intercept = coefficients.iter().fold(state.intercept, |a, &(j, b)| a - b * self.mean[j]);
        Model { intercept, coefficients }
    }
}
