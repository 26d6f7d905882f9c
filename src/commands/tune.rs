//! `tune`: the thresholds of the notebook, and the next values that change what is kept.

use serde::{Deserialize, Serialize};

use super::dial::{self, Dial, Turn};
use super::spec::{Command, Flag, Kind, Place, Screen, Spec, Step, World};
use crate::error::{Error, Result};
use crate::page::{Page, Table};
use crate::study::Stage;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Thresholds {
    step: Option<String>,
}

impl Command for Thresholds {
    const SPEC: Spec = Spec {
        name: "tune",
        summary: "the thresholds of the notebook, and the next values that change what is kept",
        about: "One row for every flag that can be turned: where it stands, and on both sides the next value that keeps \
                other features, with how many would then be kept. Those values are read from what the step found \
                (each ICC, each p), so nothing is computed anew. On a full screen it opens as a slider (key 2): the \
                whole notebook follows while the threshold moves. STEP is the command to begin with.",
        place: Place::Request,
        flags: &[Flag::first("step", Kind::CommandName, "the command whose threshold is turned")],
        examples: &["tune", "tune mannwhitney"],
    };

    fn run(&self, world: &World<'_>) -> Result<Step> {
        let mut table = Table::new("").left("step").left("flag").right("stands at").right("kept");
        table = table.right("next below").right("then kept").right("next above").right("then kept");
        let (mut cells, mut flags) = (Vec::new(), Vec::new());
        for (at, cell) in world.cells.iter().enumerate() {
            let name = cell.line.split(' ').next().unwrap_or_default();
            let stage = world.study.stages().find(|s| s.step == name);
            for dial in dial::dials(&cell.line)?.iter().filter(|_| self.step.as_deref().is_none_or(|s| s == name)) {
                table.row(row(name, dial, stage));
                cells.push(at);
                flags.push(dial.flag.name);
            }
        }
        if cells.is_empty() {
            let what = self.step.as_deref().unwrap_or("a step");
            return Err(Error::NotYet {
                command: "tune".into(),
                missing: format!("{what} with a threshold in the notebook"),
                remedy: "run `icc`, `mannwhitney` or `lasso`".into(),
            });
        }
        let headline = format!("{} {} can be turned", cells.len(), if cells.len() == 1 { "flag" } else { "flags" });
        let page = Page::new("Thresholds", headline).table(table).value("cell", cells).value("flag", flags);
        Ok(Step::Open(Screen::Tune, page))
    }
}

fn row(name: &str, dial: &Dial, stage: Option<&Stage>) -> Vec<String> {
    let mut row = vec![name.to_string(), format!("--{}", dial.flag.name), dial.value.clone()];
    let count = |value: &str| {
        let kept = stage.zip(value.parse().ok()).and_then(|(s, t)| dial.keeps(s, t));
        kept.map(|n| n.to_string()).unwrap_or_default()
    };
    row.push(count(&dial.value));
    for turn in [Turn::NextDown, Turn::NextUp] {
        let next = dial.turned_to(turn, stage).unwrap_or_default();
        let kept = count(&next);
        row.extend([next, kept]);
    }
    row
}
