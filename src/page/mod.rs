//! What a command shows, as data: a front end or a report turns it into text, cells, SVG or HTML.

pub mod number;
mod picture;
mod plot;
mod table;

pub use picture::Picture;
pub use plot::{Axis, Boxed, Datum, Guide, Mark, Plot, Scale, Series};
pub use table::{Align, Column, Table};

use crate::caution::Caution;

/// The values of a page under the names other programs read; numbers keep all 17 digits.
pub type Values = serde_json::Map<String, serde_json::Value>;

/// The answer to one line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// The command's noun: "LASSO logistic regression".
    pub title: String,
    /// The one-line result beside the cell: "110 -> 8, lambda 0.0892". It is what a replay compares.
    pub headline: String,
    pub blocks: Vec<Block>,
    pub cautions: Vec<Caution>,
    pub values: Values,
}

/// A part of a page, from top to bottom.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// A paragraph; the medium wraps it.
    Text(String),
    /// Lines kept as they are: a formula, an example.
    Verbatim(String),
    /// Short facts, name and value.
    Facts(Vec<(String, String)>),
    Table(Table),
    Plot(Plot),
    Picture(Picture),
    /// A nomogram: scales drawn one under the other against one axis of points.
    Scales {
        title: String,
        scales: Vec<Scale>,
    },
}

impl Page {
    pub fn new(title: impl Into<String>, headline: impl Into<String>) -> Self {
        Self { title: title.into(), headline: headline.into(), ..Self::default() }
    }

    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.blocks.push(Block::Text(text.into()));
        self
    }

    pub fn verbatim(mut self, text: impl Into<String>) -> Self {
        self.blocks.push(Block::Verbatim(text.into()));
        self
    }

    pub fn facts<K: Into<String>, V: Into<String>>(mut self, facts: impl IntoIterator<Item = (K, V)>) -> Self {
        self.blocks.push(Block::Facts(facts.into_iter().map(|(k, v)| (k.into(), v.into())).collect()));
        self
    }

    pub fn table(mut self, table: Table) -> Self {
        self.blocks.push(Block::Table(table));
        self
    }

    pub fn plot(mut self, plot: Plot) -> Self {
        self.blocks.push(Block::Plot(plot));
        self
    }

    pub fn block(mut self, block: Block) -> Self {
        self.blocks.push(block);
        self
    }

    pub fn caution(mut self, caution: Caution) -> Self {
        self.cautions.push(caution);
        self
    }

    /// Store a value under the name other programs read it by. Numbers that are not finite become `null`.
    pub fn value(mut self, name: &str, value: impl serde::Serialize) -> Self {
        self.values.insert(name.to_string(), serde_json::to_value(value).unwrap_or_default());
        self
    }

    /// About how many bytes it takes in memory, for a bound on what is remembered.
    pub fn weight(&self) -> usize {
        let words = |texts: &[String]| texts.iter().map(|t| t.len() + TEXT).sum::<usize>();
        let block = |block: &Block| match block {
            Block::Text(text) | Block::Verbatim(text) => text.len() + TEXT,
            Block::Facts(facts) => facts.iter().map(|(k, v)| k.len() + v.len() + 2 * TEXT).sum(),
            Block::Table(table) => table.rows.iter().map(|row| words(row) + TEXT).sum(),
            Block::Plot(plot) => plot.series.iter().map(|s| 16 * (s.points.len() + s.interval.len()) + TEXT).sum(),
            Block::Picture(picture) => picture.grey.len() * (8 + picture.outlines.len()),
            Block::Scales { scales, .. } => scales.iter().map(|s| s.marks.len() * (TEXT + 8)).sum(),
        };
        self.blocks.iter().map(block).sum::<usize>() + self.values.values().map(of_value).sum::<usize>()
    }
}

/// What a text costs beside its letters, and a value of JSON.
const TEXT: usize = 40;

fn of_value(value: &serde_json::Value) -> usize {
    use serde_json::Value;
    TEXT + match value {
        Value::Array(list) => list.iter().map(of_value).sum(),
        Value::Object(fields) => fields.iter().map(|(key, value)| key.len() + TEXT + of_value(value)).sum(),
        Value::String(text) => text.len(),
        _ => 0,
    }
}
