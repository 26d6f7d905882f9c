//! The panel of an SVG plot: window, axes, ticks and guides, and the place of the legend.

use super::{HEIGHT, WIDTH, curves, legend, line, text_width, word};
use crate::page::{Axis, Guide, Plot};
use crate::render::frame::{Frame, Point};
use crate::render::theme::Glyphs;
use crate::render::ticks;
use crate::render::words::elide;

/// The rectangle of the panel.
#[derive(Clone, Copy, Debug)]
pub struct Panel {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

/// What axis and label take below the panel, and the least height of a category's row.
pub const BELOW: f64 = 60.0;
const ROW: f64 = 22.0;

/// The least height of a panel of categories.
const LEAST: f64 = 110.0;

/// The most columns of a tick's text, and of a category's name.
const TICK: usize = 18;
const CATEGORY: usize = 32;

const AXIS: &str = "stroke=\"#333\" stroke-width=\"1\"";
const GUIDE: &str = "stroke=\"#777\" stroke-width=\"1\" stroke-dasharray=\"5 4\"";
const NOTE: &str = "font-size=\"12\" fill=\"#444\" stroke=\"#fff\" stroke-width=\"3\" paint-order=\"stroke\"";

/// Everything inside the figure, and its height.
pub fn draw(plot: &Plot) -> (String, f64) {
    let y_ticks = ticks::of(&plot.y, 6);
    let labels = y_ticks.iter().map(|t| text_width(&beside(&plot.y, &t.1))).fold(0.0, f64::max);
    let left = 40.0 + labels + 10.0;
    let top = 46.0 + if plot.top.is_some() { 36.0 } else { 0.0 };
    // Categories have a row each, and no more room than that where they are few.
    let height = match plot.y.categories {
        true => (ROW * y_ticks.len() as f64).max(LEAST),
        false => HEIGHT - BELOW - top,
    };
    let mut panel = Panel { x: left, y: top, width: WIDTH - 24.0 - left, height };
    if plot.guides.contains(&Guide::Diagonal) {
        panel.width = panel.width.min(panel.height);
    }
    let frame = frame(plot, panel);
    let notes = notes(plot, &frame, panel);
    let entries = legend::entries(plot);
    let place = legend::place(&entries, panel, &obstacles(plot, panel, &notes));
    let mut out =
        word((panel.x, 24.0), "font-size=\"16\" font-weight=\"bold\"", &elide(&plot.title, 72, Glyphs::Braille));
    out += &guides(plot, &frame, panel);
    out += &curves::draw(plot, &frame);
    out += &axes(plot, &y_ticks, &frame, panel);
    out.extend(notes.iter().map(|(at, text)| word((at.0, at.1 + 12.0), NOTE, text)));
    out += &legend::draw(&entries, &place);
    (out, (panel.y + panel.height + BELOW).max(place.bottom()))
}

/// The text of a tick of the left axis.
fn beside(axis: &Axis, text: &str) -> String {
    elide(text, if axis.categories { CATEGORY } else { TICK }, Glyphs::Braille)
}

fn frame(plot: &Plot, panel: Panel) -> Frame {
    Frame::new(plot, (panel.x, panel.y), (panel.width, panel.height))
}

fn axes(plot: &Plot, y_ticks: &[(f64, String)], frame: &Frame, panel: Panel) -> String {
    let (bottom, right) = (panel.y + panel.height, panel.x + panel.width);
    let mut out = line((panel.x, panel.y), (panel.x, bottom), AXIS) + &line((panel.x, bottom), (right, bottom), AXIS);
    for (value, text) in y_ticks {
        let y = frame.down(*value);
        out += &line((panel.x - 5.0, y), (panel.x, y), AXIS);
        out += &word((panel.x - 9.0, y + 4.5), "text-anchor=\"end\"", &beside(&plot.y, text));
    }
    out += &across(&ticks::of(&plot.x, 8), frame, (bottom, 5.0, 19.0));
    let middle = (panel.x + panel.width / 2.0, panel.y + panel.height / 2.0);
    let centred = "text-anchor=\"middle\" font-size=\"14\"";
    out += &word((middle.0, bottom + 44.0), centred, &plot.x.label);
    let turned = format!("{centred} transform=\"rotate(-90 18 {:.1})\"", middle.1);
    out += &word((18.0, middle.1 + 5.0), &turned, &plot.y.label);
    if let Some(top) = &plot.top {
        let axis = Axis { low: plot.x.low, high: plot.x.high, ..top.clone() };
        out += &line((panel.x, panel.y), (right, panel.y), AXIS);
        out += &across(&ticks::of(&axis, 8), frame, (panel.y, -5.0, -9.0));
        if !top.label.is_empty() {
            out += &word((middle.0, panel.y - 27.0), "text-anchor=\"middle\" font-size=\"12\"", &top.label);
        }
    }
    out
}

/// Ticks of a horizontal axis; a text that would touch its neighbour is left out.
fn across(ticks: &[(f64, String)], frame: &Frame, (y, tick, text_at): (f64, f64, f64)) -> String {
    let mut ticks: Vec<(f64, &str)> = ticks.iter().map(|(v, t)| (frame.across(*v), t.as_str())).collect();
    ticks.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut out = String::new();
    let mut free = f64::NEG_INFINITY;
    for (x, text) in ticks {
        out += &line((x, y), (x, y + tick), AXIS);
        let half = text_width(text) / 2.0;
        if x - half >= free {
            out += &word((x, y + text_at), "text-anchor=\"middle\"", text);
            free = x + half + 6.0;
        }
    }
    out
}

fn guides(plot: &Plot, frame: &Frame, panel: Panel) -> String {
    let mut out = String::new();
    for guide in &plot.guides {
        let (from, to) = match guide {
            Guide::Vertical(x, _) => ((frame.across(*x), panel.y), (frame.across(*x), panel.y + panel.height)),
            Guide::Horizontal(y, _) => ((panel.x, frame.down(*y)), (panel.x + panel.width, frame.down(*y))),
            Guide::Diagonal => {
                let ends = [plot.x.low.min(plot.y.low), plot.x.high.max(plot.y.high)].map(|v| (v, v));
                out.extend(frame.line(&ends).iter().map(|p| line(p[0], p[1], GUIDE)));
                continue;
            }
        };
        let within = |v: f64, low: f64, size: f64| v >= low - 0.5 && v <= low + size + 0.5;
        if within(from.0, panel.x, panel.width) && within(from.1, panel.y, panel.height) {
            out += &line(from, to, GUIDE);
        }
    }
    out
}

/// The upper left corner and the text of what guides say, each in a place of its own.
fn notes(plot: &Plot, frame: &Frame, panel: Panel) -> Vec<(Point, String)> {
    let mut notes: Vec<(Point, String)> = Vec::new();
    for guide in &plot.guides {
        let (at, text) = match guide {
            Guide::Vertical(x, text) => (frame.inside((*x, plot.y.low)), text),
            Guide::Horizontal(y, text) => (frame.inside((plot.x.low, *y)), text),
            Guide::Diagonal => continue,
        };
        let Some(at) = at.filter(|_| !text.is_empty()) else { continue };
        let text = elide(text, 40, Glyphs::Braille);
        let wide = text_width(&text);
        let right = panel.x + panel.width;
        let (x, mut y) = match guide {
            Guide::Vertical(..) if at.0 + 5.0 + wide < right => (at.0 + 5.0, panel.y + 2.0),
            Guide::Vertical(..) => ((at.0 - 5.0 - wide).max(panel.x), panel.y + 2.0),
            _ => (right - wide, at.1 - 17.0),
        };
        while notes.iter().any(|((x2, y2), t)| (y2 - y).abs() < 15.0 && x < x2 + text_width(t) && *x2 < x + wide) {
            y += 16.0;
        }
        notes.push(((x, y), text));
    }
    notes
}

/// Places the legend should not cover.
fn obstacles(plot: &Plot, panel: Panel, notes: &[(Point, String)]) -> Vec<Point> {
    let frame = frame(plot, panel);
    let mut points = curves::trace(plot, &frame);
    for (at, text) in notes {
        let wide = text_width(text);
        points.extend((0..=10).map(|i| (at.0 + wide * f64::from(i) / 10.0, at.1 + 8.0)));
    }
    for guide in &plot.guides {
        match guide {
            Guide::Vertical(x, _) => {
                points.extend((0..=40).map(|i| (frame.across(*x), panel.y + panel.height * f64::from(i) / 40.0)));
            }
            Guide::Horizontal(y, _) => {
                points.extend((0..=40).map(|i| (panel.x + panel.width * f64::from(i) / 40.0, frame.down(*y))));
            }
            Guide::Diagonal => points.extend(
                (0..=60)
                    .map(|i| f64::from(i) / 60.0)
                    .map(|t| (panel.x + t * panel.width, panel.y + (1.0 - t) * panel.height)),
            ),
        }
    }
    points
}
