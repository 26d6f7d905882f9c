//! The values a flag may take, from the study and the folder.

use std::path::Path;

use crate::caution::counted;
use crate::cohort::table::{self, Table};
use crate::commands::{self, Flag, Kind, Position, Spec, Word};
use crate::features::{self, Settings};
use crate::files;
use crate::study::Study;

/// Tables beyond this size are not opened for the names of their columns.
const LARGEST: u64 = 16 << 20;

/// Values and what they mean.
pub(super) fn of(flag: &Flag, spec: &Spec, words: &[Word], study: &Study, folder: &Path) -> Vec<(String, String)> {
    match flag.kind {
        Kind::Number | Kind::Whole | Kind::Word => Vec::new(),
        Kind::Choice(choices) => plain(choices.iter().map(ToString::to_string)),
        Kind::File => files(words.last().map_or("", |w| w.text.as_str()), folder),
        Kind::Table => {
            let files = files(words.last().map_or("", |w| w.text.as_str()), folder);
            files.into_iter().filter(|(name, _)| name.ends_with('/') || table::is_named(name)).collect()
        }
        Kind::Params => {
            let presets = plain(Settings::presets().iter().map(ToString::to_string));
            let parameters = |name: &str| ["/", ".yaml", ".yml", ".json"].iter().any(|end| name.ends_with(end));
            let files = files(words.last().map_or("", |w| w.text.as_str()), folder);
            presets.into_iter().chain(files.into_iter().filter(|(name, _)| parameters(name))).collect()
        }
        Kind::Image => {
            // Those that features were extracted of; before that, those of the usual preset.
            let extracted = study.features().and_then(|set| set.settings.as_ref()).map(features::images);
            let usual = || Settings::preset("paper-1967").ok().map(|settings| features::images(&settings));
            plain(extracted.or_else(usual).unwrap_or_default())
        }
        Kind::Column => columns(spec, words, study, folder),
        Kind::Term => terms(study),
        Kind::Feature => features(study),
        Kind::Patient => plain(study.cohort().into_iter().flat_map(|c| c.ids())),
        Kind::Variant => variants(folder),
        Kind::CommandName => commands::table().iter().map(|r| (r.spec.name.into(), r.spec.summary.into())).collect(),
    }
}

fn plain(names: impl IntoIterator<Item = String>) -> Vec<(String, String)> {
    names.into_iter().map(|n| (n, String::new())).collect()
}

/// Columns of the files this line names, where it names some; else of the open cohort.
fn columns(spec: &Spec, words: &[Word], study: &Study, folder: &Path) -> Vec<(String, String)> {
    let mut names: Vec<(String, String)> = Vec::new();
    for file in named_files(spec, words) {
        let path = folder.join(&file);
        let small = std::fs::metadata(&path).is_ok_and(|m| m.is_file() && m.len() <= LARGEST);
        // A table that cannot be read has no names to offer; running the line says what is wrong with it.
        if let Some(table) = small.then(|| Table::read(&path).ok()).flatten() {
            let new = |name: &String| !names.iter().any(|(n, _)| n == name);
            let found: Vec<String> = table.names().into_iter().filter(new).collect();
            names.extend(found.into_iter().map(|n| (n, file.clone())));
        }
    }
    if names.is_empty() { clinical(study) } else { names }
}

/// The words of the line that are values of flags that take files.
fn named_files(spec: &Spec, words: &[Word]) -> Vec<String> {
    let mut files = Vec::new();
    let mut words = words.iter().skip(1).map(|w| w.text.as_str());
    let takes_file = |f: &&Flag| matches!(f.kind, Kind::File | Kind::Table);
    while let Some(word) = words.next() {
        let named = word.strip_prefix("--").and_then(|name| spec.flags.iter().find(|f| f.name == name));
        match named {
            Some(flag) => files.extend(words.next().filter(|_| takes_file(&flag)).map(str::to_string)),
            None if spec.flags.iter().any(|f| f.position != Position::Named && takes_file(&f)) => {
                files.push(word.into())
            }
            None => {}
        }
    }
    files
}

fn clinical(study: &Study) -> Vec<(String, String)> {
    plain(study.cohort().into_iter().flat_map(|c| c.clinical.iter().map(|v| v.name.clone())))
}

fn terms(study: &Study) -> Vec<(String, String)> {
    let models = study.models().map(|m| (m.name.clone(), model(m.terms.len())));
    let mut terms: Vec<(String, String)> = models.collect();
    let new: Vec<_> = clinical(study).into_iter().filter(|(n, _)| !terms.iter().any(|(t, _)| t == n)).collect();
    terms.extend(new);
    terms
}

/// Features that are still kept first, then those a step has dropped.
fn features(study: &Study) -> Vec<(String, String)> {
    let Some(set) = study.features() else { return Vec::new() };
    let mut kept = vec![false; set.names.len()];
    study.kept().into_iter().for_each(|j| kept[j] = true);
    let of = |wanted: bool| (0..kept.len()).filter(|j| kept[*j] == wanted).collect::<Vec<_>>();
    let help = |j: usize| if kept[j] { String::new() } else { "dropped".into() };
    of(true).into_iter().chain(of(false)).map(|j| (set.names[j].clone(), help(j))).collect()
}

/// The names of variants of notebooks in this folder: NAME of `notebook.NAME.rad`.
fn variants(folder: &Path) -> Vec<(String, String)> {
    let of = |(file, _): (String, String)| {
        let (notebook, name) = file.strip_suffix(".rad")?.rsplit_once('.')?;
        Some((name.to_string(), format!("of {notebook}.rad")))
    };
    files("", folder).into_iter().filter_map(of).collect()
}

/// What the folder of a path begun holds; folders end in `/`, hidden files only where a dot was typed, and nothing of what
/// stands beside a notebook.
fn files(typed: &str, folder: &Path) -> Vec<(String, String)> {
    let (above, name) = typed.rfind('/').map_or(("", typed), |i| typed.split_at(i + 1));
    let place = folder.join(above);
    let offered = |file: &String| {
        let own = files::BESIDE.iter().any(|ending| file.ends_with(ending));
        !own && (!file.starts_with('.') || name.starts_with('.'))
    };
    let text = |file: String| {
        let slash = if place.join(&file).is_dir() { "/" } else { "" };
        (format!("{above}{file}{slash}"), String::new())
    };
    let mut found: Vec<(String, String)> = files::names(&place).into_iter().filter(offered).map(text).collect();
    found.sort();
    found
}

fn model(terms: usize) -> String {
    format!("model of {}", counted(terms, "terms"))
}
