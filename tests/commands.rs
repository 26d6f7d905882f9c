//! Names are unique, flags equal fields, lines round-trip, every example runs.

use std::collections::BTreeSet;

use radnote::commands::{self, Kind, Place, Position};
use radnote::error::Error;

use crate::common;

#[test]
fn names_are_unique_and_plain() {
    let mut seen = BTreeSet::new();
    for row in commands::table() {
        assert!(seen.insert(row.spec.name), "`{}` stands twice", row.spec.name);
        assert!(row.spec.name.chars().all(|c| c.is_ascii_lowercase()), "`{}`", row.spec.name);
        assert!(!row.spec.summary.is_empty() && !row.spec.about.is_empty(), "`{}`", row.spec.name);
        assert!(!row.spec.examples.is_empty(), "`{}` has no example", row.spec.name);
    }
}

#[test]
fn flags_equal_fields() {
    for row in commands::table() {
        let command = commands::parse(row.spec.name).unwrap().unwrap();
        let fields: BTreeSet<String> = command.values().as_object().unwrap().keys().cloned().collect();
        let flags: BTreeSet<String> = row.spec.flags.iter().map(|f| f.field()).collect();
        assert_eq!(fields, flags, "`{}`", row.spec.name);
    }
}

#[test]
fn every_flag_takes_a_value_of_its_kind() {
    for row in commands::table() {
        for flag in row.spec.flags {
            let value = match flag.kind {
                Kind::Number => "0.5".to_string(),
                Kind::Whole => "3".to_string(),
                Kind::Choice(choices) => choices[0].to_string(),
                _ => "word".to_string(),
            };
            let line = match flag.position {
                Position::Named => format!("{} --{} {value}", row.spec.name, flag.name),
                _ => format!("{} {value}", row.spec.name),
            };
            let command = commands::parse(&line).unwrap_or_else(|e| panic!("`{line}`: {e}")).unwrap();
            assert!(command.line().contains(value.as_str()), "`{line}` became `{}`", command.line());
        }
    }
}

#[test]
fn a_line_read_back_is_the_same_line() {
    let examples = commands::table().iter().flat_map(|r| r.spec.examples).copied();
    for example in examples.chain(["open \"a b.csv\" --outcome \"x \\\" y\" --positive '#1'", "table a 'b c'"]) {
        let line = commands::parse(example).unwrap().unwrap().line();
        assert_eq!(commands::parse(&line).unwrap().unwrap().line(), line, "{example}");
    }
}

/// Each example runs on the built-in cohort, below the paper's steps that come before its place.
#[test]
fn every_example_runs() {
    let chain = [
        "extract",
        "icc",
        "mannwhitney",
        "lasso --rule min",
        "stepwise",
        "signature",
        "clinical",
        "nomogram signature margin",
    ];
    let place = |line: &str| commands::parse(line).unwrap().unwrap().spec().place;
    let folder = &common::scratch("examples");
    for name in ["cohort.csv", "clinical.csv", "scans"] {
        std::os::unix::fs::symlink(common::demo().join(name), folder.join(name)).unwrap();
    }
    for row in commands::table() {
        let open = match row.spec.name {
            "split" => "open cohort.csv --clinical clinical.csv --outcome lung_metastasis",
            _ => "open cohort.csv --clinical clinical.csv --outcome lung_metastasis --role role",
        };
        let above = chain.iter().filter(|l| place(l) < row.spec.place);
        let lines: Vec<&str> = std::iter::once(open).chain(above.copied()).collect();
        let mut session = common::notebook(folder, if row.spec.place == Place::Step(0) { &[] } else { &lines });
        if row.spec.name == "features" {
            common::submit(&mut session, "extract");
            common::submit(&mut session, "export features.csv --features all");
        }
        for example in row.spec.examples {
            let demo = format!("demo {}", common::demo().display());
            common::submit(&mut session, if row.spec.name == "demo" { &demo } else { example });
        }
    }
}

#[test]
fn wrong_lines_are_answered_in_one_sentence() {
    let says = |line: &str| {
        let error = commands::parse(line).err().unwrap_or_else(|| panic!("`{line}` was accepted"));
        format!("{error}; {}", error.remedy())
    };
    assert_eq!(says("laso"), "there is no command `laso`; did you mean `lasso`?");
    assert_eq!(says("icc --abov 0.9"), "`icc` has no flag `--abov`; did you mean `--above`?");
    assert_eq!(says("icc --above high"), "`--above` cannot be `high`: a number is expected; ");
    assert_eq!(says("icc --above inf"), "`--above` cannot be `inf`: a number is expected; ");
    assert_eq!(says("icc --above"), "`--above` cannot be ``: a value must follow; ");
    assert_eq!(
        says("icc --form 2.1"),
        "`--form` cannot be `2.1`: choose one of 1,1, 2,1, 3,1, 1,k, 2,k, 3,k (did you mean `2,1`?); "
    );
    assert_eq!(says("lasso --seed -1"), "`--seed` cannot be `-1`: a whole number from 0 is expected; ");
    assert_eq!(says("open \"a"), "cannot read the line: the quote \" is never closed; ");
    assert_eq!(
        says("quit now"),
        "a word of `quit` cannot be `now`: it takes no more words without a flag; `help quit` shows its flags; "
    );
}

#[test]
fn a_command_too_early_says_what_comes_first() {
    let mut session = common::notebook(std::path::Path::new(""), &[]);
    let mut says = |line: &str| {
        let error = session.submit(line, &radnote::task::Task::default()).unwrap_err();
        assert!(matches!(error, Error::NotYet { .. }), "{error}");
        format!("{error}; {}", error.remedy())
    };
    let open = "`open cohort.csv --id ID --outcome COLUMN`";
    assert_eq!(says("icc"), format!("`icc` needs a cohort first; run {open}"));
    assert_eq!(says("roc"), format!("`roc` needs a cohort first; run {open}"));
    assert_eq!(says("open"), "`open` needs the name of a table first; run `open cohort.csv --outcome COLUMN`");
}

#[test]
fn nudging_moves_the_threshold_by_whole_steps() {
    let up = |line: &str| commands::nudge(line, true).unwrap();
    assert_eq!(up("icc --above 0.85").as_deref(), Some("icc --above 0.86 --form 2,1"));
    assert_eq!(commands::nudge("icc --above 0.9", false).unwrap().as_deref(), Some("icc --above 0.89 --form 2,1"));
    assert_eq!(up("icc --above 1"), None);
    let turned = up("lasso --rule 1se").unwrap();
    assert!(turned.starts_with("lasso --rule min "), "{turned}");
    assert_eq!(up("roc"), None);
}
