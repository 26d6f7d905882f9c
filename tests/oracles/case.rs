//! A golden case: its values, and the count of those compared.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::table::Table;
use super::tolerance::Tolerance;

/// One JSON file.
pub struct Case {
    pub step: String,
    pub folder: PathBuf,
    name: String,
    value: Value,
    tally: RefCell<Tally>,
}

#[derive(Default)]
struct Tally {
    /// Leaves that were compared, or read as input.
    compared: BTreeSet<String>,
    inputs: BTreeSet<String>,
    /// Leaves that are not compared for a reason that is said.
    excused: BTreeMap<String, String>,
    largest: (f64, String),
    failures: Vec<String>,
}

/// A value inside a case, with its place.
#[derive(Clone)]
pub struct Node<'a> {
    case: &'a Case,
    value: &'a Value,
    place: String,
}

/// All cases of a folder, by file name.
pub fn read(folder: &Path) -> Vec<Case> {
    let entries = fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|e| e.unwrap().path()).collect();
    paths.retain(|p| p.extension().is_some_and(|e| e == "json"));
    paths.sort();
    paths.iter().filter_map(|path| load(path)).collect()
}

/// A file that does not say its step.
pub fn one(path: &Path, step: &str) -> Case {
    let value = parse(path);
    case(path, value, step)
}

fn load(path: &Path) -> Option<Case> {
    let value = parse(path);
    let step = value.get("step")?.as_str()?.to_string();
    Some(case(path, value, &step))
}

fn parse(path: &Path) -> Value {
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn case(path: &Path, value: Value, step: &str) -> Case {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let folder = path.parent().unwrap().to_path_buf();
    Case { step: step.to_string(), folder, name, value, tally: RefCell::default() }
}

impl Case {
    pub fn root(&self) -> Node<'_> {
        Node { case: self, value: &self.value, place: String::new() }
    }

    /// The entries under `results`.
    pub fn results(&self) -> Vec<(String, Node<'_>)> {
        self.root().at("results").map(|r| r.entries()).unwrap_or_default()
    }

    pub fn failures(&self) -> Vec<String> {
        self.tally.borrow().failures.iter().map(|f| format!("{}: {f}", self.name)).collect()
    }

    /// One line for the whole, one for each kind of value nothing was compared with.
    pub fn report(&self) -> String {
        let tally = self.tally.borrow();
        let mut leaves = Vec::new();
        for (key, value) in self.value.as_object().unwrap() {
            if !["step", "versions", "control", "alpha", "conf_level", "note"].contains(&key.as_str()) {
                collect(value, key, &mut leaves);
            }
        }
        leaves.retain(|l| !tally.inputs.contains(l) && !l.ends_with("/note"));
        let mut open: BTreeMap<String, usize> = BTreeMap::new();
        let mut excused: BTreeMap<&str, usize> = BTreeMap::new();
        for leaf in leaves.iter().filter(|l| !tally.compared.contains(*l)) {
            match tally.excused.get(leaf) {
                Some(why) => *excused.entry(why).or_default() += 1,
                None => *open.entry(kind(leaf)).or_default() += 1,
            }
        }
        let (difference, place) = &tally.largest;
        let mut report = format!(
            "{}/{} {}: {} of {} values compared, largest relative difference {difference:.1e} {}",
            self.folder.display(),
            self.name,
            self.step,
            leaves.iter().filter(|l| tally.compared.contains(*l)).count(),
            leaves.len(),
            if *difference > 0.0 { format!("at {place}") } else { String::new() }
        );
        excused.iter().for_each(|(why, count)| report.push_str(&format!("\n    {count} left out: {why}")));
        if !open.is_empty() {
            let kinds: Vec<String> = open.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
            let total: usize = open.values().sum();
            report.push_str(&format!("\n    {total} not covered: {}", kinds.join(", ")));
        }
        report
    }
}

