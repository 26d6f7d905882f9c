//! Progress and cancel of one running command: two atomics and a label.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::error::{Error, Result};

/// Shared by the worker that counts and the front end that shows; cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Task {
    inner: Arc<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    cancelled: AtomicBool,
    done: AtomicUsize,
    known: AtomicUsize,
    total: AtomicUsize,
    label: Mutex<Label>,
}

#[derive(Clone, Debug, Default)]
struct Label {
    what: String,
    unit: &'static str,
    weight: f64,
    started: Option<Instant>,
    /// What is done stays on disk.
    kept: bool,
}

/// What a front end shows of a running task.
#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    /// What is being done, as "extracting".
    pub what: String,
    /// What is counted, as "scans".
    pub unit: &'static str,
    pub done: usize,
    pub total: usize,
    pub elapsed: Duration,
    /// Time left at the mean pace of what was not known already; none before the first such unit is done.
    pub eta: Option<Duration>,
    /// Features (or other weighted items) a second so far.
    pub rate: f64,
}

impl Task {
    /// A phase begins: `total` units, each worth `weight` items for the rate shown (features a scan).
    pub fn begin(&self, what: &str, unit: &'static str, total: usize, weight: f64) {
        self.inner.done.store(0, Ordering::Relaxed);
        self.inner.known.store(0, Ordering::Relaxed);
        self.inner.total.store(total, Ordering::Relaxed);
        if let Ok(mut label) = self.inner.label.lock() {
            *label = Label { what: what.to_string(), unit, weight, started: Some(Instant::now()), kept: false };
        }
    }

    /// Each unit of this phase is on disk as soon as it is done, and is not done again.
    pub fn keeps(&self) {
        if let Ok(mut label) = self.inner.label.lock() {
            label.kept = true;
        }
    }

    /// What a task that was stopped leaves to go on from: `12 of 154 scans are kept`; none where that is nothing.
    pub fn kept(&self) -> Option<String> {
        let kept = self.inner.label.lock().is_ok_and(|label| label.kept);
        let Progress { done, total, unit, .. } = self.progress().filter(|p| kept && p.done > 0)?;
        Some(format!("{done} of {total} {unit} {} kept", if done == 1 { "is" } else { "are" }))
    }

    /// One unit is done; an error when the user asked to stop.
    pub fn step(&self) -> Result<()> {
        self.inner.done.fetch_add(1, Ordering::Relaxed);
        self.check()
    }

    /// As [`Task::step`], of a unit whose result was there already (`known`): it counts as done and says nothing of the pace.
    pub fn passed(&self, known: bool) -> Result<()> {
        self.inner.known.fetch_add(usize::from(known), Ordering::Relaxed);
        self.step()
    }

    /// An error when the user asked to stop: call once a patient, a lambda, a resample.
    pub fn check(&self) -> Result<()> {
        if self.inner.cancelled.load(Ordering::Relaxed) { Err(Error::Cancelled) } else { Ok(()) }
    }

    /// Ask the worker to stop at its next check.
    pub fn cancel(&self) {
        self.inner.cancelled.store(true, Ordering::Relaxed);
    }

    /// The phase that runs, if one does.
    pub fn progress(&self) -> Option<Progress> {
        let label = self.inner.label.lock().ok()?.clone();
        let elapsed = label.started?.elapsed();
        let done = self.inner.done.load(Ordering::Relaxed);
        let total = self.inner.total.load(Ordering::Relaxed);
        let made = done.saturating_sub(self.inner.known.load(Ordering::Relaxed));
        let eta = (made > 0).then(|| elapsed.mul_f64(total.saturating_sub(done) as f64 / made as f64));
        let rate = made as f64 * label.weight / elapsed.as_secs_f64().max(1e-3);
        Some(Progress { what: label.what, unit: label.unit, done, total, elapsed, eta, rate })
    }
}

impl Progress {
    /// `12/33 scans`, where there is no room for more.
    pub fn brief(&self) -> String {
        format!("{}/{} {}", self.done, self.total, self.unit)
    }

    /// One line: `extracting 12/33 scans, 4100 features/s, 0:41 left`.
    pub fn line(&self) -> String {
        let mut line = format!("{} {}/{} {}", self.what, self.done, self.total, self.unit);
        if self.rate >= 1.0 && self.unit == "scans" {
            line.push_str(&format!(", {:.0} features/s", self.rate));
        }
        if let Some(eta) = self.eta {
            let s = eta.as_secs_f64().round() as u64;
            line.push_str(&format!(", {}:{:02} left", s / 60, s % 60));
        }
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_known_says_nothing_of_the_pace() {
        let task = Task::default();
        task.begin("extracting", "scans", 33, 100.0);
        (0..9).for_each(|_| task.passed(true).unwrap_or_default());
        let resumed = task.progress().unwrap_or_else(|| unreachable!("a phase runs"));
        assert_eq!((resumed.done, resumed.eta, resumed.rate), (9, None, 0.0));
        task.passed(false).unwrap_or_default();
        let after = task.progress().unwrap_or_else(|| unreachable!("a phase runs"));
        assert!(after.done == 10 && after.rate > 0.0);
        assert!(after.eta.is_some_and(|eta| eta >= after.elapsed.mul_f64(22.9)), "23 scans at the pace of one");
    }

    #[test]
    fn only_what_stays_on_disk_is_said_to_be_kept() {
        let task = Task::default();
        task.begin("extracting", "scans", 154, 1.0);
        task.keeps();
        assert_eq!(task.kept(), None, "nothing is done");
        task.step().unwrap_or_default();
        assert_eq!(task.kept().as_deref(), Some("1 of 154 scans is kept"));
        (0..11).for_each(|_| task.step().unwrap_or_default());
        assert_eq!(task.kept().as_deref(), Some("12 of 154 scans are kept"));
        task.begin("bootstrap", "resamples", 100, 1.0);
        task.step().unwrap_or_default();
        assert_eq!(task.kept(), None);
    }
}
