//! One file per command, one table.

mod advise;
mod args;
mod browse;
mod calibrate;
mod clinical;
mod coefficients;
mod compare;
mod copy;
mod decision;
mod demo;
pub mod dial;
mod doctor;
mod export;
mod extract;
mod features;
mod figures;
mod fork;
mod help;
mod icc;
mod lasso;
mod mannwhitney;
mod nomogram;
mod open;
mod patients;
mod perturb;
mod predict;
mod quit;
mod reclassify;
mod remedy;
mod roc;
mod samplesize;
mod save;
mod scan;
mod scored;
mod settings;
mod short;
mod show;
mod signature;
mod spec;
mod split;
mod stepwise;
mod switch;
mod table;
mod table1;
mod target;
mod threshold;
mod tour;
mod tune;
mod undo;
mod validate;
mod whatif;
mod words;

use std::sync::LazyLock;

pub use compare::{Variant, comparison};
pub use demo::opened_by_demo;
pub use help::TRIED;
pub use short::short;
pub use spec::{Command, Flag, Judged, Kind, Place, Position, Reads, Screen, Shown, Spec, Step, Tune, World};
pub use tour::{STOPS, Stop, overview};
pub use words::{Word, quote, spans, split as words};

use self::scored::{one_sided, scored, unscored, unsettled};

use crate::caution::Caution;
use crate::cohort::Cohort;
use crate::error::{Error, Result, nearest};
use crate::features::Settings;
use crate::page::{Page, number};
use crate::study::{FeatureSet, Fingerprint, Method, Model, Origin, Stage, Study, design, one_meaning};

/// A command that was read from a line.
pub trait Run: Send {
    fn spec(&self) -> &'static Spec;
    /// The line with every default spelled out.
    fn line(&self) -> String;
    /// Every flag's value, under its field's name.
    fn values(&self) -> serde_json::Value;
    /// What of the steps above it reads.
    fn reads(&self) -> Reads;
    /// As [`Command::is_slow`].
    fn is_slow(&self) -> bool;
    /// As [`Command::reads_pages`].
    fn reads_pages(&self) -> bool;
    /// As [`Command::reads_alone`].
    fn reads_alone(&self) -> Option<&str>;
    /// As [`Command::judged`].
    fn judged(&self) -> Option<Judged>;
    /// As [`Command::retraces`].
    fn retraces(&self) -> bool;
    /// As [`Command::hangs_on`].
    fn hangs_on(&self, study: &Study) -> Fingerprint;
    /// # Errors
    /// Whatever stops the command.
    fn run(&self, world: &World<'_>) -> Result<Step>;
}

/// One row of the table.
#[derive(Clone, Copy)]
pub struct Row {
    pub spec: &'static Spec,
    read: fn(&[String]) -> Result<Box<dyn Run>>,
}

static TABLE: LazyLock<Vec<Row>> = LazyLock::new(|| {
    vec![
        row::<open::Open>(),
        row::<demo::Demo>(),
        row::<split::Split>(),
        row::<settings::Settings>(),
        row::<extract::Extract>(),
        row::<advise::Advise>(),
        row::<features::Features>(),
        row::<perturb::Perturb>(),
        row::<icc::Icc>(),
        row::<mannwhitney::MannWhitney>(),
        row::<lasso::Lasso>(),
        row::<stepwise::Stepwise>(),
        row::<signature::Signature>(),
        row::<table1::Table1>(),
        row::<clinical::Clinical>(),
        row::<nomogram::Nomogram>(),
        row::<predict::Predict>(),
        row::<whatif::WhatIf>(),
        row::<roc::Roc>(),
        row::<calibrate::Calibrate>(),
        row::<decision::Decision>(),
        row::<validate::Validate>(),
        row::<reclassify::Reclassify>(),
        row::<samplesize::SampleSize>(),
        row::<show::Show>(),
        row::<browse::Browse>(),
        row::<tune::Thresholds>(),
        row::<figures::Figures>(),
        row::<table::Table>(),
        row::<patients::Patients>(),
        row::<export::Export>(),
        row::<copy::Copy>(),
        row::<save::Save>(),
        row::<undo::Undo>(),
        row::<fork::Fork>(),
        row::<compare::Compare>(),
        row::<switch::Switch>(),
        row::<help::Help>(),
        row::<tour::Tour>(),
        row::<doctor::Doctor>(),
        row::<quit::Quit>(),
    ]
});

/// Every command, in the order of the paper's chain.
pub fn table() -> &'static [Row] {
    &TABLE
}

