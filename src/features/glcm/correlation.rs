//! The maximal correlation coefficient of a co-occurrence matrix.
//!
//! PyRadiomics takes the root of the second largest eigenvalue of Q(i, j) = sum over k of p(i,k) p(j,k) / (px(i) py(k) + e),
//! a matrix that is not symmetric. Without e (2.2e-16) it has the eigenvalues of B B^T, where B = p / sqrt(px py): the
//! largest is 1, with the eigenvector sqrt(px), and the second is found by the method of Lanczos. But where a grey level is
//! rare px py comes near e, which moves the eigenvalue by up to 1e-4 of itself. So the eigenvector u found without e is put
//! into the Rayleigh quotient of the matrix with e, whose error is of second order in what e moves (1e-12 and below).
//!
//! A grey level that only ever lies next to itself splits the matrix into blocks without a common row or column. Then 1 is
//! the largest eigenvalue of each block, and e alone decides which of them is second.

use crate::features::EPSILON;

/// Root of the second largest eigenvalue of Q: 1 for a single grey level; 0 when only one of several levels has
/// neighbours. Where rounding makes the eigenvalue negative (levels independent of each other) PyRadiomics leaves the
/// direction out; here it is 0.
pub(super) fn maximal(p: &[f64], rows: &[f64], columns: &[f64]) -> f64 {
    if rows.len() < 2 {
        return 1.0;
    }
    let scaled = Scaled::new(p, rows, columns);
    let leading = leading(p, rows, columns.len());
    let mut eigenvalues: Vec<f64> = leading.iter().map(|u| scaled.quotient(u)).collect();
    eigenvalues.extend(scaled.next(&leading, rows).map(|u| scaled.quotient(&u)));
    eigenvalues.sort_by(|a, b| b.total_cmp(a));
    eigenvalues.get(1).map_or(0.0, |second| second.max(0.0).sqrt())
}

/// B, and B with each element p / sqrt(px py) multiplied by px py / (px py + e).
struct Scaled {
    plain: Vec<f64>,
    damped: Vec<f64>,
    rows: usize,
    columns: usize,
}

impl Scaled {
    fn new(p: &[f64], rows: &[f64], columns: &[f64]) -> Self {
        let mut plain = Vec::with_capacity(p.len());
        let mut damped = Vec::with_capacity(p.len());
        for (row, px) in p.chunks_exact(columns.len()).zip(rows) {
            for (pij, py) in row.iter().zip(columns) {
                let both = px * py;
                let element = if *pij > 0.0 { pij / both.sqrt() } else { 0.0 };
                plain.push(element);
                damped.push(element * (both / (both + EPSILON)));
            }
        }
        Self { plain, damped, rows: rows.len(), columns: columns.len() }
    }

    /// u^T (damped B) B^T u for a u of length 1.
    fn quotient(&self, u: &[f64]) -> f64 {
        let (left, right) = (self.transposed(&self.damped, u), self.transposed(&self.plain, u));
        dot(&left, &right)
    }

    /// The eigenvector of the largest eigenvalue of B B^T at right angles to the given ones; none when they span it all.
    fn next(&self, found: &[Vec<f64>], rows: &[f64]) -> Option<Vec<f64>> {
        let used = rows.iter().filter(|px| **px > 0.0).count();
        let room = used.checked_sub(found.len()).filter(|n| *n > 0)?;
        // Any start with a share of the eigenvector does; it is most often nearly linear in the grey level.
        let start = rows.iter().enumerate().map(|(i, px)| px.sqrt() * (i as f64 + (i as f64 * 1.7).sin()));
        let mut basis: Vec<Vec<f64>> = Vec::new();
        let (mut diagonal, mut beside) = (Vec::new(), Vec::new());
        let mut v: Vec<f64> = start.collect();
        loop {
            orthogonalise(&mut v, found);
            orthogonalise(&mut v, &basis);
            let length = dot(&v, &v).sqrt();
            if basis.is_empty() && length == 0.0 {
                return None;
            }
            let weights = basis.last().map(|_| top_vector(&diagonal, &beside));
            let settled = weights.as_ref().is_some_and(|w| length * w[w.len() - 1].abs() < SETTLED);
            if let Some(weights) = weights.filter(|_| settled || basis.len() == room) {
                return Some(combine(&basis, &weights));
            }
            if !basis.is_empty() {
                beside.push(length);
            }
            v.iter_mut().for_each(|x| *x /= length);
            let image = self.apply(&v);
            diagonal.push(dot(&v, &image));
            basis.push(std::mem::replace(&mut v, image));
        }
    }

