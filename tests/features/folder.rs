//! A folder of baselines: scans, masks, and what PyRadiomics computes of them under parameter files.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use radnote::features::{self, Settings, Value};
use radnote::image::nifti;
use radnote::task::Task;

/// The largest relative difference from PyRadiomics that needs no explanation.
pub const TOLERANCE: f64 = 1e-9;

/// Columns whose value PyRadiomics' own order of summation decides.
pub struct Tie {
    pub of: fn(&str) -> bool,
    /// What in the definition is behind it.
    pub cause: &'static str,
}

pub const TIES: &[Tie] = &[Tie {
    of: |column| column.starts_with("lbp-3D-m") && column.ends_with("_firstorder_RobustMeanAbsoluteDeviation"),
    cause: "from m2 on many voxels have values that are equal but for the rounding of sums of complex products; which of \
            them lie within the 10th and the 90th percentile, and so count, is decided by the last bit",
}];

/// The largest relative difference in such a column: the share of voxels at a percentile, times their distance.
pub const TIE_LIMIT: f64 = 5e-2;

/// A value that differs by more, and why.
pub struct Exception {
    /// Parameter file, study ID and column.
    pub case: &'static str,
    pub id: &'static str,
    pub column: &'static str,
    pub limit: Limit,
    /// What in the definition is behind it.
    pub cause: &'static str,
}

/// How far an exception may go.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Limit {
    /// Relative difference, at most 1e-6.
    Relative(f64),
    /// The value is 0 but for rounding: both numbers are at most this in size, at most 1e-12.
    Zero(f64),
}

/// What a folder gave.
#[derive(Default)]
pub struct Report {
    /// One line each.
    pub lines: Vec<String>,
    /// Values that are not as they must be.
    pub wrong: Vec<String>,
    /// Exceptions that were needed, by their place in the list.
    pub used: Vec<usize>,
    /// Values decided by the order of summation.
    pub ties: usize,
    /// Cases, and values compared in them.
    pub cases: usize,
    pub values: usize,
}

/// A class's values: how many, the largest relative difference and where.
#[derive(Default)]
struct Class {
    values: usize,
    worst: f64,
    at: String,
}

/// Compares every value of every case of a folder. A case is `reference/NAME.yaml` with `NAME.csv` (column Mask of
/// `cohort.csv`) and, where there is one, `NAME_reader2.csv` (column Mask_reader2).
pub fn compare(folder: &Path, exceptions: &[Exception]) -> Report {
    let mut report = Report::default();
    let cohort = table(&folder.join("cohort.csv"));
    let mut names: Vec<PathBuf> = fs::read_dir(folder.join("reference"))
        .map(|entries| entries.map(|entry| entry.unwrap().path()).collect())
        .unwrap_or_default();
    names.retain(|path| path.extension().is_some_and(|e| e == "yaml"));
    names.sort();
    for parameters in names {
        let name = parameters.file_stem().unwrap().to_string_lossy().into_owned();
        for (suffix, masks) in [("", "Mask"), ("_reader2", "Mask_reader2")] {
            let path = parameters.with_file_name(format!("{name}{suffix}.csv"));
            if path.is_file() {
                let case = Case { folder, name: format!("{name}{suffix}"), masks };
                case.compare(&parameters, &path, &cohort, exceptions, &mut report);
            }
        }
    }
    report
}

struct Case<'a> {
    folder: &'a Path,
    name: String,
    /// The cohort's column of masks.
    masks: &'a str,
}

