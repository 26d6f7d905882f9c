//! Step `rms`: `lrm`, `nomogram`, `calibrate`, `val.prob`, Hosmer-Lemeshow, `lowess`.

use radnote::num::smooth::{self, lowess};
use radnote::num::summary;
use radnote::stats::calibration;
use radnote::stats::lrm::{self, Options};
use radnote::stats::nomogram::{Kind, Variable, nomogram};
use radnote::stats::{bootstrap, logistic};
use radnote::task::Task;

use super::case::Node;
use super::design::{Design, Notes, design, sides};
use super::table::Table;
use super::tolerance::{EXACT, Tolerance, absolute, of_row, relative, with_floor};

const POINTS: Tolerance = absolute(1e-8);
const MLE: logistic::Options = logistic::Options::SETTLED;

#[test]
fn rms_equals_r() {
    super::compare("rms", |case| {
        let results = case.root().need("results");
        let lrm = results.need("lrm");
        let table = lrm.table();
        let training = table.only("cohort", "training");
        for (_, node) in lrm.entries().into_iter().filter(|(_, n)| n.is_object()) {
            model(&node, &read(&node, &training, "terms"));
        }
        for (_, node) in results.need("nomogram").entries().into_iter().filter(|(_, n)| n.is_object()) {
            points(&node, &read(&node, &training, "coef_names"), &training);
        }
        if let Some(node) = results.at("calibrate") {
            let two = lrm.need("two");
            bootstrapped(&node, &read(&two, &training, "terms"));
        }
        if let Some(node) = results.at("validate") {
            let calibrate = results.need("calibrate");
            validated(&node, &super::resamples(&calibrate), &read(&lrm.need("two"), &training, "terms"));
        }
        if let Some(node) = results.at("calibration") {
            let two = lrm.need("two");
            cohorts(&node, &two, &table);
        }
        if let Some(node) = results.at("lowess") {
            smoothed(&node);
        }
    });
}

fn read(node: &Node, table: &Table, names: &str) -> Design {
    let (outcome, variables) = sides(&node.need("formula").text());
    design(table, &Notes::default(), &outcome, &variables, &node.need(names).texts())
}

fn model(node: &Node, design: &Design) {
    let mle = logistic::fit(design.x.view(), &design.outcome, MLE).unwrap();
    let row = |coef: &[f64]| of_row(coef, 1e-10);
    node.have("mle_coef", &mle.coef, row(&mle.coef));
    let early = lrm::fit(design.x.view(), &design.outcome, Options::default()).unwrap();
    node.have("lrm_coef_default_eps", &early.coef, row(&early.coef));
    let late = lrm::fit(design.x.view(), &design.outcome, Options { epsilon: 1e-12, ..Options::default() }).unwrap();
    node.have("lrm_coef_eps_1e12", &late.coef, row(&late.coef));
    let se: Vec<f64> = late.vcov.diag().iter().map(|v| v.sqrt()).collect();
    node.have("lrm_se_eps_1e12", &se, relative(1e-8));
    let linear = &mle.linear;
    let (n, df) = (design.outcome.len(), design.names.len());
    let exact = node.need("stats_exact_at_mle");
    exact.tells("n", &[n]);
    exact.tells("df", &[df]);
    indexes(
        &exact,
        ["model_lr", "p", "C", "Dxy", "gamma", "tau_a", "R2_nagelkerke", "brier", "g", "gr", "gp"],
        linear,
        &mle_fit(&mle),
        &design.outcome,
        1e-10,
    );
    let lr = mle.null_deviance - mle.deviance;
    exact.has("R2_coxsnell", 1.0 - (-lr / n as f64).exp(), relative(1e-10));
    exact.has("R2_mcfadden", lr / mle.null_deviance, relative(1e-10));
    for (key, fit) in [("lrm_stats_default", &early), ("lrm_stats_eps_1e12", &late)] {
        let node = node.need(key);
        node.tells("Obs", &[n]);
        node.tells("d.f.", &[df]);
        indexes(
            &node,
            ["Model L.R.", "P", "C", "Dxy", "Gamma", "Tau-a", "R2", "Brier", "g", "gr", "gp"],
            &fit.linear,
            &(fit.deviance, fit.null_deviance),
            &design.outcome,
            1e-9,
        );
        if let Some(node) = node.at("Max Deriv") {
            node.excuse("about R's own fit");
        }
        // Cox and Snell's R2, with the effective sample size or less a degree of freedom a variable.
        for (_, other) in node.entries().into_iter().filter(|(key, _)| key.starts_with("R2(")) {
            other.excuse("radnote gives Nagelkerke's R2 alone");
        }
    }
}

