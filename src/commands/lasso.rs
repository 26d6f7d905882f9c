//! `lasso`: choose features by L1-penalised logistic regression.

mod cautions;

use ndarray::Array2;
use serde::{Deserialize, Serialize};

use super::spec::{Command, Flag, Kind, Place, Spec, Step, Tune, World};
use crate::caution::counted;
use crate::cohort::{Cohort, Values};
use crate::error::{Error, Result};
use crate::page::{Page, Table, number};
use crate::plots;
use crate::stats::lasso::{self, CrossValidation, Cv, Loss, Model, Solver};
use crate::stats::{folds, scale};
use crate::study::{FeatureSet, Fit, Origin, Stage};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Lasso {
    rule: Rule,
    folds: String,
    seed: u32,
    loss: Loss,
    thresh: String,
    solver: Option<Solver>,
    alpha: Option<f64>,
    lambda: Option<f64>,
    stratified: Option<Stratified>,
    repeats: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Stratified {
    No,
    Yes,
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
        Self {
            rule: Rule::OneSe,
            folds: "10".into(),
            seed: 1,
            loss: Loss::Deviance,
            thresh: "auto".into(),
            solver: None,
            alpha: None,
            lambda: None,
            stratified: None,
            repeats: None,
        }
    }
}

/// What does not depend on the rule.
struct Work {
    /// Candidates with a value in every training patient, and not all equal.
    columns: Vec<usize>,
    scaling: scale::Scaling,
    cv: Cv,
    /// Training patients.
    n: usize,
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
                times smaller, where 1e-12 takes a minute and changes no choice. A path may take 1e7 sweeps, where glmnet's maxit is 1e5; of features that nearly repeat each other a threshold \
                under 1e-12 takes them all, which is minutes, and the path ends early. `--solver compatible` (the default) goes \
                glmnet's sweeps; `accurate` goes on until no condition of the minimum is missed by 1e-9 of lambda, and \
                needs no threshold. `--alpha` under 1 mixes in a ridge penalty (elastic net). AUC is averaged within \
                folds (`auc`, at least 10 patients a fold) or taken of all held-out patients together (`auc-pooled`). \
                `--lambda` takes the model at that penalty instead of the rule's, between penalties of the path on a \
                straight line, as coef(s =). `--stratified yes` deals the labels rep(1:K, length = n) by sample to the patients without the event first, the rest of \
                them to those with it, so that each fold has its share of events. \
                `--repeats N` draws N assignments of the folds one after another from R's stream: the loss is the mean of \
                theirs, its standard error the mean of their standard errors (more assignments of the same patients \
                tell nothing of other patients), and lambda.min and lambda.1se are read off that mean curve.",
        place: Place::Step(6),
        flags: &[
            Flag::named("rule", Kind::Choice(&["1se", "min"]), "which lambda").tuned(Tune::Choices),
            Flag::named("folds", Kind::Column, "how many folds, or the column that holds them"),
            Flag::named("seed", Kind::Whole, "the seed of R's random numbers for the folds"),
            Flag::named(
                "loss",
                Kind::Choice(&["deviance", "class", "auc", "auc-pooled", "mse", "mae"]),
                "what is averaged over folds",
            ),
            Flag::named("thresh", Kind::Word, "glmnet's convergence threshold: auto, or a number"),
            Flag::named("solver", Kind::Choice(&["compatible", "accurate"]), "glmnet's sweeps, or on to the minimum"),
            Flag::named("alpha", Kind::Number, "the share of the L1 penalty, above 0 and at most 1"),
            Flag::named("lambda", Kind::Number, "this penalty instead of the rule's").tuned(Tune::Path),
            Flag::named("stratified", Kind::Choice(&["no", "yes"]), "whether folds are drawn within outcome classes"),
            Flag::named("repeats", Kind::Whole, "over how many assignments of the folds the loss is averaged"),
        ],
        examples: &[
            "lasso --rule min --folds 10 --seed 1",
            "lasso --rule 1se",
            "lasso --solver accurate --alpha 0.5",
            "lasso --rule min --repeats 5",
        ],
    };

    fn run(&self, world: &World<'_>) -> Result<Step> {
        let set = world.study.need_features("lasso")?;
        let tested = world.study.kept();
        self.check()?;
        let work = self.work(world, set, &tested)?;
        let at = match self.rule {
            Rule::Min => work.cv.min,
            Rule::OneSe => work.cv.one_se,
        };
        let lambda = self.lambda.unwrap_or(work.cv.path.lambda[at]);
        let model = &self.model(&work, at)?;
        let chosen = model.chosen();
        let pick = |v: &[f64]| chosen.iter().map(|(j, _)| v[*j]).collect::<Vec<f64>>();
        let stage = Stage {
            step: "lasso",
            column: self.fold_column().map(str::to_string),
            kept: chosen.iter().map(|(j, _)| work.columns[*j]).collect(),
            found: vec![("coef", tested.iter().map(|j| coefficient(&work, model, *j)).collect())],
            tested,
            fit: Some(Fit {
                origin: Origin::Lasso,
                separated: false,
                intercept: model.intercept,
                coef: chosen.iter().map(|(_, b)| *b).collect(),
                mean: pick(&work.scaling.mean),
                sd: pick(&work.scaling.sd),
            }),
        };
        let mut page = self.page(set, &stage, &work, lambda);
        page = cautions::rounded(set, &work, model).into_iter().fold(page, Page::text);
        let (training, _) = world.study.training("lasso")?;
        page.cautions.splice(0..0, set.unfitted(&stage.tested, &training));
        let alpha = self.alpha.unwrap_or(1.0);
        let (x, events) = data(world, set, &work.columns)?;
        let x = scale::apply(&work.scaling, x.view());
        let miss = lasso::violation(x.view(), &events, model, lambda, alpha, true);
        page = page.facts([("distance from the minimum", format!("{miss:.0e} of lambda (largest KKT violation)"))]);
        page.cautions.extend(self.glmnets(&work, &events));
        page.cautions.extend(super::without_features(world.study, "lasso")?);
        Ok(Step::Advance(world.study.with_stage(stage), page))
    }
}

