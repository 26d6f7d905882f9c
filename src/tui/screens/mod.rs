//! The screens beside the notebook: one file and one row of the table each.
//!
//! A screen shows the page of one line. A key scrolls, or asks for another line; the session's thread answers it with another
//! page. So whatever a key does can be typed as well, and a screen has nothing to compute.

mod browse;
mod compare;
mod entry;
mod figures;
mod list;
mod patients;
mod scale;
mod tune;
mod whatif;

use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::keys::Action;
use super::view::View;
use crate::commands;
use crate::page::{Block, Page, Table};
use crate::render::points;

/// One row of the table.
pub struct Row {
    pub screen: commands::Screen,
    /// Its name, and the line that opens it.
    pub name: &'static str,
    /// Digits are typed into it; the function keys still change the screen.
    pub digits: bool,
    make: fn() -> Box<dyn Screen>,
}

/// In the order they are shown in, behind the notebook.
pub const TABLE: &[Row] = &[
    Row { digits: true, ..row_of(commands::Screen::Tune, "tune", || Box::new(tune::Tune::default())) },
    row_of(commands::Screen::Browse, "browse", || Box::new(browse::Browse::default())),
    row_of(commands::Screen::Figures, "figures", || Box::new(figures::Figures::default())),
    row_of(commands::Screen::Patients, "patients", || Box::new(patients::Patients::default())),
    row_of(commands::Screen::Compare, "compare", || Box::new(compare::Compare::default())),
    Row { digits: true, ..row_of(commands::Screen::WhatIf, "whatif", || Box::new(whatif::WhatIf::default())) },
];

const fn row_of(screen: commands::Screen, name: &'static str, make: fn() -> Box<dyn Screen>) -> Row {
    Row { screen, name, digits: false, make }
}

/// What a screen does with keys, and how it looks.
pub trait Screen {
    /// The answer to its line is there, for the first time or anew.
    fn follow(&mut self, at: &At<'_>);

    /// Do what a key asks.
    fn act(&mut self, action: Action, at: &At<'_>) -> Ask;

    /// What is copied of what is in sight: the table of its page.
    fn copied(&self, at: &At<'_>) -> Ask {
        copied(at.page)
    }

    /// A letter typed while the prompt is empty; none: it goes to the prompt.
    fn letter(&mut self, _letter: char, _at: &At<'_>) -> Option<Ask> {
        None
    }

    /// Draw it. Nothing is computed here.
    fn draw(&self, at: &At<'_>, place: Rect, buffer: &mut Buffer);

    /// Letters, Enter, Esc and Backspace are its own: something is being typed into it.
    fn takes_letters(&self) -> bool {
        false
    }

    /// What is to be said beside what the last key asked for; once.
    fn said(&mut self) -> Option<String> {
        None
    }

    /// What is lost where the screen is left now, for the notebook or for another screen.
    fn lost(&self) -> Option<String> {
        None
    }

    /// Where the reader stands, as `View::stood` has it.
    fn stands(&self, _at: &At<'_>) -> Option<(String, String)> {
        None
    }

    /// The lines that the next keys would try for a cell, the most likely first, and the number of the cell: they are computed
    /// while the reader looks.
    fn foreseen(&self, _at: &At<'_>) -> Option<(usize, Vec<String>)> {
        None
    }

    /// The keys that matter now, the most wanted first.
    fn hints(&self) -> &[&'static str];
}

/// What a screen sees.
#[derive(Clone, Copy)]
pub struct At<'a> {
    pub view: &'a View,
    pub page: &'a Page,
    /// Where it is drawn.
    pub place: Rect,
}

/// What a screen asks for.
pub enum Ask {
    Nothing,
    /// This line instead of the one whose page is shown.
    Line(String),
    Say(String),
    /// A line that is done once, the page staying as it is.
    Run(String),
    /// The notebook as it would be with this line for the cell of this number.
    Try(usize, String),
    /// The line that is tried becomes one of the notebook.
    Keep,
    /// The notebook as it was.
    EndTuning,
    /// These rows to the clipboard, the names of the columns first, and what they are; empty: what the screen is named by.
    Copy(String, Vec<Vec<String>>),
}

/// A screen that is open.
pub struct Open {
    pub row: &'static Row,
    /// The line whose page is shown.
    pub line: String,
    pub page: Arc<Page>,
    /// The job that answers a newer line, while it runs, and that line.
    pub asked: Option<(u64, String)>,
    pub state: Box<dyn Screen>,
}

impl Open {
    pub fn new(row: &'static Row, line: String, page: Arc<Page>) -> Self {
        Self { row, line, page, asked: None, state: (row.make)() }
    }
}

/// The first table of a page; without one, the points of its figure.
fn copied(page: &Page) -> Ask {
    let table = page.blocks.iter().find_map(|b| if let Block::Table(table) = b { Some(table) } else { None });
    let figure = |b: &&Block| matches!(b, Block::Plot(_) | Block::Scales { .. });
    match (table, page.blocks.iter().find(figure)) {
        (Some(table), _) => copied_table(table),
        (None, Some(figure)) => Ask::Copy("the points of this figure".into(), points::rows(&[figure])),
        (None, None) => Ask::Say("no table or figure is in sight that could be copied".into()),
    }
}

fn copied_table(table: &Table) -> Ask {
    Ask::Copy(table.title.clone(), table.lines().collect())
}

/// The row of a screen.
pub fn row(screen: commands::Screen) -> Option<&'static Row> {
    TABLE.iter().find(|r| r.screen == screen)
}
