//! How a plot shares its area: title, legend, labels, axes and the panel, giving up the least needed first.

use ratatui::layout::Rect;

use super::legend::{self, Entry};
use crate::page::{Guide, Plot};
use crate::render::ticks;
use crate::render::words::width;

/// Where each part of a plot stands. The panel holds the dots; axes lie left of and below it.
pub struct Layout {
    pub title: Option<Rect>,
    pub legend: Legend,
    /// Row of the y axis' label, and of the upper axis' label at its right end.
    pub y_label: Option<Rect>,
    /// Row of the upper ticks' text; its line lies between that and the panel.
    pub top: Option<Rect>,
    pub panel: Rect,
    pub x_label: Option<Rect>,
    /// Columns of the y axis' texts.
    pub margin: u16,
    pub y_ticks: Vec<(f64, String)>,
    pub x_ticks: Vec<(f64, String)>,
}

pub enum Legend {
    None,
    Beside(Rect),
    Above(Rect),
}

/// More rows than title, legend, axes and labels ever take, and the most categories that are given one each.
const ROOMY: u16 = 40;
const MOST: usize = 10_000;

/// The least columns and rows a plot is drawn in.
pub const LEAST: (u16, u16) = (16, 5);

/// Whether x and y share their unit, so that one must be as long as the other.
pub fn is_square(plot: &Plot) -> bool {
    plot.guides.contains(&Guide::Diagonal)
}

/// Rows a plot would like in a medium of that width.
pub fn rows(plot: &Plot, width: u16) -> u16 {
    let panel = if is_square(plot) { (width / 4).clamp(8, 20) } else { 14 };
    let title = u16::from(!plot.title.is_empty());
    panel + title + 5 + if plot.top.is_some() { 2 } else { 0 }
}

/// The least rows at that width in which every category of the y axis has one of its own.
pub fn needed(plot: &Plot, width: u16, entries: &[Entry]) -> u16 {
    let categories = if plot.y.categories { plot.y.ticks.len().min(MOST) as u16 } else { 0 };
    if categories == 0 {
        return 0;
    }
    // What stands around the panel takes the same rows in any height that has room for all of it.
    let high = categories + ROOMY;
    high - of(plot, Rect::new(0, 0, width, high), entries).panel.height + categories
}

/// Share out an area of at least [`LEAST`].
pub fn of(plot: &Plot, area: Rect, entries: &[Entry]) -> Layout {
    let mut rest = area;
    let title = (!plot.title.is_empty() && rest.height >= 8).then(|| take_top(&mut rest, 1));
    let x_label = (!plot.x.label.is_empty() && rest.height >= 7).then(|| take_bottom(&mut rest));
    let y_ticks = ticks::of(&plot.y, usize::from(rest.height / 3).clamp(2, 10));
    let widest = y_ticks.iter().map(|t| width(&t.1)).max().unwrap_or(0).min(usize::from(area.width / 4));
    let texts = widest as u16;
    let margin = texts + 1;
    let beside = beside(plot, rest, margin, entries);
    let mut legend = Legend::None;
    if let Some(room) = beside {
        legend = Legend::Beside(Rect { x: rest.right() - room, width: room, ..rest });
        rest.width -= room + 2;
    }
    let y_label = (needs_head(plot) && rest.height >= 7).then(|| take_top(&mut rest, 1));
    if beside.is_none() && !entries.is_empty() && rest.height >= 6 {
        legend = Legend::Above(above(entries, y_label, &mut rest, plot));
    }
    let top = (plot.top.is_some() && rest.height >= 8).then(|| take_top(&mut rest, 2));
    rest.height -= 2;
    let panel = Rect { x: rest.x + margin, width: rest.width.saturating_sub(margin + 1).max(1), ..rest };
    let panel = if is_square(plot) { squared(panel) } else { panel };
    if let Legend::Beside(area) = &mut legend {
        area.y = panel.y;
        area.x = area.x.min(panel.right() + 3);
        area.height = panel.height;
    }
    let x_label = x_label.map(|row| Rect {
        y: panel.bottom() + 2,
        x: panel.x,
        width: panel.width.max(area.right() - panel.x - 1),
        ..row
    });
    let x_ticks = ticks::of(&plot.x, usize::from(panel.width / 10).clamp(2, 10));
    Layout { title, legend, y_label, top, panel, x_label, margin: texts, y_ticks, x_ticks }
}

/// Columns of a legend beside the panel, where that costs the panel nothing it needs.
fn beside(plot: &Plot, rest: Rect, margin: u16, entries: &[Entry]) -> Option<u16> {
    let wanted = legend::widest(entries).min(usize::from(rest.width)) as u16;
    if entries.is_empty() {
        return None;
    }
    if is_square(plot) {
        let side = 2 * rest.height.saturating_sub(3);
        let free = rest.width.saturating_sub(margin + side + 4);
        return (free >= wanted.min(24) && free >= 12).then_some(wanted.min(free));
    }
    let room = wanted.min(rest.width / 3);
    let rows = legend::rows(entries, usize::from(rest.width)).len();
    // Names that would be cut beside the panel stand whole above it.
    if wanted > room && rows <= usize::from(rest.height / 4) {
        return None;
    }
    let crowded = rows > 2;
    let enough = rest.width >= if crowded { 60 } else { 100 };
    (enough && room >= wanted.min(20)).then_some(room)
}

fn needs_head(plot: &Plot) -> bool {
    !plot.y.label.is_empty() || plot.top.as_ref().is_some_and(|t| !t.label.is_empty())
}

/// The legend above the panel: on the row of the y axis' label if it fits there, else in rows of its own.
fn above(entries: &[Entry], head: Option<Rect>, rest: &mut Rect, plot: &Plot) -> Rect {
    let wanted = legend::row_width(entries);
    if let (Some(head), None) = (head, &plot.top) {
        let label = width(&plot.y.label) + 4;
        if label + wanted <= usize::from(head.width) {
            return Rect { x: head.right() - wanted as u16, width: wanted as u16, ..head };
        }
    }
    let rows = legend::rows(entries, usize::from(rest.width)).len() as u16;
    take_top(rest, rows.min((rest.height / 4).max(1)))
}

/// The largest part of a panel in which a unit is as high as it is wide: a cell is twice as high as wide.
fn squared(panel: Rect) -> Rect {
    let width = panel.width.min(2 * panel.height + 1);
    Rect { width, height: panel.height.min(width.div_ceil(2)), ..panel }
}

fn take_top(rest: &mut Rect, rows: u16) -> Rect {
    let row = Rect { height: rows, ..*rest };
    rest.y += rows;
    rest.height -= rows;
    row
}

fn take_bottom(rest: &mut Rect) -> Rect {
    rest.height -= 1;
    Rect { y: rest.bottom(), height: 1, ..*rest }
}
