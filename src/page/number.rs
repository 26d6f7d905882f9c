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
    if v.is_nan() { "NA".into() } else { format!("{v:.3}") }
}

/// An interval: `0.518-0.700`, "NA" when a limit is undefined.
pub fn interval(lower: f64, upper: f64) -> String {
    if lower.is_nan() || upper.is_nan() { "NA".into() } else { format!("{lower:.3}-{upper:.3}") }
}

/// The shortest text that reads back to the same double: what flags and sessions keep.
pub fn exact(v: f64) -> String {
    format!("{v}")
}
