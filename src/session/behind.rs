//! Slow views computed behind: on a thread of their own, while the notebook goes on with what is quick.
//!
//! A front end that wants this says so once ([`Session::slow_views_wait`]). From then on a change is there as soon as all that is
//! quick is; the slow views of the notebook wait, are computed apart ([`Session::behind`]) and take their places when they
//! are there ([`Session::settle`]). The numbers are those of a notebook that waits for them.

use std::collections::HashMap;

use super::chain::Entry;
use super::reader::Reader;
use super::{Reply, Session};
use crate::error::{Error, Result};
use crate::study::Study;
use crate::task::Task;

/// What the session remembers of its slow views.
#[derive(Default)]
pub(super) struct Slow {
    /// They wait for [`Session::settle`].
    pub behind: bool,
    /// The line of one that is new: it goes again where it cannot be computed, as any line that fails.
    pub asked: Option<String>,
    /// The notebook's file lacks what they say.
    pub owed: bool,
    /// What the file recorded of cells that were not computed when it was opened, by line.
    pub recorded: HashMap<String, String>,
    /// The steps that was recorded of.
    pub recorded_of: Vec<String>,
}

/// All that computing the views that wait needs, apart from the session.
#[derive(Clone, Debug)]
pub struct Behind {
    reader: Reader,
    lines: Vec<String>,
    fresh: Option<usize>,
}

/// The notebook with its slow views, as far as they were computed.
#[derive(Clone, Debug)]
pub struct Found {
    entries: Vec<Entry>,
    study: Study,
}

impl Behind {
    /// Compute them; `each` is given the number of a slow view and the view as soon as it is there.
    pub fn run(&self, task: &Task, each: &mut dyn FnMut(usize, &Entry)) -> Found {
        let mut chain = self.reader.chain(task).thorough();
        chain.fresh = self.fresh;
        let (entries, study) = chain.walk(&self.lines, &mut |at, entry| {
            if entry.slow && !entry.waits() {
                each(at, entry);
            }
        });
        Found { entries, study }
    }
}

impl Session {
    /// From now on slow views wait instead of holding up the line they follow.
    pub fn slow_views_wait(&mut self) {
        self.slow.behind = true;
    }

    /// What computes the slow views that wait; none where none does.
    pub fn behind(&self) -> Option<Behind> {
        let lines = self.lines();
        let asked = self.slow.asked.as_ref();
        let fresh = self.entries.iter().position(|e| e.waits() && Some(&e.line) == asked);
        self.waits().then(|| Behind { reader: self.reader(), lines, fresh })
    }

    /// Give the views that were found their places. Where the notebook is another by now, they are only remembered. Gives
    /// the numbers of those that say something else than the notebook's file recorded.
    ///
    /// # Errors
    /// Why a view that is new has no result: it is taken out again.
    pub fn settle(&mut self, found: Found) -> Result<Vec<usize>> {
        if super::lines(&found.entries) != self.lines() || found.study.fingerprint() != self.study.fingerprint() {
            return Ok(Vec::new());
        }
        let news = std::iter::zip(&found.entries, &self.entries).any(|(a, b)| b.waits() && !a.waits());
        self.entries = found.entries;
        if let Some((at, error)) = self.refused() {
            return self.take_out(at, error);
        }
        let drifted = self.drifted();
        if news && self.slow.owed {
            self.keep("# computed behind");
        }
        Ok(drifted)
    }

    /// Every slow view has its result, since what follows passes them on.
    pub(super) fn finish_slow(&mut self, task: &Task) -> Result<()> {
        if let Some(behind) = self.behind() {
            // What another thread computes anew already is waited for, not computed beside it.
            let behind = Behind { fresh: None, ..behind };
            self.settle(behind.run(task, &mut |_, _| {}))?;
        }
        task.check()
    }

    pub(super) fn waits(&self) -> bool {
        self.entries.iter().any(|e| e.slow && e.waits())
    }

    /// The line of this cell is there: its reply, or why it is not.
    pub(super) fn placed_at(&mut self, at: usize, entry: &Entry) -> Result<Reply> {
        match &entry.result {
            Err(Error::Cancelled) if self.slow.behind && entry.slow => self.slow.asked = Some(entry.line.clone()),
            Err(error) => return Err(error.clone()),
            Ok(_) => {}
        }
        Ok(Reply::Cell(at))
    }

    /// The number of a new view that cannot be computed, and why.
    fn refused(&mut self) -> Option<(usize, Error)> {
        let asked = self.slow.asked.as_ref()?;
        let at = self.entries.iter().position(|e| e.line == *asked)?;
        let entry = self.entries.get(at).filter(|e| !e.waits())?;
        self.slow.asked = None;
        Some((at, entry.result.clone().err()?))
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
