//! A note about a crash: where in the program it was, and nothing that could name a patient.

use std::backtrace::Backtrace;
use std::io::Write;
use std::panic::Location;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::files;

/// Write `crash-SECONDS.txt` in this folder: version, system, place in the program, the functions that led there. What the
/// program said is left out: it may hold a value, a path or an id. None where it cannot be written.
pub fn note(folder: &Path, at: Option<&Location<'_>>) -> Option<PathBuf> {
    let seconds = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |d| d.as_secs());
    let file = folder.join(format!("crash-{seconds}.txt"));
    let at = at.map_or("unknown".to_string(), |at| format!("{}, line {}", at.file(), at.line()));
    let system = format!("{} {}", std::env::consts::OS, std::env::consts::ARCH);
    let term = std::env::var("TERM").unwrap_or_default();
    let text = format!(
        "radnote {} (features {}) failed in itself.\nat: {at}\nsystem: {system}\nTERM: {term}\n\nThe message is left out, since \
         it could name a patient.\n\n{}\n",
        env!("CARGO_PKG_VERSION"),
        crate::features::DEFINITION,
        Backtrace::force_capture(),
    );
    let written = files::folder(folder).and_then(|()| files::write(&file, |out| out.write_all(text.as_bytes())));
    written.ok().map(|()| file)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_note_says_where_and_is_its_owners() {
        use std::os::unix::fs::PermissionsExt;
        let folder = std::env::temp_dir().join(format!("radnote-crash-{}", std::process::id()));
        let file = note(&folder, Some(Location::caller())).unwrap();
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(text.contains("crash.rs, line") && text.contains("message is left out"));
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        std::fs::remove_dir_all(folder).unwrap();
    }
}
