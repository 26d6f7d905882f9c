//! `validate`: the whole pipeline again in every resample, the honest number.

mod clinical;
mod page;
mod plan;

use serde::{Deserialize, Serialize};

use self::clinical::Terms;
use super::spec::{Command, Flag, Kind, Place, Spec, Step, World};
use crate::error::{Error, Result};
use crate::stats::lasso::Loss;
use crate::stats::pipeline::{self, Bootstrap, CrossValidated, Data, Penalised, Plan};
use crate::study::{Fingerprint, Study};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Validate {
    method: Method,
    times: u32,
    folds: u32,
    seed: u32,
    model: Which,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Method {
    #[default]
    Bootstrap,
    Cv,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Which {
    /// The nomogram where the notebook has one, else the signature.
    #[default]
    Last,
    Signature,
    Nomogram,
}

impl Default for Validate {
    fn default() -> Self {
        Self { method: Method::Bootstrap, times: 200, folds: 10, seed: 1, model: Which::Last }
    }
}

/// Repetitions of the cross-validation that is shown for comparison only.
const BESIDE: usize = 3;

/// What the page shows.
struct Work {
    bootstrap: Option<Bootstrap>,
    nested: Option<CrossValidated>,
    /// The area the usual way.
    naive: f64,
}

impl Command for Validate {
    const SPEC: Spec = Spec {
        name: "validate",
        summary: "the whole pipeline again in every resample: the honest number",
        about: "Repeats the notebook's own steps (icc, mannwhitney, lasso with its cross-validation, stepwise, the \
                signature and the nomogram, each with its test and its fit) with their settings on resamples of the training \
                patients, so that the choice of features is judged too; and where `nomogram` takes the variables of \
                `clinical`, that choice as well. `bootstrap`: TIMES resamples with replacement by R's set.seed(SEED) and \
                sample; the headline is the AUC of the patients not drawn (out of bag) with an interval of 1.96 \
                standard deviations over resamples to each side, as they took no part in any choice; beside it .632+ of Efron and Tibshirani, which \
                weighs apparent and out-of-bag quality by how much is lost and stays above one half on noise, and Harrell's \
                optimism (quality on the resample less that on all patients), which is too small where features outnumber \
                patients by far, as all patients share members with the resample. `cv`: TIMES repetitions of FOLDS folds, \
                held-out risks, the AUC over pairs held out together and its standard error. ICC is that of the resampled patients with a second reading and \
                of those of other roles, who take part in every fit; a feature that lacks a training patient's value enters no fit; \
                the calibration slope out of bag is the median over resamples; \
                copies of a patient stay in one fold of the lasso's cross-validation; the lasso is solved by \
                `--solver accurate`, and a `--lambda` under the end of a resample's path is taken at that end; folds of a \
                column are drawn anew, as many. A loaded signature has no steps, and is refused. Beside it stands the usual \
                number: icc and mannwhitney on all patients first, then the cross-validated AUC of the lasso at its best \
                penalty, or at `--lambda`; without a lasso that of what follows, fitted anew in each fold.",
        place: Place::View,
        flags: &[
            Flag::named("method", Kind::Choice(&["bootstrap", "cv"]), "resampling with replacement, or folds"),
            Flag::named("times", Kind::Whole, "resamples, or repetitions of the folds"),
            Flag::named("folds", Kind::Whole, "folds of `cv`, and of the usual number beside it"),
            Flag::named("seed", Kind::Whole, "the seed of R's random numbers"),
            Flag::named("model", Kind::Choice(&["last", "signature", "nomogram"]), "whose risk is judged"),
        ],
        examples: &["validate --times 20", "validate --method cv --times 2 --folds 5 --model signature"],
    };

    fn is_slow(&self) -> bool {
        true
    }

    fn retraces(&self) -> bool {
        true
    }

    /// Cohort, features and what is repeated of the steps above; what they came to is not. Where nothing can be repeated, their
    /// lines say why.
    fn hangs_on(&self, study: &Study) -> Fingerprint {
        let plan = plan::plan(study, self.model);
        plan.map_or_else(|_| study.retraced(), |(plan, terms)| self.key(study, &plan, &terms))
    }

    fn run(&self, world: &World<'_>) -> Result<Step> {
        let (plan, terms) = plan::plan(world.study, self.model)?;
        let sample = plan::sample(world.study, &plan, &terms)?;
        let key = self.key(world.study, &plan, &terms);
        let work = world.workings.get(key, || self.work(&plan, &sample.data(), world))?;
        Ok(Step::Show(page::page(self, &terms, &sample, &work)))
    }
}

/// The lasso's area within folds needs enough patients in each, of those that an outer fold leaves: it would else be chosen by
/// another loss than the notebook's.
fn check_loss(plan: &Plan, patients: usize, folds: usize) -> Result<()> {
    const FEWEST: usize = 10;
    let left = patients - patients.div_ceil(folds.max(2)).min(patients);
    let few = |step: &&Penalised| step.loss == Loss::Auc && step.by_folds() && left < FEWEST * step.folds;
    plan.lasso.as_ref().filter(few).map_or(Ok(()), |step| {
        Err(Error::BadValue {
            what: "`--loss` of the step `lasso`".into(),
            given: "auc".into(),
            expected: format!(
                "the {left} patients that a fold of `validate` leaves are under {FEWEST} in each of its {} folds; take \
                 `--loss auc-pooled` or fewer folds there, or `--method bootstrap` here",
                step.folds
            ),
        })
    })
}

impl Validate {
    fn key(&self, study: &Study, plan: &Plan, terms: &Terms) -> Fingerprint {
        let of = format!("{self:?} {plan:?} {:?} {:?}", terms.names, plan::columns(study));
        study.data_key("validate").text(&of).finish()
    }

    fn work(&self, plan: &Plan, data: &Data<'_>, world: &World<'_>) -> Result<Work> {
        let (times, folds, seed) = (self.times as usize, self.folds as usize, super::seed(self.seed)?);
        if times == 0 {
            let expected = "at least 1".into();
            return Err(Error::BadValue { what: "`--times`".into(), given: "0".into(), expected });
        }
        if folds < 2 {
            let expected = "at least 2".into();
            return Err(Error::BadValue { what: "`--folds`".into(), given: folds.to_string(), expected });
        }
        let bootstrapped = self.method == Method::Bootstrap;
        if !bootstrapped {
            check_loss(plan, data.outcome.len(), folds)?;
        }
        let runs = if bootstrapped { times } else { times * folds };
        world.task.begin("validating", "runs", runs, 1.0);
        let (mut bootstrap, mut nested) = (None, None);
        if bootstrapped {
            bootstrap = Some(pipeline::bootstrap(plan, data, times, seed, world.task)?);
        } else {
            nested = Some(pipeline::cross_validate(plan, data, (times, folds), seed, true, world.task)?);
        }
        let naive = pipeline::naive(plan, data, (BESIDE, folds), seed, world.task)?;
        Ok(Work { bootstrap, nested, naive })
    }
}
