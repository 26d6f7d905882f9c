//! What follows Enter on a moved threshold while its line still runs, and what is said of it meanwhile.

use std::time::Duration;

use crossterm::event::KeyCode;
use radnote::render::theme::Glyphs;

use super::sliders::{at_slider, slider_of};
use super::{Reader, cohort, glyphs_of};
use crate::common;

/// Nothing here runs longer.
const PATIENCE: Duration = Duration::from_secs(60);

/// A reader at the slider of `icc`, with 0.7 tried.
fn tried(name: &str) -> Reader {
    let mut reader = Reader::at(cohort(name), Glyphs::Ascii);
    reader.presses("20.7");
    reader.press(KeyCode::Enter);
    assert!(reader.seen.contains("try> icc --above 0.7"), "{}", reader.seen);
    reader
}

/// Keys one after the other, none waiting for what the one before began.
fn at_once(reader: &mut Reader, keys: &[KeyCode]) {
    keys.iter().for_each(|key| reader.send(*key));
    reader.settle(PATIENCE);
}

#[test]
fn the_next_threshold_is_chosen_while_what_was_kept_runs() {
    let mut reader = tried("kept-down");
    at_once(&mut reader, &[KeyCode::Enter, KeyCode::Down]);
    assert!(!reader.seen.contains("not kept") && !reader.seen.contains("try>"), "{}", reader.seen);
    assert!(reader.seen.contains("mannwhitney --below 0.05"), "the mark stays where it was moved: {}", reader.seen);
    reader.press(KeyCode::Up);
    assert!(reader.seen.contains("icc --above 0.7"), "{}", reader.seen);
}

#[test]
fn escape_takes_nothing_back_that_was_kept() {
    let mut reader = tried("kept-escape");
    at_once(&mut reader, &[KeyCode::Enter, KeyCode::Esc]);
    assert!(reader.seen.contains("[1 notebook]") && reader.seen.contains("icc --above 0.7"), "{}", reader.seen);
    reader.presses("2");
    assert!(reader.seen.contains("icc --above 0.7  ["), "{}", reader.seen);
}

#[test]
fn a_move_after_enter_starts_from_what_was_kept_and_outlives_its_run() {
    let mut reader = tried("kept-move");
    at_once(&mut reader, &[KeyCode::Enter, KeyCode::Right]);
    assert!(reader.seen.contains("try> icc --above 0.71"), "{}", reader.seen);
    assert!(
        reader.seen.contains("above 0.7 -> 0.71") && reader.seen.contains("icc --above 0.71  ["),
        "{}",
        reader.seen
    );
    reader.press(KeyCode::Esc);
    assert!(reader.seen.contains("icc --above 0.7  [") && !reader.seen.contains("try>"), "{}", reader.seen);
    // Kept twice, the second before the first has run.
    at_once(&mut reader, &[KeyCode::Right, KeyCode::Enter, KeyCode::Right, KeyCode::Enter, KeyCode::Down]);
    assert!(!reader.seen.contains("try>") && !reader.seen.contains("not kept"), "{}", reader.seen);
    reader.press(KeyCode::Up);
    assert!(reader.seen.contains("icc --above 0.72  ["), "{}", reader.seen);
}

#[test]
fn in_the_notebook_a_mark_that_is_moved_meanwhile_stays() {
    let mut reader = Reader::at(cohort("kept-mark"), Glyphs::Ascii);
    reader.press(KeyCode::Home);
    reader.press(KeyCode::Down);
    reader.press(KeyCode::Down);
    reader.presses("+");
    assert!(reader.seen.contains("try> icc --above 0.86"), "{}", reader.seen);
    at_once(&mut reader, &[KeyCode::Enter, KeyCode::Down]);
    let marked = |reader: &Reader, cell: &str| reader.seen.lines().any(|l| l.starts_with('>') && l.contains(cell));
    assert!(marked(&reader, "4 mannwhitney") && !reader.seen.contains("try>"), "{}", reader.seen);
    at_once(&mut reader, &[KeyCode::Up, KeyCode::Char('+'), KeyCode::Enter, KeyCode::Char('+')]);
    assert!(marked(&reader, "3 icc") && reader.seen.contains("try> icc --above 0.88"), "{}", reader.seen);
}

/// Real scans of the built-in cohort: a new bin width takes a while, and is stopped.
#[test]
fn a_bin_width_that_is_kept_says_so_and_stopped_it_is_a_move_again() {
    let lines = &["demo .", "extract --jobs 1", "icc", "mannwhitney", "lasso --rule min"];
    let mut reader = slider_of(lines, common::demo().to_path_buf(), "extract --bin-width");
    reader.presses("7");
    reader.press(KeyCode::Enter);
    assert!(reader.seen.contains("only proposed: Enter runs `extract`"), "{}", reader.seen);
    assert!(reader.seen.contains("~ -> icc ~ -> mannwhitney ~ -> lasso ~"), "no count is there yet: {}", reader.seen);
    reader.send(KeyCode::Enter);
    reader.until("extracting ");
    assert!(reader.seen.contains("kept: `extract` runs") && reader.seen.contains("Ctrl-C"), "{}", reader.seen);
    for said in ["only proposed", "nothing is computed before", "Enter keep", "try>"] {
        assert!(!reader.seen.contains(said), "{said}: {}", reader.seen);
    }
    reader.interrupt();
    assert!(reader.seen.contains("stopped; "), "{}", reader.seen);
    assert!(reader.seen.contains("try> extract") && reader.seen.contains("only proposed"), "{}", reader.seen);
    assert!(reader.seen.contains("bin-width 25 -> 7"), "{}", reader.seen);
    reader.press(KeyCode::Esc);
    assert!(reader.seen.contains("extract --bin-width 25") && !reader.seen.contains("~ ->"), "{}", reader.seen);
}

