//! Step `icc`: psych and Shrout and Fleiss' own table.

use radnote::stats::icc::{self, Form};

use super::case::Node;
use super::table::Table;
use super::tolerance::{EXACT, ICC, ICC_LIMIT, P, absolute, relative};

#[test]
fn icc_equals_r() {
    super::compare("icc", |case| {
        for (_, set) in case.results() {
            let table = set.table();
            if let Some(result) = set.at("result") {
                let readers: Vec<Vec<f64>> = table.names[1..].iter().map(|n| table.numbers(n)).collect();
                feature(&result, &readers);
                published(&set, &readers);
            }
            for (name, result) in set.at("features").map(|f| f.entries()).unwrap_or_default() {
                feature(&result, &by_reader(&table, &name));
            }
        }
    });
}

/// The agreement of the teams of the Image Biomarker Standardisation Initiative on sarcomas, where a folder has it: tables
/// NAME_features.csv and NAME_icc.csv. Their own ICC is another formula; compared is Shrout and Fleiss', of the values as
/// they are and after Yeo and Johnson's transform, whose lambda the table gives.
#[test]
fn six_teams_agree_as_r_says() {
    for folder in super::folders() {
        let files = std::fs::read_dir(&folder).unwrap().map(|e| e.unwrap().file_name().to_string_lossy().into_owned());
        for stem in files.filter_map(|f| f.strip_suffix("_icc.csv").map(str::to_string)) {
            let (values, said) = (folder.join(format!("{stem}_features.csv")), folder.join(format!("{stem}_icc.csv")));
            if values.is_file() && Table::read(&said).find("sf_icc21_raw").is_some() {
                let (compared, largest) = teams(&Table::read(&values), &Table::read(&said));
                println!("{}: {compared} values compared, largest relative difference {largest:.1e}", said.display());
                assert!(compared > 0);
            }
        }
    }
}

fn teams(values: &Table, said: &Table) -> (usize, f64) {
    let (mut compared, mut largest) = (0, 0.0_f64);
    for (row, name) in said.texts("tag").iter().enumerate() {
        // A team that gives no value of a feature is no reader of it.
        let mut raw = by_reader(values, name);
        raw.retain(|team| team.iter().any(|v| !v.is_nan()));
        let lambda = said.numbers("yj_lambda")[row];
        let transformed: Vec<Vec<f64>> =
            raw.iter().map(|reader| reader.iter().map(|v| yeo_johnson(*v, lambda)).collect()).collect();
        for (readers, kind) in [(&raw, "raw"), (&transformed, "yj")] {
            let at = |column: String| said.find(&column).map(|_| said.numbers(&column)[row]);
            let slices: Vec<&[f64]> = readers.iter().map(Vec::as_slice).collect();
            let Ok(squares) = icc::mean_squares(&slices) else {
                assert!(at(format!("sf_icc21_{kind}")).is_none_or(f64::is_nan), "{name}");
                continue;
            };
            assert_eq!(squares.n as f64, said.numbers("n_patients_complete")[row], "{name}");
            let (lower, upper) = icc::interval(&squares, Form::TwoSingle, 0.95);
            for (column, ours, near) in [
                (format!("sf_icc21_{kind}"), icc::coefficient(&squares, Form::TwoSingle), ICC),
                (format!("sf_icc21_{kind}_low"), lower, ICC_LIMIT),
                (format!("sf_icc21_{kind}_up"), upper, ICC_LIMIT),
                (format!("sf_icc31_{kind}"), icc::coefficient(&squares, Form::ThreeSingle), ICC),
            ] {
                let Some(theirs) = at(column.clone()) else { continue };
                let difference = near.difference(ours, theirs);
                assert!(difference <= near.relative, "{name} {column}: {ours} is not {theirs}");
                (compared, largest) = (compared + 1, largest.max(difference));
            }
        }
    }
    (compared, largest)
}

/// Yeo and Johnson's (2000) transform, by powers as it is written.
fn yeo_johnson(x: f64, lambda: f64) -> f64 {
    match (x >= 0.0, lambda) {
        (true, 0.0) => x.ln_1p(),
        (true, l) => ((x + 1.0).powf(l) - 1.0) / l,
        (false, 2.0) => -(-x).ln_1p(),
        (false, l) => -((1.0 - x).powf(2.0 - l) - 1.0) / (2.0 - l),
    }
}

/// The long table of patient, reader, value as one list for each reader.
fn by_reader(table: &Table, feature: &str) -> Vec<Vec<f64>> {
    let (subjects, readers, values) =
        (table.texts(&table.names[0]), table.texts(&table.names[1]), table.numbers(feature));
    let distinct = |cells: &[String]| {
        let mut seen: Vec<String> = Vec::new();
        cells.iter().for_each(|c| {
            if !seen.contains(c) {
                seen.push(c.clone())
            }
        });
        seen
    };
    let rows = distinct(subjects);
    let cell = |reader: &String, subject: &String| {
        (0..values.len()).find(|&i| &subjects[i] == subject && &readers[i] == reader).map_or(f64::NAN, |i| values[i])
    };
    distinct(readers).iter().map(|r| rows.iter().map(|s| cell(r, s)).collect()).collect()
}

