//! The features of one scan, from the library: `cargo run --release --example one_scan -- IMAGE.nii.gz MASK.nii.gz [LABEL]`.

use std::path::Path;
use std::process::ExitCode;

use radnote::error::Result;
use radnote::features::{self, Settings, Value};
use radnote::image::nifti;
use radnote::task::Task;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (image, mask, label) = match arguments.as_slice() {
        [image, mask] => (image, mask, "1"),
        [image, mask, label] => (image, mask, label.as_str()),
        _ => {
            eprintln!("usage: one_scan IMAGE.nii.gz MASK.nii.gz [LABEL]");
            return ExitCode::from(2);
        }
    };
    let Ok(label) = label.parse() else {
        eprintln!("a label is a whole number, not {label}");
        return ExitCode::from(2);
    };
    match run(Path::new(image), Path::new(mask), label) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}; {}", error.remedy());
            ExitCode::FAILURE
        }
    }
}

fn run(image: &Path, mask: &Path, label: i64) -> Result<()> {
    let settings = Settings::preset("original-107")?;
    let scan = nifti::read(image)?;
    let roi = nifti::read_mask(mask, label, 0)?;
    for caution in scan.cautions.iter().chain(&roi.cautions) {
        eprintln!("! {caution}");
    }
    let values = features::extract(&scan.volume, &roi.mask, &settings, &Task::default())?.values;
    for (name, value) in features::names(&settings).iter().zip(values) {
        match value {
            Value::Number(number) => println!("{name} {number}"),
            Value::Undefined(reason) => println!("{name} undefined: {reason}"),
        }
    }
    Ok(())
}
