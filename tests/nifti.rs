//! Scans as files: what is written is read back, what is broken is refused, what is odd is said.

mod hostile;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use radnote::caution::Caution;
use radnote::error::Error;
use radnote::image::nifti::{self, Datatype, Scan};
use radnote::image::{Geometry, Mask, Pixel, Volume, finite_inside, same_grid};

/// A folder of this test's own, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("radnote-nifti-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, bytes).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A NIfTI-1 header of 4 x 3 x 2 int16 voxels with an sform and a qform that agree.
fn header() -> Vec<u8> {
    let folder = Folder::new("header");
    let path = folder.0.join("plain.nii");
    nifti::write(&path, &ramp(), Datatype::I16).unwrap();
    fs::read(path).unwrap()[..352].to_vec()
}

fn ramp() -> Volume {
    let geometry = Geometry { origin: [-10.0, -20.0, 30.0], ..Geometry::new([4, 3, 2], [0.5, 0.75, 3.0]) };
    Volume { geometry, voxels: (0..24).map(f64::from).collect(), pixel: Pixel::Integer { bits: 16, signed: true } }
}

fn ramp_bytes() -> Vec<u8> {
    (0..24i16).flat_map(i16::to_le_bytes).collect()
}

fn set(header: &mut [u8], at: usize, bytes: &[u8]) {
    header[at..at + bytes.len()].copy_from_slice(bytes);
}

