//! A plot in cells: canvas, axes, legend and guides drawn into a buffer, for the screen and for plain text alike.

mod axes;
mod grid;
mod layout;
mod legend;
mod marks;
pub(super) mod strokes;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use self::grid::Grid;
use self::layout::Legend;
use super::canvas::{self, Canvas, Ink, Layer};
use super::textplot;
use super::theme::{Glyphs, Theme};
use super::words::{clean, elide, write};
use crate::page::Plot;

/// Rows a plot would like in a medium of that width.
pub fn rows(plot: &Plot, width: u16, theme: Theme) -> u16 {
    layout::rows(plot, width).max(needed(plot, width, theme))
}

/// The rows without which categories of the plot would share one; 0 of a plot that has none.
pub fn needed(plot: &Plot, width: u16, theme: Theme) -> u16 {
    layout::needed(plot, width, &entries(plot, width, theme))
}

/// How a plot is drawn: with which glyphs and colours, and whose dots the braille is made of.
#[derive(Clone, Copy, Debug)]
pub struct Pen {
    pub theme: Theme,
    /// Braille through the `textplots` crate rather than our own canvas.
    pub textplots: bool,
}

/// Draw a plot into its area of the buffer. Where there is no room for one, its name says so.
pub fn draw(plot: &Plot, area: Rect, pen: Pen, buf: &mut Buffer) {
    let area = area.intersection(buf.area);
    if area.is_empty() {
        return;
    }
    if area.width < layout::LEAST.0 || area.height < layout::LEAST.1 {
        let text = format!("({}: no room to draw)", clean(&plot.title, pen.theme.glyphs));
        let text = elide(&text, usize::from(area.width), pen.theme.glyphs);
        return write(buf, (area.x, area.y), area.width, &text, pen.theme.faint());
    }
    let entries = entries(plot, area.width, pen.theme);
    let layout = layout::of(plot, area, &entries);
    if let Some(row) = layout.title {
        let title = elide(&clean(&plot.title, pen.theme.glyphs), usize::from(row.width), pen.theme.glyphs);
        write(buf, (row.x, row.y), row.width, &title, pen.theme.heading());
    }
    key(&entries, &layout.legend, pen.theme, buf);
    let grid = Grid::new(plot, layout.panel, pen.theme.glyphs);
    axes::draw(plot, &layout, &grid, pen.theme, buf);
    panel(plot, layout.panel, &grid, pen, buf);
    axes::guides(plot, &layout, &grid, pen.theme, buf);
}

fn entries(plot: &Plot, width: u16, theme: Theme) -> Vec<legend::Entry> {
    let entries = legend::entries(plot, theme);
    if width < 60 { legend::short(entries) } else { entries }
}

fn key(entries: &[legend::Entry], place: &Legend, theme: Theme, buf: &mut Buffer) {
    match *place {
        Legend::None => {}
        Legend::Beside(area) => legend::draw_column(entries, area, theme, buf),
        Legend::Above(area) => legend::draw_rows(entries, area, theme, buf),
    }
}

fn panel(plot: &Plot, area: Rect, grid: &Grid, pen: Pen, buf: &mut Buffer) {
    let (cells, glyphs) = (grid.cells, pen.theme.glyphs);
    let mut canvas = Canvas::new(cells.0, cells.1, glyphs);
    for layer in strokes::layers(plot, &grid.frame, grid.dots, glyphs) {
        canvas.add(layer.ink, &bits(&layer, cells, pen));
    }
    for row in 0..canvas.rows {
        for col in 0..canvas.cols {
            if let Some((symbol, ink)) = canvas.symbol(col, row) {
                put(buf, (area.x + col as u16, area.y + row as u16), symbol, style(ink, pen.theme));
            }
        }
    }
    for (col, row, k) in marks::places(plot, grid, glyphs) {
        put(buf, (area.x + col as u16, area.y + row as u16), glyphs.mark(k), pen.theme.series(k));
    }
}

fn bits(layer: &Layer, cells: (usize, usize), pen: Pen) -> Vec<u8> {
    match pen.theme.glyphs {
        Glyphs::Braille if pen.textplots => textplot::bits(layer, cells),
        glyphs => canvas::bits(layer, cells, glyphs),
    }
}

fn put(buf: &mut Buffer, at: (u16, u16), symbol: char, style: Style) {
    if let Some(cell) = buf.cell_mut(at) {
        cell.set_char(symbol).set_style(style);
    }
}

fn style(ink: Ink, theme: Theme) -> Style {
    match ink {
        Ink::Series(k) | Ink::Bars(k, _) | Ink::Whisker(k) | Ink::Edge(k) => theme.series(k),
        Ink::Band(k) => theme.series(k).patch(theme.faint()),
        Ink::Faint(_) | Ink::Diagonal | Ink::Vertical | Ink::Horizontal => theme.faint(),
    }
}
