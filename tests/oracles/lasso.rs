//! Step `glmnet`: paths, cross-validation and interpolation.

use ndarray::{Array2, Axis};
use radnote::num::summary;
use radnote::stats::lasso::{self, CrossValidation, Cv, Loss, Model, Options, Path};
use radnote::stats::mann_whitney;
use radnote::task::Task;

use super::case::Node;
use super::ranks::matrix;
use super::table::Table;
use super::tolerance::{EXACT, absolute, of_row, relative};

/// What R was given.
struct Data {
    x: Array2<f64>,
    names: Vec<String>,
    outcome: Vec<bool>,
    table: Table,
    /// Whether two columns are one another's copy: then the split of a coefficient between them is decided by rounding.
    copies: bool,
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
    let mut seen: Vec<Vec<u64>> = x
        .columns()
        .into_iter()
        .map(|c| {
            let (mean, sd) = (summary::mean(&c.to_vec()), summary::sd(&c.to_vec()));
            c.iter().map(|v| (((v - mean) / sd).abs() * 1e9).round() as u64).collect()
        })
        .collect();
    seen.sort();
    let copies = seen.windows(2).any(|w| w[0] == w[1]);
    Data { x, names, outcome, table, copies }
}

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
    let mut x = data.x.clone();
    if key.contains("unstandardized") {
        x = rescaled(x);
    }
    let ours = lasso::fit(x.view(), &data.outcome, &options(key, node), &Task::default()).unwrap();
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
    let loose = ["df", "npasses", "a0", "beta"].into_iter().filter_map(|k| node.at(k));
    if data.copies {
        loose.for_each(|n| n.excuse("copied columns share a coefficient by rounding; fitted deviance is compared"));
        return;
    }
    node.have("df", &ours.sizes().iter().map(|s| *s as f64).collect::<Vec<f64>>(), EXACT);
    node.has("npasses", ours.sweeps as f64, EXACT);
    node.have("a0", &ours.models.iter().map(|m| m.intercept).collect::<Vec<f64>>(), absolute(1e-8));
    if let Some(beta) = node.at("beta") {
        coefficients(&beta, &ours);
    }
}

/// Coefficients in coordinate form; one that is missing there is 0.
fn coefficients(beta: &Node, path: &Path) {
    let (at, feature) = (beta.need("lambda_index").numbers(), beta.need("feature_index").numbers());
    let values = beta.need("value").items();
    let count: usize = path.models.iter().map(|m| m.coefficients.len()).sum();
    beta.need("lambda_index").says(&at.iter().map(|v| *v as usize).collect::<Vec<_>>());
    beta.need("value").must(count == values.len(), &format!("{count} coefficients, not {}", values.len()));
    let rows: Vec<Vec<f64>> = (0..path.columns)
        .map(|j| path.models.iter().map(|m| m.coefficients.iter().find(|c| c.0 == j).map_or(0.0, |c| c.1)).collect())
        .collect();
    for (i, value) in values.iter().enumerate() {
        let row = &rows[feature[i] as usize - 1];
        value.is(row[at[i] as usize - 1], of_row(row, 1e-8));
    }
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
    if data.copies {
        for key in ["nzero", "coef_min", "coef_1se"] {
            if let Some(node) = node.at(key) {
                node.excuse("copied columns share a coefficient by rounding; fitted deviance is compared");
            }
        }
    } else {
        node.have("nzero", &ours.path.sizes().iter().map(|s| *s as f64).collect::<Vec<f64>>(), EXACT);
        for (key, model) in [("coef_min", &ours.path.models[ours.min]), ("coef_1se", &ours.path.models[ours.one_se])] {
            if let Some(node) = node.at(key) {
                named(&node, model, &data.names);
            }
        }
    }
    if let Some(node) = node.at("preval_at_min") {
        node.are(&ours.held_out.column(ours.min).to_vec(), absolute(1e-8));
    }
}

fn named(node: &Node, model: &Model, names: &[String]) {
    let ours: Vec<String> = std::iter::once("(Intercept)".to_string())
        .chain(model.coefficients.iter().map(|c| names[c.0].clone()))
        .collect();
    node.tells("name", &ours);
    let values: Vec<f64> = std::iter::once(model.intercept).chain(model.coefficients.iter().map(|c| c.1)).collect();
    let theirs = node.need("value");
    let rows = theirs.items();
    rows.iter().zip(&values).for_each(|(node, v)| node.is(*v, relative(1e-6)));
}

fn interpolation(points: &Node, user: &Node, data: &Data) {
    let path = lasso::fit(data.x.view(), &data.outcome, &options("path_user_lambda", user), &Task::default()).unwrap();
    for (s, node) in points.need("s").numbers().into_iter().zip(points.need("coef").items()) {
        let model = path.at(s);
        let items = node.items();
        items[0].is(model.intercept, absolute(1e-8));
        if data.copies {
            items[1..]
                .iter()
                .for_each(|n| n.excuse("copied columns share a coefficient by rounding; fitted deviance is compared"));
            continue;
        }
        for (j, item) in items[1..].iter().enumerate() {
            item.is(model.coefficients.iter().find(|c| c.0 == j).map_or(0.0, |c| c.1), relative(1e-8));
        }
    }
}
