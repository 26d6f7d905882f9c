//! Voxels: volumes, masks and how they are read from and written to NIfTI.

pub mod filters;
pub mod nifti;

mod fit;
mod lines;
mod mask;
mod volume;

pub use fit::{finite_inside, same_grid};
pub use mask::Mask;
pub use volume::{Geometry, Pixel, Volume, Window};
