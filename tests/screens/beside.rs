//! The screens beside the notebook, driven by keys through the real loop and compared with their pictures.

mod begun;
mod copied;
mod goes_on;
mod kept;
mod keys;
mod names;
mod sliders;
mod unkept;

use std::fs;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use radnote::commands::STOPS;
use radnote::num::rng::Rng;
use radnote::render::theme::{Colour, Glyphs, Theme};
use radnote::render::words;
use radnote::session::{Script, ScriptLine, Session};
use radnote::tui::{self, Terminal};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::{SIZES, TIERS, lines, same};
use crate::common;

/// A terminal that hands every frame on, and whether something is still computed.
struct Glass(Sender<(String, bool)>);

impl Terminal for Glass {
    fn size(&self) -> std::io::Result<Rect> {
        Ok(Rect::new(0, 0, 80, 24))
    }

    fn show(&mut self, frame: Buffer, _: Option<Position>, busy: bool) -> std::io::Result<()> {
        let _ = self.0.send((lines(&frame), busy));
        Ok(())
    }

    fn forget(&mut self) {}

    fn suspend(&mut self) -> std::io::Result<()> {
        Ok(())
    }

    fn wake(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The full screen with a reader at it.
struct Reader {
    keys: Sender<Event>,
    frames: Receiver<(String, bool)>,
    seen: String,
}

/// A terminal has no more to show when nothing came for this long and nothing is computed.
const SILENCE: Duration = Duration::from_millis(400);

impl Reader {
    fn at(folder: PathBuf, glyphs: Glyphs) -> Self {
        Self::with(&NOTEBOOK, folder, glyphs)
    }

    /// At the notebook of these lines.
    fn with(lines: &'static [&'static str], folder: PathBuf, glyphs: Glyphs) -> Self {
        Self::over(glyphs, move || {
            let session = Session::new(&folder, &common::cache());
            (session, Script::parse(&lines.join("\n")).lines)
        })
    }

    /// At a session, and the lines it takes up.
    fn over(glyphs: Glyphs, session: impl FnOnce() -> (Session, Vec<ScriptLine>) + Send + 'static) -> Self {
        let (keys, keyboard) = channel();
        let (tell, frames) = channel();
        thread::spawn(move || {
            let (session, lines) = session();
            let theme = Theme { glyphs, colour: Colour::None };
            tui::drive(session, lines, theme, keyboard, &mut Glass(tell)).unwrap();
        });
        let mut reader = Self { keys, frames, seen: String::new() };
        reader.settle(Duration::from_secs(120));
        reader
    }

    fn press(&mut self, code: KeyCode) {
        self.keys.send(Event::Key(KeyEvent::new(code, KeyModifiers::NONE))).unwrap();
        self.settle(Duration::from_secs(60));
    }

    /// Press a key while something runs.
    fn send(&self, code: KeyCode) {
        self.keys.send(Event::Key(KeyEvent::new(code, KeyModifiers::NONE))).unwrap();
    }

    /// Take frames until one shows these words.
    fn until(&mut self, words: &str) {
        let began = Instant::now();
        while !self.seen.contains(words) {
            let left = Duration::from_secs(60).saturating_sub(began.elapsed());
            let frame = self.frames.recv_timeout(left);
            (self.seen, _) = frame.unwrap_or_else(|_| panic!("never `{words}`:\n{}", self.seen));
        }
    }

    /// Ctrl or Alt and a letter.
    fn holding(&self, held: KeyModifiers, letter: char) {
        self.keys.send(Event::Key(KeyEvent::new(KeyCode::Char(letter), held))).unwrap();
    }

    /// Ctrl-C.
    fn interrupt(&mut self) {
        self.holding(KeyModifiers::CONTROL, 'c');
        self.settle(Duration::from_secs(60));
    }

    /// Type a line and run it.
    fn runs(&mut self, line: &str) {
        self.presses(line);
        self.press(KeyCode::Enter);
    }

    fn presses(&mut self, letters: &str) {
        letters.chars().for_each(|c| self.press(KeyCode::Char(c)));
    }

    fn resize(&mut self, (width, height): (u16, u16)) {
        self.keys.send(Event::Resize(width, height)).unwrap();
        self.settle(Duration::from_secs(60));
    }

    /// Take frames until nothing is computed any more and no frame follows.
    fn settle(&mut self, patience: Duration) {
        let (mut wait, mut busy) = (patience, true);
        while let Ok((seen, more)) = self.frames.recv_timeout(wait) {
            (self.seen, busy) = (seen, more);
            wait = if busy { patience } else { SILENCE };
        }
        assert!(!busy, "still busy:\n{}", self.seen);
    }
}

const NOTEBOOK: [&str; 11] = [
    "open clinical.csv --outcome event --role role",
    "features features.csv",
    "icc",
    "mannwhitney",
    "lasso --rule min",
    "stepwise",
    "signature",
    "nomogram signature grade",
    "roc",
    "calibrate --resamples 40",
    "decision",
];

/// 90 patients with 40 features of which every fifth carries the event, and a second reader who agrees less on every third.
fn cohort(name: &str) -> PathBuf {
    let folder = common::scratch(name);
    let mut rng = Rng::seeded(5);
    let event = |i: usize| i % 5 < 2;
    let names: Vec<String> = (0..40)
        .map(|j| {
            if j == 0 {
                "original_shape_MeshVolume".into()
            } else {
                format!("original_{}_F{j:02}", ["glcm", "glrlm", "ngtdm"][j % 3])
            }
        })
        .collect();
    let head = format!("ID,{}\n", names.join(","));
    let (mut first, mut second) = (head.clone(), head);
    let mut clinical = String::from("ID,event,role,age,grade\n");
    for i in 0..90 {
        let hit = f64::from(u8::from(event(i)));
        clinical += &format!(
            "P{i:02},{},{},{},{}\n",
            u8::from(event(i)),
            ["train", "train", "train", "internal", "external"][i / 5 % 5],
            40 + (i * 7) % 31,
            ["low", "high"][usize::from(rng.normal() + hit > 0.5)]
        );
        let size = rng.normal();
        let values: Vec<f64> = (0..40)
            .map(|j| rng.normal() + if j % 5 == 0 { hit } else { 0.0 } + if j % 4 == 0 { size } else { 0.0 })
            .collect();
        first += &format!("P{i:02},{}\n", values.iter().map(|v| format!("{v:.4}")).collect::<Vec<_>>().join(","));
        if i < 30 {
            let again = values.iter().enumerate().map(|(j, v)| v + rng.normal() * if j % 3 == 0 { 0.6 } else { 0.15 });
            second += &format!("P{i:02},{}\n", again.map(|v| format!("{v:.4}")).collect::<Vec<_>>().join(","));
        }
    }
    for (name, text) in [("clinical.csv", clinical), ("features.csv", first), ("features_reader2.csv", second)] {
        fs::write(folder.join(name), text).unwrap();
    }
    folder
}

/// The screen as it stands at three sizes.
fn pictures(reader: &mut Reader) -> String {
    SIZES
        .iter()
        .map(|size| {
            reader.resize(*size);
            format!("== {}x{}\n{}", size.0, size.1, reader.seen)
        })
        .collect()
}

fn compare(name: &str, keys: impl Fn(&mut Reader)) {
    compare_with(name, |tier| Reader::at(cohort(&format!("screen-{name}-{tier}")), glyphs_of(tier)), keys);
}

fn glyphs_of(tier: &str) -> Glyphs {
    TIERS.iter().find(|t| t.1 == tier).unwrap().0
}

fn compare_with(name: &str, reader: impl Fn(&str) -> Reader, keys: impl Fn(&mut Reader)) {
    let mut wrong = Vec::new();
    for (glyphs, tier) in [TIERS[0], TIERS[2]] {
        let mut reader = reader(tier);
        keys(&mut reader);
        let pictures = pictures(&mut reader);
        assert!(glyphs != Glyphs::Ascii || pictures.is_ascii(), "{name} in 7 bits");
        same(&format!("{name}_screen_{tier}.txt"), &pictures, &mut wrong);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_notebook_is_as_it_was() {
    compare("notebook", |_| {});
}

#[test]
fn the_features_are_as_they_were() {
    compare("browse", |reader| {
        reader.press(KeyCode::F(3));
        reader.presses("/glcm");
        reader.press(KeyCode::Enter);
        reader.press(KeyCode::Right);
        reader.press(KeyCode::Enter);
        reader.press(KeyCode::Down);
    });
}

#[test]
fn a_moved_threshold_is_as_it_was() {
    compare("tune", |reader| reader.presses("2]"));
}

#[test]
fn the_figures_are_as_they_were() {
    compare("figures", |reader| {
        reader.presses("4");
        reader.press(KeyCode::Right);
    });
}

#[test]
fn the_box_plots_are_as_they_were() {
    compare("boxes", |reader| {
        reader.runs("figures 8");
        assert!(reader.seen.contains("Signature by outcome"), "{}", reader.seen);
    });
}

#[test]
fn the_patients_are_as_they_were() {
    compare("patients", |reader| {
        reader.presses("5");
        reader.press(KeyCode::Down);
    });
}

/// A slice of the built-in cohort, with the outlines of both readers.
#[test]
fn a_slice_is_as_it_was() {
    let on_scans = |tier: &str| Reader::with(&["demo ."], common::demo().to_path_buf(), glyphs_of(tier));
    compare_with("slice", on_scans, |reader| {
        reader.presses("5");
        reader.press(KeyCode::Enter);
    });
}

#[test]
fn the_variants_are_as_they_were() {
    compare("variants", |reader| {
        reader.runs("fork strict");
        reader.runs("icc --above 0.6");
        reader.presses("6");
    });
}

#[test]
fn the_nomogram_is_as_it_was() {
    compare("whatif", |reader| {
        reader.presses("7");
        reader.press(KeyCode::Down);
        reader.press(KeyCode::Right);
    });
}

#[test]
fn the_tour_is_as_it_was() {
    let empty = |tier: &str| Reader::with(&[], common::scratch(&format!("screen-tour-{tier}")), glyphs_of(tier));
    compare_with("tour", empty, |reader| reader.runs("tour"));
}

/// Under the prompt six rows have room at least: on 40 columns too every step is read whole.
#[test]
fn the_tour_is_read_whole() {
    for pair in STOPS.windows(2) {
        let says =
            format!("Look: {} Step 10 of 10: {} Enter runs it, Esc ends the tour.", pair[0].look(true), pair[1].says());
        assert!(words::wrap(&says, 40).len() <= 6, "{says}");
    }
}

#[test]
fn the_keys_of_a_screen_come_first() {
    compare("keys", |reader| reader.presses("3?"));
}

#[test]
fn a_help_is_as_it_was_and_its_example_comes_to_the_prompt_by_one_key() {
    compare("help", |reader| {
        reader.runs("help roc");
        reader.press(KeyCode::Tab);
    });
    let mut reader = Reader::at(cohort("screen-example"), Glyphs::Ascii);
    reader.runs("help icc");
    assert!(reader.seen.contains("Enter takes `icc --above 0.85 --form 2,1`"), "{}", reader.seen);
    reader.press(KeyCode::Tab);
    assert!(reader.seen.contains("Enter takes `icc --above 0.75 --by lower`"), "{}", reader.seen);
    reader.press(KeyCode::Enter);
    assert!(reader.seen.contains("> icc --above 0.75 --by lower"), "nothing has run yet: {}", reader.seen);
    reader.press(KeyCode::Enter);
    assert!(reader.seen.contains("Agreement between readers"), "{}", reader.seen);
}

#[test]
fn what_could_be_typed_is_as_it_was() {
    compare("menu", |reader| {
        reader.presses("lasso --");
        reader.press(KeyCode::Tab);
        reader.press(KeyCode::Tab);
    });
}

#[test]
fn an_error_with_its_remedy_is_as_it_was() {
    compare("error", |reader| reader.runs("icc --abov 0.9"));
}

/// A digit typed on the thresholds is no key of another screen, but keys that it does not take still work.
#[test]
fn what_a_screen_does_not_take_means_what_it_means_elsewhere() {
    let mut reader = Reader::at(cohort("screen-digits"), Glyphs::Ascii);
    reader.presses("24");
    assert!(reader.seen.contains("[F2 tune]"), "{}", reader.seen);
    reader.press(KeyCode::F(4));
    assert!(reader.seen.contains("[4 figures]"), "{}", reader.seen);
}

#[test]
fn typing_a_screens_command_opens_it_and_a_changed_notebook_renews_it() {
    let mut reader = Reader::at(cohort("screen-typed"), Glyphs::Ascii);
    reader.presses("browse --sort auc");
    reader.press(KeyCode::Enter);
    assert!(reader.seen.contains("browse --sort auc"), "{}", reader.seen);
    let before = reader.seen.clone();
    reader.presses("icc --above 0.5");
    reader.press(KeyCode::Enter);
    assert!(reader.seen.contains("browse --sort auc") && reader.seen != before, "{}", reader.seen);
    reader.press(KeyCode::Esc);
    assert!(reader.seen.contains("icc --above 0.5") || reader.seen.contains("Agreement"), "{}", reader.seen);
}

#[test]
fn figures_are_seen_one_by_one_and_saved_with_their_points() {
    let folder = cohort("screen-figures-saved");
    let mut reader = Reader::at(folder.clone(), Glyphs::Ascii);
    reader.presses("figures 3 --save three.svg");
    reader.press(KeyCode::Enter);
    assert!(fs::read_to_string(folder.join("three.svg")).unwrap().starts_with("<svg"));
    assert!(fs::read_to_string(folder.join("three.csv")).unwrap().lines().count() > 10);
    reader.presses("4");
    reader.press(KeyCode::Enter);
    (0..2).for_each(|_| reader.press(KeyCode::Right));
    assert!(reader.seen.contains("figure 3 of"), "{}", reader.seen);
    assert!(pictures(&mut reader).is_ascii());
}
