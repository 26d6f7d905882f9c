//! The view on a screen. Drawing changes nothing, computes nothing and fails at no size.

mod cells;
mod menu;
mod note;
mod page;
mod prompt;
mod status;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};

use super::keys::{self, Action};
use super::layout;
use super::screens::TABLE;
use super::view::View;
use crate::render::theme::Glyphs;
use crate::render::words::{clean, width};

/// Draw everything; gives the cursor's place.
pub fn draw(view: &View, buffer: &mut Buffer) -> Option<Position> {
    let places = layout::places(view);
    status::draw(view, places.status, buffer);
    cells::draw(view, places.cells, buffer);
    between(view, places.between, buffer);
    page::draw(view, places.head, places.page, buffer);
    rule(view, places.rule, buffer);
    note::draw(view, places.note, buffer);
    let cursor = prompt::draw(view, places.prompt, buffer);
    menu::draw(view, places.prompt, buffer);
    cursor
}

fn between(view: &View, place: Rect, buffer: &mut Buffer) {
    let line = if view.theme.glyphs == Glyphs::Ascii { "|" } else { "│" };
    for y in place.top()..place.bottom() {
        buffer.set_stringn(place.x, y, line, usize::from(place.width), view.theme.faint());
    }
}

/// The line above the prompt, and on it the screens with their keys.
fn rule(view: &View, place: Rect, buffer: &mut Buffer) {
    let glyphs = view.theme.glyphs;
    let line = if glyphs == Glyphs::Ascii { "-" } else { "─" };
    if place.height == 0 {
        return;
    }
    buffer.set_stringn(
        place.x,
        place.y,
        line.repeat(usize::from(place.width)),
        usize::from(place.width),
        view.theme.faint(),
    );
    let shown = view.screen().map(|open| open.row.title);
    let rows = TABLE.iter().map(|row| (Action::Open(row.screen), row.title));
    let mut x = place.x + 1;
    for (action, title) in std::iter::once((Action::Close, "notebook")).chain(rows) {
        let key = keys::of(action).unwrap_or_default();
        let chosen = shown.unwrap_or("notebook") == title;
        let style = if chosen { view.theme.heading().add_modifier(Modifier::REVERSED) } else { view.theme.faint() };
        let text = format!(" {key} {title} ");
        if usize::from(place.right().saturating_sub(x)) <= width(&text) {
            break;
        }
        x = write(buffer, x, place, &text, style, glyphs) + 1;
    }
}

/// Write a text that may hold anything in the columns from x to the end of the row; gives the column after it.
fn write(buffer: &mut Buffer, x: u16, row: Rect, text: &str, style: Style, glyphs: Glyphs) -> u16 {
    if row.is_empty() || x >= row.right() {
        return x;
    }
    let text = cut(&clean(text, glyphs), usize::from(row.right() - x), glyphs);
    buffer.set_stringn(x, row.y, text, usize::from(row.right() - x), style).0
}

/// The text in at most `room` columns, its end cut where it must be.
fn cut(text: &str, room: usize, glyphs: Glyphs) -> String {
    if width(text) <= room {
        return text.to_string();
    }
    let dots = glyphs.ellipsis();
    let room = room.saturating_sub(dots.chars().count());
    let mut used = 0;
    let fits = |c: &char| {
        used += width(c.encode_utf8(&mut [0; 4]));
        used <= room
    };
    text.chars().take_while(fits).chain(dots.chars()).collect()
}
