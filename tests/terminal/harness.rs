//! The program in a pseudo-terminal, and a folder with a small cohort for it.

use std::fmt::Write as _;
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use super::model::Model;

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_radnote");
/// A loaded machine is slow; what never comes fails all the same.
pub const PATIENCE: Duration = Duration::from_secs(90);

/// The program in a pseudo-terminal.
pub struct Terminal {
    driver: Child,
    seen: Arc<Mutex<(Model, Vec<u8>)>>,
    pieces: Pieces,
}

/// When each piece of what was written came, in seconds, and how many bytes it had.
type Pieces = Arc<Mutex<Vec<(f64, usize)>>>;

impl Terminal {
    /// None, and a word about it, where there is no `python3`.
    pub fn open(folder: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Option<Self> {
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
        let pieces = Pieces::default();
        let (shared, timed, started) = (Arc::clone(&seen), Arc::clone(&pieces), Instant::now());
        thread::spawn(move || {
            let mut bytes = [0; 65536];
            while let Ok(n @ 1..) = out.read(&mut bytes) {
                let mut seen = shared.lock().unwrap();
                timed.lock().unwrap().push((started.elapsed().as_secs_f64(), n));
                seen.0.play(&bytes[..n]);
                seen.1.extend_from_slice(&bytes[..n]);
            }
        });
        Some(Self { driver, seen, pieces })
    }

    pub fn order(&mut self, order: &str) {
        writeln!(self.driver.stdin.as_mut().unwrap(), "{order}").unwrap();
    }

    pub fn keys(&mut self, keys: &str) {
        let hex = keys.bytes().fold(String::new(), |mut hex, b| {
            write!(hex, "{b:02x}").unwrap();
            hex
        });
        self.order(&format!("keys {hex}"));
    }

    pub fn run(&mut self, line: &str) {
        self.keys(line);
        self.keys("\r");
    }

    pub fn resize(&mut self, columns: usize, rows: usize) {
        self.seen.lock().unwrap().0.resize(columns, rows);
        self.order(&format!("size {columns} {rows}"));
    }

    pub fn text(&self) -> String {
        self.seen.lock().unwrap().0.text()
    }

    pub fn raw(&self) -> Vec<u8> {
        self.seen.lock().unwrap().1.clone()
    }

    pub fn pieces(&self) -> Vec<(f64, usize)> {
        self.pieces.lock().unwrap().clone()
    }

    pub fn wait(&self, what: &str) {
        self.wait_until(what, |model| model.text().contains(what));
    }

    /// Wait until this has been written, wherever it stands.
    pub fn wait_raw(&self, what: &str) {
        let written = |terminal: &Self| String::from_utf8_lossy(&terminal.raw()).into_owned();
        let started = Instant::now();
        while !written(self).contains(what) {
            assert!(started.elapsed() < PATIENCE, "never written: {what}\n{}", written(self));
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Wait until the line prompt stands below the last page: a key pressed before that is the terminal's, not the program's.
    pub fn wait_prompt(&self) {
        let started = Instant::now();
        while !String::from_utf8_lossy(&self.raw()).rsplit('\n').next().is_some_and(|line| line.contains("> ")) {
            assert!(started.elapsed() < PATIENCE, "no prompt\n{}", self.text());
            thread::sleep(Duration::from_millis(20));
        }
    }

    pub fn wait_until(&self, what: &str, holds: impl Fn(&Model) -> bool) {
        let started = Instant::now();
        while !holds(&self.seen.lock().unwrap().0) {
            assert!(started.elapsed() < PATIENCE, "never seen: {what}\n{}", self.text());
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// The program's exit status, once everything it wrote has been read.
    pub fn end(&mut self) -> i32 {
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

    pub fn given_back(&self) {
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
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new(name: &str) -> Self {
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

    pub fn terminal(&self) -> Option<Terminal> {
        Terminal::open(&self.0, &["book.rad"], &[])
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
