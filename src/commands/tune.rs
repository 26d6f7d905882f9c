//! `tune`: the thresholds of the notebook, and the next values that change what is kept.

use serde::{Deserialize, Serialize};

use super::dial::{self, Dial, Turn};
use super::spec::{Command, Flag, Kind, Place, Screen, Spec, Step, World};
use crate::error::{Error, Result};
use crate::page::{Page, Table};

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
                (each ICC, each p, the path of penalties), so nothing is computed anew. On a full screen it opens as a \
                slider (key 2): the whole notebook follows while the threshold moves, what is slow (bootstrap, `validate`) \
                last; a bin width is only proposed, and Enter extracts anew. While you look, what the four next keys would \
                show is computed ahead, so that it is there at once. What is seen on the way and not kept is not counted among \
                the alternatives tried; a kept value is, in the journal beside the notebook: copy it along to another \
                machine, since a .rad file alone does not know what was tried before. STEP is the command to begin with.",
        place: Place::Request,
        flags: &[Flag::first("step", Kind::CommandName, "the command whose threshold is turned")],
        examples: &["tune", "tune mannwhitney"],
    };

    fn run(&self, world: &World<'_>) -> Result<Step> {
        let mut table = Table::new("").left("step").left("flag").right("stands at").right("kept");
        table = table.right("next below").right("then kept").right("next above").right("then kept");
        let (mut cells, mut flags) = (Vec::new(), Vec::new());
        let mut all = Vec::new();
        for (at, cell) in world.cells.iter().enumerate() {
            let name = cell.line.split(' ').next().unwrap_or_default();
            let slow = super::parse(&cell.line)?.is_some_and(|c| c.is_slow());
            let stage = world.study.stages().find(|s| s.step == name);
            if self.step.as_deref().is_none_or(|s| s == name) {
                all.extend(dial::dials(&cell.line, Some(&cell.page), stage)?.into_iter().map(|d| (slow, at, name, d)));
            }
        }
        // What moves at once comes before what takes long.
        all.sort_by_key(|(slow, ..)| *slow);
        for (_, at, name, dial) in &all {
            table.row(row(name, dial));
            cells.push(*at);
            flags.push(dial.flag.name);
        }
        if cells.is_empty() {
            let what = self.step.as_deref().unwrap_or("a step");
            return Err(Error::NotYet {
                command: "tune".into(),
                missing: format!("{what} with a threshold in the notebook"),
                // Agreement needs a second reader, and features without one cannot have it.
                remedy: match world.study.features().is_some_and(|set| set.readers.is_empty()) {
                    true => "run `mannwhitney` or `lasso`".into(),
                    false => "run `icc`, `mannwhitney` or `lasso`".into(),
                },
            });
        }
        let headline = format!("{} {} can be turned", cells.len(), if cells.len() == 1 { "flag" } else { "flags" });
        let page = Page::new("Thresholds", headline).table(table).value("cell", cells).value("flag", flags);
        Ok(Step::Open(Screen::Tune, page))
    }
}

fn row(name: &str, dial: &Dial) -> Vec<String> {
    let mut row = vec![name.to_string(), format!("--{}", dial.flag.name), dial::short(&dial.value)];
    let count = |value: &str| {
        let kept = value.parse().ok().and_then(|v| dial.keeps(v));
        kept.map(|n| n.to_string()).unwrap_or_default()
    };
    row.push(count(&dial.value));
    for turn in [Turn::NextDown, Turn::NextUp] {
        let next = dial.turned_to(turn).unwrap_or_default();
        let kept = count(&next);
        row.extend([dial::short(&next), kept]);
    }
    row
}
