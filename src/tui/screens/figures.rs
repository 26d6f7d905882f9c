//! Figures: the list, and one at a time, as large as the screen.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::list::List;
use super::{Ask, At, Screen, copied};
use crate::commands::quote;
use crate::page::{Block, Page};
use crate::render::cells::{self, PageView};
use crate::render::words::{clean, elide, write};
use crate::tui::keys::Action;

#[derive(Default)]
pub(super) struct Figures {
    /// Which is seen, from 1; 0 is the list.
    number: usize,
    list: List,
    /// Where it is scrolled to, when it is higher than the screen.
    scrolled: PageView,
    /// Its name, which stands above it.
    title: String,
    /// The figure alone, made when its page came.
    page: Page,
}

impl Screen for Figures {
    fn follow(&mut self, at: &At<'_>) {
        let number = at.page.values.get("number").and_then(|v| v.as_u64()).unwrap_or(0) as usize;
        if number != self.number {
            self.scrolled = PageView::default();
        }
        self.number = number;
        let chosen = if number > 0 { number - 1 } else { self.list.row };
        self.list.row = chosen.min(count(at).saturating_sub(1));
        self.page = Page { title: String::new(), headline: String::new(), ..at.page.clone() };
        self.title = match self.page.blocks.first_mut() {
            Some(Block::Plot(plot)) => std::mem::take(&mut plot.title),
            Some(Block::Scales { title, .. }) => std::mem::take(title),
            _ => String::new(),
        };
    }

    fn act(&mut self, action: Action, at: &At<'_>) -> Ask {
        match (self.number, count(at)) {
            (_, 0) => Ask::Say(NONE.into()),
            (0, count) => self.in_list(action, count, at),
            (number, count) => self.in_figure(action, number, count, at),
        }
    }

    /// The list, or the points of the figure.
    fn copied(&self, at: &At<'_>) -> Ask {
        if count(at) == 0 { Ask::Say(NONE.into()) } else { copied(at.page) }
    }

    fn draw(&self, at: &At<'_>, place: Rect, buffer: &mut Buffer) {
        let (theme, count) = (at.view.theme, count(at));
        let said = match self.number {
            0 if count == 0 => NONE.to_string(),
            0 => format!("{count} figures; Enter shows the marked one"),
            n => format!("figure {n} of {count}: {}", self.title),
        };
        let below = match self.number {
            0 => String::new(),
            _ => cells::below(&self.page, &self.scrolled, body(place), theme),
        };
        let room = place.width.saturating_sub(below.len() as u16);
        let said = elide(&clean(&said, theme.glyphs), usize::from(room.saturating_sub(1)), theme.glyphs);
        write(buffer, (place.x, place.y), room, &said, theme.heading());
        write(buffer, (place.x + room, place.y), place.width - room, &below, theme.heading());
        if let (0, Some(Block::Table(table))) = (self.number, self.page.blocks.first()) {
            return self.list.draw(table, |_| 0, body(place), theme, buffer);
        }
        cells::draw(&self.page, &self.scrolled, body(place), buffer, theme);
    }

    fn hints(&self) -> &'static [&'static str] {
        if self.number == 0 {
            &["Up Down choose", "Enter figure", "Esc notebook", "? keys"]
        } else {
            &[
                "Left Right figures",
                "Enter list",
                "Ctrl-S save as SVG and CSV",
                "Esc notebook",
                "Up Down scroll",
                "? keys",
            ]
        }
    }
}

/// What a notebook without figures says.
const NONE: &str = "no figure yet: `lasso`, `roc` and other steps draw them";

impl Figures {
    fn in_list(&mut self, action: Action, count: usize, at: &At<'_>) -> Ask {
        match action {
            Action::Chosen | Action::Right => line(self.list.row + 1),
            Action::SaveFigure => save(self.list.row + 1, at),
            action => {
                self.list.act(action, count, List::rows(body(at.place)));
                Ask::Nothing
            }
        }
    }

    fn in_figure(&mut self, action: Action, number: usize, count: usize, at: &At<'_>) -> Ask {
        let page = isize::try_from(at.place.height.saturating_sub(2)).unwrap_or(0);
        let mut scroll = |rows: isize| {
            self.scrolled = self.scrolled.scrolled(rows, 0, &self.page, body(at.place), at.view.theme);
            Ask::Nothing
        };
        match action {
            Action::Up => scroll(-1),
            Action::Down => scroll(1),
            Action::PageUp => scroll(-page),
            Action::PageDown => scroll(page),
            Action::Top => line(1),
            Action::Bottom => line(count),
            Action::Left if number == 1 => Ask::Say("that is the first figure; Enter lists them".into()),
            Action::Right if number >= count => Ask::Say("that is the last figure; Enter lists them".into()),
            Action::Left => line(number - 1),
            Action::Right => line(number + 1),
            Action::Chosen => Ask::Line("figures".into()),
            Action::SaveFigure => save(number, at),
            _ => Ask::Nothing,
        }
    }
}

fn body(place: Rect) -> Rect {
    let head = u16::from(place.height > 1);
    Rect { y: place.y + head, height: place.height - head, ..place }
}

/// How many figures the notebook has.
fn count(at: &At<'_>) -> usize {
    at.page.values.get("count").and_then(|v| v.as_u64()).unwrap_or(0) as usize
}

fn line(number: usize) -> Ask {
    Ask::Line(format!("figures {number}"))
}

fn save(number: usize, at: &At<'_>) -> Ask {
    let name = at.page.values.get("names").and_then(|names| names.get(number - 1)).and_then(|name| name.as_str());
    let name = name.map_or_else(|| format!("figure-{number}"), str::to_string);
    Ask::Run(format!("figures {number} --save {}", quote(&format!("{name}.svg"))))
}
