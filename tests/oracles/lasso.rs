//! Step `glmnet`: paths, cross-validation and interpolation.

use ndarray::{Array2, Axis};
use radnote::num::summary;
use radnote::stats::lasso::{self, CrossValidation, Cv, Loss, Model, Options, Path};
use radnote::stats::mann_whitney;
use radnote::task::Task;

use super::case::Node;
use super::ranks::matrix;
use super::table::Table;
use super::tolerance::{EXACT, absolute, relative};

/// What R was given.
struct Data {
    x: Array2<f64>,
    names: Vec<String>,
    outcome: Vec<bool>,
    table: Table,
    /// For each column the first that it is a copy of (itself where it is none), and by what factor.
    twins: Vec<(usize, f64)>,
}

#[test]
fn glmnet_equals_r() {
    super::compare("glmnet", |case| {
        for (_, set) in case.results() {
            let data = data(&set);
            set.tells("n", &[data.x.nrows()]);
            set.tells("p", &[data.x.ncols()]);
            for (key, node) in set.entries() {
                if key.starts_with("path_") {
                    path(&key, &node, &data);
                } else if key.starts_with("cv_") {
                    cross_validation(&key, &node, &data);
                }
            }
            if let (Some(points), Some(user)) = (set.at("interpolation"), set.at("path_user_lambda")) {
                interpolation(&points, &user, &data);
            }
        }
    });
}

fn data(set: &Node) -> Data {
    let table = set.table();
    let ends = set.need("feature_names_first_last").texts();
    let at = |name: &String| table.names.iter().position(|n| n == name).unwrap();
    let mut names = table.names[at(&ends[0])..=at(&ends[1])].to_vec();
    let known = |n: &str| n.starts_with("fold") || ["patient", "id"].contains(&n) || names.iter().any(|f| f == n);
    let outcome = table.names.iter().find(|n| !known(n)).unwrap();
    let outcome = table.outcome(outcome);
    if set.at("note").is_some_and(|n| n.text().contains("wilcox.test p < 0.05")) {
        let tests = mann_whitney::each(matrix(&table, &names).view(), &outcome, Default::default());
        let kept = names.iter().zip(&tests).filter(|(_, t)| t.p < 0.05);
        names = kept.map(|(n, _)| n.clone()).collect();
    }
    let x = matrix(&table, &names);
    let twins = twins(&x);
    Data { x, names, outcome, table, twins }
}

/// Between a column and its copy (or negative, or multiple) the coefficient is split by rounding: only the sum is unique.
fn twins(x: &Array2<f64>) -> Vec<(usize, f64)> {
    let scaled = |j: usize| {
        let values = x.column(j).to_vec();
        let (mean, sd) = (summary::mean(&values), summary::sd(&values));
        (values.iter().map(|v| (v - mean) / sd).collect::<Vec<f64>>(), sd)
    };
    let columns: Vec<(Vec<f64>, f64)> = (0..x.ncols()).map(scaled).collect();
    let same = |a: &[f64], b: &[f64], sign: f64| a.iter().zip(b).all(|(a, b)| (a - sign * b).abs() < 1e-9);
    let twin = |j: usize| {
        let (mine, sd) = &columns[j];
        (0..j).find_map(|k| {
            let sign = [1.0, -1.0].into_iter().find(|s| same(mine, &columns[k].0, *s))?;
            Some((k, sign * sd / columns[k].1))
        })
    };
    (0..x.ncols()).map(|j| twin(j).unwrap_or((j, 1.0))).collect()
}

impl Data {
    fn copies(&self) -> bool {
        self.twins.iter().enumerate().any(|(j, t)| t.0 != j)
    }

    /// Coefficients by column, those of copies added to the first.
    fn joined(&self, coefficients: &[(usize, f64)]) -> Vec<f64> {
        let mut sums = vec![0.0; self.twins.len()];
        coefficients.iter().for_each(|(j, b)| sums[self.twins[*j].0] += b * self.twins[*j].1);
        sums
    }
}

const RATTLE: &str =
    "copied columns share a coefficient by rounding, so its parts and their number are R's alone; sums are compared";

/// The threshold that stands in a name; glmnet's own where none does.
fn threshold(key: &str) -> f64 {
    let after = key.split("thresh_1e").nth(1).and_then(|e| e.parse::<i32>().ok());
    after.map_or(1e-7, |e| 10f64.powi(-e))
}

