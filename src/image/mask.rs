//! A region of interest: which voxels of a scan belong to the tumour.

use super::{Geometry, Window};

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
        for (row, inside) in self.inside.chunks_exact(nx.max(1)).enumerate() {
            // A whole row is told to be empty many voxels at once; looking for the first one goes voxel by voxel.
            if !inside.iter().fold(false, |any, v| any | v) {
                continue;
            }
            let ends = (inside.iter().position(|v| *v), inside.iter().rposition(|v| *v));
            let (Some(first), Some(last)) = ends else { continue };
            low = [low[0].min(first), low[1].min(row % ny), low[2].min(row / ny)];
            high = [high[0].max(last), high[1].max(row % ny), high[2].max(row / ny)];
        }
        (low[0] != usize::MAX).then_some((low, high))
    }

    /// The voxels of a window, at their place in the world.
    pub fn cut(&self, window: &Window) -> Self {
        let Window { low, size } = *window;
        let mut inside = Vec::with_capacity(size.iter().product());
        for z in low[2]..low[2] + size[2] {
            for y in low[1]..low[1] + size[1] {
                let from = self.geometry.at(low[0], y, z);
                inside.extend_from_slice(&self.inside[from..from + size[0]]);
            }
        }
        Self { geometry: self.geometry.cut(window), inside }
    }

    /// The part that lies in the bounding box of another mask of the same grid.
    pub fn within(&self, other: &Self) -> Self {
        let mut inside = vec![false; self.inside.len()];
        if let Some((low, high)) = other.bounds() {
            for z in low[2]..=high[2] {
                for y in low[1]..=high[1] {
                    let along = self.geometry.at(low[0], y, z)..=self.geometry.at(high[0], y, z);
                    inside[along.clone()].copy_from_slice(&self.inside[along]);
                }
            }
        }
        Self { geometry: self.geometry, inside }
    }
}
