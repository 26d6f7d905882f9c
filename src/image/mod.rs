//! Voxels: volumes, masks and how they are read from and written to NIfTI.

mod mask;
mod volume;

pub use mask::Mask;
pub use volume::{Geometry, Pixel, Volume};
