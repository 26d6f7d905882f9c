//! A line as people would type it.

use super::{parse, quote, words};

/// The line without the flags whose value is their default.
pub fn short(line: &str) -> String {
    let Ok(Some(command)) = parse(line) else { return line.to_string() };
    let (flags, line) = (command.spec().flags, command.line());
    let Ok(mut words) = words(&line) else { return line };
    for flag in flags {
        let name = format!("--{}", flag.name);
        let Some(at) = words.iter().position(|w| *w == name) else { continue };
        let mut fewer = words.clone();
        fewer.drain(at..(at + 2).min(words.len()));
        if parse(&written(&fewer)).is_ok_and(|c| c.is_some_and(|c| c.line() == line)) {
            words = fewer;
        }
    }
    written(&words)
}

fn written(words: &[String]) -> String {
    words.iter().map(|w| quote(w)).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_default_is_left_out_and_a_choice_is_not() {
        assert_eq!(short("icc --above 0.85 --form 2,1"), "icc");
        assert_eq!(short("icc --above 0.9 --form 2,1"), "icc --above 0.9");
        assert_eq!(short("no command"), "no command");
    }
}
