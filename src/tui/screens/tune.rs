//! Tune: a slider, and the whole notebook as it would be: funnel, LASSO, discrimination, calibration, what was selected, and
//! what differs from where one stood.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{Ask, At, Screen};
use crate::commands::Tune as Travel;
use crate::commands::dial::{self, Dial, Turn};
use crate::page::{Align, Block, Page, Plot, Table, number};
use crate::render::figure::{self, Pen};
use crate::render::theme::Glyphs;
use crate::render::words::{clean, fit, write};
use crate::tui::keys::Action;
use crate::tui::notebook::Cell;

#[derive(Default)]
pub(super) struct Tune {
    /// The row of the page: which flag of which cell.
    chosen: usize,
    dial: Option<Dial>,
    /// The next values on both sides, in words.
    next: String,
    /// A value that is being typed.
    typed: String,
    /// The cohort whose curves are seen.
    cohort: usize,
}

/// Below this there is room for one panel only.
const PANELS: (u16, u16) = (70, 16);
/// Rows of words above the panels.
const WORDS: u16 = 5;

impl Screen for Tune {
    fn follow(&mut self, at: &At<'_>) {
        self.chosen = self.chosen.min(count(at).saturating_sub(1));
        self.take(at);
    }

    fn act(&mut self, action: Action, at: &At<'_>) -> Ask {
        match action {
            Action::Up | Action::Down => {
                let by = if action == Action::Up { count(at).saturating_sub(1) } else { 1 };
                self.chosen = (self.chosen + by) % count(at).max(1);
                self.take(at);
                return Ask::EndTuning;
            }
            Action::Right | Action::More => return self.turn(Turn::Up, at),
            Action::Left | Action::Less => return self.turn(Turn::Down, at),
            Action::NextUp => return self.turn(Turn::NextUp, at),
            Action::NextDown => return self.turn(Turn::NextDown, at),
            Action::OtherPane => self.cohort += 1,
            Action::KeepTuned => return Ask::Keep,
            Action::EntryBackspace => {
                self.typed.pop();
            }
            Action::EntryEnd => self.typed.clear(),
            Action::EntryDone => {
                let value = std::mem::take(&mut self.typed);
                let line = self.dial.as_ref().map(|d| d.set(&value));
                return line.map_or(Ask::Nothing, |line| self.attempt(line, at));
            }
            _ => {}
        }
        Ask::Nothing
    }

    fn letter(&mut self, letter: char, _: &At<'_>) -> Option<Ask> {
        let number = self.dial.as_ref().is_some_and(|d| d.number().is_some());
        let begins = letter.is_ascii_digit() || letter == '.';
        let goes_on = !self.typed.is_empty() && (begins || "e-".contains(letter));
        (number && (begins || goes_on)).then(|| {
            self.typed.push(letter);
            Ask::Nothing
        })
    }

    fn draw(&self, at: &At<'_>, place: Rect, buffer: &mut Buffer) {
        let row = |i: u16| Rect { y: place.y + i, height: u16::from(i < place.height), ..place };
        let theme = at.view.theme;
        let mut say = |i: u16, text: &str, style: Style| {
            let row = row(i);
            if row.height > 0 {
                let text = fit(&clean(text, theme.glyphs), usize::from(row.width), Align::Left, theme.glyphs);
                write(buffer, (row.x, row.y), row.width, &text, style);
            }
        };
        say(0, &funnel(at), theme.heading());
        say(1, &self.slider(at, place.width), Style::new());
        say(2, &self.next, theme.faint());
        let difference = at.view.tuning.as_ref().map(|t| t.difference.join(", ")).filter(|d| !d.is_empty());
        say(3, &difference.unwrap_or_else(|| "Left and Right move the threshold".into()), theme.heading());
        say(4, &self.discrimination(at), Style::new());
        if place.height > WORDS {
            let rest = Rect { y: place.y + WORDS, height: place.height - WORDS, ..place };
            self.panels(at, rest, buffer);
        }
    }

    fn takes_letters(&self) -> bool {
        !self.typed.is_empty()
    }

    fn hints(&self) -> &'static [&'static str] {
        if self.typed.is_empty() {
            &[
                "Left Right move",
                "[ ] next that changes",
                "Enter keep",
                "Esc back",
                "Tab cohort",
                "0-9 type",
                "Up Down which",
            ]
        } else {
            &["Enter try this value", "Esc as before"]
        }
    }
}

