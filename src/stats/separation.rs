//! Whether a logistic likelihood has a maximum: shown either way, and not guessed from the size of estimates.
//!
//! Let z = x for patients with the outcome and -x for those without, the intercept among x. The likelihood has no maximum where
//! a direction b of the coefficients has z'b >= 0 for every patient and z'b > 0 for one (Albert and Anderson 1984). Konis (2007)
//! looks for b by linear programming, as R's detectseparation does: maximise the sum of z'b where all z'b >= 0. By Stiemke's
//! lemma, the dual of that program, there is no such b exactly where weights u > 0 exist with sum u z = 0. Newton's method
//! offers both witnesses:
//!
//! - a step d from any linear predictor solves sum w z (z'd) = sum r z with r = |y - P| and w = r (1 - r), so that
//!   u = r (1 - (1 - r) z'd) sums to 0. Where (1 - r) z'd < 1 for every patient all u > 0, and the maximum exists;
//! - where it does not, each step moves some patients by 1 or more for ever and the others less and less. The step less its
//!   part in the span of the others' z is a direction that leaves the others where they are; where it has z'b > 0 for the moved
//!   it separates them. The others are then looked at alone, for what separates them may be added to a multiple of b.
//!
//! Exact but for rounding; no bound on estimates or standard errors takes part.

use crate::num::dense;

/// What the outcome's separation leaves of the estimates.
#[derive(Clone, Debug, PartialEq)]
pub enum Separation {
    /// A direction tells every patient's outcome: no coefficient has an estimate.
    Complete,
    /// A direction tells some patients' and leaves the others': for each coefficient, the intercept first, whether it has no
    /// finite estimate, which is where the others alone do not determine it.
    Quasi(Vec<bool>),
    /// Neither witness was found, as rounding allows none.
    Undecided,
}

/// A product with rows of unit size that is this small counts as 0.
const ZERO: f64 = 1e-8;
/// Part of a column or row that the ones before it must leave for it to be independent.
const INDEPENDENT: f64 = 1e-9;
/// Steps of Newton's method that are tried.
const STEPS: usize = 60;

impl Separation {
    /// Whether coefficient `j` (0 is the intercept) has no finite estimate.
    pub fn is_infinite(&self, j: usize) -> bool {
        match self {
            Self::Complete | Self::Undecided => true,
            Self::Quasi(infinite) => infinite.get(j).copied().unwrap_or(true),
        }
    }
}

/// Whether a step of Newton's method shows that the maximum exists: from the linear predictor `before` with these
/// probabilities to `after`, over all rows and independent columns.
pub(super) fn shows_maximum(y: &[f64], probability: &[f64], before: &[f64], after: &[f64]) -> bool {
    // Beyond this R's weights are no longer those of the likelihood.
    const FAITHFUL: f64 = 30.0;
    let positive = |i: usize| {
        let moved = (2.0 * y[i] - 1.0) * (after[i] - before[i]);
        before[i].abs() < FAITHFUL && outweighs((y[i] - probability[i]).abs(), moved)
    };
    (0..y.len()).all(positive)
}

/// Whether r (1 - (1 - r) moved) is positive, and clear of rounding.
fn outweighs(r: f64, moved: f64) -> bool {
    (1.0 - r) * moved < 0.99
}

