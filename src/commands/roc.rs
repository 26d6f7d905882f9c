//! `roc`: discrimination of every model in every cohort.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::spec::{Command, Flag, Kind, Place, Spec, Step, World};
use crate::caution::Caution;
use crate::cohort::Role;
use crate::error::Result;
use crate::page::{Page, Table, number};
use crate::plots::{self, RocCurve};
use crate::stats::delong::{self, Area};
use crate::stats::logistic::inverse_logit;
use crate::stats::roc::{self, Best, Counts, Direction};
use crate::study::Model;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Roc {
    models: Vec<String>,
}

/// Models are fitted in training, so the direction is fixed there: cases score higher.
const DIRECTION: Direction = Direction::CasesHigher;

/// Fewer patients with or without the event than this say little about a curve.
const FEW: usize = 10;

/// One model in one cohort.
struct Judged<'a> {
    model: &'a Model,
    area: Area,
    curve: roc::Roc,
    counts: Counts,
    threshold: f64,
}

impl Command for Roc {
    const SPEC: Spec = Spec {
        name: "roc",
        summary: "ROC curves, AUC with DeLong's interval, and tests between models",
        about: "For every model and role: AUC = P(a patient with the event scores higher) with DeLong's 95 % interval, and \
                accuracy, sensitivity and specificity at one threshold: the largest Youden index in training, kept for the \
                other cohorts. Score above the threshold is positive; thresholds are midpoints of neighbouring scores, as \
                in pROC. The direction is that of training and is never flipped. Rows, curves and DeLong's paired \
                test between models are of the same patients: those with a score of every model.",
        place: Place::View,
        flags: &[Flag::rest("models", Kind::Term, "models or clinical variables; all models when none is named")],
        examples: &["roc", "roc signature nomogram"],
    };

    fn run(&self, world: &World<'_>) -> Result<Step> {
        let cohort = world.study.need_cohort("roc")?;
        let outcome = world.study.need_outcome("roc")?;
        let models = super::models(world.study, "roc", &self.models)?;
        let training = super::scored(&models, &cohort.training());
        let events = |rows: &[usize]| rows.iter().map(|i| outcome.events[*i]).collect::<Vec<bool>>();
        let scores = |m: &Model, rows: &[usize]| rows.iter().map(|i| m.linear[*i]).collect::<Vec<f64>>();
        let mut page = Page::new("Discrimination", "");
        let mut thresholds = Vec::new();
        for model in &models {
            let curve = roc::curve(&scores(model, &training), &events(&training), Some(DIRECTION))?;
            let best = roc::best(&curve, Best::Youden);
            if best.len() > 1 {
                let note = format!(
                    "{}: {} thresholds share the largest Youden index; the lowest is used",
                    model.name,
                    best.len()
                );
                page = page.caution(Caution::Note(note));
            }
            thresholds.push(best.first().map_or(f64::NAN, |i| curve.thresholds[*i]));
        }
        let mut rows = Vec::new();
        let mut comparisons = Vec::new();
        let mut table = results_table();
        let mut tests = Table::new("DeLong's paired test").left("role").left("models").right("difference").right("p");
        let mut plots = Vec::new();
        for role in cohort.roles() {
            let all = cohort.members(&role);
            let members = super::scored(&models, &all);
            page.cautions.extend(super::unscored(&role, all.len() - members.len()));
            let (y, few) = (events(&members), events(&members).iter().filter(|e| **e).count());
            if let Some(caution) = super::one_sided(&role, &y) {
                page = page.caution(caution);
                continue;
            }
            let mut judged = Vec::new();
            for (model, threshold) in models.iter().zip(&thresholds) {
                judged.push(judge(model, &scores(model, &members), &y, *threshold)?);
            }
            for j in &judged {
                table.row(row(j, &role));
                rows.push(values(j, &role));
            }
            for (a, first) in judged.iter().enumerate() {
                for second in &judged[a + 1..] {
                    let [x, z] = [first, second].map(|j| (scores(j.model, &members), DIRECTION));
                    let test = delong::paired((&x.0, x.1), (&z.0, z.1), &y, 0.95)?;
                    let names = format!("{} - {}", first.model.name, second.model.name);
                    tests.row([role.name.clone(), names, number::value(test.difference), number::p(test.p)]);
                    comparisons.push(json!({
                        "a": first.model.name, "b": second.model.name, "role": role.name,
                        "difference": test.difference, "p": test.p
                    }));
                }
            }
            page = cautions(page, &judged, &role, few.min(y.len() - few), y.len());
            plots.push(plots::roc(&role.name, judged.iter().map(curve).collect()));
        }
        page.headline = headline(&rows);
        page = page.table(table);
        if !tests.rows.is_empty() {
            page = page.table(tests);
        }
        page = plots.into_iter().fold(page, Page::plot);
        Ok(Step::Show(page.value("rows", rows).value("comparisons", comparisons)))
    }
}

