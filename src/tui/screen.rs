//! The terminal taken over and given back: raw mode, the alternate screen, bracketed paste. It is given back once, whether
//! the notebook is left, suspended, or panics.

use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::os::fd::AsFd;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use crossterm::terminal::{disable_raw_mode, enable_raw_mode};

use super::fault::Fault;
use crate::session::crash;

const ENTER: &[u8] = b"\x1b[?1049h\x1b[?2004h";
/// Plain style, cursor shown, no bracketed paste, the reader's own screen.
const LEAVE: &[u8] = b"\x1b[m\x1b[?25h\x1b[?2004l\x1b[?1049l";

/// The terminal, ours until it is dropped.
pub struct Screen {
    taken: Arc<AtomicBool>,
    /// Standard output without a buffer: what could not be written must not be written later.
    out: Arc<File>,
}

impl Screen {
    /// # Errors
    /// The terminal does not take raw mode, or is gone.
    pub fn take() -> io::Result<Self> {
        let out = File::from(io::stdout().as_fd().try_clone_to_owned()?);
        let screen = Self { taken: Arc::default(), out: Arc::new(out) };
        screen.enter()?;
        Ok(screen)
    }

    /// Take the terminal again after [`Screen::leave`].
    ///
    /// # Errors
    /// As [`Screen::take`].
    pub fn enter(&self) -> io::Result<()> {
        enable_raw_mode()?;
        self.taken.store(true, Ordering::SeqCst);
        self.send(ENTER)
    }

    /// Write a frame.
    ///
    /// # Errors
    /// The terminal is gone.
    pub fn send(&self, bytes: &[u8]) -> io::Result<()> {
        send(&mut &*self.out, bytes)
    }

    /// Give the terminal back.
    pub fn leave(&self) {
        give_back(&self.taken, &mut &*self.out);
    }

    /// From now on a panic of this thread gives the terminal back before it is reported; of any other thread it is kept
    /// in `fault`, since the notebook goes on. A note about either is left in the folder `notes`.
    pub fn on_panic(&self, fault: &Fault, notes: Option<PathBuf>) {
        let before = std::panic::take_hook();
        let (own, taken, fault) = (thread::current().id(), Arc::clone(&self.taken), fault.clone());
        let out = Arc::clone(&self.out);
        std::panic::set_hook(Box::new(move |panic| {
            let ours = thread::current().id() == own;
            if ours {
                give_back(&taken, &mut &*out);
                before(panic);
            }
            let note = notes.as_ref().and_then(|folder| crash::note(folder, panic.location()));
            let note = note.map(|file| format!("a note without patient data is in {}", file.display()));
            if ours {
                eprintln!("The notebook is on disk up to its last line. {}", note.unwrap_or_default());
            } else {
                fault.set(panic, note);
            }
        }));
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.leave();
    }
}

/// Give the terminal back if it is taken.
fn give_back(taken: &AtomicBool, out: &mut dyn Write) {
    if taken.swap(false, Ordering::SeqCst) {
        // A terminal that is gone needs nothing back.
        let _ = send(out, LEAVE);
        let _ = disable_raw_mode();
    }
}

