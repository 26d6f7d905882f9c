//! Where everything stands on a screen of this size.

use ratatui::layout::Rect;

use super::tour;
use super::view::{Focus, Note, View};
use crate::render::words::wrap;

/// Places from top to bottom; one that has no room is empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Places {
    pub status: Rect,
    pub cells: Rect,
    /// The line between cells and page.
    pub between: Rect,
    /// The line of the page on show.
    pub head: Rect,
    pub page: Rect,
    /// Above the prompt.
    pub rule: Rect,
    pub prompt: Rect,
    pub note: Rect,
}

/// Below this width one pane is shown at a time.
pub const NARROW: u16 = 60;
/// Up to this width an answer has the whole screen, and the cells what they need at least.
const USUAL: u16 = 90;
const CELLS: u16 = 30;
/// Rows of a prompt of many lines, and of a long note: on 40 columns too the tour and an error are read whole.
const PROMPT: u16 = 5;
const NOTE: u16 = 6;

pub fn places(view: &View) -> Places {
    let area = view.area;
    let lines = view.prompt.text().matches('\n').count().min(usize::from(PROMPT)) as u16 + 1;
    let prompt = lines.min(PROMPT).min(area.height);
    let note = note_rows(view, area.width).min(area.height - prompt);
    let left = area.height - prompt - note;
    let status = u16::from(left >= 4);
    let rule = u16::from(left >= 8);
    let body = left - status - rule;
    let row = |y: u16, height: u16| Rect { x: area.x, y: area.y + y, width: area.width, height };
    let mut places = Places {
        status: row(0, status),
        rule: row(status + body, rule),
        prompt: row(left, prompt),
        note: row(left + prompt, note),
        ..Places::default()
    };
    let body = row(status, body);
    let (cells, page) = panes(view, area.width);
    places.cells = Rect { width: cells, ..body };
    let between = u16::from(cells > 0 && page > 0);
    places.between = Rect { x: body.x + cells, width: between, ..body };
    let page = Rect { x: body.x + cells + between, width: page, ..body };
    let head = u16::from(page.height > 4).min(page.width);
    places.head = Rect { height: head, ..page };
    places.page = Rect { y: page.y + head, height: page.height - head, ..page };
    places
}

/// Widths of cells and page.
fn panes(view: &View, width: u16) -> (u16, u16) {
    let page_only = view.zoomed || view.notebook.cells.is_empty() || view.screen().is_some();
    match width {
        _ if page_only => (0, width),
        w if w <= USUAL && view.aside.is_some() => (0, w),
        // The tour says what to look at: on one pane that is the page.
        w if w < NARROW && (view.focus == Focus::Page || view.tour.is_some()) => (0, w),
        w if w < NARROW => (w, 0),
        w if w <= USUAL => (CELLS, w - CELLS - 1),
        w => {
            let cells = (w * 3 / 10).clamp(CELLS, 54);
            (cells, w - cells - 1)
        }
    }
}

fn note_rows(view: &View, width: u16) -> u16 {
    match (&view.note, tour::says(view)) {
        (Note::Keys, None) => 1,
        (Note::Keys, Some(says)) => rows(&says, width),
        (note, _) => rows(&said(note), width),
    }
}

fn rows(text: &str, width: u16) -> u16 {
    wrap(text, usize::from(width)).len().clamp(1, usize::from(NOTE)) as u16
}

/// The words of a note.
pub fn said(note: &Note) -> String {
    match note {
        Note::Keys => String::new(),
        Note::Said(text) => text.clone(),
        Note::Error { sentence, remedy, mended, .. } => {
            let remedy = if remedy.is_empty() { String::new() } else { format!("; {remedy}") };
            let mended = mended.as_ref().map(|text| match text.split_once('\n') {
                Some((line, _)) => format!("  [Tab: {line}, and what follows]"),
                None => format!("  [Tab: {text}]"),
            });
            let mended = mended.unwrap_or_default();
            format!("{sentence}{remedy}{mended}")
        }
    }
}
