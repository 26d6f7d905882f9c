//! The terminal taken over and given back: raw mode, the alternate screen, bracketed paste. It is given back once, whether
//! the notebook is left, suspended, or panics.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use crossterm::terminal::{disable_raw_mode, enable_raw_mode};

use super::fault::Fault;

const ENTER: &[u8] = b"\x1b[?1049h\x1b[?2004h";
/// Plain style, cursor shown, no bracketed paste, the reader's own screen.
const LEAVE: &[u8] = b"\x1b[m\x1b[?25h\x1b[?2004l\x1b[?1049l";

/// The terminal, ours until it is dropped.
pub struct Screen {
    taken: Arc<AtomicBool>,
}

impl Screen {
    /// # Errors
    /// The terminal does not take raw mode, or is gone.
    pub fn take() -> io::Result<Self> {
        let screen = Self { taken: Arc::default() };
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
        io::stdout().write_all(ENTER)?;
        io::stdout().flush()
    }

    /// Give the terminal back.
    pub fn leave(&self) {
        give_back(&self.taken, &mut io::stdout());
    }

    /// From now on a panic of this thread gives the terminal back before it is reported; of any other thread it is kept
    /// in `fault`, since the notebook goes on.
    pub fn on_panic(&self, fault: &Fault) {
        let before = std::panic::take_hook();
        let (own, taken, fault) = (thread::current().id(), Arc::clone(&self.taken), fault.clone());
        std::panic::set_hook(Box::new(move |panic| {
            if thread::current().id() == own {
                give_back(&taken, &mut io::stdout());
                before(panic);
            } else {
                fault.set(panic);
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
        let _ = out.write_all(LEAVE).and_then(|()| out.flush());
        let _ = disable_raw_mode();
    }
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
        let screen = Screen { taken: Arc::new(AtomicBool::new(true)) };
        let fault = Fault::default();
        screen.on_panic(&fault);
        thread::spawn(|| panic!("a worker")).join().unwrap_err();
        assert!(fault.take().unwrap().contains("a worker"));
        assert!(screen.taken.load(Ordering::SeqCst), "the screen stays while only a worker fails");
        std::panic::catch_unwind(|| panic!("the screen's own thread")).unwrap_err();
        assert!(!screen.taken.load(Ordering::SeqCst));
        let _ = std::panic::take_hook();
    }
}
