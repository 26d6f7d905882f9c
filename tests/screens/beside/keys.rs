//! What keys do on the screens.

use std::time::Duration;

use crossterm::event::KeyCode;
use radnote::render::theme::Glyphs;
use radnote::session::{Script, Session};

use super::{NOTEBOOK, Reader, cohort};
use crate::common;

/// The row of the screen that holds these words.
fn row<'a>(reader: &'a Reader, words: &str) -> &'a str {
    reader.seen.lines().find(|l| l.contains(words)).unwrap_or_else(|| panic!("no {words}:\n{}", reader.seen))
}

#[test]
fn a_figure_is_chosen_from_the_list_and_the_list_comes_back() {
    let mut reader = Reader::at(cohort("keys-figures"), Glyphs::Ascii);
    reader.presses("4");
    reader.press(KeyCode::Down);
    reader.press(KeyCode::Down);
    reader.press(KeyCode::Enter);
    assert!(row(&reader, "3 of").contains("3 of"), "{}", reader.seen);
    reader.press(KeyCode::Enter);
    reader.press(KeyCode::End);
    reader.press(KeyCode::Enter);
    reader.press(KeyCode::Right);
    assert!(reader.seen.contains("that is the last figure"), "{}", reader.seen);
    reader.press(KeyCode::Home);
    reader.press(KeyCode::Left);
    assert!(reader.seen.contains("that is the first figure"), "{}", reader.seen);
}

#[test]
fn a_patient_is_found_by_typing_and_opened_by_enter() {
    let mut reader = Reader::at(cohort("keys-find"), Glyphs::Ascii);
    reader.presses("5");
    assert!(reader.seen.contains("Enter scan") && reader.seen.contains("/ find"), "{}", reader.seen);
    reader.presses("/p17");
    assert!(reader.seen.contains("find: p17_") && reader.seen.contains("Enter take"), "{}", reader.seen);
    reader.press(KeyCode::Enter);
    reader.press(KeyCode::Enter);
    assert!(reader.seen.contains("patients P17"), "{}", reader.seen);
    reader.press(KeyCode::Enter);
    reader.presses("/nobody");
    assert!(reader.seen.contains("no patient's row holds `nobody`"), "{}", reader.seen);
    reader.press(KeyCode::Esc);
    reader.press(KeyCode::Enter);
    assert!(reader.seen.contains("patients P17"), "{}", reader.seen);
}

#[test]
fn a_narrow_list_of_patients_keeps_the_probability() {
    let mut reader = Reader::at(cohort("keys-narrow"), Glyphs::Ascii);
    reader.presses("5");
    reader.resize((40, 12));
    let head = row(&reader, "patient ");
    assert!(head.contains("probability") && head.contains("outcome") && !head.contains("role"), "{}", reader.seen);
}

#[test]
fn what_is_read_most_is_seen_at_once_and_counts_are_whole() {
    let mut reader = Reader::at(cohort("keys-browse"), Glyphs::Ascii);
    reader.presses("3");
    let heads = row(&reader, "kept by").split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(heads, "feature kept by ICC p adjusted p AUC", "{}", reader.seen);
    reader.resize((200, 60));
    let heads = row(&reader, "kept by");
    assert!(heads.contains("r volume"), "{}", reader.seen);
    assert!(heads.contains("ICC F") && heads.contains("ICC n") && !heads.contains("icc "), "{}", reader.seen);
    assert!(!row(&reader, "original_glcm_F03").contains("30.00"), "{}", reader.seen);
}

#[test]
fn a_value_of_the_nomogram_is_typed_and_a_patient_is_taken() {
    let mut reader = Reader::at(cohort("keys-nomogram"), Glyphs::Ascii);
    reader.presses("7");
    reader.presses("0.5");
    assert!(row(&reader, ">signature").contains("0.5_"), "{}", reader.seen);
    reader.press(KeyCode::Enter);
    assert!(row(&reader, " whatif ").contains("signature=0.5"), "{}", reader.seen);
    reader.press(KeyCode::Down);
    reader.presses("1");
    assert!(reader.seen.contains("`grade` has levels"), "{}", reader.seen);
    reader.presses("]]");
    assert!(row(&reader, " whatif ").contains("--patient P01"), "{}", reader.seen);
    reader.press(KeyCode::Up);
    reader.press(KeyCode::Right);
    let line = row(&reader, " whatif ");
    assert!(
        line.contains("--patient P01") && line.contains("signature=") && !line.contains("grade="),
        "{}",
        reader.seen
    );
    assert!(!row(&reader, ">signature").contains(".."), "a value is not cut: {}", reader.seen);
}

