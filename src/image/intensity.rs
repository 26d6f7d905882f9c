//! Intensities brought to one scale before anything is computed of them.

use super::{Pixel, Volume};
use crate::error::{Error, Result};

/// (x - mean) / sd over **all** voxels of the scan, then cut off at so many standard deviations, then times `scale`: what
/// PyRadiomics makes of `normalize`, `removeOutliers` and `normalizeScale`. The sd has n - 1 below; the result is of 64-bit
/// floats whatever the scan is of.
///
/// Sums are compensated (Kahan), voxel by voxel. ITK sums a region a thread, and adds up the regions in the order in which
/// their threads finish; this is its result for one thread, and no number of threads gave another on the scans tried.
///
/// [`Error::Undefined`] when all voxels have one value: PyRadiomics divides by 0.
pub fn normalize(image: &Volume, scale: f64, remove_outliers: Option<f64>) -> Result<Volume> {
    let n = image.voxels.len() as f64;
    let sum = compensated(image.voxels.iter().copied());
    let squares = compensated(image.voxels.iter().map(|x| x * x));
    let mean = sum / n;
    let sd = ((squares - sum * sum / n) / (n - 1.0)).sqrt();
    if !(sd.is_finite() && sd > 0.0) {
        let why = "its voxels do not differ from each other".into();
        return Err(Error::Undefined { what: "the normalisation of the scan".into(), why });
    }
    let per_sd = 1.0 / sd;
    let mut normalized = image.clone();
    normalized.pixel = Pixel::Float64;
    for x in &mut normalized.voxels {
        let mut z = (*x - mean) * per_sd;
        if let Some(limit) = remove_outliers {
            z = z.min(limit).max(-limit);
        }
        *x = z * scale;
    }
    Ok(normalized)
}

fn compensated(values: impl Iterator<Item = f64>) -> f64 {
    let (mut sum, mut lost) = (0.0, 0.0);
    for x in values {
        let x = x - lost;
        let more = sum + x;
        lost = (more - sum) - x;
        sum = more;
    }
    // Regions are added to an empty sum, what was lost first: so it is for a single one.
    sum + lost
}
