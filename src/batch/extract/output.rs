//! The table of features: row by row while they are finished, in the order of the input at the end.

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::cohort::table::{self, Output as Column};
use crate::error::{Error, Result};
use crate::files;

/// How the features are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Csv,
    /// A list of one object a row.
    Json,
    Parquet,
}

impl Format {
    /// By the ending of a name; CSV where it says nothing.
    pub fn of(path: &Path) -> Self {
        match path.extension().map(|e| e.to_string_lossy().to_lowercase()).as_deref() {
            Some("json") => Self::Json,
            Some("parquet") => Self::Parquet,
            _ => Self::Csv,
        }
    }
}

/// A field of a row.
#[derive(Clone, Debug)]
pub enum Field {
    Text(String),
    Number(Option<f64>),
}

/// A table on its way to the disk. What is there is whole after every row; a Parquet file, which cannot grow, grows as CSV
/// beside its place until all rows are there.
pub struct Output {
    path: PathBuf,
    format: Format,
    columns: Vec<String>,
    rows: Vec<(usize, Vec<Field>)>,
    growing: PathBuf,
    file: File,
}

impl Output {
    /// # Errors
    /// What the file system says.
    pub fn begin(path: &Path, format: Format, columns: Vec<String>) -> Result<Self> {
        let growing = match format {
            Format::Parquet => path.with_file_name(format!("{}.part.csv", file_name(path))),
            Format::Csv | Format::Json => path.to_path_buf(),
        };
        let file = files::create(&growing)?;
        let mut output = Self { path: path.to_path_buf(), format, columns, rows: Vec::new(), growing, file };
        output.put(&output.head())?;
        Ok(output)
    }

    /// Takes a finished row, and has it on the disk.
    ///
    /// # Errors
    /// What the file system says.
    pub fn append(&mut self, number: usize, row: Vec<Field>) -> Result<()> {
        let text = format!("{}{}", self.text(&row, self.rows.is_empty()), self.tail());
        self.rows.push((number, row));
        let back = SeekFrom::End(-(self.tail().len() as i64));
        self.file.seek(back).map_err(|e| Error::file("write", &self.growing, &e))?;
        self.put(&text)
    }

    /// Writes the whole table anew, in the order of the input.
    ///
    /// # Errors
    /// What the file system says.
    pub fn finish(mut self) -> Result<()> {
        self.rows.sort_by_key(|(number, _)| *number);
        if self.format == Format::Parquet {
            self.parquet()?;
            return std::fs::remove_file(&self.growing).map_err(|e| Error::file("remove", &self.growing, &e));
        }
        files::write(&self.path, |out| {
            out.write_all(self.head().strip_suffix(self.tail()).unwrap_or_default().as_bytes())?;
            for (k, (_, row)) in self.rows.iter().enumerate() {
                out.write_all(self.text(row, k == 0).as_bytes())?;
            }
            out.write_all(self.tail().as_bytes())
        })
    }

    fn head(&self) -> String {
        match self.format {
            Format::Csv | Format::Parquet => {
                self.columns.iter().map(|c| quoted(c)).collect::<Vec<_>>().join(",") + "\n"
            }
            Format::Json => "[\n]\n".into(),
        }
    }

    fn tail(&self) -> &'static str {
        if self.format == Format::Json { "\n]\n" } else { "" }
    }

    fn text(&self, row: &[Field], first: bool) -> String {
        if self.format != Format::Json {
            let field = |f: &Field| match f {
                Field::Text(text) => quoted(text),
                Field::Number(value) => value.map(|v| format!("{v:?}")).unwrap_or_default(),
            };
            return row.iter().map(field).collect::<Vec<_>>().join(",") + "\n";
        }
        let value = |f: &Field| match f {
            Field::Text(text) => serde_json::json!(text),
            Field::Number(value) => serde_json::json!(value),
        };
        let object: serde_json::Map<_, _> = self.columns.iter().cloned().zip(row.iter().map(value)).collect();
        format!("{}\n{}", if first { "" } else { "," }, serde_json::Value::Object(object))
    }

    fn parquet(&self) -> Result<()> {
        let column = |k: usize, name: &String| {
            let texts = self.rows.iter().map(|(_, row)| match &row[k] {
                Field::Text(text) => Some(text.clone()),
                Field::Number(_) => None,
            });
            let numbers = self.rows.iter().map(|(_, row)| match row[k] {
                Field::Number(value) => value.unwrap_or(f64::NAN),
                Field::Text(_) => f64::NAN,
            });
            match self.rows.first().map(|(_, row)| &row[k]) {
                Some(Field::Number(_)) => Column::Numbers(name.clone(), numbers.collect()),
                _ => Column::Text(name.clone(), texts.collect()),
            }
        };
        let columns = self.columns.iter().enumerate().map(|(k, name)| column(k, name)).collect();
        table::write_parquet(&self.path, columns)
    }

    fn put(&mut self, text: &str) -> Result<()> {
        let written = self.file.write_all(text.as_bytes()).and_then(|()| self.file.flush());
        written.map_err(|e| Error::file("write", &self.growing, &e))
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// A field of a CSV file, between quotes where it needs them.
pub fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.into() }
}
