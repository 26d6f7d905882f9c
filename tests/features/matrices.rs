//! Texture matrices against the plainest way to form them, on small random regions.

use std::collections::BTreeMap;
use std::path::Path;

use radnote::features::{self, Settings};
use radnote::image::{Geometry, Mask, Pixel, Volume};
use radnote::task::Task;

/// Grey values of a small region, 0 outside; x runs fastest.
struct Small {
    size: [usize; 3],
    grey: Vec<i64>,
}

type Place = [i64; 3];

/// How often a pair of numbers occurs.
type Matrix = BTreeMap<(i64, i64), f64>;

impl Small {
    /// Grey values 1 to 5 without 4; about a third of the voxels outside.
    fn random(seed: u64) -> Self {
        let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        let mut draw = |n: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % n
        };
        let size = [3 + draw(4) as usize, 2 + draw(5) as usize, 1 + draw(5) as usize];
        let mut grey: Vec<i64> =
            (0..size.iter().product()).map(|_| [0, 0, 0, 1, 1, 2, 2, 3, 5][draw(9) as usize]).collect();
        // Corners inside, so that the bounding box is the grid and the lowest value is 1.
        let last = grey.len() - 1;
        (grey[0], grey[last]) = (1, 2);
        Self { size, grey }
    }

    fn at(&self, place: Place) -> i64 {
        let inside = (0..3).all(|k| (0..self.size[k] as i64).contains(&place[k]));
        let [x, y, z] = place.map(|c| c as usize);
        if inside { self.grey[x + self.size[0] * (y + self.size[1] * z)] } else { 0 }
    }

    fn places(&self) -> impl Iterator<Item = Place> {
        let [nx, ny, nz] = self.size.map(|n| n as i64);
        let all = move |z| (0..ny).flat_map(move |y| (0..nx).map(move |x| [x, y, z]));
        (0..nz).flat_map(all)
    }

    fn features(&self, setting: &str) -> BTreeMap<String, f64> {
        let text = format!(
            "featureClass:\n  glcm:\n  glrlm:\n  glszm:\n  gldm:\n  ngtdm:\nsetting:\n  binWidth: 1\n{setting}"
        );
        let settings = Settings::parse(&text, Path::new("test")).unwrap();
        let geometry = Geometry::new(self.size, [1.0; 3]);
        let voxels = self.grey.iter().map(|g| *g as f64).collect();
        let image = Volume { geometry, voxels, pixel: Pixel::Integer { bits: 16, signed: true } };
        let mask = Mask { geometry, inside: self.grey.iter().map(|g| *g > 0).collect() };
        let values = features::extract(&image, &mask, &settings, &Task::default()).unwrap().values;
        let short = |name: String| name.trim_start_matches("original_").to_string();
        features::names(&settings).into_iter().map(short).zip(values.iter().filter_map(|v| v.number())).collect()
    }
}

/// Every step of the given length by the infinity norm; one of each opposite pair when `half`.
fn steps(lengths: &[i64], half: bool) -> Vec<Place> {
    let reach = *lengths.iter().max().unwrap();
    let range = || -reach..=reach;
    let all = range().flat_map(|z| range().flat_map(move |y| range().map(move |x| [x, y, z])));
    all.filter(|[x, y, z]| lengths.contains(&x.abs().max(y.abs()).max(z.abs())))
        .filter(|[x, y, z]| !half || (*z, *y, *x) > (0, 0, 0))
        .collect()
}

