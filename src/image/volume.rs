//! A scan: voxels on a grid in millimetres.

/// Where a grid lies. Axis order is (x, y, z) of the file; world coordinates are LPS, as in ITK.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Geometry {
    /// Voxels along x, y, z.
    pub size: [usize; 3],
    /// Millimetres between voxel centres, positive.
    pub spacing: [f64; 3],
    /// Position of the first voxel's centre, mm.
    pub origin: [f64; 3],
    /// Direction cosines; column j is the direction of axis j.
    pub direction: [[f64; 3]; 3],
}

/// A scan with x running fastest: voxel (x, y, z) is `voxels[x + size[0] * (y + size[1] * z)]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Volume {
    pub geometry: Geometry,
    pub voxels: Vec<f64>,
}

impl Geometry {
    /// A grid at the origin along the axes.
    pub fn new(size: [usize; 3], spacing: [f64; 3]) -> Self {
        let direction = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
        Self { size, spacing, origin: [0.0; 3], direction }
    }

    /// Number of voxels.
    pub fn voxels(&self) -> usize {
        self.size.iter().product()
    }

    /// Position of voxel (x, y, z) in the voxel list.
    pub fn at(&self, x: usize, y: usize, z: usize) -> usize {
        x + self.size[0] * (y + self.size[1] * z)
    }
}
