//! `tour`: the paper in ten steps on the built-in cohort.

use serde::{Deserialize, Serialize};

use super::spec::{Command, Place, Spec, Step, World};
use crate::error::Result;
use crate::page::Page;

/// One step of the tour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stop {
    /// Its lines, run one after the other.
    pub lines: &'static [&'static str],
    /// What they do.
    pub why: &'static str,
    /// What to look at in the result; what stands in braces is of keys that only the full screen has.
    look: &'static str,
}

const fn stop(lines: &'static [&'static str], why: &'static str, look: &'static str) -> Stop {
    Stop { lines, why, look }
}

impl Stop {
    /// Its commands and what they do: `icc keeps the features both readers agree on.`
    pub fn says(&self) -> String {
        let names = self.lines.iter().filter_map(|line| line.split(' ').next());
        format!("{} {}", names.collect::<Vec<_>>().join(", then "), self.why)
    }

    /// What to look at in the result, with the keys that show it where there are any.
    pub fn look(&self, keys: bool) -> String {
        let parts = self.look.split(['{', '}']).enumerate();
        parts.filter(|(i, _)| keys || i % 2 == 0).map(|(_, part)| part).collect()
    }
}

/// The tour.
pub const STOPS: [Stop; 10] = [
    stop(
        &["demo radnote-demo"],
        "writes a cohort of made-up scans and opens it.",
        "patients and events of training, internal and external set.",
    ),
    stop(
        &["extract --params original-107"],
        "computes 107 features of each tumour.",
        "every patient has features; 30 were outlined by a second reader too.",
    ),
    stop(
        &["icc"],
        "keeps the features both readers agree on.",
        "the histogram, cut at 0.85.{ Later: + and - move the cut.}",
    ),
    stop(
        &["mannwhitney"],
        "keeps those that differ between patients with and without metastasis.",
        "{PgDn: }the smallest p on top; AUC says how well a feature alone tells them apart.",
    ),
    stop(
        &["lasso --rule min"],
        "lets the LASSO choose a few of them together.",
        "the features left; {PgDn: }the curve whose lowest point chose them.",
    ),
    stop(
        &["stepwise", "signature"],
        "fit these by AIC; their weighted sum is the radiomics signature.",
        "the score's formula; {PgDn: }bars of patients with metastasis should point up.",
    ),
    stop(
        &["clinical", "nomogram signature margin"],
        "add the clinical factor that matters and draw it all as a nomogram.",
        "points of each scale add up to the probability at the bottom{ (PgDn)}.",
    ),
    stop(
        &["roc"],
        "asks how well each model tells the patients apart.",
        "AUC falls from training to external: that is the honest number.",
    ),
    stop(
        &["calibrate"],
        "asks whether predicted probabilities came true.",
        "{PgDn: }the nearer the diagonal the better; slope below 1: predictions too bold.",
    ),
    stop(
        &["decision"],
        "asks at which risks treating by the model does good.",
        "{PgDn: }where its curve lies above treating all and treating none.",
    ),
];

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Tour {}

impl Command for Tour {
    const SPEC: Spec = Spec {
        name: "tour",
        summary: "walk the paper in ten steps on the built-in cohort",
        about: "Each step says what it does and what to look at; Enter runs its line, Esc ends the tour, and `tour` takes it \
                up again where it was left. Headless all steps are run in order. The cohort is written to the folder \
                radnote-demo; a notebook with cells of your own is left alone: `radnote tour` opens one for the tour.",
        place: Place::Request,
        flags: &[],
        examples: &["tour"],
    };

    fn run(&self, world: &World<'_>) -> Result<Step> {
        let canonical = |line: &str| super::parse(line).ok().flatten().map(|c| c.line()).unwrap_or_default();
        let known = |stop: &Stop| {
            let has = |line: &&str| world.cells.iter().any(|c| c.line == canonical(line));
            stop.lines.iter().filter(|line| has(line)).count()
        };
        if STOPS.iter().map(known).sum::<usize>() < world.cells.len() {
            return Ok(Step::Show(elsewhere()));
        }
        match STOPS.iter().position(|stop| known(stop) < stop.lines.len()) {
            Some(at) => Ok(Step::Tour(at)),
            None => Ok(Step::Show(done())),
        }
    }
}

/// The ten steps at a glance.
pub fn overview() -> Page {
    let headline = "Enter runs the line in the prompt; the words under it say what to look at";
    Page::new("The paper in ten steps", headline).facts(steps())
}

/// That every step is a cell of this notebook already.
fn done() -> Page {
    Page::new("Tour", "the tour is done: its ten steps are the cells of this notebook")
        .text("Choose a cell to look at it again. `radnote NAME.rad` begins a notebook of your own, and `radnote tour` in another folder the tour anew.")
        .facts(steps())
}

/// What the tour would do, for a notebook that is not its own.
fn elsewhere() -> Page {
    Page::new("Tour", "this notebook has cells of your own, which stay as they are")
        .text("Leave (Ctrl-D) and run `radnote tour`, which opens a notebook of its own, tour.rad.")
        .facts(steps())
}

/// Number, commands and purpose of each.
fn steps() -> impl Iterator<Item = (String, &'static str)> {
    STOPS.iter().zip(1..).map(|(stop, i)| {
        let names = stop.lines.iter().filter_map(|line| line.split(' ').next());
        (format!("{i:>2} {}", names.collect::<Vec<_>>().join(", ")), stop.why)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_named_only_where_there_are_any() {
        for stop in STOPS {
            let [with, without] = [true, false].map(|keys| stop.look(keys));
            assert!(!with.contains(['{', '}']) && !without.contains("PgDn") && !without.contains('+'), "{without}");
        }
        assert_eq!(STOPS[2].look(true), "the histogram, cut at 0.85. Later: + and - move the cut.");
        assert_eq!(STOPS[2].look(false), "the histogram, cut at 0.85.");
    }
}
