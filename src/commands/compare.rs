//! `compare`: variants side by side, settings and results, differences marked.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::spec::{Command, Flag, Kind, Place, Shown, Spec, Step, World};
use crate::error::Result;
use crate::page::{Page, Table, number};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Compare {
    names: Vec<String>,
}

/// A notebook to set beside others.
#[derive(Clone, Debug)]
pub struct Variant {
    pub name: String,
    pub cells: Vec<Shown>,
}

impl Command for Compare {
    const SPEC: Spec = Spec {
        name: "compare",
        summary: "variants side by side: settings and results, differences marked",
        about: "The notebook as it stands and the variants that `fork` kept (all, or those named): every setting in which they \
                differ, how many features each step keeps, AUC, calibration slope and Brier score in each cohort, and the \
                signature's coefficients. A value marked * is not as in the notebook; what is the same in all is counted, and \
                listed at the end. Each variant looked at is one more try on the same \
                patients: choose in training, not by the validation cohorts. On a full screen it opens as a screen of its own (key 6).",
        place: Place::Request,
        flags: &[Flag::rest("names", Kind::Variant, "variants; all when none is named")],
        examples: &["fork usual", "mannwhitney --below 0.01", "compare"],
    };

    fn run(&self, _: &World<'_>) -> Result<Step> {
        Ok(Step::Compare(self.names.clone()))
    }
}

/// One line of a comparison: what it is, and its text in each variant; empty where a variant has none.
type Row = (String, Vec<String>);

/// The page that sets these side by side; the first is the notebook as it stands. What differs stands in tables, what is the
/// same in all is counted under them and listed once at the end. With no variant yet it is what the notebook finds.
pub fn comparison(variants: &[Variant]) -> Page {
    let names: Vec<&str> = variants.iter().map(|v| v.name.as_str()).collect();
    let (settings, results, terms) = (rows(variants, settings), rows(variants, results), rows(variants, terms));
    let differing: Vec<Row> = settings.iter().filter(|r| differs(r)).cloned().collect();
    let parts = [
        ("Settings", "setting", &settings),
        ("Results", "result", &results),
        ("Signature coefficients (z-scored features)", "coefficient", &terms),
    ];
    let page = match variants.len() {
        0 | 1 => alone(&parts[1..]),
        n => apart(n, &names, &parts),
    };
    page.value("variant", &names)
        .value("settings", listed(&names, &differing))
        .value("results", listed(&names, &results))
        .value("signature", listed(&names, &terms))
}

/// A part of a comparison: its title, what one of its rows is, its rows.
type Part<'a> = (&'a str, &'a str, &'a Vec<Row>);

/// The notebook by itself: nothing to compare with, so nothing is marked.
fn alone(parts: &[Part]) -> Page {
    let mut page = Page::new("Variants", "no variant yet: `fork NAME` keeps this notebook as one");
    for (title, _, rows) in parts.iter().filter(|p| !p.2.is_empty()) {
        let mut table = Table::new(*title).left("").right("now");
        rows.iter().for_each(|row| table.row([row.0.clone(), row.1[0].clone()]));
        page = page.table(table);
    }
    page
}

fn apart(count: usize, names: &[&str], parts: &[Part]) -> Page {
    let split: Vec<(Vec<&Row>, Vec<&Row>)> =
        parts.iter().map(|(_, _, rows)| rows.iter().partition(|r| differs(r))).collect();
    let counted: Vec<String> = parts.iter().zip(&split).map(|(p, s)| several(s.0.len(), p.1)).collect();
    let headline = match split.iter().any(|s| !s.0.is_empty()) {
        true => format!("{count} variants differ in {}", counted.join(", ")),
        false => format!("{count} variants, the same in everything"),
    };
    let mut page = Page::new("Variants", headline);
    for ((title, one, _), (differing, same)) in parts.iter().zip(&split) {
        if !differing.is_empty() {
            page = page.table(table(&format!("{title} that differ (* not as in {})", names[0]), names, differing));
        }
        if !same.is_empty() {
            let one = if differing.is_empty() { one.to_string() } else { format!("more {one}") };
            let verb = if same.len() == 1 { "is" } else { "are" };
            page = page.text(format!("{} {verb} the same in all.", several(same.len(), &one)));
        }
    }
    let same: Vec<(String, String)> =
        split[1..].iter().flat_map(|s| &s.1).map(|row| (row.0.clone(), row.1[0].clone())).collect();
    if same.is_empty() { page } else { page.text("The same in all:").facts(same) }
}

fn several(count: usize, one: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {one}s") }
}

