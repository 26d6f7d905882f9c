//! The header of either version, checked field by field.

use ::nifti::{Endianness, NiftiHeader};

use super::source::Source;
use super::{Checked, refuse};
use crate::image::Pixel;

/// A header whose every field may be used.
pub(super) struct Header {
    /// Length of the header itself, bytes.
    pub length: u64,
    pub big_endian: bool,
    /// The voxels are in a file of their own.
    pub pair: bool,
    pub size: [usize; 3],
    /// A single picture: the third spacing means nothing.
    pub flat: bool,
    /// Numbers a voxel: volumes that follow each other in the file, of a mask with several channels.
    pub components: usize,
    pub datatype: Datatype,
    /// First voxel, bytes from the start of the file that holds the voxels.
    pub offset: u64,
    /// Finite; 1 and 0 when unscaled.
    pub slope: f64,
    pub inter: f64,
    pub placement: Placement,
}

/// What a header says of where its voxels lie, unchecked.
pub(super) struct Placement {
    /// Handedness of the quaternion, then millimetres (or `units`) along x, y, z.
    pub pixdim: [f64; 4],
    /// NIfTI's code: 1 metre, 2 millimetre, 3 micrometre.
    pub units: u8,
    pub qform: i32,
    pub quaternion: [f64; 3],
    pub shift: [f64; 3],
    pub sform: i32,
    pub rows: [[f64; 4]; 3],
}

/// The ten real number types of NIfTI.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Datatype {
    U8,
    I8,
    I16,
    U16,
    I32,
    U32,
    I64,
    U64,
    F32,
    F64,
}

impl Datatype {
    const ALL: [Self; 10] =
        [Self::U8, Self::I8, Self::I16, Self::U16, Self::I32, Self::U32, Self::I64, Self::U64, Self::F32, Self::F64];

    /// NIfTI's number for it.
    pub fn code(self) -> i16 {
        match self {
            Self::U8 => 2,
            Self::I16 => 4,
            Self::I32 => 8,
            Self::F32 => 16,
            Self::F64 => 64,
            Self::I8 => 256,
            Self::U16 => 512,
            Self::U32 => 768,
            Self::I64 => 1024,
            Self::U64 => 1280,
        }
    }

    /// Bytes a voxel.
    pub fn width(self) -> usize {
        match self {
            Self::U8 | Self::I8 => 1,
            Self::I16 | Self::U16 => 2,
            Self::I32 | Self::U32 | Self::F32 => 4,
            Self::I64 | Self::U64 | Self::F64 => 8,
        }
    }
}

impl Header {
    pub fn scaled(&self) -> bool {
        self.slope != 1.0 || self.inter != 0.0
    }

    /// What ITK makes of the voxels.
    pub fn pixel(&self) -> Pixel {
        match self.datatype {
            Datatype::F64 => Pixel::Float64,
            Datatype::F32 => Pixel::Float32,
            _ if self.scaled() => Pixel::Float32,
            kind => Pixel::Integer {
                bits: 8 * kind.width() as u8,
                signed: matches!(kind, Datatype::I8 | Datatype::I16 | Datatype::I32 | Datatype::I64),
            },
        }
    }

    /// Bytes of all voxels; the number of voxels is limited, so that this cannot overflow.
    pub fn bytes(&self) -> u64 {
        (self.size.iter().product::<usize>() * self.components) as u64 * self.datatype.width() as u64
    }
}

/// What a file that begins like this is, where it is one of the other formats of scans.
fn foreign(start: [u8; 4], size: i32, source: &mut Source) -> String {
    let converted = |format: &str| format!("it is {format}, not NIfTI, to which dcm2niix or 3D Slicer convert it");
    let dicom = |source: &mut Source| source.take::<128>().is_ok_and(|rest| rest.ends_with(b"DICM"));
    match &start {
        b"NRRD" => converted("NRRD"),
        b"Obje" | b"NDim" => converted("MetaImage"),
        [0, 0, 0, 0] if dicom(source) => converted("DICOM"),
        _ => format!("its header size is {size}, not 348 or 540"),
    }
}

