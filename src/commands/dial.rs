//! What can be turned on a line: thresholds by steps or to the next value that changes what is kept, a penalty along its path,
//! choices round and round.

use super::spec::{Flag, Kind, Tune};
use super::words;
use crate::error::Result;
use crate::page::{Page, number};
use crate::study::Stage;

/// One flag of a line that can be turned.
#[derive(Clone, Debug)]
pub struct Dial {
    pub flag: &'static Flag,
    /// Its value in the line, or what it came to where the line has none.
    pub value: String,
    words: Vec<String>,
    /// The word that is the value; none where the line has none.
    at: Option<usize>,
    travel: Travel,
}

/// How far it goes, and where something changes.
#[derive(Clone, Debug)]
enum Travel {
    Choices(&'static [&'static str]),
    Steps {
        by: f64,
        low: f64,
        high: f64,
        /// What the step found, ascending: the threshold is compared with each. Empty where nothing is known.
        found: Vec<f64>,
    },
    /// Penalties by ratio.
    Path(Vec<Stretch>),
}

/// A part of a path, from one penalty to another, on which the same features are chosen.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Stretch {
    high: f64,
    low: f64,
    features: usize,
}

/// One turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    Up,
    Down,
    /// To the next value that changes what the step keeps.
    NextUp,
    NextDown,
}

/// The penalties of a path are this far apart, about: 100 of them from 1 to 0.01.
const RATIO: f64 = 1.05;

/// The flags of a line that can be turned, in the order of its command. `page` and `stage` are what the line came to, where it
/// has been run.
///
/// # Errors
/// Those of [`super::parse`].
pub fn dials(line: &str, page: Option<&Page>, stage: Option<&Stage>) -> Result<Vec<Dial>> {
    let Some(command) = super::parse(line)? else { return Ok(Vec::new()) };
    let words = words::split(&command.line())?;
    let dial = |flag: &'static Flag| {
        let name = format!("--{}", flag.name);
        let at = words.iter().position(|w| *w == name).map(|i| i + 1);
        let came_to = || page.and_then(|p| p.values.get(&format!("{}_at", flag.field()))).map(ToString::to_string);
        let value = at.map_or_else(came_to, |at| words.get(at).cloned())?;
        let travel = match (flag.tune?, flag.kind) {
            (Tune::Choices, Kind::Choice(choices)) => Travel::Choices(choices),
            (Tune::Choices, _) => return None,
            (Tune::Steps { by, low, high }, _) => Travel::Steps { by, low, high, found: found(flag, stage) },
            (Tune::Path, _) => Travel::Path(stretches(page?)),
        };
        Some(Dial { flag, value, words: words.clone(), at, travel })
    };
    Ok(command.spec().flags.iter().filter_map(dial).collect())
}

/// The values found by the step that the threshold is compared with, ascending.
fn found(flag: &Flag, stage: Option<&Stage>) -> Vec<f64> {
    let of = |stage: &Stage| stage.found.iter().find(|(name, _)| !name.is_empty() && *name == flag.cuts).cloned();
    let mut found: Vec<f64> = stage.and_then(of).map_or(Vec::new(), |(_, values)| values);
    found.retain(|v| v.is_finite());
    found.sort_by(f64::total_cmp);
    found
}

/// The stretches of a path as its page gives them, from the largest penalty down.
fn stretches(page: &Page) -> Vec<Stretch> {
    let column = |name: &str| page.values.get(name).and_then(|v| v.as_array()).map(Vec::as_slice).unwrap_or_default();
    let number = |v: &serde_json::Value| v.as_f64().unwrap_or(f64::NAN);
    let [high, low, n] = ["stretch_from", "stretch_to", "stretch_n"].map(column);
    let stretch = |((h, l), n)| Stretch { high: number(h), low: number(l), features: number(n) as usize };
    high.iter().zip(low).zip(n).map(stretch).collect()
}

/// A value for the reader: a number of many digits in four.
pub fn short(value: &str) -> String {
    const LONG: usize = 8;
    match value.parse() {
        Ok(v) if value.len() > LONG => number::value(v),
        _ => value.to_string(),
    }
}

impl Dial {
    /// The line with this value.
    pub fn set(&self, value: &str) -> String {
        let mut words = self.words.clone();
        match self.at.and_then(|at| words.get_mut(at)) {
            Some(word) => *word = value.to_string(),
            None => words.extend([format!("--{}", self.flag.name), value.to_string()]),
        }
        words.iter().map(|w| words::quote(w)).collect::<Vec<_>>().join(" ")
    }

    /// The number it stands at; none for a choice.
    pub fn number(&self) -> Option<f64> {
        if matches!(self.travel, Travel::Choices(_)) { None } else { self.value.parse().ok() }
    }

