//! The chain of cells: where a line stands, and how the cells fold into a study.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::memo::{Key, Memo};
use crate::commands::{self, Place, Run, Shown, Step, World};
use crate::error::{Error, Result};
use crate::page::Page;
use crate::study::{Study, Workings};
use crate::task::Task;

/// A cell and what it said.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The line with every default spelled out.
    pub line: String,
    pub place: Place,
    pub result: Result<Arc<Page>>,
    /// How long it took; zero when it was known already.
    pub time: Duration,
}

/// The lines with this command in its place, and its index: a step replaces the step of its place or goes below the
/// last step that comes before it in the chain; a view replaces the same view or goes to the end.
pub(super) fn place(lines: &[String], command: &dyn Run) -> Result<(Vec<String>, usize)> {
    let mut lines = lines.to_vec();
    let own = command.spec().place;
    let line = command.line();
    let places = lines.iter().map(|l| place_of(l)).collect::<Result<Vec<_>>>()?;
    let same = match own {
        Place::Step(_) => places.iter().position(|p| *p == own),
        _ => lines.iter().position(|l| *l == line),
    };
    let at = match same {
        Some(at) => {
            lines[at] = line;
            at
        }
        None => {
            let at = places.iter().rposition(|p| *p <= own).map_or(0, |i| i + 1);
            lines.insert(at, line);
            at
        }
    };
    Ok((lines, at))
}

fn place_of(line: &str) -> Result<Place> {
    Ok(commands::parse(line)?.map_or(Place::Request, |c| c.spec().place))
}

/// What folding needs.
pub(super) struct Chain<'a> {
    pub folder: &'a Path,
    pub cache: &'a Path,
    pub memo: &'a Mutex<Memo>,
    pub workings: &'a Workings,
    pub task: &'a Task,
    /// The cell to compute even if it is known: its files may have changed.
    pub fresh: Option<usize>,
}

impl Chain<'_> {
    pub(super) fn fresh(mut self, at: usize) -> Self {
        self.fresh = Some(at);
        self
    }

    /// Fold the lines over an empty study. A cell that fails keeps its place with its error; after a failed step the
    /// cells below wait, since they would otherwise stand on something the reader did not ask for.
    ///
    /// # Errors
    /// Only that the task was cancelled, or a line that cannot be read.
    pub(super) fn fold(&self, lines: &[String]) -> Result<(Vec<Entry>, Study)> {
        let mut study = Study::default();
        let mut entries: Vec<Entry> = Vec::with_capacity(lines.len());
        let mut cells: Vec<Shown> = Vec::new();
        let mut failed: Option<&'static str> = None;
        for (at, line) in lines.iter().enumerate() {
            self.task.check()?;
            let Some(command) = commands::parse(line)? else { continue };
            let spec = command.spec();
            let started = Instant::now();
            let (result, known) = match failed {
                Some(above) => (Err(Error::Blocked { command: spec.name.into(), above: above.into() }), true),
                None => self.cell(at, &*command, &study, &cells),
            };
            let time = if known { Duration::ZERO } else { started.elapsed() };
            let result = match result {
                Ok((next, page)) => {
                    study = next;
                    cells.push(Shown { line: line.clone(), page: Arc::clone(&page) });
                    Ok(page)
                }
                Err(Error::Cancelled) => return Err(Error::Cancelled),
                Err(error) => {
                    if matches!(spec.place, Place::Step(_)) && failed.is_none() {
                        failed = Some(spec.name);
                    }
                    Err(error)
                }
            };
            entries.push(Entry { line: line.clone(), place: spec.place, result, time });
        }
        Ok((entries, study))
    }

    /// One cell: the study after it and its page, and whether both were known.
    fn cell(&self, at: usize, command: &dyn Run, study: &Study, cells: &[Shown]) -> (Result<(Study, Arc<Page>)>, bool) {
        let key: Key = (study.fingerprint(), command.line());
        let known = self.memo.lock().ok().and_then(|memo| memo.get(&key));
        if let (Some(known), true) = (known, self.fresh != Some(at)) {
            return (Ok(known), true);
        }
        let Self { folder, cache, task, workings, .. } = *self;
        let world = World { study, task, folder, cache, workings, cells };
        let computed = command.run(&world).map(|step| match step {
            Step::Advance(next, page) => (next, Arc::new(page)),
            Step::Show(page) => (study.clone(), Arc::new(page)),
            Step::Undo | Step::Save(_) | Step::Quit => (study.clone(), Arc::default()),
        });
        if let (Ok(known), Ok(mut memo)) = (&computed, self.memo.lock()) {
            memo.put(key, known.clone());
        }
        (computed, false)
    }
}
