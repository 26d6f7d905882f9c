//! The logistic log likelihood, plain or with Firth's penalty, and its profile: the largest value where some coefficients are
//! held.

mod limits;
mod penalty;
mod units;

use ndarray::Array2;

use self::penalty::Turned;
use super::logistic::LikelihoodRatio;
use crate::num::{dense, tails};

pub(super) use units::Measured;

/// A likelihood of these data, columns of a size near one ([`Measured`]). The first is the intercept's.
struct Likelihood {
    columns: Vec<Vec<f64>>,
    y: Vec<f64>,
    /// Firth's penalty 0.5 log det(X'WX) is added.
    penalised: bool,
}

/// The largest value, and where it is.
#[derive(Clone, Debug)]
struct Maximum {
    coef: Vec<f64>,
    value: f64,
    /// Log likelihood without the penalty.
    plain: f64,
    /// The slope by each coefficient; 0 for those that are free.
    score: Vec<f64>,
    iterations: usize,
    converged: bool,
}

const ITERATIONS: usize = 500;
/// A step this small, relative to 1 + |coefficient|, ends the search.
const SETTLED: f64 = 1e-12;
/// A step that adds this little to the log likelihood, relative to 1 + itself, is the last: the next would add its square.
const GAIN: f64 = 1e-15;
/// Part of a weighted column that those before it must leave for it to be independent. Where the outcome is separated a column
/// comes to live in patients whose weights vanish: it has nothing more to add, and below the square of this, as information,
/// only the rounding of the slope.
const INDEPENDENT: f64 = 1e-8;
/// Patients told wrong by more than this linear predictor are weighted by a bound of the curvature, which vanishes there.
const WRONG: f64 = 15.0;

impl Likelihood {
    fn new(columns: Vec<Vec<f64>>, outcome: &[bool], penalised: bool) -> Self {
        Self { columns, y: outcome.iter().map(|y| f64::from(u8::from(*y))).collect(), penalised }
    }

    /// The maximum from `start`, with the coefficients of `held` where they are. Newton's steps, halved until the likelihood
    /// grows. None where the penalised likelihood's information is singular. Where the outcome is separated the plain one has
    /// no maximum: the search ends when a step adds nothing to it, though coefficients still grow.
    fn maximum(&self, start: &[f64], held: &[usize]) -> Option<Maximum> {
        let free: Vec<usize> = (0..self.columns.len()).filter(|j| !held.contains(j)).collect();
        let small = |step: f64, coef: f64| step.abs() <= SETTLED * (1.0 + coef.abs());
        let mut now = self.at(start.to_vec())?;
        while now.iterations < ITERATIONS && !now.converged {
            let slope: Vec<f64> = free.iter().map(|j| now.score[*j]).collect();
            let step = match self.penalised {
                true => dense::cholesky_solve(self.curvature(&now.coef, &free)?.view(), &slope),
                false => self.ascent(&now.coef, &free),
            };
            let short = free.iter().zip(&step).all(|(j, s)| small(*s, now.coef[*j]));
            let gain = slope.iter().zip(&step).map(|(g, s)| g * s).sum::<f64>();
            let settled = short || gain <= GAIN * (1.0 + now.value.abs());
            let next = match settled && self.penalised {
                // It adds less than the rounding of a determinant, which is no judge of it.
                true => self.at(moved(&now.coef, &free, &step, 1.0)),
                false => self.along(&now, &free, &step),
            };
            let iterations = now.iterations + 1;
            match next {
                Some(next) => {
                    let grown = next.value - now.value > GAIN * (1.0 + now.value.abs());
                    now = Maximum { iterations, converged: settled || !self.penalised && !grown, ..next };
                }
                // No step, however short, grows any more: the digits are used up.
                None => now = Maximum { iterations, converged: true, ..now },
            }
        }
        Some(now)
    }

