//! The maker of the built-in cohort: `cargo run --release --example demo_cohort -- FOLDER [SEED]`.

use std::path::Path;
use std::process::ExitCode;

use radnote::cohort::phantom;
use radnote::task::Task;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (Some(folder), seed) = (arguments.first(), arguments.get(1).map_or(Ok(1), |s| s.parse())) else {
        eprintln!("usage: demo_cohort FOLDER [SEED]");
        return ExitCode::from(2);
    };
    let Ok(seed) = seed else {
        eprintln!("a seed is a whole number");
        return ExitCode::from(2);
    };
    match phantom::write(Path::new(folder), seed, &Task::default()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}; {}", error.remedy());
            ExitCode::FAILURE
        }
    }
}
