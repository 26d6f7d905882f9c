//! The Laplacian of a Gaussian, by recursive filters.

use crate::error::{Error, Result};
use crate::image::lines::{Grid, Row, along, part};
use crate::image::{Pixel, Volume, Window};

/// The Laplacian of the image smoothed by a Gaussian of `sigma` mm, times sigma squared: ITK's
/// LaplacianRecursiveGaussianImageFilter with NormalizeAcrossScale, to the last bit. Each second derivative and smoothing
/// is Farnebäck and Westin's recursion of order 4 (Improving Deriche-style recursive Gaussian filters, 2006) in 64-bit
/// floats, kept in 32 bits between two axes; outside the scan its border voxels go on for ever. The result is of 32-bit
/// floats whatever the scan is of.
///
/// [`Error::Undefined`] where PyRadiomics leaves the image out with a warning: the scan has fewer than 4 voxels along an
/// axis, or fewer than ceil(sigma / spacing) + 1. [`Error::BadValue`] for a sigma that is not above 0.
pub fn log_sigma(image: &Volume, window: &Window, sigma: f64) -> Result<Volume> {
    check(image, sigma)?;
    let geometry = &image.geometry;
    let mut sum = vec![0.0_f32; window.size.iter().product()];
    for axis in 0..3 {
        let derivative = Recursion::second_derivative(sigma, geometry.spacing[axis]).filter();
        let curved = along((geometry.size, &image.voxels), axis, part(window, axis), derivative);
        let smooth = |grid: Grid<f32>, axis: usize| {
            let gaussian = Recursion::gaussian(sigma, geometry.spacing[axis]).filter();
            along((grid.size, &grid.voxels), axis, part(window, axis), gaussian)
        };
        let smoothed = (0..3).filter(|other| *other != axis).fold(curved, smooth);
        let per_square = 1.0 / (geometry.spacing[axis] * geometry.spacing[axis]);
        sum.iter_mut()
            .zip(&smoothed.voxels)
            .for_each(|(sum, v)| *sum = (f64::from(*sum) + f64::from(*v) * per_square) as f32);
    }
    let voxels = sum.into_iter().map(f64::from).collect();
    Ok(Volume { geometry: geometry.cut(window), voxels, pixel: Pixel::Float32 })
}

fn check(image: &Volume, sigma: f64) -> Result<()> {
    let expected = "a width in millimetres above 0".to_string();
    if !(sigma > 0.0 && sigma.is_finite()) {
        return Err(Error::BadValue { what: "sigma".into(), given: sigma.to_string(), expected });
    }
    let geometry = &image.geometry;
    let needed = geometry.spacing.map(|mm| ((sigma / mm).ceil() + 1.0).max(4.0));
    match (0..3).find(|k| (geometry.size[*k] as f64) < needed[*k]) {
        None => Ok(()),
        Some(k) => Err(Error::Undefined {
            what: format!("the Laplacian of a Gaussian of {sigma} mm"),
            why: format!(
                "the scan has {} voxels along {}, and it takes {} of {} mm",
                geometry.size[k],
                ["x", "y", "z"][k],
                needed[k],
                geometry.spacing[k]
            ),
        }),
    }
}

/// y = forward + backward, where forward_i = sum n_k x_(i-k) - sum d_k forward_(i-k) and backward_i =
/// sum m_k x_(i+k) - sum d_k backward_(i+k); the forward sum over x starts at k = 0, the others at 1.
struct Recursion {
    n: [f64; 4],
    m: [f64; 4],
    d: [f64; 4],
    /// What stands for d_k y where y lies outside: d_k times what the recursion gives of a constant 1.
    before: [f64; 4],
    after: [f64; 4],
}

