//! The table of scans and masks.

use std::path::{Path, PathBuf};

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
        let name = columns.iter().find(|c| !INPUTS.contains(&c.as_str()) && *c != "Mask_reader2");
        let names = table.text(name.map_or("Image", String::as_str))?;
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
                name: names[number].as_ref().map_or_else(|| format!("row {}", number + 1), |n| relative(n, folder)),
                image: file("Image", &image)?,
                mask: file("Mask", &mask)?,
                label: whole(&labels),
                channel: whole(&channels).map(|c| c.max(0) as usize),
            });
        }
        let fields = columns.iter().map(|c| Ok((is_file(c), table.text(c)?))).collect::<Result<Vec<_>>>()?;
        let written = |row: usize| {
            let text = |(file, column): &(bool, Vec<Option<String>>)| {
                let text = column[row].clone().unwrap_or_default();
                if *file { relative(&text, folder) } else { text }
            };
            fields.iter().map(text).collect()
        };
        let written = (0..table.rows()).map(written).collect();
        Ok(Self { columns, written, rows })
    }
}

/// A column of whole numbers that need not be there; NaN where it says nothing.
fn optional(table: &Table, columns: &[String], name: &str) -> Result<Vec<f64>> {
    if !columns.iter().any(|c| c == name) {
        return Ok(vec![f64::NAN; table.rows()]);
    }
    let values = table.numbers(name)?;
    match values.iter().position(|v| v.fract() != 0.0 && !v.is_nan()) {
        None => Ok(values),
        Some(row) => Err(Error::BadValue {
            what: format!("column `{name}`, row {} of {}", row + 1, table.path.display()),
            given: values[row].to_string(),
            expected: "a whole number is expected".into(),
        }),
    }
}

fn is_file(column: &str) -> bool {
    ["Image", "Mask", "Mask_reader2"].contains(&column)
}

/// A path as it may leave this machine: relative to the table's folder, or the bare name of a file elsewhere.
fn relative(text: &str, folder: &Path) -> String {
    let path = Path::new(text);
    if !path.is_absolute() {
        return text.into();
    }
    let inside = folder.canonicalize().ok().and_then(|folder| path.strip_prefix(folder).ok().map(Path::to_path_buf));
    let inside = inside.or_else(|| path.file_name().map(PathBuf::from));
    inside.map(|p| p.display().to_string()).unwrap_or_default()
}
