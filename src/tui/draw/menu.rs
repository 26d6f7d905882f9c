//! The menu of candidates, above the prompt.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::widgets::{Clear, Widget};

use super::{cut, write};
use crate::render::words::{clean, width};
use crate::tui::view::View;

/// The most rows.
const ROWS: usize = 8;

pub(super) fn draw(view: &View, prompt: Rect, buffer: &mut Buffer) {
    let Some(menu) = view.prompt.menu() else { return };
    let rows = ROWS.min(usize::from(prompt.y.saturating_sub(view.area.y)));
    let count = menu.candidates.len();
    let shown = count.min(rows);
    if shown == 0 || prompt.width < 8 {
        return;
    }
    let glyphs = view.theme.glyphs;
    let names = menu.candidates.iter().map(|c| width(&clean(&c.text, glyphs))).max().unwrap_or(0);
    let names = names.min(usize::from(prompt.width) * 2 / 3);
    let place = Rect { y: prompt.y - shown as u16, height: shown as u16, ..prompt };
    Clear.render(place, buffer);
    let chosen = menu.chosen.unwrap_or(0);
    let first = chosen.saturating_sub(shown / 2).min(count - shown);
    for (i, candidate) in menu.candidates.iter().enumerate().skip(first).take(shown) {
        let row = Rect { y: place.y + (i - first) as u16, height: 1, ..place };
        let style = if menu.chosen == Some(i) { Style::new().add_modifier(Modifier::REVERSED) } else { Style::new() };
        buffer.set_style(row, style);
        let name = cut(&clean(&candidate.text, glyphs), names, glyphs);
        write(buffer, row.x + 2, row, &name, style.add_modifier(Modifier::BOLD), glyphs);
        write(buffer, row.x + 4 + names as u16, row, &candidate.help, style, glyphs);
    }
    if count > shown {
        let place = format!(" {}/{count} ", chosen + 1);
        let row = Rect { y: place_bottom(prompt), height: 1, ..prompt };
        let x = row.right().saturating_sub(place.len() as u16);
        write(buffer, x, row, &place, Style::new().add_modifier(Modifier::REVERSED), glyphs);
    }
}

/// The menu's last row.
fn place_bottom(prompt: Rect) -> u16 {
    prompt.y - 1
}
