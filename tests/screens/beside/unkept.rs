//! A move that is open: what ends it says so, and then Enter belongs to what is seen. And slow views behind, stopped or waited for.

use std::time::Duration;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use radnote::render::theme::Glyphs;

use super::{Reader, cohort};

/// Nothing here runs longer.
const PATIENCE: Duration = Duration::from_secs(60);

impl Reader {
    /// Type a line and run it, without waiting for what comes of it.
    fn types(&self, line: &str) {
        line.chars().for_each(|letter| self.send(KeyCode::Char(letter)));
        self.send(KeyCode::Enter);
    }

    fn ctrl(&mut self, letter: char) {
        self.keys.send(Event::Key(KeyEvent::new(KeyCode::Char(letter), KeyModifiers::CONTROL))).unwrap();
        self.settle(PATIENCE);
    }

    /// Move the first threshold of tune, `icc --above 0.85`, by one step.
    fn tries(&mut self) {
        self.presses("2");
        self.press(KeyCode::Right);
    }

    /// Move it in its cell of the notebook.
    fn tries_in_notebook(&mut self) {
        self.press(KeyCode::Esc);
        self.press(KeyCode::Home);
        self.press(KeyCode::Down);
        self.press(KeyCode::Down);
        self.presses("+");
        self.says("try> icc --above 0.86");
    }

    fn says(&self, words: &str) {
        assert!(self.seen.contains(words), "no `{words}`:\n{}", self.seen);
    }

    fn says_no(&self, words: &str) {
        assert!(!self.seen.contains(words), "`{words}`:\n{}", self.seen);
    }
}

/// In the notebook, with `icc --above 0.86` tried.
fn moved(name: &str, lines: &[&str]) -> Reader {
    let mut reader = Reader::at(cohort(name), Glyphs::Ascii);
    lines.iter().for_each(|line| reader.runs(line));
    reader.tries_in_notebook();
    reader
}

#[test]
fn whatever_brings_a_text_to_the_prompt_ends_the_move_and_enter_runs_the_text() {
    for (key, then) in [('p', None), ('r', Some("show"))] {
        let mut reader = moved("unkept-prompt", &["show models"]);
        reader.ctrl(key);
        if let Some(searched) = then {
            reader.presses(searched);
            reader.press(KeyCode::Enter);
        }
        reader.says("> show models");
        reader.says("not kept: `icc --above 0.86`");
        reader.says_no("try>");
        reader.press(KeyCode::Enter);
        reader.says("show models");
        reader.says_no("> show models");
        reader.press(KeyCode::Esc);
        reader.says_no("above 0.86");
        reader.says_no("1 alternative");
    }
    let mut reader = moved("unkept-letter", &[]);
    reader.presses("r");
    reader.says("not kept: `icc --above 0.86`");
    reader.ctrl('u');
    reader.tries();
    reader.presses("s");
    reader.says("> s");
    reader.says("not kept: `icc --above 0.86`");
}

#[test]
fn a_screen_that_does_not_show_the_move_ends_it_and_its_keys_are_its_own() {
    let mut reader = Reader::at(cohort("unkept-screens"), Glyphs::Ascii);
    reader.tries();
    reader.press(KeyCode::F(4));
    reader.says("[4 figures]");
    reader.says("not kept: `icc --above 0.86`");
    reader.press(KeyCode::Down);
    reader.press(KeyCode::Enter);
    reader.says("figures 2");
    reader.says_no("above 0.86");
    reader.tries_in_notebook();
    reader.presses("3");
    reader.says("[3 browse]");
    reader.says("not kept: `icc --above 0.86`");
    reader.press(KeyCode::Esc);
    reader.says("[1 notebook]");
    reader.says_no("1 alternative");
}

#[test]
fn what_was_stopped_begins_again_by_a_change_or_its_own_line_only() {
    let mut reader = Reader::at(cohort("unkept-stopped"), Glyphs::Ascii);
    reader.types("validate --times 20000");
    reader.until("validating ");
    reader.interrupt();
    reader.says("stopped; the next change of the notebook computes it");
    reader.runs("help roc");
    reader.says("Enter takes");
    reader.says_no("validating ");
    reader.press(KeyCode::Esc);
    reader.types("validate --times 20000");
    reader.until("validating ");
    reader.interrupt();
}

#[test]
fn a_line_that_reads_every_page_says_what_it_waits_for_and_a_kept_move_too() {
    let mut reader = Reader::at(cohort("unkept-export"), Glyphs::Ascii);
    reader.types("validate --times 20000");
    reader.until("validating ");
    reader.types("export results.json");
    reader.until("export waits for validate, ");
    reader.send(KeyCode::F(2));
    reader.until("[F2 tune]");
    reader.send(KeyCode::Right);
    reader.until("try> icc");
    reader.send(KeyCode::Enter);
    reader.until("kept: `icc` waits for export");
    reader.until("export waits for validate, ");
    reader.interrupt();
    reader.interrupt();
}
