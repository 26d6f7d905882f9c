//! Patients: the list, and of one the slice with every reader's outline, from slice to slice, image to image, patient to
//! patient.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use serde_json::Value;

use super::list::List;
use super::{Ask, At, Screen, copied_table};
use crate::commands::quote;
use crate::page::{Align, Block, Page, Table, number};
use crate::render::cells::{self, PageView};
use crate::render::words::{clean, fit, width, write};
use crate::tui::keys::Action;

/// Slices of a larger step, and by how much a key changes window and level, as a share of the window.
const LEAP: i64 = 5;
const STEP: f64 = 0.2;
/// Fewer rows than this are for the slice.
const SMALL: u16 = 12;

#[derive(Default)]
pub(super) struct Patients {
    /// The patients, of whom one is chosen.
    list: List,
    /// The list is seen, not one of them.
    listed: bool,
    /// The words a patient is looked for by, while they are typed.
    find: Option<String>,
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
            Some(id) => self.list.row = ids.iter().position(|i| *i == id).unwrap_or(self.list.row),
            None => self.list.row = self.list.row.min(ids.len().saturating_sub(1)),
        }
        self.listed = text(at.page, "id").is_none();
        let title = String::new();
        self.page = Page { title, ..at.page.clone() };
        // On a small screen the slice comes before the words about it.
        if !self.listed && at.place.height < SMALL {
            self.page.headline.clear();
        }
        self.scrolled = PageView::default();
    }

    fn act(&mut self, action: Action, at: &At<'_>) -> Ask {
        if self.listed {
            return self.in_list(action, at);
        }
        let (slice, last) = (whole(at.page, "slice"), whole(at.page, "slices"));
        let to = |slice: i64| Ask::Line(line(at.page, Change::Slice(slice.clamp(1, last.max(1)))));
        match action {
            Action::Up => to(slice + 1),
            Action::Down => to(slice - 1),
            Action::PageUp => to(slice + LEAP),
            Action::PageDown => to(slice - LEAP),
            Action::Top => to(last),
            Action::Bottom => to(1),
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
            Action::Filter => Ask::Say("/ finds a patient in the list; Enter goes there".into()),
            _ => Ask::Nothing,
        }
    }

    /// The list; of a patient the table of which most is in sight.
    fn copied(&self, at: &At<'_>) -> Ask {
        let body = parts(at.place).0;
        let number = match self.listed {
            true => 1,
            false => cells::table_in_sight(&self.page, &self.scrolled, body, at.view.theme),
        };
        let none = "this patient has no table here that could be copied";
        tables(&self.page).nth(number - 1).map_or(Ask::Say(none.into()), copied_table)
    }

    fn letter(&mut self, letter: char, at: &At<'_>) -> Option<Ask> {
        let words = self.find.as_mut()?;
        words.push(letter);
        Some(self.look(at))
    }

    fn takes_letters(&self) -> bool {
        self.find.is_some()
    }

    fn draw(&self, at: &At<'_>, place: Rect, buffer: &mut Buffer) {
        let theme = at.view.theme;
        let (body, foot) = parts(place);
        let said = match (&self.find, self.listed) {
            (Some(words), _) => format!("find: {words}_"),
            (None, true) => self.page.headline.clone(),
            (None, false) => self.foot(at, body),
        };
        let said = fit(&clean(&said, theme.glyphs), usize::from(foot.width), Align::Left, theme.glyphs);
        write(buffer, (foot.x, foot.y), if foot.height > 0 { foot.width } else { 0 }, &said, theme.faint());
        match table(&self.page).filter(|_| self.listed) {
            Some(table) => self.list.draw(table, goes, body, theme, buffer),
            None => cells::draw(&self.page, &self.scrolled, body, buffer, theme),
        }
    }

    fn hints(&self) -> &'static [&'static str] {
        if self.find.is_some() {
            return &["Type a part of the row", "Enter take", "Esc as before"];
        }
        if self.listed {
            return &["Up Down patients", "Enter scan", "Esc notebook", "/ find", "? keys"];
        }
        &[
            "Up Down slices",
            "Left Right patients",
            "Enter list",
            "[ ] images",
            "Esc notebook",
            "+ - window",
            "< > level",
        ]
    }
}

