//! Opening a cohort: scans, masks, second readers and clinical rows paired by id.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::absent;
use super::clinical::Variable;
use super::matrix::{rows_by_id, unlike};
use super::readers;
use super::role::Role;
use super::table::Table;
use crate::caution::Caution;
use crate::error::{Error, Result, listed, nearest};

/// What `open` was asked.
#[derive(Clone, Debug, Default)]
pub struct Opening {
    pub table: PathBuf,
    pub clinical: Option<PathBuf>,
    pub id: String,
    pub outcome: Option<String>,
    pub positive: Option<String>,
    pub role: Option<String>,
    /// Columns of numbers that are the names of levels.
    pub factors: Vec<String>,
}

/// One patient's files. Paths are as they can be opened; they never reach an output.
#[derive(Clone, Debug, PartialEq)]
pub struct Scan {
    pub image: PathBuf,
    pub mask: PathBuf,
    /// The masks of further readers on the same image, the second's first; none where one drew nothing.
    pub others: Vec<Option<PathBuf>>,
    /// The label of this row's masks, where the table has a `Label` column.
    pub label: Option<i64>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Patient {
    pub id: String,
    pub scan: Option<Scan>,
    pub role: Role,
}

/// The binary outcome; `events[i]` belongs to patient i.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    pub name: String,
    pub positive: String,
    pub events: Vec<bool>,
}

impl Outcome {
    /// Who of these patients had the event, in their order.
    pub fn of(&self, patients: &[usize]) -> Vec<bool> {
        patients.iter().map(|i| self.events[*i]).collect()
    }
}

/// The patients that take part, in the order of the cohort table.
#[derive(Clone, Debug, PartialEq)]
pub struct Cohort {
    pub patients: Vec<Patient>,
    pub id: String,
    pub outcome: Option<Outcome>,
    pub clinical: Vec<Variable>,
    /// The column that roles come from; without one all train until `split`.
    pub role: Option<String>,
    /// What was left out or odd on the way in.
    pub cautions: Vec<Caution>,
    /// The files of its tables.
    pub tables: Vec<PathBuf>,
}

impl Cohort {
    /// Every file that it is made of: tables, scans, masks.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        let scans = self.patients.iter().filter_map(|p| p.scan.as_ref());
        let scans = scans.flat_map(|s| [&s.image, &s.mask].into_iter().chain(s.others.iter().flatten()));
        self.tables.iter().chain(scans).map(PathBuf::as_path)
    }

    /// Roles that occur, training first, then as they first stand in the table.
    pub fn roles(&self) -> Vec<Role> {
        let mut roles: Vec<Role> = Vec::new();
        for patient in &self.patients {
            if !roles.contains(&patient.role) {
                roles.push(patient.role.clone());
            }
        }
        roles.sort_by_key(|r| !r.training);
        roles
    }

    /// The patients of a role, in order.
    pub fn members(&self, role: &Role) -> Vec<usize> {
        (0..self.patients.len()).filter(|i| self.patients[*i].role == *role).collect()
    }

    /// The training patients, in order.
    pub fn training(&self) -> Vec<usize> {
        (0..self.patients.len()).filter(|i| self.patients[*i].role.training).collect()
    }

    /// The columns that say what became of a patient and whom they judge: no table has features under these names.
    pub fn outcome_and_role(&self) -> impl Iterator<Item = &str> {
        self.outcome.iter().map(|o| o.name.as_str()).chain(self.role.as_deref())
    }

    pub fn ids(&self) -> Vec<String> {
        self.patients.iter().map(|p| p.id.clone()).collect()
    }

    /// A clinical variable by name.
    ///
    /// # Errors
    /// None of that name.
    pub fn variable(&self, name: &str) -> Result<&Variable> {
        self.clinical.iter().find(|v| v.name == name).ok_or_else(|| self.no_variable("clinical variable", name, &[]))
    }

    /// That `name` is no clinical variable, nor one of `others`: what the column is used for, or else the nearest name.
    pub fn no_variable(&self, what: &str, name: &str, others: &[&str]) -> Error {
        let outcome = self.outcome.as_ref().map(|o| &*o.name);
        let uses = [(Some(&*self.id), "ids"), (outcome, "outcome"), (self.role.as_deref(), "roles")];
        if let Some((_, used)) = uses.into_iter().find(|(column, _)| *column == Some(name)) {
            let expected = format!("it is the column of the {used}; name another");
            return Error::BadValue { what: format!("a {what}"), given: name.into(), expected };
        }
        let variables = self.clinical.iter().map(|v| v.name.as_str());
        let mut known: Vec<&str> = others.to_vec();
        known.extend(variables.filter(|v| !others.contains(v)));
        Error::NoSuch {
            what: what.into(),
            given: name.into(),
            nearest: nearest(name, known.iter().copied()),
            known: known.iter().map(ToString::to_string).collect(),
        }
    }
}

