//! The series of an SVG plot: bands, bars, whiskers, curves and marks.

use super::{colour, dash, line, mark};
use crate::page::{Boxed, Mark, Plot, Series};
use crate::render::figure::strokes::{curve, half_box, limits, numbered, path, step};
use crate::render::frame::{Frame, Point, range, steps};

/// All series: what is broad first, the first series on top.
pub fn draw(plot: &Plot, frame: &Frame) -> String {
    let mut out = String::new();
    let series = || numbered(plot).into_iter().rev();
    for (k, s) in series().filter(|(_, s)| curve(s)) {
        out += &band(k, s, frame);
    }
    out += &bars(plot, frame);
    out += &boxes(plot, frame);
    for (_, s) in series().filter(|(_, s)| s.faint && curve(s)) {
        out += &lines(s, frame, "fill=\"none\" stroke=\"#b8b8b8\" stroke-width=\"1\"");
    }
    for (k, s) in series().filter(|(_, s)| !curve(s)) {
        out += &whiskers(k, s, frame);
    }
    for (k, s) in series().filter(|(_, s)| !s.faint && curve(s)) {
        out += &lines(s, frame, &stroke(k));
    }
    for (k, s) in series().filter(|(_, s)| s.mark == Mark::Dots) {
        let style = format!("fill=\"{}\"", if s.faint { "#b8b8b8" } else { colour(k) });
        out.extend(s.points.iter().filter_map(|p| frame.inside(*p)).map(|at| mark(k, at, &style)));
    }
    out
}

/// How the k-th curve is stroked.
pub fn stroke(k: usize) -> String {
    let dashes = if dash(k).is_empty() { String::new() } else { format!(" stroke-dasharray=\"{}\"", dash(k)) };
    format!("fill=\"none\" stroke=\"{}\" stroke-width=\"2\" stroke-linejoin=\"round\"{dashes}", colour(k))
}

/// How the n-th series of bars, the k-th of all, is filled: solid, hollow, half.
pub fn fill(k: usize, pattern: usize) -> String {
    let (fill, opacity) = [(colour(k), 1.0), ("#fff", 1.0), (colour(k), 0.45)][pattern % 3];
    format!("fill=\"{fill}\" fill-opacity=\"{opacity}\" stroke=\"{}\" stroke-width=\"1\"", colour(k))
}

/// Points on everything drawn, close enough together to know where a legend would cover it.
pub fn trace(plot: &Plot, frame: &Frame) -> Vec<Point> {
    let mut trace = Vec::new();
    for s in &plot.series {
        let edges = [|i: (f64, f64)| i.0, |i: (f64, f64)| i.1].map(|pick| limits(s).map(move |(p, i)| (p.0, pick(i))));
        let mut ways: Vec<Vec<Point>> = edges.into_iter().map(Iterator::collect).collect();
        match s.mark {
            Mark::Bars => ways.extend(s.points.iter().map(|p| vec![(p.0, 0.0), *p])),
            Mark::Boxes => {
                let half = half_box(plot);
                let side = |b: Boxed<'_>, by: f64| vec![(b.x + by, b.five[0]), (b.x + by, b.five[4])];
                ways.extend(s.boxes().flat_map(|b| [-half, 0.0, half].map(|by| side(b, by))));
                trace.extend(s.boxes().flat_map(|b| b.beyond).filter_map(|p| frame.inside(*p)));
            }
            Mark::Dots => trace.extend(s.points.iter().filter_map(|p| frame.inside(*p))),
            _ => ways.push(path(s)),
        }
        for piece in ways.iter().flat_map(|w| frame.line(w)) {
            for w in piece.windows(2) {
                let far = (w[1].0 - w[0].0).hypot(w[1].1 - w[0].1);
                let n = (far / 5.0).ceil().clamp(1.0, 400.0);
                trace.extend(
                    (0..=n as usize)
                        .map(|i| i as f64 / n)
                        .map(|t| (w[0].0 + t * (w[1].0 - w[0].0), w[0].1 + t * (w[1].1 - w[0].1))),
                );
            }
        }
    }
    trace
}

fn lines(series: &Series, frame: &Frame, style: &str) -> String {
    let pieces = frame.line(&path(series));
    pieces.iter().map(|p| format!("<polyline points=\"{}\" {style}/>\n", points(p))).collect()
}

