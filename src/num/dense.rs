//! Small dense linear algebra: Householder least squares and symmetric positive definite systems.

use ndarray::{Array2, ArrayView2};

/// A QR decomposition of n x p columns, in which a column that depends on earlier ones was moved behind the others.
#[derive(Clone, Debug)]
pub struct Qr {
    /// Column j holds R above the diagonal and the Householder vector from the diagonal on.
    columns: Vec<Vec<f64>>,
    diagonal: Vec<f64>,
    pivot: Vec<usize>,
    /// The number of independent columns.
    pub rank: usize,
}

/// Decompose; a column whose norm falls below `tolerance` times its own at the start counts as dependent (R's rule in `lm`
/// and `glm`, where tolerance is 1e-11 for the latter).
pub fn qr(mut columns: Vec<Vec<f64>>, tolerance: f64) -> Qr {
    let p = columns.len();
    let norms: Vec<f64> = columns.iter().map(|c| norm(c)).collect();
    let mut pivot: Vec<usize> = (0..p).collect();
    let mut diagonal = Vec::with_capacity(p);
    let mut rank = p.min(columns.first().map_or(0, Vec::len));
    let mut j = 0;
    while j < rank {
        let left = norm(&columns[j][j..]);
        if left < tolerance * norms[pivot[j]] || left == 0.0 {
            columns[j..].rotate_left(1);
            pivot[j..].rotate_left(1);
            rank -= 1;
            continue;
        }
        let (head, tail) = columns.split_at_mut(j + 1);
        let reflector = &mut head[j][j..];
        let alpha = if reflector[0] > 0.0 { -left } else { left };
        reflector[0] -= alpha;
        diagonal.push(alpha);
        let square = squared(reflector);
        tail.iter_mut().for_each(|column| reflect(reflector, square, &mut column[j..]));
        j += 1;
    }
    Qr { columns, diagonal, pivot, rank }
}

impl Qr {
    /// The least squares coefficients of `y`; NaN for each dependent column.
    pub fn solve(&self, y: &[f64]) -> Vec<f64> {
        let mut y = y.to_vec();
        for j in 0..self.rank {
            let reflector = &self.columns[j][j..];
            reflect(reflector, squared(reflector), &mut y[j..]);
        }
        let mut coef = vec![f64::NAN; self.columns.len()];
        let mut b = vec![0.0; self.rank];
        for j in (0..self.rank).rev() {
            let known: f64 = (j + 1..self.rank).map(|k| self.columns[k][j] * b[k]).sum();
            b[j] = (y[j] - known) / self.diagonal[j];
            coef[self.pivot[j]] = b[j];
        }
        coef
    }

    /// (X'X)^-1 of the independent columns, in the order and size of all columns; NaN where one is dependent.
    pub fn inverse_gram(&self) -> Array2<f64> {
        let (p, r) = (self.columns.len(), self.rank);
        let mut inverse = Array2::zeros((r, r));
        for c in 0..r {
            for j in (0..=c).rev() {
                let known: f64 = (j + 1..=c).map(|k| self.columns[k][j] * inverse[[k, c]]).sum();
                inverse[[j, c]] = (f64::from(u8::from(j == c)) - known) / self.diagonal[j];
            }
        }
        let mut gram = Array2::from_elem((p, p), f64::NAN);
        for a in 0..r {
            for b in 0..r {
                gram[[self.pivot[a], self.pivot[b]]] = (a.max(b)..r).map(|c| inverse[[a, c]] * inverse[[b, c]]).sum();
            }
        }
        gram
    }
}

/// The Cholesky factor L of a symmetric positive definite matrix, A = LL'; none where a pivot is not above `tolerance`
/// times its diagonal entry.
pub fn cholesky(a: ArrayView2<'_, f64>, tolerance: f64) -> Option<Array2<f64>> {
    let n = a.nrows();
    let mut l = Array2::zeros((n, n));
    for j in 0..n {
        for i in j..n {
            let known: f64 = (0..j).map(|k| l[[i, k]] * l[[j, k]]).sum();
            let rest = a[[i, j]] - known;
            if i == j {
                if !rest.is_finite() || rest <= tolerance * a[[j, j]] {
                    return None;
                }
                l[[j, j]] = rest.sqrt();
            } else {
                l[[i, j]] = rest / l[[j, j]];
            }
        }
    }
    Some(l)
}

/// The solution of LL'x = b.
pub fn cholesky_solve(l: ArrayView2<'_, f64>, b: &[f64]) -> Vec<f64> {
    let n = b.len();
    let mut x = b.to_vec();
    for i in 0..n {
        let known: f64 = (0..i).map(|k| l[[i, k]] * x[k]).sum();
        x[i] = (x[i] - known) / l[[i, i]];
    }
    for i in (0..n).rev() {
        let known: f64 = (i + 1..n).map(|k| l[[k, i]] * x[k]).sum();
        x[i] = (x[i] - known) / l[[i, i]];
    }
    x
}

/// The inverse of LL'.
pub fn cholesky_inverse(l: ArrayView2<'_, f64>) -> Array2<f64> {
    let n = l.nrows();
    let mut inverse = Array2::zeros((n, n));
    for j in 0..n {
        let mut unit = vec![0.0; n];
        unit[j] = 1.0;
        inverse.column_mut(j).iter_mut().zip(cholesky_solve(l, &unit)).for_each(|(to, v)| *to = v);
    }
    inverse
}

