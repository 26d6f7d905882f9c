//! A picture for print: one rectangle a run of pixels of one grey, outlines on top, each in the colour of its mark beside
//! the title.

use super::{WIDTH, colour, word};
use crate::page::Picture;

const TOP: f64 = 34.0;

/// Height of the drawing.
pub fn height(picture: &Picture) -> f64 {
    TOP + picture.size[1] as f64 * pixel(picture)[1] + 10.0
}

/// The elements.
pub fn draw(picture: &Picture) -> String {
    let [wide, high] = picture.size;
    let [dx, dy] = pixel(picture);
    let mut body = word((20.0, 22.0), "font-weight=\"bold\"", &picture.title);
    for (k, (mark, _)) in picture.outlines.iter().enumerate() {
        let style = format!("font-weight=\"bold\" fill=\"{}\"", colour(k + 1));
        body.push_str(&word((WIDTH - 60.0 + 20.0 * k as f64, 22.0), &style, &mark.to_string()));
    }
    body.push_str("<g shape-rendering=\"crispEdges\">\n");
    let mut run = |from: usize, to: usize, y: usize, fill: &str| {
        let (x, y) = (20.0 + from as f64 * dx, TOP + y as f64 * dy);
        let across = (to - from) as f64 * dx;
        body.push_str(&format!(
            "<rect x=\"{x:.2}\" y=\"{y:.2}\" width=\"{across:.2}\" height=\"{dy:.2}\" fill=\"{fill}\"/>\n"
        ));
    };
    for y in 0..high {
        let fill = |x: usize| {
            let i = x + wide * y;
            let outline = picture.outlines.iter().position(|(_, passes)| passes[i]);
            let grey = (picture.grey[i].clamp(0.0, 1.0) * 63.0).round() as u8 * 4;
            outline.map_or_else(|| format!("#{grey:02x}{grey:02x}{grey:02x}"), |k| colour(k + 1).to_string())
        };
        let mut from = 0;
        for x in 1..=wide {
            if x == wide || fill(x) != fill(from) {
                run(from, x, y, &fill(from));
                from = x;
            }
        }
    }
    body + "</g>\n"
}

/// Width and height of a pixel on the page.
fn pixel(picture: &Picture) -> [f64; 2] {
    let across = picture.pixel[0] * picture.size[0] as f64;
    let scale = ((WIDTH - 40.0) / across).min(640.0 / (picture.pixel[1] * picture.size[1] as f64));
    picture.pixel.map(|mm| mm * scale)
}
