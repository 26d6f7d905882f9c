//! Sums as R takes them.

/// The sum in the 64-bit mantissa of a long double, rounded to a double once at the end, as R's `sum`, `mean` and
/// `weighted.mean`. Sums that are equal but for the order or the split of their terms then come out equal, where plain
/// doubles part in the last bit; a choice between them is R's only so.
pub fn sum(values: impl IntoIterator<Item = f64>) -> f64 {
    let (mut high, mut low) = (0.0_f64, 0.0_f64);
    for value in values {
        let (sum, rest) = two_sum(high, value);
        (high, low) = two_sum(sum, to_64_bits(sum, rest + low));
    }
    high
}

/// a + b as the double next to it and what that leaves, exactly (Knuth).
fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let b_there = sum - a;
    let rest = (a - (sum - b_there)) + (b - b_there);
    if sum.is_finite() { (sum, rest) } else { (sum, 0.0) }
}

/// `rest` rounded to the eleven bits that a mantissa of 64 has behind the 53 of `sum`.
fn to_64_bits(sum: f64, rest: f64) -> f64 {
    /// 1.5 x 2^52: adding this many units and taking them off again leaves whole units.
    const WHOLE: f64 = 6_755_399_441_055_744.0;
    let towards = if (rest < 0.0) == (sum < 0.0) { sum.abs().next_up() } else { sum.abs().next_down() };
    let unit = (towards - sum.abs()).abs() / 2048.0;
    if unit.is_normal() { (rest + WHOLE * unit) - WHOLE * unit } else { rest }
}
