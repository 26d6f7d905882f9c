//! What survives a kill: the notebook's file, replaced at once at every change, and beside it a journal that only grows.
//!
//! Each journal record holds the line, the notebook after it and the hash of the record before, so a record cannot be
//! changed or taken out unseen. The record is flushed to disk before the notebook's file is replaced, and a mark follows
//! it when that is done: a last record without its mark is a change that a kill cut off, and opening finishes it. With
//! its mark, the file is what its owner made of it since, be it an older one put back.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::patients::Patients;
use super::script::Script;
use super::tried::Tried;
use crate::error::{Error, Result};
use crate::files;
use crate::render::words;

pub(super) struct Journal {
    file: PathBuf,
    log: PathBuf,
    last: String,
    /// The patients of the last record.
    patients: Patients,
    tried: Tried,
    /// The notebook as the file had it, where no record holds it: it came from elsewhere, or was edited.
    found: Option<String>,
    /// The file's lines are others than those of the last record.
    edited: bool,
}

/// The line of a record that no line made.
const FOUND: &str = "# as the file had it";

/// A line of the journal.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Written {
    Record(Record),
    /// The notebook's file holds what the record of this hash does.
    Mark {
        in_place: String,
    },
}

#[derive(Serialize, Deserialize)]
struct Record {
    line: String,
    notebook: String,
    /// Who the patients are, where they are not those of the record before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    patients: Option<Patients>,
    /// Hash of the record before; empty for the first.
    before: String,
    /// Hash of all of these.
    hash: String,
}

/// A line, the notebook after it, and its patients where they are others than before.
type Change<'a> = (&'a str, &'a str, Option<Patients>);

impl Journal {
    /// The journal of this notebook file, and the notebook's text: the file's, or the journal's last where the file was
    /// not replaced any more, or is gone; then it is put in place. A last line cut short by a kill is dropped.
    ///
    /// # Errors
    /// A file that cannot be read or put in place, or a journal whose chain of hashes is broken.
    pub(super) fn open(file: &Path) -> Result<(Self, String)> {
        let log = file.with_extension("rad.journal");
        let (records, in_place) = read(&log)?;
        let text = match std::fs::read_to_string(file) {
            Ok(text) => Some(text),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => None,
            Err(e) => return Err(Error::file("read", file, &e)),
        };
        let before = records.iter().rev().nth(1).map(|r| r.notebook.as_str());
        let cut_off = text.is_none() || (!in_place && text.as_deref() == before);
        let unfinished = records.last().filter(|_| cut_off).map(|r| r.notebook.clone());
        let last = records.last().map(|r| r.hash.clone()).unwrap_or_default();
        let held = records.last().map(|r| r.notebook.as_str());
        let found = text.clone().filter(|text| unfinished.is_none() && Some(text.as_str()) != held);
        let lines = |text: &str| Script::parse(text).lines.into_iter().map(|l| l.line).collect::<Vec<_>>();
        let edited = found.as_deref().zip(held).is_some_and(|(found, held)| lines(found) != lines(held));
        let mut tried = Tried::of(file.parent().unwrap_or(Path::new("")));
        let mut patients = Patients::new();
        for record in &records {
            patients = record.patients.clone().unwrap_or(patients);
            tried.note(&record.notebook, &patients);
        }
        found.iter().for_each(|found| tried.note(found, &Patients::new()));
        let journal = Self { file: file.to_path_buf(), log, last, patients, tried, found, edited };
        if let Some(notebook) = &unfinished {
            journal.put_in_place(notebook)?;
        }
        Ok((journal, unfinished.or(text).unwrap_or_default()))
    }

    pub(super) fn file(&self) -> &Path {
        &self.file
    }

    /// As [`super::Session::edited`].
    pub(super) fn edited(&self) -> bool {
        self.edited
    }

    /// As [`Tried::alternatives`].
    pub(super) fn alternatives(&self) -> words::Tried {
        self.tried.alternatives()
    }

    /// As [`Tried::count_in`].
    pub(super) fn count_in(&mut self, state: &Path) {
        self.tried.count_in(state);
    }

    /// The notebook was evaluated as it is, and nothing of it changed.
    pub(super) fn note(&mut self, notebook: &str, patients: &Patients) {
        self.tried.note(notebook, patients);
    }

    /// Write a change: the journal first, then the file.
    ///
    /// # Errors
    /// What the file system says.
    pub(super) fn keep(&mut self, line: &str, notebook: &str, patients: &Patients) -> Result<()> {
        if let Some(found) = self.found.clone() {
            self.record(&[(FOUND, &found, Some(Patients::new()))])?;
            self.append(&[self.mark()])?;
            (self.found, self.edited) = (None, false);
        }
        self.record(&[(line, notebook, Some(patients.clone()))])?;
        self.put_in_place(notebook)
    }

