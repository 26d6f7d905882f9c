//! A list of which one row is chosen: of patients, of figures.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use crate::page::{Align, Table};
use crate::render::names;
use crate::render::theme::Theme;
use crate::render::words::{clean, fit, width, write};
use crate::tui::keys::Action;

/// Blanks between two columns.
const GAP: usize = 2;

/// The chosen row.
#[derive(Default)]
pub(super) struct List {
    pub row: usize,
    /// Where a search began.
    from: usize,
}

impl List {
    /// Move among so many rows; a screen holds `page` of them. False: the key is another one's.
    pub fn act(&mut self, action: Action, count: usize, page: usize) -> bool {
        let leap = page.saturating_sub(1).max(1);
        self.row = match action {
            Action::Up => self.row.saturating_sub(1),
            Action::Down => self.row + 1,
            Action::PageUp => self.row.saturating_sub(leap),
            Action::PageDown => self.row.saturating_add(leap),
            Action::Top => 0,
            Action::Bottom => usize::MAX,
            _ => return false,
        };
        self.row = self.row.min(count.saturating_sub(1));
        true
    }

    /// A search begins here.
    pub fn mark(&mut self) {
        self.from = self.row;
    }

    /// Back to where the search began.
    pub fn back(&mut self) {
        self.row = self.from;
    }

    /// Choose the first row that holds the words in any case of letters, one whose first cell does before others, from where
    /// the search began on and round. False: none does.
    pub fn find(&mut self, words: &str, table: &Table) -> bool {
        let words = words.to_lowercase();
        let holds = |cell: &String| cell.to_lowercase().contains(&words);
        let rows = || (self.from..table.rows.len()).chain(0..self.from.min(table.rows.len()));
        let first = rows().find(|r| table.rows[*r].first().is_some_and(holds));
        let found = first.or_else(|| rows().find(|r| table.rows[*r].iter().any(holds)));
        self.row = found.unwrap_or(self.from);
        found.is_some()
    }

    /// Rows of the table that a place holds under the head.
    pub fn rows(place: Rect) -> usize {
        usize::from(place.height.saturating_sub(1))
    }

    /// The table with the chosen row in sight. Where the columns have no room, those go first that `goes` gives the least;
    /// the first stays.
    pub fn draw(&self, table: &Table, goes: fn(&str) -> usize, place: Rect, theme: Theme, buffer: &mut Buffer) {
        let columns = columns(table, goes, usize::from(place.width), theme);
        let rows = Self::rows(place);
        let top = self.row.saturating_sub(rows / 2).min(table.rows.len().saturating_sub(rows));
        let line = |cell: &dyn Fn(usize) -> String| {
            let padded = columns
                .iter()
                .map(|(c, w)| fit(&clean(&cell(*c), theme.glyphs), *w, table.columns[*c].align, theme.glyphs));
            padded.collect::<Vec<_>>().join(&" ".repeat(GAP))
        };
        if place.height > 0 {
            let head = line(&|c| table.columns[c].name.clone());
            write(buffer, (place.x, place.y), place.width, &head, theme.table_head());
        }
        let seen = |c: usize| table.rows.iter().skip(top).take(rows).map(move |r| r.get(c).map_or("", String::as_str));
        let words = columns.iter().filter(|(c, _)| table.columns[*c].align == Align::Left);
        let cut: Vec<(usize, Vec<String>)> =
            words.map(|(c, wide)| (*c, names::apart(seen(*c), *wide, theme.glyphs))).collect();
        for (i, row) in table.rows.iter().enumerate().skip(top).take(rows) {
            let y = place.y + 1 + (i - top) as u16;
            let cell = |c: usize| match cut.iter().find(|(at, _)| *at == c) {
                Some((_, cells)) => cells[i - top].clone(),
                None => row.get(c).cloned().unwrap_or_default(),
            };
            write(buffer, (place.x, y), place.width, &line(&cell), Style::new());
            if i == self.row {
                buffer.set_style(Rect { y, height: 1, ..place }, Style::new().add_modifier(Modifier::REVERSED));
            }
        }
    }
}

/// The least columns words are cut to.
const WORDS: usize = 16;

/// The columns that have room, in their order, with their widths.
fn columns(table: &Table, goes: fn(&str) -> usize, room: usize, theme: Theme) -> Vec<(usize, usize)> {
    let wide = |c: usize| {
        let cells = table.rows.iter().filter_map(|r| r.get(c)).chain([&table.columns[c].name]);
        cells.map(|t| width(&clean(t, theme.glyphs))).max().unwrap_or(0)
    };
    let mut columns: Vec<(usize, usize)> = (0..table.columns.len()).map(|c| (c, wide(c))).collect();
    let total = |columns: &[(usize, usize)]| columns.iter().map(|c| c.1 + GAP).sum::<usize>().saturating_sub(GAP);
    while columns.len() > 1 && total(&columns) > room {
        // Words are cut before a column is left out.
        let over = total(&columns) - room;
        let words = columns[1..].iter_mut().filter(|c| table.columns[c.0].align == Align::Left);
        if let Some(longest) = words.max_by_key(|c| c.1).filter(|c| c.1 >= over + WORDS) {
            longest.1 -= over;
            break;
        }
        let least = (1..columns.len()).min_by_key(|i| (goes(&table.columns[columns[*i].0].name), columns.len() - i));
        columns.remove(least.unwrap_or(1));
    }
    columns
}
