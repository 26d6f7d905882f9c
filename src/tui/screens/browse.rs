//! Browse: every feature with what each step found of it, sorted and filtered; to the right, its value in every patient.
//!
//! Only the rows and columns that are seen are touched: widths are measured when the table comes, values of patients are read
//! from the study as they are drawn.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use super::{Ask, At, Screen};
use crate::commands::quote;
use crate::page::{Align, Block, Page, Table, number};
use crate::render::names;
use crate::render::theme::Glyphs;
use crate::render::words::{clean, elide, fit, width, write};
use crate::tui::keys::Action;

/// Blanks between two columns.
const GAP: u16 = 2;
/// Columns a name has at least, so that two are told apart.
const NAME: u16 = 26;
/// The least columns words are cut to.
const WORDS: u16 = 16;
/// Columns of a patient's value.
const VALUE: u16 = 10;

#[derive(Default)]
pub(super) struct Browse {
    /// The chosen row, and the first that is seen.
    row: usize,
    top: usize,
    /// The marked column, and the first that is seen beside the name.
    column: usize,
    left: usize,
    /// What each column of the table needs.
    widths: Vec<u16>,
    /// The words of the filter, and whether they are being typed.
    words: String,
    typing: bool,
    /// The filter before it was typed.
    before: String,
    sort: String,
    down: bool,
}

impl Screen for Browse {
    fn follow(&mut self, at: &At<'_>) {
        let Some(table) = table(at.page) else { return };
        let glyphs = at.view.theme.glyphs;
        let measure = |text: &str| width(&clean(text, glyphs));
        let widest = |c: usize| {
            let cells = table.rows.iter().map(|r| measure(&r[c]));
            cells.chain([measure(&table.columns[c].name) + 1]).max().unwrap_or(0) as u16
        };
        self.widths = (0..table.columns.len()).map(widest).collect();
        let text = |name: &str| at.page.values.get(name).and_then(|v| v.as_str()).unwrap_or_default().to_string();
        self.sort = text("sort");
        self.down = text("order") == "down";
        if !self.typing {
            self.words = text("words");
        }
        self.column = self.column.max(1);
        self.go(self.row as isize, self.column as isize, at);
    }

    fn act(&mut self, action: Action, at: &At<'_>) -> Ask {
        let (row, column) = (self.row as isize, self.column as isize);
        let page = isize::try_from(self.body(at.place).saturating_sub(1).max(1)).unwrap_or(1);
        match action {
            Action::Up => self.go(row - 1, column, at),
            Action::Down => self.go(row + 1, column, at),
            Action::PageUp => self.go(row - page, column, at),
            Action::PageDown => self.go(row + page, column, at),
            Action::Top => self.go(0, column, at),
            Action::Bottom => self.go(isize::MAX, column, at),
            Action::Left => self.go(row, column - 1, at),
            Action::Right => self.go(row, column + 1, at),
            Action::Sort => return self.sorted(at),
            // Anew: letters behind words that are forgotten would find nothing.
            Action::Filter => {
                self.typing = true;
                self.before = std::mem::take(&mut self.words);
                return if self.before.is_empty() { Ask::Nothing } else { self.line(&self.sort, self.down) };
            }
            Action::EntryDone => self.typing = false,
            Action::EntryEnd => {
                self.typing = false;
                self.words = std::mem::take(&mut self.before);
                return self.line(&self.sort, self.down);
            }
            Action::EntryBackspace => {
                self.words.pop();
                return self.line(&self.sort, self.down);
            }
            _ => {}
        }
        Ask::Nothing
    }

    fn letter(&mut self, letter: char, _: &At<'_>) -> Option<Ask> {
        self.typing.then(|| {
            self.words.push(letter);
            self.line(&self.sort, self.down)
        })
    }

