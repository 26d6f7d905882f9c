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
pub fn open(file: Option<&Path>) -> Result<FileHistory> {
    let mut history = FileHistory::with_config(&settings());
    if let Some(file) = file {
        files::folder(file.parent().unwrap_or(Path::new("")))?;
        if file.exists() {
            history.load(file).map_err(|e| failed("read", file, e))?;
        }
    }
    Ok(history)
}

/// Remember a line, here and in the file.
///
/// # Errors
/// What the file system says; the line is remembered here all the same.
pub fn remember(history: &mut FileHistory, line: &str, file: Option<&Path>) -> Result<()> {
    let file_or_here = file.unwrap_or(Path::new("history"));
    let new = history.add(line).map_err(|e| failed("write", file_or_here, e))?;
    match file {
        Some(file) if new => history.append(file).map_err(|e| failed("write", file, e)),
        _ => Ok(()),
    }
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
