//! Results already computed, under the fingerprint of what they were computed from and their line.

use std::sync::Arc;

use crate::page::Page;
use crate::study::{Fingerprint, Shelf, Study};

/// Bytes of pages that are remembered, about; those not asked for longest go first.
const REMEMBERED: usize = 256 << 20;

/// What a cell is computed from: the study above it, and its line.
pub type Key = (Fingerprint, String);

/// The study below the cell, and what it shows.
pub type Known = (Study, Arc<Page>);

pub struct Memo(Shelf<Key, Known>);

impl Default for Memo {
    fn default() -> Self {
        Self(Shelf::of(REMEMBERED))
    }
}

impl Memo {
    pub fn get(&mut self, key: &Key) -> Option<Known> {
        self.0.get(key)
    }

    pub fn put(&mut self, key: Key, known: Known) {
        let weight = known.1.weight();
        self.0.put(key, known, weight);
    }
}
