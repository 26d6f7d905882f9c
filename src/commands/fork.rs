//! `fork`: keep the notebook as it stands as a variant.

use serde::{Deserialize, Serialize};

use super::spec::{Command, Flag, Kind, Place, Spec, Step, World};
use crate::error::{Error, Result};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Fork {
    name: String,
}

impl Command for Fork {
    const SPEC: Spec = Spec {
        name: "fork",
        summary: "keep the notebook as it stands as a variant",
        about: "Change a threshold afterwards and `compare` sets the variants side by side; `switch NAME` goes back to one. A \
                variant is a notebook of its own, kept beside this one's file as FILE.NAME.rad, which `radnote run` replays.",
        place: Place::Request,
        flags: &[Flag::first("name", Kind::Word, "the variant's name: letters, digits, - and _")],
        examples: &["fork strict"],
    };

    fn run(&self, _: &World<'_>) -> Result<Step> {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if self.name.is_empty() {
            let remedy = "run `fork strict`, or with another name".to_string();
            return Err(Error::NotYet { command: "fork".into(), missing: "a name for the variant".into(), remedy });
        }
        if !self.name.chars().all(plain) {
            return Err(Error::BadValue {
                what: "the variant's name".into(),
                given: self.name.clone(),
                expected: "it is made of letters, digits, - and _, as in `fork strict`".into(),
            });
        }
        Ok(Step::Fork(self.name.clone()))
    }
}
