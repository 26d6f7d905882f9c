//! The table of scans and masks.

use std::path::{Path, PathBuf};

use crate::cohort::reader;
use crate::cohort::table::Table;
use crate::error::{Error, Result};

/// The table as it was read.
pub struct Input {
    /// Every column, in the file's order.
    pub columns: Vec<String>,
    /// Every field as it is written again: paths without the folders of this machine.
    pub written: Vec<Vec<String>>,
    pub rows: Vec<Row>,
}

/// One region to compute.
pub struct Row {
    /// From 0.
    pub number: usize,
    /// What to call it: the first column that is none of the inputs, else the image.
    pub name: String,
    pub image: PathBuf,
    pub mask: PathBuf,
    pub label: Option<i64>,
    pub channel: Option<usize>,
}

/// Columns that say what to compute.
const INPUTS: [&str; 4] = ["Image", "Mask", "Label", "Label_channel"];

impl Input {
    /// # Errors
    /// A file that is no table or has no row, a table without Image or Mask, a row without one, a label that is no number.
    pub fn read(path: &Path) -> Result<Self> {
        let table = Table::read(path)?;
        if table.rows() == 0 {
            let why = "it has a header and no row".to_string();
            let remedy = "give one row a scan, with its Image and Mask".into();
            return Err(Error::Table { path: path.to_path_buf(), line: None, why, remedy });
        }
        let columns = table.names();
        let folder = path.parent().unwrap_or(Path::new(""));
        let (image, mask) = (table.text("Image")?, table.text("Mask")?);
        let labels = optional(&table, &columns, "Label")?;
        let channels = optional(&table, &columns, "Label_channel")?;
        let written = columns.iter().map(|c| written(&table, c, folder)).collect::<Result<Vec<_>>>()?;
        let name = columns.iter().position(|c| !INPUTS.contains(&c.as_str()) && reader(c).is_none());
        let name = name.or_else(|| columns.iter().position(|c| c == "Image")).unwrap_or(0);
        let mut rows = Vec::new();
        for number in 0..table.rows() {
            let file = |column: &str, of: &[Option<String>]| {
                of[number].as_ref().map(|file| folder.join(file)).ok_or_else(|| Error::Table {
                    path: path.to_path_buf(),
                    line: Some(number + 2),
                    why: format!("there is no {column}"),
                    remedy: "name the file, or take the row out".into(),
                })
            };
            let whole = |of: &[f64]| Some(of[number]).filter(|v| !v.is_nan()).map(|v| v as i64);
            rows.push(Row {
                number,
                name: Some(written[name][number].clone()).filter(|n| !n.is_empty()).unwrap_or_else(|| "no name".into()),
                image: file("Image", &image)?,
                mask: file("Mask", &mask)?,
                label: whole(&labels),
                channel: whole(&channels).map(|c| c as usize),
            });
        }
        let written = (0..table.rows()).map(|row| written.iter().map(|column| column[row].clone()).collect()).collect();
        Ok(Self { columns, written, rows })
    }
}

/// A column as it is written again: every field as it stands, but paths as they may leave this machine. A path below the
/// table's folder is written from there, any other absolute one from the folder that all such paths of the column share.
fn written(table: &Table, column: &str, folder: &Path) -> Result<Vec<String>> {
    let mut fields = table.raw(column)?;
    if !is_file(column) {
        return Ok(fields);
    }
    let home = folder.canonicalize().unwrap_or_default();
    for field in &mut fields {
        if let Ok(below) = Path::new(field).strip_prefix(&home).map(|p| p.display().to_string()) {
            *field = below;
        }
    }
    let mut shared: Option<PathBuf> = None;
    for parent in fields.iter().map(Path::new).filter(|p| p.is_absolute()).filter_map(Path::parent) {
        let common =
            |a: &Path| a.components().zip(parent.components()).take_while(|(a, b)| a == b).map(|(a, _)| a).collect();
        shared = Some(shared.map_or_else(|| parent.to_path_buf(), |a| common(&a)));
    }
    for field in &mut fields {
        if let Some(tail) = shared.as_ref().and_then(|shared| Path::new(field).strip_prefix(shared).ok()) {
            *field = tail.display().to_string();
        }
    }
    Ok(fields)
}

/// A column of whole numbers that need not be there; NaN where it says nothing.
fn optional(table: &Table, columns: &[String], name: &str) -> Result<Vec<f64>> {
    if !columns.iter().any(|c| c == name) {
        return Ok(vec![f64::NAN; table.rows()]);
    }
    let values = table.numbers(name)?;
    match values.iter().position(|v| !v.is_nan() && (v.fract() != 0.0 || *v < 0.0)) {
        None => Ok(values),
        Some(row) => Err(Error::BadValue {
            what: format!("column `{name}`, row {} of {}", row + 1, table.path.display()),
            given: values[row].to_string(),
            expected: "a whole number from 0 is expected".into(),
        }),
    }
}

fn is_file(column: &str) -> bool {
    ["Image", "Mask"].contains(&column) || reader(column).is_some()
}
