//! Lines entered while another runs, and a notebook that is left without having been saved.

use std::fs;

use super::harness::{Folder, Terminal};

/// `demo` computes for seconds on any machine: what is typed behind it waits.
fn with_waiting(name: &str, behind: &[&str]) -> Option<(Folder, Terminal)> {
    let folder = Folder::new(name);
    let mut terminal = folder.terminal()?;
    terminal.wait("An empty notebook");
    terminal.run("demo built");
    behind.iter().for_each(|line| terminal.run(line));
    Some((folder, terminal))
}

#[test]
fn lines_that_wait_are_counted_and_come_back_where_one_fails() {
    let lines = ["settings", "icc --abve 0.9", "lassoo", "save /nonexist/a.rad"];
    let Some((folder, mut terminal)) = with_waiting("waiting", &lines) else { return };
    terminal.wait("4 lines wait");
    // The first runs, the second fails, and the two behind it do not run, although they were there before it failed.
    terminal.wait("`icc --abve 0.9`: `icc` has no flag");
    terminal.wait("after it not run [Tab: icc --above 0.9, and what follows]");
    let seen = terminal.text();
    for line in ["> icc --abve 0.9", "  lassoo", "  save /nonexist/a.rad"] {
        assert!(seen.contains(line), "{line}\n{seen}");
    }
    assert!(!seen.contains("there is no command"), "a line behind one that failed ran\n{seen}");
    let book = fs::read_to_string(folder.0.join("book.rad")).unwrap();
    assert!(book.contains("demo built") && book.contains("settings") && !book.contains("icc"), "{book}");
    // What is typed from now on runs again.
    terminal.run("\x1bshow cohort");
    terminal.wait("show cohort");
    terminal.run("nosuch");
    terminal.wait("there is no command `nosuch`");
}

#[test]
fn a_line_behind_one_that_fails_while_another_is_typed_is_not_lost() {
    let Some((_folder, mut terminal)) = with_waiting("waiting-typed", &["lassoo", "settings"]) else { return };
    terminal.keys("icc --above");
    terminal.wait("`lassoo`: there is no command `lassoo`");
    terminal.wait("Up brings back what was typed");
    assert!(terminal.text().contains("> icc --above"), "{}", terminal.text());
    terminal.keys("\x1b[A");
    terminal.wait("> settings");
    terminal.keys("\x1b[A");
    terminal.wait("> lassoo");
}

#[test]
fn lines_behind_one_that_is_stopped_come_back() {
    let Some((_folder, mut terminal)) = with_waiting("waiting-stopped", &["settings", "settings mr"]) else { return };
    terminal.wait("2 lines wait");
    terminal.keys("\x03");
    terminal.wait("stopped; ");
    for line in ["> demo built", "  settings", "  settings mr"] {
        terminal.wait(line);
    }
    terminal.keys("i");
    for line in ["> demo built", "  settings", "  settings mri"] {
        terminal.wait(line);
    }
}

/// The closed laptop and the kill: what ran and what waited behind it stand in the prompt again.
#[test]
fn lines_behind_one_that_is_cut_off_come_back_in_their_order() {
    for (signal, status) in [(9, 137), (1, 0)] {
        let name = format!("waiting-cut-{signal}");
        let Some((folder, mut terminal)) = with_waiting(&name, &["settings", "settings mr"]) else { return };
        terminal.wait("2 lines wait");
        terminal.order(&format!("signal {signal}"));
        assert_eq!(terminal.end(), status);
        let Some(mut terminal) = folder.terminal() else { return };
        terminal.wait("cut off while `demo built` ran and 2 lines waited; Enter runs");
        for line in ["> demo built", "  settings", "  settings mr"] {
            terminal.wait(line);
        }
        terminal.keys("\r");
        terminal.wait("2 lines wait");
        terminal.keys("\x03");
        terminal.wait("stopped; ");
        terminal.keys("\x1b");
        terminal.wait("the line is put aside");
        terminal.keys("\x04");
        assert_eq!(terminal.end(), 0);
        assert!(!folder.0.join("book.rad.lock").exists());
    }
}

