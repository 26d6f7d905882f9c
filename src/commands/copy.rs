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
        about: "The first table of the page of a cell (the last where none is named), or with `NAME.2` its second, as it is shown, so rounded and with a small p as `<0.001`, \
                with tabs between columns; `export NAME.json` has all digits. In a \
                terminal it goes to the clipboard of the machine you sit at, also over SSH (the sequence OSC 52; tmux \
                needs `set -s set-clipboard on`, and PuTTY and GNU screen do not take it); headless it is printed. A \
                table of more than 74,000 bytes goes to a file: `export NAME.csv --table NAME`.",
        place: Place::Request,
        flags: &[Flag::first("table", Kind::CommandName, "whose table: the command of a cell")],
        examples: &["copy lasso", "copy nomogram"],
    };

    fn reads_pages(&self) -> bool {
        true
    }

    fn reads_alone(&self) -> Option<&str> {
        self.table.split('.').next().filter(|name| !name.is_empty())
    }

    fn run(&self, world: &World<'_>) -> Result<Step> {
        if world.cells.is_empty() {
            return Err(Error::NotYet {
                command: "copy".into(),
                missing: "a cell with a table".into(),
                remedy: "run a step, as `open` or `demo`".into(),
            });
        }
        let last = world.cells.last().and_then(|c| c.line.split(' ').next()).unwrap_or_default();
        let word = if self.table.is_empty() { last } else { &self.table };
        let (table, number, count) = figure::table(world.cells, word, "copy")?;
        let text = clipboard::tabbed(table.lines());
        if text.len() > clipboard::MOST {
            return Err(Error::NotYet {
                command: "copy".into(),
                missing: format!("a smaller table (this one has {} bytes, a clipboard takes 74,000)", text.len()),
                remedy: format!("run `export {word}.csv --table {word}`"),
            });
        }
        let name = word.split('.').next().unwrap_or(word);
        let title = if table.title.is_empty() { String::new() } else { format!(" ({})", table.title) };
        let of = if count > 1 { format!(", table {number} of {count}") } else { String::new() };
        let next =
            if number < count { format!("; `copy {name}.{}` takes the next", number + 1) } else { String::new() };
        let what = format!(
            "{name}{of}{title}: {} lines, for the clipboard where this terminal allows it{next}",
            text.lines().count()
        );
        Ok(Step::Copy { text, what })
    }
}
