//! What several tests stand on: the built-in cohort, written once, and notebooks that run on it.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use radnote::cohort::phantom;
use radnote::page::{Block, Page};
use radnote::session::{Reply, Session};
use radnote::task::Task;

/// A folder of this test's own, empty.
pub fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// The folder of the built-in cohort; written by the first test that asks.
pub fn demo() -> &'static Path {
    static DEMO: OnceLock<PathBuf> = OnceLock::new();
    DEMO.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("demo-of-notebooks");
        phantom::write(&folder, 1, &Task::default()).unwrap();
        folder
    })
}

/// Whether files of recorded results are to be written anew instead of compared.
pub fn bless() -> bool {
    std::env::var("RADNOTE_BLESS").is_ok_and(|v| !v.is_empty())
}

/// One cache for all tests of a run: they extract the same scans.
pub fn cache() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("cache")
}

/// A notebook in this folder after these lines.
pub fn notebook(folder: &Path, lines: &[&str]) -> Session {
    let mut session = Session::new(folder, &cache());
    for line in lines {
        submit(&mut session, line);
    }
    session
}

/// Submit a line that must run.
pub fn submit(session: &mut Session, line: &str) -> Reply {
    session.submit(line, &Task::default()).unwrap_or_else(|e| panic!("`{line}`: {e}"))
}

/// The values of the cell whose line starts with this command.
pub fn values<'a>(session: &'a Session, command: &str) -> &'a radnote::page::Values {
    let entry = session.entries().iter().find(|e| e.line.split(' ').next() == Some(command));
    &entry.unwrap_or_else(|| panic!("no cell `{command}`")).result.as_ref().unwrap().values
}

/// The page of the cell whose line begins so.
pub fn page<'a>(session: &'a Session, line: &str) -> &'a Page {
    let entry = session.entries().iter().find(|e| e.line.starts_with(line)).unwrap();
    entry.result.as_ref().unwrap()
}

/// Everything a page says in words.
pub fn words(page: &Page) -> String {
    let texts = page.blocks.iter().filter_map(|b| if let Block::Text(text) = b { Some(text.clone()) } else { None });
    texts.chain(page.cautions.iter().map(ToString::to_string)).collect::<Vec<_>>().join("\n")
}
