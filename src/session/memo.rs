//! Results already computed, under the fingerprint of what they were computed from and their line.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use crate::page::Page;
use crate::study::{Fingerprint, Study};

/// How many results are remembered; the oldest go first. A page holds at most a few megabytes of text.
const REMEMBERED: usize = 96;

/// What a cell is computed from: the study above it, and its line.
pub type Key = (Fingerprint, String);

/// The study below the cell, and what it shows.
pub type Known = (Study, Arc<Page>);

#[derive(Default)]
pub struct Memo {
    known: HashMap<Key, Known>,
    order: VecDeque<Key>,
}

impl Memo {
    pub fn get(&self, key: &Key) -> Option<Known> {
        self.known.get(key).cloned()
    }

    pub fn put(&mut self, key: Key, known: Known) {
        if self.known.insert(key.clone(), known).is_none() {
            self.order.push_back(key);
        }
        if self.order.len() > REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
    }
}