/// The pair of damped waves that a Gaussian and its second derivative are written in, of Farnebäck and Westin's table 3:
/// frequency and damping of each.
const WAVES: [[f64; 2]; 2] = [[0.6681, -1.3932], [2.0787, -1.3732]];
/// Amplitudes of the cosine and the sine of each wave.
const GAUSSIAN: [[f64; 2]; 2] = [[1.3530, 1.8151], [-0.3531, 0.0902]];
const SECOND: [[f64; 2]; 2] = [[-1.3563, 5.2318], [0.3446, -2.2355]];

/// A filter's coefficients with their sums, weighted by 1, k and k^2.
#[derive(Clone, Copy)]
struct Moments {
    c: [f64; 4],
    sums: [f64; 3],
}

impl Recursion {
    /// A Gaussian, scaled so that a constant stays what it is.
    fn gaussian(sigma: f64, spacing: f64) -> Self {
        let sigma = sigma / spacing;
        let d = denominator(sigma);
        let n = numerator(sigma, GAUSSIAN);
        let total = 2.0 * n.sums[0] / d.sums[0] - n.c[0];
        Self::symmetric(n.c.map(|c| c * (1.0 / total)), d.c)
    }

    /// A Gaussian's second derivative, scaled so that x^2 / 2 becomes the square of `sigma` in mm.
    fn second_derivative(sigma: f64, spacing: f64) -> Self {
        let width = sigma / spacing;
        let d = denominator(width);
        let [sd, dd, ed] = d.sums;
        let (smooth, curve) = (numerator(width, GAUSSIAN), numerator(width, SECOND));
        // So much of the Gaussian is added that a constant becomes 0.
        let beta = -(2.0 * curve.sums[0] - sd * curve.c[0]) / (2.0 * smooth.sums[0] - sd * smooth.c[0]);
        let n: [f64; 4] = std::array::from_fn(|k| curve.c[k] + beta * smooth.c[k]);
        let [sn, dn, en]: [f64; 3] = std::array::from_fn(|k| curve.sums[k] + beta * smooth.sums[k]);
        let mut total = en * sd * sd - ed * sn * sd - 2.0 * dn * dd * sd + 2.0 * dd * dd * sn;
        total /= sd * sd * sd;
        let scale = sigma * sigma / total;
        Self::symmetric(n.map(|c| c * scale), d.c)
    }

    fn symmetric(n: [f64; 4], d: [f64; 4]) -> Self {
        let m = [n[1] - d[0] * n[0], n[2] - d[1] * n[0], n[3] - d[2] * n[0], -d[3] * n[0]];
        let total = |c: [f64; 4]| c[0] + c[1] + c[2] + c[3];
        let all = 1.0 + d[0] + d[1] + d[2] + d[3];
        let (sn, sm) = (total(n), total(m));
        Self { n, m, d, before: d.map(|d| d * sn / all), after: d.map(|d| d * sm / all) }
    }

    /// The filter for [`along`], with its own room to work in.
    fn filter(self) -> impl FnMut(&mut [Row]) {
        let (mut turned, mut forward, mut backward) = (Vec::new(), Vec::new(), Vec::new());
        move |lines| {
            turned.clear();
            turned.extend(lines.iter().rev());
            sweep(lines, 0, &self.n, [&self.d, &self.before], &mut forward);
            sweep(&turned, 1, &self.m, [&self.d, &self.after], &mut backward);
            let both = forward.iter().zip(backward.iter().rev());
            for (line, (f, b)) in lines.iter_mut().zip(both) {
                for (k, value) in line.iter_mut().enumerate() {
                    *value = f[k] + b[k];
                }
            }
        }
    }
}

