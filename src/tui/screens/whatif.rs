//! The nomogram, driven: a term is chosen and moved or typed, for a patient or from anywhere, and points, total and
//! probability follow.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use serde_json::Value;

use super::entry::{Entry, Minus, as_read};
use super::scale::{Scale, TENTHS};
use super::{Ask, At, Screen};
use crate::commands::{self, quote};
use crate::page::{Align, Page, number};
use crate::render::theme::Theme;
use crate::render::words::{clean, fit, wrap, write};
use crate::tui::keys::Action;

/// Steps of a number over its training range, and the larger step in them.
const STEPS: f64 = 40.0;
const LEAP: i64 = 5;
/// Columns of a term's name, value and points.
const NAME: u16 = 15;
const VALUE: u16 = 10;
const POINTS: u16 = 7;
/// The most points of a term.
const FULL: f64 = 100.0;

#[derive(Default)]
pub(super) struct WhatIf {
    terms: Vec<Term>,
    chosen: usize,
    /// A value that is being typed.
    typed: Entry,
    /// What became of it when another key was pressed.
    said: Option<String>,
    /// Whose values those are that are not in the line.
    patient: Option<String>,
    total: f64,
    /// The most points that all terms together have, and the marks of the total.
    most: f64,
    marks: Vec<(f64, String)>,
    probability: f64,
    /// What `predict` would warn of.
    cautions: Vec<String>,
}

/// A term of the figure as its page tells it.
struct Term {
    name: String,
    /// As a line has it, and as a reader sees it.
    value: String,
    shown: String,
    /// It stands in the line.
    written: bool,
    points: f64,
    /// Marks of its axis: points and text.
    marks: Vec<(f64, String)>,
    /// The levels of a factor.
    levels: Vec<String>,
    /// The training range of a number.
    range: Option<(f64, f64)>,
}

impl Screen for WhatIf {
    fn follow(&mut self, at: &At<'_>) {
        let of = |key: &str| at.page.values.get(key).and_then(Value::as_f64).unwrap_or(f64::NAN);
        self.terms = terms(at.page);
        (self.total, self.most, self.probability) = (of("total"), of("most"), of("probability"));
        let totals = at.page.values.get("total_ticks").and_then(Value::as_array);
        self.marks = totals.into_iter().flatten().filter_map(Value::as_f64).map(|t| (t, t.to_string())).collect();
        self.patient = at.page.values.get("patient").and_then(Value::as_str).map(str::to_string);
        self.cautions = at.page.cautions.iter().map(ToString::to_string).collect();
        self.chosen = self.chosen.min(self.terms.len().saturating_sub(1));
    }

    /// The terms with their values and points, the total and the probability.
    fn copied(&self, _: &At<'_>) -> Ask {
        if self.terms.is_empty() {
            return Ask::Say("there is no nomogram here that could be copied".into());
        }
        let row = |cells: [&str; 3]| cells.map(String::from).to_vec();
        let terms = self.terms.iter().map(|term| row([&term.name, &term.shown, &number::value(term.points)]));
        let sums = [
            row(["total", "", &number::value(self.total)]),
            row(["probability", &number::share(self.probability), ""]),
        ];
        let head = row(["term", "value", "points"]);
        Ask::Copy("the values as they stand".into(), [head].into_iter().chain(terms).chain(sums).collect())
    }

    fn act(&mut self, action: Action, at: &At<'_>) -> Ask {
        if !matches!(action, Action::EntryDone | Action::EntryEnd | Action::EntryBackspace) {
            self.said = self.typed.dropped();
        }
        match action {
            Action::Up => self.chosen = self.chosen.saturating_sub(1),
            Action::Down => self.chosen = (self.chosen + 1).min(self.terms.len().saturating_sub(1)),
            Action::Left => return self.moved(-1),
            Action::Right => return self.moved(1),
            Action::PageUp => return self.moved(LEAP),
            Action::PageDown => return self.moved(-LEAP),
            Action::NextUp => return self.other(1, at),
            Action::NextDown => return self.other(-1, at),
            Action::Chosen => return Ask::Run(self.line("predict", None)),
            Action::EntryDone => return self.entered(),
            Action::EntryEnd => self.said = self.typed.dropped(),
            Action::EntryBackspace => self.typed.backspace(),
            _ => {}
        }
        Ask::Nothing
    }