fn mle_fit(fit: &logistic::Fit) -> (f64, f64) {
    (fit.deviance, fit.null_deviance)
}

/// The indexes of ranks as lrm takes them: of probabilities that are cut to steps of 1/5000.
fn in_steps(probability: &[f64], outcome: &[bool]) -> lrm::Indexes {
    lrm::indexes(&probability.iter().map(|p| (5000.0 * p).floor()).collect::<Vec<f64>>(), outcome)
}

/// The indexes of a fit under the names a case gives them.
fn indexes(node: &Node, names: [&str; 11], linear: &[f64], fit: &(f64, f64), outcome: &[bool], within: f64) {
    let (n, lr) = (outcome.len(), fit.1 - fit.0);
    let ours = lrm::indexes(linear, outcome);
    // lrm ranks probabilities that are cut to steps of 1/5000; radnote ranks them as they are.
    let probability: Vec<f64> = linear.iter().map(|l| 1.0 / (1.0 + (-l).exp())).collect();
    let ranked = if names[0] == "Model L.R." { in_steps(&probability, outcome) } else { ours };
    let near = relative(within);
    let df = node.at("df").or_else(|| node.at("d.f.")).unwrap().number() as usize;
    // R takes 1 - P, which leaves its p only 16 digits after the point.
    let p = if names[1] == "P" { with_floor(within, 1e-15 / within) } else { near };
    let values = [
        lr,
        lrm::likelihood_ratio_p(lr, df),
        ranked.c,
        ranked.dxy,
        ranked.gamma,
        ranked.tau_a,
        lrm::nagelkerke(lr, fit.1, n),
        ours.brier,
        ours.g,
        ours.g.exp(),
        ours.gp,
    ];
    for ((name, value), i) in names.iter().zip(values).zip(0..) {
        node.has(name, value, if i == 1 { p } else { near });
    }
}

fn points(node: &Node, design: &Design, training: &Table) {
    let coef = node.need("coef").numbers();
    let mle = logistic::fit(design.x.view(), &design.outcome, MLE).unwrap();
    node.have("coef", &mle.coef, of_row(&coef, 1e-10));
    let axes = node.need("variables").entries();
    let variables: Vec<Variable> = axes.iter().map(|(name, _)| variable(name, design, training)).collect();
    let ours = nomogram(&coef, &variables, design.x.view());
    for ((name, axis), mine) in axes.iter().zip(&ours.axes) {
        let each = |f: &dyn Fn(&radnote::stats::nomogram::Tick) -> f64| mine.ticks.iter().map(f).collect::<Vec<f64>>();
        axis.have("points", &each(&|t| t.points), POINTS);
        axis.have("xbeta", &each(&|t| t.effect), POINTS);
        if mine.ticks[0].value.is_nan() {
            axis.tells("values", &mine.ticks.iter().map(|t| t.label.clone()).collect::<Vec<_>>());
        } else {
            axis.have("values", &each(&|t| t.value), relative(1e-12));
        }
        let range = summary::range(&each(&|t| t.effect));
        node.need("range_xbeta").have(name, &[range.0, range.1], POINTS);
    }
    node.has("maxscale", 100.0, EXACT);
    node.has("sc", ours.scale, POINTS);
    node.has("intercept_shifted", ours.intercept, POINTS);
    node.have("total_points_axis", &ours.total, POINTS);
    node.have("lp_axis_values", &ours.linear.iter().map(|l| l.0).collect::<Vec<f64>>(), POINTS);
    node.have("lp_axis_points", &ours.linear.iter().map(|l| l.1).collect::<Vec<f64>>(), POINTS);
    let risks = node.need("risk_values").numbers();
    node.have("risk_points_exact", &risks.iter().map(|r| ours.total_at(*r)).collect::<Vec<f64>>(), POINTS);
    if let Some(rough) = node.at("risk_points_rms") {
        // rms interpolates the risk axis between a thousand points.
        rough.are(&risks.iter().map(|r| ours.total_at(*r)).collect::<Vec<f64>>(), absolute(2e-4));
    }
    let totals: Vec<f64> = design.x.rows().into_iter().map(|r| ours.points(&r.to_vec()).iter().sum()).collect();
    node.have("patient_total_points", &totals, POINTS);
    node.have("patient_lp", &totals.iter().map(|t| ours.linear_at(*t)).collect::<Vec<f64>>(), POINTS);
    node.have("patient_probability", &totals.iter().map(|t| ours.probability_at(*t)).collect::<Vec<f64>>(), POINTS);
}

