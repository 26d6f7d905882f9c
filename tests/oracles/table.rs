//! Input tables: comma separated, first row names, empty or `NA` cells missing.

use std::fs;
use std::path::Path;

/// Columns of text in file order.
#[derive(Clone, Debug, Default)]
pub struct Table {
    pub names: Vec<String>,
    columns: Vec<Vec<String>>,
}

impl Table {
    pub fn read(path: &Path) -> Self {
        let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let cells = |line: &str| -> Vec<String> {
            let mut quoted = false;
            let ends = |c: char| {
                quoted ^= c == '"';
                c == ',' && !quoted
            };
            line.split(ends).map(|c| c.trim().trim_matches('"').to_string()).collect()
        };
        let mut lines = text.lines().filter(|l| !l.trim().is_empty()).map(cells);
        let names = lines.next().unwrap();
        let mut columns = vec![Vec::new(); names.len()];
        for line in lines {
            assert_eq!(line.len(), names.len(), "{}: a ragged row", path.display());
            line.into_iter().zip(&mut columns).for_each(|(cell, column)| column.push(cell));
        }
        Self { names, columns }
    }

    /// Tables of the same rows side by side; a column that was there already (the patient) is not repeated.
    pub fn joined(folder: &Path, files: &[String]) -> Self {
        let mut whole = Self::default();
        for file in files.iter().filter(|f| f.ends_with(".csv") && !f.starts_with("boot_idx")) {
            let part = Self::read(&folder.join(file));
            for (name, column) in part.names.into_iter().zip(part.columns) {
                if !whole.names.contains(&name) {
                    whole.names.push(name);
                    whole.columns.push(column);
                }
            }
        }
        whole
    }

    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, Vec::len)
    }

    pub fn find(&self, name: &str) -> Option<&[String]> {
        self.names.iter().position(|n| n == name).map(|i| self.columns[i].as_slice())
    }

    pub fn texts(&self, name: &str) -> &[String] {
        self.find(name).unwrap_or_else(|| panic!("no column `{name}`"))
    }

    pub fn numbers(&self, name: &str) -> Vec<f64> {
        self.texts(name).iter().map(|c| number(c)).collect()
    }

    /// A binary column: of numbers the larger, of texts the later by alphabet is the case.
    pub fn outcome(&self, name: &str) -> Vec<bool> {
        let texts = self.texts(name);
        let mut levels: Vec<&String> = texts.iter().filter(|t| !is_missing(t)).collect();
        levels.sort_by(|a, b| number(a).total_cmp(&number(b)).then(a.cmp(b)));
        let case = *levels.last().unwrap();
        texts.iter().map(|t| t == case).collect()
    }

    /// The name of the two-valued column with as many cases and controls among the rows where `values` are there.
    pub fn outcome_with(&self, cases: usize, controls: usize, values: &[f64]) -> Option<String> {
        let fits = |name: &&String| {
            let cells = self.texts(name);
            let mut levels: Vec<&String> = cells.iter().filter(|t| !is_missing(t)).collect();
            levels.sort();
            levels.dedup();
            let rows = (0..cells.len()).filter(|&i| !is_missing(&cells[i]) && !values[i].is_nan());
            let outcome = self.outcome(name);
            let (a, b): (Vec<usize>, Vec<usize>) = rows.partition(|&i| outcome[i]);
            levels.len() == 2 && (a.len(), b.len()) == (cases, controls)
        };
        self.names.iter().find(fits).cloned()
    }

    /// The rows where `keep` holds.
    pub fn filtered(&self, keep: impl Fn(usize) -> bool) -> Self {
        let rows: Vec<usize> = (0..self.rows()).filter(|&i| keep(i)).collect();
        let columns = self.columns.iter().map(|c| rows.iter().map(|&i| c[i].clone()).collect()).collect();
        Self { names: self.names.clone(), columns }
    }

    /// The rows where a column says so.
    pub fn only(&self, name: &str, value: &str) -> Self {
        let column = self.texts(name);
        self.filtered(|i| column[i] == value)
    }
}

pub fn is_missing(cell: &str) -> bool {
    cell.is_empty() || cell == "NA"
}

fn number(cell: &str) -> f64 {
    match cell {
        "Inf" => f64::INFINITY,
        "-Inf" => f64::NEG_INFINITY,
        cell => cell.parse().unwrap_or(f64::NAN),
    }
}
