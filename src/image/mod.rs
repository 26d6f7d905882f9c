//! Voxels: volumes, masks and how they are read from and written to NIfTI.

pub mod filters;
pub mod nifti;

mod fit;
mod mask;
mod stub;
mod volume;
pub use stub::*;

pub use fit::{finite_inside, same_grid, usable};
pub use mask::Mask;
pub use volume::{Geometry, Pixel, Volume, Window};
