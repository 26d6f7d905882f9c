//! The page of the chosen cell under its line.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use super::write;
use crate::render::cells;
use crate::render::words::width;
use crate::tui::find;
use crate::tui::screens::At;
use crate::tui::view::{Focus, View, old_mark};

pub(super) fn draw(view: &View, head: Rect, place: Rect, buffer: &mut Buffer) {
    if place.is_empty() {
        return;
    }
    if let Some(open) = view.screen() {
        let style = view.theme.heading().add_modifier(Modifier::REVERSED);
        buffer.set_style(head, style);
        let running = open.asked.as_ref().map_or(String::new(), |_| format!("{} ", old_mark(view.theme.glyphs)));
        let line = open.asked.as_ref().map_or(&open.line, |(_, line)| line);
        write(buffer, head.x, head, &format!(" {running}{line}"), style, view.theme.glyphs);
        return open.state.draw(&At { view, page: &open.page, place }, place, buffer);
    }
    let Some((line, page, scrolled)) = view.page() else { return };
    let focused = view.focus == Focus::Page || view.zoomed;
    let mut style = view.theme.heading();
    if focused {
        style = style.add_modifier(Modifier::REVERSED);
        buffer.set_style(head, style);
    }
    let below = cells::below(page, &scrolled, place, view.theme);
    let room = Rect { width: head.width.saturating_sub(width(&below) as u16 + 1), ..head };
    let age = view.age(view.chosen).filter(|_| view.aside.is_none());
    let age = age.map(|age| format!("  ({age})")).unwrap_or_default();
    write(buffer, head.x, room, &format!(" {line}{age}"), style, view.theme.glyphs);
    let right = head.right().saturating_sub(width(&below) as u16);
    write(buffer, right, head, &below, style.remove_modifier(Modifier::BOLD), view.theme.glyphs);
    cells::draw(page, &scrolled, place, buffer, view.theme);
    if let Some(find) = view.find.as_ref().filter(|f| !f.term.is_empty()) {
        let wide = find.term.chars().count() as u16;
        for y in place.top()..place.bottom() {
            for x in find::places(buffer, place, y, &find.term) {
                buffer.set_style(Rect { x, y, width: wide, height: 1 }, Style::new().add_modifier(Modifier::REVERSED));
            }
        }
    }
}