fn class(path: &Path) -> &'static str {
    match nifti::read(path) {
        Err(Error::Scan { class, .. }) => class,
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_type_is_read_back_as_it_was_written() {
    let folder = Folder::new("types");
    let kinds = [
        (Datatype::U8, Pixel::Integer { bits: 8, signed: false }),
        (Datatype::I8, Pixel::Integer { bits: 8, signed: true }),
        (Datatype::I16, Pixel::Integer { bits: 16, signed: true }),
        (Datatype::U16, Pixel::Integer { bits: 16, signed: false }),
        (Datatype::I32, Pixel::Integer { bits: 32, signed: true }),
        (Datatype::U32, Pixel::Integer { bits: 32, signed: false }),
        (Datatype::I64, Pixel::Integer { bits: 64, signed: true }),
        (Datatype::U64, Pixel::Integer { bits: 64, signed: false }),
        (Datatype::F32, Pixel::Float32),
        (Datatype::F64, Pixel::Float64),
    ];
    for (kind, pixel) in kinds {
        for name in ["a.nii", "a.b.nii.gz"] {
            let path = folder.0.join(name);
            nifti::write(&path, &ramp(), kind).unwrap();
            let Scan { volume, cautions } = nifti::read(&path).unwrap();
            assert_eq!(volume, Volume { pixel, ..ramp() }, "{kind:?}");
            assert_eq!(cautions, []);
        }
    }
    let names: Vec<_> = fs::read_dir(&folder.0).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(names.len(), 2, "nothing is left beside what was written: {names:?}");
}

#[test]
fn a_turned_and_mirrored_grid_is_read_back() {
    let folder = Folder::new("turned");
    let (s, c) = (0.6, 0.8);
    let turns = [
        [[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]],
        [[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, -1.0]],
        [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]],
        [[-1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        [[1.0, 0.0, 0.0], [0.0, -c, s], [0.0, -s, -c]],
    ];
    for direction in turns {
        let volume = Volume { geometry: Geometry { direction, ..ramp().geometry }, ..ramp() };
        let path = folder.0.join("turned.nii");
        nifti::write(&path, &volume, Datatype::I16).unwrap();
        let by_sform = nifti::read(&path).unwrap();
        assert_eq!(by_sform.cautions, [], "both forms say the same");
        let mut bytes = fs::read(&path).unwrap();
        set(&mut bytes, 254, &0i16.to_le_bytes());
        let by_qform = nifti::read(&folder.file("qform.nii", &bytes)).unwrap();
        for got in [by_sform, by_qform] {
            let pairs = got.volume.geometry.direction.as_flattened().iter().zip(direction.as_flattened());
            assert!(pairs.into_iter().all(|(a, b)| (a - b).abs() < 1e-6), "{:?}", got.volume.geometry);
            assert_eq!(got.volume.geometry.origin, volume.geometry.origin);
        }
    }
}

#[test]
fn what_a_type_cannot_hold_is_not_written() {
    let folder = Folder::new("holds");
    for (v, kind) in [(0.5, Datatype::I16), (40000.0, Datatype::I16), (-1.0, Datatype::U8), (1e300, Datatype::F32)] {
        let volume = Volume { voxels: vec![v; 24], ..ramp() };
        let path = folder.0.join("bad.nii");
        assert!(matches!(nifti::write(&path, &volume, kind), Err(Error::BadValue { .. })), "{v} as {kind:?}");
        assert!(!path.exists());
    }
}

#[test]
fn a_written_file_is_private_and_the_same_every_time() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new("private");
    let path = folder.0.join("a.nii.gz");
    nifti::write(&path, &ramp(), Datatype::I16).unwrap();
    let once = fs::read(&path).unwrap();
    nifti::write(&path, &ramp(), Datatype::I16).unwrap();
    assert_eq!(once, fs::read(&path).unwrap());
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(once[4..8], [0; 4], "no time of writing in the gzip header");
}

#[test]
fn scaled_voxels_become_32_bit_floats_as_in_itk() {
    let folder = Folder::new("scaled");
    let stored: Vec<f64> = (0..24).map(|i| f64::from(16_777_217 + i * 91_234_571)).collect();
    let path = folder.0.join("whole.nii");
    nifti::write(&path, &Volume { voxels: stored.clone(), ..ramp() }, Datatype::U32).unwrap();
    let mut bytes = fs::read(path).unwrap();
    set(&mut bytes, 112, &0.37f32.to_le_bytes());
    set(&mut bytes, 116, &(-12.5f32).to_le_bytes());
    let scan = nifti::read(&folder.file("scaled.nii", &bytes)).unwrap();
    assert_eq!(scan.volume.pixel, Pixel::Float32);
    let itk = |v: f64| f64::from((f64::from(v as f32) * f64::from(0.37f32) - 12.5) as f32);
    assert_eq!(scan.volume.voxels, stored.iter().map(|v| itk(*v)).collect::<Vec<f64>>());
    let narrow = |v: f64| f64::from(v as f32 * 0.37f32 - 12.5f32);
    assert!(stored.iter().any(|v| narrow(*v) != itk(*v)), "these voxels tell 32-bit arithmetic apart");
    let wide = |v: f64| f64::from((v * f64::from(0.37f32) - 12.5) as f32);
    assert!(stored.iter().any(|v| wide(*v) != itk(*v)), "and one that does not round the stored voxel first");
}

#[test]
fn a_scanner_sform_is_trusted_before_the_qform_and_another_is_not() {
    let folder = Folder::new("forms-differ");
    let mut bytes = [header(), ramp_bytes()].concat();
    set(&mut bytes, 292, &50f32.to_le_bytes());
    for (code, x) in [(1i16, -50.0), (2, -10.0)] {
        set(&mut bytes, 254, &code.to_le_bytes());
        let scan = nifti::read(&folder.file("differ.nii", &bytes)).unwrap();
        assert_eq!(scan.volume.geometry.origin, [x, -20.0, 30.0], "sform code {code}");
        assert!(scan.cautions[0].to_string().contains("sform and qform disagree"));
    }
}

#[test]
fn big_endian_cut_and_4d_files() {
    let folder = Folder::new("forms");
    let plain = [header(), ramp_bytes()].concat();
    assert_eq!(class(&folder.file("cut.nii", &plain[..plain.len() - 1])), "truncated");
    let mut one = plain.clone();
    set(&mut one, 40, &[4i16, 4, 3, 2, 1].map(i16::to_le_bytes).concat());
    assert_eq!(nifti::read(&folder.file("one.nii", &one)).unwrap().volume, ramp());
    set(&mut one, 40, &[4i16, 4, 3, 1, 2].map(i16::to_le_bytes).concat());
    assert_eq!(class(&folder.file("two.nii", &one)), "not_3d");

    let mut swapped = plain;
    let widths = [
        (0, 4, 1),
        (40, 2, 8),
        (68, 2, 4),
        (76, 4, 8),
        (108, 4, 3),
        (252, 2, 2),
        (256, 4, 6),
        (280, 4, 12),
        (352, 2, 24),
    ];
    for (start, width, count) in widths {
        swapped[start..start + width * count].chunks_exact_mut(width).for_each(<[u8]>::reverse);
    }
    assert_eq!(nifti::read(&folder.file("big.nii", &swapped)).unwrap(), Scan { volume: ramp(), cautions: vec![] });
}

/// The ramp as NIfTI-2, in the byte order asked for.
fn version_2(big_endian: bool) -> Vec<u8> {
    let mut bytes = vec![0; 544];
    let order = |mut b: Vec<u8>| {
        if big_endian {
            b.reverse();
        }
        b
    };
    let reals = |v: &[f64]| v.iter().flat_map(|v| order(v.to_le_bytes().to_vec())).collect::<Vec<u8>>();
    set(&mut bytes, 0, &order(540i32.to_le_bytes().to_vec()));
    set(&mut bytes, 4, b"n+2\0\r\n\x1a\n");
    set(&mut bytes, 12, &order(4i16.to_le_bytes().to_vec()));
    set(&mut bytes, 14, &order(16i16.to_le_bytes().to_vec()));
    for (k, n) in [3i64, 4, 3, 2, 1, 1, 1, 1].into_iter().enumerate() {
        set(&mut bytes, 16 + 8 * k, &order(n.to_le_bytes().to_vec()));
    }
    set(&mut bytes, 104, &reals(&[1.0, 0.5, 0.75, 3.0]));
    set(&mut bytes, 168, &order(544i64.to_le_bytes().to_vec()));
    set(&mut bytes, 176, &reals(&[1.0, 0.0]));
    set(&mut bytes, 348, &order(1i32.to_le_bytes().to_vec()));
    set(&mut bytes, 400, &reals(&[-0.5, 0.0, 0.0, 10.0, 0.0, -0.75, 0.0, 20.0, 0.0, 0.0, 3.0, 30.0]));
    bytes.extend((0..24i16).flat_map(|v| order(v.to_le_bytes().to_vec())));
    bytes
}

#[test]
fn nifti_2_is_read_in_both_byte_orders_and_checked_alike() {
    let folder = Folder::new("version2");
    for big_endian in [false, true] {
        let scan = nifti::read(&folder.file("a.nii", &version_2(big_endian))).unwrap();
        assert_eq!(scan, Scan { volume: ramp(), cautions: vec![] });
    }
    let broken = |at: usize, value: &[u8]| {
        let mut bytes = version_2(false);
        set(&mut bytes, at, value);
        class(&folder.file("broken.nii", &bytes))
    };
    assert_eq!(broken(8, b"\n\n"), "not_nifti", "a text transfer turned the line ends");
    let dicom = [&[0; 128][..], b"DICM", &[0; 400]].concat();
    for (bytes, format) in
        [(&dicom[..], "DICOM"), (b"NRRD0004\ntype: short", "NRRD"), (b"ObjectType = Image", "MetaImage")]
    {
        let why = nifti::read(&folder.file("other.nii", bytes)).unwrap_err().to_string();
        assert!(why.contains(&format!("it is {format}, not NIfTI")), "{why}");
    }
    assert_eq!(broken(24, &(1i64 << 62).to_le_bytes()), "too_large");
    assert_eq!(broken(24, &(-4i64).to_le_bytes()), "bad_dims");
    assert_eq!(broken(16, &9i64.to_le_bytes()), "bad_dims");
    assert_eq!(broken(168, &i64::MAX.to_le_bytes()), "bad_offset");
    assert_eq!(broken(168, &352i64.to_le_bytes()), "bad_offset");
    assert_eq!(broken(24, &5i64.to_le_bytes()), "truncated");
}

#[test]
fn a_pair_is_read_by_either_name() {
    let folder = Folder::new("pair");
    let mut head = header()[..348].to_vec();
    set(&mut head, 108, &0f32.to_le_bytes());
    set(&mut head, 344, b"ni1\0");
    let header = folder.file("scan.1.hdr", &head);
    assert_eq!(class(&header), "missing_image");
    let image = folder.file("scan.1.img", &ramp_bytes());
    assert_eq!(nifti::read(&header).unwrap().volume, ramp());
    assert_eq!(nifti::read(&image).unwrap().volume, ramp());
}

#[test]
fn small_gzip_files_cannot_reserve_gigabytes() {
    let folder = Folder::new("bomb");
    let mut head = header();
    set(&mut head, 42, &[800i16, 800, 800].map(i16::to_le_bytes).concat());
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(&[head, ramp_bytes()].concat()).unwrap();
    assert_eq!(class(&folder.file("a.nii.gz", &gzip.finish().unwrap())), "truncated");
}

#[test]
fn a_mask_takes_the_label_asked_for_and_lists_the_others() {
    let folder = Folder::new("mask");
    let path = folder.0.join("mask.nii.gz");
    let voxels = (0..24).map(|i| f64::from(i % 4)).collect();
    nifti::write(&path, &Volume { voxels, ..ramp() }, Datatype::U8).unwrap();
    let roi = nifti::read_mask(&path, 2, 0).unwrap();
    assert_eq!((roi.mask.count(), roi.cautions.len()), (6, 0));
    assert_eq!(roi.mask.geometry, ramp().geometry);
    let missing = nifti::read_mask(&path, 7, 0).unwrap_err();
    assert!(missing.to_string().ends_with("no voxel with label 7; labels present: 1, 2, 3"), "{missing}");

    nifti::write(&path, &Volume { voxels: vec![0.0; 24], ..ramp() }, Datatype::U8).unwrap();
    let empty = nifti::read_mask(&path, 1, 0).unwrap_err();
    assert!(empty.to_string().ends_with("labels present: none") && empty.remedy().starts_with("the mask is empty"));
}

#[test]
fn fractions_in_a_mask_count_toward_zero_with_a_caution() {
    let folder = Folder::new("fractions");
    let path = folder.0.join("mask.nii");
    let mut voxels = vec![0.0; 24];
    voxels[..5].copy_from_slice(&[0.9, 1.0, 1.9, f64::NAN, -1.5]);
    nifti::write(&path, &Volume { voxels, ..ramp() }, Datatype::F32).unwrap();
    let roi = nifti::read_mask(&path, 1, 0).unwrap();
    assert_eq!(roi.mask.inside.iter().positions(), [1, 2]);
    let said: Vec<String> = roi.cautions.iter().map(Caution::to_string).collect();
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said[0].contains("NaN or infinite: 1") && said[1].contains("3 voxels of the mask"), "{said:?}");
}

