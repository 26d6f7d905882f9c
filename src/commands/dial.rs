//! What can be turned on a line: thresholds by steps or to the next value that changes what is kept, choices round and round.

use super::spec::{Flag, Kind, Tune};
use super::words;
use crate::error::Result;
use crate::study::Stage;

/// One flag of a line that can be turned.
#[derive(Clone, Debug)]
pub struct Dial {
    pub flag: &'static Flag,
    /// Its value in the line.
    pub value: String,
    words: Vec<String>,
    at: usize,
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

/// The flags of a line that can be turned, in the order of its command.
///
/// # Errors
/// Those of [`super::parse`].
pub fn dials(line: &str) -> Result<Vec<Dial>> {
    let Some(command) = super::parse(line)? else { return Ok(Vec::new()) };
    let words = words::split(&command.line())?;
    let dial = |flag: &'static Flag| {
        flag.tune?;
        let name = format!("--{}", flag.name);
        let at = words.iter().position(|w| *w == name)? + 1;
        Some(Dial { flag, value: words.get(at)?.clone(), words: words.clone(), at })
    };
    Ok(command.spec().flags.iter().filter_map(dial).collect())
}

impl Dial {
    /// The line with this value.
    pub fn set(&self, value: &str) -> String {
        let word = |(i, w): (usize, &String)| words::quote(if i == self.at { value } else { w });
        self.words.iter().enumerate().map(word).collect::<Vec<_>>().join(" ")
    }

    /// The number it stands at; none for a choice.
    pub fn number(&self) -> Option<f64> {
        matches!(self.flag.tune, Some(Tune::Steps { .. })).then(|| self.value.parse().ok())?
    }

    /// The line after a turn; none where there is no further.
    pub fn turned(&self, turn: Turn, stage: Option<&Stage>) -> Option<String> {
        self.turned_to(turn, stage).map(|value| self.set(&value))
    }

    /// The value after a turn.
    pub fn turned_to(&self, turn: Turn, stage: Option<&Stage>) -> Option<String> {
        let up = matches!(turn, Turn::Up | Turn::NextUp);
        match (self.flag.tune?, self.flag.kind) {
            (Tune::Choices, Kind::Choice(choices)) => choice(&self.value, choices, up),
            (Tune::Choices, _) => None,
            (Tune::Steps { low, high, .. }, _) if matches!(turn, Turn::NextUp | Turn::NextDown) => {
                let next = next(self.number()?, &self.stops(stage?), self.flag.name == "above", up)?;
                (low..=high).contains(&next).then(|| next.to_string())
            }
            (Tune::Steps { by, low, high }, _) => stepped(&self.value, if up { by } else { -by }, low, high),
        }
    }

    /// How many features the step would keep at this threshold; none where it is compared with nothing that was found.
    pub fn keeps(&self, stage: &Stage, threshold: f64) -> Option<usize> {
        let (_, found) = stage.found.iter().find(|(name, _)| *name == self.flag.cuts)?;
        let stays = |v: &&f64| if self.flag.name == "above" { **v > threshold } else { **v < threshold };
        Some(found.iter().filter(stays).count())
    }

    /// The values found by the step that the threshold is compared with, ascending, each once.
    pub fn stops(&self, stage: &Stage) -> Vec<f64> {
        let found = stage.found.iter().find(|(name, _)| !name.is_empty() && *name == self.flag.cuts);
        let mut stops: Vec<f64> =
            found.map(|(_, v)| v.iter().copied().filter(|v| v.is_finite()).collect()).unwrap_or_default();
        stops.sort_by(f64::total_cmp);
        stops.dedup();
        stops
    }
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
        let dial = &dials("icc --above 0.85 --form 3,k").unwrap()[0];
        assert_eq!(dial.turned(Turn::Up, None).unwrap(), "icc --above 0.86 --form 3,k --by estimate");
        assert_eq!(dial.set("0.5"), "icc --above 0.5 --form 3,k --by estimate");
    }
}
