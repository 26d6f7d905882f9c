//! How many alternatives were tried: each is a chance more to find what is not there, and a report should say it.
//!
//! An alternative is a line that was evaluated for a step beyond the first line of that step, on the same cohort: `icc` at
//! 0.85, 0.9 and 0.85 again are one. Another outcome of the same table is an alternative too; another table is another
//! cohort, and the same
//! one by whatever path it is named. Views (`roc`, `validate`) choose nothing and are not counted, nor is a threshold that was moved and not kept.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use super::script::Script;
use crate::commands::{self, Place};
use crate::files;

/// The lines of each step on each cohort.
#[derive(Default)]
pub(super) struct Tried {
    /// The notebook's folder, from where its lines name files.
    folder: PathBuf,
    /// The cohort of the notebook that was noted last.
    cohort: String,
    steps: HashMap<(String, u8), HashSet<String>>,
    /// Cohort and line of what is noted already.
    noted: HashSet<(String, String)>,
}

impl Tried {
    pub(super) fn of(folder: &Path) -> Self {
        Self { folder: folder.to_path_buf(), ..Self::default() }
    }

    /// This notebook was evaluated.
    pub(super) fn note(&mut self, notebook: &str) {
        let lines: Vec<String> = Script::parse(notebook).lines.into_iter().map(|l| l.line).collect();
        let first = lines.iter().find(|line| step(line) == Some(0));
        self.cohort = first.map(|line| cohort(line, &self.folder).0).unwrap_or_default();
        for line in lines {
            let new = self.noted.insert((self.cohort.clone(), line.clone()));
            if let (Some(step), true) = (step(&line), new) {
                let whole = if step == 0 { cohort(&line, &self.folder).1 } else { spelled(&line) };
                self.steps.entry((self.cohort.clone(), step)).or_default().insert(whole);
            }
        }
    }

    /// Lines beyond the first of each step, on the cohort of the notebook as it is.
    pub(super) fn alternatives(&self) -> usize {
        let own = self.steps.iter().filter(|((cohort, _), _)| *cohort == self.cohort);
        own.map(|(_, lines)| lines.len().saturating_sub(1)).sum()
    }
}

/// The place of the line's step in the chain.
fn step(line: &str) -> Option<u8> {
    match commands::find(line.split_whitespace().next()?).ok()?.spec.place {
        Place::Step(step) => Some(step),
        _ => None,
    }
}

/// The line with its defaults.
fn spelled(line: &str) -> String {
    commands::parse(line).ok().flatten().map_or(line.to_string(), |command| command.line())
}

/// What the patients come from, `open` and the whole path of its table; and the line with that path and its flags.
fn cohort(line: &str, folder: &Path) -> (String, String) {
    let words = commands::words(&spelled(line)).unwrap_or_default();
    let flags = words.iter().position(|word| word.starts_with("--")).unwrap_or(words.len());
    let path = |word: &String| files::whole(&folder.join(word)).display().to_string();
    let named = words.iter().take(1).cloned().chain(words[..flags].iter().skip(1).map(path));
    let cohort = named.collect::<Vec<_>>().join(" ");
    let whole = format!("{cohort} {}", words[flags..].join(" "));
    (cohort, whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_beyond_the_first_of_a_step_are_counted_on_their_cohort() {
        let mut tried = Tried::default();
        let mut after = |notebook: &str| {
            tried.note(notebook);
            tried.alternatives()
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
    }
}
