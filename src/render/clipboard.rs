//! A text on the clipboard of the terminal the reader sits at, also over SSH: the control sequence OSC 52.

/// The most bytes a text may have: terminals take 100,000 in base 64, and some a little less.
pub const MOST: usize = 74_000;

/// Rows of cells as a spreadsheet takes them: tabs between cells, and a line a row.
pub fn tabbed(rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let cell = |text: String| text.replace(['\t', '\n', '\r'], " ");
    rows.into_iter().map(|row| row.into_iter().map(cell).collect::<Vec<_>>().join("\t") + "\n").collect()
}

/// The sequence that puts the text on the clipboard, where the terminal allows it.
pub fn sequence(text: &str) -> String {
    format!("\x1b]52;c;{}\x07", base64(text.as_bytes()))
}

/// Base 64 of RFC 4648 with padding.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let bits = group.iter().fold(0u32, |bits, b| bits << 8 | u32::from(*b)) << (8 * (3 - group.len()));
        for i in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * i)) as usize & 63];
            text.push(if i <= group.len() { char::from(letter) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_never_breaks_its_row() {
        let rows = [vec!["a\tb".to_string(), "c\nd".to_string()], vec!["1".to_string(), String::new()]];
        assert_eq!(tabbed(rows), "a b\tc d\n1\t\n");
    }

    #[test]
    fn rfc_4648_has_these_examples() {
        let pairs =
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("foobar", "Zm9vYmFy")];
        for (text, coded) in pairs {
            assert_eq!(base64(text.as_bytes()), coded);
        }
        assert_eq!(sequence("foo"), "\x1b]52;c;Zm9v\x07");
    }
}
