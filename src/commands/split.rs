//! `split`: choose who trains, stratified by outcome, where the tables do not say.

use serde::{Deserialize, Serialize};

use super::spec::{Command, Flag, Kind, Place, Spec, Step, World};
use crate::cohort::Role;
use crate::error::{Error, Result};
use crate::stats::folds;
use crate::study::Study;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Split {
    ratio: String,
    seed: u32,
}

impl Default for Split {
    fn default() -> Self {
        Self { ratio: "2:1".into(), seed: 1 }
    }
}

impl Command for Split {
    const SPEC: Spec = Spec {
        name: "split",
        summary: "choose training and internal patients, stratified by outcome",
        about: "In each outcome class round(share x n) patients train, drawn by R's `set.seed(SEED)` and `sample`, the \
                class without the event first; the others become the role `internal`. 2:1 gives the paper's 47/35 and \
                23/17 from 70/52. A cohort whose roles come from a column is never split again: that would look at \
                its validation patients. So it is with the built-in cohort; your own is split where `open` had no `--role`.",
        place: Place::Step(1),
        flags: &[
            Flag::first("ratio", Kind::Word, "training to internal, as 2:1"),
            Flag::named("seed", Kind::Whole, "the seed of R's random numbers"),
        ],
        examples: &["split 2:1 --seed 7"],
    };

    fn run(&self, world: &World<'_>) -> Result<Step> {
        let outcome = world.study.need_outcome("split")?;
        let mut cohort = world.study.need_cohort("split")?.clone();
        if cohort.role.is_some() {
            return Err(Error::BadValue {
                what: "`split`".into(),
                given: self.ratio.clone(),
                expected: "the cohort already has roles from a column; open it without `--role` to split it anew"
                    .into(),
            });
        }
        let training = folds::split(&outcome.events, share(&self.ratio)?, super::seed(self.seed)?)?;
        for (patient, training) in cohort.patients.iter_mut().zip(training) {
            patient.role = Role::named(if training { "train" } else { "internal" });
        }
        let mut page = super::open::page(&cohort);
        page.title = "Split".into();
        let study = Study::with_cohort(cohort);
        Ok(Step::Advance(
            match world.study.features() {
                Some(features) => study.with_features(features.clone()),
                None => study,
            },
            page,
        ))
    }
}

fn share(ratio: &str) -> Result<f64> {
    let parts = ratio.split_once(':').and_then(|(a, b)| Some((a.parse::<f64>().ok()?, b.parse::<f64>().ok()?)));
    match parts {
        Some((a, b)) if a > 0.0 && b > 0.0 && (a + b).is_finite() => Ok(a / (a + b)),
        _ => Err(Error::BadValue {
            what: "the ratio".into(),
            given: ratio.into(),
            expected: "write training to internal as two numbers, as 2:1".into(),
        }),
    }
}