/// y_i = sum a_k x_(i-k-lag) - sum d_(k+1) y_(i-k-1), each sum over k from 0 to 3. Before the line x is its first value,
/// and so is y, with the border's coefficients in place of d.
fn sweep(x: &[Row], lag: usize, a: &[f64; 4], [d, border]: [&[f64; 4]; 2], y: &mut Vec<Row>) {
    y.clear();
    y.resize(x.len(), Row::default());
    for i in 0..x.len().min(4) {
        let near = std::array::from_fn(|k| &x[i.saturating_sub(k + lag)]);
        let past = std::array::from_fn(|k| if k < i { &y[i - k - 1] } else { &x[0] });
        let c = std::array::from_fn(|k| if k < i { d[k] } else { border[k] });
        y[i] = step(near, a, past, &c);
    }
    for i in 4..x.len() {
        let (x, y) = (&x[i - lag - 3..=i - lag], &mut y[i - 4..=i]);
        y[4] = step([&x[3], &x[2], &x[1], &x[0]], a, [&y[3], &y[2], &y[1], &y[0]], d);
    }
}

/// sum a_k x_k - sum c_k y_k. Inlined into the loop along the line, or its rows would go through memory.
#[inline(always)]
fn step(x: [&Row; 4], a: &[f64; 4], y: [&Row; 4], c: &[f64; 4]) -> Row {
    let mut row = Row::default();
    for (k, value) in row.iter_mut().enumerate() {
        let straight = x[0][k] * a[0] + x[1][k] * a[1] + x[2][k] * a[2] + x[3][k] * a[3];
        *value = straight - (y[0][k] * c[0] + y[1][k] * c[1] + y[2][k] * c[2] + y[3][k] * c[3]);
    }
    row
}

/// The coefficients of x for two waves of these amplitudes.
fn numerator(sigma: f64, amplitudes: [[f64; 2]; 2]) -> Moments {
    let [[w1, l1], [w2, l2]] = WAVES;
    let [[a1, b1], [a2, b2]] = amplitudes;
    let (sin1, sin2) = ((w1 / sigma).sin(), (w2 / sigma).sin());
    let (cos1, cos2) = ((w1 / sigma).cos(), (w2 / sigma).cos());
    let (exp1, exp2) = ((l1 / sigma).exp(), (l2 / sigma).exp());
    let n0 = a1 + a2;
    let mut n1 = exp2 * (b2 * sin2 - (a2 + 2.0 * a1) * cos2);
    n1 += exp1 * (b1 * sin1 - (a1 + 2.0 * a2) * cos1);
    let mut n2 = (a1 + a2) * cos2 * cos1;
    n2 -= b1 * cos2 * sin1 + b2 * cos1 * sin2;
    n2 *= 2.0 * exp1 * exp2;
    n2 += a2 * exp1 * exp1 + a1 * exp2 * exp2;
    let mut n3 = exp2 * exp1 * exp1 * (b2 * sin2 - a2 * cos2);
    n3 += exp1 * exp2 * exp2 * (b1 * sin1 - a1 * cos1);
    let sums = [n0 + n1 + n2 + n3, n1 + 2.0 * n2 + 3.0 * n3, n1 + 4.0 * n2 + 9.0 * n3];
    Moments { c: [n0, n1, n2, n3], sums }
}

/// The coefficients of y, the same whatever the amplitudes.
fn denominator(sigma: f64) -> Moments {
    let [[w1, l1], [w2, l2]] = WAVES;
    let (cos1, cos2) = ((w1 / sigma).cos(), (w2 / sigma).cos());
    let (exp1, exp2) = ((l1 / sigma).exp(), (l2 / sigma).exp());
    let d4 = exp1 * exp1 * exp2 * exp2;
    let mut d3 = -2.0 * cos1 * exp1 * exp2 * exp2;
    d3 += -2.0 * cos2 * exp2 * exp1 * exp1;
    let mut d2 = 4.0 * cos2 * cos1 * exp1 * exp2;
    d2 += exp1 * exp1 + exp2 * exp2;
    let d1 = -2.0 * (exp2 * cos2 + exp1 * cos1);
    let sums = [1.0 + d1 + d2 + d3 + d4, d1 + 2.0 * d2 + 3.0 * d3 + 4.0 * d4, d1 + 4.0 * d2 + 9.0 * d3 + 16.0 * d4];
    Moments { c: [d1, d2, d3, d4], sums }
}
