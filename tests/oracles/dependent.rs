//! Step `dependent`: columns that depend linearly on each other, in the search by AIC and in tests of whole terms, and profile
//! limits where the outcome is separated.

use ndarray::{Array2, Axis};
use radnote::stats::logistic::{self, LikelihoodRatio};
use radnote::stats::stepwise::{self, Change, Criterion, Direction, Options, Term};
use radnote::stats::{firth, stepwise::Stepwise};
use radnote::task::Task;

use super::case::Node;
use super::tolerance::{EXACT, of_row, relative};

#[test]
fn dependent_columns_and_separated_profiles_equal_r() {
    super::compare("dependent", |case| {
        let results = case.root().need("results");
        let columns = results.need("columns");
        results.need("searches").items().iter().for_each(|node| search(node, &columns));
        results.need("tests").items().iter().for_each(|node| tests(node, &columns));
        let separated = results.need("separated");
        results.need("profiles").items().iter().for_each(|node| profile(node, &separated));
    });
}

/// The columns of these terms, with R's names of them; a factor's first level in the alphabet has none, but that of `coarse`.
fn design(columns: &Node, names: &[String]) -> (Array2<f64>, Vec<bool>, Vec<Term>, Vec<String>) {
    let y: Vec<bool> = columns.need("y").numbers().iter().map(|v| *v > 0.5).collect();
    let (mut x, mut terms, mut labels) = (Vec::new(), Vec::new(), Vec::new());
    for name in names {
        let first = labels.len();
        let cells = columns.need(name).texts();
        if name == "fold" || cells[0].parse::<f64>().is_err() {
            let mut levels = cells.clone();
            levels.sort();
            levels.dedup();
            if name == "coarse" {
                levels.reverse();
            }
            for level in &levels[1..] {
                labels.push(format!("{name}{level}"));
                x.extend(cells.iter().map(|c| f64::from(u8::from(c == level))));
            }
        } else {
            labels.push(name.clone());
            x.extend(columns.need(name).numbers());
        }
        terms.push(Term { name: name.clone(), columns: (first..labels.len()).collect() });
    }
    let x = Array2::from_shape_vec((labels.len(), y.len()), x).unwrap().reversed_axes();
    (x, y, terms, labels)
}

fn search(node: &Node, columns: &Node) {
    let names = node.need("terms").texts();
    let (x, y, terms, labels) = design(columns, &names);
    let direction = match node.need("direction").text().as_str() {
        "backward" => Direction::Backward,
        "forward" => Direction::Forward,
        _ => Direction::Both,
    };
    let start = if node.need("from").text() == "full" { (0..terms.len()).collect() } else { Vec::new() };
    let criterion = if node.need("bic").text() == "true" { Criterion::Bic } else { Criterion::Aic };
    let options = Options { direction, start, criterion, fit: logistic::Options::default() };
    let task = Task::default();
    let ours = stepwise::select(x.view(), &y, &terms, &options, &task).unwrap();
    let told = |change: &Option<Change>| match change {
        None => String::new(),
        Some(Change::Drop(t)) => format!("- {}", names[*t]),
        Some(Change::Add(t)) => format!("+ {}", names[*t]),
    };
    node.tells("steps", &ours.steps.iter().map(|s| told(&s.change)).collect::<Vec<_>>());
    let fine = relative(1e-8);
    node.have("deviance", &ours.steps.iter().map(|s| s.deviance).collect::<Vec<_>>(), fine);
    node.have("aic", &ours.steps.iter().map(|s| s.aic).collect::<Vec<_>>(), fine);
    let of = |t: &usize| terms[*t].columns.iter().map(|c| labels[*c].clone());
    let chosen = ours.selected.iter().flat_map(of);
    node.tells("coef_names", &std::iter::once("(Intercept)".to_string()).chain(chosen).collect::<Vec<_>>());
    node.have("coef", &ours.fit.coef, of_row(&ours.fit.coef, 1e-8));
    let Stepwise { selected, .. } = stepwise::reach(x.view(), &y, &terms, &options, &task).unwrap();
    assert_eq!(selected, ours.selected, "{} without candidates", node.place());
}

fn tests(node: &Node, columns: &Node) {
    let (x, y, terms, _) = design(columns, &node.need("terms").texts());
    let groups: Vec<Vec<usize>> = terms.iter().map(|t| t.columns.clone()).collect();
    let firth = firth::tests(x.view(), &y, &groups).unwrap();
    let fit =
        |columns: &[usize]| logistic::fit(x.select(Axis(1), columns).view(), &y, logistic::Options::default()).unwrap();
    let whole = fit(&(0..x.ncols()).collect::<Vec<_>>());
    for (each, (term, penalised)) in node.need("each").items().iter().zip(terms.iter().zip(firth)) {
        each.tells("term", &[&term.name]);
        let left: Vec<usize> = (0..x.ncols()).filter(|j| !term.columns.contains(j)).collect();
        let plain = whole.beyond(&fit(&left));
        each.has("df", plain.df as f64, EXACT);
        each.has("df", penalised.df as f64, EXACT);
        for (name, LikelihoodRatio { chi2, df, p }) in [("firth", penalised), ("ml", plain)] {
            // Of no degree of freedom nothing is left but rounding.
            each.has(&format!("{name}_chi2"), if df == 0 && chi2 < 1e-10 { 0.0 } else { chi2 }, relative(1e-7));
            each.has(&format!("{name}_p"), p, relative(1e-7));
        }
    }
}

fn profile(node: &Node, columns: &Node) {
    let (x, y, _, labels) = design(columns, &node.need("terms").texts());
    let fit = logistic::fit(x.view(), &y, logistic::Options::default()).unwrap();
    node.tells("coef_names", &std::iter::once("(Intercept)".to_string()).chain(labels).collect::<Vec<_>>());
    let limits = firth::profile(x.view(), &y, &fit, 0.95).unwrap();
    type Side = fn(&(f64, f64)) -> f64;
    let sides: [Side; 2] = [|l| l.0, |l| l.1];
    for (name, side) in ["lower", "upper"].iter().zip(sides) {
        let ours: Vec<f64> = limits.iter().map(side).collect();
        node.have(name, &ours, of_row(&ours, 1e-8));
    }
}
