//! Frames played back on a small model of a terminal.
#![allow(clippy::unwrap_used)]

use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};

use super::*;

/// The part of a terminal that frames use.
struct Model {
    cells: Buffer,
    at: (u16, u16),
    style: Style,
}

impl Model {
    fn new(area: Rect) -> Self {
        Self { cells: Buffer::empty(area), at: (0, 0), style: Style::reset() }
    }

    fn play(&mut self, bytes: &[u8]) {
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        let mut rest = text.as_str();
        while let Some(c) = rest.chars().next() {
            if let Some(code) = rest.strip_prefix("\x1b[") {
                let end = code.find(|c: char| c.is_ascii_alphabetic()).unwrap();
                self.code(&code[..end], &code[end..=end]);
                rest = &code[end + 1..];
                continue;
            }
            match c {
                '\r' => self.at.0 = 0,
                '\n' => self.at.1 += 1,
                c => {
                    self.cells[self.at].set_char(c).set_style(self.style);
                    self.at.0 += width(&c.to_string()) as u16;
                }
            }
            rest = &rest[c.len_utf8()..];
        }
    }

    fn code(&mut self, numbers: &str, letter: &str) {
        let number = |i: usize, or: u16| numbers.split(';').nth(i).and_then(|n| n.parse().ok()).unwrap_or(or);
        match letter {
            "H" => self.at = (number(1, 1) - 1, number(0, 1) - 1),
            "C" => self.at.0 += number(0, 1),
            "K" => (self.at.0..self.cells.area.right()).for_each(|x| self.cells[(x, self.at.1)].reset()),
            "m" => numbers.split(';').for_each(|n| self.style(n)),
            "h" | "l" => {}
            other => panic!("{other}"),
        }
    }

    fn style(&mut self, number: &str) {
        self.style = match number {
            "" => Style::reset(),
            "1" => self.style.add_modifier(Modifier::BOLD),
            "7" => self.style.add_modifier(Modifier::REVERSED),
            "39" => self.style.fg(Color::Reset),
            "36" => self.style.fg(Color::Cyan),
            other => panic!("{other}"),
        }
    }
}

fn frames(area: Rect) -> Vec<Buffer> {
    let mut seed = 1u32;
    let mut next = |n: u32| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 16) % n
    };
    let styles = [
        Style::new(),
        Style::new().fg(Color::Cyan),
        Style::new().add_modifier(Modifier::BOLD),
        Style::new().reversed(),
    ];
    (0..300)
        .map(|_| {
            let mut buffer = Buffer::empty(area);
            for _ in 0..next(8) {
                let text = ["a line of text", "x", "     ", "wide \u{6f22}\u{5b57} text", "é"][next(5) as usize];
                let (x, y) = (next(u32::from(area.width)) as u16, next(u32::from(area.height)) as u16);
                buffer.set_stringn(x, y, text, usize::from(area.width - x), styles[next(4) as usize]);
            }
            buffer
        })
        .collect()
}

#[test]
fn every_frame_arrives_as_it_was_drawn() {
    let area = Rect::new(0, 0, 23, 7);
    let (mut wire, mut model) = (Wire::default(), Model::new(area));
    for (i, frame) in frames(area).into_iter().enumerate() {
        if i % 50 == 0 {
            wire.forget();
        }
        let cursor = Position { x: (i % 23) as u16, y: (i % 7) as u16 };
        model.play(&wire.frame(frame.clone(), Some(cursor)));
        assert_eq!(model.at, (cursor.x, cursor.y), "frame {i}");
        for y in 0..area.height {
            let mut x = 0;
            while x < area.width {
                assert_eq!(model.cells[(x, y)].symbol(), frame[(x, y)].symbol(), "frame {i} at {x},{y}");
                assert_eq!(model.cells[(x, y)].modifier, frame[(x, y)].modifier, "frame {i} at {x},{y}");
                x += width(frame[(x, y)].symbol()).max(1) as u16;
            }
        }
    }
}

#[test]
fn nothing_is_sent_when_nothing_changed_and_a_letter_costs_a_byte() {
    let area = Rect::new(0, 0, 80, 24);
    let mut wire = Wire::default();
    let frame = |text: &str| {
        let mut buffer = Buffer::empty(area);
        buffer.set_string(0, 23, text, Style::new());
        buffer
    };
    let cursor = |x: u16| Some(Position { x, y: 23 });
    wire.frame(frame("> ic"), cursor(4));
    assert_eq!(wire.frame(frame("> ic"), cursor(4)), b"");
    assert_eq!(wire.frame(frame("> icc"), cursor(5)), b"c");
}
