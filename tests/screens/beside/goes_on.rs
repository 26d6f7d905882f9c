//! A slow view goes on behind as long as the notebook or the line that is tried has it, and is stopped by Ctrl-C alone.

use crossterm::event::KeyCode;
use radnote::render::theme::Glyphs;

use super::{Reader, cohort};

/// A reader who looks at a validation that has done some of its many runs.
fn validating(name: &str) -> Reader {
    validating_beside(name, &[])
}

fn validating_beside(name: &str, lines: &[&str]) -> Reader {
    let mut reader = Reader::at(cohort(name), Glyphs::Ascii);
    lines.iter().for_each(|line| reader.runs(line));
    reader.types("validate --times 20000");
    while reader.runs_done() < 20 {}
    reader
}

impl Reader {
    /// The validation has not begun anew since this many runs were done.
    fn goes_on(&mut self, since: u32) {
        let now = self.runs_done();
        assert!(now >= since, "begun anew: {now} after {since}\n{}", self.seen);
    }

    fn stops_validate(&mut self) {
        self.interrupt();
        self.says("stopped `validate`; its line again, or a change above, computes it");
    }
}

#[test]
fn looking_at_another_value_of_a_step_stops_nothing() {
    let mut reader = validating("goes-on-tried");
    let done = reader.runs_done();
    reader.tunes();
    reader.send(KeyCode::Char(']'));
    reader.until("icc 37 -> 36 (+0 -1)");
    // What the tried value would have of it waits for the one that runs, and says so.
    reader.send(KeyCode::Esc);
    reader.until("icc --above 0.85  [");
    reader.send(KeyCode::Esc);
    reader.until("[1 notebook]");
    reader.goes_on(done);
    reader.stops_validate();
}

#[test]
fn a_line_that_changes_nothing_stops_nothing() {
    let mut reader = validating("goes-on-same");
    for line in ["mannwhitney", "open clinical.csv --outcome event --role role", "validate --times 20000", "roc"] {
        let done = reader.runs_done();
        reader.types(line);
        // Long enough for the line to have run.
        (0..5).for_each(|_| reader.goes_on(done));
    }
    reader.stops_validate();
}

#[test]
fn a_change_above_that_it_does_not_repeat_stops_nothing() {
    let mut reader = validating_beside("goes-on-plan", &["clinical age"]);
    let done = reader.runs_done();
    reader.types("clinical age --below 0.08");
    reader.until("clinical age --below 0.08");
    (0..5).for_each(|_| reader.goes_on(done));
    reader.stops_validate();
}

/// What waits behind a line that waits for the validation is minutes away.
#[test]
fn a_threshold_moves_while_lines_wait_for_the_validation() {
    let mut reader = validating("goes-on-moves");
    reader.exports();
    reader.types("roc");
    reader.tunes();
    reader.send(KeyCode::Char(']'));
    reader.until("icc 37 -> 36 (+0 -1)");
}

#[test]
fn a_change_above_begins_it_anew() {
    let mut reader = validating("goes-on-changed");
    let mut done = reader.runs_done();
    while done < 100 {
        done = reader.runs_done();
    }
    reader.types("icc --above 0.7");
    reader.until("icc --above 0.7");
    while reader.runs_done() >= done {}
    reader.stops_validate();
}

/// The validation of a value that is tried is the notebook's once the value is kept.
#[test]
fn what_is_computed_for_a_tried_value_goes_on_when_it_is_kept() {
    let mut reader = validating("goes-on-kept");
    reader.stops_validate();
    reader.tunes();
    reader.send(KeyCode::Char(']'));
    reader.until("try> icc");
    while reader.runs_done() < 20 {}
    let done = reader.runs_done();
    reader.send(KeyCode::Enter);
    reader.goes_on(done);
    reader.until("[F2 tune]");
    reader.goes_on(done);
    reader.stops_validate();
}

#[test]
fn a_short_view_does_not_wait_for_a_long_one_nor_begin_what_was_stopped() {
    let mut reader = validating("goes-on-short");
    let done = reader.runs_done();
    reader.types("calibrate --resamples 30");
    reader.until("calibrate --resamples 30");
    reader.until("Calibration of");
    reader.goes_on(done);
    reader.stops_validate();
    reader.runs("calibrate --resamples 31");
    reader.says("calibrate --resamples 31");
    reader.says_no("validating ");
    reader.says("not computed");
}

#[test]
fn a_stop_on_a_moved_step_names_what_it_stops() {
    let mut reader = validating("goes-on-named");
    reader.tunes();
    reader.send(KeyCode::Char(']'));
    reader.until("icc 37 -> 36 (+0 -1)");
    reader.stops();
    reader.until("stopped `validate` of what is tried; `validate` goes on, Ctrl-C stops it too");
    reader.stops_validate();
    reader.says("try> icc");
}

#[test]
fn a_moved_range_and_the_validation_are_both_seen() {
    let mut reader = validating("goes-on-range");
    reader.tunes();
    reader.send(KeyCode::Up);
    reader.until("decision --");
    reader.send(KeyCode::Left);
    reader.until("try> decision");
    reader.runs_done();
    assert!(
        reader.seen.lines().next().is_some_and(|top| top.contains(" -> ") && top.contains("validating ")),
        "{}",
        reader.seen
    );
    reader.stops_validate();
}

#[test]
fn a_stop_of_a_line_and_a_kept_threshold_names_both() {
    let mut reader = validating("goes-on-both");
    reader.exports();
    reader.tunes();
    reader.send(KeyCode::Right);
    reader.until("try> icc");
    reader.send(KeyCode::Enter);
    reader.until("kept: `icc` waits for export");
    reader.stops();
    reader.until("stopped `export` and `icc`; `validate` goes on, Ctrl-C stops it too");
    reader.stops_validate();
}
