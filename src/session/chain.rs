//! The chain of cells: where a line stands, and how the cells fold into a study.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::memo::{Key, Memo};
use crate::commands::{self, Flag, Kind, Place, Reads, Run, Shown, Spec, Step, World};
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
    /// A view that takes so long that it is computed after all that is quick.
    pub slow: bool,
    /// `Cancelled` where it is not computed yet.
    pub result: Result<Arc<Page>>,
    /// How long it took; zero when it was known already.
    pub time: Duration,
    /// What a slow view is computed from; none where that is not there, and for what is quick.
    pub key: Option<Key>,
}

/// The lines with this command in its place, and its index: a step replaces the step of its place or goes below the
/// last step that comes before it in the chain; a view replaces the same view, or else the view of that command with the
/// number `instead`, or goes to the end.
pub(super) fn place(lines: &[String], command: &dyn Run, instead: Option<usize>) -> (Vec<String>, usize) {
    let mut lines = lines.to_vec();
    let own = command.spec().place;
    let line = command.line();
    let places: Vec<Place> = lines.iter().map(|l| place_of(l)).collect();
    let same = match own {
        Place::Step(_) => places.iter().position(|p| *p == own),
        _ => lines.iter().position(|l| *l == line).or(instead.filter(|at| {
            let name = |line: &String| line.split(' ').next() == Some(command.spec().name);
            own == Place::View && lines.get(*at).is_some_and(name)
        })),
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
    (lines, at)
}

/// A line that cannot be read (of an older or newer version) has the place of its command, where that is known.
pub(super) fn place_of(line: &str) -> Place {
    match commands::parse(line) {
        Ok(command) => command.map_or(Place::Request, |c| c.spec().place),
        Err(_) => unread(line).map_or(Place::View, |spec| spec.place),
    }
}

/// A view that is computed when all that is quick is there.
fn is_slow(command: &dyn Run) -> bool {
    command.spec().place == Place::View && command.is_slow()
}

/// The command of a line that cannot be read.
fn unread(line: &str) -> Option<&'static Spec> {
    commands::find(line.split_whitespace().next()?).ok().map(|row| row.spec)
}

/// What a cell is computed from, and its line.
fn key(command: &dyn Run, study: &Study) -> Key {
    (command.hangs_on(study), command.line())
}

/// A step that gives nothing to those below: it failed, or waits for one that did.
struct Lost {
    name: &'static str,
    place: Place,
    /// It names a column, which may be one of its folds.
    column: bool,
    /// The step that failed first.
    root: &'static str,
}

impl Lost {
    fn of(command: &dyn Run, above: Option<&'static str>) -> Self {
        let (spec, values) = (command.spec(), command.values());
        let named = |f: &Flag| values[f.field()].as_str().is_some_and(|v| v.parse::<u32>().is_err());
        let column = spec.flags.iter().any(|f| f.kind == Kind::Column && named(f));
        Self { name: spec.name, place: spec.place, column, root: above.unwrap_or(spec.name) }
    }

    /// A step whose line cannot be read; a column that it may have named is taken to be named.
    fn unread(spec: &'static Spec) -> Option<Self> {
        let column = spec.flags.iter().any(|f| f.kind == Kind::Column);
        let lost = Self { name: spec.name, place: spec.place, column, root: spec.name };
        matches!(spec.place, Place::Step(_)).then_some(lost)
    }

    /// A line that reads this has nothing to stand on.
    fn holds_up(&self, reads: &Reads) -> bool {
        self.place <= Place::COHORT
            || match reads {
                Reads::All => true,
                Reads::Cohort => false,
                Reads::Clinical => self.column,
                Reads::Terms(names) => names.iter().any(|name| name == self.name),
            }
    }
}

/// The step above that holds this command up.
fn above(lost: &[Lost], command: &dyn Run) -> Option<&'static str> {
    let reads = command.reads();
    lost.iter().find(|l| l.holds_up(&reads)).map(|l| l.root)
}

/// A view that is computed when all that is quick is there: its number, what it stands on, and the step that holds it up.
type Late = (usize, Box<dyn Run>, Study, Option<&'static str>);

/// What folding needs.
pub(super) struct Chain<'a> {
    pub folder: &'a Path,
    pub cache: &'a Path,
    pub memo: &'a Memo,
    pub workings: &'a Workings,
    pub task: &'a Task,
    /// The cell to compute even if it is known: its files may have changed.
    pub fresh: Option<usize>,
    /// A slow view that is not known waits instead of being computed.
    pub quick: bool,
    /// The number of a slow view that does not wait all the same.
    pub slow: Option<usize>,
}

impl Entry {
    /// The cell of this line, not computed yet.
    pub fn waiting(line: &str) -> Self {
        let command = commands::parse(line).ok().flatten();
        Self {
            line: line.to_string(),
            place: command.as_ref().map_or(Place::View, |c| c.spec().place),
            slow: command.is_some_and(|c| is_slow(&*c)),
            result: Err(Error::Cancelled),
            time: Duration::ZERO,
            key: None,
        }
    }

    /// It is not computed yet.
    pub fn waits(&self) -> bool {
        self.result == Err(Error::Cancelled)
    }
}

