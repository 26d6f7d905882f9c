//! Further readers: the columns Mask_reader2, Mask_reader3 and so on.

use std::path::Path;

use crate::error::{Error, Result};

/// The reader whose masks a column holds, where it is named as one: 3 for `Mask_reader3`.
pub fn reader(column: &str) -> Option<usize> {
    let digits = column.strip_prefix("Mask_reader")?;
    digits.parse::<usize>().ok().filter(|n| *n >= 2 && n.to_string() == digits)
}

/// The columns of the further readers among these, the second reader's first.
///
/// # Errors
/// A reader whose number does not follow on the one before.
pub(super) fn columns(names: &[String], path: &Path) -> Result<Vec<String>> {
    let mut readers: Vec<usize> = names.iter().filter_map(|n| reader(n)).collect();
    readers.sort_unstable();
    match readers.iter().zip(2..).find(|(number, expected)| *number != expected) {
        None => Ok(readers.iter().map(|n| format!("Mask_reader{n}")).collect()),
        Some((number, expected)) => Err(Error::Table {
            path: path.to_path_buf(),
            line: Some(1),
            why: format!("it has a column `Mask_reader{number}` and none `Mask_reader{expected}`"),
            remedy: "number the readers without a gap: Mask, Mask_reader2, Mask_reader3".into(),
        }),
    }
}
