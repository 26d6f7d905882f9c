//! The rows above the panels: funnel, slider, what comes next, what differs, the area, and separation where there is any.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{At, Tune, age, cell, rail};
use crate::commands::{Place, dial};
use crate::page::{Align, number};
use crate::render::words::{clean, elide, fit, width, write};
use crate::tui::notebook::{Cell, State};
use crate::tui::tune::{self, Area};
use crate::tui::view::old_mark;

/// A row, and how soon it is given up where there is no room for all: the highest first.
struct Row {
    rank: usize,
    text: String,
    style: Style,
}

/// Draw them from the top of this place; gives how many there are.
pub(super) fn draw(tune: &Tune, at: &At<'_>, place: Rect, buffer: &mut Buffer) -> u16 {
    let glyphs = at.view.theme.glyphs;
    let mut rows = said(tune, at, usize::from(place.width));
    rows.retain(|row| row.rank < usize::from(place.height));
    for (row, y) in rows.iter().zip(place.top()..place.bottom()) {
        let text = fit(&clean(&row.text, glyphs), usize::from(place.width), Align::Left, glyphs);
        write(buffer, (place.x, y), place.width, &text, row.style);
    }
    rows.len() as u16
}

/// From top to bottom, each in its longest form that has room.
fn said(tune: &Tune, at: &At<'_>, room: usize) -> Vec<Row> {
    let theme = at.view.theme;
    let row = |rank: usize, text: String, style: Style| Row { rank, text, style };
    let separated = separation(at, room);
    let later = usize::from(separated.is_some());
    let mut rows = vec![
        row(3 + later, funnel(at, room), theme.heading()),
        row(0, slider(tune, at, room), Style::new()),
        row(4 + later, next(tune, at, room), theme.faint()),
        row(2, difference(tune, at, room), theme.heading()),
        row(1, discrimination(tune, at, room), Style::new()),
    ];
    rows.extend(separated.map(|text| row(3, text, theme.caution())));
    rows
}

/// The longest of these texts that has room; the last where none has.
fn longest(forms: Vec<String>, room: usize) -> String {
    let last = forms.last().cloned().unwrap_or_default();
    forms.into_iter().find(|form| width(form) <= room).unwrap_or(last)
}

/// `1967 -> icc 1599 -> mannwhitney 110 -> lasso fails`; where that has no room, the numbers.
fn funnel(at: &At<'_>, room: usize) -> String {
    let mut steps: Vec<(&str, String)> = Vec::new();
    let mut first = None;
    let old = old_mark(at.view.theme.glyphs);
    let pairs = at.view.cells().iter().zip(at.view.notebook.cells.iter());
    for (number, (now, before)) in pairs.enumerate() {
        let selects = |cell: &Cell| cell.value("n_out").is_some();
        if !selects(now) && !selects(before) {
            continue;
        }
        if first.is_none() {
            let came_in = now.value("n_in").or(before.value("n_in"));
            let waits = (0..number).any(|above| at.view.is_stale(above));
            first = came_in.map(|n| if waits { old.to_string() } else { n.to_string() });
        }
        let kept = match (now.state, now.value("n_out")) {
            // Not there yet: the count of before would be read as the new one.
            _ if at.view.is_stale(number) => old.to_string(),
            (State::Failed, _) => "fails".to_string(),
            (State::Blocked | State::Waiting, _) => "waits".to_string(),
            (State::Ready | State::Old, kept) => kept.unwrap_or_default().to_string(),
        };
        steps.push((&now.name, kept));
    }
    let Some(first) = first else { return "no step selects features here yet: `icc`, `mannwhitney`, `lasso`".into() };
    let whole = steps.iter().fold(first.clone(), |text, (name, kept)| format!("{text} -> {name} {kept}"));
    let short = steps.iter().fold(format!("features {first}"), |text, (_, kept)| format!("{text} -> {kept}"));
    longest(vec![whole, short], room)
}

