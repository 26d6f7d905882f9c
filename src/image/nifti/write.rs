//! Volumes to NIfTI-1 files of one piece, for masks and made scans.

use std::io::{self, Write};
use std::path::Path;

use flate2::{Compression, GzBuilder};

use super::header::Datatype;
use super::source::named_gzip;
use crate::error::{Error, Result};
use crate::files;
use crate::image::{Geometry, Volume};

/// Write `volume` with voxels of type `kind`, unscaled, gzip where the name ends in `.gz`: the same bytes for the same
/// volume always. Both sform and qform say where it lies, to 32-bit precision. A voxel that a whole-number type cannot
/// hold exactly, or that leaves the range of 32-bit floats, is an error before anything is written.
pub fn write(path: &Path, volume: &Volume, kind: Datatype) -> Result<()> {
    let bad = volume.voxels.iter().find(|v| !holds(kind, **v));
    if let Some(v) = bad {
        let (what, expected) = (format!("a voxel of {}", path.display()), format!("it is to be stored as {kind:?}"));
        return Err(Error::BadValue { what, given: v.to_string(), expected });
    }
    if volume.geometry.size.iter().any(|n| *n > i16::MAX as usize) {
        let given = format!("{:?}", volume.geometry.size);
        return Err(Error::BadValue {
            what: "the size of a scan".into(),
            given,
            expected: "at most 32767 a side".into(),
        });
    }
    files::write(path, |out| {
        if named_gzip(path) {
            // The operating system's number is left unknown, so that bytes do not depend on it.
            let mut gzip = GzBuilder::new().mtime(0).operating_system(255).write(out, Compression::fast());
            content(&mut gzip, volume, kind)?;
            gzip.finish().map(|_| ())
        } else {
            content(out, volume, kind)
        }
    })
}

fn holds(kind: Datatype, v: f64) -> bool {
    // 2^63 and 2^64 are the first doubles beyond their types, whose own largest values no double holds.
    let whole = |least: f64, beyond: f64| v.fract() == 0.0 && v >= least && v < beyond;
    match kind {
        Datatype::U8 => whole(0.0, 256.0),
        Datatype::I8 => whole(-128.0, 128.0),
        Datatype::I16 => whole(-32768.0, 32768.0),
        Datatype::U16 => whole(0.0, 65536.0),
        Datatype::I32 => whole(-(2f64.powi(31)), 2f64.powi(31)),
        Datatype::U32 => whole(0.0, 2f64.powi(32)),
        Datatype::I64 => whole(-(2f64.powi(63)), 2f64.powi(63)),
        Datatype::U64 => whole(0.0, 2f64.powi(64)),
        Datatype::F32 => !v.is_finite() || (v as f32).is_finite(),
        Datatype::F64 => true,
    }
}

fn content(out: &mut impl Write, volume: &Volume, kind: Datatype) -> io::Result<()> {
    out.write_all(&header(&volume.geometry, kind))?;
    let mut chunk = Vec::with_capacity(1 << 16);
    for voxels in volume.voxels.chunks((1 << 16) / kind.width()) {
        chunk.clear();
        voxels.iter().for_each(|v| encode(kind, *v, &mut chunk));
        out.write_all(&chunk)?;
    }
    Ok(())
}

fn encode(kind: Datatype, v: f64, out: &mut Vec<u8>) {
    match kind {
        Datatype::U8 => out.extend((v as u8).to_le_bytes()),
        Datatype::I8 => out.extend((v as i8).to_le_bytes()),
        Datatype::I16 => out.extend((v as i16).to_le_bytes()),
        Datatype::U16 => out.extend((v as u16).to_le_bytes()),
        Datatype::I32 => out.extend((v as i32).to_le_bytes()),
        Datatype::U32 => out.extend((v as u32).to_le_bytes()),
        Datatype::I64 => out.extend((v as i64).to_le_bytes()),
        Datatype::U64 => out.extend((v as u64).to_le_bytes()),
        Datatype::F32 => out.extend((v as f32).to_le_bytes()),
        Datatype::F64 => out.extend(v.to_le_bytes()),
    }
}

