//! A table on a screen: only the rows and columns that are seen are touched; header and first column stay.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::page::{Align, Table};
use crate::render::columns::{GAP, natural};
use crate::render::names;
use crate::render::theme::{Glyphs, Theme};
use crate::render::words::{clean, elide, fit, width, write};

/// The part of a table that is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    pub rows: Range<usize>,
    /// Index and width of each column, from left to right.
    pub columns: Vec<(usize, usize)>,
}

/// Rows a table takes on a screen: caption, header and its rows.
pub fn rows(table: &Table, width: u16, glyphs: Glyphs) -> usize {
    head(table, usize::from(width), glyphs) + table.rows.len()
}

/// What is seen of a table of which `from` rows have been scrolled away and `left` columns, in a place of that size.
pub fn shown(table: &Table, from: usize, left: usize, place: Rect, glyphs: Glyphs) -> Shown {
    let room = usize::from(place.width);
    let body = usize::from(place.height).saturating_sub(head(table, room, glyphs));
    let first = from.min(table.rows.len());
    let rows = first..(first + body).min(table.rows.len());
    let columns = columns(table, rows.clone(), left, room, glyphs);
    Shown { rows, columns }
}

/// Draw what is seen. Scrolled rows disappear under the header, not with it; a header never stands without a row.
pub fn draw(table: &Table, (from, left): (usize, usize), place: Rect, buf: &mut Buffer, theme: Theme) {
    let glyphs = theme.glyphs;
    let head_rows = head(table, usize::from(place.width), glyphs);
    let shown = shown(table, from, left, place, glyphs);
    if shown.rows.is_empty() && !table.rows.is_empty() {
        // Only the end of the table is seen, where its last rows stand, or only its beginning.
        let end = (from + usize::from(place.height)).saturating_sub(head_rows).min(table.rows.len());
        let rows = if from > 0 { from.saturating_sub(head_rows).min(end)..end } else { 0..0 };
        let y = place.top() + head_rows.saturating_sub(from).min(usize::from(place.height)) as u16;
        body(table, &Shown { rows, ..shown }, Rect { y, ..place }, buf, glyphs);
        return;
    }
    let mut row = Rect { height: 1, ..place };
    if head_rows == 2 {
        caption(table, &shown, row, buf, theme);
        row.y += 1;
    }
    if row.y < place.bottom() {
        cells(table, &shown, |c| &table.columns[c].name, (row, theme.table_head()), buf, glyphs);
    }
    body(table, &shown, Rect { y: row.y + 1, height: place.bottom().saturating_sub(row.y + 1), ..place }, buf, glyphs);
}

/// The rows that are seen, the first at the top of `place`; words that are cut stay apart.
fn body(table: &Table, shown: &Shown, place: Rect, buf: &mut Buffer, glyphs: Glyphs) {
    let words = shown.columns.iter().filter(|(c, _)| table.columns[*c].align == Align::Left);
    let cut: Vec<(usize, Vec<String>)> = words
        .filter(|(c, wide)| *wide < natural(table, *c, glyphs))
        .map(|(c, wide)| (*c, names::apart(column(table, shown.rows.clone(), *c), *wide, glyphs)))
        .collect();
    for (i, (row, y)) in table.rows[shown.rows.clone()].iter().zip(place.y..place.bottom()).enumerate() {
        let cell = |c: usize| match cut.iter().find(|(at, _)| *at == c) {
            Some((_, cells)) => cells[i].as_str(),
            None => row.get(c).map_or("", String::as_str),
        };
        cells(table, shown, cell, (Rect { y, height: 1, ..place }, Style::new()), buf, glyphs);
    }
}

fn column(table: &Table, rows: Range<usize>, c: usize) -> impl Iterator<Item = &str> {
    table.rows[rows].iter().map(move |row| row.get(c).map_or("", String::as_str))
}

/// Rows above the first: the header, and a caption where there is a title or more than a glance takes in.
fn head(table: &Table, room: usize, glyphs: Glyphs) -> usize {
    let all = || {
        (0..table.columns.len()).try_fold(0, |used, c| {
            let used = used + natural(table, c, glyphs) + GAP;
            (used <= room + GAP).then_some(used)
        })
    };
    if !table.title.is_empty() || table.rows.len() > GLANCE || all().is_none() { 2 } else { 1 }
}

/// Rows that need no count above them.
const GLANCE: usize = 12;

/// The least columns words are cut to.
const LEAST: usize = 16;

