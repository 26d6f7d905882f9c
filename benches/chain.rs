//! From a changed threshold to a redrawn screen: `cargo bench --bench chain [-- TABLE CLINICAL OUTCOME FEATURES]`.
//!
//! Without arguments on 154 patients x 1967 simulated features with two readers. Each line moves one threshold back and
//! forth, recomputes the notebook below it and draws the page of the moved cell and of the ROC at 80x24.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod simulated;

use std::time::Instant;

use radnote::render::cells::{self, PageView};
use radnote::render::theme::{Colour, Glyphs, Theme};
use radnote::session::Session;
use radnote::task::Task;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

const PATIENTS: usize = 154;
const RUNS: usize = 21;

fn main() {
    let folder = std::env::temp_dir().join("radnote-bench-chain");
    std::fs::create_dir_all(&folder).expect("a folder for the tables");
    let given: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    let (open, features) = match given.as_slice() {
        [table, clinical, outcome, features] => {
            (format!("open {table} --clinical {clinical} --outcome {outcome}"), format!("features {features}"))
        }
        _ => {
            simulated::tables(&folder, PATIENTS, 1967, usize::MAX);
            ("open clinical.csv --outcome event --role role".to_string(), "features features.csv".to_string())
        }
    };
    let mut session = Session::new(&folder, &folder);
    let task = Task::default();
    let rest = ["icc", "mannwhitney", "lasso --rule min", "signature", "roc", "calibrate --resamples 0", "decision"];
    for line in [open.as_str(), features.as_str()].into_iter().chain(rest) {
        let start = Instant::now();
        session.submit(line, &task).unwrap_or_else(|e| panic!("{line}: {e}"));
        let entry = session.entries().iter().find(|e| e.line.starts_with(line.split(' ').next().unwrap_or(line)));
        let said = entry.and_then(|e| e.result.as_ref().ok()).map(|p| p.headline.clone()).unwrap_or_default();
        println!("{:>8.1} ms  {line}: {said}", start.elapsed().as_secs_f64() * 1e3);
    }
    for (what, lines) in [
        ("view only (decision range)", ["decision --to 0.8", "decision --to 0.9"]),
        ("lasso rule", ["lasso --rule 1se", "lasso --rule min"]),
        ("mannwhitney threshold, lasso below it", ["mannwhitney --below 0.045", "mannwhitney --below 0.04"]),
        ("icc threshold, lasso below it", ["icc --above 0.86", "icc --above 0.87"]),
    ] {
        println!("{what}: {}", timed(&session, &lines));
    }
}

/// Each run moves the threshold to a value not seen before, so that nothing is remembered from the run before.
fn timed(session: &Session, lines: &[&str; 2]) -> String {
    let area = Rect::new(0, 0, 80, 24);
    let theme = Theme { glyphs: Glyphs::Braille, colour: Colour::Sixteen };
    let mut times: Vec<f64> = (0..RUNS)
        .map(|run| {
            let line = moved(lines[run % 2], run);
            let start = Instant::now();
            let mut buffer = Buffer::empty(area);
            let at = session.entries().iter().position(|e| e.line.split(' ').next() == line.split(' ').next());
            session
                .rehearse(at.unwrap_or(0), &line, &Task::default(), &mut |_, entry| {
                    if let Ok(page) = &entry.result {
                        cells::draw(page, &PageView::default(), area, &mut buffer, theme);
                    }
                })
                .unwrap_or_else(|e| panic!("{line}: {e}"));
            start.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    format!("median {:.1} ms, p95 {:.1} ms", times[RUNS / 2], times[RUNS * 95 / 100])
}

/// The number at the end of the line, a little further on with every run.
fn moved(line: &str, run: usize) -> String {
    match line.rsplit_once(' ').and_then(|(head, number)| Some((head, number.parse::<f64>().ok()?))) {
        Some((head, number)) => format!("{head} {}", number + run as f64 * 1e-4),
        None => line.to_string(),
    }
}
