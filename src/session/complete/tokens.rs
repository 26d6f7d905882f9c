//! What each part of a line is, for colour: a word is wrong once it can no longer become right.

use std::ops::Range;

use crate::commands::{self, Flag, Kind, Position, Spec, Word};

/// What a part of a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token {
    Command,
    Flag,
    Value,
    /// Still being typed, and so far the beginning of something.
    Begun,
    /// No such command or flag, or a value its flag does not take.
    Wrong,
}

/// The parts of a text with what they are; a line that ends in a backslash goes on in the next.
pub fn tokens(text: &str) -> Vec<(Range<usize>, Token)> {
    let mut tokens = Vec::new();
    let mut start = 0;
    let ends = text.match_indices('\n').map(|(i, _)| i + 1).chain([text.len()]);
    for end in ends.filter(|end| !text[..*end].trim_end_matches('\n').ends_with('\\') || *end == text.len()) {
        let line = &text[start..end];
        let words = commands::spans(line);
        let at_end = |word: &Word| word.open.is_some() || (word.place.end == line.len() && end == text.len());
        let kinds = kinds(&words, &at_end);
        let places = words.iter().map(|w| start + w.place.start..start + w.place.end);
        tokens.extend(places.zip(kinds));
        start = end;
    }
    tokens
}

fn kinds(words: &[Word], at_end: &dyn Fn(&Word) -> bool) -> Vec<Token> {
    let Some((name, rest)) = words.split_first() else { return Vec::new() };
    let names = || commands::table().iter().map(|r| r.spec.name);
    let Ok(row) = commands::find(&name.text) else {
        let begun = at_end(name) && names().any(|n| n.starts_with(&name.text));
        let values = rest.iter().map(|_| Token::Value);
        return std::iter::once(if begun { Token::Begun } else { Token::Wrong }).chain(values).collect();
    };
    let mut kinds = vec![Token::Command];
    let mut asking: Option<&Flag> = None;
    let mut bare = 0;
    for word in rest {
        let flag = word.text.strip_prefix("--");
        kinds.push(match (flag, asking.take()) {
            (Some(flag), _) => {
                let (kind, found) = flag_kind(flag, row.spec, at_end(word));
                asking = found.filter(|_| !flag.contains('='));
                kind
            }
            (None, Some(flag)) => value(flag, &word.text, at_end(word)),
            (None, None) => {
                let mut firsts = row.spec.flags.iter().filter(|f| f.position == Position::First);
                let rest = row.spec.flags.iter().find(|f| f.position == Position::Rest);
                bare += 1;
                firsts.nth(bare - 1).or(rest).map_or(Token::Wrong, |flag| value(flag, &word.text, at_end(word)))
            }
        });
    }
    kinds
}

/// What `--name` or `--name=value` is, and the flag it names.
fn flag_kind(given: &str, spec: &'static Spec, at_end: bool) -> (Token, Option<&'static Flag>) {
    let (name, attached) = given.split_once('=').map_or((given, None), |(name, value)| (name, Some(value)));
    let mut named = spec.flags.iter().filter(|f| f.position == Position::Named);
    match (named.clone().find(|f| f.name == name), attached) {
        (Some(flag), Some(text)) if value(flag, text, at_end) == Token::Wrong => (Token::Wrong, Some(flag)),
        (Some(flag), _) => (Token::Flag, Some(flag)),
        (None, None) if at_end && named.any(|f| f.name.starts_with(name)) => (Token::Begun, None),
        (None, _) => (Token::Wrong, None),
    }
}

fn value(flag: &Flag, text: &str, at_end: bool) -> Token {
    let begins = |text: &str| ["", "-", ".", "-."].contains(&text) || text.to_lowercase().ends_with(['e', '-']);
    let (fits, begun) = match flag.kind {
        Kind::Number => (text.parse::<f64>().is_ok_and(f64::is_finite), begins(text)),
        Kind::Whole => (text.parse::<u32>().is_ok(), text.is_empty()),
        Kind::Choice(choices) => (choices.contains(&text), choices.iter().any(|c| c.starts_with(text))),
        _ => (true, true),
    };
    match (fits, at_end && begun) {
        (true, _) => Token::Value,
        (false, true) => Token::Begun,
        (false, false) => Token::Wrong,
    }
}

#[cfg(test)]
mod tests {
    use super::Token::{Begun, Command, Flag, Value, Wrong};
    use super::*;

    fn kinds(text: &str) -> Vec<Token> {
        tokens(text).into_iter().map(|(_, token)| token).collect()
    }

    #[test]
    fn a_word_is_wrong_once_it_cannot_become_right() {
        assert_eq!(kinds("icc --above 0.9 --form 2,1"), [Command, Flag, Value, Flag, Value]);
        assert_eq!(kinds("ic"), [Begun]);
        assert_eq!(kinds("ic "), [Wrong]);
        assert_eq!(kinds("icc --ab"), [Command, Begun]);
        assert_eq!(kinds("icc --abx"), [Command, Wrong]);
        assert_eq!(kinds("icc --above high"), [Command, Flag, Wrong]);
        assert_eq!(kinds("icc --above=high "), [Command, Wrong]);
        assert_eq!(kinds("icc --above -"), [Command, Flag, Begun]);
        assert_eq!(kinds("icc --form 2"), [Command, Flag, Begun]);
        assert_eq!(kinds("icc --form 2 "), [Command, Flag, Wrong]);
        assert_eq!(kinds("quit now"), [Command, Wrong]);
    }

    #[test]
    fn a_line_that_goes_on_is_one_command() {
        assert_eq!(kinds("icc \\\n--above 0.9\nroc"), [Command, Flag, Value, Command]);
        assert_eq!(kinds("icc \\"), [Command, Wrong]);
    }
}
