//! How many alternatives were tried: each is a chance more to find what is not there, and a report should say it.
//!
//! An alternative is a line that was evaluated for a step beyond the first line of that step, on the same cohort: `icc` at
//! 0.85, 0.9 and 0.85 again are one. Another outcome of the same patients is an alternative too, and so are other patients of
//! the same cohort, as where one was left out. Two cohorts are the same where they are opened from the same table, by
//! whatever path it is named, or where at least half of the patients of the smaller one are in the other, by the digests of
//! `patients`: so a copied table and a cohort with one patient less count with what they were made from, and another study
//! does not. Lines are compared with their files named from the table's folder. Views (`roc`, `validate`) choose nothing and are
//! not counted, nor is a threshold that was moved and not kept. What opens the same patients alike is one line: `demo` is the
//! `open` it stands for, and `--positive` of a value that plainly means the event says nothing.
//!
//! The notebook's own lines come from its journal, those of the user's other notebooks from the state folder (`counted`).

use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};

use super::counted::{Counted, Lines, Of};
use super::patients::{Patients, digest};
use super::saved::moved;
use super::script::Script;
use crate::cohort::means_event;
use crate::commands::{self, Kind, Place};
use crate::files;
use crate::render::words;

/// The lines of each step on each cohort.
#[derive(Default)]
pub(super) struct Tried {
    /// The notebook's folder, from where its lines name files.
    folder: PathBuf,
    /// The cohort of the notebook that was noted last.
    now: Of,
    /// What this notebook evaluated.
    own: BTreeMap<Of, Lines>,
    /// What all notebooks did that are counted in one file.
    others: BTreeMap<Of, Lines>,
    counted: Option<Counted>,
    /// A line as it is counted, by the notebook's first line and itself.
    read: HashMap<(String, String), Option<(u8, String)>>,
    /// What it comes to, until more is noted.
    sum: OnceCell<words::Tried>,
}

impl Tried {
    pub(super) fn of(folder: &Path) -> Self {
        Self { folder: folder.to_path_buf(), ..Self::default() }
    }

    /// From now on count with the notebooks of this state folder, and be counted there.
    pub(super) fn count_in(&mut self, state: &Path) {
        let (mut counted, others) = Counted::open(state);
        for (of, lines) in &self.own {
            let held = others.get(of);
            counted.add(of, lines.iter().filter(|line| held.is_none_or(|held| !held.contains(*line))));
        }
        (self.counted, self.others) = (Some(counted), others);
        self.sum.take();
    }

    /// This notebook was evaluated on these patients, none where they are not known.
    pub(super) fn note(&mut self, notebook: &str, patients: &Patients) {
        let opened = |line: String| commands::opened_by_demo(&line).unwrap_or(line);
        let lines: Vec<String> = Script::parse(notebook).lines.into_iter().map(|l| opened(l.line)).collect();
        let first = lines.iter().find(|line| step(line) == Some(0)).cloned().unwrap_or_default();
        let source = source(&first, &self.folder);
        let table =
            source.as_ref().map_or(String::new(), |path| digest([files::whole(path).to_string_lossy().as_ref()]));
        self.now = Of { table, patients: patients.clone() };
        self.sum.take();
        let mut noted: Vec<(u8, String)> = Vec::new();
        for line in lines {
            let read = self.read.entry((first.clone(), line));
            let counts = read.or_insert_with_key(|(_, line)| counts(line, &self.folder, source.as_deref()));
            noted.extend(counts.clone());
        }
        let own = self.own.entry(self.now.clone()).or_default();
        noted.retain(|line| own.insert(line.clone()));
        if let Some(counted) = &mut self.counted {
            counted.add(&self.now, &noted);
        }
    }

    /// Lines beyond the first of each step, on the cohort of the notebook as it is, and where those were that this notebook did
    /// not evaluate on it.
    pub(super) fn alternatives(&self) -> words::Tried {
        self.sum.get_or_init(|| self.sum()).clone()
    }