/// The row of a command.
///
/// # Errors
/// No command of that name; the nearest is named.
pub fn find(name: &str) -> Result<&'static Row> {
    table().iter().find(|r| r.spec.name == name).ok_or_else(|| Error::UnknownCommand {
        given: name.to_string(),
        nearest: remedy::habit(name)
            .or_else(|| nearest(name, table().iter().map(|r| r.spec.name)).filter(|_| name != "redo")),
    })
}

/// Read a line; none when it says nothing (blank, or a remark).
///
/// # Errors
/// An unknown command or flag, a value that does not fit.
pub fn parse(line: &str) -> Result<Option<Box<dyn Run>>> {
    let words = words::split(line)?;
    let Some((name, rest)) = words.split_first() else { return Ok(None) };
    let row = find(name).map_err(|error| threshold::attached(name).unwrap_or(error))?;
    (row.read)(rest).map(Some)
}

struct Read<C>(C);

impl<C: Command + Send> Run for Read<C> {
    fn spec(&self) -> &'static Spec {
        const { &C::SPEC }
    }

    fn line(&self) -> String {
        args::line(&self.0)
    }

    fn values(&self) -> serde_json::Value {
        serde_json::to_value(&self.0).unwrap_or_default()
    }

    fn reads(&self) -> Reads {
        self.0.reads()
    }

    fn is_slow(&self) -> bool {
        self.0.is_slow()
    }

    fn reads_pages(&self) -> bool {
        self.0.reads_pages()
    }

    fn reads_alone(&self) -> Option<&str> {
        self.0.reads_alone()
    }

    fn judged(&self) -> Option<Judged> {
        self.0.judged()
    }

    fn retraces(&self) -> bool {
        self.0.retraces()
    }

    fn hangs_on(&self, study: &Study) -> Fingerprint {
        self.0.hangs_on(study)
    }

    fn run(&self, world: &World<'_>) -> Result<Step> {
        self.0.run(world).map(Step::headed).map_err(|error| remedy::at_hand(error, &C::SPEC, world))
    }
}

fn row<C: Command + Send>() -> Row {
    Row { spec: const { &C::SPEC }, read: |words| Ok(Box::new(Read(args::read::<C>(words)?))) }
}

/// The settings of a preset or of a parameter file that the line names.
fn settings_of(world: &World<'_>, name: &str) -> Result<Settings> {
    Settings::load(name, &world.path(name)).map_err(|error| match error {
        Error::File { .. } => world.file(name).err().unwrap_or(error),
        error => error,
    })
}

/// A seed of the line as R's random numbers take it.
fn seed(given: u32) -> Result<i32> {
    i32::try_from(given).map_err(|_| Error::BadValue {
        what: "`--seed`".into(),
        given: given.to_string(),
        expected: format!("R takes seeds up to {}", i32::MAX),
    })
}

/// Refuse the first flag of these that is given where it has no effect beside the others; `why` says so and what to do.
///
/// A line is kept with every default spelled out, so a flag counts as given only where it is not at its default.
fn effective(flags: &[(bool, &str, &str)]) -> Result<()> {
    match flags.iter().find(|(idle, ..)| *idle) {
        None => Ok(()),
        Some((_, flag, why)) => Err(Error::Idle { flag: (*flag).into(), why: (*why).into() }),
    }
}

/// The page of a selection step, headline `1967 -> 1599`, with the counts every step reports.
fn funnel(stage: &Stage, title: &str, tail: &str) -> Page {
    let (n_in, n_out) = (stage.tested.len(), stage.kept.len());
    Page::new(title, format!("{n_in} -> {n_out}{tail}")).value("n_in", n_in).value("n_out", n_out)
}

fn names(set: &FeatureSet, columns: &[usize]) -> Vec<String> {
    columns.iter().map(|j| set.names[*j].clone()).collect()
}

fn mark(kept: bool) -> String {
    if kept { "kept".into() } else { String::new() }
}

/// Largest first, undefined last.
fn descending(a: f64, b: f64) -> std::cmp::Ordering {
    b.partial_cmp(&a).unwrap_or_else(|| a.is_nan().cmp(&b.is_nan()))
}

fn with_intercept(names: &[String]) -> Vec<String> {
    std::iter::once("(Intercept)".to_string()).chain(names.iter().cloned()).collect()
}

/// The clinical variables that a line means that names none: all but those that hold the folds of a step, each with a note
/// unless it is `ignored` anyway.
fn usual_variables(study: &Study, cohort: &Cohort, ignored: &[&str]) -> (Vec<String>, Vec<Caution>) {
    let folds: Vec<&str> = study.stages().filter_map(|s| s.column.as_deref()).collect();
    let (left, usual): (Vec<String>, Vec<String>) =
        cohort.clinical.iter().map(|v| v.name.clone()).partition(|n| folds.contains(&n.as_str()));
    let note = |name: &String| {
        Caution::Note(format!("`{name}` holds the folds of lasso and is no clinical variable; name it to try it"))
    };
    (usual, left.iter().filter(|n| !ignored.contains(&n.as_str())).map(note).collect())
}