/// The 348 bytes of the header and the 4 that say no extension follows.
fn header(geometry: &Geometry, kind: Datatype) -> [u8; 352] {
    let mut header = [0; 352];
    let mut put = |at: usize, bytes: &[u8]| header[at..at + bytes.len()].copy_from_slice(bytes);
    let short = |v: usize| (v as i16).to_le_bytes();
    let real = |v: f64| (v as f32).to_le_bytes();
    let ([nx, ny, nz], [dx, dy, dz]) = (geometry.size, geometry.spacing);
    let (rows, hand, quaternion) = orientation(geometry);
    put(0, &348i32.to_le_bytes());
    put(40, &[3, nx, ny, nz, 1, 1, 1, 1].map(short).concat());
    put(70, &kind.code().to_le_bytes());
    put(72, &short(kind.width() * 8));
    put(76, &[hand, dx, dy, dz].map(real).concat());
    put(108, &real(352.0));
    put(112, &real(1.0));
    // Lengths in millimetres; both forms in scanner coordinates.
    put(123, &[2]);
    put(252, &[1, 1].map(short).concat());
    put(256, &quaternion.map(real).concat());
    put(268, &rows.map(|row| real(row[3])).concat());
    put(280, &rows.map(|row| row.map(real).concat()).concat());
    put(344, b"n+1\0");
    header
}

/// The sform's rows, the qform's handedness and its quaternion, in NIfTI's orientation (right, anterior, superior).
fn orientation(geometry: &Geometry) -> ([[f64; 4]; 3], f64, [f64; 3]) {
    let signs = [-1.0, -1.0, 1.0];
    let mut r: [[f64; 3]; 3] = std::array::from_fn(|i| geometry.direction[i].map(|cosine| signs[i] * cosine));
    let [dx, dy, dz] = geometry.spacing;
    let row = |i: usize| [r[i][0] * dx, r[i][1] * dy, r[i][2] * dz, signs[i] * geometry.origin[i]];
    let rows = [row(0), row(1), row(2)];
    let minor = |a: usize, b: usize| r[1][a] * r[2][b] - r[1][b] * r[2][a];
    let determinant = r[0][0] * minor(1, 2) - r[0][1] * minor(0, 2) + r[0][2] * minor(0, 1);
    let hand = if determinant < 0.0 { -1.0 } else { 1.0 };
    r.iter_mut().for_each(|row| row[2] *= hand);
    (rows, hand, quaternion(&r))
}

/// The last three parts of a rotation's unit quaternion, the first taken as positive: each from its own largest part,
/// where nothing cancels.
fn quaternion(r: &[[f64; 3]; 3]) -> [f64; 3] {
    let squares = [
        1.0 + r[0][0] + r[1][1] + r[2][2],
        1.0 + r[0][0] - r[1][1] - r[2][2],
        1.0 - r[0][0] + r[1][1] - r[2][2],
        1.0 - r[0][0] - r[1][1] + r[2][2],
    ];
    let largest = (0..4).fold(0, |best, k| if squares[k] > squares[best] { k } else { best });
    let twice = squares[largest].sqrt();
    let (bc, bd, cd) = (r[0][1] + r[1][0], r[0][2] + r[2][0], r[1][2] + r[2][1]);
    let (ab, ac, ad) = (r[2][1] - r[1][2], r[0][2] - r[2][0], r[1][0] - r[0][1]);
    let [a, b, c, d] = match largest {
        0 => [twice * twice, ab, ac, ad],
        1 => [ab, twice * twice, bc, bd],
        2 => [ac, bc, twice * twice, cd],
        _ => [ad, bd, cd, twice * twice],
    }
    .map(|part| part / (2.0 * twice));
    let sign = if a < 0.0 { -1.0 } else { 1.0 };
    [b * sign, c * sign, d * sign]
}
