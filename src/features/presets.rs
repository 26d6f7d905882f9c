//! Parameter files that come with the program.

use std::path::Path;

use super::settings::Settings;
use crate::error::{Error, Result, nearest};

const PRESETS: [(&str, &str); 3] = [
    ("paper-1967", include_str!("presets/paper-1967.yaml")),
    ("mr", include_str!("presets/mr.yaml")),
    ("original-107", include_str!("presets/original-107.yaml")),
];

impl Settings {
    /// The settings of a parameter file that comes with the program; [`Error::NoSuch`] when there is none of that name.
    pub fn preset(name: &str) -> Result<Self> {
        let known = Self::presets();
        let Some((_, text)) = PRESETS.iter().find(|(preset, _)| *preset == name) else {
            let nearest = nearest(name, known.iter().copied());
            let known = known.iter().map(ToString::to_string).collect();
            return Err(Error::NoSuch { what: "preset".into(), given: name.into(), nearest, known });
        };
        Self::parse(text, Path::new(name))
    }

    /// Names of the parameter files that come with the program, the default first.
    pub fn presets() -> &'static [&'static str] {
        const NAMES: [&str; PRESETS.len()] = [PRESETS[0].0, PRESETS[1].0, PRESETS[2].0];
        &NAMES
    }
}
