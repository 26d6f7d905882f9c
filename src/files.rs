//! Whole files, written so that a crash leaves the old one or the new one and never half of either.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

/// Write `path` through a temporary file beside it: mode 0600, flushed to the disk, then renamed over what was there.
pub fn write(path: &Path, content: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>) -> Result<()> {
    let part = part(path);
    let written = fill(&part, content).and_then(|()| fs::rename(&part, path));
    written.map_err(|why| {
        // The first cause is what the user must hear of; a leftover that cannot be removed has the same one.
        let _ = fs::remove_file(&part);
        Error::file("write", path, &why)
    })
}

/// An empty file, mode 0600, that grows while work goes on.
pub fn create(path: &Path) -> Result<File> {
    let open = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path);
    open.map_err(|why| Error::file("write", path, &why))
}

/// A folder and those above it, mode 0700 where they are new.
pub fn folder(path: &Path) -> Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(|why| Error::file("make", path, &why))
}

/// Endings of what stands beside a notebook, `NAME.rad`: its journal, and the lock of who has it open.
pub const BESIDE: [&str; 2] = [".rad.journal", ".rad.lock"];

/// The names of what a folder holds, in order; none of a folder that cannot be read. An empty path is the folder one stands in.
pub fn names(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(Path::new(".").join(folder)) else { return Vec::new() };
    let mut names: Vec<String> = entries.flatten().filter_map(|e| e.file_name().into_string().ok()).collect();
    names.sort();
    names
}

/// Whether a file can be made in this folder, or in the first that is there of those above it, where it is still to be made.
pub fn is_writable(folder: &Path) -> bool {
    let Some(there) = folder.ancestors().find(|f| f.is_dir()) else { return false };
    let probe = there.join(format!(".radnote-{}", std::process::id()));
    let made = File::create_new(&probe).is_ok();
    made && fs::remove_file(&probe).is_ok()
}

/// The whole path, with its links followed where it is there. An empty path is the folder one stands in.
pub fn whole(path: &Path) -> PathBuf {
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    path.canonicalize().or_else(|_| std::path::absolute(path)).unwrap_or_else(|_| path.to_path_buf())
}

/// Whether two paths lead to one file, over whatever links; false where one of them leads to none.
pub fn is_same(one: &Path, other: &Path) -> bool {
    let id = |path: &Path| fs::metadata(path).ok().map(|m| (m.dev(), m.ino()));
    id(one).is_some_and(|one| id(other) == Some(one))
}

/// The name of a part is this thread's own: two threads may write the same file at once, and the last one stays.
fn part(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let thread = format!("{:?}", std::thread::current().id()).replace(|c: char| !c.is_ascii_digit(), "");
    path.with_file_name(format!(".{name}.{}-{thread}.part", std::process::id()))
}

fn fill(part: &Path, content: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>) -> io::Result<()> {
    // What a killed process of the same id left behind is in the way of `create_new`, which follows no link.
    if let Err(why) = fs::remove_file(part)
        && why.kind() != io::ErrorKind::NotFound
    {
        return Err(why);
    }
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(part)?;
    let mut out = BufWriter::new(file);
    content(&mut out)?;
    out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
}
