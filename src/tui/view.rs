//! What the reader looks at: the only thing that changes while keys are pressed, and all that drawing reads.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Instant;

use ratatui::layout::Rect;

use super::find::Find;
use super::notebook::{Cell, Notebook, State};
use super::prompt::Prompt;
use super::screens::Open;
use super::start::start;
use super::tune::Tuning;
use crate::commands::{self, Place, Run};
use crate::page::Page;
use crate::render::cells::PageView;
use crate::render::theme::{Glyphs, Theme};
use crate::session::{Behind, Key};
use crate::task::{Progress, Task};

pub struct View {
    pub area: Rect,
    pub theme: Theme,
    pub notebook: Arc<Notebook>,
    /// Number of the chosen cell.
    pub chosen: usize,
    pub focus: Focus,
    /// The page has the whole width.
    pub zoomed: bool,
    /// Where each cell's page is scrolled to, by number.
    pub scrolled: Vec<PageView>,
    /// Shown in place of the chosen cell's page.
    pub aside: Option<Aside>,
    /// The screen beside the notebook that is open.
    pub open: Option<Open>,
    pub tuning: Option<Tuning>,
    /// The cell and the flag that were chosen when the screen of thresholds was left.
    pub stood: Option<(String, String)>,
    /// Words that are looked for in the page.
    pub find: Option<Find>,
    pub prompt: Prompt,
    pub note: Note,
    /// Jobs that run or wait, oldest first.
    pub pending: Vec<Pending>,
    /// Slow views that the reader stopped: they wait for their own line, or a change of what they are computed from.
    pub stopped: HashSet<Key>,
    /// The stop of the tour that comes next.
    pub tour: Option<usize>,
}

/// The pane the arrows act on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Focus {
    Cells,
    Page,
}

/// An answer that is no cell: help, the keys.
pub struct Aside {
    pub line: String,
    pub page: Arc<Page>,
    pub scrolled: PageView,
    /// Which of the page's examples Enter runs.
    pub example: usize,
}

impl Aside {
    /// The example that Enter runs; none where the page has none.
    pub fn example(&self) -> Option<&str> {
        let examples = self.page.values.get("example")?.as_array()?;
        examples.get(self.example % examples.len().max(1))?.as_str()
    }
}

/// What is said under the prompt.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Note {
    /// The keys that matter now.
    #[default]
    Keys,
    Said(String),
    Error {
        sentence: String,
        remedy: String,
        /// The line it speaks of, and those that waited behind it and were not run.
        of: String,
        /// The same with the line that does what the remedy says.
        mended: Option<String>,
    },
}

/// A job the worker has not finished.
pub struct Pending {
    pub id: u64,
    /// What was typed; empty for what nobody typed.
    pub line: String,
    pub task: Task,
    pub since: Instant,
    /// The numbers of the cells that it computes anew, without those that are there already.
    pub stale: Vec<usize>,
    /// Lines typed together are remembered together. 0 where nobody typed it: when a typed one fails, those typed after it
    /// are not run.
    pub together: u64,
    pub stopping: bool,
    /// It computes a slow view behind, under this key.
    pub behind: Option<Key>,
    /// It keeps a moved threshold.
    pub keeps: Option<Keeps>,
    /// The notebook may be another when it is done.
    pub changes: bool,
}

impl Pending {
    /// How far it is, where that is counted and not over.
    pub fn how_far(&self) -> Option<Progress> {
        self.task.progress().filter(|p| p.done < p.total)
    }

    /// Its line passes on what a slow view says that is not there yet.
    pub fn waits_for_slow(&self, cells: &[Cell]) -> bool {
        let waits = |cell: &Cell| cell.slow && matches!(cell.state, State::Waiting | State::Old);
        let passes_on = |command: &dyn Run| cells.iter().any(|c| waits(c) && commands::passes_on(command, &c.line));
        commands::parse(&self.line).ok().flatten().is_some_and(|command| passes_on(&*command))
    }
}

/// Its line takes the place of the cell of this number.
#[derive(Clone, Copy, Debug)]
pub struct Keeps {
    pub at: usize,
    /// The cell that was chosen then.
    pub chosen: usize,
}

/// The mark of what is shown as it was, or is not there yet.
pub fn old_mark(glyphs: Glyphs) -> &'static str {
    if glyphs == Glyphs::Braille { "…" } else { "~" }
}

impl View {
    /// The cells as they are, or as they would be while a threshold is moved.
    pub fn cells(&self) -> &[Cell] {
        self.tuning.as_ref().map_or(&self.notebook.cells, |t| &t.cells)
    }

    /// The threshold that moves and is not kept.
    pub fn tried(&self) -> Option<&Tuning> {
        self.tuning.as_ref().filter(|t| t.kept.is_none())
    }

    /// Moved thresholds that are being made lines of the notebook, oldest first.
    pub fn keeping(&self) -> impl DoubleEndedIterator<Item = (&Pending, Keeps)> {
        self.pending.iter().filter(|p| !p.stopping).filter_map(|p| Some((p, p.keeps?)))
    }

    /// The lines that run or wait and would be missed: typed ones, and thresholds that are kept.
    pub fn not_done(&self) -> impl Iterator<Item = &str> {
        let missed = |p: &&Pending| (p.together != 0 || p.keeps.is_some()) && p.task.check().is_ok();
        self.pending.iter().filter(missed).map(|p| p.line.as_str())
    }

