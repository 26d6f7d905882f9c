//! The keyboard as events. An arrow key is an escape code of several bytes; over a slow line they come apart, or behind an
//! Esc that was meant, and would else be read as Esc and letters.

use std::sync::mpsc::Sender;
use std::thread;
use std::time::Duration;

use crossterm::event::{self, Event as Input, KeyCode, KeyEvent, KeyModifiers};

use super::Event;

/// How long the rest of an escape code may take.
const PATIENCE: Duration = Duration::from_millis(25);

/// Read keys on a thread of their own.
pub(super) fn listen(tell: Sender<Event>) {
    thread::spawn(move || {
        let read = || event::poll(PATIENCE).and_then(|ready| if ready { event::read().map(Some) } else { Ok(None) });
        loop {
            let events = match event::read() {
                Ok(Input::Key(key)) if key == plain(KeyCode::Esc) => after_escape(&mut || read().ok().flatten()),
                Ok(input) => vec![input],
                Err(_) => {
                    // Nobody is left to tell when the loop has ended.
                    let _ = tell.send(Event::Gone);
                    return;
                }
            };
            for input in events {
                if tell.send(Event::Input(input)).is_err() {
                    return;
                }
            }
        }
    });
}

/// What an Esc and the events right behind it mean.
fn after_escape(next: &mut dyn FnMut() -> Option<Input>) -> Vec<Input> {
    let escape = Input::Key(plain(KeyCode::Esc));
    let mut behind: Vec<Input> = Vec::new();
    let mut code = String::new();
    while let Some(input) = next() {
        let letter = letter(&input);
        behind.push(input);
        match letter {
            Some(c @ ('[' | 'O')) if code.is_empty() => code.push(c),
            Some(c) if !code.is_empty() => code.push(c),
            _ => break,
        }
        if let Some(key) = known(&code) {
            return vec![Input::Key(plain(key))];
        }
        if code.len() > 3 {
            break;
        }
    }
    std::iter::once(escape).chain(behind).collect()
}

fn letter(input: &Input) -> Option<char> {
    match input {
        Input::Key(KeyEvent { code: KeyCode::Char(c), modifiers, .. })
            if !modifiers.contains(KeyModifiers::CONTROL) =>
        {
            Some(*c)
        }
        _ => None,
    }
}

/// The key of the end of an escape code.
fn known(code: &str) -> Option<KeyCode> {
    Some(match code {
        "[A" | "OA" => KeyCode::Up,
        "[B" | "OB" => KeyCode::Down,
        "[C" | "OC" => KeyCode::Right,
        "[D" | "OD" => KeyCode::Left,
        "[H" | "OH" | "[1~" => KeyCode::Home,
        "[F" | "OF" | "[4~" => KeyCode::End,
        "[3~" => KeyCode::Delete,
        "[5~" => KeyCode::PageUp,
        "[6~" => KeyCode::PageDown,
        "[Z" => KeyCode::BackTab,
        _ => return None,
    })
}

fn plain(code: KeyCode) -> KeyEvent {
    KeyEvent::new(code, KeyModifiers::NONE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(letters: &str) -> Vec<Input> {
        let mut letters = letters.chars().map(|c| Input::Key(plain(KeyCode::Char(c))));
        after_escape(&mut || letters.next())
    }

    #[test]
    fn a_code_that_came_apart_is_the_key_it_was() {
        assert_eq!(typed("[A"), [Input::Key(plain(KeyCode::Up))]);
        assert_eq!(typed("[4~"), [Input::Key(plain(KeyCode::End))]);
    }

    #[test]
    fn an_escape_alone_and_what_is_no_code_stay() {
        assert_eq!(typed(""), [Input::Key(plain(KeyCode::Esc))]);
        assert_eq!(typed("x").len(), 2);
        assert_eq!(typed("[x").len(), 3);
    }
}
