//! The list of cells: number, line, result. Two rows a cell where all have room, else one.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};

use super::{cut, write};
use crate::render::theme::{Glyphs, Theme};
use crate::tui::notebook::{Cell, State};
use crate::tui::view::{Focus, View, old_mark};

pub(super) fn draw(view: &View, place: Rect, buffer: &mut Buffer) {
    if place.is_empty() {
        return;
    }
    let cells = view.cells();
    let each = if cells.len() * 2 <= usize::from(place.height) { 2 } else { 1 };
    let shown = usize::from(place.height) / each;
    let first = first(view.chosen, cells.len(), shown);
    for (i, cell) in cells.iter().enumerate().skip(first).take(shown) {
        let y = place.y + ((i - first) * each) as u16;
        let row = Rect { y, height: 1, ..place };
        let mark = mark(view, i, cell);
        let chosen = i == view.chosen && view.aside.is_none();
        let style = style(view, cell, chosen);
        if chosen {
            buffer.set_style(Rect { height: each as u16, ..row }, style);
        }
        let pointer = if chosen { ">" } else { " " };
        let x = write(buffer, row.x, row, &format!("{pointer}{mark}{:>2} ", i + 1), style, view.theme.glyphs);
        if each == 2 {
            write(buffer, x, row, &cell.short, style, view.theme.glyphs);
            let below = Rect { y: y + 1, ..row };
            let faint = if chosen { style.remove_modifier(Modifier::BOLD) } else { view.theme.faint() };
            write(buffer, x, below, &said(view, i, cell), faint, view.theme.glyphs);
        } else {
            one_row(cell, &said(view, i, cell), x, row, style, view.theme, buffer);
        }
    }
}

/// The first cell that is shown, so that the chosen one is in sight, in the middle where it can be.
fn first(chosen: usize, cells: usize, shown: usize) -> usize {
    chosen.saturating_sub(shown / 2).min(cells.saturating_sub(shown))
}

/// Name and result in one row: the result matters more than the flags.
fn one_row(cell: &Cell, said: &str, x: u16, row: Rect, style: Style, theme: Theme, buffer: &mut Buffer) {
    let name = cut(&cell.name, 11, theme.glyphs);
    write(buffer, x, row, &name, style, theme.glyphs);
    // The line where there is no result, and beside the result where it has room.
    if said.is_empty() {
        write(buffer, x, row, &cell.short, style, theme.glyphs);
    } else {
        write(buffer, x + 12, row, said, style.remove_modifier(Modifier::BOLD), theme.glyphs);
    }
}

fn said(view: &View, at: usize, cell: &Cell) -> String {
    match cell.state {
        State::Ready | State::Old => cell.headline.clone(),
        State::Failed => "failed".into(),
        State::Waiting if cell.slow => view.age(at).unwrap_or_else(|| "not computed".into()),
        State::Blocked | State::Waiting => String::new(),
    }
}

/// What is the matter with a cell, in one column.
fn mark(view: &View, i: usize, cell: &Cell) -> &'static str {
    let glyphs = view.theme.glyphs;
    let ascii = glyphs == Glyphs::Ascii;
    let tuned = view.tuning.as_ref().is_some_and(|t| t.at == i);
    match (cell.state, view.is_stale(i)) {
        _ if tuned => {
            if ascii {
                "*"
            } else {
                "±"
            }
        }
        (_, true) => old_mark(view.theme.glyphs),
        (State::Failed, _) => {
            if glyphs == Glyphs::Braille {
                "✗"
            } else {
                "!"
            }
        }
        (State::Blocked | State::Waiting | State::Old, _) => {
            if ascii {
                "-"
            } else {
                "·"
            }
        }
        (State::Ready, _) => " ",
    }
}

fn style(view: &View, cell: &Cell, chosen: bool) -> Style {
    let style = match cell.state {
        State::Failed => view.theme.coloured(Color::LightRed),
        State::Blocked | State::Waiting | State::Old => view.theme.faint(),
        State::Ready => Style::new(),
    };
    match (chosen, view.focus) {
        (true, Focus::Cells) => style.add_modifier(Modifier::REVERSED),
        (true, Focus::Page) => style.add_modifier(Modifier::BOLD),
        (false, _) => style,
    }
}
