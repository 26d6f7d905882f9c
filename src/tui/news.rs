//! What the session's thread has done, taken over into the view.

use std::sync::Arc;

use super::act::{App, Flow};
use super::notebook::{Cell, Notebook, State};
use super::view::{Note, Pending, View};
use super::worker::{News, Work};
use crate::commands;
use crate::error::{Error, Result};
use crate::render::clipboard;
use crate::render::words::Tried;
use crate::session::{Behind, Found, Key, Reply};
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
                if let Some(pending) = pending.filter(|p| p.stopping) {
                    self.view.stop_behind();
                    self.taken_up(&pending.task);
                }
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
                if let Ok(Reply::Cell(at)) = &reply {
                    // Its own line begins again what was stopped.
                    let key = self.view.notebook.cells.get(*at).and_then(|c| c.key.as_ref());
                    key.iter().for_each(|key| _ = self.view.stopped.remove(*key));
                }
                self.renew_screen(&reply, tuned, id);
                let again = match reply {
                    Ok(Reply::Cell(at)) if self.is_as(&before, at) => before.cells.get(at).map(|c| c.name.clone()),
                    _ => None,
                };
                let flow = self.replied(reply, pending);
                let quiet = matches!(self.view.note, Note::Keys) && self.view.tour.is_none();
                again
                    .filter(|_| quiet)
                    .iter()
                    .for_each(|name| self.say(&format!("`{name}` ran again, and nothing changed")));
                self.elsewhere(&before.tried);
                return flow;
            }
            News::Answered(answer) => return self.answer(id, answer, pending),
            News::Found(found) => self.found(found, pending.and_then(|p| p.behind)),
            News::Settled(line, result, notebook) => self.settled(&line, result, notebook),
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

    /// A slow view was computed behind, as far as it was: it goes where it is waited for. One that cannot be computed, or is
    /// of other inputs than it was begun for, is not begun again by itself.
    fn found(&mut self, found: Result<Box<Found>>, key: Option<Key>) {
        match found {
            Ok(found) if found.entry.waits() => {}
            Ok(found) => {
                self.view.stopped.extend(key.filter(|key| found.key() != Some(key)));
                let View { tuning, notebook, .. } = &mut self.view;
                tuning.iter_mut().for_each(|tuning| tuning.found(&found, &notebook.cells));
                if notebook.behind.iter().any(|b| found.key() == Some(&b.key)) {
                    self.send(Work::Settle(found), String::new(), Vec::new(), 0);
                }
            }
            Err(error) => {
                self.view.stopped.extend(key);
                self.complain(&error);
            }
        }
    }

    /// The slow view of this line has its place.
    fn settled(&mut self, line: &str, result: Result<Vec<usize>>, notebook: Arc<Notebook>) {
        self.take_over(notebook);
        let asked = self.asked.iter().position(|(full, _)| full == line).map(|at| self.asked.remove(at).1);
        match result {
            Ok(drifted) => self.drifted(&drifted),
            Err(error) => self.give_up(&error, asked.as_ref()),
        }
        if self.view.tuning.is_none() {
            self.renew_screen(&Ok(Reply::Nothing), true, 0);
        }
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
                let waits = self.view.notebook.cells.get(at).filter(|c| c.slow && c.state != State::Ready);
                self.asked.extend(waits.map(|c| c.line.clone()).zip(pending));
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
        // What was stopped waits on where it stands on what it stood on; what is new, or kept now, does not.
        let has = |of: &[Behind], key: &Key| of.iter().any(|b| b.key == *key);
        let tried = self.view.tried().map_or_else(Vec::new, |t| t.slow.clone());
        let before = &self.view.notebook.behind;
        self.view.stopped.retain(|key| has(before, key) && has(&notebook.behind, key) || has(&tried, key));
        let notebook = Arc::unwrap_or_clone(notebook).after(&self.view.notebook);
        self.view.chosen = self.view.chosen.min(notebook.cells.len().saturating_sub(1));
        self.view.scrolled.resize(notebook.cells.len(), Default::default());
        self.view.notebook = Arc::new(notebook);
        self.beside();
    }
}
