//! Signals as events: leave cleanly when told to, give the terminal back while suspended.

use std::io;
use std::sync::mpsc::Sender;
use std::thread;

use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGTERM, SIGTSTP};
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;

use super::Event;

/// Send every signal that concerns the screen as an event.
///
/// # Errors
/// The system does not let us.
pub(super) fn listen(tell: Sender<Event>) -> io::Result<()> {
    let mut signals = Signals::new([SIGCONT, SIGHUP, SIGINT, SIGTERM, SIGTSTP])?;
    thread::spawn(move || {
        for signal in signals.forever() {
            if tell.send(Event::Signal(signal)).is_err() {
                return;
            }
        }
    });
    Ok(())
}

/// Stop this process as Ctrl-Z does, until it is told to go on; `SIGCONT` then comes as an event.
///
/// # Errors
/// The system does not let us.
pub(super) fn stop() -> io::Result<()> {
    emulate_default_handler(SIGTSTP)
}
