//! What the dependence and the tone difference matrices have in common: for each voxel, its neighbours in the region.

use super::Scratch;
use super::angle::Angle;
use super::region::Region;

/// The neighbourhood of one voxel of the region.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Neighbours {
    /// Neighbours in the region.
    pub count: u16,
    /// Those whose grey value differs by at most the tolerance.
    pub alike: u16,
    /// Sum of the neighbours' grey values.
    pub sum: u32,
}

/// Calls `see` with level and neighbours of every voxel of the region, in order, for directions and their opposites.
///
/// Whole rows are worked at once, for a machine adds up eight or more voxels of a row in one instruction.
pub(super) fn each(
    region: &Region,
    forward: &[Angle],
    tolerance: u16,
    scratch: &mut Scratch,
    mut see: impl FnMut(u16, Neighbours),
) {
    let grey = grey_volume(region, &mut scratch.lengths);
    let offsets: Vec<isize> = forward.iter().flat_map(|a| [a.offset(region), -a.offset(region)]).collect();
    let widest = region.size[0];
    let (mut count, mut alike, mut sum) = (vec![0u16; widest], vec![0u16; widest], vec![0u32; widest]);
    for (from, to) in region.rows.iter().map(|(from, to)| (*from as usize, *to as usize)) {
        let n = to - from;
        let (count, alike, sum) = (&mut count[..n], &mut alike[..n], &mut sum[..n]);
        count.fill(0);
        alike.fill(0);
        sum.fill(0);
        for offset in &offsets {
            let other = &grey[from.wrapping_add_signed(*offset)..][..n];
            for i in 0..n {
                let (own, other) = (grey[from + i], other[i]);
                count[i] += u16::from(other != 0);
                alike[i] += u16::from(other != 0) & u16::from(own.abs_diff(other) <= tolerance);
                sum[i] += u32::from(other);
            }
        }
        for i in (0..n).filter(|i| region.level[from + i] > 0) {
            see(region.level[from + i], Neighbours { count: count[i], alike: alike[i], sum: sum[i] });
        }
    }
}

/// Grey values on the padded grid. Without gaps between the levels they are the levels themselves.
fn grey_volume<'a>(region: &'a Region, work: &'a mut Vec<u16>) -> &'a [u16] {
    if region.top() == region.levels() {
        return &region.level;
    }
    work.clear();
    work.extend(region.level.iter().map(|l| if *l == 0 { 0 } else { region.grey[usize::from(*l) - 1] }));
    work
}
