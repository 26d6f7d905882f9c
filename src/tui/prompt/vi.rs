//! The prompt as vi has it: letters that are commands once Esc was pressed. What is cut goes where the other cuts are.

use rustyline::{At, CharSearch, Movement, Word};

use super::{Edit, Prompt};

/// Whether letters are commands, and those of a command that is not whole yet.
#[derive(Debug, Default)]
pub(super) struct Vi {
    commands: bool,
    begun: String,
}

/// What the letters of a command say.
#[derive(Clone, Debug, PartialEq)]
enum Said {
    /// More letters must follow.
    Begun,
    Nothing,
    Go(Movement),
    /// `d`, `c` or `y` over this.
    Over(char, Movement),
    /// `r`: as many letters become this one.
    Letter(u16, char),
    /// A command of one letter, and how often.
    Do(char, u16),
}

impl Prompt {
    /// Work with vi's keys from now on; typing comes first.
    pub fn with_vi(mut self) -> Self {
        self.vi = Some(Vi::default());
        self
    }

    /// Letters are commands; none without vi's keys.
    pub fn vi_commands(&self) -> Option<bool> {
        self.vi.as_ref().map(|vi| vi.commands)
    }

    /// A command is begun: the next letter belongs to it, whatever it means elsewhere.
    pub fn vi_begun(&self) -> bool {
        self.vi.as_ref().is_some_and(|vi| !vi.begun.is_empty())
    }

    /// Esc: from typing to commands.
    pub fn vi_escape(&mut self) {
        if let Some(vi) = &mut self.vi {
            let typing = !vi.commands;
            *vi = Vi { commands: true, begun: String::new() };
            if typing && !self.line.as_str()[..self.line.pos()].ends_with('\n') {
                self.line.move_backward(1);
            }
        }
        self.settle();
    }

    /// A letter of a command.
    pub fn vi_key(&mut self, letter: char) {
        let Some(vi) = &mut self.vi else { return };
        self.offered = false;
        vi.begun.push(letter);
        let said = read(&vi.begun);
        if said != Said::Begun {
            vi.begun.clear();
        }
        match said {
            Said::Begun | Said::Nothing => {}
            Said::Go(movement) => self.go(&movement),
            Said::Over(operator, movement) => self.over(operator, movement),
            Said::Letter(count, letter) => self.letter(usize::from(count), letter),
            Said::Do(command, count) => (0..count).for_each(|_| self.command(command)),
        }
        self.settle();
        let at_end = self.line.pos() == self.line.len() || self.line.as_str()[self.line.pos()..].starts_with('\n');
        let at_start = self.line.pos() == 0 || self.line.as_str()[..self.line.pos()].ends_with('\n');
        if self.vi_commands() == Some(true) && at_end && !at_start {
            self.line.move_backward(1);
        }
    }

    /// Back to typing: the line was run or put aside.
    pub(super) fn vi_type(&mut self) {
        if let Some(vi) = &mut self.vi {
            *vi = Vi::default();
        }
    }

    fn go(&mut self, movement: &Movement) {
        let line = &mut self.line;
        match *movement {
            Movement::BackwardChar(n) => _ = line.move_backward(n),
            Movement::ForwardChar(n) => _ = line.move_forward(n),
            Movement::BackwardWord(n, word) => _ = line.move_to_prev_word(word, n),
            Movement::ForwardWord(n, at, word) => _ = line.move_to_next_word(at, word, n),
            Movement::ViCharSearch(n, search) => _ = line.move_to(search, n),
            Movement::EndOfLine => _ = line.move_end(),
            _ => {
                line.move_home();
                if *movement == Movement::ViFirstPrint {
                    let rest = &line.as_str()[line.pos()..];
                    let blanks = rest.len() - rest.trim_start_matches(' ').len();
                    line.set_pos(line.pos() + blanks);
                }
            }
        }
    }

    fn over(&mut self, operator: char, movement: Movement) {
        // As vi does, `cw` leaves the blank after the word.
        let movement = match movement {
            Movement::ForwardWord(n, At::Start, word) if operator == 'c' => {
                Movement::ForwardWord(n, At::AfterEnd, word)
            }
            // `e`, `f` and `t` take the letter they go to.
            Movement::ForwardWord(n, At::BeforeEnd, word) => Movement::ForwardWord(n, At::AfterEnd, word),
            other => other,
        };
        if operator == 'y' {
            let copied = match movement {
                Movement::WholeLine => self.whole_line().to_string(),
                movement => self.line.copy(&movement).unwrap_or_default(),
            };
            return self.keep(copied);
        }
        match movement {
            Movement::WholeLine => {
                self.line.move_home();
                self.kill(&Movement::EndOfLine, false);
            }
            movement => self.kill(&movement, false),
        }
        if operator == 'c' {
            self.vi_type();
        }
    }