impl Tune {
    /// Take the dial of the chosen row as the line stands now.
    fn take(&mut self, at: &At<'_>) {
        let line =
            at.view.tuning.as_ref().map(|t| t.line.clone()).filter(|_| cell_number(at, self.chosen) == tuned(at));
        let line = line.or_else(|| Some(at.view.notebook.cells.get(cell_number(at, self.chosen)?)?.line.clone()));
        self.set(line.as_deref().unwrap_or_default(), at);
    }

    fn set(&mut self, line: &str, at: &At<'_>) {
        let flag = at.page.values.get("flag").and_then(|v| v.get(self.chosen)).and_then(|v| v.as_str());
        let dials = dial::dials(line).unwrap_or_default();
        self.dial = dials.into_iter().find(|d| Some(d.flag.name) == flag);
        let Some(dial) = &self.dial else { return };
        let name = line.split(' ').next().unwrap_or_default();
        let stage = at.view.notebook.study.stages().find(|s| s.step == name);
        let side = |turn: Turn, key: char| {
            let next = dial.turned_to(turn, stage)?;
            let kept = stage.zip(next.parse().ok()).and_then(|(s, t)| dial.keeps(s, t))?;
            Some(format!("{key} {next} keeps {kept}"))
        };
        let sides: Vec<String> = [side(Turn::NextDown, '['), side(Turn::NextUp, ']')].into_iter().flatten().collect();
        self.next = sides.join("   ");
    }

    fn turn(&mut self, turn: Turn, at: &At<'_>) -> Ask {
        let Some(dial) = &self.dial else { return Ask::Nothing };
        let name = dial.set(&dial.value);
        let name = name.split(' ').next().unwrap_or_default();
        let stage = at.view.notebook.study.stages().find(|s| s.step == name);
        match dial.turned(turn, stage) {
            Some(line) => self.attempt(line, at),
            None => Ask::Say("the threshold is at its end".into()),
        }
    }

    fn attempt(&mut self, line: String, at: &At<'_>) -> Ask {
        self.set(&line, at);
        cell_number(at, self.chosen).map_or(Ask::Nothing, |cell| Ask::Try(cell, line))
    }

    /// `icc --above 0.86  [----|--]  -1 to 1`.
    fn slider(&self, at: &At<'_>, room: u16) -> String {
        let Some(dial) = &self.dial else { return String::new() };
        let line = dial.set(&dial.value);
        let name = line.split(' ').next().unwrap_or_default();
        let shown = if self.typed.is_empty() { dial.value.clone() } else { format!("{}_", self.typed) };
        let text = format!("{name} --{} {shown}", dial.flag.name);
        let (Some(Travel::Steps { low, high, .. }), Some(value)) = (dial.flag.tune, dial.number()) else { return text };
        let ascii = at.view.theme.glyphs == Glyphs::Ascii;
        let (rail, knob) = if ascii { ("-", "O") } else { ("─", "●") };
        let ends = format!("{low} to {high}");
        let long = usize::from(room).saturating_sub(text.len() + ends.len() + 6).min(60);
        let share = ((value - low) / (high - low)).clamp(0.0, 1.0);
        let before = (share * long.saturating_sub(1) as f64).round() as usize;
        let rest = long.saturating_sub(before + 1);
        format!("{text}  [{}{knob}{}] {ends}", rail.repeat(before), rail.repeat(rest))
    }

    /// The last model's AUC with its interval in the cohort that is seen.
    fn discrimination(&self, at: &At<'_>) -> String {
        let rows = cell(at, "roc").and_then(|c| c.page.values.get("rows")).and_then(|v| v.as_array());
        let Some(rows) = rows else { return "no ROC yet: type `roc` once the notebook has a model".into() };
        let Some(model) = rows.last().and_then(|r| r["model"].as_str()) else { return String::new() };
        let rows: Vec<_> = rows.iter().filter(|r| r["model"] == model).collect();
        let row = rows[self.cohort % rows.len()];
        let of = |name: &str| row[name].as_f64().unwrap_or(f64::NAN);
        let role = row["role"].as_str().unwrap_or_default();
        let interval = number::interval(of("lower"), of("upper"));
        format!("{model} in {role}: AUC {} ({interval}); Tab: another cohort", number::share(of("auc")))
    }