/// `icc --above 0.86  [----O--]  -1 to 1`; of a choice all there are, the chosen one in brackets.
fn slider(tune: &Tune, at: &At<'_>, room: usize) -> String {
    let Some(dial) = &tune.dial else { return "nothing can be turned here".into() };
    let shown = if tune.typed.is_begun() { format!("{}_", tune.typed.text()) } else { dial::short(&dial.value) };
    let name = format!("{} --{}", tune.step(at), dial.flag.name);
    if let Some(choices) = dial.choices() {
        let one = |choice: &&str| if **choice == *dial.value { format!("[{choice}]") } else { format!(" {choice} ") };
        return format!("{name}  {}", choices.iter().map(one).collect::<Vec<_>>().join(" "));
    }
    let text = format!("{name} {shown}");
    let (Some((low, high)), Some(share)) = (dial.range(), dial.share()) else { return text };
    let ends = format!("{} to {}", dial::short(&low.to_string()), dial::short(&high.to_string()));
    let long = room.saturating_sub(width(&text) + width(&ends) + 6).min(60);
    if long < 3 {
        return longest(vec![format!("{text}  {ends}"), text], room);
    }
    let (rail, knob) = rail(at.view.theme.glyphs);
    let before = (share * (long - 1) as f64).round() as usize;
    format!("{text}  [{}{knob}{}] {ends}", rail.repeat(before), rail.repeat(long - 1 - before))
}

/// The next values that change what is kept; of a flag of which they are not known, what is computed anew.
fn next(tune: &Tune, at: &At<'_>, room: usize) -> String {
    let Some(dial) = &tune.dial else { return String::new() };
    let moved = super::cell_number(at, tune.chosen()).and_then(|n| at.view.notebook.cells.get(n));
    let row = super::cell_number(at, tune.chosen());
    let runs = at.view.tried().is_none() && at.view.keeping().any(|(_, keeps)| Some(keeps.at) == row);
    match moved {
        Some(cell) if !dial.jumps() && cell.place == Place::View => {
            return format!("only `{}` is computed anew; the models stay as they are", cell.name);
        }
        Some(cell) if !dial.jumps() && cell.slow && runs => {
            return longest(
                vec![
                    format!("`{}` runs anew and then all below it; Ctrl-C: as it was", cell.name),
                    format!("`{}` runs anew", cell.name),
                ],
                room,
            );
        }
        Some(cell) if !dial.jumps() && cell.slow => {
            return longest(
                vec![
                    format!("Enter runs `{}` anew and then all below it; nothing is computed before", cell.name),
                    format!("Enter runs `{}` anew", cell.name),
                ],
                room,
            );
        }
        Some(cell) if !dial.jumps() => return format!("`{}` and all below it are computed anew", cell.name),
        _ => {}
    }
    let [below, above] = &tune.next;
    let forms = [("keeps ", "none lower"), (": ", "none"), (":", "none")].map(|(keeps, none)| {
        let side = |next: &Option<super::Next>, none: &str| match next {
            Some(n) if keeps == "keeps " => format!("{} keeps {}", n.value, n.keeps),
            Some(n) => format!("{}{keeps}{}", n.value, n.keeps),
            None => none.to_string(),
        };
        let higher = none.replace("lower", "higher");
        format!("[ {}   ] {}", side(below, none), side(above, &higher))
    });
    longest(forms.to_vec(), room)
}

/// What differs from where one stood, with a place of its own at the right end for what is still computed.
fn difference(tune: &Tune, at: &At<'_>, room: usize) -> String {
    let Some(tuning) = &at.view.tuning else {
        let keys = if tune.dial.as_ref().is_some_and(|d| d.choices().is_some()) { "change" } else { "move" };
        return if tune.left.is_empty() { format!("Left and Right {keys} it") } else { tune.left.clone() };
    };
    let computing = if tuning.waits() { "computing" } else { "" };
    let left = room.saturating_sub(if computing.is_empty() { 0 } else { width(computing) + 1 });
    let parts = elide(&some(&tuning.besides(), left), left, at.view.theme.glyphs);
    let gap = if computing.is_empty() { 0 } else { room.saturating_sub(width(&parts) + width(computing)) };
    format!("{parts}{}{computing}", " ".repeat(gap))
}

