//! What Alt-C copies on the screens beside the notebook: what is in sight there, or a word that nothing is.

use std::io;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use crossterm::event::{KeyCode, KeyModifiers};
use radnote::render::theme::{Colour, Glyphs, Theme};
use radnote::session::{Script, Session};
use radnote::tui::{self, Terminal};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::{Glass, NOTEBOOK, Reader, cohort};
use crate::common;

/// A terminal with a clipboard.
struct Clipboard(Glass, Sender<String>);

impl Terminal for Clipboard {
    fn size(&self) -> io::Result<Rect> {
        self.0.size()
    }

    fn show(&mut self, frame: Buffer, cursor: Option<Position>, busy: bool) -> io::Result<()> {
        self.0.show(frame, cursor, busy)
    }

    fn copy(&mut self, sequence: &str) -> io::Result<()> {
        if let Some(coded) = sequence.strip_prefix("\x1b]52;c;").and_then(|s| s.strip_suffix('\x07')) {
            let _ = self.1.send(plain(coded));
        }
        Ok(())
    }

    fn forget(&mut self) {}

    fn suspend(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn wake(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The text of base 64.
fn plain(coded: &str) -> String {
    let value = |c: u8| match c {
        b'A'..=b'Z' => u32::from(c - b'A'),
        b'a'..=b'z' => u32::from(c - b'a') + 26,
        b'0'..=b'9' => u32::from(c - b'0') + 52,
        b'+' => 62,
        _ => 63,
    };
    let letters: Vec<u8> = coded.bytes().filter(|c| *c != b'=').collect();
    let group = |four: &[u8]| {
        let bits = four.iter().fold(0, |bits, c| bits << 6 | value(*c)) << (6 * (4 - four.len()));
        bits.to_be_bytes()[1..four.len()].to_vec()
    };
    String::from_utf8(letters.chunks(4).flat_map(group).collect()).unwrap()
}

/// A reader at the notebook of the tests whose clipboard is seen.
fn reader(name: &str) -> (Reader, Receiver<String>) {
    let folder = cohort(name);
    let ((keys, keyboard), (tell, frames), (copy, copies)) = (channel(), channel(), channel());
    thread::spawn(move || {
        let session = Session::new(&folder, &common::cache());
        let theme = Theme { glyphs: Glyphs::Ascii, colour: Colour::None };
        let lines = Script::parse(&NOTEBOOK.join("\n")).lines;
        tui::drive(session, lines, theme, keyboard, &mut Clipboard(Glass(tell), copy)).unwrap();
    });
    let mut reader = Reader { keys, frames, seen: String::new() };
    reader.settle(Duration::from_secs(120));
    (reader, copies)
}

/// What Alt-C copies, as rows of cells.
fn copied(reader: &mut Reader, copies: &Receiver<String>) -> Vec<Vec<String>> {
    reader.holding(KeyModifiers::ALT, 'c');
    reader.settle(Duration::from_secs(60));
    let text = copies.try_recv().unwrap_or_else(|_| panic!("nothing is copied:\n{}", reader.seen));
    assert!(copies.try_recv().is_err(), "copied once");
    let rows: Vec<Vec<String>> = text.lines().map(|l| l.split('\t').map(String::from).collect()).collect();
    assert!(rows.iter().all(|row| row.len() == rows[0].len()), "{text}");
    rows
}

#[test]
fn a_list_is_copied_whole_and_a_filtered_one_as_it_is_filtered() {
    let (mut reader, copies) = reader("copied-lists");
    reader.presses("5");
    let patients = copied(&mut reader, &copies);
    assert_eq!(patients[0][0], "patient");
    assert!(patients.len() > 40 && patients.iter().any(|row| row[0] == "P17"), "{patients:?}");
    let said = format!("patients: {} lines, for the clipboard", patients.len());
    assert!(reader.seen.to_lowercase().contains(&said), "{}", reader.seen);
    reader.presses("3");
    let all = copied(&mut reader, &copies);
    reader.presses("/f01");
    let some = copied(&mut reader, &copies);
    assert!(some.len() > 1 && some.len() < all.len(), "{some:?}");
    assert!(
        all[0] == some[0] && some[1..].iter().all(|row| row.iter().any(|cell| cell.to_lowercase().contains("f01"))),
        "{some:?}"
    );
}

#[test]
fn a_figure_is_copied_as_its_points_and_their_list_as_it_stands() {
    let (mut reader, copies) = reader("copied-figures");
    reader.presses("4");
    let list = copied(&mut reader, &copies);
    reader.press(KeyCode::Enter);
    let points = copied(&mut reader, &copies);
    assert_eq!(points[0][..5], ["figure", "title", "x_axis", "y_axis", "series"].map(String::from));
    assert!(points[1..].iter().all(|row| row[0] == "1" && list[1].contains(&row[1])), "{:?} {:?}", list[1], points[1]);
    reader.presses("6");
    reader.holding(KeyModifiers::ALT, 'c');
    reader.settle(Duration::from_secs(60));
    assert!(copies.try_recv().is_ok() || reader.seen.contains("could be copied"), "{}", reader.seen);
}

#[test]
fn what_is_selected_is_copied_by_the_line_that_copies_it_in_the_notebook() {
    let (mut reader, copies) = reader("copied-tune");
    reader.presses("2");
    let selected = copied(&mut reader, &copies);
    assert!(reader.seen.contains("stepwise, table 1 of"), "{}", reader.seen);
    reader.press(KeyCode::Esc);
    reader.runs("copy stepwise");
    let line = copies.try_recv().unwrap();
    assert_eq!(selected.iter().map(|row| row.join("\t") + "\n").collect::<String>(), line);
    reader.presses("2");
    reader.press(KeyCode::Right);
    reader.holding(KeyModifiers::ALT, 'c');
    reader.settle(Duration::from_secs(60));
    assert!(reader.seen.contains("what is tried is copied once it is kept"), "{}", reader.seen);
    assert!(copies.try_recv().is_err());
}
