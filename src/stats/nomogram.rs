//! The points of a nomogram, as rms' `nomogram` with a scale of 100 points.

use ndarray::ArrayView2;

use super::logistic::inverse_logit;
use crate::num::{pretty::pretty, summary};

/// The points of the variable that reaches furthest.
const FULL: f64 = 100.0;
/// A numeric variable with at most this many different values in training is ticked at those values.
const FEW: usize = 10;

/// A variable of the model.
#[derive(Clone, Debug, PartialEq)]
pub struct Variable {
    pub name: String,
    pub kind: Kind,
}

/// How it enters the linear predictor. Coefficients count from 0 without the intercept, as the columns of the model.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// One column, ticked over the range of its training values.
    Numeric { column: usize, training: Vec<f64> },
    /// The label of each level and the column that is 1 for it; none is the reference.
    Factor { levels: Vec<(String, Option<usize>)> },
}

/// One line of the nomogram.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    pub name: String,
    pub ticks: Vec<Tick>,
}

/// A tick: its label, its contribution to the linear predictor, and its points.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    pub label: String,
    /// The value of a numeric variable; NaN of a level.
    pub value: f64,
    pub effect: f64,
    pub points: f64,
}

/// The whole figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Nomogram {
    pub axes: Vec<Axis>,
    /// Points for one unit of the linear predictor.
    pub scale: f64,
    /// The linear predictor at 0 points.
    pub intercept: f64,
    /// Ticks of the total, and of the linear predictor with its points.
    pub total: Vec<f64>,
    pub linear: Vec<(f64, f64)>,
    /// The smallest effect of each variable, which has 0 points.
    least: Vec<f64>,
    kinds: Vec<Kind>,
    coef: Vec<f64>,
}

/// Build the figure from the coefficients (intercept first) and the rows of the training patients' design (n x p).
pub fn nomogram(coef: &[f64], variables: &[Variable], training: ArrayView2<'_, f64>) -> Nomogram {
    let slopes = &coef[1..];
    let axis = |v: &Variable| Axis { name: v.name.clone(), ticks: ticks(&v.kind, slopes) };
    let mut axes: Vec<Axis> = variables.iter().map(axis).collect();
    let reach = |axis: &Axis| summary::range(&axis.ticks.iter().map(|t| t.effect).collect::<Vec<f64>>());
    let least: Vec<f64> = axes.iter().map(|a| reach(a).0).collect();
    let scale = FULL / axes.iter().map(|a| reach(a).1 - reach(a).0).fold(0.0, f64::max);
    for (axis, least) in axes.iter_mut().zip(&least) {
        axis.ticks.iter_mut().for_each(|t| t.points = (t.effect - least) * scale);
    }
    let intercept = coef[0] + least.iter().sum::<f64>();
    let predicted =
        training.rows().into_iter().map(|r| coef[0] + r.iter().zip(slopes).map(|(x, b)| x * b).sum::<f64>());
    let (low, high) = summary::range(&predicted.collect::<Vec<f64>>());
    let linear: Vec<(f64, f64)> = pretty(low, high, 10).into_iter().map(|l| (l, (l - intercept) * scale)).collect();
    let furthest = linear.iter().map(|l| l.1).fold(FULL, f64::max);
    Nomogram {
        axes,
        scale,
        intercept,
        total: pretty(0.0, furthest, 10),
        linear,
        least,
        kinds: variables.iter().map(|v| v.kind.clone()).collect(),
        coef: slopes.to_vec(),
    }
}

impl Nomogram {
    /// The points of a patient for each variable, from the columns of the design.
    pub fn points(&self, row: &[f64]) -> Vec<f64> {
        self.kinds
            .iter()
            .zip(&self.least)
            .map(|(kind, least)| (effect(kind, &self.coef, row) - least) * self.scale)
            .collect()
    }

    /// The points of any value of axis `a`, beyond its ticks too; none where it is a factor's.
    pub fn value_points(&self, a: usize, value: f64) -> Option<f64> {
        match self.kinds.get(a)? {
            Kind::Numeric { column, .. } => Some((value * self.coef[*column] - self.least[a]) * self.scale),
            Kind::Factor { .. } => None,
        }
    }

    /// The points of a level of axis `a`; none where it has no such level.
    pub fn level_points(&self, a: usize, level: &str) -> Option<f64> {
        match self.kinds.get(a)? {
            Kind::Numeric { .. } => None,
            Kind::Factor { .. } => self.axes[a].ticks.iter().find(|t| t.label == level).map(|t| t.points),
        }
    }

