//! `whatif`: the nomogram for values that are tried, moved by keys on the full screen.

use serde::{Deserialize, Serialize};

use super::predict::{Predict, asked};
use super::spec::{Command, Flag, Kind, Place, Screen, Spec, Step, World};
use crate::error::Result;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct WhatIf {
    values: Vec<String>,
    patient: Option<String>,
}

impl Command for WhatIf {
    const SPEC: Spec = Spec {
        name: "whatif",
        summary: "the nomogram for values that are tried: points, total and probability move",
        about: "As `predict`, but nothing is kept in the notebook, and a term without a value starts where most patients are: \
                a number at the training patients' median, a factor at its reference level. On a full screen it opens as a \
                screen of its own (key 7): Up and Down choose a term, Left and Right move it, digits type its value, and [ \
                and ] step through the patients.",
        place: Place::Request,
        flags: &[
            Flag::rest("values", Kind::Word, "TERM=VALUE"),
            Flag::named("patient", Kind::Patient, "a patient of the cohort to start from"),
        ],
        examples: &["whatif", "whatif margin=well", "whatif --patient P001"],
    };

    fn run(&self, world: &World<'_>) -> Result<Step> {
        let predict = Predict { values: self.values.clone(), patient: self.patient.clone() };
        Ok(Step::Open(Screen::WhatIf, asked(world.study, "whatif", &predict, true)?))
    }
}
