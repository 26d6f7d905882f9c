//! From voxels to millimetres and back, with ITK's roundings.
//!
//! A mask resampled from 1 mm to 2 mm is read half-way between two voxels, and the last bit decides which. So the way back
//! goes through the inverse as ITK forms it: V S^-1 U^T of LINPACK's singular value decomposition, whose roundings show
//! even where the axes are those of the world.

use super::Geometry;

/// A grid's two matrices.
pub(super) struct Placement {
    origin: [f64; 3],
    to_world: [[f64; 3]; 3],
    to_index: [[f64; 3]; 3],
}

impl Placement {
    pub(super) fn of(grid: &Geometry) -> Self {
        let to_world = grid.direction.map(|row| std::array::from_fn(|j| row[j] * grid.spacing[j]));
        Self { origin: grid.origin, to_world, to_index: inverse(&to_world) }
    }

    /// Where a place between voxels lies, mm.
    pub(super) fn between(&self, index: [f64; 3]) -> [f64; 3] {
        let turned = times(&self.to_world, index);
        std::array::from_fn(|i| turned[i] + self.origin[i])
    }

    /// Where a voxel's centre lies, mm; it adds up in another order than [`Self::between`].
    pub(super) fn centre(&self, index: [f64; 3]) -> [f64; 3] {
        std::array::from_fn(|i| (0..3).fold(self.origin[i], |sum, j| sum + self.to_world[i][j] * index[j]))
    }

    /// The continuous index of a point.
    pub(super) fn index(&self, point: [f64; 3]) -> [f64; 3] {
        times(&self.to_index, std::array::from_fn(|i| point[i] - self.origin[i]))
    }
}

fn times(m: &[[f64; 3]; 3], v: [f64; 3]) -> [f64; 3] {
    m.map(|row| row[0] * v[0] + row[1] * v[1] + row[2] * v[2])
}

/// The inverse of a matrix of perpendicular columns, none of them 0.
fn inverse(m: &[[f64; 3]; 3]) -> [[f64; 3]; 3] {
    let mut svd = Svd::bidiagonal(std::array::from_fn(|j| std::array::from_fn(|i| m[i][j])));
    svd.diagonalise();
    let Svd { s, u, v, .. } = svd;
    let scaled: [[f64; 3]; 3] = std::array::from_fn(|j| v[j].map(|x| x * (1.0 / s[j].abs())));
    std::array::from_fn(|i| std::array::from_fn(|k| (0..3).map(|j| scaled[j][i] * u[j][k]).fold(0.0, |a, b| a + b)))
}

/// M = U diag(s) V^T on the way there: e lies above the diagonal. Vectors are columns.
struct Svd {
    s: [f64; 3],
    e: [f64; 3],
    u: [[f64; 3]; 3],
    v: [[f64; 3]; 3],
}

impl Svd {
    /// Householder reflections from the left and the right, the method of LINPACK's dsvdc for 3 x 3.
    fn bidiagonal(mut x: [[f64; 3]; 3]) -> Self {
        let (mut s, mut e, mut u, mut v) = ([0.0; 3], [0.0; 3], [[0.0; 3]; 3], [[0.0; 3]; 3]);
        for l in 0..2 {
            s[l] = -reflector(&mut x[l][l..]);
            let column = x[l];
            for j in l + 1..3 {
                if s[l] != 0.0 {
                    reflect(&column[l..], &mut x[j][l..]);
                }
                e[j] = x[j][l];
            }
            u[l][l..].copy_from_slice(&column[l..]);
            if l == 0 {
                e[0] = -reflector(&mut e[1..]);
                if e[0] != 0.0 {
                    let work: [f64; 3] = std::array::from_fn(|i| 0.0 + e[1] * x[1][i] + e[2] * x[2][i]);
                    for j in 1..3 {
                        let t = -e[j] / e[1];
                        (1..3).for_each(|i| x[j][i] += t * work[i]);
                    }
                }
                v[0][1..].copy_from_slice(&e[1..]);
            }
        }
        s[2] = x[2][2];
        (e[1], e[2]) = (x[2][1], 0.0);
        let mut svd = Self { s, e, u, v };
        svd.gather();
        svd
    }

    /// The reflections multiplied out.
    fn gather(&mut self) {
        self.u[2] = [0.0, 0.0, 1.0];
        for l in [1, 0] {
            let mut column = self.u[l];
            if self.s[l] == 0.0 {
                column = [0.0; 3];
            } else {
                self.u[l + 1..].iter_mut().for_each(|other| reflect(&column[l..], &mut other[l..]));
                column[l..].iter_mut().for_each(|c| *c = -*c);
            }
            column[l] += 1.0;
            self.u[l] = column;
        }
        (self.v[1], self.v[2]) = ([0.0, 1.0, 0.0], [0.0, 0.0, 1.0]);
        if self.e[0] != 0.0 {
            let first = self.v[0];
            self.v[1..].iter_mut().for_each(|other| reflect(&first[1..], &mut other[1..]));
        }
        self.v[0] = [1.0, 0.0, 0.0];
    }

