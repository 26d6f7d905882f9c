//! A region of interest cut out of its scan: the bounding box with a margin, and the grey levels in it.

use std::cell::OnceCell;

use super::Reason;
use super::neighbourhood::Neighbours;
use super::settings::Settings;
use crate::caution::counted;
use crate::error::{Error, Result};
use crate::image::{Mask, Volume, Window};

/// The most grey levels a region may have; a co-occurrence matrix grows with their square.
pub(super) const MAX_LEVELS: usize = 1 << 14;

/// Voxels of a region on a padded grid, x running fastest. Outside the region, margin included, the level is 0.
#[derive(Clone)]
pub(super) struct Region {
    /// First voxel of the bounding box in the scan.
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
    /// The rows of voxels that touch the region, in order.
    pub rows: Vec<Row>,
    /// The intensities, in the order of `at`.
    pub values: Vec<f64>,
    /// Levels on the padded grid: 1 to [`Region::levels`], without gaps; 0 outside.
    pub level: Vec<u16>,
    /// The number of each level as it stands in the formulas: level l is grey value `grey[l - 1]`. Ascending, gaps possible.
    pub grey: Vec<u16>,
    /// Voxels of each level.
    pub count: Vec<u32>,
    /// The neighbours of each voxel of `at`, once a class has asked for them.
    pub neighbours: OnceCell<Vec<Neighbours>>,
}

/// A row of voxels along x.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    /// Place of the row in the bounding box.
    pub y: usize,
    pub z: usize,
    /// Position of the row's first voxel of the bounding box in the padded grid.
    pub start: usize,
    /// Its first voxel inside the region, and past its last one, as positions in the padded grid.
    pub first: usize,
    pub end: usize,
    /// Its voxels inside the region are `at[from..to]`.
    pub from: usize,
    pub to: usize,
}

impl Region {
    /// The region of a mask with one level everywhere, and a margin as wide as the settings' neighbourhoods reach.
    ///
    /// [`Error::BadRoi`] when it has no voxel, does not span the dimensions or has no more than the voxels the settings ask
    /// for, or when no grid of it fits.
    pub fn new(mask: &Mask, settings: &Settings) -> Result<Self> {
        let bad = |why: &str| Error::BadRoi { why: why.into() };
        let (low, high) = mask.bounds().ok_or_else(|| bad("is empty"))?;
        let size = [0, 1, 2].map(|k| high[k] - low[k] + 1);
        let pad = settings.reach().min(size.into_iter().fold(1, usize::max));
        let [px, py, pz] = size.map(|n| n + 2 * pad);
        let fits = |n: &usize| u32::try_from(*n).is_ok() && size.iter().all(|n| *n < usize::from(u16::MAX));
        let cells = px.checked_mul(py).and_then(|n| n.checked_mul(pz)).filter(fits);
        let level = vec![0; cells.ok_or_else(|| bad("spans too many voxels"))?];
        let stride = [1, px, px * py];
        let spacing = mask.geometry.spacing;
        let (at, rows, values) = (Vec::new(), Vec::new(), Vec::new());
        let mut region = Self {
            low,
            size,
            spacing,
            pad,
            stride,
            at,
            rows,
            values,
            level,
            grey: vec![1],
            count: vec![0],
            neighbours: OnceCell::new(),
        };
        for z in 0..size[2] {
            for y in 0..size[1] {
                let from = mask.geometry.at(low[0], y + low[1], z + low[2]);
                region.push(y, z, &mask.inside[from..from + size[0]]);
            }
        }
        region.count[0] = region.at.len() as u32;
        region.check(settings)?;
        Ok(region)
    }

    /// Adds a row of the bounding box.
    fn push(&mut self, y: usize, z: usize, inside: &[bool]) {
        let start = self.pad + self.stride[1] * (y + self.pad) + self.stride[2] * (z + self.pad);
        let from = self.at.len();
        for x in (0..inside.len()).filter(|x| inside[*x]) {
            self.at.push((start + x) as u32);
            self.level[start + x] = 1;
        }
        let to = self.at.len();
        if let (Some(first), Some(last)) = (self.at.get(from), self.at.last()) {
            let (first, end) = (*first as usize, *last as usize + 1);
            self.rows.push(Row { y, z, start, first, end, from, to });
        }
    }

    fn check(&self, settings: &Settings) -> Result<()> {
        let spans = self.size.iter().filter(|n| **n > 1).count();
        let (needed, voxels) = (settings.minimum_roi_dimensions, self.at.len());
        let why = match settings.minimum_roi_size {
            _ if spans == 0 => "has a single voxel".to_string(),
            _ if spans < needed => {
                format!("spans {spans} of the {needed} dimensions that minimumROIDimensions asks for")
            }
            Some(size) if voxels <= size => {
                format!("has {}; minimumROISize asks for more than {size}", counted(voxels, "voxels"))
            }
            _ => return Ok(()),
        };
        Err(Error::BadRoi { why })
    }

    /// The bounding box.
    pub fn window(&self) -> Window {
        Window { low: self.low, size: self.size }
    }

    /// Takes the intensities of an image of the bounding box. [`Reason::NotFinite`] when one is no finite number.
    pub fn read(&mut self, image: &Volume) -> std::result::Result<(), Reason> {
        self.values.clear();
        for row in &self.rows {
            let along = &image.voxels[image.geometry.at(0, row.y, row.z)..][..self.size[0]];
            self.values.extend(self.at[row.from..row.to].iter().map(|p| along[*p as usize - row.start]));
        }
        if self.values.iter().all(|v| v.is_finite()) { Ok(()) } else { Err(Reason::NotFinite) }
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
        self.neighbours.take();
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
