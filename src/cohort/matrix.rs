//! A feature table, polars columns to one ndarray: patients x features.

use std::path::Path;

use ndarray::{Array2, ShapeBuilder};

use super::readers::reader;
use super::table::Table;
use crate::error::{Error, Result, listed};

/// Columns of PyRadiomics' batch table that are inputs, not features.
const INPUTS: [&str; 7] = ["Image", "Mask", "Label", "Label_channel", "Image_reader2", "patient", "patient_id"];

/// A feature table laid along the patients of a cohort.
#[derive(Clone, Debug)]
pub struct FeatureTable {
    /// In the file's order.
    pub names: Vec<String>,
    /// Patients x features, columns contiguous; NaN where the table has no value.
    pub matrix: Array2<f64>,
    /// Patients of the cohort without a row, by id.
    pub absent: Vec<String>,
    /// Ids of the table that are not in the cohort.
    pub strangers: Vec<String>,
    /// Columns that are neither ids, inputs, diagnostics nor numbers.
    pub not_numeric: Vec<String>,
    /// The columns that were not to be features: the outcome among them would choose itself.
    pub of_cohort: Vec<String>,
}

/// Read a feature table and lay its rows along `ids`. PyRadiomics' `diagnostics_*` columns and its input columns are
/// not features, nor are those of the names `of_cohort`; a column named as a PyRadiomics feature must be numbers throughout.
///
/// # Errors
/// An id that stands twice, no id column, no id of the cohort, no feature column, a feature with a field that is no number.
pub fn read_features(path: &Path, id: &str, ids: &[String], of_cohort: &[&str]) -> Result<FeatureTable> {
    let table = Table::read(path)?;
    let row_of = rows_by_id(&table, id)?;
    let rows: Vec<Option<usize>> = ids.iter().map(|i| row_of.get(i.as_str()).copied()).collect();
    if rows.iter().all(Option::is_none) {
        return Err(Error::Table {
            path: path.to_path_buf(),
            line: None,
            why: format!("no `{id}` of it is in the cohort"),
            remedy: unlike(row_of.keys().min(), ids.first()),
        });
    }
    let mut names = Vec::new();
    let (mut not_numeric, mut own) = (Vec::new(), Vec::new());
    let mut values = Vec::new();
    for name in table.names() {
        let is_input = INPUTS.contains(&name.as_str()) || reader(&name).is_some();
        if name == id || name.starts_with("diagnostics_") || is_input {
            continue;
        }
        if of_cohort.contains(&name.as_str()) {
            own.push(name);
            continue;
        }
        match table.numbers(&name) {
            Ok(column) => {
                values.extend(rows.iter().map(|r| r.map_or(f64::NAN, |r| column[r])));
                names.push(name);
            }
            Err(error) if is_feature_name(&name) => return Err(error),
            Err(_) => not_numeric.push(name),
        }
    }
    if names.is_empty() {
        return Err(Error::Table {
            path: path.to_path_buf(),
            line: None,
            why: "no column holds numbers".into(),
            remedy: "give a table with one column a feature and one row a patient".into(),
        });
    }
    let matrix = Array2::from_shape_vec((ids.len(), names.len()).f(), values)
        .map_err(|e| Error::Undefined { what: path.display().to_string(), why: e.to_string() })?;
    let absent = ids.iter().filter(|i| !row_of.contains_key(i.as_str())).cloned().collect();
    let known: std::collections::HashSet<&str> = ids.iter().map(String::as_str).collect();
    let mut strangers: Vec<String> = row_of.keys().filter(|k| !known.contains(k.as_str())).cloned().collect();
    strangers.sort();
    Ok(FeatureTable { names, matrix, absent, strangers, not_numeric, of_cohort: own })
}

/// Row number by id.
///
/// # Errors
/// No such column, an empty id, an id twice.
pub(super) fn rows_by_id(table: &Table, id: &str) -> Result<std::collections::HashMap<String, usize>> {
    let mut rows = std::collections::HashMap::new();
    let ids = table.text(id).map_err(|_| {
        let known = table.names();
        let like = known.first().map_or("", String::as_str);
        Error::Table {
            path: table.path.clone(),
            line: None,
            why: format!("it has no column `{id}` of the patients' ids, but {}", listed(&known, 20)),
            remedy: format!("say which column it is, as `--id {like}`; every table calls it the same"),
        }
    })?;
    for (row, value) in ids.into_iter().enumerate() {
        let fault = |why: String| Error::Table {
            path: table.path.clone(),
            line: Some(row + 2),
            why,
            remedy: format!("give every row one `{id}` of its own"),
        };
        let value = value.ok_or_else(|| fault(format!("column `{id}` is empty")))?;
        if let Some(first) = rows.insert(value.clone(), row) {
            return Err(fault(format!("`{id}` {value} stands already in line {}", first + 2)));
        }
    }
    Ok(rows)
}

/// What to do where no id of two tables is the same, with one of either as an example.
pub(super) fn unlike(here: Option<&String>, there: Option<&String>) -> String {
    let both = here.zip(there).map(|(here, there)| format!(": here `{here}`, there `{there}`")).unwrap_or_default();
    format!("write the ids the same way in both{both}")
}

/// PyRadiomics writes image_class_Feature.
fn is_feature_name(name: &str) -> bool {
    const CLASSES: [&str; 8] = ["shape", "shape2D", "firstorder", "glcm", "glrlm", "glszm", "gldm", "ngtdm"];
    name.split('_').rev().nth(1).is_some_and(|class| CLASSES.contains(&class))
}
