//! Figures: one at a time, as large as the screen.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Ask, At, Screen};
use crate::page::{Block, Page};
use crate::render::cells::{self, PageView};
use crate::render::words::{clean, elide, write};
use crate::tui::keys::Action;

#[derive(Default)]
pub(super) struct Figures {
    /// Which is seen, from 1.
    number: usize,
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
        self.page = Page { title: String::new(), headline: String::new(), ..at.page.clone() };
        self.title = match self.page.blocks.first_mut() {
            Some(Block::Plot(plot)) => std::mem::take(&mut plot.title),
            Some(Block::Scales { title, .. }) => std::mem::take(title),
            _ => String::new(),
        };
    }

    fn act(&mut self, action: Action, at: &At<'_>) -> Ask {
        let page = isize::try_from(at.place.height.saturating_sub(2)).unwrap_or(0);
        let mut scroll = |rows: isize| {
            self.scrolled = self.scrolled.scrolled(rows, 0, &self.page, body(at.place), at.view.theme);
            Ask::Nothing
        };
        let count = count(at);
        match action {
            Action::Up => scroll(-1),
            Action::Down => scroll(1),
            Action::PageUp => scroll(-page),
            Action::PageDown => scroll(page),
            Action::Top => line(1, count),
            Action::Bottom => line(count, count),
            Action::Left => line(self.number.saturating_sub(1).max(1), count),
            Action::Right => line((self.number + 1).min(count), count),
            Action::SaveFigure if self.number == 0 => Ask::Say("choose a figure with Right first".into()),
            Action::SaveFigure => {
                let n = self.number;
                Ask::Run(format!("figures {n} --save figure-{n}.svg"))
            }
            _ => Ask::Nothing,
        }
    }

    fn draw(&self, at: &At<'_>, place: Rect, buffer: &mut Buffer) {
        let said = match self.number {
            0 => format!("{} figures; Right shows the first", count(at)),
            n => format!("{n} of {}  {}", count(at), self.title),
        };
        let glyphs = at.view.theme.glyphs;
        let said = elide(&clean(&said, glyphs), usize::from(place.width), glyphs);
        write(buffer, (place.x, place.y), place.width, &said, at.view.theme.heading());
        cells::draw(&self.page, &self.scrolled, body(place), buffer, at.view.theme);
    }

    fn hints(&self) -> &'static [&'static str] {
        &["Left Right figures", "Ctrl-S save as SVG and CSV", "Esc notebook", "Up Down scroll", "? keys"]
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

fn line(number: usize, count: usize) -> Ask {
    if count == 0 { Ask::Say("the notebook has no figure yet".into()) } else { Ask::Line(format!("figures {number}")) }
}
