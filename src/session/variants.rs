//! Variants of the notebook: kept by `fork`, set side by side by `compare`, taken up by `switch`.
//!
//! A variant is a list of lines. Where the notebook has a file, `notebook.rad`, each is a notebook of its own beside it,
//! `notebook.NAME.rad`, and is there again when the notebook is opened.

use std::collections::BTreeMap;
use std::fmt;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::reader::{Reader, shown};
use super::script::{self, Script};
use super::{Reply, Session};
use crate::commands::{Screen, Variant, comparison};
use crate::error::{Error, Result, nearest};
use crate::files;
use crate::page::Page;
use crate::task::Task;

/// Lines by the variant's name.
pub(super) type Variants = BTreeMap<String, Vec<String>>;

/// A variant that was taken up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Switched {
    pub to: String,
    /// What the notebook was before is a variant too.
    pub kept: bool,
}

impl fmt::Display for Switched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the notebook is now as in `{}`", self.to)?;
        if self.kept { Ok(()) } else { f.write_str("; what it was is in no variant, `undo` brings it back") }
    }
}

/// The name of the notebook as it stands among its variants.
const NOW: &str = "now";

/// The variants beside a notebook's file.
///
/// # Errors
/// A folder or a file that cannot be read.
pub(super) fn read(file: &Path) -> Result<Variants> {
    let folder = file.parent().filter(|f| !f.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Variants::new()),
        Err(e) => return Err(Error::file("read", folder, &e)),
    };
    let mut variants = Variants::new();
    for entry in entries {
        let path = entry.map_err(|e| Error::file("read", folder, &e))?.path();
        if let Some(name) = name(file, &path) {
            let text = std::fs::read_to_string(&path).map_err(|e| Error::file("read", &path, &e))?;
            variants.insert(name, Script::parse(&text).lines.into_iter().map(|l| l.line).collect());
        }
    }
    Ok(variants)
}

impl Session {
    /// The names of the variants kept so far, in alphabetical order.
    pub fn forks(&self) -> Vec<String> {
        self.forks.keys().cloned().collect()
    }

    pub(super) fn fork(&mut self, name: &str) -> Result<Reply> {
        let taken = name == NOW || self.forks.contains_key(name);
        if taken || self.entries.is_empty() {
            let expected =
                if taken { "there is a variant of that name; choose another" } else { "the notebook is empty" };
            return Err(Error::BadValue {
                what: "the variant's name".into(),
                given: name.into(),
                expected: expected.into(),
            });
        }
        let mut page = Page::new("Variant", format!("kept as `{name}`; `compare` sets it beside what you change now"));
        if let Some(file) = self.file() {
            let path = beside(file, name);
            let text = script::write(&self.entries);
            files::write(&path, |out| out.write_all(text.as_bytes()))?;
            page = page.facts([("file", path.file_name().unwrap_or_default().to_string_lossy())]);
        }
        self.forks.insert(name.to_string(), self.lines());
        Ok(Reply::Page(Arc::new(page)))
    }

    pub(super) fn switch(&mut self, name: &str, task: &Task) -> Result<Reply> {
        if name.is_empty() {
            return Err(Error::NotYet {
                command: "switch".into(),
                missing: "the name of a variant".into(),
                remedy: match self.forks().as_slice() {
                    [] => "`fork NAME` keeps the notebook as one".into(),
                    names => format!("type `switch NAME`; there are: {}", names.join(", ")),
                },
            });
        }
        let lines = variant(&self.forks, name)?.clone();
        let (entries, study) = self.chain(task).fold(&lines)?;
        let before = self.lines();
        let kept = self.forks.values().any(|lines| *lines == before);
        self.adopt(entries, study, &format!("# switched to {name}"));
        Ok(Reply::Switched(Switched { to: name.into(), kept }))
    }
}

impl Reader {
    pub(super) fn compare(&self, names: &[String], task: &Task) -> Result<Reply> {
        let chosen = if names.is_empty() { self.forks.keys().cloned().collect() } else { names.to_vec() };
        let mut variants = vec![Variant { name: NOW.into(), cells: self.cells.clone() }];
        for name in chosen {
            let (entries, _) = self.chain(task).fold(variant(&self.forks, &name)?)?;
            task.check()?;
            variants.push(Variant { name, cells: shown(&entries) });
        }
        Ok(Reply::Open(Screen::Compare, Arc::new(comparison(&variants))))
    }
}

fn variant<'a>(forks: &'a Variants, name: &str) -> Result<&'a Vec<String>> {
    forks.get(name).ok_or_else(|| Error::NoSuch {
        what: "variant".into(),
        given: name.into(),
        nearest: nearest(name, forks.keys().map(String::as_str)),
        known: forks.keys().cloned().collect(),
    })
}

/// `notebook.strict.rad` beside `notebook.rad`.
pub(super) fn beside(file: &Path, name: &str) -> PathBuf {
    file.with_extension(format!("{name}.rad"))
}

/// The variant's name, where `path` is one of `file`'s.
fn name(file: &Path, path: &Path) -> Option<String> {
    let stem = file.file_stem()?.to_str()?;
    let name = path.file_name()?.to_str()?.strip_prefix(stem)?.strip_prefix('.')?.strip_suffix(".rad")?;
    (!name.is_empty() && !name.contains('.')).then(|| name.to_string())
}
