//! A threshold typed without its flag, as one says it: `icc 0.9`, `icc > 0.9`, `icc>0.9`.

use super::args::number_of;
use super::spec::{Flag, Kind, Spec, Tune};
use crate::error::Error;

/// Signs of a comparison, and the name of the flag that keeps what is on that side.
const SIGNS: [(&str, Option<&str>); 7] = [
    (">=", Some("above")),
    ("=>", Some("above")),
    ("<=", Some("below")),
    ("=<", Some("below")),
    (">", Some("above")),
    ("<", Some("below")),
    ("=", None),
];

/// Whether a word begins as a comparison does.
pub(super) fn compares(word: &str) -> bool {
    word.starts_with(['<', '>', '=', '≥', '≤'])
}

/// What is wrong with a word that is a number or a comparison, where the command has one number that can be turned: that must
/// be meant. None of any other word or command.
pub(super) fn unnamed(spec: &Spec, word: &str) -> Option<Error> {
    let plain = word.replace('≥', ">=").replace('≤', "<=");
    let sign = SIGNS.iter().find(|(sign, _)| plain.starts_with(sign));
    let rest = plain.trim_start_matches(['<', '>', '=']).trim();
    let number = number_of(rest);
    let turned = |f: &&Flag| f.kind == Kind::Number && !matches!(f.tune, None | Some(Tune::Choices));
    let mut flags = spec.flags.iter().filter(turned);
    let (flag, false) = (flags.next()?, flags.next().is_some()) else { return None };
    let said = if rest.is_empty() { sign.is_some() } else { number.is_some() };
    let other = |side: &str| ["above", "below"].contains(&flag.name) && flag.name != side;
    match sign.and_then(|(_, side)| *side) {
        _ if !said => None,
        Some(side) if other(side) => Some(Error::Syntax {
            why: format!(
                "`{}` has no flag for what is {side} a number, but `--{}`: {}",
                spec.name, flag.name, flag.help
            ),
        }),
        _ => Some(Error::Dashes {
            command: spec.name.into(),
            given: word.into(),
            why: "a number follows its flag".into(),
            instead: format!("--{} {}", flag.name, number.unwrap_or_default()).trim_end().into(),
        }),
    }
}

/// The same of a comparison that was typed without a blank after the command: `icc>0.9`.
pub(super) fn attached(name: &str) -> Option<Error> {
    let at = name.find(|c: char| compares(c.encode_utf8(&mut [0; 4])))?;
    let spec = super::find(&name[..at]).ok()?.spec;
    match unnamed(spec, &name[at..])? {
        Error::Dashes { command, why, instead, .. } => {
            let instead = format!("{} {instead}", spec.name);
            Some(Error::Dashes { command, given: name.into(), why, instead })
        }
        other => Some(other),
    }
}
