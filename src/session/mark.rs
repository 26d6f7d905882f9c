//! A notebook that is open: no second radnote writes it, and after a kill, a lost line or a closed laptop it is known which
//! notebooks were not left in order.
//!
//! Beside the notebook stands `FILE.rad.lock`, which the system holds locked as long as this process lives, on every machine
//! that shares the folder and knows locks; it names the line that runs and, below it, the typed lines that are not done. In the user's state folder `radnote/open` holds a file with the notebook's path.
//! Both are taken away when the notebook is left in order, and stay where it is not.

use std::fs::{self, File, TryLockError};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, Weak};
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
    /// The lines that ran and waited when it was.
    interrupted: Vec<String>,
    held: Arc<Held>,
}

/// The lock and what stands in it.
struct Held {
    /// Locked until it is closed.
    file: File,
    said: Mutex<Said>,
}

#[derive(Default)]
struct Said {
    runs: String,
    typed: Vec<String>,
}

/// Where a front end says which typed lines are not done, as long as the notebook is open.
#[derive(Clone, Default, Debug)]
pub struct Typed(Weak<Held>);

impl Typed {
    /// These lines were typed and are not done, in this order.
    pub fn are(&self, lines: &[&str]) {
        if let Some(held) = self.0.upgrade() {
            held.say(|said| said.typed = lines.iter().map(|line| one(line)).collect());
        }
    }
}

impl Held {
    /// It is read after a cut only, so what cannot be written is not.
    fn say(&self, change: impl FnOnce(&mut Said)) {
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        let before = said.text();
        change(&mut said);
        let text = said.text();
        if text != before {
            let _ = self.file.set_len(0).and_then(|()| self.file.write_all_at(text.as_bytes(), 0));
        }
    }
}

impl std::fmt::Debug for Held {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Held").finish_non_exhaustive()
    }
}

impl Said {
    fn text(&self) -> String {
        let lines: String = [&self.runs].into_iter().chain(&self.typed).map(|line| format!("{line}\n")).collect();
        format!("process {}\n{lines}", std::process::id())
    }

    /// The lines that were cut off, as [`Said::text`] has them, in their order: the one that ran is one of those typed, or one
    /// that a key stood for.
    fn cut_off(text: &str) -> Vec<String> {
        let mut lines = text.lines().skip(1).map(str::to_string);
        let runs = lines.next().unwrap_or_default();
        let typed: Vec<String> = lines.collect();
        match typed.iter().position(|line| *line == runs) {
            Some(at) => typed[at..].to_vec(),
            None => std::iter::once(runs).filter(|line| !line.is_empty()).chain(typed).collect(),
        }
    }
}

fn one(line: &str) -> String {
    line.replace('\n', " ")
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
        let interrupted = Said::cut_off(&left);
        // Lines that were cut off stay where they are until a front end says what became of them: a second cut loses none.
        let said = Said { runs: String::new(), typed: interrupted.clone() };
        let held = Held { file: held, said: Mutex::default() };
        held.say(|before| *before = said);
        Ok(Some(Self {
            lock,
            notebook: notebook.to_path_buf(),
            pointer: None,
            cut_off,
            interrupted,
            held: held.into(),
        }))
    }

    /// This line runs; an empty one: none does. Where it waited, it does so no longer.
    pub(super) fn runs(&self, line: &str) {
        self.held.say(|said| {
            said.runs = one(line);
            if let Some(at) = said.typed.iter().position(|typed| *typed == said.runs) {
                said.typed.remove(at);
            }
        });
    }

    /// Where a front end says which typed lines are not done.
    pub(super) fn typed(&self) -> Typed {
        Typed(Arc::downgrade(&self.held))
    }

    /// The lines that ran and waited when the last one who had it open was cut off.
    pub(super) fn interrupted(&self) -> &[String] {
        &self.interrupted
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_ran_and_what_waited_come_back_in_their_order_and_once() {
        let said = |runs: &str, typed: &[&str]| {
            let typed = typed.iter().map(ToString::to_string).collect();
            Said::cut_off(&Said { runs: runs.into(), typed }.text())
        };
        assert_eq!(said("icc", &["icc", "lasso", "roc"]), ["icc", "lasso", "roc"]);
        assert_eq!(said("lasso", &["icc", "lasso", "roc"]), ["lasso", "roc"], "the first was done already");
        assert_eq!(said("icc --above 0.9", &["roc"]), ["icc --above 0.9", "roc"], "a key stood for the first");
        assert_eq!(said("", &["export a.json", "roc"]), ["export a.json", "roc"]);
        assert!(said("", &[]).is_empty() && Said::cut_off("").is_empty());
    }

    #[test]
    fn what_was_cut_off_comes_back_after_a_second_cut_until_it_ran() {
        let folder = std::env::temp_dir().join(format!("radnote-mark-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let notebook = folder.join("book.rad");
        let open = || Mark::take(&notebook).unwrap().unwrap();
        let first = open();
        first.typed().are(&["icc", "lasso"]);
        first.runs("icc");
        // Dropped and not cleared, as where the process is killed.
        drop(first);
        drop(open());
        let third = open();
        assert_eq!(third.interrupted(), ["icc", "lasso"], "nobody ran or cleared them");
        third.runs("icc");
        third.runs("");
        drop(third);
        let fourth = open();
        assert_eq!(fourth.interrupted(), ["lasso"]);
        fourth.typed().are(&[]);
        drop(fourth);
        let fifth = open();
        assert!(fifth.interrupted().is_empty() && fifth.cut_off());
        fifth.clear();
        fs::remove_dir_all(folder).unwrap();
    }
}
