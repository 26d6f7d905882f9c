//! Average ranks.

use std::cmp::Ordering;

/// Ranks with what the rank-sum test needs of the ties.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranks {
    /// 1-based average rank of each value, as R's `rank(x)`.
    pub rank: Vec<f64>,
    /// Sum over groups of equal values of `t^3 - t`, `t` the size of the group; 0 where no value repeats.
    pub ties: f64,
}

/// Ranks of `x`, which holds no NaN; infinities and signed zeros compare as numbers do.
pub fn average(x: &[f64]) -> Ranks {
    let order = order(x);
    let mut rank = vec![0.0; x.len()];
    let mut ties = 0.0;
    let mut from = 0;
    while from < order.len() {
        let value = x[order[from]];
        let to = from + order[from..].iter().take_while(|&&i| x[i] == value).count().max(1);
        for &i in &order[from..to] {
            rank[i] = (from + 1 + to) as f64 / 2.0;
        }
        let t = (to - from) as f64;
        ties += t * t * t - t;
        from = to;
    }
    Ranks { rank, ties }
}

/// The positions of `x` from its smallest to its largest value; equal values keep their order.
pub fn order(x: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..x.len()).collect();
    order.sort_by(|&a, &b| ascending(&x[a], &x[b]));
    order
}

/// The order of two numbers of which neither is NaN.
pub fn ascending(a: &f64, b: &f64) -> Ordering {
    a.partial_cmp(b).unwrap_or(Ordering::Equal)
}
