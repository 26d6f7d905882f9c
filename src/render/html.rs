//! A report as one HTML file: styles and figures inside, no script, nothing fetched; it prints as a supplement to a paper.

use super::svg::{self, escape};
use super::words;
use crate::caution::Caution;
use crate::page::{Align, Block, Page, Table};

/// Every entry with its line, result, cautions, tables and figures.
///
/// `tried`: alternatives that were evaluated, where they were counted; a reader who knows only what was kept would take chance
/// for a finding.
pub fn report(title: &str, tried: Option<&words::Tried>, entries: &[(&str, &Page)]) -> String {
    let title = escape(title);
    let (tried, why) = words::tried(tried);
    let tried = format!("<p class=\"tried\"><b>{}.</b> {}</p>\n", escape(&tried), escape(&why));
    let contents: String = entries.iter().enumerate().map(|(i, (line, page))| content(i + 1, line, page)).collect();
    let cells: String = entries.iter().enumerate().map(|(i, (line, page))| cell(i + 1, line, page)).collect();
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n\
         <body>\n<h1>{title}</h1>\n<table class=\"contents\">\n{contents}</table>\n{tried}{cells}</body>\n</html>\n"
    )
}

fn content(n: usize, line: &str, page: &Page) -> String {
    let flag = if page.cautions.is_empty() { "" } else { " <b class=\"flag\" title=\"has cautions\">!</b>" };
    format!(
        "<tr><td class=\"n\">{n}</td><td><a href=\"#cell{n}\"><code>{}</code></a></td><td>{}{flag}</td></tr>\n",
        escape(line),
        escape(&page.headline)
    )
}

fn cell(n: usize, line: &str, page: &Page) -> String {
    let mut out = format!("<section id=\"cell{n}\">\n<h2><span class=\"no\">{n}</span> {}</h2>\n", escape(&page.title));
    out += &format!("<pre class=\"line\">{}</pre>\n", escape(line));
    if !page.headline.is_empty() {
        out += &format!("<p class=\"headline\">{}</p>\n", escape(&page.headline));
    }
    out.extend(page.cautions.iter().map(caution));
    out.extend(page.blocks.iter().map(block));
    out + "</section>\n"
}

fn caution(caution: &Caution) -> String {
    let advice = match &*caution.advice() {
        "" => String::new(),
        advice => format!("<br><span class=\"advice\">{}</span>", ticked(advice)),
    };
    format!("<p class=\"caution\"><b>Caution:</b> {}{advice}</p>\n", ticked(&caution.to_string()))
}

fn block(block: &Block) -> String {
    match block {
        Block::Text(text) => text.split('\n').map(|t| format!("<p>{}</p>\n", ticked(t))).collect(),
        Block::Verbatim(text) => format!("<pre>{}</pre>\n", text.lines().map(escape).collect::<Vec<_>>().join("\n")),
        Block::Facts(facts) => {
            let rows = facts.iter().map(|(k, v)| format!("<tr><th>{}</th><td>{}</td></tr>\n", escape(k), ticked(v)));
            format!("<table class=\"facts\">\n{}</table>\n", rows.collect::<String>())
        }
        Block::Table(t) => table(t),
        Block::Plot(plot) => format!("<figure>\n{}\n</figure>\n", svg::inline_plot(plot)),
        Block::Picture(picture) => format!("<figure>\n{}\n</figure>\n", svg::inline_picture(picture)),
        Block::Scales { title, scales } => format!("<figure>\n{}\n</figure>\n", svg::inline_scales(title, scales)),
    }
}

/// Rows up to which a table is shown whole on a screen; on paper it always is.
const LONG: usize = 30;

fn table(table: &Table) -> String {
    let class = |c: usize| match table.columns.get(c).map(|c| c.align) {
        Some(Align::Right) => " class=\"n\"",
        _ => "",
    };
    let cells = |tag: &str, cells: &mut dyn Iterator<Item = &String>| -> String {
        let cell = |(c, text): (usize, &String)| format!("<{tag}{}>{}</{tag}>", class(c), name(text));
        cells.enumerate().map(cell).collect()
    };
    let head = cells("th", &mut table.columns.iter().map(|c| &c.name));
    let rows: String = table.rows.iter().map(|r| format!("<tr>{}</tr>\n", cells("td", &mut r.iter()))).collect();
    let count = if table.rows.len() > LONG { format!(" ({} rows)", table.rows.len()) } else { String::new() };
    let caption = match table.title.is_empty() && count.is_empty() {
        true => String::new(),
        false => format!("<caption>{}{count}</caption>\n", escape(&table.title)),
    };
    let class = if table.rows.len() > LONG { "wide long" } else { "wide" };
    format!(
        "<div class=\"{class}\"><table>\n{caption}<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table></div>\n"
    )
}

