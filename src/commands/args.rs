//! Words to a command's struct and back, by serde: the struct is the grammar.

use serde_json::{Map, Value};

use super::spec::{Command, Flag, Kind, Position, Spec};
use super::threshold;
use super::words::quote;
use crate::error::{Error, Result, nearest};
use crate::num::comma::readings;

/// Read a command's words (without its name). A flag's value may stand after a blank or after `=`.
///
/// # Errors
/// A flag it does not have, a value that does not fit, a word too many.
pub fn read<C: Command>(words: &[String]) -> Result<C> {
    let spec = &C::SPEC;
    let mut fields = Map::new();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let Some(name) = word.strip_prefix("--").filter(|n| !n.is_empty()) else {
            positional(spec, word, &mut fields)?;
            continue;
        };
        let (name, given) = match name.split_once('=') {
            Some((name, value)) => (name, Some(value.to_string())),
            None => (name, None),
        };
        let flag = spec.flags.iter().find(|f| f.name == name && f.position == Position::Named);
        let flag = flag.ok_or_else(|| unknown(spec, name))?;
        let value = match given {
            Some(given) => value(flag, &given)?,
            None => {
                let given = words.next().filter(|w| !w.starts_with("--"));
                value(flag, given.ok_or_else(|| wrong(format!("a value must follow `--{name}`: {}", flag.help)))?)?
            }
        };
        if fields.insert(flag.field(), value).is_some() {
            return Err(wrong(format!("`--{name}` is given twice")));
        }
    }
    serde_json::from_value(Value::Object(fields))
        .map_err(|e| Error::Syntax { why: format!("`{}` does not take these words: {e}", spec.name) })
}

/// The line that says the same with every default spelled out; reading it back gives the same command.
pub fn line<C: Command>(command: &C) -> String {
    let fields = serde_json::to_value(command).unwrap_or_default();
    let mut line = C::SPEC.name.to_string();
    for flag in C::SPEC.flags {
        let text = |v: &Value| match v {
            Value::String(s) => quote(s),
            other => other.to_string(),
        };
        match (&fields[flag.field()], flag.position) {
            (Value::Null, _) => {}
            (Value::Array(items), _) => items.iter().for_each(|v| line.push_str(&format!(" {}", text(v)))),
            (v, Position::Named) => line.push_str(&format!(" --{} {}", flag.name, text(v))),
            (v, _) => line.push_str(&format!(" {}", text(v))),
        }
    }
    line
}

fn positional(spec: &Spec, word: &str, fields: &mut Map<String, Value>) -> Result<()> {
    let dashed = word.starts_with(DASHES);
    if let Some(flag) = meant_flag(spec, word).filter(|_| dashed) {
        return Err(undashed(spec, word, flag));
    }
    if let Some(error) = threshold::unnamed(spec, word).filter(|_| threshold::compares(word)) {
        return Err(error);
    }
    for flag in spec.flags {
        match flag.position {
            Position::First if !fields.contains_key(&flag.field()) => {
                fields.insert(flag.field(), value(flag, word)?);
                return Ok(());
            }
            Position::Rest => {
                let item = value(flag, word)?;
                let twice =
                    fields.get(&flag.field()).and_then(Value::as_array).is_some_and(|named| named.contains(&item));
                if twice && flag.kind == Kind::Term {
                    return Err(bad(flag, word, "it is named twice; name it once"));
                }
                if let Value::Array(items) = fields.entry(flag.field()).or_insert_with(|| Value::Array(Vec::new())) {
                    items.push(item);
                }
                return Ok(());
            }
            _ => {}
        }
    }
    let name = spec.name;
    if let Some(flag) = meant_flag(spec, word) {
        return Err(undashed(spec, word, flag));
    }
    if let Some(error) = threshold::unnamed(spec, word) {
        return Err(error);
    }
    let taken = spec.flags.iter().filter(|f| f.position == Position::First).map(|f| f.name.to_uppercase());
    let taken = taken.collect::<Vec<_>>().join(" ");
    let takes = if taken.is_empty() { "no word".to_string() } else { format!("{taken} and no other word") };
    let files = spec.flags.iter().any(|f| matches!(f.kind, Kind::File | Kind::Table));
    let quotes = if files { "; a file whose name holds a blank stands in quotes" } else { "" };
    let shows = format!("`help {name}` shows its flags");
    Err(wrong(format!("`{word}` is too much: `{name}` takes {takes} without a flag{quotes}; {shows}")))
}

/// What begins a flag, or was meant to: word processors make one dash of two.
const DASHES: [char; 3] = ['-', '–', '—'];

/// The flag that a word without two dashes names, or nearly names after one.
fn meant_flag(spec: &Spec, word: &str) -> Option<&'static str> {
    let plain = word.trim_start_matches(DASHES);
    let mut named = spec.flags.iter().filter(|f| f.position == Position::Named).map(|f| f.name);
    match plain.len() < word.len() {
        true => nearest(plain, named.clone()).and_then(|near| named.find(|name| *name == near)),
        false => named.find(|name| *name == plain),
    }
}

