//! Line in, entry out: the notebook as a chain that recomputes what a change touches and nothing else.

mod behind;
mod chain;
pub mod complete;
mod counted;
pub mod crash;
pub mod history;
mod journal;
mod mark;
mod memo;
mod patients;
mod reader;
mod record;
mod resume;
mod saved;
mod script;
mod tried;
mod undone;
mod variants;

use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use behind::{Behind, Found, command_of};
pub use chain::Entry;
pub use mark::{Typed, forget, unfinished};
pub use memo::Key;
pub use reader::Reader;
pub use record::drift;
pub use script::{Script, ScriptLine, of_transcript};
pub use undone::Undone;
pub use variants::Switched;

use crate::commands::{self, Place, Run, Screen};
use crate::error::{Error, Result};
use crate::page::Page;
use crate::render::words::Tried;
use crate::study::{Fingerprint, Study, Workings};
use crate::task::Task;
use journal::Journal;
use mark::Mark;
use memo::Memo;
use patients::Patients;
use reader::Change;

/// One notebook: its cells, and where they are kept.
pub struct Session {
    folder: PathBuf,
    cache: PathBuf,
    entries: Vec<Entry>,
    study: Study,
    /// The lines before each change, oldest first.
    past: Vec<Vec<String>>,
    memo: Arc<Memo>,
    workings: Workings,
    journal: Option<Journal>,
    mark: Option<Mark>,
    /// It is offered again where it is cut off.
    announced: bool,
    /// The state folder in which alternatives are counted.
    counted: Option<PathBuf>,
    /// The patients of the cohort of this fingerprint.
    patients: (Option<Fingerprint>, Patients),
    forks: variants::Variants,
    slow: behind::Slow,
    unsaved: Option<Error>,
}

/// What a submitted line did.
#[derive(Clone, Debug)]
pub enum Reply {
    /// The line says nothing.
    Nothing,
    /// The cell of this number was made or replaced, and those below followed.
    Cell(usize),
    /// Something to read that is not kept.
    Page(Arc<Page>),
    /// A screen to open with this page; where there are no screens the page is read.
    Open(Screen, Arc<Page>),
    /// The last change was taken back; none where there was no change.
    Undone(Option<Undone>),
    /// A variant was taken up.
    Switched(Switched),
    /// A text for the clipboard, and what it is.
    Copied {
        text: Arc<str>,
        what: String,
    },
    /// Walk the tour from this stop on.
    Tour(usize),
    Quit,
}

impl Reply {
    /// The notebook is another.
    pub fn changes(&self) -> bool {
        matches!(self, Self::Cell(_) | Self::Undone(Some(_)) | Self::Switched(_))
    }
}

impl Session {
    /// An empty notebook that is kept nowhere. Relative paths of its lines start at `folder`; `cache` holds the
    /// features of scans already seen.
    pub fn new(folder: &Path, cache: &Path) -> Self {
        Self {
            folder: folder.to_path_buf(),
            cache: cache.to_path_buf(),
            entries: Vec::new(),
            study: Study::default(),
            past: Vec::new(),
            memo: Arc::default(),
            workings: Workings::default(),
            journal: None,
            mark: None,
            announced: false,
            counted: None,
            patients: Default::default(),
            forks: variants::Variants::new(),
            slow: behind::Slow::default(),
            unsaved: None,
        }
    }

    /// Keep the notebook in this file from the next change on, with its journal beside it. Gives the lines to submit to
    /// have what the file (or, after a crash, the journal) holds; none when there is no such file yet.
    ///
    /// # Errors
    /// A file that cannot be read, or that another radnote has open.
    pub fn attach(&mut self, file: &Path) -> Result<Vec<ScriptLine>> {
        self.folder = file.parent().map(Path::to_path_buf).unwrap_or_default();
        self.mark = Mark::take(file)?;
        if self.mark.is_none() {
            self.unsaved = Some(saved::not_kept(file, "its folder cannot be written".into()));
        }
        let (journal, text) = Journal::open(file)?;
        self.journal = Some(journal);
        self.forks = variants::read(file)?;
        Ok(Script::parse(&text).lines)
    }

