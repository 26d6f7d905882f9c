//! What survives a kill: the notebook's file, replaced at once at every change, and beside it a journal that only grows.
//!
//! Each journal record holds the line, the notebook after it and the hash of the record before, so a record cannot be
//! changed or taken out unseen. The record is flushed to disk before the notebook's file is replaced: after a kill
//! between the two, the journal's last record is the notebook.

use std::collections::HashSet;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::files;

pub(super) struct Journal {
    file: PathBuf,
    log: PathBuf,
    last: String,
    lines: HashSet<String>,
}

#[derive(Serialize, Deserialize)]
struct Record {
    line: String,
    notebook: String,
    /// Hash of the record before; empty for the first.
    before: String,
    /// Hash of line, notebook and `before`.
    hash: String,
}

impl Journal {
    /// The journal of this notebook file, and the notebook's text: the file's, or the journal's where the file was
    /// not replaced any more. A last record cut short by a kill is dropped.
    ///
    /// # Errors
    /// A file that cannot be read, or a journal whose chain of hashes is broken.
    pub(super) fn open(file: &Path) -> Result<(Self, String)> {
        let log = file.with_extension("rad.journal");
        let records = read(&log)?;
        let text = match std::fs::read_to_string(file) {
            Ok(text) => Some(text),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => None,
            Err(e) => return Err(Error::file("read", file, &e)),
        };
        let before = records.iter().rev().nth(1).map(|r| r.notebook.as_str());
        let text = match (text, records.last()) {
            (None, last) => last.map(|r| r.notebook.clone()).unwrap_or_default(),
            (Some(text), Some(last)) if Some(text.as_str()) == before => last.notebook.clone(),
            (Some(text), _) => text,
        };
        let last = records.last().map(|r| r.hash.clone()).unwrap_or_default();
        let lines = records.into_iter().map(|r| r.line).collect();
        Ok((Self { file: file.to_path_buf(), log, last, lines }, text))
    }

    pub(super) fn file(&self) -> &Path {
        &self.file
    }

    /// Different lines that were evaluated.
    pub(super) fn variants(&self) -> usize {
        self.lines.iter().filter(|l| !l.starts_with('#') && *l != "undo").count()
    }

    /// Write a change: the journal first, then the file.
    ///
    /// # Errors
    /// What the file system says.
    pub(super) fn keep(&mut self, line: &str, notebook: &str) -> Result<()> {
        let hash = hash(line, notebook, &self.last);
        let record = Record {
            line: line.to_string(),
            notebook: notebook.to_string(),
            before: std::mem::replace(&mut self.last, hash.clone()),
            hash,
        };
        self.lines.insert(line.to_string());
        let mut text = serde_json::to_string(&record).unwrap_or_default();
        text.push('\n');
        append(&self.log, text.as_bytes()).map_err(|e| Error::file("write", &self.log, &e))?;
        files::write(&self.file, |out| out.write_all(notebook.as_bytes()))
    }
}

fn read(log: &Path) -> Result<Vec<Record>> {
    let bytes = match std::fs::read(log) {
        Ok(bytes) => bytes,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
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
    for (i, line) in text.lines().enumerate() {
        let broken = || Error::Replay {
            path: log.to_path_buf(),
            line: i + 1,
            why: "the journal was changed after it was written; move it away to start a new one".into(),
        };
        let record: Record = serde_json::from_str(line).map_err(|_| broken())?;
        if record.before != before || record.hash != hash(&record.line, &record.notebook, &record.before) {
            return Err(broken());
        }
        before = record.hash.clone();
        records.push(record);
    }
    Ok(records)
}

fn append(log: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut options = File::options();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(log)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn hash(line: &str, notebook: &str, before: &str) -> String {
    let digest = Sha256::digest(format!("{}\n{line}\n{}\n{notebook}\n{before}", line.len(), notebook.len()));
    digest.iter().map(|b| format!("{b:02x}")).collect()
}
