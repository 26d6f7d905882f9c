//! The axes of a plot in cells: lines, ticks, labels, and what the guides say.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::grid::Grid;
use super::layout::Layout;
use super::put;
use crate::page::{Align, Axis, Guide, Plot};
use crate::render::theme::{Glyphs, Theme};
use crate::render::ticks;
use crate::render::words::{clean, elide, fit, width, write};

/// Lines, ticks and labels around the panel.
pub fn draw(plot: &Plot, layout: &Layout, grid: &Grid, theme: Theme, buf: &mut Buffer) {
    lines(layout, theme, buf);
    left(layout, grid, theme, buf);
    let row = layout.panel.bottom();
    across(&layout.x_ticks, layout.panel, grid, theme, buf, (row, row + 1));
    if let (Some(place), Some(top)) = (layout.top, &plot.top) {
        let axis = Axis { low: plot.x.low, high: plot.x.high, ..top.clone() };
        let ticks = ticks::of(&axis, usize::from(layout.panel.width / 10));
        across(&ticks, layout.panel, grid, theme, buf, (place.y + 1, place.y));
    }
    labels(plot, layout, theme, buf);
}

/// What vertical and horizontal guides say, beside their lines.
pub fn guides(plot: &Plot, layout: &Layout, grid: &Grid, theme: Theme, buf: &mut Buffer) {
    let panel = layout.panel;
    let mut taken: Vec<Rect> = Vec::new();
    for guide in &plot.guides {
        let (at, text) = match guide {
            Guide::Vertical(x, text) => (grid.column(*x).map(|x| (x, panel.y)), text),
            Guide::Horizontal(y, text) => (grid.row(*y).map(|y| (panel.x, y)), text),
            Guide::Diagonal => continue,
        };
        let Some(at) = at.filter(|_| !text.is_empty()) else { continue };
        let text = elide(&clean(text, theme.glyphs), usize::from(panel.width / 2), theme.glyphs);
        let wide = width(&text) as u16;
        let mut place = Rect { width: wide, height: 1, ..beside(guide, at, wide, panel) };
        while taken.iter().any(|t| t.intersects(place)) && place.y + 1 < panel.bottom() {
            place.y += 1;
        }
        // A blank stays between two texts.
        taken.push(Rect { x: place.x.saturating_sub(1), width: wide + 2, ..place });
        // Nothing of a line that crosses it is left in the text, its style neither.
        buf.set_style(place, Style::reset());
        write(buf, (place.x, place.y), wide, &text, Style::new());
    }
}

fn beside(guide: &Guide, (col, row): (u16, u16), wide: u16, panel: Rect) -> Rect {
    let (x, y) = match guide {
        Guide::Vertical(..) if col + 1 + wide <= panel.right() => (col + 1, panel.y),
        Guide::Vertical(..) => (col.saturating_sub(wide).max(panel.x), panel.y),
        _ => (panel.right() - wide, if row > panel.y { row - 1 } else { row }),
    };
    Rect { x, y, ..panel }
}

fn lines(layout: &Layout, theme: Theme, buf: &mut Buffer) {
    let (g, panel) = (theme.glyphs.axis(), layout.panel);
    let axis = panel.x - 1;
    for y in panel.top()..panel.bottom() {
        put(buf, (axis, y), g.up, theme.faint());
    }
    put(buf, (axis, panel.bottom()), g.corner, theme.faint());
    for x in panel.left()..panel.right() {
        put(buf, (x, panel.bottom()), g.across, theme.faint());
    }
    if let Some(top) = layout.top {
        put(buf, (axis, top.y + 1), g.top, theme.faint());
        for x in panel.left()..panel.right() {
            put(buf, (x, top.y + 1), g.across, theme.faint());
        }
    }
}

fn left(layout: &Layout, grid: &Grid, theme: Theme, buf: &mut Buffer) {
    let axis = layout.panel.x - 1;
    let room = usize::from(layout.margin);
    let mut above: Option<u16> = None;
    for (value, text) in layout.y_ticks.iter().rev() {
        let Some(y) = grid.row(*value) else { continue };
        put(buf, (axis, y), theme.glyphs.axis().left, theme.faint());
        if above != Some(y) {
            let text = fit(&clean(text, theme.glyphs), room, Align::Right, theme.glyphs);
            write(buf, (axis - room as u16, y), room as u16, &text, Style::new());
        }
        above = Some(y);
    }
}

/// Ticks of a horizontal axis, with their text on another row where it does not touch its neighbour's.
fn across(
    ticks: &[(f64, String)],
    panel: Rect,
    grid: &Grid,
    theme: Theme,
    buf: &mut Buffer,
    (line, text_row): (u16, u16),
) {
    let g = theme.glyphs.axis();
    let mark = if line < text_row { g.below } else { g.above };
    let mut ticks: Vec<(u16, &str)> = ticks.iter().filter_map(|(v, t)| Some((grid.column(*v)?, t.as_str()))).collect();
    ticks.sort_by_key(|t| t.0);
    let mut free = 0;
    for (col, text) in ticks {
        put(buf, (col, line), mark, theme.faint());
        let text = clean(text, theme.glyphs);
        let wide = width(&text) as u16;
        let start = col.saturating_sub(wide / 2).min((panel.right() + 1).saturating_sub(wide)).max(buf.area.x);
        if start >= free {
            write(buf, (start, text_row), wide, &text, Style::new());
            free = start + wide + 1;
        }
    }
}

fn labels(plot: &Plot, layout: &Layout, theme: Theme, buf: &mut Buffer) {
    let short = |text: &str, room: u16| elide(&clean(text, theme.glyphs), usize::from(room), theme.glyphs);
    if let Some(row) = layout.y_label {
        let up = if theme.glyphs == Glyphs::Ascii { "^ " } else { "↑ " };
        let text = if plot.y.label.is_empty() { String::new() } else { format!("{up}{}", plot.y.label) };
        let text = short(&text, row.width);
        write(buf, (row.x, row.y), row.width, &text, Style::new());
        if let Some(top) = plot.top.as_ref().filter(|t| !t.label.is_empty() && layout.top.is_some()) {
            let room = row.width.saturating_sub(width(&text) as u16 + 2);
            let text = short(&top.label, room);
            let x = (layout.panel.right() + 1).saturating_sub(width(&text) as u16);
            write(buf, (x.max(row.x), row.y), room, &text, Style::new());
        }
    }
    if let Some(row) = layout.x_label {
        let text = short(&plot.x.label, row.width);
        let x = row.x + layout.panel.width.saturating_sub(width(&text) as u16) / 2;
        write(buf, (x, row.y), row.width, &text, Style::new());
    }
}
