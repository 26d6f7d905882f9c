//! Another hand's outline of the same tumour: a mask turned, shifted, grown or shrunk, and its contour moved at random.
//!
//! The chain is that of Zwanenburg et al. (Assessing robustness of radiomic features by image perturbation, Sci Rep 2019):
//! rotation, translation, change of volume, contour. It differs in two things. All of it befalls the mask alone and the scan
//! stays as it is, since the replicates stand for readers and not for scanners; and the contour is moved by a smooth random
//! field where they choose among supervoxels, whose size would be a setting more.
//!
//! With phi the signed distance to the border of the mask (mm, negative inside), a voxel at x has the height
//! `phi(R^-1 (x - c - t) + c) + amplitude * field(x)`, R the rotation about the centre c and t the shift; the replicate is the
//! n voxels that lie lowest, n the volume asked for. So a volume is met to the voxel, and without any movement the mask
//! itself comes back. Along an axis on which the mask is one voxel thick it stays so.

use std::f64::consts::TAU;

use super::{Mask, Window};
use crate::error::{Error, Result};
use crate::num::rng::Rng;

/// One replicate's movements.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Movement {
    /// About the axis of the slices (of a flat mask: across its plane), degrees.
    pub rotation: f64,
    /// Along the grid's axes, mm.
    pub shift: [f64; 3],
    /// The volume as a share of the mask's own, above 0.
    pub volume: f64,
    /// Standard deviation of the contour's displacement, mm.
    pub contour: f64,
    /// The random field's.
    pub seed: i32,
}

/// How far movements reach: each is drawn evenly between minus and plus the amount given.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Extent {
    /// Degrees.
    pub rotation: f64,
    /// Along each axis, mm.
    pub shift: f64,
    /// Share of the volume that is added or taken away.
    pub volume: f64,
    /// The contour's standard deviation, mm; it is the same for all replicates.
    pub contour: f64,
}

impl Extent {
    /// The movements of a seed: rotation, shift along x, y, z, volume, each uniform; then the seed of the field.
    pub fn draw(&self, seed: i32) -> Movement {
        let mut rng = Rng::seeded(seed);
        let mut even = |reach: f64| reach * (2.0 * rng.uniform() - 1.0);
        let rotation = even(self.rotation);
        let shift = [0; 3].map(|_| even(self.shift));
        let volume = 1.0 + even(self.volume);
        Movement { rotation, shift, volume, contour: self.contour, seed: rng.below(i32::MAX as usize) as i32 }
    }
}

/// How alike two masks of one grid are: 2 |A and B| / (|A| + |B|), 1 when they are equal, 0 when they share no voxel.
pub fn dice(a: &Mask, b: &Mask) -> f64 {
    let both = a.inside.iter().zip(&b.inside).filter(|(a, b)| **a && **b).count();
    2.0 * both as f64 / (a.count() + b.count()) as f64
}

/// The mask after a movement, on its own grid.
///
/// [`Error::BadRoi`] for a mask without a voxel, or a volume that leaves none.
pub fn perturb(mask: &Mask, movement: &Movement) -> Result<Mask> {
    let (low, high) = mask.bounds().ok_or_else(|| Error::BadRoi { why: "is empty".into() })?;
    let count = mask.count();
    let wanted = (count as f64 * movement.volume).round() as usize;
    if wanted == 0 {
        return Err(Error::BadRoi {
            why: format!("of {count} voxels keeps none at {} of its volume", movement.volume),
        });
    }
    let size = [0, 1, 2].map(|k| high[k] - low[k] + 1);
    let flat = size.map(|n| n == 1);
    let spacing = mask.geometry.spacing;
    let extent = [0, 1, 2].map(|k| size[k] as f64 * spacing[k]);
    let widest = extent.into_iter().fold(0.0, f64::max);
    let turn = movement.rotation.to_radians();
    // Room for the farthest a border can come: turned, shifted, grown, and three deviations of the contour.
    let grown = 0.5 * widest * (movement.volume.max(1.0) - 1.0);
    let shifted = movement.shift.into_iter().fold(0.0_f64, |most, t| most.max(t.abs()));
    let room = 0.5 * widest * libm::sin(turn.abs()) + grown + shifted + 3.0 * movement.contour;
    let by = [0, 1, 2].map(|k| if flat[k] { 0 } else { (room / spacing[k]).ceil() as usize + 1 });
    let window = Window { low, size }.grown(by, &mask.geometry);
    let near = mask.cut(&window);
    let height = heights(&near, &Placed { movement, flat, turn, extent });
    let mut order: Vec<usize> = (0..height.len()).collect();
    let wanted = wanted.min(order.len());
    // Equal heights in the order of the voxels: the choice is the same on every machine.
    let lower = |a: &usize, b: &usize| height[*a].total_cmp(&height[*b]).then(a.cmp(b));
    if wanted < order.len() {
        order.select_nth_unstable_by(wanted, lower);
    }
    let mut moved = Mask { geometry: mask.geometry, inside: vec![false; mask.inside.len()] };
    for at in &order[..wanted] {
        let [x, y, z] = place(*at, window.size);
        let at = mask.geometry.at(x + window.low[0], y + window.low[1], z + window.low[2]);
        moved.inside[at] = true;
    }
    Ok(moved)
}

