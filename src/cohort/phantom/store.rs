//! The built-in cohort on the disk: written once, completed when it was cut short, never over what is not its own.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::patients::{Patient, patients};
use super::scan::made;
use crate::error::{Error, Result};
use crate::files;
use crate::image::Volume;
use crate::image::nifti::{self, Datatype};
use crate::task::Task;

/// Raised whenever the same seed would give other bytes.
const VERSION: u32 = 1;
const STAMP: &str = "phantom.txt";
const TABLES: [&str; 2] = ["cohort.csv", "clinical.csv"];
/// Path, bytes and SHA-256 of each scan and mask as it was written, one a line.
const SUMS: &str = "phantom.sums";

/// Whether this folder holds a cohort that [`write()`] made.
pub fn is_there(folder: &Path) -> bool {
    folder.join(STAMP).is_file()
}

/// Write the cohort of `seed` into `folder`: `cohort.csv` (ID, Image, Mask, Mask_reader2, paths from the folder),
/// `clinical.csv`, and `scans/ID/{image,mask,mask_reader2}.nii.gz`. What is already there of the same seed stays; a cohort
/// of another seed is replaced; what is written is entered with its hash in `phantom.sums`; a folder with tables this program did not make is an error and left alone.
pub fn write(folder: &Path, seed: u64, task: &Task) -> Result<()> {
    let patients = patients(seed);
    claim(folder, seed, &patients)?;
    let missing: Vec<&Patient> = patients.iter().filter(|p| names(p).any(|n| !folder.join(n).is_file())).collect();
    if !missing.is_empty() {
        task.begin("making the built-in cohort", "patients", missing.len(), 1.0);
    }
    missing.par_iter().try_for_each(|patient| {
        task.check()?;
        write_scans(folder, seed, patient)?;
        task.step()
    })?;
    for (name, text) in TABLES.into_iter().zip([cohort_table(&patients), clinical_table(&patients)]) {
        let path = folder.join(name);
        if !path.is_file() {
            files::write(&path, |out| out.write_all(text.as_bytes()))?;
        }
    }
    enter(folder, &patients)
}

/// The files in `folder` that are not as [`write()`] made them for this seed: somebody wrote over them. The tables, which are quickly
/// made, are compared themselves; scans and masks by size and hash as they were entered.
///
/// # Errors
/// One that cannot be read.
pub fn altered(folder: &Path, seed: u64) -> Result<Vec<String>> {
    let patients = patients(seed);
    let mut altered: Vec<String> = Vec::new();
    for (name, text) in TABLES.into_iter().zip([cohort_table(&patients), clinical_table(&patients)]) {
        let path = folder.join(name);
        let found = fs::read(&path).map_err(|why| Error::file("read", &path, &why))?;
        if found != text.as_bytes() {
            altered.push(name.to_string());
        }
    }
    let entered = entered(folder);
    let differs = |name: &String| -> Result<bool> {
        let Some((size, hash)) = entered.get(name) else { return Ok(false) };
        let path = folder.join(name);
        let found = fs::metadata(&path).map_err(|why| Error::file("read", &path, &why))?.len();
        Ok(found != *size || sum(&path)?.1 != *hash)
    };
    let all: Vec<String> = patients.iter().flat_map(names).collect();
    let compared: Vec<(String, bool)> =
        all.into_par_iter().map(|name| differs(&name).map(|d| (name, d))).collect::<Result<_>>()?;
    altered.extend(compared.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name));
    Ok(altered)
}

/// Enter the files of these patients that are not entered yet: those just written, and of a cohort that was cut short, or is
/// older than such entries, what is there.
fn enter(folder: &Path, patients: &[Patient]) -> Result<()> {
    let mut entries = entered(folder);
    let new: Vec<String> = patients.iter().flat_map(names).filter(|name| !entries.contains_key(name)).collect();
    if new.is_empty() {
        return Ok(());
    }
    let sums =
        new.into_par_iter().map(|name| sum(&folder.join(&name)).map(|s| (name, s))).collect::<Result<Vec<_>>>()?;
    entries.extend(sums);
    let text: String = entries.iter().map(|(name, (size, hash))| format!("{name} {size} {hash}\n")).collect();
    files::write(&folder.join(SUMS), |out| out.write_all(text.as_bytes()))
}