impl<'a> Node<'a> {
    pub fn at(&self, key: &str) -> Option<Node<'a>> {
        let value = self.value.get(key)?;
        Some(Node { case: self.case, value, place: join(&self.place, key) })
    }

    /// The value at `key`, which the schema promises.
    pub fn need(&self, key: &str) -> Node<'a> {
        self.at(key).unwrap_or_else(|| panic!("{} {}: no `{key}`", self.case.name, self.place))
    }

    pub fn entries(&self) -> Vec<(String, Node<'a>)> {
        let object = self.value.as_object();
        object.map(|o| o.keys().map(|k| (k.clone(), self.need(k))).collect()).unwrap_or_default()
    }

    pub fn items(&self) -> Vec<Node<'a>> {
        let item =
            |(i, value): (usize, &'a Value)| Node { case: self.case, value, place: join(&self.place, &i.to_string()) };
        self.value.as_array().map(|a| a.iter().enumerate().map(item).collect()).unwrap_or_default()
    }

    pub fn folder(&self) -> &'a Path {
        &self.case.folder
    }

    pub fn place(&self) -> &str {
        &self.place
    }

    pub fn is_object(&self) -> bool {
        self.value.is_object()
    }

    /// Read as input: a number, NaN for NA.
    pub fn number(&self) -> f64 {
        self.read();
        number(self.value)
    }

    /// Read as input: numbers, or one number alone.
    pub fn numbers(&self) -> Vec<f64> {
        self.read();
        match self.value.as_array() {
            Some(items) => items.iter().map(number).collect(),
            None => vec![number(self.value)],
        }
    }

    /// Read as input: texts, or one text alone.
    pub fn texts(&self) -> Vec<String> {
        self.read();
        let text = |v: &Value| v.as_str().map_or_else(|| v.to_string(), str::to_string);
        match self.value.as_array() {
            Some(items) => items.iter().map(text).collect(),
            None => vec![text(self.value)],
        }
    }

    pub fn text(&self) -> String {
        self.texts().remove(0)
    }

    /// The tables named by `input`, side by side.
    pub fn table(&self) -> Table {
        Table::joined(self.folder(), &self.need("input").texts())
    }

    /// Count every leaf here as input.
    pub fn read(&self) {
        let mut leaves = Vec::new();
        collect(self.value, &self.place, &mut leaves);
        self.case.tally.borrow_mut().inputs.extend(leaves);
    }

    /// Compare a number.
    pub fn is(&self, ours: f64, tolerance: Tolerance) {
        let theirs = number(self.value);
        let mut tally = self.case.tally.borrow_mut();
        tally.inputs.remove(&self.place);
        tally.compared.insert(self.place.clone());
        let difference = tolerance.difference(ours, theirs);
        if difference > tally.largest.0 {
            tally.largest = (difference, self.place.clone());
        }
        if difference > tolerance.relative {
            tally.failures.push(format!("{}: {ours} is not {theirs} ({difference:.1e})", self.place));
        }
    }

    /// Compare a number where the reference has one, as the entry `key`.
    pub fn has(&self, key: &str, ours: f64, tolerance: Tolerance) {
        if let Some(node) = self.at(key) {
            node.is(ours, tolerance);
        }
    }

    /// Compare a list of numbers; a list of one may stand alone.
    pub fn are(&self, ours: &[f64], tolerance: Tolerance) {
        let items = self.items();
        if self.value.is_array() {
            self.holds("length", items.len() == ours.len(), &format!("{} values, not {}", ours.len(), items.len()));
            items.iter().zip(ours).for_each(|(item, ours)| item.is(*ours, tolerance));
        } else {
            self.holds("length", ours.len() == 1, &format!("{} values, not 1", ours.len()));
            self.is(ours.first().copied().unwrap_or(f64::NAN), tolerance);
        }
    }

    /// Compare a list of numbers where the reference has one, as the entry `key`.
    pub fn have(&self, key: &str, ours: &[f64], tolerance: Tolerance) {
        if let Some(node) = self.at(key) {
            node.are(ours, tolerance);
        }
    }

    /// Compare texts, whole numbers or truth values exactly.
    pub fn says<T: ToString>(&self, ours: &[T]) {
        let ours: Vec<String> = ours.iter().map(T::to_string).collect();
        let theirs = self.texts();
        let mut leaves = Vec::new();
        collect(self.value, &self.place, &mut leaves);
        let mut tally = self.case.tally.borrow_mut();
        for leaf in leaves {
            tally.inputs.remove(&leaf);
            tally.compared.insert(leaf);
        }
        if ours != theirs {
            tally.failures.push(format!("{}: {ours:?} is not {theirs:?}", self.place));
        }
    }

    /// Compare texts where the reference has them, as the entry `key`.
    pub fn tells<T: ToString>(&self, key: &str, ours: &[T]) {
        if let Some(node) = self.at(key) {
            node.says(ours);
        }
    }

    /// A fact about this value that must hold; it counts as the comparison of every leaf here.
    pub fn must(&self, holds: bool, otherwise: &str) {
        let mut leaves = Vec::new();
        collect(self.value, &self.place, &mut leaves);
        let mut tally = self.case.tally.borrow_mut();
        for leaf in leaves {
            tally.inputs.remove(&leaf);
            tally.compared.insert(leaf);
        }
        drop(tally);
        self.holds("", holds, otherwise);
    }

    /// Leave out of the comparison what is `why`.
    pub fn excuse(&self, why: &str) {
        let mut leaves = Vec::new();
        collect(self.value, &self.place, &mut leaves);
        let mut tally = self.case.tally.borrow_mut();
        tally.excused.extend(leaves.into_iter().map(|l| (l, why.to_string())));
    }

    fn holds(&self, what: &str, holds: bool, otherwise: &str) {
        if !holds {
            let failure = format!("{} {what}: {otherwise}", self.place);
            self.case.tally.borrow_mut().failures.push(failure);
        }
    }
}

fn number(value: &Value) -> f64 {
    match value {
        Value::Bool(b) => f64::from(u8::from(*b)),
        Value::String(s) => match s.as_str() {
            "Inf" => f64::INFINITY,
            "-Inf" => f64::NEG_INFINITY,
            _ => f64::NAN,
        },
        other => other.as_f64().unwrap_or(f64::NAN),
    }
}

fn join(place: &str, key: &str) -> String {
    if place.is_empty() { key.to_string() } else { format!("{place}/{key}") }
}

fn collect(value: &Value, place: &str, leaves: &mut Vec<String>) {
    match value {
        Value::Object(o) => o.iter().for_each(|(k, v)| collect(v, &join(place, k), leaves)),
        Value::Array(a) => a.iter().enumerate().for_each(|(i, v)| collect(v, &join(place, &i.to_string()), leaves)),
        _ => leaves.push(place.to_string()),
    }
}

/// The last named steps of a place, without positions in lists.
fn kind(place: &str) -> String {
    let words: Vec<&str> = place.split('/').filter(|w| w.parse::<usize>().is_err()).collect();
    words[words.len().saturating_sub(2)..].join("/")
}
