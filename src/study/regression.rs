//! Logistic models of clinical variables and other models' scores, fitted on the training patients.

use ndarray::{Array2, ShapeBuilder};
use serde::{Deserialize, Serialize};

use super::Study;
use super::model::{Method, Model, ModelTerm};
use crate::caution::Caution;
use crate::error::{Error, Result, nearest};
use crate::stats::firth::{self, Firth};
use crate::stats::logistic::{self, Fit, LikelihoodRatio, Options, Separation};

/// The columns of a model over all patients of the cohort.
#[derive(Clone, Debug, PartialEq)]
pub struct Design {
    /// Each term and how many columns it has: one for a number, one less than its levels for a factor.
    pub terms: Vec<(String, usize)>,
    /// Column names as R writes them: `age`, `marginwell`, `signature`.
    pub names: Vec<String>,
    /// One value a patient; NaN where missing.
    pub columns: Vec<Vec<f64>>,
}

/// A fit, and who took part.
#[derive(Clone, Debug)]
pub struct Fitted {
    pub fit: Fit,
    /// Training patients with every value.
    pub rows: Vec<usize>,
    /// Training patients left out for a missing value.
    pub missing: usize,
    /// What Firth's fit knows beside `fit`, where it was asked for.
    pub firth: Option<Firth>,
}

/// How the limits of a coefficient are found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Interval {
    /// Estimate and standard error.
    #[default]
    Wald,
    /// The profile of the likelihood, or of the penalised one.
    Profile,
}

/// How much each training patient weighs in a model's own fit.
#[derive(Clone, Debug, Default)]
pub struct Leverage {
    /// The diagonal of the hat matrix, w x'Vx with w = p (1 - p) and V the covariance of the coefficients, by patient of the
    /// cohort; NaN for those who took no part.
    pub of: Vec<f64>,
    /// Coefficients by patients, which is their mean.
    pub mean: f64,
}

impl Fitted {
    fn method(&self) -> Method {
        if self.firth.is_some() { Method::Firth } else { Method::Ml }
    }

    /// The test that no column has an effect.
    pub fn overall(&self) -> LikelihoodRatio {
        self.firth.as_ref().map_or_else(|| self.fit.overall(), |f| f.overall)
    }
}

/// The design of the terms named: clinical variables, or models of the study (their linear predictor).
///
/// # Errors
/// A name that is neither; the nearest is named.
pub fn design(study: &Study, command: &str, terms: &[String]) -> Result<Design> {
    let cohort = study.need_cohort(command)?;
    let mut design = Design { terms: Vec::new(), names: Vec::new(), columns: Vec::new() };
    for term in terms {
        let columns = if let Some(model) = study.score(term) {
            vec![(term.clone(), model.linear.clone())]
        } else if let Some(variable) = cohort.clinical.iter().find(|v| v.name == *term) {
            variable.design()
        } else {
            let variables = cohort.clinical.iter().map(|v| v.name.as_str());
            let known: Vec<&str> = study.models().map(|m| m.name.as_str()).chain(variables).collect();
            return Err(Error::NoSuch {
                what: "model or clinical variable".into(),
                given: term.clone(),
                nearest: nearest(term, known.iter().copied()),
                known: known.iter().map(ToString::to_string).collect(),
            });
        };
        design.terms.push((term.clone(), columns.len()));
        for (name, column) in columns {
            design.names.push(name);
            design.columns.push(column);
        }
    }
    Ok(design)
}

impl Design {
    /// The columns of these patients.
    pub fn matrix(&self, rows: &[usize]) -> Array2<f64> {
        Array2::from_shape_fn((rows.len(), self.columns.len()).f(), |(i, j)| self.columns[j][rows[i]])
    }

    /// The columns of term `t`.
    pub fn span(&self, t: usize) -> std::ops::Range<usize> {
        let start = self.terms[..t].iter().map(|(_, n)| n).sum();
        start..start + self.terms[t].1
    }

    /// Fit the outcome on the training patients with every value.
    ///
    /// # Errors
    /// No outcome; those of [`logistic::fit`] and [`firth::fit`].
    pub fn fit(&self, study: &Study, command: &str, method: Method) -> Result<Fitted> {
        let outcome = study.need_outcome(command)?;
        let training = study.need_cohort(command)?.training();
        let (rows, gone): (Vec<usize>, Vec<usize>) =
            training.into_iter().partition(|i| self.columns.iter().all(|c| c[*i].is_finite()));
        let events: Vec<bool> = rows.iter().map(|i| outcome.events[*i]).collect();
        let x = self.matrix(&rows);
        let (fit, firth) = match method {
            Method::Ml => (logistic::fit(x.view(), &events, Options::default())?, None),
            Method::Firth => {
                let firth = firth::fit(x.view(), &events, 0.95)?;
                (firth.fit.clone(), Some(firth))
            }
        };
        Ok(Fitted { fit, rows, missing: gone.len(), firth })
    }

