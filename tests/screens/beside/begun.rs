//! What is stopped, suspended or taken back in the middle, and the ends of a scan.

use std::sync::mpsc::{Sender, channel};
use std::thread;
use std::time::Duration;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use radnote::render::theme::{Colour, Glyphs, Theme};
use radnote::session::Session;
use radnote::tui::{self, Terminal};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::{Reader, cohort};
use crate::common;

/// A terminal that says in which order it is used.
struct Told(Sender<&'static str>);

impl Terminal for Told {
    fn size(&self) -> std::io::Result<Rect> {
        Ok(Rect::new(0, 0, 80, 24))
    }

    fn show(&mut self, _: Buffer, _: Option<Position>, _: bool) -> std::io::Result<()> {
        let _ = self.0.send("show");
        Ok(())
    }

    fn forget(&mut self) {}

    fn suspend(&mut self) -> std::io::Result<()> {
        let _ = self.0.send("suspend");
        Ok(())
    }

    fn wake(&mut self) -> std::io::Result<()> {
        let _ = self.0.send("wake");
        Ok(())
    }
}

/// What comes before the signal that says so must not be drawn on the shell's own screen.
#[test]
fn nothing_is_drawn_between_coming_back_and_taking_the_terminal() {
    let (keys, keyboard) = channel();
    let (tell, told) = channel();
    let loop_ = thread::spawn(move || {
        let session = Session::new(&common::scratch("screen-suspended"), &common::cache());
        let theme = Theme { glyphs: Glyphs::Ascii, colour: Colour::None };
        tui::drive(session, Vec::new(), theme, keyboard, &mut Told(tell)).unwrap();
    });
    assert_eq!(told.recv(), Ok("show"));
    keys.send(Event::Key(KeyEvent::new(KeyCode::Char('z'), KeyModifiers::CONTROL))).unwrap();
    let mut after = Vec::new();
    while let (true, Ok(call)) = (after.len() < 3, told.recv_timeout(Duration::from_secs(20))) {
        if call == "suspend" || !after.is_empty() {
            after.push(call);
        }
    }
    drop(keys);
    loop_.join().unwrap();
    assert_eq!(after, ["suspend", "wake", "show"]);
}

#[test]
fn the_first_and_the_last_slice_are_one_key_away() {
    let mut reader = Reader::with(&["demo ."], common::demo().to_path_buf(), Glyphs::Ascii);
    reader.presses("5");
    reader.press(KeyCode::Enter);
    reader.press(KeyCode::End);
    assert!(reader.seen.contains("slice 1 of"), "{}", reader.seen);
    reader.press(KeyCode::Home);
    assert!(reader.seen.contains("slice 20 of 20"), "{}", reader.seen);
}

/// Ctrl-C takes a number back that is being typed, and a search; another key in between, and it is no second one.
#[test]
fn an_interrupt_ends_what_is_begun_first() {
    let mut reader = Reader::at(cohort("screen-begun"), Glyphs::Ascii);
    reader.presses("20.3");
    assert!(reader.seen.contains("0.3_"), "{}", reader.seen);
    reader.interrupt();
    assert!(!reader.seen.contains("0.3_"), "{}", reader.seen);
    reader.press(KeyCode::Esc);
    reader.holding(KeyModifiers::CONTROL, 'r');
    reader.presses("icc");
    reader.interrupt();
    reader.interrupt();
    reader.presses("r");
    reader.press(KeyCode::Backspace);
    reader.interrupt();
    reader.presses("help");
    assert!(reader.seen.contains("> help"), "still there: {}", reader.seen);
}

/// Alt-C takes the table that is looked at, not the first of the page.
#[test]
fn the_table_in_sight_is_copied() {
    let mut reader = Reader::at(cohort("screen-copied"), Glyphs::Ascii);
    reader.runs("icc --above 0.7");
    let copy = |reader: &mut Reader| {
        reader.holding(KeyModifiers::ALT, 'c');
        reader.settle(Duration::from_secs(60));
    };
    reader.press(KeyCode::Tab);
    reader.press(KeyCode::End);
    copy(&mut reader);
    assert!(reader.seen.contains("icc, table 2 of 2"), "{}", reader.seen);
    reader.presses("?");
    copy(&mut reader);
    assert!(reader.seen.contains("no table of a cell is in sight"), "{}", reader.seen);
}
