//! What a cell said, short enough for a file and complete enough that a drift shows: a scalar's in any digit that counts,
//! a long list's in its sums.
//!
//! The first line is the headline. Under it every value of the page: a scalar as it is, a list of up to six in full, a
//! longer list of numbers as its length, its sum and its sum weighted by position, a longer list of words as its length
//! and a digest. Numbers are compared with a tolerance, since the last bits of a logarithm differ between processors.

use std::sync::Arc;

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::error::Result;
use crate::page::Page;

/// Relative difference above which a recorded number has drifted.
const TOLERANCE: f64 = 1e-9;
const WIDTH: usize = 110;
const IN_FULL: usize = 6;

/// The recorded lines of a result, without `#=`.
pub(super) fn record(result: &Result<Arc<Page>>) -> Vec<String> {
    let page = match result {
        Ok(page) => page,
        Err(error) => return vec![format!("error: {}", error.unplaced())],
    };
    let mut lines = vec![page.headline.clone()];
    let mut line = String::from(" ");
    for (name, value) in &page.values {
        for item in items(name, value) {
            if line.len() > 1 && line.len() + item.len() > WIDTH {
                lines.push(std::mem::replace(&mut line, " ".into()));
            }
            line.push_str(&format!(" {item};"));
        }
    }
    if line.len() > 1 {
        lines.push(line);
    }
    lines
}

/// Where what a cell says now is not what was recorded: the two texts around the first difference; none when equal.
/// A record that holds only the headline is compared with the headline.
pub fn drift(recorded: &str, result: &Result<Arc<Page>>) -> Option<(String, String)> {
    let now = record(result);
    let words = |text: &str| text.split_whitespace().map(str::to_string).collect::<Vec<_>>();
    let recorded = words(recorded);
    let headline = words(now.first().map(String::as_str).unwrap_or_default());
    let now = if recorded.len() <= headline.len() { headline } else { words(&now.join(" ")) };
    let at = (0..recorded.len().max(now.len())).find(|i| match (recorded.get(*i), now.get(*i)) {
        (Some(a), Some(b)) => !same(a, b),
        _ => true,
    })?;
    let around = |words: &[String]| {
        let from = at.saturating_sub(3).min(words.len());
        let to = (at + 2).min(words.len());
        words[from..to].join(" ")
    };
    Some((around(&recorded), around(&now)))
}

fn same(a: &str, b: &str) -> bool {
    let number = |s: &str| s.trim_matches(|c: char| ";,()".contains(c)).parse::<f64>().ok();
    match (number(a), number(b)) {
        (Some(x), Some(y)) => x == y || (x - y).abs() <= TOLERANCE * x.abs().max(y.abs()).max(1e-300),
        _ => a == b,
    }
}

fn items(name: &str, value: &Value) -> Vec<String> {
    match value {
        Value::Array(list) if list.iter().any(Value::is_object) => columns(list)
            .into_iter()
            .flat_map(|(key, column)| items(&format!("{name}.{key}"), &Value::Array(column)))
            .collect(),
        Value::Array(list) => vec![format!("{name} {}", short(list))],
        Value::Object(fields) => fields.iter().flat_map(|(k, v)| items(&format!("{name}.{k}"), v)).collect(),
        other => vec![format!("{name} {}", scalar(other))],
    }
}

/// A list of objects as one list a key.
fn columns(list: &[Value]) -> Vec<(String, Vec<Value>)> {
    let keys = list.first().and_then(Value::as_object).map(|o| o.keys().cloned().collect::<Vec<_>>());
    let column = |k: &String| list.iter().map(|row| row.get(k).cloned().unwrap_or_default()).collect();
    keys.unwrap_or_default().into_iter().map(|k| (k.clone(), column(&k))).collect()
}

fn short(list: &[Value]) -> String {
    let number = |v: &Value| match v {
        Value::Bool(b) => Some(f64::from(u8::from(*b))),
        Value::Null => Some(f64::NAN),
        other => other.as_f64(),
    };
    let numbers: Option<Vec<f64>> = list.iter().map(number).collect();
    match numbers {
        _ if list.len() <= IN_FULL => format!("[ {} ]", list.iter().map(scalar).collect::<Vec<_>>().join(" ")),
        Some(numbers) => {
            let known: Vec<(usize, f64)> = numbers.into_iter().enumerate().filter(|(_, v)| !v.is_nan()).collect();
            let sum: f64 = known.iter().map(|(_, v)| v).sum();
            let weighted: f64 = known.iter().map(|(i, v)| v * (i + 1) as f64).sum();
            format!("{} of {} sum {sum} weighted {weighted}", known.len(), list.len())
        }
        None => {
            let text = list.iter().map(scalar).collect::<Vec<_>>().join("\n");
            let digest = Sha256::digest(text.as_bytes());
            let digest: String = digest.iter().take(6).map(|b| format!("{b:02x}")).collect();
            format!("{} words {digest}", list.len())
        }
    }
}

fn scalar(value: &Value) -> String {
    match value {
        Value::Null => "NA".into(),
        Value::String(text) => text.replace(char::is_whitespace, "_"),
        Value::Array(_) | Value::Object(_) => value.to_string().replace(char::is_whitespace, ""),
        other => other.to_string(),
    }
}
