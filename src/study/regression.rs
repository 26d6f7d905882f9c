//! Logistic models of clinical variables and other models' scores, fitted on the training patients.

use ndarray::{Array2, Axis, ShapeBuilder};
use serde::{Deserialize, Serialize};

use super::Study;
use super::model::{Method, Model, ModelTerm, Origin};
use crate::caution::Caution;
use crate::cohort::{Values, Variable};
use crate::error::{Error, Result};
use crate::num::dense;
use crate::stats::firth::{self, Firth};
use crate::stats::logistic::{self, Fit, LikelihoodRatio, Options, Separation};

/// The columns of a model over all patients of the cohort.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Design {
    /// Each term and how many columns it has: one for a number, one less than its levels for a factor.
    pub terms: Vec<(String, usize)>,
    /// The levels of each term that is a factor, those of the training patients; none of a number.
    pub levels: Vec<Vec<String>>,
    /// Terms and levels of theirs that no training patient has.
    pub unseen: Vec<(String, String)>,
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
    /// The diagonal of the hat matrix, w x'(X'WX)^-1 x with w = p (1 - p) at the estimates, by patient of the cohort; NaN for
    /// those who took no part, and where separation leaves no information on a coefficient. (R's glm has V of one step before, and so the fifth digit of its hatvalues.)
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

/// What a term of a model stands for.
enum Term<'a> {
    /// Another model's linear predictor.
    Score(&'a Model),
    Variable(&'a Variable),
}

impl Term<'_> {
    fn known(&self, i: usize) -> bool {
        match self {
            Self::Score(model) => !model.linear[i].is_nan(),
            Self::Variable(variable) => variable.known(i),
        }
    }
}

/// The design of the terms named: clinical variables, or models of the study (their linear predictor). A factor has the levels
/// of the training patients who have a value of every term.
///
/// # Errors
/// A name that is neither; the nearest is named. `Undefined` for a factor of which training has one level.
pub fn design(study: &Study, command: &str, terms: &[String]) -> Result<Design> {
    let found = terms.iter().map(|term| find(study, command, term)).collect::<Result<Vec<Term<'_>>>>()?;
    let mut rows = study.need_cohort(command)?.training();
    rows.retain(|i| found.iter().all(|term| term.known(*i)));
    let mut design = Design::default();
    for (name, term) in terms.iter().zip(&found) {
        let columns = match term {
            Term::Score(model) => vec![(name.clone(), model.linear.clone())],
            Term::Variable(variable) => variable.design(&rows),
        };
        if columns.is_empty() {
            let why = "the training patients have a single level of it; leave it out".into();
            return Err(Error::Undefined { what: format!("`{name}` in a model"), why });
        }
        let (seen, unseen) = levels(term, &rows);
        design.terms.push((name.clone(), columns.len()));
        design.levels.push(seen);
        design.unseen.extend(unseen.into_iter().map(|level| (name.clone(), level)));
        for (name, column) in columns {
            design.names.push(name);
            design.columns.push(column);
        }
    }
    Ok(design)
}

/// Refuse a term that is a model of other terms and a column of the table too: nobody could tell which is meant.
///
/// # Errors
/// `BadValue` that names the term.
pub fn one_meaning(study: &Study, term: &str) -> Result<()> {
    let column = study.cohort().is_some_and(|cohort| cohort.clinical.iter().any(|v| v.name == term));
    if !column || study.score(term).is_none() {
        return Ok(());
    }
    Err(Error::BadValue {
        what: "a term".into(),
        given: term.into(),
        expected: "it is a model here and a clinical variable too; give the column of the table another name".into(),
    })
}

fn find<'a>(study: &'a Study, command: &str, term: &str) -> Result<Term<'a>> {
    let cohort = study.need_cohort(command)?;
    one_meaning(study, term)?;
    let variable = || cohort.clinical.iter().find(|v| v.name == term).map(Term::Variable);
    study.score(term).map(Term::Score).or_else(variable).ok_or_else(|| {
        let models: Vec<&str> = study.models().map(|m| m.name.as_str()).collect();
        cohort.no_variable("model or clinical variable", term, &models)
    })
}

