//! What a region must be, and what does not change a feature.

use std::path::Path;

use radnote::error::Error;
use radnote::features::{self, Reason, Settings, Value};
use radnote::image::{Geometry, Mask, Pixel, Volume};
use radnote::task::Task;

/// A grid of intensities that no symmetry of the grid keeps, and the voxels chosen of it.
fn scan(size: [usize; 3], chosen: impl Fn([usize; 3]) -> bool) -> (Volume, Mask) {
    let geometry = Geometry::new(size, [0.7, 0.9, 2.5]);
    let places = (0..geometry.voxels()).map(|i| [i % size[0], i / size[0] % size[1], i / (size[0] * size[1])]);
    let voxels = places.clone().map(|[x, y, z]| ((x * 37 + y * 101 + z * z * 53 + x * y * 7) % 211) as f64).collect();
    let inside = places.map(chosen).collect();
    (Volume { geometry, voxels, pixel: Pixel::Integer { bits: 16, signed: true } }, Mask { geometry, inside })
}

fn ellipsoid([x, y, z]: [usize; 3]) -> bool {
    let d = |c: usize, m: f64, r: f64| ((c as f64 - m) / r).powi(2);
    d(x, 6.0, 4.2) + d(y, 5.0, 3.6) + d(z, 3.0, 2.4) < 1.0
}

fn settings(text: &str) -> Settings {
    Settings::parse(text, Path::new("test")).unwrap()
}

fn original() -> Settings {
    Settings::preset("original-107").unwrap()
}

fn refusal(size: [usize; 3], chosen: impl Fn([usize; 3]) -> bool, settings: &Settings) -> String {
    let (image, mask) = scan(size, chosen);
    features::extract(&image, &mask, settings, &Task::default()).unwrap_err().to_string()
}

#[test]
fn a_region_that_has_no_features_is_refused_with_its_reason() {
    let size = [12, 10, 7];
    let says = |chosen: fn([usize; 3]) -> bool, text: &str| refusal(size, chosen, &settings(text));
    let usual = "setting:\n  label: 1\n";
    assert_eq!(says(|_| false, usual), "the region of interest is empty");
    assert_eq!(says(|p| p == [3, 3, 3], usual), "the region of interest has a single voxel");
    assert_eq!(
        says(|[_, y, z]| y == 2 && z == 1, usual),
        "the region of interest spans 1 of the 2 dimensions that minimumROIDimensions asks for"
    );
    assert_eq!(
        says(|[_, _, z]| z == 1, "setting:\n  minimumROIDimensions: 3\n"),
        "the region of interest spans 2 of the 3 dimensions that minimumROIDimensions asks for"
    );
    assert_eq!(
        says(|[x, y, z]| x < 2 && y < 2 && z < 2, "setting:\n  minimumROISize: 8\n"),
        "the region of interest has 8 voxels; minimumROISize asks for more than 8"
    );
    assert_eq!(
        says(ellipsoid, "setting:\n  resegmentRange: [400, 500]\n"),
        "the region of interest has at most one voxel within resegmentRange"
    );
}

#[test]
fn bins_far_too_narrow_leave_every_feature_of_the_image_without_value() {
    let (image, mask) = scan([12, 10, 7], ellipsoid);
    for width in ["0.001", "1e-300"] {
        let narrow = settings(&format!("featureClass:\n  shape:\n  glcm:\nsetting:\n  binWidth: {width}\n"));
        let extracted = features::extract(&image, &mask, &narrow, &Task::default()).unwrap();
        let names = features::names(&narrow);
        for (name, value) in names.iter().zip(&extracted.values) {
            let texture = name.contains("glcm");
            assert_eq!(*value == Value::Undefined(Reason::TooManyLevels), texture, "{name}");
        }
        assert_eq!(extracted.levels, [0]);
    }
}

#[test]
fn a_voxel_that_is_no_number_is_refused_inside_and_ignored_outside() {
    let (mut image, mask) = scan([12, 10, 7], ellipsoid);
    let want = features::extract(&image, &mask, &original(), &Task::default()).unwrap().values;
    image.voxels[0] = f64::NAN;
    assert_eq!(features::extract(&image, &mask, &original(), &Task::default()).unwrap().values, want);
    let inside = mask.inside.iter().position(|v| *v).unwrap();
    image.voxels[inside] = f64::INFINITY;
    let why = features::extract(&image, &mask, &original(), &Task::default()).unwrap_err();
    assert_eq!(why, Error::BadRoi { why: "holds 1 voxel that is no finite number of a scan".into() });
}

#[test]
fn image_and_mask_of_two_sizes_are_refused() {
    let (image, _) = scan([12, 10, 7], ellipsoid);
    let (_, mask) = scan([12, 10, 8], ellipsoid);
    let why = features::extract(&image, &mask, &original(), &Task::default()).unwrap_err();
    assert_eq!(why.to_string(), "image and mask differ in size: image 12 x 10 x 7 voxels; mask 12 x 10 x 8 voxels");
}

#[test]
fn voxels_without_neighbours_have_no_texture_and_keep_their_places() {
    let (image, mask) = scan([9, 9, 9], |[x, y, z]| x % 3 == 0 && y % 3 == 0 && z % 3 == 0);
    let values = features::extract(&image, &mask, &original(), &Task::default()).unwrap().values;
    let names = features::names(&original());
    assert_eq!(values.len(), 107);
    for (name, value) in names.iter().zip(&values) {
        let texture = name.starts_with("original_glcm");
        assert_eq!(*value == Value::Undefined(Reason::NoNeighbours), texture, "{name}");
    }
}

