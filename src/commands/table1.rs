//! `table1`: the patients' characteristics by cohort and outcome, each with its test.

mod tests;

use serde::{Deserialize, Serialize};
use serde_json::json;

use self::tests::Compared;
use super::spec::{Command, Flag, Kind, Place, Reads, Spec, Step, World};
use crate::caution::{Caution, counted};
use crate::cohort::{Cohort, Role, Values};
use crate::error::Result;
use crate::page::{Page, Table, number};
use crate::study::{Study, one_meaning};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Table1 {
    variables: Vec<String>,
    numeric: Numeric,
    categorical: Categorical,
    summary: Summary,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Numeric {
    /// Student's or Welch's t where both groups look normal, else Mann-Whitney.
    #[default]
    Auto,
    Student,
    Welch,
    MannWhitney,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Categorical {
    /// Fisher where an expected count is under 5, else Pearson.
    #[default]
    Auto,
    /// Fisher for two levels with an observed count under 5, else Pearson.
    Paper,
    Pearson,
    Yates,
    Fisher,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Summary {
    /// As the groups look: mean where both are normal, else median.
    #[default]
    Auto,
    Mean,
    Median,
}

/// A variable over all patients of the cohort.
enum Column {
    Number(Vec<f64>),
    Level(Vec<String>, Vec<Option<usize>>),
}

impl Command for Table1 {
    const SPEC: Spec = Spec {
        name: "table1",
        summary: "the patients' characteristics by cohort and outcome, each with its test",
        about: "In every cohort, without against with the event. A number: mean (SD) and Student's t where Shapiro-Wilk's p is \
                0.05 or more in both groups (Welch's t where the F test of equal variances has p < 0.05), else median with \
                quartiles and Mann-Whitney. A factor, and a number of two values: counts and Pearson's chi-square, but \
                Fisher's exact test where an expected count is under 5; `--categorical paper` takes Fisher for two levels with \
                an observed count under 5, which gives 31 of the 32 p-values of the paper's Table 2; `yates` corrects Pearson's \
                of two levels. Levels nobody has are left out. |SMD| is the size of the standardised difference: of means, or \
                Yang and Dalton's of shares; `smd` of the JSON has its sign. Patients without a value take no part in a test and are counted. As R's t.test, \
                wilcox.test, chisq.test, fisher.test, shapiro.test, var.test.",
        place: Place::View,
        flags: &[
            Flag::rest("variables", Kind::Term, "clinical variables and models; all variables when none is named"),
            Flag::named("numeric", Kind::Choice(&["auto", "student", "welch", "mannwhitney"]), "the test of numbers"),
            Flag::named(
                "categorical",
                Kind::Choice(&["auto", "paper", "pearson", "yates", "fisher"]),
                "the test of factors",
            ),
            Flag::named("summary", Kind::Choice(&["auto", "mean", "median"]), "how numbers are summarised"),
        ],
        examples: &["table1", "table1 age margin --categorical paper", "table1 signature --numeric welch"],
    };

    fn reads(&self) -> Reads {
        Reads::terms(&self.variables, Reads::Clinical)
    }

    fn run(&self, world: &World<'_>) -> Result<Step> {
        let study = world.study;
        let cohort = study.need_cohort("table1")?;
        let outcome = study.need_outcome("table1")?;
        let mut page = Page::new("Characteristics of the patients", "");
        let columns = self.columns(study, cohort, &mut page)?;
        let (mut rows, mut said) = (Vec::new(), Vec::new());
        for role in cohort.roles() {
            let members = cohort.members(&role);
            let groups = [false, true].map(|event| -> Vec<usize> {
                members.iter().copied().filter(|i| outcome.events[*i] == event).collect()
            });
            let mut table = head(&role, &groups);
            let mut below = 0;
            for (name, column) in &columns {
                let found = self.compare(column, &groups);
                below += usize::from(found.p < 0.05);
                if found.test == tests::TOO_MANY {
                    page.cautions.push(too_many(name, &role));
                }
                write(&mut table, name, &found);
                rows.push(values(&role, name, &found));
            }
            said.push(format!("{} {below}", role.name));
            page = page.table(table);
        }
        let names: Vec<String> = columns.iter().map(|(name, _)| name.clone()).collect();
        page.cautions.extend(super::chosen(study, &names));
        page.headline = format!("{}; p < 0.05: {}", counted(columns.len(), "variables"), said.join(", "));
        Ok(Step::Show(page.value("rows", rows)))
    }
}

impl Table1 {
    /// The variables named, or all but those that hold the folds of a step, which is said.
    fn columns(&self, study: &Study, cohort: &Cohort, page: &mut Page) -> Result<Vec<(String, Column)>> {
        let mut names = self.variables.clone();
        if names.is_empty() {
            let (all, notes) = super::usual_variables(study, cohort, &[]);
            names = all;
            page.cautions.extend(notes);
        }
        names.into_iter().map(|name| Ok((name.clone(), column(study, cohort, &name)?))).collect()
    }

    fn compare(&self, column: &Column, groups: &[Vec<usize>; 2]) -> Compared {
        match column {
            Column::Number(v) => tests::numeric(self, &groups.each_ref().map(|g| g.iter().map(|i| v[*i]).collect())),
            Column::Level(levels, codes) => {
                let picked = groups.each_ref().map(|g| g.iter().map(|i| codes[*i]).collect());
                tests::categorical(self, levels, &picked)
            }
        }
    }
}

/// A model's linear predictor, or a clinical variable; a number of at most two values is a factor.
fn column(study: &Study, cohort: &Cohort, name: &str) -> Result<Column> {
    one_meaning(study, name)?;
    if let Some(model) = study.models().find(|m| m.name == name && m.variables.iter().all(|v| v != name)) {
        return Ok(Column::Number(model.linear.clone()));
    }
    Ok(match &cohort.variable(name)?.values {
        Values::Factor { levels, codes } => Column::Level(levels.clone(), codes.clone()),
        Values::Numeric(v) => {
            let mut different = crate::num::summary::sorted(v);
            different.dedup();
            if different.len() > 2 {
                return Ok(Column::Number(v.clone()));
            }
            let code = |x: &f64| different.iter().position(|d| d == x);
            Column::Level(different.iter().map(f64::to_string).collect(), v.iter().map(code).collect())
        }
    })
}

/// That Fisher's test was not made, and what takes its place.
fn too_many(name: &str, role: &Role) -> Caution {
    Caution::Note(format!(
        "`{name}` in {} has too many different tables for Fisher's exact test and no p; `--categorical pearson` tests by chi-square",
        role.name
    ))
}

fn head(role: &Role, groups: &[Vec<usize>; 2]) -> Table {
    let [without, with] = groups.each_ref().map(Vec::len);
    Table::new(format!("{}: {without} without, {with} with the event", role.name))
        .left("variable")
        .right("without")
        .right("with")
        .left("test")
        .right("p")
        .right("|SMD|")
        .right("missing")
}

/// The variable's own row carries its test; a factor has a row a level below it.
fn write(table: &mut Table, name: &str, found: &Compared) {
    let missing = match found.missing {
        [0, 0] => String::new(),
        [without, with] => format!("{without} + {with}"),
    };
    let result = [found.test.to_string(), number::p(found.p), number::share(found.apart.abs()), missing];
    if !found.factor {
        for [what, without, with] in &found.rows {
            let cells = [format!("{name}, {what}"), without.clone(), with.clone()];
            table.row(cells.into_iter().chain(result.clone()));
        }
        return;
    }
    table.row([name.to_string(), String::new(), String::new()].into_iter().chain(result));
    for [level, without, with] in &found.rows {
        let cells = [format!("  {level}"), without.clone(), with.clone()];
        table.row(cells.into_iter().chain(std::iter::repeat_n(String::new(), 4)));
    }
}

fn values(role: &Role, name: &str, found: &Compared) -> serde_json::Value {
    json!({
        "role": role.name, "variable": name, "test": found.test, "p": found.p, "smd": found.apart,
        "missing_without": found.missing[0], "missing_with": found.missing[1],
        "rows": found.rows
    })
}