    fn sum(&self) -> words::Tried {
        let is_now = |(of, _): &(&Of, &Lines)| same(of, &self.now);
        let (here, away): (Vec<_>, Vec<_>) = self
            .own
            .iter()
            .filter(is_now)
            .partition(|(of, _)| of.table == self.now.table || of.patients == self.now.patients);
        let mut seen = Seen::default();
        for (of, lines) in &here {
            // Until it is known who the patients of a table are, they are taken for those that were found in it later.
            let found = |line: &(u8, String)| {
                here.iter().any(|(o, lines)| !o.patients.is_empty() && o.table == of.table && lines.contains(line))
            };
            seen.add(of, lines.iter().filter(|line| line.0 != 0 || !of.patients.is_empty() || !found(line)));
        }
        // Those with the fewest strangers first.
        let mut places: BTreeMap<(usize, &Patients), Vec<(&Of, &Lines)>> = BTreeMap::new();
        for (of, lines) in away.into_iter().chain(self.others.iter().filter(is_now)) {
            let strangers = of.patients.len() - shared(of, &self.now);
            places.entry((strangers, &of.patients)).or_default().push((of, lines));
        }
        let mut elsewhere = Vec::new();
        for ((strangers, patients), place) in places {
            let before = seen.alternatives();
            place.into_iter().for_each(|(of, lines)| seen.add(of, lines));
            let more = seen.alternatives() - before;
            let (all, shared) = (patients.len(), patients.len() - strangers);
            if more > 0 && *patients == self.now.patients {
                elsewhere.push(format!("{more} in other notebooks on these patients"));
            } else if more > 0 {
                elsewhere.push(format!("{more} on a cohort that shares {shared} of its {all} patients"));
            }
        }
        words::Tried { count: seen.alternatives(), elsewhere }
    }
}

/// Different lines by step; of `open`, what was opened of whom.
#[derive(Default)]
struct Seen<'a>(HashMap<u8, HashSet<(&'a str, Option<&'a Patients>)>>);

impl<'a> Seen<'a> {
    fn add(&mut self, of: &'a Of, lines: impl IntoIterator<Item = &'a (u8, String)>) {
        for (step, line) in lines {
            let whom = (*step == 0).then_some(&of.patients);
            self.0.entry(*step).or_default().insert((line, whom));
        }
    }

    fn alternatives(&self) -> usize {
        self.0.values().map(|lines| lines.len().saturating_sub(1)).sum()
    }
}

/// The two are one cohort.
fn same(a: &Of, b: &Of) -> bool {
    let fewer = a.patients.len().min(b.patients.len());
    !a.table.is_empty() && a.table == b.table || fewer > 0 && 2 * shared(a, b) >= fewer
}

fn shared(a: &Of, b: &Of) -> usize {
    a.patients.intersection(&b.patients).count()
}

/// The place of the line's step in the chain.
fn step(line: &str) -> Option<u8> {
    match commands::find(line.split_whitespace().next()?).ok()?.spec.place {
        Place::Step(step) => Some(step),
        _ => None,
    }
}

/// The file or folder that the patients come from.
fn source(line: &str, folder: &Path) -> Option<PathBuf> {
    let words = commands::words(&spelled(line)).unwrap_or_default();
    words.get(1).filter(|word| !word.starts_with("--")).map(|word| folder.join(word))
}

/// The line with its defaults.
fn spelled(line: &str) -> String {
    commands::parse(line).ok().flatten().map_or(line.to_string(), |command| command.line())
}

