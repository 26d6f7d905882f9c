//! `quit`: leave; the notebook is on disk already.

use serde::{Deserialize, Serialize};

use super::spec::{Command, Place, Spec, Step, World};
use crate::error::Result;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Quit {}

impl Command for Quit {
    const SPEC: Spec = Spec {
        name: "quit",
        summary: "leave radnote; the notebook is saved already",
        about: "Every change is written to the notebook's file when it is made, so there is nothing to lose.",
        place: Place::Request,
        flags: &[],
        examples: &["quit"],
    };

    fn run(&self, _: &World<'_>) -> Result<Step> {
        Ok(Step::Quit)
    }
}
