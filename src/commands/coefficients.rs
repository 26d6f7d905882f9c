//! A fitted model as a table and as values, and in words where maximum likelihood has no estimate.

use crate::page::{Page, Table, number};
use crate::stats::logistic::{Fit, Separation};

/// What stands where there is no estimate.
const NONE: &str = "none";
/// Terms that a sentence names.
const NAMED: usize = 3;

/// The page with the reference level of each factor, in words and as values.
pub(super) fn referred(page: Page, references: &[(&str, &str)]) -> Page {
    if references.is_empty() {
        return page;
    }
    let (named, values) = levels_of(references);
    let levels = if references.len() == 1 { "Reference level" } else { "Reference levels" };
    page.text(format!("{levels}: {named}.")).value("reference", values)
}

/// A level of each factor, in words and as values.
pub(super) fn levels_of(levels: &[(&str, &str)]) -> (String, serde_json::Map<String, serde_json::Value>) {
    let named: Vec<String> = levels.iter().map(|(factor, level)| format!("{factor} = {level}")).collect();
    let values = levels.iter().map(|(factor, level)| ((*factor).to_string(), (*level).into())).collect();
    (named.join(", "), values)
}

/// Coefficient, standard error, odds ratio with its interval, whose limits are given on the scale of the coefficient, p. Of a
/// coefficient without an estimate it has in brackets what R's glm prints.
pub(super) fn table(title: &str, names: &[String], fit: &Fit, limits: &[(f64, f64)]) -> Table {
    let mut table = Table::new(title).left("term").right("coefficient").right("se").right("odds ratio");
    table = table.right("95 % interval").right("p");
    for (j, name) in names.iter().enumerate() {
        let coef = [number::estimate(fit.coef[j], fit.se[j]), number::value(fit.se[j])];
        let [coef, se] = coef.map(|text| if has_estimate(fit, j) { text } else { format!("({text})") });
        let [odds, interval, p] = odds(fit, j, limits[j]);
        table.row([name.clone(), coef, se, odds, interval, p]);
    }
    table
}

/// Odds ratio, interval and p of a coefficient. Where it has no estimate a profile still has the end that the data give.
pub(super) fn odds(fit: &Fit, j: usize, (lower, upper): (f64, f64)) -> [String; 3] {
    let p = number::p(fit.p[j]);
    if has_estimate(fit, j) {
        return [number::value(fit.coef[j].exp()), super::limits(lower.exp(), upper.exp()), p];
    }
    let profiled = lower.is_infinite() != upper.is_infinite();
    let interval = if profiled { super::limits(lower.exp(), upper.exp()) } else { NONE.into() };
    [NONE.into(), interval, format!("({p})")]
}

/// The coefficient for a figure; NaN where it has no estimate.
pub(super) fn drawn(fit: &Fit, j: usize) -> f64 {
    if has_estimate(fit, j) { fit.coef[j] } else { f64::NAN }
}

/// The values of a fitted model, intercept first. Coefficients are those R prints, also of terms without an estimate, and
/// where there are such `no_estimate` says which.
pub(super) fn values(page: &mut Page, names: &[String], fit: &Fit) {
    let mut put = |name: &str, value: serde_json::Value| page.values.insert(name.to_string(), value);
    put("term", names.into());
    put("coef", fit.coef.clone().into());
    put("se", fit.se.clone().into());
    put("p", fit.p.clone().into());
    put("aic", fit.aic.into());
    if fit.separated.is_some() {
        put("no_estimate", without(fit).into());
    }
}

/// Whether each coefficient has no maximum likelihood estimate.
pub(super) fn without(fit: &Fit) -> Vec<bool> {
    (0..fit.coef.len()).map(|j| !has_estimate(fit, j)).collect()
}

/// What the brackets of a table are, where it has some; `command` has the remedy.
pub(super) fn note(names: &[String], fit: &Fit, command: &str) -> Option<String> {
    let why = match fit.separated.as_ref()? {
        Separation::Undecided => "its iterations ran out before a maximum was found",
        _ => "the outcome is separated, and the likelihood grows without end",
    };
    let lost: Vec<String> =
        (0..names.len()).filter(|j| !has_estimate(fit, *j)).map(|j| format!("`{}`", names[j])).collect();
    let who = match lost.as_slice() {
        [] => return None,
        all if all.len() == names.len() => "No term has a".to_string(),
        [one] => format!("{one} has no"),
        some if some.len() <= NAMED => format!("{} have no", some.join(" and ")),
        many => format!("{} and {} more have no", many[..NAMED].join(", "), many.len() - NAMED),
    };
    Some(format!(
        "{who} maximum likelihood estimate: {why}. In brackets is what R's glm prints, where its iterations stop; it means \
         nothing. `{command} --fit firth` has finite estimates."
    ))
}

fn has_estimate(fit: &Fit, j: usize) -> bool {
    fit.separated.as_ref().is_none_or(|s| !s.is_infinite(j))
}
