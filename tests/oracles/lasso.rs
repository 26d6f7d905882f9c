//! Step `glmnet`: paths, cross-validation and interpolation.

use std::cell::RefCell;
use std::collections::BTreeMap;

use ndarray::{Array2, ArrayView2, Axis};
use radnote::num::summary;
use radnote::stats::lasso::{self, CrossValidation, Cv, Loss, Model, Options, Path, Solver};
use radnote::stats::{folds, mann_whitney};
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
    /// Fits by column of folds and threshold: other losses judge the same ones.
    fits: RefCell<BTreeMap<String, Cv>>,
}

/// The coefficients of each model, as glmnet counts them: of columns that depend on each other also what is but rounding.
fn sizes(path: &Path) -> Vec<f64> {
    path.models.iter().map(|m| m.coefficients.len() as f64).collect()
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
            if let Some(node) = set.at("repeated") {
                node.entries().iter().for_each(|(_, n)| repeated(n, &data));
            }
            if let (Some(points), Some(user)) = (set.at("interpolation"), set.at("path_user_lambda")) {
                interpolation(&points, &user, &data);
            }
        }
    });
}

/// glmnet 4.1-6: `i <- 0:39; x <- sapply(1:6, function(j) (i * i * j + 3 * i + j) %% 17 + i / 2)`,
/// `y <- as.numeric((i * 7) %% 11 > 5 - i %% 3)`, `glmnet(x, y, "binomial", thresh = 1e-12, maxit = m)`: how many penalties it has,
/// and `npasses`.
#[test]
fn a_path_whose_sweeps_run_out_ends_where_glmnets_does() {
    let x = Array2::from_shape_fn((40, 6), |(i, j)| ((i * i * (j + 1) + 3 * i + j + 1) % 17) as f64 + i as f64 / 2.0);
    let y: Vec<bool> = (0..40_i32).map(|i| (i * 7) % 11 > 5 - i % 3).collect();
    for (max_sweeps, penalties, sweeps) in
        [(10, 2, 11), (30, 5, 31), (100, 9, 101), (200, 13, 201), (400, 19, 401), (100_000, 58, 1850)]
    {
        let options = Options { max_sweeps, ..Options::default() };
        let path = lasso::fit(x.view(), &y, &options, &Task::default()).unwrap();
        assert_eq!((path.lambda.len(), path.sweeps), (penalties, sweeps), "{max_sweeps}");
        assert_eq!(path.complete, max_sweeps == 100_000);
        let folds = (0..40).map(|i| i % 4).collect();
        let how = CrossValidation { folds, loss: Loss::Deviance, grouped: true, fit: options };
        let cv = lasso::choose(x.view(), &y, &how, &Task::default()).unwrap();
        assert!((cv.unsettled == 0) == path.complete && cv.sweeps >= sweeps, "{} {}", cv.unsettled, cv.sweeps);
    }
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
    Data { x, names, outcome, table, fits: RefCell::default() }
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
    let mut options = options(key, node);
    let x = if options.standardize { data.x.clone() } else { rescaled(data.x.clone()) };
    let fit = |options: &Options| lasso::fit(x.view(), &data.outcome, options, &Task::default()).unwrap();
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
    if let Some(node) = node.at("warnings") {
        node.excuse("about R's own fit");
    }
    if let Some(kkt) = node.at("kkt_max_rel_violation") {
        // As far from the minimum as R, where rounding does not decide.
        let miss = worst(&ours, &options, x.view(), &data.outcome);
        kkt.is(miss, relative(if kkt.number() < 1e-5 { 1.0 } else { 1e-2 }));
        if key.contains("thresh") {
            accurate(node, &ours, &options, x.view(), &data.outcome);
        }
    }
    node.have("a0", &ours.models.iter().map(|m| m.intercept).collect::<Vec<f64>>(), absolute(1e-8));
    node.have("df", &sizes(&ours), EXACT);
    node.has("npasses", ours.sweeps as f64, EXACT);
    if let Some(beta) = node.at("beta") {
        coefficients(&beta, &ours);
    }
}

