//! The voxels: found, decoded and scaled a chunk at a time, so that memory is the result and 64 KiB.

use std::io::{BufRead, Read};

use super::header::{Datatype, Header};
use super::source::Source;
use super::{Checked, refuse};
use crate::image::fit::usable;

/// Brings the source to the first voxel, after checking that the file can hold them all.
pub(super) fn seek(source: &mut Source, header: &Header, odd: &mut Vec<String>) -> Checked<()> {
    let read = if header.pair { 0 } else { header.length };
    let skip = header.offset - read;
    fits(source, read, skip, header.bytes())?;
    let mut between = vec![0; skip as usize];
    source.bytes.read_exact(&mut between)?;
    if !header.pair && !extensions_end(&between, header.big_endian) {
        odd.push("header extensions of impossible length; passed over".into());
    }
    Ok(())
}

/// Every voxel in turn, scaled. Reads on to the end of the file, for only there does gzip tell whether all was right.
pub(super) fn each(
    source: &mut Source,
    header: &Header,
    odd: &mut Vec<String>,
    mut take: impl FnMut(f64),
) -> Checked<()> {
    let scale = Scale::of(header);
    let mut tally = Tally::default();
    let mut left = header.bytes();
    let mut buffer = vec![0; 1 << 16];
    while left > 0 {
        let chunk = &mut buffer[..left.min(1 << 16) as usize];
        source.bytes.read_exact(chunk)?;
        left -= chunk.len() as u64;
        decode(chunk, header, |stored| {
            let v = scale.apply(stored);
            if stored.inexact || !usable(v) {
                tally.see(stored, v);
            }
            take(v);
        });
    }
    end(source, odd)?;
    tally.tell(odd)
}

/// A plain file must hold what is promised; of a gzip file no more can be said than that deflate cannot shrink by more
/// than 1032 to 1, which is enough to not reserve gigabytes for a few bytes.
fn fits(source: &Source, read: u64, skip: u64, need: u64) -> Checked<()> {
    let short = |have: u64| refuse("truncated", format!("{need} bytes of voxels are promised, {have} are there"));
    if source.gzip {
        let most = source.length.saturating_mul(1032);
        return if read + skip + need > most { Err(short(most.saturating_sub(read + skip))) } else { Ok(()) };
    }
    let have = source.length.saturating_sub(read);
    match have.checked_sub(skip) {
        Some(have) if have >= need => Ok(()),
        Some(have) => Err(short(have)),
        None if skip <= 4 => Err(short(0)),
        None => Err(refuse("bad_offset", "its voxels are said to begin past the end of the file")),
    }
}

/// Whether the list of extensions ends inside its room. Its content is never used, and its lengths never believed.
fn extensions_end(bytes: &[u8], big_endian: bool) -> bool {
    let [flag, _, _, _, list @ ..] = bytes else { return true };
    let mut rest = list;
    let mut first = true;
    while let (true, [a, b, c, d, _, _, _, _, ..]) = (*flag != 0, rest) {
        let length =
            if big_endian { i32::from_be_bytes([*a, *b, *c, *d]) } else { i32::from_le_bytes([*a, *b, *c, *d]) };
        // Zero bytes may fill the room after the last one.
        if length == 0 && !first {
            return true;
        }
        match usize::try_from(length) {
            Ok(length) if (16..=rest.len()).contains(&length) => rest = &rest[length..],
            _ => return false,
        }
        first = false;
    }
    true
}

/// Slope and intercept as ITK applies them.
enum Scale {
    None,
    Float32 { slope: f64, inter: f64 },
    Float64 { slope: f64, inter: f64 },
}

impl Scale {
    fn of(header: &Header) -> Self {
        let Header { slope, inter, .. } = *header;
        match header.datatype {
            _ if !header.scaled() => Self::None,
            Datatype::F64 => Self::Float64 { slope, inter },
            _ => Self::Float32 { slope, inter },
        }
    }

