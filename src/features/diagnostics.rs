//! What PyRadiomics says of scan and region beside the features: its `diagnostics_*` columns.

use super::prepare::prepare;
use super::settings::Settings;
use crate::error::Result;
use crate::image::{Mask, Volume};

/// Names and values, written as Python writes them: a tuple is `(1.0, 2.0)`. Intensities are of the whole scan, a bounding
/// box is its first voxel and its size, volumes are counted as connected by faces, edges or corners.
///
/// Errors are those of [`super::extract`].
pub fn diagnostics(image: &Volume, roi: &Mask, settings: &Settings) -> Result<Vec<(String, String)>> {
    let mut all = vec![("Image-original_Dimensionality".to_string(), "3D".to_string())];
    all.extend(of_image("original", image));
    all.extend(of_mask("original", roi, None));
    if settings.resample.is_some() {
        let prepared = prepare(image, roi, settings)?;
        all.extend(of_image("interpolated", &prepared.image));
        all.extend(of_mask("interpolated", &prepared.roi, Some(&prepared.image)));
    }
    Ok(all)
}

/// Names of what [`diagnostics`] gives under these settings.
pub fn diagnostic_names(settings: &Settings) -> Vec<String> {
    let image = ["Spacing", "Size", "Mean", "Minimum", "Maximum"];
    let mask = ["Spacing", "Size", "BoundingBox", "VoxelNum", "VolumeNum", "CenterOfMassIndex", "CenterOfMass"];
    let of = |what: &str, step: &str, names: &[&str]| {
        names.iter().map(|name| format!("{what}-{step}_{name}")).collect::<Vec<_>>()
    };
    let mut names = vec!["Image-original_Dimensionality".to_string()];
    names.extend(of("Image", "original", &image));
    names.extend(of("Mask", "original", &mask));
    if settings.resample.is_some() {
        names.extend(of("Image", "interpolated", &image));
        names.extend(of("Mask", "interpolated", &mask));
        names.extend(of("Mask", "interpolated", &image[2..]));
    }
    names
}

fn of_image(step: &str, image: &Volume) -> Vec<(String, String)> {
    let name = |what: &str| format!("Image-{step}_{what}");
    let mut all = vec![(name("Spacing"), reals(image.geometry.spacing)), (name("Size"), wholes(&image.geometry.size))];
    all.extend(range(image.voxels.iter()).map(|(what, value)| (name(what), value)));
    all
}

fn of_mask(step: &str, roi: &Mask, image: Option<&Volume>) -> Vec<(String, String)> {
    let name = |what: &str| format!("Mask-{step}_{what}");
    let (low, high) = roi.bounds().unwrap_or_default();
    let size = [0, 1, 2].map(|k| high[k] + 1 - low[k]);
    let centre = centre(roi);
    let mut all = vec![
        (name("Spacing"), reals(roi.geometry.spacing)),
        (name("Size"), wholes(&roi.geometry.size)),
        (name("BoundingBox"), wholes(&[low, size].concat())),
        (name("VoxelNum"), roi.count().to_string()),
        (name("VolumeNum"), volumes(roi).to_string()),
        (name("CenterOfMassIndex"), reals(centre)),
        (name("CenterOfMass"), reals(roi.geometry.position(centre))),
    ];
    if let Some(image) = image {
        let inside = image.voxels.iter().zip(&roi.inside).filter(|(_, inside)| **inside).map(|(v, _)| v);
        all.extend(range(inside).map(|(what, value)| (name(what), value)));
    }
    all
}

fn range<'a>(values: impl Iterator<Item = &'a f64>) -> [(&'static str, String); 3] {
    let start = (0usize, 0.0, f64::INFINITY, f64::NEG_INFINITY);
    let (n, sum, low, high) = values.fold(start, |(n, s, a, b), v| (n + 1, s + v, v.min(a), v.max(b)));
    let text = |v: f64| format!("{v:?}");
    [("Mean", text(sum / n as f64)), ("Minimum", text(low)), ("Maximum", text(high))]
}

fn centre(roi: &Mask) -> [f64; 3] {
    let [nx, ny, _] = roi.geometry.size;
    let mut sum = [0usize; 3];
    for (i, _) in roi.inside.iter().enumerate().filter(|(_, inside)| **inside) {
        [i % nx, i / nx % ny, i / (nx * ny)].iter().zip(&mut sum).for_each(|(c, s)| *s += c);
    }
    sum.map(|s| s as f64 / roi.count() as f64)
}

/// Parts of a region that touch by no face, edge or corner.
fn volumes(roi: &Mask) -> usize {
    let size = roi.geometry.size;
    let mut left = roi.inside.clone();
    let mut count = 0;
    let mut open = Vec::new();
    for start in 0..left.len() {
        if !left[start] {
            continue;
        }
        count += 1;
        left[start] = false;
        open.push(start);
        while let Some(i) = open.pop() {
            let at = [i % size[0], i / size[0] % size[1], i / (size[0] * size[1])];
            let near = [0, 1, 2].map(|k| at[k].saturating_sub(1)..=(at[k] + 1).min(size[k] - 1));
            for z in near[2].clone() {
                for y in near[1].clone() {
                    for j in near[0].clone().map(|x| roi.geometry.at(x, y, z)) {
                        if std::mem::take(&mut left[j]) {
                            open.push(j);
                        }
                    }
                }
            }
        }
    }
    count
}

fn reals(values: [f64; 3]) -> String {
    format!("({})", values.map(|v| format!("{v:?}")).join(", "))
}

fn wholes(values: &[usize]) -> String {
    format!("({})", values.iter().map(usize::to_string).collect::<Vec<_>>().join(", "))
}