impl Patients {
    fn in_list(&mut self, action: Action, at: &At<'_>) -> Ask {
        let ids = ids(at.page);
        match action {
            Action::Chosen | Action::Right => {
                return ids.get(self.list.row).map_or(Ask::Nothing, |id| Ask::Line(format!("patients {}", quote(id))));
            }
            Action::Filter => {
                self.list.mark();
                self.find = Some(String::new());
            }
            Action::EntryDone => self.find = None,
            Action::EntryEnd => {
                self.find = None;
                self.list.back();
            }
            Action::EntryBackspace => {
                self.find.as_mut().map(String::pop);
                return self.look(at);
            }
            action => {
                self.list.act(action, ids.len(), List::rows(parts(at.place).0));
            }
        }
        Ask::Nothing
    }

    /// To the first row that holds the words, from where the search began.
    fn look(&mut self, at: &At<'_>) -> Ask {
        let (Some(words), Some(table)) = (&self.find, table(at.page)) else { return Ask::Nothing };
        match self.list.find(words, table) {
            true => Ask::Nothing,
            false => Ask::Say(format!("no patient's row holds `{words}`")),
        }
    }

    /// What stands under a slice: its greys, and how what has no room is reached, in the longest words that have room.
    fn foot(&self, at: &At<'_>, body: Rect) -> String {
        let of = |key: &str| at.page.values.get(key).and_then(Value::as_f64);
        let greys = of("black").zip(of("white"));
        let greys = greys.map(|(b, w)| format!("grey {} to {}", number::value(b), number::value(w)));
        let below = cells::below(&self.page, &self.scrolled, body, at.view.theme);
        let forms = match below.is_empty() {
            true => &[""][..],
            false => &["Ctrl-Down: scores, readers", "Ctrl-Down: more"],
        };
        let parts = |more: &str| [greys.clone().unwrap_or_default(), more.to_string()];
        let whole = |more: &&str| parts(more).into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join("; ");
        let shortest = forms.last().map_or("", |more| more).to_string();
        forms.iter().map(whole).find(|text| width(text) <= usize::from(body.width)).unwrap_or(shortest)
    }

    /// The patient before or after, by the same image.
    fn other(&self, by: isize, at: &At<'_>) -> Ask {
        match self.list.row.checked_add_signed(by).and_then(|i| ids(at.page).get(i).copied().map(str::to_string)) {
            Some(id) => {
                Ask::Line(format!("patients {} --image {}", quote(&id), text(at.page, "image").unwrap_or("original")))
            }
            None => Ask::Say("there is no patient on that side".into()),
        }
    }

    fn scroll(&mut self, rows: isize, at: &At<'_>) -> Ask {
        self.scrolled = self.scrolled.scrolled(rows, 0, &self.page, parts(at.place).0, at.view.theme);
        Ask::Nothing
    }
}

/// The list or the slice, and the row below it.
fn parts(place: Rect) -> (Rect, Rect) {
    let foot = u16::from(place.height > 3);
    let body = Rect { height: place.height - foot, ..place };
    (body, Rect { y: body.bottom(), height: foot, ..place })
}

/// What of a patient is given up first where the columns have no room: words, then what is known elsewhere.
fn goes(column: &str) -> usize {
    match column {
        "readers apart" => 0,
        "role" => 1,
        "leverage" => 3,
        "no features" => 6,
        "outcome" => 4,
        "probability" => 5,
        _ => 2, // a model's score
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

fn table(page: &Page) -> Option<&Table> {
    tables(page).next()
}

fn tables(page: &Page) -> impl Iterator<Item = &Table> {
    page.blocks.iter().filter_map(|b| if let Block::Table(table) = b { Some(table) } else { None })
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
