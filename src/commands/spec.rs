//! The shape of a command: what parser, help, completion, README and the tests all read.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::caution::Caution;
use crate::error::{Error, Result, nearest};
use crate::files;
use crate::page::Page;
use crate::render::words::Tried;
use crate::study::{Fingerprint, Study, Workings};
use crate::task::Task;

/// A command is a struct whose fields are its flags: `Default` gives the defaults, serde reads and prints them.
pub trait Command: Clone + Default + Serialize + DeserializeOwned + 'static {
    const SPEC: Spec;

    /// What of the steps above it the line reads; where such a step failed, it waits.
    fn reads(&self) -> Reads {
        Reads::All
    }

    /// It takes so long that what is quick goes before it: a view is computed last, a slider asks before it runs.
    fn is_slow(&self) -> bool {
        false
    }

    /// It passes on what cells say: slow views are computed before it.
    fn reads_pages(&self) -> bool {
        false
    }

    /// The command of whose cells alone it passes on what they say; none where it is all cells'.
    fn reads_alone(&self) -> Option<&str> {
        None
    }

    /// What its threshold is compared with, where that is known without running it once more.
    fn judged(&self) -> Option<Judged> {
        None
    }

    /// It repeats the steps above by their lines.
    fn retraces(&self) -> bool {
        false
    }

    /// All that its result is computed from: where this stays, so does the result.
    fn hangs_on(&self, study: &Study) -> Fingerprint {
        study.fingerprint()
    }

    /// # Errors
    /// Whatever stops the command; the study stays as it was.
    fn run(&self, world: &World<'_>) -> Result<Step>;
}

#[derive(Clone, Copy, Debug)]
pub struct Spec {
    pub name: &'static str,
    /// One line for the list of commands.
    pub summary: &'static str,
    /// Formula, defaults and source, for `help NAME`.
    pub about: &'static str,
    pub place: Place,
    pub flags: &'static [Flag],
    /// Lines that run on the built-in cohort after the steps above this command's place.
    pub examples: &'static [&'static str],
}

/// Where a command's cell stands in the notebook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// A step of the chain. A step with the same place is replaced; a new one is put in this order. Those up to
    /// [`Place::COHORT`] make the cohort.
    Step(u8),
    /// A view: below the steps, one cell a line.
    View,
    /// No cell: it is done once and answered.
    Request,
}

impl Place {
    /// The last step that makes the cohort.
    pub const COHORT: Self = Self::Step(1);
}

/// What of the steps above a line reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reads {
    /// Whatever they made.
    All,
    /// The cohort.
    Cohort,
    /// The cohort's clinical variables, but for those that hold the folds of a step.
    Clinical,
    /// Clinical variables, and models, which bear the name of the step that makes them.
    Terms(Vec<String>),
}

impl Reads {
    /// Those named; `otherwise` where none is.
    pub fn terms(names: &[String], otherwise: Self) -> Self {
        if names.is_empty() { otherwise } else { Self::Terms(names.to_vec()) }
    }
}

/// Where the values stand that a step found and compares with its threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judged {
    /// One a tested feature: this quantity of the step's stage.
    Stage(&'static str),
    /// One a clinical variable: among the values of the step's page, the list of the second name within the first.
    Page(&'static str, &'static str),
}

#[derive(Clone, Copy, Debug)]
pub struct Flag {
    /// The field's name with `-` for `_`.
    pub name: &'static str,
    pub kind: Kind,
    pub position: Position,
    pub help: &'static str,
    /// The least and the greatest value of a number, where not every one has a meaning.
    pub within: Option<(f64, f64)>,
    /// How `+` and `-` change it, where they do.
    pub tune: Option<Tune>,
}

/// What a flag's value is: how it is read, and what completes it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    Number,
    Whole,
    Word,
    Choice(&'static [&'static str]),
    File,
    /// A table to be read: a CSV or Parquet file.
    Table,
    /// A preset, or a parameter file.
    Params,
    /// A column of the open cohort's tables.
    Column,
    /// A clinical variable or model.
    Term,
    Feature,
    /// An image of the usual settings, by the name its columns begin with.
    Image,
    Patient,
    /// A variant that `fork` kept.
    Variant,
    CommandName,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position {
    /// `--name value`.
    Named,
    /// The first word without a flag.
    First,
    /// All words without a flag.
    Rest,
}

/// A threshold's travel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Tune {
    Steps {
        by: f64,
        low: f64,
        high: f64,
    },
    /// Through the choices, round and round.
    Choices,
    /// Along the penalties of the step's path, which its page gives as `stretch_from`, `stretch_to` and `stretch_n`.
    Path,
}

impl Flag {
    pub const fn named(name: &'static str, kind: Kind, help: &'static str) -> Self {
        Self { name, kind, position: Position::Named, help, within: None, tune: None }
    }

