//! NIfTI-1 and NIfTI-2 scans and masks: `.nii`, `.nii.gz` (known by content, not by name) and `.hdr`/`.img` pairs.
//!
//! Nothing a header says is believed before it is checked against the file, and nothing is allocated before that. What a
//! file must not be is refused with [`Error::Scan`] and one of these classes; what is merely odd is read in a stated way
//! and travels as a [`Caution::Header`].
//!
//! | class | refused because |
//! |---|---|
//! | `not_a_file` | a folder, pipe or device (opening a pipe would wait for ever) |
//! | `truncated` | fewer bytes than the header promises, or no whole header |
//! | `corrupt_gzip` | gzip checksum, length or stream wrong |
//! | `not_nifti` | no NIfTI magic or header size; ANALYZE 7.5, which knows no orientation, is one of these |
//! | `bad_dims` | number of dimensions outside 1 to 7, or a used dimension below 1 |
//! | `too_large` | more than 2^29 voxels |
//! | `not_3d` | not 2-D or 3-D once trailing dimensions of 1 are dropped, or a scan of several numbers a voxel |
//! | `no_channel` | a mask of several numbers a voxel without the one asked for |
//! | `unsupported_datatype` | not one of the ten real number types |
//! | `bad_offset` | voxels inside the header, past the end, at a fraction, or more than 16 MiB into the file |
//! | `bad_scaling` | no finite intercept, or scaled values beyond the range of their type |
//! | `bad_geometry` | no usable spacing or direction |
//! | `missing_image` | a pair's header without its `.img` |
//!
//! Where the standard leaves room, voxels and geometry are what ITK makes of the file, for PyRadiomics reads through ITK.
//! Two habits of ITK are not followed: it fills a truncated scan with zeros, and it reads NaN and infinity as 0.

mod geometry;
mod header;
mod source;
mod voxels;
mod write;

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

use super::{Geometry, Mask, Volume};
use crate::caution::Caution;
use crate::error::{Error, Result};
use header::Header;
use source::Source;

pub use header::Datatype;
pub use write::write;

/// A scan, and what was odd about its file.
#[derive(Clone, Debug, PartialEq)]
pub struct Scan {
    pub volume: Volume,
    pub cautions: Vec<Caution>,
}

/// A region of interest, and what was odd about its file.
#[derive(Clone, Debug, PartialEq)]
pub struct Roi {
    pub mask: Mask,
    pub cautions: Vec<Caution>,
}

/// The scan at `path`. Voxels are scaled by slope and intercept as ITK does: a scaled file becomes 32-bit floats, each
/// `f32(f64(f32(v)) * slope + inter)`, unless it is of 64-bit floats; a slope of 0 counts as 1 with the intercept still added.
pub fn read(path: &Path) -> Result<Scan> {
    let attempt = || {
        let mut file = open(path)?;
        if file.header.components > 1 {
            let why = format!("it holds {} numbers a voxel, where a scan has one", file.header.components);
            return Err(refuse("not_3d", why));
        }
        let mut values = Vec::new();
        let count = file.geometry.voxels();
        let room = values.try_reserve_exact(count);
        room.map_err(|_| refuse("too_large", format!("there is no memory for its {count} voxels")))?;
        voxels::each(&mut file.source, &file.header, &mut file.odd, |v| values.push(v))?;
        let volume = Volume { geometry: file.geometry, voxels: values, pixel: file.header.pixel() };
        Ok((volume, file.odd))
    };
    let (volume, odd) = attempt().map_err(|refusal: Refusal| refusal.of(path))?;
    Ok(Scan { volume, cautions: cautions(path, odd) })
}

