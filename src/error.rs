//! What stops a command: one sentence that names the thing, and the remedy.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

/// The result of everything that can stop.
pub type Result<T> = std::result::Result<T, Error>;

/// Each variant is what the user does next; `Display` is one sentence and [`Error::remedy`] says how.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Error {
    /// The first word of a line is no command.
    #[error("there is no command `{}`", clipped(.given))]
    UnknownCommand { given: String, nearest: Option<String> },
    /// A flag the command does not have.
    #[error("`{command}` has no flag `--{}`", clipped(.given))]
    UnknownFlag { command: String, given: String, nearest: Option<String> },
    /// A word that is a flag without its dashes, or one with dashes that takes none; `instead` is what to write in its place.
    #[error("`{command}` cannot take `{given}`: {why}")]
    Dashes { command: String, given: String, why: String, instead: String },
    /// A value that does not fit its flag or setting.
    #[error("{what} cannot be `{}`: {expected}", clipped(.given))]
    BadValue { what: String, given: String, expected: String },
    /// A flag that has no effect beside the line's others.
    #[error("`--{flag}` has no effect here: {why}")]
    Idle { flag: String, why: String },
    /// A line that cannot be read as words.
    #[error("cannot read the line: {}", ticks_clipped(.why))]
    Syntax { why: String },
    /// A command whose inputs are not there yet.
    #[error("`{command}` needs {missing} first")]
    NotYet { command: String, missing: String, remedy: String },
    /// A cell above failed, so this one has nothing to stand on.
    #[error("`{command}` waits for `{above}` above, which failed")]
    Blocked { command: String, above: String },
    /// A name (column, feature, patient, role, model) that is not in the study.
    #[error("there is no {what} `{}`", clipped(.given))]
    NoSuch { what: String, given: String, nearest: Option<String>, known: Vec<String> },
    /// Too few values for a statistic.
    #[error("{what} needs at least {needed}, but there {verb} {got}", verb = if *.got == 1 { "is" } else { "are" })]
    TooFew { what: String, needed: usize, got: usize },
    /// A statistic that is undefined or did not converge on these values.
    #[error("{what} is undefined: {why}")]
    Undefined { what: String, why: String },
    /// A file that cannot be opened, read or written.
    #[error("cannot {action} {path}: {why}", path = .path.display())]
    File { action: &'static str, path: PathBuf, why: String },
    /// A table whose content is not what the command needs.
    #[error("{path}{at}: {why}", path = .path.display(), at = .line.map(|l| format!(", line {l}")).unwrap_or_default())]
    Table { path: PathBuf, line: Option<usize>, why: String, remedy: String },
    /// A scan that is not a NIfTI file this program may trust. `class` is one of the reader's documented classes.
    #[error("{path} is not a usable scan: {why}", path = .path.display())]
    Scan { path: PathBuf, class: &'static str, why: String },
    /// Image and mask do not lie on one grid. `what` names every property that differs.
    #[error("image and mask differ in {what}: image {image}; mask {mask}")]
    Mismatch { what: String, image: String, mask: String, remedy: String },
    /// The mask has no voxel of the label asked for.
    #[error("{mask} has no voxel with label {label}; labels present: {present}", mask = .mask.display())]
    NoLabel { mask: PathBuf, label: i64, present: String },
    /// A region too small, or with values no feature can be computed of.
    #[error("the region of interest {why}")]
    BadRoi { why: String },
    /// A notebook whose file cannot be written; `line` keeps it where it can, where such a place is known.
    #[error("{notebook} is kept in memory only: {why}", notebook = .notebook.display())]
    NotKept { notebook: PathBuf, why: String, line: Option<String> },
    /// A notebook that another process writes.
    #[error("{notebook} is open in another radnote ({by})", notebook = .notebook.display())]
    InUse { notebook: PathBuf, by: String },
    /// A session file that cannot be read or does not replay to itself.
    #[error("{path}, line {line}: {why}", path = .path.display())]
    Replay { path: PathBuf, line: usize, why: String },
    /// A parameter file that is not one PyRadiomics would take.
    #[error("{path}, line {line}, column {column}: {why}", path = .path.display())]
    Parameters { path: PathBuf, line: usize, column: usize, why: String, remedy: String },
    /// The program itself is wrong; what it was working on was given up and nothing has changed.
    #[error("radnote failed in itself: {why}")]
    Broken { why: String },
    /// The user asked to stop.
    #[error("cancelled")]
    Cancelled,
}

impl Error {
    /// A file error that keeps the path the operating system leaves out.
    pub fn file(action: &'static str, path: &Path, why: &std::io::Error) -> Self {
        Self::File { action, path: path.to_path_buf(), why: plain(why, action != "read") }
    }

    /// The sentence as it may leave the machine: where a scan or a mask lies is not told.
    pub fn unplaced(&self) -> String {
        let place = match self {
            Self::Scan { path, .. } => Some((path, "a scan")),
            Self::NoLabel { mask, .. } => Some((mask, "a mask")),
            Self::File { path, .. } if is_scan(path) => Some((path, "a scan")),
            _ => None,
        };
        let sentence = self.to_string();
        place.map_or_else(|| sentence.clone(), |(path, name)| sentence.replace(&path.display().to_string(), name))
    }

    /// The stable short form of the kind of error, for tables.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::UnknownCommand { .. } | Self::UnknownFlag { .. } | Self::Dashes { .. } | Self::Syntax { .. } => {
                "syntax"
            }
            Self::BadValue { .. } | Self::Idle { .. } => "bad_value",
            Self::NotYet { .. } | Self::Blocked { .. } => "not_yet",
            Self::NoSuch { .. } => "no_such",
            Self::TooFew { .. } => "too_few",
            Self::Undefined { .. } => "undefined",
            Self::File { .. } => "file",
            Self::Table { .. } => "table",
            Self::Scan { class, .. } => class,
            Self::Mismatch { .. } => "mismatch",
            Self::NoLabel { .. } => "no_label",
            Self::BadRoi { .. } => "bad_roi",
            Self::NotKept { .. } => "file",
            Self::InUse { .. } => "in_use",
            Self::Replay { .. } => "replay",
            Self::Parameters { .. } => "parameters",
            Self::Broken { .. } => "broken",
            Self::Cancelled => "cancelled",
        }
    }

    /// The sentence, and what to do about it.
    pub fn advised(&self) -> String {
        let remedy = self.remedy();
        if remedy.is_empty() { self.to_string() } else { format!("{self}; {remedy}") }
    }

    /// What to do about it, in words or as the line to run; empty when the sentence already says it.
    pub fn remedy(&self) -> String {
        let did_you_mean = |n: &Option<String>, otherwise: &str| match n {
            Some(n) => format!("did you mean `{n}`?"),
            None => otherwise.to_string(),
        };
        match self {
            // No guess: `undo`, the nearest, takes one more change away.
            Self::UnknownCommand { given, .. } if given == "redo" => "run the line again: Up brings it back".into(),
            // Nor here: what is to be cleared may be the screen, a cell, or everything.
            Self::UnknownCommand { given, .. } if given == "clear" || given == "cls" => {
                "nothing needs clearing: Ctrl-L draws the screen anew, Delete removes the chosen cell".into()
            }
            Self::UnknownCommand { nearest, .. } => did_you_mean(nearest, "`help` lists the commands"),
            Self::UnknownFlag { command, nearest, .. } => {
                let nearest = nearest.as_ref().map(|n| format!("--{n}"));
                did_you_mean(&nearest, &format!("`help {command}` lists its flags"))
            }
            Self::Dashes { instead, .. } if instead.is_empty() => "leave the flag out and keep its value".into(),
            Self::Dashes { instead, .. } => format!("did you mean `{instead}`?"),
            Self::NoSuch { what, nearest: None, known, .. } if what == "variant" && known.is_empty() => {
                "`fork NAME` keeps the notebook as one".into()
            }
            Self::NoSuch { nearest, known, .. } if known.is_empty() => did_you_mean(nearest, ""),
            Self::NoSuch { nearest, known, .. } => did_you_mean(nearest, &format!("there are: {}", listed(known, 20))),
            Self::NotYet { remedy, .. }
            | Self::Table { remedy, .. }
            | Self::Parameters { remedy, .. }
            | Self::Mismatch { remedy, .. } => remedy.clone(),
            Self::NoLabel { present, .. } if present == "none" => {
                "the mask is empty: draw the region, or take the row out of the cohort table".into()
            }
            Self::NoLabel { present, .. } if present.ends_with("and more") => {
                "where Image and Mask are exchanged, put them right; else give the label in a column `Label` of the cohort table".into()
            }
            Self::NoLabel { .. } => "give the label in a column `Label` of the cohort table or as `label` in the parameter file, or correct the mask".into(),
            Self::TooFew { .. } => {
                "`show cohort` and `show funnel` say what is left at this step; loosen the step above, or give more patients"
                    .into()
            }
            Self::Undefined { .. } => {
                "look at these values in the table they came from; correct them, or leave the variable or step out".into()
            }
            Self::Scan { .. } => "export the scan again, or take its row out of the cohort table".into(),
            Self::BadRoi { .. } => {
                "look at the mask over its scan: correct the mask or its label, or take the row out of the cohort table"
                    .into()
            }
            Self::File { action: "read", .. } => {
                "check the path (it starts at the notebook's folder, in a table at the table's) and that you may read it"
                    .into()
            }
            Self::File { action: "write" | "make" | "remove", .. } => {
                "check that the folder is there, that you may write in it and that its disk has room".into()
            }
            Self::File { .. } => "run radnote in a terminal, or give its lines with `-c` or `run FILE.rad`".into(),
            Self::NotKept { line: Some(line), .. } => format!("`{line}` keeps it there from now on"),
            Self::NotKept { .. } => {
                "type save, a blank and the path of a file in a folder of yours that ends in .rad".into()
            }
            Self::InUse { .. } => "leave it there first, or name another notebook: `radnote NAME.rad`".into(),
            Self::Broken { .. } => "nothing has changed; report the line and this sentence".into(),
            _ => String::new(),
        }
    }
}

