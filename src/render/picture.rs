//! A picture in cells: shades of grey where the terminal has them, characters by darkness where it has not, and the outlines
//! as characters of their own.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};

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

/// Draw title and picture, as large as its proportions allow. Outlines have a colour each, the same on any grey, and their
/// marks stand in it beside the title.
pub fn draw(picture: &Picture, area: Rect, theme: Theme, buf: &mut Buffer) {
    let area = area.intersection(buf.area);
    if area.height < 2 || area.width == 0 {
        return;
    }
    head(picture, Rect { height: 1, ..area }, theme, buf);
    // Half blocks hold two pixels, one over the other.
    let layers = if theme.colour < Colour::Indexed || theme.glyphs == Glyphs::Ascii { 1 } else { 2 };
    let room = [f64::from(area.width), f64::from(area.height - 1)];
    let [across, down] = extent(picture);
    let scale = (room[0] / across).min(room[1] * CELL / down);
    let cells = [(across * scale).round().clamp(1.0, room[0]), (down * scale / CELL).round().clamp(1.0, room[1])];
    let [wide, high] = cells.map(|n| n as usize);
    let small = picture.scaled([wide, high * layers]);
    let pixel = |x: usize, y: usize| {
        let i = x + wide * y;
        let outline = small.outlines.iter().position(|(_, passes)| passes[i]);
        Pixel { grey: small.grey[i].clamp(0.0, 1.0), outline }
    };
    for (x, y) in (0..high).flat_map(|y| (0..wide).map(move |x| (x, y))) {
        let (upper, lower) = (pixel(x, y * layers), pixel(x, y * layers + layers - 1));
        let (text, style) = match layers {
            1 => shaded(&upper, &small, theme),
            _ => halves(&upper, &lower, &small, theme),
        };
        write(buf, (area.x + x as u16, area.y + 1 + y as u16), 1, &text.to_string(), style);
    }
}

/// A pixel as it is drawn.
struct Pixel {
    grey: f64,
    /// The number of the outline that passes it.
    outline: Option<usize>,
}

/// The title, and at the right the marks of the outlines in their colours where there are several, room and colour: a single
/// one is told from no other, and its mark alone would be read as a number.
fn head(picture: &Picture, row: Rect, theme: Theme, buf: &mut Buffer) {
    let marks =
        if theme.colour == Colour::None || picture.outlines.len() < 2 { 0 } else { picture.outlines.len() as u16 * 2 };
    let marks = if row.width > 8 * marks { marks } else { 0 };
    let room = row.width - marks;
    let title = elide(&clean(&picture.title, theme.glyphs), usize::from(room), theme.glyphs);
    write(buf, (row.x, row.y), room, &title, theme.heading());
    for (k, (mark, _)) in picture.outlines.iter().enumerate().take(usize::from(marks / 2)) {
        write(buf, (row.x + room + 1 + 2 * k as u16, row.y), 1, &mark.to_string(), outlined(k, theme));
    }
}

fn extent(picture: &Picture) -> [f64; 2] {
    [0, 1].map(|k| (picture.pixel[k] * picture.size[k] as f64).max(f64::MIN_POSITIVE))
}

/// A cell of one pixel: a character by darkness, or the outline's mark.
fn shaded(pixel: &Pixel, picture: &Picture, theme: Theme) -> (char, Style) {
    if let Some(k) = pixel.outline {
        return (picture.outlines[k].0, outlined(k, theme));
    }
    if theme.colour >= Colour::Indexed {
        return (' ', Style::new().bg(grey(pixel.grey, theme)));
    }
    let ramp: &[char] = match theme.glyphs {
        Glyphs::Ascii => &[' ', '.', ':', '-', '=', '+', '*', '%', '@'],
        _ => &[' ', '░', '▒', '▓', '█'],
    };
    (ramp[((pixel.grey * ramp.len() as f64) as usize).min(ramp.len() - 1)], Style::new())
}