/// The largest miss of a condition of the minimum along a path, leaving out the empty model at its head.
fn worst(path: &Path, options: &Options, x: ArrayView2<'_, f64>, outcome: &[bool]) -> f64 {
    let miss = |(model, lambda): (&Model, &f64)| {
        lasso::violation(x, outcome, model, *lambda, options.alpha, options.standardize)
    };
    path.models.iter().zip(&path.lambda).skip(1).map(miss).fold(0.0, f64::max)
}

/// The accurate solver on the same path: at the minimum, and as near to R as R is to it.
fn accurate(node: &Node, theirs: &Path, options: &Options, x: ArrayView2<'_, f64>, outcome: &[bool]) {
    let options = Options { solver: Solver::Accurate, ..options.clone() };
    let ours = lasso::fit(x, outcome, &options, &Task::default()).unwrap();
    let miss = worst(&ours, &options, x, outcome);
    println!("  accurate: {miss:.1e} of lambda from the minimum, {} steps", ours.sweeps);
    let kkt = node.need("kkt_max_rel_violation");
    kkt.must(miss < 1e-9, "the accurate solver is not at the minimum");
    kkt.must(ours.lambda.len() == theirs.lambda.len(), "the accurate path has another length");
    let near = absolute(if options.threshold > 1e-15 { 1e-4 } else { 1e-6 });
    node.have("dev_ratio", &ours.explained, near);
    // At 1e-12 R is itself up to 5e-4 from the minimum. On standardised columns, of the largest at each penalty.
    let sd: Vec<f64> = x.columns().into_iter().map(|c| summary::sd(&c.to_vec())).collect();
    let apart = |(a, b): (&Model, &Model)| {
        let at = |m: &Model, j: usize| m.coefficients.iter().find(|c| c.0 == j).map_or(0.0, |c| c.1 * sd[j]);
        let largest = b.coefficients.iter().fold(1e-300_f64, |m, c| m.max((c.1 * sd[c.0]).abs()));
        (0..sd.len()).map(|j| (at(a, j) - at(b, j)).abs()).fold(0.0, f64::max) / largest
    };
    if options.threshold < 1e-15 && !has_copies(x) {
        let apart = ours.models.iter().zip(&theirs.models).skip(1).map(apart).fold(0.0, f64::max);
        println!("  accurate: coefficients differ by {apart:.1e} of the largest");
        kkt.must(apart <= 1e-6, "the accurate coefficients differ");
    }
}

/// Whether a column is another's copy, so that coefficients are no longer unique.
fn has_copies(x: ArrayView2<'_, f64>) -> bool {
    let columns: Vec<Vec<u64>> = x.columns().into_iter().map(|c| c.iter().map(|v| v.to_bits()).collect()).collect();
    columns.iter().enumerate().any(|(j, c)| columns[..j].contains(c))
}

