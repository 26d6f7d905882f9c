//! Patients: the list, and of one the slice with every reader's outline, from slice to slice, image to image, patient to
//! patient.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use serde_json::Value;

use super::{Ask, At, Screen};
use crate::commands::quote;
use crate::page::{Align, Block, Page};
use crate::render::cells::{self, PageView};
use crate::render::words::{fit, write};
use crate::tui::keys::Action;

/// Slices of a larger step, and by how much a key changes window and level, as a share of the window.
const LEAP: i64 = 5;
const STEP: f64 = 0.2;

#[derive(Default)]
pub(super) struct Patients {
    /// The chosen patient of the list.
    row: usize,
    scrolled: PageView,
    page: Page,
}

/// The grey values of a slice.
#[derive(Clone, Copy)]
struct Greys {
    level: f64,
    window: f64,
}

impl Screen for Patients {
    fn follow(&mut self, at: &At<'_>) {
        let ids = ids(at.page);
        match text(at.page, "id") {
            Some(id) => self.row = ids.iter().position(|i| *i == id).unwrap_or(self.row),
            None => self.row = self.row.min(ids.len().saturating_sub(1)),
        }
        let title = String::new();
        self.page = Page { title, ..at.page.clone() };
        self.scrolled = PageView::default();
    }

    fn act(&mut self, action: Action, at: &At<'_>) -> Ask {
        if text(at.page, "id").is_none() {
            return self.in_list(action, at);
        }
        let (slice, last) = (whole(at.page, "slice"), whole(at.page, "slices"));
        let to = |slice: i64| Ask::Line(line(at.page, Change::Slice(slice.clamp(1, last.max(1)))));
        match action {
            Action::Up => to(slice + 1),
            Action::Down => to(slice - 1),
            Action::PageUp => to(slice + LEAP),
            Action::PageDown => to(slice - LEAP),
            Action::Left => self.other(-1, at),
            Action::Right => self.other(1, at),
            Action::NextUp => image(at.page, 1),
            Action::NextDown => image(at.page, -1),
            Action::More => Ask::Line(line(at.page, Change::Greys(0.0, 1.0 - STEP))),
            Action::Less => Ask::Line(line(at.page, Change::Greys(0.0, 1.0 / (1.0 - STEP)))),
            Action::Brighter => Ask::Line(line(at.page, Change::Greys(-STEP, 1.0))),
            Action::Darker => Ask::Line(line(at.page, Change::Greys(STEP, 1.0))),
            Action::RowDown => self.scroll(1, at),
            Action::RowUp => self.scroll(-1, at),
            Action::Chosen => Ask::Line("patients".into()),
            _ => Ask::Nothing,
        }
    }

    fn draw(&self, at: &At<'_>, place: Rect, buffer: &mut Buffer) {
        if text(at.page, "id").is_some() {
            return cells::draw(&self.page, &self.scrolled, place, buffer, at.view.theme);
        }
        let rows = usize::from(place.height.saturating_sub(1));
        let top = self.row.saturating_sub(rows.saturating_sub(1));
        let Some(table) = table(&self.page) else { return };
        let widths: Vec<usize> = (0..table.columns.len())
            .map(|c| table.rows.iter().map(|r| r[c].len()).chain([table.columns[c].name.len()]).max().unwrap_or(0))
            .collect();
        let text = |cells: Vec<&str>| {
            let padded = cells.iter().zip(&widths).map(|(c, w)| format!("{c:<w$}"));
            padded.collect::<Vec<_>>().join("  ")
        };
        let head = text(table.columns.iter().map(|c| c.name.as_str()).collect());
        let fitted = |s: &str| fit(s, usize::from(place.width), Align::Left, at.view.theme.glyphs);
        write(buffer, (place.x, place.y), place.width, &fitted(&head), at.view.theme.faint());
        for (i, row) in table.rows.iter().enumerate().skip(top).take(rows) {
            let y = place.y + 1 + (i - top) as u16;
            let chosen = i == self.row;
            let style = if chosen { Style::default().add_modifier(Modifier::REVERSED) } else { Style::default() };
            let said = text(row.iter().map(String::as_str).collect());
            write(buffer, (place.x, y), place.width, &fitted(&said), style);
        }
    }

    fn hints(&self) -> &'static [&'static str] {
        &[
            "Up Down slices",
            "Left Right patients",
            "[ ] images",
            "+ - window",
            "< > level",
            "Enter list",
            "Esc notebook",
        ]
    }
}