/// Look for a direction that separates the outcome; none where the maximum exists. `columns` begin with the intercept, those
/// that depend on earlier ones take no part; the search starts at the coefficients.
pub(super) fn examine(columns: &[Vec<f64>], y: &[f64], coef: &[f64]) -> Option<Separation> {
    // R's own bound.
    const ALIASED: f64 = 1e-11;
    let n = y.len();
    let independent = dense::qr(columns.to_vec(), ALIASED).solve(y);
    let used: Vec<usize> = (1..columns.len()).filter(|&j| !independent[j].is_nan()).collect();
    let coef: Vec<f64> = coef.iter().map(|b| if b.is_nan() { 0.0 } else { *b }).collect();
    let mean: Vec<f64> = used.iter().map(|&j| dense::sum(&columns[j]) / n as f64).collect();
    let about = |(j, m): (&usize, &f64)| (columns[*j].iter().map(|x| (x - m) * (x - m)).sum::<f64>() / n as f64).sqrt();
    let scale: Vec<f64> = used.iter().zip(&mean).map(about).map(|s| if s > 0.0 { s } else { 1.0 }).collect();
    let row = |i: usize| -> Vec<f64> {
        let side = 2.0 * y[i] - 1.0;
        let scaled = used.iter().zip(mean.iter().zip(&scale)).map(|(&j, (m, s))| side * (columns[j][i] - m) / s);
        std::iter::once(side).chain(scaled).collect()
    };
    let rows: Vec<Vec<f64>> = (0..n).map(row).collect();
    let mut start: Vec<f64> = used.iter().zip(&scale).map(|(&j, s)| coef[j] * s).collect();
    start.insert(0, coef[0] + used.iter().zip(&mean).map(|(&j, m)| coef[j] * m).sum::<f64>());
    let mut open: Vec<usize> = (0..n).collect();
    while !open.is_empty() {
        match look(&rows, &open, start.clone()) {
            Found::Maximum => break,
            Found::Direction(told) => open.retain(|i| !told.contains(i)),
            Found::Nothing => return Some(Separation::Undecided),
        }
    }
    if open.len() == n {
        return None;
    }
    if open.is_empty() {
        return Some(Separation::Complete);
    }
    let mut infinite = vec![false; columns.len()];
    let width = used.len() + 1;
    let unit = |at: usize| (0..width).map(|k| f64::from(u8::from(k == at))).collect::<Vec<f64>>();
    let mut intercept = unit(0);
    (0..used.len()).for_each(|k| intercept[k + 1] = -mean[k] / scale[k]);
    let lost = |functional: &[f64]| norm(&beyond(&rows, &open, functional)) > ZERO * norm(functional);
    infinite[0] = lost(&intercept);
    used.iter().enumerate().for_each(|(k, &j)| infinite[j] = lost(&unit(k + 1)));
    Some(Separation::Quasi(infinite))
}

enum Found {
    Maximum,
    /// The rows that a direction tells; it leaves the other open ones.
    Direction(Vec<usize>),
    Nothing,
}

/// Newton's method on the open rows until it shows one or the other.
fn look(rows: &[Vec<f64>], open: &[usize], start: Vec<f64>) -> Found {
    let columns: Vec<Vec<f64>> =
        (0..start.len()).map(|j| open.iter().map(|&i| rows[i][j]).collect::<Vec<f64>>()).collect();
    let free = independent(&columns);
    let (mut coef, mut halvings) = (nearer(rows, open, start), 0);
    let mut before: Option<(Vec<f64>, f64)> = None;
    for _ in 0..STEPS {
        let margin: Vec<f64> = open.iter().map(|&i| dense::dot(&rows[i], &coef)).collect();
        if margin.iter().zip(open).all(|(m, &i)| *m > ZERO * norm(&rows[i]) * norm(&coef)) {
            return Found::Direction(open.to_vec());
        }
        let loss: f64 = margin.iter().map(|m| if *m > 0.0 { (-m).exp().ln_1p() } else { m.exp().ln_1p() - m }).sum();
        match &before {
            // A step too long: half of it.
            Some((last, lowest)) if loss > lowest * (1.0 + 1e-12) && halvings < STEPS => {
                coef.iter_mut().zip(last).for_each(|(b, l)| *b = (*b + l) / 2.0);
                halvings += 1;
                continue;
            }
            _ => {}
        }
        let step = newton(&columns, &free, &margin);
        let moved: Vec<f64> = open.iter().map(|&i| dense::dot(&rows[i], &step)).collect();
        if margin.iter().zip(&moved).all(|(m, d)| outweighs(1.0 / (1.0 + m.exp()), *d)) {
            return Found::Maximum;
        }
        let (far, near): (Vec<usize>, Vec<usize>) = (0..open.len()).partition(|&k| moved[k] > 0.5);
        let near: Vec<usize> = near.into_iter().map(|k| open[k]).collect();
        let direction = beyond(rows, &near, &step);
        let told = |k: &usize| {
            let row = &rows[open[*k]];
            dense::dot(row, &direction) > ZERO * norm(row) * norm(&step)
        };
        if !far.is_empty() && far.iter().all(told) {
            return Found::Direction(far.into_iter().map(|k| open[k]).collect());
        }
        before = Some((coef.clone(), loss));
        coef.iter_mut().zip(&step).for_each(|(b, s)| *b += s);
    }
    Found::Nothing
}

