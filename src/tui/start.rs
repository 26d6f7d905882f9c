//! What an empty notebook says.

use std::sync::LazyLock;

use crate::commands::{self, Place};
use crate::page::Page;

static START: LazyLock<Page> = LazyLock::new(page);
static TOUR: LazyLock<Page> = LazyLock::new(commands::overview);

/// The page where there is no cell yet; on the tour its stops.
pub fn start(tour: bool) -> &'static Page {
    if tour { &TOUR } else { &START }
}

fn page() -> Page {
    let steps = commands::table().iter().filter(|r| matches!(r.spec.place, Place::Step(_)));
    Page::new("An empty notebook", "type a command below and press Enter; its result becomes a cell")
        .text("`tour` shows it on made-up patients, in ten steps.")
        .text("Your own begin with their table: type `open ` and press Tab to choose the file, then Tab again for what may follow.")
        .text("The chain, step by step:")
        .facts(steps.map(|r| (r.spec.name, r.spec.summary)))
        .text("`help` lists every command, `help lasso` explains one. `?` shows the keys. Everything is saved as you go.")
}
