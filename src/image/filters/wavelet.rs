//! Wavelet sub-bands: a scan through a low- or a high-pass filter along each axis, kept at full size.
//!
//! As PyRadiomics with PyWavelets' stationary transform, one level at a time on the approximation of the level before (so
//! the filters are not stretched): axes of odd size are first made even by their first voxel, then go on for ever.

mod bank;
mod line;

use serde::Serialize;

use crate::error::Result;
use crate::image::{Pixel, Volume, Window};

use super::real::Real;
pub use bank::Wavelet;
use line::Span;

/// Which sub-bands of a scan to compute.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Decomposition {
    pub wavelet: Wavelet,
    /// Levels to hand out, at least 1.
    pub level: usize,
    /// Levels to go through before the first that is handed out.
    pub start_level: usize,
    /// The axis (x = 0, y = 1, z = 2) that is not filtered, where textures are taken slice by slice.
    pub plane: Option<usize>,
}

impl Decomposition {
    /// The sub-bands' names, in PyRadiomics' order: the details of each level, then the approximation of the last. Letters
    /// stand for x, y, z, as far as filtered: L for low-pass, H for high-pass.
    pub fn names(&self) -> Vec<String> {
        let axes = self.axes().len();
        let level = |n: usize| if n == 1 { "wavelet".to_string() } else { format!("wavelet{n}") };
        let letters = |band: usize| -> String {
            (0..axes).rev().map(|bit| if band >> bit & 1 == 1 { 'H' } else { 'L' }).collect()
        };
        let details = (1..=self.level).flat_map(|n| (1..1 << axes).map(move |band| (n, band)));
        let all = details.chain([(self.level, 0)]);
        all.map(|(n, band)| format!("{}-{}", level(n), letters(band))).collect()
    }

    /// Hands a window of each sub-band over, one at a time, with its place in [`Self::names`]. The order of handing over is
    /// another one: it keeps no more than one volume for each axis alive, beside the window itself and the sub-band.
    ///
    /// 32-bit float scans give 32-bit float sub-bands, computed as such; all others give 64-bit ones.
    pub fn each(&self, image: &Volume, window: &Window, each: impl FnMut(usize, Volume) -> Result<()>) -> Result<()> {
        let (low, high) = (self.wavelet.low(), self.wavelet.high());
        if image.pixel == Pixel::Float32 {
            self.run([&self.wavelet.single(low), &self.wavelet.single(high)], image, window, each)
        } else {
            self.run([low, high], image, window, each)
        }
    }

    fn axes(&self) -> Vec<usize> {
        (0..3).filter(|axis| Some(*axis) != self.plane).collect()
    }

    fn run<T: Real>(
        &self,
        bank: [&[T]; 2],
        image: &Volume,
        window: &Window,
        mut each: impl FnMut(usize, Volume) -> Result<()>,
    ) -> Result<()> {
        let axes = self.axes();
        let levels = self.start_level + self.level;
        let wanted = Block::<T>::spans(image, window);
        let mut needs = vec![wanted];
        for _ in 0..levels {
            let mut spans = needs[needs.len() - 1];
            axes.iter().for_each(|axis| spans[*axis] = spans[*axis].feeding(bank[0].len()));
            needs.push(spans);
        }
        let as_volume = |block: &Block<T>| Volume {
            geometry: image.geometry.cut(window),
            voxels: block.cut(&wanted),
            pixel: T::PIXEL,
        };
        let details = (1 << axes.len()) - 1;
        let mut block = Block::read(image, needs[levels]);
        for level in 0..levels {
            let mut approximation = None;
            split(&block, &axes, bank, &needs[levels - level - 1], 0, &mut |band, part| {
                match (band, level.checked_sub(self.start_level)) {
                    (0, _) => approximation = Some(part),
                    (_, Some(level)) => each(level * details + band - 1, as_volume(&part))?,
                    (_, None) => {}
                }
                Ok(())
            })?;
            block = approximation.unwrap_or(block);
        }
        each(self.level * details, as_volume(&block))
    }
}

/// A box of the padded, endless scan, x running fastest.
struct Block<T> {
    spans: [Span; 3],
    voxels: Vec<T>,
}

impl<T: Real> Block<T> {
    fn spans(image: &Volume, window: &Window) -> [Span; 3] {
        [0, 1, 2].map(|k| {
            let period = image.geometry.size[k].next_multiple_of(2);
            Span { first: window.low[k], len: window.size[k], period }
        })
    }

    fn read(image: &Volume, spans: [Span; 3]) -> Self {
        let size = image.geometry.size;
        let [xs, ys, zs] =
            [0, 1, 2].map(|k| (0..spans[k].len).map(|i| spans[k].index(i) % size[k]).collect::<Vec<usize>>());
        let mut voxels = Vec::with_capacity(xs.len() * ys.len() * zs.len());
        for row in zs.iter().flat_map(|z| ys.iter().map(|y| image.geometry.at(0, *y, *z))) {
            voxels.extend(xs.iter().map(|x| T::of(image.voxels[row + x])));
        }
        Self { spans, voxels }
    }

    fn cut(&self, wanted: &[Span; 3]) -> Vec<f64> {
        let low = [0, 1, 2].map(|k| self.spans[k].place(wanted[k].first));
        let [nx, ny, _] = self.spans.map(|s| s.len);
        let mut voxels = Vec::with_capacity(wanted.iter().map(|s| s.len).product());
        for (y, z) in (0..wanted[2].len).flat_map(|z| (0..wanted[1].len).map(move |y| (y, z))) {
            let row = low[0] + nx * (low[1] + y + ny * (low[2] + z));
            voxels.extend(self.voxels[row..row + wanted[0].len].iter().map(|v| -> f64 { (*v).into() }));
        }
        voxels
    }

    fn filtered(&self, axis: usize, filter: &[T], to: Span) -> Self {
        let inner = self.spans[..axis].iter().map(|s| s.len).product();
        let voxels = line::filter(&self.voxels, inner, self.spans[axis], filter, to);
        let mut spans = self.spans;
        spans[axis] = to;
        Self { spans, voxels }
    }
}

/// Both halves along the first axis, each split along the others; the approximation comes last.
fn split<T: Real>(
    block: &Block<T>,
    axes: &[usize],
    bank: [&[T]; 2],
    to: &[Span; 3],
    band: usize,
    visit: &mut impl FnMut(usize, Block<T>) -> Result<()>,
) -> Result<()> {
    let Some((axis, rest)) = axes.split_first() else { return Ok(()) };
    for half in [1, 0] {
        let part = block.filtered(*axis, bank[half], to[*axis]);
        let band = 2 * band + half;
        if rest.is_empty() {
            visit(band, part)?;
        } else {
            split(&part, rest, bank, to, band, visit)?;
        }
    }
    Ok(())
}
