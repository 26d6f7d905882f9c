//! The largest distances between vertices of the mesh.

use crate::features::region::Region;

/// Distances in mm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Diameters {
    /// Between two vertices with the same x, the same y, the same z.
    pub in_plane: [f64; 3],
    /// Between any two vertices.
    pub anywhere: f64,
}

/// A vertex, in half voxels from the voxel of margin before the bounding box.
type Vertex = [i32; 3];

/// The diameters of a region. A vertex lies halfway between a voxel inside and a neighbour by a face outside.
///
/// Two vertices farthest apart are corners of the convex hull, and of the hull of the vertices in their plane. So only
/// those corners are compared. They are found in whole numbers, since scaling the axes leaves them corners.
pub(super) fn largest(region: &Region) -> Diameters {
    let (along_x, along_y) = (Lines::new(region, 0), Lines::new(region, 1));
    let by_z = planes(&along_x, 2, region.spacing);
    let widest = |planes: &[Plane]| planes.iter().fold(0.0, |known, p| farthest(p, p, known));
    let in_plane =
        [widest(&planes(&along_y, 0, region.spacing)), widest(&planes(&along_x, 1, region.spacing)), widest(&by_z)];
    let mut anywhere = in_plane.into_iter().fold(0.0, f64::max);
    for (i, a) in by_z.iter().enumerate() {
        for b in &by_z[..i] {
            anywhere = farthest(a, b, anywhere);
        }
    }
    Diameters { in_plane: in_plane.map(f64::sqrt), anywhere: anywhere.sqrt() }
}

/// The lines of voxels in one direction, one bit a voxel, with a voxel of margin around the bounding box.
struct Lines {
    along: usize,
    /// The two other axes, and how many lines there are along each.
    across: [usize; 2],
    count: [usize; 2],
    /// Words a line.
    words: usize,
    bits: Vec<u64>,
}

impl Lines {
    fn new(region: &Region, along: usize) -> Self {
        let across = if along == 0 { [1, 2] } else { [0, 2] };
        let count = across.map(|axis| region.size[axis] + 2);
        let words = (region.size[along] + 2).div_ceil(64);
        let mut bits = vec![0; words * count[0] * count[1]];
        for row in &region.rows {
            for p in &region.at[row.from..row.to] {
                let place = [*p as usize - row.start + 1, row.y + 1, row.z + 1];
                let line = place[across[0]] + count[0] * place[across[1]];
                bits[words * line + place[along] / 64] |= 1 << (place[along] % 64);
            }
        }
        Self { along, across, count, words, bits }
    }

    /// The first and the last vertex on a line given by half voxels along the other axes. With whole voxels along both
    /// (even numbers) they lie before the first and behind the last voxel inside; between two lines of voxels, where
    /// those differ first and last.
    fn vertices(&self, at: [usize; 2]) -> Option<[i32; 2]> {
        let line = |[u, v]: [usize; 2]| &self.bits[self.words * (u + self.count[0] * v)..][..self.words];
        let (here, next) = (line(at.map(|h| h / 2)), line(at.map(|h| h.div_ceil(2))));
        match at.map(|h| h % 2) {
            [0, 0] => ends(here.iter().copied()).map(|[first, last]| [2 * first - 1, 2 * last + 1]),
            [1, 1] => None,
            _ => ends(here.iter().zip(next).map(|(a, b)| a ^ b)).map(|ends| ends.map(|end| 2 * end)),
        }
    }
}

/// The first and the last bit that is set.
fn ends(words: impl DoubleEndedIterator<Item = u64> + ExactSizeIterator + Clone) -> Option<[i32; 2]> {
    let (first, low) = words.clone().enumerate().find(|(_, word)| *word != 0)?;
    let (last, high) = words.enumerate().rfind(|(_, word)| *word != 0)?;
    Some([64 * first as i32 + low.trailing_zeros() as i32, 64 * last as i32 + 63 - high.leading_zeros() as i32])
}

/// The corners of the convex hull of the vertices in one plane, in mm.
struct Plane {
    corners: Vec<[f64; 3]>,
    /// The box around them.
    low: [f64; 3],
    high: [f64; 3],
}

/// The planes across an axis that hold vertices. Only the first and the last vertex of each of the lines, which lie in
/// the planes, can be corners.
fn planes(lines: &Lines, axis: usize, spacing: [f64; 3]) -> Vec<Plane> {
    let turned = lines.across[0] != axis;
    let (other, along) = (lines.across[usize::from(!turned)], lines.along);
    let [plane_count, line_count] = if turned { [lines.count[1], lines.count[0]] } else { lines.count };
    let mut planes = Vec::new();
    for plane in 1..2 * plane_count - 2 {
        let mut points: Vec<Vertex> = Vec::new();
        for line in 1..2 * line_count - 2 {
            let at = if turned { [line, plane] } else { [plane, line] };
            points.extend(lines.vertices(at).into_iter().flatten().map(|end| {
                let mut vertex = [0; 3];
                (vertex[axis], vertex[other], vertex[along]) = (plane as i32, line as i32, end);
                vertex
            }));
        }
        let mm = |vertex: Vertex| [0, 1, 2].map(|k| f64::from(vertex[k]) / 2.0 * spacing[k]);
        let corners: Vec<[f64; 3]> = hull(&points, other, along).into_iter().map(mm).collect();
        let bound = |of: fn(f64, f64) -> f64| corners.iter().copied().reduce(|a, b| [0, 1, 2].map(|k| of(a[k], b[k])));
        if let (Some(low), Some(high)) = (bound(f64::min), bound(f64::max)) {
            planes.push(Plane { corners, low, high });
        }
    }
    planes
}

/// Corners of the convex hull of points in ascending order of u, then v: the lower and the upper chain.
fn hull(sorted: &[Vertex], u: usize, v: usize) -> Vec<Vertex> {
    let turn = |a: &Vertex, b: &Vertex, c: &Vertex| {
        i64::from(b[u] - a[u]) * i64::from(c[v] - a[v]) - i64::from(b[v] - a[v]) * i64::from(c[u] - a[u])
    };
    let chain = |points: &mut dyn Iterator<Item = &Vertex>| {
        let mut chain: Vec<Vertex> = Vec::new();
        for point in points {
            while chain.len() > 1 && turn(&chain[chain.len() - 2], &chain[chain.len() - 1], point) <= 0 {
                chain.pop();
            }
            chain.push(*point);
        }
        chain
    };
    let mut corners = chain(&mut sorted.iter());
    corners.extend(chain(&mut sorted.iter().rev()));
    corners
}

/// The largest squared distance between corners of two planes, or what is known when that is larger: the boxes around
/// them most often tell without a look at the corners.
fn farthest(a: &Plane, b: &Plane, known: f64) -> f64 {
    let square = |d: [f64; 3]| d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
    if square([0, 1, 2].map(|k| (a.high[k] - b.low[k]).max(b.high[k] - a.low[k]))) <= known {
        return known;
    }
    let mut largest = known;
    for p in &a.corners {
        for q in &b.corners {
            let apart = square([p[0] - q[0], p[1] - q[1], p[2] - q[2]]);
            largest = if apart > largest { apart } else { largest };
        }
    }
    largest
}
