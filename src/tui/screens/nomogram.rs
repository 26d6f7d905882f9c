//! The nomogram, driven: a term is chosen and moved, and points, total and probability follow.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use serde_json::Value;

use super::{Ask, At, Screen};
use crate::commands::quote;
use crate::page::{Align, Page, number};
use crate::render::theme::Glyphs;
use crate::render::words::{fit, write};
use crate::tui::keys::Action;

/// Steps of a number over its training range, and the larger step in them.
const STEPS: f64 = 40.0;
const LEAP: i64 = 5;
/// Columns of a term's name, value and points.
const NAME: u16 = 14;
const VALUE: u16 = 11;
const POINTS: u16 = 7;

#[derive(Default)]
pub(super) struct Nomogram {
    terms: Vec<Term>,
    chosen: usize,
    total: f64,
    /// The most points that all terms together have.
    most: f64,
    probability: f64,
}

/// A term of the figure as its page tells it.
struct Term {
    name: String,
    value: String,
    points: f64,
    /// The levels of a factor.
    levels: Vec<String>,
    /// The training range of a number.
    range: Option<(f64, f64)>,
}

impl Screen for Nomogram {
    fn follow(&mut self, at: &At<'_>) {
        let of = |key: &str| at.page.values.get(key).and_then(Value::as_f64).unwrap_or(f64::NAN);
        self.terms = terms(at.page);
        (self.total, self.most, self.probability) = (of("total"), of("most"), of("probability"));
        self.chosen = self.chosen.min(self.terms.len().saturating_sub(1));
    }

    fn act(&mut self, action: Action, _: &At<'_>) -> Ask {
        match action {
            Action::Up => self.chosen = self.chosen.saturating_sub(1),
            Action::Down => self.chosen = (self.chosen + 1).min(self.terms.len().saturating_sub(1)),
            Action::Left => return self.moved(-1),
            Action::Right => return self.moved(1),
            Action::PageUp => return self.moved(LEAP),
            Action::PageDown => return self.moved(-LEAP),
            Action::Chosen => return Ask::Run(self.line("predict", None)),
            _ => {}
        }
        Ask::Nothing
    }

    fn draw(&self, at: &At<'_>, place: Rect, buffer: &mut Buffer) {
        let theme = at.view.theme;
        let mut y = place.y;
        let mut put = |name: &str, value: &str, points: String, share: f64, style: Style| {
            if y >= place.y + place.height {
                return;
            }
            let mut x = place.x;
            for (text, wide) in [(name, NAME), (value, VALUE), (points.as_str(), POINTS)] {
                let wide = wide.min((place.x + place.width).saturating_sub(x));
                let text = fit(text, usize::from(wide.saturating_sub(1)), Align::Left, theme.glyphs);
                write(buffer, (x, y), wide, &text, style);
                x += wide;
            }
            let room = (place.x + place.width).saturating_sub(x + 1);
            write(buffer, (x, y), room, &ruler(room, share, theme.glyphs), style);
            y += 2;
        };
        for (i, term) in self.terms.iter().enumerate() {
            let plain = Style::default();
            let style = if i == self.chosen { plain.add_modifier(Modifier::REVERSED) } else { plain };
            put(&term.name, &term.value, format!("{:.1}", term.points), term.points / 100.0, style);
        }
        let total = format!("{:.1}", self.total);
        put("total points", "", total, self.total / self.most, Style::default());
        put("probability", &number::share(self.probability), String::new(), self.probability, theme.heading());
    }

    fn hints(&self) -> &'static [&'static str] {
        &["Left Right move", "Up Down terms", "PgUp PgDn more", "Enter keep as a prediction", "Esc notebook"]
    }
}

impl Nomogram {
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

    fn line(&self, command: &str, moved: Option<&str>) -> String {
        let words = self.terms.iter().enumerate().map(|(i, t)| {
            let value = moved.filter(|_| i == self.chosen).unwrap_or(&t.value);
            quote(&format!("{}={value}", t.name))
        });
        std::iter::once(command.to_string()).chain(words).collect::<Vec<_>>().join(" ")
    }
}

fn terms(page: &Page) -> Vec<Term> {
    let list = |key: &str| page.values.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
    let text = |v: &Value| v.as_str().unwrap_or_default().to_string();
    let (values, points, levels, ranges) = (list("value"), list("points"), list("levels"), list("range"));
    let term = |(i, name): (usize, &Value)| Term {
        name: text(name),
        value: values.get(i).map(text).unwrap_or_default(),
        points: points.get(i).and_then(Value::as_f64).unwrap_or(f64::NAN),
        levels: levels.get(i).and_then(Value::as_array).map(|l| l.iter().map(text).collect()).unwrap_or_default(),
        range: ranges.get(i).and_then(|r| Some((r.get(0)?.as_f64()?, r.get(1)?.as_f64()?))),
    };
    list("term").iter().enumerate().map(term).collect()
}

/// A ruler with a mark at this share of it.
fn ruler(wide: u16, share: f64, glyphs: Glyphs) -> String {
    let (rule, mark) = if glyphs == Glyphs::Ascii { ('-', '#') } else { ('─', '●') };
    let last = usize::from(wide).saturating_sub(1);
    let at = (share.clamp(0.0, 1.0) * last as f64).round() as usize;
    (0..usize::from(wide)).map(|i| if i == at { mark } else { rule }).collect()
}
