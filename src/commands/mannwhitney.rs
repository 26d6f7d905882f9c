//! `mannwhitney`: keep the features that differ between the outcome groups in training.

use ndarray::{ArrayView1, Axis};
use serde::{Deserialize, Serialize};

use super::spec::{Command, Flag, Judged, Kind, Place, Spec, Step, Tune, World};
use crate::caution::Caution;
use crate::error::Result;
use crate::page::{Page, Table, number};
use crate::plots;
use crate::stats::p_adjust::{self, Method};
use crate::stats::two_sample::{self, Comparison, Test};
use crate::study::{FeatureSet, Hasher, Stage};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct MannWhitney {
    below: f64,
    adjust: Method,
    test: Test,
}

impl Default for MannWhitney {
    fn default() -> Self {
        Self { below: 0.05, adjust: Method::None, test: Test::MannWhitney }
    }
}

impl Command for MannWhitney {
    const SPEC: Spec = Spec {
        name: "mannwhitney",
        summary: "keep the features that differ between the outcome groups",
        about: "Two-sided Mann-Whitney U (Wilcoxon rank sum) test of patients with against without the event, training \
                patients only; a feature stays when p < BELOW. As R's wilcox.test: exact where both groups are under 50 \
                and no value repeats, else normal with continuity and tie correction. U is that of the patients with \
                the event, AUC = U / (m n). `--test` takes another two-sided test: welch or student (R's t.test; t is that of the \
                patients with less without the event), or ks (Kolmogorov and Smirnov, R 4.2's ks.test: exact for fewer \
                than 10,000 pairs, with ties too, else by the limiting distribution). `--adjust` corrects p for the number of \
                tests in this step, as R's p.adjust; the page counts what each correction would keep. A test is of the \
                patients with a value: column n counts them.",
        place: Place::Step(5),
        flags: &[
            Flag::named("below", Kind::Number, "a feature stays when its p is smaller").tuned(Tune::Steps {
                by: 0.005,
                low: 0.0,
                high: 1.0,
            }),
            Flag::named(
                "adjust",
                Kind::Choice(&["none", "bonferroni", "holm", "hochberg", "hommel", "bh", "by"]),
                "the correction of p for many tests",
            ),
            Flag::named("test", Kind::Choice(&["mannwhitney", "welch", "student", "ks"]), "the test"),
        ],
        examples: &["mannwhitney --below 0.05", "mannwhitney --adjust bh", "mannwhitney --test welch"],
    };

    fn judged(&self) -> Option<Judged> {
        Some(Judged::Stage("p_adjusted"))
    }

    fn run(&self, world: &World<'_>) -> Result<Step> {
        let outcome = world.study.need_outcome("mannwhitney")?;
        let set = world.study.need_features("mannwhitney")?;
        let (training, _) = world.study.training("mannwhitney")?;
        let key = world.study.data_key("mannwhitney").text(self.test.name()).finish();
        let tests = world.workings.get(key, || {
            let x = set.matrix.select(Axis(0), &training);
            let events = outcome.of(&training);
            let present = |column: ArrayView1<'_, f64>| column.iter().filter(|v| !v.is_nan()).count() as f64;
            Ok(Tests {
                each: two_sample::each(x.view(), &events, self.test),
                present: x.columns().into_iter().map(present).collect(),
                infinite: x.columns().into_iter().map(|column| column.iter().any(|v| v.is_infinite())).collect(),
            })
        })?;
        let tested = world.study.kept();
        let column = |f: &dyn Fn(&Comparison) -> f64| tested.iter().map(|j| f(&tests.each[*j])).collect::<Vec<f64>>();
        let p = column(&|t| t.p);
        let key = Hasher::default().text("p_adjust").numbers(&p).finish();
        let corrected = world.workings.get(key, || Ok(CORRECTIONS.map(|(method, ..)| p_adjust::adjust(&p, method))))?;
        let own = CORRECTIONS.iter().zip(&*corrected).find(|((method, ..), _)| *method == self.adjust);
        let adjusted = own.map_or_else(|| p.clone(), |(_, adjusted)| adjusted.clone());
        let kept = tested.iter().zip(&adjusted).filter(|(_, p)| **p < self.below).map(|(j, _)| *j).collect();
        let statistic = if self.test == Test::MannWhitney { "u" } else { "statistic" };
        let infinite: Vec<usize> = tested.iter().copied().filter(|j| tests.infinite[*j]).collect();
        let found = vec![
            (statistic, column(&|t| t.statistic)),
            ("p", p),
            ("auc", column(&|t| t.auc)),
            ("p_adjusted", adjusted),
            ("n", tested.iter().map(|j| tests.present[*j]).collect()),
        ];
        let exact = tested.iter().map(|j| &tests.each[*j]).filter(|t| t.exact && !t.p.is_nan()).count();
        let stage = Stage { step: "mannwhitney", column: None, tested, kept, found, fit: None };
        let mut page = self.page(set, &stage, exact, &*corrected);
        page.cautions.extend(self.unusual(set, &stage, training.len(), &infinite));
        page.cautions.extend(super::without_features(world.study, "mannwhitney")?);
        Ok(Step::Advance(world.study.with_stage(stage), page))
    }
}

/// The tests of every feature, whichever are kept, and how many patients they are of.
struct Tests {
    each: Vec<Comparison>,
    present: Vec<f64>,
    infinite: Vec<bool>,
}

