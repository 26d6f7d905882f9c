//! Standardising by the mean and standard deviation of the training patients.

use ndarray::{Array2, ArrayView2, Axis};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::num::summary;

/// The mean and standard deviation (n - 1) of each column; kept so that other cohorts are scaled by the same.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scaling {
    pub mean: Vec<f64>,
    pub sd: Vec<f64>,
}

/// The scaling of the columns of `x` (n x p), which bear `names`.
///
/// # Errors
/// `Undefined` for a column whose values are all equal, or which holds a value that is not finite.
pub fn fit(x: ArrayView2<'_, f64>, names: &[String]) -> Result<Scaling> {
    let mut scaling = Scaling { mean: Vec::with_capacity(x.ncols()), sd: Vec::with_capacity(x.ncols()) };
    for (j, column) in x.columns().into_iter().enumerate() {
        let values = column.to_vec();
        let sd = summary::sd(&values);
        if !(sd > 0.0 && sd.is_finite()) {
            let name = names.get(j).map_or_else(|| format!("column {}", j + 1), |n| format!("`{n}`"));
            let why = if sd == 0.0 { "its values are all equal" } else { "not all its values are finite" };
            return Err(Error::Undefined { what: format!("the z-score of {name}"), why: why.into() });
        }
        scaling.mean.push(summary::mean(&values));
        scaling.sd.push(sd);
    }
    Ok(scaling)
}

/// (x - mean) / sd by column, stored column by column.
pub fn apply(scaling: &Scaling, x: ArrayView2<'_, f64>) -> Array2<f64> {
    let mut z = x.t().as_standard_layout().into_owned();
    for ((mut column, mean), sd) in z.axis_iter_mut(Axis(0)).zip(&scaling.mean).zip(&scaling.sd) {
        column.mapv_inplace(|v| (v - mean) / sd);
    }
    z.reversed_axes()
}
