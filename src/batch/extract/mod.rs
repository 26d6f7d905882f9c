//! `radnote extract --batch`: PyRadiomics' batch tool, row for row and column for column.
//!
//! A CSV file with the columns Image and Mask, and where wanted Label and Label_channel, in; the same rows with their other
//! columns and the features out. Each row is written as it is finished, and the whole file anew in the order of the input
//! at the end. What failed stands in `NAME.failures.csv`, and every feature without a value in `NAME.reasons.csv`, each
//! with its reason; `NAME.notes.csv` has what is odd about a scan or mask, and what the settings repaired.

mod input;
mod output;
mod side;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Instant;

use super::Exit;
use crate::caution::{Caution, counted};
use crate::error::{Error, Result};
use crate::features::{self, DEFINITION, Profile, Settings};
use crate::study::{Computed, Run, Source, keeps, largest_first, single_bins, size};
use crate::task::Task;
use input::{Input, Row};
use output::{Field, Output};

pub use output::Format;

/// What the tool is asked to do.
#[derive(Clone, Debug)]
pub struct Batch {
    /// The table of scans and masks; relative paths in it are relative to its folder.
    pub table: PathBuf,
    /// A preset, or a parameter file.
    pub params: String,
    pub profile: Profile,
    /// Resampling to cubes of this side, mm.
    pub spacing: Option<f64>,
    pub out: PathBuf,
    /// By the name's ending when none.
    pub format: Option<Format>,
    /// Threads; one a core when 0.
    pub jobs: usize,
    /// Whether `diagnostics_*` columns stand before the features; they also do when the parameter file asks for
    /// `additionalInfo`.
    pub diagnostics: bool,
    pub cache: PathBuf,
}

/// A finished row.
struct Done {
    row: usize,
    diagnostics: Vec<String>,
    computed: Result<Computed>,
}

/// Extracts every row of the table; one line a row goes to `log` when `lines` asks for it, and a summary to `out`.
///
/// # Errors
/// A table or parameter file that cannot be used, or an output that cannot be written. A row's own failure is none: it is
/// listed, and the exit code tells.
pub fn extract(
    batch: &Batch,
    task: &Task,
    lines: bool,
    out: &mut dyn Write,
    log: &mut (dyn Write + Send),
) -> Result<Exit> {
    let settings = Settings::load(&batch.params, Path::new(&batch.params))?.with_profile(batch.profile);
    let settings = batch.spacing.into_iter().fold(settings, Settings::with_spacing);
    let input = Input::read(&batch.table)?;
    let format = batch.format.unwrap_or_else(|| Format::of(&batch.out));
    refuse_overwriting(batch)?;
    let names = features::names(&settings);
    for remark in &settings.remarks {
        say(log, &format!("note: {remark}"))?;
    }
    let diagnostics = batch.diagnostics || settings.additional_info;
    let extra = if diagnostics { side::diagnostic_columns(&settings) } else { Vec::new() };
    let columns: Vec<String> = input.columns.iter().cloned().chain(extra).chain(names.iter().cloned()).collect();
    refuse_twice(batch, &columns)?;
    keeps(&batch.cache)?;
    let started = Instant::now();
    task.begin("extracting", "scans", input.rows.len(), names.len() as f64);
    let output = Output::begin(&batch.out, format, columns)?;
    let shared = Mutex::new((output, log));
    let one = |row: &Row| {
        let began = Instant::now();
        let (done, known) = compute(batch, &settings, row, task)?;
        if let Ok((output, log)) = shared.lock().as_deref_mut() {
            output.append(row.number, fields(&input, row, &done, names.len()))?;
            if lines {
                say(*log, &line(row, &done, names.len(), began.elapsed().as_secs_f64(), input.rows.len()))?;
            }
        }
        task.passed(known)?;
        Ok(done)
    };
    let sizes: Vec<u64> = input.rows.iter().map(|row| size(&row.image)).collect();
    let all = largest_first(&sizes, batch.jobs, |i| one(&input.rows[i]))?;
    let (output, log) = shared.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    output.finish()?;
    let mut done = Vec::new();
    let mut stopped = None;
    for result in all {
        match result {
            Ok(one) => done.push(one),
            Err(error) => stopped = stopped.or(Some(error)),
        }
    }
    let failed = side::write(&batch.out, &input, &names, &done)?;
    for (image, flat, regions) in single_bins(&settings, done.iter().filter_map(|d| d.computed.as_ref().ok())) {
        let caution = Caution::SingleBin { image, flat, regions };
        say(log, &format!("caution: {caution}; {}", caution.advice()))?;
    }
    summary(batch, &done, failed, names.len(), started.elapsed().as_secs_f64(), out)?;
    match stopped {
        Some(Error::Cancelled) => {
            say(log, "cancelled; run the same line again to go on from here")?;
            Ok(Exit::Cancelled)
        }
        Some(error) => Err(error),
        None if failed > 0 => Ok(Exit::SomeScansFailed),
        None => Ok(Exit::Fine),
    }
}

