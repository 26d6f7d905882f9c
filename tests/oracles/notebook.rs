//! Step `notebook`: whole notebooks of lines, and what R says of every number their pages hold.

use radnote::session::{Reply, Session};
use serde_json::Value;

use super::case::Node;
use super::tolerance::{Tolerance, relative, with_floor};
use crate::common;

#[test]
fn notebooks_equal_r() {
    super::compare("notebook", |case| {
        for (_, node) in case.results() {
            let lines = node.need("lines").texts();
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            let session = common::notebook(&case.folder, &lines);
            for (command, cell) in node.need("cells").entries() {
                let values = serde_json::to_value(common::values(&session, &command)).unwrap();
                visit(&cell, &command, &values);
            }
            leverage(&node.need("patient"), session);
        }
    });
}

/// The patient's page, which is no cell.
fn leverage(node: &Node, mut session: Session) {
    let line = format!("patients {}", node.need("id").text());
    match common::submit(&mut session, &line) {
        Reply::Open(_, page) => {
            node.has("leverage", page.values["leverage"].as_f64().unwrap(), relative(1e-7));
            let of = |key: &str| page.values["models"].as_array().unwrap().last().unwrap()[key].as_f64().unwrap();
            node.has("linear", of("score"), relative(1e-8));
            node.has("probability", of("probability"), relative(1e-8));
        }
        other => panic!("{line}: {other:?}"),
    }
}

/// What the case holds must stand in the page at the same place; `key` is the last step to it.
fn visit(node: &Node, key: &str, ours: &Value) {
    if node.is_object() {
        for (key, child) in node.entries() {
            match ours.get(&key) {
                Some(value) => visit(&child, &key, value),
                None => child.must(false, "the page has no such value"),
            }
        }
        return;
    }
    match ours {
        Value::Array(values) => {
            let items = node.items();
            if items.len() != values.len() {
                node.must(false, &format!("{} values", values.len()));
            }
            items.iter().zip(values).for_each(|(item, value)| visit(item, key, value));
        }
        // R's confint has NA where the profile of a separated term has no end.
        Value::String(text) if text.ends_with("Inf") && node.number().is_nan() => {
            node.must(["lower", "upper"].contains(&key), "infinite, and not a limit");
        }
        Value::String(text) => node.says(&[text]),
        Value::Bool(truth) => node.says(&[truth]),
        // Undefined values are none in JSON.
        number => node.is(number.as_f64().unwrap_or(f64::NAN), near(key)),
    }
}

/// p-values have their digits however small they are; R's points are of a fit that goes on a step further.
fn near(key: &str) -> Tolerance {
    match key {
        "points" => with_floor(1e-8, 1.0),
        _ if key == "p" || key.ends_with("_p") => relative(1e-7),
        _ => with_floor(1e-8, 1e-3),
    }
}
