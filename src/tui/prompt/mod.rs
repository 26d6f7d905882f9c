//! The prompt's text and everything that edits it. What a key does is in `keys`; how it looks is in `draw`.

mod edits;
mod menu;
mod recall;
mod vi;

use rustyline::history::FileHistory;
use rustyline::line_buffer::LineBuffer;
use rustyline::{At, Movement, Word};

use self::edits::{Edits, Silent};
use self::recall::{Recall, Search};
use self::vi::Vi;
use crate::error::Result;
use crate::session::complete::{self, Completion};
use crate::session::history::{self, Ran};

pub use self::menu::Menu;

/// One way to edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edit {
    Left,
    Right,
    WordLeft,
    WordRight,
    Home,
    End,
    Backspace,
    Delete,
    KillWordLeft,
    KillWordRight,
    KillToStart,
    KillToEnd,
    Yank,
    YankOlder,
    Undo,
    SwapLetters,
    ToggleCase,
    NewLine,
    Older,
    Newer,
    /// A line up in a text of several; from its first, the older text.
    Up,
    /// A line down; from the last, the newer text.
    Down,
}

/// Text, cursor, and what has been typed before.
pub struct Prompt {
    line: LineBuffer,
    edits: Edits,
    /// What was cut, newest last.
    cut: Vec<String>,
    /// The last key cut too, so that the next cut joins it.
    cutting: bool,
    /// Length of what the last key pasted, and how many cuts back it was.
    pasted: Option<(usize, usize)>,
    /// What was typed, whatever became of it.
    history: FileHistory,
    /// What ran well.
    ran: Ran,
    /// The text last put in as a whole: it needs no hint.
    given: String,
    /// The text was put back: a letter begins another line in place of one that failed, all else edits it.
    offered: bool,
    /// Of such a text: a letter does not replace it.
    stays: bool,
    recall: Option<Recall>,
    search: Option<Search>,
    menu: Option<Menu>,
    hint: Option<String>,
    /// None where the keys are those of emacs.
    vi: Option<Vi>,
}

/// The most bytes a text has: the line buffer does not grow.
const ROOM: usize = 64 * 1024;
/// How many cuts are kept.
const CUTS: usize = 60;

impl Prompt {
    pub fn new(ran: Ran) -> Self {
        Self {
            line: LineBuffer::with_capacity(ROOM),
            edits: Edits::default(),
            cut: Vec::new(),
            cutting: false,
            pasted: None,
            history: ran.walk(),
            ran,
            given: String::new(),
            offered: false,
            stays: false,
            recall: None,
            search: None,
            menu: None,
            hint: None,
            vi: None,
        }
    }

    pub fn text(&self) -> &str {
        self.line.as_str()
    }

    /// The cursor, as a byte of the text.
    pub fn cursor(&self) -> usize {
        self.line.pos()
    }

    pub fn is_empty(&self) -> bool {
        self.line.is_empty()
    }

    /// What the text likely goes on with.
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    /// This text was run.
    pub fn typed(&mut self, text: &str) {
        history::typed(&mut self.history, text);
    }

    /// It ran well.
    ///
    /// # Errors
    /// That it could not be written to the file of such lines.
    pub fn ran(&mut self, text: &str) -> Result<()> {
        self.ran.remember(text)
    }

    /// Put this text in, in place of what is there, which can be had back by undo.
    pub fn set(&mut self, text: &str) {
        let text = &text[..floor(text, ROOM)];
        self.given = text.to_string();
        self.offered = false;
        self.line.update(text, text.len(), &mut self.edits);
        self.settle();
    }

    /// Put a line that failed back, to be edited or, by a letter, replaced; then it is among the cuts.
    pub fn offer(&mut self, text: &str) {
        self.set(text);
        (self.offered, self.stays) = (true, false);
    }

    /// Put lines that were stopped back. Several are more than one means to type again: a letter goes on with them.
    pub fn give_back(&mut self, text: &str) {
        self.offer(text);
        self.stays = text.contains('\n');
    }

    /// The text was put back, and nobody touched it.
    pub fn is_offered(&self) -> bool {
        self.offered
    }

    /// This letter would replace the text.
    pub fn gives_way(&self, letter: char) -> bool {
        // A blank goes on with the line, since none begins with one.
        self.offered && letter != ' ' && !self.stays
    }

    /// Take the text out; the prompt is new.
    pub fn take(&mut self) -> String {
        let text = self.line.as_str().to_string();
        self.line.update("", 0, &mut Silent);
        self.edits = Edits::default();
        self.offered = false;
        self.recall = None;
        self.vi_type();
        self.settle();
        text
    }

    /// Empty the prompt and keep the text among the cuts, where [`Edit::Yank`] has it.
    pub fn put_aside(&mut self) {
        let text = self.take();
        self.keep(text);
        self.cutting = false;
    }

    /// A typed letter. False when there is no room.
    pub fn insert(&mut self, letter: char) -> bool {
        self.replace_offered(self.gives_way(letter));
        let inserted = self.line.insert(letter, 1, &mut self.edits).is_some();
        self.cutting = false;
        self.pasted = None;
        self.settle();
        inserted
    }

    /// A text that comes at once; control characters but the end of a line are dropped, and so are ends of lines at its
    /// end, so that nothing runs that was not asked for. False when there is no room.
    pub fn paste(&mut self, text: &str) -> bool {
        let text = text.replace("\r\n", "\n").replace('\r', "\n").replace('\t', " ");
        let text: String = text.trim_end_matches('\n').chars().filter(|c| *c == '\n' || !c.is_control()).collect();
        self.replace_offered(text.chars().next().is_some_and(|letter| self.gives_way(letter)));
        let inserted = text.is_empty() || self.line.yank(&text, 1, &mut self.edits).is_some();
        self.settle();
        inserted
    }

