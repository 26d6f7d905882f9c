//! Local binary patterns against PyRadiomics.

use radnote::image::filters::{Lbp2d, Lbp3d, Pattern, lbp2d, lbp3d};
use radnote::image::{Mask, Volume, Window};

use super::baseline::{image, lines, numbers, part, same, windows};

#[test]
fn filters_lbp2d_equals_pyradiomics() {
    let cases: Vec<_> = lines("lbp.csv").into_iter().filter(|line| line[0] == "slice").collect();
    assert!(cases.len() > 20);
    for case in cases {
        let method = match case[2].as_str() {
            "default" => Pattern::Default,
            "ror" => Pattern::Ror,
            "uniform" => Pattern::Uniform,
            _ => Pattern::Var,
        };
        let [radius, samples, plane] = [3, 4, 5].map(|k| case[k].parse::<f64>().unwrap());
        let options = Lbp2d { radius, samples: samples as usize, method, plane: plane as usize };
        let image = image(&case[1]);
        for window in windows(&image) {
            let filtered = lbp2d(&image, &window, &options);
            let expected = part(&numbers(&case, 7), &image, &window);
            same(&filtered.voxels, &expected, &format!("{:?} {window:?}", &case[..6]));
            assert_eq!((filtered.geometry, filtered.pixel), (image.geometry.cut(&window), image.pixel));
        }
    }
}

/// m1 and k to the last bit; m2 and on within the rounding of their sums, of which that over the corners is the longest.
#[test]
fn filters_lbp3d_equals_pyradiomics() {
    let lines: Vec<_> = lines("lbp.csv").into_iter().filter(|line| line[0] == "sphere").collect();
    let mut cases: Vec<&[String]> = lines.iter().map(|line| &line[1..5]).collect();
    cases.dedup();
    assert!(cases.len() > 7);
    for case in cases {
        let expected: Vec<&Vec<String>> = lines.iter().filter(|line| line[1..5] == *case).collect();
        let options = Lbp3d {
            levels: case[1].parse().unwrap(),
            radius: case[2].parse().unwrap(),
            subdivision: case[3].parse().unwrap(),
        };
        assert_eq!(options.names(), expected.iter().map(|line| line[6].clone()).collect::<Vec<_>>());
        let image = image(&case[0]);
        for window in windows(&image) {
            compare(&options, &image, &window, &expected);
        }
    }
}

fn compare(options: &Lbp3d, image: &Volume, window: &Window, expected: &[&Vec<String>]) {
    let inside: Vec<bool> = (0..image.voxels.len()).map(|i| i % 3 == 0).collect();
    let roi = Mask { geometry: image.geometry, inside };
    let mut places = Vec::new();
    let check = |place: usize, filtered: Volume| {
        places.push(place);
        let what = format!("{:?} {window:?}", &expected[place][..7]);
        let mut values = numbers(expected[place], 7).into_iter();
        let whole: Vec<f64> = roi.inside.iter().map(|i| if *i { values.next().unwrap() } else { 0.0 }).collect();
        let whole = part(&whole, image, window);
        if place == 0 || place == options.levels {
            same(&filtered.voxels, &whole, &what);
        }
        let largest = numbers(expected[place], 7).into_iter().fold(0.0, |most: f64, x| x.abs().max(most));
        for (a, b) in filtered.voxels.iter().zip(&whole).filter(|(_, b)| !b.is_nan()) {
            assert!((a - b).abs() <= 1e-14 * largest, "{what}: {a}, PyRadiomics has {b}");
        }
        Ok(())
    };
    lbp3d(image, &roi, window, options, check).unwrap();
    assert_eq!(places, (0..=options.levels).collect::<Vec<_>>());
}

#[test]
fn filters_lbp3d_of_no_voxels_is_0_everywhere() {
    let image = image("single");
    let roi = Mask { geometry: image.geometry, inside: vec![false; image.voxels.len()] };
    let options = Lbp3d { levels: 2, radius: 1.0, subdivision: 1 };
    let window = Window::whole(&image.geometry);
    let mut images = 0;
    let check = |_, filtered: Volume| {
        images += 1;
        assert!(filtered.voxels.iter().all(|x| *x == 0.0));
        Ok(())
    };
    lbp3d(&image, &roi, &window, &options, check).unwrap();
    assert_eq!(images, 3);
}