fn judge<'a>(model: &'a Model, scores: &[f64], events: &[bool], threshold: f64) -> Result<Judged<'a>> {
    let curve = roc::curve(scores, events, Some(DIRECTION))?;
    Ok(Judged {
        model,
        area: delong::area(scores, events, DIRECTION, 0.95)?,
        counts: roc::counts(scores, events, DIRECTION, threshold),
        curve,
        threshold,
    })
}

/// The threshold as the reader of the model meets it: a Rad-score, or a probability.
fn threshold(j: &Judged<'_>) -> f64 {
    if j.model.name == "signature" || !j.threshold.is_finite() { j.threshold } else { inverse_logit(j.threshold) }
}

fn results_table() -> Table {
    let table = Table::new("At the threshold of the largest Youden index in training (Rad-score, or probability)");
    let table = table.left("role").left("model").right("AUC").right("95 % interval").right("threshold");
    table.right("accuracy").right("sensitivity").right("specificity")
}

fn row(j: &Judged<'_>, role: &Role) -> [String; 8] {
    [
        role.name.clone(),
        j.model.name.clone(),
        number::share(j.area.auc),
        number::interval(j.area.lower, j.area.upper),
        number::value(threshold(j)),
        number::share(j.counts.accuracy()),
        number::share(j.counts.sensitivity()),
        number::share(j.counts.specificity()),
    ]
}

fn values(j: &Judged<'_>, role: &Role) -> serde_json::Value {
    json!({
        "model": j.model.name, "role": role.name,
        "auc": j.area.auc, "lower": j.area.lower, "upper": j.area.upper,
        "threshold": threshold(j), "accuracy": j.counts.accuracy(),
        "sensitivity": j.counts.sensitivity(), "specificity": j.counts.specificity()
    })
}

fn curve(j: &Judged<'_>) -> RocCurve {
    let points = j.curve.specificity.iter().zip(&j.curve.sensitivity).map(|(sp, se)| (1.0 - sp, *se));
    RocCurve { model: j.model.name.clone(), auc: j.area.auc, points: points.rev().collect() }
}

fn cautions(mut page: Page, judged: &[Judged<'_>], role: &Role, few: usize, n: usize) -> Page {
    for j in judged {
        if j.area.auc < 0.5 {
            page = page.caution(Caution::Reversed {
                model: j.model.name.clone(),
                role: role.name.clone(),
                auc: j.area.auc,
            });
        }
    }
    if few < FEW {
        let why = format!("with {few} in the smaller outcome group an AUC is uncertain");
        page = page.caution(Caution::Small { role: role.name.clone(), n, why });
    }
    if role.training {
        let why = "the models were chosen and fitted on these patients".to_string();
        page = page.caution(Caution::Optimistic { what: format!("every number of {}", role.name), why });
    }
    page
}

/// The last model's AUC by role: the nomogram's, where there is one.
fn headline(rows: &[serde_json::Value]) -> String {
    let Some(model) = rows.last().map(|r| r["model"].clone()) else { return String::new() };
    let of = rows.iter().filter(|r| r["model"] == model);
    let auc = of.map(|r| {
        let role = r["role"].as_str().unwrap_or_default();
        format!("{role} {}", number::share(r["auc"].as_f64().unwrap_or(f64::NAN)))
    });
    format!("AUC of {}: {}", model.as_str().unwrap_or_default(), auc.collect::<Vec<_>>().join(", "))
}