/// The levels of a factor that these patients have, and those that none of them has.
fn levels(term: &Term<'_>, rows: &[usize]) -> (Vec<String>, Vec<String>) {
    let Term::Variable(variable) = term else { return Default::default() };
    let Values::Factor { levels, .. } = &variable.values else { return Default::default() };
    let seen = variable.levels(rows);
    let (seen, unseen): (Vec<usize>, Vec<usize>) = (0..levels.len()).partition(|level| seen.contains(level));
    let named = |of: Vec<usize>| of.into_iter().map(|level| levels[level].clone()).collect();
    (named(seen), named(unseen))
}

/// The columns that a fit of the model takes again: the z-scored features of a signature, else the design of its variables.
///
/// # Errors
/// Those of [`design`]; no features, or not those of the signature.
pub fn refit(study: &Study, command: &str, model: &Model) -> Result<Design> {
    if !model.variables.is_empty() {
        return design(study, command, &model.variables);
    }
    let set = study.need_features(command)?;
    let mut features = Design::default();
    // A feature that depends on earlier ones has 0, and is not fitted.
    for term in model.terms.iter().filter(|t| t.coef != 0.0) {
        let column = set.names.iter().position(|name| *name == term.name).ok_or_else(|| Error::NoSuch {
            what: "feature".into(),
            given: term.name.clone(),
            nearest: None,
            known: Vec::new(),
        })?;
        features.terms.push((term.name.clone(), 1));
        features.levels.push(Vec::new());
        features.names.push(term.name.clone());
        features.columns.push(set.matrix.column(column).iter().map(|v| (v - term.mean) / term.sd).collect());
    }
    Ok(features)
}

impl Design {
    /// The columns of these patients.
    pub fn matrix(&self, rows: &[usize]) -> Array2<f64> {
        Array2::from_shape_fn((rows.len(), self.columns.len()).f(), |(i, j)| self.columns[j][rows[i]])
    }

    /// The columns as a reader is told of them: `age`, `margin: well`. The values of a page (JSON) have R's names.
    pub fn labels(&self) -> Vec<String> {
        let of = |(t, levels): (usize, &Vec<String>)| -> Vec<String> {
            match levels.as_slice() {
                [] => self.span(t).map(|j| self.names[j].clone()).collect(),
                [_, others @ ..] => others.iter().map(|level| format!("{}: {level}", self.terms[t].0)).collect(),
            }
        };
        self.levels.iter().enumerate().flat_map(of).collect()
    }

