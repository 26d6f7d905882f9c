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

/// How a file keeps its voxels once scaled. It decides how filters and statistics round, as in ITK.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pixel {
    /// Whole numbers of any width, unscaled.
    Integer,
    /// 32-bit floats; also what ITK makes of every scaled file that is not of 64-bit floats.
    Float32,
    /// 64-bit floats.
    Float64,
}

/// A scan with x running fastest: voxel (x, y, z) is `voxels[x + size[0] * (y + size[1] * z)]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Volume {
    pub geometry: Geometry,
    pub voxels: Vec<f64>,
    /// The type the voxels had on the disk; each value is one of that type.
    pub pixel: Pixel,
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
