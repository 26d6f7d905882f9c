//! What the session's thread has done, taken over into the view.

use std::sync::Arc;

use super::act::{App, Flow};
use super::notebook::{Cell, Notebook, State};
use super::tune::Tuning;
use super::view::{Note, Pending, View};
use super::worker::{News, Work};
use crate::commands::{self, Place};
use crate::error::{Error, Result};
use crate::render::clipboard;
use crate::render::words::Tried;
use crate::session::Reply;
use crate::task::Task;

impl App {
    pub fn news(&mut self, id: u64, news: News) -> Flow {
        match self.hear(id, news) {
            Flow::On => self.awaited(id),
            flow => flow,
        }
    }

    fn hear(&mut self, id: u64, news: News) -> Flow {
        let pending = match news {
            News::Cell(..) | News::Tried(..) | News::Foreseen => None,
            _ => self.view.pending.iter().position(|p| p.id == id).map(|at| self.view.pending.remove(at)),
        };
        if pending.is_some() {
            self.view.tuning.iter_mut().for_each(|t| t.ahead.retain(|(job, _)| *job != id));
        }
        match news {
            News::Cell(at, cell) => self.cell(id, at, cell),
            News::Tried(at, cell) => self.tried(id, at, cell),
            News::Resumed(drifted, notebook) => {
                self.show(id, true, notebook);
                pending.iter().filter(|p| p.stopping).for_each(|p| self.taken_up(&p.task));
                self.elsewhere(&Tried::default());
                self.drifted(&drifted);
            }
            News::Replied(reply, notebook) => {
                let tuned = self.view.tuning.is_some();
                let before = Arc::clone(&self.view.notebook);
                let changed = reply.as_ref().is_ok_and(|r| r.changes() || matches!(r, Reply::Nothing));
                self.show(id, changed, notebook);
                if self.is_asked(id) {
                    self.answered(reply);
                    return Flow::On;
                }
                self.held &= !self.computes_anew(&before, &reply);
                self.renew_screen(&reply, tuned, id);
                let again = matches!(reply, Ok(Reply::Cell(at)) if self.is_as(&before, at));
                let flow = self.replied(reply, pending);
                if again && matches!(self.view.note, Note::Keys) && self.view.tour.is_none() {
                    self.say("it ran again, and nothing changed");
                }
                self.elsewhere(&before.tried);
                return flow;
            }
            News::Answered(answer) => return self.answer(id, answer, pending),
            // Under a step that moves the cells are others, and are computed with it.
            News::Found(Ok(found)) if self.view.tuning.as_ref().is_none_or(Tuning::is_view) => {
                self.send(Work::Settle(found), String::new(), Vec::new(), 0);
            }
            News::Found(Ok(_)) => {}
            News::Found(Err(error)) => {
                self.held = true;
                self.complain(&error);
            }
            News::Settled(result, notebook) => self.settled(result, notebook),
            News::Rehearsed(result) => self.rehearsed(id, result),
            News::Foreseen => self.foreseen(),
        }
        Flow::On
    }

    /// One more cell of the notebook that is being taken up.
    fn cell(&mut self, id: u64, at: usize, cell: Cell) {
        if let Some(pending) = self.view.pending.iter_mut().find(|p| p.id == id) {
            pending.stale.retain(|stale| *stale != at);
        }
        let cells = &mut Arc::make_mut(&mut self.view.notebook).cells;
        if let Some(old) = cells.get_mut(at).filter(|old| old.line == cell.line) {
            *old = cell;
        }
        self.beside();
    }

    /// What is there now stands beside a view that moves.
    fn beside(&mut self) {
        let View { tuning, notebook, .. } = &mut self.view;
        tuning.iter_mut().for_each(|tuning| tuning.beside(&notebook.cells));
    }

    /// The reader stopped the notebook while it was taken up, or was too late for that.
    fn taken_up(&mut self, task: &Task) {
        let waiting = || self.view.notebook.cells.iter().filter(|c| c.state == State::Waiting);
        let kept = task.kept().map_or(String::new(), |kept| format!("{kept}; "));
        let slow: Vec<String> = waiting().map(|c| format!("`{}`", c.name)).collect();
        let text = match waiting().count() {
            0 => "the notebook was there before it could be stopped".into(),
            _ if waiting().all(|c| c.slow) => {
                format!("all is there but {}: its line again, or a change above, computes it", slow.join(", "))
            }
            1 => format!("stopped; {kept}1 cell is not computed, the next line computes it"),
            count => format!("stopped; {kept}{count} cells are not computed, the next line computes them"),
        };
        self.say(&text);
    }

