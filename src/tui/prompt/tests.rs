//! The prompt as keys drive it.
#![allow(clippy::unwrap_used)]

use std::path::Path;

use super::*;
use crate::study::Study;

fn prompt(history: &[&str]) -> Prompt {
    let mut ran = Ran::default();
    history.iter().for_each(|l| ran.remember(l).unwrap());
    Prompt::new(ran)
}

fn typed(text: &str) -> Prompt {
    let mut prompt = prompt(&[]);
    text.chars().for_each(|c| _ = prompt.insert(c));
    prompt
}

fn tab(prompt: &mut Prompt) -> Option<String> {
    let completion = complete::complete(prompt.text(), prompt.cursor(), &Study::default(), Path::new(""));
    prompt.complete(completion)
}

#[test]
fn cuts_join_and_come_back() {
    let mut prompt = typed("icc --above 0.9");
    prompt.edit(Edit::KillWordLeft);
    prompt.edit(Edit::KillWordLeft);
    assert_eq!(prompt.text(), "icc ");
    prompt.edit(Edit::Yank);
    assert_eq!(prompt.text(), "icc --above 0.9");
    prompt.edit(Edit::Home);
    prompt.edit(Edit::KillWordRight);
    prompt.edit(Edit::Yank);
    prompt.edit(Edit::YankOlder);
    assert_eq!(prompt.text(), "--above 0.9 --above 0.9");
}

#[test]
fn undo_takes_back_words_and_cuts() {
    let mut prompt = typed("icc --above");
    prompt.edit(Edit::KillToStart);
    assert_eq!(prompt.text(), "");
    prompt.edit(Edit::Undo);
    assert_eq!(prompt.text(), "icc --above");
    prompt.edit(Edit::Undo);
    assert_eq!(prompt.text(), "icc --");
    (0..9).for_each(|_| prompt.edit(Edit::Undo));
    assert_eq!(prompt.text(), "");
}

#[test]
fn what_is_being_typed_survives_a_walk_through_the_history() {
    let mut prompt = prompt(&["icc", "lasso"]);
    "roc".chars().for_each(|c| _ = prompt.insert(c));
    prompt.edit(Edit::Older);
    assert_eq!(prompt.text(), "lasso");
    (0..3).for_each(|_| prompt.edit(Edit::Older));
    assert_eq!(prompt.text(), "icc");
    (0..3).for_each(|_| prompt.edit(Edit::Newer));
    assert_eq!(prompt.text(), "roc");
}

#[test]
fn a_text_put_aside_is_pasted_back() {
    let mut prompt = typed("open cohort.csv");
    prompt.put_aside();
    assert!(prompt.is_empty());
    prompt.edit(Edit::Yank);
    assert_eq!(prompt.text(), "open cohort.csv");
}

#[test]
fn a_line_that_failed_is_edited_or_replaced() {
    let offered = || {
        let mut prompt = prompt(&[]);
        prompt.offer("icc --abov 0.9");
        prompt
    };
    let mut replaced = offered();
    replaced.insert('l');
    assert_eq!((replaced.text(), replaced.is_offered()), ("l", false));
    replaced.edit(Edit::Undo);
    assert_eq!(replaced.text(), "icc --abov 0.9", "and it can be had back");
    let mut longer = offered();
    longer.insert(' ');
    assert_eq!(longer.text(), "icc --abov 0.9 ");
    let mut edited = offered();
    edited.edit(Edit::Left);
    edited.insert('1');
    assert_eq!(edited.text(), "icc --abov 0.19");
    let mut pasted = offered();
    pasted.paste("lasso\n");
    assert_eq!(pasted.text(), "lasso");
    pasted.edit(Edit::KillToStart);
    pasted.edit(Edit::Yank);
    pasted.edit(Edit::YankOlder);
    assert_eq!(pasted.text(), "icc --abov 0.9", "it is among the cuts");
    let mut several = prompt(&[]);
    several.give_back("icc\nroc");
    several.insert('x');
    assert_eq!(several.text(), "icc\nrocx", "several are not lost to a letter");
}

#[test]
fn search_goes_back_and_can_be_left() {
    let mut prompt = prompt(&["icc --above 0.8", "lasso", "icc --above 0.9"]);
    prompt.insert('x');
    prompt.search_start();
    "icc".chars().for_each(|c| prompt.search_type(c));
    assert_eq!(prompt.text(), "icc --above 0.9");
    prompt.search_older();
    assert_eq!(prompt.text(), "icc --above 0.8");
    prompt.search_older();
    assert_eq!(prompt.search(), Some(("icc", false)));
    prompt.search_end(false);
    assert_eq!(prompt.text(), "x");
}

