//! Dots through the `textplots` crate: braille for pipes and headless runs.
//!
//! The crate is used as a canvas of dots in their own coordinates, where its faults cannot show: everything is clipped before
//! (it would pull what lies outside to the border), lines are `Lines` (its `Continuous` leaves out y = 0), bars are `Points`
//! (its `Bars` draws each bar with its neighbour's height), the chart is never narrower than the 32 dots it insists on,
//! and axes, labels and colours are ours.

use textplots::{Chart, Plot, Shape};

use super::canvas::Layer;

/// The dots a layer sets, one byte of braille bits a cell, row by row: as [`super::canvas::bits`].
pub fn bits(layer: &Layer, (cols, rows): (usize, usize)) -> Vec<u8> {
    if cols == 0 || rows == 0 {
        return Vec::new();
    }
    let (wide, high) = ((2 * cols as u32 - 1).max(32), (4 * rows as u32 - 1).max(3));
    let place = |(x, y): (f64, f64)| (x.round() as f32, high as f32 - y.round() as f32);
    let lines: Vec<Vec<(f32, f32)>> = layer.lines.iter().map(|l| l.iter().copied().map(place).collect()).collect();
    let dots: Vec<(f32, f32)> = layer.dots.iter().copied().map(place).collect();
    let shapes: Vec<Shape> = lines.iter().map(|l| Shape::Lines(l)).chain([Shape::Points(&dots)]).collect();
    let mut chart = Chart::new_with_y_range(wide, high, 0.0, wide as f32, 0.0, high as f32);
    let mut drawn = &mut chart;
    for shape in &shapes {
        drawn = drawn.lineplot(shape);
    }
    drawn.figures();
    braille(&drawn.frame(), (cols, rows))
}

fn braille(frame: &str, (cols, rows): (usize, usize)) -> Vec<u8> {
    let mut cells = vec![0; cols * rows];
    for (row, line) in frame.lines().take(rows).enumerate() {
        for (col, c) in line.chars().take(cols).enumerate() {
            cells[row * cols + col] = u8::try_from((c as u32).saturating_sub(0x2800)).unwrap_or(0);
        }
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::canvas::{self, Ink};
    use crate::render::theme::Glyphs;

    #[test]
    fn the_crate_sets_the_dots_our_canvas_sets() {
        for (cols, rows) in [(1, 1), (3, 2), (16, 1), (40, 12), (90, 30)] {
            let (w, h) = ((2 * cols - 1) as f64, (4 * rows - 1) as f64);
            let lines =
                vec![vec![(0.0, h), (w * 0.3, h * 0.2), (w, 0.0)], vec![(0.0, 0.0), (w, 0.0)], vec![(0.0, h), (w, h)]];
            let layer = Layer { ink: Ink::Series(0), lines, dots: vec![(w, h), (0.0, 0.0), (w / 2.0, h / 2.0)] };
            assert_eq!(
                bits(&layer, (cols, rows)),
                canvas::bits(&layer, (cols, rows), Glyphs::Braille),
                "{cols}x{rows}"
            );
        }
    }
}