/// A movement with what it needs to know of the mask.
struct Placed<'a> {
    movement: &'a Movement,
    flat: [bool; 3],
    /// Radians.
    turn: f64,
    /// The mask's own, mm.
    extent: [f64; 3],
}

/// The height of every voxel of a cut-out mask.
fn heights(near: &Mask, placed: &Placed<'_>) -> Vec<f64> {
    let Placed { movement, flat, turn, extent } = *placed;
    let (size, spacing) = (near.geometry.size, near.geometry.spacing);
    let distance = signed_distance(near, flat);
    let centre = centre(near);
    let about = flat.iter().position(|f| *f).unwrap_or(2);
    let [u, v] = [(about + 1) % 3, (about + 2) % 3];
    let (sin, cos) = libm::sincos(turn);
    let radius = 0.5 * (0..3).filter(|k| !flat[*k]).map(|k| extent[k]).fold(0.0, f64::max);
    let field = Field::new(movement.seed, radius, flat);
    let at = |i: usize| {
        let here = place(i, size);
        let here = [0, 1, 2].map(|k| here[k] as f64 * spacing[k]);
        let shift = [0, 1, 2].map(|k| if flat[k] { 0.0 } else { movement.shift[k] });
        let from = [0, 1, 2].map(|k| here[k] - centre[k] - shift[k]);
        let mut back = from;
        (back[u], back[v]) = (cos * from[u] + sin * from[v], cos * from[v] - sin * from[u]);
        let index = [0, 1, 2].map(|k| (back[k] + centre[k]) / spacing[k]);
        between(&distance, size, index) + movement.contour * field.at(here)
    };
    (0..distance.len()).map(at).collect()
}

/// The voxel at a position of the list.
fn place(at: usize, size: [usize; 3]) -> [usize; 3] {
    [at % size[0], at / size[0] % size[1], at / (size[0] * size[1])]
}

/// The mean position of the voxels inside, mm from the first voxel.
fn centre(mask: &Mask) -> [f64; 3] {
    let (size, spacing) = (mask.geometry.size, mask.geometry.spacing);
    let inside = || (0..mask.inside.len()).filter(|i| mask.inside[*i]).map(|i| place(i, size));
    let sum = inside().fold([0.0; 3], |sum, at| [0, 1, 2].map(|k| sum[k] + at[k] as f64));
    [0, 1, 2].map(|k| sum[k] / inside().count() as f64 * spacing[k])
}

/// Trilinear; beyond the last voxel its value.
fn between(values: &[f64], size: [usize; 3], index: [f64; 3]) -> f64 {
    let index = [0, 1, 2].map(|k| index[k].clamp(0.0, (size[k] - 1) as f64));
    let low = index.map(|i| i as usize);
    let part = [0, 1, 2].map(|k| index[k] - low[k] as f64);
    let mut sum = 0.0;
    for corner in 0..8_usize {
        let up = [0, 1, 2].map(|k| corner >> k & 1);
        let weight: f64 = (0..3).map(|k| if up[k] == 1 { part[k] } else { 1.0 - part[k] }).product();
        if weight > 0.0 {
            sum += weight * values[low[0] + up[0] + size[0] * (low[1] + up[1] + size[1] * (low[2] + up[2]))];
        }
    }
    sum
}

