//! Figures as SVG for print: 720 by 540 and what a legend takes below, Okabe and Ito's colours with dashes and marks that differ as well.

mod curves;
mod legend;
mod panel;
mod picture;
mod scales;

use super::theme::Glyphs;
use super::words::clean;
use crate::page::{Block, Picture, Plot, Scale};

/// A block as an SVG document; none where it is no figure.
pub fn figure(block: &Block) -> Option<String> {
    match block {
        Block::Plot(shown) => Some(plot(shown)),
        Block::Scales { title, scales: shown } => Some(scales(title, shown)),
        Block::Picture(shown) => Some(picture(shown)),
        _ => None,
    }
}

/// A plot as an SVG document.
pub fn plot(plot: &Plot) -> String {
    NAMESPACED.replace("{}", &inline_plot(plot)["<svg".len()..])
}

/// A nomogram as an SVG document.
pub fn scales(title: &str, scales: &[Scale]) -> String {
    NAMESPACED.replace("{}", &inline_scales(title, scales)["<svg".len()..])
}

/// A picture as an SVG document.
pub fn picture(shown: &Picture) -> String {
    NAMESPACED.replace("{}", &inline_picture(shown)["<svg".len()..])
}

/// A plot as an element of an HTML page, where the namespace is understood.
pub(super) fn inline_plot(plot: &Plot) -> String {
    let (body, height) = panel::draw(plot);
    svg(&plot.title, height, &body)
}

/// A picture as an element of an HTML page.
pub(super) fn inline_picture(shown: &Picture) -> String {
    svg(&shown.title, picture::height(shown).round(), &picture::draw(shown))
}

/// A nomogram as an element of an HTML page.
pub(super) fn inline_scales(title: &str, scales: &[Scale]) -> String {
    svg(title, scales::height(scales), &scales::draw(title, scales))
}

/// Text as XML holds it, without control characters.
pub(super) fn escape(text: &str) -> String {
    let text = clean(text, Glyphs::Braille);
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

const NAMESPACED: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\"{}\n";

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 540.0;

fn svg(title: &str, height: f64, body: &str) -> String {
    let title = escape(title);
    format!(
        "<svg viewBox=\"0 0 720 {height}\" width=\"720\" height=\"{height}\" role=\"img\" aria-label=\"{title}\" \
         font-family=\"Helvetica, Arial, sans-serif\" font-size=\"13\" fill=\"#222\">\n<title>{title}</title>\n\
         <rect width=\"720\" height=\"{height}\" fill=\"#fff\"/>\n{body}</svg>"
    )
}

/// Okabe and Ito's colours, blue first; yellow is too light for a line on paper.
fn colour(k: usize) -> &'static str {
    ["#0072B2", "#E69F00", "#CC79A7", "#009E73", "#D55E00", "#56B4E9", "#000000"][k % 7]
}

/// The dashes of the k-th curve: solid first; as seven colours and six dashes have no common divisor, 42 curves differ.
fn dash(k: usize) -> &'static str {
    ["", "8 4", "3 3", "10 3 2 3", "14 5", "6 2 2 2 2 2"][k % 6]
}

/// The k-th mark around a point.
fn mark(k: usize, (x, y): (f64, f64), style: &str) -> String {
    let polygon = |points: &[(f64, f64)]| {
        let points: Vec<String> = points.iter().map(|(dx, dy)| format!("{:.1},{:.1}", x + dx, y + dy)).collect();
        format!("<polygon points=\"{}\" {style}/>\n", points.join(" "))
    };
    match k % 5 {
        0 => format!("<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\" {style}/>\n"),
        1 => polygon(&[(0.0, -5.0), (4.8, 3.6), (-4.8, 3.6)]),
        2 => polygon(&[(-3.8, -3.8), (3.8, -3.8), (3.8, 3.8), (-3.8, 3.8)]),
        3 => polygon(&[(0.0, -5.4), (5.0, 0.0), (0.0, 5.4), (-5.0, 0.0)]),
        _ => polygon(&[(0.0, 5.0), (4.8, -3.6), (-4.8, -3.6)]),
    }
}

/// A straight line.
fn line((x1, y1): (f64, f64), (x2, y2): (f64, f64), style: &str) -> String {
    format!("<line x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\" {style}/>\n")
}

/// A word at a place; `style` says how it is anchored.
fn word((x, y): (f64, f64), style: &str, text: &str) -> String {
    format!("<text x=\"{x:.1}\" y=\"{y:.1}\" {style}>{}</text>\n", escape(text))
}

/// About how wide a text is at 12 or 13 pixels; DejaVu, which stands in for Helvetica on many machines, is a seventh wider.
fn text_width(text: &str) -> f64 {
    super::words::width(text) as f64 * 7.8
}
