//! `patients`: the patients of the cohort, or one of them: slice, scores, leverage, and where the readers disagree.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::show::image::{self, Asked};
use super::spec::{Command, Flag, Kind, Place, Screen, Spec, Step, World};
use crate::caution::{Caution, counted};
use crate::cohort::{Cohort, Patient};
use crate::error::{Error, Result, nearest};
use crate::num::summary;
use crate::page::{Page, Table, number};
use crate::study::{Failure, FeatureSet, Leverage, Model, Study, leverage};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Patients {
    id: Option<String>,
    image: String,
    slice: Option<u32>,
    level: Option<f64>,
    window: Option<f64>,
    params: Option<String>,
}

impl Default for Patients {
    fn default() -> Self {
        Self { id: None, image: "original".into(), slice: None, level: None, window: None, params: None }
    }
}

/// A difference of readers beyond this many deviations of the feature's differences is an outlier.
const FAR: f64 = 3.0;
/// Features named of those the readers disagree on.
const NAMED: usize = 8;

/// What is known of every patient, in the order of the cohort.
struct Known<'a> {
    models: Vec<&'a Model>,
    /// That in the last model; empty without one.
    leverage: Leverage,
    /// The deviation of each feature's difference between readers, by patient.
    apart: Vec<Vec<(usize, f64)>>,
    features: Option<&'a FeatureSet>,
}

impl Command for Patients {
    const SPEC: Spec = Spec {
        name: "patients",
        summary: "the patients, or one of them: slice with outlines, scores, leverage, where readers disagree",
        about: "Without an id every patient with outcome, the last model's score and probability, leverage, and how many features \
                the readers disagree on. With an id a slice of the scan (`--image` by the name its columns begin with, \
                `--slice` from 1, grey values by `--level` and `--window`) with every reader's outline, the probability by each \
                model, and the features on which the readers disagree most. Leverage is the diagonal of the hat matrix of the \
                last model's fit (w x' V x, of a signature on its features; none of a score of the lasso or of a file) in its \
                training patients; over twice the mean is much. Readers disagree where a \
                feature's difference lies over 3 standard deviations from its mean over patients. On a full screen it \
                opens as a screen of its own (key 5).",
        place: Place::Request,
        flags: &[
            Flag::first("id", Kind::Patient, "the patient; all when none is named"),
            Flag::named("image", Kind::Image, "the scan as it is, or filtered"),
            Flag::named("slice", Kind::Whole, "which slice, from 1; the one with most of the tumour when not given"),
            Flag::named("level", Kind::Number, "the value in the middle of the greys"),
            Flag::named("window", Kind::Number, "how many units the greys span"),
            Flag::named("params", Kind::Params, "what makes the image; paper-1967 when not given"),
        ],
        examples: &["patients", "patients P001", "patients P001 --image wavelet-LLH --slice 12"],
    };

    fn run(&self, world: &World<'_>) -> Result<Step> {
        let study = world.study;
        let cohort = study.need_cohort("patients")?;
        let known = known(study)?;
        let page = match &self.id {
            None => list(cohort, &known),
            Some(id) => self.one(world, cohort, &known, id)?,
        };
        Ok(Step::Open(Screen::Patients, page.value("patients", cohort.ids())))
    }
}

