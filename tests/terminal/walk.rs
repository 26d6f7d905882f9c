//! The tour and every screen, walked in a real terminal of 80 by 24 and compared with the captures in `examples/tour`.
//!
//! `RADNOTE_BLESS=1 cargo test --release -- terminal::walk` makes the captures and the recording `tour.cast` anew
//! (`asciinema play examples/tour/tour.cast`); look at what changed before keeping it.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use radnote::commands::STOPS;

use super::harness::{PATIENCE, Terminal};
use super::model::Model;
use crate::common;

/// A stop of the walk: the capture's name, the keys that lead there, and words that then stand on the screen.
struct Stop {
    name: String,
    keys: &'static str,
    seen: String,
}

fn stop(name: &str, keys: &'static str, seen: &str) -> Stop {
    Stop { name: name.into(), keys, seen: seen.into() }
}

const ESC: &str = "\x1b";
const ENTER: &str = "\r";
const RIGHT: &str = "\x1b[C";

/// Enter from step to step of the tour, then from screen to screen.
fn stops() -> Vec<Stop> {
    let mut stops = vec![stop("00-start", "", "Step 1 of 10:")];
    for (i, of) in STOPS.iter().enumerate() {
        let command = of.lines[of.lines.len() - 1].split(' ').next().unwrap_or_default();
        let next = if i + 1 < STOPS.len() { format!("Step {} of 10:", i + 2) } else { "The tour is over".into() };
        stops.push(stop(&format!("{:02}-{command}", i + 1), ENTER, &next));
    }
    stops.extend([
        stop("11-tune", "2", "[F2 tune]"),
        stop("12-tune-moved", "]", "(+0 -1)"),
        stop("", ESC, "above 0.85"),
        stop("13-browse", "\x1bOR", "[3 browse]"),
        stop("14-figures", "4", "[4 figures]"),
        stop("15-boxes", "figures 8\r", "Signature by outcome"),
        stop("16-roc", "figures 16\r", "ROC"),
        stop("17-patients", "5", "[5 patients]"),
        stop("18-slice", "patients P016\r", "slice"),
        stop("19-whatif", "7", "[F7 whatif]"),
        stop("20-whatif-moved", RIGHT, "whatif signature="),
        stop("21-keys", "?", "On whatif"),
        stop("", ESC, "[F7 whatif]"),
        stop("22-help", "help icc\r", "Enter takes `icc"),
        stop("", "fork paper\r", "paper"),
        stop("", "icc --above 0.9\r", "features 107 ->"),
        stop("23-compare", "\x1b[17~", "[6 compare]"),
    ]);
    stops
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/tour")
}

fn capture(name: &str) -> String {
    fs::read_to_string(folder().join(format!("{name}.txt"))).unwrap_or_default()
}

