//! A threshold being moved: the line as it would be, the notebook as it would be, and what differs from where one stood.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::notebook::{Cell, State};
use crate::caution::Caution;
use crate::commands::Place;
use crate::page::{Page, number};
use crate::session::{Behind, Found};

pub use super::moved::{brief, moved};

/// Why what is tried is not copied.
pub const KEEP_FIRST: &str = "what is tried is copied once it is kept: Enter keeps it";

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
    /// What is to be known before the numbers are, where nothing is computed unless the reader says so.
    pub proposed: Option<String>,
    /// The job that computes what is quick of it, while it runs; without one nothing is computed unless the reader says so.
    pub job: Option<u64>,
    /// What computes those of its slow views that are not there yet, once what is quick is.
    pub slow: Vec<Behind>,
    /// The job that makes its line one of the notebook: it is kept, and not a move any more.
    pub kept: Option<u64>,
    /// The number of the last job there was when it began, where one of them may change the notebook: what that or an older one
    /// makes of it, it starts from.
    pub begun: u64,
    /// Once it is kept: the jobs that run before its own, and their commands.
    pub ahead: Vec<(u64, String)>,
    changes: BTreeMap<usize, Change>,
}

/// What differs in a cell.
#[derive(Clone, Debug)]
enum Change {
    /// Other features or factors are selected.
    Selected(Moves),
    /// The areas of the last model, by cohort: its name, the cohort's, before and now.
    Areas(Vec<[String; 4]>),
    /// It has no result any more: it fails.
    Fails(String),
    /// It has no result any more: something above it fails.
    Waits,
    Said(String),
}

/// What a step selects now and did not, and the other way round.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Moves {
    pub gained: Vec<String>,
    pub lost: Vec<String>,
    /// `lasso 8 -> 7 (+1 -2)`.
    pub text: String,
}

/// The area of a model in a cohort, as its ROC has it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Area<'a> {
    pub model: &'a str,
    pub role: &'a str,
    pub auc: f64,
    pub lower: f64,
    pub upper: f64,
}

impl Tuning {
    /// This line is tried. Until the new numbers are there, those of the line tried before stay, marked as old.
    pub fn of(at: usize, line: String, before: &[Cell], tried: Option<Self>) -> Self {
        let stale = if before.get(at).is_some_and(|c| c.place == Place::View) {
            vec![at]
        } else {
            (at..before.len()).collect()
        };
        let tried = tried.filter(|t| t.cells.len() == before.len());
        let (cells, changes) = match tried {
            None => (before.to_vec(), BTreeMap::new()),
            // A move from what was kept is compared with that, and nothing of it is known yet.
            Some(t) if t.kept.is_some() => (t.cells, BTreeMap::new()),
            Some(t) => (t.cells, t.changes),
        };
        Self {
            at,
            line,
            cells,
            stale,
            proposed: None,
            job: None,
            slow: Vec::new(),
            kept: None,
            begun: 0,
            ahead: Vec::new(),
            changes,
        }
    }

    /// What becomes of it once job `id` made the notebook these cells, or left it as it was: a move that was kept is in it, or a
    /// move again; one begun since goes on from these cells.
    pub fn after(self, id: u64, changed: bool, cells: &[Cell]) -> Option<Self> {
        if self.kept == Some(id) {
            return (!changed).then(|| Self { kept: None, ..self }.halted());
        }
        if self.begun < id {
            return (!changed).then_some(self);
        }
        cells.get(self.at).filter(|c| c.name == self.name())?;
        let of_these = Self::of(self.at, self.line.clone(), cells, None);
        Some(Self { cells: of_these.cells, stale: of_these.stale, changes: of_these.changes, ..self })
    }

    /// Nothing computes it any more. What is not there yet is not said to be the same.
    pub fn halted(mut self) -> Self {
        if self.proposed.is_none() && self.lacks() {
            self.proposed = Some(format!("not computed; Enter runs `{}`", self.name()));
        }
        self
    }

    /// It is a view that moves: nothing beside it does.
    pub fn is_view(&self) -> bool {
        self.cells.get(self.at).is_some_and(|c| c.place == Place::View)
    }

    /// The cell of this number moves with it.
    pub fn moves_cell(&self, at: usize) -> bool {
        if self.is_view() { at == self.at } else { at >= self.at }
    }

    /// What came to be in the notebook, of these cells, beside a view that moves; of a step, what was not there before.
    pub fn beside(&mut self, cells: &[Cell]) {
        let (view, at) = (self.is_view(), self.at);
        if cells.len() == self.cells.len() {
            let all = self.cells.iter_mut().zip(cells).enumerate();
            let others =
                all.filter(|(i, (shown, _))| if view { *i != at } else { shown.slow && shown.state == State::Waiting });
            others.for_each(|(_, (shown, now))| shown.clone_from(now));
        }
    }