impl Patients {
    fn one(&self, world: &World<'_>, cohort: &Cohort, known: &Known<'_>, id: &str) -> Result<Page> {
        let ids = cohort.ids();
        let at = ids.iter().position(|i| i == id).ok_or_else(|| Error::NoSuch {
            what: "patient".into(),
            given: id.into(),
            nearest: nearest(id, ids.iter().map(String::as_str)),
            known: ids.clone(),
        })?;
        let patient = &cohort.patients[at];
        let mut page = match patient.scan {
            Some(_) => shown(image::page(&self.asked(id)?, world))?,
            None => Page::new("", "").caution(Caution::Note(format!("{id} has no scan in this cohort"))),
        };
        let why = without(cohort, known.features).swap_remove(at);
        page.cautions.extend(why.map(|why| Caution::Note(why.sentence)));
        page.title = format!("Patient {id}");
        let mut said = vec![format!("{id}, {}", patient.role.name)];
        said.extend(cohort.outcome.as_ref().map(|o| format!("{} = {}", o.name, u8::from(o.events[at]))));
        said.extend(known.models.last().map(|m| format!("{} {}", m.name, number::share(m.probability()[at]))));
        page.headline = said.join(", ");
        if !known.models.is_empty() {
            page = page.table(scores(known, at));
        }
        let leverage = known.leverage.of.get(at);
        if let Some(&h) = leverage.filter(|h| h.is_finite()) {
            let mean = known.leverage.mean;
            let much = if h > 2.0 * mean { ", over twice the mean" } else { "" };
            let text = format!("{} (mean {}{much})", number::share(h), number::share(mean));
            page = page.facts([("leverage", text)]);
        }
        if let Some(set) = world.study.features()
            && let Some(table) = disagreements(set, &known.apart[at])
        {
            page = page.table(table);
        }
        let probability =
            |m: &&Model| json!({ "model": m.name, "score": m.linear[at], "probability": m.probability()[at] });
        Ok(page
            .value("id", id)
            .value("image", &self.image)
            .value("models", known.models.iter().map(probability).collect::<Vec<_>>())
            .value("leverage", leverage)
            .value("apart", known.apart[at].len()))
    }

    fn asked<'a>(&'a self, id: &'a str) -> Result<Asked<'a>> {
        let greys = match (self.level, self.window) {
            (None, None) => None,
            (Some(level), Some(window)) if window > 0.0 => Some((level - window / 2.0, level + window / 2.0)),
            _ => {
                return Err(Error::BadValue {
                    what: "the greys".into(),
                    given: super::args::line(self),
                    expected: "give `--level` and `--window` together, and a window above 0".into(),
                });
            }
        };
        let params = self.params.as_deref();
        Ok(Asked { name: &self.image, patient: Some(id), slice: self.slice, params, greys })
    }
}

/// The slice; what is wrong with the files of a scan is said in its place, and the patient's other numbers stay.
fn shown(slice: Result<Page>) -> Result<Page> {
    match slice {
        Err(
            error @ (Error::File { .. }
            | Error::Scan { .. }
            | Error::Mismatch { .. }
            | Error::NoLabel { .. }
            | Error::BadRoi { .. }),
        ) => Ok(Page::new("", "").caution(Caution::Note(format!("there is no slice to show: {}", error.advised())))),
        slice => slice,
    }
}

fn known(study: &Study) -> Result<Known<'_>> {
    let models: Vec<&Model> = study.models().collect();
    let leverage = models.last().map(|model| leverage(study, "patients", model)).transpose()?.unwrap_or_default();
    let patients = study.cohort().map_or(0, |c| c.patients.len());
    let apart = study.features().map_or_else(|| vec![Vec::new(); patients], apart);
    Ok(Known { models, leverage, apart, features: study.features() })
}

/// Of each patient the features whose difference between the first and another reader is far from that of the others, with
/// the deviation.
fn apart(set: &FeatureSet) -> Vec<Vec<(usize, f64)>> {
    let mut found = vec![Vec::new(); set.matrix.nrows()];
    for reader in &set.readers {
        for j in 0..set.names.len() {
            let difference = |i: usize| reader[[i, j]] - set.matrix[[i, j]];
            let all: Vec<f64> = (0..found.len()).map(difference).filter(|d| d.is_finite()).collect();
            let (mean, sd) = (summary::mean(&all), summary::sd(&all));
            for (i, mine) in found.iter_mut().enumerate() {
                let z = (difference(i) - mean) / sd;
                if z.abs() > FAR {
                    mine.push((j, z));
                }
            }
        }
    }
    found.iter_mut().for_each(|f| f.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs())));
    found
}

