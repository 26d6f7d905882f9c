//! What must be right about a CSV file before a table reader may see it: encoding, separator, equal rows, unique names.
//!
//! The table reader renames a doubled column, fills a short row with nulls and reads a `;` file as one column, each
//! without a word. Here each of these is an error that names the line, or is read in the stated way.

use std::path::Path;

use crate::error::{Error, Result};

/// The text of a table, and how it is separated.
#[derive(Clone, Debug, PartialEq)]
pub struct Records {
    pub text: String,
    pub separator: u8,
    pub header: Vec<String>,
    /// Rows under the header.
    pub rows: usize,
}

/// How files begin that are taken for a table of text and are none.
const OTHERS: [(&[u8], &str); 5] = [
    (b"PK\x03\x04", "it is a spreadsheet or an archive, not a table of text"),
    (b"\xd0\xcf\x11\xe0", "it is a spreadsheet of the old kind, not a table of text"),
    (b"\x1f\x8b", "it is compressed, not a table of text"),
    (b"\xff\xfe", "its text is UTF-16, not UTF-8"),
    (b"\xfe\xff", "its text is UTF-16, not UTF-8"),
];

/// Read and check a CSV file. Separators `,`, `;` and tab are told apart by the header line; a byte-order mark is dropped;
/// lines end in LF, CR LF or CR.
///
/// # Errors
/// No text, not UTF-8, no header, no row, a name twice or empty, a row with another number of fields, a quote never closed.
pub fn read(path: &Path) -> Result<Records> {
    let bytes = std::fs::read(path).map_err(|e| Error::file("read", path, &e))?;
    if let Some((_, what)) = OTHERS.iter().find(|(begins, _)| bytes.starts_with(begins)) {
        return Err(fault(path, None, what, "save it as CSV with UTF-8 text (in a spreadsheet: CSV UTF-8)"));
    }
    let text = String::from_utf8(bytes).map_err(|e| {
        let line = 1 + e.as_bytes()[..e.utf8_error().valid_up_to()].iter().filter(|b| **b == b'\n').count();
        let remedy = "save it as UTF-8 (in a spreadsheet: CSV UTF-8), or convert it with `iconv -f latin1 -t utf8`";
        fault(path, Some(line), "the text is not UTF-8", remedy)
    })?;
    let text = text.strip_prefix('\u{feff}').map(str::to_string).unwrap_or(text).replace("\r\n", "\n");
    // Spreadsheets of old Macs end a line by the other half.
    let text = if text.contains('\n') { text } else { text.replace('\r', "\n") };
    let head = text.split('\n').next().unwrap_or_default();
    let separator = [b',', b';', b'\t'].into_iter().max_by_key(|s| (count(head, *s), *s == b',')).unwrap_or(b',');
    let (header, rows) = check(path, &text, separator)?;
    // A blank line is no record; the table reader would count it as one. Inside quotes it is part of a field and stays.
    let text = match text.contains('"') {
        true => text.trim_end_matches('\n').to_string() + "\n",
        false => text.lines().filter(|l| !l.is_empty()).map(|l| format!("{l}\n")).collect(),
    };
    Ok(Records { text, separator, header, rows })
}

fn check(path: &Path, text: &str, separator: u8) -> Result<(Vec<String>, usize)> {
    let mut header: Vec<String> = Vec::new();
    let mut rows = 0;
    for record in split(text, separator) {
        let Record { line, fields } = record.map_err(|line| {
            fault(
                path,
                Some(line),
                "a quote is opened and never closed",
                "close the quote, or double a quote inside a field",
            )
        })?;
        if fields.len() == 1 && fields[0].is_empty() {
            continue;
        }
        if header.is_empty() {
            header = names(path, fields)?;
        } else if fields.len() != header.len() {
            let why = format!("{} fields where the header has {}", fields.len(), header.len());
            return Err(fault(
                path,
                Some(line),
                &why,
                "correct the row; a field that holds the separator must be quoted",
            ));
        } else {
            rows += 1;
        }
    }
    if header.is_empty() {
        return Err(fault(path, None, "the file is empty", "the first line must name the columns"));
    }
    if rows == 0 {
        return Err(fault(path, None, "there is no row under the header", "give one row a patient"));
    }
    Ok((header, rows))
}

fn names(path: &Path, fields: Vec<String>) -> Result<Vec<String>> {
    for (i, name) in fields.iter().enumerate() {
        if name.is_empty() && i > 0 {
            let why = format!("column {} has no name", i + 1);
            return Err(fault(path, Some(1), &why, "name every column in the first line"));
        }
        if fields[..i].contains(name) {
            let why = format!("column `{name}` stands twice in the header");
            return Err(fault(path, Some(1), &why, "rename one of the two"));
        }
    }
    Ok(fields)
}

fn count(line: &str, separator: u8) -> usize {
    line.bytes().filter(|b| *b == separator).count()
}

struct Record {
    line: usize,
    fields: Vec<String>,
}

/// RFC 4180 records; an error is the line of a quote that is never closed.
fn split(text: &str, separator: u8) -> impl Iterator<Item = std::result::Result<Record, usize>> + '_ {
    let mut chars = text.chars().peekable();
    let mut line = 1;
    std::iter::from_fn(move || {
        chars.peek()?;
        let start = line;
        let mut fields = vec![String::new()];
        let mut quoted = false;
        while let Some(c) = chars.next() {
            line += usize::from(c == '\n');
            let field = fields.last_mut()?;
            match c {
                '"' if quoted && chars.peek() == Some(&'"') => field.extend(chars.next()),
                '"' if quoted => quoted = false,
                '"' if field.is_empty() => quoted = true,
                _ if quoted => field.push(c),
                '\n' => return Some(Ok(Record { line: start, fields })),
                _ if c == char::from(separator) => fields.push(String::new()),
                _ => field.push(c),
            }
        }
        Some(if quoted { Err(start) } else { Ok(Record { line: start, fields }) })
    })
}

fn fault(path: &Path, line: Option<usize>, why: &str, remedy: &str) -> Error {
    Error::Table { path: path.to_path_buf(), line, why: why.to_string(), remedy: remedy.to_string() }
}
