//! One test binary: laws and oracles of the whole program.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod answers;
mod batch;
mod behind;
mod commands;
mod common;
mod features;
mod filters;
mod floors;
mod judged;
mod kept;
mod laws;
mod lines;
mod nifti;
mod nomogram;
mod oracles;
mod paper;
mod phantom;
mod planted;
mod points;
mod readme;
mod reasons;
mod resample;
mod robust;
mod screens;
mod sessions;
mod stated;
mod table1;
mod terminal;
mod tried;
mod undefined;
mod validate;
mod worded;
mod writes;
