//! What a second model changes in the risks of a first: IDI and NRI, each in its parts, as Hmisc's `improveProb` and
//! Pencina's categories.
//!
//! Both are positive for a useless marker more often than their tests say, and reward a model that is miscalibrated
//! (Hilden and Gerds 2014; Pepe et al. 2015). They describe; the likelihood ratio test and net benefit decide.

use crate::error::{Error, Result};
use crate::num::{summary, tails};

/// Integrated discrimination improvement: by how much the mean risk of events rises and that of others falls.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Idi {
    /// Mean change of risk in events, and minus that in others; their sum is the index.
    pub events: f64,
    pub others: f64,
    pub value: f64,
    /// With variances over n - 1 (Hmisc), and over n (Pencina et al. 2008).
    pub se: f64,
    pub se_n: f64,
    pub z: f64,
    /// Two-sided.
    pub p: f64,
}

/// How many of a group move.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moves {
    pub n: usize,
    pub up: usize,
    pub down: usize,
}

/// Net reclassification improvement: the share of events that move up less that of those that move down, and the other way
/// round for the others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Nri {
    pub events: Moves,
    pub others: Moves,
}

/// The categorical index and the tables it comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct ByCategory {
    pub nri: Nri,
    /// Patients by category under the first model (row) and the second (column), lowest risk first.
    pub event_table: Vec<Vec<usize>>,
    pub other_table: Vec<Vec<usize>>,
}

/// The index of these risks; `outcome` tells the events.
///
/// # Errors
/// `TooFew` with under two patients in a group, of whose changes there is no variance.
pub fn idi(first: &[f64], second: &[f64], outcome: &[bool]) -> Result<Idi> {
    let change = |event: bool| -> Vec<f64> {
        let of = first.iter().zip(second).zip(outcome).filter(|(_, y)| **y == event);
        of.map(|((a, b), _)| b - a).collect()
    };
    let (events, others) = (change(true), change(false));
    let fewest = events.len().min(others.len());
    if fewest < 2 {
        let what = "the integrated discrimination improvement, in patients of each outcome,".into();
        return Err(Error::TooFew { what, needed: 2, got: fewest });
    }
    let value = summary::mean(&events) - summary::mean(&others);
    let spread = |d: &[f64]| summary::variance(d) / d.len() as f64;
    let of_n = |d: &[f64]| spread(d) * (d.len() as f64 - 1.0) / d.len() as f64;
    let se = (spread(&events) + spread(&others)).sqrt();
    let z = value / se;
    Ok(Idi {
        events: summary::mean(&events),
        others: -summary::mean(&others),
        value,
        se,
        se_n: (of_n(&events) + of_n(&others)).sqrt(),
        z,
        p: tails::normal_two_sided(z),
    })
}

/// The index where every change of risk counts, however small.
pub fn continuous(first: &[f64], second: &[f64], outcome: &[bool]) -> Nri {
    let group = |event: bool| {
        let mut moves = Moves { n: 0, up: 0, down: 0 };
        for ((a, b), _) in first.iter().zip(second).zip(outcome).filter(|(_, y)| **y == event) {
            moves.n += 1;
            moves.up += usize::from(b > a);
            moves.down += usize::from(b < a);
        }
        moves
    };
    Nri { events: group(true), others: group(false) }
}

/// The index where only a change of category counts. `cuts` ascend; a risk at a cut is in the category above it.
pub fn by_category(first: &[f64], second: &[f64], outcome: &[bool], cuts: &[f64]) -> ByCategory {
    let category = |risk: f64| cuts.iter().filter(|cut| risk >= **cut).count();
    let tables = [true, false].map(|event| {
        let mut table = vec![vec![0; cuts.len() + 1]; cuts.len() + 1];
        for ((a, b), _) in first.iter().zip(second).zip(outcome).filter(|(_, y)| **y == event) {
            table[category(*a)][category(*b)] += 1;
        }
        table
    });
    let [event_table, other_table] = tables;
    ByCategory {
        nri: Nri { events: Moves::of(&event_table), others: Moves::of(&other_table) },
        event_table,
        other_table,
    }
}

impl Moves {
    fn of(table: &[Vec<usize>]) -> Self {
        let mut moves = Self { n: 0, up: 0, down: 0 };
        for (i, row) in table.iter().enumerate() {
            for (j, count) in row.iter().enumerate() {
                moves.n += count;
                moves.up += if j > i { *count } else { 0 };
                moves.down += if j < i { *count } else { 0 };
            }
        }
        moves
    }

    /// (up - down) / n.
    pub fn net(self) -> f64 {
        (self.up as f64 - self.down as f64) / self.n as f64
    }

    /// (up + down) / n^2 - (up - down)^2 / n^3.
    pub fn variance(self) -> f64 {
        let (n, up, down) = (self.n as f64, self.up as f64, self.down as f64);
        (up + down) / (n * n) - (up - down) * (up - down) / (n * n * n)
    }

    /// (up + down) / n^2: the variance where as many move up as down.
    fn null_variance(self) -> f64 {
        (self.up + self.down) as f64 / (self.n * self.n) as f64
    }
}

impl Nri {
    pub fn value(self) -> f64 {
        self.events.net() - self.others.net()
    }

    /// The standard error of the index as it is: for its interval, and for Hmisc's test of any change.
    pub fn se(self) -> f64 {
        (self.events.variance() + self.others.variance()).sqrt()
    }

    /// The standard error where the index is 0: for Pencina's test between categories.
    pub fn null_se(self) -> f64 {
        (self.events.null_variance() + self.others.null_variance()).sqrt()
    }

    /// Hmisc's test that the index of any change is 0, by the standard error of the index as it is: z and its two-sided p.
    pub fn test(self) -> (f64, f64) {
        let z = self.value() / self.se();
        (z, tails::normal_two_sided(z))
    }

    /// Pencina's test that the index between categories is 0: z and its two-sided p; neither where nobody moves.
    pub fn null_test(self) -> (f64, f64) {
        let z = self.value() / self.null_se();
        (z, tails::normal_two_sided(z))
    }

    /// Limits at `level` (0.95).
    pub fn interval(self, level: f64) -> (f64, f64) {
        let reach = tails::normal_quantile(0.5 + level / 2.0) * self.se();
        (self.value() - reach, self.value() + reach)
    }
}