    fn drifted(&mut self, drifted: &[usize]) {
        let cells: Vec<String> = drifted.iter().map(|at| (at + 1).to_string()).collect();
        let (cell, are) = if cells.len() == 1 { ("cell", "is") } else { ("cells", "are") };
        let cells = cells.join(", ");
        match self.view.notebook.edited {
            _ if drifted.is_empty() => {}
            true => {
                self.say(&format!("lines of the file were changed by hand, so {cell} {cells} {are} not as recorded"))
            }
            false => self.say(&format!("not what the file recorded any more: {cell} {cells}")),
        }
    }

    /// Say that alternatives were tried elsewhere, once they are known of and where nothing else is said.
    fn elsewhere(&mut self, before: &Tried) {
        let beside = self.view.notebook.tried.beside().filter(|_| before.elsewhere.is_empty());
        if let Some(beside) = beside.filter(|_| matches!(self.view.note, Note::Keys) && self.view.tour.is_none()) {
            self.say(&beside);
        }
    }

    /// Slow views have their places.
    fn settled(&mut self, result: Result<Vec<usize>>, notebook: Arc<Notebook>) {
        self.take_over(notebook);
        let asked = self.asked.take_if(|_| self.view.notebook.behind.is_none());
        match result {
            Ok(drifted) => self.drifted(&drifted),
            Err(error) => self.give_up(&error, asked.as_ref()),
        }
        if self.view.tuning.is_none() {
            self.renew_screen(&Ok(Reply::Nothing), true, 0);
        }
    }

    /// What was stopped is computed again: what it stands on is another than before or was not there, or a line asks for a
    /// slow view. A view beside it is no such line.
    fn computes_anew(&self, before: &Notebook, reply: &Result<Reply>) -> bool {
        let now = &self.view.notebook;
        let asked = matches!(reply, Ok(Reply::Cell(at)) if now.cells.get(*at).is_some_and(|c| c.slow));
        let is_new = |c: &Cell| c.slow && c.state != State::Ready && before.cells.iter().all(|old| old.line != c.line);
        let steps = |of: &Notebook| {
            let steps = of.cells.iter().filter(|c| matches!(c.place, Place::Step(_)));
            steps.map(|c| c.line.clone()).collect::<Vec<_>>()
        };
        let lacked = |of: &Notebook| of.cells.iter().any(|c| c.state == State::Waiting && !c.slow);
        asked
            || now.cells.iter().any(is_new)
            || steps(before) != steps(now)
            || before.study.fingerprint() != now.study.fingerprint()
            || lacked(before) && !lacked(now)
    }

    /// The cell of this number says what it said before, and all the others stand on what they stood on.
    fn is_as(&self, before: &Notebook, at: usize) -> bool {
        let (old, new) = (&before.cells, &self.view.notebook.cells);
        let same = |at: usize| {
            let pair = old.get(at).zip(new.get(at));
            pair.is_some_and(|(a, b)| {
                a.line == b.line && a.state == State::Ready && a.state == b.state && a.page == b.page
            })
        };
        let study = before.study.fingerprint() == self.view.notebook.study.fingerprint();
        study && old.len() == new.len() && same(at)
    }

    /// The answer to what a key asked.
    fn answer(&mut self, id: u64, answer: Result<Option<Reply>>, pending: Option<Pending>) -> Flow {
        match answer.transpose() {
            None => {
                let line = pending.map(|p| p.line).unwrap_or_default();
                self.send(Work::Submit(line.clone()), line, Vec::new(), 0);
                Flow::On
            }
            Some(reply) if self.is_asked(id) => {
                self.answered(reply);
                Flow::On
            }
            Some(reply) => self.replied(reply, pending),
        }
    }

    /// One more cell of the notebook that is rehearsed; of an overtaken rehearsal no more.
    fn tried(&mut self, id: u64, at: usize, cell: Cell) {
        if let Some(tuning) = self.view.tuning.as_mut().filter(|t| t.job == Some(id)) {
            tuning.cell(at, cell, &self.view.notebook.cells);
        }
    }