/// Characters of what was typed that a sentence repeats.
const ECHO: usize = 60;

/// What was typed, on one line and of a length that leaves the sentence in sight.
fn clipped(given: &str) -> Cow<'_, str> {
    let long = given.chars().count() > ECHO;
    if !long && !given.contains(['\n', '\r']) {
        return Cow::Borrowed(given);
    }
    let line = given.chars().map(|c| if matches!(c, '\n' | '\r') { ' ' } else { c });
    let head: String = line.take(if long { ECHO - 3 } else { ECHO }).collect();
    Cow::Owned(if long { head + "..." } else { head })
}

/// A sentence whose words in backquotes are what was typed.
fn ticks_clipped(why: &str) -> String {
    let parts = why.split('`').enumerate();
    parts.map(|(i, part)| if i % 2 == 1 { clipped(part) } else { Cow::Borrowed(part) }).collect::<Vec<_>>().join("`")
}

/// Whether a file's name is that of a scan or a mask: it ends in `.nii` or `.nii.gz`, in either case.
pub fn is_scan(file: impl AsRef<Path>) -> bool {
    let name = file.as_ref().to_string_lossy().to_lowercase();
    name.ends_with(".nii") || name.ends_with(".nii.gz")
}

/// The first `most` names, and how many more there are.
pub fn listed(names: &[String], most: usize) -> String {
    match names.len() {
        n if n <= most => names.join(", "),
        n => format!("{}, and {} more", names[..most].join(", "), n - most),
    }
}

