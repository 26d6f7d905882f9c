//! The menu of candidates: each step through it stands in the line at once.

use super::Prompt;
use super::edits::Silent;
use crate::session::complete::{self, Candidate, Completion};

/// Candidates and the one that stands in the line.
#[derive(Debug)]
pub struct Menu {
    pub candidates: Vec<Candidate>,
    /// None before the first step.
    pub chosen: Option<usize>,
    /// What is asked for here.
    pub about: String,
    start: usize,
    end: usize,
    /// What stood there when the menu opened.
    typed: Option<String>,
}

impl Menu {
    pub(super) fn new(completion: Completion, end: usize) -> Self {
        let Completion { start, candidates, about } = completion;
        Self { candidates, chosen: None, about, start, end, typed: None }
    }
}

impl Prompt {
    pub fn menu(&self) -> Option<&Menu> {
        self.menu.as_ref()
    }

    /// Choose the next candidate, or the one before.
    pub fn menu_step(&mut self, forward: bool) {
        let Some(menu) = &mut self.menu else { return };
        let count = menu.candidates.len();
        let next = match (menu.chosen, forward) {
            (None, true) => 0,
            (None, false) => count - 1,
            (Some(at), true) => (at + 1) % count,
            (Some(at), false) => (at + count - 1) % count,
        };
        let text = complete::inserted(&menu.candidates[next]);
        if menu.typed.is_none() {
            menu.typed = Some(self.line.as_str()[menu.start..menu.end].to_string());
        }
        self.line.replace(menu.start..menu.end, &text, &mut Silent);
        menu.end = menu.start + text.len();
        menu.chosen = Some(next);
        self.line.set_pos(menu.end);
    }

    /// Close the menu with what stands in the line.
    pub fn menu_accept(&mut self) {
        if let Some(menu) = self.menu.take()
            && let Some(typed) = menu.typed
        {
            // The steps through the menu were not recorded; the whole choice is one change.
            let chosen = self.line.as_str()[menu.start..menu.end].to_string();
            self.line.replace(menu.start..menu.end, &typed, &mut Silent);
            self.line.replace(menu.start..menu.start + typed.len(), &chosen, &mut self.edits);
            self.line.set_pos(menu.end);
        }
        self.settle();
    }

    /// Close the menu with what stood there before.
    pub fn menu_close(&mut self) {
        if let Some(menu) = self.menu.take()
            && let Some(typed) = menu.typed
        {
            self.line.replace(menu.start..menu.end, &typed, &mut Silent);
            self.line.set_pos(menu.start + typed.len());
        }
        self.settle();
    }
}
