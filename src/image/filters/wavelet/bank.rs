//! The filters of the discrete wavelets, by their names in PyWavelets.

use serde::{Serialize, Serializer};

use crate::error::{Error, Result, nearest};

/// `filters.py` beside it made it, and says what its lines are.
const FILTERS: &str = include_str!("filters.txt");

/// A discrete wavelet: the two filters that split a line into what is smooth and what is detail.
#[derive(Clone, Debug, PartialEq)]
pub struct Wavelet {
    name: String,
    low: Vec<f64>,
    high: Vec<f64>,
}

impl Wavelet {
    /// The wavelet PyWavelets knows by this name; any other name is an error that gives the nearest right one.
    pub fn named(name: &str) -> Result<Self> {
        let (kept, turned) = match name.strip_prefix('r') {
            Some(rest) if rest.starts_with("bio") => (format!("bior{}", &rest[3..]), true),
            _ if name == "haar" => ("db1".to_string(), false),
            _ => (name.to_string(), false),
        };
        let mut lines = lines().filter(|(n, _)| *n == kept).map(|(_, filter)| filter);
        let Some(mut low) = lines.next() else { return Err(unknown(name)) };
        let mut rebuild = lines.next().unwrap_or_else(|| low.iter().rev().copied().collect());
        if turned {
            (low, rebuild) = (rebuild.into_iter().rev().collect(), low.into_iter().rev().collect());
        }
        Ok(Self { name: name.to_string(), high: mirrored(&rebuild), low })
    }

    /// Every name, a family after the other.
    pub fn names() -> Vec<String> {
        let mut names: Vec<String> = lines().map(|(name, _)| name.to_string()).collect();
        names.dedup();
        let turned: Vec<String> =
            names.iter().filter_map(|n| n.strip_prefix("bior")).map(|n| format!("rbio{n}")).collect();
        names.extend(turned);
        names.push("haar".into());
        names
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The decomposition low-pass filter.
    pub fn low(&self) -> &[f64] {
        &self.low
    }

    /// The decomposition high-pass filter, as long as the low-pass one: the reconstruction low-pass filter with every
    /// second sign changed, the last one's kept.
    pub fn high(&self) -> &[f64] {
        &self.high
    }

    /// A filter as PyWavelets keeps it in 32-bit floats: rounded, and for the coiflets, whose table there lacks a factor
    /// sqrt(2), rounded before and after that factor.
    pub(super) fn single(&self, filter: &[f64]) -> Vec<f32> {
        let root = std::f64::consts::SQRT_2;
        let coiflet = |c: &f64| (c / root) as f32 * root as f32;
        let plain = |c: &f64| *c as f32;
        if self.name.starts_with("coif") {
            filter.iter().map(coiflet).collect()
        } else {
            filter.iter().map(plain).collect()
        }
    }
}

/// Its name says it all.
impl Serialize for Wavelet {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.name)
    }
}

fn lines() -> impl Iterator<Item = (&'static str, Vec<f64>)> {
    FILTERS.lines().filter(|line| !line.starts_with('#')).map(|line| {
        let mut words = line.split(' ');
        (words.next().unwrap_or_default(), words.filter_map(|w| w.parse().ok()).collect())
    })
}

fn mirrored(rebuild: &[f64]) -> Vec<f64> {
    let last = rebuild.len() - 1;
    rebuild.iter().enumerate().map(|(i, c)| if (last - i) % 2 == 1 { -c } else { *c }).collect()
}

fn unknown(given: &str) -> Error {
    let known = Wavelet::names();
    let nearest = nearest(given, known.iter().map(String::as_str));
    Error::NoSuch { what: "wavelet".into(), given: given.into(), nearest, known }
}
