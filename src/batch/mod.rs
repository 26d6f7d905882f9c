//! Headless: a session file or lines in, pages out as plain text, an exit code for the shell.

pub mod extract;

pub use crate::render::progress;

use std::io::Write;
use std::path::Path;

use crate::caution::Caution;
use crate::commands::STOPS;
use crate::error::{Error, Result};
use crate::page::Page;
use crate::render::text;
use crate::session::{Reply, Script, ScriptLine, Session, drift};
use crate::task::Task;

/// What the shell is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Exit {
    #[default]
    Fine = 0,
    /// A line could not be run.
    Failed = 1,
    /// The arguments of the program make no sense.
    Usage = 2,
    /// Everything ran, but some scans gave no features.
    SomeScansFailed = 3,
    /// A result is not what the file recorded.
    Drifted = 4,
    /// The user stopped it.
    Cancelled = 130,
}

impl Exit {
    /// What follows would stand on something that is not there.
    fn ends(self) -> bool {
        matches!(self, Self::Failed | Self::Cancelled)
    }
}

/// How pages are printed.
#[derive(Clone, Copy, Debug)]
pub struct Print<'a> {
    /// The file the lines come from, which is named with the line that fails.
    pub file: Option<&'a Path>,
    pub width: usize,
    pub glyphs: crate::render::theme::Glyphs,
    /// Only each cell's line and result, not its page.
    pub brief: bool,
}

/// Run lines one after the other, each page to `out`, errors and progress to `log`. The first line that fails ends the
/// run: what follows would stand on something that is not there.
///
/// # Errors
/// Only what `out` and `log` say when they cannot be written.
pub fn lines(
    session: &mut Session,
    lines: &[ScriptLine],
    print: Print<'_>,
    task: &Task,
    out: &mut dyn Write,
    log: &mut dyn Write,
) -> std::io::Result<Exit> {
    let mut exit = Exit::Fine;
    for line in lines {
        let reply = session.submit(&line.line, task);
        if let Some(unsaved) = session.unsaved().filter(|_| reply.as_ref().is_ok_and(Reply::changes)) {
            return failed(log, unsaved);
        }
        match reply {
            Ok(Reply::Cell(at)) => {
                let entry = &session.entries()[at];
                exit = exit.max(show(&entry.line, &entry.result, print, out, log)?);
                for below in &session.entries()[at + 1..] {
                    if let Err(error) = &below.result {
                        writeln!(log, "below it, `{}` failed", below.line)?;
                        exit = exit.max(failed(log, error)?);
                    }
                }
            }
            Ok(Reply::Page(page) | Reply::Open(_, page)) => {
                exit = exit.max(show(&line.line, &Ok(page), print, out, log)?)
            }
            Ok(Reply::Copied { text, .. }) => write!(out, "{text}")?,
            Ok(Reply::Tour(at)) => {
                let toured = tour(session, at, print, task, out, log)?;
                exit = exit.max(toured);
                if toured.ends() {
                    return Ok(exit);
                }
            }
            Ok(Reply::Quit) => break,
            Ok(Reply::Undone(None)) => writeln!(log, "nothing to undo")?,
            Ok(Reply::Undone(Some(undone))) => writeln!(log, "{undone}")?,
            Ok(Reply::Switched(switched)) => writeln!(log, "the notebook is now as in `{}`", switched.to)?,
            Ok(Reply::Nothing) => {}
            Err(error) => {
                if let Some(file) = print.file {
                    writeln!(log, "{}, line {}: `{}` failed", file.display(), line.number, line.line)?;
                }
                return failed_at(log, &error, task);
            }
        }
    }
    Ok(exit)
}

/// The stops of the tour from this one on: what each does, its lines, what to look at.
fn tour(
    session: &mut Session,
    from: usize,
    print: Print<'_>,
    task: &Task,
    out: &mut dyn Write,
    log: &mut dyn Write,
) -> std::io::Result<Exit> {
    let mut exit = Exit::Fine;
    for (i, stop) in STOPS.iter().enumerate().skip(from) {
        let text = stop.lines.join("\n");
        writeln!(out, "Step {} of {}: {}\n", i + 1, STOPS.len(), stop.says())?;
        exit = exit.max(lines(session, &Script::parse(&text).lines, print, task, out, log)?);
        if exit.ends() {
            break;
        }
        writeln!(out, "Look: {}\n", stop.look(false))?;
    }
    Ok(exit)
}