#[test]
fn a_distance_beyond_the_region_reaches_as_far_as_the_region() {
    let (image, mask) = scan([12, 10, 7], ellipsoid);
    let far = settings("featureClass:\n  gldm:\nsetting:\n  distances: [1, 2, 3, 4, 5, 6, 7, 8, 9, 1000000]\n");
    let whole = settings("featureClass:\n  gldm:\nsetting:\n  distances: [1, 2, 3, 4, 5, 6, 7, 8, 9]\n");
    let extract = |settings: &Settings| features::extract(&image, &mask, settings, &Task::default()).unwrap().values;
    assert_eq!(extract(&far), extract(&whole));
    let beyond = settings("featureClass:\n  glcm:\n  gldm:\n  ngtdm:\nsetting:\n  distances: [50]\n");
    assert!(extract(&beyond).iter().all(|value| *value == Value::Undefined(Reason::NoNeighbours)));
}

#[test]
fn what_surrounds_the_region_changes_nothing() {
    let (image, mask) = scan([12, 10, 7], ellipsoid);
    let want = features::extract(&image, &mask, &original(), &Task::default()).unwrap().values;
    let moved = |[x, y, z]: [usize; 3]| (x >= 5 && y >= 2 && z >= 4).then(|| [x - 5, y - 2, z - 4]);
    let geometry = Geometry { size: [20, 15, 13], ..image.geometry };
    let places = (0..geometry.voxels()).map(|i| [i % 20, i / 20 % 15, i / 300]);
    let old = |p| moved(p).filter(|[x, y, z]| *x < 12 && *y < 10 && *z < 7).map(|[x, y, z]| image.geometry.at(x, y, z));
    let voxels = places.clone().map(|p| old(p).map_or(-7e5, |i| image.voxels[i])).collect();
    let inside = places.map(|p| old(p).is_some_and(|i| mask.inside[i])).collect();
    let image = Volume { geometry, voxels, pixel: Pixel::Integer { bits: 16, signed: true } };
    assert_eq!(
        features::extract(&image, &Mask { geometry, inside }, &original(), &Task::default()).unwrap().values,
        want
    );
}

#[test]
fn a_mirror_image_has_the_same_features() {
    let (image, mask) = scan([12, 10, 7], ellipsoid);
    let want = features::extract(&image, &mask, &original(), &Task::default()).unwrap().values;
    for axis in 0..3 {
        let size = image.geometry.size;
        let mirrored = |i: usize| {
            let mut p = [i % size[0], i / size[0] % size[1], i / (size[0] * size[1])];
            p[axis] = size[axis] - 1 - p[axis];
            image.geometry.at(p[0], p[1], p[2])
        };
        let all = || (0..image.voxels.len()).map(mirrored);
        let turned = Volume { voxels: all().map(|i| image.voxels[i]).collect(), ..image.clone() };
        let inside = Mask { inside: all().map(|i| mask.inside[i]).collect(), ..mask.clone() };
        let values = features::extract(&turned, &inside, &original(), &Task::default()).unwrap().values;
        for ((name, got), want) in features::names(&original()).iter().zip(values).zip(&want) {
            let (got, want) = (got.number().unwrap(), want.number().unwrap());
            assert!((got - want).abs() <= 1e-11 * want.abs(), "{name} along axis {axis}: {got}, not {want}");
        }
    }
}

/// A flat region lying across x, y or z has the same shape in its plane, and one that is not flat has none.
#[test]
fn shape_in_a_plane_does_not_depend_on_which_plane_it_is() {
    let flat = |across: usize| {
        let mut size = [11, 12, 1];
        size.swap(2, across);
        let spacing = {
            let mut s = [0.7, 1.3, 2.0];
            s.swap(2, across);
            s
        };
        let geometry = Geometry::new(size, spacing);
        let places = (0..geometry.voxels()).map(|i| [i % size[0], i / size[0] % size[1], i / (size[0] * size[1])]);
        let inside = places
            .map(|mut p| {
                p.swap(2, across);
                ellipsoid([p[0], p[1], 3])
            })
            .collect();
        let image = Volume { geometry, voxels: vec![1.0; geometry.voxels()], pixel: Pixel::Float32 };
        let text =
            format!("featureClass:\n  shape2D:\nsetting:\n  force2D: true\n  force2Ddimension: {}\n", 2 - across);
        features::extract(&image, &Mask { geometry, inside }, &settings(&text), &Task::default()).unwrap().values
    };
    let want: Vec<f64> = flat(2).iter().map(|v| v.number().unwrap()).collect();
    for across in [0, 1] {
        for (got, want) in flat(across).iter().zip(&want) {
            assert!((got.number().unwrap() - want).abs() < 1e-12 * want, "across {across}: {got:?}, not {want}");
        }
    }
    let (image, mask) = scan([12, 10, 7], ellipsoid);
    let thick = settings("featureClass:\n  shape2D:\nsetting:\n  force2D: true\n");
    let values = features::extract(&image, &mask, &thick, &Task::default()).unwrap().values;
    assert_eq!(values, vec![Value::Undefined(Reason::NotFlat); 9]);
}
