//! `browse`: all features in one table, sorted and filtered.

use std::sync::Arc;

use ndarray::ArrayView1;
use serde::{Deserialize, Serialize};

use super::dial::{self, Dial};
use super::spec::{Command, Flag, Kind, Place, Screen, Spec, Step, World};
use crate::caution::counted;
use crate::error::{Error, Result, nearest};
use crate::num::rank;
use crate::page::{Page, Table, number};
use crate::study::{FeatureSet, Stage, Unfit};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Browse {
    words: Vec<String>,
    sort: String,
    order: Order,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Order {
    #[default]
    Up,
    Down,
}

impl Default for Browse {
    fn default() -> Self {
        Self { words: Vec::new(), sort: "table".into(), order: Order::Up }
    }
}

/// One column of the table.
struct Column {
    /// The name `--sort` takes.
    key: String,
    head: String,
    cells: Cells,
}

enum Cells {
    Words(Vec<String>),
    Numbers(Vec<f64>, fn(f64) -> String),
}

/// The columns that are read most, in this order: with a name of usual length the numbers among them are seen on 80 columns.
const FIRST: [&str; 8] = ["feature", "kept", "icc", "p", "adjusted", "auc", "reason", "volume"];

/// Names of the features whose values are a tumour's volume, the surest first.
const VOLUMES: [&str; 2] = ["shape_MeshVolume", "shape_VoxelVolume"];

impl Command for Browse {
    const SPEC: Spec = Spec {
        name: "browse",
        summary: "all features in one table: sort it, filter it, see why each was dropped",
        about: "One row a feature: the step that kept it last, ICC, p, adjusted p, AUC, why it was dropped, Spearman's correlation \
                with the tumour's volume over all patients, and what else every step found of it (limits of the ICC, U, \
                coefficients). \
                WORDS filter: a row stays when its name or its reason holds all of them, in any case. `--sort` takes a \
                column's name as the head of the table writes it, `table` is the order of the feature table; what is not \
                defined stands last. On a full screen it opens as a screen of its own (key 3).",
        place: Place::Request,
        flags: &[
            Flag::rest("words", Kind::Word, "only features whose row holds these words"),
            Flag::named("sort", Kind::Word, "the column to sort by, `table` for none"),
            Flag::named("order", Kind::Choice(&["up", "down"]), "smallest or largest first"),
        ],
        examples: &["browse", "browse glcm --sort auc --order down"],
    };

    fn run(&self, world: &World<'_>) -> Result<Step> {
        let set = world.study.need_features("browse")?;
        let columns = columns(world, set)?;
        let order = self.order(&columns, set.names.len())?;
        let mut table = Table::new("Features");
        for column in &columns {
            table = match column.cells {
                Cells::Words(_) => table.left(&column.head),
                Cells::Numbers(..) => table.right(&column.head),
            };
        }
        for i in &order {
            table.row(columns.iter().map(|c| c.text(*i)));
        }
        let headline = match order.len() == set.names.len() {
            true => format!("{}, {} kept", counted(set.names.len(), "features"), world.study.kept().len()),
            false => format!("{} of {}", order.len(), counted(set.names.len(), "features")),
        };
        let keys: Vec<&str> = columns.iter().map(|c| c.key.as_str()).collect();
        let mut page = Page::new("Features", headline)
            .table(table)
            .value("columns", keys)
            .value("index", &order)
            .value("words", self.words.join(" "))
            .value("sort", &self.sort)
            .value("order", self.order);
        for column in &columns {
            page = match &column.cells {
                Cells::Words(words) => page.value(&column.key, order.iter().map(|i| &words[*i]).collect::<Vec<_>>()),
                Cells::Numbers(v, _) => page.value(&column.key, order.iter().map(|i| v[*i]).collect::<Vec<_>>()),
            };
        }
        Ok(Step::Open(Screen::Browse, page))
    }
}

impl Browse {
    /// The rows that stay, in order. Equal values stay in the order of the feature table.
    fn order(&self, columns: &[Column], count: usize) -> Result<Vec<usize>> {
        let words: Vec<String> = self.words.iter().map(|w| w.to_lowercase()).collect();
        let holds = |i: &usize| {
            let text: String = columns.iter().filter_map(|c| c.words(*i)).flat_map(|w| [w, " "]).collect();
            let text = text.to_lowercase();
            words.iter().all(|w| text.contains(w))
        };
        let mut order: Vec<usize> = (0..count).filter(holds).collect();
        if self.sort == "table" {
            if self.order == Order::Down {
                order.reverse();
            }
            return Ok(order);
        }
        let keys = || columns.iter().map(|c| c.key.as_str());
        let by = columns.iter().find(|c| c.key == self.sort || c.head == self.sort).ok_or_else(|| Error::NoSuch {
            what: "column".into(),
            given: self.sort.clone(),
            nearest: nearest(&self.sort, keys()),
            known: keys().map(str::to_string).collect(),
        })?;
        match &by.cells {
            Cells::Words(words) => order.sort_by_key(|i| words[*i].to_lowercase()),
            Cells::Numbers(v, _) if self.order == Order::Down => order.sort_by(|a, b| super::descending(v[*a], v[*b])),
            Cells::Numbers(v, _) => order.sort_by(|a, b| super::descending(-v[*a], -v[*b])),
        }
        if let (Cells::Words(_), Order::Down) = (&by.cells, self.order) {
            order.reverse();
        }
        Ok(order)
    }
}

impl Column {
    fn text(&self, i: usize) -> String {
        match &self.cells {
            Cells::Words(words) => words[i].clone(),
            Cells::Numbers(v, _) if v[i].is_nan() => String::new(),
            Cells::Numbers(v, write) => write(v[i]),
        }
    }

    fn words(&self, i: usize) -> Option<&str> {
        match &self.cells {
            Cells::Words(words) => Some(&words[i]),
            Cells::Numbers(..) => None,
        }
    }
}

/// A step with what it did to each feature.
struct Judged<'a> {
    stage: &'a Stage,
    set: &'a FeatureSet,
    training: &'a [usize],
    kept: Vec<bool>,
    /// Where each feature stands among the tested.
    at: Vec<Option<usize>>,
    /// The threshold it was judged by.
    dial: Option<Dial>,
}

