//! `open`: pair scans, masks, second readers and clinical rows by id.

use serde::{Deserialize, Serialize};

use super::spec::{Command, Flag, Kind, Place, Spec, Step, World};
use crate::caution::{Caution, counted};
use crate::cohort::{Cohort, Opening, Variable, open};
use crate::error::{Error, Result};
use crate::page::{Page, Table};
use crate::study::Study;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Open {
    table: String,
    clinical: Option<String>,
    id: String,
    outcome: Option<String>,
    positive: Option<String>,
    role: Option<String>,
    factor: Option<String>,
}

impl Default for Open {
    fn default() -> Self {
        Self {
            table: String::new(),
            clinical: None,
            id: "ID".into(),
            outcome: None,
            positive: None,
            role: None,
            factor: None,
        }
    }
}

impl Command for Open {
    const SPEC: Spec = Spec {
        name: "open",
        summary: "pair scans, masks, second readers and clinical rows by id",
        about: "TABLE is a CSV (or Parquet) file with one row a patient: an id and, for extraction, Image, Mask and \
                optionally Mask_reader2, Mask_reader3 and so on, and Label; paths start at the table's folder. `--clinical` adds a second table \
                with the same id column. Ids that stand in one table only are reported and take no part. The outcome \
                must have two values; where they are not 0/1 or no/yes, `--positive` says which is the event. Roles \
                come from a column (train or training, and any other names for validation cohorts) or from `split`. \
                A clinical column of words is a factor, one of numbers a number unless `--factor` names it. The reference of \
                a factor is its first level: words in the order of their characters (capitals first), numbers ascending.",
        place: Place::Step(0),
        flags: &[
            Flag::first("table", Kind::Table, "one row a patient"),
            Flag::named("clinical", Kind::Table, "a second table with the clinical variables"),
            Flag::named("id", Kind::Column, "the column that names the patient, in both tables"),
            Flag::named("outcome", Kind::Column, "the binary outcome"),
            Flag::named("positive", Kind::Word, "the value that means the event"),
            Flag::named("role", Kind::Column, "the column that says who trains and who validates"),
            Flag::named("factor", Kind::Column, "columns of numbers that name levels, with commas between them"),
        ],
        examples: &["open cohort.csv --clinical clinical.csv --outcome lung_metastasis --role role"],
    };

    fn run(&self, world: &World<'_>) -> Result<Step> {
        if self.table.is_empty() {
            let remedy = super::remedy::opening(world.folder);
            return Err(Error::NotYet { command: "open".into(), missing: "the name of a table".into(), remedy });
        }
        let cohort = open(&Opening {
            table: world.file(&self.table)?,
            clinical: self.clinical.as_ref().map(|c| world.file(c)).transpose()?,
            id: self.id.clone(),
            outcome: self.outcome.clone(),
            positive: self.positive.clone(),
            role: self.role.clone(),
            factors: self.factor.iter().flat_map(|f| f.split(',')).map(|f| f.trim().to_string()).collect(),
        })?;
        let page = page(&cohort);
        Ok(Step::Advance(Study::with_cohort(cohort), page))
    }
}

/// That clinical variables have the names of models: once the model is made no line can tell which is meant, and none is run.
fn like_models(cohort: &Cohort) -> Option<Caution> {
    const MODELS: [&str; 3] = ["signature", "clinical", "nomogram"];
    let names: Vec<String> =
        cohort.clinical.iter().map(|v| v.name.clone()).filter(|n| MODELS.contains(&n.as_str())).collect();
    let list = names.iter().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(" and ");
    let (column, model, it) = match names.len() {
        0 => return None,
        1 => ("column", "the model", "it"),
        _ => ("columns", "the models", "them"),
    };
    Some(Caution::Note(format!(
        "the {column} {list} will have the name of {model} made here, and a line that names {it} is then refused; rename {it} \
         in the table"
    )))
}

/// Counts by role, and what was left out on the way in.
pub(super) fn page(cohort: &Cohort) -> Page {
    let events = |members: &[usize]| cohort.outcome.as_ref().map(|o| members.iter().filter(|i| o.events[**i]).count());
    let everyone: Vec<usize> = (0..cohort.patients.len()).collect();
    let mut headline = counted(everyone.len(), "patients");
    if let (Some(outcome), Some(n)) = (&cohort.outcome, events(&everyone)) {
        headline.push_str(&format!(", {n} with {} = {}", outcome.name, outcome.positive));
    }
    let roles = cohort.roles();
    if roles.len() > 1 {
        let counts = roles.iter().map(|r| format!("{} {}", r.name, cohort.members(r).len()));
        headline.push_str(&format!("; {}", counts.collect::<Vec<_>>().join(", ")));
    }
    let mut table = Table::new("Patients by role").left("role").left("trains").right("patients");
    for name in ["events", "without", "images", "second readers"] {
        table = table.right(name);
    }
    for role in &roles {
        let members = cohort.members(role);
        let with = |keep: &dyn Fn(usize) -> bool| members.iter().filter(|i| keep(**i)).count().to_string();
        let n = events(&members);
        table.row([
            role.name.clone(),
            if role.training { "yes".into() } else { String::new() },
            members.len().to_string(),
            n.map(|n| n.to_string()).unwrap_or_default(),
            n.map(|n| (members.len() - n).to_string()).unwrap_or_default(),
            with(&|i| cohort.patients[i].scan.is_some()),
            with(&|i| cohort.patients[i].scan.as_ref().is_some_and(|s| s.others.iter().any(Option::is_some))),
        ]);
    }
    let counts = |keep: &dyn Fn(&[usize]) -> usize| roles.iter().map(|r| keep(&cohort.members(r))).collect::<Vec<_>>();
    let mut page = Page::new("Cohort", headline)
        .table(table)
        .value("n", cohort.patients.len())
        .value("role", roles.iter().map(|r| &r.name).collect::<Vec<_>>())
        .value("patients", counts(&|m| m.len()))
        .value("events", counts(&|m| events(m).unwrap_or(0)));
    if !cohort.clinical.is_empty() {
        let names: Vec<&str> = cohort.clinical.iter().map(|v| v.name.as_str()).collect();
        page = page.text(format!("Clinical variables: {}.", names.join(", ")));
        page = coded(cohort).into_iter().fold(page, Page::text);
    }
    page.cautions.extend(cohort.cautions.iter().cloned());
    page.cautions.extend(like_models(cohort));
    super::samplesize::note(cohort, None).into_iter().fold(page, Page::text)
}

/// That numbers look like the names of levels, and how they are taken as such.
fn coded(cohort: &Cohort) -> Option<String> {
    let few = |v: &Variable| Some((v.name.clone(), format!("{} ({})", v.name, counted(v.like_levels()?, "values"))));
    let (names, found): (Vec<String>, Vec<String>) = cohort.clinical.iter().filter_map(few).unzip();
    (!found.is_empty()).then(|| {
        format!(
            "Taken as numbers, though of few whole values: {}; `--factor {}` takes them as levels.",
            found.join(", "),
            names.join(",")
        )
    })
}
