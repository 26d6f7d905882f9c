//! Where along a threshold or a penalty something changes, and the shortest number there.

/// A part of a path, from one penalty to another, on which the same features are chosen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Stretch {
    pub(super) high: f64,
    pub(super) low: f64,
    pub(super) features: usize,
}

impl Stretch {
    pub(super) fn holds(&self, penalty: f64) -> bool {
        (self.low..=self.high).contains(&penalty)
    }

    /// Its penalty with the fewest digits.
    fn shortest(&self) -> f64 {
        let rounded = |places: i32| {
            let exponent = self.high.abs().log10().floor() as i32 - places;
            let text = format!("{:.*e}", places as usize, self.high);
            let up = text.parse::<f64>().unwrap_or(self.high);
            // One unit of the last place less, where rounding went above.
            [up, format!("{:.*e}", places as usize, up - 10_f64.powi(exponent)).parse().unwrap_or(up)]
        };
        (0..17).flat_map(rounded).find(|v| self.holds(*v)).unwrap_or(self.high)
    }
}

/// The penalty, or where it is larger than all of the path its largest: beyond that nothing changes any more.
pub(super) fn within(path: &[Stretch], penalty: f64) -> f64 {
    path.first().map_or(penalty, |first| penalty.min(first.high))
}

/// The next penalty on that side at which other features are chosen. Between two stretches those of both are.
pub(super) fn along(path: &[Stretch], penalty: f64, up: bool) -> Option<f64> {
    let mut sides = path.iter().filter(|s| if up { s.low > penalty } else { s.high < penalty });
    let next = if up { sides.next_back() } else { sides.next() };
    next.map(Stretch::shortest)
}

/// The next threshold on that side that keeps other features. Between two neighbouring stops every threshold keeps the same,
/// so the one with the fewest digits is taken. `v > t` is kept where `above`, else `v < t`.
pub(super) fn next(t: f64, stops: &[f64], above: bool, up: bool) -> Option<f64> {
    // The stops divide the thresholds into intervals: [a, b) where `v > t` is kept, (a, b] where `v < t` is.
    let here = stops.partition_point(|s| if above { *s <= t } else { *s < t });
    let there = if up { here + 1 } else { here.checked_sub(1)? };
    if there > stops.len() {
        return None;
    }
    let low = if there == 0 { f64::NEG_INFINITY } else { stops[there - 1] };
    shortest(low, stops.get(there).copied().unwrap_or(f64::INFINITY), above)
}

/// The number with the fewest decimal places in [low, high), or in (low, high]; close to the finite end where one is open.
fn shortest(low: f64, high: f64, from_low: bool) -> Option<f64> {
    for places in 0..=17 {
        let scale = 10_f64.powi(places);
        let rounded = match from_low {
            true if low.is_finite() => (low * scale).ceil() / scale,
            true => ((high * scale).ceil() - 1.0) / scale,
            false if high.is_finite() => (high * scale).floor() / scale,
            false => ((low * scale).floor() + 1.0) / scale,
        };
        // As it will be written and read again.
        let candidate: f64 = format!("{rounded:.*}", places as usize).parse().ok()?;
        let inside = if from_low { low <= candidate && candidate < high } else { low < candidate && candidate <= high };
        if inside {
            return Some(candidate);
        }
    }
    Some(if from_low { low } else { high }).filter(|v| v.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    const STOPS: [f64; 4] = [0.1, 0.25, 0.851_234, 0.9];

    #[test]
    fn the_next_threshold_keeps_one_more_or_one_less() {
        for above in [true, false] {
            let kept = |t: f64| STOPS.iter().filter(|v| if above { **v > t } else { **v < t }).count();
            for t in [0.05, 0.1, 0.2, 0.25, 0.5, 0.851_234, 0.87, 0.9, 0.95] {
                for up in [true, false] {
                    let Some(next) = next(t, &STOPS, above, up) else { continue };
                    assert_eq!(kept(next).abs_diff(kept(t)), 1, "{above} {t} {up}: {next}");
                    assert_eq!(next > t, up, "{above} {t} {up}: {next}");
                }
            }
        }
    }

    #[test]
    fn a_threshold_is_written_shortly() {
        assert_eq!(next(0.5, &STOPS, true, true), Some(0.86));
        assert_eq!(next(0.3, &STOPS, false, false), Some(0.2));
        assert_eq!(next(0.95, &STOPS, true, true), None);
        assert_eq!(next(0.05, &STOPS, false, false), None);
    }

    #[test]
    fn a_penalty_jumps_to_where_other_features_are_chosen() {
        let stretch = |high, low, features| Stretch { high, low, features };
        let stretches = [stretch(0.3, 0.3, 0), stretch(0.1234, 0.0612, 2), stretch(0.05, 0.01, 3)];
        assert_eq!(along(&stretches, 0.0371, true), Some(0.1));
        assert_eq!(along(&stretches, 0.1, true), Some(0.3));
        assert_eq!(along(&stretches, 0.3, true), None);
        // Between two stretches those of both are chosen, so there is another set on either side.
        assert_eq!(along(&stretches, 0.055, false), Some(0.05));
        assert_eq!(along(&stretches, 0.055, true), Some(0.1));
        assert_eq!(along(&stretches, 0.05, false), None);
        assert_eq!(along(&stretches, within(&stretches, 5.0), false), Some(0.1));
    }
}
