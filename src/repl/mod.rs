//! The line prompt: for terminals that are no screen, and for those who like it. The same language and history as the full
//! screen; every page is printed under its line.

mod ahead;
mod speech;

use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use rustyline::config::{CompletionType, Configurer};
use rustyline::error::ReadlineError;
use rustyline::history::FileHistory;
use rustyline::{ColorMode, EditMode, Editor};
use signal_hook::consts::SIGINT;
use signal_hook::iterator::Signals;

use self::speech::Speech;
use crate::commands::STOPS;
use crate::error::{Error, Result};
use crate::page::Page;
use crate::render::clipboard;
use crate::render::progress;
use crate::render::text::{self, Options};
use crate::render::theme::{Colour, Theme};
use crate::session::history::{self, Ran};
use crate::session::{Entry, Reply, Script, ScriptLine, Session, complete};
use crate::task::Task;

/// Rows of a table that are printed; `table` and `export` give them all.
const ROWS: usize = 40;
/// Columns of a terminal that does not say.
const WIDTH: usize = 80;

/// Read lines and print their pages until the reader leaves. `lines` are those the notebook's file holds; `vi` has the keys
/// those of vi, and `first` is run at once.
///
/// # Errors
/// The terminal cannot be used, or is gone.
pub fn run(session: Session, lines: &[ScriptLine], theme: Theme, vi: bool, first: &str) -> Result<()> {
    let running = interruptible().map_err(|e| terminal(&e))?;
    let edits = edits(&std::env::var("TERM").unwrap_or_default());
    let mut prompt =
        Prompt { session, theme, running, vi, edits, mended: None, tour: None, back: Vec::new(), cut_off: Vec::new() };
    let begun = prompt.resume(lines).and_then(|()| prompt.submit(first));
    let done = begun.and_then(|_| prompt.read());
    match done {
        Err(e) if e.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        done => done.map_err(|e| terminal(&e)),
    }
}

struct Prompt {
    session: Session,
    theme: Theme,
    /// What Ctrl-C stops.
    running: Arc<Mutex<Task>>,
    vi: bool,
    /// The terminal can edit a line, complete and take hints; else lines come as they are typed.
    edits: bool,
    /// The line that mends the last one.
    mended: Option<String>,
    /// The stop of the tour that comes next.
    tour: Option<usize>,
    /// The line that failed and those behind it, which were not run.
    back: Vec<String>,
    /// Lines that the prompt begins with, as the notebook was cut off before they were done.
    cut_off: Vec<String>,
}

/// How the lines of a text ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ended {
    Well,
    Failed,
    /// The reader leaves.
    Left,
}

impl Prompt {
    /// Take the notebook up where it was left, and say where that is.
    fn resume(&mut self, lines: &[ScriptLine]) -> io::Result<()> {
        // Before what may take minutes.
        if let [first, waited @ ..] = self.session.interrupted() {
            let waited: String = waited.iter().map(|line| format!(", then `{line}`")).collect();
            println!(
                "This notebook was cut off before `{first}`{waited} was done; at the prompt Enter runs what was not."
            );
            self.cut_off = self.session.interrupted().to_vec();
        }
        let task = self.start();
        let watch = progress::watch(&task);
        let mut out = io::stdout();
        let mut written = Ok(());
        let drifted = self.session.resume(lines, &task, &mut |at, entry| {
            if written.is_ok() {
                written = writeln!(out, "{}", brief(at, entry));
            }
        });
        drop(watch);
        written?;
        let why = if self.session.edited() { "; lines of the file were changed by hand" } else { "" };
        for at in drifted {
            eprintln!("! cell {} is not what the file recorded any more{why}", at + 1);
        }
        self.session.alternatives().beside().iter().for_each(|said| println!("{said}"));
        let file = self.session.file().map(|f| format!("{}; ", f.display())).unwrap_or_default();
        let tab = if self.edits { "Tab completes, " } else { "" };
        writeln!(out, "{file}`help` lists the commands, {tab}Ctrl-D leaves")
    }