/// A cell of two pixels; the mark of an outline that passes both.
fn halves(upper: &Pixel, lower: &Pixel, picture: &Picture, theme: Theme) -> (char, Style) {
    if let (Some(k), true) = (upper.outline, upper.outline == lower.outline) {
        return (picture.outlines[k].0, outlined(k, theme));
    }
    let colour = |pixel: &Pixel| match pixel.outline {
        Some(k) => theme.series(READERS[k % READERS.len()]).fg.unwrap_or(Color::Yellow),
        None => grey(pixel.grey, theme),
    };
    ('▀', Style::new().fg(colour(upper)).bg(colour(lower)))
}

/// The k-th reader's colour among those of series: the light ones first, which stand out on dark tissue and on bright.
const READERS: [usize; 6] = [1, 5, 3, 2, 4, 0];

/// A mark on its reader's colour; where there is none, by weight alone.
fn outlined(k: usize, theme: Theme) -> Style {
    let bold = Style::new().add_modifier(Modifier::BOLD);
    match theme.series(READERS[k % READERS.len()]).fg {
        Some(colour) => bold.bg(colour).fg(Color::Black),
        None => bold,
    }
}

/// A grey from 0 (black) to 1 (white): one of 256 where the terminal shows any colour, else of the 24 that it has.
fn grey(grey: f64, theme: Theme) -> Color {
    if theme.colour == Colour::True {
        let level = (grey * 255.0).round() as u8;
        return Color::Rgb(level, level, level);
    }
    Color::Indexed(232 + (grey * 23.0).round() as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A bright half and a dark half, with the outlines of two readers over both.
    fn drawn(colour: Colour) -> Buffer {
        with(colour, &['1', '2'])
    }

    /// The same with the outlines of as many readers as there are marks.
    fn with(colour: Colour, readers: &[char]) -> Buffer {
        let column = |c: usize| (0..64).map(|i| i % 8 == c).collect::<Vec<bool>>();
        let picture = Picture {
            title: "slice".into(),
            size: [8, 8],
            pixel: [1.0, 1.0],
            grey: (0..64).map(|i| if i < 32 { 0.0 } else { 1.0 }).collect(),
            outlines: readers.iter().zip([2, 5]).map(|(mark, at)| (*mark, column(at))).collect(),
        };
        let area = Rect::new(0, 0, 40, 5);
        let mut buf = Buffer::empty(area);
        draw(&picture, area, Theme { glyphs: Glyphs::Block, colour }, &mut buf);
        buf
    }

    #[test]
    fn a_reader_has_one_colour_on_every_grey_and_it_is_no_other_readers() {
        for colour in [Colour::Sixteen, Colour::Indexed, Colour::True] {
            let buf = drawn(colour);
            let of = |mark: &str| {
                let mut all: Vec<Color> = buf.content.iter().filter(|c| c.symbol() == mark).map(|c| c.bg).collect();
                all.dedup();
                all
            };
            let (first, second) = (of("1"), of("2"));
            assert_eq!((first.len(), second.len()), (1, 1), "{colour:?}");
            assert_ne!(first, second, "{colour:?}");
            let marks = |y: u16| (0..40).filter(|x| ["1", "2"].contains(&buf[(*x, y)].symbol())).count();
            assert_eq!(marks(0), 2, "both marks stand beside the title");
            assert!((1..5).all(|y| marks(y) >= 2), "{colour:?}: dark and bright rows");
        }
    }

    #[test]
    fn a_single_readers_mark_stands_on_the_outline_and_not_beside_the_title() {
        let buf = with(Colour::True, &['1']);
        let marks = |y: u16| (0..40).filter(|x| buf[(*x, y)].symbol() == "1").count();
        assert_eq!(marks(0), 0);
        assert!((1..5).all(|y| marks(y) > 0));
    }

    #[test]
    fn half_blocks_hold_two_rows() {
        let picture = Picture {
            title: "t".into(),
            size: [2, 4],
            pixel: [1.0, 1.0],
            grey: vec![0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0, 1.0],
            outlines: Vec::new(),
        };
        let area = Rect::new(0, 0, 2, 3);
        let mut buf = Buffer::empty(area);
        draw(&picture, area, Theme { glyphs: Glyphs::Block, colour: Colour::True }, &mut buf);
        for y in [1, 2] {
            let cell = &buf[(0, y)];
            assert_eq!((cell.symbol(), cell.fg, cell.bg), ("▀", Color::Rgb(0, 0, 0), Color::Rgb(255, 255, 255)));
        }
    }
}
