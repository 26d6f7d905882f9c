//! Work handed out: changes to the session's thread; questions, slow views and moved thresholds to threads of their own.
//!
//! A slow view goes on as long as the notebook, or the line that is tried, has it under the key that it is computed under
//! (its line, and all that it is computed from), and the reader does not stop it.

use std::time::Instant;

use super::act::App;
use super::view::Pending;
use super::worker::{Job, Order, Work};
use crate::commands::{self, Place, Run};
use crate::session::{Behind, Key, command_of};
use crate::task::Task;

impl App {
    /// Hand work to the session's thread.
    pub(super) fn send(&mut self, work: Work, line: String, stale: Vec<usize>, together: u64) -> u64 {
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
        let (id, task) = self.pend(line, stale, together);
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
        self.foresight.rest(Some(&line));
        let reader = self.view.notebook.reader.clone();
        let (id, task) = self.pend(String::new(), Vec::new(), 0);
        self.desk.rehearse(id, reader, (at, line), task);
        id
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
        let behind = !self.view.notebook.behind.is_empty();
        let slow =
            |c: &dyn Run| self.view.notebook.cells.iter().any(|cell| cell.slow && commands::passes_on(c, &cell.line));
        if command.is_none_or(|c| c.spec().place != Place::Request || behind && slow(&*c)) {
            return self.send(Work::Submit(line), label, Vec::new(), 0);
        }
        self.foresight.rest(None);
        let reader = self.view.notebook.reader.clone();
        let (id, task) = self.pend(label, Vec::new(), 0);
        self.desk.ask(id, reader, line, task);
        id
    }

    /// What nobody has any more stops; and once nothing quick runs, what waits begins: of one command one view at a time, so
    /// that a short one does not wait for a long one, and those of the notebook first.
    pub fn look_behind(&mut self) {
        let wanted: Vec<Behind> = self.view.wanted().cloned().collect();
        let has = |key: &Key| wanted.iter().any(|b| b.key == *key);
        self.view.stopped.retain(has);
        let behind = self.view.pending.iter().filter_map(|p| Some((p, p.behind.as_ref()?)));
        behind.filter(|(_, key)| !has(key)).for_each(|(p, _)| p.task.cancel());
        if self.view.pending.iter().any(|p| p.behind.is_none()) {
            return;
        }
        for one in wanted {
            let at_work = |p: &Pending| p.behind.as_ref().is_some_and(|key| command_of(key) == one.name());
            if self.view.stopped.contains(&one.key) || self.view.pending.iter().any(at_work) {
                continue;
            }
            let (id, task) = self.pend(String::new(), Vec::new(), 0);
            self.view.pending.iter_mut().filter(|p| p.id == id).for_each(|p| p.behind = Some(one.key.clone()));
            self.desk.find(id, one, task);
        }
    }

    /// Lines that run or wait are on disk, and so are those that came back from an earlier cut until they are run or
    /// cleared, either of which empties the prompt: they come back where the notebook is cut off.
    pub fn not_done(&mut self) {
        if self.view.prompt.is_empty() {
            self.cut_off.clear();
        }
        let lines = self.view.not_done().chain(self.cut_off.iter().map(String::as_str));
        self.view.notebook.typed.are(&lines.collect::<Vec<_>>());
    }

    fn pend(&mut self, line: String, stale: Vec<usize>, together: u64) -> (u64, Task) {
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
            behind: None,
            keeps: None,
            changes: false,
        };
        self.view.pending.push(job);
        (id, task)
    }
}
