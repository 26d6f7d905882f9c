//! The logistic log likelihood, plain or with Firth's penalty, and its profile: the largest value where some coefficients are
//! held. Limits by it are exact roots; R's MASS reads them off a spline and differs by up to 3e-4 standard errors.

use ndarray::{Array2, ArrayView2};

use super::logistic::LikelihoodRatio;
use crate::num::{dense, summary, tails};

/// A likelihood of these data. The first column is the intercept.
pub(super) struct Likelihood {
    columns: Vec<Vec<f64>>,
    y: Vec<f64>,
    /// Firth's penalty 0.5 log det(X'WX) is added.
    penalised: bool,
}

/// The largest value, and where it is.
#[derive(Clone, Debug)]
pub(super) struct Maximum {
    pub coef: Vec<f64>,
    pub value: f64,
    /// Log likelihood without the penalty.
    pub plain: f64,
    /// The slope by each coefficient; 0 for those that are free.
    score: Vec<f64>,
    /// (X'WX)^-1.
    pub covariance: Array2<f64>,
    pub iterations: usize,
    pub converged: bool,
}

const ITERATIONS: usize = 500;
/// A step this small, relative to 1 + |coefficient|, ends the search.
const SETTLED: f64 = 1e-12;
/// A step that adds this little to the plain log likelihood, relative to 1 + itself, is the last: the next would add its square.
const GAIN: f64 = 1e-15;
/// A limit is looked for in steps that move the linear predictor over the column's range by this much at most, for where the
/// outcome is separated standard errors know no bounds.
const STRIDE: f64 = 2.0;
/// A limit further than this many standard errors from the estimate is taken for none.
const REACH: f64 = 1e3;

impl Likelihood {
    pub(super) fn new(x: ArrayView2<'_, f64>, outcome: &[bool], penalised: bool) -> Self {
        let mut columns = vec![vec![1.0; outcome.len()]];
        columns.extend(x.columns().into_iter().map(|c| c.to_vec()));
        Self { columns, y: outcome.iter().map(|y| f64::from(u8::from(*y))).collect(), penalised }
    }

    /// The maximum from `start`, with the coefficients of `held` where they are. Newton's steps, halved until
    /// the likelihood grows. None where the information is singular. Where the outcome is separated the plain likelihood has
    /// no maximum: the search ends when a step adds nothing to it, though coefficients still grow.
    pub(super) fn maximum(&self, start: &[f64], held: &[usize]) -> Option<Maximum> {
        let free: Vec<usize> = (0..self.columns.len()).filter(|j| !held.contains(j)).collect();
        let mut now = self.at(start.to_vec())?;
        while now.iterations < ITERATIONS && !now.converged {
            let factor = self.curvature(&now.coef, &free)?;
            let slope: Vec<f64> = free.iter().map(|j| now.score[*j]).collect();
            let step = dense::cholesky_solve(factor.view(), &slope);
            let short = free.iter().zip(&step).all(|(j, s)| s.abs() <= SETTLED * (1.0 + now.coef[*j].abs()));
            let gain = slope.iter().zip(&step).map(|(g, s)| g * s).sum::<f64>();
            let settled = short || !self.penalised && gain <= GAIN * (1.0 + now.value.abs());
            let next = self.along(&now, &free, &step);
            let iterations = now.iterations + 1;
            match next {
                Some(next) => now = Maximum { iterations, converged: settled, ..next },
                // No step, however short, grows any more: the digits are used up.
                None => now = Maximum { iterations, converged: true, ..now },
            }
        }
        Some(now)
    }

    /// The Cholesky factor of minus the second derivatives by the free coefficients: the information, and where there is a
    /// penalty the differences of its slopes, for scoring by the information alone creeps where the penalty bends as much.
    fn curvature(&self, coef: &[f64], free: &[usize]) -> Option<Array2<f64>> {
        let part = |of: &dyn Fn(usize, usize) -> f64| {
            let part = Array2::from_shape_fn((free.len(), free.len()), |(a, b)| of(a, b));
            dense::cholesky(part.view(), 0.0)
        };
        let bent = self.penalised.then(|| self.slopes(coef, free)).flatten();
        let bent = bent.and_then(|s| part(&|a, b| -(s[a][free[b]] + s[b][free[a]]) / 2.0));
        bent.or_else(|| {
            let information = self.information(coef);
            part(&|a, b| information[[free[a], free[b]]])
        })
    }

    /// How the slopes change by each free coefficient: central differences.
    fn slopes(&self, coef: &[f64], free: &[usize]) -> Option<Vec<Vec<f64>>> {
        let by = |j: &usize| {
            let width = 1e-5 * (1.0 + coef[*j].abs());
            let moved = |to: f64| {
                let mut coef = coef.to_vec();
                coef[*j] += to;
                self.at(coef).map(|there| there.score)
            };
            let (up, down) = (moved(width)?, moved(-width)?);
            Some(up.iter().zip(down).map(|(u, d)| (u - d) / (2.0 * width)).collect())
        };
        free.iter().map(by).collect()
    }

    /// The first of the step and its halves where the likelihood does not fall.
    fn along(&self, now: &Maximum, free: &[usize], step: &[f64]) -> Option<Maximum> {
        const HALVINGS: i32 = 40;
        (0..HALVINGS).find_map(|k| {
            let mut coef = now.coef.clone();
            free.iter().zip(step).for_each(|(j, s)| coef[*j] += s * 0.5_f64.powi(k));
            self.at(coef).filter(|next| next.value >= now.value - 1e-13 * now.value.abs())
        })
    }