    /// Whether the last one who had this notebook open was cut off: by a kill, a lost line, a crash.
    pub fn cut_off(&self) -> bool {
        self.mark.as_ref().is_some_and(Mark::cut_off)
    }

    /// From now on this notebook is offered again where it is cut off ([`unfinished`]).
    pub fn announce(&mut self) {
        self.announced = true;
        if let Some(mark) = &mut self.mark {
            mark.announce();
        }
    }

    /// The notebook is left in order; without this it counts as cut off.
    pub fn finish(&mut self) {
        if let Some(mark) = self.mark.take() {
            mark.clear();
        }
    }

    /// The line that ran when the last one who had this notebook open was cut off, and those that were typed behind it.
    pub fn interrupted(&self) -> &[String] {
        self.mark.as_ref().map_or(&[], Mark::interrupted)
    }

    /// Where to say which typed lines are not done yet: they are offered again where the notebook is cut off.
    pub fn typed(&self) -> Typed {
        self.mark.as_ref().map(Mark::typed).unwrap_or_default()
    }

    /// Why the notebook's file is not what the notebook is; none where it is.
    pub fn unsaved(&self) -> Option<&Error> {
        self.unsaved.as_ref()
    }

    /// Lines of the notebook's file are others than when it was last written here: somebody changed them by hand, and what the
    /// file recorded below them is of the old ones.
    pub fn edited(&self) -> bool {
        self.journal.as_ref().is_some_and(Journal::edited)
    }

    /// The file the notebook is kept in.
    pub fn file(&self) -> Option<&Path> {
        self.journal.as_ref().map(Journal::file)
    }

    /// How many alternatives to its steps were evaluated in this notebook since its first day, as its journal says, and in the
    /// others that it counts with ([`Session::count_in`]): lines beyond the first of each step, on the same cohort.
    pub fn alternatives(&self) -> Tried {
        self.journal.as_ref().map(Journal::alternatives).unwrap_or_default()
    }

    /// From now on alternatives are counted with those of the user's other notebooks, which this state folder remembers.
    pub fn count_in(&mut self, state: &Path) {
        self.counted = Some(state.to_path_buf());
        if let Some(journal) = &mut self.journal {
            journal.count_in(state);
        }
    }

