//! Words measured, cut, filled and wrapped in columns of a terminal; what would break a terminal never gets through.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::style::Style;
use ratatui::text::Span;

use super::theme::Glyphs;
use crate::caution::counted;
use crate::page::Align;

/// The text without control characters (an id read from a table may hold an escape code), and with the signs that the medium
/// has: common ones that it lacks are spelt out, in 7 bits others become `?`.
pub fn clean(text: &str, glyphs: Glyphs) -> Cow<'_, str> {
    if text.bytes().all(|b| (b' '..=b'~').contains(&b)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if c.is_control() || is_bidi(c) => out.push(' '),
            c if glyphs.has(c) => out.push(c),
            // A console may have a font of more letters than it is known to have.
            c if glyphs == Glyphs::Block && spelt(c) == "?" => out.push(c),
            c => out.push_str(spelt(c)),
        }
    }
    Cow::Owned(out)
}

/// How many columns a cell's text is set in, as the levels under a factor are, and the text itself.
pub fn set_in(text: &str) -> (usize, &str) {
    let body = text.trim_start_matches(' ');
    (text.len() - body.len(), body)
}

/// Alternatives that were evaluated: lines for a step beyond its first one, on one cohort.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tried {
    pub count: usize,
    /// Those of them that this notebook did not evaluate on these very patients: `2 in other notebooks on these patients`,
    /// `5 on a cohort that shares 121 of its 122 patients`.
    pub elsewhere: Vec<String>,
}

impl Tried {
    /// That some were tried elsewhere, and where; none where none was.
    pub fn beside(&self) -> Option<String> {
        let places = self.elsewhere.join(", ");
        let tried = counted(self.count, "alternatives were tried");
        (!places.is_empty()).then(|| format!("{tried} so far, of them {places}"))
    }
}

/// What a report says of the alternatives that were evaluated, as a label and its sentence; none where nobody counted.
pub fn tried(tried: Option<&Tried>) -> (String, String) {
    let Some(tried) = tried else {
        let why = "These lines were run without a notebook's journal, which counts them.";
        return ("Alternatives tried: not counted".into(), why.into());
    };
    let places = tried.elsewhere.join(", ");
    let places = if places.is_empty() { String::new() } else { format!(", of them {places}") };
    let why = format!(
        "Lines that were evaluated for a step beyond its first one, on this cohort, since the notebook's first day{places}. \
         Each is a chance more to find what is not there: report the number."
    );
    (format!("Alternatives tried: {}", tried.count), why)
}

/// Columns the text takes.
pub fn width(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { Span::raw(text).width() }
}

/// The text in at most `room` columns: both ends stay, the middle goes, because names differ in family and in feature.
pub fn elide(text: &str, room: usize, glyphs: Glyphs) -> String {
    if width(text) <= room {
        return text.to_string();
    }
    let dots = glyphs.ellipsis();
    let Some(rest) = room.checked_sub(dots.chars().count() + 1).filter(|r| *r > 0) else {
        return first(text, room);
    };
    format!("{}{dots}{}", first(text, rest + 1 - rest / 2), last(text, rest / 2))
}

/// The text in exactly `room` columns, cut in the middle if it must be.
pub fn fit(text: &str, room: usize, align: Align, glyphs: Glyphs) -> String {
    let text = elide(text, room, glyphs);
    let fill = " ".repeat(room.saturating_sub(width(&text)));
    match align {
        Align::Left => text + &fill,
        Align::Right => fill + &text,
    }
}

/// Lines of at most `room` columns, broken at spaces; a word that is longer is broken where it must be.
pub fn wrap(text: &str, room: usize) -> Vec<String> {
    let room = room.max(2);
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        for word in paragraph.split(' ').filter(|w| !w.is_empty()) {
            let mut word = word.to_string();
            if !line.is_empty() && width(&line) + 1 + width(&word) > room {
                lines.push(std::mem::take(&mut line));
            }
            while width(&word) > room {
                let head = first(&word, room);
                word = word[head.len()..].to_string();
                lines.push(head);
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(&word);
        }
        lines.push(line);
    }
    lines
}

/// A line that stands as it is written, such as a formula: whole where it fits, else broken at its blanks, with what follows
/// set in under it.
pub fn fold(line: &str, room: usize) -> Vec<String> {
    if width(line) <= room {
        return vec![line.to_string()];
    }
    let body = line.trim_start_matches(' ');
    let own = (line.len() - body.len()).min(room / 2);
    let (own, deeper) = (" ".repeat(own), " ".repeat((own + SET_IN).min(room / 2)));
    let lines = wrap(body, room.saturating_sub(deeper.len()));
    lines.iter().enumerate().map(|(i, l)| format!("{}{l}", if i == 0 { &own } else { &deeper })).collect()
}

/// Blanks before what goes on.
const SET_IN: usize = 4;

