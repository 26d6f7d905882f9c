//! The files a line writes: none that the notebook reads or is kept in, and what is replaced is said.

use std::path::Path;

use serde_json::Value;

use super::spec::World;
use crate::error::{Error, Result};
use crate::files;

/// What a line is about to write, and what of it is there already.
pub(super) struct Target<'a> {
    world: World<'a>,
    replaced: Vec<String>,
}

impl<'a> Target<'a> {
    pub(super) fn new(world: &World<'a>) -> Self {
        Self { world: *world, replaced: Vec::new() }
    }

    /// This file will be written.
    ///
    /// # Errors
    /// The notebook reads it (as a line names it, or as a table, a scan or a further reader's table was found), or a notebook
    /// is kept in it.
    pub(super) fn claim(&mut self, path: &Path) -> Result<()> {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let refuse = |expected: &str| Error::BadValue {
            what: "the file to write".into(),
            given: name.clone(),
            expected: expected.into(),
        };
        if files::BESIDE.iter().chain(&[".rad"]).any(|ending| name.ends_with(ending)) {
            return Err(refuse("a notebook is kept in files of this ending; choose another name"));
        }
        if self.is_read(path) {
            return Err(refuse("the notebook reads this file; choose another name"));
        }
        if path.exists() {
            self.replaced.push(name);
        }
        Ok(())
    }

    /// What was there before, to stand behind what was written; empty where nothing was.
    pub(super) fn replaced(&self) -> String {
        match self.replaced.as_slice() {
            [] => String::new(),
            [_] => "; it replaced the file of that name".into(),
            names => format!("; replaced: {}", names.join(", ")),
        }
    }

    fn is_read(&self, path: &Path) -> bool {
        let study = self.world.study;
        let same = |other: &Path| files::is_same(path, other);
        let named = |word: &str| {
            let other = self.world.path(word);
            other == path || same(&other)
        };
        self.world.cells.iter().any(|cell| words(&cell.line).iter().any(|word| named(word)))
            || path.exists() && study.cohort().is_some_and(|cohort| cohort.files().any(same))
            || study.features().is_some_and(|set| set.tables.iter().any(|table| same(table)))
    }
}

/// Every word that a line gives as a value, however it is written.
fn words(line: &str) -> Vec<String> {
    let values = super::parse(line).ok().flatten().map(|command| command.values());
    let mut words = super::words(line).unwrap_or_default();
    let mut open: Vec<Value> = values.into_iter().collect();
    while let Some(value) = open.pop() {
        match value {
            Value::String(word) => words.push(word),
            Value::Array(all) => open.extend(all),
            Value::Object(all) => open.extend(all.into_iter().map(|(_, value)| value)),
            _ => {}
        }
    }
    words
}
