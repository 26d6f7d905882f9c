//! What stands beside the features: failures, reasons of undefined values, diagnostics.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::Done;
use super::input::{Input, Row};
use super::output::quoted;
use crate::error::{Error, Result};
use crate::features::{self, DEFINITION, Settings};
use crate::files;
use crate::image::nifti;

/// `NAME.WHAT.csv` beside the features.
pub fn beside(out: &Path, what: &str) -> PathBuf {
    let stem = out.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    out.with_file_name(format!("{stem}.{what}.csv"))
}

/// Writes the tables of failures, of reasons and of notes on scans and masks, and takes away those of an earlier run that have nothing to say
/// any more. Returns how many rows failed.
///
/// # Errors
/// What the file system says.
pub fn write(out: &Path, input: &Input, names: &[String], done: &[Done]) -> Result<usize> {
    let mut failures = String::new();
    let mut reasons = String::new();
    let mut notes = String::new();
    let mut failed = 0;
    for one in done {
        let row = &input.rows[one.row];
        let line = |fields: &[&str]| fields.iter().map(|f| quoted(f)).collect::<Vec<_>>().join(",") + "\n";
        let number = (one.row + 1).to_string();
        match &one.computed {
            Err(error) => {
                failed += 1;
                let (cause, remedy) = (nameless(error, row), error.remedy());
                failures.push_str(&line(&[&number, &row.name, error.kind(), &cause, &remedy]));
            }
            Ok(computed) => {
                for note in &computed.odd {
                    notes.push_str(&line(&[&number, &row.name, note]));
                }
                for (feature, reason) in &computed.undefined {
                    let fields = [&number, &row.name, names[*feature].as_str(), reason.code(), &reason.to_string()];
                    reasons.push_str(&line(&fields));
                }
            }
        }
    }
    table(&beside(out, "failures"), "row,name,kind,cause,remedy\n", &failures)?;
    table(&beside(out, "reasons"), "row,name,feature,reason,meaning\n", &reasons)?;
    table(&beside(out, "notes"), "row,name,note\n", &notes)?;
    Ok(failed)
}

fn table(path: &Path, head: &str, lines: &str) -> Result<()> {
    if !lines.is_empty() {
        return files::write(path, |out| write!(out, "{head}{lines}"));
    }
    match std::fs::remove_file(path) {
        Err(why) if why.kind() != std::io::ErrorKind::NotFound => Err(Error::file("remove", path, &why)),
        _ => Ok(()),
    }
}

/// The sentence without the folders of this machine.
fn nameless(error: &Error, row: &Row) -> String {
    [&row.image, &row.mask].into_iter().fold(error.to_string(), |text, path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        text.replace(&path.display().to_string(), &name)
    })
}

const OURS: [&str; 3] = ["Versions_radnote", "Versions_Features", "Configuration_Settings"];

/// Names of the diagnostic columns.
pub fn diagnostic_columns(settings: &Settings) -> Vec<String> {
    let ours = OURS.map(str::to_string).into_iter();
    ours.chain(features::diagnostic_names(settings)).map(|name| format!("diagnostics_{name}")).collect()
}

/// The diagnostics of a row; empty where its scan or mask cannot be read, which the table of failures tells.
pub fn diagnostics(row: &Row, label: i64, settings: &Settings) -> Vec<String> {
    let read = || -> Result<Vec<(String, String)>> {
        let image = nifti::read(&row.image)?.volume;
        let roi = nifti::read_mask(&row.mask, label, settings.label_channel)?.mask;
        features::diagnostics(&image, &roi, settings)
    };
    let ours = [env!("CARGO_PKG_VERSION").to_string(), DEFINITION.to_string(), settings.canonical()];
    let names = features::diagnostic_names(settings);
    let found = read().unwrap_or_default();
    let of = |name: &String| found.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone()).unwrap_or_default();
    ours.into_iter().chain(names.iter().map(of)).collect()
}
