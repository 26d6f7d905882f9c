//! `predict`: a new patient by the nomogram, by points and by the model's formula.

use serde::{Deserialize, Serialize};

use super::nomogram::{Built, RISKS, built};
use super::remedy;
use super::spec::{Command, Flag, Kind, Place, Spec, Step, World};
use crate::caution::Caution;
use crate::cohort::Values;
use crate::error::{Error, Result, nearest};
use crate::page::{Page, Table, number};
use crate::stats::logistic::inverse_logit;
use crate::stats::nomogram::Axis;
use crate::study::Study;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Predict {
    pub values: Vec<String>,
    pub patient: Option<String>,
}

impl Command for Predict {
    const SPEC: Spec = Spec {
        name: "predict",
        summary: "a new patient's probability by the nomogram, from points and from the formula",
        about: "Values as TERM=VALUE for every term of the nomogram, or a patient of the cohort by `--patient`, whose values \
                those of the line replace; the result names those and the patient's own. Points of each term add up to a total, the total gives the linear predictor \
                (total / points per unit + the predictor at 0 points) and the probability 1 / (1 + exp(-predictor)): the \
                same as the model's own intercept + sum of coefficient x value. Beside it stands what a reader of the \
                printed tables finds, who interpolates between ticks. A value outside the training patients' range is a \
                caution.",
        place: Place::View,
        flags: &[
            Flag::rest("values", Kind::Word, "TERM=VALUE, one for each term"),
            Flag::named("patient", Kind::Patient, "a patient of the cohort"),
        ],
        examples: &[
            "predict margin=well signature=0.4",
            "predict --patient P001",
            "predict --patient P001 margin=poor",
        ],
    };

    fn run(&self, world: &World<'_>) -> Result<Step> {
        asked(world.study, "predict", self, false).map(Step::Show)
    }
}

/// The page of a prediction. With `start`, a term that has no value begins at its median, a factor at its first
/// level.
pub(super) fn asked(study: &Study, command: &str, predict: &Predict, start: bool) -> Result<Page> {
    study.need_cohort(command)?;
    let Some(model) = study.models().find(|m| m.name == "nomogram") else {
        let remedy = remedy::nomogram(study).into();
        return Err(Error::NotYet { command: command.into(), missing: "a nomogram".into(), remedy });
    };
    let built = built(study, command, &model.variables, model.origin.method().unwrap_or_default())?;
    let values = predict.values(study, &built, start)?;
    let mut page = page(&built, &values)?.value("patient", &predict.patient);
    if let Some(id) = &predict.patient {
        let replaced = replaced(study, &built, &values, id);
        page.headline = format!("{id}{replaced}: {}", page.headline);
    }
    Ok(super::unsettled(std::slice::from_ref(model)).into_iter().fold(page, Page::caution))
}

/// Which of a patient's values the line replaces and what they are: ` with signature = 0.5 (own -0.2134)`. So a value that was
/// written for another fit of the model is seen beside what it is now.
fn replaced(study: &Study, built: &Built, values: &[Given], id: &str) -> String {
    let row = row(study, id).ok();
    let written = built.figure.axes.iter().enumerate().zip(values).filter(|(_, v)| v.written);
    let said = written.map(|((t, axis), value)| {
        let own = row.and_then(|row| of_patient(study, built, t, axis, row).ok());
        let own = own.map_or_else(|| "none of its own".to_string(), |own| format!("own {}", own.shown));
        format!("{} = {} ({own})", axis.name, value.shown)
    });
    let said = said.collect::<Vec<_>>().join(", ");
    if said.is_empty() { said } else { format!(" with {said}") }
}

/// What is known of one term.
struct Given {
    /// As a line has it, and as a reader sees it.
    text: String,
    shown: String,
    /// It stands in the line.
    written: bool,
    /// The number of a numeric term; none of a level.
    number: Option<f64>,
    /// The columns of the design.
    columns: Vec<f64>,
}