/// A factor where its columns are named `variable=level`.
fn variable(name: &str, design: &Design, training: &Table) -> Variable {
    let columns = &design.terms.iter().find(|t| t.name == name).unwrap().columns;
    let kind = if design.names[columns[0]] == name {
        Kind::Numeric { column: columns[0], training: training.numbers(name) }
    } else {
        let mut levels = training.texts(name).to_vec();
        levels.sort();
        levels.dedup();
        let column = |level: &String| columns.iter().copied().find(|c| design.names[*c] == format!("{name}={level}"));
        Kind::Factor { levels: levels.iter().map(|l| (l.clone(), column(l))).collect() }
    };
    Variable { name: name.to_string(), kind }
}

/// rms stops early; a part that is named `own` has fits that went on to the maximum, and none where there is no maximum: within
/// ten looks the deviance settles to 1e-6, after which one more step comes to the maximum, while towards infinity each step lowers
/// it by e times less, and a dozen are not enough. Asked for less than 1e-9 it may rise by rounding, and lrm halves steps in vain.
fn rule(key: &str) -> Options {
    if key.starts_with("own") {
        Options { epsilon: 1e-6, max_iterations: 14, ..Options::default() }
    } else {
        Options::default()
    }
}

fn bootstrapped(node: &Node, design: &Design) {
    let resamples = super::resamples(node);
    let near = absolute(1e-8);
    for (key, node) in node.entries().into_iter().filter(|(_, n)| n.at("apparent").is_some()) {
        let (x, how) = (design.x.view(), rule(&key));
        let ours = bootstrap::calibrate(x, &design.outcome, &resamples, how, &Task::default()).unwrap();
        let used: Vec<f64> = ours.used.iter().map(|u| *u as f64).collect();
        node.have("predy", &ours.predicted, near);
        node.have("apparent", &ours.apparent, near);
        node.have("optimism", &ours.optimism, near);
        node.have("corrected", &ours.corrected, near);
        node.have("n_used", &used, EXACT);
        node.have("n", &used, EXACT);
        node.has("failed_fits", ours.failed as f64, EXACT);
        if let Some(errors) = node.at("errors") {
            errors.has("mean_abs_error", ours.mean_error, near);
            errors.has("mean_sq_error", ours.mean_squared_error, near);
            errors.has("q90_abs_error", ours.q90_error, near);
        }
        if let Some(mean) = node.at("mean_abs_error") {
            let apart: Vec<f64> = ours.predicted.iter().zip(&ours.corrected).map(|(p, c)| (p - c).abs()).collect();
            mean.is(summary::mean(&apart), near);
        }
    }
    for key in ["own_max_abs_diff", "lrm_rule_max_abs_diff"] {
        if let Some(node) = node.at(key) {
            node.excuse("compares R with itself");
        }
    }
    large(node, design);
}

/// Many resamples of our own stream: within four standard deviations of R's over seeds.
fn large(node: &Node, design: &Design) {
    let Some(large) = node.at("large_B") else { return };
    let count = large.need("B").number() as usize;
    let resamples = bootstrap::resamples(design.outcome.len(), count, 1);
    let (x, how) = (design.x.view(), Options::default());
    let ours = bootstrap::calibrate(x, &design.outcome, &resamples, how, &Task::default()).unwrap();
    let (mean, sd) = (large.need("corrected_mean"), large.need("corrected_sd_over_seeds").numbers());
    for ((node, ours), sd) in mean.items().iter().zip(&ours.corrected).zip(sd) {
        let theirs = node.number();
        node.must((ours - theirs).abs() <= 4.0 * sd, &format!("{ours} is not within 4 x {sd} of {theirs}"));
    }
}

