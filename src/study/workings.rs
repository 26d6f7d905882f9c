//! What a command worked out on the way and another line can use again: a moved threshold needs no new statistics.

use std::any::Any;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};

use super::fingerprint::Fingerprint;
use crate::error::Result;

/// How many results are kept; the oldest go first.
const KEPT: usize = 32;

/// Results under the fingerprint of everything they were computed from.
#[derive(Clone, Default)]
pub struct Workings(Arc<Mutex<Shelf>>);

#[derive(Default)]
struct Shelf {
    known: HashMap<Fingerprint, Arc<dyn Any + Send + Sync>>,
    order: VecDeque<Fingerprint>,
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
        let known = self.0.lock().ok().and_then(|shelf| shelf.known.get(&key).cloned());
        if let Some(known) = known.and_then(|any| any.downcast::<T>().ok()) {
            return Ok(known);
        }
        let computed = Arc::new(compute()?);
        if let Ok(mut shelf) = self.0.lock() {
            let any: Arc<dyn Any + Send + Sync> = computed.clone();
            shelf.known.insert(key, any);
            shelf.order.push_back(key);
            if shelf.order.len() > KEPT
                && let Some(oldest) = shelf.order.pop_front()
            {
                shelf.known.remove(&oldest);
            }
        }
        Ok(computed)
    }
}
