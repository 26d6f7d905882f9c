//! The legend of an SVG plot: in a corner of the panel that nothing crosses, else beside the panel.

use super::panel::Panel;
use super::{colour, curves, line, mark, text_width, word};
use crate::page::{Mark, Plot};
use crate::render::figure::strokes::numbered;
use crate::render::frame::Point;
use crate::render::theme::Glyphs;
use crate::render::words::elide;

/// A sample and a name; the full name where it was cut.
pub struct Entry {
    k: usize,
    kind: Kind,
    name: String,
    full: String,
}

enum Kind {
    Curve,
    Dots,
    Bars(usize),
    Faint,
}

const ROW: f64 = 19.0;
const SAMPLE: f64 = 40.0;

/// The entries of a plot; context series are counted in one.
pub fn entries(plot: &Plot) -> Vec<Entry> {
    let mut bars = 0;
    let mut entries = Vec::new();
    for (k, s) in numbered(plot) {
        let kind = match s.mark {
            Mark::Dots => Kind::Dots,
            Mark::Bars => Kind::Bars(bars),
            _ => Kind::Curve,
        };
        bars += usize::from(s.mark == Mark::Bars);
        if !s.faint && !s.name.is_empty() {
            entries.push(Entry { k, kind, name: elide(&s.name, 36, Glyphs::Braille), full: s.name.clone() });
        }
    }
    let faint = plot.series.iter().filter(|s| s.faint).count();
    if faint > 0 {
        let name = if entries.is_empty() { format!("{faint} series") } else { format!("{faint} others") };
        entries.push(Entry { k: 0, kind: Kind::Faint, name: name.clone(), full: name });
    }
    entries
}

/// How wide the legend is.
pub fn width(entries: &[Entry]) -> f64 {
    SAMPLE + 8.0 + entries.iter().map(|e| text_width(&e.name)).fold(0.0, f64::max)
}

/// The upper left corner of a legend inside the panel, if there is a corner in which it covers nothing.
pub fn corner(entries: &[Entry], panel: Panel, obstacles: &[Point]) -> Option<Point> {
    let (wide, high) = (width(entries), ROW * entries.len() as f64 + 8.0);
    if entries.is_empty() || wide > panel.width - 20.0 || high > panel.height - 20.0 {
        return None;
    }
    let (left, right) = (panel.x + 10.0, panel.x + panel.width - wide - 4.0);
    let (top, bottom) = (panel.y + 6.0, panel.y + panel.height - high - 8.0);
    let free = |at: &Point| !obstacles.iter().any(|p| within(*p, (at.0 - 6.0, at.1 - 4.0), (wide + 6.0, high + 8.0)));
    [(right, bottom), (right, top), (left, top), (left, bottom)].into_iter().find(free)
}

/// Draw the entries; what does not fit the panel's height is counted.
pub fn draw(entries: &[Entry], (x, y): Point, panel: Panel) -> String {
    let room = ((panel.height - 8.0) / ROW) as usize;
    let shown = if entries.len() > room { room.saturating_sub(1) } else { entries.len() };
    let mut out = String::new();
    for (i, e) in entries.iter().take(shown).enumerate() {
        let middle = y + ROW * (i as f64 + 0.5);
        out += &format!("<g><title>{}</title>\n", super::escape(&e.full));
        out += &sample(e, (x, middle));
        out += &word((x + SAMPLE, middle + 4.5), "", &e.name);
        out += "</g>\n";
    }
    if shown < entries.len() {
        out += &word((x, y + ROW * (shown as f64 + 0.7)), "", &format!("and {} more", entries.len() - shown));
    }
    out
}

fn sample(entry: &Entry, (x, y): Point) -> String {
    let ends = ((x, y), (x + 32.0, y));
    match entry.kind {
        Kind::Curve => line(ends.0, ends.1, &curves::stroke(entry.k)),
        Kind::Faint => line(ends.0, ends.1, "stroke=\"#b8b8b8\" stroke-width=\"1\""),
        Kind::Dots => mark(entry.k, (x + 16.0, y), &format!("fill=\"{}\"", colour(entry.k))),
        Kind::Bars(n) => {
            let fill = curves::fill(entry.k, n);
            format!("<rect x=\"{:.1}\" y=\"{:.1}\" width=\"20\" height=\"11\" {fill}/>\n", x + 6.0, y - 5.5)
        }
    }
}

fn within((x, y): Point, (left, top): Point, (wide, high): Point) -> bool {
    x >= left && x <= left + wide && y >= top && y <= top + high
}
