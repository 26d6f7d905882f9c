//! Undo, and what a cut took: both by listening to the line's changes.

use rustyline::line_buffer::{ChangeListener, DeleteListener, Direction, LineBuffer};

#[derive(Debug)]
enum Change {
    Inserted(usize, String),
    Deleted(usize, String),
    Replaced(usize, String, String),
}

/// Changes of the line in groups, one a key; letters typed in a row are one.
#[derive(Debug, Default)]
pub(super) struct Edits {
    done: Vec<Vec<Change>>,
    open: Vec<Change>,
    killing: bool,
    killed: String,
    backward: bool,
}

/// Hears nothing.
pub(super) struct Silent;

impl Edits {
    /// A key is done.
    pub(super) fn close(&mut self) {
        let group = std::mem::take(&mut self.open);
        if let ([Change::Inserted(at, text)], Some([Change::Inserted(begin, typed)])) =
            (group.as_slice(), self.done.last_mut().map(Vec::as_mut_slice))
            && *at == *begin + typed.len()
            && typed.chars().chain(text.chars()).all(char::is_alphanumeric)
        {
            typed.push_str(text);
        } else if !group.is_empty() {
            self.done.push(group);
        }
    }

    /// Take the last group back.
    pub(super) fn undo(&mut self, line: &mut LineBuffer) {
        for change in self.done.pop().into_iter().flatten().rev() {
            match change {
                Change::Inserted(at, text) => {
                    line.delete_range(at..at + text.len(), &mut Silent);
                    line.set_pos(at);
                }
                Change::Deleted(at, text) => {
                    line.insert_str(at, &text, &mut Silent);
                    line.set_pos(at + text.len());
                }
                Change::Replaced(at, before, after) => {
                    line.replace(at..at + after.len(), &before, &mut Silent);
                    line.set_pos(at + before.len());
                }
            }
        }
    }

    /// What the last cut took, and whether it went backward; none when it took nothing.
    pub(super) fn killed(&mut self) -> Option<(String, bool)> {
        let text = std::mem::take(&mut self.killed);
        (!text.is_empty()).then_some((text, self.backward))
    }
}

impl DeleteListener for Edits {
    fn start_killing(&mut self) {
        self.killing = true;
    }

    fn delete(&mut self, at: usize, text: &str, direction: Direction) {
        if self.killing {
            self.killed.push_str(text);
            self.backward = direction == Direction::Backward;
        }
        if !text.is_empty() {
            self.open.push(Change::Deleted(at, text.into()));
        }
    }

    fn stop_killing(&mut self) {
        self.killing = false;
    }
}

impl ChangeListener for Edits {
    fn insert_char(&mut self, at: usize, letter: char) {
        self.open.push(Change::Inserted(at, letter.into()));
    }

    fn insert_str(&mut self, at: usize, text: &str) {
        if !text.is_empty() {
            self.open.push(Change::Inserted(at, text.into()));
        }
    }

    fn replace(&mut self, at: usize, before: &str, after: &str) {
        self.open.push(Change::Replaced(at, before.into(), after.into()));
    }
}

impl DeleteListener for Silent {
    fn delete(&mut self, _: usize, _: &str, _: Direction) {}
}

impl ChangeListener for Silent {
    fn insert_char(&mut self, _: usize, _: char) {}
    fn insert_str(&mut self, _: usize, _: &str) {}
    fn replace(&mut self, _: usize, _: &str, _: &str) {}
}
