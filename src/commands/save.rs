//! `save`: keep the notebook in another file from now on.

use std::path::{Path, PathBuf};

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
        about: "Every change is saved when it is made; `save` is for another name, here or in another folder: there its \
                lines name files by their full paths. The file is text: command lines, and under each what it said, which \
                `radnote run FILE --check` compares.",
        place: Place::Request,
        flags: &[Flag::first("file", Kind::File, "a name that ends in .rad")],
        examples: &["save copy.rad"],
    };

    fn run(&self, world: &World<'_>) -> Result<Step> {
        if self.file.is_empty() {
            return Err(Error::NotYet {
                command: "save".into(),
                missing: "a name for the notebook".into(),
                remedy: "`save NAME.rad` keeps it there from now on; `figures NUMBER --save NAME.svg` (Ctrl-S on the \
                         figure) writes a figure and its points as CSV"
                    .into(),
            });
        }
        let figure = Path::new(&self.file).extension().is_some_and(|e| e == "svg" || e == "csv");
        if figure {
            return Err(Error::BadValue {
                what: "the notebook's name".into(),
                given: self.file.clone(),
                expected: format!(
                    "it must end in .rad; a figure is written by `figures NUMBER --save {}`",
                    super::quote(&self.file)
                ),
            });
        }
        if !self.file.ends_with(".rad") {
            return Err(Error::BadValue {
                what: "the notebook's name".into(),
                given: self.file.clone(),
                expected: format!("it must end in .rad (did you mean `{}.rad`?)", self.file.trim_end_matches('.')),
            });
        }
        Ok(Step::Save(world.path(&at_home(&self.file))))
    }
}

/// A path as a shell reads it: `~` is the user's own folder.
fn at_home(file: &str) -> String {
    let home = std::env::var_os("HOME").map(PathBuf::from);
    let own = file.strip_prefix("~/").zip(home).map(|(rest, home)| home.join(rest));
    own.and_then(|path| path.to_str().map(str::to_string)).unwrap_or_else(|| file.to_string())
}
