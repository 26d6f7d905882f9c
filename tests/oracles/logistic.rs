//! Step `logistic`: `glm`, profile limits, Firth's fit, `drop1`, `stepAIC`.

use std::path::Path;

use ndarray::Axis;
use radnote::stats::firth;
use radnote::stats::logistic::{self, Fit, Options};
use radnote::stats::stepwise::{self, Change, Direction};
use radnote::task::Task;

use super::case::Node;
use super::design::{Design, Notes, design, notes, sides};
use super::table::Table;
use super::tolerance::{EXACT, absolute, of_row, relative};

#[test]
fn logistic_regression_equals_r() {
    super::compare("logistic", |case| {
        for (name, set) in case.results() {
            if name == "aliased" {
                aliased(&set);
                continue;
            }
            if let Some(columns) = set.at("columns") {
                columns.read();
            }
            let notes = notes(&set);
            let table = notes.apply(set.table());
            for (key, node) in set.entries().into_iter().filter(|(_, n)| n.is_object()) {
                if key == "step" {
                    node.entries().iter().for_each(|(_, n)| selection(n, &table, &notes, &set));
                } else if node.at("plr_p").is_some() {
                    penalised(&node, &table, &notes);
                } else if node.at("iterations").is_some() {
                    model(&node, &table, &notes);
                }
            }
        }
    });
}

fn read(node: &Node, table: &Table, notes: &Notes) -> Design {
    let (outcome, variables) = sides(&node.need("formula").text());
    let mut variables = variables;
    if variables == ["."] {
        variables = node.need("terms").texts()[1..].to_vec();
    }
    design(table, notes, &outcome, &variables, &node.need("terms").texts())
}

fn model(node: &Node, table: &Table, notes: &Notes) {
    let design = read(node, table, notes);
    let fit = logistic::fit(design.x.view(), &design.outcome, Options::default()).unwrap();
    let n = design.outcome.len();
    node.tells("n", &[n]);
    node.tells("iterations", &[fit.iterations]);
    node.tells("converged", &[fit.converged]);
    node.tells("boundary", &[false]);
    estimates(node, &fit);
    let vcov: Vec<f64> = fit.vcov.iter().copied().collect();
    for (row, ours) in node.need("vcov").items().iter().zip(fit.vcov.rows()) {
        row.are(&ours.to_vec(), of_row(&vcov, 1e-8));
    }
    let fine = relative(1e-8);
    node.has("deviance", fit.deviance, fine);
    node.has("null_deviance", fit.null_deviance, fine);
    node.has("df_residual", (n - fit.rank) as f64, EXACT);
    node.has("df_null", (n - 1) as f64, EXACT);
    node.has("aic", fit.aic, fine);
    node.has("bic", fit.bic, fine);
    // R has it as rank - AIC / 2, which leaves it the digits of the AIC.
    node.has("loglik", -fit.deviance / 2.0, absolute(1e-10));
    node.has("lr_chisq", fit.overall().chi2, fine);
    node.has("lr_p", fit.overall().p, relative(1e-7));
    let limits: Vec<(f64, f64)> = (0..fit.coef.len()).map(|j| fit.wald(j, 0.95)).collect();
    let all = |f: &dyn Fn(usize) -> f64| (0..fit.coef.len()).map(f).collect::<Vec<f64>>();
    // exp() multiplies the relative error of a coefficient of 200 by 200.
    node.have("odds_ratio", &all(&|j| fit.coef[j].exp()), relative(1e-6));
    node.have("or_wald_lower", &all(&|j| limits[j].0.exp()), relative(1e-6));
    node.have("or_wald_upper", &all(&|j| limits[j].1.exp()), relative(1e-6));
    if let Some(fitted) = node.at("fitted_first10") {
        fitted.are(&fit.fitted[..fitted.items().len()], fine);
    }
    warnings(node, &design, &fit);
    if let Some(converged) = node.at("fully_converged") {
        fully_converged(&converged, &design, &fit);
    }
    profile(node, &design, &fit);
    if let Some(table) = node.at("drop1_LRT") {
        drops(&table, &design, &fit);
    }
}

fn estimates(node: &Node, fit: &Fit) {
    node.have("coef", &fit.coef, of_row(&fit.coef, 1e-8));
    node.have("se", &fit.se, relative(1e-8));
    node.have("z", &fit.z, of_row(&fit.z, 1e-8));
    node.have("p", &fit.p, relative(1e-7));
}

