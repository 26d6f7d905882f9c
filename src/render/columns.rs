//! How a table's columns share the width of a medium.

use std::collections::HashSet;

use super::theme::Glyphs;
use super::words::{clean, elide, width, wrap};
use crate::page::{Align, Table};

/// Blanks between two columns.
pub const GAP: usize = 2;

/// The least columns a name is cut to.
const LEAST: usize = 16;

/// Columns shown side by side: their index and width, the first column first in every group.
pub type Group = Vec<(usize, usize)>;

/// The width a column needs for its name and every cell.
pub fn natural(table: &Table, column: usize, glyphs: Glyphs) -> usize {
    let measure = |text: &str| width(&clean(text, glyphs));
    let header = table.columns.get(column).map_or(0, |c| measure(&c.name));
    // A text is never wider than its bytes are many, unless a sign is spelt out: most cells need no measuring.
    let spelt = |cell: &str| glyphs == Glyphs::Ascii && !cell.is_ascii();
    let cells = table.rows.iter().filter_map(|r| r.get(column));
    cells.fold(header, |most, cell| if cell.len() > most || spelt(cell) { most.max(measure(cell)) } else { most })
}

/// All columns in as few groups as fit the room. What gives way, in this order: names of columns stand in several lines;
/// words are folded into 16 columns or more, but never so narrow that two names of the first column begin and end alike; the
/// columns stand in groups, the first column in each. Numbers are not folded where the room holds them.
pub fn groups(table: &Table, room: usize, glyphs: Glyphs) -> Vec<Group> {
    let widths: Vec<usize> = (0..table.columns.len()).map(|c| natural(table, c, glyphs)).collect();
    let folded: Vec<usize> = (0..table.columns.len()).map(|c| fold(table, c, glyphs)).collect();
    let cut = cut(table, &folded, room);
    let apart = || cut.first().is_some_and(|first| distinct(table, *first, glyphs));
    let whole = [&widths, &folded].into_iter().find(|w| total(w) <= room);
    match whole.or(Some(&cut).filter(|w| total(w) <= room && apart())) {
        Some(widths) => vec![widths.iter().copied().enumerate().collect()],
        None => split(&folded, room, |first| distinct(table, first, glyphs)),
    }
}

fn total(widths: &[usize]) -> usize {
    widths.iter().sum::<usize>() + GAP * widths.len().saturating_sub(1)
}

/// The lines of a column's name in that width; what stands in parentheses stays together.
pub fn name_lines(name: &str, room: usize, glyphs: Glyphs) -> Vec<String> {
    wrap(&tied(name, glyphs), room).into_iter().map(|l| l.replace(TIE, " ")).collect()
}

/// A blank at which no line is broken.
const TIE: char = '\u{a0}';

fn tied(name: &str, glyphs: Glyphs) -> String {
    let mut depth = 0;
    let tie = |c| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        if c == ' ' && depth > 0 { TIE } else { c }
    };
    clean(name, glyphs).chars().map(tie).collect()
}

/// The width of a column whose name may stand in three lines.
fn fold(table: &Table, column: usize, glyphs: Glyphs) -> usize {
    let name = table.columns.get(column).map_or(String::new(), |c| tied(&c.name, glyphs));
    let cells = table.rows.iter().filter_map(|r| r.get(column)).map(|cell| width(&clean(cell, glyphs)));
    let mut wide = name.split(' ').map(width).chain(cells).max().unwrap_or(0);
    while wrap(&name, wide).len() > 3 {
        wide += 1;
    }
    wide
}

/// Widths of the columns of words cut evenly, the widest first, until all fit or none can give more.
fn cut(table: &Table, widths: &[usize], room: usize) -> Vec<usize> {
    let mut widths = widths.to_vec();
    let words = |c: &usize| table.columns[*c].align == Align::Left;
    while total(&widths) > room {
        let widest = (0..widths.len()).filter(words).max_by_key(|c| widths[*c]).filter(|c| widths[*c] > LEAST);
        let Some(widest) = widest else { break };
        widths[widest] -= 1;
    }
    widths
}

fn distinct(table: &Table, room: usize, glyphs: Glyphs) -> bool {
    let names: HashSet<&String> = table.rows.iter().filter_map(|r| r.first()).collect();
    let cut: HashSet<String> = names.iter().map(|n| elide(&clean(n, glyphs), room, glyphs)).collect();
    cut.len() == names.len()
}

/// Groups of columns with the first column in each: at half the room if its names stay apart there, else as wide as leaves
/// room for any other column.
fn split(widths: &[usize], room: usize, distinct: impl Fn(usize) -> bool) -> Vec<Group> {
    let Some((first, others)) = widths.split_first() else { return Vec::new() };
    let half = (room / 2).max(1);
    let most = room.saturating_sub(GAP + others.iter().max().unwrap_or(&0));
    let first = if *first <= half || distinct(half) { *first.min(&half) } else { *first.min(&most.max(half)) }.max(1);
    let least = room.saturating_sub(first + GAP).max(1);
    let mut groups: Vec<Group> = Vec::new();
    let mut used = room + 1;
    for (c, wide) in others.iter().enumerate() {
        let wide = (*wide).min(least);
        if used + GAP + wide > room {
            groups.push(vec![(0, first)]);
            used = first;
        }
        used += GAP + wide;
        if let Some(group) = groups.last_mut() {
            group.push((c + 1, wide));
        }
    }
    if groups.is_empty() { vec![vec![(0, first.min(room.max(1)))]] } else { groups }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(names: &[&str], numbers: usize) -> Table {
        let mut table = Table::new("").left("feature");
        for k in 0..numbers {
            table = table.right(&format!("value{k}"));
        }
        for name in names {
            table.row(std::iter::once(name.to_string()).chain((0..numbers).map(|k| format!("{k}.123"))));
        }
        table
    }

    #[test]
    fn no_column_is_lost_at_any_width() {
        let table = table(&["wavelet-LLL_glcm_ClusterShade", "original_shape_Sphericity"], 9);
        for room in 0..140 {
            let mut seen: Vec<usize> = groups(&table, room, Glyphs::Ascii).concat().iter().map(|g| g.0).collect();
            seen.sort_unstable();
            seen.dedup();
            assert_eq!(seen, (0..10).collect::<Vec<_>>(), "{room}");
        }
    }

    #[test]
    fn names_are_not_cut_until_they_look_alike() {
        let alike = table(&["wavelet-LLL_a_glcm_ClusterShade", "wavelet-LLL_b_glcm_ClusterShade"], 2);
        assert!(groups(&alike, 36, Glyphs::Ascii).len() > 1);
        let apart = table(&["wavelet-LLL_glcm_ClusterShade", "wavelet-HHH_glcm_ClusterTendency"], 2);
        assert_eq!(groups(&apart, 36, Glyphs::Ascii).len(), 1);
    }

    #[test]
    fn a_table_without_columns_has_no_groups_or_an_empty_one() {
        assert!(groups(&Table::new(""), 10, Glyphs::Ascii).concat().is_empty());
    }
}
