//! Results for other programs: every entry's line, values and cautions, numbers with all their digits.

use serde_json::{Value, json};

use crate::page::Page;

/// A JSON object `{"tried", "cells"}`: how many alternatives were evaluated (`null` where nobody counted), and one object an
/// entry, `{"line", "values", "cautions"}`, one value a line, keys in the order they were stored. A number is written in the
/// shortest form that reads back to the same double; one that is missing or undefined is `null`, and an infinite limit or
/// threshold is "Inf" or "-Inf", as R writes it.
pub fn results(tried: Option<usize>, entries: &[(&str, &Page)]) -> String {
    let objects: Vec<String> = entries.iter().map(|(line, page)| entry(line, page)).collect();
    let cells = if objects.is_empty() { "[]".into() } else { format!("[\n{}\n]", objects.join(",\n")) };
    format!("{{\n\"tried\": {},\n\"cells\": {cells}\n}}\n", json!(tried))
}

fn entry(line: &str, page: &Page) -> String {
    let values = page.values.iter().map(|(k, v)| format!("{}: {v}", Value::from(k.as_str()))).collect();
    let cautions = page.cautions.iter().map(|c| Value::from(c.to_string()).to_string()).collect();
    format!(
        "  {{\n    \"line\": {},\n    \"values\": {},\n    \"cautions\": {}\n  }}",
        json!(line),
        list("{", values, "}"),
        list("[", cautions, "]")
    )
}

fn list(open: &str, items: Vec<String>, close: &str) -> String {
    if items.is_empty() {
        return format!("{open}{close}");
    }
    format!("{open}\n      {}\n    {close}", items.join(",\n      "))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::caution::Caution;

    #[test]
    fn numbers_read_back_to_the_same_double() {
        let values = [0.1 + 0.2, 1.0 / 3.0, 5e-324, 1.7976931348623157e308, -0.089_213_456_789_012_34];
        let page = Page::new("t", "h").value("z", values).value("a", f64::NAN).value("n", 1967);
        let page = page.caution(Caution::Note("a \"quoted\"\nnote".into()));
        let text = results(Some(3), &[("lasso --rule min", &page), ("quit", &Page::default())]);
        let whole: Value = serde_json::from_str(&text).unwrap();
        let (tried, read) = (&whole["tried"], &whole["cells"]);
        assert_eq!(tried, 3);
        let back: Vec<f64> = serde_json::from_value(read[0]["values"]["z"].clone()).unwrap();
        assert_eq!(back, values);
        assert!(read[0]["values"]["a"].is_null());
        assert_eq!(read[0]["values"].as_object().unwrap().keys().collect::<Vec<_>>(), ["z", "a", "n"]);
        assert_eq!(read[0]["cautions"][0], "a \"quoted\"\nnote");
        assert_eq!(read[1], json!({"line": "quit", "values": {}, "cautions": []}));
        assert_eq!(results(None, &[]), "{\n\"tried\": null,\n\"cells\": []\n}\n");
    }
}