fn undashed(spec: &Spec, given: &str, flag: &str) -> Error {
    let (why, instead) = ("a flag begins with two dashes".into(), format!("--{flag}"));
    Error::Dashes { command: spec.name.into(), given: given.into(), why, instead }
}

/// Flags that say the same in different commands.
const ALIKE: [&str; 2] = ["resamples", "times"];

/// A flag that the command does not have: what it calls the same, what it takes without a flag, or the nearest name.
fn unknown(spec: &Spec, given: &str) -> Error {
    let named = || spec.flags.iter().filter(|f| f.position == Position::Named).map(|f| f.name);
    let near = nearest(given, named());
    let plain = spec.flags.iter().filter(|f| f.position != Position::Named);
    if let (None, Some(flag)) = (&near, plain.into_iter().find(|f| nearest(given, [f.name]).is_some())) {
        let why = format!("it takes {} without a flag, as `{} {}`", flag.name, spec.name, flag.name.to_uppercase());
        let (command, given, instead) = (spec.name.into(), format!("--{given}"), String::new());
        return Error::Dashes { command, given, why, instead };
    }
    let alike = named().find(|name| ALIKE.contains(name) && ALIKE.contains(&given)).map(str::to_string);
    Error::UnknownFlag { command: spec.name.into(), given: given.into(), nearest: alike.or(near) }
}

/// The number a word stands for: also one with a decimal comma, as half of Europe types it, or in percent.
pub(super) fn number_of(given: &str) -> Option<String> {
    let point = given.replacen(',', ".", 1);
    let bare = point.trim_end_matches('%').trim_end();
    let number = bare.parse::<f64>().ok().filter(|v| v.is_finite())?;
    Some(if point.ends_with('%') { (number / 100.0).to_string() } else { bare.to_string() })
}

/// What a word that is no number to a computer is meant to be.
fn pointed(given: &str) -> String {
    let word = given.trim_start_matches(['<', '>', '=']);
    let meant = number_of(word).filter(|meant| *meant != given);
    let plain = readings(word).and_then(|(_, plain)| plain).map_or(String::new(), |plain| format!(", or `{plain}`"));
    meant.map(|meant| format!(" (did you mean `{meant}`{plain}?)")).unwrap_or_default()
}

fn wrong(why: String) -> Error {
    Error::Syntax { why }
}

fn value(flag: &Flag, given: &str) -> Result<Value> {
    match flag.kind {
        Kind::Number => {
            let number = given.parse::<f64>().ok().filter(|v| v.is_finite());
            let number = number.ok_or_else(|| bad(flag, given, &format!("a number is expected{}", pointed(given))))?;
            meant(flag, given, number)?;
            Ok(serde_json::Number::from_f64(number).map_or(Value::Null, Value::Number))
        }
        Kind::Whole => {
            let plain = readings(given).and_then(|(_, plain)| plain).filter(|plain| plain.parse::<u32>().is_ok());
            let plain = plain.map_or(String::new(), |plain| format!(" (did you mean `{plain}`?)"));
            let expected = format!("a whole number from 0 is expected{plain}");
            let number = given.parse::<u32>().map_err(|_| bad(flag, given, &expected))?;
            meant(flag, given, f64::from(number))?;
            Ok(Value::Number(number.into()))
        }
        Kind::Choice(choices) if !choices.contains(&given) => {
            let near = nearest(given, choices.iter().copied()).map(|n| format!(" (did you mean `{n}`?)"));
            Err(bad(flag, given, &format!("choose one of {}{}", listed(choices), near.unwrap_or_default())))
        }
        _ => Ok(Value::String(given.to_string())),
    }
}

/// Choices as a sentence lists them; those that hold a comma themselves stand apart by a bar.
pub(super) fn listed(choices: &[&str]) -> String {
    choices.join(if choices.iter().any(|c| c.contains(',')) { " | " } else { ", " })
}

/// A number outside the flag's range has no meaning there.
fn meant(flag: &Flag, given: &str, number: f64) -> Result<()> {
    let (least, greatest) = flag.range();
    match (least..=greatest).contains(&number) {
        true => Ok(()),
        false if greatest.is_finite() => {
            // A share given in percent: of few it is too unlikely that this is meant.
            let share = number_of(&format!("{given}%")).filter(|_| greatest == 1.0 && (5.0..=100.0).contains(&number));
            let share = share.map(|share| format!(" (did you mean `{share}`?)")).unwrap_or_default();
            Err(bad(flag, given, &format!("give a number from {least} to {greatest}{share}")))
        }
        false => Err(bad(flag, given, &format!("give {least} or more"))),
    }
}

fn bad(flag: &Flag, given: &str, expected: &str) -> Error {
    let name = if flag.position == Position::Named { format!("`--{}`", flag.name) } else { flag.name.to_string() };
    Error::BadValue { what: name, given: given.to_string(), expected: expected.to_string() }
}