    /// Take over what another journal holds, since the notebook goes on here, and write the notebook as it is now. `moved`
    /// writes a notebook as it reads from here.
    ///
    /// # Errors
    /// What the file system says, or that the other journal was changed.
    pub(super) fn carry(
        &mut self,
        before: &Self,
        notebook: &str,
        patients: &Patients,
        moved: &dyn Fn(&str) -> String,
    ) -> Result<()> {
        let (records, _) = read(&before.log)?;
        let lines = records.iter().map(|r| (r.line.as_str(), moved(&r.notebook), r.patients.clone()));
        let found = before.found.as_deref().map(|found| (FOUND, moved(found), Some(Patients::new())));
        let lines = lines.chain(found).collect::<Vec<_>>();
        self.record(&lines.iter().map(|(line, text, p)| (*line, text.as_str(), p.clone())).collect::<Vec<_>>())?;
        self.found = None;
        self.keep("# saved under this name", notebook, patients)
    }

    /// Add these changes.
    fn record(&mut self, changes: &[Change<'_>]) -> Result<()> {
        let mut last = self.last.clone();
        let mut whose = self.patients.clone();
        let mut written = Vec::with_capacity(changes.len());
        let mut noted = Vec::with_capacity(changes.len());
        for (line, notebook, patients) in changes {
            let (line, notebook) = (line.to_string(), notebook.to_string());
            let patients = patients.clone().filter(|patients| *patients != whose);
            whose = patients.clone().unwrap_or(whose);
            noted.push((notebook.clone(), whose.clone()));
            let mut record = Record { line, notebook, patients, before: last, hash: String::new() };
            record.hash = hash(&record);
            last = record.hash.clone();
            written.push(Written::Record(record));
        }
        self.append(&written)?;
        (self.last, self.patients) = (last, whose);
        noted.iter().for_each(|(notebook, patients)| self.tried.note(notebook, patients));
        Ok(())
    }

    fn mark(&self) -> Written {
        Written::Mark { in_place: self.last.clone() }
    }

    /// Replace the file by what the last record holds, and mark that record.
    fn put_in_place(&self, notebook: &str) -> Result<()> {
        files::write(&self.file, |out| out.write_all(notebook.as_bytes()))?;
        self.append(&[self.mark()])
    }

    fn append(&self, written: &[Written]) -> Result<()> {
        let line = |one| serde_json::to_string(one).unwrap_or_default() + "\n";
        let text: String = written.iter().map(line).collect();
        append(&self.log, text.as_bytes()).map_err(|e| Error::file("write", &self.log, &e))
    }
}

/// The records, and whether the last one has its mark.
fn read(log: &Path) -> Result<(Vec<Record>, bool)> {
    let bytes = match std::fs::read(log) {
        Ok(bytes) => bytes,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Default::default()),
        Err(e) => return Err(Error::file("read", log, &e)),
    };
    let whole = bytes.iter().rposition(|b| *b == b'\n').map_or(0, |i| i + 1);
    if whole < bytes.len() {
        // A kill in the middle of a record: what is whole stays, what is not was never acknowledged.
        let file = File::options().write(true).open(log).map_err(|e| Error::file("write", log, &e))?;
        file.set_len(whole as u64).map_err(|e| Error::file("write", log, &e))?;
    }
    let text = String::from_utf8_lossy(&bytes[..whole]);
    let mut before = String::new();
    let mut records = Vec::new();
    let mut in_place = false;
    for (i, line) in text.lines().enumerate() {
        let broken = || Error::Replay {
            path: log.to_path_buf(),
            line: i + 1,
            why: "the journal was changed after it was written; move it away to start a new one".into(),
        };
        match serde_json::from_str(line).map_err(|_| broken())? {
            Written::Mark { in_place: hash } if hash == before => in_place = true,
            Written::Record(record) if record.before == before && record.hash == hash(&record) => {
                before = record.hash.clone();
                records.push(record);
                in_place = false;
            }
            _ => return Err(broken()),
        }
    }
    Ok((records, in_place))
}

/// Add to a file that only grows, mode 0600, and flush it to the disk: all of these bytes, or none of them.
pub(super) fn append(log: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut options = File::options();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(log)?;
    let whole = file.metadata()?.len();
    file.write_all(bytes).and_then(|()| file.sync_all()).inspect_err(|_| {
        // Half a line (a full disk) must not stand before the next one; the first cause is what the user must hear of.
        let _ = file.set_len(whole);
    })
}

fn hash(record: &Record) -> String {
    let Record { line, notebook, patients, before, .. } = record;
    let whose = patients
        .iter()
        .map(|all| all.iter().fold("\n".into(), |all: String, one| all + one + "\n"))
        .collect::<String>();
    let digest = Sha256::digest(format!("{}\n{line}\n{}\n{notebook}\n{before}{whose}", line.len(), notebook.len()));
    digest.iter().map(|b| format!("{b:02x}")).collect()
}