    /// The points of a value as a reader of the table finds them: between the two nearest ticks, whose points are printed
    /// to a tenth; none beyond the axis or on a factor's.
    pub fn read_points(&self, a: usize, value: f64) -> Option<f64> {
        let printed: Vec<(f64, f64)> = self.axes.get(a)?.ticks.iter().map(|t| (t.value, tenth(t.points))).collect();
        between(&printed, value)
    }

    /// The probability of a total as a reader of the lowest scale finds it: between the two nearest of the probabilities
    /// marked, whose totals are printed to a tenth; none beyond them.
    pub fn read_probability(&self, total: f64, marked: &[f64]) -> Option<f64> {
        let printed: Vec<(f64, f64)> = marked.iter().map(|p| (tenth(self.total_at(*p)), *p)).collect();
        between(&printed, total)
    }

    /// The smallest and largest training value of axis `a`; none where it is a factor's.
    pub fn trained(&self, a: usize) -> Option<(f64, f64)> {
        match self.kinds.get(a)? {
            Kind::Numeric { training, .. } => Some(summary::range(training)),
            Kind::Factor { .. } => None,
        }
    }

    /// The median training value of axis `a`; none where it is a factor's.
    pub fn median(&self, a: usize) -> Option<f64> {
        match self.kinds.get(a)? {
            Kind::Numeric { training, .. } => Some(summary::quantile(&summary::sorted(training), 0.5)),
            Kind::Factor { .. } => None,
        }
    }

    /// What the variable that reaches furthest adds to the linear predictor over its axis.
    pub fn widest(&self) -> f64 {
        FULL / self.scale
    }

    /// The linear predictor of a total of points.
    pub fn linear_at(&self, total: f64) -> f64 {
        self.intercept + total / self.scale
    }

    /// The probability of a total of points.
    pub fn probability_at(&self, total: f64) -> f64 {
        inverse_logit(self.linear_at(total))
    }

    /// The total at a probability, exactly. (rms places these ticks by interpolation, up to 2e-4 points off.)
    pub fn total_at(&self, probability: f64) -> f64 {
        ((probability / (1.0 - probability)).ln() - self.intercept) * self.scale
    }
}

/// The ticks of a variable, their points yet to come.
fn ticks(kind: &Kind, coef: &[f64]) -> Vec<Tick> {
    let tick = |label: String, value: f64, effect: f64| Tick { label, value, effect, points: 0.0 };
    match kind {
        Kind::Numeric { column, training } => {
            let mut values = summary::sorted(training);
            values.dedup();
            let labels = match values.len() > FEW {
                true => {
                    values = pretty(values[0], values[values.len() - 1], 10);
                    values.iter().map(|v| shortened(*v, 12)).collect()
                }
                false => labels(&values),
            };
            labels.into_iter().zip(values).map(|(label, v)| tick(label, v, v * coef[*column])).collect()
        }
        Kind::Factor { levels } => {
            levels.iter().map(|(l, column)| tick(l.clone(), f64::NAN, column.map_or(0.0, |c| coef[c]))).collect()
        }
    }
}

/// To a tenth, as points are printed.
fn tenth(points: f64) -> f64 {
    (points * 10.0).round() / 10.0
}

/// Linear between the two marks on either side of `x`, which rise; none outside of them.
fn between(marks: &[(f64, f64)], x: f64) -> Option<f64> {
    let right = marks.iter().position(|m| m.0 >= x)?;
    if marks[right].0 == x {
        return Some(marks[right].1);
    }
    let ((x0, y0), (x1, y1)) = (*marks.get(right.checked_sub(1)?)?, marks[right]);
    Some(y0 + (x - x0) / (x1 - x0) * (y1 - y0))
}

fn effect(kind: &Kind, coef: &[f64], row: &[f64]) -> f64 {
    match kind {
        Kind::Numeric { column, .. } => row[*column] * coef[*column],
        Kind::Factor { levels } => levels.iter().filter_map(|l| l.1).map(|c| row[c] * coef[c]).sum(),
    }
}

/// Different values with four significant digits, or as many more as tell them apart.
fn labels(values: &[f64]) -> Vec<String> {
    let written = |digits: i32| values.iter().map(|v| shortened(*v, digits)).collect::<Vec<String>>();
    let apart = |labels: &Vec<String>| labels.windows(2).all(|pair| pair[0] != pair[1]);
    (4..17).map(written).find(apart).unwrap_or_else(|| written(17))
}

/// A value rounded to so many significant digits behind the point, as short as it can be written.
fn shortened(value: f64, digits: i32) -> String {
    let places = (f64::from(digits) - 1.0 - value.abs().log10().floor()).clamp(0.0, 17.0) as usize;
    format!("{value:.places$}").parse().unwrap_or(value).to_string()
}
