//! `export`: the notebook as a file for other programs or for a paper.

pub(super) mod figure;

use std::io::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::scan::{Look, look};
use super::spec::{Command, Flag, Kind, Place, Spec, Step, World};
use super::target::Target;
use crate::caution::counted;
use crate::cohort::table::{self, Output};
use crate::error::{Error, Result, is_scan, listed};
use crate::features;
use crate::files;
use crate::image::nifti::{self, Datatype};
use crate::image::{Pixel, Window};
use crate::page::Page;
use crate::render::{html, json, markdown, points};
use crate::study::{FeatureSet, Formula, Undefined};

/// Files that are named one by one.
const NAMED: usize = 9;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Export {
    file: String,
    #[serde(rename = "as")]
    form: Form,
    features: Which,
    image: Option<String>,
    patient: Option<String>,
    params: Option<String>,
    figure: Option<String>,
    table: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Form {
    /// By the name's ending.
    #[default]
    Ending,
    Json,
    Html,
    Md,
    Csv,
    Parquet,
    Nii,
    Svg,
    Toml,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Which {
    #[default]
    Kept,
    All,
    None,
}

impl Command for Export {
    const SPEC: Spec = Spec {
        name: "export",
        summary: "write results, a report, the patients' table, a figure or a filtered scan to a file",
        about: "By the name's ending: .json {tried, cells}, every cell as {line, values, cautions} with all 17 digits; .html \
                and .md a report with tables and figures, and the number of alternatives tried; .csv and .parquet one row a patient with role, outcome, features (the \
                selected ones, all, or none) and the score and probability of every model, with `NAME.reasons.csv` beside it \
                where a feature has no value; .nii and .nii.gz one image of one patient's scan, as features are computed \
                of it; .toml the signature with its scaling and extraction, for `signature load`; with `--figure roc` the \
                figures of that cell: .svg as they are (the second to NAME-2.svg), .csv every plotted point; with `--table \
                lasso` a cell's table as .csv (`lasso.2`: the second). Files are readable by their owner only and hold \
                study ids and no path of a scan. A file that the notebook reads is never written over.",
        place: Place::Request,
        flags: &[
            Flag::first("file", Kind::File, "where to write"),
            Flag::named(
                "as",
                Kind::Choice(&["ending", "json", "html", "md", "csv", "parquet", "nii", "svg", "toml"]),
                "what to write",
            ),
            Flag::named("features", Kind::Choice(&["kept", "all", "none"]), "which features a patients' table holds"),
            Flag::named("image", Kind::Image, "which image a scan is written as"),
            Flag::named("patient", Kind::Patient, "whose scan; the first patient's when not given"),
            Flag::named("params", Kind::Params, "the preset or parameter file that makes the image"),
            Flag::named("figure", Kind::CommandName, "whose figures: the command of a cell, `roc.2` its second alone"),
            Flag::named("table", Kind::CommandName, "whose table: the command of a cell, `roc.2` its second"),
        ],
        examples: &[
            "export results.json",
            "export report.html",
            "export patients.csv --features all",
            "export signature.toml",
            "export nomogram.svg --figure nomogram",
            "export lasso.csv --figure lasso",
            "export factors.csv --table clinical",
            "export llh.nii.gz --image wavelet-LLH --patient P001",
        ],
    };

    /// Tables of patients, formulas and images are of the study alone.
    fn reads_pages(&self) -> bool {
        self.reads_alone().is_some() || matches!(self.form(), Ok(Form::Json | Form::Html | Form::Md | Form::Svg))
    }

    fn reads_alone(&self) -> Option<&str> {
        self.figure.as_deref().or(self.table.as_deref()).and_then(|word| word.split('.').next())
    }

    fn run(&self, world: &World<'_>) -> Result<Step> {
        if self.file.is_empty() {
            let remedy = "run `export results.json`".to_string();
            return Err(Error::NotYet { command: "export".into(), missing: "the name of a file".into(), remedy });
        }
        let path = world.path(&self.file);
        let mut target = Target::new(world);
        target.claim(&path)?;
        let form = self.form()?;
        if !matches!(form, Form::Svg | Form::Csv) && (self.figure.is_some() || self.table.is_some()) {
            return Err(self.refuse("`--figure` is written as .svg or .csv, `--table` as .csv"));
        }
        if form != Form::Nii && [&self.image, &self.patient, &self.params].into_iter().any(Option::is_some) {
            return Err(self.refuse("`--image`, `--patient` and `--params` are for a scan: end it in .nii or .nii.gz"));
        }
        let mut files = vec![self.file.clone()];
        let what = match form {
            Form::Svg | Form::Csv if self.figure.is_some() || self.table.is_some() => {
                let (what, others) = self.part(world, form, &path, &mut target)?;
                files.extend(others);
                what
            }
            Form::Svg => return Err(self.refuse("say whose: `--figure roc`")),
            Form::Csv | Form::Parquet => self.patients(world, &path, &mut target)?,
            Form::Nii => self.scan(world, &path)?,
            Form::Toml => signature(world, &path)?,
            form => report(form, world, &path)?,
        };
        Ok(Step::Show(Page::new("Exported", format!("{what} to {}{}", listed(&files, NAMED), target.replaced()))))
    }
}

impl Export {
    fn form(&self) -> Result<Form> {
        let ending = Path::new(&self.file).extension().map(|e| e.to_string_lossy().to_lowercase());
        match (self.form, ending.as_deref()) {
            (Form::Ending, Some("json")) => Ok(Form::Json),
            (Form::Ending, Some("html" | "htm")) => Ok(Form::Html),
            (Form::Ending, Some("md")) => Ok(Form::Md),
            (Form::Ending, Some("csv")) => Ok(Form::Csv),
            (Form::Ending, Some("parquet")) => Ok(Form::Parquet),
            (Form::Ending, Some("svg")) => Ok(Form::Svg),
            (Form::Ending, Some("toml")) => Ok(Form::Toml),
            (Form::Ending, _) if is_scan(&self.file) => Ok(Form::Nii),
            (Form::Ending, _) => Err(Error::BadValue {
                what: "the file's name".into(),
                given: self.file.clone(),
                expected: "end it in .json, .html, .md, .csv, .parquet, .svg, .toml, .nii or .nii.gz, or say `--as`"
                    .into(),
            }),
            (form, _) => Ok(form),
        }
    }

    fn refuse(&self, expected: &str) -> Error {
        Error::BadValue { what: "the file's name".into(), given: self.file.clone(), expected: expected.into() }
    }

    /// Figures or a table of one cell: what they are, and the names of the files beside the first.
    fn part(
        &self,
        world: &World<'_>,
        form: Form,
        path: &Path,
        target: &mut Target<'_>,
    ) -> Result<(String, Vec<String>)> {
        match (&self.figure, &self.table, form) {
            (Some(word), None, _) => figure::figures(world.cells, word, path, form == Form::Svg, target),
            (None, Some(word), Form::Csv) => {
                let text = points::table(figure::table(world.cells, word, "export")?.0.lines());
                files::write(path, |out| out.write_all(text.as_bytes()))?;
                Ok((format!("a table of {word}"), Vec::new()))
            }
            (None, _, _) => Err(self.refuse("a table is written as .csv")),
            (Some(_), Some(_), _) => Err(self.refuse("one of `--figure` and `--table` at a time")),
        }
    }

    fn patients(&self, world: &World<'_>, path: &Path, target: &mut Target<'_>) -> Result<String> {
        let cohort = world.study.need_cohort("export")?;
        let text = |v: Vec<String>| v.into_iter().map(Some).collect::<Vec<_>>();
        let mut columns = vec![
            Output::Text(cohort.id.clone(), text(cohort.ids())),
            Output::Text("role".into(), text(cohort.patients.iter().map(|p| p.role.name.clone()).collect())),
        ];
        if let Some(outcome) = &cohort.outcome {
            let events = outcome.events.iter().map(|e| u8::from(*e).to_string());
            columns.push(Output::Text(outcome.name.clone(), text(events.collect())));
        }
        let mut features = 0;
        if let Some(set) = world.study.features() {
            let chosen = match self.features {
                Which::Kept => world.study.kept(),
                Which::All => (0..set.names.len()).collect(),
                Which::None => Vec::new(),
            };
            features = chosen.len();
            let column = |j: usize| Output::Numbers(set.names[j].clone(), set.matrix.column(j).to_vec());
            columns.extend(chosen.into_iter().map(column));
        }
        for model in world.study.models() {
            columns.push(Output::Numbers(format!("{}_score", model.name), model.linear.clone()));
            columns.push(Output::Numbers(format!("{}_probability", model.name), model.probability()));
        }
        let reasons = world.study.features().and_then(|set| reasons(set, path));
        if let Some((beside, _)) = &reasons {
            target.claim(beside)?;
        }
        table::write(path, columns)?;
        if let Some((beside, columns)) = reasons {
            table::write(&beside, columns)?;
        }
        Ok(format!("{} with {}", counted(cohort.patients.len(), "patients"), counted(features, "features")))
    }

    /// One image of one patient.
    fn scan(&self, world: &World<'_>, path: &Path) -> Result<String> {
        let Look { patient, settings, scan, roi, .. } =
            look(world, "export", self.patient.as_deref(), self.params.as_deref())?;
        let name = self.image.as_deref().unwrap_or("original");
        let image = features::filtered(&scan, &roi, &settings, name, &Window::whole(&scan.geometry))?;
        let kind = if image.pixel == Pixel::Float32 { Datatype::F32 } else { Datatype::F64 };
        nifti::write(path, &image, kind)?;
        Ok(format!("{name} of {}", patient.id))
    }
}

/// The signature as a formula.
fn signature(world: &World<'_>, path: &Path) -> Result<String> {
    let set = world.study.need_features("export")?;
    let model = world.study.need_model("export", "signature")?;
    Formula::of(model, set).write(path)?;
    Ok(format!("the signature of {}", counted(model.terms.len(), "features")))
}

/// Every feature without a value and why, for `NAME.reasons.csv` beside the table; none where all have one.
fn reasons(set: &FeatureSet, path: &Path) -> Option<(PathBuf, Vec<Output>)> {
    if set.undefined.is_empty() {
        return None;
    }
    let column = |name: &str, of: &dyn Fn(&Undefined) -> String| {
        Output::Text(name.into(), set.undefined.iter().map(|u| Some(of(u))).collect())
    };
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let columns = vec![
        column("patient", &|u| u.patient.clone()),
        column("reader", &|u| u.reader.to_string()),
        column("feature", &|u| u.feature.clone()),
        column("reason", &|u| u.reason.to_string()),
    ];
    Some((path.with_file_name(format!("{stem}.reasons.csv")), columns))
}

fn report(form: Form, world: &World<'_>, path: &Path) -> Result<String> {
    let entries: Vec<(&str, &Page)> = world.cells.iter().map(|c| (c.line.as_str(), &*c.page)).collect();
    let text = match form {
        Form::Html => html::report("radnote report", world.tried, &entries),
        Form::Md => markdown::report("radnote report", world.tried, &entries),
        _ => json::results(world.tried.map(|tried| tried.count), &entries),
    };
    files::write(path, |out| out.write_all(text.as_bytes()))?;
    let empty = world.cells.iter().filter(|c| !c.ready).count();
    let empty = if empty > 0 { format!(" ({empty} without a result)") } else { String::new() };
    let cells = if entries.len() == 1 { "cell" } else { "cells" };
    Ok(format!("{} {cells}{empty}", entries.len()))
}
