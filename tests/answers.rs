//! What a wrong line is answered: one sentence, what to do, and where it can be the line that does it.

use radnote::commands;
use radnote::error::Error;

use crate::commands::small;
use crate::common;

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
    assert_eq!(
        says("icc --above"),
        "cannot read the line: a value must follow `--above`: a feature stays when its ICC is greater; "
    );
    assert_eq!(says("icc --above 1 --above 1"), "cannot read the line: `--above` is given twice; ");
    assert_eq!(says("validate --resamples 50"), "`validate` has no flag `--resamples`; did you mean `--times`?");
    assert_eq!(
        says("roc --mdoels x"),
        "`roc` cannot take `--mdoels`: it takes models without a flag, as `roc MODELS`; leave the flag out and keep its value"
    );
    assert_eq!(
        says("icc above 0.9"),
        "`icc` cannot take `above`: a flag begins with two dashes; did you mean `--above`?"
    );
    assert_eq!(says("icc --above 0,9"), "`--above` cannot be `0,9`: a number is expected (did you mean `0.9`?); ");
    let long = says(&format!("icc --above {}", "9".repeat(4000) + "x"));
    assert!(
        long.starts_with("`--above` cannot be `999") && long.contains("...`: a number is expected") && long.len() < 120,
        "{long}"
    );
    let word = says(&format!("quit {}", "a".repeat(4000)));
    assert!(word.contains("aaa...` is too much: `quit` takes no word") && word.len() < 200, "{word}");
    assert_eq!(says("redo"), "there is no command `redo`; run the line again: Up brings it back");
    assert_eq!(
        says("icc --form 2.1"),
        "`--form` cannot be `2.1`: choose one of 1,1 | 2,1 | 3,1 | 1,k | 2,k | 3,k (did you mean `2,1`?); "
    );
    assert_eq!(says("lasso --seed -1"), "`--seed` cannot be `-1`: a whole number from 0 is expected; ");
    assert_eq!(says("open \"a"), "cannot read the line: the quote \" is never closed; ");
    assert_eq!(
        says("quit now"),
        "cannot read the line: `now` is too much: `quit` takes no word without a flag; `help quit` shows its flags; "
    );
    assert_eq!(
        says("fork 2 x"),
        "cannot read the line: `x` is too much: `fork` takes NAME and no other word without a flag; `help fork` shows its \
         flags; "
    );
}

#[test]
fn a_command_too_early_says_what_comes_first() {
    let folder = common::scratch("too-early");
    let mut session = common::notebook(&folder, &[]);
    let mut says = |line: &str| {
        let error = session.submit(line, &radnote::task::Task::default()).unwrap_err();
        assert!(matches!(error, Error::NotYet { .. }), "{error}");
        format!("{error}; {}", error.remedy())
    };
    let demo =
        "run `demo`, which writes made-up patients; your own begin with their table, as a CSV file in this folder";
    assert_eq!(says("icc"), format!("`icc` needs a cohort first; {demo}"));
    assert_eq!(says("roc"), format!("`roc` needs a cohort first; {demo}"));
    assert_eq!(says("open"), format!("`open` needs the name of a table first; {demo}"));
}

/// A remedy that a key takes is one that runs: the one table of the folder, by the column it has, or the built-in cohort.
#[test]
fn what_comes_first_can_be_run() {
    let folder = common::scratch("first");
    let mended = || {
        let error = common::notebook(&folder, &[]).submit("icc", &radnote::task::Task::default()).unwrap_err();
        (radnote::session::complete::mended("icc", &error), error.remedy())
    };
    assert_eq!(mended().0.as_deref(), Some("demo"));
    std::fs::write(folder.join("my patients.csv"), "patient,event\nA,1\nB,0\n").unwrap();
    assert_eq!(mended().0.as_deref(), Some("open \"my patients.csv\" --id patient"));
    let mut session = common::notebook(&folder, &[&mended().0.unwrap()]);
    let early = session.submit("nomogram signature", &radnote::task::Task::default()).unwrap_err();
    assert!(matches!(&early, Error::NotYet { missing, .. } if missing == "an outcome"), "{early}");
    assert_eq!(radnote::session::complete::mended("nomogram signature", &early), None, "a placeholder is no line");
    std::fs::write(folder.join("others.csv"), "ID\nA\n").unwrap();
    assert_eq!(
        mended(),
        (
            Some("demo".into()),
            "run `demo`, which writes made-up patients; type open, a blank and Tab for your own tables".into()
        )
    );
}

#[test]
fn what_other_programs_call_it_leads_to_the_command() {
    for word in ["q", ":q", "exit"] {
        let error = commands::parse(word).err().unwrap();
        assert_eq!(radnote::session::complete::mended(word, &error).as_deref(), Some("quit"), "{word}");
    }
    let error = commands::parse("clear").err().unwrap();
    assert!(error.remedy().contains("nothing needs clearing"), "{}", error.remedy());
    assert_eq!(radnote::session::complete::mended("clear", &error), None);
}

#[test]
fn what_was_copied_with_its_pages_is_its_lines() {
    use radnote::session::{Script, of_transcript};
    let copied = "> icc --above 0.9\nICC\n40 -> 37\n\n> roc\nAUC 0.7\n";
    assert_eq!(of_transcript(copied).as_deref(), Some("icc --above 0.9\nroc"));
    assert_eq!(of_transcript("icc\nroc"), None);
    assert_eq!(Script::parse("> icc --above 0.9").lines[0].line, "icc --above 0.9");
}

