//! The panels under the words: figures of what moves, discrimination and calibration, each with its name and its age in a
//! row of their own; where there is no figure, why and what to do.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{At, Tune, age, cell, selected};
use crate::caution::Caution;
use crate::page::{Align, Block, Page, Plot};
use crate::render::figure::{self, Pen};
use crate::render::words::{clean, fit, width, wrap, write};
use crate::tui::notebook::{Cell, State};

/// Below this there is room for one panel only: two figures under each other, each with its name.
const PANELS: (u16, u16) = (70, 12);
/// The least rows of a figure.
const LEAST: u16 = 5;

/// Which figure of a cell.
#[derive(Clone, Copy)]
enum Pick<'a> {
    First,
    /// That of this cohort.
    Of(Option<&'a str>),
}

pub(super) fn draw(tune: &Tune, at: &At<'_>, place: Rect, buffer: &mut Buffer) {
    if place.width < PANELS.0 || place.height < PANELS.1 {
        return selected::draw(tune, at, place, buffer);
    }
    let (half, high) = (place.width / 2, place.height / 2);
    let left = Rect { width: half - 1, height: high, ..place };
    let right = Rect { x: place.x + half, width: place.width - half, height: high, ..place };
    let below = |r: Rect| Rect { y: r.y + high, height: place.height - high, ..r };
    let role = tune.role(at);
    match moving(tune, at, role) {
        Some((name, pick)) => draw_figure(at, name, pick, left, buffer),
        None => selected::alone(at, left, buffer),
    }
    draw_figure(at, "roc", Pick::Of(role), right, buffer);
    selected::draw(tune, at, below(left), buffer);
    draw_figure(at, "calibrate", Pick::Of(role), below(right), buffer);
}

/// The figure of what moves: the decision curves where their range does, else the LASSO that all selection ends in; without
/// one, that of the step itself. None: the threshold is one of factors, which are told from each other by name.
fn moving<'a>(tune: &Tune, at: &At<'a>, role: Option<&'a str>) -> Option<(&'a str, Pick<'a>)> {
    match tune.step(at) {
        "clinical" => cell(at, "clinical").filter(|(_, c)| c.state != State::Ready).map(|_| ("clinical", Pick::First)),
        "decision" => Some(("decision", Pick::Of(role))),
        step @ ("icc" | "mannwhitney") if cell(at, "lasso").is_none() => Some((step, Pick::First)),
        _ => Some(("lasso", Pick::First)),
    }
}

/// A figure of a cell under its name.
fn draw_figure(at: &At<'_>, name: &str, pick: Pick<'_>, place: Rect, buffer: &mut Buffer) {
    let role = if let Pick::Of(role) = pick { role } else { None };
    let Some((_, cell)) = cell(at, name) else {
        let text = format!("This notebook has no `{name}`: type `{name}`.");
        return say(at, name, "", &[text], place, buffer);
    };
    let plots: Vec<&Plot> =
        cell.page.blocks.iter().filter_map(|b| if let Block::Plot(p) = b { Some(p) } else { None }).collect();
    let plot = match pick {
        Pick::First => plots.first(),
        Pick::Of(Some(role)) => plots.iter().find(|plot| is_of(plot, role)),
        Pick::Of(None) => plots.first(),
    };
    let age = age(at, name).unwrap_or_default();
    match plot.filter(|_| cell.state == State::Ready) {
        None if cell.state == State::Ready => say(at, name, &age, &missing(cell, role), place, buffer),
        None => say(at, &format!("{name}: no result"), &age, &no_result(at, cell), place, buffer),
        Some(plot) => {
            let row = title(at, &plot.title, &age, place, buffer);
            let notes = notes(&cell.page, role, plot.title.contains("(n = "), usize::from(place.width));
            let rest = Rect { y: place.y + row, height: place.height - row, ..place };
            let rows = (notes.len() as u16).min(rest.height.saturating_sub(LEAST));
            lines(at, &notes, Rect { height: rows, ..rest }, at.view.theme.caution(), buffer);
            let below = Rect { y: rest.y + rows, height: rest.height - rows, ..rest };
            // The name stands above already.
            let untitled = Plot { title: String::new(), ..(*plot).clone() };
            figure::draw(&untitled, below, Pen { theme: at.view.theme, textplots: false }, buffer);
        }
    }
}