/// Values of a column that an error lists.
const FEW: usize = 5;

/// Pair the tables by id.
///
/// # Errors
/// A column that is not there, an id twice, an outcome that is not binary, a role column without a training role.
pub fn open(opening: &Opening) -> Result<Cohort> {
    let table = Table::read(&opening.table)?;
    let clinical = opening.clinical.as_ref().map(|path| Table::read(path)).transpose()?;
    let mut pairing = Pairing::new(&table, clinical.as_ref(), &opening.id)?;
    let outcome =
        opening.outcome.as_ref().map(|name| binary(&mut pairing, name, opening.positive.as_deref())).transpose()?;
    let roles = roles(&mut pairing, opening.role.as_deref())?;
    let scans = scans(&table, &opening.table, &mut pairing)?;
    let patients = pairing.ids.iter().zip(scans).zip(roles);
    let patients: Vec<Patient> = patients.map(|((id, scan), role)| Patient { id: id.clone(), scan, role }).collect();
    pairing.cautions.extend(absent::cautions(&patients));
    let used = [Some(&opening.id), opening.outcome.as_ref(), opening.role.as_ref()];
    let used: Vec<&str> = used.into_iter().flatten().map(String::as_str).collect();
    let (clinical, doubtful) = pairing.variables(&used, &opening.factors)?;
    pairing.cautions.extend(doubtful);
    let cohort = Cohort {
        patients,
        id: opening.id.clone(),
        outcome,
        clinical,
        role: opening.role.clone(),
        cautions: pairing.cautions,
        tables: std::iter::once(&opening.table).chain(&opening.clinical).cloned().collect(),
    };
    opening.factors.iter().try_for_each(|name| cohort.variable(name).map(|_| ()))?;
    Ok(cohort)
}

/// Rows of the two tables that belong to one patient.
struct Pairing<'a> {
    ids: Vec<String>,
    /// For each table the row of each patient.
    tables: Vec<(&'a Table, Vec<usize>)>,
    cautions: Vec<Caution>,
}

impl<'a> Pairing<'a> {
    fn new(table: &'a Table, clinical: Option<&'a Table>, id: &str) -> Result<Self> {
        let rows = rows_by_id(table, id)?;
        let ids: Vec<String> = table.text(id)?.into_iter().flatten().collect();
        let Some(clinical) = clinical else {
            let own = ids.iter().map(|i| rows[i]).collect();
            return Ok(Self { ids, tables: vec![(table, own)], cautions: Vec::new() });
        };
        let theirs = rows_by_id(clinical, id)?;
        let (both, only): (Vec<String>, Vec<String>) = ids.into_iter().partition(|i| theirs.contains_key(i));
        let mut strangers: Vec<String> = theirs.keys().filter(|i| !rows.contains_key(*i)).cloned().collect();
        strangers.sort();
        // One of each, for the error where none is in both.
        let alike = unlike(strangers.first(), only.first());
        let mut cautions = Vec::new();
        let file = |t: &Table| t.path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        for (ids, here, there) in [(only, table, clinical), (strangers, clinical, table)] {
            if !ids.is_empty() {
                cautions
                    .push(Caution::Unpaired { where_: format!("in {} but not in {}", file(here), file(there)), ids });
            }
        }
        if both.is_empty() {
            return Err(Error::Table {
                path: clinical.path.clone(),
                line: None,
                why: format!("no `{id}` of it is in {}", table.path.display()),
                remedy: alike,
            });
        }
        let pick = |rows: &HashMap<String, usize>| both.iter().map(|i| rows[i]).collect::<Vec<_>>();
        let tables = vec![(clinical, pick(&theirs)), (table, pick(&rows))];
        Ok(Self { ids: both, tables, cautions })
    }