/// Take a notebook up where its file left it, as ground for further lines; each cell that fails, or says something else
/// than the file recorded, is named in `log`.
///
/// # Errors
/// Only what `log` says when it cannot be written.
pub fn resume(session: &mut Session, lines: &[ScriptLine], task: &Task, log: &mut dyn Write) -> std::io::Result<Exit> {
    let drifted = session.resume(lines, task, &mut |_, _| {});
    let mut exit = Exit::Fine;
    for (at, entry) in session.entries().iter().enumerate() {
        if drifted.contains(&at) {
            writeln!(log, "cell {}, `{}`, is not what the notebook's file recorded any more", at + 1, entry.line)?;
            exit = exit.max(Exit::Drifted);
        }
        match &entry.result {
            Ok(page) if scans_failed(page) => exit = exit.max(Exit::SomeScansFailed),
            Ok(_) => {}
            Err(Error::Cancelled) => return failed_at(log, &Error::Cancelled, task),
            Err(error) => {
                writeln!(log, "cell {}, `{}`, failed", at + 1, entry.line)?;
                exit = exit.max(failed(log, error)?);
            }
        }
    }
    Ok(exit)
}

/// Run a session file and compare every recorded result; each that differs is named with its line.
///
/// # Errors
/// Only what `out` and `log` say when they cannot be written.
pub fn check(
    session: &mut Session,
    file: &Path,
    script: &Script,
    task: &Task,
    out: &mut dyn Write,
    log: &mut dyn Write,
) -> std::io::Result<Exit> {
    let (mut compared, mut drifted, mut exit) = (0, 0, Exit::Fine);
    for line in &script.lines {
        let result = match session.submit(&line.line, task) {
            Ok(Reply::Cell(at)) => session.entries()[at].result.clone(),
            Ok(Reply::Page(page) | Reply::Open(_, page)) => Ok(page),
            Ok(_) => continue,
            Err(Error::Cancelled) => return failed_at(log, &Error::Cancelled, task),
            Err(error) => Err(error),
        };
        if result.as_ref().is_ok_and(|page| scans_failed(page)) {
            exit = Exit::SomeScansFailed;
        }
        let at = format!("{}, line {}", file.display(), line.number);
        match (&line.said, &result) {
            (Some(said), _) => {
                compared += 1;
                if let Some((then, now)) = drift(said, &result) {
                    drifted += 1;
                    writeln!(log, "{at}: `{}` drifted\n  recorded: {then}\n  now:      {now}", line.line)?;
                }
            }
            (None, Err(error)) => {
                writeln!(log, "{at}: `{}` failed", line.line)?;
                return failed(log, error);
            }
            (None, Ok(_)) => {}
        }
    }
    writeln!(out, "{}: {compared} results compared, {drifted} drifted", file.display())?;
    Ok(if drifted > 0 { Exit::Drifted } else { exit })
}

/// Read a session file.
///
/// # Errors
/// That it cannot be read.
pub fn script(file: &Path) -> Result<Script> {
    let text = std::fs::read_to_string(file).map_err(|e| Error::file("read", file, &e))?;
    Ok(Script::parse(&text))
}

/// One sentence and the remedy.
///
/// # Errors
/// That `log` cannot be written.
pub fn complain(log: &mut dyn Write, error: &Error) -> std::io::Result<()> {
    writeln!(log, "error: {}", error.advised())
}

/// Say the error, and what it is for the shell.
fn failed(log: &mut dyn Write, error: &Error) -> std::io::Result<Exit> {
    complain(log, error)?;
    Ok(if *error == Error::Cancelled { Exit::Cancelled } else { Exit::Failed })
}

/// The same of a line that may have been stopped: what it leaves to go on from is said too.
fn failed_at(log: &mut dyn Write, error: &Error, task: &Task) -> std::io::Result<Exit> {
    match task.kept().filter(|_| *error == Error::Cancelled) {
        Some(kept) => writeln!(log, "cancelled; {kept}, the same line goes on from there").map(|()| Exit::Cancelled),
        None => failed(log, error),
    }
}

fn show(
    line: &str,
    result: &Result<std::sync::Arc<Page>>,
    print: Print<'_>,
    out: &mut dyn Write,
    log: &mut dyn Write,
) -> std::io::Result<Exit> {
    match result {
        Ok(page) => {
            writeln!(out, "> {line}")?;
            if print.brief {
                writeln!(out, "{}", page.headline)?;
            } else {
                writeln!(out, "{}", text::page(page, print.width, print.glyphs))?;
            }
            out.flush()?;
            Ok(if scans_failed(page) { Exit::SomeScansFailed } else { Exit::Fine })
        }
        Err(error) => failed(log, error),
    }
}

fn scans_failed(page: &Page) -> bool {
    page.cautions.iter().any(|c| matches!(c, Caution::FailedScans { .. }))
}
