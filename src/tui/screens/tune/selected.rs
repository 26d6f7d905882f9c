//! What is selected, with coefficients: those that are new first, then those that went, then the rest.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{At, Tune, age, cell, panels};
use crate::page::{Align, Block, number};
use crate::render::words::{clean, elide, fit, width, write};
use crate::tui::notebook::{Cell, State};
use crate::tui::tune;

/// One row: a sign, the name, the number.
struct Row {
    sign: &'static str,
    name: String,
    value: String,
}

pub(super) fn draw(tune: &Tune, at: &At<'_>, place: Rect, buffer: &mut Buffer) {
    let Some((number, cell)) = shown(tune, at) else {
        let rows = panels::title(at, "Selected", "", place, buffer);
        let text = "No step selects here yet: type `lasso`, or `clinical`.".to_string();
        let below = Rect { y: place.y + rows, height: place.height - rows, ..place };
        _ = panels::lines(at, &[text], below, Style::new(), buffer);
        return;
    };
    let what = if cell.name == "clinical" { ("factor", "factors") } else { ("feature", "features") };
    let count = tune::kept(cell).map_or(0, |kept| kept.len());
    let many = format!("{count} {}", if count == 1 { what.0 } else { what.1 });
    let moves = at.view.tuning.as_ref().and_then(|t| t.moves(number));
    let changed = moves.map(|m| format!(" (+{} -{})", m.gained.len(), m.lost.len())).unwrap_or_default();
    let head = match cell.state {
        State::Ready => format!("{}: {many}{changed}", cell.name),
        _ => format!("{}: no result", cell.name),
    };
    let age = age(at, &cell.name).unwrap_or_default();
    let measure = if age.is_empty() && count > 0 { measure(&cell.name) } else { &age };
    // What the numbers are is given up before how many there are.
    let fits = width(&head) + width(measure) < usize::from(place.width);
    let measure = if fits || !age.is_empty() { measure } else { "" };
    let mut used = panels::title(at, &head, measure, place, buffer);
    let below = |used: u16| Rect { y: place.y + used, height: place.height - used, ..place };
    let why = if cell.state == State::Ready { empty(cell, count) } else { panels::no_result(at, cell) };
    used += panels::lines(at, &why, below(used), Style::new(), buffer);
    table(at, &rows(at, number, cell), below(used), buffer);
}

/// Every clinical factor on its own, the least p first, with those that enter the model together.
pub(super) fn alone(at: &At<'_>, place: Rect, buffer: &mut Buffer) {
    let Some((_, cell)) = cell(at, "clinical") else { return };
    let age = age(at, "clinical").unwrap_or_default();
    let values = cell.page.values.get("univariable");
    let list = |name: &str| {
        let list = values.and_then(|v| v.get(name)).and_then(|v| v.as_array());
        list.map(Vec::as_slice).unwrap_or_default()
    };
    let real = |p: &serde_json::Value| p.as_f64().unwrap_or(f64::NAN);
    let mut all: Vec<(&str, f64)> =
        list("variable").iter().filter_map(|n| n.as_str()).zip(list("variable_p").iter().map(real)).collect();
    all.sort_by(|a, b| a.1.total_cmp(&b.1));
    let enters = tune::kept(cell).unwrap_or_default();
    let row = |(name, p): &(&str, f64)| {
        let mark = if enters.contains(name) { " enters" } else { "       " };
        Row { sign: "", name: name.to_string(), value: format!("{}{mark}", number::p(*p)) }
    };
    let rows: Vec<Row> = all.iter().map(row).collect();
    let head = match rows.len() {
        1 => "1 factor alone".to_string(),
        n => format!("{n} factors, each alone, by p"),
    };
    let used = panels::title(at, &head, &age, place, buffer);
    table(at, &rows, Rect { y: place.y + used, height: place.height - used, ..place }, buffer);
}

/// The step whose selection is seen: the one that moves where it fits a model, else the last one there is.
pub(super) fn shown<'a>(tune: &Tune, at: &At<'a>) -> Option<(usize, &'a Cell)> {
    let own = Some(tune.step(at)).filter(|step| ["lasso", "stepwise", "clinical"].contains(step));
    let order = own.into_iter().chain(["stepwise", "lasso", "mannwhitney", "icc", "clinical"]);
    order.filter_map(|name| cell(at, name)).next()
}

/// What the number beside a name is.
fn measure(step: &str) -> &'static str {
    match step {
        "lasso" | "stepwise" => "coefficient",
        "icc" => "ICC",
        _ => "p",
    }
}

/// Why nothing is selected, and what to do; empty where something is.
fn empty(cell: &Cell, count: usize) -> Vec<String> {
    if count > 0 {
        return Vec::new();
    }
    let cautions: Vec<String> =
        cell.page.cautions.iter().map(|c| sentence(&c.to_string(), &c.advice())).take(1).collect();
    let loosen = match cell.name.as_str() {
        "clinical" => "Raise `--below`, or name other variables.",
        _ => "Nothing is selected: loosen this step, or one above it.",
    };
    cautions.into_iter().chain([loosen.to_string()]).collect()
}

