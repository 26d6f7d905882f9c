//! Lines that were typed while another ran: where that one fails they stand on what is not there, and come back unrun.

use std::io::{self, ErrorKind, Write};

use rustix::io::ioctl_fionbio;
use rustyline::Editor;
use rustyline::error::ReadlineError;
use rustyline::history::FileHistory;

use super::speech::Speech;

/// What stands before such a line.
const MARK: &str = "not run: ";

/// The lines that are typed already, and the beginning of one that is not ended; nothing is waited for. Where the terminal
/// edits lines (`edits`), each is shown behind a mark as it is taken; else the terminal has shown it.
///
/// # Errors
/// The terminal is gone.
pub(super) fn typed(editor: &mut Editor<Speech, FileHistory>, edits: bool) -> io::Result<Vec<String>> {
    let mut lines = Vec::new();
    let terminal = io::stdin();
    ioctl_fionbio(&terminal, true)?;
    let ended = loop {
        if let Some(speech) = editor.helper_mut() {
            speech.begun.take();
        }
        match editor.readline(if edits { MARK } else { "" }) {
            Ok(line) => lines.push(line),
            Err(why) => break why,
        }
    };
    ioctl_fionbio(&terminal, false)?;
    let begun = editor.helper_mut().map(|speech| speech.begun.take()).unwrap_or_default();
    lines.extend(Some(begun).filter(|begun| edits && !begun.is_empty()));
    lines.retain(|line| !line.trim().is_empty());
    let mut out = io::stdout();
    if edits {
        // The row of the last mark, behind which no line ended.
        write!(out, "\x1b[A\r\x1b[J")?;
    } else {
        lines.iter().try_for_each(|line| writeln!(out, "{MARK}{line}"))?;
    }
    out.flush()?;
    match ended {
        ReadlineError::Io(why) if why.kind() != ErrorKind::WouldBlock => Err(why),
        // That there is no more is what was waited for; an end of the terminal is met again by who reads next.
        _ => Ok(lines),
    }
}