    /// Each factor and its reference, the level that has no column.
    pub fn references(&self) -> Vec<(&str, &str)> {
        let first = |t: usize| self.levels[t].first().map(|level| (self.terms[t].0.as_str(), level.as_str()));
        (0..self.terms.len()).filter_map(first).collect()
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
        let events = outcome.of(&rows);
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

    /// The likelihood ratio test of each term as a whole, all other terms kept, as R's drop1(test = "LRT"); of Firth's fit
    /// that of the penalised likelihood.
    ///
    /// # Errors
    /// No outcome; those of the fits.
    pub fn whole(&self, study: &Study, fitted: &Fitted) -> Result<Vec<LikelihoodRatio>> {
        let outcome = study.need_outcome("the likelihood ratio test")?;
        let events = outcome.of(&fitted.rows);
        let x = self.matrix(&fitted.rows);
        let terms: Vec<Vec<usize>> = (0..self.terms.len()).map(|t| self.span(t).collect()).collect();
        if fitted.firth.is_some() {
            return firth::tests(x.view(), &events, &terms);
        }
        let without = |term: &Vec<usize>| {
            let kept: Vec<usize> = (0..x.ncols()).filter(|j| !term.contains(j)).collect();
            let within = logistic::fit(x.select(Axis(1), &kept).view(), &events, Options::default())?;
            Ok(fitted.fit.beyond(&within))
        };
        terms.iter().map(without).collect()
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
                let events = outcome.of(&fitted.rows);
                firth::profile(self.matrix(&fitted.rows).view(), &events, fit, 0.95)
            }
        }
    }

    /// The fit as a model of the study: every patient's linear predictor; NaN where a value is missing or infinite, or is a level
    /// that no training patient has. A column that depends on others has no coefficient and counts for nothing.
    pub fn model(&self, name: &str, fitted: &Fitted) -> Model {
        let fit = &fitted.fit;
        let effects: Vec<f64> = fit.coef[1..].iter().map(|b| if b.is_nan() { 0.0 } else { *b }).collect();
        let patients = self.columns.first().map_or(0, Vec::len);
        let linear = |i: usize| {
            let sum = (0..self.columns.len()).fold(fit.coef[0], |sum, j| sum + effects[j] * self.columns[j][i]);
            if sum.is_finite() { sum } else { f64::NAN }
        };
        let written = |(name, coef): (&String, &f64)| ModelTerm { name: name.clone(), coef: *coef, mean: 0.0, sd: 1.0 };
        Model {
            name: name.to_string(),
            variables: self.terms.iter().map(|(n, _)| n.clone()).collect(),
            origin: Origin::Fit(fitted.method()),
            separated: fit.separated.is_some(),
            intercept: fit.coef[0],
            terms: self.names.iter().zip(&fit.coef[1..]).map(written).collect(),
            linear: (0..patients).map(linear).collect(),
        }
    }

    /// What a statistician would raise an eyebrow at in this fit, which `command` made.
    pub fn cautions(&self, fitted: &Fitted, command: &'static str, what: &str, events: usize) -> Vec<Caution> {
        let (fit, labels) = (&fitted.fit, self.labels());
        let mut cautions = Vec::new();
        if let Some(separation) = &fit.separated {
            let lost = labels.iter().enumerate().filter(|(j, _)| separation.is_infinite(j + 1));
            let lost: Vec<String> = lost.map(|(_, label)| format!("`{label}`")).collect();
            cautions.push(match separation {
                Separation::Undecided => {
                    Caution::NotConverged { what: format!("the {what}"), iterations: fit.iterations }
                }
                Separation::Quasi(_) if !lost.is_empty() => {
                    Caution::Separation { what: format!("{} in the {what}", lost.join(" and ")), command }
                }
                _ => Caution::Separation { what: format!("the {what}"), command },
            });
        }
        if !fit.aliased.is_empty() {
            let features = fit.aliased.iter().map(|j| labels[*j].clone()).collect();
            let why = "columns depend linearly on earlier ones and have no coefficient".into();
            cautions.push(Caution::Undefined { why, features });
        }
        for (term, level) in &self.unseen {
            cautions.push(Caution::Note(format!(
                "none of the {} training patients that the {what} is fitted on has {term} = {level}: who has it gets no score",
                fitted.rows.len()
            )));
        }
        if fitted.missing > 0 {
            cautions.push(Caution::Missing { what: format!("training patients in the {what}"), count: fitted.missing });
        }
        let others = fitted.rows.len() - events;
        let (fewest, with_event) = (events.min(others), events <= others);
        if self.columns.len() * 10 > fewest && self.columns.len() > 1 {
            cautions.push(Caution::FewEvents { fewest, with_event, coefficients: self.columns.len() });
        }
        cautions
    }
}

/// The leverage of the training patients in a model, which is fitted again as it was; none in one that was not fitted.
///
/// # Errors
/// Those of [`refit`] and [`Design::fit`].
pub fn leverage(study: &Study, command: &str, model: &Model) -> Result<Leverage> {
    let mut of = vec![f64::NAN; model.linear.len()];
    let Some(method) = model.origin.method() else { return Ok(Leverage { of, mean: f64::NAN }) };
    let design = refit(study, command, model)?;
    let Fitted { fit, rows, .. } = design.fit(study, command, method)?;
    let used = (0..design.columns.len()).filter(|j| !fit.coef[j + 1].is_nan());
    let of_rows = |column: &Vec<f64>| rows.iter().map(|i| column[*i]).collect();
    let mut columns = vec![vec![1.0; rows.len()]];
    columns.extend(used.map(|j| of_rows(&design.columns[j])));
    let weight: Vec<f64> = fit.fitted.iter().map(|p| p * (1.0 - p)).collect();
    let k = columns.len();
    let information = Array2::from_shape_fn((k, k), |(a, b)| dense::dot3(&columns[a], &columns[b], &weight));
    if let Some(factor) = dense::cholesky(information.view(), 0.0) {
        let covariance = dense::cholesky_inverse(factor.view());
        for (i, row) in rows.iter().enumerate() {
            let through = |a: usize| (0..k).map(|b| covariance[[a, b]] * columns[b][i]).sum::<f64>() * columns[a][i];
            of[*row] = weight[i] * (0..k).map(through).sum::<f64>();
        }
    }
    Ok(Leverage { of, mean: fit.rank as f64 / rows.len() as f64 })
}
