//! `signature`: the radiomics score of every patient, fitted here or loaded from a file.

use ndarray::{Array2, Axis};
use serde::{Deserialize, Serialize};

use super::spec::{Command, Flag, Kind, Place, Spec, Step, World};
use crate::caution::{Caution, counted};
use crate::cohort::{Cohort, Role};
use crate::error::{Error, Result};
use crate::features::{self, Settings};
use crate::page::{Block, Page, Plot, Table, number};
use crate::plots;
use crate::stats::{mann_whitney, scale};
use crate::study::{FeatureSet, Fit, Formula, FormulaTerm, Model, ModelTerm, Origin, Stage};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Signature {
    action: Option<Action>,
    file: Option<String>,
    from: From,
    scale: Option<Scale>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Action {
    /// A formula from a file.
    Load,
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

/// Whose means and standard deviations a loaded formula is applied with.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Scale {
    /// The file's.
    File,
    /// Those of the present training patients.
    Training,
}

impl Command for Signature {
    const SPEC: Spec = Spec {
        name: "signature",
        summary: "the radiomics score of every patient, and its formula",
        about: "Rad-score = intercept + sum of coefficient x (value - mean) / sd over the selected features, with mean and \
                standard deviation (n - 1) of the training patients, so that other cohorts are scored as they come. \
                Coefficients are those of the last step that fitted some: stepwise's maximum likelihood, or lasso's \
                penalised ones; `--from lasso` takes lasso's although stepwise follows. `signature load FILE.toml` applies \
                a formula that `export signature.toml` wrote, or a published one, to the present cohort; where it lacks \
                means and standard deviations, `--scale training` says that those of the present training patients are \
                used. A feature of it that was not extracted is an error.",
        place: Place::Step(8),
        flags: &[
            Flag::first("action", Kind::Choice(&["load"]), "load a formula from FILE instead of fitting one"),
            Flag::first("file", Kind::File, "the formula, a TOML file"),
            Flag::named("from", Kind::Choice(&["last", "lasso", "stepwise"]), "whose coefficients"),
            Flag::named(
                "scale",
                Kind::Choice(&["file", "training"]),
                "whose means and standard deviations a loaded formula takes; the file's when not given",
            ),
        ],
        examples: &["signature"],
    };

    fn run(&self, world: &World<'_>) -> Result<Step> {
        let outcome = world.study.need_outcome("signature")?;
        let set = world.study.need_features("signature")?;
        let cohort = world.study.need_cohort("signature")?;
        let (model, cautions) = match (self.action, &self.file) {
            (None, _) => (self.fitted(world, set)?, Vec::new()),
            (Some(Action::Load), Some(file)) => self.loaded(world, set, file)?,
            (Some(Action::Load), None) => {
                let remedy = "run `signature load FILE.toml`".into();
                let missing = "the name of a file".into();
                return Err(Error::NotYet { command: "signature load".into(), missing, remedy });
            }
        };
        let mut page = page(cohort, set, &model, &outcome.events);
        page.cautions.extend(cautions);
        page.cautions.extend(super::unsettled(std::slice::from_ref(&model)));
        let next = world.study.with_model(model);
        Ok(Step::Advance(next.clone(), super::frozen(page, &next)))
    }
}

impl Signature {
    /// The signature of the features that a step selected.
    fn fitted(&self, world: &World<'_>, set: &FeatureSet) -> Result<Model> {
        if self.scale.is_some() {
            return Err(self.idle("`--scale` is for `signature load`"));
        }
        let (stage, fit) = self.source(world)?;
        let terms = stage.kept.iter().enumerate().map(|(i, j)| term(set, fit, i, *j)).collect();
        Ok(scored(set, (fit.origin, fit.separated), fit.intercept, terms, &stage.kept))
    }

    /// The signature of a file, and what a reader must know of it.
    fn loaded(&self, world: &World<'_>, set: &FeatureSet, file: &str) -> Result<(Model, Vec<Caution>)> {
        if self.from != From::Last {
            return Err(self.idle("`--from` is for a signature that is fitted"));
        }
        let path = world.file(file)?;
        let formula = Formula::read(&path)?;
        let columns = columns(set, &formula, &path)?;
        let (scaling, mut cautions) = self.scaling(world, set, &formula, &columns, file)?;
        let term = |(i, t): (usize, &FormulaTerm)| ModelTerm {
            name: t.name.clone(),
            coef: t.coefficient,
            mean: scaling.mean[i],
            sd: scaling.sd[i],
        };
        let terms = formula.terms.iter().enumerate().map(term).collect();
        cautions.extend(otherwise_extracted(&formula, set));
        Ok((scored(set, (Origin::File, false), formula.intercept, terms, &columns), cautions))
    }

    /// Means and standard deviations of a loaded formula: its own, or by the line's word the training patients'.
    fn scaling(
        &self,
        world: &World<'_>,
        set: &FeatureSet,
        formula: &Formula,
        columns: &[usize],
        file: &str,
    ) -> Result<(scale::Scaling, Vec<Caution>)> {
        let own = |f: fn(&FormulaTerm) -> Option<f64>| formula.terms.iter().map(f).collect::<Option<Vec<f64>>>();
        match (self.scale, own(|t| t.mean), own(|t| t.sd)) {
            (None | Some(Scale::File), Some(mean), Some(sd)) => Ok((scale::Scaling { mean, sd }, Vec::new())),
            (Some(Scale::Training), _, _) => {
                let (training, _) = world.study.training("signature")?;
                let x = set.matrix.select(Axis(0), &training).select(Axis(1), columns);
                let names = super::names(set, columns);
                let note = format!(
                    "features are z-scored by mean and standard deviation of the {} present training patients, not of \
                     those the formula was fitted on",
                    training.len()
                );
                Ok((scale::fit(x.view(), &names)?, vec![Caution::Note(note)]))
            }
            _ => Err(Error::NotYet {
                command: "signature load".into(),
                missing: format!("the features' means and standard deviations, which {file} does not give,"),
                remedy: "add `mean` and `sd` to each feature, or say `--scale training` to take those of the present \
                         training patients"
                    .into(),
            }),
        }
    }

    fn idle(&self, expected: &str) -> Error {
        Error::BadValue { what: "this line".into(), given: super::args::line(self), expected: expected.into() }
    }

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

/// The model, with the score of every patient; NaN where a feature of it is missing or infinite. `separated`: whether its likelihood has no
/// maximum.
fn scored(
    set: &FeatureSet,
    (origin, separated): (Origin, bool),
    intercept: f64,
    terms: Vec<ModelTerm>,
    columns: &[usize],
) -> Model {
    let z = |row: usize, i: usize| (set.matrix[[row, columns[i]]] - terms[i].mean) / terms[i].sd;
    let of = |row: usize| (0..columns.len()).fold(intercept, |sum, i| sum + terms[i].coef * z(row, i));
    let linear = (0..set.matrix.nrows())
        .map(|row| Some(of(row)).filter(|score| score.is_finite()).unwrap_or(f64::NAN))
        .collect();
    Model { name: "signature".into(), variables: Vec::new(), origin, separated, intercept, terms, linear }
}

/// Where the features of a formula stand in the set.
fn columns(set: &FeatureSet, formula: &Formula, path: &std::path::Path) -> Result<Vec<usize>> {
    let at = |name: &str| set.names.iter().position(|n| n == name);
    let missing: Vec<String> = formula.terms.iter().filter(|t| at(&t.name).is_none()).map(|t| t.name.clone()).collect();
    if missing.is_empty() {
        return Ok(formula.terms.iter().filter_map(|t| at(&t.name)).collect());
    }
    Err(Error::Table {
        path: path.to_path_buf(),
        line: None,
        why: format!(
            "{} of its {} not there: {}",
            missing.len(),
            counted(formula.terms.len(), "features are"),
            missing.join(", ")
        ),
        remedy: "extract with the settings it was made with; `extract --params paper-1967` has most".into(),
    })
}

/// That the features at hand were extracted otherwise than the formula's.
fn otherwise_extracted(formula: &Formula, set: &FeatureSet) -> Option<Caution> {
    let theirs = match &formula.extraction {
        Some(extraction) => extraction,
        None => return Some(Caution::Note("the file does not say how its features were extracted".into())),
    };
    let settings = set.settings.as_ref().map(Settings::canonical);
    let differs = match (&theirs.settings, &settings) {
        (Some(theirs), Some(ours)) if theirs != ours => {
            "settings of its features are not those of the present extraction"
        }
        (None, _) | (_, None) => "settings of its features cannot be compared with the present ones",
        _ if theirs.definition != features::DEFINITION => "definitions of its features are of another version",
        _ => return None,
    };
    Some(Caution::Note(format!("the {differs} (its features: {})", theirs.source)))
}

fn page(cohort: &Cohort, set: &FeatureSet, model: &Model, events: &[bool]) -> Page {
    let headline = format!(
        "{}, {} scored",
        counted(model.terms.len(), "features"),
        counted(model.linear.iter().filter(|v| !v.is_nan()).count(), "patients")
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
        let bar = |i: usize| (cohort.patients[i].id.as_str(), model.linear[i], events[i]);
        let bars: Vec<_> = cohort.members(&role).into_iter().map(bar).collect();
        page = page.plot(plots::signature_bars(&role.name, &bars));
    }
    page.blocks.extend(boxes(cohort, set, model, events).into_iter().map(Block::Plot));
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
        let who = counted(missing.len(), "patients are without a finite value of a selected feature, not scored");
        page = page.caution(Caution::Note(format!("{who}: {}", missing.join(", "))));
    }
    page
}

/// Box plots by outcome in each cohort: of the score, then of each feature in it. Values that are not finite take no part.
fn boxes(cohort: &Cohort, set: &FeatureSet, model: &Model, events: &[bool]) -> Vec<Plot> {
    let column = |name: &String| set.names.iter().position(|n| n == name);
    let terms: Vec<(&String, usize)> = model.terms.iter().filter_map(|t| Some((&t.name, column(&t.name)?))).collect();
    let mut titles = vec![("Signature by outcome".to_string(), "Rad-score")];
    titles.extend(terms.iter().map(|(name, _)| (format!("{name} by outcome"), "value")));
    let value = |(row, i): (usize, usize)| if i == 0 { model.linear[row] } else { set.matrix[[row, terms[i - 1].1]] };
    let finite = |at| Some(value(at)).filter(|v| v.is_finite()).unwrap_or(f64::NAN);
    let shown = Array2::from_shape_fn((cohort.patients.len(), titles.len()), finite);
    // All tests of a cohort at once: its exact distribution is worked out once.
    let of = |role: &Role| {
        let rows = cohort.members(role);
        let events: Vec<bool> = rows.iter().map(|i| events[*i]).collect();
        let x = shown.select(Axis(0), &rows);
        let tests = mann_whitney::each(x.view(), &events, mann_whitney::Options::default());
        (role.name.clone(), x, events, tests)
    };
    let roles: Vec<_> = cohort.roles().iter().map(of).collect();
    let plot = |(i, (title, label)): (usize, &(String, &str))| {
        let cohorts = roles.iter().map(|(name, x, events, tests)| plots::Cohort {
            name: name.clone(),
            values: x.column(i).iter().copied().zip(events.iter().copied()).collect(),
            p: tests[i].p,
        });
        plots::boxes(title, label, &cohorts.collect::<Vec<_>>())
    };
    titles.iter().enumerate().map(plot).collect()
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
