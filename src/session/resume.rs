//! A notebook taken up where it was left.

use super::Session;
use super::chain::{self, Entry};
use super::record::drift;
use super::script::ScriptLine;
use crate::commands::{self, Place};
use crate::task::Task;

impl Session {
    /// The lines of a notebook's file in the order its cells will stand.
    pub fn placed(lines: &[ScriptLine]) -> Vec<String> {
        placed(lines).0
    }

    /// Run the lines of the notebook's file. Opening changes nothing: a cell that fails, or that was cancelled, keeps its
    /// place with its error, a line that asks for something once (`export`) is left out, and nothing is written. `each`
    /// is given the number of a cell and the cell as it is there.
    ///
    /// Gives the numbers (from 0) of the cells that say something else than the file recorded.
    pub fn resume(&mut self, lines: &[ScriptLine], task: &Task, each: &mut dyn FnMut(usize, &Entry)) -> Vec<usize> {
        let (lines, said) = placed(lines);
        let (entries, study) = self.chain(task).walk(&lines, each);
        (self.entries, self.study) = (entries, study);
        let said = std::iter::zip(&self.entries, said).filter_map(|(e, said)| Some((e.line.clone(), said?)));
        (self.slow.recorded, self.slow.recorded_of) = (said.collect(), self.steps());
        if self.journal.is_some() {
            let (text, patients) = (self.script(), self.patients());
            self.journal.iter_mut().for_each(|journal| journal.note(&text, &patients));
        }
        self.drifted()
    }

    /// The numbers of the cells that say something else than the file recorded, each told once: those that wait are asked
    /// again when they are there, unless a step was changed since, which says why.
    pub(super) fn drifted(&mut self) -> Vec<usize> {
        let mut drifted = Vec::new();
        if self.steps() != self.slow.recorded_of {
            self.slow.recorded.clear();
        }
        for (at, entry) in self.entries.iter().enumerate().filter(|(_, e)| !e.waits()) {
            let said = self.slow.recorded.remove(&entry.line);
            if said.is_some_and(|said| drift(&said, &entry.result).is_some()) {
                drifted.push(at);
            }
        }
        drifted
    }

    /// The lines that choose and model.
    fn steps(&self) -> Vec<String> {
        let steps = self.entries.iter().filter(|e| matches!(e.place, Place::Step(_)));
        steps.map(|e| e.line.clone()).collect()
    }
}

/// The lines in the order of the chain, each with what it said.
fn placed(script: &[ScriptLine]) -> (Vec<String>, Vec<Option<String>>) {
    let mut lines: Vec<String> = Vec::new();
    let mut said: Vec<Option<String>> = Vec::new();
    for line in script {
        match commands::parse(&line.line) {
            Ok(None) => {}
            Ok(Some(command)) if command.spec().place == Place::Request => {}
            Ok(Some(command)) => {
                let (next, at) = chain::place(&lines, &*command, None);
                if next.len() > lines.len() {
                    said.insert(at, line.said.clone());
                } else {
                    said[at] = line.said.clone();
                }
                lines = next;
            }
            Err(_) => {
                lines.push(line.line.clone());
                said.push(line.said.clone());
            }
        }
    }
    (lines, said)
}