/// Write on one row of a buffer, at most `room` columns; what lies outside the buffer is left out.
pub fn write(buf: &mut Buffer, (x, y): (u16, u16), room: u16, text: &str, style: Style) {
    let area = buf.area;
    if y >= area.top() && y < area.bottom() && x >= area.left() && x < area.right() {
        buf.set_stringn(x, y, text, room as usize, style);
    }
}

/// The row of a buffer as text, without the blanks at its end.
pub(super) fn row(buf: &Buffer, y: u16) -> String {
    let mut text = String::new();
    let mut x = buf.area.left();
    while x < buf.area.right() {
        let symbol = buf[(x, y)].symbol();
        text.push_str(symbol);
        x += width(symbol).max(1) as u16;
    }
    text.trim_end().to_string()
}

pub(super) fn first(text: &str, room: usize) -> String {
    let mut used = 0;
    graphemes(text)
        .into_iter()
        .take_while(|g| {
            used += width(g);
            used <= room
        })
        .collect()
}

pub(super) fn last(text: &str, room: usize) -> String {
    let mut used = 0;
    let mut kept: Vec<String> = graphemes(text)
        .into_iter()
        .rev()
        .take_while(|g| {
            used += width(g);
            used <= room
        })
        .collect();
    kept.reverse();
    kept.concat()
}

fn graphemes(text: &str) -> Vec<String> {
    if text.is_ascii() {
        return text.chars().map(String::from).collect();
    }
    Span::raw(text).styled_graphemes(Style::new()).map(|g| g.symbol.to_string()).collect()
}

/// Marks that turn the direction of writing: they can make one id look like another.
fn is_bidi(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn spelt(c: char) -> &'static str {
    match c {
        '–' | '—' | '−' | '‐' | '─' => "-",
        '≤' => "<=",
        '≥' => ">=",
        '≈' => "~",
        '±' => "+-",
        '×' => "x",
        '·' | '•' | '●' => "*",
        '→' => "->",
        '←' => "<-",
        '…' => "..",
        '²' => "^2",
        '³' => "^3",
        '‘' | '’' => "'",
        '“' | '”' | '„' => "\"",
        '\u{a0}' => " ",
        'α' => "alpha",
        'β' => "beta",
        'λ' => "lambda",
        'µ' | 'μ' => "u",
        'σ' => "sigma",
        'χ' => "chi",
        'ä' => "ae",
        'ö' => "oe",
        'ü' => "ue",
        'Ä' => "Ae",
        'Ö' => "Oe",
        'Ü' => "Ue",
        'ß' => "ss",
        'à' | 'á' | 'â' | 'ã' | 'å' => "a",
        'ç' => "c",
        'è' | 'é' | 'ê' | 'ë' => "e",
        'ì' | 'í' | 'î' | 'ï' => "i",
        'ñ' => "n",
        'ò' | 'ó' | 'ô' | 'õ' => "o",
        'ù' | 'ú' | 'û' => "u",
        _ => "?",
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_steers_a_terminal_gets_through() {
        assert_eq!(clean("P\x1b[2J1", Glyphs::Braille), "P [2J1");
        assert_eq!(clean("λ ≥ 1, 患", Glyphs::Ascii), "lambda >= 1, ?");
        assert_eq!(clean("λ ≥ 1, 2×2, Ł, Ärzte…", Glyphs::Block), "lambda ≥ 1, 2x2, Ł, Ärzte..");
        assert_eq!(clean("a\u{202e}b", Glyphs::Braille), "a b");
    }

    #[test]
    fn names_keep_both_ends() {
        assert_eq!(elide("wavelet-LLL_glcm_MCC", 11, Glyphs::Ascii), "wavel.._MCC");
        assert_eq!(elide("wavelet-LLL_glcm_MCC", 11, Glyphs::Braille), "wavele…_MCC");
        for room in 0..12 {
            assert!(width(&elide("放射组学特征名", room, Glyphs::Braille)) <= room);
            assert_eq!(width(&fit("放射组学特征名", room, Align::Right, Glyphs::Ascii)), room);
        }
    }

    #[test]
    fn a_folded_line_keeps_every_character_and_is_set_in() {
        let line = "  score  = -0.9 + 1.358 x z(original_glszm_HighGrayLevelZoneEmphasis) + 0.2 x z(b)";
        for room in 0..120 {
            let lines = fold(line, room);
            assert!(lines.iter().all(|l| width(l) <= room.max(3)), "{room}: {lines:?}");
            assert_eq!(lines.concat().replace(' ', ""), line.replace(' ', ""), "{room}");
            assert!(room < 20 || lines.iter().skip(1).all(|l| l.starts_with("      ")), "{room}: {lines:?}");
        }
        assert_eq!(fold(line, 90), [line]);
    }

    #[test]
    fn wrapping_keeps_every_character() {
        let text = "a fairly long sentence with averyveryverylongword in it";
        for room in 0..60 {
            let lines = wrap(text, room);
            assert!(lines.iter().all(|l| width(l) <= room.max(2)));
            assert_eq!(lines.concat().replace(' ', ""), text.replace(' ', ""));
        }
        assert_eq!(wrap("", 10), [""]);
    }
}