impl Chain<'_> {
    pub(super) fn fresh(mut self, at: usize) -> Self {
        self.fresh = Some(at);
        self
    }

    /// The slow views too, whatever the notebook does with them.
    pub(super) fn thorough(mut self) -> Self {
        self.quick = false;
        self
    }

    /// Of the slow views that wait, this one does not.
    pub(super) fn with_slow(mut self, at: usize) -> Self {
        self.slow = Some(at);
        self
    }

    /// Fold the lines over an empty study. A slow view that nobody waited for says so in its place.
    ///
    /// # Errors
    /// Only that the task was cancelled before all that is quick was there.
    pub(super) fn fold(&self, lines: &[String]) -> Result<(Vec<Entry>, Study)> {
        let (entries, study) = self.walk(lines, &mut |_, _| {});
        let cancelled = entries.iter().any(|e| e.waits() && !e.slow);
        if cancelled { Err(Error::Cancelled) } else { Ok((entries, study)) }
    }

    /// Fold the lines over an empty study and give each cell with its number as it is there: in order, but for the slow
    /// views, which come last. A cell that fails keeps its place with its error; after a failed step those cells below
    /// wait that read what it makes, since they would otherwise stand on something the reader did not ask for. Once the task
    /// is cancelled, the cells that are not known say so.
    pub(super) fn walk(&self, lines: &[String], each: &mut dyn FnMut(usize, &Entry)) -> (Vec<Entry>, Study) {
        let mut study = Study::default();
        let mut cells: Vec<Shown> = Vec::new();
        let mut lost: Vec<Lost> = Vec::new();
        let mut late: Vec<Late> = Vec::new();
        let mut entries: Vec<(usize, Entry)> = Vec::with_capacity(lines.len());
        // Nothing that a slow view may stand on waits.
        let mut whole = true;
        let mut there = |at: usize, entry: Entry| {
            each(at, &entry);
            entries.push((at, entry));
        };
        for (at, line) in lines.iter().enumerate() {
            match commands::parse(line) {
                Ok(None) => {}
                Ok(Some(command)) if is_slow(&*command) => {
                    let above = above(&lost, &*command);
                    late.push((at, command, study.clone(), above));
                }
                Ok(Some(command)) => {
                    let above = above(&lost, &*command);
                    let (next, entry) = self.entry(at, &*command, &study, &mut cells, above);
                    if matches!(entry.place, Place::Step(_)) && entry.result.is_err() {
                        lost.push(Lost::of(&*command, above));
                    }
                    study = next;
                    whole &= !entry.waits();
                    there(at, entry);
                }
                Err(error) => {
                    lost.extend(unread(line).and_then(Lost::unread));
                    let place = place_of(line);
                    there(at, Entry { place, result: Err(error), ..Entry::waiting(line) });
                }
            }
        }
        for (at, command, study, above) in late {
            let entry = self.entry(at, &*command, &study, &mut cells, above).1;
            there(at, Entry { key: whole.then(|| key(&*command, &study)), ..entry });
        }
        entries.sort_by_key(|(at, _)| *at);
        (entries.into_iter().map(|(_, entry)| entry).collect(), study)
    }

    /// One cell and the study after it: as it was where the cell has no result.
    fn entry(
        &self,
        at: usize,
        command: &dyn Run,
        study: &Study,
        cells: &mut Vec<Shown>,
        above: Option<&'static str>,
    ) -> (Study, Entry) {
        let (spec, line) = (command.spec(), command.line());
        let started = Instant::now();
        let (result, known) = match (self.task.check(), above) {
            (Err(cancelled), _) => (Err(cancelled), true),
            (_, Some(above)) => (Err(Error::Blocked { command: spec.name.into(), above: above.into() }), true),
            _ => self.cell(at, command, study, cells),
        };
        let time = if known { Duration::ZERO } else { started.elapsed() };
        let (next, result) = match result {
            Ok((next, page)) => {
                cells.push(Shown { line: line.clone(), ready: true, waits: false, page: Arc::clone(&page) });
                (next, Ok(page))
            }
            Err(error) => (study.clone(), Err(error)),
        };
        (next, Entry { line, place: spec.place, slow: is_slow(command), result, time, key: None })
    }

    /// One cell: the study after it and its page, and whether both were known. What does not repeat the lines above is the
    /// same by whatever lines its study came to be.
    fn cell(&self, at: usize, command: &dyn Run, study: &Study, cells: &[Shown]) -> (Result<(Study, Arc<Page>)>, bool) {
        let line = command.line();
        let key = key(command, study);
        let quick = self.quick && is_slow(command) && self.slow != Some(at);
        let asked = match () {
            () if self.fresh == Some(at) && quick => Ok(None),
            () if self.fresh == Some(at) => self.memo.claim(&key, self.task).map(|claim| Some(Err(claim))),
            () if quick => Ok(self.memo.get(&key).map(Ok)),
            () => self.memo.ask(&key, self.task).map(Some),
        };
        // Held until the page is known, so that others who ask for it wait.
        let _claim = match asked {
            Err(cancelled) => return (Err(cancelled), true),
            Ok(Some(Ok((next, page)))) => {
                // A view leaves the study as it came, also its lines.
                let next = if command.spec().place == Place::View { study.clone() } else { next.by(study, &line) };
                return (Ok((next, page)), true);
            }
            Ok(_) if quick => return (Err(Error::Cancelled), true),
            Ok(claim) => claim,
        };
        let Self { folder, cache, task, workings, .. } = *self;
        // A cell says what it found, however many others were tried: only a report counts them.
        let world = World { study, task, folder, cache, workings, cells, tried: None };
        let computed = command.run(&world).map(|step| match step {
            Step::Advance(next, page) => (next.by(study, &line), Arc::new(page)),
            Step::Show(page) | Step::Open(_, page) => (study.clone(), Arc::new(page)),
            _ => (study.clone(), Arc::default()),
        });
        if let Ok(known) = &computed {
            self.memo.put(key, known.clone());
        }
        (computed, false)
    }
}