    fn read(&mut self) -> io::Result<()> {
        let mut editor = self.editor()?;
        loop {
            let given = self.given(&mut editor)?;
            if let Some(speech) = editor.helper_mut() {
                speech.study = self.session.study().clone();
                speech.mended = self.mended.take();
                speech.given.clone_from(&given);
            }
            match editor.readline_with_initial("> ", (&given, "")) {
                Ok(text) => {
                    let text = if self.edits || !text.is_empty() { text } else { given };
                    history::typed(editor.history_mut(), &text);
                    match (self.submit(&text)?, editor.helper_mut()) {
                        (Ended::Left, _) => {
                            self.session.finish();
                            return Ok(());
                        }
                        (Ended::Well, Some(speech)) => {
                            speech.ran.remember(&text).unwrap_or_else(|error| complain(&error));
                        }
                        _ => {}
                    }
                }
                Err(ReadlineError::Interrupted) => {
                    self.tour = None;
                    println!("Ctrl-D leaves; everything is saved");
                }
                Err(ReadlineError::Eof) => {
                    self.session.finish();
                    return Ok(());
                }
                Err(ReadlineError::Io(error)) => return Err(error),
                Err(other) => return Err(io::Error::other(other.to_string())),
            }
        }
    }

    /// What the prompt begins with: the line that failed, where lines behind it come back with it, or the tour's next step.
    fn given(&mut self, editor: &mut Editor<Speech, FileHistory>) -> io::Result<String> {
        let mut back = std::mem::take(&mut self.back);
        if back.is_empty() {
            let cut_off = std::mem::take(&mut self.cut_off).join("\n");
            return Ok(if cut_off.is_empty() { self.guide() } else { cut_off });
        }
        let behind = ahead::typed(editor, self.edits)?;
        if !self.edits {
            back.iter().skip(1).try_for_each(|line| writeln!(io::stdout(), "not run: {line}"))?;
        }
        back.extend(behind);
        let alone = back.len() == 1;
        if let Some(mended) = &self.mended {
            eprintln!("{}: {mended}", if self.edits && alone { "Right takes" } else { "try" });
        }
        if !alone {
            let rest = back.len() - 1;
            let (were, they) = if rest == 1 { ("line was", "it is") } else { ("lines were", "they are") };
            let place = format!("; {they} in the prompt behind the one that failed");
            eprintln!("{rest} more {were} not run{}", if self.edits { &place } else { "" });
        }
        Ok(if self.edits && !alone { back.join("\n") } else { String::new() })
    }

    /// Say what the tour's next step does; gives its lines for the prompt.
    fn guide(&mut self) -> String {
        let Some(at) = self.tour.take() else { return String::new() };
        if let Some(before) = at.checked_sub(1).and_then(|at| STOPS.get(at)) {
            println!("Look: {}\n", before.look(false));
        }
        let Some(stop) = STOPS.get(at) else {
            println!("The tour is over; `help` lists the commands");
            return String::new();
        };
        let lines = stop.lines.join("\n");
        println!("Step {} of {}: {} Enter runs it, Ctrl-C ends the tour.", at + 1, STOPS.len(), stop.says());
        if !self.edits {
            println!("{lines}");
        }
        self.tour = Some(at);
        lines
    }

    fn editor(&self) -> io::Result<Editor<Speech, FileHistory>> {
        let ran = Ran::open(history::file()).unwrap_or_else(|error| {
            complain(&error);
            Ran::default()
        });
        let editor = Editor::with_history(history::settings(), ran.walk());
        let mut editor = editor.map_err(|e| io::Error::other(e.to_string()))?;
        editor.set_edit_mode(if self.vi { EditMode::Vi } else { EditMode::Emacs });
        editor.set_completion_type(CompletionType::List);
        editor.set_color_mode(if self.theme.colour == Colour::None { ColorMode::Disabled } else { ColorMode::Enabled });
        let (study, folder) = (self.session.study().clone(), self.session.folder().to_path_buf());
        let (mended, given, begun) = (None, String::new(), Default::default());
        editor.set_helper(Some(Speech { study, folder, theme: self.theme, mended, ran, given, begun }));
        Ok(editor)
    }

