//! Dots in cells: lines and points in dot coordinates become braille, half blocks or 7-bit characters.

use super::frame::Point;
use super::theme::Glyphs;

/// What a dot belongs to: it decides character and style.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// The curve of the k-th series.
    Series(usize),
    /// The bars of the k-th series, filled with the n-th pattern.
    Bars(usize, usize),
    /// The interval of single points of the k-th series.
    Whisker(usize),
    /// A horizontal edge of a box of the k-th series.
    Edge(usize),
    /// The limits of a band around the k-th series.
    Band(usize),
    /// A series that is only context.
    Faint(usize),
    Diagonal,
    Vertical,
    Horizontal,
}

/// Solid lines and single dots of one ink, in dot coordinates, y downwards.
#[derive(Clone, Debug)]
pub struct Layer {
    pub ink: Ink,
    pub lines: Vec<Vec<Point>>,
    pub dots: Vec<Point>,
}

/// A grid of cells; each holds dots, coloured by the ink that came last.
pub struct Canvas {
    pub cols: usize,
    pub rows: usize,
    glyphs: Glyphs,
    spots: Vec<(u8, Option<Ink>)>,
}

/// Dots across and down in one cell.
pub fn dots_per_cell(glyphs: Glyphs) -> (usize, usize) {
    match glyphs {
        Glyphs::Braille => (2, 4),
        Glyphs::Block => (1, 2),
        Glyphs::Ascii => (1, 1),
    }
}

/// The dots of a line, both ends included.
pub fn walk(from: Point, to: Point) -> impl Iterator<Item = (i64, i64)> {
    let [x1, y1, x2, y2] = [from.0, from.1, to.0, to.1].map(|v| v.round() as i64);
    let (dx, dy) = (x2 - x1, y2 - y1);
    let n = dx.abs().max(dy.abs());
    (0..=n).map(move |i| if n == 0 { (x1, y1) } else { (x1 + i * dx / n, y1 + i * dy / n) })
}

/// The dots a layer sets, one byte of bits a cell, row by row.
pub fn bits(layer: &Layer, (cols, rows): (usize, usize), glyphs: Glyphs) -> Vec<u8> {
    let mut cells = vec![0; cols * rows];
    let (across, down) = dots_per_cell(glyphs);
    let mut set = |(x, y): (i64, i64)| {
        let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y)) else { return };
        if x / across < cols && y / down < rows {
            cells[y / down * cols + x / across] |= bit(x % across, y % down, glyphs);
        }
    };
    for line in &layer.lines {
        line.windows(2).for_each(|w| walk(w[0], w[1]).for_each(&mut set));
    }
    layer.dots.iter().for_each(|(x, y)| set((x.round() as i64, y.round() as i64)));
    cells
}

impl Canvas {
    pub fn new(cols: usize, rows: usize, glyphs: Glyphs) -> Self {
        Self { cols, rows, glyphs, spots: vec![(0, None); cols * rows] }
    }

    /// Lay the dots of one ink over what is there: a cell takes the style of the last, and in braille keeps
    /// the dots of all, except that a curve stands clear of those that are only context. Where a cell has one character only, an
    /// upright guide stays whole across level lines: the one that intervals are read against.
    pub fn add(&mut self, ink: Ink, bits: &[u8]) {
        for (spot, bits) in self.spots.iter_mut().zip(bits).filter(|(_, bits)| **bits != 0) {
            if self.glyphs != Glyphs::Braille && (spot.1, ink) == (Some(Ink::Vertical), Ink::Horizontal) {
                continue;
            }
            let context = matches!((spot.1, ink), (Some(Ink::Faint(_)), Ink::Series(_)));
            let kept = if spot.1 == Some(ink) || (self.glyphs == Glyphs::Braille && !context) { spot.0 } else { 0 };
            *spot = (kept | bits, Some(ink));
        }
    }