/// rms' table on the given resamples; then many of our own stream, within four standard deviations of R's over seeds.
fn validated(node: &Node, resamples: &[Vec<usize>], design: &Design) {
    let validate = |resamples: &[Vec<usize>], how: Options| {
        bootstrap::validate(design.x.view(), &design.outcome, resamples, how, &Task::default()).unwrap()
    };
    let near = absolute(1e-8);
    for (key, node) in node.entries().into_iter().filter(|(_, n)| n.at("Dxy").is_some()) {
        let ours = validate(resamples, rule(&key));
        if let Some(columns) = node.at("columns") {
            columns.says(&["index.orig", "training", "test", "optimism", "index.corrected", "n"]);
        }
        for i in &ours.indexes {
            node.have(i.name, &[i.original, i.training, i.test, i.optimism, i.corrected, i.used as f64], near);
            if i.name == "Emax" {
                node.has("emax_index_corrected", i.corrected, near);
            }
        }
    }
    let Some(large) = node.at("large_B") else { return };
    let count = large.need("B").number() as usize;
    let ours = validate(&bootstrap::resamples(design.outcome.len(), count, 1), Options::default());
    large.tells("names", &ours.indexes.iter().map(|i| i.name).collect::<Vec<_>>());
    let (mean, sd) = (large.need("index_corrected_mean"), large.need("sd_over_seeds").numbers());
    for ((node, ours), sd) in mean.items().iter().zip(&ours.indexes).zip(sd) {
        let (ours, theirs) = (ours.corrected, node.number());
        node.must((ours - theirs).abs() <= 4.0 * sd, &format!("{ours} is not within 4 x {sd} of {theirs}"));
    }
}

/// Calibration of the rounded training model in each cohort.
fn cohorts(node: &Node, two: &Node, table: &Table) {
    let training = read(two, &table.only("cohort", "training"), "terms");
    let model = logistic::fit(training.x.view(), &training.outcome, MLE).unwrap();
    for (name, node) in node.entries().into_iter().filter(|(_, n)| n.is_object()) {
        let design = read(two, &table.only("cohort", &name), "terms");
        let rounded = |p: f64| (p * 1e10).round() / 1e10;
        let p: Vec<f64> = design.x.rows().into_iter().map(|r| rounded(model.probability(&r.to_vec()))).collect();
        calibrated(&node, &p, &design.outcome);
    }
}

fn calibrated(node: &Node, p: &[f64], outcome: &[bool]) {
    let fine = relative(1e-9);
    let events = outcome.iter().filter(|y| **y).count();
    node.tells("n", &[p.len()]);
    node.tells("events", &[events]);
    let brier = calibration::brier(p, outcome);
    node.has("brier", brier.score, fine);
    node.has("brier_scaled", brier.scaled, fine);
    node.has("spiegelhalter_z", brier.z, fine);
    node.has("spiegelhalter_p", brier.p, fine);
    let again = calibration::recalibrate(p, outcome).unwrap();
    let near = absolute(1e-8);
    node.has("calibration_intercept", again.intercept, near);
    node.has("calibration_slope", again.slope, near);
    node.has("intercept_se", again.intercept_se, near);
    node.has("slope_se", again.slope_se, near);
    node.has("citl", again.large, near);
    node.has("citl_se", again.large_se, near);
    node.has("U_chisq", again.chi2, near);
    node.has("U_p", again.p, near);
    node.has("observed_expected", events as f64 / p.iter().sum::<f64>(), fine);
    let curve = calibration::curve(p, outcome);
    if let Some(node) = node.at("lowess_iter0") {
        node.have("x", &curve.x, fine);
        node.have("y", &curve.y, absolute(1e-10));
    }
    let distance = calibration::distance(p, &curve);
    node.has("ici_lowess", distance.mean, fine);
    node.has("e50_lowess", distance.median, fine);
    node.has("e90_lowess", distance.q90, fine);
    node.has("emax_lowess", distance.max, fine);
    node.need("hosmer_lemeshow").items().iter().for_each(|n| hosmer_lemeshow(n, p, outcome));
    if let Some(node) = node.at("loess_direct_span0.75_deg2") {
        node.excuse("radnote smooths by lowess, as rms; loess is another curve");
    }
    if let Some(node) = node.at("val_prob") {
        val_prob(&node, p, outcome);
    }
}

