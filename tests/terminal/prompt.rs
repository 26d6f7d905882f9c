//! The prompt on a real terminal: what is offered, mended, remembered, and what stands under it.

use std::fs;
use std::thread;
use std::time::Duration;

use super::begin;
use super::harness::{Folder, Terminal};

/// Bytes a terminal gets for a pasted text.
fn pasted(text: &str) -> String {
    format!("\x1b[200~{text}\x1b[201~")
}

#[test]
fn a_pasted_block_comes_back_whole_with_the_line_that_mends_it() {
    let folder = Folder::new("block");
    let Some(mut terminal) = folder.terminal() else { return };
    begin(&mut terminal);
    terminal.keys(&pasted("mannwhitney --below 0.9\nicc --abve 0.8\nlasso --folds 10"));
    terminal.wait("3 lines; Enter runs them");
    terminal.keys("\r");
    terminal.wait("after it not run");
    terminal.wait("> icc --abve 0.8");
    terminal.keys("\t");
    terminal.wait("> icc --above 0.8");
    terminal.wait("  lasso --folds 10");
    terminal.keys("\r");
    terminal.wait("lambda");
    terminal.wait("icc --above 0.8");
}

#[test]
fn a_key_that_cannot_do_its_part_leaves_the_prompt_and_the_next_key_alone() {
    let folder = Folder::new("key");
    let Some(mut terminal) = folder.terminal() else { return };
    terminal.wait("An empty notebook");
    terminal.keys("7");
    terminal.wait("`whatif` needs");
    terminal.keys("3");
    terminal.wait("`browse` needs");
    assert!(!terminal.text().contains("> whatif") && !terminal.text().contains("> browse"), "{}", terminal.text());
}

#[test]
fn a_line_that_failed_is_no_hint_and_the_tours_lines_have_none() {
    let folder = Folder::new("ghost");
    let brackets = [("NO_COLOR", "1")];
    let Some(mut terminal) = Terminal::open(&folder.0, &["book.rad"], &brackets) else { return };
    terminal.wait("An empty notebook");
    terminal.run("demophon");
    terminal.wait("there is no command");
    terminal.run("\x15open cohort.csv --outcome event");
    terminal.wait("60 patients, 30 events");
    terminal.keys("open c");
    terminal.wait("> open c[ohort.csv --outcome event]");
    terminal.keys("\x15dem");
    terminal.wait("> dem[o]");
    terminal.run("\x15quit");
    assert_eq!(terminal.end(), 0);
    let kept = fs::read_to_string(folder.0.join("state/radnote/history")).unwrap();
    assert!(kept.contains("open cohort.csv") && !kept.contains("demophon"), "{kept}");
    fs::write(folder.0.join("state/radnote/history"), kept + "demo radnote-demo --seed 3\n").unwrap();
    let Some(mut terminal) = Terminal::open(&folder.0, &["other.rad"], &brackets) else { return };
    terminal.wait("An empty notebook");
    terminal.run("tour");
    terminal.wait("Step 1 of");
    terminal.keys("\x1b[F\x1b[F");
    thread::sleep(Duration::from_millis(300));
    assert!(!terminal.text().lines().any(|l| l.starts_with("> ") && l.contains('[')), "{}", terminal.text());
}

#[test]
fn help_over_a_moving_threshold_is_left_first() {
    let folder = Folder::new("covered");
    let Some(mut terminal) = folder.terminal() else { return };
    begin(&mut terminal);
    terminal.run("icc");
    terminal.wait("400 -> 300");
    terminal.keys("+");
    terminal.wait("above 0.85 -> 0.86");
    terminal.keys("?");
    terminal.wait("Esc back  Up Down");
    terminal.keys("\x1b");
    terminal.wait("Enter keep");
    assert!(terminal.text().contains("try> icc --above 0.86"), "{}", terminal.text());
}

#[test]
fn what_stands_under_the_prompt_is_of_now() {
    let folder = Folder::new("stale");
    let Some(mut terminal) = folder.terminal() else { return };
    begin(&mut terminal);
    terminal.run("icc");
    terminal.wait("400 -> 300");
    terminal.keys("\x1bc");
    terminal.wait("icc, table 1 of 2 (Features above 0.85 by form): 7 lines");
    terminal.keys("/");
    terminal.wait("Type what to find");
    terminal.keys("\x1b");
    terminal.wait("Up Down cells");
    terminal.keys("3");
    terminal.wait("original_test_F1");
    terminal.keys("/test_F287");
    terminal.wait_until("one feature", |m| m.text().contains("F287") && !m.text().contains("F286"));
    assert!(!terminal.text().contains("stopped"), "{}", terminal.text());
}

#[test]
fn a_dumb_terminal_is_promised_no_keys_it_has_not() {
    let folder = Folder::new("dumbkeys");
    let Some(mut terminal) = Terminal::open(&folder.0, &["book.rad"], &[("TERM", "dumb")]) else { return };
    terminal.wait_raw("Ctrl-D leaves");
    terminal.run("?");
    terminal.wait_raw("mannwhitney");
    terminal.run("laso --folds 5");
    terminal.wait_raw("try: lasso --folds 5");
    terminal.run("tour");
    terminal.wait_raw("Step 1 of");
    let text = String::from_utf8_lossy(&terminal.raw()).into_owned();
    assert!(!text.contains("Tab completes") && !text.contains("Right takes"), "{text}");
    terminal.keys("\x04");
    assert_eq!(terminal.end(), 0);
}
