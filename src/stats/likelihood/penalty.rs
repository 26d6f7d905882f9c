//! Firth's penalty, half the logarithm of the information's determinant, with its first and second derivatives.
//!
//! All are sums over patients of columns turned so that the information is the identity: with X'WX = LL' the rows are z = L^-1 x,
//! a leverage is w |z|^2, and what the penalty adds to the curvature is of the size of one whatever the columns are.

use ndarray::Array2;

use crate::num::dense;

/// The columns at a point, turned.
pub(super) struct Turned {
    /// The Cholesky factor L of the information.
    factor: Array2<f64>,
    /// Column by column, L^-1 x of each row.
    columns: Vec<Vec<f64>>,
    /// P and 1 - P of each row.
    probability: Vec<(f64, f64)>,
}

impl Turned {
    /// None where the information is singular.
    pub(super) fn of(columns: &[Vec<f64>], probability: Vec<(f64, f64)>) -> Option<Self> {
        let factor = dense::cholesky(information(columns, &probability).view(), 0.0)?;
        let mut turned: Vec<Vec<f64>> = Vec::with_capacity(columns.len());
        for (a, column) in columns.iter().enumerate() {
            let mut left = column.clone();
            for (b, before) in turned.iter().enumerate() {
                left.iter_mut().zip(before).for_each(|(v, z)| *v -= factor[[a, b]] * z);
            }
            left.iter_mut().for_each(|v| *v /= factor[[a, a]]);
            turned.push(left);
        }
        Some(Self { factor, columns: turned, probability })
    }

    /// Half the logarithm of the determinant.
    pub(super) fn value(&self) -> f64 {
        self.factor.diag().iter().map(|d| d.ln()).sum()
    }

    /// What the penalty adds to each residual: h (1/2 - P), h the leverage.
    pub(super) fn residual(&self) -> Vec<f64> {
        let of = |((p, q), length): (&(f64, f64), f64)| p * q * length * (0.5 - p);
        self.probability.iter().zip(self.lengths()).map(of).collect()
    }

    /// Minus the second derivatives of the penalised likelihood, by all coefficients:
    /// L (1 - 1/2 sum w'' |z|^2 zz' + 1/2 TT') L', where row a of T holds sum w' z_a z_c z_d of all c and d, and w' and w'' are the
    /// derivatives of a weight w = P (1 - P) by the linear predictor, w (1 - 2 P) and w (1 - 6 w).
    pub(super) fn curvature(&self) -> Array2<f64> {
        let k = self.columns.len();
        let weights = || self.probability.iter().map(|(p, q)| (p * q, q - p));
        let bent: Vec<f64> =
            weights().zip(self.lengths()).map(|((w, _), length)| w * (1.0 - 6.0 * w) * length).collect();
        let mut third = vec![vec![0.0; k * k]; k];
        for a in 0..k {
            let by: Vec<f64> = weights().zip(&self.columns[a]).map(|((w, tilt), z)| w * tilt * z).collect();
            for c in 0..=a {
                let by: Vec<f64> = by.iter().zip(&self.columns[c]).map(|(w, z)| w * z).collect();
                for d in 0..=c {
                    let sum = dense::dot(&by, &self.columns[d]);
                    let orders = [(a, c, d), (a, d, c), (c, a, d), (c, d, a), (d, a, c), (d, c, a)];
                    orders.into_iter().for_each(|(row, c, d)| third[row][c * k + d] = sum);
                }
            }
        }
        let added = |a: usize, b: usize| {
            dense::dot(&third[a], &third[b]) - dense::dot3(&self.columns[a], &self.columns[b], &bent)
        };
        let square = |of: &dyn Fn(usize, usize) -> f64| Array2::from_shape_fn((k, k), |(a, b)| of(a, b));
        let inner = square(&|a, b| f64::from(u8::from(a == b)) + 0.5 * added(a, b));
        let left = square(&|a, b| (0..=a).map(|c| self.factor[[a, c]] * inner[[c, b]]).sum());
        square(&|a, b| (0..=b).map(|c| left[[a, c]] * self.factor[[b, c]]).sum())
    }

    /// |z|^2 of each row.
    fn lengths(&self) -> Vec<f64> {
        let mut lengths = vec![0.0; self.probability.len()];
        for column in &self.columns {
            lengths.iter_mut().zip(column).for_each(|(to, z)| *to += z * z);
        }
        lengths
    }
}

/// X'WX, its weights P (1 - P).
pub(super) fn information(columns: &[Vec<f64>], probability: &[(f64, f64)]) -> Array2<f64> {
    let weight: Vec<f64> = probability.iter().map(|(p, q)| p * q).collect();
    let mut information = Array2::zeros((columns.len(), columns.len()));
    for (a, column) in columns.iter().enumerate() {
        for (b, before) in columns[..=a].iter().enumerate() {
            let sum = dense::dot3(column, before, &weight);
            (information[[a, b]], information[[b, a]]) = (sum, sum);
        }
    }
    information
}

#[cfg(test)]
mod tests {
    use super::super::Likelihood;
    use super::Turned;
    use crate::num::rng::Rng;

    /// Of columns that depend on each other, of several sizes: the slope is the difference of the value, and the curvature that of
    /// the slope.
    #[test]
    fn derivatives_are_differences() {
        let mut rng = Rng::seeded(2);
        for count in 1..6 {
            let n = 9 + 5 * count;
            let mut columns = vec![vec![1.0; n]];
            for j in 1..count {
                let before = columns[j - 1].clone();
                columns.push(before.iter().map(|b| 0.6 * b * j as f64 + rng.normal()).collect());
            }
            let outcome: Vec<bool> = (0..n).map(|i| i % 3 == 0 || i == 1).collect();
            let likelihood = Likelihood::new(columns, &outcome, true);
            let coef: Vec<f64> = (0..count).map(|j| 0.7 - 0.4 * j as f64).collect();
            let here = likelihood.at(coef.clone()).unwrap();
            let curvature = Turned::of(&likelihood.columns, likelihood.probability(&coef)).unwrap().curvature();
            for a in 0..count {
                let width = 1e-4;
                let beside = |by: f64| {
                    let mut coef = coef.clone();
                    coef[a] += by;
                    likelihood.at(coef).unwrap()
                };
                let (up, down) = (beside(width), beside(-width));
                let slope = (up.value - down.value) / (2.0 * width);
                assert!((slope - here.score[a]).abs() < 1e-6 * (1.0 + slope.abs()), "{count} {a}: {slope}");
                for b in 0..count {
                    let bent = (down.score[b] - up.score[b]) / (2.0 * width);
                    let ours = curvature[[a, b]];
                    assert!((bent - ours).abs() < 1e-6 * (1.0 + bent.abs()), "{count} {a} {b}: {bent} {ours}");
                }
            }
        }
    }
}
