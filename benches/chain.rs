//! From a changed threshold to a redrawn screen: `cargo bench --bench chain [-- TABLE CLINICAL OUTCOME FEATURES]`.
//!
//! Without arguments on 154 patients x 1967 simulated features with two readers. Each line moves one threshold back and
//! forth, recomputes the notebook below it and draws the page of the moved cell and of the ROC at 80x24.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::Write;
use std::path::Path;
use std::time::Instant;

use radnote::num::rng::Rng;
use radnote::render::cells::{self, PageView};
use radnote::render::theme::{Colour, Glyphs, Theme};
use radnote::session::Session;
use radnote::task::Task;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

const PATIENTS: usize = 154;
const FEATURES: usize = 1967;
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
            simulate(&folder);
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
            session
                .rehearse(&line, &Task::default(), &mut |_, entry| {
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

/// A table of blocks of correlated features, of which the first carry the event, and a second reader's.
fn simulate(folder: &Path) {
    let mut rng = Rng::seeded(1);
    let event: Vec<bool> = (0..PATIENTS).map(|i| i % 9 < 4).collect();
    let role = |i: usize| ["train", "train", "train", "internal", "external"][i % 5];
    let mut clinical = String::from("ID,event,role\n");
    for (i, e) in event.iter().enumerate() {
        clinical += &format!("P{i:03},{},{}\n", u8::from(*e), role(i));
    }
    let mut columns: Vec<Vec<f64>> = Vec::with_capacity(FEATURES);
    for j in 0..FEATURES {
        let own: Vec<f64> = (0..PATIENTS).map(|_| rng.normal()).collect();
        let before = if j % 20 == 0 { None } else { columns.last() };
        let shift = if j % 20 == 0 && j % 60 == 0 { 0.7 } else { 0.0 };
        let value = |i: usize| match before {
            Some(b) => 0.85 * b[i] + 0.5268 * own[i],
            None => own[i] + shift * f64::from(u8::from(event[i])),
        };
        columns.push((0..PATIENTS).map(value).collect());
    }
    let header: String = (0..FEATURES).map(|j| format!(",original_glcm_F{j:04}")).collect();
    let (mut first, mut second) = (format!("ID{header}\n"), format!("ID{header}\n"));
    let patient = |i: usize| columns.iter().map(move |column| column[i]);
    for i in 0..PATIENTS {
        first += &format!("P{i:03}{}\n", patient(i).map(|v| format!(",{v}")).collect::<String>());
        if i < 30 {
            let mut again = |(j, v): (usize, f64)| format!(",{}", v + 0.05 * (1 + j % 12) as f64 * rng.normal());
            second += &format!("P{i:03}{}\n", patient(i).enumerate().map(&mut again).collect::<String>());
        }
    }
    for (name, text) in [("clinical.csv", clinical), ("features.csv", first), ("features_reader2.csv", second)] {
        let mut file = std::fs::File::create(folder.join(name)).expect("a table in the folder");
        file.write_all(text.as_bytes()).expect("a table on the disk");
    }
}
