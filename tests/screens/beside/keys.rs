//! What keys do on the screens.

use crossterm::event::KeyCode;
use radnote::render::theme::Glyphs;

use super::{Reader, cohort};

/// The row of the screen that holds these words.
fn row<'a>(reader: &'a Reader, words: &str) -> &'a str {
    reader.seen.lines().find(|l| l.contains(words)).unwrap_or_else(|| panic!("no {words}:\n{}", reader.seen))
}

#[test]
fn a_figure_is_chosen_from_the_list_and_the_list_comes_back() {
    let mut reader = Reader::at(cohort("keys-figures"), Glyphs::Ascii);
    reader.presses("4");
    reader.press(KeyCode::Down);
    reader.press(KeyCode::Down);
    reader.press(KeyCode::Enter);
    assert!(row(&reader, "3 of").contains("3 of"), "{}", reader.seen);
    reader.press(KeyCode::Enter);
    reader.press(KeyCode::End);
    reader.press(KeyCode::Enter);
    reader.press(KeyCode::Right);
    assert!(reader.seen.contains("that is the last figure"), "{}", reader.seen);
    reader.press(KeyCode::Home);
    reader.press(KeyCode::Left);
    assert!(reader.seen.contains("that is the first figure"), "{}", reader.seen);
}
