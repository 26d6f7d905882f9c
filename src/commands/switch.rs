//! `switch`: take up a variant in place of the notebook.

use serde::{Deserialize, Serialize};

use super::spec::{Command, Flag, Kind, Place, Spec, Step, World};
use crate::error::Result;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Switch {
    name: String,
}

impl Command for Switch {
    const SPEC: Spec = Spec {
        name: "switch",
        summary: "take up a variant in place of the notebook",
        about: "The notebook's lines become those that `fork NAME` kept, so that comes first; `undo` brings the present ones back. The variant stays \
                as it is: what is changed afterwards is changed in the notebook.",
        place: Place::Request,
        flags: &[Flag::first("name", Kind::Variant, "a variant's name")],
        examples: &["fork strict", "switch strict"],
    };

    fn run(&self, _: &World<'_>) -> Result<Step> {
        Ok(Step::Switch(self.name.clone()))
    }
}
