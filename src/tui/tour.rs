//! The tour on the full screen: each stop puts its lines into the prompt, and Enter runs them.

use super::act::App;
use super::view::{Note, View};
use crate::commands::STOPS;

impl App {
    /// Go to this stop; past the last one the tour is over.
    pub(super) fn tour(&mut self, at: usize) {
        self.view.aside = None;
        match STOPS.get(at) {
            Some(stop) => {
                self.view.tour = Some(at);
                self.view.note = Note::Keys;
                self.view.prompt.set(&stop.lines.join("\n"));
            }
            None => {
                let look = STOPS.last().map(|stop| stop.look(true)).unwrap_or_default();
                self.view.tour = None;
                self.say(&format!(
                    "Look: {look} The tour is over: Up and Down choose a cell, keys 2 to 7 open the screens, ? shows the keys."
                ));
            }
        }
    }

    /// A line made a cell: where it was the last of the tour's stop, the next stop follows.
    pub(super) fn toured(&mut self, line: &str) {
        let stop = self.view.tour.and_then(|at| Some((at, STOPS.get(at)?)));
        if let Some((at, stop)) = stop
            && stop.lines.last() == Some(&line)
        {
            self.tour(at + 1);
        }
    }
}

/// What the tour says under the prompt; none without a tour.
pub fn says(view: &View) -> Option<String> {
    let at = view.tour?;
    let stop = STOPS.get(at)?;
    let before = at.checked_sub(1).and_then(|at| STOPS.get(at));
    let look = before.map(|stop| format!("Look: {} ", stop.look(true))).unwrap_or_default();
    let waits = view.pending.iter().any(|p| stop.lines.contains(&p.line.as_str()));
    let then = if waits { "It runs." } else { "Enter runs it, Esc ends the tour." };
    Some(format!("{look}Step {} of {}: {} {then}", at + 1, STOPS.len(), stop.says()))
}
