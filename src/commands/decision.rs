//! `decision`: the net benefit of treating by a model, in every cohort.

use serde::{Deserialize, Serialize};

use super::spec::{Command, Flag, Kind, Place, Spec, Step, World};
use crate::caution::Caution;
use crate::error::{Error, Result};
use crate::page::{Page, Table, number};
use crate::plots;
use crate::stats::decision::{self, HighRisk, Point};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Decision {
    models: Vec<String>,
    from: f64,
    to: f64,
    rule: Rule,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
enum Rule {
    /// A risk at the threshold is high.
    #[default]
    #[serde(rename = "dcurves")]
    AtOrAbove,
    /// A risk at the threshold is not high.
    #[serde(rename = "rmda")]
    Above,
}

impl Default for Decision {
    fn default() -> Self {
        Self { models: Vec::new(), from: 0.0, to: 0.99, rule: Rule::AtOrAbove }
    }
}

/// The thresholds shown in the table.
const SHOWN: [f64; 5] = [0.1, 0.2, 0.3, 0.4, 0.5];

impl Command for Decision {
    const SPEC: Spec = Spec {
        name: "decision",
        summary: "decision curves: the net benefit of treating by a model",
        about: "Net benefit = TP/n - FP/n x t/(1 - t) at every hundredth t from FROM to TO, against treating all and treating \
                none. A patient is treated when the risk is at or above t (dcurves); rmda treats above t only, which \
                differs where a risk equals a threshold.",
        place: Place::View,
        flags: &[
            Flag::rest("models", Kind::Term, "models or clinical variables; all models when none is named"),
            Flag::named("from", Kind::Number, "the first threshold probability"),
            Flag::named("to", Kind::Number, "the last threshold probability, under 1"),
            Flag::named("rule", Kind::Choice(&["dcurves", "rmda"]), "when a risk at the threshold is high"),
        ],
        examples: &["decision", "decision nomogram --from 0.05 --to 0.8"],
    };

    fn run(&self, world: &World<'_>) -> Result<Step> {
        let cohort = world.study.need_cohort("decision")?;
        let outcome = world.study.need_outcome("decision")?;
        let models = super::models(world.study, "decision", &self.models)?;
        let thresholds = self.thresholds()?;
        let high = match self.rule {
            Rule::AtOrAbove => HighRisk::AtOrAbove,
            Rule::Above => HighRisk::Above,
        };
        let mut page = Page::new("Decision curves", "");
        let mut table = Table::new("Net benefit").left("role").left("model");
        let shown: Vec<f64> = SHOWN.into_iter().filter(|t| thresholds.contains(t)).collect();
        table = shown.iter().fold(table, |table, t| table.right(&format!("at {t}")));
        let mut plots = Vec::new();
        for role in cohort.roles() {
            let mut values = serde_json::Map::new();
            values.insert("threshold".into(), thresholds.clone().into());
            let all = cohort.members(&role);
            let members = super::scored(&models, &all);
            page.cautions.extend(super::unscored(&role, all.len() - members.len()));
            let y: Vec<bool> = members.iter().map(|i| outcome.events[*i]).collect();
            if role.training {
                let why = "the models were chosen and fitted on these patients".to_string();
                page = page.caution(Caution::Optimistic { what: format!("net benefit in {}", role.name), why });
            }
            let mut curves = Vec::new();
            let mut all: Vec<Point> = Vec::new();
            for model in &models {
                let probability = model.probability();
                let risk: Vec<f64> = members.iter().map(|i| probability[*i]).collect();
                let points = decision::curve(&risk, &y, &thresholds, high);
                let benefit: Vec<f64> = points.iter().map(|p| p.net_benefit).collect();
                values.insert(model.name.clone(), benefit.clone().into());
                table.row(row(&role.name, &model.name, &shown, &thresholds, &benefit));
                curves.push((model.name.clone(), points.iter().map(|p| (p.threshold, p.net_benefit)).collect()));
                if Some(model) == models.last() {
                    page.headline = useful(&model.name, &role.name, &points, &thresholds);
                }
                all = points;
            }
            let benefit: Vec<f64> = all.iter().map(|p| p.all).collect();
            table.row(row(&role.name, "treat all", &shown, &thresholds, &benefit));
            values.insert("all".into(), benefit.into());
            curves.push(("treat all".into(), all.iter().map(|p| (p.threshold, p.all)).collect()));
            curves.push(("treat none".into(), thresholds.iter().map(|t| (*t, 0.0)).collect()));
            page = page.value(&role.name, values);
            plots.push(plots::decision(&format!("Decision curves, {}", role.name), curves));
        }
        Ok(Step::Show(plots.into_iter().fold(page.table(table), Page::plot)))
    }
}

impl Decision {
    fn thresholds(&self) -> Result<Vec<f64>> {
        let chosen: Vec<f64> =
            decision::hundredths().into_iter().filter(|t| (self.from..=self.to).contains(t)).collect();
        if chosen.len() < 2 {
            return Err(Error::BadValue {
                what: "the range of thresholds".into(),
                given: format!("{} to {}", self.from, self.to),
                expected: "it must hold two hundredths from 0 to 0.99".into(),
            });
        }
        Ok(chosen)
    }
}

fn row(role: &str, model: &str, shown: &[f64], thresholds: &[f64], benefit: &[f64]) -> Vec<String> {
    let at = |t: &f64| thresholds.iter().position(|x| x == t).map_or(f64::NAN, |i| benefit[i]);
    [role.to_string(), model.to_string()].into_iter().chain(shown.iter().map(|t| number::share(at(t)))).collect()
}

/// Where a model is of use: the thresholds at which it beats treating all and none, in the last role shown.
fn useful(model: &str, role: &str, points: &[Point], thresholds: &[f64]) -> String {
    let better: Vec<f64> = points.iter().filter(|p| p.net_benefit > p.all.max(0.0)).map(|p| p.threshold).collect();
    match better.is_empty() {
        true => format!("{model} never beats treating all and none ({role})"),
        false => format!("{model} beats treating all and none at {} ({role})", super::intervals(thresholds, &better)),
    }
}