/// Coefficients in coordinate form; one that is missing there is 0.
fn coefficients(beta: &Node, path: &Path) {
    let (at, feature) = (beta.need("lambda_index").numbers(), beta.need("feature_index").numbers());
    let values = beta.need("value");
    let ours: Vec<(usize, usize, f64)> =
        (1..).zip(&path.models).flat_map(|(l, m)| m.coefficients.iter().map(move |(j, b)| (l, j + 1, *b))).collect();
    let same = ours.len() == at.len()
        && ours.iter().zip(at.iter().zip(&feature)).all(|(o, (l, j))| (o.0 as f64, o.1 as f64) == (*l, *j));
    beta.need("lambda_index").must(same, "other coefficients than 0");
    beta.need("feature_index").must(same, "other coefficients than 0");
    let mut largest = vec![0.0_f64; path.columns + 1];
    ours.iter().for_each(|(_, j, b)| largest[*j] = largest[*j].max(b.abs()));
    for (item, (_, j, b)) in values.items().iter().zip(&ours) {
        item.is(*b, of_row(&[largest[*j]], 1e-8));
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

fn loss(node: &Node) -> Loss {
    match node.need("type_measure").text().as_str() {
        "class" => Loss::Class,
        "auc" => Loss::Auc,
        "mse" => Loss::Mse,
        "mae" => Loss::Mae,
        _ => Loss::Deviance,
    }
}

/// Repeated cross-validation: our folds are those R drew, and the curve is the mean of glmnet's.
fn repeated(node: &Node, data: &Data) {
    let whole = |key: &str| node.need(key).number() as usize;
    let (k, seed, repeats) = (whole("folds"), node.need("seed").number() as i32, whole("repeats"));
    let folds = match node.need("stratified").number() > 0.5 {
        true => folds::stratified(&data.outcome, k, seed, repeats),
        false => folds::repeated(data.outcome.len(), k, seed, repeats),
    };
    let folds = folds.unwrap();
    for (theirs, ours) in node.need("foldid").items().iter().zip(&folds) {
        theirs.are(&ours.iter().map(|f| *f as f64).collect::<Vec<f64>>(), EXACT);
    }
    let fit = Options { threshold: 1e-7, ..Options::default() };
    let how = |folds| CrossValidation { folds, loss: loss(node), grouped: true, fit: fit.clone() };
    let hows: Vec<CrossValidation> = folds.into_iter().map(how).collect();
    let ours = lasso::repeat(data.x.view(), &data.outcome, &hows, &Task::default()).unwrap();
    node.have("lambda", &ours.path.lambda, relative(1e-12));
    node.have("cvm", &ours.mean, relative(1e-8));
    node.have("cvsd", &ours.se, absolute(1e-8));
    node.has("lambda_min", ours.lambda_min(), relative(1e-12));
    node.has("lambda_1se", ours.lambda_1se(), relative(1e-12));
    if let [how] = hows.as_slice() {
        let once = lasso::choose(data.x.view(), &data.outcome, how, &Task::default()).unwrap();
        node.need("cvm").must(once == ours, "one repeat is another result than none");
    }
}

fn cross_validation(key: &str, node: &Node, data: &Data) {
    let fold_column = key.split('_').nth(1).filter(|f| f.starts_with("fold")).unwrap_or("fold");
    let folds: Vec<usize> = data.table.numbers(fold_column).iter().map(|f| *f as usize).collect();
    let loss = loss(node);
    let fit = Options { threshold: threshold(key), ..Options::default() };
    let fitted = format!("{fold_column} {}", fit.threshold);
    let how = CrossValidation { folds, loss, grouped: !key.contains("ungrouped"), fit };
    let mut fits = data.fits.borrow_mut();
    let once = fits
        .entry(fitted)
        .or_insert_with(|| lasso::choose(data.x.view(), &data.outcome, &how, &Task::default()).unwrap());
    let ours = lasso::judge(once.path.clone(), once.held_out.clone(), &data.outcome, &how);
    let named = match ours.loss {
        Loss::Deviance => "Binomial Deviance",
        Loss::Class => "Misclassification Error",
        Loss::Auc | Loss::AucPooled => "AUC",
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
    node.have("nzero", &sizes(&ours.path), EXACT);
    for (key, model) in [("coef_min", &ours.path.models[ours.min]), ("coef_1se", &ours.path.models[ours.one_se])] {
        let Some(node) = node.at(key) else { continue };
        let names = model.coefficients.iter().map(|c| data.names[c.0].clone());
        node.tells("name", &std::iter::once("(Intercept)".to_string()).chain(names).collect::<Vec<_>>());
        let values = std::iter::once(model.intercept).chain(model.coefficients.iter().map(|c| c.1));
        node.have("value", &values.collect::<Vec<f64>>(), relative(1e-6));
    }
    if let Some(node) = node.at("preval_at_min") {
        node.are(&ours.held_out.column(ours.min).to_vec(), absolute(1e-8));
    }
}

fn interpolation(points: &Node, user: &Node, data: &Data) {
    let options = Options { threshold: 1e-12, ..options("path_user_lambda", user) };
    let path = lasso::fit(data.x.view(), &data.outcome, &options, &Task::default()).unwrap();
    for (s, node) in points.need("s").numbers().into_iter().zip(points.need("coef").items()) {
        let model = path.at(s);
        let mut row = vec![0.0; path.columns + 1];
        row[0] = model.intercept;
        model.coefficients.iter().for_each(|(j, b)| row[j + 1] = *b);
        node.are(&row, absolute(1e-8));
    }
}