/// Write all. A program that shares the terminal may have set it not to wait (ssh does): then this waits.
fn send(out: &mut dyn Write, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match out.write(bytes) {
            Ok(0) => return Err(ErrorKind::WriteZero.into()),
            Ok(written) => bytes = &bytes[written..],
            Err(why) if why.kind() == ErrorKind::Interrupted => {}
            Err(why) if why.kind() == ErrorKind::WouldBlock => thread::sleep(Duration::from_millis(5)),
            Err(why) => return Err(why),
        }
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_terminal_is_given_back_once() {
        let taken = AtomicBool::new(true);
        let mut out = Vec::new();
        give_back(&taken, &mut out);
        give_back(&taken, &mut out);
        assert_eq!(out, LEAVE);
    }

    /// Takes three bytes at a time, and is not ready every other time.
    #[derive(Default)]
    struct Slow(Vec<u8>, bool);

    impl Write for Slow {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.1 = !self.1;
            if self.1 {
                return Err(ErrorKind::WouldBlock.into());
            }
            let taken = bytes.len().min(3);
            self.0.extend_from_slice(&bytes[..taken]);
            Ok(taken)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_terminal_that_is_not_ready_is_waited_for() {
        let mut slow = Slow::default();
        send(&mut slow, b"a frame of some bytes").unwrap();
        assert_eq!(slow.0, b"a frame of some bytes");
    }

    #[test]
    fn a_screen_that_was_never_taken_sends_nothing() {
        let mut out = Vec::new();
        give_back(&AtomicBool::new(false), &mut out);
        assert!(out.is_empty());
    }

    #[test]
    fn leaving_undoes_what_entering_did() {
        let enter = String::from_utf8(ENTER.to_vec()).unwrap();
        let leave = String::from_utf8(LEAVE.to_vec()).unwrap();
        for code in enter.split("\x1b[").filter(|c| !c.is_empty()) {
            assert!(leave.contains(&code.replace('h', "l")), "{code}");
        }
        assert!(leave.contains("?25h"));
    }

    #[test]
    fn a_panic_elsewhere_is_kept_and_one_of_the_own_thread_gives_the_terminal_back() {
        let out = Arc::new(File::options().write(true).open("/dev/null").unwrap());
        let screen = Screen { taken: Arc::new(AtomicBool::new(true)), out };
        let fault = Fault::default();
        let notes = std::env::temp_dir().join(format!("radnote-notes-{}", std::process::id()));
        screen.on_panic(&fault, Some(notes.clone()));
        thread::spawn(|| panic!("a worker")).join().unwrap_err();
        let said = fault.take().unwrap();
        assert!(said.contains("a worker") && said.contains("a note without patient data"), "{said}");
        assert!(screen.taken.load(Ordering::SeqCst), "the screen stays while only a worker fails");
        std::panic::catch_unwind(|| panic!("the screen's own thread")).unwrap_err();
        assert!(!screen.taken.load(Ordering::SeqCst));
        let _ = std::panic::take_hook();
        let written: Vec<_> = std::fs::read_dir(&notes).unwrap().flatten().collect();
        assert!(!written.is_empty());
        for note in written {
            let text = std::fs::read_to_string(note.path()).unwrap();
            assert!(!text.contains("a worker\n") && text.contains("screen.rs, line"), "{text}");
        }
        std::fs::remove_dir_all(notes).unwrap();
    }

    /// Not a test of its own: what the next one runs in a terminal.
    #[test]
    fn a_terminal_is_taken_and_its_program_fails() {
        let Some(notes) = std::env::var_os("RADNOTE_TEST_NOTES") else { return };
        let screen = Screen::take().unwrap();
        screen.on_panic(&Fault::default(), Some(notes.into()));
        screen.send(b"a frame").unwrap();
        panic!("of patient P007");
    }

    #[test]
    fn a_real_terminal_is_given_back_before_the_failure_is_told() {
        use std::process::Command;
        if Command::new("python3").arg("--version").output().is_err() {
            return println!("skipped: no python3 for a pseudo-terminal");
        }
        let notes = std::env::temp_dir().join(format!("radnote-failed-{}", std::process::id()));
        let driver = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/terminal/driver.py");
        let mut command = Command::new("python3");
        command.args([driver, "80", "24"]).arg(std::env::current_exe().unwrap());
        command.args(["--exact", "tui::screen::tests::a_terminal_is_taken_and_its_program_fails", "--nocapture"]);
        // A driver whose orders end would end its program.
        command.env("RADNOTE_TEST_NOTES", &notes).stdin(std::process::Stdio::piped());
        let mut child = command.stdout(std::process::Stdio::piped()).spawn().unwrap();
        let orders = child.stdin.take();
        let output = child.wait_with_output().unwrap();
        drop(orders);
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let at = |what: &[u8]| said.find(std::str::from_utf8(what).unwrap()).unwrap_or_else(|| panic!("{said:?}"));
        assert!(at(ENTER) < at(b"a frame") && at(b"a frame") < at(LEAVE) && at(LEAVE) < at(b"panicked at"), "{said:?}");
        assert!(
            said.contains("The notebook is on disk up to its last line. a note without patient data is in"),
            "{said}"
        );
        let written: Vec<_> = std::fs::read_dir(&notes).unwrap().flatten().collect();
        assert_eq!(written.len(), 1);
        let note = std::fs::read_to_string(written[0].path()).unwrap();
        assert!(note.contains("screen.rs, line") && !note.contains("P007"), "{note}");
        std::fs::remove_dir_all(notes).unwrap();
    }
}
