//! Filters that run along the lines of a volume, axis by axis.
//!
//! Several neighbouring lines go side by side, so that a recursion, which must wait for itself, waits for all of them at
//! once. Nothing of a line is computed by pieces: its result does not depend on its neighbours.

use std::ops::Range;

use super::Window;

/// Lines taken side by side.
pub(super) const ABREAST: usize = 8;

/// A few lines next to each other: the value of each at one place along them.
pub(super) type Row = [f64; ABREAST];

/// A box of voxels, x fastest, in the type they are kept in between two filters.
pub(super) struct Grid<T> {
    pub size: [usize; 3],
    pub voxels: Vec<T>,
}

/// What a filter's result is kept in; ITK rounds to it between two axes.
pub(super) trait Kept: Copy + Default {
    fn keep(v: f64) -> Self;
    fn value(self) -> f64;
}

impl Kept for f32 {
    fn keep(v: f64) -> Self {
        v as Self
    }

    fn value(self) -> f64 {
        f64::from(self)
    }
}

impl Kept for f64 {
    fn keep(v: f64) -> Self {
        v
    }

    fn value(self) -> f64 {
        self
    }
}

/// Filters every line of `voxels` along an axis and keeps a part of it. `filter` replaces a line's values.
pub(super) fn along<S: Kept, T: Kept>(
    (size, voxels): ([usize; 3], &[S]),
    axis: usize,
    part: Range<usize>,
    mut filter: impl FnMut(&mut [Row]),
) -> Grid<T> {
    let mut kept = size;
    kept[axis] = part.len();
    let mut result = Grid { size: kept, voxels: vec![T::default(); kept.iter().product()] };
    // Neighbours lie along x, or along y for lines that run along x themselves.
    let (near, far) = [(1, 2), (0, 2), (0, 1)][axis];
    let (from, to) = (strides(size), strides(kept));
    let mut lines = vec![[0.0; ABREAST]; size[axis]];
    for f in 0..size[far] {
        for n in (0..size[near]).step_by(ABREAST) {
            let count = ABREAST.min(size[near] - n);
            let first = f * from[far] + n * from[near];
            for (i, row) in lines.iter_mut().enumerate() {
                let each = &voxels[first + i * from[axis]..];
                match each.first_chunk::<ABREAST>() {
                    Some(each) if from[near] == 1 && count == ABREAST => {
                        row.iter_mut().zip(each).for_each(|(value, voxel)| *value = voxel.value());
                    }
                    _ => (0..count).for_each(|k| row[k] = each[k * from[near]].value()),
                }
            }
            filter(&mut lines);
            let first = f * to[far] + n * to[near];
            for (i, row) in lines[part.clone()].iter().enumerate() {
                let each = &mut result.voxels[first + i * to[axis]..];
                match each.first_chunk_mut::<ABREAST>() {
                    Some(each) if to[near] == 1 && count == ABREAST => {
                        each.iter_mut().zip(row).for_each(|(voxel, value)| *voxel = T::keep(*value));
                    }
                    _ => (0..count).for_each(|k| each[k * to[near]] = T::keep(row[k])),
                }
            }
        }
    }
    result
}

/// What a window keeps along an axis.
pub(super) fn part(window: &Window, axis: usize) -> Range<usize> {
    window.low[axis]..window.low[axis] + window.size[axis]
}

fn strides(size: [usize; 3]) -> [usize; 3] {
    [1, size[0], size[0] * size[1]]
}
