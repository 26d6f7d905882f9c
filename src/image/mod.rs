//! Voxels: volumes, masks and how they are read from and written to NIfTI.

pub mod filters;
pub mod nifti;

mod fit;
mod intensity;
mod lines;
mod mask;
mod perturb;
mod placement;
mod resample;
mod volume;

pub use fit::{correct_mask, finite_inside, repair, same_grid, usable};
pub use intensity::normalize;
pub use mask::Mask;
pub use perturb::{Extent, Movement, dice, perturb};
pub use resample::{Interpolator, Resample, Taper, crop, resample};
pub use volume::{Geometry, Pixel, Volume, Window};
