//! How far replicates of a mask are from it.

use crate::page::{Axis, Mark, Plot, Series};

/// One dot a replicate: its volume as a share of the mask's, and its Dice coefficient with the mask.
pub fn replicates(dots: Vec<(f64, f64)>) -> Plot {
    let x = Axis::around("volume / the mask's", dots.iter().map(|d| d.0)).padded(0.05);
    let y = Axis::around("Dice", dots.iter().map(|d| d.1)).padded(0.05);
    Plot::new("Replicates", x, y).series(Series::new("replicate", Mark::Dots, dots))
}
