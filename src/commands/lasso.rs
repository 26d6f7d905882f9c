//! `lasso`: choose features by L1-penalised logistic regression.

use ndarray::{Array2, Axis};
use serde::{Deserialize, Serialize};

use super::spec::{Command, Flag, Kind, Place, Spec, Step, Tune, World};
use crate::caution::Caution;
use crate::cohort::{Cohort, Values};
use crate::error::{Error, Result};
use crate::page::{Page, Table, number};
use crate::plots;
use crate::stats::lasso::{self, CrossValidation, Cv, Loss, Model};
use crate::stats::{folds, scale};
use crate::study::{FeatureSet, Fit, Stage};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Lasso {
    rule: Rule,
    folds: String,
    seed: u32,
    loss: Loss,
    thresh: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
enum Rule {
    #[default]
    #[serde(rename = "1se")]
    OneSe,
    #[serde(rename = "min")]
    Min,
}

impl Default for Lasso {
    fn default() -> Self {
        Self { rule: Rule::OneSe, folds: "10".into(), seed: 1, loss: Loss::Deviance, thresh: "auto".into() }
    }
}

/// What does not depend on the rule.
struct Work {
    /// Candidates with a value in every training patient, and not all equal.
    columns: Vec<usize>,
    scaling: scale::Scaling,
    cv: Cv,
    /// glmnet's convergence threshold.
    thresh: f64,
}

impl Command for Lasso {
    const SPEC: Spec = Spec {
        name: "lasso",
        summary: "choose features by L1-penalised logistic regression",
        about: "Minimises -(1/n) log likelihood + lambda x sum |b| on the training patients, features z-scored by their \
                training mean and standard deviation (n - 1). Path of 100 lambdas and cross-validation as R's \
                cv.glmnet: `min` is the lambda with the least mean loss, `1se` the largest within one \
                standard error of it. `--folds` is a number, then folds are drawn by R's set.seed(SEED) and \
                sample(rep(1:K, length = n)), or a clinical column that holds them. \
                `--thresh` is glmnet's convergence threshold: auto is 1e-12, where coefficients have settled, but 1e-7, \
                glmnet's own, where there are more patients than features: the path then goes on to lambdas a hundred \
                times smaller, where 1e-12 takes a minute and changes no choice.",
        place: Place::Step(6),
        flags: &[
            Flag::named("rule", Kind::Choice(&["1se", "min"]), "which lambda").tuned(Tune::Choices),
            Flag::named("folds", Kind::Column, "how many folds, or the column that holds them"),
            Flag::named("seed", Kind::Whole, "the seed of R's random numbers for the folds"),
            Flag::named(
                "loss",
                Kind::Choice(&["deviance", "class", "auc", "mse", "mae"]),
                "what is averaged over folds",
            ),
            Flag::named("thresh", Kind::Word, "glmnet's convergence threshold: auto, or a number"),
        ],
        examples: &["lasso --rule min --folds 10 --seed 1", "lasso --rule 1se"],
    };

    fn run(&self, world: &World<'_>) -> Result<Step> {
        let set = world.study.need_features("lasso")?;
        let tested = world.study.kept();
        let work = self.work(world, set, &tested)?;
        let at = match self.rule {
            Rule::Min => work.cv.min,
            Rule::OneSe => work.cv.one_se,
        };
        let model = &work.cv.path.models[at];
        let pick = |v: &[f64]| model.coefficients.iter().map(|(j, _)| v[*j]).collect::<Vec<f64>>();
        let stage = Stage {
            step: "lasso",
            column: self.fold_column().map(str::to_string),
            kept: model.coefficients.iter().map(|(j, _)| work.columns[*j]).collect(),
            found: vec![("coef", tested.iter().map(|j| coefficient(&work, model, *j)).collect())],
            tested,
            fit: Some(Fit {
                intercept: model.intercept,
                coef: model.coefficients.iter().map(|(_, b)| *b).collect(),
                mean: pick(&work.scaling.mean),
                sd: pick(&work.scaling.sd),
            }),
        };
        let mut page = self.page(set, &stage, &work, at);
        page.cautions.extend(super::without_features(world.study, "lasso")?);
        Ok(Step::Advance(world.study.with_stage(stage), page))
    }
}

impl Lasso {
    fn work(&self, world: &World<'_>, set: &FeatureSet, tested: &[usize]) -> Result<std::sync::Arc<Work>> {
        let outcome = world.study.need_outcome("lasso")?;
        let cohort = world.study.need_cohort("lasso")?;
        // The rule only reads the path: it is no part of what is computed.
        let asked = Self { rule: Rule::default(), ..self.clone() };
        let key = world.study.data_key("lasso").text(&format!("{tested:?} {asked:?}"));
        world.workings.get(key.finish(), || {
            let (training, _) = world.study.training("lasso")?;
            let rows = set.matrix.select(Axis(0), &training);
            let usable = |j: &&usize| {
                let column = rows.column(**j);
                column.iter().all(|v| v.is_finite()) && column.iter().any(|v| *v != column[0])
            };
            let columns: Vec<usize> = tested.iter().filter(usable).copied().collect();
            if columns.len() < 2 {
                return Err(Error::TooFew { what: "lasso, in features,".into(), needed: 2, got: columns.len() });
            }
            let x: Array2<f64> = rows.select(Axis(1), &columns);
            let scaling = scale::fit(x.view(), &super::names(set, &columns))?;
            let x = scale::apply(&scaling, x.view());
            let events: Vec<bool> = training.iter().map(|i| outcome.events[*i]).collect();
            let folds = self.folds(cohort, &training)?;
            let thresh = self.thresh(columns.len(), training.len())?;
            let fit = lasso::Options { threshold: thresh, ..lasso::Options::default() };
            let options = CrossValidation { folds, loss: self.loss, grouped: true, fit };
            let cv = lasso::choose(x.view(), &events, &options, world.task)?;
            Ok(Work { columns, scaling, cv, thresh })
        })
    }

    fn thresh(&self, features: usize, patients: usize) -> Result<f64> {
        match self.thresh.as_str() {
            "auto" => Ok(if features < patients { 1e-7 } else { 1e-12 }),
            given => given.parse().ok().filter(|t| (1e-20..=1e-3).contains(t)).ok_or_else(|| Error::BadValue {
                what: "`--thresh`".into(),
                given: given.into(),
                expected: "auto, or a number from 1e-20 to 1e-3".into(),
            }),
        }
    }

    fn folds(&self, cohort: &Cohort, training: &[usize]) -> Result<Vec<usize>> {
        if let Ok(k) = self.folds.parse::<usize>() {
            return folds::assign(training.len(), k, super::seed(self.seed)?);
        }
        let variable = cohort.variable(&self.folds)?;
        let missing = training.iter().find(|i| !variable.known(**i));
        if let Some(i) = missing {
            return Err(Error::BadValue {
                what: format!("the folds in `{}`", self.folds),
                given: format!("empty for {}", cohort.patients[*i].id),
                expected: "every training patient needs a fold".into(),
            });
        }
        match &variable.values {
            Values::Numeric(v) => Ok(distinct(training.iter().map(|i| v[*i].to_bits()))),
            Values::Factor { codes, .. } => Ok(training.iter().filter_map(|i| codes[*i]).collect()),
        }
    }

    /// The column that holds the folds, where they are not drawn.
    fn fold_column(&self) -> Option<&str> {
        self.folds.parse::<usize>().is_err().then_some(&*self.folds)
    }

    fn folds_in_words(&self) -> String {
        match self.fold_column() {
            Some(column) => format!("of column `{column}`"),
            None => format!("{}, seed {}", self.folds, self.seed),
        }
    }

    fn page(&self, set: &FeatureSet, stage: &Stage, work: &Work, at: usize) -> Page {
        let cv = &work.cv;
        let lambda = cv.path.lambda[at];
        let rule = match self.rule {
            Rule::OneSe => "1se",
            Rule::Min => "min",
        };
        let mut table = Table::new(format!("Chosen at lambda.{rule}")).left("feature").right("coefficient");
        let fit = stage.fit.as_ref();
        for (j, coef) in stage.kept.iter().zip(fit.iter().flat_map(|f| &f.coef)) {
            table.row([set.names[*j].clone(), number::value(*coef)]);
        }
        table.row(["(intercept)".to_string(), number::value(fit.map_or(f64::NAN, |f| f.intercept))]);
        let candidates = super::names(set, &work.columns);
        let mut page =
            super::funnel(stage, "LASSO logistic regression", &format!(", lambda {}", number::value(lambda)))
                .facts([
                    (
                        "lambda.min",
                        format!("{} with {} features", number::value(cv.lambda_min()), cv.path.sizes()[cv.min]),
                    ),
                    (
                        "lambda.1se",
                        format!("{} with {} features", number::value(cv.lambda_1se()), cv.path.sizes()[cv.one_se]),
                    ),
                    ("folds", self.folds_in_words()),
                    ("threshold", format!("{:e}", work.thresh)),
                ])
                .table(table)
                .plot(plots::lasso_error(cv))
                .plot(plots::lasso_path(&cv.path, &candidates, lambda))
                .value("lambda", &cv.path.lambda)
                .value("cvm", &cv.mean)
                .value("cvsd", &cv.se)
                .value("lambda_min", cv.lambda_min())
                .value("lambda_1se", cv.lambda_1se())
                .value("selected", super::names(set, &stage.kept))
                .value("coef", fit.map(|f| &f.coef))
                .value("intercept", fit.map(|f| f.intercept));
        let left: Vec<usize> = stage.tested.iter().filter(|j| !work.columns.contains(j)).copied().collect();
        if !left.is_empty() {
            let why = "features are constant or missing in a training patient, and take no part".to_string();
            page = page.caution(Caution::Undefined { why, features: super::names(set, &left) });
        }
        if cv.loss != self.loss {
            let note =
                "with under 10 patients a fold AUC has no meaning within folds: deviance was used, as glmnet does";
            page = page.caution(Caution::Note(note.into()));
        }
        if !cv.path.complete {
            page = page.caution(Caution::NotConverged { what: "the path".into(), iterations: cv.path.sweeps });
        }
        if stage.kept.is_empty() {
            page = page.caution(Caution::EmptyModel { rule: format!("lambda.{rule}") });
        }
        if stage.tested.len() < set.names.len() {
            let why = "the features were chosen on all training patients before the folds were made".to_string();
            page = page.caution(Caution::Optimistic { what: "the cross-validated loss".into(), why });
        }
        page
    }
}

/// A tested feature's coefficient: zero when not chosen, none when it took no part.
fn coefficient(work: &Work, model: &Model, feature: usize) -> f64 {
    let Some(at) = work.columns.iter().position(|c| *c == feature) else { return f64::NAN };
    model.coefficients.iter().find(|(j, _)| *j == at).map_or(0.0, |(_, b)| *b)
}

/// Equal values to equal numbers from 0, in order of first occurrence.
fn distinct(values: impl Iterator<Item = u64>) -> Vec<usize> {
    let mut seen: Vec<u64> = Vec::new();
    values
        .map(|v| {
            seen.iter().position(|s| *s == v).unwrap_or_else(|| {
                seen.push(v);
                seen.len() - 1
            })
        })
        .collect()
}