    fn letter(&mut self, letter: char, _: &At<'_>) -> Option<Ask> {
        let term = self.terms.get(self.chosen)?;
        if term.range.is_some() {
            return self.typed.letter(letter, Minus::Begins, commands::Screen::WhatIf);
        }
        let number = letter.is_ascii_digit() || ".,-".contains(letter);
        number.then(|| Ask::Say(format!("`{}` has levels: Left and Right choose one", term.name)))
    }

    fn said(&mut self) -> Option<String> {
        self.said.take()
    }

    fn takes_letters(&self) -> bool {
        self.typed.is_begun()
    }

    fn lost(&self) -> Option<String> {
        let set = self.terms.iter().any(|term| term.written);
        let set = set.then(|| format!("not kept: `{}`", self.line("predict", None)));
        let lost: Vec<String> = self.typed.lost().into_iter().chain(set).collect();
        (!lost.is_empty()).then(|| lost.join("; "))
    }

    fn draw(&self, at: &At<'_>, place: Rect, buffer: &mut Buffer) {
        let theme = at.view.theme;
        let place = self.caution(place, theme, buffer);
        let rows = usize::from(place.height);
        let each = if 2 * (self.terms.len() + 2) < rows { 2 } else { 1 };
        // Where scales have no texts below, the chosen term says in a row what can be chosen.
        let says = usize::from(each == 1 && rows > 4);
        // Total and probability are always seen, of many terms those around the chosen one.
        let shown = ((rows - says).saturating_sub(1) / each).saturating_sub(2).min(self.terms.len());
        let first = self.chosen.saturating_sub(shown / 2).min(self.terms.len() - shown);
        let mut sheet = Sheet { place, y: place.y, each: each as u16, theme, buffer };
        let whose = match &self.patient {
            Some(id) if self.terms.iter().any(|term| term.written) => format!("{id}, changed"),
            Some(id) => id.clone(),
            None => "variable".into(),
        };
        sheet.row([&format!(" {whose}"), "value", "points"], None, theme.table_head());
        for (i, term) in self.terms.iter().enumerate().skip(first).take(shown) {
            let chosen = i == self.chosen;
            let style = if chosen { Style::new().add_modifier(Modifier::REVERSED) } else { Style::new() };
            let name = format!("{}{}", if chosen { ">" } else { " " }, term.name);
            let typed = format!("{}_", self.typed.text());
            let value = if chosen && self.typed.is_begun() { &typed } else { &term.shown };
            let scale =
                Scale { low: 0.0, high: FULL, at: term.points, marks: &term.marks, levels: term.range.is_none() };
            sheet.row([&name, value, &format!("{:.1}", term.points)], Some(&scale), style);
            if chosen && says > 0 {
                sheet.line(&term.choice());
            }
        }
        let total = Scale { low: 0.0, high: self.most, at: self.total, marks: &self.marks, levels: false };
        sheet.row([" total points", "", &format!("{:.1}", self.total)], Some(&total), Style::new());
        let tenths: Vec<(f64, String)> = TENTHS.iter().map(|p| (*p, p.to_string())).collect();
        let risk = Scale { low: 0.0, high: 1.0, at: self.probability, marks: &tenths, levels: false };
        sheet.row([" probability", &number::share(self.probability), ""], Some(&risk), theme.heading());
    }

