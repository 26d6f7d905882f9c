//! Results already computed, under the fingerprint of what they were computed from and their line. Nothing is computed twice at
//! the same time: who asks for what another thread is at work on waits for it.

use std::collections::HashSet;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::error::Result;
use crate::page::Page;
use crate::study::{Fingerprint, Shelf, Study};
use crate::task::Task;

/// Bytes of pages that are remembered, about; those not asked for longest go first.
const REMEMBERED: usize = 256 << 20;
/// How soon one who waits for another thread sees that nobody waits for him any more.
const GLANCE: Duration = Duration::from_millis(10);

/// What a cell is computed from: the study above it, and its line.
pub type Key = (Fingerprint, String);

/// The study below the cell, and what it shows.
pub type Known = (Study, Arc<Page>);

/// The memory; threads share it.
pub struct Memo {
    state: Mutex<State>,
    done: Condvar,
}

struct State {
    known: Shelf<Key, Known>,
    in_work: HashSet<Key>,
}

/// The work under a key is its holder's, until it is dropped: also where it fails, is cancelled or panics.
pub struct Claim<'a> {
    memo: &'a Memo,
    key: Key,
}

impl Default for Memo {
    fn default() -> Self {
        let state = State { known: Shelf::of(REMEMBERED), in_work: HashSet::new() };
        Self { state: Mutex::new(state), done: Condvar::new() }
    }
}

impl Memo {
    pub fn get(&self, key: &Key) -> Option<Known> {
        self.state().known.get(key)
    }

    /// What is known under this key, now or once the thread that is at work on it is done; else the work is the caller's.
    ///
    /// # Errors
    /// That the task was cancelled while another thread was waited for.
    pub fn ask(&self, key: &Key, task: &Task) -> Result<std::result::Result<Known, Claim<'_>>> {
        let mut state = self.state();
        loop {
            if let Some(known) = state.known.get(key) {
                return Ok(Ok(known));
            }
            if state.in_work.insert(key.clone()) {
                return Ok(Err(Claim { memo: self, key: key.clone() }));
            }
            task.check()?;
            state = self.done.wait_timeout(state, GLANCE).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// The work under this key is the caller's, whatever is known, once no other thread is at it.
    ///
    /// # Errors
    /// That the task was cancelled while another thread was waited for.
    pub fn claim(&self, key: &Key, task: &Task) -> Result<Claim<'_>> {
        let mut state = self.state();
        while !state.in_work.insert(key.clone()) {
            task.check()?;
            state = self.done.wait_timeout(state, GLANCE).unwrap_or_else(PoisonError::into_inner).0;
        }
        Ok(Claim { memo: self, key: key.clone() })
    }

    pub fn put(&self, key: Key, known: Known) {
        let weight = known.1.weight();
        self.state().known.put(key, known, weight);
    }

    /// Each change of the state is one call, so that a thread that panics leaves it whole.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        self.memo.state().in_work.remove(&self.key);
        self.memo.done.notify_all();
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread;

    use super::*;

    fn key() -> Key {
        (Study::default().fingerprint(), "icc".into())
    }

    #[test]
    fn what_two_ask_for_at_once_is_computed_once() {
        let (memo, computed) = (Memo::default(), AtomicUsize::new(0));
        let ask = || match memo.ask(&key(), &Task::default()).unwrap() {
            Ok(known) => known.1,
            Err(claim) => {
                computed.fetch_add(1, Ordering::SeqCst);
                thread::sleep(Duration::from_millis(30));
                let page = Arc::new(Page::new("ICC", ""));
                memo.put(key(), (Study::default(), Arc::clone(&page)));
                drop(claim);
                page
            }
        };
        let pages = thread::scope(|s| {
            let both = [s.spawn(ask), s.spawn(ask)];
            both.map(|thread| thread.join().unwrap())
        });
        assert_eq!(computed.load(Ordering::SeqCst), 1);
        assert!(Arc::ptr_eq(&pages[0], &pages[1]));
    }

    #[test]
    fn who_waits_for_work_that_fails_does_it_himself() {
        let memo = Memo::default();
        let first = memo.ask(&key(), &Task::default()).unwrap();
        let second = thread::scope(|s| {
            let second = s.spawn(|| memo.ask(&key(), &Task::default()).unwrap().is_err());
            thread::sleep(Duration::from_millis(30));
            drop(first);
            second.join().unwrap()
        });
        assert!(second, "the work is the second one's");
    }

    #[test]
    fn who_waits_can_be_stopped() {
        let (memo, task) = (Memo::default(), Task::default());
        let _first = memo.ask(&key(), &Task::default()).unwrap();
        task.cancel();
        assert!(memo.ask(&key(), &task).is_err());
    }
}