fn published(set: &Node, readers: &[Vec<f64>]) {
    let slices: Vec<&[f64]> = readers.iter().map(Vec::as_slice).collect();
    let squares = icc::mean_squares(&slices).unwrap();
    for (node, form) in set.at("published_1979").map(|p| p.entries()).unwrap_or_default().iter().zip(Form::ALL) {
        let two_digits = (icc::coefficient(&squares, form) * 100.0).round() / 100.0;
        node.1.is(two_digits, EXACT);
    }
}

fn feature(result: &Node, readers: &[Vec<f64>]) {
    let slices: Vec<&[f64]> = readers.iter().map(Vec::as_slice).collect();
    let squares = icc::mean_squares(&slices);
    result.tells("n_rows", &[readers[0].len()]);
    if let Some(node) = result.at("psych_lmer") {
        node.excuse("another estimator than the analysis of variance");
    }
    let Ok(squares) = squares else {
        for key in ["n_complete", "n_missing"] {
            if let Some(node) = result.at(key) {
                node.read();
            }
        }
        undefined(result);
        return;
    };
    result.tells("n_complete", &[squares.n]);
    result.tells("n_missing", &[squares.missing]);
    if let Some(node) = result.at("mean_squares") {
        node.tells("n", &[squares.n]);
        node.tells("k", &[squares.k]);
        // A residual below 1e-24 of the other squares is rounding, which the product calls 0.
        let exact = node.need("mse").number() < 1e-24 * (squares.msb + squares.msj);
        for (key, ours) in [("msb", squares.msb), ("msw", squares.msw), ("msj", squares.msj), ("mse", squares.mse)] {
            match node.at(key) {
                Some(node) if key == "mse" && exact => node.must(ours == 0.0, "a residual of rounding is not 0"),
                Some(node) => node.is(ours, ICC),
                None => {}
            }
        }
    }
    if let Some(node) = result.at("listwise") {
        forms(&node, &squares);
    }
    if let Some(node) = result.at("psych_aov") {
        if squares.mse == 0.0 {
            node.excuse("psych has noise where there is no residual");
        } else {
            by_psych(&node, &squares);
        }
    }
}

/// psych sums without taking an offset away first: on a mean of a million deviations it is 4e-8 off.
fn by_psych(node: &Node, squares: &icc::MeanSquares) {
    let each = |f: &dyn Fn(Form) -> f64| Form::ALL.map(f);
    let near = relative(1e-6);
    node.have("icc", &each(&|form| icc::coefficient(squares, form)), near);
    node.have("F", &each(&|form| icc::test(squares, form).f), near);
    node.have("df1", &each(&|form| icc::test(squares, form).df1), EXACT);
    node.have("df2", &each(&|form| icc::test(squares, form).df2), EXACT);
    node.have("p", &each(&|form| icc::test(squares, form).p), absolute(1e-10));
    node.have("lower", &each(&|form| icc::interval(squares, form, 0.95).0), near);
    node.have("upper", &each(&|form| icc::interval(squares, form, 0.95).1), near);
    for key in ["psych", "shrout_fleiss", "mcgraw_wong"] {
        node.need(key).read();
    }
}

fn forms(node: &Node, squares: &icc::MeanSquares) {
    node.need("shrout_fleiss").read();
    for (i, form) in Form::ALL.into_iter().enumerate() {
        let at = |key: &str| node.need(key).items().remove(i);
        let test = icc::test(squares, form);
        let (lower, upper) = icc::interval(squares, form, 0.95);
        at("icc").is(icc::coefficient(squares, form), ICC);
        at("df1").is(test.df1, EXACT);
        at("df2").is(test.df2, EXACT);
        // Without residual F is infinite, p 0 and the limits 1; the plain formulas give noise (F about 1e31) or NaN there.
        if test.f.is_infinite() {
            let f = at("F").number();
            let noise = f.is_nan() || f >= 1e20;
            at("F").must(noise, "F is infinite, and finite in the reference");
            let p = at("p").number();
            at("p").must(test.p == 0.0 && (p.is_nan() || p <= 1e-40), "p is 0, and larger in the reference");
        } else {
            at("F").is(test.f, ICC);
            at("p").is(test.p, P);
        }
        if squares.msw == 0.0 {
            at("lower").must(lower == 1.0, "identical readers agree wholly");
            at("upper").must(upper == 1.0, "identical readers agree wholly");
        } else {
            at("lower").is(lower, ICC_LIMIT);
            at("upper").is(upper, ICC_LIMIT);
        }
    }
}

/// The reference has NaN, or nothing but a note, where the product refuses.
fn undefined(result: &Node) {
    if let Some(listwise) = result.at("listwise") {
        listwise.need("icc").are(&[f64::NAN; 6], EXACT);
        listwise.excuse("undefined: the product gives no value");
    }
    for key in ["mean_squares", "psych_aov", "note"] {
        if let Some(node) = result.at(key) {
            node.excuse("undefined: the product gives no value");
        }
    }
}