impl Lasso {
    fn work(&self, world: &World<'_>, set: &FeatureSet, tested: &[usize]) -> Result<std::sync::Arc<Work>> {
        let cohort = world.study.need_cohort("lasso")?;
        // The rule only reads the path: it is no part of what is computed.
        let asked = Self { rule: Rule::default(), lambda: None, ..self.clone() };
        let key = world.study.data_key("lasso").text(&format!("{tested:?} {asked:?}"));
        world.workings.get(key.finish(), || {
            let (training, _) = world.study.training("lasso")?;
            let columns: Vec<usize> = tested.iter().copied().filter(|j| set.unfit(*j, &training).is_none()).collect();
            if columns.len() < 2 {
                return Err(Error::TooFew { what: "lasso, in features,".into(), needed: 2, got: columns.len() });
            }
            let (x, events) = data(world, set, &columns)?;
            let scaling = scale::fit(x.view(), &super::names(set, &columns))?;
            let x = scale::apply(&scaling, x.view());
            let folds = self.folds(cohort, &training, &events)?;
            self.check_loss(&folds[0])?;
            let thresh = self.thresh(columns.len(), training.len())?;
            let fit = lasso::Options {
                solver: self.solver.unwrap_or_default(),
                alpha: self.alpha.unwrap_or(1.0),
                threshold: thresh,
                ..lasso::Options::default()
            };
            let one = |folds| CrossValidation { folds, loss: self.loss, grouped: true, fit: fit.clone() };
            let repeats: Vec<CrossValidation> = folds.into_iter().map(one).collect();
            let cv = lasso::repeat(x.view(), &events, &repeats, world.task)?;
            Ok(Work { columns, scaling, cv, n: events.len(), thresh })
        })
    }

