//! A region of interest: which voxels of a scan belong to the tumour.

use super::Geometry;

/// One flag a voxel, in the order of [`super::Volume::voxels`].
#[derive(Clone, Debug, PartialEq)]
pub struct Mask {
    pub geometry: Geometry,
    pub inside: Vec<bool>,
}

impl Mask {
    /// Number of voxels inside.
    pub fn count(&self) -> usize {
        self.inside.iter().filter(|v| **v).count()
    }

    /// First and last index inside along each axis, inclusive; none when the region is empty.
    pub fn bounds(&self) -> Option<([usize; 3], [usize; 3])> {
        let [nx, ny, _] = self.geometry.size;
        let mut low = [usize::MAX; 3];
        let mut high = [0; 3];
        for (i, _) in self.inside.iter().enumerate().filter(|(_, v)| **v) {
            for (axis, c) in [i % nx, i / nx % ny, i / (nx * ny)].into_iter().enumerate() {
                low[axis] = low[axis].min(c);
                high[axis] = high[axis].max(c);
            }
        }
        (low[0] != usize::MAX).then_some((low, high))
    }
}
