//! The cells of a panel: a tick, a label and a mark of one value stand in one cell, because all are placed here.

use ratatui::layout::Rect;

use crate::page::Plot;
use crate::render::canvas::dots_per_cell;
use crate::render::frame::{Frame, Point};
use crate::render::theme::Glyphs;

/// A panel of cells, each of several dots.
#[derive(Clone, Copy, Debug)]
pub struct Grid {
    /// From units to dots, counted from the panel's upper left corner.
    pub frame: Frame,
    /// Dots across and down.
    pub dots: (usize, usize),
    /// The panel's columns and rows.
    pub cells: (usize, usize),
    /// Its upper left corner on the screen.
    origin: (u16, u16),
    each: (usize, usize),
}

impl Grid {
    pub fn new(plot: &Plot, panel: Rect, glyphs: Glyphs) -> Self {
        let each = dots_per_cell(glyphs);
        let cells = (usize::from(panel.width), usize::from(panel.height));
        let dots = (cells.0 * each.0, cells.1 * each.1);
        let size = (dots.0.max(1) as f64 - 1.0, dots.1.max(1) as f64 - 1.0);
        Self { frame: Frame::new(plot, (0.0, 0.0), size), dots, cells, origin: (panel.x, panel.y), each }
    }

    /// The panel's cell of a dot; none outside.
    pub fn cell(&self, (x, y): (i64, i64)) -> Option<(usize, usize)> {
        let (x, y) = (usize::try_from(x).ok()? / self.each.0, usize::try_from(y).ok()? / self.each.1);
        (x < self.cells.0 && y < self.cells.1).then_some((x, y))
    }

    /// The panel's cell of a point; none outside the window.
    pub fn at(&self, point: Point) -> Option<(usize, usize)> {
        self.frame.inside(point).and_then(|(x, y)| self.cell((x.round() as i64, y.round() as i64)))
    }

    /// The screen's column of a value of the x axis; none outside the window.
    pub fn column(&self, x: f64) -> Option<u16> {
        let (column, _) = self.cell((whole(self.frame.across(x), self.dots.0)?, 0))?;
        Some(self.origin.0 + column as u16)
    }

    /// The screen's row of a value of the y axis; none outside the window.
    pub fn row(&self, y: f64) -> Option<u16> {
        let (_, row) = self.cell((0, whole(self.frame.down(y), self.dots.1)?))?;
        Some(self.origin.1 + row as u16)
    }
}

/// The dot of a place among so many; none before the first or behind the last.
fn whole(place: f64, dots: usize) -> Option<i64> {
    let slack = 1e-6 * dots as f64;
    (place >= -slack && place <= dots as f64 - 1.0 + slack).then(|| place.round() as i64)
}
