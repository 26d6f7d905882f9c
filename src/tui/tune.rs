//! A threshold being moved: the line as it would be, the notebook as it would be, and what differs from where one stood.

use std::collections::{BTreeMap, HashSet};

use super::notebook::{Cell, State};
use crate::commands;

/// While a threshold is moved.
#[derive(Clone, Debug)]
pub struct Tuning {
    /// Number of the cell whose line moves.
    pub at: usize,
    pub line: String,
    /// The notebook with this line as far as it has been computed, and else as it was.
    pub cells: Vec<Cell>,
    /// The numbers of the cells that are still as they were.
    pub stale: Vec<usize>,
    /// What differs from where one stood, the most wanted first.
    pub difference: Vec<String>,
    /// The job that computes it, while it runs; without one nothing is computed unless the reader says so.
    pub job: Option<u64>,
    changes: BTreeMap<usize, Change>,
}

/// What differs in a cell: numbers that are compared, or what it says now.
#[derive(Clone, Debug)]
enum Change {
    Compared(String),
    Said(String),
}

impl Tuning {
    /// This line is tried. Until the new numbers are there, those of the line tried before stay, marked as old.
    pub fn of(at: usize, line: String, before: &[Cell], tried: Option<Self>) -> Self {
        let stale = if before.get(at).is_some_and(|c| c.place == commands::Place::View) {
            vec![at]
        } else {
            (at..before.len()).collect()
        };
        let tried = tried.filter(|t| t.cells.len() == before.len());
        let (cells, difference, changes) = tried
            .map_or_else(|| (before.to_vec(), Vec::new(), BTreeMap::new()), |t| (t.cells, t.difference, t.changes));
        Self { at, line, cells, stale, difference, job: None, changes }
    }

    /// One more cell is computed.
    pub fn cell(&mut self, at: usize, cell: Cell, before: &[Cell]) {
        let (Some(new), Some(old)) = (self.cells.get_mut(at), before.get(at)) else { return };
        match change(old, &cell) {
            Some(change) => _ = self.changes.insert(at, change),
            None => _ = self.changes.remove(&at),
        }
        *new = cell;
        self.stale.retain(|stale| *stale != at);
        self.difference = self.differs();
    }

    /// Something quick is still computed.
    pub fn waits(&self) -> bool {
        self.job.is_some() && self.stale.iter().any(|at| self.cells.get(*at).is_some_and(|c| !c.slow))
    }

    /// `AUC 0.912 -> 0.883`, `lasso 8 -> 7 (+1 -2)`: from the last cell to the first, since the last is what one tunes for.
    fn differs(&self) -> Vec<String> {
        let each = || self.changes.values().rev();
        let compared = each().filter_map(|c| if let Change::Compared(text) = c { Some(text) } else { None });
        let said = each().filter_map(|c| if let Change::Said(text) = c { Some(text) } else { None });
        let parts: Vec<String> = compared.chain(said).cloned().collect();
        match parts.is_empty() {
            true if self.waits() => vec!["computing".into()],
            true => vec!["the same result".into()],
            false => parts,
        }
    }
}

fn change(old: &Cell, new: &Cell) -> Option<Change> {
    let name = &new.name;
    match new.state {
        state if state == old.state => {}
        State::Ready => return Some(Change::Said(format!("{name} has a result"))),
        State::Failed => return Some(Change::Compared(format!("{name} fails"))),
        State::Blocked | State::Waiting | State::Old => return Some(Change::Said(format!("{name} waits"))),
    }
    if let (Some(a), Some(b)) = (auc(old), auc(new)) {
        return (a != b).then(|| Change::Compared(format!("AUC {a} -> {b}")));
    }
    if let (Some(a), Some(b)) = (kept(old), kept(new)) {
        let (gained, lost) = (b.difference(&a).count(), a.difference(&b).count());
        let text = format!("{name} {} -> {} (+{gained} -{lost})", a.len(), b.len());
        return (gained + lost > 0).then_some(Change::Compared(text));
    }
    (old.headline != new.headline).then(|| Change::Said(format!("{name}: {}", new.headline)))
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
        let (short, headline, slow) = (line.clone(), page.headline.clone(), name == "validate");
        Cell { name: line.clone(), line, short, place, state, slow, headline, page }
    }

    fn step(kept: &[&str]) -> Page {
        Page::new("", "").value("n_out", kept.len()).value("selected", kept)
    }

    fn roc(auc: f64) -> Page {
        Page::new("", "").value("rows", vec![serde_json::json!({ "auc": auc })])
    }

    fn tried(before: &[Cell], after: Vec<Cell>) -> Tuning {
        let mut tuning = Tuning::of(0, "lasso".into(), before, None);
        tuning.stale = (0..before.len()).collect();
        after.into_iter().enumerate().for_each(|(at, cell)| tuning.cell(at, cell, before));
        tuning
    }

    #[test]
    fn features_that_come_and_go_are_counted() {
        let before = [cell("lasso", step(&["a", "b", "c"])), cell("roc", roc(0.91))];
        let after = vec![cell("lasso", step(&["b", "d"])), cell("roc", roc(0.88))];
        assert_eq!(tried(&before, after).difference, ["AUC 0.910 -> 0.880", "lasso 3 -> 2 (+1 -2)"]);
        assert_eq!(tried(&before, before.to_vec()).difference, ["the same result"]);
    }

    #[test]
    fn a_slow_view_is_old_until_it_is_there_and_is_not_waited_for() {
        let before = [cell("roc", roc(0.9)), cell("validate", Page::new("", "AUC 0.7"))];
        let mut tuning = Tuning::of(0, "roc".into(), &before, None);
        (tuning.stale, tuning.job) = (vec![0, 1], Some(1));
        assert!(tuning.waits());
        tuning.cell(0, cell("roc", roc(0.9)), &before);
        assert!(!tuning.waits() && tuning.stale == [1], "{tuning:?}");
        tuning.cell(1, cell("validate", Page::new("", "AUC 0.6")), &before);
        assert_eq!((tuning.stale.len(), &*tuning.difference), (0, &["validate: AUC 0.6".to_string()][..]));
    }

    #[test]
    fn the_threshold_that_moved_is_named() {
        assert_eq!(moved("icc --above 0.85 --form 2,1", "icc --above 0.86 --form 2,1"), "above 0.85 -> 0.86");
    }
}