fn plus(a: Place, b: Place) -> Place {
    [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
}

fn near(found: &BTreeMap<String, f64>, name: &str, want: f64) {
    let got = found[name];
    assert!((got - want).abs() <= 1e-12 * want.abs().max(1e-3), "{name}: {got}, not {want}");
}

/// Sum of a function of both numbers over a matrix, as a share of the matrix's sum.
fn share(matrix: &Matrix, of: impl Fn(f64, f64) -> f64) -> f64 {
    matrix.iter().map(|((i, j), n)| n * of(*i as f64, *j as f64)).sum::<f64>() / matrix.values().sum::<f64>()
}

fn entropy(matrix: &Matrix) -> f64 {
    let total: f64 = matrix.values().sum();
    -matrix.values().map(|n| n / total * (n / total + f64::EPSILON).log2()).sum::<f64>()
}

/// Mean over matrices that are not empty.
fn mean(matrices: &[Matrix], of: impl Fn(&Matrix) -> f64) -> f64 {
    let used: Vec<&Matrix> = matrices.iter().filter(|m| !m.is_empty()).collect();
    used.iter().map(|m| of(m)).sum::<f64>() / used.len() as f64
}

#[test]
fn co_occurrences_are_those_of_a_triple_loop() {
    for seed in 0..40 {
        let small = Small::random(seed);
        let found = small.features("  distances: [1, 2]\n");
        let one = |step: &Place| {
            let mut matrix = Matrix::new();
            for place in small.places() {
                let (a, b) = (small.at(place), small.at(plus(place, *step)));
                if a > 0 && b > 0 {
                    *matrix.entry((a, b)).or_default() += 1.0;
                    *matrix.entry((b, a)).or_default() += 1.0;
                }
            }
            matrix
        };
        let matrices: Vec<Matrix> = steps(&[1, 2], true).iter().map(one).collect();
        near(&found, "glcm_Autocorrelation", mean(&matrices, |m| share(m, |i, j| i * j)));
        near(&found, "glcm_Contrast", mean(&matrices, |m| share(m, |i, j| (i - j) * (i - j))));
        near(&found, "glcm_JointAverage", mean(&matrices, |m| share(m, |i, _| i)));
        near(&found, "glcm_Idn", mean(&matrices, |m| share(m, |i, j| 1.0 / (1.0 + (i - j).abs() / top(&small)))));
        near(&found, "glcm_JointEntropy", mean(&matrices, entropy));
    }
}

fn top(small: &Small) -> f64 {
    *small.grey.iter().max().unwrap() as f64
}

#[test]
fn runs_are_those_of_walking_every_line() {
    for seed in 0..40 {
        let small = Small::random(seed);
        let found = small.features("");
        let one = |step: &Place| {
            let back = step.map(|s| -s);
            let mut matrix = Matrix::new();
            let mut shared_line = false;
            for place in small.places().filter(|p| small.at(*p) > 0) {
                let line = |from: Place, by: Place| (1..9).map(move |k| plus(from, by.map(|s| s * k)));
                shared_line |= line(place, *step).any(|p| small.at(p) > 0);
                if small.at(plus(place, back)) != small.at(place) {
                    let length = 1 + line(place, *step).take_while(|p| small.at(*p) == small.at(place)).count();
                    *matrix.entry((small.at(place), length as i64)).or_default() += 1.0;
                }
            }
            if shared_line { matrix } else { Matrix::new() }
        };
        let fits = |step: &Place| (0..3).all(|k| step[k].unsigned_abs() < small.size[k] as u64);
        let matrices: Vec<Matrix> = steps(&[1], true).iter().filter(|s| fits(s)).map(one).collect();
        near(&found, "glrlm_LongRunEmphasis", mean(&matrices, |m| share(m, |_, j| j * j)));
        near(&found, "glrlm_ShortRunHighGrayLevelEmphasis", mean(&matrices, |m| share(m, |i, j| i * i / (j * j))));
        near(&found, "glrlm_RunPercentage", mean(&matrices, |m| 1.0 / share(m, |_, j| j)));
        near(&found, "glrlm_RunEntropy", mean(&matrices, entropy));
    }
}

#[test]
fn zones_are_those_of_flooding_from_each_voxel() {
    for seed in 0..40 {
        let small = Small::random(seed);
        let found = small.features("");
        let mut seen: Vec<Place> = Vec::new();
        let mut matrix = Matrix::new();
        for place in small.places().filter(|p| small.at(*p) > 0) {
            if seen.contains(&place) {
                continue;
            }
            let mut zone = vec![place];
            let mut done = 0;
            while done < zone.len() {
                for step in steps(&[1], false) {
                    let next = plus(zone[done], step);
                    if small.at(next) == small.at(place) && !zone.contains(&next) {
                        zone.push(next);
                    }
                }
                done += 1;
            }
            *matrix.entry((small.at(place), zone.len() as i64)).or_default() += 1.0;
            seen.extend(zone);
        }
        near(&found, "glszm_LargeAreaEmphasis", share(&matrix, |_, j| j * j));
        near(&found, "glszm_SmallAreaLowGrayLevelEmphasis", share(&matrix, |i, j| 1.0 / (i * i * j * j)));
        near(&found, "glszm_ZonePercentage", 1.0 / share(&matrix, |_, j| j));
        near(&found, "glszm_ZoneEntropy", entropy(&matrix));
    }
}

#[test]
fn neighbours_are_those_of_looking_at_each() {
    for seed in 0..40 {
        let small = Small::random(seed);
        let found = small.features("  distances: [2]\n  gldm_a: 1\n");
        if small.size.iter().all(|n| *n <= 2) {
            continue;
        }
        let (mut dependence, mut tone) = (Matrix::new(), BTreeMap::<i64, (f64, f64)>::new());
        for place in small.places().filter(|p| small.at(*p) > 0) {
            let own = small.at(place);
            let others: Vec<i64> =
                steps(&[2], false).iter().map(|s| small.at(plus(place, *s))).filter(|g| *g > 0).collect();
            let alike = others.iter().filter(|g| (own - **g).abs() <= 1).count() as i64;
            *dependence.entry((own, alike + 1)).or_default() += 1.0;
            let (count, apart) = tone.entry(own).or_default();
            *count += 1.0;
            if !others.is_empty() {
                *apart += (own as f64 - others.iter().sum::<i64>() as f64 / others.len() as f64).abs();
            }
        }
        near(&found, "gldm_LargeDependenceHighGrayLevelEmphasis", share(&dependence, |i, j| i * i * j * j));
        near(&found, "gldm_SmallDependenceLowGrayLevelEmphasis", share(&dependence, |i, j| 1.0 / (i * i * j * j)));
        near(&found, "gldm_DependenceEntropy", entropy(&dependence));
        let n: f64 = tone.values().map(|(count, _)| count).sum();
        let weighted: f64 = tone.values().map(|(count, apart)| count / n * apart).sum();
        near(&found, "ngtdm_Coarseness", if weighted > 0.0 { 1.0 / weighted } else { 1e6 });
        let pairs = tone.iter().flat_map(|a| tone.iter().map(move |b| (a, b)));
        let strength: f64 = pairs.map(|((i, a), (j, b))| (a.0 + b.0) / n * ((i - j) * (i - j)) as f64).sum();
        let apart: f64 = tone.values().map(|(_, apart)| apart).sum();
        near(&found, "ngtdm_Strength", if apart > 0.0 { strength / apart } else { 0.0 });
    }
}
