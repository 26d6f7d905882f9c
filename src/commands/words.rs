//! A line as words: blanks separate, quotes (curly ones too) keep together, a backslash takes the next character as it is; before the end of a
//! line it is a blank, so that the line goes on.

use std::ops::Range;

use crate::error::{Error, Result};

/// A word and where it stands in its line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// Its bytes in the line, quotes and backslashes included.
    pub place: Range<usize>,
    /// What it says, without them.
    pub text: String,
    /// The quote, or the backslash at the end of the line, that still waits for its other half.
    pub open: Option<char>,
}

/// The words of a line that need not be finished; `#` outside a word starts a remark. Only the last word can be open.
pub fn spans(line: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut word: Option<Word> = None;
    let mut quote: Option<char> = None;
    let mut chars = line.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let goes_on = c == '\\' && chars.peek().is_some_and(|(_, next)| *next == '\n');
        let blank = quote.is_none() && (c.is_whitespace() || goes_on);
        if blank || (quote.is_none() && c == '#' && word.is_none()) {
            words.extend(word.take());
            if c == '#' {
                break;
            }
            continue;
        }
        let begins = word.is_none();
        let word = word.get_or_insert_with(|| Word { place: at..at, text: String::new(), open: None });
        word.place.end = at + c.len_utf8();
        match (quote, c) {
            (Some(q), _) if closes(q, c) => quote = None,
            (Some('\''), _) => word.text.push(c),
            (_, '\\') => match chars.next() {
                Some((at, c)) => {
                    word.place.end = at + c.len_utf8();
                    word.text.push(c);
                }
                None => word.open = Some('\\'),
            },
            (None, '"' | '\'') => quote = Some(c),
            (None, '“' | '”' | '„') if begins => quote = Some(c),
            _ => word.text.push(c),
        }
    }
    if let Some(word) = &mut word {
        word.open = quote.or(word.open);
    }
    words.extend(word);
    words
}

/// Whether this character ends what the other began; a word processor makes curly quotes of straight ones, as its language
/// has them.
fn closes(quote: char, c: char) -> bool {
    c == quote || matches!((quote, c), ('“' | '”' | '„', '“' | '”'))
}

/// Split a line into what its words say.
///
/// # Errors
/// A quote that is never closed.
pub fn split(line: &str) -> Result<Vec<String>> {
    let words = spans(line);
    match words.last().and_then(|w| w.open).filter(|open| *open != '\\') {
        Some(quote) => Err(Error::Syntax { why: format!("the quote {quote} is never closed") }),
        None => Ok(words.into_iter().map(|w| w.text).collect()),
    }
}

/// A word as it must be written to be read back.
pub fn quote(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./:,+@%=~".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_string();
    }
    let escaped: String = word.chars().flat_map(|c| if "\"\\".contains(c) { vec!['\\', c] } else { vec![c] }).collect();
    format!("\"{escaped}\"")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn words_keep_their_place() {
        let line = r#"open "my cohort.csv"  --id a\ b # remark"#;
        let words = spans(line);
        let said: Vec<&str> = words.iter().map(|w| w.text.as_str()).collect();
        assert_eq!(said, ["open", "my cohort.csv", "--id", "a b"]);
        let written: Vec<&str> = words.iter().map(|w| &line[w.place.clone()]).collect();
        assert_eq!(written, ["open", r#""my cohort.csv""#, "--id", r"a\ b"]);
    }

    #[test]
    fn an_open_word_says_what_it_waits_for() {
        assert_eq!(spans("open \"my co").pop().unwrap().open, Some('"'));
        assert_eq!(spans("open it's").pop().unwrap().open, Some('\''));
        assert_eq!(spans("open \\").pop().unwrap().open, Some('\\'));
        assert_eq!(spans("open \"\"").pop().unwrap().open, None);
        assert!(split("open \"my co").is_err());
    }

    #[test]
    fn quotes_of_a_word_processor_are_quotes() {
        for line in ["open “my cohort.csv” --id ID", "open „my cohort.csv“ --id ID", "open ”my cohort.csv” --id ID"]
        {
            assert_eq!(split(line).unwrap(), ["open", "my cohort.csv", "--id", "ID"], "{line}");
        }
        assert_eq!(split("open 5”scan.csv").unwrap(), ["open", "5”scan.csv"], "inside a word it is a letter");
        assert_eq!(spans("open “my co").pop().unwrap().open, Some('“'));
        assert_eq!(split(&quote("“a”")).unwrap(), ["“a”"]);
    }

    #[test]
    fn a_quoted_word_reads_back() {
        for word in ["", "plain", "two words", "a\"b\\c", "it's", "#no remark"] {
            assert_eq!(split(&quote(word)).unwrap(), [word]);
        }
    }
}
