//! Names are unique, flags equal fields, lines round-trip, every example runs.

use std::collections::BTreeSet;

use radnote::commands::dial::{self, Turn};
use radnote::commands::{self, Kind, Place, Position};
use radnote::task::Task;

use crate::common;

#[test]
fn names_are_unique_and_plain() {
    let mut seen = BTreeSet::new();
    for row in commands::table() {
        assert!(seen.insert(row.spec.name), "`{}` stands twice", row.spec.name);
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        assert!(row.spec.name.starts_with(|c: char| c.is_ascii_lowercase()), "`{}`", row.spec.name);
        assert!(row.spec.name.chars().all(plain), "`{}`", row.spec.name);
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
                _ => {
                    // The words that come before it.
                    let before = row.spec.flags.iter().take_while(|f| f.name != flag.name);
                    let before = before.filter(|f| f.position == Position::First);
                    let word =
                        |f: &commands::Flag| if let Kind::Choice(choices) = f.kind { choices[0] } else { "word" };
                    let words: Vec<&str> = before.map(word).chain([value.as_str()]).collect();
                    format!("{} {}", row.spec.name, words.join(" "))
                }
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
        "extract --params original-107",
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
fn turning_moves_the_threshold_by_whole_steps() {
    let turn = |line: &str, turn| dial::dials(line, None, None).unwrap().first().and_then(|d| d.turned(turn));
    assert_eq!(turn("icc --above 0.85", Turn::Up).as_deref(), Some("icc --above 0.86 --form 2,1 --by estimate"));
    assert_eq!(turn("icc --above 0.9", Turn::Down).as_deref(), Some("icc --above 0.89 --form 2,1 --by estimate"));
    assert_eq!(turn("icc --above 1", Turn::Up), None);
    let turned = turn("lasso --rule 1se", Turn::Up).unwrap();
    assert!(turned.starts_with("lasso --rule min "), "{turned}");
    assert_eq!(turn("roc", Turn::Up), None);
}

/// A folder with a cohort of 40 patients (`grade` is unknown for four, `fold` holds five folds) and a table of three features.
pub fn small(name: &str) -> std::path::PathBuf {
    let folder = common::scratch(name);
    let (mut cohort, mut few) = (String::from("ID,event,age,grade,fold\n"), String::from("ID,event,age,grade,fold\n"));
    let mut features = String::from("ID,f1,f2,original_glcm_Contrast\n");
    for i in 0..40_i32 {
        let event = i32::from(i % 2 == 0 || i % 7 == 0);
        let (age, grade) =
            (40 + (i * 17) % 29 + 3 * event, if i % 10 == 3 { String::new() } else { (i % 4).to_string() });
        let row = format!("P{i},{event},{age},{grade},{}\n", i % 5);
        cohort += &row;
        few += if i % 10 == 3 { "" } else { &row };
        features += &format!("P{i},{},{},{}\n", (i * 7) % 11 + 2 * event, (i * 5) % 13, (i * 3) % 17 - event);
    }
    for (file, text) in [("cohort.csv", cohort), ("few.csv", few), ("features.csv", features)] {
        std::fs::write(folder.join(file), text).unwrap();
    }
    folder
}

pub fn cautions(session: &radnote::session::Session) -> String {
    let page = session.entries().last().unwrap().result.as_ref().unwrap();
    page.cautions.iter().map(|c| format!("{c}\n")).collect()
}

#[test]
fn the_folds_of_lasso_are_no_clinical_variable() {
    let folder = small("folds");
    let lines = ["open cohort.csv --outcome event", "features features.csv", "lasso --rule min --folds fold"];
    let mut session = common::notebook(&folder, &lines);
    let mut tried = |line: &str| {
        common::submit(&mut session, line);
        let tried = common::values(&session, "clinical")["univariable"]["variable"].to_string();
        (tried, cautions(&session))
    };
    let (all, said) = tried("clinical --below 1");
    assert_eq!(all, r#"["age","grade"]"#);
    assert!(said.contains("`fold` holds the folds of lasso"), "{said}");
    assert_eq!(tried("clinical fold --below 1").0, r#"["fold"]"#);
    assert_eq!(tried("clinical --ignore fold,grade --below 1"), (r#"["age"]"#.into(), String::new()));
    let unknown = session.submit("clinical --ignore aeg", &radnote::task::Task::default()).unwrap_err();
    assert_eq!(unknown.remedy(), "did you mean `age`?");
    common::submit(&mut session, "lasso --rule min --folds 5");
    assert_eq!(common::values(&session, "clinical")["univariable"]["variable"].to_string(), r#"["age"]"#);
}

#[test]
fn folds_are_drawn_again_and_given_ones_are_not() {
    let folder = small("repeats");
    let mut session = common::notebook(&folder, &["open cohort.csv --outcome event", "features features.csv"]);
    let mut loss = |line: &str| {
        common::submit(&mut session, line);
        common::values(&session, "lasso")["cvm"].clone()
    };
    let once = loss("lasso --rule min --folds 5");
    assert_eq!(loss("lasso --rule min --folds 5 --repeats 1"), once);
    assert_ne!(loss("lasso --rule min --folds 5 --repeats 3"), once);
    let given = session.submit("lasso --rule min --folds fold --repeats 3", &radnote::task::Task::default());
    assert_eq!(
        given.unwrap_err().to_string(),
        "`--repeats` cannot be `3`: the folds in `fold` are given once; leave it out, or draw folds"
    );
    assert!(session.submit("lasso --folds 5 --repeats 0", &radnote::task::Task::default()).is_err());
}

#[test]
fn models_are_judged_on_the_patients_they_share() {
    let folder = small("shared");
    let auc = |cohort: &str| {
        let open = format!("open {cohort} --outcome event");
        let session = common::notebook(&folder, &[&open, "roc age grade"]);
        (common::values(&session, "roc")["rows"][0]["auc"].clone(), cautions(&session))
    };
    let (with, said) = auc("cohort.csv");
    assert!(said.contains("patients of train with a score of every model: 4 missing, left out"), "{said}");
    assert_eq!(with, auc("few.csv").0);
    let alone = common::notebook(&folder, &["open cohort.csv --outcome event", "roc age"]);
    assert_ne!(common::values(&alone, "roc")["rows"][0]["auc"], with);
}

#[test]
fn features_without_a_class_are_counted_together() {
    let session = common::notebook(&small("classes"), &["open cohort.csv --outcome event", "features features.csv"]);
    let page = session.entries()[1].result.as_ref().unwrap();
    let rows =
        page.blocks.iter().find_map(|b| if let radnote::page::Block::Table(t) = b { Some(&t.rows) } else { None });
    assert_eq!(rows.unwrap(), &[["other", "2"], ["original_glcm", "1"]]);
}

#[test]
fn perturbed_outlines_are_drawn_beside_the_masks() {
    let folder = common::demo();
    let open = "open cohort.csv --clinical clinical.csv --outcome lung_metastasis --role role";
    let lines = [open, "extract --params original-107", "perturb --replicates 3 --patients 2 --contour 2"];
    let session = common::notebook(folder, &lines);
    let page = session.entries().last().unwrap().result.as_ref().unwrap();
    let picture = page.blocks.iter().find_map(|b| match b {
        radnote::page::Block::Picture(picture) => Some(picture),
        _ => None,
    });
    let outlines = &picture.unwrap().outlines;
    assert_eq!(outlines.iter().map(|o| o.0).collect::<String>(), "1234");
    assert!(outlines.iter().all(|o| o.1.contains(&true)) && outlines[0].1 != outlines[1].1);
}

/// Features of one reader have no agreement: what needs it offers what does without, never a line with `FILE` in it.
#[test]
fn without_a_second_reader_a_step_that_needs_none_is_offered() {
    let lines = ["open cohort.csv --outcome event", "features features.csv"];
    let mut session = common::notebook(&small("one-reader"), &lines);
    let mut mended = |line: &str| {
        let error = session.submit(line, &Task::default()).unwrap_err();
        radnote::session::complete::mended(line, &error)
    };
    assert_eq!(mended("tune").as_deref(), Some("mannwhitney"));
    assert_eq!(mended("icc").as_deref(), Some("mannwhitney"));
}
