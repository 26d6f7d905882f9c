//! Tune: a slider, and the whole notebook as it would be: funnel, LASSO, discrimination, calibration, what was selected, and
//! what differs from where one stood.

mod panels;
mod selected;
mod words;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::entry::{Entry, Minus, as_read};
use super::{Ask, At, Screen};
use crate::commands;
use crate::commands::dial::{self, Dial, Turn};
use crate::render::theme::Glyphs;
use crate::tui::keys::Action;
use crate::tui::notebook::Cell;
use crate::tui::tune;

#[derive(Default)]
pub(super) struct Tune {
    /// The row of the page: which flag of which cell. None before the first page is there.
    row: Option<usize>,
    dial: Option<Dial>,
    /// The next values below and above.
    next: [Option<Next>; 2],
    /// The last turn.
    turned: Option<Turn>,
    /// A value that is being typed.
    typed: Entry,
    /// What was typed at a choice, which takes nothing.
    refused: String,
    /// What became of a value when another key was pressed.
    said: Option<String>,
    /// The cohort whose curves are seen.
    cohort: usize,
    /// What became of a value that was tried and not kept.
    left: String,
    /// The keys that do something now.
    keys: Vec<&'static str>,
}

/// A value that keeps other features or factors, and how many.
struct Next {
    value: String,
    keeps: usize,
}

impl Screen for Tune {
    fn follow(&mut self, at: &At<'_>) {
        // A threshold that moves is found where it stands, and else the one that was chosen when the screen was left.
        let row = self.row.or_else(|| moved_row(at)).or_else(|| stood_row(at)).unwrap_or(0);
        self.row = Some(row.min(count(at).saturating_sub(1)));
        self.take(at);
        self.keys = self.acting(at, at.view.tried().is_some());
    }

    fn act(&mut self, action: Action, at: &At<'_>) -> Ask {
        self.left.clear();
        self.refused.clear();
        // Another cohort, or a page of it, leaves the value as it is begun.
        if !matches!(action, Action::EntryDone | Action::EntryEnd | Action::EntryBackspace | Action::OtherPane) {
            self.said = self.typed.dropped();
        }
        let ask = self.perform(action, at);
        let tried = at.view.tried().is_some() || matches!(ask, Ask::Try(..));
        self.keys = self.acting(at, tried && !matches!(ask, Ask::EndTuning | Ask::Keep));
        ask
    }

    /// The table of the step whose selection is seen, as `copy` takes it from the notebook.
    fn copied(&self, at: &At<'_>) -> Ask {
        match selected::shown(self, at) {
            _ if at.view.tried().is_some() => Ask::Say(tune::KEEP_FIRST.into()),
            Some((_, cell)) => Ask::Run(format!("copy {}", cell.name)),
            None => Ask::Say("no step selects here yet, so there is no table to copy".into()),
        }
    }

    fn letter(&mut self, letter: char, at: &At<'_>) -> Option<Ask> {
        let dial = self.dial.as_ref()?;
        if let Some(choices) = dial.choices() {
            return refused(&mut self.refused, letter, dial.flag.name, choices);
        }
        dial.number()?;
        let minus = if dial.range().is_some_and(|(low, _)| low < 0.0) { Minus::Turns } else { Minus::Key };
        let ask = self.typed.letter(letter, minus, commands::Screen::Tune)?;
        self.left.clear();
        self.keys = self.acting(at, at.view.tried().is_some());
        Some(ask)
    }

    fn said(&mut self) -> Option<String> {
        self.said.take()
    }

    fn draw(&self, at: &At<'_>, place: Rect, buffer: &mut Buffer) {
        let rows = words::draw(self, at, place, buffer);
        panels::draw(self, at, Rect { y: place.y + rows, height: place.height - rows, ..place }, buffer);
    }

    /// The value one turn further on, one back, and the same by the other pair of keys.
    fn foreseen(&self, at: &At<'_>) -> Option<(usize, Vec<String>)> {
        let dial = self.dial.as_ref()?;
        let turns = match self.turned.unwrap_or(Turn::NextUp) {
            Turn::NextUp => [Turn::NextUp, Turn::NextDown, Turn::Up, Turn::Down],
            Turn::NextDown => [Turn::NextDown, Turn::NextUp, Turn::Down, Turn::Up],
            Turn::Up => [Turn::Up, Turn::Down, Turn::NextUp, Turn::NextDown],
            Turn::Down => [Turn::Down, Turn::Up, Turn::NextDown, Turn::NextUp],
        };
        Some((cell_number(at, self.chosen())?, turns.into_iter().filter_map(|turn| dial.turned(turn)).collect()))
    }

    fn takes_letters(&self) -> bool {
        self.typed.is_begun()
    }

    fn stands(&self, at: &At<'_>) -> Option<(String, String)> {
        Some((self.step(at).to_string(), self.dial.as_ref()?.flag.name.to_string()))
    }