/// Size and hash of each file that was entered; none where nothing was, or the list is not ours any more.
fn entered(folder: &Path) -> BTreeMap<String, (u64, String)> {
    let text = fs::read_to_string(folder.join(SUMS)).unwrap_or_default();
    let entry = |line: &str| {
        let mut words = line.split(' ');
        let (name, size, hash) = (words.next()?, words.next()?, words.next()?);
        Some((name.to_string(), (size.parse().ok()?, hash.to_string())))
    };
    text.lines().filter_map(entry).collect()
}

fn sum(path: &Path) -> Result<(u64, String)> {
    let bytes = fs::read(path).map_err(|why| Error::file("read", path, &why))?;
    let hash = Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
    Ok((bytes.len() as u64, hash))
}

/// Write the scan and masks of one patient below `folder`.
pub fn write_scans(folder: &Path, seed: u64, patient: &Patient) -> Result<()> {
    let made = made(seed, patient);
    files::folder(&folder.join("scans").join(&patient.id))?;
    let volumes: [(Option<&Volume>, Datatype); 3] =
        [(Some(&made.image), Datatype::I16), (Some(&made.mask), Datatype::U8), (made.second.as_ref(), Datatype::U8)];
    for (name, (volume, kind)) in FILES.iter().zip(volumes) {
        if let Some(volume) = volume {
            nifti::write(&folder.join(relative(patient, name)), volume, kind)?;
        }
    }
    Ok(())
}

const FILES: [&str; 3] = ["image.nii.gz", "mask.nii.gz", "mask_reader2.nii.gz"];

fn relative(patient: &Patient, name: &str) -> String {
    format!("scans/{}/{name}", patient.id)
}

fn names(patient: &Patient) -> impl Iterator<Item = String> {
    let files = if patient.second_reader { &FILES[..] } else { &FILES[..2] };
    files.iter().map(|name| relative(patient, name))
}

/// Makes the folder this cohort's own. The stamp says whose files are there: while those of another seed are being
/// removed it says nothing of a seed, so that a removal cut short is taken up again.
fn claim(folder: &Path, seed: u64, patients: &[Patient]) -> Result<()> {
    let stamp = folder.join(STAMP);
    let ours = format!("radnote built-in cohort, version {VERSION}, seed {seed}\n");
    let found = fs::read_to_string(&stamp).ok();
    if found.as_ref() == Some(&ours) {
        return Ok(());
    }
    files::folder(folder)?;
    if found.is_some() {
        files::write(&stamp, |out| out.write_all(b"radnote built-in cohort, being replaced\n"))?;
        clear(folder, patients)?;
    } else if let Some(foreign) = TABLES.iter().map(|t| folder.join(t)).find(|t| t.exists()) {
        let (why, remedy) = ("it is not the built-in cohort's", "give `demo` another folder");
        return Err(Error::Table { path: foreign, line: None, why: why.into(), remedy: remedy.into() });
    }
    files::write(&stamp, |out| out.write_all(ours.as_bytes()))
}

/// Removes what a cohort of any seed may have written, and nothing else.
fn clear(folder: &Path, patients: &[Patient]) -> Result<()> {
    let scans = patients.iter().flat_map(|p| FILES.map(|name| folder.join(relative(p, name))));
    let tables = [TABLES[0], TABLES[1], SUMS].map(|name| folder.join(name));
    let written: Vec<PathBuf> = scans.chain(tables).filter(|path| path.is_file()).collect();
    written.iter().try_for_each(|path| fs::remove_file(path).map_err(|why| Error::file("remove", path, &why)))
}

fn cohort_table(patients: &[Patient]) -> String {
    let mut text = String::from("ID,Image,Mask,Mask_reader2\n");
    for patient in patients {
        let mut paths: Vec<String> = names(patient).collect();
        paths.resize(FILES.len(), String::new());
        line(&mut text, [patient.id.clone()].into_iter().chain(paths));
    }
    text
}

fn clinical_table(patients: &[Patient]) -> String {
    let mut text = String::new();
    let names = patients.first().map_or(vec![], |p| p.clinical.iter().map(|(name, _)| *name).collect());
    let head = ["ID", "age", "size_cm"].into_iter().chain(names).chain(["lung_metastasis", "role"]);
    line(&mut text, head.map(String::from));
    for p in patients {
        let first = [p.id.clone(), p.age.to_string(), format!("{:.1}", p.size_cm)];
        let last = [u8::from(p.metastasis).to_string(), p.role.to_string()];
        line(&mut text, first.into_iter().chain(p.clinical.iter().map(|(_, v)| v.to_string())).chain(last));
    }
    text
}

fn line(text: &mut String, values: impl Iterator<Item = String>) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{}", values.collect::<Vec<_>>().join(","));
}