fn compute(batch: &Batch, settings: &Settings, row: &Row, task: &Task) -> Result<(Done, bool)> {
    let settings = &Settings { label_channel: row.channel.unwrap_or(settings.label_channel), ..settings.clone() };
    let label = row.label.unwrap_or(settings.label);
    let run = Run { settings, canonical: &settings.canonical(), cache: &batch.cache };
    let mut source = Source::new(&row.image);
    let computed = run.region(&mut source, &row.mask, label, task)?;
    let diagnostics = if batch.diagnostics || settings.additional_info {
        side::diagnostics(row, label, settings)
    } else {
        Vec::new()
    };
    Ok((Done { row: row.number, diagnostics, computed }, source.was_known()))
}

/// The row as it is written: its own columns, the diagnostics, the features.
fn fields(input: &Input, row: &Row, done: &Done, features: usize) -> Vec<Field> {
    let own = input.written[row.number].iter().cloned().map(Field::Text);
    let own = own.chain(done.diagnostics.iter().cloned().map(Field::Text));
    match &done.computed {
        Ok(computed) => own.chain(computed.values.iter().map(|v| Field::Number(*v))).collect(),
        Err(_) => own.chain(std::iter::repeat_n(Field::Number(None), features)).collect(),
    }
}

fn line(row: &Row, done: &Done, features: usize, seconds: f64, rows: usize) -> String {
    let head = format!("row {} of {rows}, {}", row.number + 1, row.name);
    match &done.computed {
        Ok(computed) if computed.undefined.is_empty() => {
            format!("{head}: {}, {seconds:.2} s", counted(features, "features"))
        }
        Ok(computed) => {
            let without = computed.undefined.len();
            format!("{head}: {}, {without} of them without a value, {seconds:.2} s", counted(features, "features"))
        }
        Err(error) => format!("{head}: failed: {}", error.advised()),
    }
}

fn summary(
    batch: &Batch,
    done: &[Done],
    failed: usize,
    features: usize,
    seconds: f64,
    out: &mut dyn Write,
) -> Result<()> {
    let undefined: usize = done.iter().filter_map(|d| d.computed.as_ref().ok()).map(|c| c.undefined.len()).sum();
    let mut text = format!(
        "{}: {} ({DEFINITION}) of {} of {}, {failed} failed, {seconds:.1} s",
        batch.out.display(),
        counted(features, "features"),
        done.len() - failed,
        counted(done.len(), "regions")
    );
    if failed > 0 {
        text.push_str(&format!("\nfailures: {}", side::beside(&batch.out, "failures").display()));
    }
    if undefined > 0 {
        text.push_str(&format!(
            "\n{}: {}",
            counted(undefined, "values undefined"),
            side::beside(&batch.out, "reasons").display()
        ));
    }
    let noted = done.iter().filter(|d| d.computed.as_ref().is_ok_and(|c| !c.odd.is_empty())).count();
    if noted > 0 {
        text.push_str(&format!("\nnotes on {noted} scans or masks: {}", side::beside(&batch.out, "notes").display()));
    }
    say(out, &text)
}

/// No column of the input may bear the name of one that is computed: one of the two would be lost.
fn refuse_twice(batch: &Batch, columns: &[String]) -> Result<()> {
    let mut seen = std::collections::HashSet::new();
    match columns.iter().find(|column| !seen.insert(column.as_str())) {
        None => Ok(()),
        Some(twice) => Err(Error::Table {
            path: batch.table.clone(),
            line: Some(1),
            why: format!("column `{twice}` is one that is computed"),
            remedy: "rename it, or take it out of the table".into(),
        }),
    }
}

/// The output must be none of the files that are read.
fn refuse_overwriting(batch: &Batch) -> Result<()> {
    let same = |a: &Path, b: &Path| match (a.canonicalize(), b.canonicalize()) {
        (Ok(a), Ok(b)) => a == b,
        _ => a == b,
    };
    if same(&batch.out, &batch.table) || same(&batch.out, Path::new(&batch.params)) {
        return Err(Error::BadValue {
            what: "`--out`".into(),
            given: batch.out.display().to_string(),
            expected: "this file is read; choose another name".into(),
        });
    }
    Ok(())
}

/// A line; a stream that is gone is an error of its own.
fn say(to: &mut dyn Write, text: &str) -> Result<()> {
    writeln!(to, "{text}").and_then(|()| to.flush()).map_err(|e| Error::file("write", Path::new("the terminal"), &e))
}