impl Case<'_> {
    fn compare(&self, yaml: &Path, csv: &Path, cohort: &[Row], exceptions: &[Exception], report: &mut Report) {
        report.cases += 1;
        let reference = table(csv);
        let settings = Settings::parse(&fs::read_to_string(yaml).unwrap(), yaml).unwrap_or_else(|why| panic!("{why}"));
        let wanted = features::names(&settings);
        let mut classes: BTreeMap<String, Class> = BTreeMap::new();
        for row in &reference {
            let values = self.values(&row["ID"], cohort, &settings);
            let found: BTreeMap<&str, Value> = wanted.iter().map(String::as_str).zip(values).collect();
            let missing = wanted.iter().filter(|column| !row.contains_key(*column));
            report.wrong.extend(missing.map(|column| format!("{}: PyRadiomics has no {column}", self.name)));
            for (column, text) in row.iter().filter(|(column, _)| found.contains_key(column.as_str())) {
                let class = classes.entry(column.split('_').nth(1).unwrap().to_string()).or_default();
                let difference = difference(found[column.as_str()], text.parse().unwrap());
                class.values += 1;
                if difference > class.worst {
                    class.worst = difference;
                    class.at = format!("{} {column}", row["ID"]);
                }
                let place = exceptions.iter().position(|e| {
                    (e.case, e.id, e.column) == (self.name.as_str(), row["ID"].as_str(), column.as_str())
                });
                let got = found[column.as_str()];
                report.used.extend(place.filter(|_| difference > TOLERANCE));
                if difference > TOLERANCE && place.is_none() && TIES.iter().any(|tie| (tie.of)(column)) {
                    report.ties += 1;
                    if difference <= TIE_LIMIT {
                        continue;
                    }
                }
                let within = match place.map_or(Limit::Relative(TOLERANCE), |k| exceptions[k].limit) {
                    Limit::Relative(limit) => difference <= limit,
                    Limit::Zero(limit) => {
                        let both = [got.number().unwrap_or(f64::NAN), text.parse().unwrap()];
                        both.iter().all(|v: &f64| v.abs() <= limit)
                    }
                };
                if !within {
                    report.wrong.push(format!("{}: {} {column}: {got:?}, not {text}", self.name, row["ID"]));
                }
            }
        }
        self.order(csv, &wanted, report);
        report.lines.push(format!("{}: {} regions, {} columns", self.name, reference.len(), wanted.len()));
        for (name, class) in classes {
            report.values += class.values;
            let Class { values, worst, at } = class;
            report
                .lines
                .push(format!("    {name:<10} {values:>5} values, largest relative difference {worst:.1e} ({at})"));
        }
    }

    fn values(&self, id: &str, cohort: &[Row], settings: &Settings) -> Vec<Value> {
        let row = cohort.iter().find(|row| row["ID"] == id).unwrap_or_else(|| panic!("{id} is not in cohort.csv"));
        let image = nifti::read(&self.folder.join(&row["Image"])).unwrap().volume;
        let mask =
            nifti::read_mask(&self.folder.join(&row[self.masks]), settings.label, settings.label_channel).unwrap().mask;
        let extracted = features::extract(&image, &mask, settings, &Task::default());
        extracted.unwrap_or_else(|why| panic!("{}: {id}: {why}", self.name)).values
    }

    /// The columns are those of PyRadiomics: none missing, none extra, in its order.
    fn order(&self, csv: &Path, wanted: &[String], report: &mut Report) {
        let text = fs::read_to_string(csv).unwrap();
        let header: Vec<&str> = text.lines().next().unwrap().split(',').skip(1).collect();
        if let Some(column) = header.iter().find(|column| !wanted.iter().any(|name| name == *column)) {
            report.wrong.push(format!("{}: there is no {column}", self.name));
        } else if header != wanted {
            report.wrong.push(format!("{}: columns in another order", self.name));
        }
    }
}

/// Relative to what PyRadiomics has; 0 where both have no value, infinite where only one has.
fn difference(got: Value, want: f64) -> f64 {
    match got.number() {
        None if want.is_nan() => 0.0,
        Some(got) if got == want => 0.0,
        Some(got) if want.is_finite() => (got - want).abs() / want.abs(),
        _ => f64::INFINITY,
    }
}

type Row = BTreeMap<String, String>;

fn table(path: &Path) -> Vec<Row> {
    let text = fs::read_to_string(path).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
    let header: Vec<&str> = text.lines().next().unwrap().split(',').collect();
    let row = |line: &str| header.iter().zip(line.split(',')).map(|(k, v)| (k.to_string(), v.to_string())).collect();
    text.lines().skip(1).map(row).collect()
}
