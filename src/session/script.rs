//! `.rad` files: command lines, and under each what it said, as `#=` lines.

use super::chain::Entry;
use super::record::record;

/// A notebook as text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Script {
    pub lines: Vec<ScriptLine>,
}

/// One command line of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct ScriptLine {
    /// Its number in the file, from 1.
    pub number: usize,
    pub line: String,
    /// The text of its `#=` lines, joined; none where the file records nothing.
    pub said: Option<String>,
}

/// The lines of a text that was copied from where pages are printed under `> ` and their line: those, without the mark and the
/// pages. None where the first line has no mark.
pub fn of_transcript(text: &str) -> Option<String> {
    let first = text.lines().map(str::trim).find(|line| !line.is_empty())?;
    first
        .starts_with(MARK)
        .then(|| text.lines().filter_map(|l| l.trim().strip_prefix(MARK)).collect::<Vec<_>>().join("\n"))
}

/// What stands before a line where its page follows it.
const MARK: &str = "> ";

impl Script {
    /// Read a text. A line that ends in a backslash goes on in the next; other `#` lines are remarks. The mark `> ` of a line
    /// that was copied is no part of it.
    pub fn parse(text: &str) -> Self {
        let mut lines: Vec<ScriptLine> = Vec::new();
        let mut open: Option<ScriptLine> = None;
        for (i, raw) in text.lines().enumerate() {
            let trimmed = raw.trim();
            let trimmed = trimmed.strip_prefix(MARK).map_or(trimmed, str::trim_start);
            if let Some(said) = trimmed.strip_prefix("#=") {
                if let Some(last) = lines.last_mut() {
                    let text = last.said.get_or_insert_default();
                    text.push(' ');
                    text.push_str(said.trim());
                }
            } else if !trimmed.is_empty() && !trimmed.starts_with('#') {
                let mut line = open.take().unwrap_or(ScriptLine { number: i + 1, line: String::new(), said: None });
                let (part, goes_on) = trimmed.strip_suffix('\\').map_or((trimmed, false), |p| (p.trim_end(), true));
                if !line.line.is_empty() {
                    line.line.push(' ');
                }
                line.line.push_str(part);
                if goes_on { open = Some(line) } else { lines.push(line) }
            }
        }
        lines.extend(open);
        Self { lines }
    }
}

/// The notebook as a file's text.
pub(super) fn write(entries: &[Entry]) -> String {
    let mut text = String::from("# radnote notebook: command lines, and under each what it said\n");
    for entry in entries {
        text.push('\n');
        text.push_str(&entry.line);
        text.push('\n');
        // What is not computed yet has said nothing.
        for said in Some(entry).filter(|e| !e.waits()).into_iter().flat_map(|e| record(&e.result)) {
            text.push_str(&format!("#= {said}\n"));
        }
    }
    text
}