    /// The patients of the notebook, none where there is no cohort.
    fn patients(&mut self) -> Patients {
        let now = self.study.cohort_fingerprint();
        if self.patients.0 != now {
            self.patients = (now, self.study.cohort().map(patients::of).unwrap_or_default());
        }
        self.patients.1.clone()
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    pub fn study(&self) -> &Study {
        &self.study
    }

    /// The notebook as a `.rad` text: lines, and what they said.
    pub fn script(&self) -> String {
        script::write(&self.entries)
    }

    /// Run one line. A step replaces the cell with its place in the chain and everything below follows; a view is put
    /// at the end; a request is answered. When the line itself fails, or is cancelled, nothing has changed. Slow views below
    /// it come last: cancelled there, the change stands and they wait.
    ///
    /// # Errors
    /// What the line says wrong, or what its command stops at. That the notebook could not be written to disk is said by
    /// [`Session::unsaved`]: the change stands in memory.
    pub fn submit(&mut self, line: &str, task: &Task) -> Result<Reply> {
        let Some(command) = commands::parse(line)? else { return Ok(Reply::Nothing) };
        if command.spec().place == Place::Request {
            return self.request(&*command, task);
        }
        self.put(&*command, line, None, task)
    }

    /// The same with a line in place of the cell of this number, where both are views of one command; a line of another
    /// cell has its own place as ever.
    ///
    /// # Errors
    /// Those of [`Session::submit`].
    pub fn replace(&mut self, at: usize, line: &str, task: &Task) -> Result<Reply> {
        match commands::parse(line)? {
            Some(command) if command.spec().place == Place::View => self.put(&*command, line, Some(at), task),
            _ => self.submit(line, task),
        }
    }

    fn put(&mut self, command: &dyn Run, line: &str, instead: Option<usize>, task: &Task) -> Result<Reply> {
        let (lines, at) = chain::place(&self.lines(), command, instead);
        self.mark.iter().for_each(|mark| mark.runs(line));
        let folded = self.chain(task).fresh(at).fold(&lines);
        self.mark.iter().for_each(|mark| mark.runs(""));
        let (entries, study) = folded?;
        let reply = self.placed_at(at, &entries[at])?;
        self.adopt(entries, study, line);
        Ok(reply)
    }

    /// As [`Reader::rehearse`], of the notebook as it stands.
    ///
    /// # Errors
    /// Those of [`Reader::rehearse`].
    pub fn rehearse(
        &self,
        at: usize,
        line: &str,
        task: &Task,
        each: &mut dyn FnMut(usize, &Entry),
    ) -> Result<Vec<Behind>> {
        self.reader().rehearse(at, line, task, each)
    }

    /// Remove a cell; those below follow.
    ///
    /// # Errors
    /// That it was cancelled.
    pub fn remove(&mut self, at: usize, task: &Task) -> Result<()> {
        let mut lines = self.lines();
        if at < lines.len() {
            let gone = lines.remove(at);
            let (entries, study) = self.chain(task).fold(&lines)?;
            self.adopt(entries, study, &format!("# removed: {gone}"));
        }
        Ok(())
    }

    fn request(&mut self, command: &dyn Run, task: &Task) -> Result<Reply> {
        if self.entries.iter().any(|e| e.slow && e.waits() && commands::passes_on(command, &e.line)) {
            self.finish_slow(command, task)?;
        }
        match self.reader().ask(command, task)? {
            Ok(reply) => Ok(reply),
            Err(Change::Undo) => self.undo(task),
            Err(Change::Save(file)) => self.save(&file),
            Err(Change::Fork(name)) => self.fork(&name),
            Err(Change::Switch(name)) => self.switch(&name, task),
        }
    }

    fn undo(&mut self, task: &Task) -> Result<Reply> {
        let Some(lines) = self.past.pop() else { return Ok(Reply::Undone(None)) };
        match self.chain(task).fold(&lines) {
            Ok((entries, study)) => {
                let undone = Undone::of(&self.lines(), &lines);
                self.entries = entries;
                self.study = study;
                self.keep("undo");
                Ok(Reply::Undone(Some(undone)))
            }
            Err(error) => {
                self.past.push(lines);
                Err(error)
            }
        }
    }

    fn adopt(&mut self, entries: Vec<Entry>, study: Study, line: &str) {
        let before = self.lines();
        self.entries = entries;
        if self.lines() != before {
            self.past.push(before);
        }
        self.study = study;
        self.keep(line);
    }

    /// Write the notebook to its file. One that cannot be written goes on in memory, and the next change writes all of it.
    fn keep(&mut self, line: &str) {
        let text = self.script();
        self.slow.owed = self.waits();
        let patients = if self.journal.is_some() { self.patients() } else { Patients::new() };
        let Some(journal) = &mut self.journal else { return };
        self.unsaved = journal.keep(line, &text, &patients).err().map(|error| match error {
            Error::File { why, .. } => saved::not_kept(journal.file(), why),
            other => other,
        });
    }

    fn chain<'a>(&'a self, task: &'a Task) -> chain::Chain<'a> {
        let Self { folder, cache, memo, workings, .. } = self;
        chain::Chain { folder, cache, memo, workings, task, fresh: None, quick: self.slow.behind, slow: None }
    }

    fn lines(&self) -> Vec<String> {
        lines(&self.entries)
    }
}

fn lines(entries: &[Entry]) -> Vec<String> {
    entries.iter().map(|e| e.line.clone()).collect()
}

/// The folder for features of scans already seen: `RADNOTE_CACHE`, else `radnote` in the user's cache folder.
///
/// # Errors
/// Neither the variables `RADNOTE_CACHE`, `XDG_CACHE_HOME` nor `HOME` is set.
pub fn default_cache() -> Result<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
    set("RADNOTE_CACHE")
        .or_else(|| set("XDG_CACHE_HOME").map(|d| d.join("radnote")))
        .or_else(|| set("HOME").map(|d| d.join(".cache/radnote")))
        .ok_or_else(|| Error::NotYet {
            command: "extract".into(),
            missing: "a folder for its cache".into(),
            remedy: "set RADNOTE_CACHE to a folder you can write to".into(),
        })
}
