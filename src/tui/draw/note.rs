//! Under the prompt: an error with what to do, or the keys that matter now.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Color;

use super::write;
use crate::render::words::{clean, wrap};
use crate::tui::layout::said;
use crate::tui::tour;
use crate::tui::view::{Aside, Focus, Note, View};

pub(super) fn draw(view: &View, place: Rect, buffer: &mut Buffer) {
    let glyphs = view.theme.glyphs;
    // An open menu, a search and what is looked for come before the tour.
    let aside = view.prompt.menu().is_some() || view.prompt.search().is_some() || view.find.is_some();
    let guide = tour::says(view).filter(|_| !aside);
    let (text, style) = match &view.note {
        Note::Keys if guide.is_some() => (guide.clone().unwrap_or_default(), view.theme.coloured(Color::Cyan)),
        Note::Keys => (keys(view, usize::from(place.width)), view.theme.faint()),
        note @ Note::Said(_) => (said(note), view.theme.coloured(Color::Cyan)),
        note @ Note::Error { .. } => (said(note), view.theme.coloured(Color::LightRed)),
    };
    let lines = if view.note == Note::Keys && guide.is_none() {
        vec![text]
    } else {
        wrap(&clean(&text, glyphs), usize::from(place.width))
    };
    for (line, y) in lines.iter().zip(place.top()..place.bottom()) {
        write(buffer, place.x, Rect { y, height: 1, ..place }, line, style, glyphs);
    }
}

/// The keys that matter now, the most wanted first; those that have no room are left out.
fn keys(view: &View, room: usize) -> String {
    let prompt = &view.prompt;
    let example = view.aside.as_ref().and_then(Aside::example).map(|line| match format!("Enter takes `{line}`") {
        said if said.len() <= room => said,
        _ => "Enter takes the example".into(),
    });
    let examples = view.aside.as_ref().and_then(|a| a.page.values.get("example")?.as_array());
    let several = examples.is_some_and(|e| e.len() > 1);
    let next = if several { "Tab the next example" } else { "" };
    let keys: &[&str] = if prompt.search().is_some() {
        &["Ctrl-R older", "Enter take", "Esc end the search"]
    } else if view.find.is_some() {
        &["Type what to find", "Enter next", "Up the one before", "Esc end"]
    } else if let Some(menu) = prompt.menu() {
        if !menu.about.is_empty() {
            return menu.about.clone();
        }
        &["Tab next", "Enter take", "Esc close"]
    } else if !prompt.is_empty() {
        &["Enter run", "Tab complete", "Right take the hint", "Esc put aside", "Up older lines"]
    } else if let Some(open) = view.screen() {
        open.state.hints()
    } else if let Some(example) = &example {
        &[example, next, "Esc back", "Up Down PgUp PgDn scroll", "/ find"]
    } else if view.aside.is_some() {
        &["Esc back", "Up Down PgUp PgDn scroll", "/ find", "? keys"]
    } else if view.tried().is_some() {
        &["Enter keep", "Esc back to what it was", "+ - move", "Up Down look at other cells"]
    } else if view.notebook.cells.is_empty() {
        &["Type a command", "Tab completes it", "? keys", "Ctrl-D leave"]
    } else if view.focus == Focus::Page || view.zoomed {
        &["? keys", "Up Down PgUp PgDn Left Right scroll", "Tab cells", "Space wide", "Ctrl-D leave"]
    } else {
        &["? keys", "Up Down cells", "+ - threshold", "Enter edit", "Tab page", "Ctrl-D leave", "Space wide", "/ find"]
    };
    let mut line = String::new();
    for key in keys.iter().filter(|key| !key.is_empty()) {
        let with = if line.is_empty() { key.to_string() } else { format!("{line}  {key}") };
        if with.len() <= room {
            line = with;
        }
    }
    line
}
