//! A filter along one axis of endless lines, adding up in the order PyWavelets does.

use crate::image::filters::real::Real;

/// Voxels in a row along an axis that starts anew after `period` voxels.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    pub first: usize,
    pub len: usize,
    pub period: usize,
}

impl Span {
    /// The voxels a filter of so many taps needs for these.
    pub fn feeding(self, taps: usize) -> Self {
        let len = self.len + taps - 1;
        if len >= self.period {
            return Self { first: 0, len: self.period, ..self };
        }
        Self { first: (self.first + self.period - (taps / 2 - 1)) % self.period, len, ..self }
    }

    /// Which voxel of the axis is at a place of the span.
    pub fn index(self, place: usize) -> usize {
        (self.first + place) % self.period
    }

    /// Where in the span a voxel of the axis is.
    pub fn place(self, index: usize) -> usize {
        (index + self.period - self.first) % self.period
    }
}

/// Voxels next to each other whose sums take the same taps in the same order, from voxels next to each other.
struct Run {
    first: usize,
    len: usize,
    /// Which tap weighs which voxel, for the first of the run.
    taps: Vec<(usize, usize)>,
}

/// Sums kept in the processor while it goes through the taps.
const LANES: usize = 16;

/// Filters an axis on which neighbours lie `inner` floats apart: out(o) = sum over j of filter(j) in(o + F/2 - j).
pub fn filter<T: Real>(voxels: &[T], inner: usize, from: Span, filter: &[T], to: Span) -> Vec<T> {
    let runs = runs(from, to, filter.len());
    let mut filtered = vec![T::ZERO; voxels.len() / from.len * to.len];
    let lines = voxels.chunks_exact(from.len * inner).zip(filtered.chunks_exact_mut(to.len * inner));
    for (line, out) in lines {
        for run in &runs {
            weigh(&mut out[run.first * inner..][..run.len * inner], line, &run.weights(filter, inner));
        }
    }
    filtered
}

impl Run {
    /// The taps' weights, each with where the first float that it weighs is.
    fn weights<T: Real>(&self, filter: &[T], inner: usize) -> Vec<(T, usize)> {
        self.taps.iter().map(|(tap, place)| (filter[*tap], place * inner)).collect()
    }
}

fn weigh<T: Real>(out: &mut [T], line: &[T], weights: &[(T, usize)]) {
    let (full, rest) = out.as_chunks_mut::<LANES>();
    for (n, out) in full.iter_mut().enumerate() {
        let mut sums = [T::ZERO; LANES];
        for (weight, from) in weights {
            let line = &line[from + n * LANES..][..LANES];
            (0..LANES).for_each(|k| sums[k] += *weight * line[k]);
        }
        *out = sums;
    }
    let done = full.len() * LANES;
    for (weight, from) in weights {
        rest.iter_mut().zip(&line[from + done..]).for_each(|(sum, x)| *sum += *weight * *x);
    }
}

fn runs(from: Span, to: Span, count: usize) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for first in 0..to.len {
        let taps: Vec<_> = taps(to.index(first), to.period, count).map(|(tap, i)| (tap, from.place(i))).collect();
        match runs.last_mut() {
            Some(run) if follows(&taps, &run.taps, run.len) => run.len += 1,
            _ => runs.push(Run { first, len: 1, taps }),
        }
    }
    runs
}

fn follows(taps: &[(usize, usize)], others: &[(usize, usize)], by: usize) -> bool {
    taps.iter().zip(others).all(|((tap, place), (other, start))| tap == other && *place == start + by)
}

/// The taps for one voxel with the voxels they weigh, in the order of adding: those that reach past the end first, from the
/// furthest inward, then the others away from it.
fn taps(voxel: usize, period: usize, count: usize) -> impl Iterator<Item = (usize, usize)> {
    let reach = voxel + count / 2;
    let past = (reach + 1).saturating_sub(period);
    let order = (0..past).rev().chain(past..count);
    order.map(move |tap| (tap, (reach + period * count - tap) % period))
}
