//! Resampling and repairs of grids against PyRadiomics and SimpleITK.

use std::path::Path;

use radnote::error::Error;
use radnote::image::{
    Geometry, Interpolator, Mask, Pixel, Resample, Taper, Volume, correct_mask, crop, nifti, repair, resample,
    same_grid,
};
use serde_json::Value;

use crate::filters::itk::{cases, phantom, same};

fn region(name: &Value) -> Mask {
    let path = format!("tests/baseline/{}.nii.gz", name.as_str().unwrap());
    nifti::read_mask(Path::new(&path), 1, 0).unwrap().mask
}

/// A mask as the lengths of its runs, outside first.
fn runs(mask: &Mask) -> Vec<u64> {
    let mut runs = Vec::new();
    let mut inside = false;
    let mut length = 0;
    for voxel in &mask.inside {
        if *voxel != inside {
            runs.push(length);
            (inside, length) = (*voxel, 0);
        }
        length += 1;
    }
    runs.push(length);
    runs
}

fn expected_runs(case: &Value) -> Vec<u64> {
    case["runs"].as_array().unwrap().iter().map(|n| n.as_u64().unwrap()).collect()
}

#[test]
fn scans_and_regions_are_resampled_as_pyradiomics_does() {
    let cases = cases("resampled");
    assert_eq!(cases.len(), 37);
    for case in cases {
        let spacing = [0, 1, 2].map(|k| case["to"][k].as_f64().unwrap());
        let interpolator = Interpolator::parse(case["interpolator"].as_str().unwrap()).unwrap();
        let pad_distance = case["pad"].as_u64().unwrap() as usize;
        let what = format!("{} to {spacing:?} by {}, mask {}", case["image"], case["interpolator"], case["mask"]);
        let options = Resample { spacing, interpolator, pad_distance };
        let (image, mask) = resample(&phantom(&case["image"]), &region(&case["mask"]), &options).unwrap();
        same(&case, &image, &what);
        assert_eq!(mask.geometry, image.geometry, "{what}");
        assert_eq!(runs(&mask), expected_runs(&case), "mask of {what}");
    }
}

#[test]
fn a_mask_on_another_grid_is_brought_to_the_image() {
    for case in cases("corrected") {
        let image = phantom(&case["image"]).geometry;
        let mask = region(&case["mask"]);
        assert!(matches!(same_grid(&image, &mask.geometry, 1e-6), Err(Error::Mismatch { .. })));
        let corrected = correct_mask(&image, &mask).unwrap();
        assert_eq!(runs(&corrected), expected_runs(&case), "{}", case["mask"]);
        assert!(same_grid(&image, &corrected.geometry, 1e-6).is_ok());
    }
}

fn ball() -> (Volume, Mask) {
    let geometry = Geometry::new([9, 8, 7], [1.0, 1.0, 2.0]);
    let voxels = (0..geometry.voxels()).map(|i| (i % 13) as f64).collect();
    let mut inside = vec![false; geometry.voxels()];
    for (x, y, z) in [(2, 3, 1), (4, 5, 3), (3, 3, 2)] {
        inside[geometry.at(x, y, z)] = true;
    }
    (Volume { geometry, voxels, pixel: Pixel::Integer { bits: 16, signed: true } }, Mask { geometry, inside })
}

#[test]
fn what_repairs_a_mismatch_is_said() {
    let (image, mut mask) = ball();
    mask.geometry.origin[0] += 3e-5;
    assert!(same_grid(&image.geometry, &mask.geometry, 1e-6).is_err());
    assert!(same_grid(&image.geometry, &mask.geometry, 1e-4).is_ok());
    assert!(repair(&image.geometry, &mask).contains("`geometryTolerance: 0.0001`"));
    mask.geometry.origin[0] += 0.4;
    assert!(repair(&image.geometry, &mask).contains("`correctMask: true`"));
    mask.geometry.origin[0] += 50.0;
    assert!(repair(&image.geometry, &mask).contains("the same series"));
}

#[test]
fn a_region_that_leaves_the_image_is_refused_with_both_boxes() {
    let (image, mut mask) = ball();
    // A thousandth of a voxel is let pass.
    mask.geometry.origin[0] = -2.0009;
    assert!(correct_mask(&image.geometry, &mask).is_ok());
    mask.geometry.origin[0] = -2.0011;
    let why = correct_mask(&image.geometry, &mask).unwrap_err().to_string();
    assert!(why.contains("from (-0.501, 2.500, 0.500)") && why.contains("9 x 8 x 7"), "{why}");
    let options = Resample { spacing: [0.5; 3], interpolator: Interpolator::Linear, pad_distance: 5 };
    assert!(matches!(resample(&image, &mask, &options), Err(Error::BadRoi { .. })));
    mask.inside.fill(false);
    assert!(matches!(resample(&image, &mask, &options), Err(Error::BadRoi { .. })));
}

#[test]
fn a_spacing_below_zero_is_refused() {
    let (image, mask) = ball();
    let options = Resample { spacing: [1.0, -1.0, 1.0], interpolator: Interpolator::Linear, pad_distance: 5 };
    assert!(matches!(resample(&image, &mask, &options), Err(Error::BadValue { .. })));
}

#[test]
fn a_crop_keeps_the_pad_as_far_as_the_scan_goes() {
    let (image, mask) = ball();
    let (cropped, region) = crop(&image, &mask, 0).unwrap();
    assert_eq!(cropped.geometry.size, [3, 3, 3]);
    assert_eq!(cropped.geometry.origin, [2.0, 3.0, 2.0]);
    assert_eq!(region.geometry, cropped.geometry);
    assert_eq!(region.count(), 3);
    assert_eq!(cropped.voxels[0], image.voxels[image.geometry.at(2, 3, 1)]);
    assert_eq!(crop(&image, &mask, 2).unwrap().0.geometry.size, [7, 7, 6]);
    assert_eq!(crop(&image, &mask, 99).unwrap(), (image, mask));
}

#[test]
fn interpolators_go_by_name_and_number() {
    for (k, (name, interpolator)) in Interpolator::ALL.into_iter().enumerate() {
        assert_eq!(Interpolator::parse(name).unwrap(), interpolator);
        assert_eq!(Interpolator::from_number(k as i64 + 1).unwrap(), interpolator);
        assert_eq!(interpolator.name(), name);
    }
    assert_eq!(Interpolator::from_number(9).unwrap(), Interpolator::WindowedSinc(Taper::Lanczos));
    assert!(matches!(Interpolator::from_number(0), Err(Error::BadValue { .. })));
    assert!(matches!(Interpolator::from_number(11), Err(Error::BadValue { .. })));
    assert!(matches!(Interpolator::from_number(i64::MIN), Err(Error::BadValue { .. })));
    match Interpolator::parse("sitkBspline") {
        Err(Error::NoSuch { nearest, .. }) => assert_eq!(nearest.as_deref(), Some("sitkBSpline")),
        other => panic!("{other:?}"),
    }
}
