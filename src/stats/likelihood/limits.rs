//! Limits of a coefficient by the profile likelihood: exact roots. R's MASS reads them off a spline and differs by up to some
//! thousandths of a standard error; where the outcome is separated its limits may be missing or far off, and these are not.

use super::{Likelihood, Maximum};
use crate::num::{summary, tails};

/// A limit is looked for in steps that move the linear predictor over the column's range by this much at most, for where the
/// outcome is separated standard errors know no bounds.
const STRIDE: f64 = 2.0;
/// A limit further than this many standard errors from the estimate is taken for none. Where separation leaves the coefficient no
/// estimate, and no standard error, so many strides, or times the size at which it adds no more to the likelihood.
const REACH: f64 = 1e3;

/// How far from the limit's value of the profile, in twice the log likelihood, a limit may lie.
const ROOT: f64 = 1e-6;
/// So many strides on which nothing is lost are a profile without an end.
const AFAR: f64 = 500.0;
/// How far from the peak of a penalised profile a higher one is looked for: the linear predictor of all patients moved, all
/// coefficients multiplied, or all doubled and one of them moved; and how often the limit is looked for anew beyond a limit where
/// there was one.
const SHIFTS: [f64; 6] = [-8.0, -4.0, -2.0, 2.0, 4.0, 8.0];
const GROWN: [f64; 2] = [2.0, 4.0];
const ASIDE: [f64; 2] = [-4.0, 4.0];
const ANEW: usize = 20;
/// So many times a step is halved that cannot be followed.
const SHORTER: usize = 40;
/// After so many strides a profile is given up as not followed. Strides double: of the 900 tables of the law of separation none
/// takes 41. It ends the search where every stride would have to be halved again.
const STRIDES: usize = 2000;

/// The profile likelihood of coefficient `j`, followed from one value of it to another.
struct Profile<'a> {
    of: &'a Likelihood,
    best: &'a Maximum,
    j: usize,
    /// The penalised likelihood's: column `j` of the covariance at the maximum.
    covariance: Option<Vec<f64>>,
    /// How far below the maximum is looked for, in twice the log likelihood.
    wanted: f64,
    last: Vec<f64>,
    /// The last peak that had not fallen so far.
    near: Vec<f64>,
}

impl Likelihood {
    /// The limits of coefficient `j` at `level`: where twice the distance from the maximum is the quantile of chi-square on
    /// one degree of freedom. Infinite where the likelihood never falls so far, as it may on a side of an `endless` coefficient,
    /// one to which separation leaves no estimate; NaN where the profile cannot be followed so far.
    ///
    /// A penalised profile may have several peaks at a value of the coefficient, one in each direction in which the others may
    /// grow. The profile is their highest, and the limit where that has fallen: at the limit of the peak that was followed, or where
    /// that peak ends, a higher one is looked for from [`Profile::beside`] and followed on. Of one column that finds it (a law); of
    /// several nearly always: of 840 limits of small tables beside separation 4 are missed that 400 starts find, and these are the
    /// tables on which the starts were chosen: of others more may be missed. R's logistf follows one peak: where that is not the
    /// highest its limit is nearer the estimate than it should be, or its search ends without one.
    pub(super) fn limits(&self, best: &Maximum, j: usize, level: f64, endless: bool) -> (f64, f64) {
        let reach = tails::normal_quantile(0.5 + level / 2.0);
        let limit = |side: f64| self.limit(best, j, side, reach * reach, endless).unwrap_or(f64::NAN);
        rayon::join(|| limit(-1.0), || limit(1.0))
    }

    fn limit(&self, best: &Maximum, j: usize, side: f64, wanted: f64, endless: bool) -> Option<f64> {
        let (low, high) = summary::range(&self.columns[j]);
        let stride = STRIDE / if high > low { high - low } else { 1.0 };
        let covariance = match self.penalised {
            true => Some(self.covariance(&best.coef)?.column(j).to_vec()),
            false => None,
        };
        let se = covariance.as_ref().map_or_else(|| self.spread(best, j), |c| c[j].sqrt());
        let most = REACH * if endless { stride.max(best.coef[j].abs()) } else { se };
        let mut profile = Profile { of: self, best, j, covariance, wanted, last: best.coef.clone(), near: Vec::new() };
        let width = (wanted.sqrt() * se).min(stride);
        let (mut limit, mut met) = profile.fallen(best.coef[j], side, width, (most, stride), endless)?;
        for _ in 0..ANEW {
            if !limit.is_finite() || !profile.is_higher(limit) {
                break;
            }
            (limit, met) = profile.fallen(limit, side, width, (most, stride), endless)?;
        }
        met.then_some(limit)
    }

