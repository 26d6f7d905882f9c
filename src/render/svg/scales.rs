//! A nomogram in SVG: one ruler a scale, terms against one axis of points, totals against another.

use super::{WIDTH, line, text_width, word};
use crate::page::Scale;
use crate::render::rulers::window;
use crate::render::theme::Glyphs;
use crate::render::words::elide;

const ROW: f64 = 50.0;
const TOP: f64 = 48.0;

/// Height of the figure.
pub fn height(scales: &[Scale]) -> f64 {
    TOP + ROW * scales.len() as f64 + 24.0
}

pub fn draw(title: &str, scales: &[Scale]) -> String {
    let names = scales.iter().map(|s| text_width(&s.name)).fold(60.0, f64::max).min(230.0);
    let (left, right) = (names + 44.0, WIDTH - 40.0);
    let mut out = word((20.0, 26.0), "font-size=\"16\" font-weight=\"bold\"", &elide(title, 76, Glyphs::Braille));
    for (i, scale) in scales.iter().enumerate() {
        let y = TOP + ROW * (i as f64 + 0.5);
        out += &word((20.0, y + 4.5), "", &elide(&scale.name, 34, Glyphs::Braille));
        out += &ruler(scale, window(scale, scales), (left, right), y);
    }
    out
}

fn ruler(scale: &Scale, (low, high): (f64, f64), (left, right): (f64, f64), y: f64) -> String {
    let at = |points: f64| {
        let share = (points - low) / (high - low);
        (-1e-9..=1.0 + 1e-9).contains(&share).then_some(left + share * (right - left))
    };
    const INK: &str = "stroke=\"#333\" stroke-width=\"1\"";
    let mut out = String::new();
    if let (Some(a), Some(b)) = (at(scale.low), at(scale.high)) {
        out += &line((a, y), (b, y), INK);
    }
    let mut marks: Vec<(f64, &str)> = scale.marks.iter().filter_map(|(p, t)| Some((at(*p)?, t.as_str()))).collect();
    marks.sort_by(|a, b| a.0.total_cmp(&b.0));
    let spans: Vec<(f64, f64)> =
        marks.iter().map(|(x, t)| (x - text_width(t) / 2.0, x + text_width(t) / 2.0)).collect();
    let last = spans.len().saturating_sub(1);
    let mut free = f64::NEG_INFINITY;
    for (i, (x, text)) in marks.iter().enumerate() {
        out += &line((*x, y), (*x, y - 6.0), INK);
        if spans[i].0 >= free && (i == last || spans[i].1 + 5.0 < spans[last].0) {
            out += &word((*x, y - 10.0), "text-anchor=\"middle\" font-size=\"12\"", text);
            free = spans[i].1 + 5.0;
        }
    }
    out
}