/// Distance of every voxel to the nearest of the other side, mm; negative inside. Along a flat axis nothing is asked.
fn signed_distance(mask: &Mask, flat: [bool; 3]) -> Vec<f64> {
    let outward = squared_distance(mask, true, flat);
    let inward = squared_distance(mask, false, flat);
    outward.iter().zip(&inward).map(|(out, inn)| out.sqrt() - inn.sqrt()).collect()
}

/// Squared distance to the nearest voxel that is (or is not) inside, axis after axis: each line is the lower envelope of
/// parabolas (Felzenszwalb and Huttenlocher 2012). Infinite where there is none, taken as the largest double's root.
fn squared_distance(mask: &Mask, to: bool, flat: [bool; 3]) -> Vec<f64> {
    /// Far beyond any scan, and far from overflowing when squared once more.
    const NONE: f64 = 1e18;
    let (size, spacing) = (mask.geometry.size, mask.geometry.spacing);
    let mut squared: Vec<f64> = mask.inside.iter().map(|inside| if *inside == to { 0.0 } else { NONE }).collect();
    let step = [1, size[0], size[0] * size[1]];
    for axis in (0..3).filter(|k| !flat[*k]) {
        let mut line = vec![0.0; size[axis]];
        let starts = (0..squared.len()).filter(|i| place(*i, size)[axis] == 0).collect::<Vec<_>>();
        for start in starts {
            (0..size[axis]).for_each(|k| line[k] = squared[start + k * step[axis]]);
            for (k, value) in envelope(&line, spacing[axis]).into_iter().enumerate() {
                squared[start + k * step[axis]] = value.min(NONE);
            }
        }
    }
    squared
}

/// For each place of a line the least of `heights[q] + (spacing (p - q))^2`.
fn envelope(heights: &[f64], spacing: f64) -> Vec<f64> {
    let at = |q: usize| q as f64 * spacing;
    let crossing =
        |p: usize, q: usize| ((heights[q] + at(q) * at(q)) - (heights[p] + at(p) * at(p))) / (2.0 * (at(q) - at(p)));
    // The parabolas of the envelope from left to right, and where each begins to be the lowest.
    let (mut lowest, mut from) = (vec![0], vec![f64::NEG_INFINITY]);
    for q in 1..heights.len() {
        let mut begins = crossing(lowest[lowest.len() - 1], q);
        while begins <= from[from.len() - 1] && lowest.len() > 1 {
            lowest.pop();
            from.pop();
            begins = crossing(lowest[lowest.len() - 1], q);
        }
        lowest.push(q);
        from.push(begins);
    }
    let mut k = 0;
    let value = |p: usize| {
        while k + 1 < lowest.len() && from[k + 1] < at(p) {
            k += 1;
        }
        let q = lowest[k];
        heights[q] + (at(p) - at(q)) * (at(p) - at(q))
    };
    (0..heights.len()).map(value).collect()
}

/// A smooth random field of mean 0 and variance 1: plane waves of random direction and phase.
struct Field {
    /// Radians a mm along each axis, and the phase.
    waves: Vec<([f64; 3], f64)>,
}

impl Field {
    /// Waves between the mask's radius and three of it long, so that a contour bulges in places and does not fray.
    fn new(seed: i32, radius: f64, flat: [bool; 3]) -> Self {
        const WAVES: usize = 24;
        let mut rng = Rng::seeded(seed);
        let mut wave = || {
            let length = radius * (1.0 + 2.0 * rng.uniform());
            let towards = [0, 1, 2].map(|k| if flat[k] { 0.0 } else { rng.normal() });
            let norm = towards.iter().map(|t| t * t).sum::<f64>().sqrt();
            (towards.map(|t| TAU / length * t / norm), TAU * rng.uniform())
        };
        Self { waves: (0..WAVES).map(|_| wave()).collect() }
    }

    fn at(&self, p: [f64; 3]) -> f64 {
        let wave = |(k, phase): &([f64; 3], f64)| libm::cos(k[0] * p[0] + k[1] * p[1] + k[2] * p[2] + phase);
        self.waves.iter().map(wave).sum::<f64>() * (2.0 / self.waves.len() as f64).sqrt()
    }
}
