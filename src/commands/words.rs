//! A line as words: blanks separate, quotes keep together, a backslash takes the next character as it is.

use crate::error::{Error, Result};

/// Split a line; `#` outside a word starts a remark.
///
/// # Errors
/// A quote that is never closed.
pub fn split(line: &str) -> Result<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote: Option<char> = None;
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (Some(q), _) if c == q => quote = None,
            (Some('\''), _) => word.get_or_insert_default().push(c),
            (_, '\\') => word.get_or_insert_default().extend(chars.next()),
            (Some(_), _) => word.get_or_insert_default().push(c),
            (None, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, '#') if word.is_none() => break,
            (None, _) if c.is_whitespace() => words.extend(word.take()),
            (None, _) => word.get_or_insert_default().push(c),
        }
    }
    if let Some(q) = quote {
        return Err(Error::Syntax { why: format!("the quote {q} is never closed") });
    }
    words.extend(word);
    Ok(words)
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