/// What nothing computes is not called computing, also while something else is.
#[test]
fn what_is_only_proposed_is_not_computed_beside_a_validation() {
    let lines = &["demo .", "extract --params original-107", "icc", "mannwhitney", "lasso --rule min", "signature"];
    let mut reader = slider_of(lines, common::demo().to_path_buf(), "extract --bin-width");
    "validate --times 20000".chars().for_each(|letter| reader.send(KeyCode::Char(letter)));
    reader.send(KeyCode::Enter);
    reader.until("validating ");
    reader.send(KeyCode::F(2));
    reader.until("extract --bin-width");
    reader.send(KeyCode::Right);
    reader.until("only proposed");
    assert!(reader.seen.contains("as it was") && !reader.seen.contains("computing"), "{}", reader.seen);
    reader.interrupt();
}

/// In every tier a count that is not there yet is a mark and no number.
#[test]
fn counts_that_are_not_there_yet_are_marked_in_every_tier() {
    for (tier, mark) in [("ascii", "~"), ("braille", "…")] {
        let lines = &[
            "open clinical.csv --outcome event --role role",
            "features features.csv",
            "icc",
            "mannwhitney",
            "lasso --rule min --folds 54",
        ];
        let mut reader = Reader::with(lines, cohort(&format!("kept-counts-{tier}")), glyphs_of(tier));
        reader.presses("2");
        reader.press(KeyCode::Down);
        reader.presses("0.3");
        reader.send(KeyCode::Enter);
        reader.until(&format!("-> lasso {mark}"));
        reader.settle(PATIENCE);
        assert!(!reader.seen.contains(&format!("lasso {mark}")), "{}", reader.seen);
    }
}

#[test]
fn what_changes_is_seen_in_the_line_that_is_tried_at_every_width() {
    let mut reader = at_slider("kept-brief", "lasso --lambda");
    reader.press(KeyCode::Left);
    assert!(reader.seen.contains("try> lasso .. --lambda 0.0"), "{}", reader.seen);
    reader.resize((40, 24));
    assert!(reader.seen.contains("try> lasso .. --lambda 0.0"), "{}", reader.seen);
    reader.resize((200, 60));
    assert!(reader.seen.contains("try> lasso --rule min --folds 10") && reader.seen.contains("--lambda 0.0"), "whole");
    reader.resize((80, 24));
    reader.press(KeyCode::Enter);
    reader.press(KeyCode::Esc);
    assert!(reader.seen.contains("lasso --rule min --lambda 0.0"), "the whole line is kept: {}", reader.seen);
}

#[test]
fn a_number_is_written_as_it_is_read() {
    let mut reader = at_slider("kept-number", "mannwhitney --below");
    reader.presses("01");
    reader.press(KeyCode::Enter);
    assert!(reader.seen.contains("try> mannwhitney --below 1 "), "{}", reader.seen);
    reader.presses(",5");
    assert!(reader.seen.contains("mannwhitney --below .5_"), "{}", reader.seen);
    reader.press(KeyCode::Enter);
    assert!(reader.seen.contains("try> mannwhitney --below 0.5 "), "{}", reader.seen);
}

#[test]
fn what_is_typed_at_a_choice_goes_nowhere_and_says_so() {
    let mut reader = at_slider("kept-choice", "lasso --rule");
    for typed in ["0.5", "1se", "2e"] {
        reader.presses(typed);
        assert!(reader.seen.contains("`--rule` is one of 1se, min: Left and Right change it"), "{}", reader.seen);
        assert!(reader.seen.contains("[F2 tune]") && !reader.seen.contains(&format!("> {typed}")), "{}", reader.seen);
        reader.press(KeyCode::Tab);
    }
    reader.presses("show");
    assert!(reader.seen.contains("> show"), "other letters are for the prompt: {}", reader.seen);
}

#[test]
fn a_screen_that_is_left_says_what_becomes_of_a_begun_value() {
    let mut reader = Reader::at(cohort("kept-left"), Glyphs::Ascii);
    reader.presses("20.9");
    reader.press(KeyCode::F(3));
    assert!(
        reader.seen.contains("0.9 was typed and not taken") && reader.seen.contains("[3 browse]"),
        "{}",
        reader.seen
    );
    reader.presses("7");
    reader.presses(",5");
    reader.press(KeyCode::F(2));
    assert!(reader.seen.contains(".5 was typed and not taken") && reader.seen.contains("[F2 tune]"), "{}", reader.seen);
    reader.presses("?");
    assert!(reader.seen.contains("behind a digit, the value's sign"), "{}", reader.seen);
}
