//! A number that is being typed into a screen.

use crossterm::event::{KeyCode, KeyModifiers};

use super::Ask;
use crate::commands::Screen;
use crate::tui::keys::{self, When};

/// No number that means something is longer.
const LONGEST: usize = 24;

/// What `-` does where a number is typed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Minus {
    /// It is a key of the screen, and no value is below 0.
    Key,
    /// It is a key of the screen; behind a digit it turns the number's sign.
    Turns,
    /// It begins a number, or turns its sign.
    Begins,
}

/// What is typed so far: only what a number can hold, in an order in which it can.
#[derive(Default)]
pub(super) struct Entry(String);

impl Entry {
    pub(super) fn text(&self) -> &str {
        &self.0
    }

    pub(super) fn is_begun(&self) -> bool {
        !self.0.is_empty()
    }

    pub(super) fn backspace(&mut self) {
        self.0.pop();
    }

    /// What was typed, which is gone with it.
    pub(super) fn take(&mut self) -> String {
        std::mem::take(&mut self.0)
    }

    /// Begin with a digit, a point or comma, or go on. A letter that is a key of this screen is none of ours (none); what is
    /// neither is said.
    pub(super) fn letter(&mut self, letter: char, minus: Minus, screen: Screen) -> Option<Ask> {
        if !self.is_begun() {
            let taken = matches!(letter, '0'..='9' | '.' | ',') || letter == '-' && minus == Minus::Begins;
            return taken.then(|| self.push(letter));
        }
        let (whole, power) = (!self.0.contains(['.', 'e']), self.0.contains('e'));
        let turns = letter == '-' && minus != Minus::Key && !self.0.ends_with('e');
        // A second point stays in sight until it is taken out: without it the digits behind it would make another number.
        if matches!(letter, '.' | ',') && !whole && self.0.len() < LONGEST {
            self.0.push('.');
            return Some(Ask::Say(format!("{} is no number: Backspace takes the second point out", self.0)));
        }
        let fits = match letter {
            '0'..='9' => true,
            '.' | ',' => whole,
            'e' | 'E' => !power && self.0.ends_with(|c: char| c.is_ascii_digit() || c == '.'),
            '-' | '+' => turns || self.0.ends_with('e'),
            _ => false,
        };
        let when = [When::On(screen), When::Beside, When::Idle];
        match fits {
            true if turns => {
                self.0 = self.0.strip_prefix('-').map_or_else(|| format!("-{}", self.0), str::to_string);
                Some(Ask::Nothing)
            }
            true if self.0.len() >= LONGEST => Some(Ask::Say("no number here is longer".into())),
            true => Some(self.push(letter)),
            false if keys::action((KeyCode::Char(letter), KeyModifiers::NONE), &when).is_some() => None,
            false => {
                Some(Ask::Say(format!("`{letter}` does not go on in a number; Enter takes {}, Esc leaves it", self.0)))
            }
        }
    }

    fn push(&mut self, letter: char) -> Ask {
        if letter == ',' {
            self.0.push('.');
            return Ask::Say("the comma is taken as the decimal point".into());
        }
        self.0.push(letter.to_ascii_lowercase());
        Ask::Nothing
    }

    /// What is to be said where what is typed is not taken.
    pub(super) fn lost(&self) -> Option<String> {
        self.is_begun().then(|| format!("{} was typed and not taken", self.0))
    }

    /// A key does something else: what was typed is dropped. Gives the sentence that says so, where something was.
    pub(super) fn dropped(&mut self) -> Option<String> {
        let lost = self.lost();
        self.0.clear();
        lost
    }
}

/// A number as it is read, without what is idle in it: `1` of `01`, `0.5` of `.50`. What is none stays as it is.
pub(super) fn as_read(typed: &str) -> String {
    match typed.parse::<f64>() {
        Ok(v) if !v.is_finite() => typed.to_string(),
        Ok(v) => Some(v.to_string()).filter(|plain| plain.len() <= LONGEST).unwrap_or_else(|| format!("{v:e}")),
        Err(_) => typed.to_string(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// What is typed of these letters, and the last thing said.
    fn typed(letters: &str) -> (String, String) {
        let mut entry = Entry::default();
        let mut said = String::new();
        for letter in letters.chars() {
            if let Some(Ask::Say(text)) = entry.letter(letter, Minus::Key, Screen::Tune) {
                said = text;
            }
        }
        (entry.text().to_string(), said)
    }

    #[test]
    fn only_what_a_number_can_hold_goes_in() {
        assert_eq!(typed("0.05"), ("0.05".into(), String::new()));
        assert_eq!(typed("5E-3"), ("5e-3".into(), String::new()));
        assert_eq!(typed("0,5"), ("0.5".into(), "the comma is taken as the decimal point".into()));
        for (letters, whole) in [("0.5x", "0.5"), ("1ee5", "1e5")] {
            let (text, said) = typed(letters);
            assert!(text == whole && said.contains("does not go on in a number"), "{letters}: {text}, {said}");
        }
        // What a second point makes no number of stays so, whatever follows.
        for (letters, whole) in [("0.3.", "0.3."), ("1e5.", "1e5."), ("0.5,", "0.5.")] {
            assert_eq!(
                typed(letters),
                (whole.into(), format!("{whole} is no number: Backspace takes the second point out"))
            );
            assert!(typed(&format!("{letters}5")).0.parse::<f64>().is_err(), "{letters}");
        }
        assert_eq!(typed(&"1".repeat(40)).0.len(), LONGEST);
        assert_eq!(typed(".5"), (".5".into(), String::new()));
        assert_eq!(typed(",5"), (".5".into(), "the comma is taken as the decimal point".into()));
    }

    #[test]
    fn the_sign_of_a_number_is_turned_where_its_scale_goes_below_zero() {
        let typed = |letters: &str, minus: Minus| {
            let mut entry = Entry::default();
            let keys = letters.chars().filter(|c| entry.letter(*c, minus, Screen::Tune).is_none()).collect::<String>();
            (entry.text().to_string(), keys)
        };
        assert_eq!(typed("0.2-", Minus::Turns), ("-0.2".into(), String::new()));
        assert_eq!(typed("0-.2-5", Minus::Turns), ("0.25".into(), String::new()));
        assert_eq!(typed("2e-1-", Minus::Turns), ("-2e-1".into(), String::new()));
        assert_eq!(typed("-2", Minus::Turns), ("2".into(), "-".into()), "a step down, while nothing is typed");
        assert_eq!(typed("-0.2--", Minus::Begins), ("-0.2".into(), String::new()));
        assert_eq!(
            typed("0.2-", Minus::Key),
            ("0.2".into(), "-".into()),
            "a key of the screen where no value is below 0"
        );
    }

    #[test]
    fn a_number_is_written_as_it_is_read() {
        for (typed, read) in
            [("01", "1"), (".50", "0.5"), ("5.", "5"), ("5e-3", "0.005"), ("1e", "1e"), ("1e-40", "1e-40")]
        {
            assert_eq!(as_read(typed), read);
        }
    }

    #[test]
    fn a_key_of_the_screen_stays_one() {
        let mut entry = Entry::default();
        assert!(
            entry.letter('x', Minus::Key, Screen::Tune).is_none()
                && entry.letter('9', Minus::Key, Screen::Tune).is_some()
        );
        for key in ['[', ']', '?', '+', '-'] {
            assert!(entry.letter(key, Minus::Key, Screen::Tune).is_none(), "{key}");
        }
        assert_eq!(entry.dropped().unwrap(), "9 was typed and not taken");
        assert_eq!(entry.dropped(), None);
    }
}
