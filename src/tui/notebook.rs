//! The notebook as the screen knows it: a copy of what the session holds, made ready to be drawn.

use std::path::PathBuf;
use std::sync::Arc;

use crate::caution::counted;
use crate::commands::{self, Place};
use crate::error::Error;
use crate::page::Page;
use crate::render::words::Tried;
use crate::session::{Behind, Entry, Key, Reader, Session, Typed};
use crate::study::Study;

#[derive(Clone, Debug, Default)]
pub struct Notebook {
    pub cells: Vec<Cell>,
    pub study: Study,
    /// Relative paths of its lines start here.
    pub folder: PathBuf,
    pub file: Option<PathBuf>,
    /// Alternatives to its steps that were ever evaluated.
    pub tried: Tried,
    /// Patients, events and roles in a few words; empty without a cohort.
    pub cohort: Vec<String>,
    /// Why its file is not what it is, and what to do; none where it is saved.
    pub unsaved: Option<(String, String)>,
    /// Answers what only reads.
    pub reader: Reader,
    /// What computes the slow views that wait, one by one.
    pub behind: Vec<Behind>,
    /// Told which typed lines are not done yet.
    pub typed: Typed,
    /// Lines of its file were changed by another hand since it was last written.
    pub edited: bool,
}

/// One cell, with everything drawing needs.
#[derive(Clone, Debug)]
pub struct Cell {
    /// The command's name.
    pub name: String,
    /// The line with every default.
    pub line: String,
    /// The line without what is a default.
    pub short: String,
    pub place: Place,
    pub state: State,
    /// It takes long: what is quick is shown before it.
    pub slow: bool,
    /// The result in one line.
    pub headline: String,
    pub page: Arc<Page>,
    /// What a slow view is computed from, and its line.
    pub key: Option<Key>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Ready,
    Failed,
    /// A cell above failed.
    Blocked,
    /// Not computed yet.
    Waiting,
    /// Not computed anew since something above it changed: it is shown as it was.
    Old,
}

impl Notebook {
    pub fn of(session: &Session) -> Self {
        Self {
            cells: session.entries().iter().map(Cell::of).collect(),
            study: session.study().clone(),
            folder: session.folder().to_path_buf(),
            file: session.file().map(PathBuf::from),
            tried: session.alternatives(),
            cohort: cohort(session.study()),
            unsaved: session.unsaved().map(|error| (error.to_string(), error.remedy())),
            reader: session.reader(),
            behind: session.behind(),
            typed: session.typed(),
            edited: session.edited(),
        }
    }

    /// What is left on the terminal of a notebook that is on no disk: a sentence that says so, and its lines. Empty where
    /// it is saved, or has none.
    pub fn parting(&self) -> String {
        let Some((why, _)) = self.unsaved.as_ref().filter(|_| !self.cells.is_empty()) else { return String::new() };
        let lines: String = self.cells.iter().map(|cell| format!("{}\n", cell.line)).collect();
        format!(
            "The lines below were not saved ({why}); put into a file NAME.rad, `radnote NAME.rad` runs them again:\n{lines}"
        )
    }

    /// A slow view that waits is shown as it was before, where it was there.
    pub fn after(mut self, before: &Self) -> Self {
        for cell in self.cells.iter_mut().filter(|c| c.slow && c.state == State::Waiting) {
            let shown = |old: &&Cell| old.line == cell.line && matches!(old.state, State::Ready | State::Old);
            if let Some(old) = before.cells.iter().find(shown) {
                *cell = Cell { state: State::Old, key: cell.key.take(), ..old.clone() };
            }
        }
        self
    }
}

impl Cell {
    pub fn of(entry: &Entry) -> Self {
        let name = entry.line.split_whitespace().next().unwrap_or_default().to_string();
        let slow = commands::parse(&entry.line).ok().flatten().is_some_and(|c| c.is_slow());
        let (state, page) = match &entry.result {
            Ok(page) => (State::Ready, Arc::clone(page)),
            Err(Error::Cancelled) if slow => (State::Waiting, Arc::new(behind(&name))),
            Err(error) => (state(error), Arc::new(failed(&name, error))),
        };
        Self {
            short: commands::short(&entry.line),
            line: entry.line.clone(),
            place: entry.place,
            state,
            slow,
            headline: page.headline.clone(),
            page,
            name,
            key: entry.key.clone(),
        }
    }

    /// A cell of a file that has not been computed yet.
    pub fn waiting(line: &str) -> Self {
        Self::of(&Entry::waiting(line))
    }

    /// A number its page reports.
    pub fn value(&self, name: &str) -> Option<f64> {
        self.page.values.get(name)?.as_f64()
    }
}

/// How many features came in and how many each step kept.
pub fn funnel(cells: &[Cell]) -> Vec<usize> {
    let count = |c: &Cell, name: &str| c.value(name).map(|v| v as usize);
    let steps: Vec<(usize, usize)> =
        cells.iter().filter_map(|c| Some((count(c, "n_in")?, count(c, "n_out")?))).collect();
    let first = steps.first().map(|s| s.0);
    first.into_iter().chain(steps.iter().map(|s| s.1)).collect()
}

fn state(error: &Error) -> State {
    match error {
        Error::Blocked { .. } => State::Blocked,
        Error::Cancelled => State::Waiting,
        _ => State::Failed,
    }
}

fn behind(name: &str) -> Page {
    Page::new(name, "not computed yet")
        .text("It takes long, so it is computed behind while the notebook goes on, and its page comes here by itself. Where Ctrl-C stopped it, its line again, or a change of what it stands on, begins it anew.")
}

fn failed(name: &str, error: &Error) -> Page {
    match error {
        Error::Cancelled => Page::new(name, "not computed yet"),
        error => {
            let page = Page::new(format!("{name} has no result"), error.to_string());
            let remedy = error.remedy();
            if remedy.is_empty() { page } else { page.text(format!("What to do: {remedy}")) }
        }
    }
}

fn cohort(study: &Study) -> Vec<String> {
    let Some(cohort) = study.cohort() else { return Vec::new() };
    let events = cohort.outcome.as_ref().map(|o| o.events.iter().filter(|e| **e).count());
    let events = events.map(|n| format!(", {}", counted(n, "events"))).unwrap_or_default();
    let mut parts = vec![counted(cohort.patients.len(), "patients") + &events];
    let roles = cohort.roles();
    if roles.len() > 1 {
        let counts = roles.iter().map(|r| format!("{} {}", r.name, cohort.members(r).len()));
        parts.push(counts.collect::<Vec<_>>().join(", "));
    }
    parts
}
