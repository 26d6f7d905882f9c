//! Cubic spline interpolation of a scan, as SciPy's `map_coordinates` computes it: 0 outside the scan, mirrored about its
//! outermost voxels for the spline itself, in the same order of operations.

use std::array::from_fn;

use crate::image::{Pixel, Volume, Window};

/// Voxels along x sampled at once.
pub const LANES: usize = 8;

/// Samples a scan at fixed offsets from each voxel of a window.
pub struct Sampler {
    coefficients: Vec<f64>,
    size: [usize; 3],
    pixel: Pixel,
    /// What adding up in another order can change of a sample, at most: 64 products of weights that sum to 1, each rounded
    /// three times and added with 63 roundings, twice, are within 150 / 2^53 of the largest coefficient; with room to spare.
    rounding: f64,
    /// For each offset, the way along x, y, z.
    offsets: Vec<[Axis; 3]>,
}

/// One offset along one axis, for each voxel of the window.
struct Axis {
    /// Where the four coefficients start; none when the sample lies outside the scan.
    starts: Vec<Option<usize>>,
    weights: [Vec<f64>; 4],
}

impl Sampler {
    /// Offset (a, b, c) is along (z, y, x), in voxels.
    pub fn new(image: &Volume, window: &Window, offsets: &[[f64; 3]]) -> Self {
        let furthest = offsets.iter().flatten().fold(0.0_f64, |far, c| far.max(c.abs()));
        let margin = furthest.ceil() as usize + 2;
        let size = [0, 1, 2].map(|k| window.size[k] + 2 * margin + if k == 0 { LANES } else { 0 });
        let coefficients = padded(image, window, margin, size);
        let axis = |offset: f64, k: usize| Axis::new(offset, image.geometry.size[k], window, k, margin);
        let offsets = offsets.iter().map(|o| [axis(o[2], 0), axis(o[1], 1), axis(o[0], 2)]).collect();
        let rounding = coefficients.iter().fold(0.0_f64, |most, c| c.abs().max(most)) * 1e-13;
        Self { coefficients, size, pixel: image.pixel, rounding, offsets }
    }

    /// The samples about `LANES` voxels from this one of the window on along x, an offset after the other, each as a voxel
    /// of the scan's type.
    pub fn sample(&self, at: [usize; 3], samples: &mut [[f64; LANES]]) {
        for (offset, sample) in self.offsets.iter().zip(samples) {
            let [along, across, through] = offset;
            let (Some(y), Some(z)) = (across.starts[at[1]], through.starts[at[2]]) else {
                *sample = [0.0; LANES];
                continue;
            };
            let starts = &along.starts[at[0]..at[0] + LANES];
            let from = self.size[0] * (y + self.size[1] * z);
            let weights = [across.at(at[1]), through.at(at[2])];
            match starts[0] {
                Some(x) if (0..LANES).all(|k| starts[k] == Some(x + k)) => {
                    *sample = self.run(from + x, along.run::<LANES>(at[0]), weights);
                }
                _ => {
                    for (k, start) in starts.iter().enumerate() {
                        let sum = |x: usize| self.sums::<1>(from + x, along.run::<1>(at[0] + k), weights)[0];
                        sample[k] = stored(start.map_or(0.0, sum), self.pixel);
                    }
                }
            }
        }
    }

    /// Quick sums where they surely round to the same voxel as those in SciPy's order, else the latter.
    fn run(&self, from: usize, along: [&[f64]; 4], weights: [[f64; 4]; 2]) -> [f64; LANES] {
        if self.pixel != Pixel::Float64 {
            let sums = self.quick(from, along, weights);
            let low: [f64; LANES] = from_fn(|k| stored(sums[k] - self.rounding, self.pixel));
            let high: [f64; LANES] = from_fn(|k| stored(sums[k] + self.rounding, self.pixel));
            if low == high {
                return low;
            }
        }
        let sums = self.sums::<LANES>(from, along, weights);
        from_fn(|k| stored(sums[k], self.pixel))
    }