/// Words of the screen in one line, however they were wrapped.
fn words(model: &Model) -> String {
    model.text().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The program at the start of the tour, on the built-in cohort that the tests share.
fn begin(name: &str, variables: &[(&str, &str)]) -> Option<Terminal> {
    let folder = common::scratch(name);
    std::os::unix::fs::symlink(common::demo(), folder.join("radnote-demo")).unwrap();
    let cache = common::cache();
    let variables = [variables, &[("RADNOTE_CACHE", cache.to_str().unwrap())]].concat();
    Terminal::open(&folder, &["tour"], &variables)
}

/// Walk, and give each capture with how much had been written by then.
fn walk(terminal: &mut Terminal, pause: Duration) -> Vec<(String, String, usize)> {
    let mut captures = Vec::new();
    for stop in stops() {
        if !stop.keys.is_empty() {
            terminal.keys(stop.keys);
        }
        terminal.wait_until(&stop.seen, |m| words(m).contains(&stop.seen));
        let text = settled(terminal, pause);
        if !stop.name.is_empty() {
            captures.push((stop.name, text + "\n", terminal.raw().len()));
        }
    }
    captures
}

/// The screen when nothing is computed any more and nothing has been written for this long.
fn settled(terminal: &Terminal, pause: Duration) -> String {
    let started = Instant::now();
    let mut written = terminal.raw().len();
    loop {
        std::thread::sleep(pause);
        let (now, text) = (terminal.raw().len(), terminal.text());
        let busy = ["computing", " waits", " runs, ", "It runs."].iter().any(|word| text.contains(word));
        if now == written && !busy {
            return text;
        }
        written = now;
        assert!(started.elapsed() < PATIENCE, "never at rest\n{text}");
    }
}

#[test]
fn every_screen_is_as_its_capture() {
    let Some(mut terminal) = begin("tour-captured", &[("NO_COLOR", "1")]) else { return };
    let captures = walk(&mut terminal, Duration::from_millis(700));
    if common::bless() {
        let _ = fs::remove_dir_all(folder());
        fs::create_dir_all(folder()).unwrap();
        captures.iter().for_each(|(name, text, _)| fs::write(folder().join(format!("{name}.txt")), text).unwrap());
        record();
    }
    let differing = captures.iter().filter(|(name, text, _)| capture(name) != *text);
    let differing: Vec<String> = differing.map(|(name, text, _)| format!("{name} is now\n{text}")).collect();
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}

/// Walk in colours, at the pace of a reader, and keep what the terminal got: a cast of version 2 with a marker a stop.
fn record() {
    let Some(mut terminal) = begin("tour-recorded", &[]) else { return };
    let captures = walk(&mut terminal, Duration::from_millis(1500));
    let mut lines = vec![r#"{"version": 2, "width": 80, "height": 24, "title": "radnote tour"}"#.to_string()];
    let (mut clock, mut before, mut sent) = (0.0, 0.0, 0);
    let written = terminal.raw();
    let mut marks = captures.iter();
    let mut mark = marks.next();
    let mut told = 0;
    for (at, bytes) in terminal.pieces() {
        // Nobody watches a program wait.
        clock += (at - before).clamp(0.0, 2.0);
        before = at;
        sent += bytes;
        // A character that is cut in two waits for its other half.
        let text = match std::str::from_utf8(&written[told..sent]) {
            Ok(text) => text,
            Err(e) => std::str::from_utf8(&written[told..told + e.valid_up_to()]).unwrap(),
        };
        told += text.len();
        lines.push(serde_json::json!([round(clock), "o", text]).to_string());
        while let Some((name, _, until)) = mark.filter(|m| m.2 <= sent) {
            assert_eq!(*until, sent, "a piece ends where the screen is at rest");
            lines.push(serde_json::json!([round(clock), "m", name]).to_string());
            mark = marks.next();
        }
    }
    fs::write(folder().join("tour.cast"), lines.join("\n") + "\n").unwrap();
}

fn round(seconds: f64) -> f64 {
    (seconds * 1000.0).round() / 1000.0
}

/// What the recording shows at each marker is the capture of that name. Greys are colours in the one and signs in the other.
#[test]
fn the_recording_shows_its_captures() {
    let cast = fs::read_to_string(folder().join("tour.cast")).unwrap();
    let mut lines = cast.lines();
    let head: serde_json::Value = serde_json::from_str(lines.next().unwrap()).unwrap();
    assert_eq!(
        (head["version"].as_u64(), head["width"].as_u64(), head["height"].as_u64()),
        (Some(2), Some(80), Some(24))
    );
    let (mut model, mut seen, mut clock) = (Model::new(80, 24), 0, 0.0);
    for line in lines {
        let (at, kind, text): (f64, String, String) = serde_json::from_str(line).unwrap();
        assert!(at >= clock, "time goes on");
        clock = at;
        if kind == "o" {
            model.play(text.as_bytes());
            continue;
        }
        let kept = capture(&text);
        let shaded = kept.contains(['░', '▒', '▓', '█']);
        assert!(shaded || kept == model.text() + "\n", "{text}\n{}", model.text());
        seen += 1;
    }
    assert_eq!(seen, stops().iter().filter(|s| !s.name.is_empty()).count());
}
