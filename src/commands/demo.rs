//! `demo`: write the built-in cohort once, and open it.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::spec::{Command, Flag, Kind, Place, Spec, Step, World};
use crate::caution::Caution;
use crate::cohort::{Opening, open, phantom};
use crate::error::{Error, Result, listed};
use crate::study::Study;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Demo {
    folder: String,
    seed: u32,
}

/// What of the cohort's table is the outcome, and what the role.
const OUTCOME: &str = "lung_metastasis";
const ROLE: &str = "role";

/// The tables of a folder.
const TABLES: [&str; 2] = ["cohort.csv", "clinical.csv"];

/// The `open` line that opens what this `demo` line does; none of another line.
pub fn opened_by_demo(line: &str) -> Option<String> {
    let command = super::parse(line).ok().flatten().filter(|command| command.spec().name == Demo::SPEC.name)?;
    let values = command.values();
    let folder = Path::new(values.get("folder")?.as_str()?);
    let [table, clinical] = TABLES.map(|name| super::quote(&folder.join(name).to_string_lossy()));
    Some(format!("open {table} --clinical {clinical} --outcome {OUTCOME} --role {ROLE}"))
}

/// Files that are named; the others are counted.
const FEW: usize = 3;

impl Default for Demo {
    fn default() -> Self {
        Self { folder: "radnote-demo".into(), seed: 1 }
    }
}

impl Command for Demo {
    const SPEC: Spec = Spec {
        name: "demo",
        summary: "write the built-in phantom cohort (once) and open it",
        about: "A phantom cohort shaped like the paper's: 122 + 32 patients with a tumour in muscle and fat, masks, a \
                second reader for 30 of the training patients and a clinical table. The outcome is planted on sphericity, \
                heterogeneity and margin, so that a right pipeline finds signal and a wrong one does not. The same seed \
                gives the same bytes on every machine.",
        place: Place::Step(0),
        flags: &[
            Flag::first("folder", Kind::File, "where the cohort is written, from the notebook's folder"),
            Flag::named("seed", Kind::Whole, "the seed of the phantom"),
        ],
        examples: &["demo"],
    };

    fn run(&self, world: &World<'_>) -> Result<Step> {
        let folder = world.path(&self.folder);
        if self.folder == Self::default().folder && !folder.exists() && phantom::is_there(world.folder) {
            return Err(Error::NotYet {
                command: "demo".into(),
                missing: "a folder of its own (the notebook's holds the built-in cohort already)".into(),
                remedy: "`demo .` opens the one that is there".into(),
            });
        }
        phantom::write(&folder, u64::from(self.seed), world.task)?;
        let altered = phantom::altered(&folder, u64::from(self.seed))?;
        let other = |names: &[String]| {
            let (verb, it) = if names.len() == 1 { ("is", "it") } else { ("are", "them") };
            format!("{} {verb} not as `demo` wrote {it}, so these are not its patients", listed(names, FEW))
        };
        let again = |names: &[String]| {
            let (which, it) = if names.len() == 1 { (names[0].as_str(), "it") } else { ("them", "them") };
            format!("give `demo` another folder, or remove {which} to have {it} written again")
        };
        let [table, clinical] = TABLES.map(|name| folder.join(name));
        let opened = open(&Opening {
            table,
            clinical: Some(clinical),
            id: "ID".into(),
            outcome: Some(OUTCOME.into()),
            positive: None,
            role: Some(ROLE.into()),
            factors: Vec::new(),
        });
        let cohort = match (opened, altered.first()) {
            (Err(_), Some(name)) => {
                let (path, why, remedy) = (folder.join(name), other(&altered), again(&altered));
                return Err(Error::Table { path, line: None, why, remedy });
            }
            (opened, _) => opened?,
        };
        let mut page = super::open::page(&cohort);
        page.title = "Built-in phantom cohort".into();
        if !altered.is_empty() {
            page.cautions.push(Caution::Note(format!("{}; {}", other(&altered), again(&altered))));
        }
        Ok(Step::Advance(Study::with_cohort(cohort), page))
    }
}
