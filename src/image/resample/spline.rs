//! Cubic B-splines through the voxels, which mirror at the borders.

use crate::image::lines::{Grid, Row, along, part};
use crate::image::{Volume, Window};

/// The pole of the recursion that turns values into coefficients.
const POLE: f64 = -0.267_949_192_431_122_8;
/// Terms of the sum over the mirrored line before it that still matter: |pole|^18 is below 1e-10.
const HORIZON: usize = 18;

/// The coefficients over a window of the scan.
pub(super) struct Spline {
    window: Window,
    size: [usize; 3],
    coefficients: Vec<f64>,
}

impl Spline {
    /// Coefficients are those of the whole scan, kept for the window alone.
    pub(super) fn of(image: &Volume, window: &Window) -> Self {
        let size = image.geometry.size;
        let pass = |(size, voxels): ([usize; 3], &[f64]), axis| -> Grid<f64> {
            along((size, voxels), axis, part(window, axis), coefficients)
        };
        let x = pass((size, &image.voxels), 0);
        let y = pass((x.size, &x.voxels), 1);
        let z = pass((y.size, &y.voxels), 2);
        Self { window: *window, size, coefficients: z.voxels }
    }

    /// The sum of the 64 coefficients around a place with their weights, x first.
    pub(super) fn value(&self, at: [f64; 3]) -> f64 {
        let axes: [([f64; 4], [usize; 4]); 3] = std::array::from_fn(|k| {
            // ITK looks for the place in 32-bit floats, and weighs in 64.
            let first = f64::from((at[k] as f32).floor());
            let near =
                std::array::from_fn(|i| mirrored(first as i64 - 1 + i as i64, self.size[k]) - self.window.low[k]);
            (weights(at[k] - first), near)
        });
        let [(wx, x), (wy, y), (wz, z)] = axes;
        let [nx, ny, _] = self.window.size;
        let mut sum = 0.0;
        for (wz, z) in wz.iter().zip(z) {
            for (wy, y) in wy.iter().zip(y) {
                let row = &self.coefficients[nx * (y + ny * z)..][..nx];
                wx.iter().zip(x).for_each(|(wx, x)| sum += wx * wy * wz * row[x]);
            }
        }
        sum
    }
}

/// The cubic B-spline at -1 - w, -w, 1 - w and 2 - w.
fn weights(w: f64) -> [f64; 4] {
    let last = (1.0 / 6.0) * w * w * w;
    let first = (1.0 / 6.0) + 0.5 * w * (w - 1.0) - last;
    let third = w + first - 2.0 * last;
    [first, 1.0 - first - third - last, third, last]
}

/// The voxel a place outside mirrors, about the first or the last voxel. Of an axis of two voxels ITK reads one that is not
/// there for the farthest place; here it mirrors once more.
fn mirrored(i: i64, size: usize) -> usize {
    let last = size as i64 - 1;
    if last == 0 {
        return 0;
    }
    let i = i.abs();
    let i = if i >= last { 2 * last - i } else { i };
    i.unsigned_abs() as usize
}

/// Values to coefficients along lines: a recursion up, one down, and a gain of 6.
fn coefficients(lines: &mut [Row]) {
    let n = lines.len();
    if n == 1 {
        return;
    }
    let gain = (1.0 - POLE) * (1.0 - 1.0 / POLE);
    lines.iter_mut().for_each(|row| *row = row.map(|v| v * gain));
    lines[0] = first(lines);
    for i in 1..n {
        let before = lines[i - 1];
        lines[i] = std::array::from_fn(|k| lines[i][k] + POLE * before[k]);
    }
    let before = lines[n - 2];
    lines[n - 1] = std::array::from_fn(|k| (POLE / (POLE * POLE - 1.0)) * (POLE * before[k] + lines[n - 1][k]));
    for i in (0..n - 1).rev() {
        let after = lines[i + 1];
        lines[i] = std::array::from_fn(|k| POLE * (after[k] - lines[i][k]));
    }
}

/// What the recursion has gathered at the first voxel from the mirrored line before it.
fn first(lines: &[Row]) -> Row {
    let n = lines.len();
    let mut power = POLE;
    let mut sum = lines[0];
    if HORIZON < n {
        for row in &lines[1..HORIZON] {
            sum = std::array::from_fn(|k| sum[k] + power * row[k]);
            power *= POLE;
        }
        return sum;
    }
    let per = 1.0 / POLE;
    let mut back = POLE.powf((n - 1) as f64);
    sum = std::array::from_fn(|k| sum[k] + back * lines[n - 1][k]);
    back = back * (back * per);
    for row in &lines[1..n - 1] {
        sum = std::array::from_fn(|k| sum[k] + (power + back) * row[k]);
        power *= POLE;
        back *= per;
    }
    sum.map(|v| v / (1.0 - power * power))
}