    /// The character of a cell and its ink; none where nothing was drawn.
    pub fn symbol(&self, col: usize, row: usize) -> Option<(char, Ink)> {
        let (bits, ink) = *self.spots.get(row * self.cols + col)?;
        let ink = ink?;
        let symbol = match self.glyphs {
            Glyphs::Braille => char::from_u32(0x2800 + u32::from(bits)).unwrap_or(' '),
            Glyphs::Block => block(bits, ink),
            Glyphs::Ascii => ascii(ink),
        };
        Some((symbol, ink))
    }
}

fn bit(x: usize, y: usize, glyphs: Glyphs) -> u8 {
    const BRAILLE: [[u8; 2]; 4] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];
    match glyphs {
        Glyphs::Braille => BRAILLE[y][x],
        Glyphs::Block => 1 << y,
        Glyphs::Ascii => 1,
    }
}

fn block(bits: u8, ink: Ink) -> char {
    match (ink, bits) {
        (Ink::Diagonal, _) => '·',
        (Ink::Vertical, _) => '│',
        (Ink::Horizontal | Ink::Edge(_), _) => '─',
        (Ink::Whisker(_), _) => '│',
        (Ink::Band(_) | Ink::Faint(_), _) => '·',
        (Ink::Bars(_, pattern), 3) | (Ink::Bars(_, pattern @ 1..), _) => ['█', '░', '▒', '▓'][pattern % 4],
        (_, 1) => '▀',
        (_, 2) => '▄',
        _ => '█',
    }
}

fn ascii(ink: Ink) -> char {
    match ink {
        Ink::Series(k) => Glyphs::Ascii.mark(k),
        Ink::Bars(_, pattern) => ['#', ':', '=', '%'][pattern % 4],
        Ink::Whisker(_) | Ink::Vertical => '|',
        Ink::Band(_) => '\'',
        Ink::Faint(_) => ',',
        Ink::Diagonal => '.',
        Ink::Horizontal | Ink::Edge(_) => '-',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layer(line: Vec<Point>) -> Layer {
        Layer { ink: Ink::Series(0), lines: vec![line], dots: Vec::new() }
    }

    #[test]
    fn dots_outside_are_left_out() {
        let layer = layer(vec![(-5.0, -5.0), (50.0, 50.0)]);
        assert_eq!(bits(&layer, (2, 2), Glyphs::Ascii), [1, 0, 0, 1]);
        assert!(bits(&layer, (0, 0), Glyphs::Braille).is_empty());
    }

    #[test]
    fn an_upright_guide_stays_whole_across_an_interval() {
        for (glyphs, upright) in [(Glyphs::Ascii, '|'), (Glyphs::Block, '│')] {
            let mut canvas = Canvas::new(3, 1, glyphs);
            canvas.add(Ink::Vertical, &[0, 1, 0]);
            canvas.add(Ink::Horizontal, &[1, 1, 1]);
            let drawn: Vec<char> = (0..3).filter_map(|x| canvas.symbol(x, 0)).map(|(symbol, _)| symbol).collect();
            assert_eq!((drawn.len(), drawn[1]), (3, upright), "{drawn:?}");
            assert!(drawn[0] == drawn[2] && drawn[0] != upright);
            canvas.add(Ink::Series(0), &[0, 1, 0]);
            assert_eq!(canvas.symbol(1, 0).map(|(_, ink)| ink), Some(Ink::Series(0)), "an estimate there is seen");
        }
    }

    #[test]
    fn a_cell_of_braille_has_eight_dots() {
        let all = Layer { dots: (0..8).map(|i| (f64::from(i % 2), f64::from(i / 2))).collect(), ..layer(Vec::new()) };
        assert_eq!(bits(&all, (1, 1), Glyphs::Braille), [0xff]);
        let mut canvas = Canvas::new(1, 1, Glyphs::Braille);
        canvas.add(all.ink, &bits(&all, (1, 1), Glyphs::Braille));
        assert_eq!(canvas.symbol(0, 0), Some(('⣿', Ink::Series(0))));
    }
}