/// How many of these patients had the event.
fn events(study: &Study, rows: &[usize]) -> usize {
    let outcome = study.cohort().and_then(|c| c.outcome.as_ref());
    outcome.map_or(0, |o| rows.iter().filter(|i| o.events[**i]).count())
}

/// An interval of any size: `1.2 to 3.4`.
fn limits(lower: f64, upper: f64) -> String {
    match lower.is_nan() && upper.is_nan() {
        true => "NA".into(),
        false => format!("{} to {}", number::value(lower), number::value(upper)),
    }
}

/// The page of a model that is now fixed, with what its making asks of the cohort's size: every feature was a candidate, unless
/// none was looked at here because the signature came from a file.
fn frozen(page: Page, study: &Study) -> Page {
    let loaded = study.models().any(|m| m.origin == Origin::File);
    let candidates = study.features().filter(|_| !loaded).map(|set| set.names.len());
    let note = study.cohort().zip(candidates).and_then(|(cohort, n)| samplesize::note(cohort, Some(n)));
    note.into_iter().fold(page, Page::text)
}

/// The models named, or all of the study; a clinical variable by name is a model of its own, fitted in training.
fn models(study: &Study, command: &str, names: &[String]) -> Result<Vec<Model>> {
    if names.is_empty() {
        let all: Vec<Model> = study.models().cloned().collect();
        return if all.is_empty() { study.need_model(command, "").map(|m| vec![m.clone()]) } else { Ok(all) };
    }
    let one = |name: &String| {
        one_meaning(study, name)?;
        if let Some(model) = study.models().find(|m| m.name == *name) {
            return Ok(model.clone());
        }
        let design = design(study, command, std::slice::from_ref(name))?;
        Ok(design.model(name, &design.fit(study, command, Method::Ml)?))
    };
    names.iter().map(one).collect()
}

/// That models do better on the patients they were made on, where any was made here and not loaded from a file.
fn optimistic<'a>(what: String, models: impl Iterator<Item = &'a Model>) -> Option<Caution> {
    let (made, loaded): (Vec<&Model>, Vec<&Model>) = models.partition(|m| m.origin != Origin::File);
    let names = made.iter().map(|m| m.name.as_str()).collect::<Vec<_>>().join(" and ");
    let why = match loaded.is_empty() {
        true => "the models were chosen and fitted on these patients".into(),
        false => format!("{names} {} fitted on these patients", if made.len() == 1 { "was" } else { "were" }),
    };
    (!made.is_empty()).then_some(Caution::Optimistic { what, why })
}

/// That p-values and intervals of terms do not know of a choice, where the outcome of these patients made one: of the features of
/// a score, or of the variables of `clinical`.
fn chosen(study: &Study, terms: &[String]) -> Option<Caution> {
    let made =
        |t: &&String| study.models().any(|m| m.name == **t && m.origin != Origin::File && study.score(t).is_some());
    let scores: Vec<&str> = terms.iter().filter(made).map(String::as_str).collect();
    let why = format!("the same outcome chose and fitted {}, and a test takes it as given", scores.join(" and "));
    let what = format!("the p-value of {} in training", scores.join(" and "));
    (!scores.is_empty()).then_some(Caution::Optimistic { what, why })
}

/// Whether a line passes on what the cell of this line says.
pub fn passes_on(command: &dyn Run, line: &str) -> bool {
    command.reads_pages() && command.reads_alone().is_none_or(|name| line.split(' ').next() == Some(name))
}

/// That training patients have no features and take no part, where there are any.
fn without_features(study: &Study, command: &str) -> Result<Option<Caution>> {
    let (_, missing) = study.training(command)?;
    Ok((missing > 0).then(|| Caution::Missing { what: "training patients without features".into(), count: missing }))
}

/// The words of the numbers in ascending runs: thresholds next to each other become one interval.
fn intervals(all: &[f64], chosen: &[f64]) -> String {
    let mut runs: Vec<(f64, f64)> = Vec::new();
    let mut before: Option<usize> = None;
    for t in chosen {
        let at = all.iter().position(|a| a == t);
        match (runs.last_mut(), before.zip(at)) {
            (Some(run), Some((b, a))) if a == b + 1 => run.1 = *t,
            _ => runs.push((*t, *t)),
        }
        before = at;
    }
    runs.iter().map(|(a, b)| if a == b { format!("{a}") } else { format!("{a}-{b}") }).collect::<Vec<_>>().join(", ")
}