/// Reads and checks a header; `odd` takes what is read in spite of being strange.
pub(super) fn read(source: &mut Source, odd: &mut Vec<String>) -> Checked<Header> {
    let start: [u8; 4] = source.take()?;
    let (said, big_endian) = match (i32::from_le_bytes(start), i32::from_be_bytes(start)) {
        (348, _) => (version_1(&start, source, false)?, false),
        (_, 348) => (version_1(&start, source, true)?, true),
        (540, _) => (version_2(&start, source, false)?, false),
        (_, 540) => (version_2(&start, source, true)?, true),
        (other, _) => return Err(refuse("not_nifti", foreign(start, other, source))),
    };
    let Grid { size, flat, components } = grid(&said.dim)?;
    let datatype = Datatype::ALL.into_iter().find(|t| t.code() == said.datatype);
    let datatype = datatype.ok_or_else(|| {
        refuse("unsupported_datatype", format!("its voxels are of NIfTI type {}, not real numbers", said.datatype))
    })?;
    if i64::from(said.bitpix) != datatype.width() as i64 * 8 {
        odd.push(format!("{} bits a voxel for a type of {}; the type counts", said.bitpix, datatype.width() * 8));
    }
    let offset = offset(&said)?;
    let (slope, inter) = scaling(said.slope, said.inter, odd)?;
    let Said { length, pair, placement, .. } = said;
    Ok(Header { length, big_endian, pair, size, flat, components, datatype, offset, slope, inter, placement })
}

/// Both versions' fields in one shape, unchecked.
struct Said {
    length: u64,
    pair: bool,
    dim: [i64; 8],
    datatype: i16,
    bitpix: i16,
    offset: f64,
    slope: f64,
    inter: f64,
    placement: Placement,
}

fn version_1(start: &[u8], source: &mut Source, big_endian: bool) -> Checked<Said> {
    let rest: [u8; 344] = source.take()?;
    let raw = [start, &rest].concat();
    let pair = match &raw[344..] {
        b"n+1\0" => false,
        b"ni1\0" => true,
        [0, 0, 0, 0] => return Err(refuse("not_nifti", "it is ANALYZE 7.5, which does not say where its voxels lie")),
        _ => return Err(refuse("not_nifti", "it has no NIfTI magic")),
    };
    // The parser guesses the byte order from this field, and must not be given one that misleads it.
    count(i64::from(i16::from_le_bytes(Fields { raw: &raw, big_endian }.at(40))))?;
    let h = NiftiHeader::from_reader(&raw[..]).map_err(|why| refuse("not_nifti", why.to_string()))?;
    if (h.endianness == Endianness::Big) != big_endian {
        return Err(refuse("not_nifti", "its byte order contradicts itself"));
    }
    let f = |v: [f32; 4]| v.map(f64::from);
    let placement = Placement {
        pixdim: f([h.pixdim[0], h.pixdim[1], h.pixdim[2], h.pixdim[3]]),
        units: h.xyzt_units & 7,
        qform: h.qform_code.into(),
        quaternion: [h.quatern_b.into(), h.quatern_c.into(), h.quatern_d.into()],
        shift: [h.quatern_x.into(), h.quatern_y.into(), h.quatern_z.into()],
        sform: h.sform_code.into(),
        rows: [f(h.srow_x), f(h.srow_y), f(h.srow_z)],
    };
    // The standard's sizes are signed; the parser's are not.
    let dim = h.dim.map(|d| i64::from(d as i16));
    let (slope, inter, offset) = (h.scl_slope.into(), h.scl_inter.into(), h.vox_offset.into());
    Ok(Said { length: 348, pair, dim, datatype: h.datatype, bitpix: h.bitpix, offset, slope, inter, placement })
}

fn version_2(start: &[u8], source: &mut Source, big_endian: bool) -> Checked<Said> {
    let rest: [u8; 536] = source.take()?;
    let raw = [start, &rest].concat();
    let pair = match &raw[4..12] {
        b"n+2\0\r\n\x1a\n" => false,
        b"ni2\0\r\n\x1a\n" => true,
        _ => return Err(refuse("not_nifti", "it has no NIfTI-2 magic, or was damaged by a text transfer")),
    };
    let fields = Fields { raw: &raw, big_endian };
    let (short, long) = (|at| i16::from_le_bytes(fields.at(at)), |at| i32::from_le_bytes(fields.at(at)));
    let dim = std::array::from_fn(|k| i64::from_le_bytes(fields.at(16 + 8 * k)));
    count(dim[0])?;
    let placement = Placement {
        pixdim: fields.reals(104),
        units: (long(500) & 7) as u8,
        qform: long(344),
        quaternion: fields.reals(352),
        shift: fields.reals(376),
        sform: long(348),
        rows: [fields.reals(400), fields.reals(432), fields.reals(464)],
    };
    // Beyond 2^53 the offset is far past its limit whatever it rounds to.
    let offset = i64::from_le_bytes(fields.at(168)) as f64;
    let [slope, inter] = fields.reals(176);
    Ok(Said { length: 540, pair, dim, datatype: short(12), bitpix: short(14), offset, slope, inter, placement })
}

