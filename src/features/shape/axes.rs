//! The principal axes of a region.

use crate::features::Profile;
use crate::features::region::Region;

/// Variances in mm^2 of the voxel centres along the least, the minor and the major axis, with N below (N - 1 by IBSI).
///
/// The covariance is formed from whole numbers, so it is exact but for one rounding an element: a flat region has a
/// least variance of exactly 0.
pub(super) fn variances(region: &Region, profile: Profile) -> [f64; 3] {
    let mut sum = [0i128; 3];
    let mut products = [[0i128; 3]; 3];
    for row in &region.rows {
        let along = region.at[row.from..row.to].iter().map(|p| (*p as usize - row.start) as i128);
        let (x, xx) = along.fold((0, 0), |(x, xx), c| (x + c, xx + c * c));
        let (n, y, z) = ((row.to - row.from) as i128, row.y as i128, row.z as i128);
        let add = |total: &mut i128, part: i128| *total += part;
        [x, n * y, n * z].into_iter().zip(&mut sum).for_each(|(part, total)| add(total, part));
        let parts = [[xx, 0, 0], [x * y, n * y * y, 0], [x * z, n * y * z, n * z * z]];
        let totals = products.as_flattened_mut().iter_mut();
        parts.as_flattened().iter().zip(totals).for_each(|(part, total)| add(total, *part));
    }
    let n = region.at.len() as i128;
    let square = (if profile == Profile::Ibsi { n * (n - 1) } else { n * n }) as f64;
    let covariance = |i: usize, j: usize| {
        let (i, j) = (i.max(j), i.min(j));
        (n * products[i][j] - sum[i] * sum[j]) as f64 / square * region.spacing[i] * region.spacing[j]
    };
    eigenvalues([0, 1, 2].map(|i| [0, 1, 2].map(|j| covariance(i, j))))
}

/// Eigenvalues of a symmetric matrix in ascending order, by Jacobi's rotations. Those that rounding made negative are 0.
fn eigenvalues(mut a: [[f64; 3]; 3]) -> [f64; 3] {
    for _ in 0..SWEEPS {
        for (p, q) in [(0, 1), (0, 2), (1, 2)] {
            if a[p][q] == 0.0 {
                continue;
            }
            let theta = (a[q][q] - a[p][p]) / (2.0 * a[p][q]);
            let t = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
            let c = 1.0 / (t * t + 1.0).sqrt();
            let s = t * c;
            let r = 3 - p - q;
            let (apr, aqr, apq) = (a[p][r], a[q][r], a[p][q]);
            a[p][p] -= t * apq;
            a[q][q] += t * apq;
            a[p][q] = 0.0;
            a[q][p] = 0.0;
            a[p][r] = c * apr - s * aqr;
            a[r][p] = a[p][r];
            a[q][r] = s * apr + c * aqr;
            a[r][q] = a[q][r];
        }
    }
    let mut values = [a[0][0], a[1][1], a[2][2]].map(|v| v.max(0.0));
    values.sort_by(f64::total_cmp);
    values
}

/// Jacobi's method squares what is left beside the diagonal with every sweep; five do for doubles.
const SWEEPS: usize = 10;
