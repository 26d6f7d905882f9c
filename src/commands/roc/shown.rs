//! What `roc` shows: its tables, curves and values.

use serde_json::json;

use super::{DIRECTION, Judged};
use crate::caution::Caution;
use crate::cohort::Role;
use crate::error::Result;
use crate::page::{Page, Plot, Table, number};
use crate::plots::{self, RocCurve};
use crate::stats::delong::{self, Area};
use crate::stats::proportion;
use crate::stats::roc::Counts;

/// What gathers over cohorts.
pub(super) struct Shown {
    pub(super) rows: Vec<serde_json::Value>,
    comparisons: Vec<serde_json::Value>,
    extras: Vec<serde_json::Value>,
    table: Table,
    cuts: Table,
    tests: Table,
    across: Across,
    /// The areas of the cohorts so far, by role.
    seen: Vec<(Role, Vec<Area>)>,
    plots: Vec<Plot>,
}

impl Shown {
    /// Nothing yet; `interval` is what that of an AUC is called.
    pub(super) fn new(interval: &str) -> Self {
        Self {
            rows: Vec::new(),
            comparisons: Vec::new(),
            extras: Vec::new(),
            table: results_table(interval),
            cuts: cut_table(),
            tests: Table::new("DeLong's paired test")
                .left("role")
                .left("models")
                .right("difference")
                .right("95 % interval")
                .right("z")
                .right("p"),
            across: Across::new(),
            seen: Vec::new(),
            plots: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, role: &Role, judged: &[Judged<'_>], y: &[bool]) -> Result<()> {
        for j in judged {
            self.table.row(row(j, role));
            self.rows.push(values(j, role));
            cut_rows(&mut self.cuts, j, role);
            self.extras.extend(extra(j, role));
        }
        for (other, areas) in &self.seen {
            self.across.add((other, areas), judged, role);
        }
        self.seen.push((role.clone(), judged.iter().map(|j| j.area.clone()).collect()));
        for (a, first) in judged.iter().enumerate() {
            for second in &judged[a + 1..] {
                self.pair(role, first, second, y)?;
            }
        }
        self.plots.push(plots::roc(&role.name, y.len(), judged.iter().map(curve).collect()));
        self.plots.extend(precision(role, judged, y));
        Ok(())
    }

    fn pair(&mut self, role: &Role, first: &Judged<'_>, second: &Judged<'_>, y: &[bool]) -> Result<()> {
        let test = delong::paired((&first.scores, DIRECTION), (&second.scores, DIRECTION), y, 0.95)?;
        let (a, b) = (&first.model.name, &second.model.name);
        self.tests.row([
            role.name.clone(),
            format!("{a} - {b}"),
            number::value(test.difference),
            crate::commands::limits(test.lower, test.upper),
            number::value(test.z),
            number::p(test.p),
        ]);
        self.comparisons.push(json!({
            "a": a, "b": b, "role": role.name, "difference": test.difference, "lower": test.lower, "upper": test.upper,
            "z": test.z, "p": test.p
        }));
        Ok(())
    }

    pub(super) fn onto(self, page: Page) -> Page {
        let extras = extra_table(&self.extras);
        let mut page = page.table(self.table).table(self.cuts);
        page.cautions.extend(self.across.flat.into_iter().map(Caution::Note));
        for table in [self.tests, self.across.table, extras].into_iter().filter(|t| !t.rows.is_empty()) {
            page = page.table(table);
        }
        page = page.value("rows", self.rows).value("comparisons", self.comparisons);
        page = page.value("unpaired", self.across.values);
        if !self.extras.is_empty() {
            page = page.value("extra", self.extras);
        }
        self.plots.into_iter().fold(page, Page::plot)
    }
}

/// The threshold as the reader of the model meets it; a score that tells nothing apart has none.
fn threshold(j: &Judged<'_>) -> String {
    match j.threshold {
        t if t.is_finite() => number::value(t),
        t if t < 0.0 => "all positive".into(),
        _ => "all negative".into(),
    }
}

fn results_table(interval: &str) -> Table {
    let table = Table::new("At the threshold of the largest Youden index in training (Rad-score, or probability)");
    let table = table.left("role").left("model").right("AUC").right(interval).right("threshold");
    table.right("accuracy").right("sensitivity").right("specificity")
}

fn row(j: &Judged<'_>, role: &Role) -> [String; 8] {
    [
        role.name.clone(),
        j.model.name.clone(),
        number::share(j.area.auc),
        number::interval(j.limits.0, j.limits.1),
        threshold(j),
        number::share(j.counts.accuracy()),
        number::share(j.counts.sensitivity()),
        number::share(j.counts.specificity()),
    ]
}

fn values(j: &Judged<'_>, role: &Role) -> serde_json::Value {
    let mut values = json!({
        "model": j.model.name, "role": role.name,
        "auc": j.area.auc, "lower": j.limits.0, "upper": j.limits.1,
        "threshold": number::limit(j.threshold), "at_threshold": at_cut(j.counts), "at_half": at_cut(j.half)
    });
    for (name, x, n) in shares(j.counts) {
        values[name] = json!(x as f64 / n as f64);
    }
    if let Some(part) = j.partial {
        values["partial"] = json!(part.raw);
        values["partial_corrected"] = json!(part.corrected);
    }
    if let Some(pr) = &j.precision {
        values["average_precision"] = json!(pr.average);
    }
    values
}

/// What is shown of the counts at a cut-off: of `n` patients `x`.
fn shares(c: Counts) -> [(&'static str, usize, usize); 5] {
    [
        ("accuracy", c.tp + c.tn, c.total()),
        ("sensitivity", c.tp, c.tp + c.fn_),
        ("specificity", c.tn, c.tn + c.fp),
        ("ppv", c.tp, c.tp + c.fp),
        ("npv", c.tn, c.tn + c.fn_),
    ]
}

fn at_cut(counts: Counts) -> serde_json::Value {
    let share = |(name, x, n): (&str, usize, usize)| {
        let (lower, upper) = proportion::clopper_pearson(x, n, 0.95);
        (name.to_string(), json!({ "x": x, "n": n, "estimate": x as f64 / n as f64, "lower": lower, "upper": upper }))
    };
    shares(counts).into_iter().map(share).collect::<serde_json::Map<_, _>>().into()
}

fn cut_table() -> Table {
    let table = Table::new("With Clopper-Pearson's 95 % intervals, at both cut-offs").left("role").left("model");
    let table = table.left("positive from");
    ["accuracy", "sensitivity", "specificity", "PPV", "NPV"].iter().fold(table, |table, name| table.right(name))
}

fn cut_rows(table: &mut Table, j: &Judged<'_>, role: &Role) {
    let chosen = if super::as_score(j.model) { "Rad-score" } else { "probability" };
    let cut = if j.threshold.is_finite() { format!("{chosen} {}", threshold(j)) } else { threshold(j) };
    let cuts = [(cut, j.counts), ("probability 0.5".into(), j.half)];
    for (cut, counts) in cuts {
        let cells = shares(counts).map(|(_, x, n)| {
            let (lower, upper) = proportion::clopper_pearson(x, n, 0.95);
            match n {
                0 => number::share(f64::NAN),
                n => format!("{} ({})", number::share(x as f64 / n as f64), number::interval(lower, upper)),
            }
        });
        table.row([role.name.clone(), j.model.name.clone(), cut].into_iter().chain(cells));
    }
}

/// Each model's areas in two cohorts against each other.
struct Across {
    table: Table,
    values: Vec<serde_json::Value>,
    /// Why a test is NA.
    flat: Vec<String>,
}

impl Across {
    fn new() -> Self {
        let table = Table::new("DeLong's unpaired test: different patients").left("model").left("roles");
        let table = table.right("first AUC").right("second AUC").right("t").right("df").right("p");
        Self { table, values: Vec::new(), flat: Vec::new() }
    }

    fn add(&mut self, (other, areas): (&Role, &[Area]), judged: &[Judged<'_>], role: &Role) {
        for (area, j) in areas.iter().zip(judged) {
            let test = delong::unpaired(area, &j.area);
            let name = &j.model.name;
            let shown = [test.first, test.second].map(number::share);
            let rest = [number::value(test.t), number::value(test.df), number::p(test.p)];
            let roles = format!("{} - {}", other.name, role.name);
            if area.variance == 0.0 && j.area.variance == 0.0 {
                let why = "neither AUC has a variance, and the unpaired test is NA, as pROC's";
                self.flat.push(format!("{name}, {roles}: {why}"));
            }
            self.table.row([name.clone(), roles].into_iter().chain(shown).chain(rest));
            let mut values = json!({
                "model": name, "role": role.name, "against": other.name, "auc_against": test.first, "auc": test.second,
                "t": test.t, "df": test.df, "p": test.p
            });
            if other.training {
                values["training"] = json!(test.first);
            }
            self.values.push(values);
        }
    }
}

/// The partial area and the average precision, where they were asked for.
fn extra(j: &Judged<'_>, role: &Role) -> Option<serde_json::Value> {
    let mut values = json!({ "model": j.model.name, "role": role.name });
    if let Some(part) = j.partial {
        values["partial"] = json!(part.raw);
        values["partial_corrected"] = json!(part.corrected);
    }
    if let Some(pr) = &j.precision {
        values["average_precision"] = json!(pr.average);
        values["recall"] = json!(pr.recall);
        values["precision"] = json!(pr.precision);
    }
    (j.partial.is_some() || j.precision.is_some()).then_some(values)
}

fn extra_table(extras: &[serde_json::Value]) -> Table {
    let table = Table::new("Partial area, and average precision").left("role").left("model").right("partial AUC");
    let mut table = table.right("McClish-corrected").right("average precision");
    for e in extras {
        let text = |key: &str| e[key].as_str().unwrap_or_default().to_string();
        let cell = |key: &str| number::share(e[key].as_f64().unwrap_or(f64::NAN));
        let cells = ["partial", "partial_corrected", "average_precision"].map(cell);
        table.row([text("role"), text("model")].into_iter().chain(cells));
    }
    table
}

/// The precision-recall curves, where they were asked for, over the share of patients with the event.
fn precision(role: &Role, judged: &[Judged<'_>], y: &[bool]) -> Option<Plot> {
    let of = |j: &Judged<'_>| {
        let pr = j.precision.as_ref()?;
        let points = pr.recall.iter().copied().zip(pr.precision.iter().copied()).collect();
        Some(RocCurve { model: j.model.name.clone(), auc: pr.average, points })
    };
    let curves: Vec<RocCurve> = judged.iter().filter_map(of).collect();
    let rate = y.iter().filter(|e| **e).count() as f64 / y.len() as f64;
    (!curves.is_empty()).then(|| plots::precision_recall(&role.name, y.len(), curves, rate))
}

fn curve(j: &Judged<'_>) -> RocCurve {
    let points = j.curve.specificity.iter().zip(&j.curve.sensitivity).map(|(sp, se)| (1.0 - sp, *se));
    RocCurve { model: j.model.name.clone(), auc: j.area.auc, points: points.rev().collect() }
}
