//! The terminal's cursor and style as last left, and the codes that change them.

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};

use crate::render::words::width;

#[derive(Debug)]
pub(super) struct Pen {
    out: Vec<u8>,
    /// Where the cursor stands; none after a row's last column, where terminals differ.
    at: Option<(u16, u16)>,
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

impl Default for Pen {
    fn default() -> Self {
        Self { out: Vec::new(), at: None, fg: Color::Reset, bg: Color::Reset, modifier: Modifier::empty() }
    }
}

/// Unchanged cells that are cheaper to send again than to jump over.
const GAP: u16 = 4;

const MODIFIERS: [(Modifier, &str); 7] = [
    (Modifier::BOLD, "1"),
    (Modifier::DIM, "2"),
    (Modifier::ITALIC, "3"),
    (Modifier::UNDERLINED, "4"),
    (Modifier::REVERSED, "7"),
    (Modifier::HIDDEN, "8"),
    (Modifier::CROSSED_OUT, "9"),
];

impl Pen {
    /// Plain style at the upper left corner, whatever was there.
    pub(super) fn reset(&mut self) {
        self.code("\x1b[m\x1b[H");
        (self.fg, self.bg, self.modifier, self.at) = (Color::Reset, Color::Reset, Modifier::empty(), Some((0, 0)));
    }

    pub(super) fn code(&mut self, code: &str) {
        self.out.extend_from_slice(code.as_bytes());
    }

    pub(super) fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.out)
    }

    /// Erase from the cursor to the end of its row.
    pub(super) fn erase(&mut self) {
        self.style(&Cell::default());
        self.code("\x1b[K");
    }

    /// Write one cell.
    pub(super) fn put(&mut self, next: &Buffer, x: u16, y: u16) {
        let cell = &next[(x, y)];
        self.to(next, x, y);
        self.style(cell);
        self.code(cell.symbol());
        let after = x + width(cell.symbol()).max(1) as u16;
        self.at = (after < next.area.right()).then_some((after, y));
    }

    pub(super) fn to(&mut self, next: &Buffer, x: u16, y: u16) {
        match self.at {
            Some(at) if at == (x, y) => {}
            Some((cx, cy)) if cy == y && x > cx => {
                let plain = |i: u16| {
                    let cell = &next[(i, y)];
                    cell.symbol().len() == 1 && self.styled(cell)
                };
                if x - cx <= GAP && (cx..x).all(plain) {
                    (cx..x).for_each(|i| self.out.extend_from_slice(next[(i, y)].symbol().as_bytes()));
                } else {
                    self.code(&if x - cx == 1 { "\x1b[C".into() } else { format!("\x1b[{}C", x - cx) });
                }
            }
            Some((_, cy)) if x == 0 && cy + 1 == y => self.code("\r\n"),
            _ if x == 0 => self.code(&format!("\x1b[{}H", y + 1)),
            _ => self.code(&format!("\x1b[{};{}H", y + 1, x + 1)),
        }
        self.at = Some((x, y));
    }

    fn styled(&self, cell: &Cell) -> bool {
        cell.fg == self.fg && cell.bg == self.bg && cell.modifier == self.modifier
    }

    fn style(&mut self, cell: &Cell) {
        if self.styled(cell) {
            return;
        }
        let mut codes: Vec<String> = Vec::new();
        if !(self.modifier - cell.modifier).is_empty() {
            codes.push(String::new());
            (self.fg, self.bg, self.modifier) = (Color::Reset, Color::Reset, Modifier::empty());
        }
        let new = cell.modifier - self.modifier;
        codes.extend(MODIFIERS.iter().filter(|(m, _)| new.contains(*m)).map(|(_, code)| code.to_string()));
        if cell.fg != self.fg {
            codes.push(colour(cell.fg, 30));
        }
        if cell.bg != self.bg {
            codes.push(colour(cell.bg, 40));
        }
        (self.fg, self.bg, self.modifier) = (cell.fg, cell.bg, cell.modifier);
        self.code(&format!("\x1b[{}m", codes.join(";")));
    }
}

/// The code of a colour; `base` is 30 for text and 40 for what is behind it.
fn colour(colour: Color, base: u8) -> String {
    let plain = match colour {
        Color::Reset => 9,
        Color::Black => 0,
        Color::Red => 1,
        Color::Green => 2,
        Color::Yellow => 3,
        Color::Blue => 4,
        Color::Magenta => 5,
        Color::Cyan => 6,
        Color::Gray => 7,
        Color::DarkGray => 60,
        Color::LightRed => 61,
        Color::LightGreen => 62,
        Color::LightYellow => 63,
        Color::LightBlue => 64,
        Color::LightMagenta => 65,
        Color::LightCyan => 66,
        Color::White => 67,
        Color::Indexed(i) => return format!("{};5;{i}", base + 8),
        Color::Rgb(r, g, b) => return format!("{};2;{r};{g};{b}", base + 8),
    };
    (base + plain).to_string()
}
