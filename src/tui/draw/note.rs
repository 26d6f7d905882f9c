//! Under the prompt: an error with what to do, or the keys that matter now.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Color;

use super::write;
use crate::render::words::{clean, wrap};
use crate::tui::layout::said;
use crate::tui::view::{Focus, Note, View};

pub(super) fn draw(view: &View, place: Rect, buffer: &mut Buffer) {
    let glyphs = view.theme.glyphs;
    let (text, style) = match &view.note {
        Note::Keys => (keys(view), view.theme.faint()),
        note @ Note::Said(_) => (said(note), view.theme.coloured(Color::Cyan)),
        note @ Note::Error { .. } => (said(note), view.theme.coloured(Color::LightRed)),
    };
    let lines = if view.note == Note::Keys { vec![text] } else { wrap(&clean(&text, glyphs), usize::from(place.width)) };
    for (line, y) in lines.iter().zip(place.top()..place.bottom()) {
        write(buffer, place.x, Rect { y, height: 1, ..place }, line, style, glyphs);
    }
}

/// The keys that matter now.
fn keys(view: &View) -> String {
    let prompt = &view.prompt;
    let keys = if prompt.search().is_some() {
        "Ctrl-R older  Enter take  Esc end the search"
    } else if let Some(menu) = prompt.menu() {
        return if menu.about.is_empty() { "Tab next  Enter take  Esc close".into() } else { menu.about.clone() };
    } else if view.tuning.is_some() {
        "+ - move  Enter keep  Esc back to what it was  Up Down other cells"
    } else if !prompt.is_empty() {
        "Enter run  Tab complete  Right take the hint  Up older lines  Esc put aside"
    } else if view.aside.is_some() {
        "Esc back  Up Down PgUp PgDn scroll  ? keys"
    } else if view.notebook.cells.is_empty() {
        "Type a command; Tab completes it  ? keys  Ctrl-D leave"
    } else if view.focus == Focus::Page || view.zoomed {
        "Up Down PgUp PgDn Left Right scroll  Tab cells  Space wide  ? keys  Ctrl-D leave"
    } else {
        "Up Down cell  + - threshold  Enter edit  Tab page  Space wide  ? keys  Ctrl-D leave"
    };
    keys.into()
}