    fn draw(&self, at: &At<'_>, place: Rect, buffer: &mut Buffer) {
        let Some(table) = table(at.page).filter(|_| !place.is_empty()) else { return };
        let theme = at.view.theme;
        let rows = self.body(place);
        let columns = self.columns(at, place.width);
        self.caption(at, table, &columns, Rect { height: 1, ..place }, buffer);
        let mut x = place.x;
        for (c, wide) in columns {
            let head = self.head(c, at, table);
            let mut style = theme.table_head();
            if c == self.column {
                style = style.add_modifier(Modifier::REVERSED);
            }
            let align = table.columns.get(c).map_or(Align::Right, |c| c.align);
            let mut cell = |y: u16, text: &str, style: Style| {
                let text = fit(&clean(text, theme.glyphs), usize::from(wide), align, theme.glyphs);
                write(buffer, (x, y), place.right().saturating_sub(x), &text, style);
            };
            if place.height > 1 {
                cell(place.y + 1, &head, style);
            }
            let seen = (self.top..table.rows.len()).take(rows).zip(place.y + 2..);
            if align == Align::Left && self.widths.get(c).is_some_and(|whole| wide < *whole) {
                let all = table.rows.iter().map(|row| &*row[c]);
                let cut = names::among(self.seen(c, at, table), all, usize::from(wide), theme.glyphs);
                seen.zip(cut).for_each(|((_, y), text)| cell(y, &text, Style::new()));
            } else {
                seen.for_each(|(row, y)| cell(y, &self.cell(row, c, at, table), Style::new()));
            }
            x = x.saturating_add(wide + GAP);
        }
        if table.rows.is_empty() && place.height > 2 {
            let none = format!("no feature's name or reason holds `{}`; / looks for other words", self.words);
            let none = elide(&clean(&none, theme.glyphs), usize::from(place.width), theme.glyphs);
            write(buffer, (place.x, place.y + 2), place.width, &none, Style::new());
        }
        if (self.top..self.top + rows).contains(&self.row) && !table.rows.is_empty() {
            let y = place.y + 2 + (self.row - self.top) as u16;
            buffer.set_style(Rect { y, height: 1, ..place }, Style::new().add_modifier(Modifier::REVERSED));
        }
        self.chosen(at, table, place, buffer);
    }

    fn takes_letters(&self) -> bool {
        self.typing
    }

    fn hints(&self) -> &'static [&'static str] {
        if self.typing {
            &["Type words", "Enter keep the filter", "Esc as before"]
        } else {
            &["Esc notebook", "Enter sort", "/ filter", "Left Right column", "Up Down PgUp PgDn rows", "? keys"]
        }
    }
}

impl Browse {
    /// Go to this row and column, and bring them into sight.
    fn go(&mut self, row: isize, column: isize, at: &At<'_>) {
        let Some(table) = table(at.page) else { return };
        let clamp = |v: isize, count: usize| usize::try_from(v).unwrap_or(0).min(count.saturating_sub(1));
        self.row = clamp(row, table.rows.len());
        self.column = clamp(column, table.columns.len() + patients(at)).max(1);
        let rows = self.body(at.place).max(1);
        self.top = self.top.clamp((self.row + 1).saturating_sub(rows), self.row);
        self.top = self.top.min(table.rows.len().saturating_sub(rows));
        self.left = self.left.clamp(1, self.column);
        while self.left < self.column && !self.columns(at, at.place.width).iter().any(|(c, _)| *c == self.column) {
            self.left += 1;
        }
    }

    /// Rows of features: the screen without caption, head and the row about the chosen one.
    fn body(&self, place: Rect) -> usize {
        usize::from(place.height.saturating_sub(if place.height > 6 { 3 } else { 2 }))
    }

    /// The words of a column in the rows that are seen.
    fn seen<'a>(&self, c: usize, at: &At<'_>, table: &'a Table) -> impl Iterator<Item = &'a str> {
        table.rows.iter().skip(self.top).take(self.body(at.place)).map(move |row| &*row[c])
    }

    /// The columns that are seen, with their widths: the name's, and those from the first on.
    fn columns(&self, at: &At<'_>, room: u16) -> Vec<(usize, u16)> {
        let whole = self.widths.first().copied().unwrap_or(0);
        // As much as tells the names apart, while a column has room beside them.
        let (least, most) = (usize::from(NAME), usize::from(whole));
        let apart = table(at.page).map_or(0, |t| names::least(self.seen(0, at, t), least, most, at.view.theme.glyphs));
        let apart = (apart as u16).min(room.saturating_sub(GAP + VALUE));
        let name = whole.min((room * 2 / 5).max(NAME.min(room)).max(apart));
        let mut columns = vec![(0, name)];
        let mut used = name;
        for c in self.left.max(1)..self.widths.len() + patients(at) {
            let wide = self.widths.get(c).copied().unwrap_or(VALUE);
            let free = room.saturating_sub(used + GAP);
            // Words, as why a feature was dropped, are cut before they are left out.
            let words = table(at.page).and_then(|t| t.columns.get(c)).is_some_and(|c| c.align == Align::Left);
            if wide > free && (columns.len() > 1 || free == 0) && !(words && free >= WORDS) {
                break;
            }
            columns.push((c, wide.min(free)));
            used += GAP + wide.min(free);
        }
        // What the columns leave is the name's.
        columns[0].1 = (name + room.saturating_sub(used)).min(whole);
        columns
    }

    fn head(&self, c: usize, at: &At<'_>, table: &Table) -> String {
        let Some(column) = table.columns.get(c) else {
            let cohort = at.view.notebook.study.cohort();
            let patient = cohort.and_then(|k| k.patients.get(c - table.columns.len()));
            return patient.map(|p| p.id.clone()).unwrap_or_default();
        };
        if key(at.page, c) != self.sort {
            return column.name.clone();
        }
        let arrow = match (at.view.theme.glyphs, self.down) {
            (Glyphs::Ascii, false) => "^",
            (Glyphs::Ascii, true) => "v",
            (_, false) => "▲",
            (_, true) => "▼",
        };
        format!("{}{arrow}", column.name)
    }

