//! From a key to the frames that answer it, on the real loop: `cargo bench --bench latency`.
//!
//! 82 training patients x 1967 simulated features, on the screen of thresholds at 80x24, the notebook with the bootstrap of
//! `calibrate` as it is by default. `first` is the frame that shows the key, `funnel` the one with the new counts down to `mannwhitney`, `quick` the
//! one in which nothing but slow views is computed, `whole` the one in which nothing is. Frames are at least 33 ms apart.
//! Bytes are those of all frames of a key. Every step is to a threshold not seen before, but for those that go back.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod simulated;

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use radnote::render::theme::{Colour, Glyphs, Theme};
use radnote::session::{Script, Session};
use radnote::tui::{self, Terminal, Wire};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// Three of five, 82, are for training.
const PATIENTS: usize = 136;
const RUNS: usize = 41;
const LARGE: &str = "large";
const NOTEBOOK: [&str; 9] = [
    "open clinical.csv --outcome event --role role",
    "features features.csv",
    "icc",
    "mannwhitney",
    "lasso --rule min",
    "signature",
    "roc",
    "calibrate",
    "decision",
];

/// The row of the funnel.
const FUNNEL: usize = 2;
/// Nothing follows a frame after which nothing came for this long; well above the time between frames.
const SILENCE: Duration = Duration::from_millis(100);
/// How long a reader looks at the new numbers, beside [`SILENCE`].
const LOOK: Duration = Duration::from_millis(400);
const PATIENCE: Duration = Duration::from_secs(120);

/// A frame as it went to the terminal.
struct Frame {
    at: Instant,
    bytes: usize,
    busy: bool,
    text: String,
}

/// A terminal that counts.
struct Glass {
    wire: Wire,
    tell: Sender<Frame>,
}

impl Terminal for Glass {
    fn size(&self) -> std::io::Result<Rect> {
        Ok(Rect::new(0, 0, 80, 24))
    }

    fn show(&mut self, frame: Buffer, cursor: Option<Position>, busy: bool) -> std::io::Result<()> {
        let rows = frame.content.chunks(usize::from(frame.area.width));
        let text = rows.map(|row| row.iter().map(|c| c.symbol()).collect::<String>() + "\n").collect();
        let bytes = self.wire.frame(frame, cursor).len();
        let _ = self.tell.send(Frame { at: Instant::now(), bytes, busy, text });
        Ok(())
    }

    fn forget(&mut self) {
        self.wire.forget();
    }

    fn suspend(&mut self) -> std::io::Result<()> {
        Ok(())
    }

