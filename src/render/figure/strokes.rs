//! The strokes of a plot in dots: guides, bars, bands, intervals and curves, from the lowest layer to the highest.

use crate::page::{Boxed, Guide, Mark, Plot, Series};
use crate::render::canvas::{self, Ink, Layer};
use crate::render::frame::{Frame, Point, range, steps};
use crate::render::theme::Glyphs;

/// Everything a plot draws inside its panel of `dots` by `dots`, except marks and words.
pub fn layers(plot: &Plot, frame: &Frame, dots: (usize, usize), glyphs: Glyphs) -> Vec<Layer> {
    let mut layers: Vec<Layer> = plot.guides.iter().map(|g| guide(g, plot, frame, glyphs)).collect();
    layers.extend(bars(plot, frame, dots, glyphs));
    let series = || numbered(plot).into_iter().rev();
    for (k, s) in series().filter(|(_, s)| curve(s)) {
        layers.push(band(k, s, frame, glyphs));
    }
    for (k, s) in series().filter(|(_, s)| s.faint && curve(s)) {
        // What has a name is to be read, as an interval is; what has none only to be seen.
        let lines = frame.line(&path(s));
        layers.push(if s.name.is_empty() {
            dotted(Ink::Faint(k), &lines, (4, k))
        } else {
            solid(Ink::Horizontal, lines)
        });
    }
    for (k, s) in series().filter(|(_, s)| s.mark == Mark::Boxes) {
        layers.extend(boxes(k, s, plot, frame));
    }
    for (k, s) in series().filter(|(_, s)| !curve(s)) {
        layers.push(whiskers(k, s, frame, glyphs));
    }
    for (k, s) in series().filter(|(_, s)| s.faint && s.mark == Mark::Dots) {
        let dots = s.points.iter().filter_map(|p| frame.inside(*p)).collect();
        layers.push(Layer { ink: Ink::Faint(k), lines: Vec::new(), dots });
    }
    for (k, s) in series().filter(|(_, s)| !s.faint && curve(s)) {
        layers.push(solid(Ink::Series(k), frame.line(&path(s))));
    }
    layers
}

/// The series with the numbers that decide mark, colour and dash: those of context are counted apart, so that the others
/// have the first marks wherever they stand.
pub fn numbered(plot: &Plot) -> Vec<(usize, &Series)> {
    let (mut named, mut faint) = (0.., 0..);
    plot.series.iter().filter_map(|s| Some((if s.faint { faint.next()? } else { named.next()? }, s))).collect()
}

/// Whether the points of a series are joined.
pub fn curve(series: &Series) -> bool {
    matches!(series.mark, Mark::Line | Mark::Step)
}

/// The points of a curve in the order they are joined.
pub fn path(series: &Series) -> Vec<Point> {
    if series.mark == Mark::Step { steps(&series.points) } else { series.points.clone() }
}

/// Points with the limits that belong to them; a missing limit is not drawn.
pub fn limits(series: &Series) -> impl Iterator<Item = (Point, (f64, f64))> {
    series.points.iter().copied().zip(series.interval.iter().copied())
}

/// The distance of neighbouring bars or boxes in units of x, over all series drawn so.
pub fn step(plot: &Plot, mark: Mark) -> f64 {
    let bars = plot.series.iter().filter(|s| s.mark == mark);
    let mut xs: Vec<f64> = bars.flat_map(|s| s.points.iter().map(|p| p.0)).filter(|x| x.is_finite()).collect();
    xs.sort_by(f64::total_cmp);
    let (low, high) = range(&plot.x);
    let steps = xs.windows(2).map(|w| w[1] - w[0]).filter(|d| *d > 0.0);
    steps.fold((high - low).abs() / 3.0, f64::min)
}

fn solid(ink: Ink, lines: Vec<Vec<Point>>) -> Layer {
    Layer { ink, lines, dots: Vec::new() }
}

fn guide(guide: &Guide, plot: &Plot, frame: &Frame, glyphs: Glyphs) -> Layer {
    let ((x1, x2), (y1, y2)) = (range(&plot.x), range(&plot.y));
    let gap = if glyphs == Glyphs::Braille { 3 } else { 2 };
    let (ink, line, gap) = match guide {
        Guide::Vertical(x, _) => (Ink::Vertical, [(*x, y1), (*x, y2)], gap - 1),
        Guide::Horizontal(y, _) => (Ink::Horizontal, [(x1, *y), (x2, *y)], gap),
        Guide::Diagonal => {
            let (low, high) = (x1.min(x2).min(y1.min(y2)), x1.max(x2).max(y1.max(y2)));
            (Ink::Diagonal, [(low, low), (high, high)], gap)
        }
    };
    dotted(ink, &frame.line(&line), (gap, 0))
}

/// Every `gap`-th dot of the lines; the phase keeps the dots of neighbouring lines from standing in columns.
fn dotted(ink: Ink, lines: &[Vec<Point>], (gap, phase): (usize, usize)) -> Layer {
    let pairs = lines.iter().flat_map(|l| l.windows(2));
    let dots = pairs.flat_map(|w| canvas::walk(w[0], w[1])).map(|(x, y)| (x as f64, y as f64));
    Layer { ink, lines: Vec::new(), dots: dots.skip(phase % gap).step_by(gap).collect() }
}