#[test]
fn the_menu_writes_what_it_shows_and_can_be_left() {
    let mut prompt = typed("icc --form ");
    assert_eq!(tab(&mut prompt), None);
    assert_eq!(prompt.menu().unwrap().candidates.len(), 6);
    prompt.menu_step(true);
    prompt.menu_step(true);
    assert_eq!(prompt.text(), "icc --form 2,1 ");
    prompt.menu_close();
    assert_eq!(prompt.text(), "icc --form ");
    tab(&mut prompt);
    prompt.menu_step(false);
    prompt.menu_accept();
    assert_eq!(prompt.text(), "icc --form 3,k ");
    prompt.edit(Edit::Undo);
    assert_eq!(prompt.text(), "icc --form ");
}

#[test]
fn what_all_names_share_is_written_once_a_name_is_begun() {
    let names = |start: usize| {
        let candidate = |text: &str| complete::Candidate { text: text.into(), help: String::new() };
        let candidates = ["original_glcm_A", "original_glrlm_B"].map(candidate).to_vec();
        Completion { start, candidates, about: String::new() }
    };
    let mut prompt = typed("table age ");
    prompt.complete(names(10));
    assert_eq!((prompt.text(), prompt.menu().is_some()), ("table age ", true));
    let mut prompt = typed("table o");
    prompt.complete(names(6));
    assert_eq!(prompt.text(), "table original_gl");
}

#[test]
fn one_candidate_needs_no_menu_and_none_is_explained() {
    let mut prompt = typed("mannw");
    assert_eq!(tab(&mut prompt), None);
    assert_eq!(prompt.text(), "mannwhitney ");
    let mut prompt = typed("icc --above ");
    assert!(tab(&mut prompt).unwrap().starts_with("--above"));
}

#[test]
fn a_paste_keeps_its_lines_and_never_runs_by_itself() {
    let mut prompt = prompt(&[]);
    assert!(prompt.paste("icc\r\nlasso\x1b[31m\r\n"));
    assert_eq!(prompt.text(), "icc\nlasso[31m");
    assert!(!prompt.paste(&"x".repeat(ROOM)));
}

#[test]
fn the_hint_is_taken_at_the_end_of_the_line() {
    let mut prompt = prompt(&["icc --above 0.77"]);
    "icc".chars().for_each(|c| _ = prompt.insert(c));
    assert_eq!(prompt.hint(), Some(" --above 0.77"));
    prompt.edit(Edit::Right);
    assert_eq!(prompt.text(), "icc --above 0.77");
}

#[test]
fn a_line_that_did_not_run_well_is_had_back_and_is_no_hint() {
    let mut prompt = prompt(&[]);
    prompt.typed("icc --above 0.77");
    "icc --above 0.7".chars().for_each(|c| _ = prompt.insert(c));
    assert_eq!(prompt.hint(), None);
    prompt.edit(Edit::Older);
    assert_eq!(prompt.text(), "icc --above 0.77");
}

#[test]
fn a_text_that_was_put_in_whole_has_no_hint_until_it_is_changed() {
    let mut prompt = prompt(&["calibrate signature --resamples 0"]);
    prompt.set("calibrate");
    [Edit::Home, Edit::End, Edit::End].into_iter().for_each(|edit| prompt.edit(edit));
    assert_eq!((prompt.text(), prompt.hint()), ("calibrate", None));
    prompt.insert(' ');
    assert_eq!(prompt.hint(), Some("signature --resamples 0"));
}

#[test]
fn up_and_down_go_through_the_lines_of_a_text_before_they_leave_it() {
    let mut prompt = prompt(&["roc"]);
    prompt.typed("roc");
    prompt.paste("icc --above 0.9\nlasso\nstepwise");
    prompt.edit(Edit::Up);
    assert_eq!(prompt.cursor(), "icc --above 0.9\nlasso".len(), "a shorter line has its end there");
    prompt.edit(Edit::Up);
    assert_eq!(prompt.cursor(), "icc -".len());
    prompt.edit(Edit::Down);
    assert_eq!(prompt.cursor(), "icc --above 0.9\nlasso".len());
    (0..2).for_each(|_| prompt.edit(Edit::Up));
    prompt.edit(Edit::Up);
    assert_eq!(prompt.text(), "roc");
    prompt.edit(Edit::Down);
    assert_eq!(prompt.text(), "icc --above 0.9\nlasso\nstepwise");
}
