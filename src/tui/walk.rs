//! Moving about in the notebook: cells, panes, the page; and moving a threshold.

use super::act::App;
use super::layout;
use super::notebook::Cell;
use super::tune::{KEEP_FIRST, Tuning};
use super::view::{Aside, Focus, Keeps, Note, View};
use super::worker::Work;
use crate::commands::Place;
use crate::commands::dial::{self, Turn};
use crate::error::{Error, Result};
use crate::render::cells;
use crate::session::Behind;

impl App {
    /// Up or down: a cell, or a row of the page.
    pub(super) fn step(&mut self, by: isize) {
        let at_page = self.at_page();
        if at_page { self.scroll(by, 0) } else { self.choose(self.view.chosen.saturating_add_signed(by)) }
    }

    /// To the first or last: cell, or row of the page.
    pub(super) fn end(&mut self, by: isize) {
        let at_page = self.at_page();
        match at_page {
            true => self.scroll(by.saturating_mul(isize::MAX / 2), 0),
            false => self.choose(if by < 0 { 0 } else { usize::MAX }),
        }
    }

    /// The arrows move in the page: it is chosen, or there is no cell to go to.
    fn at_page(&self) -> bool {
        let View { focus, zoomed, aside, .. } = &self.view;
        *focus == Focus::Page || *zoomed || aside.is_some() || self.view.cells().is_empty()
    }

    pub(super) fn scroll(&mut self, rows: isize, columns: isize) {
        let place = layout::places(&self.view).page;
        let theme = self.view.theme;
        let Some((_, page, scrolled)) = self.view.page() else { return };
        let scrolled = scrolled.scrolled(rows, columns, page, place, theme);
        match &mut self.view.aside {
            Some(aside) => aside.scrolled = scrolled,
            None => {
                let chosen = self.view.chosen;
                self.view.scrolled.resize(self.view.scrolled.len().max(chosen + 1), Default::default());
                self.view.scrolled[chosen] = scrolled;
            }
        }
    }

    /// Rows that PgUp and PgDn go: all but two that stay in sight.
    pub(super) fn screenful(&self) -> isize {
        isize::try_from(layout::places(&self.view).page.height.saturating_sub(2).max(1)).unwrap_or(1)
    }

    /// Between cells and page; in a help the next of its examples; where there is nothing to move in yet, the commands.
    pub(super) fn other_pane(&mut self) {
        if let Some(aside) = self.view.aside.as_mut().filter(|a| a.example().is_some()) {
            aside.example += 1;
            return;
        }
        if self.view.notebook.cells.is_empty() {
            return self.complete();
        }
        self.view.focus = if self.view.focus == Focus::Cells { Focus::Page } else { Focus::Cells };
        self.view.zoomed = false;
    }

    /// Out of what is on top: an answer, the page alone, the page.
    pub(super) fn back(&mut self) {
        self.view.note = Note::Keys;
        if self.view.aside.take().is_none() {
            self.view.zoomed = false;
            self.view.focus = Focus::Cells;
        }
    }

    /// Enter: the cell's line into the prompt; in a help its example, which another Enter runs.
    pub(super) fn edit_cell(&mut self) {
        if let Some(example) = self.view.aside.as_ref().and_then(Aside::example).map(str::to_string) {
            self.view.prompt.set(&example);
            return self.say("the example is in the prompt: change it or press Enter; Esc puts it aside");
        }
        if let (None, Some(cell)) = (&self.view.aside, self.view.cells().get(self.view.chosen)) {
            let line = cell.short.clone();
            self.view.prompt.set(&line);
            self.say("change the line and press Enter; Esc puts it aside");
        }
    }

    pub(super) fn remove_cell(&mut self) {
        let at = self.view.chosen;
        if self.view.aside.is_none() && at < self.view.notebook.cells.len() {
            let gone = self.view.notebook.cells[at].short.clone();
            let below = (at..self.view.notebook.cells.len()).collect();
            self.send(Work::Remove(at), String::new(), below, 0);
            self.say(&format!("`{gone}` is taken out; `undo` brings it back"));
        }
    }

    /// The table of the chosen cell that is in sight to the clipboard, by the line that does it; on a screen beside the
    /// notebook what is in sight there.
    pub(super) fn copy(&mut self) {
        if self.view.screen().is_some() {
            return self.copy_beside();
        }
        match self.view.cells().get(self.view.chosen) {
            // What covers the cell is no cell, and `copy` takes tables of cells.
            Some(_) if self.view.aside.is_some() => {
                self.say("no table of a cell is in sight; Esc goes back to the cells")
            }
            Some(_) if self.view.tried().is_some() => self.say(KEEP_FIRST),
            Some(cell) => {
                let number = self.view.page().map_or(1, |(_, page, scrolled)| {
                    cells::table_in_sight(page, &scrolled, layout::places(&self.view).page, self.view.theme)
                });
                let which = if number > 1 { format!(".{number}") } else { String::new() };
                let line = format!("copy {}{which}", cell.name);
                self.ask_line(line.clone(), line);
            }
            None => self.say("there is no cell whose table could be copied"),
        }
    }