    fn panels(&self, at: &At<'_>, place: Rect, buffer: &mut Buffer) {
        if place.width < PANELS.0 || place.height + WORDS < PANELS.1 {
            return selected(at, place, buffer);
        }
        let (half, high) = (place.width / 2, place.height.div_ceil(2));
        let left = Rect { width: half - 1, height: high, ..place };
        let right = Rect { x: place.x + half, width: place.width - half, height: high, ..place };
        let below = |r: Rect| Rect { y: r.y + high, height: place.height - high, ..r };
        figure(at, "lasso", 0, left, buffer);
        figure(at, "roc", self.cohort, right, buffer);
        selected(at, below(left), buffer);
        figure(at, "calibrate", self.cohort, below(right), buffer);
    }
}

/// How many flags can be turned.
fn count(at: &At<'_>) -> usize {
    at.page.values.get("cell").and_then(|v| v.as_array()).map_or(0, Vec::len)
}

/// The cell of a row of the page.
fn cell_number(at: &At<'_>, row: usize) -> Option<usize> {
    at.page.values.get("cell")?.get(row)?.as_u64().map(|c| c as usize)
}

fn tuned(at: &At<'_>) -> Option<usize> {
    at.view.tuning.as_ref().map(|t| t.at)
}

/// A cell by its command, as it would be.
fn cell<'a>(at: &At<'a>, name: &str) -> Option<&'a Cell> {
    at.view.cells().iter().find(|c| c.name == name)
}

/// What is shown of the cell is old, in a word.
fn age(at: &At<'_>, name: &str) -> Option<String> {
    at.view.age(at.view.cells().iter().position(|c| c.name == name)?)
}

/// `1967 -> icc 1599 -> mannwhitney 110 (was 115)`.
fn funnel(at: &At<'_>) -> String {
    let mut text = String::new();
    for (now, before) in at.view.cells().iter().zip(at.view.notebook.cells.iter()) {
        let (Some(from), Some(to)) = (now.value("n_in"), now.value("n_out")) else { continue };
        if text.is_empty() {
            text = from.to_string();
        }
        text += &format!(" -> {} {to}", now.name);
        if let Some(was) = before.value("n_out").filter(|was| *was != to) {
            text += &format!(" (was {was})");
        }
    }
    text
}

/// The n-th figure of a cell, with a mark while a newer one is computed.
fn figure(at: &At<'_>, name: &str, n: usize, place: Rect, buffer: &mut Buffer) {
    let theme = at.view.theme;
    let plots: Vec<&Plot> = cell(at, name).map(|c| plots(&c.page)).unwrap_or_default();
    if plots.is_empty() {
        let text = fit(&format!("(no `{name}` to draw)"), usize::from(place.width), Align::Left, theme.glyphs);
        return write(buffer, (place.x, place.y), place.width, &text, theme.faint());
    }
    figure::draw(plots[n % plots.len()], place, Pen { theme, textplots: false }, buffer);
    mark(at, name, place, buffer);
}

fn mark(at: &At<'_>, name: &str, place: Rect, buffer: &mut Buffer) {
    let Some(text) = age(at, name).map(|age| format!(" {age} ")) else { return };
    if usize::from(place.width) > text.len() && place.height > 0 {
        write(buffer, (place.right() - text.len() as u16, place.y), text.len() as u16, &text, at.view.theme.caution());
    }
}

fn plots(page: &Page) -> Vec<&Plot> {
    page.blocks.iter().filter_map(|b| if let Block::Plot(p) = b { Some(p) } else { None }).collect()
}

/// The features lasso chose, with their coefficients.
fn selected(at: &At<'_>, place: Rect, buffer: &mut Buffer) {
    let theme = at.view.theme;
    let table: Option<&Table> = cell(at, "lasso")
        .and_then(|c| c.page.blocks.iter().find_map(|b| if let Block::Table(t) = b { Some(t) } else { None }));
    let Some(table) = table.filter(|_| !place.is_empty()) else { return };
    let number = 11_u16.min(place.width);
    let name = usize::from(place.width - number).saturating_sub(1);
    let head = [table.title.as_str(), "coefficient"].map(str::to_string).to_vec();
    for (i, (row, y)) in std::iter::once(&head).chain(&table.rows).zip(place.top()..place.bottom()).enumerate() {
        let style = if i == 0 { theme.heading() } else { Style::new() };
        let text = |c: usize| row.get(c).map(|t| clean(t, theme.glyphs)).unwrap_or_default();
        write(buffer, (place.x, y), place.width, &fit(&text(0), name, Align::Left, theme.glyphs), style);
        let value = fit(&text(1), usize::from(number), Align::Right, theme.glyphs);
        write(buffer, (place.right() - number, y), number, &value, style);
    }
    mark(at, "lasso", place, buffer);
}
