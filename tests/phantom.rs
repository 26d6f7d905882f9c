//! The built-in cohort: the same to the byte, shaped as documented, completed when cut short.

use std::fs;
use std::path::{Path, PathBuf};

use radnote::cohort::phantom::{self, Made, Patient, made, patients};
use radnote::error::Error;
use radnote::image::{Mask, Volume, nifti};
use radnote::task::Task;
use sha2::{Digest, Sha256};

use crate::common::{demo, scratch};

const SEED: u64 = 1;

fn count(role: &str, metastasis: bool, also: impl Fn(&Patient) -> bool) -> usize {
    patients(SEED).iter().filter(|p| p.role == role && p.metastasis == metastasis && also(p)).count()
}

/// Patients without and with metastasis in training, internal and external validation.
fn counts(also: impl Fn(&Patient) -> bool) -> [[usize; 2]; 3] {
    ["train", "internal", "external"].map(|role| [false, true].map(|outcome| count(role, outcome, &also)))
}

#[test]
fn roles_and_clinical_counts_are_the_papers() {
    assert_eq!(counts(|_| true), [[47, 35], [23, 17], [17, 15]]);
    assert_eq!(counts(|p| p.value("margin") == "poor"), [[30, 30], [14, 16], [11, 14]]);
    assert_eq!(counts(|p| p.value("sex") == "male"), [[32, 25], [11, 11], [4, 7]]);
    assert_eq!(counts(|p| p.value("past_history") == "yes"), [[34, 24], [16, 14], [6, 7]]);
    assert_eq!(counts(|p| p.value("hardness") == "tender"), [[19, 15], [14, 11], [12, 9]]);
    assert_eq!(counts(|p| p.size_cm >= 5.0), [[43, 29], [18, 15], [11, 13]]);
    assert_eq!(counts(|p| p.second_reader), [[15, 15], [0, 0], [0, 0]]);
    assert!(patients(SEED).iter().all(|p| (16..=90).contains(&p.age) && p.clinical.iter().all(|(_, v)| !v.is_empty())));
}

#[test]
fn the_planted_numbers_differ_by_outcome_as_documented() {
    let mean = |metastasis: bool, number: fn(&Patient) -> f64| {
        let all = patients(SEED);
        let of: Vec<f64> = all.iter().filter(|p| p.metastasis == metastasis && p.role == "train").map(number).collect();
        of.iter().sum::<f64>() / of.len() as f64
    };
    assert!((mean(true, |p| p.irregularity) - mean(false, |p| p.irregularity) - 0.95).abs() < 1e-9);
    assert!((mean(true, |p| p.heterogeneity) - mean(false, |p| p.heterogeneity) - 1.15).abs() < 1e-9);
}

fn digest(bytes: impl AsRef<[u8]>) -> String {
    Sha256::digest(bytes)[..8].iter().map(|b| format!("{b:02x}")).collect()
}

fn voxels(volume: &Volume) -> Vec<u8> {
    volume.voxels.iter().flat_map(|v| (*v as i16).to_le_bytes()).collect()
}

/// When this fails on purpose, the version in `phantom/store.rs` must be raised too, or old folders are taken for new.
#[test]
fn the_same_seed_gives_the_same_bytes_on_every_machine() {
    let all = patients(SEED);
    let scans: Vec<String> = [0, 77, 153].map(|n| digest(voxels(&made(SEED, &all[n]).image))).into();
    assert_eq!(scans, ["4b7ccf9190dbaa9a", "46a3c1707afee592", "ddf3e293be683c27"]);
    assert_eq!(digest(fs::read(demo().join("clinical.csv")).unwrap()), "9321a9f2d6fc7c79");
    assert_ne!(made(SEED + 1, &all[0]).image, made(SEED, &all[0]).image);
}

#[test]
fn one_patient_written_twice_is_written_alike() {
    let (once, again) = (scratch("phantom-once"), scratch("phantom-again"));
    let all = patients(SEED);
    let patient = all.iter().find(|p| p.second_reader).unwrap();
    for folder in [&once, &again] {
        phantom::write_scans(folder, SEED, patient).unwrap();
    }
    for name in ["image", "mask", "mask_reader2"] {
        let bytes = |folder: &Path| fs::read(folder.join(format!("scans/{}/{name}.nii.gz", patient.id))).unwrap();
        assert_eq!(bytes(&once), bytes(&again));
        assert_eq!(bytes(&once), bytes(demo()), "and as the whole cohort has it");
    }
}

