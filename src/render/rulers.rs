//! A nomogram in cells: one ruler a scale, against the points of one term or against the total.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::theme::{Glyphs, Theme};
use super::words::{clean, elide, width, write};
use crate::page::Scale;

/// Rows the scales take under their title.
pub fn rows(scales: &[Scale]) -> u16 {
    (1 + 3 * scales.len()).min(usize::from(u16::MAX)) as u16
}

/// The points at the left and the right end of a scale's row: all terms share one range, all totals another.
pub fn window(scale: &Scale, scales: &[Scale]) -> (f64, f64) {
    let alike = scales.iter().filter(|s| s.total == scale.total);
    let ends = alike.flat_map(|s| [s.low, s.high]).chain([0.0]).filter(|v| v.is_finite());
    let (low, high) = ends.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(v), b.max(v)));
    if high > low && (high - low).is_finite() { (low, high) } else { (0.0, 1.0) }
}

/// Draw title and rulers; text that would touch its neighbour is left out, its tick is not.
pub fn draw(title: &str, scales: &[Scale], area: Rect, theme: Theme, buf: &mut Buffer) {
    let area = area.intersection(buf.area);
    if area.is_empty() {
        return;
    }
    let text = elide(&clean(title, theme.glyphs), usize::from(area.width), theme.glyphs);
    write(buf, (area.x, area.y), area.width, &text, theme.heading());
    let longest = scales.iter().map(|s| width(&clean(&s.name, theme.glyphs))).max().unwrap_or(0);
    let names = longest.min(usize::from(area.width) / 3) as u16;
    let ruler = Rect { x: area.x + names + 2, width: area.width.saturating_sub(names + 5), ..area };
    for (i, scale) in scales.iter().enumerate() {
        let y = area.y.saturating_add((1 + 3 * i).min(usize::from(u16::MAX / 2)) as u16);
        if y >= area.bottom() {
            break;
        }
        let name = elide(&clean(&scale.name, theme.glyphs), usize::from(names), theme.glyphs);
        write(buf, (area.x, y + 1), names, &name, Style::new());
        if ruler.width >= 8 {
            draw_ruler(scale, window(scale, scales), Rect { y, ..ruler }, theme, buf);
        }
    }
}

fn draw_ruler(scale: &Scale, (low, high): (f64, f64), row: Rect, theme: Theme, buf: &mut Buffer) {
    let column = |points: f64| {
        let share = (points - low) / (high - low);
        (-1e-9..=1.0 + 1e-9).contains(&share).then(|| row.x + (share * f64::from(row.width - 1)).round() as u16)
    };
    let g = theme.glyphs.axis();
    let line = row.y + 1;
    if let (Some(a), Some(b)) = (column(scale.low), column(scale.high)) {
        for x in a.min(b)..=a.max(b) {
            write(buf, (x, line), 1, &g.across.to_string(), theme.faint());
        }
    }
    let mut marks: Vec<(u16, &str)> = scale.marks.iter().filter_map(|(p, t)| Some((column(*p)?, t.as_str()))).collect();
    marks.sort_by_key(|m| m.0);
    let tick = if theme.glyphs == Glyphs::Ascii { "|" } else { "┴" };
    let texts: Vec<(u16, u16, String)> = marks.iter().map(|(x, t)| place(*x, t, row, theme.glyphs)).collect();
    for (i, (start, wide, text)) in texts.iter().enumerate() {
        write(buf, (marks[i].0, line), 1, tick, Style::new());
        if shown(i, &texts) {
            write(buf, (*start, row.y), *wide, text, Style::new());
        }
    }
}

fn place(col: u16, text: &str, row: Rect, glyphs: Glyphs) -> (u16, u16, String) {
    let text = elide(&clean(text, glyphs), usize::from(row.width), glyphs);
    let wide = width(&text) as u16;
    (col.saturating_sub(wide / 2).min((row.right() + 2).saturating_sub(wide)).max(row.x.saturating_sub(2)), wide, text)
}

/// Whether the i-th text is written: the outer ones always, an inner one if it touches neither its shown neighbour nor the
/// last.
fn shown(i: usize, texts: &[(u16, u16, String)]) -> bool {
    let mut free = 0;
    let last = texts.len().saturating_sub(1);
    for (j, (start, wide, _)) in texts.iter().enumerate() {
        let fits = *start >= free && (j == last || start + wide < texts[last].0);
        if j == i {
            return fits;
        }
        if fits {
            free = start + wide + 1;
        }
    }
    false
}