/// The options a path's name and note tell.
fn options(key: &str, node: &Node) -> Options {
    let mut options = Options { threshold: threshold(key), ..Options::default() };
    let after =
        |word: &str| key.split(word).nth(1).and_then(|r| r.split('_').next()).and_then(|v| v.parse::<f64>().ok());
    if let Some(alpha) = after("alpha_") {
        options.alpha = alpha;
    }
    if let Some(n) = after("nlambda_") {
        options.penalties = n as usize;
    }
    options.ratio = after("ratio_");
    options.standardize = !key.contains("unstandardized");
    if key.contains("user_lambda") {
        options.lambda = Some(node.need("lambda").numbers());
    }
    options
}

fn path(key: &str, node: &Node, data: &Data) {
    let mut data = Data {
        x: data.x.clone(),
        names: Vec::new(),
        outcome: data.outcome.clone(),
        table: Table::default(),
        twins: data.twins.clone(),
    };
    let mut options = options(key, node);
    if !options.standardize {
        data.x = rescaled(data.x);
    }
    if !options.standardize || options.alpha < 1.0 {
        // Other scales, or a ridge penalty, make the split between copies unique.
        data.twins = (0..data.x.ncols()).map(|j| (j, 1.0)).collect();
    }
    let fit = |options: &Options| lasso::fit(data.x.view(), &data.outcome, options, &Task::default()).unwrap();
    let mut ours = fit(&options);
    if !key.contains("thresh") && !key.contains("default") {
        // A name that tells no threshold had glmnet's or 1e-12: the number of sweeps shows which.
        options.threshold = 1e-12;
        let other = fit(&options);
        let passes = node.need("npasses").number();
        if (other.sweeps as f64 - passes).abs() < (ours.sweeps as f64 - passes).abs() {
            ours = other;
        }
    }
    let fine = relative(1e-8);
    node.need("jerr").must(ours.complete, "the path did not settle");
    node.tells("n_lambda", &[ours.lambda.len()]);
    node.have("lambda", &ours.lambda, relative(1e-12));
    node.have("dev_ratio", &ours.explained, absolute(1e-9));
    node.has("nulldev", ours.null_deviance, fine);
    for silent in ["warnings", "kkt_max_rel_violation"] {
        if let Some(node) = node.at(silent) {
            node.excuse("about R's own fit");
        }
    }
    node.have("a0", &ours.models.iter().map(|m| m.intercept).collect::<Vec<f64>>(), absolute(1e-8));
    if let Some(beta) = node.at("beta") {
        coefficients(&beta, &ours, &data);
    }
    if data.copies() {
        ["df", "npasses"].into_iter().filter_map(|k| node.at(k)).for_each(|n| n.excuse(RATTLE));
    } else {
        node.have("df", &ours.sizes().iter().map(|s| *s as f64).collect::<Vec<f64>>(), EXACT);
        node.has("npasses", ours.sweeps as f64, EXACT);
    }
}

/// Coefficients in coordinate form; one that is missing there is 0.
fn coefficients(beta: &Node, path: &Path, data: &Data) {
    let (at, feature) = (beta.need("lambda_index").numbers(), beta.need("feature_index").numbers());
    let (values, items) = (beta.need("value").numbers(), beta.need("value").items());
    let mut theirs = vec![Vec::new(); path.models.len()];
    for ((l, j), value) in at.iter().zip(&feature).zip(&values) {
        theirs[*l as usize - 1].push((*j as usize - 1, *value));
    }
    let theirs: Vec<Vec<f64>> = theirs.iter().map(|c| data.joined(c)).collect();
    let ours: Vec<Vec<f64>> = path.models.iter().map(|m| data.joined(&m.coefficients)).collect();
    let largest: Vec<f64> =
        (0..path.columns).map(|j| theirs.iter().map(|row| row[j].abs()).fold(1e-300, f64::max)).collect();
    let is_extra =
        |(a, b): (&Vec<f64>, &Vec<f64>)| (0..path.columns).any(|j| b[j] == 0.0 && a[j].abs() > 1e-8 * largest[j]);
    let extra = ours.iter().zip(&theirs).position(is_extra);
    beta.need("lambda_index").must(extra.is_none(), &format!("a coefficient too many at penalty {extra:?}"));
    for ((l, j), item) in at.iter().zip(&feature).zip(&items) {
        let (l, j) = (*l as usize - 1, data.twins[*j as usize - 1].0);
        item.differs_by((ours[l][j] - theirs[l][j]) / largest[j], relative(1e-8));
    }
    beta.need("feature_index").must(true, "");
}

/// As the note says: the first 30 columns, standardised with n - 1, times a rising factor.
fn rescaled(x: Array2<f64>) -> Array2<f64> {
    let mut x = x.select(Axis(1), &(0..30).collect::<Vec<_>>());
    for (j, mut column) in x.columns_mut().into_iter().enumerate() {
        let values = column.to_vec();
        let factor = 0.5 + j as f64 * 1.5 / 29.0;
        column.mapv_inplace(|v| (v - summary::mean(&values)) / summary::sd(&values) * factor);
    }
    x
}

