//! radnote: a terminal notebook for radiomics cohorts.
//!
//! A module imports only from **lower** floors; siblings on a floor do not know each other. `tests/floors.rs` reads this
//! table and fails the build on an upward or sideways import.
//!
//! ```text
//! floor 0  error caution              what stops a command, what only warns
//! floor 1  files task                 whole files or none, progress and cancel
//! floor 2  num page                   numeric kernels | what a command shows, as data
//! floor 3  stats image render         statistics on slices | voxels | pages to a medium
//! floor 4  features cohort plots      voxels to numbers | patients and tables | results to figures
//! floor 5  study                      the state of one analysis: cohort, features, selection, models
//! floor 6  commands                   one file per command, one table
//! floor 7  session                    line in, entry out; chain, memory, log, replay, journal
//! floor 8  batch                      lines and session files without a terminal, and their progress
//! floor 9  repl tui                   line prompt | full screen
//! ```

pub mod batch;
pub mod caution;
pub mod cohort;
pub mod commands;
pub mod error;
pub mod features;
pub mod files;
pub mod image;
pub mod num;
pub mod page;
pub mod plots;
pub mod render;
pub mod repl;
pub mod session;
pub mod stats;
pub mod study;
pub mod task;
pub mod tui;
