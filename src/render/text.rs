//! A page as plain text: for pipes, headless runs and the line prompt. No escape code, never wider than asked.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::columns::{self, GAP, Group};
use super::figure::{self, Pen};
use super::picture;
use super::rulers;
use super::theme::{Colour, Glyphs, Theme};
use super::words::{self, clean, fit, width, wrap};
use crate::caution::Caution;
use crate::page::{Align, Block, Page, Picture, Plot, Scale, Table};

/// What a page is written for.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Columns of the medium.
    pub width: usize,
    pub glyphs: Glyphs,
    /// The most rows shown of a table, which then says how many it did not show; none for all.
    pub rows: Option<usize>,
}

/// The whole page, with every row of every table.
pub fn page(page: &Page, width: usize, glyphs: Glyphs) -> String {
    page_with(page, &Options { width, glyphs, rows: None })
}

/// Title and result, then each block with a blank line between, cautions last, where the eye is when the text has passed.
pub fn page_with(page: &Page, options: &Options) -> String {
    let mut parts = vec![head(page, options)];
    parts.extend(page.blocks.iter().map(|b| block(b, options)));
    parts.push(page.cautions.iter().flat_map(|c| caution(c, options)).collect());
    let parts: Vec<String> = parts.iter().filter(|p| !p.is_empty()).map(|p| p.join("\n")).collect();
    let mut text = parts.join("\n\n");
    text.push('\n');
    text
}

/// One caution: `! sentence`, and below it what to do.
pub fn caution(caution: &Caution, options: &Options) -> Vec<String> {
    let room = options.width.saturating_sub(2);
    let mut lines = wrap(&clean(&caution.to_string(), options.glyphs), room);
    if !caution.advice().is_empty() {
        lines.extend(wrap(&clean(&caution.advice(), options.glyphs), room));
    }
    lines.iter().enumerate().map(|(i, l)| format!("{}{l}", if i == 0 { "! " } else { "  " })).collect()
}

fn head(page: &Page, options: &Options) -> Vec<String> {
    let lines = [&page.title, &page.headline].into_iter().filter(|t| !t.is_empty());
    lines.flat_map(|t| wrap(&clean(t, options.glyphs), options.width)).collect()
}

/// The lines of a block that is words: a paragraph, a formula, facts. None for a table or a figure.
pub(super) fn words_of(block: &Block, options: &Options) -> Vec<String> {
    let glyphs = options.glyphs;
    match block {
        Block::Text(text) => text.split('\n').flat_map(|t| wrap(&clean(t, glyphs), options.width)).collect(),
        Block::Verbatim(text) => text.lines().map(|l| clean(l, glyphs).trim_end().to_string()).collect(),
        Block::Facts(facts) => facts_lines(facts, options.width, glyphs),
        Block::Table(_) | Block::Plot(_) | Block::Picture(_) | Block::Scales { .. } => Vec::new(),
    }
}

/// The lines of one block.
pub(super) fn block(block: &Block, options: &Options) -> Vec<String> {
    match block {
        Block::Table(t) => table(t, options),
        Block::Plot(p) => plot(p, options),
        Block::Picture(p) => picture(p, options),
        Block::Scales { title, scales } => nomogram(title, scales, options),
        words => words_of(words, options),
    }
}

/// Names in one column, values beside them, both wrapped.
fn facts_lines(facts: &[(String, String)], room: usize, glyphs: Glyphs) -> Vec<String> {
    let names = facts.iter().map(|(name, _)| width(&clean(name, glyphs))).max().unwrap_or(0).min(room / 2);
    let mut lines = Vec::new();
    for (name, value) in facts {
        let name = wrap(&clean(name, glyphs), names);
        let value = wrap(&clean(value, glyphs), room.saturating_sub(names + 2));
        let part = |parts: &[String], i: usize| parts.get(i).cloned().unwrap_or_default();
        for i in 0..name.len().max(value.len()) {
            let name = fit(&part(&name, i), names, Align::Left, glyphs);
            lines.push(format!("{name}  {}", part(&value, i)).trim_end().to_string());
        }
    }
    lines
}