    /// B B^T v.
    fn apply(&self, v: &[f64]) -> Vec<f64> {
        let across = self.transposed(&self.plain, v);
        self.plain.chunks_exact(self.columns).map(|row| dot(row, &across)).collect()
    }

    /// m^T v.
    fn transposed(&self, m: &[f64], v: &[f64]) -> Vec<f64> {
        let mut product = vec![0.0; self.columns];
        for (row, x) in m.chunks_exact(self.columns).zip(&v[..self.rows]) {
            product.iter_mut().zip(row).for_each(|(sum, b)| *sum += b * x);
        }
        product
    }
}

/// Length of the residual at which an eigenvector is good enough: its eigenvalue errs by the square of that.
const SETTLED: f64 = 1e-9;

/// The eigenvectors of eigenvalue 1 of B B^T: sqrt(px) on the rows of each block, of length 1.
fn leading(p: &[f64], rows: &[f64], columns: usize) -> Vec<Vec<f64>> {
    let n = rows.len();
    let mut block: Vec<usize> = (0..n + columns).collect();
    for (k, _) in p.iter().enumerate().filter(|(_, pij)| **pij > 0.0) {
        let (a, b) = (first(&block, k / columns), first(&block, n + k % columns));
        block[a.max(b)] = a.min(b);
    }
    let of: Vec<usize> = (0..n).map(|i| first(&block, i)).collect();
    let heads = (0..n).filter(|i| of[*i] == *i && rows[*i] > 0.0);
    let vector = |head: usize| {
        let total: f64 = (0..n).filter(|i| of[*i] == head).map(|i| rows[i]).sum();
        (0..n).map(|i| if of[i] == head { (rows[i] / total).sqrt() } else { 0.0 }).collect()
    };
    heads.map(vector).collect()
}

fn first(block: &[usize], mut i: usize) -> usize {
    while block[i] != i {
        i = block[i];
    }
    i
}

/// Takes the given directions out of v, twice, for once leaves what rounding put back.
fn orthogonalise(v: &mut [f64], against: &[Vec<f64>]) {
    for _ in 0..2 {
        for u in against {
            let share = dot(u, v);
            v.iter_mut().zip(u).for_each(|(x, y)| *x -= share * y);
        }
    }
}

/// The eigenvector of the largest eigenvalue of a symmetric tridiagonal matrix, by bisection and inverse iteration.
fn top_vector(diagonal: &[f64], beside: &[f64]) -> Vec<f64> {
    let m = diagonal.len();
    let reach = |i: usize| diagonal[i] + beside.get(i).unwrap_or(&0.0) + if i > 0 { beside[i - 1] } else { 0.0 };
    let mut high = (0..m).map(reach).fold(f64::MIN, f64::max) + f64::EPSILON;
    let mut low = diagonal.iter().copied().fold(f64::MIN, f64::max);
    while high - low > 4.0 * f64::EPSILON {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        if pivots(diagonal, beside, middle).all(|d| d > 0.0) { high = middle } else { low = middle }
    }
    // Just above the eigenvalue the shifted matrix is positive definite, and solving with it needs no pivoting.
    let pivots: Vec<f64> = pivots(diagonal, beside, high).map(|d| d.max(f64::MIN_POSITIVE)).collect();
    let mut v = vec![1.0; m];
    for _ in 0..3 {
        for i in 1..m {
            v[i] += beside[i - 1] / pivots[i - 1] * v[i - 1];
        }
        for i in (0..m).rev() {
            v[i] = v[i] / pivots[i] + if i + 1 < m { beside[i] / pivots[i] * v[i + 1] } else { 0.0 };
        }
        let length = dot(&v, &v).sqrt();
        v.iter_mut().for_each(|x| *x /= length);
    }
    v
}

/// The diagonal of the LDL^T form of shift - T.
fn pivots<'a>(diagonal: &'a [f64], beside: &'a [f64], shift: f64) -> impl Iterator<Item = f64> + 'a {
    let mut last = f64::INFINITY;
    diagonal.iter().enumerate().map(move |(i, d)| {
        let square = if i > 0 { beside[i - 1] * beside[i - 1] } else { 0.0 };
        last = shift - d - square / last;
        last
    })
}

fn combine(basis: &[Vec<f64>], weights: &[f64]) -> Vec<f64> {
    let mut sum = vec![0.0; basis[0].len()];
    for (v, w) in basis.iter().zip(weights) {
        sum.iter_mut().zip(v).for_each(|(s, x)| *s += w * x);
    }
    let length = dot(&sum, &sum).sqrt();
    sum.iter_mut().for_each(|s| *s /= length);
    sum
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}