/// Every correction, under the name that a reader of statistics knows.
const CORRECTIONS: [(Method, &str, &str); 7] = [
    (Method::None, "raw", "none"),
    (Method::Bh, "Benjamini-Hochberg", "bh"),
    (Method::By, "Benjamini-Yekutieli", "by"),
    (Method::Holm, "Holm", "holm"),
    (Method::Hochberg, "Hochberg", "hochberg"),
    (Method::Hommel, "Hommel", "hommel"),
    (Method::Bonferroni, "Bonferroni", "bonferroni"),
];

/// How many p-values are exact, and by what the others are, if there are any.
fn exactly(exact: usize, tests: usize, otherwise: &str) -> String {
    match tests - exact {
        _ if tests == 0 => "No feature has a p-value.".into(),
        0 => "All p-values are exact.".into(),
        n if n == tests => format!("p-values by {otherwise}."),
        _ => format!("{exact} of {tests} p-values are exact, the others by {otherwise}."),
    }
}

impl MannWhitney {
    /// `corrections`: p after each of [`CORRECTIONS`].
    fn page(&self, set: &FeatureSet, stage: &Stage, exact: usize, corrections: &[Vec<f64>]) -> Page {
        let [statistic, p, auc, adjusted] = [0, 1, 2, 3].map(|i| &stage.found[i].1);
        let corrected = self.adjust != Method::None;
        let mut counts =
            Table::new(format!("Features with p below {}", self.below)).left("correction").right("features");
        let mut below = serde_json::Map::new();
        for ((_, name, word), p) in CORRECTIONS.iter().zip(corrections) {
            let n = p.iter().filter(|p| **p < self.below).count();
            counts.row([name.to_string(), n.to_string()]);
            below.insert((*word).to_string(), n.into());
        }
        let mut page = super::funnel(stage, self.test.name(), "")
            .plot(plots::histogram("Features by p", if corrected { "adjusted p" } else { "p" }, adjusted, self.below))
            .text(self.how(exact, p.iter().filter(|p| !p.is_nan()).count()))
            .table(counts)
            .table(self.features(set, stage))
            .value("feature", super::names(set, &stage.tested))
            .value(stage.found[0].0, statistic)
            .value("p", p)
            .value("auc", auc)
            .value("n", &stage.found[4].1);
        if corrected {
            page = page.value("p_adjusted", adjusted);
        }
        page = page
            .value("kept", stage.tested.iter().map(|j| stage.kept.contains(j)).collect::<Vec<_>>())
            .value("below", below);
        page
    }

    /// Features without a p, and why, and those whose test is not of all training patients.
    fn unusual(&self, set: &FeatureSet, stage: &Stage, patients: usize, infinite: &[usize]) -> Vec<Caution> {
        let [p, n] = [1, 4].map(|i| &stage.found[i].1);
        let those = |keep: &dyn Fn(usize) -> bool| -> Vec<usize> {
            (0..stage.tested.len()).filter(|i| keep(*i)).map(|i| stage.tested[i]).collect()
        };
        // The means and variances of t; ranks and steps take an infinite value as the largest.
        let by_mean = matches!(self.test, Test::Welch | Test::Student);
        let endless = |i: usize| by_mean && infinite.contains(&stage.tested[i]);
        let of = [
            (
                match by_mean {
                    true => {
                        "features have no p (no spread within the groups, or too few values in one) and do not stay"
                    }
                    false => "features have no p (all values equal, or none in a group) and do not stay",
                },
                those(&|i| p[i].is_nan() && !endless(i)),
            ),
            (
                "features have an infinite value (so no mean and no t) and do not stay",
                those(&|i| p[i].is_nan() && endless(i)),
            ),
            (
                "features have missing training values (their tests are of the others, column n; `lasso` and `stepwise` \
                 leave them out)",
                those(&|i| (n[i] as usize) < patients),
            ),
        ];
        let said = |(why, features): (&str, Vec<usize>)| {
            let features = super::names(set, &features);
            (!features.is_empty()).then(|| Caution::Undefined { why: why.to_string(), features })
        };
        of.into_iter().filter_map(said).collect()
    }

    /// Of which distribution the p-values are.
    fn how(&self, exact: usize, tests: usize) -> String {
        match self.test {
            Test::MannWhitney => exactly(exact, tests, "the normal approximation"),
            Test::Ks => exactly(exact, tests, "the limiting distribution"),
            Test::Welch => "p-values by Student's t with Welch's degrees of freedom.".into(),
            Test::Student => "p-values by Student's t with the pooled variance.".into(),
        }
    }

    /// Every feature, smallest p first.
    fn features(&self, set: &FeatureSet, stage: &Stage) -> Table {
        let [statistic, p, auc, adjusted, n] = [0, 1, 2, 3, 4].map(|i| &stage.found[i].1);
        let corrected = self.adjust != Method::None;
        let mut table = Table::new("Features by p").left("feature").right(self.test.statistic()).right("p");
        if corrected {
            table = table.right("adjusted p");
        }
        table = table.right("AUC").right("n").left("kept");
        let mut order: Vec<usize> = (0..stage.tested.len()).collect();
        order.sort_by(|a, b| super::descending(-p[*a], -p[*b]));
        for i in order {
            let mut row = vec![set.names[stage.tested[i]].clone(), number::value(statistic[i]), number::p(p[i])];
            if corrected {
                row.push(number::p(adjusted[i]));
            }
            row.extend([
                number::share(auc[i]),
                number::count(n[i]),
                super::mark(stage.kept.contains(&stage.tested[i])),
            ]);
            table.row(row);
        }
        table
    }
}
