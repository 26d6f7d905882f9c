//! Slow views computed behind: on a thread of their own, while the notebook goes on with what is quick.
//!
//! A front end that wants this says so once ([`Session::slow_views_wait`]). From then on a change is there as soon as all that is
//! quick is; the slow views of the notebook wait, are computed apart ([`Session::behind`]) and take their places when they
//! are there ([`Session::settle`]). The numbers are those of a notebook that waits for them.

use std::collections::{HashMap, HashSet};

use super::chain::Entry;
use super::memo::Key;
use super::reader::Reader;
use super::{Reply, Session};
use crate::commands::{self, Run};
use crate::error::{Error, Result};
use crate::task::Task;

/// What the session remembers of its slow views.
#[derive(Default)]
pub(super) struct Slow {
    /// They wait for [`Session::settle`].
    pub behind: bool,
    /// The lines of those that are new: one goes again where it cannot be computed, as any line that fails.
    pub asked: HashSet<String>,
    /// The notebook's file lacks what they say.
    pub owed: bool,
    /// What the file recorded of cells that were not computed when it was opened, by line.
    pub recorded: HashMap<String, String>,
    /// The steps that was recorded of.
    pub recorded_of: Vec<String>,
}

/// All that computing one slow view needs, apart from the session.
#[derive(Clone, Debug)]
pub struct Behind {
    reader: Reader,
    lines: Vec<String>,
    /// The number of the view in these lines.
    at: usize,
    /// The number of its cell in the notebook.
    pub cell: usize,
    /// What it is computed from, and its line: it is the same work as long as these are the same.
    pub key: Key,
    fresh: bool,
}

/// A slow view as far as it was computed.
#[derive(Clone, Debug)]
pub struct Found {
    pub entry: Entry,
}

impl Found {
    /// What it was computed from, and its line.
    pub fn key(&self) -> Option<&Key> {
        self.entry.key.as_ref()
    }
}

impl Behind {
    /// The views of these entries that wait; `cells` are their numbers in the notebook.
    pub(super) fn of(reader: &Reader, entries: &[Entry], cells: &[usize]) -> Vec<Self> {
        let lines = super::lines(entries);
        let one = |(at, entry): (usize, &Entry)| {
            let key = entry.key.clone().filter(|_| entry.slow && entry.waits())?;
            let cell = cells.get(at).copied().unwrap_or(at);
            Some(Self { reader: reader.clone(), lines: lines.clone(), at, cell, key, fresh: false })
        };
        entries.iter().enumerate().filter_map(one).collect()
    }

    /// The view's command.
    pub fn name(&self) -> &str {
        command_of(&self.key)
    }

    /// Compute the view, on threads that give way to whatever somebody waits for.
    pub fn run(&self, task: &Task) -> Found {
        let work = || {
            let mut chain = self.reader.chain(task).with_slow(self.at);
            chain.fresh = Some(self.at).filter(|_| self.fresh);
            let (mut entries, _) = chain.walk(&self.lines, &mut |_, _| {});
            Found { entry: entries.swap_remove(self.at) }
        };
        // Threads of its own: those that all share take up what is new only when they are done with what they have, and here
        // that is minutes.
        let threads = rayon::ThreadPoolBuilder::new().start_handler(|_| give_way()).build();
        threads.map_or_else(|_| work(), |threads| threads.install(work))
    }
}

/// The command of the line of a key.
pub fn command_of(key: &Key) -> &str {
    key.1.split(' ').next().unwrap_or_default()
}

/// This thread takes a third of what another that wants the core takes: enough for a quick line to pass it, and on a server
/// full of others' work it still comes to its end.
fn give_way() {
    // Elsewhere the priority is the whole program's. Where it cannot be lowered, the work shares as any other.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::setpriority_process(None, 5);
}

impl Session {
    /// From now on slow views wait instead of holding up the line they follow.
    pub fn slow_views_wait(&mut self) {
        self.slow.behind = true;
    }

    /// What computes the slow views that wait, one by one.
    pub fn behind(&self) -> Vec<Behind> {
        let mut all = Behind::of(&self.reader(), &self.entries, &[]);
        all.iter_mut().for_each(|behind| behind.fresh = self.slow.asked.contains(&behind.key.1));
        all
    }

    /// Give the view that was found its place, where the notebook still waits for it, and else only remember it. Gives its
    /// number where it says something else than the notebook's file recorded.
    ///
    /// # Errors
    /// Why a view that is new has no result: it is taken out again.
    pub fn settle(&mut self, found: Found) -> Result<Vec<usize>> {
        let Found { entry } = found;
        let waits = |e: &Entry| e.slow && e.waits() && e.key.is_some() && e.key == entry.key;
        let Some(at) = self.entries.iter().position(waits).filter(|_| !entry.waits()) else { return Ok(Vec::new()) };
        let refused = self.slow.asked.remove(&entry.line).then(|| entry.result.clone().err()).flatten();
        self.entries[at] = entry;
        if let Some(error) = refused {
            return self.take_out(at, error);
        }
        let drifted = self.drifted();
        if self.slow.owed {
            self.keep("# computed behind");
        }
        Ok(drifted)
    }

    /// Every slow view that this line passes on has its result.
    pub(super) fn finish_slow(&mut self, command: &dyn Run, task: &Task) -> Result<()> {
        for behind in self.behind().into_iter().filter(|b| commands::passes_on(command, &b.key.1)) {
            // What another thread computes anew already is waited for, not computed beside it.
            let behind = Behind { fresh: false, ..behind };
            self.settle(behind.run(task))?;
        }
        task.check()
    }

    pub(super) fn waits(&self) -> bool {
        self.entries.iter().any(|e| e.slow && e.waits())
    }

    /// The line of this cell is there: its reply, or why it is not.
    pub(super) fn placed_at(&mut self, at: usize, entry: &Entry) -> Result<Reply> {
        match &entry.result {
            Err(Error::Cancelled) if self.slow.behind && entry.slow => _ = self.slow.asked.insert(entry.line.clone()),
            Err(error) => return Err(error.clone()),
            Ok(_) => {}
        }
        Ok(Reply::Cell(at))
    }

    fn take_out(&mut self, at: usize, error: Error) -> Result<Vec<usize>> {
        let gone = self.entries.remove(at);
        if self.past.last() == Some(&self.lines()) {
            self.past.pop();
        }
        self.keep(&format!("# without a result: {}", gone.line));
        Err(error)
    }
}