    /// The slow view that was found is one of it.
    pub fn found(&mut self, found: &Found, before: &[Cell]) {
        let Some(one) = self.slow.iter().position(|b| found.key() == Some(&b.key)) else { return };
        let at = self.slow.remove(one).cell;
        self.cell(at, Cell::of(&found.entry), before);
    }

    /// The command of its line.
    pub fn name(&self) -> &str {
        self.line.split(' ').next().unwrap_or_default()
    }

    /// Something quick is not there yet.
    fn lacks(&self) -> bool {
        self.stale.iter().any(|at| self.cells.get(*at).is_some_and(|c| !c.slow))
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
    }

    /// Something quick is still computed.
    pub fn waits(&self) -> bool {
        self.job.is_some() && self.lacks()
    }

    /// What the step of this number selects otherwise than before.
    pub fn moves(&self, at: usize) -> Option<&Moves> {
        self.changes.get(&at).and_then(|c| if let Change::Selected(moves) = c { Some(moves) } else { None })
    }

    /// All that differs, the most wanted first: the area of the last model in the first cohort where it moved, then
    /// [`Tuning::besides`].
    pub fn difference(&self) -> Vec<String> {
        let areas = self.told().rev().find_map(|c| if let Change::Areas(a) = c { a.first() } else { None });
        let area = areas.map(|[model, role, a, b]| format!("{model} in {role}: AUC {a} -> {b}"));
        let rest = self.besides();
        // What `besides` says where nothing else differs is not said beside an area that does.
        let rest = rest.into_iter().filter(|_| area.is_none() || self.differs());
        area.iter().cloned().chain(rest).collect()
    }

    /// What differs beside the areas: what fails; selections, from the last step to the first, since the last is what one tunes
    /// for; what waits for what fails; what else says something new. Where nothing does, that.
    pub fn besides(&self) -> Vec<String> {
        let runs = self.kept.map(|_| match self.ahead.first() {
            Some((_, first)) => format!("kept: `{}` waits for {first}", self.name()),
            None => format!("kept: `{}` runs", self.name()),
        });
        if let Some(proposed) = &self.proposed {
            return vec![runs.unwrap_or_else(|| proposed.clone())];
        }
        let part = |of: fn(&Change) -> Option<&String>| self.told().rev().filter_map(of).cloned();
        let selected = part(|c| if let Change::Selected(moves) = c { Some(&moves.text) } else { None });
        let fails = part(|c| if let Change::Fails(text) = c { Some(text) } else { None });
        let said = part(|c| if let Change::Said(text) = c { Some(text) } else { None });
        let waiting = self.told().filter(|c| matches!(c, Change::Waits)).count();
        let waits = (waiting > 0).then(|| match waiting {
            1 => "1 cell waits for it".to_string(),
            n => format!("{n} cells wait for it"),
        });
        let parts: Vec<String> = runs.into_iter().chain(fails).chain(selected).chain(waits).chain(said).collect();
        match parts.is_empty() {
            false => parts,
            true if self.waits() => Vec::new(),
            true if self.told().next().is_none() => vec!["the same result".into()],
            true => vec!["the same selection".into()],
        }
    }

    /// Something beside the areas differs.
    fn differs(&self) -> bool {
        self.proposed.is_some() || self.kept.is_some() || self.told().any(|c| !matches!(c, Change::Areas(_)))
    }

    /// The changes of one line: those of the line tried before, until the cell that moves is there, and from then on those that
    /// came with it.
    fn told(&self) -> impl DoubleEndedIterator<Item = &Change> {
        let anew = !self.stale.contains(&self.at);
        self.changes.iter().filter(move |(at, _)| !(anew && self.stale.contains(at))).map(|(_, change)| change)
    }
}

fn change(old: &Cell, new: &Cell) -> Option<Change> {
    let name = &new.name;
    match new.state {
        state if state == old.state => {}
        State::Ready => return Some(Change::Said(format!("{name} has a result"))),
        State::Failed => return Some(Change::Fails(format!("{name} fails"))),
        State::Blocked | State::Waiting | State::Old => return Some(Change::Waits),
    }
    if Arc::ptr_eq(&old.page, &new.page) {
        return None;
    }
    if let (Some(a), Some(b)) = (kept(old), kept(new)) {
        if let Some(moves) = moves(name, &a, &b) {
            return Some(Change::Selected(moves));
        }
        // Its headline counts what came in as well: beside the counts of others it would read as what is selected.
        return (old.page.values != new.page.values).then(|| Change::Said(format!("{name}: other numbers")));
    } else if let Some(areas) = moved_areas(&old.page, &new.page) {
        return Some(Change::Areas(areas));
    }
    if let Some(text) = others(&old.page, &new.page) {
        return Some(Change::Said(format!("{name}: {text}")));
    }
    if old.headline != new.headline {
        return Some(Change::Said(format!("{name}: {}", new.headline)));
    }
    (old.page.values != new.page.values).then(|| Change::Said(format!("{name}: other numbers")))
}

