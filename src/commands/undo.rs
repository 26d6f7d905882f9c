//! `undo`: take the last change of the notebook back.

use serde::{Deserialize, Serialize};

use super::spec::{Command, Place, Spec, Step, World};
use crate::error::Result;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Undo {}

impl Command for Undo {
    const SPEC: Spec = Spec {
        name: "undo",
        summary: "take the last change back",
        about: "Every submitted line is one change; undo goes back as far as the notebook was opened.",
        place: Place::Request,
        flags: &[],
        examples: &["undo"],
    };

    fn run(&self, _: &World<'_>) -> Result<Step> {
        Ok(Step::Undo)
    }
}