    /// Adds up the rows first, then along them.
    fn quick(&self, from: usize, along: [&[f64]; 4], [across, through]: [[f64; 4]; 2]) -> [f64; LANES] {
        let mut rows = [0.0; LANES + 4];
        for (z, deep) in through.into_iter().enumerate() {
            for (y, wide) in across.into_iter().enumerate() {
                let row = &self.coefficients[from + self.size[0] * (y + self.size[1] * z)..][..LANES + 4];
                let weight = deep * wide;
                (0..LANES + 4).for_each(|k| rows[k] += row[k] * weight);
            }
        }
        let mut sums = [0.0; LANES];
        for (x, weights) in along.into_iter().enumerate() {
            let weights = &weights[..LANES];
            (0..LANES).for_each(|k| sums[k] += rows[x + k] * weights[k]);
        }
        sums
    }

    /// In SciPy's order.
    fn sums<const N: usize>(&self, from: usize, along: [&[f64]; 4], [across, through]: [[f64; 4]; 2]) -> [f64; N] {
        let mut sums = [0.0; N];
        for (z, deep) in through.into_iter().enumerate() {
            for (y, wide) in across.into_iter().enumerate() {
                let row = &self.coefficients[from + self.size[0] * (y + self.size[1] * z)..];
                for (x, weights) in along.into_iter().enumerate() {
                    let row = &row[x..x + N];
                    (0..N).for_each(|k| sums[k] += row[k] * deep * wide * weights[k]);
                }
            }
        }
        sums
    }
}

impl Axis {
    fn new(offset: f64, size: usize, window: &Window, k: usize, margin: usize) -> Self {
        let beyond = if k == 0 { LANES } else { 0 };
        let count = window.size[k] + beyond;
        let mut axis = Self { starts: Vec::with_capacity(count), weights: [const { Vec::new() }; 4] };
        for i in 0..count {
            let at = (window.low[k] + i) as f64 + offset;
            let floor = at.floor();
            // Past the window nothing is asked for, but whole runs of voxels are computed.
            let outside = i < window.size[k] && (at < 0.0 || at > (size - 1) as f64);
            let start = floor as isize - 1 + margin as isize - window.low[k] as isize;
            axis.starts.push(if outside { None } else { usize::try_from(start).ok() });
            for (list, weight) in axis.weights.iter_mut().zip(cubic(at - floor)) {
                list.push(weight);
            }
        }
        axis
    }

    fn at(&self, i: usize) -> [f64; 4] {
        [0, 1, 2, 3].map(|k| self.weights[k][i])
    }

    fn run<const N: usize>(&self, i: usize) -> [&[f64]; 4] {
        [0, 1, 2, 3].map(|k| &self.weights[k][i..i + N])
    }
}

/// A sample as a voxel of the scan's type: floats round, integers round halves away from 0 and stay within their range.
fn stored(sample: f64, pixel: Pixel) -> f64 {
    match pixel {
        Pixel::Float64 => sample,
        Pixel::Float32 => f64::from(sample as f32),
        Pixel::Integer { bits, signed: true } => {
            let limit = 2.0_f64.powi(i32::from(bits) - 1);
            (if sample > 0.0 { sample + 0.5 } else { sample - 0.5 }).clamp(-limit, limit - 1.0) as i64 as f64
        }
        Pixel::Integer { bits, signed: false } => {
            let limit = 2.0_f64.powi(i32::from(bits));
            (if sample > 0.0 { sample + 0.5 } else { 0.0 }).min(limit - 1.0) as u64 as f64
        }
    }
}

fn cubic(part: f64) -> [f64; 4] {
    let rest = 1.0 - part;
    let near = |d: f64| (d * d * (d - 2.0) * 3.0 + 4.0) / 6.0;
    let first = rest * rest * rest / 6.0;
    [first, near(part), near(rest), 1.0 - first - near(part) - near(rest)]
}

