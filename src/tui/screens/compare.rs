//! Compare: the notebook and what `fork` kept, side by side.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Ask, At, Screen};
use crate::commands::quote;
use crate::page::Page;
use crate::render::cells::{self, PageView};
use crate::render::words::write;
use crate::tui::keys::Action;

#[derive(Default)]
pub(super) struct Compare {
    /// The chosen one; 0 is the notebook as it stands.
    chosen: usize,
    scrolled: PageView,
    page: Page,
}

impl Screen for Compare {
    fn follow(&mut self, at: &At<'_>) {
        self.page = Page { title: String::new(), ..at.page.clone() };
        self.choose(self.chosen.min(names(at.page).len().saturating_sub(1)), at);
    }

    fn act(&mut self, action: Action, at: &At<'_>) -> Ask {
        let leap = isize::try_from(at.place.height.saturating_sub(2)).unwrap_or(0);
        let names = names(at.page);
        match action {
            Action::Left | Action::Right | Action::Chosen if names.len() < 2 => {
                return Ask::Say("there is no variant yet; `fork NAME` keeps this notebook as one".into());
            }
            Action::Up => self.scroll(-1, at),
            Action::Down => self.scroll(1, at),
            Action::PageUp => self.scroll(-leap, at),
            Action::PageDown => self.scroll(leap, at),
            Action::Left => self.choose(self.chosen.saturating_sub(1), at),
            Action::Right => self.choose((self.chosen + 1).min(names.len().saturating_sub(1)), at),
            Action::Chosen if self.chosen > 0 => return Ask::Run(format!("switch {}", quote(names[self.chosen]))),
            Action::Chosen => {
                return Ask::Say("choose a variant with Right, or keep this notebook as one by `fork NAME`".into());
            }
            _ => {}
        }
        Ask::Nothing
    }

    fn draw(&self, at: &At<'_>, place: Rect, buffer: &mut Buffer) {
        let body = body(place, at.page);
        if body.y > place.y {
            let marked = |(i, n): (usize, &&str)| if i == self.chosen { format!("[{n}]") } else { format!(" {n} ") };
            let said: String = names(at.page).iter().enumerate().map(marked).collect();
            write(buffer, (place.x, place.y), place.width, &said, at.view.theme.heading());
        }
        cells::draw(&self.page, &self.scrolled, body, buffer, at.view.theme);
    }

    fn hints(&self) -> &'static [&'static str] {
        if names(&self.page).len() < 2 {
            return &["`fork NAME` keeps this notebook as a variant", "Esc notebook", "? keys"];
        }
        &["Left Right variants", "Enter switch to it", "Up Down scroll", "Esc notebook", "? keys"]
    }
}

impl Compare {
    /// Choose a variant and bring its column into sight.
    fn choose(&mut self, variant: usize, at: &At<'_>) {
        self.chosen = variant;
        self.scrolled = self.scrolled.reaching(variant + 1, &self.page, body(at.place, at.page), at.view.theme);
    }

    fn scroll(&mut self, rows: isize, at: &At<'_>) {
        self.scrolled = self.scrolled.scrolled(rows, 0, &self.page, body(at.place, at.page), at.view.theme);
    }
}

/// The page's place: under the names where there is a variant; of none the page itself speaks.
fn body(place: Rect, page: &Page) -> Rect {
    let head = u16::from(place.height > 1 && names(page).len() > 1);
    Rect { y: place.y + head, height: place.height - head, ..place }
}

fn names(page: &Page) -> Vec<&str> {
    let names = page.values.get("variant").and_then(|v| v.as_array());
    names.into_iter().flatten().filter_map(|n| n.as_str()).collect()
}