    /// Run the lines of a text; the first that fails ends it.
    fn submit(&mut self, text: &str) -> io::Result<Ended> {
        // The key that shows help on the full screen.
        let lines = Script::parse(if text.trim() == "?" { "help" } else { text }).lines;
        let toured = self.tour.filter(|at| STOPS.get(*at).is_some_and(|stop| stop.lines.join("\n") == text));
        self.tour = None;
        for (i, line) in lines.iter().enumerate() {
            let before: Vec<(String, String)> = self.session.entries().iter().map(said).collect();
            let task = self.start();
            let watch = progress::watch(&task);
            let known = !self.session.alternatives().elsewhere.is_empty();
            let reply = self.session.submit(&line.line, &task);
            drop(watch);
            if let Some(unsaved) = self.session.unsaved().filter(|_| reply.as_ref().is_ok_and(Reply::changes)) {
                complain(unsaved);
            }
            match reply {
                Ok(Reply::Cell(at)) => {
                    self.cell(at, &before)?;
                    self.session.alternatives().beside().iter().filter(|_| !known).for_each(|said| println!("{said}"));
                }
                Ok(Reply::Page(page) | Reply::Open(_, page)) => self.print(&page)?,
                Ok(Reply::Undone(Some(undone))) => println!("{undone}"),
                Ok(Reply::Undone(None)) => println!("there is no change to take back"),
                Ok(Reply::Switched(switched)) => println!("{switched}"),
                Ok(Reply::Nothing) => {}
                Ok(Reply::Copied { text, what }) => {
                    write!(io::stdout(), "{}", clipboard::sequence(&text))?;
                    println!("{what}");
                }
                Ok(Reply::Tour(at)) => self.tour = Some(at),
                Ok(Reply::Quit) => return Ok(Ended::Left),
                Err(error) => {
                    complain(&error);
                    if let Some(kept) = task.kept().filter(|_| error == Error::Cancelled) {
                        eprintln!("{kept}, the same line goes on from there");
                    }
                    self.mended = complete::mended(&line.line, &error);
                    self.back = lines[i..].iter().map(|line| line.line.clone()).collect();
                    return Ok(Ended::Failed);
                }
            }
        }
        if let Some(at) = toured {
            self.tour = Some(at + 1);
        }
        Ok(Ended::Well)
    }

    /// Print a cell's page, and what has changed below it.
    fn cell(&self, at: usize, before: &[(String, String)]) -> io::Result<()> {
        let entries = self.session.entries();
        if let Ok(page) = &entries[at].result {
            self.print(page)?;
        }
        let changed = |entry: &&Entry| {
            let now = said(entry);
            before.iter().any(|(line, said)| *line == now.0 && *said != now.1)
        };
        for (i, entry) in entries.iter().enumerate().skip(at + 1).filter(|(_, e)| changed(e)) {
            println!("{}", brief(i, entry));
        }
        Ok(())
    }

    fn print(&self, page: &Page) -> io::Result<()> {
        let width = crossterm::terminal::size().ok().map(|s| usize::from(s.0)).filter(|w| *w > 0).unwrap_or(WIDTH);
        let options = Options { width, glyphs: self.theme.glyphs, rows: Some(ROWS) };
        writeln!(io::stdout(), "\n{}", text::page_with(page, &options))
    }

    /// A new task, which Ctrl-C stops from now on.
    fn start(&self) -> Task {
        let task = Task::default();
        *self.running.lock().unwrap_or_else(PoisonError::into_inner) = task.clone();
        task
    }
}

/// The line editor edits on every terminal but these, where it takes lines as they come.
fn edits(term: &str) -> bool {
    !["dumb", "cons25", "emacs"].iter().any(|plain| plain.eq_ignore_ascii_case(term))
}

/// Ctrl-C while a command runs stops the command, not the program.
fn interruptible() -> io::Result<Arc<Mutex<Task>>> {
    let running: Arc<Mutex<Task>> = Arc::default();
    let current = Arc::clone(&running);
    let mut signals = Signals::new([SIGINT])?;
    thread::spawn(move || {
        for _ in signals.forever() {
            current.lock().unwrap_or_else(PoisonError::into_inner).cancel();
        }
    });
    Ok(running)
}

/// `3 icc --above 0.9: 1967 -> 1599`.
fn brief(at: usize, entry: &Entry) -> String {
    let (line, said) = said(entry);
    format!("{:>2} {line}: {said}", at + 1)
}

fn said(entry: &Entry) -> (String, String) {
    let said = match &entry.result {
        Ok(page) => page.headline.clone(),
        Err(error) => error.to_string(),
    };
    (entry.line.clone(), said)
}

fn complain(error: &Error) {
    eprintln!("error: {}", error.advised());
}

fn terminal(why: &io::Error) -> Error {
    Error::file("use", Path::new("the terminal"), why)
}
