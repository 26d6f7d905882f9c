//! Files that a cohort table names and that are not there, said when it is opened rather than scan by scan.

use std::path::PathBuf;

use super::open::Patient;
use super::readers;
use super::table::Table;
use crate::caution::Caution;
use crate::error::{is_scan, listed};

/// Patients that are named; the others are counted.
const FEW: usize = 10;

/// A caution for each kind of file that some patients lack on the disk.
pub(super) fn cautions(patients: &[Patient]) -> Vec<Caution> {
    let scan = |p: &Patient, of: &dyn Fn(&super::Scan) -> Option<PathBuf>| p.scan.as_ref().and_then(of);
    let gone = |of: &dyn Fn(&super::Scan) -> Option<PathBuf>| -> Vec<String> {
        let lacks = |p: &&Patient| scan(p, of).is_some_and(|file| !file.is_file());
        patients.iter().filter(lacks).map(|p| p.id.clone()).collect()
    };
    let readers = patients.iter().filter_map(|p| p.scan.as_ref()).map(|s| s.others.len()).max().unwrap_or(0);
    let mut found = vec![
        (["image", "images"].map(String::from), gone(&|s| Some(s.image.clone()))),
        (["mask", "masks"].map(String::from), gone(&|s| Some(s.mask.clone()))),
    ];
    for reader in 0..readers {
        found.push((
            ["mask", "masks"].map(|what| format!("{what} of reader {}", reader + 2)),
            gone(&|s| s.others.get(reader)?.clone()),
        ));
    }
    let says = |([one, many], ids): ([String; 2], Vec<String>)| {
        let which = if ids.len() == 1 { format!("{one} is") } else { format!("{many} are") };
        Caution::Note(format!("no file where the table says the {which}: {}", listed(&ids, FEW)))
    };
    found.into_iter().filter(|(_, ids)| !ids.is_empty()).map(says).collect()
}

/// That rows name one of image and mask and not the other, so that their patients have no scan here.
pub(super) fn halves(ids: &[String], named: &[(bool, bool)]) -> Vec<Caution> {
    let of = |which: (bool, bool)| -> Vec<String> {
        ids.iter().zip(named).filter(|(_, named)| **named == which).map(|(id, _)| id.clone()).collect()
    };
    let says = |(what, ids): (&str, Vec<String>)| {
        Caution::Note(format!("the table names {what}, so there are no features of: {}", listed(&ids, FEW)))
    };
    let both = [("an image and no mask", of((true, false))), ("a mask and no image", of((false, true)))];
    both.into_iter().filter(|(_, ids)| !ids.is_empty()).map(says).collect()
}

/// That the table has no columns `Image` and `Mask`, or one of them, and yet names scans.
pub(super) fn columns(table: &Table) -> Option<Caution> {
    let names = table.names();
    let lacks: Vec<String> =
        ["Image", "Mask"].into_iter().filter(|c| !names.iter().any(|n| n == c)).map(tick).collect();
    let other = |name: &&String| *name != "Image" && *name != "Mask" && readers::reader(name).is_none();
    let found: Vec<String> =
        names.iter().filter(other).filter(|name| names_scans(table, name)).map(|n| tick(n)).collect();
    if lacks.is_empty() || (lacks.len() == 2 && found.is_empty()) {
        return None;
    }
    let mend = match found.as_slice() {
        [] => String::new(),
        [one] => format!("; {one} names scans: rename it"),
        more => format!("; {} name scans: rename those that are meant", more.join(", ")),
    };
    Some(Caution::Note(format!(
        "the table has no column {}: without it no patient has a scan, and `extract` has nothing to read{mend}",
        lacks.join(" and none ")
    )))
}

/// Whether a column's first field that is not empty is the name of a scan: it says where files lie, and nothing of a patient.
pub(super) fn names_scans(table: &Table, name: &str) -> bool {
    table.text(name).is_ok_and(|files| files.iter().flatten().next().is_some_and(is_scan))
}

fn tick(name: &str) -> String {
    format!("`{name}`")
}