    /// The line of a cell, once what was kept, and a step that was typed, is in the notebook.
    pub fn standing(&self, at: usize) -> Option<String> {
        let cell = self.notebook.cells.get(at)?;
        let typed = |p: &Pending| {
            let command = commands::parse(&p.line).ok().flatten()?;
            let spec = command.spec();
            (spec.name == cell.name && matches!(spec.place, Place::Step(_))).then(|| command.line())
        };
        let coming = self.pending.iter().rev().filter(|p| !p.stopping).find_map(|p| match p.keeps {
            Some(keeps) => (keeps.at == at).then(|| p.line.clone()),
            None => typed(p),
        });
        Some(coming.unwrap_or_else(|| cell.line.clone()))
    }

    /// The screen that is seen: an answer covers it.
    pub fn screen(&self) -> Option<&Open> {
        self.open.as_ref().filter(|_| self.aside.is_none())
    }

    /// The page on show, with its line and where it is scrolled to.
    pub fn page(&self) -> Option<(&str, &Page, PageView)> {
        if let Some(aside) = &self.aside {
            return Some((&aside.line, &aside.page, aside.scrolled));
        }
        let scrolled = self.scrolled.get(self.chosen).copied().unwrap_or_default();
        if self.cells().is_empty() {
            return Some(("", start(self.tour.is_some()), scrolled));
        }
        let cell = self.cells().get(self.chosen)?;
        Some((&cell.short, &cell.page, scrolled))
    }

    /// The cell of this number is being computed anew: what is shown of it is old.
    pub fn is_stale(&self, at: usize) -> bool {
        let tuned = self.tuning.as_ref().is_some_and(|t| t.stale.contains(&at));
        let comes = self.cells().get(at).is_some_and(|c| self.comes(c));
        tuned || comes || self.is_old(at) || self.pending.iter().any(|p| p.stale.contains(&at))
    }

    fn is_old(&self, at: usize) -> bool {
        self.cells().get(at).is_some_and(|c| c.state == State::Old)
    }

    /// Something that runs or waits may make the notebook another. What stands behind a line that waits for a slow view does
    /// so only when that is there; a kept threshold counts all the same, as its cell shows it already.
    pub fn changes(&self) -> bool {
        let waits = |p: &Pending| p.waits_for_slow(&self.notebook.cells);
        self.pending.iter().take_while(|p| !waits(p)).any(|p| p.changes) || self.keeping().next().is_some()
    }

    /// A key asked for numbers, and quick ones are not there yet.
    pub fn waits(&self) -> bool {
        self.tuning.as_ref().is_some_and(Tuning::waits)
    }

    /// The slow views that somebody waits for: those of the notebook, then those of the threshold that moves.
    pub fn wanted(&self) -> impl Iterator<Item = &Behind> {
        self.notebook.behind.iter().chain(self.moving())
    }

    /// The slow views of the threshold that moves which are not the notebook's too.
    pub fn moving(&self) -> impl Iterator<Item = &Behind> {
        let kept = |b: &&Behind| self.notebook.behind.iter().all(|kept| kept.key != b.key);
        self.tuning.iter().flat_map(|t| &t.slow).filter(kept)
    }

    /// What computes the slow view of this key.
    pub fn computes(&self, key: &Key) -> Option<&Pending> {
        self.pending.iter().find(|p| p.behind.as_ref() == Some(key) && p.task.check().is_ok())
    }

    /// How far what is computed behind is: for a threshold that moves, and else for the notebook.
    pub fn behind(&self) -> Option<Progress> {
        self.moving().chain(&self.notebook.behind).find_map(|b| self.computes(&b.key)?.how_far())
    }

    /// The notebook's slow views that are not there are stopped.
    pub fn stop_behind(&mut self) {
        self.stopped.extend(self.notebook.behind.iter().map(|b| b.key.clone()));
    }

    /// This slow view of the notebook comes by itself.
    fn comes(&self, cell: &Cell) -> bool {
        let key = cell.key.as_ref().filter(|_| matches!(cell.state, State::Waiting | State::Old));
        key.is_some_and(|key| !self.stopped.contains(key))
    }

    /// A word beside what is shown of this cell while it is old; none where it is not.
    pub fn age(&self, at: usize) -> Option<String> {
        if !self.is_stale(at) {
            return None;
        }
        let Some(tuning) = self.tuning.as_ref().filter(|t| t.moves_cell(at)) else {
            let computed = self.pending.iter().any(|p| p.stale.contains(&at) && !p.stopping);
            let cell = self.cells().get(at).filter(|c| self.comes(c));
            let job = cell.and_then(|c| self.computes(c.key.as_ref()?));
            let text = match (job, cell) {
                (Some(job), _) => job.how_far().map_or("computing".into(), |p| format!("{}/{}", p.done, p.total)),
                _ if computed => "computing".into(),
                (None, Some(_)) => "waits".into(),
                (None, None) => "a change above computes it".into(),
            };
            return Some(if self.is_old(at) { format!("as it was; {text}") } else { text });
        };
        let slow = tuning.cells.get(at).is_some_and(|c| c.slow);
        let behind = tuning.slow.iter().find(|b| b.cell == at);
        let stopped = behind.is_some_and(|b| self.stopped.contains(&b.key));
        let nothing = tuning.job.is_none() && tuning.kept.is_none_or(|_| self.pending.is_empty());
        Some(match behind.and_then(|b| self.computes(&b.key)?.how_far()) {
            Some(p) => format!("as it was, {}/{}", p.done, p.total),
            None if nothing && (behind.is_none() || stopped) => "as it was".into(),
            None if slow => "as it was, waits".into(),
            None => "computing".into(),
        })
    }
}
