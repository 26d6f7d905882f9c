//! What the run length, size zone and dependence matrices have in common: grey level against a size, and its features.

use super::entropy;

/// How often a grey level occurs with a size (length of a run, voxels of a zone, dependent neighbours).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Cell {
    /// Index of the level among those present, from 0.
    pub level: usize,
    pub size: f64,
    pub count: f64,
}

/// Features of a matrix P(i, j) of grey value i and size j, with N the sum of P and p = P/N.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Emphases {
    /// Sum of P/j^2, over N.
    pub small: f64,
    /// Sum of P j^2, over N.
    pub large: f64,
    /// Sum over i of the squared row sums, over N; and over N^2.
    pub grey_non_uniformity: f64,
    pub grey_non_uniformity_normalized: f64,
    /// Sum over j of the squared column sums, over N; and over N^2.
    pub size_non_uniformity: f64,
    pub size_non_uniformity_normalized: f64,
    /// N over the sum of P j.
    pub percentage: f64,
    /// Variance of i, and of j, under p.
    pub grey_variance: f64,
    pub size_variance: f64,
    /// Minus the sum of p log2(p + epsilon).
    pub entropy: f64,
    /// Sum of P/i^2, and of P i^2, over N.
    pub low: f64,
    pub high: f64,
    /// Sum of P/(i^2 j^2), P i^2/j^2, P j^2/i^2 and P i^2 j^2, over N.
    pub small_low: f64,
    pub small_high: f64,
    pub large_low: f64,
    pub large_high: f64,
}

/// The cells that are not 0 of a matrix with one row a size, from 1.
pub(super) fn cells(matrix: impl Iterator<Item = f64>, levels: usize) -> Vec<Cell> {
    let cell = |(k, count)| Cell { level: k % levels, size: (k / levels + 1) as f64, count };
    matrix.enumerate().filter(|(_, count)| *count > 0.0).map(cell).collect()
}

/// The features of a matrix given by its cells that are not 0, in ascending order of size; `grey` holds the grey value of
/// each level. None when there is no cell.
pub(super) fn emphases(cells: &[Cell], grey: &[f64]) -> Option<Emphases> {
    let n: f64 = cells.iter().map(|c| c.count).sum();
    if n == 0.0 {
        return None;
    }
    let mut rows = vec![0.0; grey.len()];
    let mut columns = Vec::new();
    let mut joint = Emphases::default();
    for column in cells.chunk_by(|a, b| a.size == b.size) {
        let j2 = column[0].size * column[0].size;
        let (mut count, mut low, mut high) = (0.0, 0.0, 0.0);
        for cell in column {
            let i2 = grey[cell.level] * grey[cell.level];
            rows[cell.level] += cell.count;
            count += cell.count;
            low += cell.count / i2;
            high += cell.count * i2;
        }
        columns.push((column[0].size, count));
        joint.small_low += low / j2 / n;
        joint.small_high += high / j2 / n;
        joint.large_low += low * j2 / n;
        joint.large_high += high * j2 / n;
    }
    let rows: Vec<(f64, f64)> = grey.iter().copied().zip(rows).collect();
    let (grey_squares, size_squares) = (squares(&rows), squares(&columns));
    Some(Emphases {
        small: mean(&columns, n, |j| 1.0 / (j * j)),
        large: mean(&columns, n, |j| j * j),
        grey_non_uniformity: grey_squares / n,
        grey_non_uniformity_normalized: grey_squares / (n * n),
        size_non_uniformity: size_squares / n,
        size_non_uniformity_normalized: size_squares / (n * n),
        percentage: 1.0 / mean(&columns, n, |j| j),
        grey_variance: variance(&rows, n),
        size_variance: variance(&columns, n),
        entropy: entropy(cells.iter().map(|c| c.count / n)),
        low: mean(&rows, n, |i| 1.0 / (i * i)),
        high: mean(&rows, n, |i| i * i),
        ..joint
    })
}

/// Mean of a function of values, each with its count, over a total count.
fn mean(counted: &[(f64, f64)], total: f64, of: impl Fn(f64) -> f64) -> f64 {
    counted.iter().map(|(v, count)| of(*v) * count).sum::<f64>() / total
}

fn variance(counted: &[(f64, f64)], total: f64) -> f64 {
    let centre = mean(counted, total, |v| v);
    mean(counted, total, |v| (v - centre) * (v - centre))
}

fn squares(counted: &[(f64, f64)]) -> f64 {
    counted.iter().map(|(_, count)| count * count).sum()
}
