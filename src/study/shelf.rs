//! What is remembered under a key, up to a weight; what was not asked for longest goes first.

use std::collections::HashMap;
use std::hash::Hash;

/// Values by key.
#[derive(Debug)]
pub struct Shelf<K, V> {
    held: HashMap<K, Held<V>>,
    weight: usize,
    most: usize,
    /// Counts what was asked for and put in.
    clock: u64,
}

#[derive(Debug)]
struct Held<V> {
    value: V,
    weight: usize,
    used: u64,
}

impl<K: Clone + Eq + Hash, V: Clone> Shelf<K, V> {
    /// Empty; the weights it holds together stay at or under `most`.
    pub fn of(most: usize) -> Self {
        Self { held: HashMap::new(), weight: 0, most, clock: 0 }
    }

    pub fn get(&mut self, key: &K) -> Option<V> {
        self.clock += 1;
        let held = self.held.get_mut(key)?;
        held.used = self.clock;
        Some(held.value.clone())
    }

    /// Remember a value. One heavier than all that may be held is not.
    pub fn put(&mut self, key: K, value: V, weight: usize) {
        self.clock += 1;
        self.take(&key);
        if weight > self.most {
            return;
        }
        while self.weight + weight > self.most {
            let oldest = self.held.iter().min_by_key(|(_, held)| held.used).map(|(key, _)| key.clone());
            let Some(oldest) = oldest else { break };
            self.take(&oldest);
        }
        self.weight += weight;
        self.held.insert(key, Held { value, weight, used: self.clock });
    }

    fn take(&mut self, key: &K) {
        if let Some(held) = self.held.remove(key) {
            self.weight -= held.weight;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_asked_for_longest_goes_first() {
        let mut shelf = Shelf::of(10);
        shelf.put("a", 1, 4);
        shelf.put("b", 2, 4);
        assert_eq!(shelf.get(&"a"), Some(1));
        shelf.put("c", 3, 4);
        assert_eq!((shelf.get(&"a"), shelf.get(&"b"), shelf.get(&"c")), (Some(1), None, Some(3)));
        shelf.put("a", 4, 6);
        assert_eq!((shelf.get(&"a"), shelf.get(&"c"), shelf.weight), (Some(4), Some(3), 10));
        shelf.put("d", 5, 11);
        assert_eq!((shelf.get(&"d"), shelf.get(&"a")), (None, Some(4)));
    }
}
