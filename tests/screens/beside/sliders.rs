//! What keys do on the screen of thresholds.

use std::fs;
use std::path::{Path, PathBuf};

use crossterm::event::KeyCode;
use radnote::render::theme::Glyphs;

use super::{NOTEBOOK, Reader, cohort, pictures};

#[test]
fn a_threshold_is_moved_with_the_notebook_behind_it() {
    let mut reader = Reader::at(cohort("screen-tune"), Glyphs::Ascii);
    reader.presses("2]");
    assert!(reader.seen.contains("icc 37 -> 36 (+0 -1)") && reader.seen.contains("in train: AUC"), "{}", reader.seen);
    assert_eq!(reader.seen.matches("(+0 -1)").count(), 1, "what changed is said once\n{}", reader.seen);
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

/// Once a number is begun, only what it can hold goes into it; other keys act as ever and drop it, and what is no key is said.
#[test]
fn a_number_that_is_begun_takes_no_other_key() {
    let mut reader = Reader::at(cohort("screen-number"), Glyphs::Ascii);
    reader.presses("20,9");
    assert!(reader.seen.contains("icc --above 0.9_"), "a comma is a point: {}", reader.seen);
    reader.presses("x");
    assert!(reader.seen.contains("0.9_") && reader.seen.contains("`x` does not go on in a number"), "{}", reader.seen);
    reader.press(KeyCode::Tab);
    assert!(reader.seen.contains("0.9_") && reader.seen.contains("in internal: AUC"), "{}", reader.seen);
    reader.presses("]");
    assert!(!reader.seen.contains("0.9_") && reader.seen.contains("0.9 was typed and not taken"), "{}", reader.seen);
    assert!(reader.seen.contains("icc 37 -> 36"), "the key acts: {}", reader.seen);
    reader.presses("5?");
    assert!(reader.seen.contains("On tune") || reader.seen.contains("these keys"), "{}", reader.seen);
    assert!(reader.seen.contains("0-9 ") && !reader.seen.contains("0, 9"), "{}", reader.seen);
}

#[test]
fn the_screen_is_left_and_comes_back_at_the_same_threshold() {
    let mut reader = Reader::at(cohort("screen-row"), Glyphs::Ascii);
    reader.presses("2");
    reader.press(KeyCode::Down);
    reader.press(KeyCode::Right);
    reader.press(KeyCode::F(3));
    assert!(reader.seen.contains("not kept: `mannwhitney"), "{}", reader.seen);
    reader.presses("2");
    assert!(reader.seen.contains("mannwhitney --below 0.05"), "the row, and not the move: {}", reader.seen);
    reader.press(KeyCode::Esc);
    reader.presses("2");
    assert!(reader.seen.contains("mannwhitney --below 0.05"), "{}", reader.seen);
}

/// `-` is a step down, and behind a digit the sign of the value.
#[test]
fn a_value_below_zero_is_typed() {
    let mut reader = Reader::at(cohort("screen-negative"), Glyphs::Ascii);
    reader.presses("20.2-");
    assert!(reader.seen.contains("icc --above -0.2_"), "{}", reader.seen);
    reader.press(KeyCode::Enter);
    assert!(reader.seen.contains("try> icc --above -0.2"), "{}", reader.seen);
    reader.presses("-");
    assert!(reader.seen.contains("try> icc --above -0.21"), "{}", reader.seen);
    reader.press(KeyCode::Down);
    reader.presses("0.2-");
    assert!(reader.seen.contains("0.2 was typed and not taken"), "no p is below 0: {}", reader.seen);
}

/// A threshold that moves in the notebook is at its slider on the screen of thresholds.
#[test]
fn a_threshold_that_moves_is_found_at_its_slider() {
    let mut reader = Reader::at(cohort("screen-back"), Glyphs::Ascii);
    reader.press(KeyCode::End);
    reader.presses("+");
    assert!(reader.seen.contains("try> decision"), "{}", reader.seen);
    let tried = reader.seen.lines().find_map(|l| l.strip_prefix("try> ")).unwrap_or_default().to_string();
    reader.press(KeyCode::F(2));
    let slider = reader.seen.lines().nth(3).unwrap_or_default().to_string();
    assert!(slider.contains("decision --") && reader.seen.contains(&format!("try> {tried}")), "{}", reader.seen);
    reader.press(KeyCode::Right);
    assert!(reader.seen.contains("try> decision"), "{}", reader.seen);
    // Elsewhere the keys are those of the screen that is seen: the move is over, in words.
    reader.press(KeyCode::F(4));
    assert!(reader.seen.contains("not kept: `decision") && !reader.seen.contains("try>"), "{}", reader.seen);
    reader.press(KeyCode::Enter);
    assert!(reader.seen.contains("figure 1 of "), "{}", reader.seen);
}

/// What is slow and follows a moved threshold says how it is stopped, as it does elsewhere.
#[test]
fn what_runs_behind_a_moved_threshold_says_how_it_is_stopped() {
    let mut reader = Reader::at(cohort("screen-stops"), Glyphs::Ascii);
    reader.presses("validate --times 20000");
    reader.send(KeyCode::Enter);
    reader.until("validating ");
    reader.send(KeyCode::Char('2'));
    reader.until("[F2 tune]");
    reader.send(KeyCode::Char(']'));
    reader.until("try> icc");
    reader.until("Ctrl-C stops");
    assert!(reader.seen.contains("try> icc") && reader.seen.contains("above 0.85 ->"), "{}", reader.seen);
    reader.interrupt();
}

/// A reader at the slider of this flag.
pub(super) fn at_slider(name: &str, flag: &str) -> Reader {
    slider_of(&NOTEBOOK, cohort(name), flag)
}

/// The same in the notebook of these lines.
pub(super) fn slider_of(lines: &'static [&'static str], folder: PathBuf, flag: &str) -> Reader {
    let mut reader = Reader::with(lines, folder, Glyphs::Ascii);
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

/// What the row of the last model's area says.
fn area(reader: &Reader) -> &str {
    reader
        .seen
        .lines()
        .find(|l| l.contains("AUC 0") || l.contains("AUC 1"))
        .unwrap_or_else(|| panic!("{}", reader.seen))
}

const CLINICAL: [&str; 5] = [
    "open clinical.csv --outcome event --role role",
    "clinical --below 1",
    "nomogram age grade",
    "roc",
    "calibrate --resamples 0",
];

#[test]
fn factors_come_and_go_by_name_and_the_next_p_is_known() {
    let mut reader = slider_of(&CLINICAL, cohort("screen-clinical"), "clinical --below");
    assert!(reader.seen.contains("clinical: 2 factors") && reader.seen.contains("none higher"), "{}", reader.seen);
    reader.presses("[");
    assert!(reader.seen.contains("clinical 2 -> 1 (+0 -1)") && reader.seen.contains("- age"), "{}", reader.seen);
    assert!(reader.seen.contains("keeps 0") && reader.seen.contains("keeps 2"), "{}", reader.seen);
    reader.presses("[");
    assert!(reader.seen.contains("clinical 2 -> 0 (+0 -2)"), "{}", reader.seen);
    assert!(reader.seen.contains("Raise `--below`"), "{}", reader.seen);
    reader.presses("[");
    assert!(reader.seen.contains("no lower `--below` changes what is kept"), "{}", reader.seen);
}

#[test]
fn where_nothing_is_kept_every_panel_says_why_and_what_to_do() {
    let mut reader = Reader::at(cohort("screen-empty"), Glyphs::Ascii);
    reader.presses("21");
    reader.press(KeyCode::Enter);
    assert!(reader.seen.contains("icc 0 -> mannwhitney 0 -> lasso fails -> stepwise waits"), "{}", reader.seen);
    assert!(reader.seen.contains("no AUC: `roc` waits for `lasso` above, which failed"), "{}", reader.seen);
    for panel in ["lasso: no result", "roc: no result", "stepwise: no result", "calibrate: no result"] {
        assert!(reader.seen.contains(panel), "{panel}\n{}", reader.seen);
    }
    assert_eq!(reader.seen.matches("What to do:").count(), 4, "{}", reader.seen);
    assert!(!reader.seen.contains("AUC 0."), "no number of before\n{}", reader.seen);
    reader.press(KeyCode::Esc);
    assert!(area(&reader).contains("nomogram in train: AUC"), "{}", reader.seen);
}

#[test]
fn the_area_that_differs_is_that_of_the_model_and_cohort_on_show() {
    let mut reader = at_slider("screen-area", "mannwhitney --below");
    reader.presses("0.001");
    reader.press(KeyCode::Enter);
    let mut moved = 0;
    for role in ["train", "internal", "external"] {
        let row = area(&reader).to_string();
        let areas = row.strip_prefix(&format!("nomogram in {role}: AUC ")).unwrap_or_else(|| panic!("{}", reader.seen));
        let areas: Vec<&str> = areas.split(" (").next().unwrap().split(" -> ").collect();
        let legend = format!("nomogram {}", areas.last().unwrap());
        assert!(areas.len() <= 2 && reader.seen.contains(&legend), "{legend} is in the legend\n{}", reader.seen);
        moved += areas.len() - 1;
        reader.press(KeyCode::Tab);
    }
    assert!(moved > 0, "{}", reader.seen);
    reader.resize((40, 12));
    let short = area(&reader);
    assert!(short.contains(" -> 0.") && short.contains("train"), "{}", reader.seen);
}

#[test]
fn the_features_that_came_and_went_are_marked_and_the_rest_is_counted() {
    let mut reader = at_slider("screen-marked", "mannwhitney --below");
    reader.presses("0.5");
    reader.press(KeyCode::Enter);
    let sign = |sign: &str| reader.seen.lines().any(|l| l.starts_with(sign));
    assert!(sign("+ original") && reader.seen.contains("and ") && reader.seen.contains(" more"), "{}", reader.seen);
    let count = |word: &str| {
        let head = reader.seen.lines().find(|l| l.starts_with("stepwise: ")).unwrap();
        head.split(word).nth(1).and_then(|t| t.split([' ', ')']).next()?.parse::<usize>().ok()).unwrap()
    };
    let (new, gone) = (count("(+"), count(" -"));
    let rows = |sign: &str| reader.seen.lines().filter(|l| l.starts_with(sign)).count();
    assert!(rows("+ ") <= new && rows("- ") <= gone && new + gone > 0, "{new} {gone}\n{}", reader.seen);
}

#[test]
fn the_lower_limit_is_what_is_counted_where_it_is_asked_for() {
    let lines =
        &["open clinical.csv --outcome event --role role", "features features.csv", "icc --above 0.7 --by lower"];
    let mut reader = slider_of(lines, cohort("screen-lower"), "icc --above");
    let kept = |reader: &Reader, key: &str| {
        let row = reader.seen.lines().nth(4).unwrap();
        let side = row.split(key).nth(1).unwrap();
        side.split("keeps ").nth(1).unwrap().split(' ').next().unwrap().to_string()
    };
    let said = kept(&reader, "] ");
    reader.presses("]");
    assert!(reader.seen.contains(&format!(" -> {said} (+0 -")), "{said}\n{}", reader.seen);
    assert!(
        reader.seen.contains("This notebook has no `lasso`") || reader.seen.contains("Features by"),
        "{}",
        reader.seen
    );
    assert!(reader.seen.contains("no AUC yet"), "{}", reader.seen);
}

#[test]
fn a_value_that_is_none_is_refused_in_words_and_stays_to_be_mended() {
    let mut reader = at_slider("screen-wrong", "mannwhitney --below");
    reader.presses("1e");
    reader.press(KeyCode::Enter);
    assert!(reader.seen.contains("cannot be `1e`: a number is expected"), "{}", reader.seen);
    assert!(reader.seen.contains("1e_"), "{}", reader.seen);
    reader.press(KeyCode::Esc);
    reader.presses("7");
    reader.press(KeyCode::Enter);
    assert!(reader.seen.contains("give a number from 0 to 1") && !reader.seen.contains("try>"), "{}", reader.seen);
    reader.press(KeyCode::Esc);
    reader.presses("0");
    reader.press(KeyCode::Enter);
    reader.press(KeyCode::Left);
    assert!(reader.seen.contains("`--below` ends at 0"), "{}", reader.seen);
}

/// The cohort with a column that tells the outcome apart.
fn told_apart(folder: &Path) {
    let file = folder.join("clinical.csv");
    let text = fs::read_to_string(&file).unwrap();
    let more = |(i, line): (usize, &str)| match i {
        0 => format!("{line},sure\n"),
        _ => format!("{line},{}\n", if line.split(',').nth(1) == Some("1") { 5 + i % 3 } else { i % 3 }),
    };
    fs::write(&file, text.lines().enumerate().map(more).collect::<String>()).unwrap();
}

#[test]
fn a_separated_model_says_so_in_its_headline_and_on_the_thresholds() {
    let lines = &[
        "open clinical.csv --outcome event --role role",
        "clinical grade",
        "nomogram sure",
        "roc",
        "calibrate --resamples 0",
    ];
    let folder = cohort("screen-separated");
    told_apart(&folder);
    let mut reader = slider_of(lines, folder, "clinical --below");
    assert!(reader.seen.contains("separated: nomogram; coefficients mean nothing"), "{}", reader.seen);
    assert!(reader.seen.contains("--fit firth"), "{}", reader.seen);
    reader.press(KeyCode::Esc);
    assert!(reader.seen.contains("separated: sure"), "{}", reader.seen);
}

#[test]
fn a_cohort_too_small_for_a_curve_is_named_so_in_the_panel() {
    let mut reader = Reader::at(cohort("screen-small"), Glyphs::Ascii);
    reader.presses("2");
    reader.press(KeyCode::Tab);
    assert!(reader.seen.contains("too few for a smooth calibration curve"), "{}", reader.seen);
}
