//! A real terminal: keys, completion, cancel, resize, suspend, kill. Needs `python3` for the pseudo-terminal; without, it
//! says so and passes.

mod model;

use std::fmt::Write as _;
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use model::Model;

const PROGRAM: &str = env!("CARGO_BIN_EXE_radnote");
/// A loaded machine is slow; what never comes fails all the same.
const PATIENCE: Duration = Duration::from_secs(90);

/// The program in a pseudo-terminal.
struct Terminal {
    driver: Child,
    seen: Arc<Mutex<(Model, Vec<u8>)>>,
}

impl Terminal {
    /// None, and a word about it, where there is no `python3`.
    fn open(folder: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Option<Self> {
        if Command::new("python3").arg("--version").output().is_err() {
            println!("skipped: no python3 for a pseudo-terminal");
            return None;
        }
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/terminal/driver.py");
        let mut command = Command::new("python3");
        command.args([script, "80", "24", PROGRAM]).args(arguments).current_dir(folder);
        command.env("XDG_STATE_HOME", folder.join("state")).env("RADNOTE_CACHE", folder.join("cache"));
        command.env("TERM", "xterm-256color").env("LC_ALL", "C.UTF-8").env_remove("NO_COLOR");
        command.envs(variables.iter().copied());
        let mut driver = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut out = driver.stdout.take().unwrap();
        let seen = Arc::new(Mutex::new((Model::new(80, 24), Vec::new())));
        let shared = Arc::clone(&seen);
        thread::spawn(move || {
            let mut bytes = [0; 65536];
            while let Ok(n @ 1..) = out.read(&mut bytes) {
                let mut seen = shared.lock().unwrap();
                seen.0.play(&bytes[..n]);
                seen.1.extend_from_slice(&bytes[..n]);
            }
        });
        Some(Self { driver, seen })
    }

    fn order(&mut self, order: &str) {
        writeln!(self.driver.stdin.as_mut().unwrap(), "{order}").unwrap();
    }

    fn keys(&mut self, keys: &str) {
        let hex = keys.bytes().fold(String::new(), |mut hex, b| {
            write!(hex, "{b:02x}").unwrap();
            hex
        });
        self.order(&format!("keys {hex}"));
    }

    fn run(&mut self, line: &str) {
        self.keys(line);
        self.keys("\r");
    }

    fn resize(&mut self, columns: usize, rows: usize) {
        self.seen.lock().unwrap().0.resize(columns, rows);
        self.order(&format!("size {columns} {rows}"));
    }

    fn text(&self) -> String {
        self.seen.lock().unwrap().0.text()
    }

    fn raw(&self) -> Vec<u8> {
        self.seen.lock().unwrap().1.clone()
    }

    fn wait(&self, what: &str) {
        self.wait_until(what, |model| model.text().contains(what));
    }

    fn wait_until(&self, what: &str, holds: impl Fn(&Model) -> bool) {
        let started = Instant::now();
        while !holds(&self.seen.lock().unwrap().0) {
            assert!(started.elapsed() < PATIENCE, "never seen: {what}\n{}", self.text());
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// The program's exit status, once everything it wrote has been read.
    fn end(&mut self) -> i32 {
        let started = Instant::now();
        loop {
            if let Some(status) = self.driver.try_wait().unwrap() {
                thread::sleep(Duration::from_millis(50));
                return status.code().unwrap();
            }
            assert!(started.elapsed() < PATIENCE, "it does not end\n{}", self.text());
            thread::sleep(Duration::from_millis(20));
        }
    }

    fn given_back(&self) {
        let seen = self.seen.lock().unwrap();
        let (model, _) = &*seen;
        assert!(!model.alternate && model.cursor_shown && !model.paste_bracketed, "the terminal is not given back");
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // One that has ended already needs no end.
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// A folder with a small cohort whose features are noise but for the first; removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("radnote-terminal-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let mut seed = 7u64;
        let mut noise = move || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 40) as f64 / f64::from(1 << 24)
        };
        let (patients, features) = (60, 400);
        let mut cohort = String::from("ID,event\n");
        let mut tables = [String::from("ID"), String::new()];
        (0..features).for_each(|j| write!(tables[0], ",original_test_F{j}").unwrap());
        tables[1] = tables[0].clone();
        for i in 0..patients {
            let event = i % 2;
            writeln!(cohort, "p{i},{event}").unwrap();
            tables.iter_mut().for_each(|t| write!(t, "\np{i}").unwrap());
            for j in 0..features {
                let value = noise() + if j == 0 { f64::from(event) * 0.5 } else { 0.0 };
                write!(tables[0], ",{value}").unwrap();
                write!(tables[1], ",{}", value + noise() * if j < 300 { 0.01 } else { 5.0 }).unwrap();
            }
        }
        fs::write(folder.join("cohort.csv"), cohort).unwrap();
        fs::write(folder.join("features.csv"), &tables[0]).unwrap();
        fs::write(folder.join("second.csv"), &tables[1]).unwrap();
        Self(folder)
    }

    fn terminal(&self) -> Option<Terminal> {
        Terminal::open(&self.0, &["book.rad"], &[])
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The cohort and its features, as cells.
fn begin(terminal: &mut Terminal) {
    terminal.wait("An empty notebook");
    terminal.run("open cohort.csv --outcome event");
    terminal.wait("60 patients, 30 events");
    terminal.run("features features.csv --reader2 second.csv");
    terminal.wait("400 features x 60 pati");
}

#[test]
fn a_line_becomes_a_cell_and_quitting_gives_the_terminal_back() {
    let folder = Folder::new("cell");
    let Some(mut terminal) = folder.terminal() else { return };
    begin(&mut terminal);
    terminal.run("icc");
    terminal.wait("400 -> 300");
    terminal.wait("Agreement between readers");
    terminal.run("quit");
    assert_eq!(terminal.end(), 0);
    terminal.given_back();
    let book = fs::read_to_string(folder.0.join("book.rad")).unwrap();
    assert!(book.contains("icc --above 0.85 --form 2,1\n#= 400 -> 300"), "{book}");
}

#[test]
fn tab_completes_commands_files_and_columns() {
    let folder = Folder::new("tab");
    let Some(mut terminal) = folder.terminal() else { return };
    terminal.wait("An empty notebook");
    terminal.keys("ope\t");
    terminal.wait("> open");
    terminal.keys("coh\t");
    terminal.wait("> open cohort.csv");
    terminal.keys("--outc\t");
    terminal.wait("--outcome");
    terminal.keys("\t");
    terminal.wait("Enter take");
    terminal.keys("\t\t");
    terminal.wait("--outcome event");
    terminal.keys("\r\r");
    terminal.wait("60 patients, 30 events");
}

#[test]
fn an_error_says_what_to_do_and_the_line_stays_to_be_mended() {
    let folder = Folder::new("error");
    let Some(mut terminal) = folder.terminal() else { return };
    terminal.wait("An empty notebook");
    terminal.run("opne cohort.csv");
    terminal.wait("did you mean `open`?");
    terminal.wait("> opne cohort.csv");
}

#[test]
fn plus_moves_the_threshold_and_enter_keeps_it() {
    let folder = Folder::new("tune");
    let Some(mut terminal) = folder.terminal() else { return };
    begin(&mut terminal);
    terminal.run("icc");
    terminal.wait("400 -> 300");
    terminal.keys("+");
    terminal.wait("try> icc --above 0.86");
    terminal.wait("above 0.85 -> 0.86");
    terminal.keys("\x1b");
    terminal.wait_until("the threshold as it was", |m| !m.text().contains("0.86"));
    terminal.keys("--");
    terminal.wait("try> icc --above 0.83");
    terminal.keys("\r");
    terminal.wait_until("the new threshold is kept", |m| !m.text().contains("try>") && m.text().contains("icc --above 0.83"));
    let kept = || fs::read_to_string(folder.0.join("book.rad")).unwrap().contains("icc --above 0.83");
    let started = Instant::now();
    while !kept() {
        assert!(started.elapsed() < PATIENCE);
        thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn ctrl_c_stops_the_command_and_not_the_notebook() {
    let folder = Folder::new("cancel");
    let Some(mut terminal) = folder.terminal() else { return };
    begin(&mut terminal);
    terminal.run("lasso --folds 59");
    terminal.wait("Ctrl-C stops");
    terminal.keys("\x03");
    terminal.wait("stopped; the notebook is as it was");
    terminal.run("icc");
    terminal.wait("400 -> 300");
    assert!(!terminal.text().contains("lasso"));
    terminal.keys("\x03");
    terminal.wait("nothing is running");
    terminal.keys("\x03");
    assert_eq!(terminal.end(), 0);
    terminal.given_back();
}

#[test]
fn a_new_size_is_drawn_anew() {
    let folder = Folder::new("size");
    let Some(mut terminal) = folder.terminal() else { return };
    begin(&mut terminal);
    for (columns, rows) in [(120, 40), (40, 12), (200, 60), (20, 4), (80, 24)] {
        terminal.resize(columns, rows);
        let at_bottom = move |m: &Model| m.cells[rows.saturating_sub(2)..].iter().any(|r| r.starts_with(&['>', ' ']));
        terminal.wait_until("the prompt at the bottom", at_bottom);
    }
    terminal.wait("400 features x 60 pati");
}

#[test]
fn after_a_kill_nothing_is_missing() {
    let folder = Folder::new("kill");
    let Some(mut terminal) = folder.terminal() else { return };
    begin(&mut terminal);
    terminal.run("icc --above 0.9");
    terminal.wait("400 -> 300");
    terminal.run("lasso --folds 59");
    terminal.wait("Ctrl-C stops");
    terminal.order("signal 9");
    assert_eq!(terminal.end(), 137);
    let Some(terminal) = folder.terminal() else { return };
    terminal.wait("icc --above 0.9");
    terminal.wait("400 -> 300");
    assert!(!terminal.text().contains("lasso"), "the command in flight was never acknowledged");
}

#[test]
fn a_stop_in_the_middle_of_opening_loses_no_cell() {
    let folder = Folder::new("resume");
    let book = "open cohort.csv --outcome event\nfeatures features.csv --reader2 second.csv\nicc\nlasso --folds 59\n";
    fs::write(folder.0.join("book.rad"), book).unwrap();
    let Some(mut terminal) = folder.terminal() else { return };
    terminal.wait("400 -> 300");
    terminal.keys("\x03");
    terminal.wait("not computed");
    terminal.run("show cohort");
    terminal.wait("stops");
    terminal.keys("\x03");
    terminal.wait("stopped");
    terminal.keys("\x15\x04");
    assert_eq!(terminal.end(), 0);
    assert!(fs::read_to_string(folder.0.join("book.rad")).unwrap().contains("lasso --folds 59"));
}

#[test]
fn a_signal_to_end_ends_it_cleanly_and_suspending_gives_the_terminal_back() {
    let folder = Folder::new("signal");
    let Some(mut terminal) = folder.terminal() else { return };
    begin(&mut terminal);
    terminal.keys("\x1a");
    terminal.wait_until("the terminal is given back", |m| !m.alternate);
    terminal.given_back();
    terminal.order("signal 18");
    terminal.wait_until("the screen is back", |m| m.alternate && m.text().contains("400 features x 60 pati"));
    terminal.order("signal 15");
    assert_eq!(terminal.end(), 0);
    terminal.given_back();
}

#[test]
fn pasted_lines_wait_for_enter_and_run_in_order() {
    let folder = Folder::new("paste");
    let Some(mut terminal) = folder.terminal() else { return };
    terminal.wait("An empty notebook");
    let text = "open cohort.csv --outcome event\nfeatures features.csv --reader2 second.csv\nicc\n";
    terminal.keys(&format!("\x1b[200~{text}\x1b[201~"));
    terminal.wait("3 lines; Enter runs them");
    terminal.keys("\r");
    terminal.wait("400 -> 300");
}

#[test]
fn without_utf8_only_seven_bits_are_sent() {
    let folder = Folder::new("ascii");
    for variables in [&[("LC_ALL", "C"), ("TERM", "vt100")][..], &[("LC_ALL", "C"), ("NO_COLOR", "1")]] {
        let Some(mut terminal) = Terminal::open(&folder.0, &["ascii.rad"], variables) else { return };
        terminal.wait("? keys");
        terminal.run("open cohort.csv --outcome event");
        terminal.wait("60 patients, 30 events");
        terminal.run("features features.csv --reader2 second.csv");
        terminal.run("icc");
        terminal.wait("Features by ICC");
        terminal.keys("?");
        terminal.wait("Keys");
        terminal.keys("\x1b");
        terminal.run("quit");
        assert_eq!(terminal.end(), 0);
        let raw = terminal.raw();
        assert!(raw.is_ascii(), "a byte above 127 was sent");
        let text = String::from_utf8(raw).unwrap();
        assert!(!text.contains("\x1b[3") && !text.contains(";3"), "a colour was sent without colours");
    }
}

#[test]
fn a_terminal_that_is_no_screen_has_the_line_prompt() {
    let folder = Folder::new("dumb");
    for (arguments, term) in [(&["book.rad"][..], "dumb"), (&["--plain", "book.rad"], "xterm")] {
        let Some(mut terminal) = Terminal::open(&folder.0, arguments, &[("TERM", term)]) else { return };
        let seen = |terminal: &Terminal, what: &str| {
            let started = Instant::now();
            while !String::from_utf8_lossy(&terminal.raw()).contains(what) {
                assert!(started.elapsed() < PATIENCE, "{what}: {}", String::from_utf8_lossy(&terminal.raw()));
                thread::sleep(Duration::from_millis(20));
            }
        };
        seen(&terminal, "Ctrl-D leaves");
        terminal.run("open cohort.csv --outcome event");
        seen(&terminal, "60 patients, 30 with event = 1");
        terminal.run("nosuch");
        seen(&terminal, "error: there is no command `nosuch`");
        terminal.keys("\x04");
        assert_eq!(terminal.end(), 0);
        assert!(!String::from_utf8_lossy(&terminal.raw()).contains("?1049"), "no full screen");
    }
}

#[test]
fn in_the_line_prompt_ctrl_c_stops_the_command() {
    let folder = Folder::new("plain-cancel");
    let Some(mut terminal) = Terminal::open(&folder.0, &["--plain", "book.rad"], &[]) else { return };
    let seen = |terminal: &Terminal, what: &str| {
        let started = Instant::now();
        while !String::from_utf8_lossy(&terminal.raw()).contains(what) {
            assert!(started.elapsed() < PATIENCE, "{what}: {}", String::from_utf8_lossy(&terminal.raw()));
            thread::sleep(Duration::from_millis(20));
        }
    };
    seen(&terminal, "Ctrl-D leaves");
    terminal.run("open cohort.csv --outcome event");
    terminal.run("features features.csv --reader2 second.csv");
    seen(&terminal, "400 features x 60");
    terminal.run("lasso --folds 59");
    thread::sleep(Duration::from_millis(500));
    terminal.keys("\x03");
    seen(&terminal, "error: cancelled");
    terminal.run("icc");
    seen(&terminal, "400 -> 300");
    terminal.keys("\x04");
    assert_eq!(terminal.end(), 0);
}

#[test]
fn lines_from_a_pipe_are_run_without_escape_codes() {
    let folder = Folder::new("pipe");
    let mut command = Command::new(PROGRAM);
    command.arg("book.rad").current_dir(&folder.0).env("RADNOTE_CACHE", folder.0.join("cache"));
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let lines = "open cohort.csv --outcome event\nfeatures features.csv --reader2 \\\n  second.csv\nicc\n";
    child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("400 -> 300") && !text.contains('\x1b'));
    assert!(fs::read_to_string(folder.0.join("book.rad")).unwrap().contains("icc --above 0.85"));
}