/// Exact limits of the profile likelihood. MASS reads its own off a spline, within 3e-4 standard errors of them; where the
/// likelihood has no end on a side the reference has none.
fn profile(node: &Node, design: &Design, fit: &Fit) {
    if node.at("exact_profile_lower").is_none() && node.at("mass_profile_lower").is_none() {
        return;
    }
    let limits = firth::profile(design.x.view(), &design.outcome, fit, 0.95).unwrap();
    let finite = |v: f64| if v.is_finite() { v } else { f64::NAN };
    let sides: [Vec<f64>; 2] =
        [limits.iter().map(|l| finite(l.0)).collect(), limits.iter().map(|l| finite(l.1)).collect()];
    for (side, ours) in ["lower", "upper"].iter().zip(&sides) {
        node.have(&format!("exact_profile_{side}"), ours, of_row(ours, 1e-8));
        let Some(theirs) = node.at(&format!("mass_profile_{side}")) else { continue };
        let exact = node.at(&format!("exact_profile_{side}")).is_some();
        for ((item, ours), se) in theirs.items().iter().zip(ours).zip(&fit.se) {
            // Where the exact root stands beside it and is met, what is left is how far the spline is from it.
            match exact && (item.number() - ours).abs() > 3e-4 * se {
                true => item.excuse("read off a spline far from the exact limit, which is compared"),
                false => item.is(*ours, of_row(&[*se], 3e-4)),
            }
        }
    }
}

/// Firth's fit; its limits stand in the reference to the digits of its own root finder.
fn penalised(node: &Node, table: &Table, notes: &Notes) {
    let design = read(node, table, notes);
    let ours = firth::fit(design.x.view(), &design.outcome, 0.95).unwrap();
    let coef = &ours.fit.coef;
    node.have("coef", coef, of_row(coef, 1e-8));
    // Two R packages, of which brglm stops at 1e-7.
    node.have("coef_brglm2", coef, of_row(coef, 1e-8));
    node.have("coef_brglm", coef, of_row(coef, 1e-6));
    if let Some(theirs) = node.at("max_abs_diff_own_vs_brglm2") {
        theirs.excuse("how far two references are apart");
    }
    node.have("se", &ours.fit.se, relative(1e-8));
    node.has("penalized_loglik", ours.penalised, relative(1e-10));
    node.has("loglik_unpenalized", ours.plain, relative(1e-8));
    let lower: Vec<f64> = ours.limits.iter().map(|l| l.0).collect();
    let upper: Vec<f64> = ours.limits.iter().map(|l| l.1).collect();
    node.have("profile_lower", &lower, of_row(&lower, 1e-7));
    node.have("profile_upper", &upper, of_row(&upper, 1e-7));
    node.have("plr_chisq", &ours.chi2, of_row(&ours.chi2, 1e-8));
    node.have("plr_p", &ours.fit.p, relative(1e-7));
}

/// R's two warnings are what the fit says of itself.
fn warnings(node: &Node, design: &Design, fit: &Fit) {
    let Some(warnings) = node.at("warnings") else { return };
    let texts = warnings.texts();
    let has = |words: &str| texts.iter().any(|t| t.contains(words));
    warnings.must(has("did not converge") != fit.converged, "the fit and R disagree on convergence");
    warnings.must(has("numerically 0 or 1") == fit.extreme, "the fit and R disagree on extreme probabilities");
    // A standard error of a hundred in a standard deviation of a column is none of estimates, on any scale.
    let sd = |j: usize| radnote::num::summary::sd(&design.x.column(j).to_vec());
    let endless = (0..design.x.ncols()).any(|j| fit.se[j + 1] * sd(j) > 100.0);
    let separated = !texts.is_empty() || endless;
    warnings.must(separated <= fit.separated.is_some(), "separation was not seen");
}

fn fully_converged(node: &Node, design: &Design, fit: &Fit) {
    if fit.separated.is_some() {
        node.excuse("separated: it grows with the iterations allowed");
        return;
    }
    let settled = Options { extra: 0, ..Options::SETTLED };
    let fit = logistic::fit(design.x.view(), &design.outcome, settled).unwrap();
    node.tells("iterations", &[fit.iterations]);
    node.has("deviance", fit.deviance, relative(1e-12));
    estimates(node, &fit);
}

