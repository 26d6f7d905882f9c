//! Every file of a corpus of odd and hostile scans is answered as its manifest says.

use std::fs;
use std::path::Path;
use std::process::Command;

use radnote::caution::Caution;
use radnote::error::Error;
use radnote::image::Volume;
use radnote::image::nifti::{self, Scan};
use serde_json::Value;

use super::Folder;

/// The manifest's name of a warning, and the words this program finds for it.
const WORDS: [(&str, &str); 15] = [
    ("name_vs_content", "name"),
    ("slope0_inter_nonzero", "slope 0"),
    ("trailing_bytes", "bytes after the voxels"),
    ("int64_inexact", "2^53"),
    ("nonfinite_voxels:3", "NaN or infinite: 3"),
    ("bitpix_mismatch", "bits a voxel"),
    ("bad_scaling", "read unscaled"),
    ("huge_values", "above 1e30"),
    ("negative_pixdim", "negative spacing"),
    ("bad_quaternion", "quaternion of length"),
    ("sform_qform_disagree", "sform and qform disagree"),
    ("no_orientation", "no orientation"),
    ("units_not_mm", "lengths in metres"),
    ("sform_scale_differs", "differ in spacing"),
    ("bad_extension", "extensions of impossible length"),
];

fn warnings(cautions: &[Caution]) -> Vec<String> {
    let one = |c: &Caution| {
        let said = c.to_string();
        WORDS.iter().find(|(_, words)| said.contains(words)).map_or(said.clone(), |(code, _)| code.to_string())
    };
    cautions.iter().map(one).collect()
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-6 * b.abs().max(1.0)
}

/// What is wrong with an answer; none when it is as the manifest wants it.
fn fault(expect: &Value, answer: &Result<Scan, Error>) -> Option<String> {
    let allowed =
        |class: &str| expect["error"] == *class || expect["alt_error"] == *class || expect["alt_error"] == "any";
    let scan = match answer {
        Err(Error::Scan { class, .. }) if allowed(class) => return None,
        Err(other) => return Some(format!("{other:?}")),
        Ok(_) if expect["kind"] == "error" && expect["alt_error"] != "any" => return Some("was read".into()),
        Ok(scan) => scan,
    };
    // Where ITK departs from the standard the manifest gives its values too, and those are ours.
    let value = |name: &str| expect["itk"][name].as_f64().or(expect[name].as_f64());
    let Volume { geometry, voxels, .. } = &scan.volume;
    let finite: f64 = voxels.iter().filter(|v| v.is_finite()).sum();
    let numbers = [("first", voxels[0]), ("last", voxels[voxels.len() - 1]), ("sum", finite)];
    let mut wrong: Vec<String> = numbers
        .iter()
        .filter(|(name, got)| value(name).is_some_and(|want| !near(*got, want)))
        .map(|(name, got)| format!("{name} is {got}, not {:?}", value(name)))
        .collect();
    if serde_json::json!(geometry.size) != expect["shape"] {
        wrong.push(format!("size is {:?}", geometry.size));
    }
    if expect["spacing"].is_array() && serde_json::json!(geometry.spacing) != expect["spacing"] {
        wrong.push(format!("spacing is {:?}", geometry.spacing));
    }
    let raised = warnings(&scan.cautions);
    let must: Vec<&str> = expect["warn"].as_array().unwrap().iter().map(|w| w.as_str().unwrap()).collect();
    // A file whose bits a voxel are wrong may also have bytes left over; an ordinary file must raise nothing.
    if must.iter().any(|w| !raised.iter().any(|r| r == w)) || (must.is_empty() && !raised.is_empty()) {
        wrong.push(format!("warnings are {raised:?}"));
    }
    (!wrong.is_empty()).then(|| wrong.join("; "))
}

#[test]
fn every_hostile_file_is_answered_as_its_manifest_says() {
    let maker = Path::new("../shared/hostile-nifti/make.py");
    if !maker.exists() || Command::new("python3").arg("--version").output().is_err() {
        println!("skipped: needs python3 and ../shared/hostile-nifti");
        return;
    }
    let folder = Folder::new("hostile");
    let made = Command::new("python3").arg(maker).arg(&folder.0).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let manifest: Value = serde_json::from_slice(&fs::read(folder.0.join("manifest.json")).unwrap()).unwrap();
    let files = manifest["files"].as_array().unwrap();
    let faults: Vec<String> = files
        .iter()
        .filter_map(|row| {
            let name = row["file"].as_str().unwrap();
            let answer = nifti::read(&folder.0.join(name));
            fault(&row["expect"], &answer).map(|why| format!("{name} ({}): {why}", row["what"]))
        })
        .collect();
    assert!(faults.is_empty(), "{} of {} files:\n{}", faults.len(), files.len(), faults.join("\n"));
    println!("{} files answered as their manifest says", files.len());
}
