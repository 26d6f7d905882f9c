//! Figures and tables of the notebook's cells: which one is meant, and its files.

use std::io::Write;
use std::path::{Path, PathBuf};

use crate::commands::Shown;
use crate::commands::target::Target;
use crate::error::{Error, Result, listed, nearest};
use crate::files;
use crate::page::{Block, Page, Table};
use crate::render::{points, svg};

/// The cell a word means and the number in it: `roc` or, for its second, `roc.2`.
fn cell<'a>(cells: &'a [Shown], word: &str, what: &str, command: &str) -> Result<(&'a Page, Option<usize>)> {
    let (name, number) = match word.rsplit_once('.') {
        Some((name, number)) => match number.parse::<usize>() {
            Ok(number) if number > 0 => (name, Some(number)),
            _ => return Err(no_such(what, word, &[])),
        },
        None => (word, None),
    };
    let named = |c: &&Shown| c.line.split(' ').next() == Some(name);
    let known = || cells.iter().filter_map(|c| c.line.split(' ').next().map(str::to_string)).collect::<Vec<_>>();
    match cells.iter().rev().find(named) {
        Some(cell) => Ok((&cell.page, number)),
        None if crate::commands::find(name).is_ok() => Err(Error::NotYet {
            command: command.into(),
            missing: format!("a cell `{name}`"),
            remedy: format!("run `{name}`"),
        }),
        None => Err(no_such("cell", name, &known())),
    }
}

fn no_such(what: &str, given: &str, known: &[String]) -> Error {
    Error::NoSuch {
        what: what.into(),
        given: given.into(),
        nearest: nearest(given, known.iter().map(String::as_str)),
        known: known.to_vec(),
    }
}

/// The one of that number, or all.
fn chosen<T>(all: Vec<T>, number: Option<usize>, what: &str, word: &str) -> Result<Vec<T>> {
    let count = all.len();
    let chosen: Vec<T> = match number {
        Some(number) => all.into_iter().skip(number - 1).take(1).collect(),
        None => all,
    };
    if !chosen.is_empty() {
        return Ok(chosen);
    }
    let name = word.split('.').next().unwrap_or(word);
    let known: Vec<String> = (1..=count).map(|i| format!("{name}.{i}")).collect();
    let expected = match count {
        0 => format!("its page has no {what}"),
        _ => format!("its page has {}", listed(&known, 9)),
    };
    Err(Error::BadValue { what: format!("`--{what}`"), given: word.into(), expected })
}

/// Write figures as SVG, one file each, or their points as CSV, one file for all. Gives what they are, and the names of the files
/// beside the first.
pub(super) fn figures(
    cells: &[Shown],
    word: &str,
    path: &Path,
    as_svg: bool,
    target: &mut Target<'_>,
) -> Result<(String, Vec<String>)> {
    let (page, number) = cell(cells, word, "figure", "export")?;
    let figure = |b: &&Block| match b {
        Block::Plot(_) | Block::Scales { .. } => true,
        Block::Picture(_) => as_svg,
        _ => false,
    };
    let figures = chosen(page.blocks.iter().filter(figure).collect(), number, "figure", word)?;
    let count = format!("{} figure{} of {word}", figures.len(), if figures.len() == 1 { "" } else { "s" });
    if !as_svg {
        files::write(path, |out| out.write_all(points::csv(&figures).as_bytes()))?;
        return Ok((format!("the points of {count}"), Vec::new()));
    }
    (1..figures.len()).try_for_each(|i| target.claim(&numbered(path, i)))?;
    for (i, figure) in figures.iter().enumerate() {
        let text = svg::figure(figure).unwrap_or_default();
        files::write(&numbered(path, i), |out| out.write_all(text.as_bytes()))?;
    }
    let named = |i: usize| numbered(path, i).file_name().map(|name| name.to_string_lossy().into_owned());
    Ok((count, (1..figures.len()).filter_map(named).collect()))
}

/// The first has the name as it is, the second `NAME-2.svg`.
fn numbered(path: &Path, at: usize) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    if at == 0 { path.to_path_buf() } else { path.with_file_name(format!("{stem}-{}.svg", at + 1)) }
}

/// The table a word means (the first where it gives no number), its number, and how many its page has.
pub(in crate::commands) fn table<'a>(
    cells: &'a [Shown],
    word: &str,
    command: &str,
) -> Result<(&'a Table, usize, usize)> {
    let (page, number) = cell(cells, word, "table", command)?;
    let table = |b: &'a Block| if let Block::Table(table) = b { Some(table) } else { None };
    let tables: Vec<&Table> = page.blocks.iter().filter_map(table).collect();
    let (number, count) = (number.unwrap_or(1), tables.len());
    let table = chosen(tables, Some(number), "table", word)?.into_iter().next();
    Ok((table.ok_or_else(|| no_such("table", word, &[]))?, number, count))
}