/// A start shrunken to where probabilities have digits on both sides.
fn nearer(rows: &[Vec<f64>], open: &[usize], start: Vec<f64>) -> Vec<f64> {
    const FAR: f64 = 20.0;
    let most = open.iter().map(|&i| dense::dot(&rows[i], &start).abs()).fold(0.0, f64::max);
    match most.is_finite() {
        true => start.iter().map(|b| b * (FAR / most.max(FAR))).collect(),
        false => vec![0.0; start.len()],
    }
}

/// The step of Newton's method: least squares of r / w on z with weights w. Rows of large weight first, for the others to keep
/// their digits.
fn newton(columns: &[Vec<f64>], free: &[usize], margin: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..margin.len()).collect();
    order.sort_by(|&a, &b| margin[a].abs().total_cmp(&margin[b].abs()));
    // r = 1 / (1 + exp(m)) and w = r (1 - r): the root of w is 1 / (exp(m / 2) + exp(-m / 2)), and r over it exp(-m / 2) ..
    let root: Vec<f64> = order.iter().map(|&k| 1.0 / ((margin[k] / 2.0).exp() + (-margin[k] / 2.0).exp())).collect();
    let response: Vec<f64> = order.iter().map(|&k| (-margin[k] / 2.0).exp()).collect();
    let weighted =
        free.iter().map(|&j| order.iter().zip(&root).map(|(&k, w)| columns[j][k] * w).collect::<Vec<f64>>()).collect();
    let solved = dense::qr(weighted, 0.0).solve(&response);
    let mut step = vec![0.0; columns.len()];
    free.iter().zip(solved).filter(|(_, s)| s.is_finite()).for_each(|(&j, s)| step[j] = s);
    step
}

/// The columns that do not depend on the ones before them. Few rows may be left, so that a decomposition that counts on more
/// rows than columns would lose some.
fn independent(columns: &[Vec<f64>]) -> Vec<usize> {
    let mut axes: Vec<Vec<f64>> = Vec::new();
    let mut free = Vec::new();
    for (j, column) in columns.iter().enumerate() {
        let mut left = column.clone();
        for axis in axes.iter().chain(&axes) {
            let part = dense::dot(&left, axis);
            left.iter_mut().zip(axis).for_each(|(l, a)| *l -= part * a);
        }
        if norm(&left) > INDEPENDENT * norm(column) {
            let length = norm(&left);
            axes.push(left.iter().map(|l| l / length).collect());
            free.push(j);
        }
    }
    free
}

/// A vector less its part in the span of these rows: Gram and Schmidt, the row that sticks out most first.
fn beyond(rows: &[Vec<f64>], of: &[usize], vector: &[f64]) -> Vec<f64> {
    let unit = |row: &Vec<f64>| row.iter().map(|v| v / norm(row)).collect::<Vec<f64>>();
    let mut left: Vec<Vec<f64>> = of.iter().map(|&i| unit(&rows[i])).collect();
    let mut beyond = vector.to_vec();
    for _ in 0..vector.len() {
        let longest = left.iter().max_by(|a, b| norm(a).total_cmp(&norm(b)));
        let Some(axis) = longest.filter(|row| norm(row) > INDEPENDENT).map(unit) else { break };
        // Twice, for what rounding left.
        for vector in left.iter_mut().chain([&mut beyond]) {
            for _ in 0..2 {
                let part = dense::dot(vector, &axis);
                vector.iter_mut().zip(&axis).for_each(|(v, a)| *v -= part * a);
            }
        }
    }
    beyond
}

fn norm(v: &[f64]) -> f64 {
    v.iter().map(|v| v * v).sum::<f64>().sqrt()
}
