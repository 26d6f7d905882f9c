//! Floor order, first lines and file sizes.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The table in `src/lib.rs`: module name to floor.
fn floors() -> HashMap<String, usize> {
    let text = fs::read_to_string("src/lib.rs").unwrap();
    let rows = text.lines().filter_map(|l| l.strip_prefix("//! floor "));
    let mut floors = HashMap::new();
    for row in rows {
        let (floor, rest) = row.split_once("  ").unwrap();
        let names = rest.trim_start().split("  ").next().unwrap();
        for name in names.split_whitespace() {
            floors.insert(name.to_string(), floor.parse().unwrap());
        }
    }
    floors
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

fn all_sources() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for folder in ["src", "tests", "examples", "benches"] {
        if Path::new(folder).is_dir() {
            sources(Path::new(folder), &mut found);
        }
    }
    found
}

/// The module a source file belongs to: `src/stats/roc.rs` to `stats`.
fn module(path: &Path) -> String {
    let first = path.strip_prefix("src").unwrap().components().next().unwrap();
    first.as_os_str().to_string_lossy().trim_end_matches(".rs").to_string()
}

/// The crate modules a source names: `use crate::a::..`, `crate::a::..` and the grouped `use crate::{a, b::c}`.
fn named(text: &str) -> Vec<String> {
    let word = |s: &str| s.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let mut names = Vec::new();
    for (at, _) in text.match_indices("crate::") {
        let rest = &text[at + "crate::".len()..];
        let Some(group) = rest.strip_prefix('{') else {
            names.push(word(rest));
            continue;
        };
        let mut depth = 0;
        let mut start = true;
        for (i, c) in group.char_indices() {
            if start && depth == 0 && !c.is_whitespace() {
                names.push(word(&group[i..]));
                start = false;
            }
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => start = true,
                _ => {}
            }
        }
    }
    names.retain(|n| !n.is_empty());
    names
}

#[test]
fn a_module_imports_only_from_lower_floors() {
    let floors = floors();
    let mut wrong = Vec::new();
    let mut files = Vec::new();
    sources(Path::new("src"), &mut files);
    for path in files {
        let own = module(&path);
        if own == "lib" || own == "main" {
            continue;
        }
        let floor = floors.get(&own).unwrap_or_else(|| panic!("{own} is not in the table of src/lib.rs"));
        let text = fs::read_to_string(&path).unwrap();
        for name in named(&text).into_iter().filter(|n| *n != own) {
            match floors.get(&name) {
                Some(other) if other < floor => {}
                Some(_) => wrong.push(format!("{}: {own} imports {name}", path.display())),
                None => wrong.push(format!("{}: {name} is not a module of the table", path.display())),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_import_form_is_seen() {
    assert_eq!(named("use crate::{a::{b, c}, d, e::f};"), ["a", "d", "e"]);
    assert_eq!(named("use crate::a::b; crate::c::d()"), ["a", "c"]);
}

#[test]
fn every_file_says_what_it_is_and_stays_small() {
    for path in all_sources() {
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("//! "), "{} has no first line that says what it is", path.display());
        let code = text.split("#[cfg(test)]").next().unwrap().lines().count();
        assert!(code <= 400, "{} has {code} lines", path.display());
    }
}
