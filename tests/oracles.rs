//! Every statistic against R: whole folders of cases, found by their `step`.
//!
//! Read are `tests/oracles`, `../shared/oracles/stats` where it exists, and each folder of `RADNOTE_ORACLES` (separated by
//! `:`). Nothing is taken for granted about the names of inputs, counts or seeds: a case says what it is. Each step prints
//! how many of the values it holds were compared, the largest difference, and which values nothing was compared with.

#[path = "oracles/baseline.rs"]
mod baseline;
#[path = "oracles/case.rs"]
mod case;
#[path = "oracles/chain.rs"]
pub mod chain;
#[path = "oracles/correlation.rs"]
mod correlation;
#[path = "oracles/decision.rs"]
mod decision;
#[path = "oracles/dependent.rs"]
mod dependent;
#[path = "oracles/design.rs"]
mod design;
#[path = "oracles/far.rs"]
mod far;
#[path = "oracles/firth.rs"]
mod firth;
#[path = "oracles/lasso.rs"]
mod lasso;
#[path = "oracles/levels.rs"]
mod levels;
#[path = "oracles/logistic.rs"]
mod logistic;
#[path = "oracles/notebook.rs"]
mod notebook;
#[path = "oracles/pipeline.rs"]
mod pipeline;
#[path = "oracles/ranks.rs"]
mod ranks;
#[path = "oracles/reclassification.rs"]
mod reclassification;
#[path = "oracles/resampled.rs"]
mod resampled;
#[path = "oracles/rising.rs"]
mod rising;
#[path = "oracles/rms.rs"]
mod rms;
#[path = "oracles/roc.rs"]
mod roc;
#[path = "oracles/sarcoma.rs"]
mod sarcoma;
#[path = "oracles/table.rs"]
mod table;
#[path = "oracles/tails.rs"]
mod tails;
#[path = "oracles/tolerance.rs"]
mod tolerance;
#[path = "oracles/two_sample.rs"]
mod two_sample;

use std::path::PathBuf;

use case::Case;

/// The folders to read; a folder that is named but absent is an error of the one who named it.
pub fn folders() -> Vec<PathBuf> {
    let mut folders = vec![PathBuf::from("tests/oracles")];
    let shared = PathBuf::from("../shared/oracles/stats");
    if shared.is_dir() {
        folders.push(shared);
    } else {
        println!("skipped: {} is not there", shared.display());
    }
    folders.extend(named());
    folders
}

fn named() -> Vec<PathBuf> {
    let named = std::env::var("RADNOTE_ORACLES").unwrap_or_default();
    named.split(':').filter(|f| !f.is_empty()).map(PathBuf::from).collect()
}

/// Compare every case of a step in every folder, print what was done, and fail with all that differs.
pub fn compare(step: &str, check: impl Fn(&Case)) {
    let mut failures = Vec::new();
    for folder in folders() {
        for case in case::read(&folder).into_iter().filter(|c| c.step == step) {
            check(&case);
            println!("{}", case.report());
            failures.extend(case.failures());
        }
    }
    assert!(
        failures.is_empty(),
        "{} values differ:\n{}",
        failures.len(),
        failures[..failures.len().min(40)].join("\n")
    );
}

/// Resamples of rows, 1-based and one to a line: the file that `input` names, or the folder's own.
fn resamples(node: &case::Node) -> Vec<Vec<usize>> {
    let inputs = node.at("input").map(|i| i.texts()).unwrap_or_default();
    let is_ours = |f: &String| f.starts_with("boot_idx");
    let file = inputs.into_iter().find(is_ours).unwrap_or_else(|| {
        let files = std::fs::read_dir(node.folder()).unwrap();
        let mut names = files.map(|f| f.unwrap().file_name().to_string_lossy().into_owned());
        names.find(is_ours).unwrap()
    });
    let text = std::fs::read_to_string(node.folder().join(file)).unwrap();
    text.lines().map(|l| l.split(',').map(|v| v.trim().parse::<usize>().unwrap() - 1).collect()).collect()
}

#[test]
fn a_named_folder_holds_cases() {
    for folder in std::iter::once(PathBuf::from("tests/oracles")).chain(named()) {
        assert!(!case::read(&folder).is_empty(), "{} holds no case", folder.display());
    }
}
