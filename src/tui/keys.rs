//! Every key in one table: the screen acts by it, and `?` shows it.

use crossterm::event::{KeyCode as Code, KeyModifiers as With};

use super::prompt::Edit;
use crate::commands::Screen;

/// When a key does what its row says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    Always,
    /// Nothing is typed, on whatever screen.
    Idle,
    /// Nothing is typed: keys move in the notebook.
    Empty,
    /// Nothing is typed, on a screen beside the notebook.
    Beside,
    /// Nothing is typed, on this screen.
    On(Screen),
    /// A word or number is typed into a screen.
    Entry,
    /// A threshold is being moved.
    Tuning,
    /// The prompt is in use, or could be.
    Prompt,
    /// Something is typed.
    Typing,
    /// The menu of candidates is open.
    Menu,
    /// The history is being searched.
    Search,
    /// Words are looked for in the page.
    Find,
    /// Under the prompt stands the line that mends an error.
    Mendable,
    /// Something is typed, by vi's keys.
    ViTyping,
    /// By vi's keys, after Esc.
    ViCommand,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    Help,
    Open(Screen),
    Close,
    Sort,
    Filter,
    NextUp,
    NextDown,
    SaveFigure,
    EntryDone,
    EntryEnd,
    EntryBackspace,
    Up,
    Down,
    Left,
    Right,
    PageUp,
    PageDown,
    Top,
    Bottom,
    RowUp,
    RowDown,
    OtherPane,
    Zoom,
    More,
    Less,
    KeepTuned,
    EndTuning,
    EditCell,
    RemoveCell,
    Back,
    Leave,
    Run,
    PutAside,
    Complete,
    Edit(Edit),
    MenuNext,
    MenuPrevious,
    MenuAccept,
    MenuClose,
    Search,
    SearchOlder,
    SearchAccept,
    SearchClose,
    SearchBackspace,
    Find,
    FindNext,
    FindPrevious,
    FindEnd,
    FindBackspace,
    Mend,
    Copy,
    ViEscape,
    /// A letter of vi's.
    Vi,
    /// A digit that a screen takes itself.
    Digit,
    Interrupt,
    Redraw,
    Suspend,
    /// Enter on a screen: what is chosen there.
    Chosen,
    Brighter,
    Darker,
}

/// Keys that do one thing.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    pub when: When,
    pub keys: &'static [Key],
    pub action: Action,
    /// Empty: a second way that need not be learned.
    pub help: &'static str,
}

pub type Key = (Code, With);

const NONE: With = With::NONE;
const CTRL: With = With::CONTROL;
const ALT: With = With::ALT;

/// The first and the last: the screen takes them before this table is asked.
const DIGITS: &[Key] = &[(Code::Char('0'), NONE), (Code::Char('9'), NONE)];

const fn row(when: When, keys: &'static [Key], action: Action, help: &'static str) -> Row {
    Row { when, keys, action, help }
}

const fn vi(keys: &'static [Key], help: &'static str) -> Row {
    Row { when: When::ViCommand, keys, action: Action::Vi, help }
}

const fn edit(keys: &'static [Key], edit: Edit, help: &'static str) -> Row {
    Row { when: When::Prompt, keys, action: Action::Edit(edit), help }
}

