//! Features of scans already seen, on disk under the content they were computed from.
//!
//! The key is the content of image and mask, the label, the effective settings and the version of the feature
//! definitions: a changed setting never finds an old value, a moved file finds its own. Each entry is one small file,
//! written beside and renamed, so a kill leaves whole entries only.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::fingerprint::{Fingerprint, Hasher};
use crate::error::{Error, Result};
use crate::features::Reason;
use crate::files;

/// What one mask of one scan gave.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Computed {
    /// One a feature, in the order of the names; none where undefined.
    pub values: Vec<Option<f64>>,
    /// Feature number and why it has no value.
    pub undefined: Vec<(usize, Reason)>,
    /// Grey levels of the region in each image; 0 where there are none.
    pub levels: Vec<usize>,
    /// What was odd in the headers of scan or mask and how it was read, and what the settings repaired.
    pub odd: Vec<String>,
}

/// The fingerprint of a file's content.
///
/// # Errors
/// That it cannot be read; anything but a plain file is refused, since reading a pipe may never end.
pub fn content(path: &Path) -> Result<Fingerprint> {
    let kind = std::fs::metadata(path).map_err(|e| Error::file("read", path, &e))?;
    if !kind.is_file() {
        return Err(Error::Scan {
            path: path.to_path_buf(),
            class: "not_a_file",
            why: "it is not a plain file".into(),
        });
    }
    let bytes = std::fs::read(path).map_err(|e| Error::file("read", path, &e))?;
    Ok(Hasher::default().bytes(&bytes).finish())
}

/// The key of one mask's features.
pub fn key(image: Fingerprint, mask: Fingerprint, label: i64, settings: &str) -> Fingerprint {
    let version = crate::features::DEFINITION;
    Hasher::default().text(version).part(&image).part(&mask).text(&label.to_string()).text(settings).finish()
}

/// Whether the cache can keep anything, before work is begun for it.
///
/// # Errors
/// That it cannot, with the variable that names another folder.
pub fn keeps(folder: &Path) -> Result<()> {
    let probe = folder.join(format!(".probe-{}", std::process::id()));
    let tried = files::folder(folder).and_then(|()| files::write(&probe, |_| Ok(())));
    // What cannot be removed is an empty file.
    let _ = std::fs::remove_file(&probe);
    tried.map_err(|why| Error::NotYet {
        command: "extract".into(),
        missing: format!("a folder where results can be kept ({why})"),
        remedy: "set RADNOTE_CACHE to a folder you can write to".into(),
    })
}

/// The entry under this key; none when there is none, or when it cannot be read back whole.
pub fn load(folder: &Path, key: Fingerprint) -> Option<Computed> {
    let bytes = std::fs::read(place(folder, key)).ok()?;
    serde_json::from_slice(&bytes).ok()
}

/// Keep an entry.
///
/// # Errors
/// What the file system says.
pub fn store(folder: &Path, key: Fingerprint, computed: &Computed) -> Result<()> {
    let path = place(folder, key);
    if let Some(parent) = path.parent() {
        files::folder(parent)?;
    }
    let text = serde_json::to_vec(computed).unwrap_or_default();
    files::write(&path, |out| std::io::Write::write_all(out, &text))
}

fn place(folder: &Path, key: Fingerprint) -> PathBuf {
    let name = key.to_string();
    folder.join("features").join(&name[..2]).join(format!("{name}.json"))
}