fn band(k: usize, series: &Series, frame: &Frame) -> String {
    let edge = |pick: fn((f64, f64)) -> f64| -> Vec<Point> {
        let edge: Vec<Point> = limits(series).map(|(p, i)| (p.0, pick(i))).collect();
        if series.mark == Mark::Step { steps(&edge) } else { edge }
    };
    let (low, high) = (edge(|i| i.0), edge(|i| i.1));
    let known = |i: &usize| low[*i].1.is_finite() && high[*i].1.is_finite() && low[*i].0.is_finite();
    let mut out = String::new();
    let indices: Vec<usize> = (0..low.len()).collect();
    for run in indices.split(|i| !known(i)).filter(|r| r.len() > 1) {
        let upper = run.iter().filter_map(|i| frame.clamped(high[*i]));
        let lower = run.iter().rev().filter_map(|i| frame.clamped(low[*i]));
        let outline: Vec<Point> = upper.chain(lower).collect();
        out += &format!("<polygon points=\"{}\" fill=\"{}\" fill-opacity=\"0.16\"/>\n", points(&outline), colour(k));
    }
    out
}

fn whiskers(k: usize, series: &Series, frame: &Frame) -> String {
    let shade = if series.faint { "#b8b8b8" } else { colour(k) };
    let style = format!("stroke=\"{shade}\" stroke-width=\"1.2\" stroke-opacity=\"0.6\"");
    let mut out = String::new();
    for ((x, _), (low, high)) in limits(series) {
        out.extend(frame.line(&[(x, low), (x, high)]).iter().map(|p| line(p[0], p[1], &style)));
        for (x, y) in [(x, low), (x, high)].into_iter().filter_map(|p| frame.inside(p)) {
            out += &line((x - 3.0, y), (x + 3.0, y), &style);
        }
    }
    out
}

fn bars(plot: &Plot, frame: &Frame) -> String {
    let low = range(&plot.x).0;
    let wide = (frame.across(low + step(plot, Mark::Bars)) - frame.across(low)).abs() * 0.8;
    let mut out = String::new();
    let of = numbered(plot).into_iter().filter(|(_, s)| s.mark == Mark::Bars);
    for (pattern, (k, s)) in of.enumerate() {
        for p in &s.points {
            let (Some(tip), Some(foot)) = (frame.clamped(*p), frame.clamped((p.0, 0.0))) else { continue };
            if (frame.across(p.0) - tip.0).abs() > 0.01 {
                continue;
            }
            let (x, y) = (tip.0 - wide / 2.0, tip.1.min(foot.1));
            let high = (tip.1 - foot.1).abs();
            let style = if s.faint { "fill=\"#b8b8b8\"".to_string() } else { fill(k, pattern) };
            out += &format!("<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{wide:.1}\" height=\"{high:.1}\" {style}/>\n");
        }
    }
    out
}

fn boxes(plot: &Plot, frame: &Frame) -> String {
    let half = half_box(plot);
    let mut out = String::new();
    for (k, s) in numbered(plot) {
        let thin = format!("stroke=\"{}\" stroke-width=\"1.5\"", colour(k));
        let thick = format!("stroke=\"{}\" stroke-width=\"3\"", colour(k));
        for Boxed { x, five: [low, lower, median, upper, high], beyond } in s.boxes() {
            let rule = |(x1, y1): Point, (x2, y2): Point, style: &str| {
                frame.line(&[(x1, y1), (x2, y2)]).iter().map(|p| line(p[0], p[1], style)).collect::<String>()
            };
            let (Some(from), Some(to)) = (frame.clamped((x - half, upper)), frame.clamped((x + half, lower))) else {
                continue;
            };
            let (wide, tall) = (to.0 - from.0, to.1 - from.1);
            out += &rule((x, low), (x, lower), &thin);
            out += &rule((x, upper), (x, high), &thin);
            out.extend([low, high].map(|y| rule((x - half / 2.0, y), (x + half / 2.0, y), &thin)));
            let at = format!("x=\"{:.1}\" y=\"{:.1}\" width=\"{wide:.1}\" height=\"{tall:.1}\"", from.0, from.1);
            out += &format!("<rect {at} {}/>\n", boxed(k));
            out += &rule((x - half, median), (x + half, median), &thick);
            let hollow = format!("fill=\"none\" {thin}");
            out.extend(beyond.iter().filter_map(|p| frame.inside(*p)).map(|at| mark(k, at, &hollow)));
        }
    }
    out
}

/// How a box of the k-th series is filled: the first is tinted, the others are hollow.
pub fn boxed(k: usize) -> String {
    let opacity = [0.35, 0.0][k.min(1)];
    format!("fill=\"{0}\" fill-opacity=\"{opacity}\" stroke=\"{0}\" stroke-width=\"1.5\"", colour(k))
}

fn points(points: &[Point]) -> String {
    points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect::<Vec<_>>().join(" ")
}
