//! `compare`: variants side by side, settings and results, differences marked.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::spec::{Command, Flag, Kind, Place, Shown, Spec, Step, World};
use crate::caution::counted;
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
                listed at the end; what a variant has not computed yet is no difference. Each variant looked at is one more try on the same \
                patients: choose in training, not by the validation cohorts. On a full screen it opens as a screen of its own (key 6).",
        place: Place::Request,
        flags: &[Flag::rest("names", Kind::Variant, "variants; all when none is named")],
        examples: &["fork usual", "mannwhitney --below 0.01", "compare"],
    };

    fn run(&self, _: &World<'_>) -> Result<Step> {
        Ok(Step::Compare(self.names.clone()))
    }
}

/// One line of a comparison: what it is, of which command's cell, and what each variant says.
#[derive(Clone, Debug)]
struct Row {
    what: String,
    of: String,
    said: Vec<Said>,
}

#[derive(Clone, Debug, PartialEq)]
enum Said {
    /// The variant has no such thing.
    Nothing,
    Text(String),
    /// The cell that would say it is not computed yet.
    Waits,
}

impl Said {
    fn text(&self) -> &str {
        match self {
            Said::Nothing => "none",
            Said::Text(text) => text,
            Said::Waits => "not computed yet",
        }
    }
}

/// The page that sets these side by side; the first is the notebook as it stands. What differs stands in tables, what is the
/// same in all is counted under them and listed once at the end. With no variant yet it is what the notebook finds.
pub fn comparison(variants: &[Variant]) -> Page {
    let names: Vec<&str> = variants.iter().map(|v| v.name.as_str()).collect();
    let (settings, results, terms) = (rows(variants, settings), rows(variants, results), rows(variants, terms));
    let differing: Vec<Row> = settings.iter().filter(|r| differs(r)).cloned().collect();
    let parts = [
        ("Settings", "settings", &settings),
        ("Results", "results", &results),
        ("Signature coefficients (z-scored features)", "coefficients", &terms),
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
        rows.iter().for_each(|row| table.row([row.what.clone(), row.said[0].text().to_string()]));
        page = page.table(table);
    }
    page
}

fn apart(count: usize, names: &[&str], parts: &[Part]) -> Page {
    let split: Vec<[Vec<&Row>; 3]> = parts.iter().map(|(_, _, rows)| sorted(rows)).collect();
    let counts = |at: usize| -> Vec<String> {
        let of = parts.iter().zip(&split).map(|(part, split)| (split[at].len(), part.1));
        of.filter(|(n, _)| at == DIFFERS || *n > 0).map(|(n, what)| counted(n, what)).collect()
    };
    let waits = counts(WAITS);
    let so_far = if waits.is_empty() { "" } else { " that is computed so far" };
    let headline = match split.iter().any(|split| !split[DIFFERS].is_empty()) {
        true => format!("{count} variants differ in {}", counts(DIFFERS).join(", ")),
        false => format!("{count} variants, the same in everything{so_far}"),
    };
    let waits = if waits.is_empty() { String::new() } else { format!("; not computed yet: {}", waits.join(", ")) };
    let mut page = Page::new("Variants", format!("{headline}{waits}"));
    for ((title, what, _), [differing, waiting, same]) in parts.iter().zip(&split) {
        if !differing.is_empty() {
            page = page.table(table(&format!("{title} that differ (* not as in {})", names[0]), names, differing));
        }
        if !waiting.is_empty() {
            page = page.table(table(&format!("{title} that are not computed yet in every variant"), names, waiting));
        }
        if !same.is_empty() {
            let more = if differing.is_empty() { "" } else { "more " };
            page = page.text(counted(same.len(), &format!("{more}{what} are the same in all.")));
        }
    }
    let same: Vec<(String, String)> = split[1..]
        .iter()
        .flat_map(|split| &split[SAME])
        .map(|row| (row.what.clone(), row.said[0].text().to_string()))
        .collect();
    if same.is_empty() { page } else { page.text("The same in all:").facts(same) }
}

const DIFFERS: usize = 0;
const WAITS: usize = 1;
const SAME: usize = 2;