    fn apply(&self, stored: Stored) -> f64 {
        match self {
            Self::None => stored.double,
            Self::Float32 { slope, inter } => f64::from((f64::from(stored.single) * slope + inter) as f32),
            Self::Float64 { slope, inter } => stored.double * slope + inter,
        }
    }
}

/// A voxel as it stands in the file, rounded once to each precision.
#[derive(Clone, Copy)]
struct Stored {
    double: f64,
    single: f32,
    /// A 64-bit whole number that a double cannot hold.
    inexact: bool,
}

/// What a scan's voxels should not be, counted.
#[derive(Default)]
struct Tally {
    nonfinite: usize,
    huge: usize,
    overflown: usize,
    inexact: usize,
}

impl Tally {
    fn see(&mut self, stored: Stored, v: f64) {
        self.inexact += usize::from(stored.inexact);
        match (v.is_finite(), stored.double.is_finite()) {
            (true, _) => self.huge += usize::from(!usable(v)),
            (false, true) => self.overflown += 1,
            (false, false) => self.nonfinite += 1,
        }
    }

    fn tell(&self, odd: &mut Vec<String>) -> Checked<()> {
        let Self { nonfinite, huge, overflown, inexact } = self;
        if *overflown > 0 {
            return Err(refuse("bad_scaling", format!("{overflown} voxels leave the range of their type when scaled")));
        }
        let tellings = [
            (nonfinite, "NaN or infinite"),
            (huge, "above 1e30 in size"),
            (inexact, "whole numbers of 2^53 or more, which are rounded"),
        ];
        odd.extend(tellings.iter().filter(|(n, _)| **n > 0).map(|(n, what)| format!("voxels {what}: {n}")));
        Ok(())
    }
}

fn decode(bytes: &[u8], header: &Header, take: impl FnMut(Stored)) {
    let big = header.big_endian;
    macro_rules! decode {
        ($number:ty, $inexact:expr) => {
            each_number(bytes, big, take, |b| {
                let v = <$number>::from_le_bytes(b);
                Stored { double: v as f64, single: v as f32, inexact: $inexact(v) }
            })
        };
        ($number:ty) => {
            decode!($number, |_| false)
        };
    }
    const LIMIT: u64 = 1 << 53;
    match header.datatype {
        Datatype::U8 => decode!(u8),
        Datatype::I8 => decode!(i8),
        Datatype::I16 => decode!(i16),
        Datatype::U16 => decode!(u16),
        Datatype::I32 => decode!(i32),
        Datatype::U32 => decode!(u32),
        Datatype::I64 => decode!(i64, |v: i64| v.unsigned_abs() >= LIMIT),
        Datatype::U64 => decode!(u64, |v: u64| v >= LIMIT),
        Datatype::F32 => decode!(f32),
        Datatype::F64 => decode!(f64),
    }
}

fn each_number<const N: usize>(
    bytes: &[u8],
    big_endian: bool,
    mut take: impl FnMut(Stored),
    number: impl Fn([u8; N]) -> Stored,
) {
    for stored in bytes.as_chunks().0 {
        let mut stored = *stored;
        if big_endian {
            stored.reverse();
        }
        take(number(stored));
    }
}

/// Reads what follows the voxels, up to a bound that a bomb cannot abuse.
fn end(source: &mut Source, odd: &mut Vec<String>) -> Checked<()> {
    const MOST: u64 = 64 << 20;
    let mut after = 0;
    while after <= MOST {
        let here = source.bytes.fill_buf()?.len();
        if here == 0 {
            break;
        }
        source.bytes.consume(here);
        after += here as u64;
    }
    match after {
        0 => {}
        n if n > MOST => odd.push("bytes after the voxels: more than 64 MiB; not read on to the gzip checksum".into()),
        n => odd.push(format!("bytes after the voxels: {n}")),
    }
    Ok(())
}