/// The voxels of `path` that bear `label`; in a mask of several numbers a voxel, those of one of them, the channel (from 0;
/// without effect on an ordinary mask, as in PyRadiomics). Voxels that are no whole numbers count toward zero, as ITK casts them, with a
/// caution; NaN and infinity bear no label. [`Error::NoLabel`] lists the labels there are when this one is not.
pub fn read_mask(path: &Path, label: i64, channel: usize) -> Result<Roi> {
    let attempt = || {
        let mut file = open(path)?;
        let mut inside = Vec::new();
        let count = file.geometry.voxels();
        let components = file.header.components;
        if components > 1 && channel >= components {
            let why = format!("it has {components} channels, numbered from 0, and no channel {channel}");
            return Err(refuse("no_channel", why));
        }
        let first = if components > 1 { channel * count } else { 0 };
        let room = inside.try_reserve_exact(count);
        room.map_err(|_| refuse("too_large", format!("there is no memory for its {count} voxels")))?;
        let mut labels = Labels::default();
        let mut passed = 0;
        voxels::each(&mut file.source, &file.header, &mut file.odd, |v| {
            if (first..first + count).contains(&passed) {
                inside.push(labels.see(v) == Some(label));
            }
            passed += 1;
        })?;
        if labels.fractions > 0 {
            file.odd.push(format!("{} voxels of the mask are no whole numbers; read toward zero", labels.fractions));
        }
        Ok((Mask { geometry: file.geometry, inside }, labels, file.odd))
    };
    let (mask, labels, odd) = attempt().map_err(|refusal: Refusal| refusal.of(path))?;
    if mask.count() == 0 {
        return Err(Error::NoLabel { mask: path.to_path_buf(), label, present: labels.list() });
    }
    Ok(Roi { mask, cautions: cautions(path, odd) })
}

/// A file whose header stands, at its first voxel.
struct Opened {
    source: Source,
    header: Header,
    geometry: Geometry,
    odd: Vec<String>,
}

/// Why a file is not read.
enum Refusal {
    /// One of the classes of this module and a clause that completes "is not a usable scan".
    Class(&'static str, String),
    /// The operating system's own reason.
    Io(io::Error),
}

type Checked<T> = std::result::Result<T, Refusal>;

fn refuse(class: &'static str, why: impl Into<String>) -> Refusal {
    Refusal::Class(class, why.into())
}

impl Refusal {
    fn of(self, path: &Path) -> Error {
        match self {
            Self::Class(class, why) => Error::Scan { path: path.to_path_buf(), class, why },
            Self::Io(why) => Error::file("read", path, &why),
        }
    }
}

impl From<io::Error> for Refusal {
    /// Only the gzip decoder calls input or data invalid.
    fn from(why: io::Error) -> Self {
        match why.kind() {
            io::ErrorKind::UnexpectedEof => refuse("truncated", "the file ends before its content does"),
            io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => {
                refuse("corrupt_gzip", format!("its gzip stream is damaged ({why})"))
            }
            _ => Self::Io(why),
        }
    }
}

fn open(path: &Path) -> Checked<Opened> {
    let mut odd = Vec::new();
    let path = &source::header_of(path);
    let mut source = Source::open(path)?;
    if source.gzip != source::named_gzip(path) {
        odd.push(if source.gzip { "gzip data without .gz in the name" } else { "named .gz but not compressed" }.into());
    }
    let header = header::read(&mut source, &mut odd)?;
    let geometry = geometry::place(&header, &mut odd)?;
    if header.pair {
        source = Source::open(&source::image_of(path)?)?;
    }
    voxels::seek(&mut source, &header, &mut odd)?;
    Ok(Opened { source, header, geometry, odd })
}

fn cautions(path: &Path, odd: Vec<String>) -> Vec<Caution> {
    let scan = path.display().to_string();
    odd.into_iter().map(|why| Caution::Header { scan: scan.clone(), why }).collect()
}

/// The labels met so far, the last one kept apart because the next voxel mostly bears it too.
#[derive(Default)]
struct Labels {
    met: BTreeSet<i64>,
    last: Option<(f64, i64)>,
    fractions: usize,
}

impl Labels {
    /// A picture given for a mask has thousands; the first of them are enough to see that.
    const KEPT: usize = 1000;
    const SHOWN: usize = 20;

    fn see(&mut self, v: f64) -> Option<i64> {
        self.fractions += usize::from(v.is_finite() && v.fract() != 0.0);
        if let Some((last, label)) = self.last
            && last == v
        {
            return Some(label);
        }
        if !v.is_finite() {
            return None;
        }
        let label = v.trunc() as i64;
        self.last = Some((v, label));
        if label != 0 && self.met.len() < Self::KEPT {
            self.met.insert(label);
        }
        Some(label)
    }

    fn list(&self) -> String {
        let shown: Vec<String> = self.met.iter().take(Self::SHOWN).map(i64::to_string).collect();
        match self.met.len() {
            0 => "none".into(),
            n if n > Self::SHOWN => format!("{} and more", shown.join(", ")),
            _ => shown.join(", "),
        }
    }
}
