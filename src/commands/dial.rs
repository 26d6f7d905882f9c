//! What can be turned on a line: thresholds by steps or to the next value that changes what is kept, a penalty along its path,
//! choices round and round.

mod stops;

use stops::Stretch;

use super::spec::{Flag, Judged, Kind, Tune};
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
    judged: Option<Judged>,
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
            (Tune::Steps { by, low, high }, _) => {
                Travel::Steps { by, low, high, found: found(command.judged(), page, stage) }
            }
            (Tune::Path, _) => Travel::Path(stretches(page?)),
        };
        Some(Dial { flag, value, words: words.clone(), at, travel, judged: command.judged() })
    };
    Ok(command.spec().flags.iter().filter_map(dial).collect())
}

/// The values found by the step that the threshold is compared with, ascending.
fn found(judged: Option<Judged>, page: Option<&Page>, stage: Option<&Stage>) -> Vec<f64> {
    let of_page = |outer: &str, inner: &str| {
        let values = page?.values.get(outer)?.get(inner)?.as_array()?;
        Some(values.iter().filter_map(serde_json::Value::as_f64).collect())
    };
    let of_stage = |quantity: &str| stage?.found.iter().find(|(name, _)| *name == quantity).map(|(_, v)| v.clone());
    let found = judged.and_then(|judged| match judged {
        Judged::Stage(quantity) => of_stage(quantity),
        Judged::Page(outer, inner) => of_page(outer, inner),
    });
    let mut found: Vec<f64> = found.unwrap_or_default();
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

/// A value for the reader: a number without idle zeros, and in four digits where it has many.
pub fn short(value: &str) -> String {
    const LONG: usize = 8;
    match value.parse::<f64>() {
        Ok(v) if value.len() > LONG => number::value(v),
        Ok(v) if v.is_finite() => v.to_string(),
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

    /// The least value that means something where that is not the flag's own: the end of a path.
    pub fn least(&self) -> Option<f64> {
        if matches!(self.travel, Travel::Path(_)) { self.range().map(|(low, _)| low) } else { None }
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

    /// The quantity of the step's stage that is compared with this threshold.
    pub fn quantity(&self) -> Option<&'static str> {
        match (&self.travel, self.judged) {
            (Travel::Steps { .. }, Some(Judged::Stage(quantity))) => Some(quantity),
            _ => None,
        }
    }

    /// What is chosen among, where it is no number.
    pub fn choices(&self) -> Option<&'static [&'static str]> {
        if let Travel::Choices(choices) = self.travel { Some(choices) } else { None }
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
                let mut values = found.clone();
                values.dedup();
                let next = stops::next(self.number()?, &values, self.flag.name == "above", up)?;
                (!values.is_empty() && (*low..=*high).contains(&next)).then(|| next.to_string())
            }
            Travel::Steps { by, low, high, .. } => stepped(&self.value, if up { *by } else { -by }, *low, *high),
            Travel::Path(path) if jump => {
                stops::along(path, stops::within(path, self.number()?), up).map(|value| value.to_string())
            }
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
            Travel::Path(path) => {
                let value = stops::within(path, value);
                path.iter().find(|s| s.holds(value)).map(|s| s.features)
            }
            _ => None,
        }
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

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

    fn stage(found: Vec<(&'static str, Vec<f64>)>) -> Stage {
        Stage { step: "icc", column: None, tested: vec![0, 1, 2], kept: Vec::new(), found, fit: None }
    }

    #[test]
    fn what_is_kept_is_counted_by_what_the_line_asks_for() {
        let stage = stage(vec![("icc", vec![0.9, 0.8, f64::NAN]), ("lower", vec![0.7, 0.4, f64::NAN])]);
        let keeps = |line: &str| dials(line, None, Some(&stage)).unwrap()[0].clone();
        assert_eq!(keeps("icc --above 0.75").keeps(0.75), Some(2));
        let lower = keeps("icc --above 0.75 --by lower");
        assert_eq!((lower.keeps(0.75), lower.turned_to(Turn::NextDown).as_deref()), (Some(0), Some("0.4")));
        assert_eq!(lower.keeps(0.6), Some(1));
    }

    #[test]
    fn clinical_factors_are_counted_by_the_p_of_their_page() {
        let page =
            Page::new("", "").value("univariable", serde_json::json!({ "variable_p": [0.03, null, 0.2, 0.004] }));
        let dial = &dials("clinical --below 0.05", Some(&page), None).unwrap()[0];
        assert_eq!((dial.keeps(0.05), dial.keeps(0.03), dial.keeps(0.5)), (Some(2), Some(1), Some(3)));
        assert_eq!(dial.turned_to(Turn::NextDown).as_deref(), Some("0.03"));
        assert_eq!(dial.turned_to(Turn::NextUp).as_deref(), Some("1"));
    }
}
