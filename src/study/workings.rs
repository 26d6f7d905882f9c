//! What a command worked out on the way and another line can use again: a moved threshold needs no new statistics.

use std::any::Any;
use std::sync::{Arc, Mutex};

use super::fingerprint::Fingerprint;
use super::shelf::Shelf;
use crate::error::Result;

/// How many results are kept; those not asked for longest go first.
const KEPT: usize = 128;

/// Results under the fingerprint of everything they were computed from.
#[derive(Clone)]
pub struct Workings(Arc<Mutex<Shelf<Fingerprint, Arc<dyn Any + Send + Sync>>>>);

impl Default for Workings {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Shelf::of(KEPT))))
    }
}

impl std::fmt::Debug for Workings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Workings")
    }
}

impl Workings {
    /// The result under this key, computed now if it is not known. `key` must name everything `compute` depends on.
    ///
    /// # Errors
    /// Those of `compute`; an error is not kept.
    pub fn get<T: Any + Send + Sync>(&self, key: Fingerprint, compute: impl FnOnce() -> Result<T>) -> Result<Arc<T>> {
        let known = self.0.lock().ok().and_then(|mut shelf| shelf.get(&key));
        if let Some(known) = known.and_then(|any| any.downcast::<T>().ok()) {
            return Ok(known);
        }
        let computed = Arc::new(compute()?);
        if let Ok(mut shelf) = self.0.lock() {
            shelf.put(key, computed.clone(), 1);
        }
        Ok(computed)
    }
}
