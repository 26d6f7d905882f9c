//! `figures`: every figure of the notebook, one after the other, and to files.

use std::io::Write;

use serde::{Deserialize, Serialize};

use super::spec::{Command, Flag, Kind, Place, Screen, Spec, Step, World};
use super::target::Target;
use crate::error::{Error, Result};
use crate::files;
use crate::page::{Block, Page, Table};
use crate::render::{points, svg};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Figures {
    number: Option<u32>,
    save: Option<String>,
}

impl Command for Figures {
    const SPEC: Spec = Spec {
        name: "figures",
        summary: "every figure of the notebook at full size; save one as SVG and CSV",
        about: "Without a number the list of all figures of the cells, in their order; with one that figure. `--save \
                NAME.svg` writes it as SVG, and every plotted point as NAME.csv beside it: its series, what it is of (a \
                variable, a cohort, a patient), x, y and limits as the axes are read; an interval without an end has \
                `Inf`. On a full screen it opens as a screen of its own (key 4), with the arrows from one to the next.",
        place: Place::Request,
        flags: &[
            Flag::first("number", Kind::Whole, "which figure, from 1; the list of all when not given"),
            Flag::named("save", Kind::File, "write the figure to this SVG file, and its points beside it"),
        ],
        examples: &["figures", "figures 3", "figures 3 --save figure.svg"],
    };

    fn run(&self, world: &World<'_>) -> Result<Step> {
        let all: Vec<(&str, &Block)> = world.cells.iter().flat_map(|c| figures(&c.page, &c.line)).collect();
        let chosen = match self.number {
            None => None,
            Some(n) => Some(*all.get((n as usize).wrapping_sub(1)).ok_or_else(|| Error::BadValue {
                what: "the number of the figure".into(),
                given: n.to_string(),
                expected: format!("the notebook has {} figures", all.len()),
            })?),
        };
        if let Some(name) = &self.save {
            let (_, block) = chosen.ok_or_else(|| Error::NotYet {
                command: "figures".into(),
                missing: "the number of the figure to save".into(),
                remedy: format!("run `figures 1 --save {name}`"),
            })?;
            return save(world, block, name).map(Step::Show);
        }
        let mut table = Table::new("").right("figure").left("cell").left("title");
        for (i, (line, block)) in all.iter().enumerate() {
            let cell = line.split(' ').next().unwrap_or_default();
            table.row([(i + 1).to_string(), cell.to_string(), title(block).to_string()]);
        }
        let page = Page::new("Figures", format!("{} figures", all.len()))
            .value("number", self.number.unwrap_or(0))
            .value("count", all.len())
            .value("names", names(&all));
        let page = match chosen {
            Some((_, block)) => page.block(block.clone()),
            None => page.table(table),
        };
        Ok(Step::Open(Screen::Figures, page))
    }
}

fn figures<'a>(page: &'a Page, line: &'a str) -> impl Iterator<Item = (&'a str, &'a Block)> {
    let drawn = |b: &&Block| matches!(b, Block::Plot(_) | Block::Scales { .. });
    page.blocks.iter().filter(drawn).map(move |b| (line, b))
}

fn title(block: &Block) -> &str {
    match block {
        Block::Plot(plot) => &plot.title,
        Block::Scales { title, .. } => title,
        _ => "",
    }
}

/// A file's name for each figure, by what it is: `roc-train` of the cell `roc` and the title `ROC and AUC, train`. So a figure
/// keeps its file when cells come and go above it; a second one of the same name has a number.
fn names(all: &[(&str, &Block)]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut numbered = Vec::new();
    for (line, block) in all {
        let cell = line.split(' ').next().unwrap_or_default();
        // What follows the comma tells the figures of a cell apart.
        // How many patients it is of changes with them, and the file is still that figure's.
        let title = title(block).split(" (n = ").next().unwrap_or_default();
        let part = title.rsplit_once(", ").map_or(title, |(_, part)| part).to_lowercase();
        let words = part.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty() && *w != cell);
        let name = std::iter::once(cell).chain(words).collect::<Vec<_>>().join("-");
        let before = names.iter().filter(|n| **n == name).count();
        numbered.push(if before > 0 { format!("{name}-{}", before + 1) } else { name.clone() });
        names.push(name);
    }
    numbered
}

/// Write the SVG, and the points beside it.
fn save(world: &World<'_>, block: &Block, name: &str) -> Result<Page> {
    let path = world.path(name);
    if path.extension().is_none_or(|e| e != "svg") {
        return Err(Error::BadValue {
            what: "the figure's file".into(),
            given: name.into(),
            expected: "its name must end in .svg".into(),
        });
    }
    let beside = path.with_extension("csv");
    let mut target = Target::new(world);
    target.claim(&path)?;
    target.claim(&beside)?;
    let drawing = svg::figure(block).unwrap_or_default();
    let points = points::csv(&[block]);
    files::write(&path, |out| out.write_all(drawing.as_bytes()))?;
    files::write(&beside, |out| out.write_all(points.as_bytes()))?;
    let rows = points.lines().count().saturating_sub(1);
    let headline = format!("{name}, and its {rows} points and guides beside it as CSV{}", target.replaced());
    // Who saves by a key has not seen where the notebook lies.
    let folder = path.canonicalize().ok().and_then(|path| Some(path.parent()?.display().to_string()));
    Ok(Page::new("Saved", headline).facts(folder.map(|folder| ("folder", folder))))
}
