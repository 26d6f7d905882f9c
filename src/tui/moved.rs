//! What differs between two lines of one command, in words: flag by flag, wherever in the line they stand.

use crate::commands;
use crate::commands::dial::short;
use crate::page::Page;

/// The thresholds that differ between two lines of one command: `above 0.85 -> 0.86`. A flag that only the later line has stood
/// at what the earlier one came to, where its page says that (`bin-width 25 -> 27`), and else is new.
pub fn moved(before: &str, page: Option<&Page>, after: &str) -> String {
    let [before, after] = [before, after].map(|line| commands::words(line).unwrap_or_default());
    let (was, is) = (flags(&before), flags(&after));
    let value = |of: &[(&str, &str)], flag: &str| of.iter().find(|(name, _)| *name == flag).map(|(_, v)| short(v));
    let came_to = |flag: &str| {
        let value = page?.values.get(&format!("{}_at", flag.replace('-', "_")))?;
        Some(short(&value.as_str().map_or_else(|| value.to_string(), str::to_string)))
    };
    let moved = is.iter().filter_map(|(flag, now)| {
        let (before, now) = (value(&was, flag), short(now));
        (before.as_ref() != Some(&now)).then(|| match before.or_else(|| came_to(flag)) {
            Some(before) => format!("{flag} {before} -> {now}"),
            None => format!("{flag} -> {now}"),
        })
    });
    let gone = was.iter().filter(|(flag, _)| value(&is, flag).is_none());
    moved.chain(gone.map(|(flag, before)| format!("{flag} {} is gone", short(before)))).collect::<Vec<_>>().join(", ")
}

/// The flags of a line and their values: as a notebook has it, every flag has one.
fn flags(words: &[String]) -> Vec<(&str, &str)> {
    let pairs = words.windows(2).filter_map(|pair| Some((pair[0].strip_prefix("--")?, pair[1].as_str())));
    pairs.collect()
}

/// The later of two lines of one command where the whole has no room: the command and the flags that differ, the rest as dots.
pub fn brief(before: &str, after: &str, dots: &str) -> String {
    let [before, after] = [before, after].map(|line| commands::words(line).unwrap_or_default());
    let value = |of: &[String], flag: &str| of.iter().position(|w| w == flag).and_then(|i| of.get(i + 1).cloned());
    let differs = |flag: &str| flag.starts_with("--") && value(&before, flag) != value(&after, flag);
    let mut parts: Vec<String> = Vec::new();
    for (i, word) in after.iter().enumerate() {
        if i == 0 || differs(word) || differs(&after[i - 1]) {
            parts.push(commands::quote(word));
        } else if parts.last().is_some_and(|last| last != dots) {
            parts.push(dots.to_string());
        }
    }
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_threshold_that_moved_is_named_and_one_that_is_new_too() {
        assert_eq!(moved("icc --above 0.85 --form 2,1", None, "icc --above 0.86 --form 2,1"), "above 0.85 -> 0.86");
        assert_eq!(moved("lasso --rule min", None, "lasso --rule min --lambda 0.03"), "lambda -> 0.03");
        assert_eq!(moved("roc signature", None, "roc signature"), "");
    }

    #[test]
    fn a_flag_is_compared_with_itself_wherever_it_stands() {
        let (before, after) = (
            "extract --params original-107 --profile pyradiomics --jobs 0",
            "extract --params original-107 --bin-width 27 --profile pyradiomics --jobs 0",
        );
        let page = Page::new("", "").value("bin_width_at", 25.0);
        assert_eq!(moved(before, Some(&page), after), "bin-width 25 -> 27");
        assert_eq!(moved(before, None, after), "bin-width -> 27");
        assert_eq!(moved(after, None, before), "bin-width 27 is gone");
    }
}
