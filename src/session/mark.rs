//! A notebook that is open: no second radnote writes it, and after a kill, a lost line or a closed laptop it is known which
//! notebooks were not left in order.
//!
//! Beside the notebook stands `FILE.rad.lock`, which the system holds locked as long as this process lives, on every machine
//! that shares the folder and knows locks; it names the line that runs. In the user's state folder `radnote/open` holds a file with the notebook's path.
//! Both are taken away when the notebook is left in order, and stay where it is not.

use std::fs::{self, File, TryLockError};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use sha2::{Digest, Sha256};

use super::history;
use crate::error::{Error, Result};
use crate::files;

/// The mark of an open notebook.
pub(super) struct Mark {
    lock: PathBuf,
    notebook: PathBuf,
    /// Without it the notebook is only not offered again.
    pointer: Option<PathBuf>,
    cut_off: bool,
    /// The line that ran when it was.
    interrupted: Option<String>,
    /// Locked until it is closed.
    held: File,
}

impl Mark {
    /// Mark this notebook as open. None where its folder cannot be written: then it is only looked at.
    ///
    /// # Errors
    /// Another radnote has it open.
    pub(super) fn take(notebook: &Path) -> Result<Option<Self>> {
        let lock = lock_of(notebook);
        let cut_off = lock.exists();
        let held = loop {
            let open = File::options().read(true).write(true).create(true).truncate(false).mode(0o600).open(&lock);
            let Ok(held) = open else { return Ok(None) };
            if matches!(held.try_lock(), Err(TryLockError::WouldBlock)) {
                let by = fs::read_to_string(&lock).unwrap_or_default();
                let by = by.lines().next().unwrap_or_default().trim().to_string();
                return Err(Error::InUse { notebook: notebook.to_path_buf(), by });
            }
            // Where the file system knows no locks, none is held. One that was taken away since it was opened holds nothing.
            if same(&held, &lock) {
                break held;
            }
        };
        let left = fs::read_to_string(&lock).unwrap_or_default();
        let interrupted = left.lines().nth(1).filter(|line| !line.is_empty()).map(str::to_string);
        let mark = Self { lock, notebook: notebook.to_path_buf(), pointer: None, cut_off, interrupted, held };
        mark.runs("");
        Ok(Some(mark))
    }

    /// This line runs; an empty one: none does. It is said after a cut only, so what cannot be written is not.
    pub(super) fn runs(&self, line: &str) {
        let who = format!("process {}\n{}\n", std::process::id(), line.replace('\n', " "));
        let _ = self.held.set_len(0).and_then(|()| self.held.write_all_at(who.as_bytes(), 0));
    }

    /// The line that ran when the last one who had it open was cut off.
    pub(super) fn interrupted(&self) -> Option<&str> {
        self.interrupted.as_deref()
    }

    /// From now on the notebook is offered again where it is not left in order.
    pub(super) fn announce(&mut self) {
        self.pointer = pointer(&self.notebook);
    }

    /// The last one who had it open did not leave it in order.
    pub(super) fn cut_off(&self) -> bool {
        self.cut_off
    }

    /// The notebook was left in order.
    pub(super) fn clear(self) {
        // What cannot be taken away is offered once more and locks nothing.
        let _ = fs::remove_file(&self.lock);
        if let Some(pointer) = &self.pointer {
            let _ = fs::remove_file(pointer);
        }
    }
}

/// The notebooks that were not left in order, the newest first: those that are there, and that nobody has open.
pub fn unfinished() -> Vec<PathBuf> {
    let Some(folder) = folder() else { return Vec::new() };
    let mut found: Vec<(SystemTime, PathBuf)> = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let Ok(notebook) = fs::read_to_string(entry.path()).map(PathBuf::from) else { continue };
        let lock = File::open(lock_of(&notebook));
        let free = lock.is_ok_and(|lock| !matches!(lock.try_lock(), Err(TryLockError::WouldBlock)));
        let changed = fs::metadata(&notebook).and_then(|m| m.modified());
        match changed {
            Ok(changed) if free => found.push((changed, notebook)),
            // A notebook that is gone is not asked for again.
            Err(why) if why.kind() == ErrorKind::NotFound => _ = fs::remove_file(entry.path()),
            _ => {}
        }
    }
    found.sort();
    found.into_iter().rev().map(|(_, notebook)| notebook).collect()
}

/// Do not offer this notebook any more.
pub fn forget(notebook: &Path) {
    if let (Some(folder), Ok(whole)) = (folder(), notebook.canonicalize()) {
        // One that cannot be taken away is offered once more.
        let _ = fs::remove_file(folder.join(name(&whole)));
    }
}

fn lock_of(notebook: &Path) -> PathBuf {
    notebook.with_extension("rad.lock")
}

fn folder() -> Option<PathBuf> {
    history::state().map(|state| state.join("open"))
}

fn same(held: &File, path: &Path) -> bool {
    let id = |m: fs::Metadata| (m.dev(), m.ino());
    held.metadata().map(id).ok() == fs::metadata(path).map(id).ok()
}

fn pointer(notebook: &Path) -> Option<PathBuf> {
    let whole = std::path::absolute(notebook).ok()?;
    // The folder's links are followed, so that one notebook has one name; the notebook itself may not be there yet.
    let whole = whole.parent()?.canonicalize().ok()?.join(whole.file_name()?);
    let folder = folder()?;
    files::folder(&folder).ok()?;
    let pointer = folder.join(name(&whole));
    files::write(&pointer, |out| out.write_all(whole.as_os_str().as_encoded_bytes())).ok()?;
    Some(pointer)
}

fn name(notebook: &Path) -> String {
    let digest = Sha256::digest(notebook.as_os_str().as_encoded_bytes());
    digest.iter().take(8).map(|b| format!("{b:02x}")).collect()
}
