//! `table`: the patients with chosen columns.

use serde::{Deserialize, Serialize};

use super::spec::{Command, Flag, Kind, Place, Spec, Step, World};
use crate::caution::counted;
use crate::error::{Error, Result, nearest};
use crate::page::{Page, Table as Rows, number};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Table {
    columns: Vec<String>,
}

impl Command for Table {
    const SPEC: Spec = Spec {
        name: "table",
        summary: "the patients with chosen features, clinical variables and scores",
        about: "One row a patient with id, role, outcome and the columns named: features, clinical variables, or models \
                (their score). Without names, the features that are kept at this point and every model.",
        place: Place::View,
        flags: &[Flag::rest("columns", Kind::Feature, "features, clinical variables or models")],
        examples: &["table", "table age margin original_shape_Sphericity"],
    };

    fn run(&self, world: &World<'_>) -> Result<Step> {
        let cohort = world.study.need_cohort("table")?;
        let columns = if self.columns.is_empty() { usual(world) } else { self.columns.clone() };
        let values: Vec<Vec<String>> = columns.iter().map(|c| column(world, c)).collect::<Result<_>>()?;
        let mut rows = Rows::new("").left(&cohort.id).left("role");
        if let Some(outcome) = &cohort.outcome {
            rows = rows.right(&outcome.name);
        }
        rows = columns.iter().fold(rows, |rows, c| rows.right(c));
        for (i, patient) in cohort.patients.iter().enumerate() {
            let mut row = vec![patient.id.clone(), patient.role.name.clone()];
            row.extend(cohort.outcome.as_ref().map(|o| u8::from(o.events[i]).to_string()));
            row.extend(values.iter().map(|v| v[i].clone()));
            rows.row(row);
        }
        let headline =
            format!("{} x {}", counted(cohort.patients.len(), "patients"), counted(columns.len(), "columns"));
        Ok(Step::Show(Page::new("Patients", headline).table(rows).value("column", columns)))
    }
}

fn usual(world: &World<'_>) -> Vec<String> {
    const MOST: usize = 12;
    let mut columns = Vec::new();
    if let Some(set) = world.study.features() {
        let kept = world.study.kept();
        if kept.len() <= MOST {
            columns = super::names(set, &kept);
        }
    }
    columns.extend(world.study.models().map(|m| m.name.clone()));
    columns
}

fn column(world: &World<'_>, name: &str) -> Result<Vec<String>> {
    let cohort = world.study.need_cohort("table")?;
    let written = |values: &[f64]| values.iter().map(|v| number::value(*v)).collect();
    if let Some(variable) = cohort.clinical.iter().find(|v| v.name == name) {
        return Ok((0..cohort.patients.len()).map(|i| variable.text(i)).collect());
    }
    if let Some(model) = world.study.models().find(|m| m.name == name) {
        return Ok(written(&model.linear));
    }
    let set = world.study.features();
    if let Some((set, j)) = set.and_then(|s| s.names.iter().position(|n| n == name).map(|j| (s, j))) {
        return Ok(written(&set.matrix.column(j).to_vec()));
    }
    let features = set.iter().flat_map(|s| s.names.iter().map(String::as_str));
    let known = cohort.clinical.iter().map(|v| v.name.as_str()).chain(features);
    Err(Error::NoSuch { what: "column".into(), given: name.into(), nearest: nearest(name, known), known: Vec::new() })
}
