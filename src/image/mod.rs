//! Voxels: volumes, masks and how they are read from and written to NIfTI.

pub mod filters;
pub mod nifti;
pub mod resample;

mod fit;
mod intensity;
mod lines;
mod mask;
mod placement;
mod volume;

pub use fit::{correct_mask, finite_inside, repair, same_grid, same_grid_within};
pub use intensity::normalize;
pub use mask::Mask;
pub use volume::{Geometry, Pixel, Volume, Window};