/// It starts where most patients are: the median of the score, the reference level.
#[test]
fn the_nomogram_starts_at_the_median_and_its_scales_have_marks() {
    let mut reader = Reader::at(cohort("keys-median"), Glyphs::Ascii);
    reader.presses("7");
    assert!(row(&reader, " grade").contains("high"), "{}", reader.seen);
    let below = |words: &str| {
        let at = reader.seen.lines().position(|l| l.contains(words)).unwrap();
        reader.seen.lines().nth(at + 1).unwrap().split_whitespace().map(str::to_string).collect::<Vec<_>>()
    };
    assert_eq!(below(" probability"), ["0", "0.2", "0.4", "0.6", "0.8", "1"]);
    let marks: Vec<f64> = below(">signature").iter().map(|t| t.parse().unwrap()).collect();
    assert!(marks.len() > 2 && marks.windows(2).all(|w| w[0] < w[1]), "{marks:?}");
}

/// Without a variant there is none to choose: the keys say how one is made.
#[test]
fn without_a_variant_none_is_offered() {
    let mut reader = Reader::at(cohort("keys-none"), Glyphs::Ascii);
    reader.presses("6");
    assert!(reader.seen.contains("[6 compare]") && !reader.seen.contains("Left Right variants"), "{}", reader.seen);
    assert!(reader.seen.contains("`fork NAME` keeps this notebook as a variant"), "{}", reader.seen);
    reader.press(KeyCode::Right);
    assert!(reader.seen.contains("there is no variant yet"), "{}", reader.seen);
}

/// A line that is run again says that nothing changed; one that changes something says what it found.
#[test]
fn a_line_that_changes_nothing_says_so() {
    let mut reader = Reader::at(cohort("keys-again"), Glyphs::Ascii);
    reader.press(KeyCode::Home);
    reader.press(KeyCode::Enter);
    reader.press(KeyCode::Enter);
    assert!(reader.seen.contains("` ran again, and nothing changed"), "{}", reader.seen);
    reader.runs("icc --above 0.5");
    assert!(!reader.seen.contains("nothing changed"), "{}", reader.seen);
}

/// The tour says what to look at, so on a screen of one pane that is what is seen.
#[test]
fn on_a_narrow_screen_the_tour_shows_what_it_speaks_of() {
    let folder = common::scratch("keys-tour");
    std::os::unix::fs::symlink(common::demo(), folder.join("radnote-demo")).unwrap();
    let mut reader = Reader::with(&[], folder, Glyphs::Ascii);
    reader.resize((40, 12));
    reader.runs("tour");
    reader.press(KeyCode::Enter);
    assert!(reader.seen.contains("Built-in phantom cohort") && reader.seen.contains("Look: "), "{}", reader.seen);
}

/// While the first extraction runs, keys of screens that need features say how far it is, and offer no second one.
#[test]
fn a_screen_that_waits_for_the_step_that_runs_says_how_far_it_is() {
    let folder = common::scratch("keys-extract");
    let mut reader = Reader::over(Glyphs::Ascii, move || {
        let session = Session::new(common::demo(), &folder);
        (session, Script::parse("open cohort.csv --clinical clinical.csv --outcome lung_metastasis --role role").lines)
    });
    "extract --params paper-1967".chars().for_each(|c| reader.send(KeyCode::Char(c)));
    reader.send(KeyCode::Enter);
    reader.until("extracting ");
    for key in ['3', '2', '7'] {
        reader.send(KeyCode::Char(key));
        reader.until("extract is running: ");
        assert!(reader.seen.contains("/154 scans") && !reader.seen.contains("[Tab: extract]"), "{}", reader.seen);
        reader.send(KeyCode::Esc);
        reader.until("? keys");
    }
    reader.interrupt();
    assert!(reader.seen.contains("stopped"), "{}", reader.seen);
}