/// rms fits the recalibration with its early stop, some 5e-6 of the slope from the maximum likelihood, and ranks in steps.
fn val_prob(node: &Node, p: &[f64], outcome: &[bool]) {
    let (fine, rough) = (relative(1e-9), absolute(5e-6));
    let logit: Vec<f64> = p.iter().map(|p| (p / (1.0 - p)).ln()).collect();
    let index = in_steps(p, outcome);
    let column = ndarray::Array2::from_shape_fn((p.len(), 1), |(i, _)| logit[i]);
    let early = lrm::fit(column.view(), outcome, Options::default()).unwrap();
    let brier = calibration::brier(p, outcome);
    let again = calibration::recalibrate(p, outcome).unwrap();
    let distance = calibration::distance(p, &calibration::curve(p, outcome));
    node.has("Dxy", index.dxy, fine);
    node.has("C (ROC)", index.c, fine);
    node.has("Brier", brier.score, fine);
    node.has("S:z", brier.z, fine);
    node.has("S:p", brier.p, fine);
    node.have("Intercept", &[early.coef[0]], absolute(1e-9));
    node.have("Slope", &[early.coef[1]], fine);
    node.has("U:Chi-sq", again.chi2, rough);
    node.has("U:p", again.p, rough);
    node.has("Emax", distance.max, fine);
    node.has("E90", distance.q90, fine);
    node.has("Eavg", distance.mean, fine);
    let n = p.len() as f64;
    node.has("U", (again.chi2 - 2.0) / n, rough);
    let y: Vec<f64> = outcome.iter().map(|y| f64::from(u8::from(*y))).collect();
    let null = logistic::deviance(&y, &vec![y.iter().sum::<f64>() / n; y.len()]);
    let lr = null - logistic::deviance(&y, p);
    node.has("D:Chi-sq", lr, rough);
    node.has("D", (lr - 1.0) / n, rough);
    node.has("Q", (lr - 1.0) / n - (again.chi2 - 2.0) / n, rough);
    node.has("R2", lrm::nagelkerke(lr, null, p.len()), rough);
    if let Some(none) = node.at("D:p") {
        none.excuse("R gives none");
    }
}

fn hosmer_lemeshow(node: &Node, p: &[f64], outcome: &[bool]) {
    let fine = relative(1e-9);
    let ours = calibration::hosmer_lemeshow(p, outcome, node.need("g_requested").number() as usize).unwrap();
    node.tells("g_used", &[ours.groups.len()]);
    node.has("chisq", ours.chi2, fine);
    node.tells("df", &[ours.df]);
    node.has("p", ours.p, fine);
    node.have("breaks", &ours.breaks, fine);
    // A table of R has no count of a group without patients.
    let counted = node.need("n_bin").numbers();
    let of = |g: &calibration::Group, n: f64, v: f64| if g.n == 0 && n.is_nan() { f64::NAN } else { v };
    let each = |f: &dyn Fn(&calibration::Group) -> f64| -> Vec<f64> {
        ours.groups.iter().zip(&counted).map(|(g, n)| of(g, *n, f(g))).collect()
    };
    node.have("observed_1", &each(&|g| g.observed as f64), EXACT);
    node.have("expected_1", &each(&|g| g.expected), fine);
    node.have("n_bin", &each(&|g| g.n as f64), EXACT);
}

/// `f_2_3_iter0`, `f_0.3_iter0`, `f_2_3_iter0_delta0`.
fn smoothed(node: &Node) {
    let (x, y) = (node.need("x").numbers(), node.need("y").numbers());
    for (key, node) in node.entries().into_iter().filter(|(k, _)| k.starts_with("f_")) {
        let after = |word: &str| key.split(word).nth(1).and_then(|r| r.split('_').next()?.parse::<f64>().ok());
        let options = smooth::Options {
            span: if key.starts_with("f_2_3") { 2.0 / 3.0 } else { after("f_").unwrap() },
            robust: after("iter").unwrap() as usize,
            delta: after("delta"),
        };
        node.are(&lowess(&x, &y, options).y, absolute(1e-12));
    }
}
