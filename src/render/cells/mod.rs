//! A page in cells of a screen: text, tables that scroll both ways, figures that fill the space. Drawing changes nothing.

mod layout;
mod table;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use self::layout::{Content, Piece};
use super::figure::{self, Pen};
use super::picture;
use super::rulers;
use super::theme::Theme;
use super::words::write;
use crate::page::{Block, Page, Plot, Table};

/// Where a page is scrolled to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PageView {
    /// Rows of the page above the screen.
    pub top: usize,
    /// Columns of each table left of the screen, not counting the first, which stays.
    pub left: usize,
}

impl PageView {
    /// The view moved by rows and columns and held to what the page has in an area of that size.
    pub fn scrolled(self, rows: isize, columns: isize, page: &Page, area: Rect, theme: Theme) -> Self {
        let last_row = height(page, area, theme).saturating_sub(usize::from(area.height));
        let last_column = columns_of(page).saturating_sub(2);
        Self {
            top: self.top.min(last_row).saturating_add_signed(rows).min(last_row),
            left: self.left.min(last_column).saturating_add_signed(columns).min(last_column),
        }
    }
}

impl PageView {
    /// The view with this column in sight in every table that has it, beside the first, which always is.
    pub fn reaching(self, column: usize, page: &Page, area: Rect, theme: Theme) -> Self {
        let tables: Vec<&Table> = tables(page).filter(|t| t.columns.len() > column).collect();
        let sees =
            |t: &&Table, left| table::shown(t, 0, left, area, theme.glyphs).columns.iter().any(|(c, _)| *c == column);
        let mut left = self.left.min(column.saturating_sub(1));
        while left + 1 < column && !tables.iter().all(|t| sees(t, left)) {
            left += 1;
        }
        Self { left, ..self }
    }
}

/// Rows the page takes in an area of that size: figures take what the other blocks leave, at least 12 rows.
pub fn height(page: &Page, area: Rect, theme: Theme) -> usize {
    layout::pieces(page, area, theme).last().map_or(0, Piece::end)
}

/// Where in the page one is, in a few words; empty when all of it is seen.
pub fn below(page: &Page, view: &PageView, area: Rect, theme: Theme) -> String {
    let (rows, high) = (height(page, area, theme), usize::from(area.height));
    if rows <= high {
        return String::new();
    }
    match view.top.min(rows - high) * 100 / (rows - high) {
        0 => "PgDn: more ".into(),
        100 => "end ".into(),
        percent => format!("{percent} % "),
    }
}

/// The number, from 1, of the table of which most rows are in sight; where none is, of the first.
pub fn table_in_sight(page: &Page, view: &PageView, area: Rect, theme: Theme) -> usize {
    let pieces = layout::pieces(page, area, theme);
    let high = usize::from(area.height);
    let top = view.top.min(pieces.last().map_or(0, Piece::end).saturating_sub(high));
    let seen = |piece: &Piece<'_>| piece.end().min(top + high).saturating_sub(piece.y.max(top));
    let rows = |table: &Table| {
        let of = |p: &&Piece<'_>| matches!(&p.content, Content::Table(t) if std::ptr::eq(*t, table));
        pieces.iter().find(of).map_or(0, seen)
    };
    let most = (1..).zip(tables(page)).max_by_key(|(number, table)| (rows(table), std::cmp::Reverse(*number)));
    most.map_or(1, |(number, _)| number)
}

/// Draw the part of the page the view looks at.
pub fn draw(page: &Page, view: &PageView, area: Rect, buf: &mut Buffer, theme: Theme) {
    let area = area.intersection(buf.area);
    if area.is_empty() {
        return;
    }
    let pieces = layout::pieces(page, area, theme);
    let end = pieces.last().map_or(0, Piece::end);
    let top = view.top.min(end.saturating_sub(usize::from(area.height)));
    let bottom = top + usize::from(area.height);
    for piece in pieces.iter().filter(|p| p.y < bottom && p.end() > top) {
        let from = top.saturating_sub(piece.y);
        let y = area.y + piece.y.saturating_sub(top) as u16;
        let rows = piece.end().min(bottom) - piece.y.max(top);
        let place = Rect { y, height: rows as u16, ..area };
        match &piece.content {
            Content::Lines(lines) => {
                for ((text, style), y) in lines.iter().skip(from).take(rows).zip(y..) {
                    write(buf, (area.x, y), area.width, text, *style);
                }
            }
            Content::Table(t) => table::draw(t, (from, view.left), place, buf, theme),
            Content::Plots(plots) => {
                clipped(piece.rows, from, place, buf, |area, buf| side_by_side(plots, area, buf, theme));
            }
            Content::Picture(shown) => {
                clipped(piece.rows, from, place, buf, |area, buf| picture::draw(shown, area, theme, buf));
            }
            Content::Scales(title, scales) => {
                clipped(piece.rows, from, place, buf, |area, buf| rulers::draw(title, scales, area, theme, buf));
            }
        }
    }
}

/// The most columns a table of the page has.
fn columns_of(page: &Page) -> usize {
    tables(page).map(|t| t.columns.len()).max().unwrap_or(0)
}

fn tables(page: &Page) -> impl Iterator<Item = &Table> {
    page.blocks.iter().filter_map(|b| if let Block::Table(t) = b { Some(t) } else { None })
}

fn side_by_side(plots: &[&Plot], area: Rect, buf: &mut Buffer, theme: Theme) {
    let each = area.width / plots.len().max(1) as u16;
    for (plot, i) in plots.iter().zip(0..) {
        let place = Rect { x: area.x + i * each, width: layout::share(plots.len(), area.width), ..area };
        figure::draw(plot, place, Pen { theme, textplots: false }, buf);
    }
}

/// Draw a picture of `rows` rows of which only those from `from` on are seen.
fn clipped(rows: usize, from: usize, place: Rect, buf: &mut Buffer, draw: impl Fn(Rect, &mut Buffer)) {
    let whole = Rect { y: 0, height: rows.min(usize::from(u16::MAX)) as u16, ..place };
    let mut picture = Buffer::empty(whole);
    draw(whole, &mut picture);
    for row in 0..place.height {
        for x in place.left()..place.right() {
            let source = (x, (from.min(usize::from(u16::MAX)) as u16).saturating_add(row));
            if let (Some(cell), Some(seen)) = (picture.cell(source), buf.cell_mut((x, place.y + row))) {
                *seen = cell.clone();
            }
        }
    }
}