    /// Newton's step of the plain likelihood, as least squares of residual / weight with these weights: by QR, which has the
    /// digits where weights span thirty orders; 0 by a coefficient that has nothing more to add.
    fn ascent(&self, coef: &[f64], free: &[usize]) -> Vec<f64> {
        let margin = self.margins(coef);
        let response = |i: usize, root: f64| {
            let left =
                if margin[i] < -WRONG { 1.0 / (root * (1.0 + margin[i].exp())) } else { (-margin[i] / 2.0).exp() };
            (2.0 * self.y[i] - 1.0) * left
        };
        self.least_squares(&margin, free, response)
    }

    /// How the free coefficients move with coefficient `j` along the profile of the plain likelihood.
    fn tangent(&self, coef: &[f64], j: usize) -> Vec<f64> {
        let free: Vec<usize> = (0..coef.len()).filter(|k| *k != j).collect();
        let moved = self.least_squares(&self.margins(coef), &free, |i, root| -root * self.columns[j][i]);
        let mut tangent = vec![0.0; coef.len()];
        tangent[j] = 1.0;
        free.iter().zip(moved).for_each(|(k, m)| tangent[*k] = m);
        tangent
    }

    /// Least squares of `response`, a function of a row and the root of its weight, on the weighted free columns; 0 of those
    /// that depend on the ones before them. Rows of large weight come first, for the others to keep their digits.
    fn least_squares(&self, margin: &[f64], free: &[usize], response: impl Fn(usize, f64) -> f64) -> Vec<f64> {
        let root = |m: f64| match m < -WRONG {
            // Of all parabolas that touch the likelihood here and lie below it, the one that bends least.
            true => ((m / 2.0).tanh() / (2.0 * m)).sqrt(),
            false => 1.0 / ((m / 2.0).exp() + (-m / 2.0).exp()),
        };
        let mut rows: Vec<(usize, f64)> = margin.iter().map(|m| root(*m)).enumerate().collect();
        rows.sort_by(|a, b| b.1.total_cmp(&a.1));
        let weighted = free.iter().map(|&j| rows.iter().map(|(i, w)| self.columns[j][*i] * w).collect()).collect();
        let response: Vec<f64> = rows.iter().map(|(i, w)| response(*i, *w)).collect();
        let solved = dense::qr(weighted, INDEPENDENT).solve(&response);
        solved.into_iter().map(|s| if s.is_finite() { s } else { 0.0 }).collect()
    }

    /// The linear predictor of each row, towards its outcome.
    fn margins(&self, coef: &[f64]) -> Vec<f64> {
        (0..self.y.len()).map(|i| (2.0 * self.y[i] - 1.0) * self.linear(coef, i)).collect()
    }

    /// The Cholesky factor of minus the second derivatives of the penalised likelihood by the free coefficients, for scoring by the
    /// information alone creeps where the penalty bends as much; of the information where the likelihood bends upwards.
    fn curvature(&self, coef: &[f64], free: &[usize]) -> Option<Array2<f64>> {
        let part = |whole: Array2<f64>| {
            let part = Array2::from_shape_fn((free.len(), free.len()), |(a, b)| whole[[free[a], free[b]]]);
            dense::cholesky(part.view(), 0.0)
        };
        let bent = Turned::of(&self.columns, self.probability(coef)).map(|turned| turned.curvature());
        bent.and_then(part).or_else(|| part(self.information(coef)))
    }

    /// The first of the step and its halves where the likelihood does not fall.
    fn along(&self, now: &Maximum, free: &[usize], step: &[f64]) -> Option<Maximum> {
        const HALVINGS: i32 = 40;
        (0..HALVINGS).find_map(|k| {
            let coef = moved(&now.coef, free, step, 0.5_f64.powi(k));
            self.at(coef).filter(|next| next.value >= now.value - 1e-13 * now.value.abs())
        })
    }

