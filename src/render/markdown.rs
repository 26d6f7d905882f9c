//! Pages as Markdown: tables as pipe tables, figures as text in fences.

use super::text::{self, Options};
use super::theme::Glyphs;
use super::words::{self, clean};
use crate::page::{Align, Block, Page, Table};

/// Columns of the figures and formulas in fences.
const WIDTH: usize = 80;

/// A report: the title, the alternatives that were tried (where they were counted), then each entry's line and page.
pub fn report(title: &str, tried: Option<&words::Tried>, entries: &[(&str, &Page)]) -> String {
    let (tried, why) = words::tried(tried);
    let mut parts = vec![format!("# {}", escape(title)), format!("**{}.** {}", escape(&tried), escape(&why))];
    for (line, content) in entries {
        parts.push(format!("## {}", escape(&content.title)));
        parts.push(fence(line));
        parts.extend(parts_of(content));
    }
    parts.join("\n\n") + "\n"
}

/// One page under a heading of its title.
pub fn page(page: &Page) -> String {
    let mut parts = vec![format!("## {}", escape(&page.title))];
    parts.extend(parts_of(page));
    parts.join("\n\n") + "\n"
}

fn parts_of(page: &Page) -> Vec<String> {
    let mut parts = Vec::new();
    if !page.headline.is_empty() {
        parts.push(format!("**{}**", escape(&page.headline)));
    }
    parts.extend(page.cautions.iter().map(|c| match &*c.advice() {
        "" => format!("> **Caution:** {}", ticked(&c.to_string())),
        advice => format!("> **Caution:** {}  \n> {}", ticked(&c.to_string()), ticked(advice)),
    }));
    parts.extend(page.blocks.iter().map(block));
    parts
}

fn block(block: &Block) -> String {
    let options = Options { width: WIDTH, glyphs: Glyphs::Braille, rows: None };
    match block {
        Block::Text(t) => t.lines().map(ticked).collect::<Vec<_>>().join("\n"),
        Block::Verbatim(t) => fence(t),
        Block::Facts(facts) => {
            let mut facts_table = Table::new("").left("").left("");
            facts.iter().for_each(|(k, v)| facts_table.row([k, v]));
            table(&facts_table)
        }
        Block::Table(t) if t.title.is_empty() => table(t),
        Block::Table(t) => format!("**{}**\n\n{}", escape(&t.title), table(t)),
        Block::Plot(_) | Block::Picture(_) | Block::Scales { .. } => fence(&text::block(block, &options).join("\n")),
    }
}

fn table(table: &Table) -> String {
    let row = |cells: Vec<String>| format!("| {} |", cells.join(" | "));
    let rule = |align| if align == Align::Right { "---:" } else { "---" };
    let mut lines = vec![
        row(table.columns.iter().map(|c| escape(&c.name)).collect()),
        row(table.columns.iter().map(|c| rule(c.align).to_string()).collect()),
    ];
    lines.extend(table.rows.iter().map(|r| row(r.iter().map(|c| cell(c)).collect())));
    lines.join("\n")
}

/// Text of a cell; what is set in, as the levels under a factor, stays so.
fn cell(text: &str) -> String {
    let (set_in, body) = words::set_in(text);
    "&emsp;".repeat(set_in.div_ceil(2)) + &escape(body)
}

/// Text whose `backticked` words are code, which they are in Markdown too.
fn ticked(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return escape(text);
    }
    let parts = parts.into_iter().enumerate();
    parts
        .map(|(i, part)| if i % 2 == 1 { format!("`{}`", clean(part, Glyphs::Braille)) } else { escape(part) })
        .collect()
}

/// A fence longer than any run of backticks in what it holds.
fn fence(text: &str) -> String {
    let text: Vec<String> = text.lines().map(|l| clean(l, Glyphs::Braille).into_owned()).collect();
    let text = text.join("\n");
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let ticks = "`".repeat(longest.max(2) + 1);
    format!("{ticks}text\n{text}\n{ticks}")
}

/// Text that Markdown would take for markup, on one line. An underscore inside a word is none, and feature names are full of
/// them.
fn escape(text: &str) -> String {
    let text: Vec<char> = clean(text, Glyphs::Braille).chars().collect();
    let inner =
        |i: usize| i > 0 && text[i - 1].is_alphanumeric() && text.get(i + 1).is_some_and(|c| c.is_alphanumeric());
    let mut out = String::new();
    for (i, c) in text.iter().enumerate() {
        let special = matches!(c, '\\' | '|' | '<' | '>' | '*' | '`' | '[' | ']' | '#') || (*c == '_' && !inner(i));
        let special = special || (i == 0 && matches!(c, '-' | '+') && text.get(1) == Some(&' '));
        if special {
            out.push('\\');
        }
        out.push(*c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_do_not_break_their_table() {
        let mut table_ = Table::new("").left("a|b").right("n");
        table_.row(["x | y\nz", "<3"]);
        assert_eq!(table(&table_), "| a\\|b | n |\n| --- | ---: |\n| x \\| y z | \\<3 |");
        assert_eq!(cell("  male"), "&emsp;male");
        assert_eq!(ticked("run `lasso --rule min`, not *"), "run `lasso --rule min`, not \\*");
        assert_eq!(ticked("a ` alone"), "a \\` alone");
        assert_eq!(escape("wavelet-LLL_glcm_MCC and _x_"), "wavelet-LLL_glcm_MCC and \\_x\\_");
    }

    #[test]
    fn a_fence_holds_backticks() {
        assert_eq!(fence("a ``` b"), "````text\na ``` b\n````");
    }
}
