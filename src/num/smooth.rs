//! Locally weighted regression, as R's `lowess`.

use crate::num::{rank, summary};

/// How much to smooth; the defaults are R's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// The share of points that take part in each local line.
    pub span: f64,
    /// Rounds of robust reweighting after the first fit. rms draws calibration curves with none.
    pub robust: usize,
    /// Points nearer than this to the last fitted one are interpolated; none: a hundredth of the range of x.
    pub delta: Option<f64>,
}

impl Default for Options {
    fn default() -> Self {
        Self { span: 2.0 / 3.0, robust: 3, delta: None }
    }
}

/// A smoothed curve: x ascending, y the fitted value at each.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    pub x: Vec<f64>,
    pub y: Vec<f64>,
}

/// The lowess curve through the points, in ascending order of x (stable for equal x, whose fitted values are equal).
pub fn lowess(x: &[f64], y: &[f64], options: Options) -> Curve {
    let order = rank::order(x);
    let x: Vec<f64> = order.iter().map(|&i| x[i]).collect();
    let y: Vec<f64> = order.iter().map(|&i| y[i]).collect();
    if x.len() < 2 {
        return Curve { x, y };
    }
    let width = ((options.span * x.len() as f64 + 1e-7) as usize).clamp(2, x.len());
    let delta = options.delta.unwrap_or(0.01 * (x[x.len() - 1] - x[0]));
    let mut weights = vec![1.0; x.len()];
    let mut fitted = pass(&x, &y, &weights, width, delta);
    for _ in 0..options.robust {
        let residuals: Vec<f64> = y.iter().zip(&fitted).map(|(y, f)| (y - f).abs()).collect();
        let scale = 6.0 * summary::median(&residuals);
        if scale < 1e-7 * residuals.iter().sum::<f64>() / x.len() as f64 {
            break;
        }
        weights = residuals.iter().map(|r| bisquare(*r, scale)).collect();
        fitted = pass(&x, &y, &weights, width, delta);
    }
    Curve { x, y: fitted }
}

impl Curve {
    /// The curve at `t` by straight lines between its points, the first of equal x taken; none outside its range.
    pub fn at(&self, t: f64) -> Option<f64> {
        let above = self.x.partition_point(|&x| x < t);
        let x1 = *self.x.get(above)?;
        if x1 == t {
            return Some(self.y[above]);
        }
        let last = above.checked_sub(1)?;
        // Of points with equal x the curve keeps the first.
        let below = self.x.partition_point(|&x| x < self.x[last]);
        let (x0, y0, y1) = (self.x[below], self.y[below], self.y[above]);
        Some(y0 + (y1 - y0) * ((t - x0) / (x1 - x0)))
    }
}

/// One pass over the points: fit, skip what lies within delta of the last fitted point, interpolate what was skipped.
fn pass(x: &[f64], y: &[f64], robust: &[f64], width: usize, delta: f64) -> Vec<f64> {
    let n = x.len();
    let mut fitted = vec![0.0; n];
    let mut window = (0, width - 1);
    let mut last: Option<usize> = None;
    let mut i = 0;
    while i < n {
        while window.1 < n - 1 && x[i] - x[window.0] > x[window.1 + 1] - x[i] {
            window = (window.0 + 1, window.1 + 1);
        }
        fitted[i] = local(x, y, robust, x[i], window).unwrap_or(y[i]);
        if let Some(last) = last.filter(|l| l + 1 < i) {
            let (x0, y0, rise) = (x[last], fitted[last], fitted[i]);
            for j in last + 1..i {
                let alpha = (x[j] - x0) / (x[i] - x0);
                fitted[j] = alpha * rise + (1.0 - alpha) * y0;
            }
        }
        let mut done = i;
        let cut = x[i] + delta;
        i += 1;
        while i < n && x[i] <= cut {
            if x[i] == x[done] {
                fitted[i] = fitted[done];
                done = i;
            }
            i += 1;
        }
        last = Some(done);
        i = (done + 1).max(i - 1);
    }
    fitted
}

/// The weighted local line (or mean, where the points hardly differ in x) at `at`; none where all weights are 0.
fn local(x: &[f64], y: &[f64], robust: &[f64], at: f64, window: (usize, usize)) -> Option<f64> {
    let h = (at - x[window.0]).max(x[window.1] - at);
    let mut weights = Vec::with_capacity(window.1 - window.0 + 1);
    for (&x, &r) in x[window.0..].iter().zip(&robust[window.0..]) {
        let distance = (x - at).abs();
        if distance > 0.999 * h {
            if x > at {
                break;
            }
            weights.push(0.0);
        } else if distance <= 0.001 * h {
            weights.push(r);
        } else {
            weights.push(r * cube(1.0 - cube(distance / h)));
        }
    }
    let total: f64 = weights.iter().sum();
    if total <= 0.0 {
        return None;
    }
    weights.iter_mut().for_each(|w| *w /= total);
    let near = &x[window.0..];
    if h > 0.0 {
        let centre: f64 = weights.iter().zip(near).map(|(w, x)| w * x).sum();
        let spread: f64 = weights.iter().zip(near).map(|(w, x)| w * (x - centre) * (x - centre)).sum();
        if spread.sqrt() > 0.001 * (x[x.len() - 1] - x[0]) {
            let slope = (at - centre) / spread;
            weights.iter_mut().zip(near).for_each(|(w, x)| *w *= slope * (x - centre) + 1.0);
        }
    }
    Some(weights.iter().zip(&y[window.0..]).map(|(w, y)| w * y).sum())
}

fn bisquare(residual: f64, scale: f64) -> f64 {
    if residual <= 0.001 * scale {
        1.0
    } else if residual <= 0.999 * scale {
        let r = residual / scale;
        (1.0 - r * r) * (1.0 - r * r)
    } else {
        0.0
    }
}

fn cube(x: f64) -> f64 {
    x * x * x
}
