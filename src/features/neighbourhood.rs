//! What the dependence and the tone difference matrices have in common: for each voxel, its neighbours in the region.

use super::Reason;
use super::angle::{Angle, forward};
use super::region::Region;
use super::settings::Intensity;

/// The neighbourhood of one voxel of the region.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Neighbours {
    /// Neighbours in the region.
    pub count: u32,
    /// Those whose grey value differs by at most `gldm_a`.
    pub alike: u32,
    /// Sum of the neighbours' grey values.
    pub sum: u32,
}

/// The neighbourhood of each voxel of the region within the distances, in the order of `at`, and how many neighbours a
/// voxel has at most. [`Reason::NoNeighbours`] when the region is too small for any.
pub(super) fn of<'a>(region: &'a Region, intensity: &Intensity) -> Result<(&'a [Neighbours], usize), Reason> {
    let angles = forward(region, &intensity.distances, intensity);
    if angles.is_empty() {
        return Err(Reason::NoNeighbours);
    }
    let tolerance = u16::try_from(intensity.gldm_a).unwrap_or(u16::MAX);
    Ok((region.neighbours.get_or_init(|| all(region, &angles, tolerance)), 2 * angles.len()))
}

/// Whole rows are worked at once, for a machine adds up eight or more voxels of a row in one instruction.
fn all(region: &Region, angles: &[Angle], tolerance: u16) -> Vec<Neighbours> {
    let gaps = region.top() > region.levels();
    let work: Vec<u16> = if gaps { grey_volume(region) } else { Vec::new() };
    // Without gaps between them the levels are the grey values.
    let grey = if gaps { &work } else { &region.level };
    let offsets: Vec<isize> = angles.iter().flat_map(|a| [a.offset(region), -a.offset(region)]).collect();
    let widest = region.size[0];
    let [mut count, mut alike, mut sum] = [0, 1, 2].map(|_| vec![0u32; widest]);
    let mut all = Vec::with_capacity(region.at.len());
    for row in &region.rows {
        let n = row.end - row.first;
        let (count, alike, sum) = (&mut count[..n], &mut alike[..n], &mut sum[..n]);
        count.fill(0);
        alike.fill(0);
        sum.fill(0);
        let own = &grey[row.first..row.end];
        for offset in &offsets {
            let other = &grey[row.first.wrapping_add_signed(*offset)..][..n];
            for i in 0..n {
                let inside = u32::from(other[i] != 0);
                count[i] += inside;
                alike[i] += inside & u32::from(own[i].abs_diff(other[i]) <= tolerance);
                sum[i] += u32::from(other[i]);
            }
        }
        let inside = region.at[row.from..row.to].iter().map(|p| *p as usize - row.first);
        all.extend(inside.map(|i| Neighbours { count: count[i], alike: alike[i], sum: sum[i] }));
    }
    all
}

fn grey_volume(region: &Region) -> Vec<u16> {
    region.level.iter().map(|l| if *l == 0 { 0 } else { region.grey[usize::from(*l) - 1] }).collect()
}
