//! Work handed out: changes to the session's thread; questions, slow views and moved thresholds to threads of their own.

use std::time::Instant;

use super::act::App;
use super::notebook::{Cell, State};
use super::view::Pending;
use super::worker::{Job, Order, Work};
use crate::commands::{self, Place, Run};
use crate::task::Task;

impl App {
    /// Hand work to the session's thread. What changes the numbers overtakes what is computed behind.
    pub(super) fn send(&mut self, work: Work, line: String, stale: Vec<usize>, together: u64) -> u64 {
        match &work {
            Work::Rehearse(_, line) | Work::Replace(_, line) | Work::Submit(line) => self.overtake(line),
            Work::Remove(_) => self.stop_behind(),
            Work::Resume(_) | Work::Settle(_) | Work::Finish => {}
        }
        self.foresight.rest(if let Work::Rehearse(_, line) = &work { Some(line) } else { None });
        let changes = match &work {
            Work::Rehearse(..) | Work::Settle(_) => false,
            Work::Submit(line) => !commands::parse(line).ok().flatten().is_some_and(|command| command.reads_pages()),
            Work::Resume(_) | Work::Replace(..) | Work::Remove(_) | Work::Finish => true,
        };
        let waits = |p: &Pending| p.together != 0 && p.task.check().is_ok();
        let order = match together {
            0 => Order::Apart,
            _ if self.view.pending.iter().any(waits) => Order::After,
            _ => Order::First,
        };
        let (id, task) = self.pend(line, stale, together, false);
        self.view.pending.iter_mut().filter(|p| p.id == id).for_each(|p| p.changes = changes);
        // The worker outlives the screen; were it gone, its end would have been told.
        let _ = self.jobs.send(Job { id, work, task, order });
        id
    }

    /// The notebook as it would be with this line for a cell: of what is shown, whatever the session is at, and where that may
    /// change the notebook, behind it.
    pub(super) fn rehearse_line(&mut self, at: usize, line: String) -> u64 {
        if self.view.changes() {
            return self.send(Work::Rehearse(at, line), String::new(), Vec::new(), 0);
        }
        self.overtake(&line);
        self.foresight.rest(Some(&line));
        let reader = self.view.notebook.reader.clone();
        let (id, task) = self.pend(String::new(), Vec::new(), 0, false);
        self.desk.rehearse(id, reader, (at, line), task);
        id
    }

    /// A step gives what is computed behind other numbers to stand on; a view does not.
    fn overtake(&mut self, line: &str) {
        let command = commands::parse(line).ok().flatten();
        if command.is_some_and(|c| matches!(c.spec().place, Place::Step(_))) {
            self.stop_behind();
        }
    }

    /// Nothing is computed behind any more, but for a line that passes on what it says and waits for it.
    fn stop_behind(&self) {
        if !self.view.pending.iter().any(|p| p.task.check().is_ok() && p.waits_for_slow(&self.view.notebook.cells)) {
            self.view.pending.iter().filter(|p| p.behind).for_each(|p| p.task.cancel());
        }
    }

    /// The notebook is still being taken up.
    pub(super) fn takes_up(&self) -> bool {
        self.view.pending.iter().any(|p| p.id == self.opening)
    }

    /// A line that a key stands for. What only reads is answered at once, of the notebook as it is shown, whatever the session
    /// is doing.
    pub(super) fn ask_line(&mut self, line: String, label: String) -> u64 {
        // A notebook that is still being taken up would be answered of as an empty one.
        if self.takes_up() {
            self.say("it follows once the notebook is there");
            return self.send(Work::Submit(line), label, Vec::new(), 0);
        }
        let command = commands::parse(&line).ok().flatten();
        let behind = self.view.notebook.behind.is_some();
        let slow =
            |c: &dyn Run| self.view.notebook.cells.iter().any(|cell| cell.slow && commands::passes_on(c, &cell.line));
        if command.is_none_or(|c| c.spec().place != Place::Request || behind && slow(&*c)) {
            return self.send(Work::Submit(line), label, Vec::new(), 0);
        }
        self.foresight.rest(None);
        let reader = self.view.notebook.reader.clone();
        let (id, task) = self.pend(label, Vec::new(), 0, false);
        self.desk.ask(id, reader, line, task);
        id
    }

    /// Once nothing else runs, the slow views that wait are computed behind.
    pub fn look_behind(&mut self) {
        if self.busy() || self.held || self.view.tuning.is_some() {
            return;
        }
        let Some(behind) = self.view.notebook.behind.clone() else { return };
        let cells = self.view.notebook.cells.iter().enumerate();
        let waits = |c: &Cell| c.slow && matches!(c.state, State::Waiting | State::Old);
        let stale = cells.filter(|(_, c)| waits(c)).map(|(at, _)| at).collect();
        self.foresight.rest(None);
        let (id, task) = self.pend(String::new(), stale, 0, true);
        self.desk.find(id, behind, task);
    }

    fn pend(&mut self, line: String, stale: Vec<usize>, together: u64, behind: bool) -> (u64, Task) {
        self.next += 1;
        let (id, task, since) = (self.next, Task::default(), Instant::now());
        let job = Pending {
            id,
            line,
            task: task.clone(),
            since,
            stale,
            together,
            stopping: false,
            behind,
            keeps: None,
            changes: false,
        };
        self.view.pending.push(job);
        (id, task)
    }
}