    pub const fn first(name: &'static str, kind: Kind, help: &'static str) -> Self {
        Self { name, kind, position: Position::First, help, within: None, tune: None }
    }

    pub const fn rest(name: &'static str, kind: Kind, help: &'static str) -> Self {
        Self { name, kind, position: Position::Rest, help, within: None, tune: None }
    }

    pub const fn within(mut self, least: f64, greatest: f64) -> Self {
        self.within = Some((least, greatest));
        self
    }

    pub const fn tuned(mut self, tune: Tune) -> Self {
        self.tune = Some(tune);
        self
    }

    /// The least and the greatest value that the flag takes.
    pub fn range(&self) -> (f64, f64) {
        match (self.within, self.tune) {
            (Some(range), _) => range,
            (None, Some(Tune::Steps { low, high, .. })) => (low, high),
            _ => (f64::NEG_INFINITY, f64::INFINITY),
        }
    }

    /// The field of the command's struct.
    pub fn field(&self) -> String {
        self.name.replace('-', "_")
    }
}

/// What a command may see. It never prints, never changes anything, never meets a terminal.
#[derive(Clone, Copy, Debug)]
pub struct World<'a> {
    pub study: &'a Study,
    pub task: &'a Task,
    /// Relative paths start here.
    pub folder: &'a Path,
    /// Features of scans already seen.
    pub cache: &'a Path,
    /// What lines before this one worked out.
    pub workings: &'a Workings,
    /// The notebook as it stands above this line.
    pub cells: &'a [Shown],
    /// Alternatives to its steps that were evaluated; none where no journal counts them.
    pub tried: Option<&'a Tried>,
}

/// A cell as the reader sees it.
#[derive(Clone, Debug)]
pub struct Shown {
    pub line: String,
    /// It has a result; else the page says why not.
    pub ready: bool,
    /// It is not computed yet.
    pub waits: bool,
    pub page: Arc<Page>,
}

/// The screens a command can open beside the notebook itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screen {
    Tune,
    Browse,
    Figures,
    Patients,
    Compare,
    WhatIf,
}

/// What a command answers.
#[derive(Clone, Debug)]
pub enum Step {
    /// Something to read; the study is as it was.
    Show(Page),
    /// A new state of the study, and what to read about it.
    Advance(Study, Page),
    /// A screen of the full-screen notebook; elsewhere its page is printed.
    Open(Screen, Page),
    /// Take the last change back.
    Undo,
    /// Write the notebook to this file, and go on there.
    Save(PathBuf),
    /// Put this text on the clipboard; what it is, for the reader.
    Copy {
        text: String,
        what: String,
    },
    /// Walk the tour from this stop on.
    Tour(usize),
    /// Keep the notebook as a variant of this name.
    Fork(String),
    /// Set the notebook and these variants side by side; all of them when none is named.
    Compare(Vec<String>),
    /// Take this variant up in place of the notebook.
    Switch(String),
    Quit,
}

impl Step {
    /// With separation in the headline: whoever reads that alone must not take such a model for one that was fitted. It
    /// stands first, where no narrow screen cuts it.
    pub fn headed(self) -> Self {
        let head = |mut page: Page| {
            if page.cautions.iter().any(|c| matches!(c, Caution::Separation { .. })) {
                page.headline = format!("separated: {}", page.headline);
            }
            page
        };
        match self {
            Self::Show(page) => Self::Show(head(page)),
            Self::Advance(study, page) => Self::Advance(study, head(page)),
            other => other,
        }
    }
}

impl World<'_> {
    /// A path of the line, from the notebook's folder.
    pub fn path(&self, given: &str) -> PathBuf {
        self.folder.join(given)
    }

    /// The path of a file of the line that is to be read.
    ///
    /// # Errors
    /// [`NoSuch`](Error::NoSuch) when it is not there and one of nearly that name is. Without such a one the path is as good
    /// as any: reading it says what is wrong.
    pub fn file(&self, given: &str) -> Result<PathBuf> {
        let path = self.path(given);
        match near(self.folder, given).filter(|_| !path.exists()) {
            None => Ok(path),
            nearest => Err(Error::NoSuch { what: "file".into(), given: given.into(), nearest, known: Vec::new() }),
        }
    }
}

/// The path that is there and differs from the given one by slips of the finger in its folders and its name.
fn near(folder: &Path, given: &str) -> Option<String> {
    let mut found = PathBuf::new();
    for part in Path::new(given).components() {
        let next = found.join(part);
        if folder.join(&next).exists() {
            found = next;
            continue;
        }
        let names = files::names(&folder.join(&found));
        found.push(nearest(part.as_os_str().to_str()?, names.iter().map(String::as_str))?);
    }
    found.to_str().map(str::to_string)
}
