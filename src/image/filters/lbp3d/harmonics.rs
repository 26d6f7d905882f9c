//! What spherical harmonics make of 0s and 1s on a sphere.
//!
//! With f the 0s and 1s and Y(m, n) the harmonics, PyRadiomics takes c(m) = sum over corners of f Y(m, n), then at each corner
//! g = sum over m of c(m) Y(m, n), then sqrt(sum over corners of g^2). Harmonics of m and -m are conjugates but for a sign
//! that squares away, so g is real: g = a(0) Y(0) + 2 sum over m > 0 of (a(m) Re Y(m) - b(m) Im Y(m)), a and b being the
//! sums of f Re Y and f Im Y. The norm is then a quadratic form in the 2n + 1 sums, its matrix the same for every voxel.

use std::f64::consts::PI;

use super::spline::LANES;

/// The harmonics at a sphere's corners.
pub struct Harmonics {
    /// m1 for each number of 1s.
    even: Vec<f64>,
    /// Degree 1 and on.
    degrees: Vec<Degree>,
}

struct Degree {
    /// Re Y(0), then Re Y(m) and Im Y(m) for each m > 0: a corner's `2n + 1` numbers after another's.
    parts: Vec<f64>,
    /// The quadratic form, row by row.
    form: Vec<f64>,
}

impl Harmonics {
    /// The corners must lie on a sphere of this radius about 0.
    pub fn new(corners: &[[f64; 3]], radius: f64, levels: usize) -> Self {
        // PyRadiomics gives SciPy the polar angle as the azimuth and the other way round.
        let angles: Vec<(f64, f64)> = corners.iter().map(|c| ((c[2] / radius).acos(), c[1].atan2(c[0]))).collect();
        let beyond = angles.iter().any(|(azimuth, _)| azimuth.is_nan());
        let constant = if beyond { f64::NAN } else { (1.0 / 4.0 / PI).sqrt() };
        let even = (0..=corners.len()).map(|ones| even(ones, corners.len(), constant)).collect();
        Self { even, degrees: (1..levels).map(|n| Degree::new(n, &angles)).collect() }
    }

    /// The norm of each degree, for each lane; `bits` are the 0s and 1s, a corner after another.
    pub fn norms(&self, bits: &[[f64; LANES]], norms: &mut [[f64; LANES]]) {
        let mut ones = [0.0; LANES];
        bits.iter().for_each(|bits| (0..LANES).for_each(|k| ones[k] += bits[k]));
        let degrees = self.degrees.iter().map(|degree| degree.norm(bits));
        let all = std::iter::once(ones.map(|ones| self.even[ones as usize])).chain(degrees);
        norms.iter_mut().zip(all).for_each(|(norm, value)| *norm = value);
    }
}

/// Degree 0, whose harmonic is a constant: added up as PyRadiomics does.
fn even(ones: usize, corners: usize, constant: f64) -> f64 {
    let add = |count: usize, x: f64| (0..count).fold(0.0 * x, |sum, _| sum + x);
    let everywhere = add(ones, constant) * constant;
    add(corners, everywhere * everywhere).sqrt()
}

impl Degree {
    fn new(n: usize, angles: &[(f64, f64)]) -> Self {
        let width = 2 * n + 1;
        let parts: Vec<f64> = angles.iter().flat_map(|(azimuth, polar)| parts(n, *azimuth, *polar)).collect();
        // The weight with which a sum enters g.
        let weight = |k: usize| match k {
            0 => 1.0,
            k if k % 2 == 1 => 2.0,
            _ => -2.0,
        };
        let product =
            |i: usize, j: usize| parts.chunks(width).map(|p| weight(i) * p[i] * weight(j) * p[j]).sum::<f64>();
        let form = (0..width * width).map(|at| product(at / width, at % width)).collect();
        Self { parts, form }
    }

    fn norm(&self, bits: &[[f64; LANES]]) -> [f64; LANES] {
        let width = self.form.len().isqrt();
        let mut sums = vec![[0.0; LANES]; width];
        for (parts, bits) in self.parts.chunks_exact(width).zip(bits) {
            for (sum, part) in sums.iter_mut().zip(parts) {
                (0..LANES).for_each(|k| sum[k] += bits[k] * part);
            }
        }
        let mut squares = [0.0; LANES];
        for (row, a) in self.form.chunks_exact(width).zip(&sums) {
            for (weight, b) in row.iter().zip(&sums) {
                (0..LANES).for_each(|k| squares[k] += weight * a[k] * b[k]);
            }
        }
        // A square that rounding left below 0 is 0; NaN stays.
        squares.map(|square| if square < 0.0 { 0.0 } else { square.sqrt() })
    }
}

/// Re Y(0, n), then Re Y(m, n), Im Y(m, n) for m = 1..n.
fn parts(n: usize, azimuth: f64, polar: f64) -> Vec<f64> {
    let value = |m: usize| {
        let ratio: f64 = (n - m + 1..=n + m).map(|k| k as f64).product();
        legendre(m, n, polar.cos()) * ((2 * n + 1) as f64 / 4.0 / PI).sqrt() * (1.0 / ratio).sqrt()
    };
    let turned = |m: usize| (m as f64 * azimuth).sin_cos();
    let first = [value(0) * turned(0).1];
    let others = (1..=n).flat_map(|m| [value(m) * turned(m).1, value(m) * turned(m).0]);
    first.into_iter().chain(others).collect()
}

/// The associated Legendre function P(m, n) with the sign (-1)^m, by its recurrence in n.
fn legendre(m: usize, n: usize, x: f64) -> f64 {
    let sine = (1.0 - x * x).sqrt();
    let mut here = (1..=m).fold(1.0, |p, k| -p * (2 * k - 1) as f64 * sine);
    let mut before = 0.0;
    for k in m + 1..=n {
        let next = ((2 * k - 1) as f64 * x * here - (k + m - 1) as f64 * before) / (k - m) as f64;
        (before, here) = (here, next);
    }
    here
}
