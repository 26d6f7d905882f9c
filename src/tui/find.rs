//! Words looked for in the page on show: each letter typed goes on to the next row that holds them.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::act::App;
use super::layout;
use super::view::{Note, View};
use crate::page::Page;
use crate::render::cells::{self, PageView};
use crate::render::theme::Theme;

/// A search in a page.
#[derive(Clone, Debug, Default)]
pub struct Find {
    pub term: String,
    /// Rows of the page that hold the term, and which of them is on show.
    pub rows: Vec<usize>,
    pub at: usize,
    /// The first row that counts: where the page was when the search began.
    from: usize,
}

impl App {
    pub(super) fn find(&mut self) {
        self.view.note = Note::Keys;
        let from = self.view.page().map(|(_, _, scrolled)| scrolled.top);
        self.view.find = from.map(|from| Find { from, ..Find::default() });
    }

    pub(super) fn find_type(&mut self, letter: char) {
        if let Some(find) = &mut self.view.find {
            find.term.push(letter);
        }
        self.look();
    }

    pub(super) fn find_backspace(&mut self) {
        if let Some(find) = &mut self.view.find {
            find.term.pop();
        }
        self.look();
    }

    pub(super) fn find_step(&mut self, forward: bool) {
        if let Some(find) = self.view.find.as_mut().filter(|f| !f.rows.is_empty()) {
            let count = find.rows.len();
            find.at = (find.at + if forward { 1 } else { count - 1 }) % count;
        }
        self.go();
    }

    /// Look for the term anew, from where the search began.
    fn look(&mut self) {
        let place = layout::places(&self.view).page;
        let found = self.view.find.as_ref().and_then(|find| {
            let (_, page, scrolled) = self.view.page()?;
            Some(rows(page, scrolled.left, &find.term, place, self.view.theme))
        });
        if let (Some(find), Some(rows)) = (&mut self.view.find, found) {
            find.at = rows.iter().position(|row| *row >= find.from).unwrap_or(0);
            find.rows = rows;
        }
        self.go();
    }

    /// Bring the row that was found to the middle of the page.
    fn go(&mut self) {
        let row = self.view.find.as_ref().and_then(|f| f.rows.get(f.at).copied());
        let top = self.view.page().map(|(_, _, scrolled)| scrolled.top);
        if let (Some(row), Some(top)) = (row, top) {
            let wanted = row.saturating_sub(usize::from(layout::places(&self.view).page.height) / 2);
            self.scroll(wanted as isize - top as isize, 0);
        }
    }
}

impl View {
    /// The term and where one is among the rows that hold it, for the reader.
    pub fn finding(&self) -> Option<String> {
        let find = self.find.as_ref()?;
        Some(match (find.rows.len(), find.term.is_empty()) {
            (_, true) => "find: ".into(),
            (0, _) => format!("find: {} (not on this page)", find.term),
            (count, _) => format!("find: {} ({} of {count})", find.term, find.at + 1),
        })
    }
}

/// Rows of the page, as it stands in this place, that hold the term, in any case of letters.
fn rows(page: &Page, left: usize, term: &str, place: Rect, theme: Theme) -> Vec<usize> {
    let mut rows = Vec::new();
    // A scrolled table keeps its head on the screen's first rows, over those that are hidden under it.
    const HEAD: usize = 2;
    let high = usize::from(place.height);
    if term.is_empty() || high <= HEAD {
        return rows;
    }
    let last = cells::height(page, place, theme).saturating_sub(high);
    let mut top = 0;
    loop {
        let mut buffer = Buffer::empty(place);
        cells::draw(page, &PageView { top, left }, place, &mut buffer, theme);
        for y in place.top()..place.bottom() {
            let row = top + usize::from(y - place.y);
            let new = rows.last().is_none_or(|last| row > *last);
            if new && (top == 0 || row >= top + HEAD) && !places(&buffer, place, y, term).is_empty() {
                rows.push(row);
            }
        }
        if top >= last {
            return rows;
        }
        top = (top + high - HEAD).min(last);
    }
}

/// The columns at which a row of the screen holds the term.
pub fn places(buffer: &Buffer, place: Rect, y: u16, term: &str) -> Vec<u16> {
    let wanted: Vec<String> = term.chars().map(|c| c.to_lowercase().collect()).collect();
    let columns: Vec<u16> = (place.left()..place.right()).collect();
    let letters: Vec<String> = columns.iter().map(|x| buffer[(*x, y)].symbol().to_lowercase()).collect();
    let found = letters.windows(wanted.len().max(1)).enumerate().filter(|(_, w)| !wanted.is_empty() && *w == wanted);
    found.map(|(i, _)| columns[i]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Table;

    #[test]
    fn every_row_that_holds_the_term_is_found_once() {
        let mut table = Table::new("Features").left("feature");
        for i in 0..500 {
            table.row([format!("original_glcm_F{i}")]);
        }
        let page = Page::new("Title", "headline").table(table);
        let place = Rect::new(3, 2, 40, 17);
        let found = |term: &str| rows(&page, 0, term, place, Theme::default());
        assert_eq!(found("GLCM_f").len(), 500);
        assert_eq!(found("f499").len(), 1);
        assert_eq!(found("headline"), [1]);
        assert!(found("nowhere").is_empty() && found("").is_empty());
        for row in found("_F4") {
            let mut buffer = Buffer::empty(place);
            let top = row.saturating_sub(8).min(cells::height(&page, place, Theme::default()) - 17);
            cells::draw(&page, &PageView { top, left: 0 }, place, &mut buffer, Theme::default());
            let y = place.y + (row - top) as u16;
            assert!(!places(&buffer, place, y, "_F4").is_empty(), "row {row} is where it was found");
        }
    }
}
