//! The nomogram, driven: a term is chosen and moved, and points, total and probability follow.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use serde_json::Value;

use super::{Ask, At, Screen};
use crate::commands::quote;
use crate::page::{Align, Page, number};
use crate::render::theme::{Glyphs, Theme};
use crate::render::words::{clean, fit, write};
use crate::tui::keys::Action;

/// Steps of a number over its training range, and the larger step in them.
const STEPS: f64 = 40.0;
const LEAP: i64 = 5;
/// Columns of a term's name, value and points.
const NAME: u16 = 15;
const VALUE: u16 = 10;
const POINTS: u16 = 7;

#[derive(Default)]
pub(super) struct Nomogram {
    terms: Vec<Term>,
    chosen: usize,
    /// The patient whose values were taken last.
    patient: Option<usize>,
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

    fn act(&mut self, action: Action, at: &At<'_>) -> Ask {
        match action {
            Action::NextUp => return self.other(1, at),
            Action::NextDown => return self.other(-1, at),
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
        let rows = usize::from(place.height);
        let each = if 2 * (self.terms.len() + 2) < rows { 2 } else { 1 };
        // Total and probability are always seen, of many terms those around the chosen one.
        let shown = (rows.saturating_sub(1) / each).saturating_sub(2).min(self.terms.len());
        let first = self.chosen.saturating_sub(shown / 2).min(self.terms.len() - shown);
        let room = usize::from(place.width.saturating_sub(NAME + VALUE + POINTS + 1));
        let mut y = place.y;
        let mut put = |cells: [&str; 3], ruler: &str, style: Style, rows: usize| {
            if y < place.bottom() {
                row(cells, ruler, Rect { y, height: 1, ..place }, (style, theme), buffer);
            }
            y = y.saturating_add(rows as u16);
        };
        let ruler = |share: f64| ruler(room, share, theme.glyphs);
        put(["variable", "value", "points"], &ends(room, "0", "100"), theme.table_head(), 1);
        for (i, term) in self.terms.iter().enumerate().skip(first).take(shown) {
            let plain = Style::default();
            let style = if i == self.chosen { plain.add_modifier(Modifier::REVERSED) } else { plain };
            let mark = if i == self.chosen { ">" } else { " " };
            let cells = [format!("{mark}{}", term.name), term.value.clone(), format!("{:.1}", term.points)];
            put(cells.each_ref().map(String::as_str), &ruler(term.points / 100.0), style, each);
        }
        let most = format!("{:.0}", self.most);
        put([" total points", "", &format!("{:.1}", self.total)], &ruler(self.total / self.most), Style::default(), 1);
        if each > 1 {
            put([""; 3], &ends(room, "0", &most), theme.faint(), 1);
        }
        put([" probability", &number::share(self.probability), ""], &ruler(self.probability), theme.heading(), 1);
        if each > 1 {
            put([""; 3], &ends(room, "0", "1"), theme.faint(), 1);
        }
    }

    fn hints(&self) -> &'static [&'static str] {
        &[
            "Left Right move it",
            "Up Down variable",
            "[ ] patient",
            "Enter keep as a prediction",
            "Esc notebook",
            "? keys",
        ]
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

    /// From the values of another patient.
    fn other(&mut self, by: isize, at: &At<'_>) -> Ask {
        let patients = at.view.notebook.study.cohort().map_or(&[][..], |c| &c.patients);
        let next = self.patient.map_or(Some(0), |now| now.checked_add_signed(by));
        match next.and_then(|i| Some((i, patients.get(i)?))) {
            Some((i, patient)) => {
                self.patient = Some(i);
                Ask::Line(format!("whatif --patient {}", quote(&patient.id)))
            }
            None => Ask::Say("there is no patient on that side".into()),
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

/// Name, value, points and ruler on one row.
fn row(cells: [&str; 3], ruler: &str, place: Rect, (style, theme): (Style, Theme), buffer: &mut Buffer) {
    buffer.set_style(place, style);
    let mut x = place.x;
    for (text, wide) in cells.into_iter().zip([NAME, VALUE, POINTS]) {
        let wide = wide.min(place.right().saturating_sub(x));
        let text = fit(&clean(text, theme.glyphs), usize::from(wide.saturating_sub(1)), Align::Left, theme.glyphs);
        write(buffer, (x, place.y), wide, &text, style);
        x += wide;
    }
    write(buffer, (x, place.y), place.right().saturating_sub(x), ruler, style);
}

/// What stands at the ends of a ruler.
fn ends(room: usize, low: &str, high: &str) -> String {
    let between = room.saturating_sub(low.len() + high.len());
    if between == 0 { String::new() } else { format!("{low}{}{high}", " ".repeat(between)) }
}

/// A ruler with a mark at this share of it.
fn ruler(wide: usize, share: f64, glyphs: Glyphs) -> String {
    let (rule, mark) = if glyphs == Glyphs::Ascii { ('-', '#') } else { ('─', '●') };
    let at = (share.clamp(0.0, 1.0) * wide.saturating_sub(1) as f64).round() as usize;
    (0..wide).map(|i| if i == at { mark } else { rule }).collect()
}