impl Predict {
    /// A value of every term of the figure, in its order.
    fn values(&self, study: &Study, built: &Built, start: bool) -> Result<Vec<Given>> {
        let names: Vec<&str> = built.figure.axes.iter().map(|a| a.name.as_str()).collect();
        let mut written: Vec<Option<&str>> = vec![None; names.len()];
        for word in &self.values {
            let bad = |expected: &str| Error::BadValue {
                what: "a value".into(),
                given: word.clone(),
                expected: expected.to_string(),
            };
            let (name, value) = word.split_once('=').ok_or_else(|| bad("write it as TERM=VALUE"))?;
            let at = names.iter().position(|n| *n == name).ok_or_else(|| Error::NoSuch {
                what: "term of the nomogram".into(),
                given: name.into(),
                nearest: nearest(name, names.iter().copied()),
                known: names.iter().map(ToString::to_string).collect(),
            })?;
            if written[at].replace(value).is_some() {
                return Err(bad("this term is given twice"));
            }
        }
        let row = self.patient.as_deref().map(|id| row(study, id)).transpose()?;
        let of = |(t, axis): (usize, &Axis)| match (written[t], row) {
            (Some(value), _) => of_line(built, t, axis, value),
            (None, Some(row)) => of_patient(study, built, t, axis, row),
            (None, None) if start => Ok(Given { written: false, ..of_line(built, t, axis, &middle(built, t, axis))? }),
            (None, None) => {
                let all = names.iter().map(|n| format!("{n}=VALUE")).collect::<Vec<_>>().join(" ");
                Err(Error::NotYet {
                    command: "predict".into(),
                    missing: format!("a value of `{}`", axis.name),
                    remedy: format!("run `predict {all}`, or `predict --patient ID`"),
                })
            }
        };
        built.figure.axes.iter().enumerate().map(of).collect()
    }
}

/// Where a term starts: the median of a number, the reference level of a factor.
fn middle(built: &Built, t: usize, axis: &Axis) -> String {
    match built.figure.median(t) {
        Some(median) => number::significant(median, 4),
        None => axis.ticks.first().map_or_else(String::new, |tick| tick.label.clone()),
    }
}

/// The row of a patient.
fn row(study: &Study, id: &str) -> Result<usize> {
    let ids = study.need_cohort("predict")?.ids();
    ids.iter().position(|i| i == id).ok_or_else(|| Error::NoSuch {
        what: "patient".into(),
        given: id.into(),
        nearest: nearest(id, ids.iter().map(String::as_str)),
        known: ids.clone(),
    })
}

/// A value as it stands in the line.
fn of_line(built: &Built, t: usize, axis: &Axis, value: &str) -> Result<Given> {
    if built.figure.trained(t).is_some() {
        let number = value.parse().ok().filter(|v: &f64| v.is_finite()).ok_or_else(|| Error::BadValue {
            what: format!("`{}`", axis.name),
            given: value.into(),
            expected: "a number is expected".into(),
        })?;
        return Ok(given(value, Some(number), vec![number]));
    }
    unseen(built, axis, value)?;
    let levels: Vec<String> = axis.ticks.iter().map(|tick| tick.label.clone()).collect();
    let level = levels.iter().position(|l| l == value).ok_or_else(|| Error::NoSuch {
        what: format!("level of `{}`", axis.name),
        given: value.into(),
        nearest: nearest(value, levels.iter().map(String::as_str)),
        known: levels.clone(),
    })?;
    // Treatment contrasts: a column for each level but the first.
    let columns = (1..levels.len()).map(|l| f64::from(u8::from(l == level))).collect();
    Ok(given(value, None, columns))
}

fn given(text: &str, number: Option<f64>, columns: Vec<f64>) -> Given {
    Given { text: text.into(), shown: text.into(), written: true, number, columns }
}

/// A value of a patient of the cohort.
fn of_patient(study: &Study, built: &Built, t: usize, axis: &Axis, row: usize) -> Result<Given> {
    let columns: Vec<f64> = built.design.span(t).map(|j| built.design.columns[j][row]).collect();
    let variable = study.need_cohort("predict")?.clinical.iter().find(|v| v.name == axis.name);
    if columns.iter().any(|v| v.is_nan()) {
        variable.map_or(Ok(()), |v| unseen(built, axis, &v.text(row)))?;
        return Err(Error::NotYet {
            command: "predict".into(),
            missing: format!("a value of `{}`, which this patient lacks,", axis.name),
            remedy: format!("add `{}=VALUE` to the line", axis.name),
        });
    }
    let number = built.figure.trained(t).map(|_| columns[0]);
    let (text, shown) = match (number, variable.map(|v| (v, &v.values))) {
        (None, Some((variable, Values::Factor { .. }))) => (variable.text(row), variable.text(row)),
        _ => (number::exact(columns[0]), number::value(columns[0])),
    };
    Ok(Given { text, shown, written: false, number, columns })
}