impl Patients {
    fn in_list(&mut self, action: Action, at: &At<'_>) -> Ask {
        let ids = ids(at.page);
        let last = ids.len().saturating_sub(1);
        let leap = usize::from(at.place.height.saturating_sub(2)).max(1);
        match action {
            Action::Up => self.row = self.row.saturating_sub(1),
            Action::Down => self.row = (self.row + 1).min(last),
            Action::PageUp => self.row = self.row.saturating_sub(leap),
            Action::PageDown => self.row = (self.row + leap).min(last),
            Action::Top => self.row = 0,
            Action::Bottom => self.row = last,
            Action::Chosen | Action::Right => {
                return ids.get(self.row).map_or(Ask::Nothing, |id| Ask::Line(format!("patients {}", quote(id))));
            }
            _ => {}
        }
        Ask::Nothing
    }

    /// The patient before or after, by the same image.
    fn other(&self, by: isize, at: &At<'_>) -> Ask {
        match self.row.checked_add_signed(by).and_then(|i| ids(at.page).get(i).copied().map(str::to_string)) {
            Some(id) => {
                Ask::Line(format!("patients {} --image {}", quote(&id), text(at.page, "image").unwrap_or("original")))
            }
            None => Ask::Say("there is no patient on that side".into()),
        }
    }

    fn scroll(&mut self, rows: isize, at: &At<'_>) -> Ask {
        self.scrolled = self.scrolled.scrolled(rows, 0, &self.page, at.place, at.view.theme);
        Ask::Nothing
    }
}

/// What a key changes of the line.
enum Change {
    Slice(i64),
    /// The level by this share of the window, and the window by this factor.
    Greys(f64, f64),
}

/// The line of the page with one thing changed; greys stay as they are once they were chosen.
fn line(page: &Page, change: Change) -> String {
    let name = text(page, "image").unwrap_or("original");
    let mut line = format!("patients {} --image {name}", quote(text(page, "id").unwrap_or_default()));
    let number = |key: &str| page.values.get(key).and_then(Value::as_f64);
    let now = number("black").zip(number("white")).map(|(b, w)| Greys { level: (b + w) / 2.0, window: w - b });
    let chosen = page.values.get("greys").and_then(Value::as_bool) == Some(true);
    let (slice, greys) = match change {
        Change::Slice(slice) => (slice, now.filter(|_| chosen)),
        Change::Greys(by, times) => {
            let moved = now.map(|g| Greys { level: g.level + by * g.window, window: g.window * times });
            (whole(page, "slice"), moved)
        }
    };
    line.push_str(&format!(" --slice {slice}"));
    if let Some(Greys { level, window }) = greys.filter(|g| g.window > 0.0) {
        line.push_str(&format!(" --level {} --window {}", rounded(level), rounded(window)));
    }
    line
}

/// Four digits, which is more than an eye tells apart.
fn rounded(v: f64) -> f64 {
    format!("{v:.3e}").parse().unwrap_or(v)
}

/// The image before or after in the order of the settings.
fn image(page: &Page, by: isize) -> Ask {
    let images = list(page, "images");
    let now = images.iter().position(|i| Some(*i) == text(page, "image")).unwrap_or(0);
    match now.checked_add_signed(by).and_then(|i| images.get(i)) {
        Some(name) => {
            let id = quote(text(page, "id").unwrap_or_default());
            Ask::Line(format!("patients {id} --image {name} --slice {}", whole(page, "slice")))
        }
        None => Ask::Say("there is no image on that side".into()),
    }
}

fn table(page: &Page) -> Option<&crate::page::Table> {
    page.blocks.iter().find_map(|b| if let Block::Table(table) = b { Some(table) } else { None })
}

fn ids(page: &Page) -> Vec<&str> {
    list(page, "patients")
}

fn list<'a>(page: &'a Page, key: &str) -> Vec<&'a str> {
    let values = page.values.get(key).and_then(Value::as_array);
    values.into_iter().flatten().filter_map(Value::as_str).collect()
}

fn text<'a>(page: &'a Page, key: &str) -> Option<&'a str> {
    page.values.get(key).and_then(Value::as_str)
}

fn whole(page: &Page, key: &str) -> i64 {
    page.values.get(key).and_then(Value::as_i64).unwrap_or(1)
}
