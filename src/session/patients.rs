//! Who the patients of a cohort are, as far as counting needs it: a digest each, in which nobody is named.
//!
//! A patient is known by her id and the size of her scan's file, or, where she has no scan, by the id and her row of the cohort's
//! table. So a copied folder has the same patients, also where a clinical table is added, an outcome changed or a mask drawn anew;
//! patient 1 of another study is another one, since her scan is.

use std::collections::{BTreeSet, HashMap};

use crate::cohort::Cohort;
use crate::cohort::table::Table;
use crate::study::{Hasher, size};

/// A digest a patient.
pub(super) type Patients = BTreeSet<String>;

/// The digest of these words: 16 hexadecimal digits.
pub(super) fn digest<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let hashed = words.into_iter().fold(Hasher::default(), Hasher::text);
    hashed.finish().to_string().chars().take(16).collect()
}

/// The patients of a cohort. A scan or a table that is gone since it was opened says nothing; the id stays.
pub(super) fn of(cohort: &Cohort) -> Patients {
    let rows = if cohort.patients.iter().all(|p| p.scan.is_some()) { HashMap::new() } else { rows(cohort) };
    let known = |p: &crate::cohort::Patient| match &p.scan {
        Some(scan) => size(&scan.image).to_string(),
        None => rows.get(&p.id).cloned().unwrap_or_default(),
    };
    cohort.patients.iter().map(|p| digest(["patient", &p.id, &known(p)])).collect()
}

/// The rows of the cohort's table by id.
fn rows(cohort: &Cohort) -> HashMap<String, String> {
    let read = || {
        let table = Table::read(cohort.tables.first()?).ok()?;
        let columns: Vec<Vec<String>> = table.names().iter().filter_map(|name| table.raw(name).ok()).collect();
        let ids = table.text(&cohort.id).ok()?.into_iter().map(Option::unwrap_or_default);
        let row = |(i, id): (usize, String)| {
            let cells: Vec<&str> = columns.iter().filter_map(|column| column.get(i)).map(String::as_str).collect();
            (id, cells.join("\t"))
        };
        Some(ids.enumerate().map(row).collect())
    };
    read().unwrap_or_default()
}
