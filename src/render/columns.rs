//! How a table's columns share the width of a medium.

use std::collections::HashSet;

use super::theme::Glyphs;
use super::words::{clean, elide, width};
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

/// All columns in as few groups as fit the room: words are cut down to 16 columns first, but never so far that two names of
/// the first column look alike; numbers are never cut.
pub fn groups(table: &Table, room: usize, glyphs: Glyphs) -> Vec<Group> {
    let mut widths: Vec<usize> = (0..table.columns.len()).map(|c| natural(table, c, glyphs)).collect();
    let total = |widths: &[usize]| widths.iter().sum::<usize>() + GAP * widths.len().saturating_sub(1);
    if total(&widths) > room {
        let cut = shrunk(table, &widths, room);
        if total(&cut) <= room && distinct(table, cut[0], glyphs) {
            widths = cut;
        }
    }
    if total(&widths) <= room {
        return vec![widths.into_iter().enumerate().collect()];
    }
    split(&widths, room)
}

/// Widths of the columns of words cut evenly, the widest first, until all fit or none can give more.
fn shrunk(table: &Table, widths: &[usize], room: usize) -> Vec<usize> {
    let mut widths = widths.to_vec();
    let words = |c: &usize| table.columns[*c].align == Align::Left;
    while widths.iter().sum::<usize>() + GAP * widths.len().saturating_sub(1) > room {
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

fn split(widths: &[usize], room: usize) -> Vec<Group> {
    let Some((first, others)) = widths.split_first() else { return Vec::new() };
    let first = (*first).min((room / 2).max(1)).max(1);
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
        assert!(groups(&alike, 42, Glyphs::Ascii).len() > 1);
        let apart = table(&["wavelet-LLL_glcm_ClusterShade", "wavelet-HHH_glcm_ClusterTendency"], 2);
        assert_eq!(groups(&apart, 42, Glyphs::Ascii).len(), 1);
    }

    #[test]
    fn a_table_without_columns_has_no_groups_or_an_empty_one() {
        assert!(groups(&Table::new(""), 10, Glyphs::Ascii).concat().is_empty());
    }
}
