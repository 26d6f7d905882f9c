//! What taking a change back did.

use std::fmt;

use crate::commands::short;

/// The lines that are gone again and those that are back, and the number of the first cell that is another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undone {
    pub at: usize,
    pub gone: Vec<String>,
    pub back: Vec<String>,
}

impl Undone {
    /// From the notebook with the change to the one before it.
    pub(super) fn of(with: &[String], before: &[String]) -> Self {
        let missing = |from: &[String], other: &[String]| {
            from.iter().filter(|line| !other.contains(line)).cloned().collect::<Vec<_>>()
        };
        let at = std::iter::zip(with, before).position(|(a, b)| a != b).unwrap_or(with.len().min(before.len()));
        let at = at.min(before.len().saturating_sub(1));
        Self { at, gone: missing(with, before), back: missing(before, with) }
    }
}

/// `taken back: icc --above 0.93 is icc again`.
impl fmt::Display for Undone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.gone.as_slice(), self.back.as_slice()) {
            ([], []) => write!(f, "taken back: the cells are in their order of before"),
            ([gone], [back]) => write!(f, "taken back: `{}` is `{}` again", short(gone), short(back)),
            ([gone], []) => write!(f, "taken back: `{}` is gone again", short(gone)),
            ([], [back]) => write!(f, "taken back: `{}` is there again", short(back)),
            (gone, back) => write!(f, "taken back: {} cells gone, {} as they were", gone.len(), back.len()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn undone(with: &[&str], before: &[&str]) -> (usize, String) {
        let own = |lines: &[&str]| lines.iter().map(ToString::to_string).collect::<Vec<_>>();
        let undone = Undone::of(&own(with), &own(before));
        (undone.at, undone.to_string())
    }

    #[test]
    fn the_change_is_named() {
        let said = undone(&["demo", "icc --above 0.9", "roc"], &["demo", "icc --above 0.85", "roc"]);
        assert_eq!(said, (1, "taken back: `icc --above 0.9` is `icc` again".into()));
        assert_eq!(undone(&["demo", "roc"], &["demo"]), (0, "taken back: `roc` is gone again".into()));
        assert_eq!(undone(&["demo"], &["demo", "roc"]), (1, "taken back: `roc` is there again".into()));
        assert_eq!(undone(&["demo"], &[]).0, 0);
    }
}
