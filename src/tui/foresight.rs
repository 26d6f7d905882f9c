//! What the next keys would ask for, computed while the reader looks: a threshold that moves by one turn is there at once.
//!
//! One line after the other, on a thread of its own, and only while nothing runs that the reader waits for; what repeats the
//! whole chain (`validate`) is not waited for, and not computed ahead. Whatever is asked for goes first; a line that is asked
//! for while it is at work is waited for, not begun again.

use super::act::App;
use super::screens::At;
use super::view::Pending;
use crate::commands;
use crate::session::Key;
use crate::task::Task;

/// The lines thought of and the one at work.
#[derive(Default)]
pub struct Foresight {
    /// All that were thought of, and the cell they are for.
    of: (usize, Vec<String>),
    /// Those to come, the next one last.
    left: Vec<String>,
    now: Option<Now>,
}

struct Now {
    line: String,
    task: Task,
}

impl Foresight {
    /// Give way: nothing more is computed ahead. What is at work goes on only where it is `wanted`.
    pub fn rest(&mut self, wanted: Option<&str>) {
        (self.of, self.left) = Default::default();
        self.now.iter().filter(|now| Some(now.line.as_str()) != wanted).for_each(|now| now.task.cancel());
    }
}

impl App {
    /// Where nothing is waited for, the next line is begun.
    pub fn foresee(&mut self) {
        let repeats = |key: &Key| commands::parse(&key.1).ok().flatten().is_some_and(|c| c.retraces());
        let goes_on = |p: &Pending| p.behind.as_ref().is_some_and(repeats);
        if self.foresight.now.is_some() || !self.view.pending.iter().all(goes_on) {
            return;
        }
        let thought = self.with_screen(|open, view, place| open.state.foreseen(&At { view, page: &open.page, place }));
        let Some(thought) = thought.flatten().filter(|(at, _)| self.proposes(*at).is_none()) else { return };
        if self.foresight.of != thought {
            self.foresight.left = thought.1.iter().rev().cloned().collect();
            self.foresight.of = thought;
        }
        // What is most likely goes beside what repeats the chain; the others wait for it.
        let first = self.foresight.left.len() == self.foresight.of.1.len();
        if let Some(line) = self.foresight.left.pop_if(|_| first || self.view.pending.is_empty()) {
            let (at, task) = (self.foresight.of.0, Task::default());
            self.desk.foresee(self.view.notebook.reader.clone(), (at, line.clone()), task.clone());
            self.foresight.now = Some(Now { line, task });
        }
    }

    /// The line at work is known, or was given up.
    pub(super) fn foreseen(&mut self) {
        self.foresight.now = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_computed_ahead_gives_way_but_for_the_line_that_is_wanted() {
        let task = Task::default();
        let now = Now { line: "icc --above 0.9".into(), task: task.clone() };
        let lines = vec!["icc --above 0.9".to_string(), "icc --above 0.8".into()];
        let mut foresight = Foresight { of: (2, lines.clone()), left: lines[1..].to_vec(), now: Some(now) };
        foresight.rest(Some("icc --above 0.9"));
        assert!(foresight.left.is_empty() && foresight.of.1.is_empty() && task.check().is_ok());
        foresight.rest(Some("icc --above 0.8"));
        assert!(task.check().is_err());
    }
}
