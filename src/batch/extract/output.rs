//! The table of features: row by row while they are finished, in the order of the input at the end.

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

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

/// A table on its way to the disk. What is there is whole after every row, but for a Parquet file, which is written anew
/// now and then.
pub struct Output {
    path: PathBuf,
    format: Format,
    columns: Vec<String>,
    rows: Vec<(usize, Vec<Field>)>,
    file: Option<File>,
    /// When the Parquet file was last written, and how long that took.
    written: (Instant, Duration),
}

impl Output {
    /// # Errors
    /// What the file system says.
    pub fn begin(path: &Path, format: Format, columns: Vec<String>) -> Result<Self> {
        let mut output = Self {
            path: path.to_path_buf(),
            format,
            columns,
            rows: Vec::new(),
            file: None,
            written: (Instant::now(), Duration::ZERO),
        };
        if format != Format::Parquet {
            let mut file = files::create(path)?;
            output.put(&mut file, output.head().as_bytes())?;
            output.file = Some(file);
        }
        Ok(output)
    }

    /// Takes a finished row, and has it on the disk.
    ///
    /// # Errors
    /// What the file system says.
    pub fn append(&mut self, number: usize, row: Vec<Field>) -> Result<()> {
        let first = self.rows.is_empty();
        let text = self.text(&row, first);
        self.rows.push((number, row));
        if let Some(mut file) = self.file.take() {
            let tail = self.tail().len() as i64;
            file.seek(SeekFrom::End(-tail)).map_err(|e| Error::file("write", &self.path, &e))?;
            self.put(&mut file, format!("{text}{}", self.tail()).as_bytes())?;
            self.file = Some(file);
        } else if self.written.0.elapsed() > (self.written.1 * 10).max(Duration::from_secs(2)) {
            let began = Instant::now();
            self.parquet_aside()?;
            self.written = (Instant::now(), began.elapsed());
        }
        Ok(())
    }

    /// Writes the whole table anew, in the order of the input.
    ///
    /// # Errors
    /// What the file system says.
    pub fn finish(mut self) -> Result<()> {
        self.rows.sort_by_key(|(number, _)| *number);
        if self.format == Format::Parquet {
            return self.parquet();
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
            Format::Csv => self.columns.iter().map(|c| quoted(c)).collect::<Vec<_>>().join(",") + "\n",
            _ => "[\n]\n".into(),
        }
    }

    fn tail(&self) -> &'static str {
        if self.format == Format::Json { "\n]\n" } else { "" }
    }

    fn text(&self, row: &[Field], first: bool) -> String {
        if self.format == Format::Csv {
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

    /// On a thread of its own: the writer waits for threads of its library, and a thread of the pool of scans that waits there
    /// would take up the next scan meanwhile, and then wait for this table, which it holds itself.
    fn parquet_aside(&self) -> Result<()> {
        std::thread::scope(|scope| scope.spawn(|| self.parquet()).join()).unwrap_or_else(|_| {
            let why = std::io::Error::other("the writer stopped");
            Err(Error::file("write", &self.path, &why))
        })
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

    fn put(&self, file: &mut File, bytes: &[u8]) -> Result<()> {
        file.write_all(bytes).and_then(|()| file.flush()).map_err(|e| Error::file("write", &self.path, &e))
    }
}

/// A field of a CSV file, between quotes where it needs them.
pub fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.into() }
}
