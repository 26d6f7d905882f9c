//! A page as pieces one under the other: what stands in which row.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::table;
use crate::caution::Caution;
use crate::page::{Block, Page, Picture, Plot, Scale, Table};
use crate::render::figure;
use crate::render::picture;
use crate::render::rulers;
use crate::render::text::{self, Options};
use crate::render::theme::Theme;
use crate::render::words::{clean, fold, wrap};

/// A block with its first row and its rows.
pub struct Piece<'a> {
    pub y: usize,
    pub rows: usize,
    pub content: Content<'a>,
}

pub enum Content<'a> {
    Lines(Vec<Line>),
    Table(&'a Table),
    /// Plots side by side.
    Plots(Vec<&'a Plot>),
    Picture(&'a Picture),
    Scales(&'a str, &'a [Scale]),
}

/// A row of words, and how it looks.
type Line = (String, Style);

/// The least rows of a figure where the screen has them.
const FIGURE: usize = 12;

/// The least rows of a picture, which else has what the words above it leave.
const PICTURE: u16 = 8;

/// Columns a plot should have before another one stands beside it.
const SIDE: u16 = 56;

impl Piece<'_> {
    /// The row after the last.
    pub fn end(&self) -> usize {
        self.y + self.rows
    }
}

/// The pieces of a page, a blank row between them: title, result and cautions first, so that they are seen at once. Cautions
/// that would push the result out of sight are folded to a line each there, and stand whole at the end.
pub fn pieces<'a>(page: &'a Page, area: Rect, theme: Theme) -> Vec<Piece<'a>> {
    let options = Options { width: usize::from(area.width), glyphs: theme.glyphs, rows: None };
    let (above, below) = cautions(page, &options, area.height, theme);
    let mut contents = vec![Content::Lines([head(page, &options, theme), above].concat())];
    for block in &page.blocks {
        match (block, contents.last_mut()) {
            (Block::Plot(p), Some(Content::Plots(plots))) if area.width / SIDE > plots.len() as u16 => plots.push(p),
            (block, _) => contents.push(content(block, &options)),
        }
    }
    let above = if let Some(Content::Lines(lines)) = contents.first() { lines.len() as u16 + 1 } else { 0 };
    let room = Rect { height: area.height.saturating_sub(above).max(PICTURE.min(area.height)), ..area };
    let rows: Vec<usize> = contents.iter().map(|c| fixed(c, room, theme)).collect();
    let figure = figure_rows(&contents, &rows, usize::from(area.height));
    let rows = rows.into_iter().chain([below.len()]);
    contents.push(Content::Lines(below));
    let mut y = 0;
    let mut pieces = Vec::new();
    for (content, rows) in contents.into_iter().zip(rows) {
        let rows = match &content {
            Content::Plots(plots) => figure.max(side_by_side(plots, area.width, theme)),
            _ => rows,
        };
        if rows > 0 {
            pieces.push(Piece { y, rows, content });
            y += rows + 1;
        }
    }
    pieces
}

fn head(page: &Page, options: &Options, theme: Theme) -> Vec<Line> {
    let words = |text: &str, style: Style| -> Vec<Line> {
        let lines = if text.is_empty() { Vec::new() } else { wrap(&clean(text, theme.glyphs), options.width) };
        lines.into_iter().map(|l| (l, style)).collect()
    };
    let mut lines = words(&page.title, theme.heading());
    lines.extend(words(&page.headline, Style::new()));
    lines
}

/// The least rows of cautions that need not be folded.
const CAUTIONS: usize = 3;

/// The cautions as they stand above a page: whole where they take a sixth of the screen at most, else a line each of as many
/// as have room; and then, for its end, all of them whole.
fn cautions(page: &Page, options: &Options, height: u16, theme: Theme) -> (Vec<Line>, Vec<Line>) {
    let whole: Vec<Vec<String>> = page.cautions.iter().map(|c| text::caution(c, options)).collect();
    let styled = |lines: Vec<String>| lines.into_iter().map(|l| (l, theme.caution())).collect::<Vec<Line>>();
    let most = CAUTIONS.max(usize::from(height) / 6);
    if whole.concat().len() <= most {
        return (styled(whole.concat()), Vec::new());
    }
    let shown = if whole.len() > most { most - 1 } else { whole.len() };
    let dots = theme.glyphs.ellipsis();
    let room = options.width.saturating_sub(2 + dots.chars().count());
    let fold = |(caution, whole): (&Caution, &Vec<String>)| match whole.as_slice() {
        [line] => line.clone(),
        _ => format!("! {}{dots}", wrap(&clean(&caution.to_string(), theme.glyphs), room).swap_remove(0)),
    };
    let mut folded: Vec<String> = page.cautions.iter().zip(&whole).take(shown).map(fold).collect();
    if shown < whole.len() {
        folded.push(format!("! {} more cautions at the end of the page", whole.len() - shown));
    }
    (styled(folded), styled(whole.concat()))
}

fn content<'a>(block: &'a Block, options: &Options) -> Content<'a> {
    let plain = |lines: Vec<String>| Content::Lines(lines.into_iter().map(|l| (l, Style::new())).collect());
    match block {
        Block::Table(table) => Content::Table(table),
        Block::Plot(plot) => Content::Plots(vec![plot]),
        Block::Picture(picture) => Content::Picture(picture),
        Block::Scales { title, scales } => Content::Scales(title, scales),
        Block::Verbatim(_) => {
            plain(text::words_of(block, options).iter().flat_map(|line| fold(line, options.width)).collect())
        }
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

/// The most rows a plot of these needs.
fn side_by_side(plots: &[&Plot], width: u16, theme: Theme) -> usize {
    let each = share(plots.len(), width);
    plots.iter().map(|p| usize::from(figure::needed(p, each, theme))).max().unwrap_or(0)
}

/// Columns of each of so many plots beside one another.
pub fn share(plots: usize, width: u16) -> u16 {
    (width / plots.max(1) as u16).saturating_sub(u16::from(plots > 1))
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