    /// The standard error of coefficient `j` of the plain likelihood: 1 / root of the information that the other columns leave
    /// of its own.
    fn spread(&self, best: &Maximum, j: usize) -> f64 {
        let tangent = self.tangent(&best.coef, j);
        let left = |i: usize| self.linear(&tangent, i);
        let weight = self.probability(&best.coef).into_iter().map(|(p, q)| p * q);
        1.0 / weight.enumerate().map(|(i, w)| w * left(i) * left(i)).sum::<f64>().sqrt()
    }
}

impl Profile<'_> {
    /// Where the profile has fallen as far as is wanted, beyond `near`; infinite where it never does. False beside it where the peak
    /// that was followed ends, and the next is lower. `most` is the longest step, and a `stride` that of two in the linear
    /// predictor.
    fn fallen(
        &mut self,
        mut near: f64,
        side: f64,
        mut width: f64,
        (most, stride): (f64, f64),
        endless: bool,
    ) -> Option<(f64, bool)> {
        self.near.clone_from(&self.last);
        let (mut far, mut at) = self.reached(near, side, &mut width)?;
        let (mut strides, mut lost) = (0, 0.0);
        while at.0 < 0.0 {
            width *= 2.0;
            strides += 1;
            if width.is_nan() || width > most {
                return Some((side * f64::INFINITY, true));
            }
            if strides > STRIDES {
                return None;
            }
            (near, lost) = (far, at.0 + self.wanted);
            self.near.clone_from(&self.last);
            // The estimate itself is where the search for it stopped: nothing lost on a way much longer, and there is no end.
            if endless
                && lost < ROOT
                && (near - self.best.coef[self.j]).abs() > (AFAR * stride).max(4.0 * self.best.coef[self.j].abs())
            {
                return Some((side * f64::INFINITY, true));
            }
            (far, at) = self.reached(near, side, &mut width)?;
        }
        let mut t = far;
        for _ in 0..100 {
            if at.0 > 0.0 {
                far = t
            } else {
                (near, lost) = (t, at.0 + self.wanted);
                self.near.clone_from(&self.last);
            }
            let newton = t - at.0 / at.1;
            let inside = (newton - near) * (newton - far) < 0.0;
            let next = if inside { newton } else { (near + far) / 2.0 };
            if (next - t).abs() <= 1e-12 * (1.0 + t.abs()) {
                t = next;
                break;
            }
            let mut rest = (next - near).abs();
            (t, at) = self.reached(near, side, &mut rest)?;
        }
        // A profile is continuous: where it seems to jump, either one peak of several was left, or the search beyond has failed for
        // want of digits, so far out where separation leads that nothing was lost on the way.
        Some(match (at.0.abs() < ROOT, lost < ROOT) {
            (true, _) => (t, true),
            (false, true) => (side * f64::INFINITY, true),
            (false, false) => (far, false),
        })
    }

    /// Whether a penalised profile has a higher peak at a limit than the one it was found on: the next search then follows that.
    fn is_higher(&mut self, limit: f64) -> bool {
        if self.covariance.is_none() {
            return false;
        }
        let peak = |start: Vec<f64>| self.of.maximum(&start, &[self.j]).filter(|m| m.converged);
        let highest = self.beside(limit).into_iter().filter_map(peak).max_by(|a, b| a.value.total_cmp(&b.value));
        let higher = highest.filter(|m| 2.0 * (self.best.value - m.value) < self.wanted - ROOT);
        let found = higher.is_some();
        self.last = higher.map_or_else(|| self.last.clone(), |m| m.coef);
        found
    }

    /// Where a higher peak is looked for at a limit: from the last peak that had not fallen so far, and about the one that was found.
    /// Where separation leads several coefficients grow together.
    fn beside(&self, limit: f64) -> Vec<Vec<f64>> {
        let grown = |by: f64| self.last.iter().map(|b| b * by).collect::<Vec<f64>>();
        let moved = |mut from: Vec<f64>, k: usize, by: f64| {
            from[k] += by;
            from
        };
        let mut starts = vec![self.near.clone()];
        starts.extend(SHIFTS.map(|by| moved(self.last.clone(), 0, by)).into_iter().filter(|_| self.j != 0));
        starts.extend(GROWN.map(grown));
        for k in (0..self.last.len()).filter(|k| *k != self.j) {
            starts.extend(ASIDE.map(|by| moved(grown(GROWN[0]), k, by)));
        }
        starts.iter_mut().for_each(|start| start[self.j] = limit);
        starts
    }

    /// A value beyond `near` and the profile there: `width` further, or less where it cannot be followed so far at once.
    fn reached(&mut self, near: f64, side: f64, width: &mut f64) -> Option<(f64, (f64, f64))> {
        for _ in 0..SHORTER {
            let far = near + side * *width;
            if let Some(at) = self.at(far) {
                return Some((far, at));
            }
            *width /= 2.0;
        }
        None
    }

    /// (2 (max - profile) - wanted, its slope) at a value of the coefficient. A penalised likelihood can have two peaks far out:
    /// it is searched from where the last search ended, and from where the covariance points. The plain one has a single peak,
    /// and is searched from where the tangent of the last points.
    fn at(&mut self, t: f64) -> Option<(f64, f64)> {
        let (best, j) = (self.best, self.j);
        let starts = match &self.covariance {
            Some(covariance) => {
                let along = (t - best.coef[j]) / covariance[j];
                let pointed = (0..best.coef.len()).map(|k| best.coef[k] + along * covariance[k]).collect();
                self.last[j] = t;
                vec![self.last.clone(), pointed]
            }
            None => {
                let (tangent, along) = (self.of.tangent(&self.last, j), t - self.last[j]);
                let mut start: Vec<f64> = self.last.iter().zip(&tangent).map(|(b, d)| b + along * d).collect();
                start[j] = t;
                vec![start]
            }
        };
        let peaks = starts.iter().filter_map(|start| self.of.maximum(start, &[j]));
        let here = peaks.filter(|m| m.converged).max_by(|a, b| a.value.total_cmp(&b.value))?;
        let found = (2.0 * (best.value - here.value) - self.wanted, -2.0 * here.score[j]);
        self.last = here.coef;
        Some(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::num::rng::Rng;

    /// Two numbers and two levels that nearly tell the outcome; none where one of them is constant or the outcome is too rare.
    fn table(rng: &mut Rng, case: usize) -> Option<Likelihood> {
        let n = 10 + case % 22;
        let numbers: Vec<f64> = (0..n).map(|_| (10.0 * rng.normal()).round() / 10.0).collect();
        let mut level = |part: f64| (0..n).map(|_| f64::from(u8::from(rng.uniform() < part))).collect::<Vec<f64>>();
        let mut columns = vec![vec![1.0; n], numbers, level(0.3), level(0.2)];
        columns.truncate(2 + case % 3);
        let noise = [0.2, 0.5, 1.0][case % 3];
        let value = |i: usize| columns[1..columns.len().min(3)].iter().map(|c| 2.0 * c[i]).sum::<f64>();
        let outcome: Vec<bool> = (0..n).map(|i| value(i) + noise * rng.normal() > 0.3).collect();
        let events = outcome.iter().filter(|y| **y).count();
        let varies = columns[1..].iter().all(|c| c.iter().any(|v| *v != c[0]));
        (varies && events > 2 && events + 2 < n).then(|| Likelihood::new(columns, &outcome, true))
    }

    /// Where other columns grow with separation a penalised profile has peaks that no move of the intercept finds. Each limit is a
    /// number, and with starts all about it the profile has fallen there by the quantile of chi-square.
    #[test]
    fn a_penalised_limit_of_several_columns_is_of_the_highest_peak() {
        let mut rng = Rng::seeded(42);
        let (mut limits, mut missed) = (0, 0);
        for case in 0..90 {
            let Some(likelihood) = table(&mut rng, case) else { continue };
            let count = likelihood.columns.len();
            let Some(best) = likelihood.maximum(&vec![0.0; count], &[]).filter(|m| m.converged) else { continue };
            for j in 0..count {
                let (lower, upper) = likelihood.limits(&best, j, 0.95, false);
                for limit in [lower, upper] {
                    assert!(limit.is_finite(), "{case} {j}: {lower} to {upper}");
                    let about = |k: usize| {
                        let spread = [0.5, 2.0, 5.0, 12.0][k % 4];
                        let middle = if k.is_multiple_of(3) { limit / best.coef[j] } else { 1.0 };
                        let mut start: Vec<f64> =
                            best.coef.iter().map(|b| b * middle.clamp(-9.0, 9.0) + spread * rng.normal()).collect();
                        start[j] = limit;
                        likelihood.maximum(&start, &[j]).filter(|m| m.converged).map(|m| m.value)
                    };
                    let highest = (0..60).filter_map(about).fold(f64::NEG_INFINITY, f64::max);
                    limits += 1;
                    missed += usize::from(2.0 * (best.value - highest) < 3.841458820694124 - 1e-5);
                }
            }
        }
        assert!(limits > 300 && missed * 100 <= limits, "{missed} of {limits} limits are not of the highest peak");
    }
}
