//! Interpolation by a Gaussian's weight over each voxel.

use std::f64::consts::SQRT_2;

use crate::image::Volume;

/// The mean of the voxels around, by their weights in a Gaussian of 0.8 voxels, as far as four times that.
pub(super) fn value(image: &Volume, at: [f64; 3]) -> f64 {
    let (mut sum, mut total) = (0.0, 0.0);
    each(image, at, 0.8, 4.0, |v, weight| {
        sum += v * weight;
        total += weight;
    });
    sum / total
}

/// The value that has the most weight among the voxels around, in a Gaussian of one voxel as far as that.
pub(super) fn label(image: &Volume, at: [f64; 3]) -> f64 {
    let mut weights: Vec<(f64, f64)> = Vec::new();
    let (mut most, mut label) = (0.0, 0.0);
    each(image, at, 1.0, 1.0, |v, weight| {
        let sum = match weights.iter_mut().find(|(known, _)| *known == v) {
            Some((_, sum)) => {
                *sum += weight;
                *sum
            }
            None => {
                weights.push((v, weight));
                weight
            }
        };
        if sum > most {
            (most, label) = (sum, v);
        }
    });
    label
}

/// Voxels and their weights, x first. `width` in voxels, `cut_off` in widths.
fn each(image: &Volume, at: [f64; 3], width: f64, cut_off: f64, mut see: impl FnMut(f64, f64)) {
    let geometry = &image.geometry;
    let axes: [(usize, Vec<f64>); 3] = std::array::from_fn(|k| {
        let mm = geometry.spacing[k];
        let reach = width * mm * cut_off / mm;
        let first = (at[k] + 0.5 - reach).floor().max(0.0);
        let end = (at[k] + 0.5 + reach).ceil().min(geometry.size[k] as f64);
        (first as usize, weights(at[k], first, end, 1.0 / (SQRT_2 * (width * mm) / mm)))
    });
    let [(x, wx), (y, wy), (z, wz)] = axes;
    for (k, wz) in wz.iter().enumerate() {
        for (j, wy) in wy.iter().enumerate() {
            let row = &image.voxels[geometry.at(x, y + j, z + k)..];
            wx.iter().zip(row).for_each(|(wx, v)| see(*v, wx * wy * wz));
        }
    }
}

/// Twice the Gaussian's weight over each voxel from `first` up to `end`.
fn weights(at: f64, first: f64, end: f64, scale: f64) -> Vec<f64> {
    let mut t = (-0.5 - at + first) * scale;
    let mut before = erf(t);
    let voxels = (end - first).max(0.0) as usize;
    let weight = |_| {
        t += scale;
        let now = erf(t);
        let weight = now - before;
        before = now;
        weight
    };
    (0..voxels).map(weight).collect()
}

/// The error function to seven digits, as ITK's numerics library has it: the incomplete gamma function P(1/2, x^2).
fn erf(x: f64) -> f64 {
    let p = half_gamma(x * x);
    if x < 0.0 { -p } else { p }
}

const A: f64 = 0.5;
/// Relative size of the last term taken.
const ENOUGH: f64 = 3e-7;
const TERMS: i32 = 100;

fn half_gamma(x: f64) -> f64 {
    if x < A + 1.0 { if x > 0.0 { series(x) } else { 0.0 } } else { 1.0 - fraction(x) }
}

fn front(x: f64) -> f64 {
    (-x + A * x.ln() - log_gamma(A)).exp()
}

fn series(x: f64) -> f64 {
    let (mut below, mut term) = (A, 1.0 / A);
    let mut sum = term;
    for _ in 0..TERMS {
        below += 1.0;
        term *= x / below;
        sum += term;
        if term.abs() < sum.abs() * ENOUGH {
            break;
        }
    }
    sum * front(x)
}

/// Lentz's evaluation of the continued fraction.
fn fraction(x: f64) -> f64 {
    const TINY: f64 = 1e-30;
    let away = |v: f64| if v.abs() < TINY { TINY } else { v };
    let mut b = x + 1.0 - A;
    let mut c = 1.0 / TINY;
    let mut d = 1.0 / b;
    let mut value = d;
    for i in (1..=TERMS).map(f64::from) {
        let a = i * (A - i);
        b += 2.0;
        d = 1.0 / away(a * d + b);
        c = away(b + a / c);
        let change = d * c;
        value *= change;
        if (change - 1.0).abs() < ENOUGH {
            break;
        }
    }
    front(x) * value
}

/// Lanczos' approximation with six terms (Toth).
fn log_gamma(x: f64) -> f64 {
    let mut sum = 2.506_628_275_634_795;
    sum += 225.525_584_619_175_22 / x;
    sum -= 268.295_973_841_304_94 / (x + 1.0);
    sum += 80.903_080_693_462_26 / (x + 2.0);
    sum -= 5.007_578_639_705_176 / (x + 3.0);
    sum += 0.011_468_489_543_478_146 / (x + 4.0);
    let y = x + 4.65;
    sum.ln() + (x - 0.5) * y.ln() - y
}
