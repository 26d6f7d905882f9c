//! `icc`: keep the features that readers agree on.

use ndarray::{ArrayView2, Axis};
use serde::{Deserialize, Serialize};

use super::spec::{Command, Flag, Judged, Kind, Place, Spec, Step, Tune, World};
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
    by: By,
}

/// On fewer patients than this agreement is a guess.
const FEW: f64 = 10.0;

/// What must be above the threshold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum By {
    #[default]
    Estimate,
    /// The lower limit of the 95 % interval.
    Lower,
}

impl Default for Icc {
    fn default() -> Self {
        Self { above: 0.85, form: Form::TwoSingle, by: By::Estimate }
    }
}

/// All six forms of every feature, or why there are none.
type Agreement = Vec<Result<[icc::Icc; 6]>>;

impl Command for Icc {
    const SPEC: Spec = Spec {
        name: "icc",
        summary: "keep the features that readers agree on",
        about: "Intraclass correlation of Shrout and Fleiss from the two-way analysis of variance, over all patients with \
                every reader; a feature stays when ICC > ABOVE. Form 2,1 (absolute agreement of single readings) is \
                (MSB - MSE) / (MSB + (k - 1) MSE + k (MSJ - MSE) / n), with McGraw and Wong's 95 % interval. `--by lower` \
                asks the lower limit of the interval to be above. A patient whose value one reader lacks takes no part in \
                that feature. A constant feature has no ICC and does not stay; readers who agree wholly have ICC 1; a \
                negative ICC is shown as it is. Equals R's psych::ICC(lmer = FALSE). Readers are masks in the columns Mask, \
                Mask_reader2, Mask_reader3 and so on, or the replicates of `perturb`.",
        place: Place::Step(4),
        flags: &[
            Flag::named("above", Kind::Number, "a feature stays when its ICC is greater").tuned(Tune::Steps {
                by: 0.01,
                low: -1.0,
                high: 1.0,
            }),
            Flag::named(
                "form",
                Kind::Choice(&["1,1", "2,1", "3,1", "1,k", "2,k", "3,k"]),
                "the Shrout-Fleiss form: model, and single reading or mean of k",
            ),
            Flag::named(
                "by",
                Kind::Choice(&["estimate", "lower"]),
                "whether the ICC itself or the lower limit of its 95 % interval must be above",
            ),
        ],
        examples: &["icc --above 0.85 --form 2,1", "icc --above 0.75 --by lower"],
    };

    fn judged(&self) -> Option<Judged> {
        Some(Judged::Stage(if self.by == By::Lower { "lower" } else { "icc" }))
    }

    fn run(&self, world: &World<'_>) -> Result<Step> {
        let set = world.study.need_features("icc")?;
        let agreement = world.workings.get(world.study.data_key("icc").finish(), || agreement(set))?;
        let tested = world.study.kept();
        let form = Form::ALL.iter().position(|f| *f == self.form).unwrap_or(0);
        // Too few complete patients or a constant feature: undefined, listed on the page, never kept.
        let column = |f: &dyn Fn(&icc::Icc) -> f64| -> Vec<f64> {
            tested.iter().map(|j| agreement[*j].as_ref().map_or(f64::NAN, |six| f(&six[form]))).collect()
        };
        let (values, lower) = (column(&|a| a.value), column(&|a| a.lower));
        let judged = if self.by == By::Lower { &lower } else { &values };
        let kept = tested.iter().zip(judged).filter(|(_, v)| **v > self.above).map(|(j, _)| *j).collect();
        let stage = Stage {
            step: "icc",
            column: None,
            kept,
            found: vec![
                ("icc", values),
                ("lower", lower),
                ("upper", column(&|a| a.upper)),
                ("p", column(&|a| a.test.p)),
                ("f", column(&|a| a.test.f)),
                ("n", column(&|a| a.n as f64)),
            ],
            tested,
            fit: None,
        };
        let page = self.page(set, &stage, &agreement);
        Ok(Step::Advance(world.study.with_stage(stage), page))
    }
}

impl Icc {
    fn page(&self, set: &FeatureSet, stage: &Stage, agreement: &Agreement) -> Page {
        let [values, lower, n] = [0, 1, 5].map(|i| &stage.found[i].1);
        let who = if set.perturbed { "replicates of the masks" } else { "readers" };
        let title = format!("Agreement between {who}");
        let (least, most) = crate::num::summary::range(&n.iter().copied().filter(|n| !n.is_nan()).collect::<Vec<_>>());
        let patients = if least < most { format!("{least} to {most}, by feature") } else { format!("{most}") };
        let readers = if set.perturbed { "the masks and replicates of them, together" } else { "readers" };
        let judged = if self.by == By::Lower { ("lower limit of ICC", lower) } else { ("ICC", values) };
        let mut page = super::funnel(stage, &title, "")
            .facts([
                (readers, (set.readers.len() + 1).to_string()),
                ("patients with all of them", patients),
                ("form", format!("{}, McGraw and Wong's {}", self.form.shrout_fleiss(), self.form.mcgraw_wong())),
            ])
            .plot(plots::histogram(&format!("Features by {}", judged.0), judged.0, judged.1, self.above))
            .table(self.forms(stage, agreement))
            .table(features(set, stage))
            .value("feature", super::names(set, &stage.tested));
        for (name, column) in &stage.found {
            // F has no end where the readers agree without residual.
            page = page.value(name, column.iter().map(|v| number::limit(*v)).collect::<Vec<_>>());
        }
        page = page.value("kept", stage.tested.iter().map(|j| stage.kept.contains(j)).collect::<Vec<_>>());
        page = page.value("forms", all_forms(&stage.tested, agreement));
        let undefined = stage.tested.iter().zip(values).filter(|(_, v)| v.is_nan()).map(|(j, _)| *j);
        let (endless, others): (Vec<usize>, Vec<usize>) = undefined.partition(|j| set.infinite_readings(*j) > 0);
        let few = |(j, n): &(&usize, &f64)| stage.kept.contains(j) && **n < FEW;
        let unsure: Vec<usize> = stage.tested.iter().zip(n).filter(few).map(|(j, _)| *j).collect();
        let whys = [
            ("features have no ICC (a reading is infinite) and do not stay", endless),
            ("features have no ICC (constant or too few complete patients) and do not stay", others),
            ("features stay on the word of under 10 patients whom all readers read (column n)", unsure),
        ];
        for (why, features) in whys.into_iter().filter(|(_, features)| !features.is_empty()) {
            page = page.caution(Caution::Undefined { why: why.into(), features: super::names(set, &features) });
        }
        page
    }

