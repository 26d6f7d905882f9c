//! `copy`: a table on the clipboard.

use serde::{Deserialize, Serialize};

use super::export::figure;
use super::spec::{Command, Flag, Kind, Place, Spec, Step, World};
use crate::error::{Error, Result};
use crate::render::clipboard;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Copy {
    table: String,
}

impl Command for Copy {
    const SPEC: Spec = Spec {
        name: "copy",
        summary: "put a cell's table on the clipboard, for a spreadsheet",
        about: "The first table of a cell's page, or with `NAME.2` its second, as text with tabs between columns. In a \
                terminal it goes to the clipboard of the machine you sit at, also over SSH (the sequence OSC 52; tmux \
                needs `set -s set-clipboard on`, and PuTTY and GNU screen do not take it); headless it is printed. A \
                table of more than 74,000 bytes goes to a file: `export NAME.csv --table NAME`.",
        place: Place::Request,
        flags: &[Flag::first("table", Kind::CommandName, "whose table: the command of a cell")],
        examples: &["copy lasso", "copy nomogram"],
    };

    fn run(&self, world: &World<'_>) -> Result<Step> {
        let last = world.cells.last().and_then(|c| c.line.split(' ').next()).unwrap_or_default();
        let word = if self.table.is_empty() { last } else { &self.table };
        let cell = |text: String| text.replace(['\t', '\n', '\r'], " ");
        let rows = figure::rows(figure::table(world.cells, word)?);
        let text: String = rows.map(|row| row.into_iter().map(cell).collect::<Vec<_>>().join("\t") + "\n").collect();
        if text.len() > clipboard::MOST {
            return Err(Error::NotYet {
                command: "copy".into(),
                missing: format!("a smaller table (this one has {} bytes, a clipboard takes 74,000)", text.len()),
                remedy: format!("run `export {word}.csv --table {word}`"),
            });
        }
        Ok(Step::Copy(text))
    }
}