    /// The line the cursor is in, on both sides of it.
    fn whole_line(&self) -> &str {
        let (before, after) = self.line.as_str().split_at(self.line.pos());
        let (start, end) = (before.rfind('\n').map_or(0, |at| at + 1), after.find('\n').unwrap_or(after.len()));
        &self.line.as_str()[start..before.len() + end]
    }

    fn letter(&mut self, count: usize, letter: char) {
        let at = self.line.pos();
        let old: String = self.line.as_str()[at..].chars().take_while(|c| *c != '\n').take(count).collect();
        if old.chars().count() == count {
            let new: String = std::iter::repeat_n(letter, count).collect();
            self.line.replace(at..at + old.len(), &new, &mut self.edits);
            self.line.set_pos(at + new.len() - letter.len_utf8());
        }
    }

    fn command(&mut self, command: char) {
        match command {
            'i' => self.vi_type(),
            'a' => {
                self.line.move_forward(1);
                self.vi_type();
            }
            'A' => {
                self.line.move_end();
                self.vi_type();
            }
            'I' => {
                self.go(&Movement::ViFirstPrint);
                self.vi_type();
            }
            'p' => {
                self.line.move_forward(1);
                self.yank(0, 0);
            }
            'P' => self.yank(0, 0),
            'u' => self.edits.undo(&mut self.line),
            'j' => self.newer(),
            'k' => self.older(),
            _ => self.edit(Edit::ToggleCase),
        }
    }

    /// The letter under the cursor in the other case.
    pub(super) fn toggle_case(&mut self) {
        let at = self.line.pos();
        let Some(old) = self.line.as_str()[at..].chars().next() else { return };
        let new: String = if old.is_lowercase() { old.to_uppercase().collect() } else { old.to_lowercase().collect() };
        self.line.replace(at..at + old.len_utf8(), &new, &mut self.edits);
        self.line.set_pos(at);
        self.line.move_forward(1);
    }
}

/// Read `[count] operator [count] movement`, `[count] movement` or `[count] command`.
fn read(letters: &str) -> Said {
    let (times, rest) = count(letters);
    let mut chars = rest.chars();
    let Some(first) = chars.next() else { return Said::Begun };
    match (first, chars.as_str()) {
        ('d' | 'c' | 'y', after) => {
            let (again, after) = count(after);
            match after.chars().next() {
                None => Said::Begun,
                Some(same) if same == first => Said::Over(first, Movement::WholeLine),
                Some(_) => match movement(after, times.unwrap_or(1).saturating_mul(again.unwrap_or(1))) {
                    Said::Go(movement) => Said::Over(first, movement),
                    other => other,
                },
            }
        }
        ('r', after) => after.chars().next().map_or(Said::Begun, |new| Said::Letter(times.unwrap_or(1), new)),
        ('x', _) => Said::Over('d', Movement::ForwardChar(times.unwrap_or(1))),
        ('X', _) => Said::Over('d', Movement::BackwardChar(times.unwrap_or(1))),
        ('s', _) => Said::Over('c', Movement::ForwardChar(times.unwrap_or(1))),
        ('S', _) => Said::Over('c', Movement::WholeLine),
        ('D', _) => Said::Over('d', Movement::EndOfLine),
        ('C', _) => Said::Over('c', Movement::EndOfLine),
        ('Y', _) => Said::Over('y', Movement::WholeLine),
        ('i' | 'a' | 'A' | 'I', _) => Said::Do(first, 1),
        ('p' | 'P' | 'u' | 'j' | 'k' | '~', _) => Said::Do(first, times.unwrap_or(1)),
        _ => movement(rest, times.unwrap_or(1)),
    }
}

/// A count at the start; `0` alone is a movement.
fn count(letters: &str) -> (Option<u16>, &str) {
    let digits = letters.chars().take_while(char::is_ascii_digit).count();
    if digits == 0 || letters.starts_with('0') {
        return (None, letters);
    }
    // More than a line can hold is as good as any number.
    (Some(letters[..digits].parse().unwrap_or(1000).min(1000_u16)), &letters[digits..])
}

