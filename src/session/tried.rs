//! How many alternatives were tried: each is a chance more to find what is not there, and a report should say it.
//!
//! An alternative is a line that was evaluated for a step beyond the first line of that step, on the same cohort: `icc` at
//! 0.85, 0.9 and 0.85 again are one. Another outcome of the same table is an alternative too; another table is another
//! cohort. Views (`roc`, `validate`) choose nothing and are not counted, nor is a threshold that was moved and not kept.

use std::collections::{HashMap, HashSet};

use super::script::Script;
use crate::commands::{self, Place};

/// The lines of each step on each cohort.
#[derive(Default)]
pub(super) struct Tried {
    /// The cohort of the notebook that was noted last.
    cohort: String,
    steps: HashMap<(String, u8), HashSet<String>>,
    /// Cohort and line of what is noted already.
    noted: HashSet<(String, String)>,
}

impl Tried {
    /// This notebook was evaluated.
    pub(super) fn note(&mut self, notebook: &str) {
        let lines: Vec<String> = Script::parse(notebook).lines.into_iter().map(|l| l.line).collect();
        self.cohort = lines.iter().find(|line| step(line) == Some(0)).map(|line| cohort(line)).unwrap_or_default();
        for line in lines {
            let new = self.noted.insert((self.cohort.clone(), line.clone()));
            if let (Some(step), true) = (step(&line), new) {
                let whole = commands::parse(&line).ok().flatten().map_or(line, |command| command.line());
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

/// What the patients come from: `open cohort.csv`, whatever flags follow.
fn cohort(line: &str) -> String {
    let words = commands::words(line).unwrap_or_default();
    words.into_iter().take_while(|word| !word.starts_with("--")).collect::<Vec<_>>().join(" ")
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
    }
}