fn sentence(text: &str, advice: &str) -> String {
    if advice.is_empty() { format!("{text}.") } else { format!("{text}; {advice}.") }
}

/// Those that are new, those that went with what they had, the rest.
fn rows(at: &At<'_>, number: usize, cell: &Cell) -> Vec<Row> {
    let all = values(cell);
    let moves = at.view.tuning.as_ref().and_then(|t| t.moves(number)).cloned().unwrap_or_default();
    let before = at.view.notebook.cells.get(number).map(values).unwrap_or_default();
    let (new, rest): (Vec<_>, Vec<_>) = all.into_iter().partition(|(name, _)| moves.gained.contains(name));
    let was = |name: &String| {
        let value = before.iter().find(|(n, _)| n == name).map(|(_, value)| format!("was {value}"));
        (name.clone(), value.unwrap_or_default())
    };
    let gone = moves.lost.iter().map(was);
    // Names stay under each other where some have a sign.
    let blank = if moves.gained.is_empty() && moves.lost.is_empty() { "" } else { "  " };
    let row = |sign: &'static str| move |(name, value): (String, String)| Row { sign, name, value };
    new.into_iter().map(row("+ ")).chain(gone.map(row("- "))).chain(rest.into_iter().map(row(blank))).collect()
}

/// Name and number of each that is selected.
fn values(cell: &Cell) -> Vec<(String, String)> {
    let values = &cell.page.values;
    let list = |name: &str| values.get(name).and_then(|v| v.as_array()).map(Vec::as_slice).unwrap_or_default();
    let real = |value: &serde_json::Value| value.as_f64().unwrap_or(f64::NAN);
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_string();
    match cell.name.as_str() {
        "lasso" | "stepwise" => {
            let pairs = list("selected").iter().zip(list("coef"));
            pairs.map(|(name, coef)| (text(name), number::value(real(coef)))).collect()
        }
        "clinical" => list("whole").iter().map(|term| (text(&term["variable"]), number::p(real(&term["p"])))).collect(),
        // The page has them sorted already, with a mark on those that stay.
        step => {
            let tables = cell.page.blocks.iter().filter_map(|b| if let Block::Table(t) = b { Some(t) } else { None });
            let Some(table) = tables.max_by_key(|t| t.rows.len()) else { return Vec::new() };
            let number = if step == "icc" { 1 } else { 2 };
            let kept = table.rows.iter().filter(|row| row.last().is_some_and(|mark| mark == "kept"));
            kept.filter_map(|row| Some((row.first()?.clone(), row.get(number)?.clone()))).collect()
        }
    }
}

/// As many rows as have room, and how many more there are.
fn table(at: &At<'_>, rows: &[Row], place: Rect, buffer: &mut Buffer) {
    let theme = at.view.theme;
    let room = usize::from(place.height);
    let shown = if rows.len() <= room { rows.len() } else { room.saturating_sub(1) };
    let widest = rows.iter().take(shown).map(|row| width(&row.value)).max().unwrap_or(0);
    let number = (widest as u16 + 1).min(place.width);
    for (row, y) in rows.iter().take(shown).zip(place.top()..place.bottom()) {
        let style = match row.sign {
            "+ " => theme.heading(),
            "- " => theme.faint(),
            _ => Style::new(),
        };
        let name = clean(&row.name, theme.glyphs);
        let left = usize::from(place.width - number).saturating_sub(width(row.sign));
        let name = format!("{}{}", row.sign, fit(&name, left, Align::Left, theme.glyphs));
        write(buffer, (place.x, y), place.width, &name, style);
        let value = fit(&row.value, usize::from(number), Align::Right, theme.glyphs);
        write(buffer, (place.right() - number, y), number, &value, style);
    }
    if shown < rows.len() && room > 0 {
        let wide = usize::from(place.width);
        let text = more(&rows[shown.max(usize::from(room == 1))..]);
        // In a single row the first of them stands before the count.
        let name = match room {
            1 => {
                format!("{}{} ", rows[0].sign, elide(&rows[0].name, wide.saturating_sub(text.len() + 3), theme.glyphs))
            }
            _ => String::new(),
        };
        let text = fit(&clean(&format!("{name}{text}"), theme.glyphs), wide, Align::Left, theme.glyphs);
        write(buffer, (place.x, place.y + shown as u16), place.width, &text, theme.faint());
    }
}

/// `and 3 more (1 gone)`.
fn more(rows: &[Row]) -> String {
    let of = |sign: &str| rows.iter().filter(|row| row.sign == sign).count();
    let counts = [(of("+ "), "new"), (of("- "), "gone")];
    let counts = counts.iter().filter(|(n, _)| *n > 0).map(|(n, word)| format!("{n} {word}"));
    let counts = counts.collect::<Vec<_>>().join(", ");
    let changed = if counts.is_empty() { counts } else { format!(" ({counts})") };
    format!("and {} more{changed}", rows.len())
}