fn moves(name: &str, before: &[&str], now: &[&str]) -> Option<Moves> {
    let (was, is): (HashSet<&str>, HashSet<&str>) = (before.iter().copied().collect(), now.iter().copied().collect());
    let without = |of: &[&str], others: &HashSet<&str>| -> Vec<String> {
        of.iter().filter(|n| !others.contains(*n)).map(ToString::to_string).collect()
    };
    let (gained, lost) = (without(now, &was), without(before, &is));
    let text = format!("{name} {} -> {} (+{} -{})", before.len(), now.len(), gained.len(), lost.len());
    (gained.len() + lost.len() > 0).then_some(Moves { gained, lost, text })
}

/// What a step selected, by name: features, or the factors of `clinical`. None of a cell that selects nothing.
pub fn kept(cell: &Cell) -> Option<Vec<&str>> {
    let values = &cell.page.values;
    let list = |name: &str| values.get(name).and_then(|v| v.as_array());
    if values.contains_key("univariable") {
        // The factors together; without any there is no such table.
        return Some(list("whole").into_iter().flatten().filter_map(|v| v["variable"].as_str()).collect());
    }
    cell.value("n_out")?;
    if let Some(selected) = list("selected") {
        return Some(selected.iter().filter_map(|v| v.as_str()).collect());
    }
    let pairs = list("feature")?.iter().zip(list("kept")?);
    Some(pairs.filter(|(_, kept)| kept.as_bool() == Some(true)).filter_map(|(n, _)| n.as_str()).collect())
}

/// The areas of the last model that a ROC has, a cohort each: the nomogram's, where there is one.
pub fn areas(page: &Page) -> Vec<Area<'_>> {
    let rows = page.values.get("rows").and_then(|v| v.as_array()).map(Vec::as_slice).unwrap_or_default();
    let last = rows.last().and_then(|row| row["model"].as_str());
    let area = |row: &'_ serde_json::Value| -> Option<(f64, f64, f64)> {
        let number = |name: &str| row[name].as_f64().unwrap_or(f64::NAN);
        row.get("auc").map(|_| (number("auc"), number("lower"), number("upper")))
    };
    let of = |row| {
        let (auc, lower, upper) = area(row)?;
        Some(Area { model: row["model"].as_str()?, role: row["role"].as_str()?, auc, lower, upper })
    };
    rows.iter().filter(|row| row["model"].as_str() == last).filter_map(of).collect()
}

/// The areas of one model that are written otherwise in the later page; none where it is not the same model.
fn moved_areas(old: &Page, new: &Page) -> Option<Vec<[String; 4]>> {
    let (old, new) = (areas(old), areas(new));
    let moved = |now: &Area<'_>| {
        let was = old.iter().find(|a| (a.model, a.role) == (now.model, now.role))?;
        let [a, b] = [was.auc, now.auc].map(number::share);
        (a != b).then(|| [now.model.to_string(), now.role.to_string(), a, b])
    };
    let moved: Vec<[String; 4]> = new.iter().filter_map(moved).collect();
    (!moved.is_empty()).then_some(moved)
}

/// The models that a page has rows of and had not, and the other way round: `with margin, without clinical`.
fn others(old: &Page, new: &Page) -> Option<String> {
    let models = |page: &Page| {
        let rows = page.values.get("rows").and_then(|v| v.as_array()).into_iter().flatten();
        let mut names: Vec<String> = rows.filter_map(|row| row["model"].as_str().map(str::to_string)).collect();
        let mut seen = HashSet::new();
        names.retain(|name| seen.insert(name.clone()));
        names
    };
    let moves = moves("", &strings(&models(old)), &strings(&models(new)))?;
    let side = |word: &str, names: &[String]| (!names.is_empty()).then(|| format!("{word} {}", names.join(", ")));
    let sides: Vec<String> =
        [side("with", &moves.gained), side("without", &moves.lost)].into_iter().flatten().collect();
    Some(sides.join(", "))
}

fn strings(names: &[String]) -> Vec<&str> {
    names.iter().map(String::as_str).collect()
}

/// The cells whose model is separated, and what is said of it: such coefficients run to infinity.
pub fn separated(cells: &[Cell]) -> Vec<(&str, &Caution)> {
    let is = |caution: &&Caution| matches!(caution, Caution::Separation { .. });
    cells.iter().flat_map(|cell| cell.page.cautions.iter().find(is).map(|c| (cell.name.as_str(), c))).collect()
}

#[cfg(test)]
mod tests;