/// Rows in which variants differ, those of the others that wait for a variant, and those that are the same in all.
fn sorted(rows: &[Row]) -> [Vec<&Row>; 3] {
    let mut sorted = [Vec::new(), Vec::new(), Vec::new()];
    for row in rows {
        let kind = match (differs(row), row.said.contains(&Said::Waits)) {
            (true, _) => DIFFERS,
            (false, true) => WAITS,
            (false, false) => SAME,
        };
        sorted[kind].push(row);
    }
    sorted
}

/// Of what is computed, something is not as the rest.
fn differs(row: &Row) -> bool {
    let mut said = row.said.iter().filter(|said| **said != Said::Waits);
    said.next().is_some_and(|first| said.any(|other| other != first))
}

/// Rows of which every cell that is not as in the first variant is marked.
fn table(title: &str, names: &[&str], rows: &[&Row]) -> Table {
    let mut table = Table::new(title).left("");
    for name in names {
        table = table.right(name);
    }
    for Row { what, said, .. } in rows {
        let marked = |one: &Said| {
            let plain = *one == said[0] || [one, &said[0]].contains(&&Said::Waits);
            if plain { one.text().to_string() } else { format!("* {}", one.text()) }
        };
        table.row(std::iter::once(what.clone()).chain(said.iter().map(marked)));
    }
    table
}

fn listed(names: &[&str], rows: &[Row]) -> Vec<Value> {
    let of = |row: &Row| {
        let mut object = serde_json::Map::new();
        object.insert("what".into(), row.what.clone().into());
        names.iter().zip(&row.said).for_each(|(n, said)| {
            let text = if *said == Said::Nothing { "" } else { said.text() };
            object.insert((*n).to_string(), text.into());
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
        let found = |cell| read(cell).into_iter().map(move |found| (name(cell), found));
        for (of, (what, text)) in variant.cells.iter().flat_map(found) {
            // A row that is new goes behind the one that this variant had before it.
            at = rows.iter().position(|r| r.what == what).unwrap_or_else(|| {
                let to = (at + 1).min(rows.len());
                rows.insert(to, Row { what, of: of.into(), said: vec![Said::Nothing; variants.len()] });
                to
            });
            rows[at].said[v] = if text.is_empty() { Said::Nothing } else { Said::Text(text) };
        }
    }
    for row in &mut rows {
        for (said, variant) in row.said.iter_mut().zip(variants) {
            if *said == Said::Nothing && variant.cells.iter().any(|c| c.waits && name(c) == row.of) {
                *said = Said::Waits;
            }
        }
    }
    rows
}

/// The command of a cell.
fn name(cell: &Shown) -> &str {
    cell.line.split_whitespace().next().unwrap_or_default()
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
    let (name, values) = (name(cell), &cell.page.values);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Block;
    use std::sync::Arc;

    fn variant(name: &str, slope: Option<f64>) -> Variant {
        let mut page = Page::new("", "");
        if let Some(slope) = slope {
            page = page.value("rows", serde_json::json!([{ "role": "train", "slope": slope }]));
        }
        let cell =
            Shown { line: "calibrate".into(), ready: slope.is_some(), waits: slope.is_none(), page: Arc::new(page) };
        Variant { name: name.into(), cells: vec![cell] }
    }

    fn cells(page: &Page) -> Vec<Vec<String>> {
        let table = page.blocks.iter().find_map(|b| if let Block::Table(table) = b { Some(table) } else { None });
        table.into_iter().flat_map(|t| t.rows.iter().map(|r| r.to_vec())).collect()
    }

    #[test]
    fn what_is_not_computed_yet_is_no_difference() {
        let page = comparison(&[variant("now", None), variant("usual", Some(1.0))]);
        assert_eq!(
            page.headline,
            "2 variants, the same in everything that is computed so far; not computed yet: 1 result"
        );
        assert_eq!(cells(&page), [["train: calibration slope", "not computed yet", "1.000"]]);
        let page = comparison(&[variant("now", None), variant("usual", Some(1.0)), variant("strict", Some(0.5))]);
        assert_eq!(page.headline, "3 variants differ in 0 settings, 1 result, 0 coefficients");
        let page = comparison(&[variant("now", Some(0.5)), variant("usual", Some(1.0))]);
        assert_eq!(cells(&page), [["train: calibration slope", "0.5000", "* 1.000"]]);
    }
}
