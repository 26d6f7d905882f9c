//! Work on scans with several threads, the largest scan first, so that no thread is left with it at the end.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use crate::error::{Error, Result};

/// The results of `work` for each of the sizes, in their order. As many threads as `jobs` says, one a core when 0.
///
/// # Errors
/// So many threads cannot be had.
pub fn largest_first<T: Send>(sizes: &[u64], jobs: usize, work: impl Fn(usize) -> T + Sync) -> Result<Vec<T>> {
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    order.sort_by_key(|i| std::cmp::Reverse(sizes[*i]));
    let next = AtomicUsize::new(0);
    // Each thread takes what is next in the order, whichever item it was given.
    let one = |_| {
        let i = order[next.fetch_add(1, Ordering::Relaxed)];
        (i, work(i))
    };
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(jobs)
        .build()
        .map_err(|e| Error::Undefined { what: format!("work on {jobs} threads"), why: e.to_string() })?;
    let all = || (0..sizes.len()).into_par_iter().with_max_len(1).map(one).collect::<Vec<_>>();
    let mut done: Vec<(usize, T)> = pool.install(all);
    done.sort_by_key(|(i, _)| *i);
    Ok(done.into_iter().map(|(_, result)| result).collect())
}

/// How much work a scan is likely to be: the size of its file, 0 where that cannot be told.
pub fn size(scan: &Path) -> u64 {
    std::fs::metadata(scan).map_or(0, |file| file.len())
}
