//! From the units of a plot to a plane, clipped: shared by the dots of a terminal and the lines of an SVG.

use crate::page::{Axis, Plot};

pub type Point = (f64, f64);

/// The window of a plot on a plane whose y grows downwards.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    x: (f64, f64),
    y: (f64, f64),
    /// Upper left corner of the plane.
    origin: Point,
    /// Extent of the plane; the window's ends lie on its borders.
    size: Point,
}

/// An axis' range that can be drawn: finite, and not a single value.
pub fn range(axis: &Axis) -> (f64, f64) {
    let (low, high) = (axis.low, axis.high);
    match (high - low).is_finite() {
        false => (0.0, 1.0),
        true if low == high => (low - 0.5 - low.abs() * 1e-6, high + 0.5 + high.abs() * 1e-6),
        true => (low, high),
    }
}

/// A staircase through the points: first across, then up.
pub fn steps(points: &[Point]) -> Vec<Point> {
    let mut stairs: Vec<Point> = points.first().copied().into_iter().collect();
    for pair in points.windows(2) {
        stairs.push((pair[1].0, pair[0].1));
        stairs.push(pair[1]);
    }
    stairs
}

impl Frame {
    pub fn new(plot: &Plot, origin: Point, size: Point) -> Self {
        Self { x: range(&plot.x), y: range(&plot.y), origin, size }
    }

    /// Where a value of the x axis lies on the plane, also outside the window.
    pub fn across(&self, x: f64) -> f64 {
        self.origin.0 + share(x, self.x) * self.size.0
    }

    /// Where a value of the y axis lies on the plane.
    pub fn down(&self, y: f64) -> f64 {
        self.origin.1 + (1.0 - share(y, self.y)) * self.size.1
    }

    /// The place of a point, if it lies in the window.
    pub fn inside(&self, (x, y): Point) -> Option<Point> {
        let within = |v: f64, range| (-1e-9..=1.0 + 1e-9).contains(&share(v, range));
        (within(x, self.x) && within(y, self.y)).then(|| (self.across(x), self.down(y)))
    }

    /// A place held to the window: for the ends of bars and bands.
    pub fn clamped(&self, (x, y): Point) -> Option<Point> {
        let hold = |v: f64, range| Some(share(v, range)).filter(|s| !s.is_nan()).map(|s| s.clamp(0.0, 1.0));
        let (x, y) = (hold(x, self.x)?, hold(y, self.y)?);
        Some((self.origin.0 + x * self.size.0, self.origin.1 + (1.0 - y) * self.size.1))
    }

    /// The pieces of a polyline that lie in the window; a point that is not finite breaks it.
    pub fn line(&self, points: &[Point]) -> Vec<Vec<Point>> {
        let mut pieces: Vec<Vec<Point>> = Vec::new();
        let mut open = false;
        for pair in points.windows(2) {
            let ends = [pair[0], pair[1]].map(|(x, y)| (share(x, self.x), share(y, self.y)));
            let Some((from, to)) = clip(ends) else {
                open = false;
                continue;
            };
            let [from_at, to_at] = [from, to].map(|(x, y)| self.place(x, y));
            match pieces.last_mut().filter(|_| open && from == ends[0]) {
                Some(piece) => piece.push(to_at),
                None => pieces.push(vec![from_at, to_at]),
            }
            open = to == ends[1];
        }
        pieces
    }

    fn place(&self, x: f64, y: f64) -> Point {
        (self.origin.0 + x * self.size.0, self.origin.1 + (1.0 - y) * self.size.1)
    }
}

fn share(v: f64, (low, high): (f64, f64)) -> f64 {
    (v - low) / (high - low)
}

/// Liang and Barsky's clipping to the unit square.
fn clip([from, to]: [Point; 2]) -> Option<(Point, Point)> {
    let step = (to.0 - from.0, to.1 - from.1);
    if ![step.0, step.1, from.0, from.1].iter().all(|v| v.is_finite()) {
        return None;
    }
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    for (start, step) in [(from.0, step.0), (from.1, step.1)] {
        if step == 0.0 {
            if !(-1e-9..=1.0 + 1e-9).contains(&start) {
                return None;
            }
            continue;
        }
        let (a, b) = ((-1e-9 - start) / step, (1.0 + 1e-9 - start) / step);
        enter = enter.max(a.min(b));
        leave = leave.min(a.max(b));
    }
    let at = |t: f64| match t {
        0.0 => from,
        1.0 => to,
        _ => (from.0 + t * step.0, from.1 + t * step.1),
    };
    (enter <= leave).then(|| (at(enter), at(leave)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame() -> Frame {
        let axis = |low, high| Axis::new("", low, high);
        Frame::new(&Plot::new("", axis(0.0, 1.0), axis(0.0, 1.0)), (0.0, 0.0), (10.0, 10.0))
    }

    #[test]
    fn lines_are_clipped_not_clamped() {
        assert_eq!(frame().line(&[(0.5, -1.0), (0.5, 2.0)]).len(), 1);
        assert!(frame().line(&[(2.0, 0.0), (3.0, 1.0)]).is_empty());
        let pieces = frame().line(&[(0.0, 0.0), (0.2, 0.5), (f64::NAN, 0.5), (0.4, 0.5), (1.0, 1.0)]);
        assert_eq!(pieces.len(), 2);
        assert_eq!(frame().line(&[(0.0, 0.5), (1.0, 1.5), (0.2, 0.0)]).len(), 2);
    }

    #[test]
    fn a_zero_line_is_drawn() {
        assert_eq!(frame().line(&[(0.0, 0.0), (1.0, 0.0)]), [[(0.0, 10.0), (10.0, 10.0)]]);
    }

    #[test]
    fn a_single_value_has_a_range() {
        for v in [0.0, 3.0, 1e12, -1e12] {
            let (low, high) = range(&Axis::new("", v, v));
            assert!(low < v && v < high);
        }
        assert_eq!(range(&Axis::new("", f64::NAN, 1.0)), (0.0, 1.0));
    }
}