trait Positions {
    fn positions(self) -> Vec<usize>;
}

impl<'a, I: Iterator<Item = &'a bool>> Positions for I {
    fn positions(self) -> Vec<usize> {
        self.enumerate().filter(|(_, v)| **v).map(|(i, _)| i).collect()
    }
}

#[test]
fn pipes_folders_and_absent_files_are_refused_at_once() {
    let folder = Folder::new("nonfile");
    assert_eq!(class(&folder.0), "not_a_file");
    let pipe = folder.0.join("pipe.nii");
    if Command::new("mkfifo").arg(&pipe).status().is_ok_and(|s| s.success()) {
        assert_eq!(class(&pipe), "not_a_file");
    }
    let absent = nifti::read(&folder.0.join("absent.nii")).unwrap_err().to_string();
    assert!(absent.ends_with("absent.nii: no such file or folder"), "{absent}");
}

#[test]
fn every_difference_of_two_grids_is_named_with_both_values() {
    let image = ramp().geometry;
    assert_eq!(same_grid(&image, &image, 1e-6), Ok(()));
    let within = Geometry { origin: [-10.0 + 4.9e-7, -20.0, 30.0], ..image };
    assert_eq!(same_grid(&image, &within, 1e-6), Ok(()), "the tolerance is 1e-6 of the first spacing");
    let beyond = Geometry { origin: [-10.0 + 5.1e-7, -20.0, 30.0], ..image };
    assert!(same_grid(&image, &beyond, 1e-6).is_err());
    let other = Geometry { size: [4, 3, 1], spacing: [0.5, 0.75, 4.0], ..image };
    let said = same_grid(&image, &other, 1e-6).unwrap_err().to_string();
    assert_eq!(
        said,
        "image and mask differ in size and spacing: image 4 x 3 x 2 voxels, 0.5 x 0.75 x 3 mm apart; \
         mask 4 x 3 x 1 voxels, 0.5 x 0.75 x 4 mm apart"
    );
    let turned = Geometry { direction: [[-1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]], ..image };
    let said = same_grid(&image, &turned, 1e-6).unwrap_err().to_string();
    assert!(said.contains("differ in direction: image axes along (1, 0, 0) (0, 1, 0) (0, 0, 1); mask"), "{said}");
}