    /// Where a number goes from and to.
    pub fn range(&self) -> Option<(f64, f64)> {
        match &self.travel {
            Travel::Choices(_) => None,
            Travel::Steps { low, high, .. } => Some((*low, *high)),
            Travel::Path(path) => Some((path.last()?.low, path.first()?.high)).filter(|(low, high)| low <= high),
        }
    }

    /// How far along its way it stands, from 0 to 1; a penalty by its logarithm.
    pub fn share(&self) -> Option<f64> {
        let ((low, high), value) = (self.range()?, self.number()?);
        let share = match self.travel {
            Travel::Path(_) => (value / low).ln() / (high / low).ln(),
            _ => (value - low) / (high - low),
        };
        Some(share.clamp(0.0, 1.0)).filter(|s| !s.is_nan())
    }

    /// It is known at which values something else is kept.
    pub fn jumps(&self) -> bool {
        match &self.travel {
            Travel::Choices(_) => false,
            Travel::Steps { found, .. } => !found.is_empty(),
            Travel::Path(path) => path.len() > 1,
        }
    }

    /// The line after a turn; none where there is no further.
    pub fn turned(&self, turn: Turn) -> Option<String> {
        self.turned_to(turn).map(|value| self.set(&value))
    }

    /// The value after a turn.
    pub fn turned_to(&self, turn: Turn) -> Option<String> {
        let up = matches!(turn, Turn::Up | Turn::NextUp);
        let jump = matches!(turn, Turn::NextUp | Turn::NextDown);
        match &self.travel {
            Travel::Choices(choices) => choice(&self.value, choices, up),
            Travel::Steps { low, high, found, .. } if jump => {
                let mut stops = found.clone();
                stops.dedup();
                let next = next(self.number()?, &stops, self.flag.name == "above", up)?;
                (!stops.is_empty() && (*low..=*high).contains(&next)).then(|| next.to_string())
            }
            Travel::Steps { by, low, high, .. } => stepped(&self.value, if up { *by } else { -by }, *low, *high),
            Travel::Path(path) if jump => along(path, self.number()?, up).map(|value| value.to_string()),
            Travel::Path(_) => {
                let ((low, high), value) = (self.range()?, self.number()?);
                let moved = if up { value * RATIO } else { value / RATIO };
                let moved = format!("{moved:.2e}").parse::<f64>().ok()?.clamp(low, high);
                (moved != value).then(|| moved.to_string())
            }
        }
    }

    /// How many features the step would keep at this value; none where that is not known.
    pub fn keeps(&self, value: f64) -> Option<usize> {
        match &self.travel {
            Travel::Steps { found, .. } if !found.is_empty() => {
                let stays = |v: &&f64| if self.flag.name == "above" { **v > value } else { **v < value };
                Some(found.iter().filter(stays).count())
            }
            Travel::Path(path) => path.iter().find(|s| s.holds(value)).map(|s| s.features),
            _ => None,
        }
    }
}

impl Stretch {
    fn holds(&self, penalty: f64) -> bool {
        (self.low..=self.high).contains(&penalty)
    }

    /// Its penalty with the fewest digits.
    fn shortest(&self) -> f64 {
        let rounded = |places: i32| {
            let exponent = self.high.abs().log10().floor() as i32 - places;
            let text = format!("{:.*e}", places as usize, self.high);
            let up = text.parse::<f64>().unwrap_or(self.high);
            // One unit of the last place less, where rounding went above.
            [up, format!("{:.*e}", places as usize, up - 10_f64.powi(exponent)).parse().unwrap_or(up)]
        };
        (0..17).flat_map(rounded).find(|v| self.holds(*v)).unwrap_or(self.high)
    }
}

/// The next penalty on that side at which other features are chosen. Between two stretches those of both are.
fn along(path: &[Stretch], penalty: f64, up: bool) -> Option<f64> {
    let mut sides = path.iter().filter(|s| if up { s.low > penalty } else { s.high < penalty });
    let next = if up { sides.next_back() } else { sides.next() };
    next.map(Stretch::shortest)
}

fn stepped(value: &str, by: f64, low: f64, high: f64) -> Option<String> {
    let value: f64 = value.parse().ok()?;
    // A step of 0.01 from 0.85 is 0.86, not 0.8600000000000001: count in steps.
    let steps = ((value + by) / by.abs()).round();
    let places = (-by.abs().log10()).ceil().max(0.0) as usize;
    let moved = format!("{:.places$}", (steps * by.abs()).clamp(low, high)).parse::<f64>().ok()?;
    (moved != value).then(|| moved.to_string())
}

fn choice(value: &str, choices: &[&str], up: bool) -> Option<String> {
    let at = choices.iter().position(|c| *c == value)?;
    let next = if up { at + 1 } else { at + choices.len() - 1 };
    Some(choices[next % choices.len()].to_string())
}

