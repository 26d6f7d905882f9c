//! Round axis values, as R's `pretty` chooses them.

/// Ranges narrower than this part of a step count as reaching the step.
const ROUNDING: f64 = 1e-10;

/// About `n` equally spaced round values that cover `lo..=up`: R's `pretty(c(lo, up), n)` with its default biases.
pub fn pretty(lo: f64, up: f64, n: usize) -> Vec<f64> {
    let least = n / 3;
    let unit = unit(lo, up, n, least);
    let mut first = (lo / unit + ROUNDING).floor();
    let mut last = (up / unit - ROUNDING).ceil();
    while first * unit > lo + ROUNDING * unit {
        first -= 1.0;
    }
    while last * unit < up - ROUNDING * unit {
        last += 1.0;
    }
    let steps = (0.5 + last - first) as usize;
    if steps < least {
        let (down, above) = extension(least - steps, lo, up, first, last);
        first -= down as f64;
        last += above as f64;
    }
    let steps = (0.5 + last - first) as usize;
    spaced(first * unit, last * unit, steps.max(least))
}

/// The distance of two values: 1, 2, 5 or 10 times a power of ten, whichever is nearest by R's biases (1.5 and 2.75).
fn unit(lo: f64, up: f64, n: usize, least: usize) -> f64 {
    const HIGH: f64 = 1.5;
    const HIGH_FIVE: f64 = 0.5 + 1.5 * HIGH;
    let largest = lo.abs().max(up.abs());
    let slack = (1.0 + 1.0 / (1.0 + HIGH)) * n.max(1) as f64 * f64::EPSILON * 3.0;
    let single = (up - lo == 0.0 && up == 0.0) || up - lo < largest * slack;
    let cell = if single {
        let cell = if up == 0.0 && lo == 0.0 { 1.0 } else { largest };
        let cell = 0.75 * if cell > 10.0 { 9.0 + cell / 10.0 } else { cell };
        cell / least.max(1) as f64
    } else {
        (up - lo) / n.max(1) as f64
    };
    let base = 10f64.powf(cell.log10().floor());
    let mut unit = base;
    for (factor, bias) in [(2.0, HIGH), (5.0, HIGH_FIVE), (10.0, HIGH)] {
        if factor * base - cell >= bias * (cell - unit) {
            break;
        }
        unit = factor * base;
    }
    unit
}

/// How many steps to add below and above so that `missing` more are there; a range that starts or ends at 0 stays so.
fn extension(missing: usize, lo: f64, up: f64, first: f64, last: f64) -> (usize, usize) {
    let (small, large) = (missing / 2, missing / 2 + missing % 2);
    if lo == 0.0 && first == 0.0 && up != 0.0 {
        (0, missing)
    } else if up == 0.0 && last == 0.0 && lo != 0.0 {
        (missing, 0)
    } else if first >= 0.0 {
        (large, small)
    } else {
        (small, large)
    }
}

fn spaced(from: f64, to: f64, steps: usize) -> Vec<f64> {
    let by = (to - from) / steps as f64;
    let at = |i: usize| match i {
        0 => from,
        i if i == steps => to,
        i => from + i as f64 * by,
    };
    // A value that is zero but for rounding is shown as zero.
    (0..=steps).map(at).map(|v| if v.abs() < 1e-14 * by { 0.0 } else { v }).collect()
}
