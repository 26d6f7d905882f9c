//! `save`: keep the notebook in another file from now on.

use serde::{Deserialize, Serialize};

use super::spec::{Command, Flag, Kind, Place, Spec, Step, World};
use crate::error::{Error, Result};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Save {
    file: String,
}

impl Command for Save {
    const SPEC: Spec = Spec {
        name: "save",
        summary: "keep the notebook in another file from now on",
        about: "Every change is saved when it is made; `save` is for another name. The file is text: command lines, and \
                under each what it said, which `radnote run FILE --check` compares.",
        place: Place::Request,
        flags: &[Flag::first("file", Kind::File, "a name that ends in .rad")],
        examples: &["save copy.rad"],
    };

    fn run(&self, world: &World<'_>) -> Result<Step> {
        if !self.file.ends_with(".rad") {
            return Err(Error::BadValue {
                what: "the notebook's name".into(),
                given: self.file.clone(),
                expected: "it must end in .rad".into(),
            });
        }
        Ok(Step::Save(world.path(&self.file)))
    }
}