    /// Move the threshold of the chosen cell, or go on moving the one that is being moved, and show the notebook as it
    /// would be. An older computation is stopped.
    pub(super) fn nudge(&mut self, up: bool) {
        let (at, line) = match self.view.tried() {
            Some(tuning) => (tuning.at, tuning.line.clone()),
            None => match self.view.standing(self.view.chosen) {
                Some(line) => (self.view.chosen, line),
                None => return self.say("there is no cell whose threshold could move"),
            },
        };
        let turn = if up { Turn::Up } else { Turn::Down };
        let page = self.view.notebook.cells.get(at).map(|c| &*c.page);
        let turned = dial::dials(&line, page, None).map(|dials| dials.first().map(|d| d.turned(turn)));
        match turned {
            Err(error) => self.complain(&error),
            Ok(Some(None)) => self.say("the threshold is at its end"),
            Ok(None) => {
                let name = self.view.notebook.cells[at].name.clone();
                self.say(&format!(
                    "`{name}` has no threshold to move; choose a step such as icc or lasso with Up and Down"
                ));
            }
            Ok(Some(Some(line))) => self.rehearse(at, line),
        }
    }

    /// Enter: the moved threshold becomes a line like any other. What is shown stays until it is one.
    pub(super) fn keep_tuned(&mut self) {
        if let Some(tuning) = self.view.tried() {
            let (line, at, stale) = (tuning.line.clone(), tuning.at, tuning.stale.clone());
            self.stop_rehearsal();
            let ahead = self.ahead_of();
            let id = self.send(Work::Replace(at, line.clone()), line, stale, 0);
            let keeps = Keeps { at, chosen: self.view.chosen };
            self.view.pending.iter_mut().filter(|p| p.id == id).for_each(|p| p.keeps = Some(keeps));
            self.view.tuning.iter_mut().for_each(|t| (t.kept, t.ahead) = (Some(id), ahead.clone()));
        }
    }

    /// The lines that the session runs first, and their commands.
    fn ahead_of(&self) -> Vec<(u64, String)> {
        let runs = self.view.pending.iter().filter(|p| p.behind.is_none() && p.task.check().is_ok());
        runs.filter_map(|p| Some((p.id, p.line.split_whitespace().next()?.to_string()))).collect()
    }

    /// Esc: the notebook as it was. What is kept already stays kept.
    pub(super) fn end_tuning(&mut self) {
        if self.view.tried().is_some() {
            self.stop_rehearsal();
            self.view.tuning = None;
            self.view.note = Note::Keys;
            self.follow();
        }
    }

    /// All that is quick of the notebook as it would be is there.
    pub(super) fn rehearsed(&mut self, id: u64, result: Result<Vec<Behind>>) {
        let Some(mut tuning) = self.view.tuning.take_if(|t| t.job == Some(id)) else { return };
        tuning.job = None;
        match result {
            Ok(slow) => {
                tuning.slow = slow;
                self.view.tuning = Some(tuning);
            }
            Err(Error::Cancelled) => {
                self.view.tuning = Some(tuning.halted());
                let goes_on =
                    self.goes_on().map_or(String::new(), |goes_on| format!("; {goes_on}, Ctrl-C stops it too"));
                self.say(&format!("stopped; Enter keeps it, Esc goes back{goes_on}"));
            }
            Err(error) => {
                self.follow();
                self.complain(&error);
            }
        }
    }

    /// The notebook as it would be with this line. A step that takes long is only proposed: Enter runs it.
    pub(super) fn rehearse(&mut self, at: usize, line: String) {
        self.stop_rehearsal();
        // What another cell would be is not a part of it.
        let other = self.view.tuning.take_if(|t| t.kept.is_none() && t.at != at).map(|t| t.line);
        let proposed = self.proposes(at).map(|c| format!("only proposed: Enter runs `{}`", c.name));
        let mut tuning = Tuning::of(at, line, &self.view.notebook.cells, self.view.tuning.take());
        let changes = self.view.changes();
        if proposed.is_none() {
            tuning.job = Some(self.rehearse_line(at, tuning.line.clone()));
        }
        (tuning.proposed, tuning.begun) = (proposed, if changes { self.next } else { 0 });
        self.view.tuning = Some(tuning);
        self.view.aside = None;
        self.view.note = Note::Keys;
        other.iter().for_each(|line| self.not_kept(line));
    }

    /// The cell of this number where a new line of it is only proposed: a step that takes long.
    pub(super) fn proposes(&self, at: usize) -> Option<&Cell> {
        self.view.notebook.cells.get(at).filter(|c| c.slow && matches!(c.place, Place::Step(_)))
    }

    fn stop_rehearsal(&mut self) {
        if let Some(job) = self.view.tuning.as_mut().and_then(|t| t.job.take()) {
            self.view.pending.iter_mut().filter(|p| p.id == job).for_each(|p| {
                p.task.cancel();
                p.stopping = true;
            });
        }
    }

    fn choose(&mut self, at: usize) {
        self.view.chosen = at.min(self.view.cells().len().saturating_sub(1));
    }
}
