//! A real terminal: keys, completion, cancel, resize, suspend, kill. Needs `python3` for the pseudo-terminal; without, it
//! says so and passes.

mod harness;
mod interrupted;
mod line;
mod model;
mod prompt;
mod waiting;
mod walk;

use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use harness::{Folder, PATIENCE, PROGRAM, Terminal};
use model::Model;

/// The cohort and its features, as cells.
/// Work that no machine finishes while a test looks on.
const LONG: &str = "validate --times 50000";

fn begin(terminal: &mut Terminal) {
    terminal.wait("An empty notebook");
    terminal.run("open cohort.csv --outcome event");
    terminal.wait("60 patients, 30 events");
    terminal.run("features features.csv --reader2 second.csv");
    terminal.wait("400 features x 60 pati");
}

#[test]
fn a_line_becomes_a_cell_and_quitting_gives_the_terminal_back() {
    let folder = Folder::new("cell");
    let Some(mut terminal) = folder.terminal() else { return };
    begin(&mut terminal);
    terminal.run("icc");
    terminal.wait("400 -> 300");
    terminal.wait("Agreement between readers");
    terminal.run("quit");
    assert_eq!(terminal.end(), 0);
    terminal.given_back();
    let book = fs::read_to_string(folder.0.join("book.rad")).unwrap();
    assert!(book.contains("icc --above 0.85 --form 2,1 --by estimate\n#= 400 -> 300"), "{book}");
}

#[test]
fn tab_completes_commands_files_and_columns() {
    let folder = Folder::new("tab");
    let Some(mut terminal) = folder.terminal() else { return };
    terminal.wait("An empty notebook");
    terminal.keys("ope\tcoh\t--outc\t");
    terminal.wait("> open cohort.csv --outcome");
    terminal.keys("\t");
    terminal.wait("  event  cohort.csv");
    terminal.keys("\t\t");
    terminal.wait("--outcome event");
    terminal.keys("\r\r");
    terminal.wait("60 patients, 30 events");
}

#[test]
fn an_error_says_what_to_do_and_the_line_stays_to_be_mended() {
    let folder = Folder::new("error");
    let Some(mut terminal) = folder.terminal() else { return };
    terminal.wait("An empty notebook");
    terminal.run("opne cohort.csv");
    terminal.wait("did you mean `open`?");
    terminal.wait("> opne cohort.csv");
}