fn table(table: &Table, options: &Options) -> Vec<String> {
    let shown = options.rows.map_or(table.rows.len(), |most| most.min(table.rows.len()));
    let mut lines: Vec<String> = Vec::new();
    if !table.title.is_empty() {
        lines.extend(wrap(&clean(&table.title, options.glyphs), options.width));
    }
    for (i, group) in columns::groups(table, options.width, options.glyphs).iter().enumerate() {
        if i > 0 {
            lines.push(String::new());
        }
        lines.extend(header(table, group, options.glyphs));
        let rule = if options.glyphs == Glyphs::Ascii { "-" } else { "─" };
        let total = group.iter().map(|g| g.1 + GAP).sum::<usize>().saturating_sub(GAP);
        lines.push(rule.repeat(total.min(options.width.max(1))));
        for cells in &table.rows[..shown] {
            let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
            lines.extend(row(table, group, &cells, options.glyphs));
        }
    }
    let left = table.rows.len() - shown;
    if left > 0 {
        lines.push(format!("{} {left} more rows of {}", options.glyphs.ellipsis(), table.rows.len()));
    }
    lines
}

/// The names of the columns, in as many lines as the longest needs, ending on the same one.
fn header(table: &Table, group: &Group, glyphs: Glyphs) -> Vec<String> {
    let names = |(c, room): &(usize, usize)| columns::name_lines(&table.columns[*c].name, *room, glyphs);
    let mut names: Vec<Vec<String>> = group.iter().map(names).collect();
    let high = names.iter().map(Vec::len).max().unwrap_or(0);
    for name in &mut names {
        name.splice(0..0, vec![String::new(); high - name.len()]);
    }
    side_by_side(table, group, &names, glyphs)
}

/// A row, whole: what is wider than its column goes on below.
fn row(table: &Table, group: &Group, cells: &[&str], glyphs: Glyphs) -> Vec<String> {
    let cell = |(c, room): &(usize, usize)| {
        let text = clean(cells.get(*c).unwrap_or(&""), glyphs);
        // What is set in, as the levels under a factor, stays so.
        let (set_in, body) = words::set_in(&text);
        let set_in = " ".repeat(set_in.min(*room / 2));
        wrap(body, room - set_in.len()).into_iter().map(|l| set_in.clone() + &l).collect::<Vec<String>>()
    };
    side_by_side(table, group, &group.iter().map(cell).collect::<Vec<_>>(), glyphs)
}

/// The lines of each column of a group beside those of the others.
fn side_by_side(table: &Table, group: &Group, cells: &[Vec<String>], glyphs: Glyphs) -> Vec<String> {
    let line = |i: usize| {
        let cell = |((c, room), lines): (&(usize, usize), &Vec<String>)| {
            fit(lines.get(i).map_or("", String::as_str), *room, table.columns[*c].align, glyphs)
        };
        group.iter().zip(cells).map(cell).collect::<Vec<_>>().join(&" ".repeat(GAP)).trim_end().to_string()
    };
    (0..cells.iter().map(Vec::len).max().unwrap_or(0)).map(line).collect()
}

fn plot(plot: &Plot, options: &Options) -> Vec<String> {
    let wide = wide(options);
    let pen = Pen { theme: theme(options), textplots: true };
    painted(wide, figure::rows(plot, wide, pen.theme), |area, buf| figure::draw(plot, area, pen, buf))
}

fn picture(shown: &Picture, options: &Options) -> Vec<String> {
    let (wide, theme) = (wide(options), theme(options));
    painted(wide, picture::rows(shown, wide, PICTURE), |area, buf| picture::draw(shown, area, theme, buf))
}

/// The most rows of a picture: a terminal's height.
const PICTURE: u16 = 40;

fn nomogram(title: &str, scales: &[Scale], options: &Options) -> Vec<String> {
    let theme = theme(options);
    painted(wide(options), rulers::rows(scales), |area, buf| rulers::draw(title, scales, area, theme, buf))
}

/// What a picture leaves on a buffer of that size, as lines of text, without blank ones at the end.
fn painted(wide: u16, high: u16, draw: impl Fn(Rect, &mut Buffer)) -> Vec<String> {
    let area = Rect::new(0, 0, wide, high);
    let mut buf = Buffer::empty(area);
    draw(area, &mut buf);
    let mut lines: Vec<String> = (0..high).map(|y| words::row(&buf, y)).collect();
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

fn theme(options: &Options) -> Theme {
    Theme { glyphs: options.glyphs, colour: Colour::None }
}

fn wide(options: &Options) -> u16 {
    options.width.min(400) as u16
}
