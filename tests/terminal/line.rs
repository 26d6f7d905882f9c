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

/// The line prompt: what is typed while a line runs that fails comes back with it, and is not run.
#[test]
fn at_the_line_prompt_lines_behind_one_that_fails_come_back() {
    let folder = Folder::new("ahead");
    let Some(mut terminal) = Terminal::open(&folder.0, &["--plain", "book.rad"], &[("NO_COLOR", "1")]) else { return };
    terminal.wait_prompt();
    // Typed while `demo` runs: the second fails, the two behind it are there before it does, and one more is begun.
    terminal.run("demo built");
    terminal.wait_raw("making the built-in cohort");
    ["settings", "lassoo", "icc", "undo"].iter().for_each(|line| terminal.run(line));
    terminal.keys("stepw");
    terminal.wait_raw("there is no command `lassoo`");
    terminal.wait_raw("3 more lines were not run; they are in the prompt behind the one that failed");
    terminal.wait_raw("> lassoo\r\nicc\r\nundo\r\nstepw");
    let seen = String::from_utf8_lossy(&terminal.raw()).into_owned();
    assert!(seen.contains("not run: icc") && !seen.contains("change to take back"), "{seen}");
    let book = std::fs::read_to_string(folder.0.join("book.rad")).unwrap();
    assert!(book.contains("demo built") && book.contains("settings") && !book.contains("icc"), "{book}");
}

/// The same where they came in one piece, as a terminal without brackets around a paste sends it, and where lines are not
/// edited at all.
#[test]
fn lines_that_came_in_one_piece_come_back_too() {
    for term in ["xterm-256color", "dumb"] {
        let folder = Folder::new(&format!("piece-{term}"));
        let arguments = ["--plain", "book.rad"];
        let Some(mut terminal) = Terminal::open(&folder.0, &arguments, &[("TERM", term), ("NO_COLOR", "1")]) else {
            return;
        };
        terminal.wait_prompt();
        terminal.keys("settings\rlassoo\ropen cohort.csv --outcome event\r");
        terminal.wait_raw("1 more line was not run");
        let mark = if term == "dumb" { "not run: " } else { "> lassoo\r\n" };
        terminal.wait_raw(&format!("{mark}open cohort.csv --outcome event"));
        std::thread::sleep(std::time::Duration::from_millis(300));
        let book = std::fs::read_to_string(folder.0.join("book.rad")).unwrap();
        assert!(book.contains("settings") && !book.contains("open"), "{term}: {book}");
    }
}
