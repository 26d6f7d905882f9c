//! `features`: start from a feature table that exists already.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::spec::{Command, Flag, Kind, Place, Spec, Step, World};
use crate::caution::Caution;
use crate::cohort::{Cohort, FeatureTable, read_features};
use crate::error::{Error, Result};
use crate::page::Page;
use crate::study::FeatureSet;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Features {
    table: String,
    reader2: Option<String>,
    id: Option<String>,
}

impl Command for Features {
    const SPEC: Spec = Spec {
        name: "features",
        summary: "start from a feature table instead of scans",
        about: "TABLE is a CSV or Parquet file with one row a patient and one column a feature, as PyRadiomics' batch \
                tool writes it: its `diagnostics_*` columns and its inputs (Image, Mask, Label) are not features. \
                `--reader2` is the same table of a second reader; without it, NAME_reader2.csv beside TABLE is used \
                when it is there. Takes the place of `extract`.",
        place: Place::Step(2),
        flags: &[
            Flag::first("table", Kind::File, "one row a patient, one column a feature"),
            Flag::named("reader2", Kind::File, "the second reader's table"),
            Flag::named("id", Kind::Column, "the id column, where it is not the cohort's"),
        ],
        examples: &["features features.csv"],
    };

    fn run(&self, world: &World<'_>) -> Result<Step> {
        let cohort = world.study.need_cohort("features")?;
        if self.table.is_empty() {
            let remedy = "run `features FILE.csv`".to_string();
            return Err(Error::NotYet { command: "features".into(), missing: "the name of a table".into(), remedy });
        }
        let id = self.id.as_deref().unwrap_or(&cohort.id);
        let path = world.path(&self.table);
        let first = read_features(&path, id, &cohort.ids())?;
        let (second_path, found) = match &self.reader2 {
            Some(given) => (Some(world.path(given)), false),
            None => (beside(&path), true),
        };
        let second = second_path.as_ref().map(|p| read_features(p, id, &cohort.ids())).transpose()?;
        let second = second.map(|second| same_columns(&first, second, second_path.as_deref())).transpose()?;
        let set = FeatureSet {
            names: first.names.clone(),
            matrix: first.matrix.clone(),
            second: second.as_ref().map(|s| s.matrix.clone()),
            source: self.table.clone(),
            failures: Vec::new(),
            undefined: Vec::new(),
            single_bin: Vec::new(),
        };
        let mut page = page(&set, cohort);
        page.cautions.extend(cautions(&first, &self.table));
        if let (Some(path), true) = (second_path, found) {
            let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            page.cautions.push(Caution::Note(format!("second reader found beside the table: {name}")));
        }
        Ok(Step::Advance(world.study.with_features(set), page))
    }
}

/// What a new feature set is made of; `extract` shows the same.
pub(super) fn page(set: &FeatureSet, cohort: &Cohort) -> Page {
    let present = set.present().len();
    let second =
        set.second.as_ref().map_or(0, |m| m.rows().into_iter().filter(|r| r.iter().any(|v| !v.is_nan())).count());
    let mut headline = format!("{} features x {present} patients", set.names.len());
    if second > 0 {
        headline.push_str(&format!(", second reader {second}"));
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
    let mut cautions = Vec::new();
    for (ids, where_) in [
        (&table.absent, format!("in the cohort but not in {name}")),
        (&table.strangers, format!("in {name} but not in the cohort")),
    ] {
        if !ids.is_empty() {
            cautions.push(Caution::Unpaired { where_, ids: ids.clone() });
        }
    }
    if !table.not_numeric.is_empty() {
        let why = "columns are not numbers, and no features".to_string();
        cautions.push(Caution::Undefined { why, features: table.not_numeric.clone() });
    }
    cautions
}

/// `NAME_reader2.csv` beside `NAME.csv`, when it is there.
fn beside(path: &Path) -> Option<PathBuf> {
    let stem = path.file_stem()?.to_string_lossy();
    let ending = path.extension()?.to_string_lossy();
    Some(path.with_file_name(format!("{stem}_reader2.{ending}"))).filter(|p| p.is_file())
}

fn same_columns(first: &FeatureTable, second: FeatureTable, path: Option<&Path>) -> Result<FeatureTable> {
    if first.names == second.names {
        return Ok(second);
    }
    let odd = first.names.iter().find(|n| !second.names.contains(n)).map(|n| format!("`{n}` is not in it"));
    let odd =
        odd.or_else(|| second.names.iter().find(|n| !first.names.contains(n)).map(|n| format!("`{n}` is only in it")));
    Err(Error::Table {
        path: path.unwrap_or(Path::new("")).to_path_buf(),
        line: Some(1),
        why: format!("its columns are not those of the first reader: {}", odd.unwrap_or("the order differs".into())),
        remedy: "extract both readers with the same settings".into(),
    })
}
