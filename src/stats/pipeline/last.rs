//! The last model of a pipeline: the outcome on the signature and the clinical terms, which may be chosen anew.

use ndarray::{Array2, ShapeBuilder};

use super::{Data, Fitted};
use crate::error::Result;
use crate::stats::{firth, logistic};

/// How the last model is made.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Last {
    /// By Firth's penalised likelihood, and not the plain one.
    pub firth: bool,
    /// Which clinical terms it has; all of them where there is no rule.
    pub entry: Option<Entry>,
}

/// A term enters where its p alone is below a bound, of patients with a value of it: Wald's p of a single column, the
/// likelihood ratio test's of several, by Firth's fit the penalised likelihood ratio test's of either.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Entry {
    pub below: f64,
    pub firth: bool,
}

/// The clinical terms of the model on these rows. One without a p, as where it is constant or a class is empty, stays out.
pub(super) fn entered(step: &Last, data: &Data<'_>, rows: &[usize]) -> Vec<usize> {
    let enters = |t: &usize| step.entry.is_none_or(|rule| alone(rule, data, rows, *t).is_ok_and(|p| p < rule.below));
    (0..data.clinical.len()).filter(enters).collect()
}

fn alone(rule: Entry, data: &Data<'_>, rows: &[usize], term: usize) -> Result<f64> {
    let columns: Vec<&[f64]> = data.clinical[term].iter().map(Vec::as_slice).collect();
    let (x, events) = known(&columns, data.outcome, rows);
    let fit = logistic::fit(x.view(), &events, logistic::Options::default())?;
    match (fit.rank > 1, rule.firth) {
        (false, _) => Ok(f64::NAN),
        (true, true) => Ok(firth::tests(x.view(), &events, &[(0..columns.len()).collect()])?[0].p),
        (true, false) if columns.len() == 1 => Ok(fit.p[1]),
        (true, false) => Ok(fit.overall().p),
    }
}

/// Intercept, signature (0 where it is empty) and clinical coefficients.
pub(super) fn fit(step: &Last, fitted: &Fitted, data: &Data<'_>, rows: &[usize]) -> Result<Vec<f64>> {
    let signature: Vec<f64> = (0..data.outcome.len()).map(|i| fitted.score(data, i)).collect();
    let has_signature = !fitted.columns.is_empty();
    let clinical = fitted.terms.iter().flat_map(|t| &data.clinical[*t]).map(Vec::as_slice);
    let columns: Vec<&[f64]> = has_signature.then_some(signature.as_slice()).into_iter().chain(clinical).collect();
    let (x, events) = known(&columns, data.outcome, rows);
    let mut coef = match step.firth {
        true => firth::coefficients(x.view(), &events)?,
        false => logistic::fit(x.view(), &events, logistic::Options::default())?.coef,
    };
    if !has_signature {
        coef.insert(1, 0.0);
    }
    Ok(coef.into_iter().map(|b| if b.is_nan() { 0.0 } else { b }).collect())
}

/// The columns and the outcome of the rows that have every value.
fn known(columns: &[&[f64]], outcome: &[bool], rows: &[usize]) -> (Array2<f64>, Vec<bool>) {
    let rows: Vec<usize> = rows.iter().copied().filter(|i| columns.iter().all(|c| c[*i].is_finite())).collect();
    let x = Array2::from_shape_fn((rows.len(), columns.len()).f(), |(i, j)| columns[j][rows[i]]);
    (x, rows.iter().map(|i| outcome[*i]).collect())
}
