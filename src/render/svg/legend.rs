//! The legend of an SVG plot: in a corner of the panel that nothing crosses, else beside the panel or below it.

use super::panel::{BELOW, Panel};
use super::{WIDTH, colour, curves, line, mark, text_width, word};
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
    Boxes,
    Faint,
    Band,
}

/// Where a legend stands, its upper left corner first, and how its entries do.
pub struct Place {
    at: Point,
    rows: usize,
    columns: usize,
    wide: f64,
}

impl Place {
    /// The lower end of the legend.
    pub fn bottom(&self) -> f64 {
        self.at.1 + ROW * self.rows as f64 + 8.0
    }
}

const ROW: f64 = 19.0;
/// The most rows below a panel.
const MOST: usize = 20;
const SAMPLE: f64 = 40.0;

/// The entries of a plot; context series have one together.
pub fn entries(plot: &Plot) -> Vec<Entry> {
    let mut bars = 0;
    let mut entries = Vec::new();
    for (k, s) in numbered(plot) {
        let kind = match s.mark {
            Mark::Dots => Kind::Dots,
            Mark::Bars => Kind::Bars(bars),
            Mark::Boxes => Kind::Boxes,
            _ => Kind::Curve,
        };
        bars += usize::from(s.mark == Mark::Bars);
        if !s.faint && !s.name.is_empty() {
            entries.push(Entry { k, kind, name: elide(&s.name, 60, Glyphs::Braille), full: s.name.clone() });
        }
    }
    if let Some(full) = plot.context() {
        let band = plot.series.iter().filter(|s| s.faint).all(|s| !s.interval.is_empty());
        let kind = if band { Kind::Band } else { Kind::Faint };
        entries.push(Entry { k: 0, kind, name: elide(&full, 60, Glyphs::Braille), full });
    }
    entries
}

/// In a corner of the panel where the legend covers nothing, else at the right of a panel that leaves it room, else below.
pub fn place(entries: &[Entry], panel: Panel, obstacles: &[Point]) -> Place {
    let (wide, many) = (width(entries), entries.len());
    let one_column = |at: Point, rows: usize| Place { at, rows, columns: 1, wide };
    let inside = corner(entries, panel, obstacles).or_else(|| entries.is_empty().then_some((panel.x, panel.y)));
    if let Some(at) = inside {
        return one_column(at, many);
    }
    let beside = panel.x + panel.width + 14.0;
    if beside + wide < WIDTH {
        return one_column((beside, panel.y), many.min((panel.height / ROW) as usize));
    }
    let columns = ((WIDTH - panel.x) / (wide + 16.0)).max(1.0) as usize;
    Place {
        at: (panel.x, panel.y + panel.height + BELOW),
        rows: many.div_ceil(columns).min(MOST),
        columns,
        wide: wide + 16.0,
    }
}

/// How wide the legend is.
fn width(entries: &[Entry]) -> f64 {
    SAMPLE + 8.0 + entries.iter().map(|e| text_width(&e.name)).fold(0.0, f64::max)
}

/// The upper left corner of a legend inside the panel, if there is a corner in which it covers nothing.
fn corner(entries: &[Entry], panel: Panel, obstacles: &[Point]) -> Option<Point> {
    let (wide, high) = (width(entries), ROW * entries.len() as f64 + 8.0);
    if entries.is_empty() || wide > panel.width - 20.0 || high > panel.height - 20.0 {
        return None;
    }
    let (left, right) = (panel.x + 10.0, panel.x + panel.width - wide - 4.0);
    let (top, bottom) = (panel.y + 6.0, panel.y + panel.height - high - 8.0);
    let free = |at: &Point| !obstacles.iter().any(|p| within(*p, (at.0 - 6.0, at.1 - 4.0), (wide + 6.0, high + 8.0)));
    [(right, bottom), (right, top), (left, top), (left, bottom)].into_iter().find(free)
}

/// Draw the entries; those that have no place are counted.
pub fn draw(entries: &[Entry], place: &Place) -> String {
    let room = place.rows * place.columns;
    let spot = |i: usize| {
        let (column, row) = (i / place.rows.max(1), i % place.rows.max(1));
        (place.at.0 + place.wide * column as f64, place.at.1 + ROW * (row as f64 + 0.5))
    };
    let shown = if entries.len() > room { room.saturating_sub(1) } else { entries.len() };
    let mut out = String::new();
    for (i, e) in entries.iter().take(shown).enumerate() {
        let (x, middle) = spot(i);
        out += &format!("<g><title>{}</title>\n", super::escape(&e.full));
        out += &sample(e, (x, middle));
        out += &word((x + SAMPLE, middle + 4.5), "", &e.name);
        out += "</g>\n";
    }
    if shown < entries.len() {
        let (x, middle) = spot(shown);
        out += &word((x, middle + 4.5), "", &format!("and {} more", entries.len() - shown));
    }
    out
}

fn sample(entry: &Entry, (x, y): Point) -> String {
    let ends = ((x, y), (x + 32.0, y));
    match entry.kind {
        Kind::Curve => line(ends.0, ends.1, &curves::stroke(entry.k)),
        Kind::Faint => line(ends.0, ends.1, "stroke=\"#b8b8b8\" stroke-width=\"1\""),
        Kind::Band => patch((x, y), &format!("fill=\"{}\" fill-opacity=\"0.16\"", colour(entry.k))),
        Kind::Dots => mark(entry.k, (x + 16.0, y), &format!("fill=\"{}\"", colour(entry.k))),
        Kind::Bars(n) => patch((x, y), &curves::fill(entry.k, n)),
        Kind::Boxes => patch((x, y), &curves::boxed(entry.k)),
    }
}

fn patch((x, y): Point, style: &str) -> String {
    format!("<rect x=\"{:.1}\" y=\"{:.1}\" width=\"20\" height=\"11\" {style}/>\n", x + 6.0, y - 5.5)
}

fn within((x, y): Point, (left, top): Point, (wide, high): Point) -> bool {
    x >= left && x <= left + wide && y >= top && y <= top + high
}
