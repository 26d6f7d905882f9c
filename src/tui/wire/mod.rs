//! Frames to a terminal in few bytes, for slow lines: only what differs is sent, moves are relative, a blank end of a row is
//! one code, styles change only where they change, and a frame is one write. Nothing is sent when nothing changed.

mod pen;

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Position;

use self::pen::Pen;
use crate::render::words::width;

/// Frames longer than this are bracketed as one synchronized update, so that a terminal that can shows them at once.
const LARGE: usize = 256;

/// Cells at the end of a row that are worth an erase code.
const TAIL: u16 = 3;

/// What the terminal shows, as far as it was told.
#[derive(Debug, Default)]
pub struct Wire {
    shown: Option<Buffer>,
    cursor: Option<Position>,
    pen: Pen,
}

impl Wire {
    /// What the terminal shows is not known any more: the next frame writes every row anew, without a clear screen between.
    pub fn forget(&mut self) {
        *self = Self::default();
    }

    /// The bytes that turn what is shown into `next`, with the cursor there, or hidden.
    pub fn frame(&mut self, next: Buffer, cursor: Option<Position>) -> Vec<u8> {
        let known = self.shown.take().filter(|shown| shown.area == next.area);
        let first = known.is_none();
        if first {
            self.pen.reset();
        }
        for y in next.area.top()..next.area.bottom() {
            match &known {
                Some(shown) => self.row(shown, &next, y),
                None => self.anew(&next, y),
            }
        }
        match cursor {
            Some(at) => {
                self.pen.to(&next, at.x, at.y);
                if first || self.cursor.is_none() {
                    self.pen.code("\x1b[?25h");
                }
            }
            None if first || self.cursor.is_some() => self.pen.code("\x1b[?25l"),
            None => {}
        }
        self.cursor = cursor;
        self.shown = Some(next);
        let bytes = self.pen.take();
        if bytes.len() <= LARGE {
            return bytes;
        }
        [b"\x1b[?2026h", bytes.as_slice(), b"\x1b[?2026l"].concat()
    }

    fn row(&mut self, shown: &Buffer, next: &Buffer, y: u16) {
        let columns = next.area.left()..next.area.right();
        if columns.clone().all(|x| shown[(x, y)] == next[(x, y)]) {
            return;
        }
        if wide(shown, y) || wide(next, y) {
            // Terminals differ on a wide character that is half overwritten.
            return self.anew(next, y);
        }
        let blank = Cell::default();
        for x in columns.clone() {
            if shown[(x, y)] == next[(x, y)] {
                continue;
            }
            if columns.end - x > TAIL && (x..columns.end).all(|i| next[(i, y)] == blank) {
                self.pen.to(next, x, y);
                self.pen.erase();
                return;
            }
            self.pen.put(next, x, y);
        }
    }

    /// The whole row, whatever stands there.
    fn anew(&mut self, next: &Buffer, y: u16) {
        let columns = next.area.left()..next.area.right();
        let blank = Cell::default();
        self.pen.to(next, columns.start, y);
        self.pen.erase();
        let mut x = columns.start;
        while x < columns.end {
            if next[(x, y)] != blank {
                self.pen.put(next, x, y);
            }
            x += width(next[(x, y)].symbol()).max(1) as u16;
        }
    }
}

fn wide(buffer: &Buffer, y: u16) -> bool {
    (buffer.area.left()..buffer.area.right()).any(|x| {
        let symbol = buffer[(x, y)].symbol();
        symbol.len() > 1 && width(symbol) != 1
    })
}

#[cfg(test)]
mod tests;
