//! `mannwhitney`: keep the features that differ between the outcome groups in training.

use ndarray::Axis;
use serde::{Deserialize, Serialize};

use super::spec::{Command, Flag, Kind, Place, Spec, Step, Tune, World};
use crate::caution::Caution;
use crate::error::Result;
use crate::page::{Page, Table, number};
use crate::plots;
use crate::stats::mann_whitney::{self, Options};
use crate::stats::p_adjust::{self, Method};
use crate::study::{FeatureSet, Stage};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct MannWhitney {
    below: f64,
    adjust: Method,
}

impl Default for MannWhitney {
    fn default() -> Self {
        Self { below: 0.05, adjust: Method::None }
    }
}

impl Command for MannWhitney {
    const SPEC: Spec = Spec {
        name: "mannwhitney",
        summary: "keep the features that differ between the outcome groups",
        about: "Two-sided Mann-Whitney U (Wilcoxon rank sum) test of patients with against without the event, training \
                patients only; a feature stays when p < BELOW. As R's wilcox.test: exact where both groups are under 50 \
                and no value repeats, else normal with continuity and tie correction. U is that of the patients with \
                the event, AUC = U / (m n). `--adjust` corrects p for the number of tests in this step, as R's p.adjust.",
        place: Place::Step(4),
        flags: &[
            Flag::named("below", Kind::Number, "a feature stays when its p is smaller")
                .tuned(Tune::Steps { by: 0.005, low: 0.0, high: 1.0 })
                .cutting("p_adjusted"),
            Flag::named(
                "adjust",
                Kind::Choice(&["none", "bonferroni", "holm", "hochberg", "hommel", "bh", "by"]),
                "the correction of p for many tests",
            ),
        ],
        examples: &["mannwhitney --below 0.05", "mannwhitney --adjust bh"],
    };

    fn run(&self, world: &World<'_>) -> Result<Step> {
        let outcome = world.study.need_outcome("mannwhitney")?;
        let set = world.study.need_features("mannwhitney")?;
        let (training, _) = world.study.training("mannwhitney")?;
        let key = world.study.data_key("mannwhitney").finish();
        let tests = world.workings.get(key, || {
            let events: Vec<bool> = training.iter().map(|i| outcome.events[*i]).collect();
            Ok(mann_whitney::each(set.matrix.select(Axis(0), &training).view(), &events, Options::default()))
        })?;
        let tested = world.study.kept();
        let column =
            |f: &dyn Fn(&mann_whitney::MannWhitney) -> f64| tested.iter().map(|j| f(&tests[*j])).collect::<Vec<f64>>();
        let p = column(&|t| t.p);
        let adjusted = p_adjust::adjust(&p, self.adjust);
        let kept = tested.iter().zip(&adjusted).filter(|(_, p)| **p < self.below).map(|(j, _)| *j).collect();
        let found = vec![("u", column(&|t| t.u)), ("p", p), ("auc", column(&|t| t.auc)), ("p_adjusted", adjusted)];
        let exact = tested.iter().filter(|j| tests[**j].exact).count();
        let stage = Stage { step: "mannwhitney", column: None, tested, kept, found, fit: None };
        let mut page = self.page(set, &stage, exact);
        page.cautions.extend(super::without_features(world.study, "mannwhitney")?);
        Ok(Step::Advance(world.study.with_stage(stage), page))
    }
}

impl MannWhitney {
    fn page(&self, set: &FeatureSet, stage: &Stage, exact: usize) -> Page {
        let [u, p, auc, adjusted] = [0, 1, 2, 3].map(|i| &stage.found[i].1);
        let corrected = self.adjust != Method::None;
        let mut table = Table::new("Features by p").left("feature").right("U").right("p");
        if corrected {
            table = table.right("adjusted p");
        }
        table = table.right("AUC").left("kept");
        let mut order: Vec<usize> = (0..stage.tested.len()).collect();
        order.sort_by(|a, b| super::descending(-p[*a], -p[*b]));
        for i in order {
            let mut row = vec![set.names[stage.tested[i]].clone(), number::value(u[i]), number::p(p[i])];
            if corrected {
                row.push(number::p(adjusted[i]));
            }
            row.extend([number::share(auc[i]), super::mark(stage.kept.contains(&stage.tested[i]))]);
            table.row(row);
        }
        let mut page = super::funnel(stage, "Mann-Whitney U", "")
            .plot(plots::histogram("Features by p", if corrected { "adjusted p" } else { "p" }, adjusted, self.below))
            .text(format!(
                "{exact} of {} p-values are exact, the others by the normal approximation.",
                stage.tested.len()
            ))
            .table(table)
            .value("feature", super::names(set, &stage.tested))
            .value("u", u)
            .value("p", p)
            .value("auc", auc);
        if corrected {
            page = page.value("p_adjusted", adjusted);
        }
        page = page.value("kept", stage.tested.iter().map(|j| stage.kept.contains(j)).collect::<Vec<_>>());
        let undefined: Vec<usize> = stage.tested.iter().zip(p).filter(|(_, p)| p.is_nan()).map(|(j, _)| *j).collect();
        if !undefined.is_empty() {
            let why = "features have no p (all values equal, or none) and do not stay".to_string();
            page = page.caution(Caution::Undefined { why, features: super::names(set, &undefined) });
        }
        page
    }
}