    fn lost(&self) -> Option<String> {
        self.typed.lost()
    }

    fn hints(&self) -> &[&'static str] {
        &self.keys
    }
}

impl Tune {
    fn perform(&mut self, action: Action, at: &At<'_>) -> Ask {
        match action {
            Action::Up | Action::Down => {
                let by = if action == Action::Up { count(at).saturating_sub(1) } else { 1 };
                self.left = at.view.tried().map_or(String::new(), |t| format!("not kept: `{}`", t.line));
                self.row = Some((self.chosen() + by) % count(at).max(1));
                self.take(at);
                return Ask::EndTuning;
            }
            Action::Right | Action::More => return self.turn(Turn::Up, at),
            Action::Left | Action::Less => return self.turn(Turn::Down, at),
            Action::NextUp => return self.turn(Turn::NextUp, at),
            Action::NextDown => return self.turn(Turn::NextDown, at),
            Action::OtherPane => self.cohort += 1,
            Action::KeepTuned => return Ask::Keep,
            Action::EntryBackspace => self.typed.backspace(),
            Action::EntryEnd => _ = self.typed.take(),
            Action::EntryDone => return self.entered(at),
            _ => {}
        }
        Ask::Nothing
    }

    /// Try what was typed. What is no value of the flag stays to be mended, and the notebook as it is.
    fn entered(&mut self, at: &At<'_>) -> Ask {
        let Some(dial) = &self.dial else { return Ask::Nothing };
        let typed = self.typed.text();
        if let Err(error) = commands::parse(&dial.set(typed)) {
            return Ask::Say(error.to_string());
        }
        let (line, flag) = (dial.set(&as_read(typed)), dial.flag.name);
        let given: f64 = typed.parse().unwrap_or(f64::NAN);
        if let Some(low) = dial.least().filter(|low| given < *low) {
            let end = dial::short(&low.to_string());
            return Ask::Say(format!("`--{flag}` cannot be `{typed}`: the path ends at {end}"));
        }
        self.typed.take();
        self.attempt(line, at)
    }

    /// The keys that do something now, the most wanted first.
    fn acting(&self, at: &At<'_>, tried: bool) -> Vec<&'static str> {
        if self.typed.is_begun() {
            return vec!["Enter try this value", "Esc as before"];
        }
        let number = self.dial.as_ref().is_some_and(|d| d.number().is_some());
        let keys = [
            (tried, "Enter keep"),
            (tried, "Esc back"),
            (number, "Left Right move"),
            (self.dial.is_some() && !number, "Left Right change"),
            (self.dial.as_ref().is_some_and(Dial::jumps), "[ ] next change"),
            (number, "0-9 type"),
            (count(at) > 1, "Up Down which"),
            (roles(at).len() > 1, "Tab cohort"),
            (!tried, "Esc notebook"),
        ];
        keys.into_iter().filter(|(acts, _)| *acts).map(|(_, key)| key).collect()
    }

    fn chosen(&self) -> usize {
        self.row.unwrap_or(0)
    }

    /// Take the dial of the chosen row as the line stands now.
    fn take(&mut self, at: &At<'_>) {
        let tried = at.view.tuning.as_ref().filter(|t| cell_number(at, self.chosen()) == Some(t.at));
        let line = tried.map(|t| t.line.clone());
        let line = line.or_else(|| at.view.standing(cell_number(at, self.chosen())?));
        self.set(line.as_deref().unwrap_or_default(), at);
    }

    fn set(&mut self, line: &str, at: &At<'_>) {
        let flag = flag(at, self.chosen());
        let name = line.split(' ').next().unwrap_or_default();
        let page = cell_number(at, self.chosen()).and_then(|n| at.view.notebook.cells.get(n)).map(|c| &*c.page);
        let stage = at.view.notebook.study.stages().find(|s| s.step == name);
        let dials = dial::dials(line, page, stage).unwrap_or_default();
        self.dial = dials.into_iter().find(|d| Some(d.flag.name) == flag);
        let side = |turn: Turn| {
            let (dial, value) = self.dial.as_ref().and_then(|d| Some((d, d.turned_to(turn)?)))?;
            Some(Next { keeps: dial.keeps(value.parse().ok()?)?, value: dial::short(&value) })
        };
        self.next = [side(Turn::NextDown), side(Turn::NextUp)];
    }

    fn turn(&mut self, turn: Turn, at: &At<'_>) -> Ask {
        self.turned = Some(turn);
        let Some(dial) = &self.dial else { return Ask::Nothing };
        match dial.turned(turn) {
            Some(line) => self.attempt(line, at),
            None => Ask::Say(ended(dial, turn)),
        }
    }

    fn attempt(&mut self, line: String, at: &At<'_>) -> Ask {
        self.set(&line, at);
        cell_number(at, self.chosen()).map_or(Ask::Nothing, |cell| Ask::Try(cell, line))
    }

    /// The name of the cell whose flag is turned.
    fn step<'a>(&self, at: &At<'a>) -> &'a str {
        let cell = cell_number(at, self.chosen()).and_then(|n| at.view.notebook.cells.get(n));
        cell.map_or("", |c| &c.name)
    }

    /// The cohort whose curves are seen.
    fn role<'a>(&self, at: &At<'a>) -> Option<&'a str> {
        let roles = roles(at);
        roles.get(self.cohort % roles.len().max(1)).copied()
    }
}

