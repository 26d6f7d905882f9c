//! The line that does what an error's remedy says, ready to be taken.

use crate::commands;
use crate::error::Error;

/// The mended line, or the one to run first; none where the remedy is no line.
pub fn mended(line: &str, error: &Error) -> Option<String> {
    corrected(line, error).or_else(|| named(&error.remedy()).filter(|first| first != line))
}

/// The same with the lines that were to run after it, and with the line itself after one to run first, so that none is lost.
pub fn mended_with(line: &str, after: &[&str], error: &Error) -> Option<String> {
    if after.is_empty() {
        return mended(line, error);
    }
    let corrected = corrected(line, error);
    let first = if corrected.is_some() { None } else { Some(named(&error.remedy())?) };
    let own = corrected.unwrap_or_else(|| line.to_string());
    let lines = first.into_iter().chain([own]).chain(after.iter().map(ToString::to_string));
    Some(lines.collect::<Vec<_>>().join("\n"))
}

/// What a remedy says for a name or value that it does not know.
const PLACEHOLDERS: [&str; 6] = ["FILE", "NAME", "NUMBER", "VALUE", "VARIABLE", "TERM"];

/// Slips in one line that are mended at once, at most.
const SLIPS: usize = 8;

/// The line as it was likely meant, all its slips mended that can be.
fn corrected(line: &str, error: &Error) -> Option<String> {
    let first = without_slip(line, error)?;
    let next = |line: &String| without_slip(line, &commands::parse(line).err()?);
    std::iter::successors(Some(first), next).take(SLIPS).last()
}

/// The line without the slip that this error is of.
fn without_slip(line: &str, error: &Error) -> Option<String> {
    let near = match error {
        Error::UnknownCommand { .. } if joined(line).is_some() => joined(line),
        Error::UnknownCommand { given, nearest: Some(near) } => replaced(line, given, near),
        Error::UnknownFlag { given, nearest: Some(near), .. } => {
            replaced(line, &format!("--{given}"), &format!("--{near}"))
        }
        Error::Dashes { given, instead, .. } if instead.is_empty() => without(line, given),
        Error::Dashes { given, instead, .. } => replaced(line, given, instead),
        Error::NoSuch { given, nearest: Some(near), .. } => replaced(line, given, &commands::quote(near)),
        Error::BadValue { given, expected, .. } => {
            let near = expected.split_once("did you mean `").and_then(|(_, near)| near.split_once('`'));
            near.and_then(|(near, _)| replaced(line, given, &commands::quote(near)))
        }
        _ => None,
    };
    near.filter(|mended| mended != line)
}

/// The line whose command was written in two words: `mann whitney`.
fn joined(line: &str) -> Option<String> {
    let words = commands::spans(line);
    let [first, second, ..] = words.as_slice() else { return None };
    let name = format!("{}{}", first.text, second.text).to_lowercase();
    commands::find(&name).is_ok().then(|| format!("{name}{}", &line[second.place.end..]))
}

/// The line without this flag's name; a value stays, also one after `=`.
fn without(line: &str, flag: &str) -> Option<String> {
    let words = commands::spans(line);
    let word = words.iter().find(|w| w.text.split('=').next() == Some(flag))?;
    let value = line[word.place.clone()].split_once('=').map_or("", |(_, value)| value);
    let (before, after) = (&line[..word.place.start], &line[word.place.end..]);
    let mended =
        if value.is_empty() { format!("{}{after}", before.trim_end()) } else { format!("{before}{value}{after}") };
    Some(mended)
}

/// The line with this word, or this part of a `--name=value`, written as that.
fn replaced(line: &str, given: &str, by: &str) -> Option<String> {
    let words = commands::spans(line);
    let whole = words.iter().find(|w| w.text == *given).map(|w| w.place.clone());
    let parts = || {
        words.iter().find_map(|w| {
            let at = w.text.find('=').filter(|_| w.text.len() == w.place.len())?;
            let (name, value) = (w.place.start..w.place.start + at, w.place.start + at + 1..w.place.end);
            [name, value].into_iter().find(|part| line[part.clone()] == *given)
        })
    };
    let place = whole.or_else(parts)?;
    Some(format!("{}{by}{}", &line[..place.start], &line[place.end..]))
}

