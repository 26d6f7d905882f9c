//! Remedies that can run at once: with the files that are there, and without placeholders.

use std::path::Path;

use super::spec::{Spec, World};
use super::threshold;
use super::words::quote;
use crate::cohort::table::{self, Table};
use crate::error::Error;
use crate::files;
use crate::study::{COHORT, Study};

/// The error, with a remedy that fits the command, the notebook's folder and what the study holds.
pub(super) fn at_hand(error: Error, spec: &Spec, world: &World<'_>) -> Error {
    match error {
        Error::TooFew { ref what, needed, got } if what.ends_with("features,") => {
            short_of(world.study, spec, needed, got).unwrap_or(error)
        }
        // A number where a variable is named: a threshold without its flag.
        Error::NoSuch { ref given, .. } => threshold::unnamed(spec, given).unwrap_or(error),
        Error::NotYet { command, missing, .. } if missing == COHORT => {
            let remedy = opening(world.folder);
            Error::NotYet { command, missing, remedy }
        }
        other => other,
    }
}

/// That a step finds too few features, and the step above it that let too few through, where one did.
fn short_of(study: &Study, spec: &Spec, needed: usize, got: usize) -> Option<Error> {
    let tight = study.stages().find(|stage| stage.kept.len() < needed)?;
    let (step, of) = (tight.step, tight.tested.len());
    let many = if needed == 1 { "a feature".into() } else { format!("at least {needed} features") };
    Some(Error::NotYet {
        command: spec.name.into(),
        missing: format!("{many}, and `{step}` kept {got} of {of}: loosen it"),
        remedy: format!("`tune {step}` moves its threshold and says what each would keep"),
    })
}

/// The command that other programs call by this name.
pub(super) fn habit(name: &str) -> Option<String> {
    let quit = ["q", ":q", ":q!", ":wq", ":x", "exit", "bye", "logout"].contains(&name);
    quit.then(|| "quit".to_string())
}

/// The line that fits a model of this name by Firth's penalised likelihood.
pub(super) fn firth(model: &str) -> &'static str {
    match model {
        "signature" => "stepwise --fit firth",
        "clinical" => "clinical --fit firth",
        _ => "nomogram --fit firth",
    }
}

/// How a cohort is opened: the folder's only table by its name, else the built-in one.
pub(super) fn opening(folder: &Path) -> String {
    const DEMO: &str = "run `demo`, which writes made-up patients";
    match tables(folder).as_slice() {
        [table] => match opened(folder, table) {
            Some(line) => {
                format!("run `{line}`, with `--outcome` and the outcome's column behind it for all but features")
            }
            None => DEMO.into(),
        },
        [] => format!("{DEMO}; your own begin with their table, as a CSV file in this folder"),
        _ => format!("{DEMO}; type open, a blank and Tab for your own tables"),
    }
}

/// The line that opens this table by its first column, unless that is named `ID`; none for one that cannot be read.
fn opened(folder: &Path, table: &str) -> Option<String> {
    let names = Table::read(&folder.join(table)).ok()?.names();
    let id = if names.iter().any(|n| n == "ID") { String::new() } else { format!(" --id {}", quote(names.first()?)) };
    Some(format!("open {}{id}", quote(table)))
}

/// The tables of a folder, by name.
fn tables(folder: &Path) -> Vec<String> {
    let table = |name: &String| !name.starts_with('.') && table::is_named(name);
    files::names(folder).into_iter().filter(table).collect()
}

/// The line that fits a nomogram of what the study holds: the signature with the factors that `clinical` found, else with no
/// other; without a signature the step that makes it.
pub(super) fn nomogram(study: &Study) -> &'static str {
    match study.models().any(|m| m.name == "signature") {
        true => "run `nomogram`",
        false => "run `signature`, then `nomogram`",
    }
}
