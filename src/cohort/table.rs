//! Tables in and out, and the only file that shows polars types.
//!
//! Every column is read as text, so that the id `00037` stays `00037` and one `NA` does not turn ages into words; a
//! column becomes numbers when it is asked for as numbers.

use std::fs::File;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

use polars::prelude::*;

use super::records;
use crate::error::{self, Error};
use crate::files;

/// Fields that mean "not known", beside the empty one.
pub const MISSING: [&str; 8] = ["NA", "N/A", "n/a", "NaN", "nan", "null", "NULL", "."];

/// A table of text columns with unique names.
#[derive(Clone, Debug)]
pub struct Table {
    pub path: PathBuf,
    frame: DataFrame,
    /// A `;` table writes 12,5 for 12.5.
    decimal_comma: bool,
}

/// A column to write.
pub enum Output {
    Text(String, Vec<Option<String>>),
    Numbers(String, Vec<f64>),
}

impl Table {
    /// Read a CSV or Parquet file, told apart by the name's ending.
    ///
    /// # Errors
    /// Those of `records::read`, and what the reader says of a Parquet file.
    pub fn read(path: &Path) -> error::Result<Self> {
        if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("parquet")) { parquet(path) } else { csv(path) }
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.frame.height()
    }

    /// Column names in the file's order.
    pub fn names(&self) -> Vec<String> {
        self.frame.get_column_names().iter().map(ToString::to_string).collect()
    }

    /// A column as text; missing fields are none.
    ///
    /// # Errors
    /// No column of that name.
    pub fn text(&self, name: &str) -> error::Result<Vec<Option<String>>> {
        let column = self.column(name)?;
        let text = column.cast(&DataType::String).map_err(|e| self.fault(&e.to_string()))?;
        let text = text.str().map_err(|e| self.fault(&e.to_string()))?;
        Ok(text.iter().map(|v| v.map(|v| v.trim().to_string()).filter(|v| !missing(v))).collect())
    }

    /// A column as it stands in the file; empty where a field is.
    ///
    /// # Errors
    /// No column of that name.
    pub fn raw(&self, name: &str) -> error::Result<Vec<String>> {
        let column = self.column(name)?;
        let text = column.cast(&DataType::String).map_err(|e| self.fault(&e.to_string()))?;
        let text = text.str().map_err(|e| self.fault(&e.to_string()))?;
        Ok(text.iter().map(|v| v.unwrap_or_default().to_string()).collect())
    }

    /// A column as numbers, NaN where missing.
    ///
    /// # Errors
    /// No column of that name, or a field that is no number: the error names its row.
    pub fn numbers(&self, name: &str) -> error::Result<Vec<f64>> {
        let column = self.column(name)?;
        if column.dtype().is_primitive_numeric() || column.dtype() == &DataType::Boolean {
            let cast = column.cast(&DataType::Float64).map_err(|e| self.fault(&e.to_string()))?;
            let cast = cast.f64().map_err(|e| self.fault(&e.to_string()))?;
            return Ok(cast.iter().map(|v| v.unwrap_or(f64::NAN)).collect());
        }
        let text = column.str().map_err(|e| self.fault(&e.to_string()))?;
        let read = |(row, v): (usize, Option<&str>)| {
            let v = v.unwrap_or_default().trim();
            if v.is_empty() || missing(v) {
                return Ok(f64::NAN);
            }
            let parsed = if self.decimal_comma { v.replace(',', ".").parse() } else { v.parse::<f64>() };
            parsed.map_err(|_| Error::BadValue {
                what: format!("column `{name}`, row {} of {}", row + 1, self.path.display()),
                given: v.to_string(),
                expected: "a number or an empty field is expected".into(),
            })
        };
        text.iter().enumerate().map(read).collect()
    }

    /// Whether every field that is not missing is a number, and at least one is.
    pub fn is_numeric(&self, name: &str) -> bool {
        self.numbers(name).is_ok_and(|v| v.iter().any(|v| !v.is_nan()))
    }

    fn column(&self, name: &str) -> error::Result<&Column> {
        self.frame.column(name).map_err(|_| {
            let known = self.names();
            Error::NoSuch {
                what: format!("column of {} named", self.path.display()),
                given: name.to_string(),
                nearest: error::nearest(name, known.iter().map(String::as_str)),
                known: known.into_iter().take(20).collect(),
            }
        })
    }

    fn fault(&self, why: &str) -> Error {
        fault(&self.path, why)
    }
}

/// Write columns of equal length as CSV or Parquet, told apart by the name's ending; owner-readable, in place at once.
///
/// # Errors
/// What the file system says.
pub fn write(path: &Path, columns: Vec<Output>) -> error::Result<()> {
    if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("parquet")) {
        return write_parquet(path, columns);
    }
    let mut bytes = Vec::new();
    CsvWriter::new(&mut bytes).finish(&mut frame(path, columns)?).map_err(|e| fault(path, &e.to_string()))?;
    files::write(path, |out| out.write_all(&bytes))
}

/// Write columns of equal length as Parquet, whatever the name; owner-readable, in place at once.
///
/// # Errors
/// What the file system says.
pub fn write_parquet(path: &Path, columns: Vec<Output>) -> error::Result<()> {
    let mut bytes = Vec::new();
    ParquetWriter::new(&mut bytes).finish(&mut frame(path, columns)?).map_err(|e| fault(path, &e.to_string()))?;
    files::write(path, |out| out.write_all(&bytes))
}

/// A file of this name is taken for a table.
pub fn is_named(file: &str) -> bool {
    let file = file.to_ascii_lowercase();
    [".csv", ".tsv", ".txt", ".parquet"].iter().any(|ending| file.ends_with(ending))
}

fn frame(path: &Path, columns: Vec<Output>) -> error::Result<DataFrame> {
    let column = |output| match output {
        Output::Text(name, values) => Column::new(name.into(), values),
        Output::Numbers(name, values) => {
            let values: Vec<Option<f64>> = values.into_iter().map(|v| (!v.is_nan()).then_some(v)).collect();
            Column::new(name.into(), values)
        }
    };
    let columns: Vec<Column> = columns.into_iter().map(column).collect();
    let height = columns.first().map_or(0, Column::len);
    DataFrame::new(height, columns).map_err(|e| fault(path, &e.to_string()))
}

fn csv(path: &Path) -> error::Result<Table> {
    let records = records::read(path)?;
    let options = CsvReadOptions::default()
        .with_infer_schema_length(Some(0))
        .with_has_header(true)
        .map_parse_options(|o| o.with_separator(records.separator));
    let frame = options
        .into_reader_with_file_handle(Cursor::new(records.text.into_bytes()))
        .finish()
        .map_err(|e| fault(path, &e.to_string()))?;
    if frame.height() != records.rows {
        return Err(fault(path, &format!("{} of {} rows could be read", frame.height(), records.rows)));
    }
    Ok(Table { path: path.to_path_buf(), frame, decimal_comma: records.separator == b';' })
}

fn parquet(path: &Path) -> error::Result<Table> {
    let file = File::open(path).map_err(|e| Error::file("read", path, &e))?;
    let frame = ParquetReader::new(file).finish().map_err(|e| fault(path, &e.to_string()))?;
    Ok(Table { path: path.to_path_buf(), frame, decimal_comma: false })
}

fn missing(field: &str) -> bool {
    field.is_empty() || MISSING.contains(&field)
}

fn fault(path: &Path, why: &str) -> Error {
    let remedy = "check that the file is a plain table with one header line".to_string();
    Error::Table { path: path.to_path_buf(), line: None, why: why.to_string(), remedy }
}