fn movement(letters: &str, n: u16) -> Said {
    let mut chars = letters.chars();
    let word = |c: char| if c.is_uppercase() { Word::Big } else { Word::Vi };
    let Some(first) = chars.next() else { return Said::Begun };
    let search = |of: fn(char) -> CharSearch| match chars.as_str().chars().next() {
        Some(wanted) => Said::Go(Movement::ViCharSearch(n, of(wanted))),
        None => Said::Begun,
    };
    match first {
        'h' => Said::Go(Movement::BackwardChar(n)),
        'l' | ' ' => Said::Go(Movement::ForwardChar(n)),
        '0' => Said::Go(Movement::BeginningOfLine),
        '^' => Said::Go(Movement::ViFirstPrint),
        '$' => Said::Go(Movement::EndOfLine),
        'b' | 'B' => Said::Go(Movement::BackwardWord(n, word(first))),
        'w' | 'W' => Said::Go(Movement::ForwardWord(n, At::Start, word(first))),
        'e' | 'E' => Said::Go(Movement::ForwardWord(n, At::BeforeEnd, word(first))),
        'f' => search(CharSearch::Forward),
        't' => search(CharSearch::ForwardBefore),
        'F' => search(CharSearch::Backward),
        'T' => search(CharSearch::BackwardAfter),
        _ => Said::Nothing,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::session::history::Ran;
    /// The text after Esc and these letters, and the cursor.
    fn after(text: &str, letters: &str) -> (String, usize) {
        let mut prompt = Prompt::new(Ran::default()).with_vi();
        text.chars().for_each(|c| _ = prompt.insert(c));
        prompt.vi_escape();
        for letter in letters.chars() {
            if prompt.vi_commands() == Some(true) { prompt.vi_key(letter) } else { _ = prompt.insert(letter) }
        }
        (prompt.text().to_string(), prompt.cursor())
    }

    #[test]
    fn movements_go_where_vi_goes() {
        let at = |letters: &str| after("icc --above 0.85", letters).1;
        assert_eq!(at(""), 15);
        assert_eq!(at("0"), 0);
        assert_eq!(at("0w"), 4);
        assert_eq!(at("0W"), 4);
        assert_eq!(at("0e"), 2);
        assert_eq!(at("B"), 12);
        assert_eq!(at("0fa"), 6);
        assert_eq!(at("0ta"), 5);
        assert_eq!(at("03l"), 3);
        assert_eq!(at("0$"), 15);
    }

    #[test]
    fn operators_work_over_movements() {
        let text = |letters: &str| after("icc --above 0.85", letters).0;
        assert_eq!(text("Bcw0.9"), "icc --above 0.9.85");
        assert_eq!(text("BC0.9"), "icc --above 0.9");
        assert_eq!(text("BcW0.9"), "icc --above 0.9");
        assert_eq!(text("02dW"), "0.85");
        assert_eq!(text("0d2W"), "0.85");
        assert_eq!(text("BD"), "icc --above ");
        assert_eq!(text("dd"), "");
        assert_eq!(text("ccroc"), "roc");
        assert_eq!(text("xx"), "icc --above 0.");
        assert_eq!(text("r9"), "icc --above 0.89");
        assert_eq!(text("0ywP"), "icc icc --above 0.85");
        assert_eq!(text("yyp"), "icc --above 0.85icc --above 0.85");
        assert_eq!(text("0wyyP"), "icc icc --above 0.85--above 0.85");
        assert_eq!(text("bY$p"), "icc --above 0.85icc --above 0.85");
        assert_eq!(text("xu"), "icc --above 0.85");
        assert_eq!(text("0~"), "Icc --above 0.85");
        assert_eq!(text("a1"), "icc --above 0.851");
        assert_eq!(text("zqI# "), "# icc --above 0.85");
    }

    #[test]
    fn letters_of_no_command_do_nothing() {
        assert_eq!(read("2"), Said::Begun);
        assert_eq!(read("d"), Said::Begun);
        assert_eq!(read("dz"), Said::Nothing);
        assert_eq!(read("99999999999999999999x"), Said::Over('d', Movement::ForwardChar(1000)));
    }
}