/// The sum of products, always in the same order: two alternating pairs of partial sums.
///
/// That is how two-lane vector code (as R's glmnet is compiled) sums, so that its results are met to the last bit.
#[inline]
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    let (a, b) = (a.chunks_exact(4), b.chunks_exact(4));
    let (ra, rb) = (a.remainder(), b.remainder());
    let mut s = [0.0; 4];
    for (a, b) in a.zip(b) {
        s = [s[0] + a[0] * b[0], s[1] + a[1] * b[1], s[2] + a[2] * b[2], s[3] + a[3] * b[3]];
    }
    match (ra, rb) {
        ([a, b, c], [x, y, z]) => collected(s, &[a * x, b * y, c * z]),
        ([a, b], [x, y]) => collected(s, &[a * x, b * y]),
        ([a], [x]) => collected(s, &[a * x]),
        _ => collected(s, &[]),
    }
}

/// a := a - step b, and then the product of a with c as [`dot`] has it: both in one go, which takes half the time.
#[inline]
pub fn less_dot(a: &mut [f64], step: f64, b: &[f64], c: &[f64]) -> f64 {
    let (a, ra) = a.as_chunks_mut::<4>();
    let ((b, rb), (c, rc)) = (b.as_chunks::<4>(), c.as_chunks::<4>());
    let mut s = [0.0; 4];
    for ((a, b), c) in a.iter_mut().zip(b).zip(c) {
        *a = [a[0] - step * b[0], a[1] - step * b[1], a[2] - step * b[2], a[3] - step * b[3]];
        s = [s[0] + a[0] * c[0], s[1] + a[1] * c[1], s[2] + a[2] * c[2], s[3] + a[3] * c[3]];
    }
    // What is left is changed and multiplied while it is at hand: read back, it would wait for the write.
    match (ra, rb, rc) {
        ([a0, a1, a2], [b0, b1, b2], [c0, c1, c2]) => {
            let left = [*a0 - step * b0, *a1 - step * b1, *a2 - step * b2];
            [*a0, *a1, *a2] = left;
            collected(s, &[left[0] * c0, left[1] * c1, left[2] * c2])
        }
        ([a0, a1], [b0, b1], [c0, c1]) => {
            let left = [*a0 - step * b0, *a1 - step * b1];
            [*a0, *a1] = left;
            collected(s, &[left[0] * c0, left[1] * c1])
        }
        ([a], [b], [c]) => {
            *a -= step * b;
            collected(s, &[*a * c])
        }
        _ => collected(s, &[]),
    }
}

/// The sum of the products of three, (a b) c, in the order of [`dot`].
pub fn dot3(a: &[f64], b: &[f64], c: &[f64]) -> f64 {
    let (a, b, c) = (a.chunks_exact(4), b.chunks_exact(4), c.chunks_exact(4));
    let (ra, rb, rc) = (a.remainder(), b.remainder(), c.remainder());
    let mut s = [0.0; 4];
    for ((a, b), c) in a.zip(b).zip(c) {
        s = [
            s[0] + a[0] * b[0] * c[0],
            s[1] + a[1] * b[1] * c[1],
            s[2] + a[2] * b[2] * c[2],
            s[3] + a[3] * b[3] * c[3],
        ];
    }
    let rest = [0, 1, 2].map(|i| if i < ra.len() { ra[i] * rb[i] * rc[i] } else { 0.0 });
    collected(s, &rest[..ra.len()])
}

/// The sum, in the order of [`dot`].
#[inline]
pub fn sum(a: &[f64]) -> f64 {
    let a = a.chunks_exact(4);
    let rest = a.remainder();
    let mut s = [0.0; 4];
    for a in a {
        s = [s[0] + a[0], s[1] + a[1], s[2] + a[2], s[3] + a[3]];
    }
    collected(s, rest)
}

/// Two pairs of partial sums and what is left, at most three: a pair joins the pairs, one alone comes last.
#[inline]
fn collected(s: [f64; 4], rest: &[f64]) -> f64 {
    let pair = [s[0] + s[2], s[1] + s[3]];
    match rest {
        [a, b, c] => (pair[0] + a) + (pair[1] + b) + c,
        [a, b] => (pair[0] + a) + (pair[1] + b),
        [a] => pair[0] + pair[1] + a,
        _ => pair[0] + pair[1],
    }
}

/// y := (I - 2vv'/v'v) y, where `square` is v'v.
fn reflect(v: &[f64], square: f64, y: &mut [f64]) {
    let vy: f64 = v.iter().zip(y.iter()).map(|(v, y)| v * y).sum();
    let scale = 2.0 * vy / square;
    y.iter_mut().zip(v).for_each(|(y, v)| *y -= scale * v);
}

fn squared(v: &[f64]) -> f64 {
    v.iter().map(|v| v * v).sum()
}

fn norm(x: &[f64]) -> f64 {
    let largest = x.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    if largest == 0.0 || !largest.is_finite() {
        return largest;
    }
    largest * x.iter().map(|v| (v / largest) * (v / largest)).sum::<f64>().sqrt()
}