    /// The limits of coefficient `j` at `level`: where twice the distance from the maximum is the quantile of chi-square on
    /// one degree of freedom. Infinite where the likelihood never falls so far.
    pub(super) fn limits(&self, best: &Maximum, j: usize, level: f64) -> (f64, f64) {
        let reach = tails::normal_quantile(0.5 + level / 2.0);
        let limit = |side: f64| self.limit(best, j, side, reach * reach).unwrap_or(side * f64::INFINITY);
        (limit(-1.0), limit(1.0))
    }

    fn limit(&self, best: &Maximum, j: usize, side: f64, wanted: f64) -> Option<f64> {
        let se = best.covariance[[j, j]].sqrt();
        let mut last = best.coef.clone();
        // (2 (max - profile) - wanted, its slope) at a value of the coefficient. A penalised likelihood can have two peaks far
        // out: it is searched from where the last search ended, and from where the covariance points.
        let mut profile = |t: f64| {
            let along = (t - best.coef[j]) / best.covariance[[j, j]];
            let pointed = (0..best.coef.len()).map(|k| best.coef[k] + along * best.covariance[[k, j]]).collect();
            last[j] = t;
            let starts: [Vec<f64>; 2] = [last.clone(), pointed];
            let peaks = starts.iter().filter_map(|start| self.maximum(start, &[j]));
            let here = peaks.max_by(|a, b| a.value.total_cmp(&b.value))?;
            let found = (2.0 * (best.value - here.value) - wanted, -2.0 * here.score[j]);
            last = here.coef;
            Some(found)
        };
        let (low, high) = summary::range(&self.columns[j]);
        let range = if high > low { high - low } else { 1.0 };
        let (mut near, mut width) = (best.coef[j], (wanted.sqrt() * se).min(STRIDE / range));
        let mut far = near + side * width;
        let mut at = profile(far)?;
        while at.0 < 0.0 {
            width *= 2.0;
            if width > REACH * se {
                return None;
            }
            near = far;
            far = near + side * width;
            at = profile(far)?;
        }
        let mut t = far;
        for _ in 0..100 {
            if at.0 > 0.0 {
                far = t
            } else {
                near = t
            }
            let newton = t - at.0 / at.1;
            let inside = (newton - near) * (newton - far) < 0.0;
            let next = if inside { newton } else { (near + far) / 2.0 };
            if (next - t).abs() <= 1e-12 * (1.0 + t.abs()) {
                return Some(next);
            }
            t = next;
            at = profile(t)?;
        }
        Some(t)
    }

    /// The likelihood ratio test that these coefficients are 0.
    pub(super) fn test(&self, best: &Maximum, zero: &[usize]) -> Option<LikelihoodRatio> {
        let mut start = best.coef.clone();
        zero.iter().for_each(|j| start[*j] = 0.0);
        let without = self.maximum(&start, zero)?;
        let chi2 = (2.0 * (best.value - without.value)).max(0.0);
        Some(LikelihoodRatio { chi2, df: zero.len(), p: tails::chi2_upper(chi2, zero.len() as f64) })
    }

    /// P and 1 - P of each row, each with its own digits.
    fn probability(&self, coef: &[f64]) -> Vec<(f64, f64)> {
        let linear = |i: usize| coef.iter().zip(&self.columns).map(|(b, c)| b * c[i]).sum::<f64>();
        (0..self.y.len()).map(|i| (1.0 / (1.0 + (-linear(i)).exp()), 1.0 / (1.0 + linear(i).exp()))).collect()
    }

    fn information(&self, coef: &[f64]) -> Array2<f64> {
        let weight: Vec<f64> = self.probability(coef).iter().map(|(p, q)| p * q).collect();
        let k = self.columns.len();
        Array2::from_shape_fn((k, k), |(a, b)| dense::dot3(&self.columns[a], &self.columns[b], &weight))
    }

    /// Value and slope at these coefficients; none where the information is singular.
    fn at(&self, coef: Vec<f64>) -> Option<Maximum> {
        let probability = self.probability(&coef);
        let linear = |i: usize| coef.iter().zip(&self.columns).map(|(b, c)| b * c[i]).sum::<f64>();
        // log P(observed) = -log(1 + exp(-+ linear)), which keeps its digits where P is nearly 1.
        let plain: f64 = (0..self.y.len())
            .map(|i| if self.y[i] > 0.5 { -(-linear(i)).exp().ln_1p() } else { -linear(i).exp().ln_1p() })
            .sum();
        let factor = dense::cholesky(self.information(&coef).view(), 0.0)?;
        let covariance = dense::cholesky_inverse(factor.view());
        let mut residual: Vec<f64> =
            self.y.iter().zip(&probability).map(|(y, (p, q))| if *y > 0.5 { *q } else { -p }).collect();
        let mut value = plain;
        if self.penalised {
            value += factor.diag().iter().map(|d| d.ln()).sum::<f64>();
            for (i, (r, (p, q))) in residual.iter_mut().zip(&probability).enumerate() {
                *r += self.hat(i, p * q, &covariance) * (0.5 - p);
            }
        }
        let score = self.columns.iter().map(|c| dense::dot(c, &residual)).collect();
        value.is_finite().then_some(Maximum { coef, value, plain, score, covariance, iterations: 0, converged: false })
    }

    /// The leverage of row `i`: w x' (X'WX)^-1 x.
    fn hat(&self, i: usize, weight: f64, covariance: &Array2<f64>) -> f64 {
        let k = self.columns.len();
        let row = |a: usize| self.columns[a][i];
        weight * (0..k).map(|a| row(a) * (0..k).map(|b| covariance[[a, b]] * row(b)).sum::<f64>()).sum::<f64>()
    }
}