/// The first line that a remedy names, between backquotes; none where it names no command. One that says `FILE` for what only
/// the reader knows cannot be run as it stands.
pub fn named(remedy: &str) -> Option<String> {
    let quoted = remedy.split('`').skip(1).step_by(2);
    let open = |text: &str| text.split([' ', '=', '.']).any(|word| PLACEHOLDERS.contains(&word));
    let command = |text: &&str| !open(text) && text.split(' ').next().is_some_and(|name| commands::find(name).is_ok());
    quoted.into_iter().find(command).map(str::to_string)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn mend(line: &str) -> String {
        mended(line, &commands::parse(line).err().unwrap()).unwrap()
    }

    #[test]
    fn a_slip_of_the_finger_is_mended_in_its_place() {
        assert_eq!(mend("mann whitney --below 0.01"), "mannwhitney --below 0.01");
        assert_eq!(mend("Mann Whitney"), "mannwhitney");
        assert_eq!(mend("laso --folds 5"), "lasso --folds 5");
        assert_eq!(mend("icc --abov 0.9 --form 2,1"), "icc --above 0.9 --form 2,1");
        assert_eq!(mend("icc --abov=0.9"), "icc --above=0.9");
        assert_eq!(mend("icc --form 2.1"), "icc --form 2,1");
        assert_eq!(mend("icc --form=2.1 --above 0.9"), "icc --form=2,1 --above 0.9");
        assert_eq!(mend("LASSO --folds 5"), "lasso --folds 5");
        assert_eq!(mend("icc --above 0,85"), "icc --above 0.85");
        assert_eq!(mend("icc --above 85"), "icc --above 0.85");
        assert_eq!(mend("mannwhitney --below 5"), "mannwhitney --below 0.05");
    }

    #[test]
    fn all_slips_of_a_line_are_mended_at_once() {
        assert_eq!(mend("ICC --Above 0,85"), "icc --above 0.85");
        assert_eq!(mend("laso --fold 5 --rul mim"), "lasso --folds 5 --rule min");
        assert_eq!(mend("icc --abov 0.9 --form nothing-like-it"), "icc --above 0.9 --form nothing-like-it");
    }

    #[test]
    fn dashes_are_put_where_they_belong() {
        assert_eq!(mend("roc --mdoels signature --ci bootstrap"), "roc signature --ci bootstrap");
        assert_eq!(mend("roc --models=signature"), "roc signature");
        assert_eq!(mend("roc signature --models"), "roc signature");
        assert_eq!(mend("icc above 0.9"), "icc --above 0.9");
        assert_eq!(mend("icc -above 0.9"), "icc --above 0.9");
        assert_eq!(mend("icc —above 0.9"), "icc --above 0.9");
        assert_eq!(mend("roc signature –partail 0.8-1"), "roc signature --partial 0.8-1");
    }

    #[test]
    fn a_number_without_its_flag_is_put_behind_the_one_it_must_mean() {
        for line in ["icc 0.9", "icc > 0.9", "icc>0.9", "icc >0.9", "icc >= 0.9", "icc≥0.9", "icc = 0.9", "icc 90%"] {
            assert_eq!(mend(line), "icc --above 0.9", "{line}");
        }
        assert_eq!(mend("icc 0,9 --form 3,k"), "icc --above 0.9 --form 3,k");
        assert_eq!(mend("icc --above >0.9"), "icc --above 0.9");
        assert_eq!(mend("mannwhitney 0.01"), "mannwhitney --below 0.01");
        assert_eq!(mend("mannwhitney<0.01 --adjust bh"), "mannwhitney --below 0.01 --adjust bh");
        assert_eq!(mend("lasso 0.02"), "lasso --lambda 0.02");
        assert_eq!(mend("clinical < 0.1"), "clinical --below 0.1");
        assert_eq!(mend("extract 5"), "extract --bin-width 5");
        let other = commands::parse("icc < 0.9").err().unwrap();
        assert_eq!(mended("icc < 0.9", &other), None, "what is below is not kept by any flag");
        assert!(other.to_string().contains("`--above`"), "{other}");
        assert!(commands::parse("decision 0.5").is_ok(), "two flags could be meant, and a model may have this name");
        assert!(commands::parse("stepwise 2").err().unwrap().to_string().contains("is too much"));
    }

    /// Every command with one number to turn, whatever it is called.
    #[test]
    fn every_command_with_one_number_to_turn_mends_a_comparison() {
        let mut seen = 0;
        for row in commands::table() {
            let turned = |f: &&commands::Flag| f.kind == commands::Kind::Number && dial(f);
            let flags: Vec<_> = row.spec.flags.iter().filter(turned).collect();
            if let [flag] = flags[..] {
                let sign = if flag.name == "below" { '<' } else { '>' };
                let line = format!("{} {sign} 0.5", row.spec.name);
                assert_eq!(mend(&line), format!("{} --{} 0.5", row.spec.name, flag.name));
                seen += 1;
            }
        }
        assert!(seen >= 5, "{seen}");
    }

    fn dial(flag: &commands::Flag) -> bool {
        matches!(flag.tune, Some(commands::Tune::Steps { .. } | commands::Tune::Path))
    }

    #[test]
    fn where_something_must_come_first_that_is_the_line() {
        let early = Error::NotYet { command: "roc".into(), missing: "a model".into(), remedy: "run `lasso`".into() };
        assert_eq!(mended("roc", &early).unwrap(), "lasso");
        assert_eq!(mend("xyzzyq"), "help");
        assert_eq!(mend("icc --qqqqqqqq 1"), "help icc");
    }

    #[test]
    fn the_lines_after_the_mended_one_stay() {
        let error = commands::parse("icc --abve 0.8").err().unwrap();
        assert_eq!(
            mended_with("icc --abve 0.8", &["roc", "calibrate"], &error).unwrap(),
            "icc --above 0.8\nroc\ncalibrate"
        );
        let early = Error::NotYet { command: "roc".into(), missing: "a model".into(), remedy: "run `lasso`".into() };
        assert_eq!(mended_with("roc", &["calibrate"], &early).unwrap(), "lasso\nroc\ncalibrate");
        assert_eq!(mended_with("roc", &[], &early).unwrap(), "lasso");
    }

    #[test]
    fn a_line_with_a_placeholder_is_not_offered() {
        assert_eq!(named("give a table with `features FILE --reader2 FILE`, or `perturb`"), Some("perturb".into()));
        assert_eq!(named("run `signature load FILE.toml`"), None);
        assert_eq!(named("run `predict age=VALUE`"), None);
        assert_eq!(named("run `roc AGE`"), Some("roc AGE".into()));
    }

    #[test]
    fn a_remedy_in_words_is_no_line() {
        assert_eq!(mended("icc --above high", &commands::parse("icc --above high").err().unwrap()), None);
        assert_eq!(mended("help", &Error::Undefined { what: "x".into(), why: "`y`".into() }), None);
    }
}
