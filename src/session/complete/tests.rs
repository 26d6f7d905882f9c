//! The language of the prompt, on a study without data and a folder made for the test.
#![allow(clippy::unwrap_used)]

use super::*;

fn texts(line: &str, folder: &Path) -> Vec<String> {
    complete(line, line.len(), &Study::default(), folder).candidates.into_iter().map(|c| c.text).collect()
}

#[test]
fn commands_then_flags_then_choices() {
    let here = Path::new("");
    assert_eq!(texts("ic", here), ["icc"]);
    assert_eq!(texts("icc --ab", here), ["--above"]);
    assert!(texts("icc --above 0.9 ", here).contains(&"--form".to_string()));
    assert!(!texts("icc --above 0.9 ", here).contains(&"--above".to_string()));
    assert_eq!(texts("icc --form 2", here), ["2,1", "2,k"]);
    assert_eq!(texts("icc --form=2", here), ["2,1", "2,k"]);
    assert_eq!(complete("icc --form=2", 12, &Study::default(), here).start, 11);
    assert_eq!(texts("help mann", here), ["mannwhitney"]);
    assert!(texts("nosuch --ab", here).is_empty());
}

#[test]
fn a_value_that_cannot_be_listed_is_explained() {
    let completion = complete("icc --above ", 12, &Study::default(), Path::new(""));
    assert!(completion.candidates.is_empty());
    assert!(completion.about.starts_with("--above: "));
}

#[test]
fn files_are_quoted_and_columns_come_from_the_file_named() {
    let folder = std::env::temp_dir().join(format!("radnote-complete-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("sub")).unwrap();
    std::fs::write(folder.join("my cohort.csv"), "ID,lung metastasis,age\na,1,3\n").unwrap();
    for file in [".hidden", "book.rad.journal", "book.rad.lock"] {
        std::fs::write(folder.join(file), "").unwrap();
    }
    let offered = texts("export ", &folder);
    assert!(offered.contains(&"sub/".to_string()) && !offered.iter().any(|t| t.contains("book.rad")), "{offered:?}");
    assert_eq!(texts("open ", &folder)[..2], ["\"my cohort.csv\"", "sub/"]);
    assert_eq!(texts("open \"my co", &folder), ["\"my cohort.csv\""]);
    std::fs::write(folder.join("own.rad"), "").unwrap();
    std::fs::write(folder.join("scan.nii.gz"), "").unwrap();
    for line in ["open ", "open a --clinical ", "features "] {
        assert!(
            !texts(line, &folder).iter().any(|t| t.contains("own.rad") || t.contains("scan")),
            "only tables: {line}"
        );
    }
    assert!(texts("save ", &folder).contains(&"own.rad".to_string()));
    let line = "open \"my cohort.csv\" --outcome ";
    assert_eq!(texts(line, &folder), ["ID", "\"lung metastasis\"", "age"]);
    assert!(texts("open ", Path::new("")).contains(&"src/".to_string()), "no folder is this folder");
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn the_second_line_of_a_text_is_a_command_of_its_own() {
    assert_eq!(texts("icc\nmannw", Path::new("")), ["mannwhitney"]);
    assert_eq!(complete("icc\nmannw", 9, &Study::default(), Path::new("")).start, 4);
    assert_eq!(texts("icc \\\n--ab", Path::new("")), ["--above"]);
}

#[test]
fn any_cursor_in_any_text_is_answered() {
    for text in ["", "é", "icc \"", "open 'a b", "\\", "icc --above=é", "# remark", "\n\n"] {
        for cursor in 0..text.len() + 2 {
            let completion = complete(text, cursor, &Study::default(), Path::new("/nonexistent"));
            assert!(completion.start <= cursor.max(text.len()));
        }
        tokens(text);
        hint(text, ["é"].into_iter());
    }
}

#[test]
fn the_newest_line_is_the_hint_and_an_example_where_there_is_none() {
    assert_eq!(hint("icc", ["icc --above 0.7", "icc --above 0.9"].into_iter()).unwrap(), " --above 0.9");
    assert_eq!(hint("icc --a", std::iter::empty()).unwrap(), "bove 0.85 --form 2,1");
    assert_eq!(hint("t", std::iter::empty()).unwrap(), "our", "what one begins with comes first");
    assert_eq!(hint("ta", std::iter::empty()).unwrap(), "ble1");
    assert_eq!(hint("", ["icc"].into_iter()), None);
}

#[test]
fn a_hint_makes_no_other_number_of_one_that_is_typed() {
    let ran = || ["icc --above 0.8 --form 3,1", "icc --above 0.85"].into_iter();
    assert_eq!(hint("icc --above 0.8", ran()).unwrap(), " --form 3,1");
    assert_eq!(hint("icc --above 0.", ran()), None);
    assert_eq!(hint("icc --above=0.8", ["icc --above=0.85"].into_iter()), None);
    assert_eq!(hint("save cohort", ["save cohort2.rad"].into_iter()).unwrap(), "2.rad");
}

#[test]
fn a_line_that_cannot_be_read_is_no_hint() {
    assert_eq!(hint("ro", ["roc2tune?"].into_iter()), hint("ro", std::iter::empty()));
}

#[test]
fn an_open_line_goes_on() {
    assert_eq!(waits_for("open \"my"), Some('"'));
    assert_eq!(waits_for("icc \\"), Some('\\'));
    assert_eq!(waits_for("icc --above 0.9"), None);
}

#[test]
fn the_common_beginning() {
    let candidates = |texts: &[&str]| -> Vec<Candidate> {
        texts.iter().map(|t| Candidate { text: t.to_string(), help: String::new() }).collect()
    };
    assert_eq!(common(&candidates(&["--above", "--about"])), "--abo");
    assert_eq!(common(&candidates(&["a", "b"])), "");
    assert_eq!(common(&candidates(&["é1", "é2"])), "é");
}