fn band(k: usize, series: &Series, frame: &Frame, glyphs: Glyphs) -> Layer {
    let edge = |pick: fn((f64, f64)) -> f64| -> Vec<Point> {
        let points: Vec<Point> = limits(series).map(|(p, i)| (p.0, pick(i))).collect();
        if series.mark == Mark::Step { steps(&points) } else { points }
    };
    let mut lines = frame.line(&edge(|i| i.0));
    lines.extend(frame.line(&edge(|i| i.1)));
    dotted(Ink::Band(k), &lines, (if glyphs == Glyphs::Braille { 3 } else { 2 }, 0))
}

fn whiskers(k: usize, series: &Series, frame: &Frame, glyphs: Glyphs) -> Layer {
    let mut lines = Vec::new();
    let mut at: Vec<f64> = series.points.iter().filter_map(|p| frame.inside(*p)).map(|p| p.0).collect();
    at.sort_by(f64::total_cmp);
    let capped = glyphs == Glyphs::Braille && at.windows(2).all(|w| w[1] - w[0] >= 5.0);
    for ((x, _), (low, high)) in limits(series) {
        for piece in frame.line(&[(x, low), (x, high)]) {
            let caps = [(low, piece.first()), (high, piece.last())];
            for (_, end) in caps.into_iter().filter(|(v, _)| frame.inside((x, *v)).is_some()) {
                if let Some((x, y)) = end.filter(|_| capped) {
                    lines.push(vec![((x - 1.0).max(0.0), *y), (x + 1.0, *y)]);
                }
            }
            lines.push(piece);
        }
    }
    solid(Ink::Whisker(k), lines)
}

/// Half the width of a box in units of x.
pub fn half_box(plot: &Plot) -> f64 {
    step(plot, Mark::Boxes) * 0.36
}

/// Sides and whiskers, then edges and caps, then the medians.
fn boxes(k: usize, series: &Series, plot: &Plot, frame: &Frame) -> [Layer; 3] {
    let half = half_box(plot);
    let (mut upright, mut across, mut medians) = (Vec::new(), Vec::new(), Vec::new());
    for Boxed { x, five: [low, lower, median, upper, high], .. } in series.boxes() {
        let (left, right) = (x - half, x + half);
        upright.extend([(x, low, lower), (x, upper, high), (left, lower, upper), (right, lower, upper)]);
        across.extend([(left, right, lower), (left, right, upper)]);
        across.extend([low, high].map(|y| (x - half / 2.0, x + half / 2.0, y)));
        medians.push((left, right, median));
    }
    let level = |(x1, x2, y): &(f64, f64, f64)| frame.line(&[(*x1, *y), (*x2, *y)]);
    let upright = upright.iter().flat_map(|(x, y1, y2)| frame.line(&[(*x, *y1), (*x, *y2)])).collect();
    [
        solid(Ink::Whisker(k), upright),
        solid(Ink::Edge(k), across.iter().flat_map(level).collect()),
        solid(Ink::Series(k), medians.iter().flat_map(level).collect()),
    ]
}

fn bars(plot: &Plot, frame: &Frame, (dots_across, _): (usize, usize), glyphs: Glyphs) -> Vec<Layer> {
    let low = range(&plot.x).0;
    let room = (frame.across(low + step(plot, Mark::Bars)) - frame.across(low)).abs();
    let wide = (room * 0.8).floor().clamp(1.0, dots_across.max(1) as f64);
    let of = numbered(plot).into_iter().filter(|(_, s)| s.mark == Mark::Bars);
    let (from, to) = range(&plot.x);
    let base = of.clone().next().map(|_| solid(Ink::Horizontal, frame.line(&[(from, 0.0), (to, 0.0)])));
    let bars = of.enumerate().map(|(pattern, (k, s))| {
        // A bar of no height, as of an empty bin, is none.
        let dots = s.points.iter().filter(|p| p.1 != 0.0).flat_map(|p| bar(*p, frame, wide));
        let dots = dots.filter(|d| glyphs != Glyphs::Braille || filled(pattern, *d));
        let dots = dots.map(|(x, y)| (x as f64, y as f64)).collect();
        Layer { ink: if s.faint { Ink::Faint(k) } else { Ink::Bars(k, pattern) }, lines: Vec::new(), dots }
    });
    base.into_iter().chain(bars).collect()
}

fn bar((x, y): Point, frame: &Frame, wide: f64) -> Vec<(i64, i64)> {
    let (Some(tip), Some(foot)) = (frame.clamped((x, y)), frame.clamped((x, 0.0))) else { return Vec::new() };
    if frame.across(x) != tip.0 {
        return Vec::new();
    }
    let left = (tip.0 - (wide - 1.0) / 2.0).round() as i64;
    let (top, bottom) = (tip.1.min(foot.1).round() as i64, tip.1.max(foot.1).round() as i64);
    let foot = foot.1.round() as i64;
    let rows = (top..=bottom).filter(|y| top == bottom || *y != foot);
    rows.flat_map(|y| (left..left + wide as i64).map(move |x| (x, y))).collect()
}

fn filled(pattern: usize, (x, y): (i64, i64)) -> bool {
    match pattern % 4 {
        0 => true,
        1 => (x + y) % 2 == 0,
        2 => y % 2 == 0,
        _ => x % 2 == 0,
    }
}