/// The figure is of this cohort: its name ends with the cohort's, with its size behind it or not.
fn is_of(plot: &Plot, role: &str) -> bool {
    let after = plot.title.rsplit_once(&format!(", {role}")).map(|(_, after)| after);
    after.is_some_and(|after| after.is_empty() || after.starts_with(" ("))
}

/// The name and the age of a panel, in a row of their own; gives the rows taken.
pub(super) fn title(at: &At<'_>, name: &str, age: &str, place: Rect, buffer: &mut Buffer) -> u16 {
    if place.height == 0 {
        return 0;
    }
    let theme = at.view.theme;
    let wide = if age.is_empty() { 0 } else { width(age) + 1 };
    let room = usize::from(place.width).saturating_sub(wide);
    // Where both have no room, the number of patients is given up before the name.
    let name = clean(name, theme.glyphs);
    let bare = name.split(" (n").next().unwrap_or(&name);
    let name = if width(&name) <= room { &name } else { bare };
    write(buffer, (place.x, place.y), place.width, &fit(name, room, Align::Left, theme.glyphs), theme.heading());
    let x = place.right().saturating_sub(width(age) as u16).max(place.x);
    write(buffer, (x, place.y), place.right() - x, age, theme.caution());
    1
}

/// A panel of words.
fn say(at: &At<'_>, name: &str, age: &str, texts: &[String], place: Rect, buffer: &mut Buffer) {
    let row = title(at, name, age, place, buffer);
    lines(at, texts, Rect { y: place.y + row, height: place.height - row, ..place }, Style::new(), buffer);
}

/// Sentences, one under the other; the last row ends in dots where rows have no room. Gives the rows taken.
pub(super) fn lines(at: &At<'_>, texts: &[String], place: Rect, style: Style, buffer: &mut Buffer) -> u16 {
    let theme = at.view.theme;
    let texts = texts.iter().map(|text| clean(text, theme.glyphs));
    let lines: Vec<String> = texts.flat_map(|text| wrap(&text, usize::from(place.width))).collect();
    for ((i, line), y) in lines.iter().enumerate().zip(place.top()..place.bottom()) {
        let more = if y + 1 == place.bottom() && i + 1 < lines.len() { theme.glyphs.ellipsis() } else { "" };
        let line = wrap(line, usize::from(place.width).saturating_sub(width(more))).into_iter().next();
        let line = line.unwrap_or_default();
        write(buffer, (place.x, y), place.width, &format!("{line}{more}"), style);
    }
    (lines.len() as u16).min(place.height)
}

/// Why a cell has no figure, and what to do.
fn missing(cell: &Cell, role: Option<&str>) -> Vec<String> {
    let notes = notes(&cell.page, role, false, usize::MAX);
    if notes.is_empty() { vec![format!("no figure here; {}", cell.headline)] } else { notes }
}

/// What a cell without a result says, with the remedy: its own, or that of the cell it waits for.
pub(super) fn no_result(at: &At<'_>, cell: &Cell) -> Vec<String> {
    let texts =
        cell.page.blocks.iter().filter_map(|b| if let Block::Text(text) = b { Some(text.clone()) } else { None });
    let failed = at.view.cells().iter().find(|c| c.state == State::Failed).filter(|_| cell.state == State::Blocked);
    let remedy = failed.map(|f| match at.view.tuning.is_some() {
        true => format!("What to do: move on until `{}` has a result, or Esc: back to what it was.", f.name),
        false => format!("What to do: mend `{}` first.", f.name),
    });
    std::iter::once(format!("{}.", cell.headline)).chain(texts).chain(remedy).collect()
}

/// What a reader of this cohort's figure must know first, as that it has too few patients for a curve: the last said is
/// about the figure itself. `counted`: the number of patients stands in its name already.
fn notes(page: &Page, role: Option<&str>, counted: bool, room: usize) -> Vec<String> {
    let note = |caution: &Caution| match caution {
        Caution::Small { role: of, n, why } if Some(of.as_str()) == role => {
            let why = why.split(';').next().unwrap_or_default();
            let whole = if counted { why.to_string() } else { format!("n = {n}: {why}") };
            let short = why.contains("uncertain") && width(&whole) > room;
            Some(if short { format!("n = {n}: too few to be certain") } else { whole })
        }
        Caution::Reversed { role: of, .. } if Some(of.as_str()) == role => Some(caution.to_string()),
        _ => None,
    };
    page.cautions.iter().rev().filter_map(note).collect()
}
