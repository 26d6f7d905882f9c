//! The legend of a plot: one entry a named series, beside the panel or in rows above it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::strokes::numbered;
use crate::page::{Mark, Plot};
use crate::render::theme::{Glyphs, Theme};
use crate::render::words::{clean, elide, width, write};

/// A sample of the series, its name, and how the sample is drawn.
pub struct Entry {
    sample: String,
    name: String,
    style: Style,
}

/// The entries of a plot; none when there is only one series without a name. Context series have one entry together.
pub fn entries(plot: &Plot, theme: Theme) -> Vec<Entry> {
    let mut bars = 0;
    let mut entries = Vec::new();
    for (k, s) in numbered(plot) {
        bars += usize::from(s.mark == Mark::Bars);
        if !s.faint && !s.name.is_empty() {
            let sample = sample(theme.glyphs, s.mark, k, bars.saturating_sub(1));
            entries.push(Entry { sample, name: clean(&s.name, theme.glyphs).into_owned(), style: theme.series(k) });
        }
    }
    if let Some(name) = plot.context() {
        let sample = context(plot, theme.glyphs);
        entries.push(Entry {
            sample: sample.into(),
            name: clean(&name, theme.glyphs).into_owned(),
            style: theme.faint(),
        });
    }
    entries
}

/// Columns of the widest entry.
pub fn widest(entries: &[Entry]) -> usize {
    entries.iter().map(Entry::width).max().unwrap_or(0)
}

/// Entries in rows of at most `room` columns: the index of each row's first entry.
pub fn rows(entries: &[Entry], room: usize) -> Vec<std::ops::Range<usize>> {
    let mut rows: Vec<std::ops::Range<usize>> = Vec::new();
    let mut used = 0;
    for (i, e) in entries.iter().enumerate() {
        match rows.last_mut() {
            Some(row) if used + GAP + e.width() <= room => {
                row.end = i + 1;
                used += GAP + e.width();
            }
            _ => {
                rows.push(i..i + 1);
                used = e.width();
            }
        }
    }
    rows
}

/// Columns a row of entries takes.
pub fn row_width(entries: &[Entry]) -> usize {
    entries.iter().map(|e| e.width() + GAP).sum::<usize>().saturating_sub(GAP)
}

/// The same entries with samples of one mark, where the room is small.
pub fn short(mut entries: Vec<Entry>) -> Vec<Entry> {
    for e in &mut entries {
        e.sample = e.sample.chars().nth(usize::from(e.sample.starts_with(['─', '[']))).into_iter().collect();
    }
    entries
}

/// Draw entries on one row; a name is cut where the row ends.
pub fn draw_row(entries: &[Entry], area: Rect, theme: Theme, buf: &mut Buffer) {
    let mut x = area.x;
    for e in entries {
        let room = area.right().saturating_sub(x);
        e.draw((x, area.y), room, theme, buf);
        x = x.saturating_add((e.width() + GAP).min(usize::from(u16::MAX)) as u16);
    }
}

/// Draw entries one under the other; what does not fit is counted.
pub fn draw_column(entries: &[Entry], area: Rect, theme: Theme, buf: &mut Buffer) {
    let room = usize::from(area.height);
    let shown = if entries.len() > room { room.saturating_sub(1) } else { entries.len() };
    for (e, y) in entries.iter().take(shown).zip(area.y..) {
        e.draw((area.x, y), area.width, theme, buf);
    }
    if shown < entries.len() && room > 0 {
        more(entries.len() - shown, Rect { y: area.y + shown as u16, ..area }, theme, buf);
    }
}

/// Draw entries in as many rows as there are; the last one ends with the count of those that have no room.
pub fn draw_rows(entries: &[Entry], area: Rect, theme: Theme, buf: &mut Buffer) {
    let height = usize::from(area.height);
    let mut rows = rows(entries, usize::from(area.width));
    if rows.len() > height && height > 0 {
        rows.truncate(height);
        let mut last = rows[height - 1].clone();
        let note = |last: &std::ops::Range<usize>| format!("and {} more", entries.len() - last.end);
        while last.len() > 1 && row_width(&entries[last.clone()]) + GAP + note(&last).len() > usize::from(area.width) {
            last.end -= 1;
        }
        let note = note(&last);
        let x = area.right().saturating_sub(note.len() as u16);
        write(buf, (x, area.bottom() - 1), area.right() - x, &note, theme.faint());
        let room = Rect { y: area.bottom() - 1, width: area.width.saturating_sub(note.len() as u16 + 1), ..area };
        draw_row(&entries[last], room, theme, buf);
        rows.pop();
    }
    for (row, y) in rows.into_iter().zip(area.y..area.bottom()) {
        draw_row(&entries[row], Rect { y, ..area }, theme, buf);
    }
}

fn more(count: usize, area: Rect, theme: Theme, buf: &mut Buffer) {
    write(buf, (area.x, area.y), area.width, &format!("and {count} more"), theme.faint());
}

const GAP: usize = 3;

impl Entry {
    fn width(&self) -> usize {
        width(&self.sample) + 1 + width(&self.name)
    }

    fn draw(&self, (x, y): (u16, u16), room: u16, theme: Theme, buf: &mut Buffer) {
        let wide = width(&self.sample) as u16;
        write(buf, (x, y), room, &self.sample, self.style);
        let room = room.saturating_sub(wide + 1);
        let name = elide(&self.name, usize::from(room), theme.glyphs);
        write(buf, (x.saturating_add(wide + 1), y), room, &name, Style::new());
    }
}

/// How context is drawn: limits of a band, lines that have a name, or lines that are only to be seen.
fn context(plot: &Plot, glyphs: Glyphs) -> &'static str {
    let faint = || plot.series.iter().filter(|s| s.faint);
    match (faint().all(|s| !s.interval.is_empty()), faint().all(|s| !s.name.is_empty()), glyphs) {
        (true, _, Glyphs::Ascii) => "'''",
        (_, true, Glyphs::Ascii) => "---",
        (_, _, Glyphs::Ascii) => ",,,",
        (false, true, _) => "───",
        (_, _, Glyphs::Block) => "▄▄▄",
        _ => "┄┄┄",
    }
}

fn sample(glyphs: Glyphs, mark: Mark, k: usize, pattern: usize) -> String {
    let m = glyphs.mark(k);
    match (mark, glyphs) {
        (Mark::Bars, Glyphs::Braille) => ["⣿⣿", "⢕⢕", "⠭⠭", "⡇⡇"][pattern % 4].into(),
        (Mark::Bars, Glyphs::Block) => ["██", "░░", "▒▒", "▓▓"][pattern % 4].into(),
        (Mark::Bars, Glyphs::Ascii) => ["##", "::", "==", "%%"][pattern % 4].into(),
        (Mark::Dots, _) => m.into(),
        (Mark::Boxes, _) => format!("[{m}]"),
        (_, Glyphs::Ascii) => format!("{m}{m}{m}"),
        _ => format!("─{m}─"),
    }
}