fn list(cohort: &Cohort, known: &Known<'_>) -> Page {
    let mut table = Table::new("").left("patient").left("role").right("outcome");
    let last = known.models.last();
    if let Some(model) = last {
        table = table.right(&format!("{} score", model.name)).right("probability").right("leverage");
    }
    table = table.right("readers apart");
    let without = without(cohort, known.features);
    if without.iter().any(Option::is_some) {
        table = table.left("no features");
    }
    let probability = last.map(|m| m.probability());
    for (i, patient) in cohort.patients.iter().enumerate() {
        let outcome = cohort.outcome.as_ref().map(|o| u8::from(o.events[i]).to_string());
        let mut row = vec![patient.id.clone(), patient.role.name.clone(), outcome.unwrap_or_default()];
        if let (Some(model), Some(p)) = (last, &probability) {
            let h = known.leverage.of[i];
            let leverage = if h.is_nan() { String::new() } else { number::share(h) };
            row.extend([score(model.linear[i]), number::share(p[i]), leverage]);
        }
        let apart = known.apart[i].len();
        row.push(if apart == 0 { String::new() } else { counted(apart, "features") });
        if table.columns.len() > row.len() {
            row.push(without[i].as_ref().map(|why| why.short.clone()).unwrap_or_default());
        }
        table.row(row);
    }
    let lack = without.iter().flatten().count();
    let lack = if lack > 0 { format!(", {lack} without features") } else { String::new() };
    Page::new("Patients", counted(cohort.patients.len(), "patients") + &lack).table(table)
}

/// Why a patient has no features: in a word or two for a table, and in a sentence.
struct Why {
    short: String,
    sentence: String,
}

/// Why each patient has none; none of one who has, or where there are no features yet.
fn without(cohort: &Cohort, features: Option<&FeatureSet>) -> Vec<Option<Why>> {
    let Some(set) = features else { return cohort.patients.iter().map(|_| None).collect() };
    let why = |(i, patient): (usize, &Patient)| {
        if set.matrix.row(i).iter().any(|v| !v.is_nan()) {
            return None;
        }
        let failed = set.failures.iter().find(|f| f.patient == patient.id && f.reader == 1);
        let (short, why) = match failed {
            Some(Failure { error, cause, .. }) => {
                (error.kind().replace('_', " "), format!("{cause}; {}", error.remedy()))
            }
            None if !set.tables.is_empty() => {
                ("not in table".into(), "there is no row in the table of features".into())
            }
            None if patient.scan.is_none() => ("no scan".into(), "there is no scan in this cohort".into()),
            None => ("no value".into(), "no feature has a value".into()),
        };
        Some(Why { short, sentence: format!("{} has no features and takes no part: {why}", patient.id) })
    };
    cohort.patients.iter().enumerate().map(why).collect()
}

fn scores(known: &Known<'_>, at: usize) -> Table {
    let mut table = Table::new("By each model").left("model").right("score").right("probability");
    for model in &known.models {
        table.row([model.name.clone(), score(model.linear[at]), number::share(model.probability()[at])]);
    }
    table
}

/// A linear predictor; 0 where rounding alone is left of its terms.
fn score(linear: f64) -> String {
    number::value(if linear.abs() < 1e-12 { 0.0 } else { linear })
}

/// The features the readers disagree on most in this patient; none where they never do.
fn disagreements(set: &FeatureSet, apart: &[(usize, f64)]) -> Option<Table> {
    if apart.is_empty() {
        return None;
    }
    let title = format!("Features on which the readers are far apart: {} of {}", apart.len(), set.names.len());
    let mut table = Table::new(title).left("feature").right("deviations");
    for (j, z) in apart.iter().take(NAMED) {
        table.row([set.names[*j].clone(), number::significant(*z, 3)]);
    }
    Some(table)
}
