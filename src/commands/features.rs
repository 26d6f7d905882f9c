//! `features`: start from a feature table that exists already.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::spec::{Command, Flag, Kind, Place, Spec, Step, World};
use crate::caution::{Caution, counted};
use crate::cohort::{Cohort, FeatureTable, read_features};
use crate::error::{Error, Result};
use crate::page::Page;
use crate::study::FeatureSet;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Features {
    table: String,
    reader2: Option<String>,
    reader3: Option<String>,
    reader4: Option<String>,
    id: Option<String>,
}

impl Command for Features {
    const SPEC: Spec = Spec {
        name: "features",
        summary: "start from a feature table instead of scans",
        about: "TABLE is a CSV or Parquet file with one row a patient and one column a feature, as PyRadiomics' batch \
                tool writes it: its `diagnostics_*` columns and its inputs (Image, Mask, Label) are not features. \
                `--reader2` is the same table of a second reader, `--reader3` and `--reader4` of further ones; without \
                them, NAME_reader2.csv and those that follow on it are used when they are beside TABLE. Takes the place of \
                `extract`. The built-in cohort has scans and no such table.",
        place: Place::Step(2),
        flags: &[
            Flag::first("table", Kind::Table, "one row a patient, one column a feature"),
            Flag::named("reader2", Kind::Table, "the second reader's table"),
            Flag::named("reader3", Kind::Table, "the third reader's table"),
            Flag::named("reader4", Kind::Table, "the fourth reader's table"),
            Flag::named("id", Kind::Column, "the id column, where it is not the cohort's"),
        ],
        examples: &["features features.csv"],
    };

    fn run(&self, world: &World<'_>) -> Result<Step> {
        let cohort = world.study.need_cohort("features")?;
        if self.table.is_empty() {
            let remedy = "type it behind the command: a blank and Tab list what is there".to_string();
            return Err(Error::NotYet { command: "features".into(), missing: "the name of a table".into(), remedy });
        }
        let id = self.id.as_deref().unwrap_or(&cohort.id);
        let path = world.file(&self.table)?;
        let of_cohort: Vec<&str> = cohort.outcome_and_role().collect();
        let read = |path: &Path| read_features(path, id, &cohort.ids(), &of_cohort);
        let first = read(&path)?;
        let given = self.given(world)?;
        let found = if given.is_empty() { beside(&path) } else { Vec::new() };
        let mut readers = Vec::new();
        let mut strangers = Vec::new();
        for other in given.iter().chain(&found) {
            let table = same_columns(&first, read(other)?, other)?;
            readers.push(table.matrix);
            // Patients without a second reading are counted; ids that are nobody's are named.
            strangers.extend(unpaired(table.strangers, format!("in {} but not in the cohort", name_of(other))));
        }
        let set = FeatureSet {
            names: first.names.clone(),
            matrix: first.matrix.clone(),
            readers,
            perturbed: false,
            source: self.table.clone(),
            tables: std::iter::once(&path).chain(&given).chain(&found).cloned().collect(),
            settings: None,
            failures: Vec::new(),
            undefined: Vec::new(),
            single_bin: Vec::new(),
        };
        let mut page = page(&set, cohort);
        page.cautions.extend(cautions(&first, &self.table));
        page.cautions.extend(strangers);
        for (number, path) in (2..).zip(&found) {
            let note = format!("{} reader found beside the table: {}", ordinal(number), name_of(path));
            page.cautions.push(Caution::Note(note));
        }
        Ok(Step::Advance(world.study.with_features(set), page))
    }
}

impl Features {
    /// The further readers' tables that the line names, the second's first.
    fn given(&self, world: &World<'_>) -> Result<Vec<PathBuf>> {
        let flags = [&self.reader2, &self.reader3, &self.reader4];
        let given = flags.into_iter().flatten().map(|file| world.file(file)).collect::<Result<Vec<PathBuf>>>()?;
        match flags[..given.len()].iter().position(|flag| flag.is_none()) {
            None => Ok(given),
            Some(gap) => Err(Error::BadValue {
                what: "this line".into(),
                given: super::args::line(self),
                expected: format!("a reader before stands for the next: give `--reader{}` too", gap + 2),
            }),
        }
    }
}

