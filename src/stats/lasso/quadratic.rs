//! The minimum of a small quadratic form with an L1 penalty: 1/2 b'Gb - p'b + soft sum |b| + ridge/2 sum b^2.

/// Sums run in this many parts, so that they need not wait for each other.
pub(super) const LANES: usize = 8;

/// The products of every two of `count` rows, each padded with zeros to a `stride` that is a multiple of [`LANES`].
pub(super) fn gram(rows: &[f64], stride: usize, count: usize) -> Vec<f64> {
    let mut gram = vec![0.0; count * count];
    for (j, a) in rows.chunks_exact(stride).enumerate() {
        for (k, b) in rows.chunks_exact(stride).enumerate().take(j + 1) {
            let product = product(a, b);
            gram[j * count + k] = product;
            gram[k * count + j] = product;
        }
    }
    gram
}

/// The sum of products in [`LANES`] parts: always in the same order.
pub(super) fn product(a: &[f64], b: &[f64]) -> f64 {
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
    let m = b.len();
    loop {
        let inside: Vec<usize> = (0..m).filter(|&j| b[j] != 0.0).collect();
        let right = inside.iter().map(|&j| pull[j] - soft.copysign(b[j])).collect();
        let Some(aim) = solve(|i, k| gram[inside[i] * m + inside[k]] + if i == k { ridge } else { 0.0 }, right) else {
            return false;
        };
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

/// The solution of a symmetric positive definite system by its Cholesky factor; none where a pivot is rounding.
fn solve(entry: impl Fn(usize, usize) -> f64, mut right: Vec<f64>) -> Option<Vec<f64>> {
    const DEPENDENT: f64 = 1e-12;
    let n = right.len();
    let mut factor = vec![0.0; n * n];
    for i in 0..n {
        let (above, row) = factor.split_at_mut(i * n);
        for k in 0..i {
            let other = &above[k * n..k * n + k + 1];
            row[k] = (entry(i, k) - product(&row[..k], &other[..k])) / other[k];
        }
        let pivot = entry(i, i) - product(&row[..i], &row[..i]);
        if pivot.is_nan() || pivot <= DEPENDENT * entry(i, i) {
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