fn page(built: &Built, values: &[Given]) -> Result<Page> {
    let Built { design, fitted, figure } = built;
    let design_row: Vec<f64> = values.iter().flat_map(|v| v.columns.iter().copied()).collect();
    let points = figure.points(&design_row);
    let total: f64 = points.iter().sum();
    let (by_points, at_total) = (figure.linear_at(total), figure.probability_at(total));
    let coef = &fitted.fit.coef;
    // A column that depends on others has no coefficient and counts for nothing, as in the fit.
    let effects = coef[1..].iter().zip(&design_row).filter(|(b, _)| !b.is_nan()).map(|(b, x)| b * x);
    let linear = effects.fold(coef[0], |sum, effect| sum + effect);
    let probability = inverse_logit(linear);

    let read: Vec<Option<f64>> = values
        .iter()
        .enumerate()
        .map(|(t, v)| v.number.map_or_else(|| figure.level_points(t, &v.text), |x| figure.read_points(t, x)))
        .collect();
    let read_total = read.iter().copied().sum::<Option<f64>>();
    let read_probability = read_total.and_then(|total| figure.read_probability(total, &RISKS));
    let tenths = |points: Option<f64>| points.map_or_else(|| "beyond the axis".to_string(), |p| number::fixed(p, 1));

    let mut table = Table::new("Points").left("term").right("value").right("points").right("read from the table");
    for ((axis, value), (points, read)) in figure.axes.iter().zip(values).zip(points.iter().zip(&read)) {
        table.row([axis.name.clone(), value.shown.clone(), number::significant(*points, 6), tenths(*read)]);
    }
    table.row(["total".into(), String::new(), number::significant(total, 6), tenths(read_total)]);
    let mut ways = Table::new("Probability").left("way").right("probability").right("points").right("linear predictor");
    let six = |value| number::significant(value, 6);
    ways.row(["by the formula".into(), six(probability), String::new(), six(linear)]);
    ways.row(["by points".into(), six(at_total), six(total), six(by_points)]);
    let read_off = read_probability.map_or_else(|| "beyond the marks".to_string(), number::share);
    ways.row(["read from the tables".into(), read_off, tenths(read_total), String::new()]);

    let headline = format!("probability {}, {} points", number::share(probability), number::significant(total, 4));
    // What is asked for comes first: where the screen is low the points are a page further.
    let mut page = Page::new("Prediction", headline)
        .table(ways)
        .table(table)
        .value("term", figure.axes.iter().map(|a| &a.name).collect::<Vec<_>>())
        .value("value", values.iter().map(|v| &v.text).collect::<Vec<_>>())
        .value("shown", values.iter().map(|v| &v.shown).collect::<Vec<_>>())
        .value("written", values.iter().map(|v| v.written).collect::<Vec<_>>())
        .value("ticks", figure.axes.iter().map(ticks).collect::<Vec<_>>())
        .value("total_ticks", &figure.total)
        .value("points", &points)
        .value("total", total)
        .value("most", figure.total.iter().copied().fold(0.0, f64::max))
        .value("levels", figure.axes.iter().enumerate().map(|(t, a)| levels(built, t, a)).collect::<Vec<_>>())
        .value("range", (0..figure.axes.len()).map(|t| figure.trained(t)).collect::<Vec<_>>())
        .value("linear_by_points", by_points)
        .value("probability_by_points", at_total)
        .value("linear", linear)
        .value("probability", probability)
        .value("probability_read", read_probability);
    for (t, value) in values.iter().enumerate() {
        if let (Some(value), Some((low, high))) = (value.number, figure.trained(t))
            && !(low..=high).contains(&value)
        {
            let [value, low, high] = [value, low, high].map(number::rounded);
            page = page.caution(Caution::Outside { what: design.terms[t].0.clone(), value, low, high });
        }
    }
    Ok(page)
}

/// The marks of an axis: points and text.
fn ticks(axis: &Axis) -> Vec<(f64, &str)> {
    axis.ticks.iter().map(|t| (t.points, t.label.as_str())).collect()
}

/// The levels of a factor; none of a number.
fn levels(built: &Built, t: usize, axis: &Axis) -> Vec<String> {
    let ticks = axis.ticks.iter().filter(|_| built.figure.trained(t).is_none());
    ticks.map(|tick| tick.label.clone()).collect()
}

/// A level that no patient has whom the model was fitted on: it knows nothing of it.
fn unseen(built: &Built, axis: &Axis, level: &str) -> Result<()> {
    match built.design.unseen.iter().any(|(term, unseen)| *term == axis.name && unseen == level) {
        true => {
            let what = format!("the prediction for {} = {level}", axis.name);
            Err(Error::Undefined { what, why: "no patient that the model was fitted on has this level".into() })
        }
        false => Ok(()),
    }
}
