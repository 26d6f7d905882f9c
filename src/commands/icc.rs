//! `icc`: keep the features two readers agree on.

use ndarray::Axis;
use serde::{Deserialize, Serialize};

use super::spec::{Command, Flag, Kind, Place, Spec, Step, Tune, World};
use crate::caution::Caution;
use crate::error::{Error, Result};
use crate::page::{Page, Table, number};
use crate::plots;
use crate::stats::icc::{self, Form};
use crate::study::{FeatureSet, Stage};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Icc {
    above: f64,
    form: Form,
}

impl Default for Icc {
    fn default() -> Self {
        Self { above: 0.85, form: Form::TwoSingle }
    }
}

impl Command for Icc {
    const SPEC: Spec = Spec {
        name: "icc",
        summary: "keep the features two readers agree on",
        about: "Intraclass correlation of Shrout and Fleiss from the two-way analysis of variance, over all patients with \
                both readers; a feature stays when ICC > ABOVE. Form 2,1 (absolute agreement of single readings) is \
                (MSB - MSE) / (MSB + (k - 1) MSE + k (MSJ - MSE) / n), with McGraw and Wong's 95 % interval. A \
                constant feature has no ICC and does not stay. Equals R's psych::ICC(lmer = FALSE).",
        place: Place::Step(3),
        flags: &[
            Flag::named("above", Kind::Number, "a feature stays when its ICC is greater")
                .tuned(Tune::Steps { by: 0.01, low: -1.0, high: 1.0 })
                .cutting("icc"),
            Flag::named(
                "form",
                Kind::Choice(&["1,1", "2,1", "3,1", "1,k", "2,k", "3,k"]),
                "the Shrout-Fleiss form: model, and single reading or mean of k",
            ),
        ],
        examples: &["icc --above 0.85 --form 2,1", "icc --above 0.9"],
    };

    fn run(&self, world: &World<'_>) -> Result<Step> {
        let set = world.study.need_features("icc")?;
        let key = world.study.data_key("icc").text(self.form.name()).finish();
        let agreement = world.workings.get(key, || agreement(set, self.form))?;
        let tested = world.study.kept();
        // Too few complete patients or a constant feature: undefined, listed on the page, never kept.
        let column = |f: &dyn Fn(&icc::Icc) -> f64| -> Vec<f64> {
            tested.iter().map(|j| agreement[*j].as_ref().map_or(f64::NAN, f)).collect()
        };
        let values = column(&|a| a.value);
        let kept = tested.iter().zip(&values).filter(|(_, v)| **v > self.above).map(|(j, _)| *j).collect();
        let stage = Stage {
            step: "icc",
            column: None,
            kept,
            found: vec![
                ("icc", values),
                ("lower", column(&|a| a.lower)),
                ("upper", column(&|a| a.upper)),
                ("p", column(&|a| a.test.p)),
            ],
            tested,
            fit: None,
        };
        let page = self.page(set, &stage);
        Ok(Step::Advance(world.study.with_stage(stage), page))
    }
}

impl Icc {
    fn page(&self, set: &FeatureSet, stage: &Stage) -> Page {
        let values = &stage.found[0].1;
        let mut table = Table::new("Agreement of the readers, best first").left("feature").right("ICC");
        table = table.right("95 % interval").left("kept");
        let mut order: Vec<usize> = (0..stage.tested.len()).collect();
        order.sort_by(|a, b| super::descending(values[*a], values[*b]));
        for i in order {
            table.row([
                set.names[stage.tested[i]].clone(),
                number::share(values[i]),
                number::interval(stage.found[1].1[i], stage.found[2].1[i]),
                super::mark(stage.kept.contains(&stage.tested[i])),
            ]);
        }
        let mut page = super::funnel(stage, "Agreement between readers", "");
        page = page
            .plot(plots::histogram("Features by ICC", "ICC", values, self.above))
            .table(table)
            .value("feature", super::names(set, &stage.tested));
        for (name, column) in &stage.found[..3] {
            page = page.value(name, column);
        }
        page = page.value("kept", stage.tested.iter().map(|j| stage.kept.contains(j)).collect::<Vec<_>>());
        let undefined: Vec<usize> =
            stage.tested.iter().zip(values).filter(|(_, v)| v.is_nan()).map(|(j, _)| *j).collect();
        if !undefined.is_empty() {
            let why = "features have no ICC (constant or too few complete patients) and do not stay".to_string();
            page = page.caution(Caution::Undefined { why, features: super::names(set, &undefined) });
        }
        page
    }
}

/// Every feature's agreement over the patients both readers have.
fn agreement(set: &FeatureSet, form: Form) -> Result<Vec<Result<icc::Icc>>> {
    let second = set.second.as_ref().ok_or_else(|| Error::NotYet {
        command: "icc".into(),
        missing: "a second reader".into(),
        remedy: "give masks in a column Mask_reader2, or a table with `features FILE --reader2 FILE`, or leave icc out"
            .into(),
    })?;
    let both: Vec<usize> = (0..second.nrows())
        .filter(|i| second.row(*i).iter().any(|v| !v.is_nan()) && set.matrix.row(*i).iter().any(|v| !v.is_nan()))
        .collect();
    if both.len() < 2 {
        return Err(Error::TooFew { what: "icc, in patients with both readers,".into(), needed: 2, got: both.len() });
    }
    let readers = [&set.matrix, second].map(|m| m.select(Axis(0), &both));
    Ok(icc::each(&readers.each_ref().map(|r| r.view()), form, 0.95))
}