    /// How many features each of the six forms would keep.
    fn forms(&self, stage: &Stage, agreement: &Agreement) -> Table {
        let mut table = Table::new(format!("Features above {} by form", self.above)).left("Shrout-Fleiss");
        table = table.left("McGraw-Wong").left("what it says").right("ICC").right("lower limit");
        for (i, form) in Form::ALL.into_iter().enumerate() {
            let above = |of: fn(&icc::Icc) -> f64| {
                let passes = |j: &&usize| agreement[**j].as_ref().is_ok_and(|six| of(&six[i]) > self.above);
                stage.tested.iter().filter(passes).count().to_string()
            };
            let model = ["one-way random", "two-way random, agreement", "two-way mixed, consistency"][i % 3];
            let of = if i < 3 { "single" } else { "mean of k" };
            table.row([
                form.shrout_fleiss(),
                form.mcgraw_wong().to_string(),
                format!("{model}, {of}"),
                above(|a| a.value),
                above(|a| a.lower),
            ]);
        }
        table
    }
}

/// Every feature, best first.
fn features(set: &FeatureSet, stage: &Stage) -> Table {
    let [values, lower, upper, p, f, n] = [0, 1, 2, 3, 4, 5].map(|i| &stage.found[i].1);
    let mut table = Table::new("Agreement, best first").left("feature").right("ICC").right("95 % interval");
    table = table.right("F").right("p").right("n").left("kept");
    let mut order: Vec<usize> = (0..stage.tested.len()).collect();
    order.sort_by(|a, b| super::descending(values[*a], values[*b]));
    for i in order {
        table.row([
            set.names[stage.tested[i]].clone(),
            number::share(values[i]),
            number::interval(lower[i], upper[i]),
            number::value(f[i]),
            number::p(p[i]),
            number::count(n[i]),
            super::mark(stage.kept.contains(&stage.tested[i])),
        ]);
    }
    table
}

/// Estimate and limits of every form, one value a tested feature.
fn all_forms(tested: &[usize], agreement: &Agreement) -> serde_json::Value {
    let of = |i: usize, f: fn(&icc::Icc) -> f64| -> Vec<f64> {
        tested.iter().map(|j| agreement[*j].as_ref().map_or(f64::NAN, |six| f(&six[i]))).collect()
    };
    let one = |(i, form): (usize, Form)| {
        let parts = serde_json::json!({
            "icc": of(i, |a| a.value), "lower": of(i, |a| a.lower), "upper": of(i, |a| a.upper),
        });
        (form.name().to_string(), parts)
    };
    Form::ALL.into_iter().enumerate().map(one).collect::<serde_json::Map<_, _>>().into()
}

/// Every feature's agreement over the patients all readers have.
fn agreement(set: &FeatureSet) -> Result<Agreement> {
    if set.readers.is_empty() {
        return Err(Error::NotYet {
            command: "icc".into(),
            missing: "a second reader".into(),
            remedy: "leave it out and go on with `mannwhitney`, or give masks in a column Mask_reader2, or a table \
                     with `features FILE --reader2 FILE`, or make replicates of the masks with `perturb`"
                .into(),
        });
    }
    let read = |m: &ArrayView2<'_, f64>, i: usize| m.row(i).iter().any(|v| !v.is_nan());
    let readers: Vec<ArrayView2<'_, f64>> =
        std::iter::once(&set.matrix).chain(&set.readers).map(|m| m.view()).collect();
    let all: Vec<usize> = (0..set.matrix.nrows()).filter(|i| readers.iter().all(|m| read(m, *i))).collect();
    if all.len() < 2 {
        let what = if readers.len() == 2 { "both readers" } else { "every reader" };
        return Err(Error::TooFew { what: format!("icc, in patients with {what},"), needed: 2, got: all.len() });
    }
    let chosen: Vec<_> = readers.iter().map(|m| m.select(Axis(0), &all)).collect();
    Ok(icc::every_form(&chosen.iter().map(|m| m.view()).collect::<Vec<_>>(), 0.95))
}
