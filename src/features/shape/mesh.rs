//! Area and volume of the surface between a region and what surrounds it: marching cubes at the middle of every edge.

use super::triangles::{CUTS, TRIANGLES};
use crate::features::region::Region;

/// Area in mm^2 and volume in mm^3 of the mesh.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Mesh {
    pub area: f64,
    pub volume: f64,
}

/// How often one way of passing a cube occurs, and the sums of its places.
#[derive(Clone, Copy, Default)]
struct Occurrence {
    count: u64,
    place: [u64; 3],
}

/// The mesh of a region. The 256 ways to pass a cube are counted, and each one's triangles are looked at once: moving a
/// triangle leaves its area, and adds to its part of the volume the product of the way and the triangle's normal.
pub(super) fn measure(region: &Region) -> Mesh {
    let occurrences = count(region);
    let (mut area, mut volume) = (0.0, 0.0);
    for (index, seen) in occurrences.iter().enumerate().filter(|(_, seen)| seen.count > 0) {
        let (table, sign) = if index < 128 { (index, 1.0) } else { (255 - index, -1.0) };
        for triangle in TRIANGLES[table].as_bytes().chunks_exact(3) {
            let [a, b, c] = [0, 1, 2].map(|k| corner(triangle[k], region.spacing));
            let normal = cross(minus(a, c), minus(b, c));
            area += seen.count as f64 * dot(normal, normal).sqrt() / 2.0;
            let places = [0, 1, 2].map(|k| seen.place[k] as f64 * region.spacing[k]);
            volume += sign * (seen.count as f64 * dot(cross(a, b), c) + dot(normal, places)) / 6.0;
        }
    }
    // The triangles turn left seen along z, y, x: the axes stand in the opposite order there.
    Mesh { area, volume: -volume }
}

fn count(region: &Region) -> [Occurrence; 256] {
    let mut occurrences = [Occurrence::default(); 256];
    let [_, py, pz] = region.stride;
    let inside = |p: usize| usize::from(region.level[p] > 0);
    // The four voxels of a cube at one x: bits 0, 3, 4 and 7 of its index.
    let face = |p: usize| inside(p) | inside(p + py) << 3 | inside(p + pz) << 4 | inside(p + py + pz) << 7;
    for z in 0..=region.size[2] {
        for y in 0..=region.size[1] {
            let row = region.pad - 1 + py * (region.pad - 1 + y) + pz * (region.pad - 1 + z);
            let mut near = face(row);
            for x in 0..=region.size[0] {
                let far = face(row + x + 1);
                // Bits 0, 3, 4, 7 at x + 1 are bits 1, 2, 5, 6 of the cube.
                let index = near | (far & 1) << 1 | (far & 8) >> 1 | (far & 16) << 1 | (far & 128) >> 1;
                near = far;
                if index != 0 && index != 255 {
                    let seen = &mut occurrences[index];
                    seen.count += 1;
                    [x, y, z].iter().zip(&mut seen.place).for_each(|(c, sum)| *sum += *c as u64);
                }
            }
        }
    }
    occurrences
}

/// A corner of a triangle in mm from the first corner of its cube.
fn corner(letter: u8, spacing: [f64; 3]) -> [f64; 3] {
    let edge = if letter.is_ascii_digit() { letter - b'0' } else { letter - b'a' + 10 };
    [0, 1, 2].map(|k| CUTS[usize::from(edge)][k] / 2.0 * spacing[k])
}

fn minus(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

fn cross(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}