    /// Implicit QR steps until e is negligible, then the singular values positive and in falling order.
    fn diagonalise(&mut self) {
        /// As many steps as LINPACK takes before it gives up; a grid takes a handful.
        const STEPS: usize = 1000;
        let mut m = 3;
        let mut steps = 0;
        while m > 0 && steps < STEPS {
            let negligible = |l: &usize| {
                let beside = self.s[l - 1].abs() + self.s[*l].abs();
                beside + self.e[l - 1].abs() == beside
            };
            let l = (1..m).rev().find(negligible).unwrap_or(0);
            if l > 0 {
                self.e[l - 1] = 0.0;
            }
            if l + 1 == m {
                self.settle(l);
                m -= 1;
                steps = 0;
            } else {
                self.step(l, m);
                steps += 1;
            }
        }
    }

    fn settle(&mut self, l: usize) {
        if self.s[l] < 0.0 {
            self.s[l] = -self.s[l];
            self.v[l] = self.v[l].map(|x| -x);
        }
        for k in l..2 {
            if self.s[k] >= self.s[k + 1] {
                break;
            }
            self.s.swap(k, k + 1);
            self.u.swap(k, k + 1);
            self.v.swap(k, k + 1);
        }
    }

    /// One QR step on rows `l` to `m`, exclusive, with LINPACK's shift.
    fn step(&mut self, l: usize, m: usize) {
        let Self { s, e, u, v } = self;
        let scale = [s[m - 1], s[m - 2], e[m - 2], s[l], e[l]].iter().fold(0.0, |most: f64, x| most.max(x.abs()));
        let [sm, before, above] = [s[m - 1], s[m - 2], e[m - 2]].map(|x| x / scale);
        let [sl, el] = [s[l], e[l]].map(|x| x / scale);
        let b = ((before + sm) * (before - sm) + above * above) / 2.0;
        let c = (sm * above) * (sm * above);
        let mut shift = 0.0;
        if b != 0.0 || c != 0.0 {
            let root = (b * b + c).sqrt();
            shift = c / (b + if b < 0.0 { -root } else { root });
        }
        let mut f = (sl + sm) * (sl - sm) + shift;
        let mut g = sl * el;
        for k in l..m - 1 {
            let (r, [cos, sin]) = givens(f, g);
            if k != l {
                e[k - 1] = r;
            }
            f = cos * s[k] + sin * e[k];
            e[k] = cos * e[k] - sin * s[k];
            g = sin * s[k + 1];
            s[k + 1] *= cos;
            rotate(v, k, [cos, sin]);
            let (r, [cos, sin]) = givens(f, g);
            s[k] = r;
            f = cos * e[k] + sin * s[k + 1];
            s[k + 1] = -sin * e[k] + cos * s[k + 1];
            g = sin * e[k + 1];
            e[k + 1] *= cos;
            rotate(u, k, [cos, sin]);
        }
        e[m - 2] = f;
    }
}

/// Turns a vector into the one it is reflected by; gives its length with the sign of its first part.
fn reflector(x: &mut [f64]) -> f64 {
    let mut length = norm(x);
    if length != 0.0 {
        if x[0] != 0.0 {
            length = length.copysign(x[0]);
        }
        let per = 1.0 / length;
        x.iter_mut().for_each(|x| *x *= per);
        x[0] += 1.0;
    }
    length
}

fn reflect(by: &[f64], x: &mut [f64]) {
    let t = -by.iter().zip(&*x).fold(0.0, |sum, (a, b)| sum + a * b) / by[0];
    x.iter_mut().zip(by).for_each(|(x, by)| *x += t * by);
}

/// The length of a vector, scaled by its largest part so far.
fn norm(x: &[f64]) -> f64 {
    let (mut scale, mut squares) = (0.0, 1.0);
    for x in x.iter().map(|x| x.abs()).filter(|x| *x != 0.0) {
        if scale < x {
            squares = squares * ((scale / x) * (scale / x)) + 1.0;
            scale = x;
        } else {
            squares += (x / scale) * (x / scale);
        }
    }
    scale * squares.sqrt()
}

/// The rotation that turns (a, b) into (r, 0): r, and its cosine and sine.
fn givens(a: f64, b: f64) -> (f64, [f64; 2]) {
    let scale = a.abs() + b.abs();
    if scale == 0.0 {
        return (0.0, [1.0, 0.0]);
    }
    let length = scale * ((a / scale) * (a / scale) + (b / scale) * (b / scale)).sqrt();
    let r = length.copysign(if a.abs() > b.abs() { a } else { b });
    (r, [a / r, b / r])
}

fn rotate(columns: &mut [[f64; 3]; 3], k: usize, [cos, sin]: [f64; 2]) {
    let (before, after) = columns.split_at_mut(k + 1);
    for (a, b) in before[k].iter_mut().zip(&mut after[0]) {
        (*a, *b) = (cos * *a + sin * *b, cos * *b - sin * *a);
    }
}