/// The nearest of `known` to `given`, when it is near enough to be a slip of the finger: a letter too much, too little, wrong
/// or swapped with the next, at most a third of the name; the same letters in another case, however many; its beginning; else
/// the shortest that holds it.
pub fn nearest<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let long = given.chars().count();
    let limit = (long / 3).max(1).min(long / 2);
    let lower = given.to_lowercase();
    let known: Vec<&str> = known.into_iter().collect();
    let near = known
        .iter()
        .map(|name| (distance(&lower, &name.to_lowercase()), distance(given, name), name))
        .filter(|(d, _, name)| *d <= limit || (long > 2 && name.to_lowercase().starts_with(&lower)))
        .min_by_key(|(d, exact, _)| (*d, *exact))
        .map(|(_, _, name)| name.to_string());
    // A part of a long name, as a feature without its image.
    let holds = || known.iter().filter(|name| long > 3 && name.to_lowercase().contains(&lower)).min_by_key(|n| n.len());
    near.or_else(|| holds().map(ToString::to_string))
}

/// Letters to put in, take out, replace or swap with the next to make one of the other.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let (mut before, mut above): (Vec<usize>, Vec<usize>) = (Vec::new(), (0..=b.len()).collect());
    for (i, ca) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, cb) in b.iter().enumerate() {
            let mut least = (above[j] + usize::from(ca != cb)).min(above[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *ca == b[j - 1] && a[i - 1] == *cb {
                least = least.min(before[j - 1] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut above, row);
    }
    above[b.len()]
}

fn plain(why: &std::io::Error, writing: bool) -> String {
    match why.kind() {
        std::io::ErrorKind::NotFound if writing => "there is no such folder".into(),
        std::io::ErrorKind::NotFound => "no such file or folder".into(),
        std::io::ErrorKind::PermissionDenied => "permission denied".into(),
        std::io::ErrorKind::StorageFull => "the disk is full".into(),
        std::io::ErrorKind::IsADirectory => "it is a folder, not a file".into(),
        std::io::ErrorKind::NotADirectory => "a part of the path is a file, not a folder".into(),
        std::io::ErrorKind::ReadOnlyFilesystem => "the disk cannot be written to".into(),
        _ => why.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_near_and_another_word_is_not() {
        let known = ["roc", "lasso", "icc", "ID", "lung_metastasis", "pT"];
        let near = |given: &str| nearest(given, known);
        for (given, meant) in [
            ("rco", "roc"),
            ("LASSO", "lasso"),
            ("laso", "lasso"),
            ("Lung_Metastasis", "lung_metastasis"),
            ("id", "ID"),
            ("lung", "lung_metastasis"),
            ("metastasis", "lung_metastasis"),
        ] {
            assert_eq!(near(given).as_deref(), Some(meant), "{given}");
        }
        for given in ["x", "age", "q7", "xyzzy", ""] {
            assert_eq!(near(given), None, "{given}");
        }
    }
}
