//! The minimum of a small quadratic form with an L1 penalty: 1/2 b'Gb - p'b + soft sum |b| + ridge/2 sum b^2.

use crate::num::gram::{product, solve};

/// Move `b` to the minimum: solve for the coefficients that are in as if their signs were fixed, leave out those that would
/// change sign, and let the others in by a sweep over the coordinates, until no condition is missed.
pub(super) fn minimise(gram: &[f64], pull: &[f64], soft: f64, ridge: f64, b: &mut [f64]) {
    const ROUNDS: usize = 1000;
    /// What a condition may be missed by, as a part of the penalty.
    const NEAR: f64 = 1e-13;
    let m = b.len();
    for _ in 0..ROUNDS {
        let solved = by_signs(gram, pull, soft, ridge, b);
        let misses = |j: usize| (pull[j] - product(&gram[j * m..(j + 1) * m], b)).abs() > soft * (1.0 + NEAR);
        if solved && !(0..m).any(|j| b[j] == 0.0 && misses(j)) {
            return;
        }
        if sweep(gram, pull, soft, ridge, b) == 0.0 {
            return;
        }
    }
}

/// One pass of coordinate descent; the largest change.
fn sweep(gram: &[f64], pull: &[f64], soft: f64, ridge: f64, b: &mut [f64]) -> f64 {
    let m = b.len();
    let mut largest: f64 = 0.0;
    for j in 0..m {
        let row = &gram[j * m..(j + 1) * m];
        let u = pull[j] - product(row, b) + row[j] * b[j];
        let rest = u.abs() - soft;
        let new = if rest > 0.0 && row[j] > 0.0 { rest.copysign(u) / (row[j] + ridge) } else { 0.0 };
        largest = largest.max((new - b[j]).abs());
        b[j] = new;
    }
    largest
}

/// The minimum over the coefficients that are in, their signs kept; those that meet zero on the way leave. False where the
/// columns depend on each other, so that there is no single minimum.
fn by_signs(gram: &[f64], pull: &[f64], soft: f64, ridge: f64, b: &mut [f64]) -> bool {
    const DEPENDENT: f64 = 1e-12;
    let m = b.len();
    loop {
        let inside: Vec<usize> = (0..m).filter(|&j| b[j] != 0.0).collect();
        let right = inside.iter().map(|&j| pull[j] - soft.copysign(b[j])).collect();
        let entry = |i: usize, k: usize| gram[inside[i] * m + inside[k]] + if i == k { ridge } else { 0.0 };
        let Some(aim) = solve(entry, right, DEPENDENT) else { return false };
        let crossing = |(&j, aim): (&usize, &f64)| (aim * b[j] <= 0.0).then(|| (b[j] / (b[j] - aim), j));
        let first = inside.iter().zip(&aim).filter_map(crossing).min_by(|a, b| a.0.total_cmp(&b.0));
        let share = first.map_or(1.0, |f| f.0);
        for (&j, aim) in inside.iter().zip(&aim) {
            b[j] = if share == 1.0 { *aim } else { b[j] + share * (aim - b[j]) };
        }
        match first {
            Some((_, j)) => b[j] = 0.0,
            None => return true,
        }
    }
}
