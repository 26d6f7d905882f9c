//! How numbers are written for a reader: significant digits, p-values as journals print them, intervals.

/// Four significant digits, plain between 0.001 and a million, else with an exponent; "NA" when undefined.
pub fn value(v: f64) -> String {
    significant(v, 4)
}

/// `digits` significant digits without trailing noise.
pub fn significant(v: f64, digits: usize) -> String {
    if v.is_nan() {
        return "NA".into();
    }
    if v.is_infinite() {
        return if v > 0.0 { "Inf".into() } else { "-Inf".into() };
    }
    if v == 0.0 {
        return "0".into();
    }
    let magnitude = v.abs().log10().floor() as i32;
    if (-3..6).contains(&magnitude) {
        let places = (digits as i32 - 1 - magnitude).max(0) as usize;
        format!("{v:.places$}")
    } else {
        format!("{v:.places$e}", places = digits - 1)
    }
}

/// An estimate that has this standard error: 0 where it is less than 1e-6 of it. That is what the last step of an iteration
/// leaves of an estimate that is zero (calibration in the large in training; a factor whose levels are alike), and its
/// digits would say nothing.
pub fn estimate(v: f64, se: f64) -> String {
    value(if v.abs() < 1e-6 * se { 0.0 } else { v })
}

/// A count that is kept as a number: `30`, "NA" where there is none.
pub fn count(v: f64) -> String {
    if v.is_nan() { "NA".into() } else { format!("{}", v + 0.0) }
}

/// As [`value`], but a number again: what a sentence says of a limit.
pub fn rounded(v: f64) -> f64 {
    value(v).parse().unwrap_or(v)
}

/// A p-value: three decimals, "<0.001" below that, "NA" when undefined.
pub fn p(p: f64) -> String {
    match p {
        _ if p.is_nan() => "NA".into(),
        _ if p < 0.001 => "<0.001".into(),
        _ => format!("{p:.3}"),
    }
}

/// A share or an AUC: three decimals.
pub fn share(v: f64) -> String {
    if v.is_nan() { "NA".into() } else { fixed(v, 3) }
}

/// `places` decimals, and no sign where they are all 0.
pub fn fixed(v: f64, places: usize) -> String {
    let text = format!("{v:.places$}");
    match text.strip_prefix('-') {
        Some(zero) if zero.chars().all(|c| matches!(c, '0' | '.')) => zero.into(),
        _ => text,
    }
}

/// An interval: `0.518-0.700`, `-0.166 to 0.098` where the dash would stand beside a sign, "NA" when a limit is undefined.
pub fn interval(lower: f64, upper: f64) -> String {
    let [low, high] = [lower, upper].map(|v| fixed(v, 3));
    match lower.is_nan() || upper.is_nan() {
        true => "NA".into(),
        false if low.starts_with('-') || high.starts_with('-') => format!("{low} to {high}"),
        false => format!("{low}-{high}"),
    }
}

/// A limit or a statistic as a value of a page: infinite ones as R writes them, "Inf" and "-Inf"; null when undefined.
pub fn limit(v: f64) -> serde_json::Value {
    if v.is_infinite() { value(v).into() } else { v.into() }
}

/// The shortest text that reads back to the same double: what flags and sessions keep.
pub fn exact(v: f64) -> String {
    format!("{v}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_has_one_dash() {
        assert_eq!(interval(0.518, 0.7), "0.518-0.700");
        assert_eq!(interval(-0.166, -0.098), "-0.166 to -0.098");
        assert_eq!(interval(-0.0001, 0.5), "0.000-0.500");
        assert_eq!(interval(f64::NAN, 0.5), "NA");
    }

    #[test]
    fn zero_has_no_sign() {
        assert_eq!(share(-0.0004), "0.000");
        assert_eq!(share(-0.0006), "-0.001");
        assert_eq!(interval(-0.0001, 0.5), "0.000-0.500");
        assert_eq!([value(-0.0), count(-0.0), fixed(-0.04, 1)], ["0", "0", "0.0"]);
        assert_eq!(value(-0.0004), "-4.000e-4");
    }

    #[test]
    fn only_the_rounding_of_a_fit_is_no_estimate() {
        assert_eq!([estimate(1.3e-10, 0.4), estimate(5.7e-9, 0.3)], ["0", "0"]);
        assert_eq!(estimate(1e-6, 0.4), "1.000e-6");
        assert_eq!(estimate(3e-15, 4e-15), "3.000e-15");
        assert_eq!(estimate(-0.25, 0.4), "-0.2500");
        assert_eq!(estimate(0.5, f64::NAN), "0.5000");
    }
}
