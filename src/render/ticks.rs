//! Where an axis is marked: round steps of 1, 2 or 5, written with as many decimals as the step needs.

use crate::page::Axis;

/// The axis' own ticks within its range, or at most about `most` round ones.
pub fn of(axis: &Axis, most: usize) -> Vec<(f64, String)> {
    if axis.ticks.is_empty() {
        let (low, high) = super::frame::range(axis);
        return nice(low, high, most);
    }
    let (low, high) = super::frame::range(axis);
    let slack = (high - low).abs() * 1e-9;
    let within = |v: f64| v >= low.min(high) - slack && v <= low.max(high) + slack;
    axis.ticks.iter().filter(|(v, _)| within(*v)).cloned().collect()
}

/// Multiples of the smallest round step that gives at most `most` intervals in the range.
pub fn nice(low: f64, high: f64, most: usize) -> Vec<(f64, String)> {
    let (low, high) = (low.min(high), low.max(high));
    let rough = (high - low) / most.max(1) as f64;
    if !rough.is_finite() || rough <= 0.0 {
        return Vec::new();
    }
    let power = 10f64.powi(rough.log10().floor() as i32);
    let step = [1.0, 2.0, 5.0, 10.0].map(|m| m * power).into_iter().find(|s| *s >= rough * (1.0 - 1e-9));
    let step = step.unwrap_or(10.0 * power);
    let (from, to) = ((low / step - 1e-6).ceil(), (high / step + 1e-6).floor());
    let countable = to - from <= 4.0 * most.max(1) as f64 + 4.0 && from.abs() < 1e15;
    if !countable {
        return Vec::new();
    }
    (0..=(to - from) as usize).map(|i| from + i as f64).map(|k| (k * step, label(k * step, step))).collect()
}

fn label(value: f64, step: f64) -> String {
    let value = if value.abs() < step * 1e-6 { 0.0 } else { value };
    let places = -(step * 1.000001).log10().floor() as i32;
    if value == 0.0 && places > 4 {
        return "0".into();
    }
    if value.abs() >= 1e6 || places > 4 {
        let digits = (value.abs().log10().floor() as i32 + places).clamp(0, 6) as usize;
        return format!("{value:.digits$e}");
    }
    format!("{value:.places$}", places = places.max(0) as usize)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn labels(low: f64, high: f64, most: usize) -> String {
        nice(low, high, most).into_iter().map(|t| t.1).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn steps_are_round() {
        assert_eq!(labels(0.0, 1.0, 5), "0.0 0.2 0.4 0.6 0.8 1.0");
        assert_eq!(labels(-6.3, -1.1, 6), "-6 -5 -4 -3 -2");
        assert_eq!(labels(0.0, 122.0, 5), "0 50 100");
        assert_eq!(labels(0.3, -0.3, 3), "-0.2 0.0 0.2");
        assert_eq!(labels(0.0, 3e-7, 3), "0 1e-7 2e-7 3e-7");
    }

    #[test]
    fn any_range_has_an_answer() {
        let ends = [0.0, 1.0, -1e308, 1e308, 1e-320, f64::NAN, f64::INFINITY, 1e16, 1e16 + 2.0];
        for low in ends {
            for high in ends {
                for most in [0, 1, 7] {
                    assert!(nice(low, high, most).len() < 40);
                }
            }
        }
    }
}