/// The first column and those from `left` on, as many as fit; one that is alone with the first is cut, not left out. The names
/// of the first are cut to half the room where that brings more columns into sight and leaves them apart, and have whatever these
/// leave.
fn columns(table: &Table, rows: Range<usize>, left: usize, room: usize, glyphs: Glyphs) -> Vec<(usize, usize)> {
    let count = table.columns.len();
    if count == 0 {
        return Vec::new();
    }
    let alone = if count == 1 { room } else { room / 2 };
    let whole = natural(table, 0, glyphs);
    let mut first = whole.min(alone);
    let from = 1 + left.min(count.saturating_sub(2));
    if first < whole && from < count && table.columns[0].align == Align::Left {
        // As much more as tells the names apart, while one column beside them stays whole.
        let most = whole.min(room.saturating_sub(GAP + natural(table, from, glyphs)));
        first = names::least(column(table, rows, 0), first, most, glyphs);
    }
    let mut used = first;
    let mut columns = vec![(0, first)];
    for c in from..count {
        let wide = natural(table, c, glyphs);
        let free = room.saturating_sub(used + GAP);
        // Words that have no room are cut before they are left out.
        let cut = table.columns[c].align == Align::Left && free >= LEAST;
        if wide > free && (columns.len() > 1 || free == 0) && !cut {
            break;
        }
        columns.push((c, wide.min(free)));
        used += GAP + wide.min(free);
    }
    let rest = room.saturating_sub(used);
    columns[0].1 = (first + rest).min(whole);
    columns
}

/// Title at the left, and at the right which rows and columns are seen when not all are.
fn caption(table: &Table, shown: &Shown, row: Rect, buf: &mut Buffer, theme: Theme) {
    let (rows, columns) = (table.rows.len(), table.columns.len());
    let mut parts = Vec::new();
    if shown.rows.len() < rows && !shown.rows.is_empty() {
        parts.push(format!("rows {}-{} of {rows}", shown.rows.start + 1, shown.rows.end));
    }
    if let (Some(from), Some(to)) =
        (shown.columns.get(1), shown.columns.last().filter(|_| shown.columns.len() < columns))
    {
        parts.push(match (from.0 + 1, to.0 + 1) {
            (a, b) if a == b => format!("column {a} of {columns}"),
            (a, b) => format!("columns {a}-{b} of {columns}"),
        });
    }
    let place = elide(&parts.join(", "), usize::from(row.width), theme.glyphs);
    let room = usize::from(row.width).saturating_sub(width(&place) + GAP);
    let title = elide(&clean(&table.title, theme.glyphs), room, theme.glyphs);
    write(buf, (row.x, row.y), row.width, &title, theme.heading());
    write(buf, (row.right() - width(&place) as u16, row.y), row.width, &place, theme.faint());
}

fn cells<'a>(
    table: &Table,
    shown: &Shown,
    cell: impl Fn(usize) -> &'a str,
    (row, style): (Rect, Style),
    buf: &mut Buffer,
    glyphs: Glyphs,
) {
    let mut x = row.x;
    for (c, wide) in &shown.columns {
        let text = fit(&clean(cell(*c), glyphs), *wide, table.columns[*c].align, glyphs);
        write(buf, (x, row.y), row.right().saturating_sub(x), &text, style);
        x = x.saturating_add((wide + GAP).min(usize::from(u16::MAX)) as u16);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn large() -> Table {
        let mut table = Table::new("features").left("id");
        for c in 1..50 {
            table = table.right(&format!("feature{c}"));
        }
        for r in 0..2000 {
            table.row((0..50).map(|c| format!("{r}.{c}")));
        }
        table
    }

    #[test]
    fn only_what_is_seen_is_drawn() {
        let table = large();
        for (from, left) in [(0, 0), (1000, 20), (1990, 48), (5000, 5000)] {
            let shown = shown(&table, from, left, Rect::new(0, 0, 120, 40), Glyphs::Braille);
            assert!(shown.rows.len() <= 38 && shown.rows.end <= 2000);
            assert!(shown.columns.len() <= 13, "{}", shown.columns.len());
            assert_eq!(shown.columns[0].0, 0);
            assert!(shown.columns.len() > 1);
        }
    }

    #[test]
    fn a_name_is_whole_wherever_it_has_room() {
        let name = "wavelet-LLH_glszm_LargeAreaHighGrayLevelEmphasis";
        let mut table = Table::new("").left("feature").right("icc").right("p");
        table.row([name, "0.912", "<0.001"]);
        for room in 0..100 {
            let columns = columns(&table, 0..1, 0, room, Glyphs::Ascii);
            let (first, used) = (columns[0].1, columns.iter().map(|c| c.1 + GAP).sum::<usize>());
            assert!(used <= room + GAP, "{room}: {columns:?}");
            assert!(first == name.len() || used == room + GAP, "{room}: {columns:?}");
            assert!(room < name.len() + 5 + 6 + 2 * GAP || (first == name.len() && columns.len() == 3), "{room}");
        }
    }

    #[test]
    fn every_column_can_be_reached() {
        let table = large();
        let mut seen = std::collections::BTreeSet::new();
        for left in 0..49 {
            seen.extend(columns(&table, 0..30, left, 30, Glyphs::Ascii).iter().map(|c| c.0));
        }
        assert_eq!(seen.len(), 50);
    }
}