    /// The likelihood ratio test that these coefficients are 0; of none of them p is NaN.
    fn test(&self, best: &Maximum, zero: &[usize]) -> Option<LikelihoodRatio> {
        if zero.is_empty() {
            return Some(LikelihoodRatio { chi2: 0.0, df: 0, p: f64::NAN });
        }
        let peaks = std::iter::once(zeroed(best, zero)).chain(self.pointed(best, zero));
        let peaks = peaks.filter_map(|start| self.maximum(&start, zero)).filter(|m| m.converged).map(|m| m.value);
        let without = peaks.max_by(f64::total_cmp)?;
        let chi2 = (2.0 * (best.value - without)).max(0.0);
        Some(LikelihoodRatio { chi2, df: zero.len(), p: tails::chi2_upper(chi2, zero.len() as f64) })
    }

    /// As [`zeroed`], with the others where the covariance points: b - C[, zero] C[zero, zero]^-1 b[zero].
    fn pointed(&self, best: &Maximum, zero: &[usize]) -> Option<Vec<f64>> {
        let covariance = self.covariance(&best.coef)?;
        let within = Array2::from_shape_fn((zero.len(), zero.len()), |(a, b)| covariance[[zero[a], zero[b]]]);
        let held: Vec<f64> = zero.iter().map(|j| best.coef[*j]).collect();
        let along = dense::cholesky_solve(dense::cholesky(within.view(), 0.0)?.view(), &held);
        let by = |k: usize| zero.iter().zip(&along).map(|(j, a)| covariance[[k, *j]] * a).sum::<f64>();
        let mut start: Vec<f64> = best.coef.iter().enumerate().map(|(k, b)| b - by(k)).collect();
        zero.iter().for_each(|j| start[*j] = 0.0);
        Some(start)
    }

    fn linear(&self, coef: &[f64], i: usize) -> f64 {
        coef.iter().zip(&self.columns).map(|(b, c)| b * c[i]).sum::<f64>()
    }

    /// P and 1 - P of each row, each with its own digits.
    fn probability(&self, coef: &[f64]) -> Vec<(f64, f64)> {
        let linear = |i: usize| self.linear(coef, i);
        (0..self.y.len()).map(|i| (1.0 / (1.0 + (-linear(i)).exp()), 1.0 / (1.0 + linear(i).exp()))).collect()
    }

    fn information(&self, coef: &[f64]) -> Array2<f64> {
        penalty::information(&self.columns, &self.probability(coef))
    }

    /// (X'WX)^-1; none where the information is singular.
    fn covariance(&self, coef: &[f64]) -> Option<Array2<f64>> {
        Some(dense::cholesky_inverse(dense::cholesky(self.information(coef).view(), 0.0)?.view()))
    }

    /// Value and slope at these coefficients; none where the penalised likelihood's information is singular.
    fn at(&self, coef: Vec<f64>) -> Option<Maximum> {
        let probability = self.probability(&coef);
        // log P(observed), which keeps its digits where P is nearly 1 and where it is nearly 0.
        let log = |m: &f64| if *m > 0.0 { -(-m).exp().ln_1p() } else { m - m.exp().ln_1p() };
        let plain: f64 = self.margins(&coef).iter().map(log).sum();
        let mut residual: Vec<f64> =
            self.y.iter().zip(&probability).map(|(y, (p, q))| if *y > 0.5 { *q } else { -p }).collect();
        let mut value = plain;
        if self.penalised {
            let turned = Turned::of(&self.columns, probability)?;
            value += turned.value();
            residual.iter_mut().zip(turned.residual()).for_each(|(r, added)| *r += added);
        }
        let score = self.columns.iter().map(|c| dense::dot(c, &residual)).collect();
        value.is_finite().then_some(Maximum { coef, value, plain, score, iterations: 0, converged: false })
    }
}

/// The coefficients with a part of a step of those that are free.
fn moved(coef: &[f64], free: &[usize], step: &[f64], part: f64) -> Vec<f64> {
    let mut coef = coef.to_vec();
    free.iter().zip(step).for_each(|(j, s)| coef[*j] += s * part);
    coef
}

/// The coefficients of the maximum with these at 0 and the others where they are.
fn zeroed(best: &Maximum, zero: &[usize]) -> Vec<f64> {
    let mut start = best.coef.clone();
    zero.iter().for_each(|j| start[*j] = 0.0);
    start
}