#[test]
fn a_region_with_nan_is_refused_and_one_beside_it_is_not() {
    let mut image = ramp();
    image.voxels[5] = f64::NAN;
    image.voxels[6] = 1e31;
    let mut mask = Mask { geometry: image.geometry, inside: vec![false; 24] };
    mask.inside[4] = true;
    assert_eq!(finite_inside(&image, &mask), Ok(()));
    mask.inside[5] = true;
    mask.inside[6] = true;
    let said = finite_inside(&image, &mask).unwrap_err().to_string();
    assert_eq!(said, "the region of interest holds 2 voxels that are no finite numbers of a scan");
}

#[test]
fn a_mask_of_several_channels_gives_the_one_asked_for_and_a_scan_must_have_one() {
    let folder = Folder::new("channels");
    let path = folder.0.join("mask.nii");
    nifti::write(&path, &ramp(), Datatype::I16).unwrap();
    let mut bytes = fs::read(&path).unwrap();
    // 4 x 3 x 1 voxels of two numbers each.
    for (k, dim) in [5i16, 4, 3, 1, 1, 2].iter().enumerate() {
        set(&mut bytes, 40 + 2 * k, &dim.to_le_bytes());
    }
    fs::write(&path, bytes).unwrap();
    let inside = |label, channel| nifti::read_mask(&path, label, channel).map(|roi| roi.mask.inside);
    assert_eq!(inside(5, 0).unwrap().iter().position(|v| *v), Some(5));
    assert_eq!(inside(17, 1).unwrap().iter().position(|v| *v), Some(5));
    assert!(inside(17, 0).is_err(), "a label of the other channel");
    assert!(matches!(inside(17, 2).unwrap_err(), Error::Scan { class: "no_channel", .. }));
    assert_eq!(class(&path), "not_3d");
}
