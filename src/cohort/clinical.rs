//! Clinical variables: numbers, or a factor with its levels.

use super::table::Table;
use crate::caution::Caution;
use crate::error::Result;
use crate::num::comma::readings;
use crate::num::summary;

/// One clinical column over the patients of the cohort, in their order.
#[derive(Clone, Debug, PartialEq)]
pub struct Variable {
    pub name: String,
    pub values: Values,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// NaN where missing.
    Numeric(Vec<f64>),
    /// Levels in the order of their bytes (as R in the C locale: capitals first), of numbers in theirs; the first is the
    /// reference; none where missing.
    Factor { levels: Vec<String>, codes: Vec<Option<usize>> },
}

/// Numbers as the levels of a factor, in ascending order, as R's `factor`.
fn levels_of(numbers: &[f64]) -> Values {
    let mut different = summary::sorted(&numbers.iter().copied().filter(|v| !v.is_nan()).collect::<Vec<f64>>());
    different.dedup();
    let codes = numbers.iter().map(|v| different.iter().position(|d| d == v)).collect();
    Values::Factor { levels: different.iter().map(f64::to_string).collect(), codes }
}

impl Variable {
    /// A column of the table as numbers where every field is one and they are no names of levels, else as a factor. `rows` picks and orders the rows;
    /// a patient without a row is missing.
    ///
    /// # Errors
    /// No column of that name.
    pub fn read(table: &Table, name: &str, rows: &[Option<usize>], is_factor: bool) -> Result<Self> {
        let values = if table.is_numeric(name) {
            let all = table.numbers(name)?;
            let numbers: Vec<f64> = rows.iter().map(|r| r.map_or(f64::NAN, |r| all[r])).collect();
            if is_factor { levels_of(&numbers) } else { Values::Numeric(numbers) }
        } else {
            let all = table.text(name)?;
            let picked: Vec<Option<&String>> = rows.iter().map(|r| r.and_then(|r| all[r].as_ref())).collect();
            let mut levels: Vec<String> = picked.iter().flatten().map(|v| (*v).clone()).collect();
            levels.sort();
            levels.dedup();
            let codes = picked.iter().map(|v| v.and_then(|v| levels.binary_search(v).ok())).collect();
            Values::Factor { levels, codes }
        };
        Ok(Self { name: name.to_string(), values })
    }

    /// How many values a number has, where these are whole and so few that they may be names of levels; two values are one
    /// level against the other either way.
    pub fn like_levels(&self) -> Option<usize> {
        let Values::Numeric(numbers) = &self.values else { return None };
        let known: Vec<f64> = numbers.iter().copied().filter(|v| !v.is_nan()).collect();
        let mut different = summary::sorted(&known);
        different.dedup();
        let few = (3..=5).contains(&different.len()) && different.len() < known.len();
        (few && different.iter().all(|v| v.fract() == 0.0)).then_some(different.len())
    }

    /// That a factor was meant as a number, as more than half of its values are one, if one with a decimal comma counts: what of
    /// these patients is none.
    pub fn like_numbers(&self, ids: &[String]) -> Option<Caution> {
        let Values::Factor { levels, codes } = &self.values else { return None };
        let is_none = |level: &&String| level.parse::<f64>().is_err();
        let known: Vec<(&String, &String)> =
            codes.iter().zip(ids).filter_map(|(c, id)| Some((&levels[(*c)?], id))).collect();
        let mut none: Vec<&(&String, &String)> = known.iter().filter(|(level, _)| is_none(level)).collect();
        let odd: Vec<&(&String, &String)> =
            none.iter().copied().filter(|(level, _)| readings(level).is_none()).collect();
        let readable = known.len() - odd.len();
        // Beside numbers with a comma those that are none even so are why the others are not read.
        if !odd.is_empty() {
            none = odd;
        }
        let (first, id) = none.first().filter(|_| 2 * readable > known.len())?;
        let rest = match none.len() {
            1 => "is no number".to_string(),
            n => format!("and {} more are no numbers", n - 1),
        };
        let mend = match readings(first) {
            Some((point, Some(plain))) => format!("write {point} or, where the comma parts thousands, {plain}"),
            Some((point, None)) => format!("write {point}"),
            None => "mend it in the table".into(),
        };
        Some(Caution::Note(format!(
            "the column `{name}` counts as categories, since `{first}` of {id} {rest}: {mend}, or say `--factor {name}` where \
             categories are meant",
            name = self.name
        )))
    }

    /// Whether patient `i` has a value.
    pub fn known(&self, i: usize) -> bool {
        match &self.values {
            Values::Numeric(v) => !v[i].is_nan(),
            Values::Factor { codes, .. } => codes[i].is_some(),
        }
    }

    /// The value of patient `i` as text; empty where missing.
    pub fn text(&self, i: usize) -> String {
        match &self.values {
            Values::Numeric(v) if v[i].is_nan() => String::new(),
            Values::Numeric(v) => format!("{}", v[i]),
            Values::Factor { levels, codes } => codes[i].map(|c| levels[c].clone()).unwrap_or_default(),
        }
    }

    /// The levels of a factor that these patients have, in order; none of a number.
    pub fn levels(&self, rows: &[usize]) -> Vec<usize> {
        match &self.values {
            Values::Numeric(_) => Vec::new(),
            Values::Factor { levels, codes } => {
                (0..levels.len()).filter(|level| rows.iter().any(|i| codes[*i] == Some(*level))).collect()
            }
        }
    }

    /// The design columns of the variable in a model that is fitted on `rows`: the numbers, or one 0/1 column for each level
    /// these patients have but the first (R's treatment contrasts, named as R names them; glm too drops the levels it does
    /// not see). NaN where missing, and for a level that none of the rows has, of which the model knows nothing.
    pub fn design(&self, rows: &[usize]) -> Vec<(String, Vec<f64>)> {
        match &self.values {
            Values::Numeric(v) => vec![(self.name.clone(), v.clone())],
            Values::Factor { levels, codes } => {
                let seen = self.levels(rows);
                let value = |code: &Option<usize>, level: usize| match code.filter(|c| seen.contains(c)) {
                    Some(code) => f64::from(u8::from(code == level)),
                    None => f64::NAN,
                };
                let column = |&level: &usize| {
                    let name = format!("{}{}", self.name, levels[level]);
                    (name, codes.iter().map(|code| value(code, level)).collect())
                };
                seen.iter().skip(1).map(column).collect()
            }
        }
    }
}