    fn cell(&self, row: usize, c: usize, at: &At<'_>, table: &Table) -> String {
        if let Some(text) = table.rows[row].get(c) {
            return text.clone();
        }
        let feature = at.page.values.get("index").and_then(|v| v.get(row)).and_then(|v| v.as_u64());
        let set = at.view.notebook.study.features();
        let value = feature.zip(set).and_then(|(j, s)| s.matrix.get((c - table.columns.len(), j as usize)).copied());
        value.filter(|v| !v.is_nan()).map(number::value).unwrap_or_default()
    }

    /// The number of features, the filter, and at the right which rows are seen.
    fn caption(&self, at: &At<'_>, table: &Table, columns: &[(usize, u16)], row: Rect, buffer: &mut Buffer) {
        let glyphs = at.view.theme.glyphs;
        let seen =
            self.body(Rect { height: at.place.height, ..row }).min(table.rows.len() - self.top.min(table.rows.len()));
        let mut place = match table.rows.len() {
            0 => "no rows".to_string(),
            count => format!("rows {}-{} of {count}", self.top + 1, self.top + seen),
        };
        if let (Some(first), Some(last)) = (columns.get(1), columns.last()) {
            place += &format!(", columns {}-{} of {}", first.0 + 1, last.0 + 1, table.columns.len() + patients(at));
        }
        let cursor = if self.typing { "_" } else { "" };
        let filter = if self.typing || !self.words.is_empty() {
            format!("filter: {}{cursor}", self.words)
        } else {
            String::new()
        };
        let said = if filter.is_empty() { at.page.headline.clone() } else { filter };
        let said = fit(&clean(&said, glyphs), usize::from(row.width), Align::Left, glyphs);
        write(buffer, (row.x, row.y), row.width, &said, at.view.theme.heading());
        let wide = width(&place) as u16;
        if wide + width(said.trim_end()) as u16 + GAP <= row.width {
            write(buffer, (row.right() - wide, row.y), wide, &place, at.view.theme.faint());
        }
    }

    /// The chosen row in words: its whole name, and why it was dropped.
    fn chosen(&self, at: &At<'_>, table: &Table, place: Rect, buffer: &mut Buffer) {
        let Some(row) = table.rows.get(self.row).filter(|_| place.height > 6) else { return };
        let of = |wanted: &str| {
            let at = (0..row.len()).find(|c| key(at.page, *c) == wanted)?;
            row.get(at).filter(|text| !text.is_empty())
        };
        let (reason, kept) = (of("reason"), of("kept"));
        let said = match (reason, kept) {
            (Some(reason), _) => format!("dropped by {reason}"),
            (None, Some(kept)) => format!("kept by {kept}"),
            (None, None) => String::new(),
        };
        let (glyphs, room) = (at.view.theme.glyphs, usize::from(place.width));
        // A number that is cut would be another: the sentence is whole, or not there.
        let both = if said.is_empty() { row[0].clone() } else { format!("{}: {said}", row[0]) };
        let step = said.split(": ").next().unwrap_or_default().to_string();
        let forms = [both, said, step, row[0].clone()].map(|text| clean(&text, glyphs).into_owned());
        let whole = forms.iter().find(|text| !text.is_empty() && width(text) <= room);
        let text = whole.cloned().unwrap_or_else(|| elide(&forms[3], room, glyphs));
        write(buffer, (place.x, place.bottom() - 1), place.width, &text, at.view.theme.faint());
    }

    /// Enter: sort by the marked column, or the other way round, and show what comes first then.
    fn sorted(&mut self, at: &At<'_>) -> Ask {
        let key = key(at.page, self.column);
        if key.is_empty() {
            return Ask::Say("the values of a patient do not sort; go left to a column of the steps".into());
        }
        self.go(0, self.column as isize, at);
        self.line(key, key == self.sort && !self.down)
    }

    fn line(&self, sort: &str, down: bool) -> Ask {
        let words: String = self.words.split_whitespace().map(|w| quote(w) + " ").collect();
        Ask::Line(format!("browse {words}--sort {} --order {}", quote(sort), if down { "down" } else { "up" }))
    }
}

fn table(page: &Page) -> Option<&Table> {
    page.blocks.iter().find_map(|b| if let Block::Table(t) = b { Some(t) } else { None })
}

/// The name `--sort` takes of a column; empty for those of patients.
fn key(page: &Page, c: usize) -> &str {
    page.values.get("columns").and_then(|v| v.get(c)).and_then(|v| v.as_str()).unwrap_or_default()
}

fn patients(at: &At<'_>) -> usize {
    at.view.notebook.study.cohort().map_or(0, |c| c.patients.len())
}
