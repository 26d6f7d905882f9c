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
    /// Whole numbers, unscaled, of so many bits.
    Integer { bits: u8, signed: bool },
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

/// A box of a scan's voxels, none of them outside the scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Its first voxel along x, y, z.
    pub low: [usize; 3],
    /// Voxels along x, y, z.
    pub size: [usize; 3],
}

impl Window {
    /// The whole of a grid.
    pub fn whole(grid: &Geometry) -> Self {
        Self { low: [0; 3], size: grid.size }
    }

    /// The window with so many voxels more on every side, as far as the grid goes.
    pub fn grown(&self, by: [usize; 3], grid: &Geometry) -> Self {
        let low = [0, 1, 2].map(|k| self.low[k].saturating_sub(by[k]));
        let end = [0, 1, 2].map(|k| (self.low[k] + self.size[k] + by[k]).min(grid.size[k]));
        Self { low, size: [0, 1, 2].map(|k| end[k] - low[k]) }
    }
}

impl Volume {
    /// The voxels of a window, at their place in the world.
    pub fn cut(&self, window: &Window) -> Self {
        let Window { low, size } = *window;
        let mut voxels = Vec::with_capacity(size.iter().product());
        for z in low[2]..low[2] + size[2] {
            for y in low[1]..low[1] + size[1] {
                let from = self.geometry.at(low[0], y, z);
                voxels.extend_from_slice(&self.voxels[from..from + size[0]]);
            }
        }
        Self { geometry: self.geometry.cut(window), voxels, pixel: self.pixel }
    }
}

impl Geometry {
    /// The grid of a window of this one.
    pub fn cut(&self, window: &Window) -> Self {
        // Added up one axis after the other, as ITK does when it crops: a resampling that follows sees the last bit.
        let step = |i: usize, j: usize| self.direction[i][j] * self.spacing[j] * window.low[j] as f64;
        let origin = [0, 1, 2].map(|i| (0..3).fold(self.origin[i], |sum, j| sum + step(i, j)));
        Self { size: window.size, origin, ..*self }
    }

    /// Where a continuous index lies in the world, mm.
    pub fn position(&self, index: [f64; 3]) -> [f64; 3] {
        let step = |i: usize| (0..3).map(|j| self.direction[i][j] * self.spacing[j] * index[j]).sum::<f64>();
        [0, 1, 2].map(|i| self.origin[i] + step(i))
    }

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