#[test]
fn what_is_wrong_with_a_table_is_said_in_few_words() {
    let folder = small("tables");
    std::fs::write(folder.join("empty.csv"), "ID,event\n").unwrap();
    let mut session = common::notebook(&folder, &[]);
    let mut says = |line: &str| {
        let error = session.submit(line, &radnote::task::Task::default()).unwrap_err();
        format!("{error}; {}", error.remedy()).replace(&format!("{}/", folder.display()), "")
    };
    assert_eq!(
        says("open empty.csv --outcome event"),
        "empty.csv: there is no row under the header; give one row a patient"
    );
    let many = says("open cohort.csv --outcome age");
    assert!(many.starts_with("outcome `age` cannot be `40, 43, 44, 45, 46, and 20 more`"), "{many}");
    assert!(says("open nosuch.csv").ends_with(
        "check the path (it starts at the notebook's folder, in a table at the table's) and that you may read it"
    ));
}

/// What a spreadsheet may save in place of a table of text, and ids that two tables write in two ways.
#[test]
fn what_is_no_table_of_these_patients_is_named() {
    let folder = small("strange");
    let utf16: Vec<u8> = "\u{feff}ID,event\nP0,1\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let files: [(&str, &[u8]); 6] = [
        ("sheet.xlsx", b"PK\x03\x04\x14"),
        ("wide.csv", &utf16),
        ("mac.csv", b"ID,event,x\rP0,1,3\rP1,0,4\r"),
        ("unnamed.csv", b"Patient,event\nP0,1\n"),
        ("others.csv", b"ID,f1,f2\np0,1,2\np1,3,4\n"),
        ("percent.csv", b"ID,event\nP0,ja\nP1,nein\n"),
    ];
    files.iter().for_each(|(name, bytes)| std::fs::write(folder.join(name), bytes).unwrap());
    let mut session = common::notebook(&folder, &[]);
    let mut says = |line: &str| {
        let error = session.submit(line, &radnote::task::Task::default()).unwrap_err();
        let mended = radnote::session::complete::mended(line, &error).unwrap_or_default();
        (format!("{error}; {}", error.remedy()).replace(&format!("{}/", folder.display()), ""), mended)
    };
    for (line, said, mended) in [
        (
            "open sheet.xlsx",
            "sheet.xlsx: it is a spreadsheet or an archive, not a table of text; save it as CSV with UTF-8 text (in a \
             spreadsheet: CSV UTF-8)",
            "",
        ),
        (
            "open wide.csv",
            "wide.csv: its text is UTF-16, not UTF-8; save it as CSV with UTF-8 text (in a spreadsheet: CSV UTF-8)",
            "",
        ),
        (
            "open unnamed.csv --outcome event",
            "unnamed.csv: it has no column `ID` of the patients' ids, but Patient, event; say which column it is, as \
             `--id Patient`; every table calls it the same",
            "",
        ),
        (
            "open chort.csv --outcome event",
            "there is no file `chort.csv`; did you mean `cohort.csv`?",
            "open cohort.csv --outcome event",
        ),
        (
            "open cohort.csv --outcome Event",
            "there is no column `Event`; did you mean `event`?",
            "open cohort.csv --outcome event",
        ),
        (
            "open cohort.csv --outcome event --role",
            "cannot read the line: a value must follow `--role`: the column that says who trains and who validates; ",
            "",
        ),
    ] {
        assert_eq!(says(line), (said.to_string(), mended.to_string()), "{line}");
    }
    common::submit(&mut session, "open mac.csv --outcome event");
    common::submit(&mut session, "open percent.csv --outcome event");
    common::submit(&mut session, "open cohort.csv --outcome event");
    let none = session.submit("features others.csv", &radnote::task::Task::default()).unwrap_err();
    assert!(none.to_string().ends_with("others.csv: no `ID` of it is in the cohort"), "{none}");
    assert_eq!(none.remedy(), "write the ids the same way in both: here `p0`, there `P0`");
}

#[test]
fn a_name_that_is_nearly_right_is_mended_in_its_line() {
    let lines = ["open cohort.csv --outcome event", "features features.csv", "fork usual", "clinical --below 1"];
    let mut session = common::notebook(&small("near"), &lines);
    for (line, mended) in [
        ("features featurs.csv", "features features.csv"),
        ("clinical agee --below 1", "clinical age --below 1"),
        ("clinical --ignore aeg", "clinical --ignore age"),
        ("table F1 grade", "table f1 grade"),
        ("table Contrast", "table original_glcm_Contrast"),
        ("switch usaul", "switch usual"),
        ("export x.csv --table clincal", "export x.csv --table clinical"),
        ("browse --sort featrue", "browse --sort feature"),
        ("show modles", "show models"),
        ("help LASSO", "help lasso"),
    ] {
        let error = session.submit(line, &radnote::task::Task::default()).unwrap_err();
        assert_eq!(radnote::session::complete::mended(line, &error).as_deref(), Some(mended), "{line}: {error}");
    }
}

#[test]
fn the_kind_of_an_error_is_one_word_whatever_its_remedy() {
    for present in ["none", "1, 2 and more", "3"] {
        let error = Error::NoLabel { mask: "m.nii".into(), label: 1, present: present.into() };
        assert_eq!(error.kind(), "no_label");
        assert!(error.remedy().contains(' '), "{}", error.remedy());
    }
}
