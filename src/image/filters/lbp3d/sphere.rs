//! Corners of an icosphere, in trimesh's order and to its last bit.

/// The coordinates of an icosahedron's corners on the unit sphere, as trimesh rounds them.
const SHORT: f64 = 0.5257311121191336;
const LONG: f64 = 0.85065080835204;

/// Triangles of corners.
#[rustfmt::skip]
const FACES: [[usize; 3]; 20] = [
    [0, 11, 5], [0, 5, 1], [0, 1, 7], [0, 7, 10], [0, 10, 11], [1, 5, 9], [5, 11, 4], [11, 10, 2], [10, 7, 6], [7, 1, 8],
    [3, 9, 4], [3, 4, 2], [3, 2, 6], [3, 6, 8], [3, 8, 9], [4, 9, 5], [2, 4, 11], [6, 2, 10], [8, 6, 7], [9, 8, 1],
];

/// Each division puts a corner in the middle of every edge (edges by their later end, then by their earlier one), then moves
/// all corners onto the sphere.
pub fn icosphere(divisions: usize, radius: f64) -> Vec<[f64; 3]> {
    let (mut corners, mut faces) = (icosahedron(), FACES.to_vec());
    for _ in 0..divisions {
        (corners, faces) = divided(corners, &faces);
        corners.iter_mut().for_each(|corner| *corner = onto(*corner, radius));
    }
    if divisions == 0 {
        corners.iter_mut().for_each(|corner| *corner = onto(*corner, radius));
    }
    corners
}

fn icosahedron() -> Vec<[f64; 3]> {
    let signs = [(-1.0, 1.0), (1.0, 1.0), (-1.0, -1.0), (1.0, -1.0)];
    let turn = |corner: [f64; 3], by: usize| [corner[(3 - by) % 3], corner[(4 - by) % 3], corner[(5 - by) % 3]];
    let ring = |by: usize| signs.map(|(a, b)| turn([a * SHORT, b * LONG, 0.0], by));
    let mut corners: Vec<[f64; 3]> = ring(0).into_iter().chain(ring(1)).collect();
    corners.extend([(1.0, -1.0), (1.0, 1.0), (-1.0, -1.0), (-1.0, 1.0)].map(|(b, a)| [b * LONG, 0.0, a * SHORT]));
    corners
}

fn divided(mut corners: Vec<[f64; 3]>, faces: &[[usize; 3]]) -> (Vec<[f64; 3]>, Vec<[usize; 3]>) {
    let edge = |a: usize, b: usize| (a.max(b), a.min(b));
    let sides = |face: &[usize; 3]| [edge(face[0], face[1]), edge(face[1], face[2]), edge(face[2], face[0])];
    let mut edges: Vec<(usize, usize)> = faces.iter().flat_map(sides).collect();
    edges.sort_unstable();
    edges.dedup();
    let before = corners.len();
    let middle = |(a, b): &(usize, usize)| [0, 1, 2].map(|k| (corners[*b][k] + corners[*a][k]) / 2.0);
    let middles: Vec<[f64; 3]> = edges.iter().map(middle).collect();
    corners.extend(middles);
    let quarters = |face: &[usize; 3]| {
        let [ab, bc, ca] = sides(face).map(|side| before + edges.partition_point(|e| *e < side));
        [[face[0], ab, ca], [ab, face[1], bc], [ca, bc, face[2]], [ab, bc, ca]]
    };
    let faces = faces.iter().flat_map(quarters).collect();
    (corners, faces)
}

fn onto(corner: [f64; 3], radius: f64) -> [f64; 3] {
    let [x, y, z] = corner;
    let length = (x * x + y * y + z * z).sqrt();
    corner.map(|c| c + c / length * (radius - length))
}