/// Numbers at byte positions of a raw header.
struct Fields<'a> {
    raw: &'a [u8],
    big_endian: bool,
}

impl Fields<'_> {
    /// The bytes at a position, least significant first.
    fn at<const N: usize>(&self, at: usize) -> [u8; N] {
        let mut bytes = [0; N];
        bytes.copy_from_slice(&self.raw[at..at + N]);
        if self.big_endian {
            bytes.reverse();
        }
        bytes
    }

    fn reals<const N: usize>(&self, at: usize) -> [f64; N] {
        std::array::from_fn(|k| f64::from_le_bytes(self.at(at + 8 * k)))
    }
}

fn count(dimensions: i64) -> Checked<()> {
    match dimensions {
        1..=7 => Ok(()),
        n => Err(refuse("bad_dims", format!("it claims {n} dimensions"))),
    }
}

/// What the sizes of a header come to.
struct Grid {
    size: [usize; 3],
    /// A single 2-D picture.
    flat: bool,
    components: usize,
}

/// The 3-D size. A fifth dimension behind a fourth of 1 counts the numbers a voxel, as ITK has it.
fn grid(dim: &[i64; 8]) -> Checked<Grid> {
    /// 4 GiB in memory: a scan of 1024 x 1024 x 512.
    const MOST: u64 = 1 << 29;
    let mut used = &dim[1..=dim[0] as usize];
    let text = used.iter().map(i64::to_string).collect::<Vec<_>>().join(" x ");
    if used.iter().any(|d| *d < 1) {
        return Err(refuse("bad_dims", format!("its size is {text}")));
    }
    let voxels = used.iter().try_fold(1u64, |n, d| n.checked_mul(*d as u64)).filter(|n| *n <= MOST);
    if voxels.is_none() {
        return Err(refuse("too_large", format!("it claims {text} voxels, more than {MOST}")));
    }
    let mut components = 1;
    if let [space @ .., 1, numbers] = used
        && space.len() == 3
    {
        (used, components) = (space, *numbers as usize);
    }
    while let [rest @ .., 1] = used
        && rest.len() >= 3
    {
        used = rest;
    }
    match *used {
        [x, y] => Ok(Grid { size: [x as usize, y as usize, 1], flat: true, components }),
        [x, y, z] => Ok(Grid { size: [x as usize, y as usize, z as usize], flat: false, components }),
        _ => Err(refuse("not_3d", format!("its size is {text}, where one volume is needed"))),
    }
}

fn offset(said: &Said) -> Checked<u64> {
    /// Extensions are kilobytes; a longer way to the first voxel is an attack or an error.
    const MOST: f64 = (16 << 20) as f64;
    let least = if said.pair { 0.0 } else { said.length as f64 + 4.0 };
    let at = said.offset;
    if at.fract() == 0.0 && (least..=MOST).contains(&at) {
        return Ok(at as u64);
    }
    Err(refuse("bad_offset", format!("its voxels are said to begin at byte {at}, not between {least} and {MOST}")))
}

fn scaling(slope: f64, inter: f64, odd: &mut Vec<String>) -> Checked<(f64, f64)> {
    if !slope.is_finite() {
        odd.push(format!("slope {slope}; read unscaled"));
        return Ok((1.0, 0.0));
    }
    if !inter.is_finite() {
        return Err(refuse("bad_scaling", format!("its slope is {slope} but its intercept {inter}")));
    }
    if slope == 0.0 && inter != 0.0 {
        odd.push(format!("slope 0, which means unscaled, but intercept {inter}; the intercept is added, as ITK does"));
    }
    Ok((if slope == 0.0 { 1.0 } else { slope }, inter))
}