#[test]
fn a_fork_is_seen_among_the_variants_at_once_and_a_chosen_one_comes_into_sight() {
    let mut reader = Reader::at(cohort("keys-variants"), Glyphs::Ascii);
    reader.presses("6");
    for name in ["first-with-a-long-name", "second-with-a-long-name", "third"] {
        reader.presses(&format!("fork {name}"));
        reader.press(KeyCode::Enter);
        reader.press(KeyCode::Esc);
        assert!(
            reader.seen.contains(&format!("] {name}")) || reader.seen.contains(&format!("  {name}")),
            "{}",
            reader.seen
        );
    }
    assert!(reader.seen.contains("4 variants, the same in everything"), "{}", reader.seen);
    reader.runs("icc --above 0.6");
    reader.presses("6");
    let third_is_seen = |reader: &Reader| {
        let table = reader.seen.lines().skip_while(|l| !l.starts_with("Results"));
        table.skip(1).take(1).any(|head| head.ends_with("third"))
    };
    assert!(!third_is_seen(&reader), "{}", reader.seen);
    (0..3).for_each(|_| reader.press(KeyCode::Right));
    assert!(third_is_seen(&reader), "{}", reader.seen);
    assert!(reader.seen.contains("icc: features kept"), "the names of the rows stay: {}", reader.seen);
}

#[test]
fn what_was_said_goes_with_the_next_key() {
    let mut reader = Reader::at(cohort("keys-said"), Glyphs::Ascii);
    reader.press(KeyCode::Enter);
    assert!(reader.seen.contains("change the line and press Enter"), "{}", reader.seen);
    reader.press(KeyCode::Esc);
    assert!(reader.seen.contains("the line is put aside"), "{}", reader.seen);
    reader.press(KeyCode::Down);
    assert!(!reader.seen.contains("put aside") && reader.seen.contains("? keys"), "{}", reader.seen);
}

#[test]
fn undo_shows_the_cell_it_changed() {
    let mut reader = Reader::at(cohort("keys-undo"), Glyphs::Ascii);
    reader.runs("mannwhitney --below 0.5");
    reader.press(KeyCode::End);
    reader.runs("undo");
    assert!(row(&reader, "taken back").contains("`mannwhitney --below 0.5` is `mannwhitney"), "{}", reader.seen);
    assert!(reader.seen.lines().any(|l| l.starts_with('>') && l.contains("mannwhitney")), "{}", reader.seen);
}

#[test]
fn a_filter_that_finds_nothing_says_so_and_the_next_starts_anew() {
    let mut reader = Reader::at(cohort("keys-filter"), Glyphs::Ascii);
    reader.presses("3/nowhere");
    assert!(reader.seen.contains("no feature's name or reason holds `nowhere`"), "{}", reader.seen);
    reader.press(KeyCode::Enter);
    reader.presses("/F03");
    assert!(reader.seen.contains("filter: F03_") && reader.seen.contains("original_glcm_F03"), "{}", reader.seen);
    reader.press(KeyCode::Esc);
    assert!(reader.seen.contains("filter: nowhere"), "Esc is as before: {}", reader.seen);
}

#[test]
fn a_column_is_sorted_from_its_top() {
    let mut reader = Reader::at(cohort("keys-top"), Glyphs::Ascii);
    reader.presses("3");
    reader.press(KeyCode::End);
    assert!(!reader.seen.contains("rows 1-"), "{}", reader.seen);
    reader.press(KeyCode::Right);
    reader.press(KeyCode::Right);
    reader.press(KeyCode::Enter);
    assert!(reader.seen.contains("--sort p") && reader.seen.contains("rows 1-"), "{}", reader.seen);
}

#[test]
fn a_value_beyond_the_patients_is_warned_of_and_every_level_has_its_name() {
    let mut reader = Reader::at(cohort("keys-beyond"), Glyphs::Ascii);
    reader.presses("7");
    assert!(!reader.seen.contains("lies outside"), "{}", reader.seen);
    let at = reader.seen.lines().position(|l| l.contains(" grade ")).unwrap();
    let levels: Vec<&str> = reader.seen.lines().nth(at + 1).unwrap().split_whitespace().collect();
    assert_eq!(levels, ["high", "low"]);
    reader.presses("99");
    reader.press(KeyCode::Enter);
    assert!(reader.seen.contains("signature 99 lies outside the training patients'"), "{}", reader.seen);
    reader.resize((40, 12));
    assert!(reader.seen.contains("! signature 99") && reader.seen.contains("probability"), "{}", reader.seen);
}