    fn replied(&mut self, reply: Result<Reply>, pending: Option<Pending>) -> Flow {
        let line = pending.as_ref().map(|p| p.line.clone()).unwrap_or_default();
        let changed = reply.as_ref().is_ok_and(Reply::changes);
        if reply.is_ok() && pending.as_ref().is_some_and(|p| p.stopping) {
            let what = if line.is_empty() { "it".into() } else { format!("`{}`", commands::short(&line)) };
            self.say(&format!("{what} had ended before it could be stopped"));
        }
        self.ended(pending.as_ref().map_or(0, |p| p.together), reply.is_ok());
        match reply {
            Ok(Reply::Cell(at)) => {
                // A mark that was moved, or a help that was opened, while a kept threshold ran stays.
                let keeps = pending.as_ref().and_then(|p| p.keeps);
                self.view.aside.take_if(|_| keeps.is_none());
                if keeps.is_none_or(|keeps| keeps.chosen == self.view.chosen) {
                    self.view.chosen = at;
                }
                self.view.scrolled[at] = Default::default();
                let waits = self.view.notebook.cells.get(at).is_some_and(|c| c.slow && c.state != State::Ready);
                self.asked = pending.filter(|_| waits);
                self.toured(&line);
            }
            Ok(Reply::Page(page)) => self.aside(&line, page),
            // It was closed, or stopped, while its page was on the way.
            Ok(Reply::Open(..)) if pending.as_ref().is_some_and(|p| p.task.check().is_err()) => {}
            Ok(Reply::Open(screen, page)) => {
                self.opened_by = pending.map_or(0, |p| p.id);
                self.opened(screen, line, page);
            }
            Ok(Reply::Undone(Some(undone))) => {
                self.view.chosen = undone.at;
                self.say(&undone.to_string());
            }
            Ok(Reply::Undone(None)) => self.say("there is no change to take back"),
            Ok(Reply::Switched(switched)) => self.say(&switched.to_string()),
            Ok(Reply::Nothing) => {}
            Ok(Reply::Copied { text, what }) => {
                self.aloud = clipboard::sequence(&text);
                self.say(&what);
            }
            Ok(Reply::Tour(at)) => self.tour(at),
            Ok(Reply::Quit) => return self.leave(),
            // What an open screen does not wait for any more, or what a failed line took with it, stops without a word.
            Err(Error::Cancelled) if pending.as_ref().is_none_or(|p| !p.stopping) => {}
            Err(Error::Cancelled) => self.stopped(pending),
            Err(error) => self.give_up(&error, pending.as_ref()),
        }
        if changed {
            self.warn_unsaved();
        }
        Flow::On
    }

    /// Take over what the session holds after job `id`, and what that makes of a threshold that moves.
    fn show(&mut self, id: u64, changed: bool, notebook: Arc<Notebook>) {
        self.take_over(notebook);
        let kept = self.view.tuning.as_ref().is_some_and(|t| t.kept == Some(id));
        let tried = self.view.tried().map(|t| t.line.clone());
        self.view.tuning = self.view.tuning.take().and_then(|t| t.after(id, changed, &self.view.notebook.cells));
        if kept && !changed {
            self.follow();
        }
        tried.filter(|_| self.view.tuning.is_none()).iter().for_each(|line| self.not_kept(line));
    }

    fn take_over(&mut self, notebook: Arc<Notebook>) {
        // What is computed behind for numbers or a line that are gone stops.
        let kept = |c: &Cell| notebook.cells.iter().any(|now| now.line == c.line);
        let mut waited = self.view.notebook.cells.iter().filter(|c| c.slow && c.state != State::Ready);
        if notebook.study.fingerprint() != self.view.notebook.study.fingerprint() || !waited.all(kept) {
            self.view.pending.iter().filter(|p| p.behind).for_each(|p| p.task.cancel());
        }
        let notebook = Arc::unwrap_or_clone(notebook).after(&self.view.notebook);
        self.view.chosen = self.view.chosen.min(notebook.cells.len().saturating_sub(1));
        self.view.scrolled.resize(notebook.cells.len(), Default::default());
        self.view.notebook = Arc::new(notebook);
        self.beside();
    }
}