/// What a reader of this number is called.
pub(super) fn ordinal(number: usize) -> String {
    match number {
        2 => "second".into(),
        3 => "third".into(),
        n => format!("{n}th"),
    }
}

/// What a new feature set is made of; `extract` shows the same.
pub(super) fn page(set: &FeatureSet, cohort: &Cohort) -> Page {
    let present = set.present().len();
    let read = set.read_by_others();
    let second = read.first().copied().unwrap_or(0);
    let mut headline = format!("{} x {}", counted(set.names.len(), "features"), counted(present, "patients"));
    for (number, patients) in (2..).zip(&read).filter(|(_, patients)| **patients > 0) {
        headline.push_str(&format!(", {} reader {patients}", ordinal(number)));
    }
    let mut classes: Vec<(String, usize)> = Vec::new();
    for name in &set.names {
        let class = name.rsplit_once('_').map_or("other", |(class, _)| class);
        match classes.iter_mut().find(|(c, _)| c == class) {
            Some((_, n)) => *n += 1,
            None => classes.push((class.to_string(), 1)),
        }
    }
    let mut table = crate::page::Table::new("Features by image and class").left("image and class").right("features");
    for (class, n) in &classes {
        table.row([class.clone(), n.to_string()]);
    }
    Page::new("Features", headline)
        .facts([
            ("source", set.source.clone()),
            ("patients with features", format!("{present} of {}", cohort.patients.len())),
            ("with a second reader", second.to_string()),
        ])
        .table(table)
        .value("sum", sums(set))
        .value("n_features", set.names.len())
        .value("n_patients", present)
        .value("n_second", second)
        .value("feature", &set.names)
}

/// Each feature's sum over the patients, so that a replay sees a value change.
fn sums(set: &FeatureSet) -> Vec<f64> {
    let sum = |column: ndarray::ArrayView1<'_, f64>| column.iter().filter(|v| !v.is_nan()).sum::<f64>();
    set.matrix.columns().into_iter().map(sum).collect()
}

fn cautions(table: &FeatureTable, name: &str) -> Vec<Caution> {
    let absent = unpaired(table.absent.clone(), format!("in the cohort but not in {name}"));
    let strangers = unpaired(table.strangers.clone(), format!("in {name} but not in the cohort"));
    let mut cautions: Vec<Caution> = absent.into_iter().chain(strangers).collect();
    if !table.of_cohort.is_empty() {
        let why = "columns are the outcome or the role of the cohort and not taken".to_string();
        cautions.push(Caution::Undefined { why, features: table.of_cohort.clone() });
    }
    if !table.not_numeric.is_empty() {
        let why = "columns are not numeric and not taken".to_string();
        cautions.push(Caution::Undefined { why, features: table.not_numeric.clone() });
    }
    cautions
}

fn unpaired(ids: Vec<String>, where_: String) -> Option<Caution> {
    (!ids.is_empty()).then_some(Caution::Unpaired { where_, ids })
}

fn name_of(path: &Path) -> String {
    path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default()
}

/// `NAME_reader2.csv` beside `NAME.csv` when it is there, and those that follow on it.
fn beside(path: &Path) -> Vec<PathBuf> {
    let (Some(stem), Some(ending)) = (path.file_stem(), path.extension()) else { return Vec::new() };
    let (stem, ending) = (stem.to_string_lossy(), ending.to_string_lossy());
    let of = |number: usize| path.with_file_name(format!("{stem}_reader{number}.{ending}"));
    (2..).map(of).take_while(|p| p.is_file()).collect()
}

fn same_columns(first: &FeatureTable, second: FeatureTable, path: &Path) -> Result<FeatureTable> {
    if first.names == second.names {
        return Ok(second);
    }
    let odd = first.names.iter().find(|n| !second.names.contains(n)).map(|n| format!("`{n}` is not in it"));
    let odd =
        odd.or_else(|| second.names.iter().find(|n| !first.names.contains(n)).map(|n| format!("`{n}` is only in it")));
    Err(Error::Table {
        path: path.to_path_buf(),
        line: Some(1),
        why: format!("its columns are not those of the first reader: {}", odd.unwrap_or("the order differs".into())),
        remedy: "extract both readers with the same settings".into(),
    })
}
