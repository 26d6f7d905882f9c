//! ITK's filters: bit for bit what SimpleITK gives, whole and by windows.

use std::fs;
use std::path::Path;

use radnote::error::Error;
use radnote::image::filters::{gradient, log_sigma};
use radnote::image::{Geometry, Pixel, Volume, Window, nifti, normalize};
use serde_json::Value;

/// The images of a baseline of `tests/baseline/itk`, which `make.py` there made.
pub fn cases(name: &str) -> Vec<Value> {
    let text = fs::read_to_string(format!("tests/baseline/itk/{name}.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

pub fn phantom(name: &Value) -> Volume {
    let path = format!("tests/baseline/{}.nii.gz", name.as_str().unwrap());
    nifti::read(Path::new(&path)).unwrap().volume
}

/// Fails unless size, spacing, origin, type and the voxels that a case holds are those of the volume, to the last bit.
pub fn same(case: &Value, volume: &Volume, what: &str) {
    let numbers = |key: &str| case[key].as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect::<Vec<_>>();
    assert_eq!(volume.geometry.size.map(|n| n as f64).to_vec(), numbers("size"), "size of {what}");
    assert_eq!(volume.geometry.spacing.to_vec(), numbers("spacing"), "spacing of {what}");
    assert_eq!(volume.geometry.origin.to_vec(), numbers("origin"), "origin of {what}");
    let pixel = match volume.pixel {
        Pixel::Float32 => "32-bit float".to_string(),
        Pixel::Float64 => "64-bit float".to_string(),
        Pixel::Integer { bits, signed } => format!("{bits}-bit {} integer", if signed { "signed" } else { "unsigned" }),
    };
    assert_eq!(case["pixel"], pixel.as_str(), "type of {what}");
    let every = case["every"].as_u64().unwrap() as usize;
    let ours: Vec<f64> = volume.voxels.iter().copied().step_by(every).collect();
    let theirs = numbers("voxels");
    assert_eq!(ours.len(), theirs.len(), "voxels of {what}");
    let wrong: Vec<String> = (0..ours.len())
        .filter(|k| ours[*k].to_bits() != theirs[*k].to_bits() && (ours[*k] != 0.0 || theirs[*k] != 0.0))
        .map(|k| format!("voxel {}: {:e}, not {:e}", k * every, ours[k], theirs[k]))
        .collect();
    assert!(wrong.is_empty(), "{} of {} voxels of {what}: {}", wrong.len(), ours.len(), wrong[0]);
}

/// A filter by a case of the baseline.
fn filtered(case: &Value, image: &Volume, window: &Window) -> Volume {
    let number = |key: &str| case[key].as_f64();
    match case["filter"].as_str().unwrap() {
        "log" => log_sigma(image, window, number("sigma").unwrap()).unwrap(),
        "gradient" => gradient(image, window, case["per_mm"].as_bool().unwrap()),
        "normalize" => normalize(image, number("scale").unwrap(), number("outliers")).unwrap().cut(window),
        other => panic!("no filter {other}"),
    }
}

#[test]
fn filters_are_those_of_itk() {
    let cases = cases("filters");
    assert_eq!(cases.len(), 21);
    for case in cases {
        let image = phantom(&case["image"]);
        let what = format!("{} of {}", case["filter"], case["image"]);
        same(&case, &filtered(&case, &image, &Window::whole(&image.geometry)), &what);
    }
}

#[test]
fn a_window_has_the_voxels_of_the_whole() {
    for case in cases("filters") {
        let image = phantom(&case["image"]);
        let whole = filtered(&case, &image, &Window::whole(&image.geometry));
        for (low, size) in
            [([0, 0, 0], [1, 1, 1]), ([2, 3, 1], [4, 2, 3]), ([3, 0, 2], [5, 9, 1]), ([8, 8, 4], [1, 1, 1])]
        {
            let window = Window { low, size };
            assert_eq!(filtered(&case, &image, &window), whole.cut(&window), "{}", case["filter"]);
        }
    }
}

#[test]
fn a_scan_too_small_for_a_gaussian_is_an_error_that_says_so() {
    let volume = |size: [usize; 3], spacing: [f64; 3]| {
        let geometry = Geometry::new(size, spacing);
        Volume { geometry, voxels: (0..geometry.voxels()).map(|i| i as f64).collect(), pixel: Pixel::Float32 }
    };
    let log = |image: &Volume, sigma: f64| log_sigma(image, &Window::whole(&image.geometry), sigma);
    let why = log(&volume([9, 3, 9], [1.0; 3]), 1.0).unwrap_err().to_string();
    assert!(why.contains("has 3 voxels along y, and it takes 4"), "{why}");
    let why = log(&volume([9, 9, 5], [1.0; 3]), 4.5).unwrap_err().to_string();
    assert!(why.contains("has 5 voxels along z, and it takes 6"), "{why}");
    assert!(log(&volume([9, 9, 5], [1.0; 3]), 4.0).is_ok());
    assert!(matches!(log(&volume([9, 9, 9], [1.0; 3]), 0.0), Err(Error::BadValue { .. })));
    assert!(matches!(log(&volume([9, 9, 9], [1.0; 3]), f64::NAN), Err(Error::BadValue { .. })));
}

#[test]
fn a_scan_of_one_value_has_no_normal_form() {
    let geometry = Geometry::new([3, 3, 3], [1.0; 3]);
    let flat = Volume { geometry, voxels: vec![7.0; 27], pixel: Pixel::Float32 };
    assert!(matches!(normalize(&flat, 1.0, None), Err(Error::Undefined { .. })));
}
