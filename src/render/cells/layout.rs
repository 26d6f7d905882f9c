//! A page as pieces one under the other: what stands in which row.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::table;
use crate::page::{Block, Page, Picture, Plot, Scale, Table};
use crate::render::picture;
use crate::render::rulers;
use crate::render::text::{self, Options};
use crate::render::theme::Theme;
use crate::render::words::{clean, wrap};

/// A block with its first row and its rows.
pub struct Piece<'a> {
    pub y: usize,
    pub rows: usize,
    pub content: Content<'a>,
}

pub enum Content<'a> {
    Lines(Vec<(String, Style)>),
    Table(&'a Table),
    /// Plots side by side.
    Plots(Vec<&'a Plot>),
    Picture(&'a Picture),
    Scales(&'a str, &'a [Scale]),
}

/// The least rows of a figure where the screen has them.
const FIGURE: usize = 12;

/// Columns a plot should have before another one stands beside it.
const SIDE: u16 = 56;

impl Piece<'_> {
    /// The row after the last.
    pub fn end(&self) -> usize {
        self.y + self.rows
    }
}

/// The pieces of a page, a blank row between them: title, result and cautions first, so that they are seen at once.
pub fn pieces<'a>(page: &'a Page, area: Rect, theme: Theme) -> Vec<Piece<'a>> {
    let options = Options { width: usize::from(area.width), glyphs: theme.glyphs, rows: None };
    let mut contents = vec![Content::Lines(head(page, &options, theme))];
    for block in &page.blocks {
        match (block, contents.last_mut()) {
            (Block::Plot(p), Some(Content::Plots(plots))) if area.width / SIDE > plots.len() as u16 => plots.push(p),
            (block, _) => contents.push(content(block, &options)),
        }
    }
    let rows: Vec<usize> = contents.iter().map(|c| fixed(c, area, theme)).collect();
    let figure = figure_rows(&contents, &rows, usize::from(area.height));
    let mut y = 0;
    let mut pieces = Vec::new();
    for (content, rows) in contents.into_iter().zip(rows) {
        let rows = if matches!(content, Content::Plots(_)) { figure } else { rows };
        if rows > 0 {
            pieces.push(Piece { y, rows, content });
            y += rows + 1;
        }
    }
    pieces
}

fn head(page: &Page, options: &Options, theme: Theme) -> Vec<(String, Style)> {
    let words = |text: &str, style: Style| -> Vec<(String, Style)> {
        let lines = if text.is_empty() { Vec::new() } else { wrap(&clean(text, theme.glyphs), options.width) };
        lines.into_iter().map(|l| (l, style)).collect()
    };
    let mut lines = words(&page.title, theme.heading());
    lines.extend(words(&page.headline, Style::new()));
    for c in &page.cautions {
        lines.extend(text::caution(c, options).into_iter().map(|l| (l, theme.caution())));
    }
    lines
}

fn content<'a>(block: &'a Block, options: &Options) -> Content<'a> {
    let plain = |lines: Vec<String>| Content::Lines(lines.into_iter().map(|l| (l, Style::new())).collect());
    match block {
        Block::Table(table) => Content::Table(table),
        Block::Plot(plot) => Content::Plots(vec![plot]),
        Block::Picture(picture) => Content::Picture(picture),
        Block::Scales { title, scales } => Content::Scales(title, scales),
        words => plain(text::words_of(words, options)),
    }
}

/// Rows of a piece that is not a plot.
fn fixed(content: &Content<'_>, area: Rect, theme: Theme) -> usize {
    match content {
        Content::Lines(lines) => lines.len(),
        Content::Table(t) => table::rows(t, area.width, theme.glyphs),
        Content::Plots(_) => 0,
        Content::Picture(shown) => usize::from(picture::rows(shown, area.width, area.height)),
        Content::Scales(_, scales) => usize::from(rulers::rows(scales)),
    }
}

/// Rows of each figure: an even share of what the rest leaves, or two thirds of the screen when it leaves too little.
fn figure_rows(contents: &[Content<'_>], rows: &[usize], screen: usize) -> usize {
    let figures = contents.iter().filter(|c| matches!(c, Content::Plots(_))).count();
    let pieces = rows.iter().filter(|r| **r > 0).count() + figures;
    let others: usize = rows.iter().sum::<usize>() + pieces.saturating_sub(1);
    let share = screen.saturating_sub(others) / figures.max(1);
    let least = FIGURE.max(screen * 2 / 3).min(screen);
    if share >= FIGURE.min(screen) { share } else { least }
}