    fn wake(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn main() {
    let folder = std::env::temp_dir().join("radnote-bench-latency");
    // The peak of memory is of a process: the large cohort has its own.
    if std::env::args().any(|a| a == LARGE) {
        return large(folder.join(LARGE));
    }
    tuned(&folder);
    std::fs::create_dir_all(folder.join(LARGE)).expect("a folder for the tables");
    simulated::tables(&folder.join(LARGE), 2000, 2000, usize::MAX);
    let own = std::env::current_exe().expect("this program's name");
    std::process::Command::new(own).arg(LARGE).status().expect("this program once more");
}

/// Thresholds moved on 82 training patients x 1967 features.
fn tuned(folder: &Path) {
    std::fs::create_dir_all(folder).expect("a folder for the tables");
    simulated::tables(folder, PATIENTS, 1967, usize::MAX);
    let (keys, frames) = open(folder.to_path_buf(), &NOTEBOOK);
    settle(&frames);
    for key in [KeyCode::Char('2'), KeyCode::Down] {
        press(&keys, key);
        settle(&frames);
    }
    let step = |key, look| {
        let one = |_| {
            thread::sleep(look);
            measured(&keys, &frames, key)
        };
        (0..RUNS).map(one).collect()
    };
    report("a new lasso fit below, after a look of 0.5 s: `]` on mannwhitney", step(KeyCode::Char(']'), LOOK));
    report("back over fits made before: `[`", step(KeyCode::Char('['), Duration::ZERO));
    for _ in 0..RUNS {
        press(&keys, KeyCode::Char(']'));
    }
    settle(&frames);
    report("a new lasso fit below, 0.1 s after the frame before: `]`", step(KeyCode::Char(']'), Duration::ZERO));
    let typed = |value: f64| {
        value.to_string().chars().for_each(|letter| press(&keys, KeyCode::Char(letter)));
        settle(&frames);
        measured(&keys, &frames, KeyCode::Enter)
    };
    // `icc` was not moved yet, and values stand far enough apart for what was computed ahead beside one to be of no use to another.
    press(&keys, KeyCode::Up);
    let far = |run: usize| typed(0.72 + 0.005 * (run * 16 % RUNS) as f64);
    report("a new lasso fit below, to a value that nothing foretells: typed on icc", (1..=RUNS).map(far).collect());
    typed(0.85);
    press(&keys, KeyCode::Down);
    // So close together that the selection stays, and with it the fit.
    let same = |run: usize| typed(0.04 + 1e-9 * run as f64);
    same(0);
    report("no lasso fit below: mannwhitney to a value that keeps the selection", (1..=RUNS).map(same).collect());
}

/// A cohort of 2000 patients x 2000 features is opened, and its table of features scrolled.
fn large(folder: PathBuf) {
    let start = Instant::now();
    let (keys, frames) = open(folder, &NOTEBOOK[..4]);
    settle(&frames);
    println!("2000 patients x 2000 features: {} in {:.1} s", NOTEBOOK[..4].join("; "), start.elapsed().as_secs_f64());
    println!("  the table of features: {:.0} ms", measured(&keys, &frames, KeyCode::Char('3'))[3]);
    for (what, key) in [("a row down", KeyCode::Down), ("a screen down", KeyCode::PageDown)] {
        report(what, (0..RUNS).map(|_| measured(&keys, &frames, key)).collect());
    }
    press(&keys, KeyCode::Char('2'));
    settle(&frames);
    report(
        "`]` on icc, the tests of all features below",
        (0..RUNS).map(|_| measured(&keys, &frames, KeyCode::Char(']'))).collect(),
    );
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|l| l.strip_prefix("VmHWM:")).unwrap_or("not known").trim();
    println!("  peak memory {peak}");
}

/// The full screen on a thread of its own: its keyboard and its frames.
fn open(folder: PathBuf, lines: &'static [&'static str]) -> (Sender<Event>, Receiver<Frame>) {
    let (keys, keyboard) = channel();
    let (tell, frames) = channel();
    thread::spawn(move || {
        let session = Session::new(&folder, &folder);
        let lines = Script::parse(&lines.join("\n")).lines;
        let theme = Theme { glyphs: Glyphs::Braille, colour: Colour::Sixteen };
        tui::drive(session, lines, theme, keyboard, &mut Glass { wire: Wire::default(), tell })
            .expect("the screen as long as its keyboard");
    });
    (keys, frames)
}

fn press(keys: &Sender<Event>, key: KeyCode) {
    keys.send(Event::Key(KeyEvent::new(key, KeyModifiers::NONE))).expect("a screen that listens");
}

/// All frames until nothing is computed and nothing follows.
fn settle(frames: &Receiver<Frame>) -> Vec<Frame> {
    let mut seen: Vec<Frame> = Vec::new();
    loop {
        let wait = if seen.last().is_some_and(|f| !f.busy) { SILENCE } else { PATIENCE };
        match frames.recv_timeout(wait) {
            Ok(frame) => seen.push(frame),
            Err(_) => break,
        }
    }
    seen
}

/// Milliseconds to the first frame, to the new funnel, to everything quick and to the whole; the bytes of all frames.
fn measured(keys: &Sender<Event>, frames: &Receiver<Frame>, key: KeyCode) -> [f64; 5] {
    let start = Instant::now();
    press(keys, key);
    let seen = settle(frames);
    let time = |frame: Option<&Frame>| frame.map_or(f64::NAN, |f| (f.at - start).as_secs_f64() * 1e3);
    // Down to the step that moves; the count of lasso is there when lasso is.
    let funnel =
        |f: &Frame| f.text.lines().nth(FUNNEL).and_then(|row| row.split(" -> lasso").next()).map(str::to_string);
    let new = seen.iter().position(|f| seen.last().is_some_and(|last| funnel(f) == funnel(last))).unwrap_or(0);
    let quick = seen[new..].iter().find(|f| !f.text.contains("computing"));
    let bytes = seen.iter().map(|f| f.bytes).sum::<usize>() as f64;
    let whole = seen.iter().find(|f| seen.last().is_some_and(|last| f.text == last.text));
    [time(seen.first()), time(seen.get(new)), time(quick), time(whole), bytes]
}

fn report(what: &str, runs: Vec<[f64; 5]>) {
    println!("{what}, {} keys", runs.len());
    for (i, (name, unit)) in
        [("first", "ms"), ("funnel", "ms"), ("quick", "ms"), ("whole", "ms"), ("bytes", "")].iter().enumerate()
    {
        let mut values: Vec<f64> = runs.iter().map(|run| run[i]).collect();
        values.sort_by(f64::total_cmp);
        let at = |share: usize| values[(values.len() * share / 100).min(values.len() - 1)];
        println!("  {name:<7} p50 {:>6.1}  p95 {:>6.1} {unit}", at(50), at(95));
    }
}
