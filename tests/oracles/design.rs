//! From a formula and a table to rows and columns, as far as the cases need it.

use ndarray::Array2;
use radnote::num::summary;
use radnote::stats::stepwise::Term;

use super::case::Node;
use super::table::{Table, is_missing};

/// What a case's note says about its table.
#[derive(Default)]
pub struct Notes {
    rows: Option<(String, String)>,
    /// name = 1 where column == level.
    derived: Vec<(String, String, String)>,
    standardised: bool,
}

/// A model's rows without missing values.
pub struct Design {
    pub outcome: Vec<bool>,
    pub x: Array2<f64>,
    /// One term for each variable of the formula, its columns in `x`.
    pub terms: Vec<Term>,
    /// The coefficient names R gives, without the intercept.
    pub names: Vec<String>,
}

/// Notes of the form `rows with A == B; name = 1 if C == D; columns standardised ...`.
pub fn notes(node: &Node) -> Notes {
    let mut notes = Notes::default();
    let Some(note) = node.at("note") else { return notes };
    let text = note.text();
    notes.standardised = text.contains("standardised");
    for clause in text.split(';') {
        let Some((before, after)) = clause.split_once("==") else { continue };
        let word = |w: &str| w.trim_matches(|c: char| !c.is_alphanumeric() && c != '_').to_string();
        let column = word(before.split_whitespace().last().unwrap());
        let level = word(after.split_whitespace().next().unwrap());
        match before.split_once(" = ") {
            Some((name, _)) => notes.derived.push((word(name), column, level)),
            None => notes.rows = Some((column, level)),
        }
    }
    notes
}

impl Notes {
    /// The rows the notes ask for.
    pub fn apply(&self, table: Table) -> Table {
        match &self.rows {
            Some((column, level)) => table.only(column, level),
            None => table,
        }
    }

    /// Values of a variable: a column, or one derived by a note (under its own or its column's name).
    pub fn variable(&self, table: &Table, name: &str) -> Vec<f64> {
        let derived = self.derived.iter().find(|d| d.0 == name || d.1 == name);
        match derived.filter(|_| table.find(name).is_none() || table.numbers(name).iter().all(|v| v.is_nan())) {
            Some((_, column, level)) => table.texts(column).iter().map(|t| f64::from(u8::from(t == level))).collect(),
            None => table.numbers(name),
        }
    }
}

/// The two sides of a formula.
pub fn sides(formula: &str) -> (String, Vec<String>) {
    let (left, right) = formula.split_once('~').unwrap();
    let terms = right.split('+').map(|t| t.trim().to_string()).filter(|t| !t.is_empty() && t != "1");
    (left.trim().to_string(), terms.collect())
}

/// The design of `variables`; a variable is a factor where R's coefficient names carry its levels (`race2`, `margin=well`).
pub fn design(table: &Table, notes: &Notes, outcome: &str, variables: &[String], coefficients: &[String]) -> Design {
    let used = |name: &String| table.find(name).map(|c| c.to_vec());
    let present: Vec<Vec<String>> = variables.iter().chain([&outcome.to_string()]).filter_map(used).collect();
    let table = table.filtered(|i| present.iter().all(|c| !is_missing(&c[i])));
    let (mut columns, mut names, mut terms) = (Vec::new(), Vec::new(), Vec::new());
    for variable in variables {
        let first = columns.len();
        for (name, values) in columns_of(&table, notes, variable, coefficients) {
            names.push(name);
            columns.push(values);
        }
        terms.push(Term { name: variable.clone(), columns: (first..columns.len()).collect() });
    }
    let (p, n) = (columns.len(), table.rows());
    let x = Array2::from_shape_vec((p, n), columns.concat()).unwrap().reversed_axes();
    Design { outcome: table.outcome(outcome), x, terms, names }
}

/// (name, values) of each column a variable gives.
fn columns_of(table: &Table, notes: &Notes, variable: &str, coefficients: &[String]) -> Vec<(String, Vec<f64>)> {
    if !coefficients.iter().any(|c| c == variable) {
        let level = |c: &String| {
            let level = c.strip_prefix(variable)?.trim_start_matches('=').to_string();
            table.find(variable)?.contains(&level).then_some((c.clone(), level))
        };
        let levels: Vec<(String, String)> = coefficients.iter().filter_map(level).collect();
        if !levels.is_empty() {
            let cells = table.texts(variable);
            let column = |l: &String| cells.iter().map(|c| f64::from(u8::from(c == l))).collect();
            return levels.iter().map(|(name, level)| (name.clone(), column(level))).collect();
        }
    }
    let mut values = notes.variable(table, variable);
    if notes.standardised {
        let (mean, sd) = (summary::mean(&values), summary::sd(&values));
        values.iter_mut().for_each(|v| *v = (*v - mean) / sd);
    }
    vec![(variable.to_string(), values)]
}
