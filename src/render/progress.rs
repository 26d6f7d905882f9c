//! Progress of headless work: a line that is rewritten on a terminal, nothing in a pipe or file.

use std::io::{IsTerminal, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::task::Task;

/// Shows a task on standard error until it is dropped.
pub struct Watch {
    over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

/// Watch a task, where standard error is a terminal.
pub fn watch(task: &Task) -> Watch {
    let over = Arc::new(AtomicBool::new(false));
    if !std::io::stderr().is_terminal() {
        return Watch { over, thread: None };
    }
    let (task, seen) = (task.clone(), Arc::clone(&over));
    let thread = std::thread::spawn(move || {
        let mut shown = 0;
        while !seen.load(Ordering::Relaxed) {
            std::thread::sleep(Duration::from_millis(100));
            // Short work shows nothing: a line that flashes up helps nobody.
            let running = task.progress().filter(|p| p.done < p.total && p.elapsed > Duration::from_millis(400));
            let line = running.map(|p| p.line()).unwrap_or_default();
            if !line.is_empty() || shown > 0 {
                // Standard error that is gone is no reason to stop the work.
                let _ = write!(std::io::stderr(), "\r{line:shown$}\r");
            }
            shown = line.len();
        }
        let _ = write!(std::io::stderr(), "\r{:shown$}\r", "");
    });
    Watch { over, thread: Some(thread) }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // The thread only prints; its panic would have been printed too.
            let _ = thread.join();
        }
    }
}
