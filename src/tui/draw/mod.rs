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
    let Some((before, chosen, after)) = screens(view, usize::from(place.width)) else { return };
    let x = write(buffer, place.x, place, &before, view.theme.faint(), glyphs);
    let x = write(buffer, x, place, &chosen, view.theme.heading().add_modifier(Modifier::REVERSED), glyphs);
    write(buffer, x, place, &after, view.theme.faint(), glyphs);
}

/// The screens with their keys: those before the one that is seen, that one in brackets, those after it. Where there is no
/// room for their names, only their keys.
fn screens(view: &View, room: usize) -> Option<(String, String, String)> {
    let typed = view.screen().is_some_and(|open| open.row.digits);
    let key = |action| if typed { keys::last(action) } else { keys::of(action) }.unwrap_or_default();
    let chosen = view.open.as_ref().map_or("notebook", |open| open.row.name);
    let rows = TABLE.iter().map(|row| (Action::Open(row.screen), row.name));
    let rows: Vec<_> = std::iter::once((Action::Close, "notebook")).chain(rows).collect();
    let at = rows.iter().position(|(_, title)| *title == chosen)?;
    let word = |(action, title): &(Action, &str), named: bool| {
        if named { format!("{} {title}", key(*action)) } else { key(*action) }
    };
    let parts = |named: bool, gap: &str| {
        let join = |rows: &[(Action, &str)]| rows.iter().map(|row| word(row, named)).collect::<Vec<_>>().join(" ");
        let (before, after) = (join(&rows[..at]), join(&rows[at + 1..]));
        (format!("{before}{gap}"), format!("[{}]", word(&rows[at], true)), format!("{gap}{after} "))
    };
    let fits = |(a, b, c): &(String, String, String)| width(a) + width(b) + width(c.trim_end()) <= room;
    [(true, " "), (true, ""), (false, " ")].into_iter().map(|(named, gap)| parts(named, gap)).find(fits)
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