/// The table. Of the rows that hold at a moment the first decides.
pub const KEYS: &[Row] = &[
    row(When::Idle, &[(Code::Char('?'), NONE), (Code::F(1), NONE)], Action::Help, "these keys"),
    row(When::Idle, &[(Code::Char('1'), NONE)], Action::Close, "the notebook"),
    row(When::Idle, &[(Code::Char('2'), NONE), (Code::F(2), NONE)], Action::Open(Screen::Tune), "tune: thresholds"),
    row(When::Idle, &[(Code::Char('3'), NONE), (Code::F(3), NONE)], Action::Open(Screen::Browse), "browse: features"),
    row(When::Idle, &[(Code::Char('4'), NONE), (Code::F(4), NONE)], Action::Open(Screen::Figures), "figures"),
    row(When::Idle, &[(Code::Char('5'), NONE), (Code::F(5), NONE)], Action::Open(Screen::Patients), "patients"),
    row(When::Idle, &[(Code::Char('6'), NONE), (Code::F(6), NONE)], Action::Open(Screen::Compare), "compare: variants"),
    row(When::Idle, &[(Code::Char('7'), NONE), (Code::F(7), NONE)], Action::Open(Screen::WhatIf), "whatif: nomogram"),
    row(When::Idle, &[(Code::Char('d'), CTRL)], Action::Leave, "leave; the notebook is saved already"),
    row(When::Beside, &[(Code::Esc, NONE)], Action::Close, "back to the notebook"),
    row(When::Beside, &[(Code::Up, NONE)], Action::Up, "a row up"),
    row(When::Beside, &[(Code::Down, NONE)], Action::Down, "a row down"),
    row(When::Beside, &[(Code::PageUp, NONE)], Action::PageUp, "a screen up"),
    row(When::Beside, &[(Code::PageDown, NONE)], Action::PageDown, "a screen down"),
    row(When::Beside, &[(Code::Home, NONE)], Action::Top, "the first row"),
    row(When::Beside, &[(Code::End, NONE)], Action::Bottom, "the last row"),
    row(When::Beside, &[(Code::Left, NONE)], Action::Left, "to the left"),
    row(When::Beside, &[(Code::Right, NONE)], Action::Right, "to the right"),
    row(
        When::On(Screen::Browse),
        &[(Code::Enter, NONE)],
        Action::Sort,
        "sort by the marked column; again: the other way",
    ),
    row(When::On(Screen::Browse), &[(Code::Char('/'), NONE)], Action::Filter, "only rows that hold these words"),
    row(When::On(Screen::Browse), &[(Code::Right, NONE)], Action::Right, "mark the next column"),
    row(When::On(Screen::Browse), &[(Code::Left, NONE)], Action::Left, "mark the column before"),
    row(When::On(Screen::Tune), &[(Code::Right, NONE)], Action::Right, "the threshold a step up"),
    row(When::On(Screen::Tune), &[(Code::Left, NONE)], Action::Left, "a step down"),
    row(When::On(Screen::Tune), DIGITS, Action::Digit, "digits and `.` type a value, Enter tries it"),
    row(When::On(Screen::Tune), &[(Code::Down, NONE)], Action::Down, "the next threshold"),
    row(When::On(Screen::Tune), &[(Code::Up, NONE)], Action::Up, "the threshold before"),
    row(When::On(Screen::Tune), &[(Code::Char('+'), NONE), (Code::Char('='), NONE)], Action::More, "a step up, too"),
    row(
        When::On(Screen::Tune),
        &[(Code::Char('-'), NONE)],
        Action::Less,
        "a step down, too; behind a digit, the value's sign: `0.2-` is -0.2",
    ),
    row(
        When::On(Screen::Tune),
        &[(Code::Char(']'), NONE)],
        Action::NextUp,
        "up to the next value that changes what is kept",
    ),
    row(When::On(Screen::Tune), &[(Code::Char('['), NONE)], Action::NextDown, "down to the next value that changes it"),
    row(When::On(Screen::Tune), &[(Code::Enter, NONE)], Action::KeepTuned, "keep the moved threshold as a line"),
    row(When::On(Screen::Tune), &[(Code::Tab, NONE)], Action::OtherPane, "the curves of another cohort"),
    row(When::On(Screen::Figures), &[(Code::Right, NONE)], Action::Right, "the next figure"),
    row(When::On(Screen::Figures), &[(Code::Left, NONE)], Action::Left, "the figure before"),
    row(When::On(Screen::Figures), &[(Code::Enter, NONE)], Action::Chosen, "the marked figure; from there, the list"),
    row(
        When::On(Screen::Figures),
        &[(Code::Char('s'), CTRL)],
        Action::SaveFigure,
        "write the figure as SVG and its points as CSV",
    ),
    row(When::On(Screen::Patients), &[(Code::Enter, NONE)], Action::Chosen, "the patient's scan; from there, the list"),
    row(
        When::On(Screen::Patients),
        &[(Code::Down, NONE)],
        Action::Down,
        "in a scan: the slice below, which has the number before",
    ),
    row(When::On(Screen::Patients), &[(Code::Up, NONE)], Action::Up, "in a scan: the slice above"),
    row(
        When::On(Screen::Patients),
        &[(Code::PageDown, NONE)],
        Action::PageDown,
        "a screen down; in a scan, five slices",
    ),
    row(When::On(Screen::Patients), &[(Code::PageUp, NONE)], Action::PageUp, "a screen up; in a scan, five slices"),
    row(When::On(Screen::Patients), &[(Code::Home, NONE)], Action::Top, "the first row; in a scan, the topmost slice"),
    row(When::On(Screen::Patients), &[(Code::End, NONE)], Action::Bottom, "the last row; in a scan, the lowest slice"),
    row(When::On(Screen::Patients), &[(Code::Right, NONE)], Action::Right, "in a scan: the next patient"),
    row(When::On(Screen::Patients), &[(Code::Left, NONE)], Action::Left, "in a scan: the patient before"),
    row(When::On(Screen::Patients), &[(Code::Char('/'), NONE)], Action::Filter, "in the list: find a patient"),
    row(When::On(Screen::Patients), &[(Code::Char(']'), NONE)], Action::NextUp, "the next image"),
    row(When::On(Screen::Patients), &[(Code::Char('['), NONE)], Action::NextDown, "the image before"),
    row(When::On(Screen::Patients), &[(Code::Char('+'), NONE), (Code::Char('='), NONE)], Action::More, "more contrast"),
    row(When::On(Screen::Patients), &[(Code::Char('-'), NONE)], Action::Less, "less contrast"),
    row(When::On(Screen::Patients), &[(Code::Char('>'), NONE)], Action::Brighter, "brighter"),
    row(When::On(Screen::Patients), &[(Code::Char('<'), NONE)], Action::Darker, "darker"),
    row(When::On(Screen::Patients), &[(Code::Down, CTRL), (Code::Down, ALT)], Action::RowDown, "the page a row down"),
    row(When::On(Screen::Patients), &[(Code::Up, CTRL), (Code::Up, ALT)], Action::RowUp, "the page a row up"),
    row(When::On(Screen::Compare), &[(Code::Right, NONE)], Action::Right, "choose the next variant"),
    row(When::On(Screen::Compare), &[(Code::Left, NONE)], Action::Left, "choose the variant before"),
    row(When::On(Screen::Compare), &[(Code::Enter, NONE)], Action::Chosen, "switch to the chosen variant"),
    row(When::On(Screen::WhatIf), &[(Code::Right, NONE)], Action::Right, "the value a step up"),
    row(When::On(Screen::WhatIf), &[(Code::Left, NONE)], Action::Left, "a step down"),
    row(When::On(Screen::WhatIf), DIGITS, Action::Digit, "digits and `.` type a value, Enter takes it"),
    row(When::On(Screen::WhatIf), &[(Code::Down, NONE)], Action::Down, "the next variable"),
    row(When::On(Screen::WhatIf), &[(Code::Up, NONE)], Action::Up, "the variable before"),
    row(When::On(Screen::WhatIf), &[(Code::Enter, NONE)], Action::Chosen, "keep the values as a prediction"),
    row(When::On(Screen::WhatIf), &[(Code::Char(']'), NONE)], Action::NextUp, "the values of the next patient"),
    row(When::On(Screen::WhatIf), &[(Code::Char('['), NONE)], Action::NextDown, "of the patient before"),
    row(When::Entry, &[(Code::Enter, NONE)], Action::EntryDone, "take what is typed"),
    row(When::Entry, &[(Code::Esc, NONE)], Action::EntryEnd, "as it was before"),
    row(When::Entry, &[(Code::Backspace, NONE)], Action::EntryBackspace, ""),
    row(When::Empty, &[(Code::Up, NONE)], Action::Up, "the cell above; in the page, a row up"),
    row(When::Empty, &[(Code::Down, NONE)], Action::Down, "the cell below; in the page, a row down"),
    row(When::Empty, &[(Code::Tab, NONE)], Action::OtherPane, "from the cells to the page and back"),
    row(When::Empty, &[(Code::BackTab, NONE)], Action::OtherPane, ""),
    row(When::Empty, &[(Code::PageUp, NONE)], Action::PageUp, "a screen of the page up"),
    row(When::Empty, &[(Code::PageDown, NONE)], Action::PageDown, "a screen of the page down"),
    row(When::Empty, &[(Code::Home, NONE)], Action::Top, "the top of the page; among the cells, the first"),
    row(When::Empty, &[(Code::End, NONE)], Action::Bottom, "the end of the page; among the cells, the last"),
    row(When::Empty, &[(Code::Left, NONE)], Action::Left, "columns of a table to the left"),
    row(When::Empty, &[(Code::Right, NONE)], Action::Right, "columns of a table to the right"),
    row(When::Empty, &[(Code::Up, CTRL), (Code::Up, ALT)], Action::RowUp, "the page a row up"),
    row(When::Empty, &[(Code::Down, CTRL), (Code::Down, ALT)], Action::RowDown, "the page a row down"),
    row(When::Empty, &[(Code::Char(' '), NONE)], Action::Zoom, "the page alone, or beside the cells again"),
    row(When::Tuning, &[(Code::Enter, NONE)], Action::KeepTuned, "keep the moved threshold"),
    row(When::Tuning, &[(Code::Esc, NONE)], Action::EndTuning, "back to the threshold as it was"),
    row(
        When::Empty,
        &[(Code::Char('+'), NONE), (Code::Char('='), NONE)],
        Action::More,
        "the cell's threshold a step up",
    ),
    row(When::Empty, &[(Code::Char('-'), NONE)], Action::Less, "the cell's threshold a step down"),
    row(When::Empty, &[(Code::Char('/'), NONE)], Action::Find, "find words in the page"),
    row(When::Empty, &[(Code::Enter, NONE)], Action::EditCell, "put the cell's line into the prompt, to change it"),
    row(When::Idle, &[(Code::Char('c'), ALT)], Action::Copy, "the table in sight to the clipboard (`copy`)"),
    row(When::Empty, &[(Code::Delete, NONE)], Action::RemoveCell, "take the cell out (`undo` brings it back)"),
    row(When::Empty, &[(Code::Esc, NONE)], Action::Back, "back from help or an answer to the cells"),
    row(When::Menu, &[(Code::Tab, NONE), (Code::Down, NONE)], Action::MenuNext, "the next candidate"),
    row(When::Menu, &[(Code::BackTab, NONE), (Code::Up, NONE)], Action::MenuPrevious, "the candidate before"),
    row(When::Menu, &[(Code::Enter, NONE)], Action::MenuAccept, "take the candidate"),
    row(When::Menu, &[(Code::Esc, NONE)], Action::MenuClose, "close the menu"),
    row(When::Search, &[(Code::Char('r'), CTRL)], Action::SearchOlder, "an older line that holds it"),
    row(When::Search, &[(Code::Enter, NONE)], Action::SearchAccept, "take the line"),
    row(When::Search, &[(Code::Esc, NONE), (Code::Char('g'), CTRL)], Action::SearchClose, "end the search"),
    row(When::Search, &[(Code::Backspace, NONE)], Action::SearchBackspace, ""),
    row(When::Find, &[(Code::Enter, NONE), (Code::Down, NONE)], Action::FindNext, "the next row that holds it"),
    row(When::Find, &[(Code::Up, NONE)], Action::FindPrevious, "the row before"),
    row(When::Find, &[(Code::Esc, NONE), (Code::Char('g'), CTRL)], Action::FindEnd, "end, and stay at the row"),
    row(When::Find, &[(Code::Backspace, NONE)], Action::FindBackspace, ""),
    row(When::Mendable, &[(Code::Tab, NONE)], Action::Mend, "take the mended line into the prompt"),
    row(When::ViTyping, &[(Code::Esc, NONE)], Action::ViEscape, "from typing to commands"),
    vi(&[(Code::Char('h'), NONE), (Code::Char('l'), NONE)], "a letter to the left, to the right"),
    vi(
        &[(Code::Char('w'), NONE), (Code::Char('b'), NONE)],
        "to the next word, to the one before (W, B: up to a blank)",
    ),
    vi(&[(Code::Char('e'), NONE), (Code::Char('E'), NONE)], "to the end of the word"),
    vi(&[(Code::Char('0'), NONE), (Code::Char('$'), NONE)], "to the start, to the end of the line"),
    vi(&[(Code::Char('f'), NONE), (Code::Char('t'), NONE)], "to a letter, before it (F, T: backward)"),
    vi(
        &[(Code::Char('d'), NONE), (Code::Char('c'), NONE)],
        "cut, change: over a movement, or the line when doubled (D, C: to its end)",
    ),
    vi(&[(Code::Char('y'), NONE), (Code::Char('p'), NONE)], "copy over a movement; paste"),
    vi(&[(Code::Char('x'), NONE), (Code::Char('r'), NONE)], "cut a letter; replace it"),
    vi(&[(Code::Char('i'), NONE), (Code::Char('a'), NONE)], "type here, type after the letter (I, A: at the ends)"),
    vi(&[(Code::Char('k'), NONE), (Code::Char('j'), NONE)], "an older line, a newer one"),
    vi(&[(Code::Char('u'), NONE)], "take the last change of the line back"),
    row(
        When::Typing,
        &[(Code::Enter, NONE)],
        Action::Run,
        "run the line, after those that run; if one fails or is stopped, it comes back with those behind it",
    ),
    row(When::Typing, &[(Code::Tab, NONE)], Action::Complete, "complete commands, flags, columns, features, files"),
    row(When::Typing, &[(Code::Esc, NONE)], Action::PutAside, "put the line aside (Ctrl-Y brings it back)"),
    row(When::Typing, &[(Code::Up, NONE)], Action::Edit(Edit::Up), "the line above, then an older one"),
    row(When::Typing, &[(Code::Down, NONE)], Action::Edit(Edit::Down), "the line below, then a newer one"),
    row(When::Typing, &[(Code::PageUp, NONE)], Action::PageUp, "a screen of the page up, also on the tour"),
    row(When::Typing, &[(Code::PageDown, NONE)], Action::PageDown, "a screen of the page down"),
    row(When::Typing, &[(Code::Enter, ALT)], Action::Edit(Edit::NewLine), "another line below, run with this one"),
    row(When::Prompt, &[(Code::Char('r'), CTRL)], Action::Search, "search the lines typed before"),
    edit(&[(Code::Char('p'), CTRL)], Edit::Older, "an older line"),
    edit(&[(Code::Char('n'), CTRL)], Edit::Newer, "a newer line"),
    edit(&[(Code::Char('y'), CTRL)], Edit::Yank, "paste what was cut or put aside"),
    edit(&[(Code::Char('y'), ALT)], Edit::YankOlder, "then: what was cut before it"),
    edit(&[(Code::Left, NONE), (Code::Char('b'), CTRL)], Edit::Left, "a letter to the left"),
    edit(&[(Code::Right, NONE), (Code::Char('f'), CTRL)], Edit::Right, "to the right; at the end, take the hint"),
    edit(&[(Code::Left, CTRL), (Code::Left, ALT), (Code::Char('b'), ALT)], Edit::WordLeft, "a word to the left"),
    edit(&[(Code::Right, CTRL), (Code::Right, ALT), (Code::Char('f'), ALT)], Edit::WordRight, "a word to the right"),
    edit(&[(Code::Home, NONE), (Code::Char('a'), CTRL)], Edit::Home, "to the start of the line"),
    edit(&[(Code::End, NONE), (Code::Char('e'), CTRL)], Edit::End, "to the end; at the end, take the hint"),
    edit(&[(Code::Backspace, NONE), (Code::Char('h'), CTRL)], Edit::Backspace, ""),
    edit(&[(Code::Delete, NONE), (Code::Char('d'), CTRL)], Edit::Delete, ""),
    edit(&[(Code::Char('w'), CTRL), (Code::Backspace, ALT)], Edit::KillWordLeft, "cut the word to the left"),
    edit(&[(Code::Char('d'), ALT)], Edit::KillWordRight, "cut the word to the right"),
    edit(&[(Code::Char('u'), CTRL)], Edit::KillToStart, "cut to the start of the line"),
    edit(&[(Code::Char('k'), CTRL)], Edit::KillToEnd, "cut to the end of the line"),
    edit(&[(Code::Char('t'), CTRL)], Edit::SwapLetters, ""),
    edit(&[(Code::Char('_'), CTRL), (Code::Char('7'), CTRL)], Edit::Undo, "take the last change of the line back"),
    row(When::Always, &[(Code::Char('c'), CTRL)], Action::Interrupt, "stop the running command; twice: leave"),
    row(When::Always, &[(Code::Char('l'), CTRL)], Action::Redraw, "draw the screen anew"),
    row(When::Always, &[(Code::Char('z'), CTRL)], Action::Suspend, "to the shell; `fg` comes back"),
    row(When::Always, &[(Code::F(1), NONE)], Action::Help, ""),
];