impl<'a> Judged<'a> {
    fn of(stage: &'a Stage, set: &'a FeatureSet, training: &'a [usize], world: &World<'_>) -> Self {
        let count = set.names.len();
        let (mut kept, mut at) = (vec![false; count], vec![None; count]);
        stage.kept.iter().for_each(|j| kept[*j] = true);
        stage.tested.iter().enumerate().for_each(|(i, j)| at[*j] = Some(i));
        let line = world.cells.iter().map(|c| c.line.as_str()).find(|l| l.split(' ').next() == Some(stage.step));
        let dials = line.and_then(|l| dial::dials(l, None, Some(stage)).ok()).unwrap_or_default();
        let dial = dials.into_iter().find(|d| d.quantity().is_some());
        Self { stage, set, training, kept, at, dial }
    }

    /// Why this feature has no number here. An ICC is of the patients with a further reading, who may be others than those of
    /// training.
    fn unfit(&self, j: usize) -> Option<Unfit> {
        let fit = self.set.unfit(j, self.training);
        if self.stage.step != "icc" {
            return fit;
        }
        let infinite = Some(self.set.infinite_readings(j)).filter(|n| *n > 0).map(Unfit::Infinite);
        infinite.or(fit.filter(|why| *why == Unfit::Constant))
    }

    /// Why this feature did not stay.
    fn reason(&self, j: usize) -> String {
        let step = self.stage.step;
        let judged = self.dial.as_ref().and_then(|dial| Some((dial, dial.quantity()?)));
        let (Some(at), Some((dial, quantity))) = (self.at[j], judged) else {
            let coefficient = self.stage.found.iter().find(|(name, _)| *name == "coef").zip(self.at[j]);
            return match coefficient.map(|((_, v), at)| v[at]) {
                // A search leaves a feature out; a penalty shrinks its coefficient to nothing.
                Some(0.0) if step == "lasso" => format!("{step}: coefficient 0"),
                Some(v) if v.is_nan() => match self.unfit(j) {
                    Some(why) => format!("{step}: {why}"),
                    None => format!("{step}: depends linearly on earlier features"),
                },
                _ => format!("{step}: not {}", if self.at[j].is_some() { "chosen" } else { "tested" }),
            };
        };
        let limit = if quantity == "lower" { "lower limit " } else { "" };
        match self.stage.found.iter().find(|(name, _)| *name == quantity).map(|(_, v)| v[at]) {
            Some(v) if !v.is_nan() => {
                format!("{step}: {limit}{} is not {} {}", number::value(v), dial.flag.name, dial.value)
            }
            _ => {
                let lacks = match quantity {
                    "icc" => "ICC",
                    "lower" => "lower limit",
                    "p_adjusted" => "p",
                    other => other,
                };
                let why = self.unfit(j).map(|why| format!(", {why}")).unwrap_or_default();
                format!("{step}: no {lacks}{why}")
            }
        }
    }
}