    fn replace_offered(&mut self, replaced: bool) {
        self.offered = false;
        if replaced {
            self.keep(self.line.as_str().to_string());
            self.line.update("", 0, &mut self.edits);
        }
    }

    pub fn edit(&mut self, edit: Edit) {
        self.offered = false;
        let cutting = std::mem::take(&mut self.cutting);
        let pasted = self.pasted.take();
        let Self { line, edits, .. } = self;
        match edit {
            Edit::Left => _ = line.move_backward(1),
            Edit::Right if line.is_cursor_at_end() => self.take_hint(),
            Edit::Right => _ = line.move_forward(1),
            Edit::WordLeft => _ = line.move_to_prev_word(Word::Emacs, 1),
            Edit::WordRight => _ = line.move_to_next_word(At::AfterEnd, Word::Emacs, 1),
            Edit::Home => _ = line.move_home(),
            Edit::End if line.is_cursor_at_end() => self.take_hint(),
            Edit::End => _ = line.move_end(),
            Edit::Backspace => _ = line.backspace(1, edits),
            Edit::Delete => _ = line.delete(1, edits),
            Edit::KillWordLeft => self.kill(&Movement::BackwardWord(1, Word::Big), cutting),
            Edit::KillWordRight => self.kill(&Movement::ForwardWord(1, At::AfterEnd, Word::Emacs), cutting),
            Edit::KillToStart => self.kill(&Movement::BeginningOfLine, cutting),
            Edit::KillToEnd => self.kill(&Movement::EndOfLine, cutting),
            Edit::Yank => self.yank(0, 0),
            Edit::YankOlder => {
                if let Some((length, back)) = pasted {
                    self.yank(length, back + 1);
                }
            }
            Edit::Undo => edits.undo(line),
            Edit::SwapLetters => _ = line.transpose_chars(edits),
            Edit::ToggleCase => self.toggle_case(),
            Edit::NewLine => _ = line.insert('\n', 1, edits),
            Edit::Older => self.older(),
            Edit::Newer => self.newer(),
            Edit::Up if self.step(false) => {}
            Edit::Up => self.older(),
            Edit::Down if self.step(true) => {}
            Edit::Down => self.newer(),
        }
        self.settle();
    }

    /// Open the menu, or take the only candidate. What is asked for here is given where nothing can be listed.
    pub fn complete(&mut self, completion: Completion) -> Option<String> {
        self.offered = false;
        let about = match completion.candidates.as_slice() {
            [] if completion.about.is_empty() => Some("nothing is known that could stand here".into()),
            [] => Some(completion.about),
            [only] => {
                self.replace(completion.start, &complete::inserted(only));
                None
            }
            candidates => {
                let typed = &self.line.as_str()[completion.start..self.line.pos()];
                let common = complete::common(candidates);
                // Where no name is begun, what all names share (`original_`) would be in the way of the next flag.
                let begun = !typed.is_empty() || common.starts_with('-');
                if begun && common.len() > typed.len() && common.starts_with(typed) {
                    let common = common.to_string();
                    self.replace(completion.start, &common);
                }
                self.menu = Some(Menu::new(completion, self.line.pos()));
                None
            }
        };
        self.settle();
        about
    }

    /// The text was run or changed: what depends on it is made anew.
    fn settle(&mut self) {
        self.edits.close();
        let hintable = self.line.is_cursor_at_end() && self.menu.is_none() && self.search.is_none();
        let hintable = hintable && self.line.as_str() != self.given;
        let line = self.line.as_str().rsplit('\n').next().unwrap_or_default();
        self.hint = hintable.then(|| complete::hint(line, self.ran.lines())).flatten();
    }

    fn take_hint(&mut self) {
        if let Some(hint) = self.hint.take() {
            self.line.yank(&hint, 1, &mut self.edits);
        }
    }

    fn replace(&mut self, start: usize, text: &str) {
        let end = self.line.pos();
        let room = self.line.len() + text.len() <= ROOM;
        if room && start <= end && self.line.as_str().is_char_boundary(start) {
            self.line.replace(start..end, text, &mut self.edits);
            self.line.set_pos(start + text.len());
        }
    }

    fn kill(&mut self, movement: &Movement, join: bool) {
        self.line.kill(movement, &mut self.edits);
        let Some((text, backward)) = self.edits.killed() else { return };
        match self.cut.last_mut().filter(|_| join) {
            Some(last) if backward => last.insert_str(0, &text),
            Some(last) => last.push_str(&text),
            None => self.keep(text),
        }
        self.cutting = true;
    }

    fn keep(&mut self, text: String) {
        if !text.is_empty() {
            self.cut.push(text);
            if self.cut.len() > CUTS {
                self.cut.remove(0);
            }
        }
    }

    /// Paste the cut `back` cuts ago in place of the `length` bytes before the cursor.
    fn yank(&mut self, length: usize, back: usize) {
        if self.cut.is_empty() {
            return;
        }
        let back = back % self.cut.len();
        let text = self.cut[self.cut.len() - 1 - back].clone();
        let length = length.min(self.line.pos());
        let done = if length > 0 {
            self.line.yank_pop(length, &text, &mut self.edits)
        } else {
            self.line.yank(&text, 1, &mut self.edits)
        };
        self.pasted = done.map(|_| (text.len(), back));
    }
}

/// The last boundary of a character at or before this byte.
fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0)
}

#[cfg(test)]
mod tests;