    /// The model at the rule's penalty, or at the one asked for.
    fn model(&self, work: &Work, at: usize) -> Result<Model> {
        let path = &work.cv.path;
        let last = path.lambda.last().copied().unwrap_or(f64::NAN);
        match self.lambda {
            None => Ok(path.models[at].clone()),
            Some(lambda) if lambda >= last => Ok(path.at(lambda)),
            Some(lambda) => Err(Error::BadValue {
                what: "`--lambda`".into(),
                given: lambda.to_string(),
                expected: format!("the path ends at {}; give that or more", number::value(last)),
            }),
        }
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

    /// The folds of each repeat.
    fn folds(&self, cohort: &Cohort, training: &[usize], events: &[bool]) -> Result<Vec<Vec<usize>>> {
        let repeats = self.repeats.unwrap_or(1);
        let wrong =
            |expected: String| Error::BadValue { what: "`--repeats`".into(), given: repeats.to_string(), expected };
        if !(1..=1000).contains(&repeats) {
            return Err(wrong("a number from 1 to 1000".into()));
        }
        if let Ok(k) = self.folds.parse::<usize>() {
            let seed = super::seed(self.seed)?;
            return match self.stratified {
                Some(Stratified::Yes) => folds::stratified(events, k, seed, repeats),
                _ => folds::repeated(training.len(), k, seed, repeats),
            };
        }
        if repeats > 1 {
            return Err(wrong(format!("the folds in `{}` are given once; leave it out, or draw folds", self.folds)));
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
        let folds: Vec<usize> = match &variable.values {
            Values::Numeric(v) => distinct(training.iter().map(|i| v[*i].to_bits())),
            Values::Factor { codes, .. } => training.iter().filter_map(|i| codes[*i]).collect(),
        };
        let different = folds.iter().collect::<std::collections::HashSet<_>>().len();
        if different < 3 {
            return Err(Error::BadValue {
                what: "`--folds`".into(),
                given: self.folds.clone(),
                expected: format!(
                    "its training patients are in {}, and cross-validation wants 3 or more; name another column, or give a number",
                    counted(different, "folds")
                ),
            });
        }
        Ok(vec![folds])
    }

    /// The column that holds the folds, where they are not drawn.
    fn fold_column(&self) -> Option<&str> {
        self.folds.parse::<usize>().is_err().then_some(&*self.folds)
    }

    fn folds_in_words(&self) -> String {
        let dealt = if self.stratified == Some(Stratified::Yes) { " within each outcome class" } else { "" };
        match (self.fold_column(), self.repeats) {
            (Some(column), _) => format!("of column `{column}`"),
            (None, None | Some(1)) => format!("{}{dealt}, seed {}", self.folds, self.seed),
            (None, Some(n)) => {
                format!("{}{dealt}, drawn {n} times, seed {}; the curve is their mean", self.folds, self.seed)
            }
        }
    }

    fn page(&self, set: &FeatureSet, stage: &Stage, work: &Work, lambda: f64) -> Page {
        let cv = &work.cv;
        let rule = match self.rule {
            _ if self.lambda.is_some() => "chosen",
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
                        format!(
                            "{} with {}",
                            number::value(cv.lambda_min()),
                            counted(cv.path.sizes()[cv.min], "features")
                        ),
                    ),
                    (
                        "lambda.1se",
                        format!(
                            "{} with {}",
                            number::value(cv.lambda_1se()),
                            counted(cv.path.sizes()[cv.one_se], "features")
                        ),
                    ),
                    ("folds", self.folds_in_words()),
                    (
                        "threshold",
                        match self.solver {
                            Some(Solver::Accurate) => "none, the accurate solver needs none".into(),
                            _ => format!("{:e}", work.thresh),
                        },
                    ),
                ])
                .table(table)
                .plot(plots::lasso_error(cv, work.n, self.lambda))
                .plot(plots::lasso_path(&cv.path, &candidates, lambda))
                .value("lambda", &cv.path.lambda)
                .value("cvm", &cv.mean)
                .value("cvsd", &cv.se)
                .value("lambda_at", lambda)
                .value("lambda_min", cv.lambda_min())
                .value("lambda_1se", cv.lambda_1se())
                .value("selected", super::names(set, &stage.kept))
                .value("coef", fit.map(|f| &f.coef))
                .value("intercept", fit.map(|f| f.intercept));
        for (name, column) in stretches(&cv.path) {
            page = page.value(name, column);
        }
        self.cautioned(page, set, stage, work, rule)
    }
}

/// These features of the training patients, and who had the event.
fn data(world: &World<'_>, set: &FeatureSet, columns: &[usize]) -> Result<(Array2<f64>, Vec<bool>)> {
    let outcome = world.study.need_outcome("lasso")?;
    let (training, _) = world.study.training("lasso")?;
    let x = Array2::from_shape_fn((training.len(), columns.len()), |(i, j)| set.matrix[[training[i], columns[j]]]);
    Ok((x, outcome.of(&training)))
}

/// Where on the path the same features are chosen: from which penalty to which, and how many.
fn stretches(path: &lasso::Path) -> [(&'static str, Vec<f64>); 3] {
    let (mut from, mut to, mut n) = (Vec::new(), Vec::new(), Vec::new());
    let mut before: Option<Vec<usize>> = None;
    for (lambda, model) in path.lambda.iter().zip(&path.models) {
        let chosen: Vec<usize> = model.chosen().into_iter().map(|(j, _)| j).collect();
        if before.as_ref() == Some(&chosen) {
            to.pop();
        } else {
            from.push(*lambda);
            n.push(chosen.len() as f64);
        }
        to.push(*lambda);
        before = Some(chosen);
    }
    [("stretch_from", from), ("stretch_to", to), ("stretch_n", n)]
}

/// A tested feature's coefficient as computed: zero when it is not in, none when it took no part.
fn coefficient(work: &Work, model: &Model, feature: usize) -> f64 {
    let Some(at) = work.columns.iter().position(|c| *c == feature) else { return f64::NAN };
    model.coefficients.iter().find(|(j, _)| *j == at).map_or(0.0, |(_, b)| *b)
}

/// Equal values to equal numbers from 0, in order of first occurrence.
fn distinct(values: impl Iterator<Item = u64>) -> Vec<usize> {
    let mut seen: Vec<u64> = Vec::new();
    let number = |v: u64| {
        seen.iter().position(|s| *s == v).unwrap_or_else(|| {
            seen.push(v);
            seen.len() - 1
        })
    };
    values.map(number).collect()
}
