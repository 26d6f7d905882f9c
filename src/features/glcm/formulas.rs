//! The 24 features of one co-occurrence matrix.

use super::correlation::maximal;
use crate::features::{EPSILON, entropy};

/// Features of a matrix p of probabilities in the order of the class; row i and column j stand for the grey values
/// `grey[i]` and `grey[j]`, of which `top` is the highest. A value that PyRadiomics leaves out of the mean over the
/// directions, the second information measure when rounding makes its root negative, is NaN.
pub(super) fn all(p: &[f64], grey: &[f64], top: usize) -> Vec<f64> {
    let n = grey.len();
    let rows: Vec<f64> = p.chunks_exact(n).map(|row| row.iter().sum()).collect();
    let mut columns = vec![0.0; n];
    let mut sums = vec![0.0; 2 * top + 1];
    let mut differences = vec![0.0; top];
    let (mut autocorrelation, mut energy, mut largest) = (0.0, 0.0, 0.0f64);
    for (row, gi) in p.chunks_exact(n).zip(grey) {
        for ((pij, gj), column) in row.iter().zip(grey).zip(&mut columns) {
            *column += pij;
            sums[(gi + gj) as usize] += pij;
            differences[(gi - gj).abs() as usize] += pij;
            autocorrelation += pij * gi * gj;
            energy += pij * pij;
            largest = largest.max(*pij);
        }
    }
    let [ux, uy] = [&rows, &columns].map(|m| mean(m, grey, |g| g));
    let [vx, vy] = [(&rows, ux), (&columns, uy)].map(|(m, u)| mean(m, grey, |g| (g - u) * (g - u)));
    let k: Vec<f64> = (0..=2 * top).map(|k| k as f64).collect();
    let cluster = |power: i32| mean(&sums, &k, |k| (k - ux - uy).powi(power));
    let by_difference = |of: &dyn Fn(f64) -> f64| mean(&differences, &k, of);
    let spread = by_difference(&|k| k);
    let ng = top as f64;
    let (joint, imc1, imc2) = information(p, &rows, &columns);
    vec![
        autocorrelation,
        cluster(4),
        cluster(3),
        cluster(2),
        by_difference(&|k| k * k),
        correlation(p, grey, [ux, uy], [vx, vy]),
        spread,
        entropy(differences.iter().copied()),
        by_difference(&|k| (k - spread) * (k - spread)),
        by_difference(&|k| 1.0 / (1.0 + k)),
        by_difference(&|k| 1.0 / (1.0 + k * k)),
        by_difference(&|k| 1.0 / (1.0 + k * k / (ng * ng))),
        by_difference(&|k| 1.0 / (1.0 + k / ng)),
        imc1,
        imc2,
        by_difference(&|k| if k > 0.0 { 1.0 / (k * k) } else { 0.0 }),
        ux,
        energy,
        joint,
        maximal(p, &rows, &columns),
        largest,
        mean(&sums, &k, |k| k),
        entropy(sums.iter().copied()),
        vx,
    ]
}

/// Mean of a function of values under their probabilities.
fn mean(p: &[f64], values: &[f64], of: impl Fn(f64) -> f64) -> f64 {
    p.iter().zip(values).map(|(p, v)| p * of(*v)).sum()
}

/// Covariance over the product of the standard deviations; 1 where one of them is 0.
fn correlation(p: &[f64], grey: &[f64], u: [f64; 2], v: [f64; 2]) -> f64 {
    let n = grey.len();
    let scale = v[0].sqrt() * v[1].sqrt();
    if scale == 0.0 {
        return 1.0;
    }
    let row = |(row, gi): (&[f64], &f64)| (gi - u[0]) * mean(row, grey, |gj| gj - u[1]);
    p.chunks_exact(n).zip(grey).map(row).sum::<f64>() / (scale + EPSILON)
}

/// Joint entropy HXY, (HXY - HXY1) / max(HX, HY) and sqrt(1 - exp(-2 (HXY2 - HXY))).
fn information(p: &[f64], rows: &[f64], columns: &[f64]) -> (f64, f64, f64) {
    let hxy = entropy(p.iter().copied());
    let (mut hxy1, mut hxy2) = (0.0, 0.0);
    for (row, px) in p.chunks_exact(columns.len()).zip(rows) {
        for (pij, py) in row.iter().zip(columns) {
            let independent = px * py;
            let bits = (independent + EPSILON).log2();
            hxy1 -= pij * bits;
            hxy2 -= independent * bits;
        }
    }
    let widest = entropy(rows.iter().copied()).max(entropy(columns.iter().copied()));
    let imc1 = if widest == 0.0 { 0.0 } else { (hxy - hxy1) / widest };
    let imc2 = if hxy2 == hxy { 0.0 } else { (1.0 - (-2.0 * (hxy2 - hxy)).exp()).sqrt() };
    (hxy, imc1, imc2)
}