    fn hints(&self) -> &'static [&'static str] {
        if self.typed.is_begun() {
            return &["Enter take this value", "Esc as before"];
        }
        &["Left Right move", "0-9 type", "Up Down variable", "[ ] patient", "Enter keep", "Esc notebook", "? keys"]
    }
}

impl WhatIf {
    /// What `predict` would warn of, on the last rows; gives the rows above. On a low screen the scales come first.
    fn caution(&self, place: Rect, theme: Theme, buffer: &mut Buffer) -> Rect {
        let texts = self.cautions.iter().map(|text| format!("! {text}"));
        let lines: Vec<String> =
            texts.flat_map(|text| wrap(&clean(&text, theme.glyphs), usize::from(place.width))).collect();
        let needed = self.terms.len() as u16 + 3;
        let high = (lines.len() as u16).min(place.height.saturating_sub(needed)).max(u16::from(!lines.is_empty()));
        let body = Rect { height: place.height.saturating_sub(high), ..place };
        for (line, y) in lines.iter().zip(body.bottom()..place.bottom()) {
            write(buffer, (place.x, y), place.width, line, theme.caution());
        }
        body
    }

    /// The line with the chosen term one or more steps on.
    fn moved(&self, by: i64) -> Ask {
        let Some(term) = self.terms.get(self.chosen) else { return Ask::Nothing };
        let value = match term.range {
            Some((low, high)) => {
                let step = (high - low) / STEPS;
                let now: f64 = term.value.parse().unwrap_or(low);
                // Steps are counted from the lowest, so that there and back is the same value.
                let place = ((now - low) / step).round() + by as f64;
                number::significant(low + place.clamp(0.0, STEPS) * step, 4)
            }
            None => {
                let at = term.levels.iter().position(|l| *l == term.value).unwrap_or(0) as i64;
                let last = term.levels.len().saturating_sub(1) as i64;
                term.levels.get((at + by.signum()).clamp(0, last) as usize).cloned().unwrap_or_default()
            }
        };
        if value == term.value {
            Ask::Say("that is the end of its range".into())
        } else {
            Ask::Line(self.line("whatif", Some(&value)))
        }
    }

    /// The value that was typed.
    fn entered(&mut self) -> Ask {
        let typed = self.typed.text().to_string();
        match typed.parse::<f64>() {
            Ok(value) if value.is_finite() => {
                self.typed.take();
                Ask::Line(self.line("whatif", Some(&as_read(&typed))))
            }
            _ => Ask::Say(format!("`{typed}` is no number")),
        }
    }

    /// The values of the patient before or after; from anywhere, of the last or the first.
    fn other(&self, by: isize, at: &At<'_>) -> Ask {
        let patients = at.view.notebook.study.cohort().map_or(&[][..], |c| &c.patients);
        let now = self.patient.as_ref().and_then(|id| patients.iter().position(|p| p.id == *id));
        let start = if by > 0 { Some(0) } else { patients.len().checked_sub(1) };
        match now.map_or(start, |now| now.checked_add_signed(by)).and_then(|i| patients.get(i)) {
            Some(patient) => Ask::Line(format!("whatif --patient {}", quote(&patient.id))),
            None => Ask::Say("there is no patient on that side".into()),
        }
    }

    /// The line of these values; what is a patient's own is not written.
    fn line(&self, command: &str, moved: Option<&str>) -> String {
        let mut words = vec![command.to_string()];
        words.extend(self.patient.as_ref().map(|id| format!("--patient {}", quote(id))));
        for (i, term) in self.terms.iter().enumerate() {
            let moved = moved.filter(|_| i == self.chosen);
            if moved.is_some() || term.written || self.patient.is_none() {
                words.push(quote(&format!("{}={}", term.name, moved.unwrap_or(&term.value))));
            }
        }
        words.join(" ")
    }
}