/// Text of a cell; a feature's name may be broken after each of its parts, so that a table of many columns fits the page, and
/// what is set in, as the levels under a factor, stays so.
fn name(text: &str) -> String {
    let (set_in, body) = words::set_in(text);
    "&emsp;".repeat(set_in.div_ceil(2)) + &escape(body).replace('_', "_<wbr>")
}

/// Text whose `backticked` words are code.
fn ticked(text: &str) -> String {
    let parts: Vec<String> = text.split('`').map(escape).collect();
    if parts.len().is_multiple_of(2) {
        return escape(text);
    }
    let parts = parts.into_iter().enumerate();
    parts.map(|(i, part)| if i % 2 == 1 { format!("<code>{part}</code>") } else { part }).collect()
}

const STYLE: &str = "
body { max-width: 52em; margin: 2.5em auto; padding: 0 1.5em; color: #1c1c1c; background: #fff;
  font: 15px/1.5 Helvetica, Arial, sans-serif; }
h1 { font-size: 1.7em; margin-bottom: 0.6em; }
h2 { font-size: 1.2em; margin: 0 0 0.5em; }
.no { display: inline-block; min-width: 1.4em; color: #777; font-weight: normal; }
section { margin: 2.6em 0; padding-top: 1.4em; border-top: 1px solid #ccc; }
code, pre { font: 0.9em/1.4 'DejaVu Sans Mono', Menlo, Consolas, monospace; }
pre { overflow-x: auto; padding: 0.6em 0.9em; margin: 0.8em 0; background: #f5f5f3; }
pre.line { border-left: 3px solid #0072B2; }
pre.line::before { content: '> '; color: #0072B2; }
.headline { font-weight: bold; }
.caution { margin: 0.8em 0; padding: 0.5em 0.9em; border-left: 3px solid #D55E00; background: #fdf3ec; }
.advice { color: #555; }
.flag { color: #D55E00; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 0.92em; }
caption { text-align: left; font-weight: bold; padding-bottom: 0.4em; white-space: nowrap; }
th, td { padding: 0.22em 0.9em 0.22em 0; text-align: left; vertical-align: top; }
thead th { border-bottom: 1.5px solid #333; }
tbody tr { border-bottom: 1px solid #e6e6e6; }
.n { text-align: right; white-space: nowrap; }
td.n, th.n { padding-right: 0.9em; padding-left: 0.4em; }
.facts th { font-weight: normal; color: #555; white-space: nowrap; padding-right: 1.6em; }
.contents { width: 100%; } .contents a { color: inherit; text-decoration: none; }
.wide { overflow-x: auto; margin: 1.1em 0; }
.long { max-height: 34em; overflow-y: auto; border-bottom: 1px solid #ccc; }
.long thead th { position: sticky; top: 0; background: #fff; box-shadow: 0 1.5px #333; }
figure { margin: 1.4em 0; } svg { max-width: 100%; height: auto; }
@media print {
  body { max-width: none; margin: 0; font-size: 10.5px; }
  .wide, .long { max-height: none; overflow: visible; }
  section { break-before: auto; } h2, .line { break-after: avoid; }
  figure, tr, .caution { break-inside: avoid; } thead { display: table-header-group; }
}
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_become_markup() {
        let mut hostile = Table::new("<b>").left("<script>");
        hostile.row(["&<>\"\x1b[0m"]);
        let page = Page::new("<i>", "a < b & c").text("`<u>`").table(hostile);
        let html = report("<t>", Some(&words::Tried { count: 3, elsewhere: Vec::new() }), &[("show <x>", &page)]);
        for tag in ["<b>&", "<i>", "<u>", "<script", "<t>", "<x>", "\x1b"] {
            assert!(!html.contains(tag), "{tag}");
        }
        assert!(html.contains("<code>&lt;u&gt;</code>"));
        assert_eq!(name("  male"), "&emsp;male");
    }
}