#[test]
fn lines_that_leaving_drops_are_left_on_the_terminal_in_words() {
    let Some((_folder, mut terminal)) = with_waiting("waiting-left", &["settings", "settings mr"]) else { return };
    terminal.wait("2 lines wait");
    terminal.keys("\x04");
    assert_eq!(terminal.end(), 0);
    let raw = String::from_utf8_lossy(&terminal.raw()).replace("\r\n", "\n");
    assert!(raw.ends_with("not done: `demo built`, `settings paper-1967`, `settings mr`\n"), "{raw:?}");
}

#[test]
fn the_line_prompt_begins_with_the_lines_that_were_cut_off() {
    let Some((folder, mut terminal)) = with_waiting("waiting-plain", &["settings"]) else { return };
    terminal.wait("1 line waits");
    terminal.order("signal 9");
    assert_eq!(terminal.end(), 137);
    let Some(mut terminal) = Terminal::open(&folder.0, &["--plain", "book.rad"], &[("NO_COLOR", "1")]) else { return };
    terminal.wait_raw("cut off before `demo built`, then `settings` was done; at the prompt Enter runs what was not");
    terminal.wait_raw("> demo built");
    terminal.keys("\r");
    std::thread::sleep(std::time::Duration::from_millis(500));
    terminal.keys("\x03");
    terminal.wait_raw("cancelled");
}

#[test]
fn a_move_that_leaving_drops_is_left_on_the_terminal_in_words() {
    let folder = Folder::new("unkept");
    let Some(mut terminal) = folder.terminal() else { return };
    terminal.wait("An empty notebook");
    terminal.run("open cohort.csv --outcome event");
    terminal.run("features features.csv --reader2 second.csv");
    terminal.run("icc");
    terminal.wait("3 icc");
    terminal.wait("400 -> ");
    terminal.keys("+");
    terminal.wait("try> icc --above 0.86");
    terminal.keys("\x03");
    terminal.wait("Ctrl-C again leaves (the notebook is saved; not kept: `icc");
    terminal.keys("\x04");
    assert_eq!(terminal.end(), 0);
    let raw = String::from_utf8_lossy(&terminal.raw()).replace("\r\n", "\n");
    assert!(raw.ends_with("\x1b[?1049lnot kept: `icc --above 0.86`\n"), "{raw:?}");
}

/// A file cannot be made in `/proc`, by anybody.
#[cfg(target_os = "linux")]
#[test]
fn lines_that_were_not_saved_are_left_on_the_terminal_with_a_word_about_it() {
    let folder = Folder::new("parting");
    let Some(mut terminal) = Terminal::open(&folder.0, &["/proc/book.rad"], &[]) else { return };
    terminal.wait("NOT SAVED");
    terminal.run("settings original-107");
    terminal.wait("107 features of 1 image");
    terminal.keys("\x04");
    terminal.wait("once more leaves all the same");
    terminal.keys("\x04");
    assert_eq!(terminal.end(), 0);
    let raw = String::from_utf8_lossy(&terminal.raw()).replace("\r\n", "\n");
    let left = raw.rsplit("\x1b[?1049l").next().unwrap();
    assert!(left.starts_with("The lines below were not saved ("), "{left:?}");
    assert!(left.contains("`radnote NAME.rad` runs them again:\nsettings"), "{left:?}");
    assert!(left.ends_with('\n'), "{left:?}");
    let Some(mut saved) = folder.terminal() else { return };
    saved.wait("An empty notebook");
    saved.run("settings");
    saved.wait("1967 features of");
    saved.keys("\x04");
    assert_eq!(saved.end(), 0);
    let raw = String::from_utf8_lossy(&saved.raw()).into_owned();
    assert!(raw.ends_with("\x1b[?1049l"), "a notebook that is saved says nothing");
}