/// Each variable left out in turn.
fn drops(node: &Node, design: &Design, fit: &Fit) {
    let mut rows = vec![("<none>".to_string(), None, fit.deviance, fit.aic)];
    for term in &design.terms {
        let left: Vec<usize> = (0..design.x.ncols()).filter(|c| !term.columns.contains(c)).collect();
        let smaller =
            logistic::fit(design.x.select(Axis(1), &left).view(), &design.outcome, Options::default()).unwrap();
        let test = logistic::likelihood_ratio(fit, &smaller);
        rows.push((term.name.clone(), Some(test), smaller.deviance, smaller.aic));
    }
    node.tells("term", &rows.iter().map(|r| r.0.clone()).collect::<Vec<_>>());
    let fine = relative(1e-8);
    node.have("deviance", &rows.iter().map(|r| r.2).collect::<Vec<_>>(), fine);
    node.have("aic", &rows.iter().map(|r| r.3).collect::<Vec<_>>(), fine);
    let test = |f: &dyn Fn(&logistic::LikelihoodRatio) -> f64| -> Vec<f64> {
        rows.iter().map(|r| r.1.as_ref().map_or(f64::NAN, f)).collect()
    };
    node.have("df", &test(&|t| t.df as f64), EXACT);
    node.have("lrt", &test(&|t| t.chi2), of_row(&[fit.deviance], 1e-8));
    node.have("p", &test(&|t| t.p), relative(1e-7));
}

fn selection(node: &Node, table: &Table, notes: &Notes, set: &Node) {
    let (_, scope) = sides(&node.need("upper").text());
    let (outcome, start) = sides(&node.need("start").text());
    let factors = node.need("final_coef_names").texts();
    let mut coefficients = factors.clone();
    // A factor that was not kept shows its levels in another model of the set.
    let others = set.entries().into_iter().filter_map(|(_, n)| n.at("terms"));
    coefficients.extend(others.flat_map(|terms| terms.texts()));
    coefficients
        .extend(scope.iter().filter(|v| !coefficients.iter().any(|c| c.starts_with(*v))).cloned().collect::<Vec<_>>());
    let mut seen = std::collections::BTreeSet::new();
    coefficients.retain(|c| seen.insert(c.clone()));
    let design = design(table, notes, &outcome, &scope, &coefficients);
    let options = stepwise::Options {
        direction: match node.need("direction").text().as_str() {
            "backward" => Direction::Backward,
            "forward" => Direction::Forward,
            _ => Direction::Both,
        },
        start: start.iter().map(|v| scope.iter().position(|s| s == v).unwrap()).collect(),
        criterion: stepwise::Criterion::Aic,
        fit: Options::default(),
    };
    let ours = stepwise::select(design.x.view(), &design.outcome, &design.terms, &options, &Task::default()).unwrap();
    let told = |change: &Option<Change>| match change {
        None => String::new(),
        Some(Change::Drop(t)) => format!("- {}", scope[*t]),
        Some(Change::Add(t)) => format!("+ {}", scope[*t]),
    };
    node.tells("steps", &ours.steps.iter().map(|s| told(&s.change)).collect::<Vec<_>>());
    let fine = relative(1e-8);
    node.have("aic", &ours.steps.iter().map(|s| s.aic).collect::<Vec<_>>(), fine);
    node.have("deviance", &ours.steps.iter().map(|s| s.deviance).collect::<Vec<_>>(), fine);
    node.tells("final_terms", &ours.selected.iter().map(|t| scope[*t].clone()).collect::<Vec<_>>());
    node.has("final_aic", ours.fit.aic, fine);
    let names = ours.selected.iter().flat_map(|t| &design.terms[*t].columns).map(|c| design.names[*c].clone());
    let names: Vec<String> = std::iter::once("(Intercept)".to_string()).chain(names).collect();
    node.tells("final_coef_names", &names);
    node.have("final_coef", &ours.fit.coef, of_row(&ours.fit.coef, 1e-8));
    if let Some(same) = node.at("step_equals_stepAIC") {
        same.excuse("about R's own two functions");
    }
}

/// y ~ x + x_copy of the quasi-separated set, where x_copy = 2x + 1.
fn aliased(node: &Node) {
    let table = Table::joined(node.folder(), &["quasi_separated.csv".to_string()]);
    let x = table.numbers("x");
    let copy: Vec<f64> = x.iter().map(|v| 2.0 * v + 1.0).collect();
    let x = ndarray::Array2::from_shape_vec((2, x.len()), [x, copy].concat()).unwrap().reversed_axes();
    let fit = logistic::fit(x.view(), &table.outcome("y"), Options::default()).unwrap();
    assert_eq!(fit.aliased, [1], "{}", Path::new(node.place()).display());
    node.tells("coef_names", &["(Intercept)", "x", "x_copy"]);
    node.have("coef", &fit.coef, relative(1e-8));
    node.tells("rank", &[fit.rank]);
    node.has("aic", fit.aic, relative(1e-8));
}
