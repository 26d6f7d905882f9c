//! How near is equal: the one place for it.

/// A relative difference; values smaller than `floor` are judged against it.
#[derive(Clone, Copy)]
pub struct Tolerance {
    pub relative: f64,
    floor: f64,
}

pub const fn relative(relative: f64) -> Tolerance {
    Tolerance { relative, floor: 1e-300 }
}

pub const fn absolute(absolute: f64) -> Tolerance {
    Tolerance { relative: absolute, floor: 1.0 }
}

/// Relative to the largest of a row of values, as of coefficients.
pub fn of_row(row: &[f64], relative: f64) -> Tolerance {
    let floor = row.iter().filter(|v| v.is_finite()).fold(1e-300_f64, |m, v| m.max(v.abs()));
    Tolerance { relative, floor }
}

/// A relative difference of values of at least `floor`; smaller ones are judged against it.
pub const fn with_floor(relative: f64, floor: f64) -> Tolerance {
    Tolerance { relative, floor }
}

pub const EXACT: Tolerance = absolute(0.0);
pub const ICC: Tolerance = relative(1e-10);
pub const ICC_LIMIT: Tolerance = absolute(1e-8);
pub const P: Tolerance = relative(1e-10);

impl Tolerance {
    pub fn difference(self, ours: f64, theirs: f64) -> f64 {
        if ours == theirs || (ours.is_nan() && theirs.is_nan()) {
            return 0.0;
        }
        let difference = (ours - theirs).abs() / theirs.abs().max(self.floor);
        if difference.is_nan() { f64::INFINITY } else { difference }
    }
}
