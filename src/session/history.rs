//! The lines typed before, in the user's state folder. A convenience: no notebook depends on it.

use std::path::{Path, PathBuf};

use rustyline::Config;
use rustyline::error::ReadlineError;
use rustyline::history::{FileHistory, History};

use crate::error::{Error, Result};
use crate::files;

/// Lines that are remembered.
const REMEMBERED: usize = 10_000;

/// `radnote` in `XDG_STATE_HOME`, else in `.local/state` of the home folder; none where neither is set.
pub fn state() -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
    let state = set("XDG_STATE_HOME").or_else(|| set("HOME").map(|home| home.join(".local/state")));
    state.map(|folder| folder.join("radnote"))
}

/// `history` in the state folder.
pub fn file() -> Option<PathBuf> {
    state().map(|folder| folder.join("history"))
}

/// The history of this file, empty where there is none yet; the file is made for its owner alone.
///
/// # Errors
/// What the file system says.
fn open(file: Option<&Path>) -> Result<FileHistory> {
    let mut history = FileHistory::with_config(&settings());
    if let Some(file) = file {
        files::folder(file.parent().unwrap_or(Path::new("")))?;
        if file.exists() {
            history.load(file).map_err(|e| failed("read", file, e))?;
        }
    }
    Ok(history)
}

/// The lines that ran well, in this session and in those before: hints are taken from them, and the file keeps them. A line
/// that failed is had back with Up until radnote is left, and is forgotten then.
pub struct Ran {
    lines: FileHistory,
    file: Option<PathBuf>,
}

impl Default for Ran {
    fn default() -> Self {
        Self { lines: FileHistory::with_config(&settings()), file: None }
    }
}

impl Ran {
    /// Those of this file, which takes the new ones too.
    ///
    /// # Errors
    /// What the file system says.
    pub fn open(file: Option<PathBuf>) -> Result<Self> {
        Ok(Self { lines: open(file.as_deref())?, file })
    }

    /// The lines, oldest first.
    pub fn lines(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.lines.iter().map(String::as_str)
    }

    /// A history to walk through that begins with these lines.
    pub fn walk(&self) -> FileHistory {
        let mut walk = FileHistory::with_config(&settings());
        self.lines().for_each(|line| typed(&mut walk, line));
        walk
    }

    /// This line, or these typed together, ran well.
    ///
    /// # Errors
    /// What the file system says, once: the lines are remembered here all the same, and no more are written.
    pub fn remember(&mut self, text: &str) -> Result<()> {
        let new = self.lines.add(text).unwrap_or(false);
        match self.file.take() {
            Some(file) if new => {
                self.lines.append(&file).map_err(|e| failed("write", &file, e))?;
                self.file = Some(file);
            }
            file => self.file = file,
        }
        Ok(())
    }
}

/// A line was typed, whatever becomes of it.
pub fn typed(history: &mut FileHistory, text: &str) {
    // What is kept in memory cannot fail to be.
    let _ = history.add(text);
}

/// How both prompts keep their history.
pub fn settings() -> Config {
    let builder = Config::builder().max_history_size(REMEMBERED).and_then(|b| b.history_ignore_dups(true));
    builder.map(|b| b.history_ignore_space(true).build()).unwrap_or_default()
}

fn failed(action: &'static str, file: &Path, why: ReadlineError) -> Error {
    match why {
        ReadlineError::Io(why) => Error::file(action, file, &why),
        other => Error::File { action, path: file.to_path_buf(), why: other.to_string() },
    }
}