#[test]
fn an_empty_notebook_is_read_to_its_end() {
    let mut reader = Reader::with(&[], common::scratch("keys-empty"), Glyphs::Ascii);
    assert!(reader.seen.contains("`tour` shows it on made-up patients"), "{}", reader.seen);
    reader.resize((60, 16));
    let end = "Everything is saved";
    assert!(!reader.seen.contains(end), "{}", reader.seen);
    (0..4).for_each(|_| reader.press(KeyCode::PageDown));
    assert!(reader.seen.contains(end), "{}", reader.seen);
    (0..40).for_each(|_| reader.press(KeyCode::Up));
    assert!(reader.seen.contains("`tour` shows it"), "{}", reader.seen);
}

/// A report must say it, so it is seen before the file's name and the roles.
#[test]
fn the_alternatives_tried_are_seen_on_eighty_columns() {
    let folder = cohort("keys-tried");
    let file = folder.join("book.rad");
    let mut first = Session::new(&folder, &common::cache());
    first.attach(&file).unwrap();
    for line in NOTEBOOK[..5].iter().chain(&["icc --above 0.8", "icc --above 0.7"]) {
        common::submit(&mut first, line);
    }
    first.finish();
    let mut reader = Reader::over(Glyphs::Ascii, move || {
        let mut session = Session::new(&folder, &common::cache());
        let lines = session.attach(&file).unwrap();
        (session, lines)
    });
    let status = |reader: &Reader| reader.seen.lines().next().unwrap().to_string();
    let short = status(&reader);
    assert!(short.ends_with(" | 2 tried") && short.contains("features 40 -> "), "{short}");
    reader.resize((200, 60));
    let said = status(&reader);
    assert!(
        said.find("2 alternatives tried") < said.find("train 60") && said.find("train 60") < said.find("book.rad"),
        "{said}"
    );
    assert!(said.contains("2 alternatives tried"), "{said}");
}

/// What was typed or set on the nomogram is not dropped without a word.
#[test]
fn leaving_the_nomogram_says_what_is_not_kept() {
    let mut reader = Reader::at(cohort("keys-whatif-lost"), Glyphs::Ascii);
    reader.presses("7");
    reader.press(KeyCode::Esc);
    assert!(!reader.seen.contains("not kept"), "nothing was set\n{}", reader.seen);
    reader.presses("70.5");
    reader.press(KeyCode::Esc);
    assert!(reader.seen.contains("0.5 was typed and not taken"), "{}", reader.seen);
    reader.press(KeyCode::Right);
    reader.press(KeyCode::Esc);
    assert!(reader.seen.contains("not kept: `predict "), "{}", reader.seen);
    reader.presses("7");
    reader.press(KeyCode::Right);
    reader.press(KeyCode::F(3));
    assert!(reader.seen.contains("not kept: `predict "), "left for another screen\n{}", reader.seen);
}

/// Keys are meant for the screen that the key before them opens, however soon they follow it.
#[test]
fn what_is_pressed_behind_the_key_of_a_screen_goes_to_that_screen() {
    let mut reader = Reader::at(cohort("keys-behind"), Glyphs::Ascii);
    let at_once = |reader: &mut Reader, letters: &str| {
        letters.chars().for_each(|c| reader.send(KeyCode::Char(c)));
        reader.settle(Duration::from_secs(60));
    };
    at_once(&mut reader, "20.9");
    assert!(reader.seen.contains("icc --above 0.9_") && !reader.seen.contains("> 0.9"), "{}", reader.seen);
    reader.press(KeyCode::Esc);
    reader.press(KeyCode::Esc);
    at_once(&mut reader, "3/F7");
    assert!(reader.seen.contains("[3 browse]") && !reader.seen.contains("> /F7"), "{}", reader.seen);
    assert!(reader.seen.lines().any(|l| l.contains("F7")) && !reader.seen.contains("F8"), "{}", reader.seen);
    reader.press(KeyCode::Enter);
    // One screen behind another, and a key for the last of them.
    at_once(&mut reader, "457?");
    assert!(reader.seen.contains("On whatif"), "{}", reader.seen);
    // Where the screen does not open they are keys all the same.
    let mut empty = Reader::with(&[], common::scratch("keys-behind-empty"), Glyphs::Ascii);
    at_once(&mut empty, "2settings");
    assert!(empty.seen.contains("> settings"), "{}", empty.seen);
}
