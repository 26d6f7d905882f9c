//! Normal equations of a few columns: their products, and the solution.

/// Sums run in this many parts, so that they need not wait for each other.
pub const LANES: usize = 8;

/// The products of every two of `count` rows, each padded with zeros to a `stride` that is a multiple of [`LANES`].
pub fn products(rows: &[f64], stride: usize, count: usize) -> Vec<f64> {
    let mut products = vec![0.0; count * count];
    for (j, a) in rows.chunks_exact(stride).enumerate() {
        for (k, b) in rows.chunks_exact(stride).enumerate().take(j + 1) {
            let product = product(a, b);
            products[j * count + k] = product;
            products[k * count + j] = product;
        }
    }
    products
}

/// The sum of products in [`LANES`] parts: always in the same order.
pub fn product(a: &[f64], b: &[f64]) -> f64 {
    let (a, b) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let rest: f64 = a.remainder().iter().zip(b.remainder()).map(|(a, b)| a * b).sum();
    let mut sums = [0.0; LANES];
    for (a, b) in a.zip(b) {
        for ((s, a), b) in sums.iter_mut().zip(a).zip(b) {
            *s += a * b;
        }
    }
    let [a, b, c, d, e, f, g, h] = sums;
    ((a + e) + (c + g)) + ((b + f) + (d + h)) + rest
}

/// The solution of a symmetric positive definite system by its Cholesky factor; none where a pivot is not above `dependent`
/// times its diagonal entry.
pub fn solve(entry: impl Fn(usize, usize) -> f64, mut right: Vec<f64>, dependent: f64) -> Option<Vec<f64>> {
    let n = right.len();
    let mut factor = vec![0.0; n * n];
    for i in 0..n {
        let (above, row) = factor.split_at_mut(i * n);
        for k in 0..i {
            let other = &above[k * n..k * n + k + 1];
            row[k] = (entry(i, k) - product(&row[..k], &other[..k])) / other[k];
        }
        let pivot = entry(i, i) - product(&row[..i], &row[..i]);
        if pivot.is_nan() || pivot <= dependent * entry(i, i) {
            return None;
        }
        row[i] = pivot.sqrt();
        right[i] = (right[i] - product(&row[..i], &right[..i])) / row[i];
    }
    for i in (0..n).rev() {
        right[i] /= factor[i * n + i];
        let known = right[i];
        right[..i].iter_mut().zip(&factor[i * n..]).for_each(|(r, f)| *r -= f * known);
    }
    Some(right)
}

/// Rows handled by [`weighted`] are as wide as a multiple of this.
pub const TILE: usize = 4;

/// The sum over rows of weight x row row', on and above the diagonal; below it only parts are set.
pub fn weighted(rows: &[f64], weight: &[f64]) -> Vec<f64> {
    let width = rows.len() / weight.len().max(1);
    let mut sums = vec![0.0; width * width];
    for j in (0..width).step_by(TILE) {
        for k in (j..width).step_by(TILE) {
            let mut tile = [[0.0; TILE]; TILE];
            for (row, w) in rows.chunks_exact(width).zip(weight) {
                let (Some(a), Some(b)) = (row[j..].first_chunk::<TILE>(), row[k..].first_chunk::<TILE>()) else {
                    break;
                };
                for (sums, a) in tile.iter_mut().zip(a) {
                    let a = a * w;
                    sums.iter_mut().zip(b).for_each(|(s, b)| *s += a * b);
                }
            }
            for (i, row) in tile.iter().enumerate() {
                sums[(j + i) * width + k..][..TILE].copy_from_slice(row);
            }
        }
    }
    sums
}

/// Solve the first `count` equations of a symmetric system, of which the entries from the diagonal on count, in the place
/// of its right side; false where a pivot is not above `dependent` times its diagonal entry.
pub fn eliminate(matrix: &mut [f64], right: &mut [f64], count: usize, dependent: f64) -> bool {
    let width = right.len();
    let diagonal: Vec<f64> = (0..count).map(|k| matrix[k * width + k]).collect();
    for k in 0..count {
        let (above, below) = matrix.split_at_mut((k + 1) * width);
        let pivot = &above[k * width..][..count];
        if pivot[k].is_nan() || pivot[k] <= dependent * diagonal[k] {
            return false;
        }
        let inverse = 1.0 / pivot[k];
        for (j, row) in (k + 1..count).zip(below.chunks_exact_mut(width)) {
            let share = pivot[j] * inverse;
            row[j..count].iter_mut().zip(&pivot[j..]).for_each(|(to, p)| *to -= share * p);
            right[j] -= share * right[k];
        }
    }
    for k in (0..count).rev() {
        let row = &matrix[k * width..][..count];
        let known: f64 = row[k + 1..].iter().zip(&right[k + 1..]).map(|(a, b)| a * b).sum();
        right[k] = (right[k] - known) / row[k];
    }
    true
}
