//! A move that is open: what ends it says so, and then Enter belongs to what is seen. And slow views behind, stopped or waited for.

use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use crossterm::event::{KeyCode, KeyModifiers};
use radnote::render::theme::{Colour, Glyphs, Theme};
use radnote::session::{Script, Session};
use radnote::tui;

use super::{Glass, NOTEBOOK, Reader, cohort};
use crate::common;

/// Nothing here runs longer.
const PATIENCE: Duration = Duration::from_secs(60);

impl Reader {
    /// Type a line and run it, without waiting for what comes of it.
    pub fn types(&self, line: &str) {
        line.chars().for_each(|letter| self.send(KeyCode::Char(letter)));
        self.send(KeyCode::Enter);
    }

    /// An export that waits for the validation that runs behind.
    fn exports_behind_validate(&mut self) {
        self.types("validate --times 20000");
        self.until("validating ");
        self.exports();
    }

    /// An export that waits for the validation that runs.
    pub fn exports(&mut self) {
        self.types("export results.json");
        self.until("export waits for validate, ");
    }

    /// The screen of thresholds is opened while something runs.
    pub fn tunes(&mut self) {
        self.send(KeyCode::F(2));
        self.until("[F2 tune]");
    }

    /// Ctrl-C, while something else goes on.
    pub fn stops(&self) {
        self.holding(KeyModifiers::CONTROL, 'c');
    }

    /// How many runs of the validation are done, as the status says.
    pub fn runs_done(&mut self) -> u32 {
        self.seen.clear();
        self.until("/20000 runs");
        let done = self.seen.split("/20000 runs").next().and_then(|before| before.rsplit(' ').next());
        done.and_then(|done| done.parse().ok()).unwrap_or_else(|| panic!("{}", self.seen))
    }

    fn ctrl(&mut self, letter: char) {
        self.holding(KeyModifiers::CONTROL, letter);
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

    pub fn says(&self, words: &str) {
        assert!(self.seen.contains(words), "no `{words}`:\n{}", self.seen);
    }

    pub fn says_no(&self, words: &str) {
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
    reader.says("stopped `validate`; its line again, or a change above, computes it");
    reader.runs("help roc");
    reader.says("Enter takes");
    reader.says_no("validating ");
    reader.press(KeyCode::Esc);
    // A view beside it is no change of what it stands on.
    reader.runs("show funnel");
    reader.says("show funnel");
    reader.says_no("validating ");
    reader.types("validate --times 20000");
    reader.until("validating ");
    reader.interrupt();
}

#[test]
fn a_line_that_reads_every_page_says_what_it_waits_for_and_a_kept_move_too() {
    let mut reader = Reader::at(cohort("unkept-export"), Glyphs::Ascii);
    reader.exports_behind_validate();
    reader.tunes();
    reader.send(KeyCode::Right);
    reader.until("try> icc");
    reader.send(KeyCode::Enter);
    reader.until("kept: `icc` waits for export");
    reader.until("export waits for validate, ");
    reader.stops();
    reader.until("Ctrl-C stops it too");
    reader.interrupt();
}

#[test]
fn a_threshold_moves_while_a_line_waits_for_a_slow_view() {
    let mut reader = Reader::at(cohort("unkept-waits"), Glyphs::Ascii);
    reader.exports_behind_validate();
    reader.tunes();
    reader.send(KeyCode::Char(']'));
    reader.until("icc 37 -> 36 (+0 -1)");
    reader.stops();
    reader.until("stopped `export`; `validate` goes on, Ctrl-C stops it too; not kept: `icc");
    reader.interrupt();
}

#[test]
fn what_is_waited_for_is_stopped_before_what_is_computed_behind() {
    let mut reader = Reader::at(cohort("unkept-stops"), Glyphs::Ascii);
    reader.exports_behind_validate();
    reader.stops();
    reader.until("stopped `export`; `validate` goes on, Ctrl-C stops it too");
    reader.says("> export results.json");
    reader.runs_done();
    reader.interrupt();
    reader.says("stopped `validate`; its line again, or a change above, computes it");
}

#[test]
fn a_view_that_moves_leaves_what_is_computed_behind_alone() {
    let mut reader = Reader::at(cohort("unkept-view"), Glyphs::Ascii);
    reader.types("validate --times 20000");
    while reader.runs_done() < 20 {}
    reader.tunes();
    reader.send(KeyCode::Up);
    reader.until("decision --");
    reader.send(KeyCode::Left);
    reader.until("try> decision");
    reader.send(KeyCode::Enter);
    reader.until("decision: ");
    assert!(reader.runs_done() >= 20, "begun anew:\n{}", reader.seen);
    reader.interrupt();
}

/// What is counted is what has a mark, slow views too.
#[test]
fn a_notebook_that_is_stopped_while_it_is_taken_up_says_how_much_is_not_there() {
    let folder = cohort("unkept-taken-up");
    let lines: Vec<&str> = NOTEBOOK.iter().copied().chain(["validate --times 20000"]).collect();
    let text = lines.join("\n");
    // Pressed before anything could be computed.
    let ((keys, keyboard), (tell, frames)) = (channel(), channel());
    let mut reader = Reader { keys, frames, seen: String::new() };
    reader.stops();
    thread::spawn(move || {
        let session = Session::new(&folder, &common::cache());
        let theme = Theme { glyphs: Glyphs::Ascii, colour: Colour::None };
        tui::drive(session, Script::parse(&text).lines, theme, keyboard, &mut Glass(tell)).unwrap();
    });
    reader.settle(PATIENCE);
    let marks = reader.seen.lines().filter(|l| l.chars().nth(1) == Some('-') && !l.starts_with('-')).count();
    reader.says(&format!("{marks} cells are not computed, the next line computes them"));
}

#[test]
fn a_blank_does_nothing_to_a_move() {
    let mut reader = Reader::at(cohort("unkept-blank"), Glyphs::Ascii);
    reader.presses("2");
    reader.press(KeyCode::Right);
    reader.presses(" ");
    reader.says("try> icc --above 0.86");
    reader.press(KeyCode::Esc);
    reader.presses(" r");
    reader.says("> r");
}