#[test]
fn plus_moves_the_threshold_and_enter_keeps_it() {
    let folder = Folder::new("tune");
    let Some(mut terminal) = folder.terminal() else { return };
    begin(&mut terminal);
    terminal.run("icc");
    terminal.wait("400 -> 300");
    terminal.keys("+");
    terminal.wait("try> icc --above 0.86");
    terminal.wait("above 0.85 -> 0.86");
    terminal.keys("\x1b");
    terminal.wait_until("the threshold as it was", |m| !m.text().contains("0.86"));
    terminal.keys("--");
    terminal.wait("try> icc --above 0.83");
    terminal.keys("\r");
    terminal.wait_until("the new threshold is kept", |m| {
        !m.text().contains("try>") && m.text().contains("icc --above 0.83")
    });
    let kept = || fs::read_to_string(folder.0.join("book.rad")).unwrap().contains("icc --above 0.83");
    let started = Instant::now();
    while !kept() {
        assert!(started.elapsed() < PATIENCE);
        thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn words_are_found_in_a_long_page() {
    let folder = Folder::new("find");
    let Some(mut terminal) = folder.terminal() else { return };
    begin(&mut terminal);
    terminal.run("icc");
    terminal.wait("400 -> 300");
    terminal.keys("/test_f287");
    terminal.wait("find: test_f287 (1 of 1)");
    terminal.wait("original_test_F287");
    terminal.keys("\x1b");
    terminal.wait("? keys");
}

#[test]
fn ctrl_c_stops_the_command_and_not_the_notebook() {
    let folder = Folder::new("cancel");
    let Some(mut terminal) = folder.terminal() else { return };
    begin(&mut terminal);
    terminal.run("lasso --folds 10");
    terminal.wait("lambda");
    terminal.run(LONG);
    terminal.wait("Ctrl-C stops");
    terminal.keys("\x03");
    terminal.wait("stopped `validate`; its line again, or a change above, computes it");
    terminal.keys("\x1b[3~");
    terminal.wait("is taken out");
    terminal.run("icc");
    terminal.wait("400 -> 300");
    terminal.keys("\x03");
    terminal.wait("nothing is running");
    terminal.keys("\x03");
    assert_eq!(terminal.end(), 0);
    terminal.given_back();
}

#[test]
fn a_new_size_is_drawn_anew() {
    let folder = Folder::new("size");
    let Some(mut terminal) = folder.terminal() else { return };
    begin(&mut terminal);
    for (columns, rows) in [(120, 40), (40, 12), (200, 60), (20, 4), (80, 24)] {
        terminal.resize(columns, rows);
        let at_bottom = move |m: &Model| m.cells[rows.saturating_sub(2)..].iter().any(|r| r.starts_with(&['>', ' ']));
        terminal.wait_until("the prompt at the bottom", at_bottom);
    }
    terminal.wait("400 features x 60 pati");
}

#[test]
fn after_a_kill_nothing_is_missing() {
    let folder = Folder::new("kill");
    let Some(mut terminal) = folder.terminal() else { return };
    begin(&mut terminal);
    terminal.run("icc --above 0.9");
    terminal.wait("400 -> 300");
    terminal.run("lasso --folds 10");
    terminal.wait("lambda");
    terminal.run(LONG);
    terminal.wait("Ctrl-C stops");
    terminal.order("signal 9");
    assert_eq!(terminal.end(), 137);
    let Some(terminal) = folder.terminal() else { return };
    terminal.wait("icc --above 0.9");
    terminal.wait("400 -> 300");
    terminal.wait("validate --times");
    terminal.wait("runs");
}

#[test]
fn a_stop_in_the_middle_of_opening_loses_no_cell() {
    let folder = Folder::new("resume");
    let book = format!(
        "open cohort.csv --outcome event\nfeatures features.csv --reader2 second.csv\nicc\nlasso --folds 10\n{LONG}\n"
    );
    fs::write(folder.0.join("book.rad"), book).unwrap();
    let Some(mut terminal) = folder.terminal() else { return };
    terminal.wait("400 -> 300");
    terminal.keys("\x03");
    terminal.wait("not computed");
    // Its own line begins it again, however far the opening was when it was stopped.
    terminal.run(LONG);
    terminal.wait("stops");
    terminal.keys("\x03");
    terminal.wait("stopped");
    terminal.keys("\x15\x04");
    assert_eq!(terminal.end(), 0);
    assert!(fs::read_to_string(folder.0.join("book.rad")).unwrap().contains("--times 50000"));
}

#[test]
fn a_signal_to_end_ends_it_cleanly_and_suspending_gives_the_terminal_back() {
    let folder = Folder::new("signal");
    let Some(mut terminal) = folder.terminal() else { return };
    begin(&mut terminal);
    terminal.keys("\x1a");
    terminal.wait_until("the terminal is given back", |m| !m.alternate);
    terminal.given_back();
    terminal.order("signal 18");
    terminal.wait_until("the screen is back", |m| m.alternate && m.text().contains("400 features x 60 pati"));
    terminal.order("signal 15");
    assert_eq!(terminal.end(), 0);
    terminal.given_back();
}

#[test]
fn pasted_lines_wait_for_enter_and_run_in_order() {
    let folder = Folder::new("paste");
    let Some(mut terminal) = folder.terminal() else { return };
    terminal.wait("An empty notebook");
    let text = "open cohort.csv --outcome event\nfeatures features.csv --reader2 second.csv\nicc\n";
    terminal.keys(&format!("\x1b[200~{text}\x1b[201~"));
    terminal.wait("3 lines; Enter runs them");
    terminal.keys("\r");
    terminal.wait("400 -> 300");
}

#[test]
fn without_utf8_only_seven_bits_are_sent() {
    let folder = Folder::new("ascii");
    for variables in [&[("LC_ALL", "C"), ("TERM", "vt100")][..], &[("LC_ALL", "C"), ("NO_COLOR", "1")]] {
        let Some(mut terminal) = Terminal::open(&folder.0, &["ascii.rad"], variables) else { return };
        terminal.wait("? keys");
        terminal.run("open cohort.csv --outcome event");
        terminal.wait("60 patients, 30 events");
        terminal.run("features features.csv --reader2 second.csv");
        terminal.run("icc");
        terminal.wait("Features by ICC");
        terminal.keys("?");
        terminal.wait("Keys");
        terminal.keys("\x1b");
        terminal.wait("Agreement");
        terminal.run("quit");
        assert_eq!(terminal.end(), 0);
        let raw = terminal.raw();
        assert!(raw.is_ascii(), "a byte above 127 was sent");
        let text = String::from_utf8(raw).unwrap();
        let styles = text.split("\x1b[").filter_map(|code| code.split_once('m').map(|(numbers, _)| numbers));
        let colour = |number: &str| number.parse::<u8>().is_ok_and(|n| n >= 30);
        let coloured = styles.flat_map(|numbers| numbers.split(';')).any(colour);
        assert!(!coloured, "a colour was sent without colours");
    }
}

#[test]
fn a_terminal_that_is_no_screen_has_the_line_prompt() {
    let folder = Folder::new("dumb");
    for (arguments, term) in [(&["book.rad"][..], "dumb"), (&["--plain", "book.rad"], "xterm")] {
        let Some(mut terminal) = Terminal::open(&folder.0, arguments, &[("TERM", term)]) else { return };
        terminal.wait_raw("Ctrl-D leaves");
        terminal.run("open cohort.csv --outcome event");
        terminal.wait_raw("60 patients, 30 with event = 1");
        terminal.run("nosuch");
        terminal.wait_raw("error: there is no command `nosuch`");
        terminal.keys("\x04");
        assert_eq!(terminal.end(), 0);
        assert!(!String::from_utf8_lossy(&terminal.raw()).contains("?1049"), "no full screen");
    }
}

#[test]
fn in_the_line_prompt_ctrl_c_stops_the_command() {
    let folder = Folder::new("plain-cancel");
    let Some(mut terminal) = Terminal::open(&folder.0, &["--plain", "book.rad"], &[]) else { return };
    terminal.wait_raw("Ctrl-D leaves");
    // Lines typed ahead, as a terminal pastes that does not say so, are not lost.
    terminal.run("open cohort.csv --outcome event");
    terminal.run("features features.csv --reader2 second.csv");
    terminal.wait_raw("400 features x 60");
    terminal.run("lasso --folds 10");
    terminal.wait_raw("lambda");
    terminal.run(LONG);
    thread::sleep(Duration::from_millis(500));
    terminal.keys("\x03");
    terminal.wait_raw("error: cancelled");
    terminal.run("icc");
    terminal.wait_raw("400 -> 300");
    terminal.wait_prompt();
    terminal.keys("\x04");
    assert_eq!(terminal.end(), 0);
}

#[test]
fn lines_from_a_pipe_are_run_without_escape_codes() {
    let folder = Folder::new("pipe");
    let mut command = Command::new(PROGRAM);
    command.arg("book.rad").current_dir(&folder.0).env("RADNOTE_CACHE", folder.0.join("cache"));
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let lines = "open cohort.csv --outcome event\nfeatures features.csv --reader2 \\\n  second.csv\nicc\n";
    child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("400 -> 300") && !text.contains('\x1b'));
    assert!(fs::read_to_string(folder.0.join("book.rad")).unwrap().contains("icc --above 0.85"));
}

#[test]
fn tab_takes_the_line_that_mends_an_error() {
    let folder = Folder::new("mend");
    let Some(mut terminal) = folder.terminal() else { return };
    begin(&mut terminal);
    terminal.run("icc --abov 0.9");
    terminal.wait("[Tab: icc --above 0.9]");
    terminal.keys("\t\r");
    terminal.wait("400 -> 300");
}

#[test]
fn with_vis_keys_esc_turns_letters_into_commands() {
    let folder = Folder::new("vi");
    let Some(mut terminal) = Terminal::open(&folder.0, &["--vi", "book.rad"], &[]) else { return };
    begin(&mut terminal);
    terminal.keys("icc --above 0.9");
    terminal.wait("> icc --above 0.9");
    terminal.keys("\x1b");
    terminal.wait(": icc --above 0.9");
    terminal.keys("BC0.8\r");
    terminal.wait("icc --above 0.8");
}

/// At 80x24 a step of a threshold costs less than 4 kB, a screen at rest nothing, and no frame clears the screen.
#[test]
fn a_slow_line_is_spared() {
    let folder = Folder::new("bytes");
    let Some(mut terminal) = folder.terminal() else { return };
    begin(&mut terminal);
    terminal.run("icc");
    terminal.wait("400 -> 300");
    thread::sleep(Duration::from_millis(500));
    for key in ["+", "+", "-"] {
        let before = terminal.raw().len();
        terminal.keys(key);
        thread::sleep(Duration::from_secs(1));
        let sent = terminal.raw().len() - before;
        println!("a step of the threshold: {sent} bytes");
        assert!(0 < sent && sent < 4096, "{sent} bytes");
    }
    let before = terminal.raw().len();
    thread::sleep(Duration::from_secs(5));
    assert_eq!(terminal.raw().len(), before, "a screen at rest sends nothing");
    assert!(!String::from_utf8_lossy(&terminal.raw()).contains("\x1b[2J"));
}

#[test]
fn a_notebook_is_open_once_and_one_that_was_cut_off_is_offered() {
    let folder = Folder::new("offer");
    let Some(mut terminal) = folder.terminal() else { return };
    begin(&mut terminal);
    let second = Command::new(PROGRAM).arg("book.rad").current_dir(&folder.0).stdin(Stdio::null()).output().unwrap();
    assert!(String::from_utf8_lossy(&second.stderr).contains("is open in another radnote"));
    // On a terminal its lines are broken between words.
    let Some(mut second) = Terminal::open(&folder.0, &["book.rad"], &[]) else { return };
    second.wait_raw("radnote");
    assert_eq!(second.end(), 1);
    let lines: Vec<String> = second.text().lines().map(|l| l.trim().to_string()).filter(|l| !l.is_empty()).collect();
    let said = lines.join(" ");
    assert!(said.ends_with("leave it there first, or name another notebook: `radnote NAME.rad`"), "{said}");
    terminal.order("signal 1");
    assert_eq!(terminal.end(), 0);
    terminal.given_back();
    let Some(mut again) = Terminal::open(&folder.0, &[], &[]) else { return };
    again.wait_raw("A session was cut off");
    again.keys("\r");
    again.wait("400 features x 60 pati");
    again.keys("\x04");
    assert_eq!(again.end(), 0);
    assert!(!folder.0.join("book.rad.lock").exists(), "left in order");
}

#[test]
fn sixteen_colours_are_the_terminals_own() {
    let folder = Folder::new("sixteen");
    let Some(mut terminal) = Terminal::open(&folder.0, &["book.rad"], &[("TERM", "xterm"), ("COLORTERM", "")]) else {
        return;
    };
    begin(&mut terminal);
    terminal.run("doctor");
    terminal.wait("Test card");
    terminal.run("quit");
    assert_eq!(terminal.end(), 0);
    let raw = String::from_utf8_lossy(&terminal.raw()).into_owned();
    assert!(!raw.contains("38;5;") && !raw.contains("38;2;"), "a colour beyond the sixteen was sent");
}