/// What is typed at a choice is said to do nothing, as far as it goes on in a number or in one of the choices; other letters
/// are for the prompt (none).
fn refused(typed: &mut String, letter: char, flag: &str, choices: &[&str]) -> Option<Ask> {
    let number = letter.is_ascii_digit() || ".,".contains(letter);
    let power = "eE".contains(letter) && typed.ends_with(|c: char| c.is_ascii_digit() || c == '.');
    typed.push(letter);
    let goes_on = typed.len() > 1 && choices.iter().any(|choice| choice.starts_with(typed.as_str()));
    if number || power || goes_on {
        return Some(Ask::Say(format!("`--{flag}` is one of {}: Left and Right change it", choices.join(", "))));
    }
    typed.clear();
    None
}

/// Why a turn leads nowhere.
fn ended(dial: &Dial, turn: Turn) -> String {
    let (flag, up) = (dial.flag.name, matches!(turn, Turn::Up | Turn::NextUp));
    match (turn, dial.range()) {
        (Turn::NextUp | Turn::NextDown, _) if !dial.jumps() => {
            format!("it is not known at which `--{flag}` something changes; Left and Right move it")
        }
        (Turn::NextUp | Turn::NextDown, _) => {
            format!("no {} `--{flag}` changes what is kept", if up { "higher" } else { "lower" })
        }
        (_, Some((low, high))) => {
            format!("`--{flag}` ends at {}", dial::short(&if up { high } else { low }.to_string()))
        }
        (_, None) => format!("`--{flag}` cannot be moved further"),
    }
}

/// How many flags can be turned.
fn count(at: &At<'_>) -> usize {
    at.page.values.get("cell").and_then(|v| v.as_array()).map_or(0, Vec::len)
}

/// The row of the threshold that moves, by its cell and the flag that differs in its line.
fn moved_row(at: &At<'_>) -> Option<usize> {
    let tried = at.view.tried()?;
    let moved = tune::moved(&at.view.standing(tried.at)?, None, &tried.line);
    let is_flag = |row: &usize| flag(at, *row).is_some_and(|flag| Some(flag) == moved.split(' ').next());
    let of_cell = |row: &usize| cell_number(at, *row) == Some(tried.at);
    (0..count(at)).filter(of_cell).find(is_flag).or_else(|| (0..count(at)).find(of_cell))
}

/// The row that was chosen when the screen was left.
fn stood_row(at: &At<'_>) -> Option<usize> {
    let (step, stood) = at.view.stood.as_ref()?;
    let named = |row: &usize| Some(&at.view.notebook.cells.get(cell_number(at, *row)?)?.name);
    (0..count(at)).find(|row| flag(at, *row) == Some(stood) && named(row) == Some(step))
}

/// The flag of a row of the page.
fn flag<'a>(at: &At<'a>, row: usize) -> Option<&'a str> {
    at.page.values.get("flag")?.get(row)?.as_str()
}

/// The cell of a row of the page.
fn cell_number(at: &At<'_>, row: usize) -> Option<usize> {
    at.page.values.get("cell")?.get(row)?.as_u64().map(|c| c as usize)
}

/// The number of a cell by its command, and the cell as it would be.
fn cell<'a>(at: &At<'a>, name: &str) -> Option<(usize, &'a Cell)> {
    at.view.cells().iter().enumerate().find(|(_, c)| c.name == name)
}

/// What is shown of the cell is old, in a word.
fn age(at: &At<'_>, name: &str) -> Option<String> {
    at.view.age(cell(at, name)?.0)
}

/// The cohorts that the last model's ROC is of; without a ROC those of the calibration.
fn roles<'a>(at: &At<'a>) -> Vec<&'a str> {
    let areas = cell(at, "roc").map(|(_, c)| tune::areas(&c.page)).unwrap_or_default();
    if !areas.is_empty() {
        return areas.iter().map(|a| a.role).collect();
    }
    let rows = cell(at, "calibrate").and_then(|(_, c)| c.page.values.get("rows")?.as_array());
    rows.into_iter().flatten().filter_map(|row| row["role"].as_str()).collect()
}

/// The rail and the knob of a slider.
fn rail(glyphs: Glyphs) -> (&'static str, char) {
    (if glyphs == Glyphs::Ascii { "-" } else { "─" }, glyphs.knob())
}