fn columns(world: &World<'_>, set: &FeatureSet) -> Result<Vec<Column>> {
    let count = set.names.len();
    // Without an outcome nothing was fitted.
    let training = world.study.training("browse").map(|(rows, _)| rows).unwrap_or_default();
    let stages: Vec<Judged<'_>> = world.study.stages().map(|s| Judged::of(s, set, &training, world)).collect();
    let words = |key: &str, head: &str, of: &dyn Fn(usize) -> String| Column {
        key: key.into(),
        head: head.into(),
        cells: Cells::Words((0..count).map(of).collect()),
    };
    let mut columns = vec![
        words("feature", "feature", &|j| set.names[j].clone()),
        words("kept", "kept by", &|j| {
            stages.iter().rfind(|s| s.kept[j]).map(|s| s.stage.step.to_string()).unwrap_or_default()
        }),
    ];
    for stage in stages.iter().map(|s| s.stage) {
        // The test that an ICC is zero is true of nearly every feature, and cuts none.
        for (name, found) in stage.found.iter().filter(|(name, _)| (stage.step, *name) != ("icc", "p")) {
            let (key, head, write) = named(stage.step, name);
            let mut values = vec![f64::NAN; count];
            stage.tested.iter().zip(found).for_each(|(j, v)| values[*j] = *v);
            if (stage.step, *name) == ("stepwise", "coef") {
                // What the search left out has no estimate.
                values.iter_mut().filter(|v| **v == 0.0).for_each(|v| *v = f64::NAN);
            }
            columns.push(Column { key, head, cells: Cells::Numbers(values, write) });
        }
    }
    let reason = words("reason", "why dropped", &|j| match stages.iter().find(|s| !s.kept[j]) {
        Some(first) if first.at[j].is_none() && set.is_single_bin(j) => "a single grey level".into(),
        Some(first) => first.reason(j),
        None => String::new(),
    });
    let volume = correlation(world, set)?;
    let volume = volume.iter().any(|r| !r.is_nan()).then(|| Column {
        key: "volume".into(),
        head: "r volume".into(),
        cells: Cells::Numbers(volume.to_vec(), number::share),
    });
    columns.extend([Some(reason), volume].into_iter().flatten());
    // Those that have no place among the first stay in the order of the steps.
    columns.sort_by_key(|column| FIRST.iter().position(|key| *key == column.key).unwrap_or(FIRST.len()));
    Ok(columns)
}

/// How a quantity of a step is called and written: the usual ones shortly, others under the step's name.
fn named(step: &str, name: &str) -> (String, String, fn(f64) -> String) {
    let (key, head, write): (&str, &str, fn(f64) -> String) = match (step, name) {
        ("icc", "icc") => ("icc", "ICC", number::share),
        ("icc", "lower") => ("lower", "ICC from", number::share),
        ("icc", "upper") => ("upper", "ICC to", number::share),
        ("icc", "f") => ("iccf", "ICC F", number::value),
        ("icc", "n") => ("iccn", "ICC n", number::count),
        ("mannwhitney", "u") => ("u", "U", number::value),
        ("mannwhitney", "p") => ("p", "p", number::p),
        ("mannwhitney", "p_adjusted") => ("adjusted", "adjusted p", number::p),
        ("mannwhitney", "auc") => ("auc", "AUC", number::share),
        (_, "p") => return (format!("{step}p"), format!("{step} p"), number::p),
        _ => return (format!("{step}{name}"), format!("{step} {name}"), number::value),
    };
    (key.into(), head.into(), write)
}

/// Spearman's correlation of every feature with the tumour's volume, over the patients that have both.
fn correlation(world: &World<'_>, set: &FeatureSet) -> Result<Arc<Vec<f64>>> {
    let key = world.study.data_key("volume").finish();
    world.workings.get(key, || {
        let named = |end: &str| set.names.iter().position(|n| n.ends_with(end));
        let Some(volume) = VOLUMES.iter().find_map(|end| named(end)) else {
            return Ok(vec![f64::NAN; set.names.len()]);
        };
        let of = |j| spearman(set.matrix.column(volume), set.matrix.column(j));
        (0..set.names.len()).map(|j| world.task.check().map(|()| of(j))).collect()
    })
}

/// Pearson's correlation of average ranks; undefined for fewer than three pairs or a constant.
fn spearman(x: ArrayView1<'_, f64>, y: ArrayView1<'_, f64>) -> f64 {
    let (x, y): (Vec<f64>, Vec<f64>) =
        x.iter().zip(y).filter(|(a, b)| a.is_finite() && b.is_finite()).map(|(a, b)| (*a, *b)).unzip();
    if x.len() < 3 {
        return f64::NAN;
    }
    let (x, y) = (rank::average(&x).rank, rank::average(&y).rank);
    let mean = (x.len() as f64 + 1.0) / 2.0;
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| (a - mean) * (b - mean)).sum::<f64>();
    dot(&x, &y) / (dot(&x, &x) * dot(&y, &y)).sqrt()
}
