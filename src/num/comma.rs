//! What a comma in a number may mean.

/// The number with a point for its comma, and, where three digits stand behind it and so it may part the thousands, the number
/// without it: `1.234` and `1234` of `1,234`, `0.5` alone of `0,5`. None of a word that is no number so.
pub fn readings(word: &str) -> Option<(String, Option<String>)> {
    let (whole, rest) = word.split_once(',')?;
    let point = format!("{whole}.{rest}");
    point.parse::<f64>().ok().filter(|v| v.is_finite())?;
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let leads = whole.trim_start_matches('-');
    let parts = (1..=3).contains(&leads.len()) && digits(leads) && !leads.starts_with('0');
    Some((point, (parts && rest.len() == 3 && digits(rest)).then(|| format!("{whole}{rest}"))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_digits_behind_a_comma_have_two_readings() {
        let of = |word: &str| readings(word).map(|(point, plain)| (point, plain.unwrap_or_default()));
        let both = |a: &str, b: &str| Some((a.to_string(), b.to_string()));
        assert_eq!(of("1,234"), both("1.234", "1234"));
        assert_eq!(of("-12,500"), both("-12.500", "-12500"));
        for (word, point) in [("0,123", "0.123"), ("1,23", "1.23"), ("1234,567", "1234.567"), ("1,2e3", "1.2e3")] {
            assert_eq!(of(word), both(point, ""), "{word}");
        }
        assert_eq!(of("1,234,567").or(of("1.234")).or(of("a,b")), None);
    }
}
