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

/// A vertex in half voxels from the first voxel of the bounding box.
type Vertex = [i32; 3];

/// The diameters of a region. A vertex lies halfway between a voxel inside and a neighbour by a face outside.
///
/// Two vertices farthest apart are corners of the convex hull, and of the hull of the vertices in their plane. So only
/// those corners are compared: in whole numbers, since scaling the axes leaves them corners.
pub(super) fn largest(region: &Region) -> Diameters {
    let vertices = vertices(region);
    let mut corners = Vec::new();
    let in_plane = [0, 1, 2].map(|axis| {
        let planes = planes(&vertices, axis);
        let widest = planes.iter().map(|plane| farthest(plane, plane, region.spacing, 0.0)).fold(0.0, f64::max);
        if axis == 2 {
            corners = planes;
        }
        widest
    });
    let mut anywhere = in_plane.into_iter().fold(0.0, f64::max);
    for (i, a) in corners.iter().enumerate() {
        for b in &corners[..i] {
            anywhere = farthest(a, b, region.spacing, anywhere);
        }
    }
    Diameters { in_plane: in_plane.map(f64::sqrt), anywhere: anywhere.sqrt() }
}

fn vertices(region: &Region) -> Vec<Vertex> {
    let mut vertices = Vec::new();
    for p in region.at.iter().map(|p| *p as usize) {
        let at = region.place(p as u32);
        for axis in 0..3 {
            for (neighbour, half) in [(p - region.stride[axis], -1), (p + region.stride[axis], 1)] {
                if region.level[neighbour] == 0 {
                    let mut vertex = at.map(|c| 2 * c as i32);
                    vertex[axis] += half;
                    vertices.push(vertex);
                }
            }
        }
    }
    vertices
}

/// The corners of the convex hull of the vertices of each plane across an axis.
fn planes(vertices: &[Vertex], axis: usize) -> Vec<Vec<Vertex>> {
    let (u, v) = ((axis + 1) % 3, (axis + 2) % 3);
    let mut sorted = vertices.to_vec();
    sorted.sort_unstable_by_key(|p| (p[axis], p[u], p[v]));
    sorted.chunk_by(|a, b| a[axis] == b[axis]).map(|plane| hull(plane, u, v)).collect()
}

/// Corners of the convex hull of points sorted by u, then v: the lower and the upper chain.
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

/// The largest squared distance between points of two sets, or what is known when that is larger: then the boxes around
/// the sets most often tell without looking at the points.
fn farthest(a: &[Vertex], b: &[Vertex], spacing: [f64; 3], known: f64) -> f64 {
    let apart = |half: [i32; 3]| [0, 1, 2].map(|k| (f64::from(half[k]) / 2.0 * spacing[k]).powi(2)).iter().sum::<f64>();
    let bounds = |set: &[Vertex], k: usize| {
        set.iter().fold((i32::MAX, i32::MIN), |(low, high), p| (low.min(p[k]), high.max(p[k])))
    };
    let reach = [0, 1, 2].map(|k| {
        let ((low, high), (other_low, other_high)) = (bounds(a, k), bounds(b, k));
        (high - other_low).max(other_high - low)
    });
    if apart(reach) <= known {
        return known;
    }
    let pairs = a.iter().flat_map(|p| b.iter().map(move |q| [p[0] - q[0], p[1] - q[1], p[2] - q[2]]));
    pairs.map(apart).fold(known, f64::max)
}
