//! The bytes of a file, inflated where they are gzip by content.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::bufread::MultiGzDecoder;

use super::{Checked, Refusal, refuse};

/// An open file at some byte of its content.
pub(super) struct Source {
    pub bytes: Box<dyn BufRead>,
    pub gzip: bool,
    /// Bytes on the disk.
    pub length: u64,
}

const BUFFER: usize = 1 << 18;

impl Source {
    /// Opens regular files only: a pipe would wait for its writer for ever.
    pub fn open(path: &Path) -> Checked<Self> {
        let about = fs::metadata(path).map_err(Refusal::Io)?;
        if !about.is_file() {
            return Err(refuse("not_a_file", "it is a folder, a pipe or a device"));
        }
        let mut file = BufReader::with_capacity(BUFFER, File::open(path).map_err(Refusal::Io)?);
        let gzip = file.fill_buf()?.starts_with(&[0x1f, 0x8b]);
        // bgzip and `cat` write several gzip members, which together are one file.
        let bytes: Box<dyn BufRead> = match gzip {
            true => Box::new(BufReader::with_capacity(BUFFER, MultiGzDecoder::new(file))),
            false => Box::new(file),
        };
        Ok(Self { bytes, gzip, length: about.len() })
    }

    /// The next `N` bytes.
    pub fn take<const N: usize>(&mut self) -> Checked<[u8; N]> {
        let mut bytes = [0; N];
        self.bytes.read_exact(&mut bytes)?;
        Ok(bytes)
    }
}

/// Whether the name says gzip.
pub(super) fn named_gzip(path: &Path) -> bool {
    path.extension().is_some_and(|e| e.eq_ignore_ascii_case("gz"))
}

/// The header of a pair that was named by its `.img`; any other path is its own header.
pub(super) fn header_of(path: &Path) -> PathBuf {
    let (stem, kind) = split(path);
    let found = if kind.eq_ignore_ascii_case("img") { beside(path, &stem, &["hdr", "HDR"]) } else { None };
    found.unwrap_or_else(|| path.to_path_buf())
}

/// The voxels that belong to a pair's header.
pub(super) fn image_of(header: &Path) -> Checked<PathBuf> {
    let (stem, _) = split(header);
    let found = beside(header, &stem, &["img", "IMG"]);
    found.ok_or_else(|| {
        refuse("missing_image", format!("it is the header of a pair and there is no {stem}.img beside it"))
    })
}

fn split(path: &Path) -> (String, String) {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let plain = if named_gzip(path) { &name[..name.len() - 3] } else { &name };
    let (stem, kind) = plain.rsplit_once('.').unwrap_or((plain, ""));
    (stem.to_string(), kind.to_string())
}

fn beside(path: &Path, stem: &str, kinds: &[&str]) -> Option<PathBuf> {
    let names = kinds.iter().flat_map(|k| [format!("{stem}.{k}"), format!("{stem}.{k}.gz"), format!("{stem}.{k}.GZ")]);
    names.map(|name| path.with_file_name(name)).find(|p| p.is_file() && p != path)
}