/// The spline's coefficients of a window with a margin, mirrored where that goes past the scan.
fn padded(image: &Volume, window: &Window, margin: usize, size: [usize; 3]) -> Vec<f64> {
    let coefficients = coefficients(image, &window.grown([margin; 3], &image.geometry));
    let mirrored = [0, 1, 2].map(|k| {
        let from = window.low[k] as isize - margin as isize;
        (0..size[k] as isize).map(|i| mirror(from + i, image.geometry.size[k])).collect::<Vec<usize>>()
    });
    let mut block = Vec::with_capacity(size.iter().product());
    for (z, y) in mirrored[2].iter().flat_map(|z| mirrored[1].iter().map(move |y| (*z, *y))) {
        let row = image.geometry.at(0, y, z);
        block.extend(mirrored[0].iter().map(|x| coefficients[row + x]));
    }
    block
}

fn mirror(i: isize, size: usize) -> usize {
    let period = (2 * size as isize - 2).max(1);
    let i = i.rem_euclid(period);
    i.min(period - i) as usize % size
}

/// Coefficients of the whole scan, valid in a window of it: lines that do not cross the window are not gone through.
fn coefficients(image: &Volume, window: &Window) -> Vec<f64> {
    let [nx, ny, nz] = image.geometry.size;
    let mut values = image.voxels.clone();
    prefilter(&mut values, nx * ny, nz);
    for z in window.low[2]..window.low[2] + window.size[2] {
        let plane = &mut values[nx * ny * z..nx * ny * (z + 1)];
        prefilter(plane, nx, ny);
        let rows = &mut plane[nx * window.low[1]..nx * (window.low[1] + window.size[1])];
        rows.chunks_exact_mut(nx).for_each(|row| prefilter(row, 1, nx));
    }
    values
}

/// The recursive filter that turns values into cubic spline coefficients, along an axis of `count` values which lie `inner`
/// apart: forth with the pole sqrt(3) - 2, and back.
fn prefilter(values: &mut [f64], inner: usize, count: usize) {
    if count < 2 {
        return;
    }
    const POLE: f64 = -0.267_949_192_431_122_7;
    let gain = (1.0 - POLE) * (1.0 - 1.0 / POLE);
    values.iter_mut().for_each(|c| *c *= gain);
    first(values, inner, count, POLE);
    for i in 1..count {
        let (before, here) = values[(i - 1) * inner..(i + 1) * inner].split_at_mut(inner);
        here.iter_mut().zip(before).for_each(|(c, b)| *c += POLE * *b);
    }
    let (before, last) = values[(count - 2) * inner..].split_at_mut(inner);
    last.iter_mut().zip(before).for_each(|(c, b)| *c = (POLE * *b + *c) * POLE / (POLE * POLE - 1.0));
    for i in (0..count - 1).rev() {
        let (here, after) = values[i * inner..(i + 2) * inner].split_at_mut(inner);
        here.iter_mut().zip(after).for_each(|(c, a)| *c = POLE * (*a - *c));
    }
}

/// The first coefficient on the way forth: the sum over the endlessly mirrored line.
fn first(values: &mut [f64], inner: usize, count: usize, pole: f64) {
    let (start, others) = values.split_at_mut(inner);
    let other = |i: usize| &others[(i - 1) * inner..i * inner];
    let around = pole.powf((count - 1) as f64);
    start.iter_mut().zip(other(count - 1)).for_each(|(c, last)| *c += around * *last);
    let mut power = pole;
    for i in 1..count - 1 {
        let pair = other(i).iter().zip(other(count - 1 - i));
        start.iter_mut().zip(pair).for_each(|(c, (near, far))| *c += power * (*near + around * *far));
        power *= pole;
    }
    start.iter_mut().for_each(|c| *c /= 1.0 - around * around);
}
