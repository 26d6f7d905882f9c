//! What a thread that panicked said, for the sentence the reader is shown.

use std::panic::PanicHookInfo;
use std::sync::{Arc, Mutex, PoisonError};

/// The last panic of a thread that is not the screen's; shared with the panic hook.
#[derive(Clone, Debug, Default)]
pub struct Fault {
    said: Arc<Mutex<Option<String>>>,
}

impl Fault {
    /// Keep what a panic said, and where a note of it is.
    pub fn set(&self, panic: &PanicHookInfo<'_>, note: Option<String>) {
        let said = panic.payload_as_str().unwrap_or("no reason given");
        let at = panic.location().map(|l| format!(" ({}:{})", l.file(), l.line())).unwrap_or_default();
        let note = note.map(|note| format!("; {note}")).unwrap_or_default();
        *self.said.lock().unwrap_or_else(PoisonError::into_inner) = Some(format!("{said}{at}{note}"));
    }

    pub fn take(&self) -> Option<String> {
        self.said.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}