/// The next threshold on that side that keeps other features. Between two neighbouring stops every threshold keeps the same,
/// so the one with the fewest digits is taken. `v > t` is kept where `above`, else `v < t`.
fn next(t: f64, stops: &[f64], above: bool, up: bool) -> Option<f64> {
    // The stops divide the thresholds into intervals: [a, b) where `v > t` is kept, (a, b] where `v < t` is.
    let here = stops.partition_point(|s| if above { *s <= t } else { *s < t });
    let there = if up { here + 1 } else { here.checked_sub(1)? };
    if there > stops.len() {
        return None;
    }
    let low = if there == 0 { f64::NEG_INFINITY } else { stops[there - 1] };
    shortest(low, stops.get(there).copied().unwrap_or(f64::INFINITY), above)
}

/// The number with the fewest decimal places in [low, high), or in (low, high]; close to the finite end where one is open.
fn shortest(low: f64, high: f64, from_low: bool) -> Option<f64> {
    for places in 0..=17 {
        let scale = 10_f64.powi(places);
        let rounded = match from_low {
            true if low.is_finite() => (low * scale).ceil() / scale,
            true => ((high * scale).ceil() - 1.0) / scale,
            false if high.is_finite() => (high * scale).floor() / scale,
            false => ((low * scale).floor() + 1.0) / scale,
        };
        // As it will be written and read again.
        let candidate: f64 = format!("{rounded:.*}", places as usize).parse().ok()?;
        let inside = if from_low { low <= candidate && candidate < high } else { low < candidate && candidate <= high };
        if inside {
            return Some(candidate);
        }
    }
    Some(if from_low { low } else { high }).filter(|v| v.is_finite())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const STOPS: [f64; 4] = [0.1, 0.25, 0.851_234, 0.9];

    #[test]
    fn the_next_threshold_keeps_one_more_or_one_less() {
        for above in [true, false] {
            let kept = |t: f64| STOPS.iter().filter(|v| if above { **v > t } else { **v < t }).count();
            for t in [0.05, 0.1, 0.2, 0.25, 0.5, 0.851_234, 0.87, 0.9, 0.95] {
                for up in [true, false] {
                    let Some(next) = next(t, &STOPS, above, up) else { continue };
                    assert_eq!(kept(next).abs_diff(kept(t)), 1, "{above} {t} {up}: {next}");
                    assert_eq!(next > t, up, "{above} {t} {up}: {next}");
                }
            }
        }
    }

    #[test]
    fn a_threshold_is_written_shortly() {
        assert_eq!(next(0.5, &STOPS, true, true), Some(0.86));
        assert_eq!(next(0.3, &STOPS, false, false), Some(0.2));
        assert_eq!(next(0.95, &STOPS, true, true), None);
        assert_eq!(next(0.05, &STOPS, false, false), None);
    }

    #[test]
    fn a_step_keeps_the_other_flags() {
        let dial = &dials("icc --above 0.85 --form 3,k", None, None).unwrap()[0];
        assert_eq!(dial.turned(Turn::Up).unwrap(), "icc --above 0.86 --form 3,k --by estimate");
        assert_eq!(dial.set("0.5"), "icc --above 0.5 --form 3,k --by estimate");
    }

    /// A path on which 0, 2 and 3 features are chosen, and its penalty by the rule.
    fn path() -> Page {
        Page::new("", "")
            .value("lambda_at", 0.0371)
            .value("stretch_from", [0.3, 0.1234, 0.05])
            .value("stretch_to", [0.3, 0.0612, 0.01])
            .value("stretch_n", [0, 2, 3])
    }

    #[test]
    fn a_penalty_that_is_not_given_starts_from_the_one_of_the_rule() {
        let dials = dials("lasso --rule min", Some(&path()), None).unwrap();
        let dial = dials.iter().find(|d| d.flag.name == "lambda").unwrap();
        assert_eq!((&*dial.value, dial.range(), dial.keeps(0.0371)), ("0.0371", Some((0.01, 0.3)), Some(3)));
        assert_eq!(dial.turned_to(Turn::Down).unwrap(), "0.0353");
        assert!(dial.turned(Turn::Up).unwrap().ends_with(" --lambda 0.039"));
    }

    #[test]
    fn a_penalty_jumps_to_where_other_features_are_chosen() {
        let stretches = stretches(&path());
        assert_eq!(along(&stretches, 0.0371, true), Some(0.1));
        assert_eq!(along(&stretches, 0.1, true), Some(0.3));
        assert_eq!(along(&stretches, 0.3, true), None);
        // Between two stretches those of both are chosen, so there is another set on either side.
        assert_eq!(along(&stretches, 0.055, false), Some(0.05));
        assert_eq!(along(&stretches, 0.055, true), Some(0.1));
        assert_eq!(along(&stretches, 0.05, false), None);
    }
}
