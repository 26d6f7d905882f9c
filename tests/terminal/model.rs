//! The part of a terminal that the full screen uses: what its bytes leave on the screen.

/// Cells, cursor and modes. Styles are not kept.
pub struct Model {
    pub cells: Vec<Vec<char>>,
    pub alternate: bool,
    pub cursor_shown: bool,
    pub paste_bracketed: bool,
    at: (usize, usize),
    rest: Vec<u8>,
}

impl Model {
    pub fn new(columns: usize, rows: usize) -> Self {
        let cells = vec![vec![' '; columns]; rows];
        Self { cells, alternate: false, cursor_shown: true, paste_bracketed: false, at: (0, 0), rest: Vec::new() }
    }

    pub fn resize(&mut self, columns: usize, rows: usize) {
        self.cells = vec![vec![' '; columns]; rows];
    }

    pub fn text(&self) -> String {
        let rows = self.cells.iter().map(|r| r.iter().collect::<String>().trim_end().to_string());
        rows.collect::<Vec<_>>().join("\n")
    }

    pub fn play(&mut self, bytes: &[u8]) {
        self.rest.extend_from_slice(bytes);
        let all = std::mem::take(&mut self.rest);
        let text = match std::str::from_utf8(&all) {
            Ok(text) => text,
            Err(e) => std::str::from_utf8(&all[..e.valid_up_to()]).unwrap(),
        };
        let mut at = 0;
        while at < text.len() {
            let Some(used) = self.one(&text[at..]) else { break };
            at += used;
        }
        self.rest = all[at..].to_vec();
    }

    /// One character or code; none while a code is not there as a whole.
    fn one(&mut self, text: &str) -> Option<usize> {
        let c = text.chars().next()?;
        match c {
            '\x1b' => {
                let code = match text.strip_prefix("\x1b[") {
                    Some(code) => code,
                    None if text.len() < 2 => return None,
                    None => return Some(2),
                };
                let end = code.find(|c: char| c.is_ascii_alphabetic())?;
                self.code(&code[..end], code.as_bytes()[end]);
                return Some(end + 3);
            }
            '\r' => self.at.0 = 0,
            '\n' => self.at.1 += 1,
            c if c.is_control() => {}
            c => {
                if let Some(cell) = self.cells.get_mut(self.at.1).and_then(|r| r.get_mut(self.at.0)) {
                    *cell = c;
                }
                self.at.0 += 1;
            }
        }
        Some(c.len_utf8())
    }

    fn code(&mut self, numbers: &str, letter: u8) {
        let number = |i: usize, or: usize| numbers.split(';').nth(i).and_then(|n| n.parse().ok()).unwrap_or(or);
        match (letter, numbers) {
            (b'H', _) => self.at = (number(1, 1) - 1, number(0, 1) - 1),
            (b'C', _) => self.at.0 += number(0, 1),
            (b'J', _) => self.cells.iter_mut().for_each(|r| r.fill(' ')),
            (b'K', _) => {
                if let Some(row) = self.cells.get_mut(self.at.1) {
                    row.iter_mut().skip(self.at.0).for_each(|c| *c = ' ');
                }
            }
            (b'h' | b'l', "?1049") => self.alternate = letter == b'h',
            (b'h' | b'l', "?25") => self.cursor_shown = letter == b'h',
            (b'h' | b'l', "?2004") => self.paste_bracketed = letter == b'h',
            _ => {}
        }
    }
}