    /// The 95 % limits of every coefficient, the intercept's first.
    ///
    /// # Errors
    /// Those of [`firth::profile`].
    pub fn limits(&self, study: &Study, fitted: &Fitted, interval: Interval) -> Result<Vec<(f64, f64)>> {
        let fit = &fitted.fit;
        match (interval, &fitted.firth) {
            (Interval::Wald, _) => Ok((0..fit.coef.len()).map(|j| fit.wald(j, 0.95)).collect()),
            (Interval::Profile, Some(firth)) => Ok(firth.limits.clone()),
            (Interval::Profile, None) => {
                let outcome = study.need_outcome("the profile likelihood")?;
                let events: Vec<bool> = fitted.rows.iter().map(|i| outcome.events[*i]).collect();
                firth::profile(self.matrix(&fitted.rows).view(), &events, fit, 0.95)
            }
        }
    }

    /// The fit as a model of the study: every patient's linear predictor; NaN where a value is missing, or is a level
    /// that no training patient has, of which the model knows nothing.
    pub fn model(&self, name: &str, fitted: &Fitted) -> Model {
        let fit = &fitted.fit;
        let unseen = |c: &[f64]| fitted.rows.iter().all(|i| c[*i] == 0.0);
        let unseen: Vec<bool> = self.columns.iter().map(|c| unseen(c)).collect();
        let term = |j: usize, i: usize| match (fit.coef[j + 1].is_nan(), unseen[j], self.columns[j][i]) {
            (true, true, x) if x != 0.0 => f64::NAN,
            (true, _, x) => 0.0 * x,
            (false, _, x) => fit.coef[j + 1] * x,
        };
        let patients = self.columns.first().map_or(0, Vec::len);
        let linear = |i: usize| (0..self.columns.len()).fold(fit.coef[0], |sum, j| sum + term(j, i));
        let written = |(name, coef): (&String, &f64)| ModelTerm { name: name.clone(), coef: *coef, mean: 0.0, sd: 1.0 };
        Model {
            name: name.to_string(),
            variables: self.terms.iter().map(|(n, _)| n.clone()).collect(),
            method: fitted.method(),
            intercept: fit.coef[0],
            terms: self.names.iter().zip(&fit.coef[1..]).map(written).collect(),
            linear: (0..patients).map(linear).collect(),
        }
    }

    /// What a statistician would raise an eyebrow at in this fit, which `command` made.
    pub fn cautions(&self, fitted: &Fitted, command: &'static str, what: &str, events: usize) -> Vec<Caution> {
        let fit = &fitted.fit;
        let mut cautions = Vec::new();
        match &fit.separated {
            None => {}
            Some(Separation::Quasi(j)) if *j > 0 => {
                cautions.push(Caution::Separation { what: format!("`{}` in the {what}", self.names[j - 1]), command });
            }
            Some(_) => cautions.push(Caution::Separation { what: format!("the {what}"), command }),
        }
        if !fit.aliased.is_empty() {
            let features = fit.aliased.iter().map(|j| self.names[*j].clone()).collect();
            let why = "columns depend linearly on earlier ones and have no coefficient".into();
            cautions.push(Caution::Undefined { why, features });
        }
        if fitted.missing > 0 {
            cautions.push(Caution::Missing { what: format!("training patients in the {what}"), count: fitted.missing });
        }
        let fewest = events.min(fitted.rows.len() - events);
        if self.columns.len() * 10 > fewest && self.columns.len() > 1 {
            cautions.push(Caution::FewEvents { events: fewest, variables: self.columns.len() });
        }
        cautions
    }
}

/// The leverage of the training patients in a model, which is fitted again as it was; a signature counts as one column.
///
/// # Errors
/// Those of [`design`] and [`Design::fit`].
pub fn leverage(study: &Study, command: &str, model: &Model) -> Result<Leverage> {
    let alone = [model.name.clone()];
    let terms = if model.variables.is_empty() { &alone[..] } else { &model.variables };
    let design = design(study, command, terms)?;
    let Fitted { fit, rows, .. } = design.fit(study, command, model.method)?;
    let mut of = vec![f64::NAN; model.linear.len()];
    for (row, p) in rows.iter().zip(&fit.fitted) {
        let x: Vec<f64> = std::iter::once(1.0).chain(design.columns.iter().map(|c| c[*row])).collect();
        let used: Vec<usize> = (0..x.len()).filter(|j| !fit.coef[*j].is_nan()).collect();
        let through = |a: &usize| used.iter().map(|b| fit.vcov[[*a, *b]] * x[*b]).sum::<f64>() * x[*a];
        of[*row] = p * (1.0 - p) * used.iter().map(through).sum::<f64>();
    }
    Ok(Leverage { of, mean: fit.rank as f64 / rows.len() as f64 })
}
