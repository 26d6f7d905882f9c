//! A region of interest cut out of its scan: the bounding box with a margin, and the grey levels in it.

use super::settings::Settings;
use crate::error::{Error, Result};
use crate::image::{Mask, Volume};

/// The most grey levels a region may have; a co-occurrence matrix grows with their square.
pub(super) const MAX_LEVELS: usize = 1 << 14;

/// Voxels of a region on a padded grid, x running fastest. Outside the region, margin included, the level is 0.
#[derive(Clone)]
pub(super) struct Region {
    /// The bounding box's first voxel in the scan.
    pub low: [usize; 3],
    /// Voxels along x, y, z of the bounding box, without the margin.
    pub size: [usize; 3],
    /// Millimetres between voxel centres along x, y, z.
    pub spacing: [f64; 3],
    /// Voxels of margin on every side.
    pub pad: usize,
    /// Step in the padded grid along x, y, z.
    pub stride: [usize; 3],
    /// Positions of the region's voxels in the padded grid, ascending.
    pub at: Vec<u32>,
    /// One stretch of the grid a row of voxels that touches the region: from its first to past its last voxel in it.
    pub rows: Vec<(u32, u32)>,
    /// The intensities, in the order of `at`.
    pub values: Vec<f64>,
    /// Levels on the padded grid: 1 to [`Region::levels`], without gaps; 0 outside.
    pub level: Vec<u16>,
    /// The number of each level as it stands in the formulas: level l is grey value `grey[l - 1]`. Ascending, gaps possible.
    pub grey: Vec<u16>,
    /// Voxels of each level.
    pub count: Vec<u32>,
}

impl Region {
    /// The region of a mask with one level everywhere, and a margin as wide as the settings' neighbourhoods reach.
    ///
    /// [`Error::BadRoi`] when it has no voxel, does not span the dimensions or has no more than the voxels the settings ask
    /// for, holds a voxel that is no finite number, or when no grid of it fits.
    pub fn new(image: &Volume, mask: &Mask, settings: &Settings) -> Result<Self> {
        let mut region = Self::outline(mask, settings.reach())?;
        region.check(settings)?;
        region.values = region.cut(image)?;
        Ok(region)
    }

    fn outline(mask: &Mask, pad: usize) -> Result<Self> {
        let bad = |why: &str| Error::BadRoi { why: why.into() };
        let (low, high) = mask.bounds().ok_or_else(|| bad("is empty"))?;
        let size = [0, 1, 2].map(|k| high[k] - low[k] + 1);
        let [px, py, pz] = size.map(|n| n + 2 * pad);
        let cells = px.checked_mul(py).and_then(|n| n.checked_mul(pz)).filter(|n| u32::try_from(*n).is_ok());
        let mut level = vec![0; cells.ok_or_else(|| bad("spans too many voxels"))?];
        let stride = [1, px, px * py];
        let (mut at, mut rows) = (Vec::new(), Vec::new());
        for z in 0..size[2] {
            for y in 0..size[1] {
                let row = pad + stride[1] * (y + pad) + stride[2] * (z + pad);
                let from = mask.geometry.at(low[0], y + low[1], z + low[2]);
                let before = at.len();
                let inside = mask.inside[from..from + size[0]].iter().enumerate().filter(|(_, v)| **v);
                at.extend(inside.map(|(x, _)| (row + x) as u32));
                if let [first, ..] = at[before..] {
                    rows.push((first, at[at.len() - 1] + 1));
                }
            }
        }
        at.iter().for_each(|p| level[*p as usize] = 1);
        let count = vec![at.len() as u32];
        let spacing = mask.geometry.spacing;
        Ok(Self { low, size, spacing, pad, stride, at, rows, values: Vec::new(), level, grey: vec![1], count })
    }

    fn check(&self, settings: &Settings) -> Result<()> {
        let spans = self.size.iter().filter(|n| **n > 1).count();
        let (needed, voxels) = (settings.minimum_roi_dimensions, self.at.len());
        let why = match settings.minimum_roi_size {
            _ if spans == 0 => "has a single voxel".to_string(),
            _ if spans < needed => {
                format!("spans {spans} of the {needed} dimensions that minimumROIDimensions asks for")
            }
            Some(size) if voxels <= size => format!("has {voxels} voxels; minimumROISize asks for more than {size}"),
            _ => return Ok(()),
        };
        Err(Error::BadRoi { why })
    }

    fn cut(&self, image: &Volume) -> Result<Vec<f64>> {
        let value = |p: &u32| {
            let [x, y, z] = self.place(*p);
            image.voxels[image.geometry.at(x + self.low[0], y + self.low[1], z + self.low[2])]
        };
        let values: Vec<f64> = self.at.iter().map(value).collect();
        match values.iter().filter(|v| !v.is_finite()).count() {
            0 => Ok(values),
            1 => Err(Error::BadRoi { why: "holds 1 voxel that is no finite number".into() }),
            n => Err(Error::BadRoi { why: format!("holds {n} voxels that are no finite numbers") }),
        }
    }

    /// Where a position of the padded grid lies in the bounding box: voxels along x, y, z. The margin has no place.
    pub fn place(&self, p: u32) -> [usize; 3] {
        let p = p as usize;
        let at = [p % self.stride[1], p % self.stride[2] / self.stride[1], p / self.stride[2]];
        at.map(|c| c - self.pad)
    }

    /// Number of grey levels present.
    pub fn levels(&self) -> usize {
        self.grey.len()
    }

    /// The highest grey value present, the Ng of the formulas.
    pub fn top(&self) -> usize {
        self.grey.last().map_or(0, |g| usize::from(*g))
    }

    /// Grey values as they stand in the formulas.
    pub fn grey_values(&self) -> Vec<f64> {
        self.grey.iter().map(|g| f64::from(*g)).collect()
    }

    /// Gives each voxel its grey level: `of` holds one level from 1 to [`MAX_LEVELS`] a voxel of `at`. Levels that no
    /// voxel has are left out of the matrices, as PyRadiomics deletes their rows.
    pub fn set_levels(&mut self, of: &[u16]) {
        let top = of.iter().copied().max().unwrap_or(0);
        let mut count = vec![0u32; usize::from(top) + 1];
        of.iter().for_each(|g| count[usize::from(*g)] += 1);
        self.grey = (1..=top).filter(|g| count[usize::from(*g)] > 0).collect();
        self.count = self.grey.iter().map(|g| count[usize::from(*g)]).collect();
        let mut index = vec![0u16; usize::from(top) + 1];
        self.grey.iter().zip(1..).for_each(|(g, l)| index[usize::from(*g)] = l);
        self.at.iter().zip(of).for_each(|(p, g)| self.level[*p as usize] = index[usize::from(*g)]);
    }
}