fn cross_validation(key: &str, node: &Node, data: &Data) {
    let fold_column = key.split('_').nth(1).filter(|f| f.starts_with("fold")).unwrap_or("fold");
    let folds: Vec<usize> = data.table.numbers(fold_column).iter().map(|f| *f as usize).collect();
    let loss = match node.need("type_measure").text().as_str() {
        "class" => Loss::Class,
        "auc" => Loss::Auc,
        "mse" => Loss::Mse,
        "mae" => Loss::Mae,
        _ => Loss::Deviance,
    };
    let fit = Options { threshold: threshold(key), ..Options::default() };
    let how = CrossValidation { folds, loss, grouped: !key.contains("ungrouped"), fit };
    let ours = lasso::choose(data.x.view(), &data.outcome, &how, &Task::default()).unwrap();
    let named = match ours.loss {
        Loss::Deviance => "Binomial Deviance",
        Loss::Class => "Misclassification Error",
        Loss::Auc => "AUC",
        Loss::Mse => "Mean-Squared Error",
        Loss::Mae => "Mean Absolute Error",
    };
    node.tells("measure_used", &[named]);
    node.tells("grouped", &[ours.grouped]);
    node.have("lambda", &ours.path.lambda, relative(1e-12));
    node.have("cvm", &ours.mean, relative(1e-8));
    node.have("cvsd", &ours.se, absolute(1e-8));
    node.has("lambda_min", ours.lambda_min(), relative(1e-12));
    node.has("lambda_1se", ours.lambda_1se(), relative(1e-12));
    node.tells("index_min", &[ours.min + 1]);
    node.tells("index_1se", &[ours.one_se + 1]);
    if let Some(warnings) = node.at("warnings") {
        warnings.excuse("about R's own fit");
    }
    chosen(node, &ours, data);
}

fn chosen(node: &Node, ours: &Cv, data: &Data) {
    if let Some(sizes) = node.at("nzero") {
        if data.copies() {
            sizes.excuse(RATTLE);
        } else {
            sizes.are(&ours.path.sizes().iter().map(|s| *s as f64).collect::<Vec<f64>>(), EXACT);
        }
    }
    for (key, model) in [("coef_min", &ours.path.models[ours.min]), ("coef_1se", &ours.path.models[ours.one_se])] {
        if let Some(node) = node.at(key) {
            named(&node, model, data);
        }
    }
    if let Some(node) = node.at("preval_at_min") {
        node.are(&ours.held_out.column(ours.min).to_vec(), absolute(1e-8));
    }
}

fn named(node: &Node, model: &Model, data: &Data) {
    let at = |name: &String| data.names.iter().position(|n| n == name).unwrap();
    let names = node.need("name").texts();
    let (values, items) = (node.need("value").numbers(), node.need("value").items());
    let theirs: Vec<(usize, f64)> = names.iter().zip(&values).skip(1).map(|(n, v)| (at(n), *v)).collect();
    items[0].is(model.intercept, relative(1e-6));
    let (a, b) = (data.joined(&model.coefficients), data.joined(&theirs));
    for ((j, _), item) in theirs.iter().zip(&items[1..]) {
        let j = data.twins[*j].0;
        // A sum of copies that cancels has no digits of its own.
        item.differs_by((a[j] - b[j]) / b[j].abs().max(1e-12), relative(1e-6));
    }
    let listed = if data.copies() { theirs.len() } else { model.coefficients.len() };
    node.need("name").must(listed == theirs.len(), "another number of coefficients");
}

fn interpolation(points: &Node, user: &Node, data: &Data) {
    let options = Options { threshold: 1e-12, ..options("path_user_lambda", user) };
    let path = lasso::fit(data.x.view(), &data.outcome, &options, &Task::default()).unwrap();
    for (s, node) in points.need("s").numbers().into_iter().zip(points.need("coef").items()) {
        let (model, items) = (path.at(s), node.items());
        let theirs: Vec<(usize, f64)> = node.numbers().into_iter().skip(1).enumerate().collect();
        let (a, b) = (data.joined(&model.coefficients), data.joined(&theirs));
        items[0].is(model.intercept, absolute(1e-8));
        for (j, item) in items[1..].iter().enumerate() {
            let j = data.twins[j].0;
            item.differs_by((a[j] - b[j]) / b[j].abs().max(1e-12), relative(1e-6));
        }
    }
}