/// The step of a line and the digest of what it says, its files named from where the patients come from. What opens the patients
/// says what is read of them, from whatever files.
fn counts(line: &str, folder: &Path, source: Option<&Path>) -> Option<(u8, String)> {
    let step = step(line)?;
    let line = moved(&spelled(line), folder);
    if step > 0 {
        // A table of the folder one stands in has a folder too, once its path is whole.
        let whole = source.and_then(|path| std::path::absolute(path).ok()).unwrap_or_default();
        let base = if whole.is_dir() { Some(&*whole) } else { whole.parent() };
        let base = base.map(|path| format!("{}/", path.display())).unwrap_or_default();
        return Some((step, digest([if base.is_empty() { line } else { line.replace(&base, "") }.as_str()])));
    }
    let flags = commands::find(line.split_whitespace().next()?).ok()?.spec.flags;
    let is_file = |name: &str| flags.iter().any(|f| f.name == name && matches!(f.kind, Kind::File | Kind::Table));
    let words = commands::words(&line).unwrap_or_default();
    let said = words.iter().zip(words.iter().skip(1)).filter_map(|(flag, value)| {
        let plain = |name: &str| name == "positive" && means_event(value);
        let name = flag.strip_prefix("--").filter(|name| !is_file(name) && !plain(name))?;
        Some(format!("{name} {value}"))
    });
    Some((step, digest(said.collect::<Vec<_>>().iter().map(String::as_str))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn people(of: std::ops::Range<usize>) -> Patients {
        of.map(|i| format!("p{i}")).collect()
    }

    #[test]
    fn lines_beyond_the_first_of_a_step_are_counted_on_their_cohort() {
        let mut tried = Tried::default();
        let mut after = |notebook: &str| {
            tried.note(notebook, &Patients::new());
            tried.alternatives().count
        };
        assert_eq!(after("open a.csv\n#= 9 patients\nicc\nlasso\nroc\n"), 0);
        assert_eq!(after("open a.csv\nicc --above 0.85\nlasso\nroc signature\n"), 0, "the default, spelled out");
        assert_eq!(after("open a.csv\nicc --above 0.9\nlasso\n"), 1);
        assert_eq!(after("open a.csv\nicc\nlasso --rule min\n"), 2, "back to the first is no new one");
        assert_eq!(after("open a.csv --outcome death\nicc\nlasso\n"), 3);
        assert_eq!(after("open b.csv\nicc --above 0.7\n"), 0);
        assert_eq!(after("open a.csv\nicc\nlasso\n"), 3);
        assert_eq!(after("open ./a.csv\nicc\nlasso\n"), 3, "the same table");
        assert_eq!(after("demo\nicc\n"), 0);
        assert_eq!(after("demo ./radnote-demo\nicc --above 0.9\n"), 1);
        let open =
            "open radnote-demo/cohort.csv --clinical radnote-demo/clinical.csv --outcome lung_metastasis --role role";
        assert_eq!(after(&format!("{open}\nicc\n")), 1, "what `demo` opens");
        assert_eq!(after(&format!("{open} --positive 1\nicc\n")), 1, "the event of 0 and 1, spelled out");
        assert_eq!(after(&format!("{open} --positive 0\nicc\n")), 2);
    }

    #[test]
    fn a_copied_table_and_a_patient_less_are_the_same_cohort_and_another_study_is_not() {
        let mut tried = Tried::default();
        let mut after = |notebook: &str, patients: Patients| {
            tried.note(notebook, &patients);
            tried.alternatives()
        };
        assert_eq!(after("open a.csv\nfeatures f.csv\nicc\n", Patients::new()).count, 0, "nobody is known yet");
        assert_eq!(after("open a.csv\nfeatures f.csv\nicc\n", people(0..122)).count, 0, "now they are");
        assert_eq!(after("open a.csv\nfeatures f.csv\nicc --above 0.9\n", people(0..122)).count, 1);
        let copied = after("open copy/a.csv\nfeatures copy/f.csv\nicc --above 0.8\n", people(0..122));
        assert_eq!((copied.count, copied.beside()), (2, None), "by the same notebook on the same patients");
        let fewer = after("open fewer.csv\nfeatures f.csv\nicc --above 0.8\n", people(0..121));
        assert_eq!(fewer.count, 3, "{fewer:?}: leaving one out is an alternative too");
        assert_eq!(fewer.elsewhere, ["3 on a cohort that shares 121 of its 122 patients"]);
        assert_eq!(after("open half.csv\nicc\n", people(0..61)).count, 4);
        assert_eq!(after("open other.csv\nicc --above 0.5\n", people(122..244)), words::Tried::default());
        assert_eq!(after("open mixed.csv\nicc\n", people(100..400)).count, 2, "with 122 of the other study");
    }

    #[test]
    fn notebooks_of_one_user_count_together_and_nobody_is_named() {
        let state = std::env::temp_dir().join(format!("radnote-tried-{}", std::process::id()));
        let (mut first, mut second) = (Tried::of(Path::new("/data/one")), Tried::of(Path::new("/data/two")));
        first.note("open a.csv\nfeatures f.csv\nicc\n", &people(0..9));
        first.count_in(&state);
        first.note("open a.csv\nfeatures f.csv\nicc --above 0.7\n", &people(0..9));
        assert_eq!(first.alternatives(), words::Tried { count: 1, elsewhere: Vec::new() });

        second.count_in(&state);
        second.note("open a.csv\nfeatures f.csv\nicc --above 0.9\n", &people(0..9));
        let both = second.alternatives();
        assert_eq!((both.count, &*both.elsewhere), (2, &["2 in other notebooks on these patients".to_string()][..]));
        second.note("open a.csv\nfeatures f.csv\nicc --above 0.7\n", &people(0..9));
        assert_eq!(second.alternatives().elsewhere, ["1 in other notebooks on these patients"]);

        let text = std::fs::read_to_string(state.join("tried")).unwrap_or_default();
        assert!(!text.contains("a.csv") && !text.contains("icc") && !text.contains("/data"), "{text}");
        assert_eq!(text.matches("\"patients\"").count(), 2, "each cohort once a table: {text}");
        let mut third = Tried::of(Path::new("/data/three"));
        third.count_in(&state);
        third.note("open b.csv\nicc\n", &people(0..8));
        assert_eq!(third.alternatives().elsewhere, ["3 on a cohort that shares 8 of its 9 patients"]);
        let _ = std::fs::remove_dir_all(&state);
    }
}
