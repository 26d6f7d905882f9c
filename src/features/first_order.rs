//! First-order statistics: the intensities of a region without regard to where they lie.

use super::region::Region;
use super::settings::{Intensity, Profile};
use super::{Class, Compute, Outcome, Scratch, entropy};

/// The class as it stands in the table of `features/mod.rs`.
pub(super) const CLASS: Class = Class {
    name: "firstorder",
    features: &[
        "10Percentile",
        "90Percentile",
        "Energy",
        "Entropy",
        "InterquartileRange",
        "Kurtosis",
        "Maximum",
        "MeanAbsoluteDeviation",
        "Mean",
        "Median",
        "Minimum",
        "Range",
        "RobustMeanAbsoluteDeviation",
        "RootMeanSquared",
        "Skewness",
        "TotalEnergy",
        "Uniformity",
        "Variance",
    ],
    on_request: &["StandardDeviation"],
    withdrawn: &[],
    compute: Compute::Image(compute),
};

/// Statistics of the N intensities x and of the share p of each grey level in them.
///
/// Percentiles interpolate linearly between the two nearest values (rank q(N-1)). Moments divide by N; kurtosis is m4/m2^2
/// without the 3 taken off (IBSI takes it off). Energy and root mean square are of x + `voxelArrayShift`. Skewness and kurtosis of a flat
/// region are 0.
fn compute(region: &Region, intensity: &Intensity, scratch: &mut Scratch) -> Outcome {
    let x = &region.values;
    let n = x.len() as f64;
    let [p10, p25, p50, p75, p90] = percentiles(x, [0.1, 0.25, 0.5, 0.75, 0.9], &mut scratch.values);
    let (min, max) = x.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(*v), b.max(*v)));
    let shift = intensity.voxel_array_shift;
    let inner = |v: f64, of: f64| if p10 <= v && v <= p90 { of } else { 0.0 };
    let [total, energy, inner_total, inner_n] = sums(x, |v| [v, (v + shift) * (v + shift), inner(v, v), inner(v, 1.0)]);
    let (mean, inner_mean) = (total / n, inner_total / inner_n);
    let [m2, m3, m4, deviation, inner_deviation] = sums(x, |v| {
        let (d, square) = (v - mean, (v - mean) * (v - mean));
        [square, square * d, square * square, d.abs(), inner(v, (v - inner_mean).abs())]
    });
    let (m2, m3, m4) = (m2 / n, m3 / n, m4 / n);
    let scale = if m2 == 0.0 { 1.0 } else { m2 };
    let voxel = region.spacing.iter().product::<f64>();
    let share = || region.count.iter().map(|c| f64::from(*c) / n);
    Ok(vec![
        p10,
        p90,
        energy,
        entropy(share()),
        p75 - p25,
        m4 / (scale * scale) - if intensity.profile == Profile::Ibsi { 3.0 } else { 0.0 },
        max,
        deviation / n,
        mean,
        p50,
        min,
        max - min,
        inner_deviation / inner_n,
        (energy / n).sqrt(),
        m3 / scale.powf(1.5),
        energy * voxel,
        share().map(|p| p * p).sum(),
        m2,
        m2.sqrt(),
    ])
}

/// Percentiles of values at ascending fractions, by selection: the same numbers as sorting gives. The median of an even
/// number of values is their midpoint.
fn percentiles<const K: usize>(values: &[f64], fractions: [f64; K], work: &mut Vec<f64>) -> [f64; K] {
    work.clear();
    work.extend_from_slice(values);
    let mut done = 0;
    fractions.map(|q| {
        let rank = (values.len() - 1) as f64 * q;
        let below = rank.floor() as usize;
        let (_, low, above) = work[done..].select_nth_unstable_by(below - done, f64::total_cmp);
        let low = *low;
        let high = above.iter().copied().min_by(f64::total_cmp).unwrap_or(low);
        done = below;
        between(low, high, rank - rank.floor())
    })
}

/// The value at `share` of the way, computed from the nearer end as numpy does.
fn between(low: f64, high: f64, share: f64) -> f64 {
    let step = high - low;
    if share >= 0.5 { high - step * (1.0 - share) } else { low + step * share }
}

/// K sums over the values at once, each in four interleaved parts, which is both faster and more accurate than one.
fn sums<const K: usize>(values: &[f64], terms: impl Fn(f64) -> [f64; K]) -> [f64; K] {
    const LANES: usize = 4;
    let mut parts = [[0.0; K]; LANES];
    let chunks = values.chunks_exact(LANES);
    let rest = chunks.remainder();
    for chunk in chunks {
        for (part, v) in parts.iter_mut().zip(chunk) {
            part.iter_mut().zip(terms(*v)).for_each(|(sum, term)| *sum += term);
        }
    }
    for (part, v) in parts.iter_mut().zip(rest) {
        part.iter_mut().zip(terms(*v)).for_each(|(sum, term)| *sum += term);
    }
    std::array::from_fn(|k| (parts[0][k] + parts[1][k]) + (parts[2][k] + parts[3][k]))
}