fn mask(volume: &Volume) -> Mask {
    Mask { geometry: volume.geometry, inside: volume.voxels.iter().map(|v| *v == 1.0).collect() }
}

#[test]
fn masks_lie_inside_and_the_readers_nearly_agree() {
    let all = patients(SEED);
    for patient in all.iter().filter(|p| p.second_reader || p.number % 10 == 0) {
        let Made { image, mask: first, second } = made(SEED, patient);
        let masks: Vec<Mask> = [Some(&first), second.as_ref()].into_iter().flatten().map(mask).collect();
        for mask in &masks {
            let (low, high) = mask.bounds().unwrap();
            assert!(
                (0..3).all(|k| low[k] > 0 && high[k] + 1 < mask.geometry.size[k]),
                "{}: {low:?} {high:?}",
                patient.id
            );
            assert!(mask.count() > 500, "{}: {} voxels", patient.id, mask.count());
        }
        assert!(image.voxels.iter().all(|v| v.fract() == 0.0 && (0.0..32768.0).contains(v)));
        if let [a, b] = &masks[..] {
            let both = a.inside.iter().zip(&b.inside).filter(|(a, b)| **a && **b).count();
            let dice = 2.0 * both as f64 / (a.count() + b.count()) as f64;
            assert!((0.85..0.985).contains(&dice), "{}: {dice}", patient.id);
        }
    }
}

#[test]
fn written_scans_are_read_back_without_a_caution() {
    let patient = &patients(SEED)[3];
    let folder = demo().join("scans").join(&patient.id);
    let made = made(SEED, patient);
    let scan = nifti::read(&folder.join("image.nii.gz")).unwrap();
    let roi = nifti::read_mask(&folder.join("mask.nii.gz"), 1, 0).unwrap();
    assert_eq!((scan.volume, scan.cautions), (made.image, vec![]));
    assert_eq!((roi.mask, roi.cautions), (mask(&made.mask), vec![]));
}

/// A copy of the whole cohort that a test may harm.
fn copy(name: &str) -> PathBuf {
    let folder = scratch(name);
    for file in files(demo()) {
        let to = folder.join(file.strip_prefix(demo()).unwrap());
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(&file, to).unwrap();
    }
    folder
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path());
    let mut found: Vec<PathBuf> =
        entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect();
    found.sort();
    found
}

#[test]
fn a_cohort_cut_short_is_completed_and_nothing_else_is_touched() {
    let folder = copy("phantom-cut");
    assert_eq!(files(&folder).len(), 2 * 154 + 30 + 4);
    let lost = [folder.join("scans/P009/mask.nii.gz"), folder.join("clinical.csv")];
    let before = lost.clone().map(|path| fs::read(path).unwrap());
    lost.iter().for_each(|path| fs::remove_file(path).unwrap());
    fs::write(folder.join("scans/P010/image.nii.gz"), "kept as it is").unwrap();
    phantom::write(&folder, SEED, &Task::default()).unwrap();
    assert_eq!(lost.map(|path| fs::read(path).unwrap()), before);
    assert_eq!(fs::read(folder.join("scans/P010/image.nii.gz")).unwrap(), b"kept as it is");
}

#[test]
fn another_seed_replaces_the_cohort_and_a_cancelled_one_keeps_no_mixture() {
    let folder = copy("phantom-seed");
    fs::write(folder.join("scans/P001/notes.txt"), "mine").unwrap();
    let task = Task::default();
    task.cancel();
    assert_eq!(phantom::write(&folder, SEED + 1, &task), Err(Error::Cancelled));
    let left: Vec<PathBuf> = files(&folder).iter().map(|f| f.strip_prefix(&folder).unwrap().into()).collect();
    assert_eq!(left, [Path::new("phantom.txt"), Path::new("scans/P001/notes.txt")]);
}

#[test]
fn tables_of_someone_else_are_left_alone() {
    let folder = scratch("phantom-foreign");
    fs::write(folder.join("cohort.csv"), "ID,Image,Mask\n").unwrap();
    let refused = phantom::write(&folder, SEED, &Task::default()).unwrap_err();
    assert!(refused.to_string().ends_with("cohort.csv: it is not the built-in cohort's"), "{refused}");
    assert_eq!(refused.remedy(), "give `demo` another folder");
    assert_eq!(files(&folder).len(), 1);
}