/// The keys of a row as `?` shows them, without those that `hidden` names.
pub fn shown(row: &Row, hidden: impl Fn(&Key) -> bool) -> Vec<String> {
    if row.action == Action::Digit {
        return vec!["0-9".into()];
    }
    row.keys.iter().filter(|k| !hidden(k)).take(2).map(name).collect()
}

/// The first key of an action, as it is written.
pub fn of(action: Action) -> Option<String> {
    KEYS.iter().find(|r| r.action == action).and_then(|r| r.keys.first()).map(name)
}

/// Its last key, where the first may be typed.
pub fn last(action: Action) -> Option<String> {
    KEYS.iter().rfind(|r| r.action == action).and_then(|r| r.keys.last()).map(name)
}

/// What a key does when these hold; those named first are asked first.
pub fn action(key: Key, holds: &[When]) -> Option<Action> {
    // Shift is part of the letter already, and some terminals report it beside.
    let key = (key.0, key.1 - With::SHIFT);
    let rows = |when: &When| KEYS.iter().filter(move |row| row.when == *when).collect::<Vec<_>>();
    holds.iter().flat_map(rows).find(|row| row.keys.contains(&key)).map(|row| row.action)
}

/// The key as it is written.
pub fn name((code, with): &Key) -> String {
    let code = match code {
        Code::Char(' ') => "Space".into(),
        Code::Char(c) if with.is_empty() => c.to_string(),
        Code::Char(c) => c.to_uppercase().to_string(),
        Code::PageUp => "PgUp".into(),
        Code::PageDown => "PgDn".into(),
        Code::BackTab => "Shift-Tab".into(),
        Code::F(n) => format!("F{n}"),
        other => format!("{other:?}"),
    };
    let with = [(CTRL, "Ctrl-"), (ALT, "Alt-")].iter().filter(|(m, _)| with.contains(*m)).map(|(_, name)| *name);
    with.collect::<String>() + &code
}

#[cfg(test)]
mod tests;
