//! What can be asked of a notebook while its session is at work: everything that only reads.

use std::path::PathBuf;
use std::sync::Arc;

use super::behind::Behind;
use super::chain::{self, Chain, Entry};
use super::memo::Memo;
use super::variants::Variants;
use super::{Reply, Session};
use crate::caution::Caution;
use crate::commands::{self, Place, Run, Shown, Step, World};
use crate::error::Result;
use crate::page::Page;
use crate::render::words::Tried;
use crate::study::{Study, Workings};
use crate::task::Task;

/// The notebook as it stood at one moment; cheap to clone.
#[derive(Clone, Default)]
pub struct Reader {
    pub(super) folder: PathBuf,
    pub(super) cache: PathBuf,
    pub(super) memo: Arc<Memo>,
    pub(super) workings: Workings,
    pub(super) study: Study,
    pub(super) cells: Vec<Shown>,
    pub(super) forks: Variants,
    /// As [`World::tried`].
    pub(super) tried: Option<Tried>,
    /// Slow views of other variants are not waited for.
    pub(super) quick: bool,
}

/// What a request changes.
pub(super) enum Change {
    Undo,
    Save(PathBuf),
    Fork(String),
    Switch(String),
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader").field("cells", &self.cells.len()).finish_non_exhaustive()
    }
}

impl Reader {
    /// The answer to a line that only reads; none to one that changes the notebook or says nothing.
    ///
    /// # Errors
    /// What the line says wrong, or what its command stops at.
    pub fn answer(&self, line: &str, task: &Task) -> Result<Option<Reply>> {
        match commands::parse(line)? {
            Some(command) if command.spec().place == Place::Request => Ok(self.ask(&*command, task)?.ok()),
            _ => Ok(None),
        }
    }

    /// The answer to a request, or the change that only the session can make.
    pub(super) fn ask(&self, command: &dyn Run, task: &Task) -> Result<std::result::Result<Reply, Change>> {
        let Self { study, folder, cache, workings, cells, tried, .. } = self;
        Ok(match command.run(&World { study, task, folder, cache, workings, cells, tried: tried.as_ref() })? {
            Step::Show(page) | Step::Advance(_, page) => Ok(Reply::Page(Arc::new(page))),
            Step::Open(screen, page) => Ok(Reply::Open(screen, Arc::new(page))),
            Step::Copy { text, what } => Ok(Reply::Copied { text: text.into(), what }),
            Step::Tour(at) => Ok(Reply::Tour(at)),
            Step::Compare(names) => Ok(self.compare(&names, task)?),
            Step::Quit => Ok(Reply::Quit),
            Step::Undo => Err(Change::Undo),
            Step::Save(file) => Err(Change::Save(file)),
            Step::Fork(name) => Err(Change::Fork(name)),
            Step::Switch(name) => Err(Change::Switch(name)),
        })
    }

    /// What the notebook would be with this line in place of the cell of this number ([`Session::replace`]); nothing is kept
    /// but the memory of what was computed. `each` is given the number of a cell and the cell as soon as it is there, the
    /// quick ones first; of a view that is the view alone, since the others stand beside it as they are. Where slow views
    /// wait, gives what computes those that are not known.
    ///
    /// # Errors
    /// What the line says wrong, or that it was cancelled.
    pub fn rehearse(
        &self,
        at: usize,
        line: &str,
        task: &Task,
        each: &mut dyn FnMut(usize, &Entry),
    ) -> Result<Vec<Behind>> {
        let Some(command) = commands::parse(line)? else { return Ok(Vec::new()) };
        let (lines, placed) = chain::place(&self.lines(), &*command, Some(at));
        // A line that another cell has already is placed there, and the cell of this number stays as it is.
        let moves = |number: usize| command.spec().place != Place::View || number == at || number == placed;
        let walked = |(number, line): &(usize, String)| moves(*number) || chain::place_of(line) < Place::View;
        let (numbers, lines): (Vec<usize>, Vec<String>) = lines.into_iter().enumerate().filter(walked).unzip();
        let (entries, _) = self.chain(task).walk(&lines, &mut |walked, entry| {
            if !entry.waits() && moves(numbers[walked]) {
                each(numbers[walked], entry);
            }
        });
        task.check()?;
        let mut slow = Behind::of(self, &entries, &numbers);
        slow.retain(|behind| moves(behind.cell));
        Ok(slow)
    }

    /// Compute what [`Reader::rehearse`] of this line will ask for, but for what repeats the whole chain; only the memory of it
    /// is kept, and what is wrong with the line is said to nobody before the reader asks.
    pub fn foresee(&self, at: usize, line: &str, task: &Task) {
        let Ok(Some(command)) = commands::parse(line) else { return };
        let (mut lines, _) = chain::place(&self.lines(), &*command, Some(at));
        lines.retain(|line| !commands::parse(line).is_ok_and(|c| c.is_some_and(|c| c.retraces())));
        self.chain(task).thorough().walk(&lines, &mut |_, _| {});
    }

    fn lines(&self) -> Vec<String> {
        self.cells.iter().map(|cell| cell.line.clone()).collect()
    }

    pub(super) fn chain<'a>(&'a self, task: &'a Task) -> Chain<'a> {
        let Self { folder, cache, memo, workings, .. } = self;
        Chain { folder, cache, memo, workings, task, fresh: None, quick: self.quick, slow: None }
    }
}

impl Session {
    /// The notebook as it stands, for questions that do not wait for the session.
    pub fn reader(&self) -> Reader {
        Reader {
            folder: self.folder.clone(),
            cache: self.cache.clone(),
            memo: Arc::clone(&self.memo),
            workings: self.workings.clone(),
            study: self.study.clone(),
            cells: shown(&self.entries),
            forks: self.forks.clone(),
            quick: self.slow.behind,
            tried: self.journal.as_ref().map(|journal| journal.alternatives()),
        }
    }
}

/// The cells for a report; one that has no result says so in its place.
pub(super) fn shown(entries: &[Entry]) -> Vec<Shown> {
    let page = |e: &Entry| match &e.result {
        Ok(page) => Arc::clone(page),
        Err(error) => Arc::new(Page::new("Failed", error.unplaced()).caution(Caution::Note(error.unplaced()))),
    };
    let shown = |e: &Entry| Shown { line: e.line.clone(), ready: e.result.is_ok(), waits: e.waits(), page: page(e) };
    entries.iter().map(shown).collect()
}
