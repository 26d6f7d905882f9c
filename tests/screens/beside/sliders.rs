//! What keys do on the screen of thresholds.

use crossterm::event::KeyCode;
use radnote::render::theme::Glyphs;

use super::{Reader, cohort, pictures};

#[test]
fn a_threshold_is_moved_with_the_notebook_behind_it() {
    let mut reader = Reader::at(cohort("screen-tune"), Glyphs::Ascii);
    reader.presses("2]");
    assert!(reader.seen.contains("(was 37)") && reader.seen.contains("in train: AUC"), "{}", reader.seen);
    reader.press(KeyCode::Tab);
    assert!(reader.seen.contains("in internal: AUC"), "{}", reader.seen);
    let at_three_sizes = pictures(&mut reader);
    assert!(at_three_sizes.is_ascii() && at_three_sizes.matches("tune").count() >= 3, "{at_three_sizes}");
}

#[test]
fn a_moved_threshold_is_kept_by_enter_and_let_go_by_escape() {
    let mut reader = Reader::at(cohort("screen-keep"), Glyphs::Ascii);
    reader.presses("2");
    reader.press(KeyCode::Right);
    assert!(reader.seen.contains("--above 0.86"), "{}", reader.seen);
    reader.press(KeyCode::Esc);
    assert!(reader.seen.contains("--above 0.85"), "{}", reader.seen);
    reader.presses("0.7");
    reader.press(KeyCode::Enter);
    reader.press(KeyCode::Enter);
    reader.press(KeyCode::Esc);
    assert!(reader.seen.contains("icc --above 0.7"), "{}", reader.seen);
}

/// A reader at the slider of this flag.
fn at_slider(name: &str, flag: &str) -> Reader {
    let mut reader = Reader::at(cohort(name), Glyphs::Ascii);
    reader.presses("2");
    for _ in 0..10 {
        if reader.seen.lines().nth(3).is_some_and(|line| line.contains(flag)) {
            return reader;
        }
        reader.press(KeyCode::Down);
    }
    panic!("no slider of {flag}:\n{}", reader.seen);
}

#[test]
fn a_penalty_slides_along_its_path_and_jumps_to_other_features() {
    let mut reader = at_slider("screen-lambda", "lasso --lambda");
    reader.press(KeyCode::Left);
    assert!(reader.seen.contains("lambda 0.") && reader.seen.contains("try> lasso"), "{}", reader.seen);
    reader.presses("]");
    assert!(reader.seen.contains("lasso 8 -> "), "{}", reader.seen);
    reader.press(KeyCode::Enter);
    assert!(reader.seen.contains("lasso --lambda") && !reader.seen.contains("try>"), "{}", reader.seen);
    assert!(reader.seen.contains("[ ] next change") && reader.seen.contains("0-9 type"), "{}", reader.seen);
}

#[test]
fn the_range_of_a_decision_curve_slides_in_the_view_that_shows_it() {
    let mut reader = at_slider("screen-range", "decision --to");
    reader.presses("0.5");
    reader.press(KeyCode::Enter);
    assert!(reader.seen.contains("to 0.99 -> 0.5") && !reader.seen.contains("[ ]"), "{}", reader.seen);
    reader.press(KeyCode::Enter);
    assert!(reader.seen.contains("decision --to 0.5") && !reader.seen.contains("try>"), "{}", reader.seen);
    reader.press(KeyCode::Esc);
    reader.presses("show models");
    reader.press(KeyCode::Enter);
    assert_eq!(reader.seen.matches("decision").count(), 1, "{}", reader.seen);
}

#[test]
fn a_choice_names_no_keys_of_numbers() {
    let mut reader = at_slider("screen-choice", "lasso --rule");
    assert!(reader.seen.contains("Left Right change") && !reader.seen.contains("0-9"), "{}", reader.seen);
    assert!(!reader.seen.contains("[ ]") && !reader.seen.contains("Enter keep"), "{}", reader.seen);
    reader.press(KeyCode::Right);
    assert!(reader.seen.contains("rule min -> 1se") && reader.seen.contains("Enter keep"), "{}", reader.seen);
}
