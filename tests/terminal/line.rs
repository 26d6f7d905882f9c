//! The line being typed under real keys: the menu, the lines typed before, the keys of emacs, its colours.

use super::begin;
use super::harness::{Folder, Terminal};

const CTRL_A: &str = "\x01";
const CTRL_K: &str = "\x0b";
const CTRL_R: &str = "\x12";
const CTRL_U: &str = "\x15";
const CTRL_W: &str = "\x17";
const CTRL_Y: &str = "\x19";
const ALT_B: &str = "\x1bb";
const RIGHT: &str = "\x1b[C";

#[test]
fn the_menu_lists_flags_with_their_help_and_features_by_some_of_their_letters() {
    let folder = Folder::new("menu");
    let Some(mut terminal) = folder.terminal() else { return };
    begin(&mut terminal);
    terminal.keys("lasso --\t");
    terminal.wait("--rule");
    terminal.wait_until("a flag beside its help", |m| {
        m.text().lines().any(|l| l.contains("--folds") && l.contains("fold") && l.trim().len() > 20)
    });
    terminal.keys("\x1b");
    terminal.wait("Enter run");
    terminal.keys(CTRL_U);
    terminal.keys("table tstf287\t");
    terminal.wait("> table original_test_F287");
}

#[test]
fn lines_typed_before_are_searched_hinted_and_called_back() {
    let folder = Folder::new("recall");
    let Some(mut terminal) = folder.terminal() else { return };
    begin(&mut terminal);
    terminal.run("icc --above 0.87");
    terminal.wait("400 -> 300");
    terminal.keys(CTRL_R);
    terminal.keys("0.8");
    terminal.wait("search `0.8`: icc --above 0.87");
    terminal.keys("7\r");
    terminal.wait("> icc --above 0.87");
    terminal.keys(CTRL_U);
    terminal.keys("icc --a");
    terminal.wait("> icc --above 0.87");
    terminal.keys(RIGHT);
    terminal.keys("5\r");
    terminal.wait("icc --above 0.875");
    terminal.keys("x");
    terminal.keys("\x1b[A");
    terminal.wait("> icc --above 0.875");
}

#[test]
fn the_keys_of_emacs_cut_paste_and_move() {
    let folder = Folder::new("emacs");
    let Some(mut terminal) = folder.terminal() else { return };
    begin(&mut terminal);
    terminal.keys("above icc");
    terminal.keys(CTRL_W);
    terminal.wait("> above");
    terminal.keys(CTRL_A);
    terminal.keys(CTRL_Y);
    terminal.keys(" --");
    terminal.wait("> icc --above");
    terminal.keys("below");
    terminal.keys(CTRL_K);
    terminal.wait_until("the end is cut", |m| m.text().contains("> icc --below") && !m.text().contains("above"));
    terminal.keys(ALT_B);
    terminal.keys("over");
    terminal.wait("> icc --overbelow");
}

#[test]
fn what_is_typed_is_coloured_by_what_it_is() {
    let folder = Folder::new("coloured");
    let Some(mut terminal) = folder.terminal() else { return };
    begin(&mut terminal);
    let sent = terminal.raw().len();
    terminal.keys("icc");
    terminal.wait("> icc");
    let right = styles(&terminal, sent);
    terminal.keys(CTRL_U);
    let sent = terminal.raw().len();
    terminal.keys("iccc ");
    terminal.wait("> iccc");
    let wrong = styles(&terminal, sent);
    assert!(wrong.iter().any(|s| s.split(';').any(|n| n == "4")), "a wrong word is underlined too: {wrong:?}");
    assert!(!right.iter().any(|s| s.split(';').any(|n| n == "4")), "a right one is not: {right:?}");
}

/// The styles that were set since so many bytes.
fn styles(terminal: &Terminal, since: usize) -> Vec<String> {
    let text = String::from_utf8_lossy(&terminal.raw()[since..]).into_owned();
    text.split("\x1b[").filter_map(|code| code.split_once('m').map(|(numbers, _)| numbers.to_string())).collect()
}
