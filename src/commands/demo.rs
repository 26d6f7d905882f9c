//! `demo`: write the built-in cohort once, and open it.

use serde::{Deserialize, Serialize};

use super::spec::{Command, Flag, Kind, Place, Spec, Step, World};
use crate::caution::Caution;
use crate::cohort::{Opening, open, phantom};
use crate::error::{Error, Result};
use crate::study::Study;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Demo {
    folder: String,
    seed: u32,
}

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
        phantom::write(&folder, u64::from(self.seed), world.task)?;
        let altered = phantom::altered(&folder, u64::from(self.seed))?.into_iter().next();
        let other = |name: &str| format!("{name} is not as `demo` wrote it, so these are not its patients");
        let again = |name: &str| format!("give `demo` another folder, or remove {name} to have it written again");
        let opened = open(&Opening {
            table: folder.join("cohort.csv"),
            clinical: Some(folder.join("clinical.csv")),
            id: "ID".into(),
            outcome: Some("lung_metastasis".into()),
            positive: None,
            role: Some("role".into()),
            factors: Vec::new(),
        });
        let cohort = match (opened, altered) {
            (Err(_), Some(name)) => {
                return Err(Error::Table {
                    path: folder.join(name),
                    line: None,
                    why: other(name),
                    remedy: again(name),
                });
            }
            (opened, _) => opened?,
        };
        let mut page = super::open::page(&cohort);
        page.title = "Built-in phantom cohort".into();
        page.cautions.extend(altered.map(|name| Caution::Note(format!("{}; {}", other(name), again(name)))));
        Ok(Step::Advance(Study::with_cohort(cohort), page))
    }
}
