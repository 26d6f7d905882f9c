//! What comes in between: a stop while scans are extracted, a new size while a threshold moves.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, SystemTime};

use super::harness::{Folder, Terminal};
use crate::common;

/// The files under a folder, each with the time it was written.
fn files(folder: &Path) -> BTreeMap<String, SystemTime> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            found.append(&mut files(&entry.path()));
        } else if !entry.file_name().to_string_lossy().starts_with('.') {
            let written = entry.metadata().unwrap().modified().unwrap();
            found.insert(entry.path().display().to_string(), written);
        }
    }
    found
}

#[test]
fn a_stop_while_scans_are_extracted_keeps_those_that_are_done() {
    let folder = Folder::new("extraction");
    let Some(mut terminal) = folder.terminal() else { return };
    let cache = folder.0.join("cache");
    let demo = common::demo().display().to_string();
    terminal.wait("An empty notebook");
    terminal
        .run(&format!("open {demo}/cohort.csv --clinical {demo}/clinical.csv --outcome lung_metastasis --role role"));
    terminal.wait("154 patients, 67 events");
    let stop = |terminal: &mut Terminal| {
        terminal.run("extract --jobs 1");
        terminal.wait_until("two scans are done", |_| files(&cache).len() >= 2);
        terminal.wait("extracting ");
        terminal.keys("\x03");
        terminal.wait(" of 154 scans are kept, Enter goes on from there");
        terminal.wait("> extract --jobs 1");
    };
    stop(&mut terminal);
    assert!(!terminal.text().contains("features x 154"), "{}", terminal.text());
    let done = files(&cache);
    assert!(done.len() < 154, "the stop was meant to come in the middle");
    // Going on takes them as they are.
    terminal.keys("\r");
    terminal.wait_until("another scan is done", |_| files(&cache).len() > done.len());
    terminal.keys("\x03");
    terminal.wait("stopped; ");
    let then = files(&cache);
    assert!(done.iter().all(|(file, written)| then.get(file) == Some(written)), "a finished scan was done again");
    // A kill loses what was not done, and the line is offered again.
    terminal.run("extract --jobs 1");
    terminal.wait_until("a third scan is done", |_| files(&cache).len() > then.len());
    terminal.order("signal 9");
    assert_eq!(terminal.end(), 137);
    let Some(mut terminal) = folder.terminal() else { return };
    terminal.wait("cut off while `extract --jobs 1` ran");
    terminal.wait("> extract --jobs 1");
    // So it is after a second kill, until it is run or cleared.
    terminal.order("signal 9");
    assert_eq!(terminal.end(), 137);
    let Some(mut terminal) = folder.terminal() else { return };
    terminal.wait("cut off while `extract --jobs 1` ran");
    terminal.wait("> extract --jobs 1");
    terminal.keys("\x15");
    terminal.wait_until("the line is cleared", |m| !m.text().contains("> extract"));
    terminal.order("signal 9");
    assert_eq!(terminal.end(), 137);
    let Some(mut terminal) = folder.terminal() else { return };
    terminal.wait("this notebook was cut off, not left");
    assert!(!terminal.text().contains("> extract"), "{}", terminal.text());
    terminal.keys("\x04");
    assert_eq!(terminal.end(), 0);
    terminal.given_back();
}

#[test]
fn a_new_size_in_the_middle_of_a_moving_threshold_leaves_no_remains() {
    let folder = Folder::new("moving");
    let Some(mut terminal) = folder.terminal() else { return };
    super::begin(&mut terminal);
    for (line, says) in
        [("icc", "400 -> 300"), ("mannwhitney --below 0.5", "300 -> "), ("lasso --rule min", "lambda 0.")]
    {
        terminal.run(line);
        terminal.wait(says);
    }
    terminal.keys("2");
    terminal.wait("0-9 type");
    for (columns, rows) in [(120, 40), (40, 12), (61, 19), (200, 60), (80, 24)] {
        terminal.keys("\x1b[C]\x1b[C");
        terminal.resize(columns, rows);
        thread::sleep(Duration::from_millis(15));
    }
    terminal.wait_until("the threshold stands still", |m| {
        let text = m.text();
        text.contains("icc --above") && !text.contains("computing") && m.cells.len() == 24
    });
    thread::sleep(Duration::from_millis(300));
    let before = terminal.text();
    // A screen that is drawn from nothing shows the same.
    terminal.keys("\x0c");
    thread::sleep(Duration::from_millis(300));
    assert_eq!(terminal.text(), before);
    terminal.keys("\x1b");
    terminal.wait("icc --above 0.85");
}

#[test]
fn a_slow_view_runs_behind_while_the_notebook_goes_on() {
    let folder = Folder::new("behind");
    let Some(mut terminal) = folder.terminal() else { return };
    super::begin(&mut terminal);
    for (line, says) in [
        ("icc", "400 -> 300"),
        ("mannwhitney --below 0.5", "300 -> "),
        ("lasso --rule min", "lambda 0."),
        ("signature", "features, 60 patients"),
    ] {
        terminal.run(line);
        terminal.wait(says);
    }
    terminal.run("validate --times 100000");
    terminal.wait("/100000 runs");
    // A screen, a line and a moved threshold do not wait for it.
    terminal.keys("3");
    terminal.wait("[3 browse]");
    terminal.keys("1");
    terminal.wait("[1 notebook]");
    terminal.run("roc");
    terminal.wait("AUC of signature");
    terminal.run("icc --above 0.9");
    terminal.wait("icc --above 0.9");
    terminal.wait("/100000 runs");
    terminal.keys("\x03");
    terminal.wait("stopped `validate`; its line again, or a change above, computes it");
    terminal.wait("not computed");
    terminal.run("undo");
    terminal.wait("taken back: `icc --above 0.9` is `icc` again");
    terminal.wait("/100000 runs");
    terminal.keys("\x04");
    assert_eq!(terminal.end(), 0);
    terminal.given_back();
    let text = fs::read_to_string(folder.0.join("book.rad")).unwrap();
    let said = text.lines().skip_while(|l| !l.starts_with("validate")).nth(1);
    assert_eq!(said.unwrap_or_default(), "", "what was not computed has said nothing");
    assert!(text.contains("\nroc") && text.contains("icc --above 0.85"), "{text}");
}
