//! The language of the prompt: what may follow, what is likely meant, whether a line is finished. All from the table of
//! commands and the study; no terminal, so that every prompt speaks the same.

mod mend;
mod slot;
mod tokens;
mod values;

use std::path::Path;

pub use self::mend::{mended, mended_with, named};
use self::slot::Slot;
pub use self::tokens::{Token, tokens};
use crate::commands::{self, Flag, Position, Spec};
use crate::study::Study;

/// What may stand at the cursor.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Completion {
    /// Byte of the line at which the candidates begin; they replace everything from there to the cursor.
    pub start: usize,
    /// The likeliest first.
    pub candidates: Vec<Candidate>,
    /// What is asked for here, for the reader: `--above NUMBER: a feature stays when its ICC is greater`.
    pub about: String,
}

/// One way to go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// As it stands in the line, quoted where it must be.
    pub text: String,
    /// What it means; may be empty.
    pub help: String,
}

/// What one begins with comes before other commands of these letters: most need a cohort.
const FIRST: [&str; 3] = ["tour", "demo", "open "];

/// The most candidates that are given.
const MOST: usize = 200;

/// What may stand at `cursor` (a byte of `line`), given what the notebook knows; relative files start at `folder`.
pub fn complete(line: &str, cursor: usize, study: &Study, folder: &Path) -> Completion {
    let cursor = floor(line, cursor);
    let from = command_start(line, cursor);
    let head = &line[from..cursor];
    let words = commands::spans(head);
    let (before, typed) = match words.split_last() {
        Some((last, before)) if last.place.end == head.len() => (before, Some(last)),
        _ => (&words[..], None),
    };
    let text = typed.map_or("", |w| w.text.as_str());
    let mut completion = Completion { start: from + typed.map_or(head.len(), |w| w.place.start), ..Default::default() };
    let mut offers: Vec<(String, String)> = Vec::new();
    let slot = slot::at(before, text);
    let text = match slot {
        Slot::Command => {
            offers.extend(commands::table().iter().map(|r| (r.spec.name.to_string(), r.spec.summary.to_string())));
            text
        }
        Slot::Value { flag, spec, attached } => {
            completion.about = about(flag);
            completion.start += attached;
            offers = values::of(flag, spec, &words, study, folder);
            text.get(attached..).unwrap_or_default()
        }
        Slot::Words { flag, spec, given } => {
            if let Some(flag) = flag.filter(|_| !text.starts_with("--")) {
                completion.about = about(flag);
                offers = values::of(flag, spec, &words, study, folder);
            }
            offers.extend(flags(spec, &given));
            text
        }
        Slot::Nothing => text,
    };
    completion.candidates = ranked(offers, text);
    completion
}

/// The rest of the line that is likely meant: of the newest line in `ran` (those that ran well, oldest first) that begins
/// like it, else of an example of its command. A number that is typed is whole: no hint makes another of it. A line of an
/// older version that cannot be read any more is no hint.
pub fn hint<'a>(line: &str, ran: impl DoubleEndedIterator<Item = &'a str>) -> Option<String> {
    if line.trim().is_empty() {
        return None;
    }
    let examples = || commands::table().iter().flat_map(|r| r.spec.examples).copied();
    let whole = ends_in_number(line);
    let follows = |rest: &&str| !rest.is_empty() && !rest.contains('\n') && (!whole || rest.starts_with(' '));
    let rest = |line_: &'a str| line_.strip_prefix(line).filter(follows).filter(|_| commands::parse(line_).is_ok());
    let known = || FIRST.into_iter().chain(examples()).find_map(|e| e.strip_prefix(line).filter(follows));
    ran.rev().find_map(rest).or_else(known).map(str::to_string)
}

/// The last word, or the value after its `=`, is a number or begins like one.
fn ends_in_number(line: &str) -> bool {
    let word = line.rsplit([' ', '=']).next().unwrap_or_default();
    word.contains(|c: char| c.is_ascii_digit()) && word.chars().all(|c| c.is_ascii_digit() || "+-.,eE".contains(c))
}

/// The quote or backslash the text still waits for; none when it can be run.
pub fn waits_for(text: &str) -> Option<char> {
    let open = commands::spans(text).pop().and_then(|w| w.open);
    open.or_else(|| text.trim_end_matches([' ', '\t']).ends_with('\\').then_some('\\'))
}

/// How a candidate goes into the line: a blank follows, but not after a folder, where the path goes on.
pub fn inserted(candidate: &Candidate) -> String {
    let goes_on = candidate.text.ends_with('/') || candidate.text.ends_with("/\"");
    if goes_on { candidate.text.trim_end_matches('"').to_string() } else { format!("{} ", candidate.text) }
}

/// The longest beginning that all candidates share.
pub fn common(candidates: &[Candidate]) -> &str {
    let Some((first, others)) = candidates.split_first() else { return "" };
    others.iter().fold(first.text.as_str(), |common, c| {
        let same = common.char_indices().zip(c.text.chars()).take_while(|((_, a), b)| a == b);
        let end = same.last().map_or(0, |((i, a), _)| i + a.len_utf8());
        &common[..end]
    })
}

/// The byte at which the command under the cursor begins: a text of several lines holds several.
fn command_start(text: &str, cursor: usize) -> usize {
    let lines = text[..cursor].match_indices('\n').map(|(i, _)| i).rev();
    lines.into_iter().find(|i| !text[..*i].trim_end().ends_with('\\')).map_or(0, |i| i + 1)
}

fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0)
}

fn about(flag: &Flag) -> String {
    let name = if flag.position == Position::Named { format!("--{}", flag.name) } else { flag.name.to_uppercase() };
    format!("{name}: {}", flag.help)
}

fn flags(spec: &Spec, given: &[&str]) -> Vec<(String, String)> {
    let open = spec.flags.iter().filter(|f| f.position == Position::Named && !given.contains(&f.name));
    open.map(|f| (format!("--{}", f.name), f.help.to_string())).collect()
}

/// Those that fit what was typed, the closest first, otherwise in the order given.
fn ranked(offers: Vec<(String, String)>, typed: &str) -> Vec<Candidate> {
    let mut ranked: Vec<(u8, Candidate)> = Vec::new();
    for (text, help) in offers {
        if let Some(distance) = distance(&text, typed) {
            let quoted = if text.starts_with("--") { text } else { commands::quote(&text) };
            ranked.push((distance, Candidate { text: quoted, help }));
        }
    }
    ranked.sort_by_key(|(distance, _)| *distance);
    // A name that only holds what was typed is a guess, worth nothing beside one that begins like it.
    let near = ranked.first().map_or(0, |(d, _)| (*d).max(1));
    let kept = ranked.into_iter().take_while(|(d, _)| *d <= near).take(MOST);
    kept.map(|(_, candidate)| candidate).collect()
}

/// 0: begins like it; 1: begins like it but for case; 2: holds it; 3: holds its letters in this order.
fn distance(name: &str, typed: &str) -> Option<u8> {
    let (lower, wanted) = (name.to_lowercase(), typed.to_lowercase());
    let mut letters = lower.chars();
    match () {
        () if name.starts_with(typed) => Some(0),
        () if lower.starts_with(&wanted) => Some(1),
        () if typed.starts_with('-') => None,
        () if lower.contains(&wanted) => Some(2),
        () if wanted.chars().count() > 2 && wanted.chars().all(|w| letters.any(|l| l == w)) => Some(3),
        () => None,
    }
}

#[cfg(test)]
mod tests;