    /// A column as text from the clinical table, else from the cohort table.
    fn text(&self, name: &str) -> Result<Vec<Option<String>>> {
        let (table, rows) = self.table_with(name)?;
        let column = table.text(name)?;
        Ok(rows.iter().map(|r| column[*r].clone()).collect())
    }

    fn table_with(&self, name: &str) -> Result<&(&'a Table, Vec<usize>)> {
        let found = self.tables.iter().find(|(t, _)| t.names().iter().any(|n| n == name));
        found.ok_or_else(|| {
            let known: Vec<String> = self.tables.iter().flat_map(|(t, _)| t.names()).collect();
            let nearest = nearest(name, known.iter().map(String::as_str));
            match (self.tables.as_slice(), &nearest) {
                ([(only, _)], None) => Error::Table {
                    path: only.path.clone(),
                    line: None,
                    why: format!("it has no column `{name}`, but {}", listed(&known, 20)),
                    remedy: "where another table holds the clinical variables, add `--clinical TABLE.csv`".into(),
                },
                _ => Error::NoSuch { what: "column".into(), given: name.to_string(), nearest, known },
            }
        })
    }

    /// Leave out the patients for whom `keep` is false.
    fn retain(&mut self, keep: &[bool]) {
        let mut flags = keep.iter();
        self.ids.retain(|_| flags.next().copied().unwrap_or(true));
        for (_, rows) in &mut self.tables {
            let mut flags = keep.iter();
            rows.retain(|_| flags.next().copied().unwrap_or(true));
        }
    }

    /// The clinical variables, and what is doubtful about them.
    fn variables(&self, used: &[&str], factors: &[String]) -> Result<(Vec<Variable>, Vec<Caution>)> {
        const FILES: [&str; 5] = ["Image", "Mask", "Label", "Label_channel", ""];
        let (mut variables, mut doubtful): (Vec<Variable>, Vec<Caution>) = Default::default();
        for (table, rows) in &self.tables {
            let rows: Vec<Option<usize>> = rows.iter().map(|r| Some(*r)).collect();
            for name in table.names() {
                let known = variables.iter().any(|v| v.name == name);
                let is_file = FILES.contains(&name.as_str())
                    || readers::reader(&name).is_some()
                    || absent::names_scans(table, &name);
                if !known && !is_file && !used.contains(&name.as_str()) {
                    let named = factors.contains(&name);
                    variables.push(Variable::read(table, &name, &rows, named)?);
                    doubtful.extend(variables.last().filter(|_| !named).and_then(|v| v.like_numbers(&self.ids)));
                }
            }
        }
        Ok((variables, doubtful))
    }
}

fn binary(pairing: &mut Pairing, name: &str, positive: Option<&str>) -> Result<Outcome> {
    let values = pairing.text(name)?;
    let missing: Vec<String> =
        pairing.ids.iter().zip(&values).filter(|(_, v)| v.is_none()).map(|(i, _)| i.clone()).collect();
    if !missing.is_empty() {
        pairing.cautions.push(Caution::Unpaired { where_: format!("without `{name}`, left out"), ids: missing });
        pairing.retain(&values.iter().map(Option::is_some).collect::<Vec<_>>());
    }
    let values: Vec<String> = values.into_iter().flatten().collect();
    let mut levels = values.clone();
    levels.sort();
    levels.dedup();
    let bad =
        |expected: String| Error::BadValue { what: format!("outcome `{name}`"), given: listed(&levels, FEW), expected };
    let [low, high] = levels.as_slice() else {
        return Err(bad(format!(
            "two different values are needed, there {}",
            match levels.len() {
                0 => "is none; name another column, or fill this one".to_string(),
                1 => "is 1; name another column, or correct this one".to_string(),
                n => format!("are {n}; give a column of two, empty for those who shall take no part"),
            }
        )));
    };
    let positive = match positive {
        Some(given) if levels.iter().any(|l| l == given) => given.to_string(),
        Some(given) => return Err(bad(format!("`--positive {given}` is not one of them"))),
        None => usual_positive(low, high)
            .ok_or_else(|| bad(format!("say which means the event, `--positive {high}` or `--positive {low}`")))?,
    };
    let events = values.iter().map(|v| *v == positive).collect();
    Ok(Outcome { name: name.to_string(), positive, events })
}

