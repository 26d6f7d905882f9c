//! A threshold being moved: the line as it would be, the notebook as it would be, and what differs from where one stood.

use std::collections::HashSet;

use super::notebook::{Cell, State};
use crate::commands;

/// While `+` and `-` move a threshold.
#[derive(Clone, Debug)]
pub struct Tuning {
    /// Number of the cell whose line moves.
    pub at: usize,
    pub line: String,
    /// The notebook with this line as far as it has been computed, and below that as it was.
    pub cells: Vec<Cell>,
    /// How many cells have been computed.
    pub done: usize,
    /// What differs from where one stood, the most wanted first.
    pub difference: Vec<String>,
    /// The job that computes it, while it runs.
    pub job: Option<u64>,
}

impl Tuning {
    /// One more cell is computed.
    pub fn cell(&mut self, at: usize, cell: Cell, before: &[Cell]) {
        if let Some(old) = self.cells.get_mut(at) {
            *old = cell;
            self.done = at + 1;
        }
        self.difference = difference(before, &self.cells);
    }
}

/// What differs between two notebooks: `AUC 0.912 -> 0.883`, `lasso 8 -> 7 (+1 -2)`, from the last cell to the first, since
/// the last is what one tunes for.
fn difference(before: &[Cell], after: &[Cell]) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for new in after.iter().rev() {
        if let Some(old) = before.iter().find(|old| old.name == new.name && old.place == new.place) {
            parts.extend(change(old, new));
        }
    }
    if parts.is_empty() { vec!["the same result".into()] } else { parts }
}

fn change(old: &Cell, new: &Cell) -> Option<String> {
    match new.state {
        state if state == old.state => {}
        State::Ready => return Some(format!("{} has a result", new.name)),
        State::Failed => return Some(format!("{} fails", new.name)),
        State::Waiting => return Some(format!("{} waits", new.name)),
    }
    if let (Some(a), Some(b)) = (auc(old), auc(new)) {
        return (a != b).then(|| format!("AUC {a} -> {b}"));
    }
    let (a, b) = (kept(old)?, kept(new)?);
    let (gained, lost) = (b.difference(&a).count(), a.difference(&b).count());
    (gained + lost > 0).then(|| format!("{} {} -> {} (+{gained} -{lost})", new.name, a.len(), b.len()))
}

/// The thresholds that differ between two lines of one command: `--above 0.85 -> 0.86`.
pub fn moved(before: &str, after: &str) -> String {
    let words = |line: &str| commands::words(line).unwrap_or_default();
    let (before, after) = (words(before), words(after));
    let pairs = before.iter().zip(&after).enumerate().filter(|(_, (a, b))| a != b);
    let moved = pairs.map(|(i, (a, b))| format!("{} {a} -> {b}", before[i.saturating_sub(1)].trim_start_matches("--")));
    moved.collect::<Vec<_>>().join(", ")
}

/// The features a step kept, by name.
fn kept(cell: &Cell) -> Option<HashSet<&str>> {
    let values = &cell.page.values;
    cell.value("n_out")?;
    if let Some(selected) = values.get("selected").and_then(|v| v.as_array()) {
        return Some(selected.iter().filter_map(|v| v.as_str()).collect());
    }
    let names = values.get("feature")?.as_array()?.iter();
    let flags = values.get("kept")?.as_array()?.iter();
    Some(names.zip(flags).filter(|(_, kept)| kept.as_bool() == Some(true)).filter_map(|(n, _)| n.as_str()).collect())
}

/// The first AUC a page reports, as it is written.
fn auc(cell: &Cell) -> Option<String> {
    let auc = cell.page.values.get("rows")?.as_array()?.first()?.get("auc")?.as_f64()?;
    Some(format!("{auc:.3}"))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::commands::Place;
    use crate::page::Page;

    fn cell(name: &str, page: Page) -> Cell {
        let line = name.to_string();
        let (place, state, page) = (Place::View, State::Ready, Arc::new(page));
        let (short, headline) = (line.clone(), String::new());
        Cell { name: line.clone(), line, short, place, state, headline, page }
    }

    fn step(kept: &[&str]) -> Page {
        Page::new("", "").value("n_out", kept.len()).value("selected", kept)
    }

    fn roc(auc: f64) -> Page {
        Page::new("", "").value("rows", vec![serde_json::json!({ "auc": auc })])
    }

    #[test]
    fn features_that_come_and_go_are_counted() {
        let before = [cell("lasso", step(&["a", "b", "c"])), cell("roc", roc(0.91))];
        let after = [cell("lasso", step(&["b", "d"])), cell("roc", roc(0.88))];
        assert_eq!(difference(&before, &after), ["AUC 0.910 -> 0.880", "lasso 3 -> 2 (+1 -2)"]);
        assert_eq!(difference(&before, &before), ["the same result"]);
    }

    #[test]
    fn the_threshold_that_moved_is_named() {
        assert_eq!(moved("icc --above 0.85 --form 2,1", "icc --above 0.86 --form 2,1"), "above 0.85 -> 0.86");
    }
}
