//! The lines tried in all notebooks of this user, in the state folder, so that the same patients count together from whatever
//! folder and notebook they are tried.
//!
//! A cohort stands there as the digests of its patients, a line as its step and a digest: no name, no value, no path. The file
//! only grows; what it cannot take is still counted in the notebook's own journal.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::journal::append;
use super::patients::{Patients, digest};
use crate::files;

/// A cohort: the digest of where its table stands, and its patients, none where they are not known.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Of {
    pub table: String,
    pub patients: Patients,
}

/// Lines that were evaluated, each as its step and its digest.
pub(super) type Lines = BTreeSet<(u8, String)>;

/// The file.
pub(super) struct Counted {
    file: PathBuf,
    /// The cohorts that stand in it, by their digests.
    cohorts: HashSet<String>,
}

/// A line of it.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Written {
    Cohort { cohort: String, table: String, patients: Patients },
    Line { of: String, step: u8, line: String },
}

impl Counted {
    /// The file of this state folder, and what it holds. A line that cannot be read (cut short by a kill) is passed over.
    pub(super) fn open(state: &Path) -> (Self, BTreeMap<Of, Lines>) {
        let file = state.join("tried");
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        let mut cohorts: BTreeMap<String, Of> = BTreeMap::new();
        let mut held: BTreeMap<Of, Lines> = BTreeMap::new();
        for written in text.lines().filter_map(|line| serde_json::from_str(line).ok()) {
            match written {
                Written::Cohort { cohort, table, patients } => _ = cohorts.insert(cohort, Of { table, patients }),
                Written::Line { of, step, line } => {
                    if let Some(of) = cohorts.get(&of) {
                        held.entry(of.clone()).or_default().insert((step, line));
                    }
                }
            }
        }
        (Self { file, cohorts: cohorts.into_keys().collect() }, held)
    }

    /// These lines were evaluated on this cohort. Patients who are not known could not be found again.
    pub(super) fn add<'a>(&mut self, of: &Of, lines: impl IntoIterator<Item = &'a (u8, String)>) {
        let words = [of.table.as_str()].into_iter().chain(of.patients.iter().map(String::as_str));
        let cohort = digest(words);
        let lines = lines.into_iter().map(|(step, line)| (*step, line.clone()));
        let mut written: Vec<Written> =
            lines.map(|(step, line)| Written::Line { of: cohort.clone(), step, line }).collect();
        if written.is_empty() || of.patients.is_empty() {
            return;
        }
        if !self.cohorts.contains(&cohort) {
            let Of { table, patients } = of.clone();
            written.insert(0, Written::Cohort { cohort: cohort.clone(), table, patients });
        }
        let text: String = written.iter().map(|w| serde_json::to_string(w).unwrap_or_default() + "\n").collect();
        let folder = files::folder(self.file.parent().unwrap_or(Path::new("")));
        // The journal counts it all the same; that the folder cannot be written is said of the history, which stands there too.
        if folder.is_ok() && append(&self.file, text.as_bytes()).is_ok() {
            self.cohorts.insert(cohort);
        }
    }
}