/// Without the event, and with it.
const PAIRS: [(&str, &str); 7] = [
    ("0", "1"),
    ("0.0", "1.0"),
    ("no", "yes"),
    ("nein", "ja"),
    ("n", "y"),
    ("false", "true"),
    ("negative", "positive"),
];

/// To name this value as the event says nothing that its outcome would not be taken for: it is the event of a plain pair, and
/// beside any other value the event has to be named.
pub fn means_event(value: &str) -> bool {
    PAIRS.iter().any(|(_, event)| *event == value.to_lowercase())
}

/// The value that plainly means the event; none when it is a matter of opinion.
fn usual_positive(low: &str, high: &str) -> Option<String> {
    let plain = |a: &str, b: &str| PAIRS.contains(&(a.to_lowercase().as_str(), b.to_lowercase().as_str()));
    if plain(low, high) { Some(high.to_string()) } else { plain(high, low).then(|| low.to_string()) }
}

fn roles(pairing: &mut Pairing, column: Option<&str>) -> Result<Vec<Role>> {
    let Some(column) = column else {
        return Ok(pairing.ids.iter().map(|_| Role::named("train")).collect());
    };
    let values = pairing.text(column)?;
    let missing: Vec<&String> = pairing.ids.iter().zip(&values).filter(|(_, v)| v.is_none()).map(|(i, _)| i).collect();
    let fault = |given: String, expected: &str| Error::BadValue {
        what: format!("role column `{column}`"),
        given,
        expected: expected.to_string(),
    };
    if let Some(id) = missing.first() {
        return Err(fault(format!("empty for {id}"), "every patient needs a role"));
    }
    let roles: Vec<Role> = values.into_iter().flatten().map(|v| Role::named(&v)).collect();
    if !roles.iter().any(|r| r.training) {
        let mut names: Vec<String> = roles.iter().map(|r| r.name.clone()).collect();
        names.sort();
        names.dedup();
        return Err(fault(listed(&names, FEW), "one of the roles must be called train or training"));
    }
    Ok(roles)
}

fn scans(table: &Table, path: &Path, pairing: &mut Pairing) -> Result<Vec<Option<Scan>>> {
    let names = table.names();
    let has = |name: &str| names.iter().any(|n| n == name);
    if !has("Image") || !has("Mask") {
        pairing.cautions.extend(absent::columns(table));
        return Ok(vec![None; pairing.ids.len()]);
    }
    let folder = path.parent().unwrap_or(Path::new(""));
    let rows = pairing.tables.iter().find(|(t, _)| std::ptr::eq(*t, table)).map(|(_, r)| r.as_slice()).unwrap_or(&[]);
    let file = |name: &str| -> Result<Vec<Option<PathBuf>>> {
        let column = if has(name) { table.text(name)? } else { vec![None; table.rows()] };
        Ok(rows.iter().map(|r| column[*r].as_ref().map(|f| folder.join(f))).collect())
    };
    let labels = if has("Label") { table.numbers("Label")? } else { vec![f64::NAN; table.rows()] };
    if let Some(row) = rows.iter().find(|r| labels[**r].is_finite() && labels[**r].fract() != 0.0) {
        return Err(Error::BadValue {
            what: format!("column `Label`, row {} of {}", row + 1, path.display()),
            given: labels[*row].to_string(),
            expected: "a whole number is expected".into(),
        });
    }
    let readers: Vec<Vec<Option<PathBuf>>> =
        readers::columns(&names, path)?.iter().map(|name| file(name)).collect::<Result<_>>()?;
    let (images, masks) = (file("Image")?, file("Mask")?);
    let named: Vec<(bool, bool)> = images.iter().zip(&masks).map(|(i, m)| (i.is_some(), m.is_some())).collect();
    let halves = absent::halves(&pairing.ids, &named);
    let all = images.into_iter().zip(masks).zip(rows).enumerate();
    let scans = all
        .map(|(i, ((image, mask), row))| {
            let label = labels[*row];
            let label = (!label.is_nan()).then_some(label as i64);
            let others = readers.iter().map(|masks| masks[i].clone()).collect();
            Some(Scan { image: image?, mask: mask?, others, label })
        })
        .collect();
    pairing.cautions.extend(halves);
    Ok(scans)
}
