//! A picture in cells: shades of grey where the terminal has them, characters by darkness where it has not, and the outlines
//! as characters of their own.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Style};

use super::theme::{Colour, Glyphs, Theme};
use super::words::{clean, elide, write};
use crate::page::Picture;

/// A cell of a terminal is about twice as high as it is wide.
const CELL: f64 = 2.0;

/// Rows a picture takes, title included, on so many columns; never more than `most`.
pub fn rows(picture: &Picture, wide: u16, most: u16) -> u16 {
    let [across, down] = extent(picture);
    let high = f64::from(wide) * down / across / CELL;
    (high.round() as u16).clamp(1, most.saturating_sub(1).max(1)) + 1
}

/// Draw title and picture, as large as its proportions allow.
pub fn draw(picture: &Picture, area: Rect, theme: Theme, buf: &mut Buffer) {
    let area = area.intersection(buf.area);
    if area.height < 2 || area.width == 0 {
        return;
    }
    let title = elide(&clean(&picture.title, theme.glyphs), usize::from(area.width), theme.glyphs);
    write(buf, (area.x, area.y), area.width, &title, theme.heading());
    let room = [f64::from(area.width), f64::from(area.height - 1)];
    let [across, down] = extent(picture);
    let scale = (room[0] / across).min(room[1] * CELL / down);
    let cells = [(across * scale).round().clamp(1.0, room[0]), (down * scale / CELL).round().clamp(1.0, room[1])];
    let small = picture.scaled(cells.map(|n| n as usize));
    for (i, grey) in small.grey.iter().enumerate() {
        let (x, y) = (area.x + (i % small.size[0]) as u16, area.y + 1 + (i / small.size[0]) as u16);
        let outline = small.outlines.iter().find(|(_, passes)| passes[i]).map(|(mark, _)| *mark);
        let (text, style) = cell(*grey, outline, theme);
        write(buf, (x, y), 1, &text.to_string(), style);
    }
}

fn extent(picture: &Picture) -> [f64; 2] {
    [0, 1].map(|k| (picture.pixel[k] * picture.size[k] as f64).max(f64::MIN_POSITIVE))
}

fn cell(grey: f64, outline: Option<char>, theme: Theme) -> (char, Style) {
    let grey = grey.clamp(0.0, 1.0);
    if theme.colour < Colour::Indexed {
        let ramp: &[char] = match theme.glyphs {
            Glyphs::Ascii => &[' ', '.', ':', '-', '=', '+', '*', '%', '@'],
            _ => &[' ', '░', '▒', '▓', '█'],
        };
        let shade = ramp[((grey * ramp.len() as f64) as usize).min(ramp.len() - 1)];
        return match outline {
            None => (shade, Style::new()),
            Some(mark) => (mark, theme.caution()),
        };
    }
    let ground = Style::new().bg(Color::Indexed(232 + (grey * 23.0).round() as u8));
    match outline {
        None => (' ', ground),
        Some(mark) => (mark, ground.fg(if grey > 0.5 { Color::Red } else { Color::LightYellow })),
    }
}