impl Term {
    /// What the arrows choose among: the levels, the chosen one in brackets, or the training patients' range.
    fn choice(&self) -> String {
        let level = |l: &String| if *l == self.value { format!("[{l}]") } else { l.clone() };
        let levels = || self.levels.iter().map(level).collect::<Vec<_>>().join(" ");
        self.range.map_or_else(levels, |(low, high)| format!("{} to {}", number::value(low), number::value(high)))
    }
}

fn terms(page: &Page) -> Vec<Term> {
    let list = |key: &str| page.values.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
    let text = |v: &Value| v.as_str().unwrap_or_default().to_string();
    let (values, shown, written) = (list("value"), list("shown"), list("written"));
    let (points, marks, levels, ranges) = (list("points"), list("ticks"), list("levels"), list("range"));
    let mark = |v: &Value| Some((v.get(0)?.as_f64()?, v.get(1)?.as_str()?.to_string()));
    let term = |(i, name): (usize, &Value)| {
        in_order(Term {
            name: text(name),
            value: values.get(i).map(text).unwrap_or_default(),
            shown: shown.get(i).map(text).unwrap_or_default(),
            written: written.get(i).and_then(Value::as_bool).unwrap_or(true),
            points: points.get(i).and_then(Value::as_f64).unwrap_or(f64::NAN),
            marks: marks
                .get(i)
                .and_then(Value::as_array)
                .map(|m| m.iter().filter_map(mark).collect())
                .unwrap_or_default(),
            levels: levels.get(i).and_then(Value::as_array).map(|l| l.iter().map(text).collect()).unwrap_or_default(),
            range: ranges.get(i).and_then(|r| Some((r.get(0)?.as_f64()?, r.get(1)?.as_f64()?))),
        })
    };
    list("term").iter().enumerate().map(term).collect()
}

/// The levels as they stand on the axis, so that Right leads to the right.
fn in_order(mut term: Term) -> Term {
    let points = |level: &String| term.marks.iter().find(|(_, text)| text == level).map_or(f64::NAN, |(at, _)| *at);
    term.levels.sort_by(|a, b| points(a).total_cmp(&points(b)));
    term
}

/// The screen as it fills from above.
struct Sheet<'a> {
    place: Rect,
    y: u16,
    /// Rows of a scale: with its marks' texts below, or without.
    each: u16,
    theme: Theme,
    buffer: &'a mut Buffer,
}

impl Sheet<'_> {
    /// A row of words under a term.
    fn line(&mut self, text: &str) {
        if self.y < self.place.bottom() {
            let room = usize::from(self.place.width).saturating_sub(2);
            let text = fit(&clean(text, self.theme.glyphs), room, Align::Left, self.theme.glyphs);
            write(self.buffer, (self.place.x + 2, self.y), room as u16, &text, self.theme.faint());
            self.y += 1;
        }
    }

    /// Name, value and points, and beside them the scale.
    fn row(&mut self, cells: [&str; 3], scale: Option<&Scale<'_>>, style: Style) {
        let (place, glyphs) = (self.place, self.theme.glyphs);
        if self.y >= place.bottom() {
            return;
        }
        self.buffer.set_style(Rect { y: self.y, height: 1, ..place }, style);
        let mut x = place.x;
        for (text, wide) in cells.into_iter().zip([NAME, VALUE, POINTS]) {
            let wide = wide.min(place.right().saturating_sub(x));
            let text = fit(&clean(text, glyphs), usize::from(wide.saturating_sub(1)), Align::Left, glyphs);
            write(self.buffer, (x, self.y), wide, &text, style);
            x += wide;
        }
        let Some(scale) = scale else { return self.y += 1 };
        let room = place.right().saturating_sub(x + 1);
        write(self.buffer, (x, self.y), room, &scale.line(usize::from(room), glyphs), style);
        if self.each > 1 && self.y + 1 < place.bottom() {
            let texts = scale.texts(usize::from(room), glyphs);
            write(self.buffer, (x, self.y + 1), room, &texts, self.theme.faint());
        }
        self.y += self.each;
    }
}
