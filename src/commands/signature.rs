//! `signature`: the radiomics score of every patient.

use serde::{Deserialize, Serialize};

use super::spec::{Command, Flag, Kind, Place, Spec, Step, World};
use crate::caution::Caution;
use crate::cohort::Cohort;
use crate::error::{Error, Result};
use crate::page::{Page, Table, number};
use crate::plots;
use crate::study::{FeatureSet, Fit, Model, ModelTerm, Stage};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Signature {
    from: From,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum From {
    /// The last step that fitted coefficients.
    #[default]
    Last,
    Lasso,
    Stepwise,
}

impl Command for Signature {
    const SPEC: Spec = Spec {
        name: "signature",
        summary: "the radiomics score of every patient, and its formula",
        about: "Rad-score = intercept + sum of coefficient x (value - mean) / sd over the selected features, with mean and \
                standard deviation (n - 1) of the training patients, so that other cohorts are scored as they come. \
                Coefficients are those of the last step that fitted some: stepwise's maximum likelihood, or lasso's \
                penalised ones; `--from lasso` takes lasso's although stepwise follows.",
        place: Place::Step(7),
        flags: &[Flag::named("from", Kind::Choice(&["last", "lasso", "stepwise"]), "whose coefficients")],
        examples: &["signature"],
    };

    fn run(&self, world: &World<'_>) -> Result<Step> {
        let outcome = world.study.need_outcome("signature")?;
        let set = world.study.need_features("signature")?;
        let cohort = world.study.need_cohort("signature")?;
        let (stage, fit) = self.source(world)?;
        let score = score(set, stage, fit);
        let model = Model {
            name: "signature".into(),
            variables: Vec::new(),
            intercept: fit.intercept,
            terms: stage.kept.iter().enumerate().map(|(i, j)| term(set, fit, i, *j)).collect(),
            linear: score,
        };
        let page = page(cohort, &model, &outcome.events);
        let page = super::frozen(page, world.study);
        Ok(Step::Advance(world.study.with_model(model), page))
    }
}

impl Signature {
    fn source<'a>(&self, world: &World<'a>) -> Result<(&'a Stage, &'a Fit)> {
        let wanted = match self.from {
            From::Last => None,
            From::Lasso => Some("lasso"),
            From::Stepwise => Some("stepwise"),
        };
        let mut stages = world.study.stages().rev().filter(|s| wanted.is_none_or(|w| s.step == w));
        let found = stages.find_map(|s| s.fit.as_ref().map(|f| (s, f)));
        let (stage, fit) = found.ok_or_else(|| Error::NotYet {
            command: "signature".into(),
            missing: format!("coefficients of {}", wanted.unwrap_or("lasso or stepwise")),
            remedy: format!("run `{}`", wanted.unwrap_or("lasso")),
        })?;
        if stage.kept.is_empty() {
            return Err(Error::TooFew { what: "signature, in selected features,".into(), needed: 1, got: 0 });
        }
        Ok((stage, fit))
    }
}

fn term(set: &FeatureSet, fit: &Fit, i: usize, feature: usize) -> ModelTerm {
    ModelTerm { name: set.names[feature].clone(), coef: fit.coef[i], mean: fit.mean[i], sd: fit.sd[i] }
}

/// The score of every patient; NaN where a feature of it is missing.
fn score(set: &FeatureSet, stage: &Stage, fit: &Fit) -> Vec<f64> {
    let z = |row: usize, i: usize| (set.matrix[[row, stage.kept[i]]] - fit.mean[i]) / fit.sd[i];
    let of = |row: usize| (0..stage.kept.len()).fold(fit.intercept, |sum, i| sum + fit.coef[i] * z(row, i));
    (0..set.matrix.nrows()).map(of).collect()
}

fn page(cohort: &Cohort, model: &Model, events: &[bool]) -> Page {
    let n = model.terms.len();
    let headline = format!(
        "{n} {}, {} patients scored",
        if n == 1 { "feature" } else { "features" },
        model.linear.iter().filter(|v| !v.is_nan()).count()
    );
    let mut terms =
        Table::new("Terms, on z-scored features").left("feature").right("coefficient").right("mean").right("sd");
    for t in &model.terms {
        terms.row([t.name.clone(), number::value(t.coef), number::value(t.mean), number::value(t.sd)]);
    }
    let mut scores =
        Table::new("Patients").left("patient").left("role").right("outcome").right("Rad-score").right("probability");
    let probability = model.probability();
    for (i, patient) in cohort.patients.iter().enumerate() {
        scores.row([
            patient.id.clone(),
            patient.role.name.clone(),
            u8::from(events[i]).to_string(),
            number::value(model.linear[i]),
            number::share(probability[i]),
        ]);
    }
    let mut page = Page::new("Radiomics signature", headline).verbatim(formula(model)).table(terms);
    for role in cohort.roles() {
        let bars: Vec<(f64, bool)> = cohort.members(&role).into_iter().map(|i| (model.linear[i], events[i])).collect();
        page = page.plot(plots::signature_bars(&role.name, &bars));
    }
    let missing: Vec<String> =
        cohort.patients.iter().zip(&model.linear).filter(|(_, s)| s.is_nan()).map(|(p, _)| p.id.clone()).collect();
    page = page
        .table(scores)
        .value("term", model.terms.iter().map(|t| &t.name).collect::<Vec<_>>())
        .value("coef", model.terms.iter().map(|t| t.coef).collect::<Vec<_>>())
        .value("mean", model.terms.iter().map(|t| t.mean).collect::<Vec<_>>())
        .value("sd", model.terms.iter().map(|t| t.sd).collect::<Vec<_>>())
        .value("intercept", model.intercept)
        .value("patient", cohort.ids())
        .value("role", cohort.patients.iter().map(|p| &p.role.name).collect::<Vec<_>>())
        .value("outcome", events.iter().map(|e| u8::from(*e)).collect::<Vec<_>>())
        .value("score", &model.linear);
    if !missing.is_empty() {
        page = page.caution(Caution::Unpaired {
            where_: "without a value of a selected feature, not scored".into(),
            ids: missing,
        });
    }
    page
}

/// The formula as a paper prints it; z() is the value less the training mean, by the training standard deviation.
fn formula(model: &Model) -> String {
    let mut lines = vec![format!("Rad-score = {}", number::value(model.intercept))];
    for t in &model.terms {
        let sign = if t.coef < 0.0 { "-" } else { "+" };
        lines.push(format!("            {sign} {} x z({})", number::value(t.coef.abs()), t.name));
    }
    lines.join("\n")
}
