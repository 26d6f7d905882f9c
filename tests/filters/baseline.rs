//! Small images and what PyRadiomics makes of them; `tests/baseline/filters/make.py` wrote both.

use std::fs;

use radnote::image::{Geometry, Pixel, Volume, Window};

/// The lines of a file of baselines, cut at the commas.
pub fn lines(name: &str) -> Vec<Vec<String>> {
    let text = fs::read_to_string(format!("tests/baseline/filters/{name}")).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| line.split(',').map(String::from).collect()).collect()
}

/// The numbers from a column on.
pub fn numbers(line: &[String], from: usize) -> Vec<f64> {
    line[from..].iter().map(|cell| cell.parse().unwrap()).collect()
}

/// An image by its name.
pub fn image(name: &str) -> Volume {
    let line = lines("images.csv").into_iter().find(|line| line[0] == name).unwrap();
    let pixel = match line[1].as_str() {
        "int16" => Pixel::Integer { bits: 16, signed: true },
        "float32" => Pixel::Float32,
        _ => Pixel::Float64,
    };
    let size = [2, 3, 4].map(|k| line[k].parse().unwrap());
    Volume { geometry: Geometry::new(size, [1.0; 3]), voxels: numbers(&line, 5), pixel }
}

/// Windows of an image: all of it, and corners and middles of it.
pub fn windows(image: &Volume) -> Vec<Window> {
    let size = image.geometry.size;
    let far = size.map(|n| n - 1);
    vec![
        Window::whole(&image.geometry),
        Window { low: [0; 3], size: size.map(|n| n.div_ceil(2)) },
        Window { low: far, size: [1; 3] },
        Window { low: [1, 2, 0], size: [far[0] - 1, size[1] - 2, 1] },
    ]
}

/// The part of a whole image's voxels that lies in a window.
pub fn part(whole: &[f64], image: &Volume, window: &Window) -> Vec<f64> {
    Volume { voxels: whole.to_vec(), ..image.clone() }.cut(window).voxels
}

/// Fails unless the numbers are the same to the last bit; all NaN count as one.
pub fn same(got: &[f64], expected: &[f64], what: &str) {
    assert_eq!(got.len(), expected.len(), "{what}");
    for (i, (a, b)) in got.iter().zip(expected).enumerate() {
        assert!(a == b || (a.is_nan() && b.is_nan()), "{what}: number {i} is {a}, PyRadiomics has {b}");
    }
}