/// As many of these parts as have room, and how many more there are.
fn some(parts: &[String], room: usize) -> String {
    let forms = (1..=parts.len()).rev().map(|n| {
        let more = if n < parts.len() { format!("; {} more", parts.len() - n) } else { String::new() };
        format!("{}{more}", parts[..n].join("; "))
    });
    // The first alone, before its own words are cut.
    longest(forms.chain(parts.first().cloned()).collect(), room)
}

/// The last model's area in the cohort that is seen, from what it was to what it is, with its interval.
fn discrimination(tune: &Tune, at: &At<'_>, room: usize) -> String {
    let now = match cell(at, "roc") {
        Some((_, roc)) if roc.state == State::Ready => tune::areas(&roc.page),
        Some((_, roc)) => {
            return longest(vec![format!("no AUC: {}", roc.headline), "no AUC: `roc` has no result".into()], room);
        }
        None if at.view.notebook.study.models().next().is_none() => {
            return longest(
                vec!["no AUC yet: `signature` makes a model, `roc` judges it".into(), "no AUC yet: no model".into()],
                room,
            );
        }
        None => return "no AUC yet: type `roc`".into(),
    };
    let Some(seen) = now.iter().find(|a| Some(a.role) == tune.role(at)) else {
        return "no AUC: every cohort has patients of one outcome only".into();
    };
    let before = at.view.notebook.cells.iter().find(|c| c.name == "roc");
    let before = before.map(|c| tune::areas(&c.page)).unwrap_or_default();
    let was = before.iter().find(|a| (a.model, a.role) == (seen.model, seen.role));
    let age = age(at, "roc").map(|age| format!(" ({age})")).unwrap_or_default();
    longest(written(seen, was, &age, now.len() > 1), room)
}

/// From the longest to what is wanted most.
fn written(seen: &Area<'_>, was: Option<&Area<'_>>, age: &str, more: bool) -> Vec<String> {
    let Area { model, role, .. } = seen;
    let now = number::share(seen.auc);
    let was = was.map(|a| number::share(a.auc)).filter(|was| *was != now);
    let auc = was.map_or(now.clone(), |was| format!("{was} -> {now}"));
    let interval = number::interval(seen.lower, seen.upper);
    let whole = format!("{model} in {role}: AUC {auc} ({interval}){age}");
    let mut forms = if more { vec![format!("{whole}; Tab: another cohort")] } else { Vec::new() };
    forms.extend([
        whole,
        format!("{model} in {role}: AUC {auc}{age}"),
        format!("{model}, {role}: AUC {auc}{age}"),
        format!("{model}, {role}: {auc}{age}"),
        format!("AUC {auc} in {role}{age}"),
        format!("AUC {auc}{age}"),
    ]);
    forms
}

/// Which models are separated, in words: their numbers look like numbers.
fn separation(at: &At<'_>, room: usize) -> Option<String> {
    let found = tune::separated(at.view.cells());
    let (first, _) = found.first()?;
    let mut names: Vec<&str> = found.iter().map(|(name, _)| *name).collect();
    names.dedup();
    let names = names.join(", ");
    let remedy = format!("`{first} --fit firth`");
    let forms = vec![
        format!("separated: {names}; coefficients run to infinity and mean nothing; {remedy} stays finite"),
        format!("separated: {names}; coefficients mean nothing; try {remedy}"),
        format!("separated: {names}; no estimate exists; try {remedy}"),
        format!("separated: {names}; no estimate exists"),
        format!("separated: {names}"),
    ];
    Some(longest(forms, room))
}
