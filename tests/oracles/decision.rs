//! Step `decision_curve`: rmda and dcurves.

use radnote::stats::decision::{self, HighRisk, Point, curve};

use super::case::Node;
use super::table::Table;
use super::tolerance::{EXACT, Tolerance, absolute};

const NB: Tolerance = absolute(1e-12);

#[test]
fn decision_curves_equal_r() {
    super::compare("decision_curve", |case| {
        let results = case.root().need("results");
        let thresholds = results.need("thresholds").numbers();
        let table = Table::joined(&case.folder, &["cohort.csv".to_string()]);
        let outcome = table.outcome("lm");
        let probabilities = results.need("probabilities");
        let of = |cohort: &str, model: &str| {
            let p = probabilities.need(model).numbers();
            let rows: Vec<usize> = (0..table.rows()).filter(|&i| table.texts("cohort")[i] == cohort).collect();
            let pick: (Vec<f64>, Vec<bool>) = rows.iter().map(|&i| (p[i], outcome[i])).unzip();
            pick
        };
        for (cohort, node) in results.need("cohort").entries() {
            for (model, node) in node.entries() {
                let (p, y) = of(&cohort, &model);
                definitions(&node, &p, &y, &thresholds);
            }
        }
        if let Some(node) = results.at("ties") {
            let y: Vec<bool> = node.need("y").numbers().iter().map(|v| *v == 1.0).collect();
            definitions(&node, &node.need("p").numbers(), &y, &thresholds);
        }
        let (p, y) = of("training", "nomogram");
        if let Some(node) = results.at("clinical_impact_nomogram_training") {
            let n = p.len() as f64;
            let points = curve(&p, &y, &thresholds, HighRisk::Above);
            node.have("high_risk_per_1000", &each(&points, &|c| (c.tp + c.fp) as f64 / n * 1000.0), NB);
            node.have("true_positive_per_1000", &each(&points, &|c| c.tp as f64 / n * 1000.0), NB);
        }
        if let Some(node) = results.at("bootstrap_ci_training_nomogram") {
            let resamples = super::resamples(&node);
            let points = &thresholds[..node.need("lower").items().len()];
            let how =
                decision::Resampling { resamples: &resamples, level: 0.95, thresholds: points, high: HighRisk::Above };
            let limits = decision::limits(&p, &y, how);
            node.have("lower", &limits.iter().map(|l| l.net_benefit.0).collect::<Vec<f64>>(), NB);
            node.have("upper", &limits.iter().map(|l| l.net_benefit.1).collect::<Vec<f64>>(), NB);
        }
        if let Some(node) = results.at("dcurves_python") {
            if let Some(version) = node.at("version") {
                version.excuse("that of dcurves");
            }
            for (cohort, node) in node.entries().into_iter().filter(|(_, n)| n.is_object()) {
                for (model, node) in node.entries() {
                    let (p, y) = of(&cohort, if model == "all" { "nomogram" } else { &model });
                    let points = curve(&p, &y, &thresholds, HighRisk::AtOrAbove);
                    node.have("threshold", &thresholds, NB);
                    let all = model == "all";
                    net_benefit(&node, "net_benefit", &each(&points, &|c| if all { c.all } else { c.net_benefit }));
                }
            }
        }
    });
}

fn each(points: &[Point], f: &dyn Fn(&Point) -> f64) -> Vec<f64> {
    points.iter().map(f).collect()
}

/// Net benefit by threshold. At threshold 1 it is undefined: R has NaN, NA or 0 there.
fn net_benefit(node: &Node, key: &str, ours: &[f64]) {
    let Some(list) = node.at(key) else { return };
    let items = list.items();
    list.must(items.len() == ours.len(), "another number of thresholds");
    for (item, ours) in items.iter().zip(ours).take(ours.len() - 1) {
        item.is(*ours, NB);
    }
    let last = items.last().unwrap();
    if last.number().is_finite() {
        last.is(*ours.last().unwrap(), NB);
    } else {
        last.must(!ours.last().unwrap().is_finite() || *ours.last().unwrap() == 0.0, "defined at threshold 1");
    }
}

fn definitions(node: &Node, p: &[f64], y: &[bool], thresholds: &[f64]) {
    let (n, events) = (p.len() as f64, y.iter().filter(|v| **v).count() as f64);
    node.has("n", n, EXACT);
    node.has("events", events, EXACT);
    node.has("prevalence", events / n, NB);
    let above = curve(p, y, thresholds, HighRisk::Above);
    for (key, points) in [("definition_gt", &above), ("definition_ge", &curve(p, y, thresholds, HighRisk::AtOrAbove))] {
        let Some(node) = node.at(key) else { continue };
        node.have("tp", &each(points, &|c| c.tp as f64), EXACT);
        node.have("fp", &each(points, &|c| c.fp as f64), EXACT);
        net_benefit(&node, "net_benefit", &each(points, &|c| c.net_benefit));
    }
    net_benefit(node, "treat_all_nb", &each(&above, &|c| c.all));
    let avoided = |c: &Point| if c.threshold == 1.0 { f64::NAN } else { c.avoided };
    node.have("interventions_avoided_per_100", &each(&above, &avoided), absolute(1e-10));
    let useful =
        above.iter().filter(|c| c.net_benefit > c.all.max(0.0) + 1e-12 && c.threshold > 0.0 && c.threshold < 1.0);
    if let Some(list) = node.at("useful_thresholds") {
        list.are(&useful.map(|c| c.threshold).collect::<Vec<f64>>(), NB);
    }
    let Some(rmda) = node.at("rmda") else { return };
    net_benefit(&rmda, "NB", &each(&above, &|c| c.net_benefit));
    net_benefit(&rmda, "sNB", &each(&above, &|c| c.standardised));
    net_benefit(&rmda, "all_NB", &each(&above, &|c| c.all));
    net_benefit(&rmda, "none_NB", &each(&above, &|_| 0.0));
    rmda.have("TPR", &each(&above, &|c| c.tp as f64 / events), NB);
    rmda.have("FPR", &each(&above, &|c| c.fp as f64 / (n - events)), NB);
    rmda.have("prob_high_risk", &each(&above, &|c| (c.tp + c.fp) as f64 / n), NB);
}
