//! A picture as data: a grid of grey values with outlines drawn into it.

/// A slice of a scan, rows from top to bottom.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    pub title: String,
    /// Pixels across and down.
    pub size: [usize; 2],
    /// Width and height of a pixel, in any common unit.
    pub pixel: [f64; 2],
    /// One value a pixel, from 0 (black) to 1 (white).
    pub grey: Vec<f64>,
    /// Which pixels lie on an outline, with the character that stands for it.
    pub outlines: Vec<(char, Vec<bool>)>,
}

impl Picture {
    /// The pixels on the border of a region: inside, with a neighbour by an edge outside.
    pub fn border(size: [usize; 2], inside: &[bool]) -> Vec<bool> {
        let [wide, high] = size;
        let at = |x: usize, y: usize| inside[x + wide * y];
        let edge = |x: usize, y: usize| {
            x == 0
                || y == 0
                || x + 1 == wide
                || y + 1 == high
                || !(at(x - 1, y) && at(x + 1, y) && at(x, y - 1) && at(x, y + 1))
        };
        (0..wide * high).map(|i| inside[i] && edge(i % wide, i / wide)).collect()
    }

    /// The same grey values in fewer or more pixels, each the mean of those it covers, with the outlines that pass it.
    pub fn scaled(&self, [wide, high]: [usize; 2]) -> Self {
        let [from_wide, from_high] = self.size;
        let covered = |k: usize, of: usize, n: usize| k * n / of..((k + 1) * n).div_ceil(of).max(k * n / of + 1).min(n);
        let pixels = |i: usize| {
            let (xs, ys) = (covered(i % wide, wide, from_wide), covered(i / wide, high, from_high));
            ys.flat_map(move |y| xs.clone().map(move |x| x + from_wide * y))
        };
        let mean = |i: usize| {
            let (sum, n) = pixels(i).fold((0.0, 0), |(sum, n), p| (sum + self.grey[p], n + 1));
            sum / f64::from(n)
        };
        let passes = |outline: &Vec<bool>| (0..wide * high).map(|i| pixels(i).any(|p| outline[p])).collect();
        let [across, down] = [0, 1].map(|k| self.pixel[k] * self.size[k] as f64);
        Self {
            title: self.title.clone(),
            size: [wide, high],
            pixel: [across / wide as f64, down / high as f64],
            grey: (0..wide * high).map(mean).collect(),
            outlines: self.outlines.iter().map(|(mark, outline)| (*mark, passes(outline))).collect(),
        }
    }
}