fn differs(row: &Row) -> bool {
    row.1.iter().any(|text| *text != row.1[0])
}

/// Rows of which every cell that is not as in the first variant is marked.
fn table(title: &str, names: &[&str], rows: &[&Row]) -> Table {
    let mut table = Table::new(title).left("");
    for name in names {
        table = table.right(name);
    }
    for (what, texts) in rows {
        let marked = |text: &String| {
            let shown = if text.is_empty() { "none" } else { text };
            if *text == texts[0] { shown.to_string() } else { format!("* {shown}") }
        };
        table.row(std::iter::once(what.clone()).chain(texts.iter().map(marked)));
    }
    table
}

fn listed(names: &[&str], rows: &[Row]) -> Vec<Value> {
    let of = |row: &Row| {
        let mut object = serde_json::Map::new();
        object.insert("what".into(), row.0.clone().into());
        names.iter().zip(&row.1).for_each(|(n, text)| {
            object.insert((*n).to_string(), text.clone().into());
        });
        Value::Object(object)
    };
    rows.iter().map(of).collect()
}

/// What `read` finds in each variant, joined by what it is, in the order of first occurrence.
fn rows(variants: &[Variant], read: fn(&Shown) -> Vec<(String, String)>) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for (v, variant) in variants.iter().enumerate() {
        let mut at = 0;
        for (what, text) in variant.cells.iter().flat_map(read) {
            // A row that is new goes behind the one that this variant had before it.
            at = rows.iter().position(|r| r.0 == what).unwrap_or_else(|| {
                let to = (at + 1).min(rows.len());
                rows.insert(to, (what, vec![String::new(); variants.len()]));
                to
            });
            rows[at].1[v] = text;
        }
    }
    rows
}

/// Every flag of the cell's line, as `icc --above`, and its value. Views differ in what they show, not in what they find.
fn settings(cell: &Shown) -> Vec<(String, String)> {
    let Ok(Some(command)) = super::parse(&cell.line) else { return vec![(cell.line.clone(), "yes".into())] };
    let spec = command.spec();
    let Value::Object(values) = command.values() else { return Vec::new() };
    let named = |flag: &super::Flag| {
        let name = match flag.position {
            super::Position::Named => format!("{} --{}", spec.name, flag.name),
            _ => format!("{} {}", spec.name, flag.name),
        };
        (name, plain(values.get(&flag.field()).unwrap_or(&Value::Null)))
    };
    match spec.place {
        Place::Step(_) if spec.flags.is_empty() => vec![(spec.name.to_string(), "yes".into())],
        Place::Step(_) => spec.flags.iter().map(named).collect(),
        _ => Vec::new(),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    }
}

/// Features kept, AIC, and of each role the AUC of every model, calibration slope and Brier score.
fn results(cell: &Shown) -> Vec<(String, String)> {
    let name = cell.line.split_whitespace().next().unwrap_or_default();
    let values = &cell.page.values;
    let of = |key: &str| values.get(key).and_then(Value::as_f64);
    let mut found = Vec::new();
    found.extend(of("n_out").map(|n| (format!("{name}: features kept"), n.to_string())));
    found.extend(of("aic").map(|aic| (format!("{name}: AIC"), number::significant(aic, 5))));
    for row in values.get("rows").and_then(Value::as_array).into_iter().flatten() {
        let text = |key: &str| row.get(key).and_then(Value::as_str);
        let Some(role) = text("role") else { continue };
        let of = |key: &str| row.get(key).and_then(Value::as_f64);
        let whose = text("model").map(|m| format!(" of {m}")).unwrap_or_default();
        if let Some(auc) = of("auc") {
            let limits = of("lower").zip(of("upper")).map(|(l, u)| format!(" ({})", number::interval(l, u)));
            found.push((format!("{role}: AUC{whose}"), number::share(auc) + &limits.unwrap_or_default()));
        }
        found.extend(of("slope").map(|s| (format!("{role}: calibration slope"), number::value(s))));
        found.extend(of("brier").map(|b| (format!("{role}: Brier score"), number::share(b))));
    }
    found
}

/// The terms of the signature.
fn terms(cell: &Shown) -> Vec<(String, String)> {
    let values = &cell.page.values;
    let list = |key: &str| values.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
    if !cell.line.starts_with("signature") {
        return Vec::new();
    }
    let coef = |v: &Value| number::value(v.as_f64().unwrap_or(f64::NAN));
    list("term").iter().zip(&list("coef")).map(|(t, c)| (plain(t), coef(c))).collect()
}
