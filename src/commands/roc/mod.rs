//! `roc`: discrimination of every model in every cohort.

mod shown;

use serde::{Deserialize, Serialize};

use shown::Shown;

use super::spec::{Command, Flag, Kind, Place, Reads, Spec, Step, World};
use crate::caution::Caution;
use crate::cohort::Role;
use crate::error::{Error, Result};
use crate::page::{Page, number};
use crate::stats::delong::{self, Area};
use crate::stats::logistic::inverse_logit;
use crate::stats::risk;
use crate::stats::roc::{self, Best, Counts, Direction};
use crate::stats::roc_extra::{self, Partial, PrecisionRecall};
use crate::study::{Model, Origin};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Roc {
    models: Vec<String>,
    ci: Option<Ci>,
    resamples: Option<u32>,
    seed: Option<u32>,
    partial: Option<String>,
    pr: Option<Answer>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Ci {
    Delong,
    Bootstrap,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Answer {
    Yes,
    No,
}

/// Resamples of the bootstrap interval unless the line says otherwise, as pROC.
const RESAMPLES: u32 = 2000;

/// Models are fitted in training, so that a higher score stands for the event: cases score higher.
const DIRECTION: Direction = Direction::CasesHigher;

/// Fewer patients with or without the event than this say little about a curve.
const FEW: usize = 10;

/// Whether a model is read as a Rad-score, its linear predictor; else as a probability.
fn as_score(model: &Model) -> bool {
    model.name == "signature"
}

/// These linear predictors on the scale the model is read on, where its threshold is chosen and applied.
fn printed(model: &Model, linear: &[f64]) -> Vec<f64> {
    if as_score(model) { linear.to_vec() } else { linear.iter().map(|l| inverse_logit(*l)).collect() }
}

/// One model in one cohort.
struct Judged<'a> {
    model: &'a Model,
    scores: Vec<f64>,
    area: Area,
    curve: roc::Roc,
    /// At the threshold chosen in training, and at probability 1/2.
    counts: Counts,
    half: Counts,
    /// On the scale the model is read on.
    threshold: f64,
    /// The interval shown, DeLong's or the bootstrap's.
    limits: (f64, f64),
    partial: Option<Partial>,
    precision: Option<PrecisionRecall>,
}

impl Command for Roc {
    const SPEC: Spec = Spec {
        name: "roc",
        summary: "ROC curves, AUC with DeLong's interval, and tests between models",
        about: "For every model and role: AUC = P(a patient with the event scores higher) with DeLong's 95 % interval, and \
                accuracy, sensitivity and specificity at one threshold: the largest Youden index in training, kept for the \
                other cohorts. A value at the threshold or above is positive; thresholds are midpoints of neighbouring \
                Rad-scores or, of other models, probabilities, as in pROC. The same and PPV and NPV, with \
                Clopper-Pearson's 95 % intervals, are given at that threshold and at \
                probability 0.5 (a probability within rounding of it, 1e-6 in the logit, is at it). A higher score stands for the event, as it was fitted in training, and is never flipped. Rows, curves and DeLong's paired \
                test between models are of the same patients: those with a score of every model; an unpaired test sets each \
                model's AUCs in two cohorts against each other. `--ci bootstrap` draws R's random numbers as pROC, \
                within each class. `--partial 0.8-1` is the area between two specificities, with McClish's correction; \
                `--pr yes` adds precision-recall curves and average precision.",
        place: Place::View,
        flags: &[
            Flag::rest("models", Kind::Term, "models or clinical variables; all models when none is named"),
            Flag::named("ci", Kind::Choice(&["delong", "bootstrap"]), "the interval of the AUC; DeLong's unless given"),
            Flag::named("resamples", Kind::Whole, "bootstrap resamples, 2000 unless given").within(2.0, f64::INFINITY),
            Flag::named("seed", Kind::Whole, "the seed of R's random numbers for the resamples, 1 unless given"),
            Flag::named("partial", Kind::Word, "LOW-HIGH: the area between two specificities too"),
            Flag::named("pr", Kind::Choice(&["yes", "no"]), "precision-recall curves too"),
        ],
        examples: &["roc", "roc signature nomogram", "roc --ci bootstrap --resamples 200 --partial 0.8-1 --pr yes"],
    };

    fn reads(&self) -> Reads {
        Reads::terms(&self.models, Reads::All)
    }

    fn is_slow(&self) -> bool {
        self.ci == Some(Ci::Bootstrap)
    }

    fn run(&self, world: &World<'_>) -> Result<Step> {
        let cohort = world.study.need_cohort("roc")?;
        let outcome = world.study.need_outcome("roc")?;
        self.check()?;
        let models = super::models(world.study, "roc", &self.models)?;
        let training = super::scored(&models, &cohort.training());
        let scores = |m: &Model, rows: &[usize]| rows.iter().map(|i| m.linear[*i]).collect::<Vec<f64>>();
        let mut page = Page::new("Discrimination", "");
        let mut thresholds = Vec::new();
        for model in &models {
            let trained = printed(model, &scores(model, &training));
            let (threshold, tied) = chosen(&trained, &outcome.of(&training))?;
            if tied > 1 {
                let note =
                    format!("{}: {tied} thresholds share the largest Youden index; the lowest is used", model.name);
                page = page.caution(Caution::Note(note));
            }
            thresholds.push(threshold);
        }
        page.cautions.extend(super::unsettled(&models));
        let mut shown = Shown::new(self.interval());
        for role in cohort.roles() {
            let all = cohort.members(&role);
            let members = super::scored(&models, &all);
            page.cautions.extend(super::unscored(&role, &models, all.len() - members.len()));
            let y = outcome.of(&members);
            if let Some(caution) = super::one_sided(&role, &y) {
                page = page.caution(caution);
                continue;
            }
            let mut judged = Vec::new();
            for (model, threshold) in models.iter().zip(&thresholds) {
                judged.push(self.judge(world, model, scores(model, &members), &y, *threshold)?);
            }
            shown.add(&role, &judged, &y)?;
            let few = y.iter().filter(|e| **e).count();
            page = cautions(page, &judged, &role, few.min(y.len() - few), y.len());
        }
        if self.ci == Some(Ci::Bootstrap) {
            let (resamples, seed) = self.drawn();
            let how = format!("percentiles of {resamples} resamples within each class, seed {seed}");
            page = page.facts([("interval of the AUC", how)]);
        }
        page.headline = headline(&shown.rows);
        Ok(Step::Show(shown.onto(page)))
    }
}

/// The threshold of the largest Youden index in training, and how many share it.
fn chosen(scores: &[f64], events: &[bool]) -> Result<(f64, usize)> {
    let curve = roc::curve(scores, events, Some(DIRECTION))?;
    let best = roc::best(&curve, Best::Youden);
    Ok((best.first().map_or(f64::NAN, |i| curve.thresholds[*i]), best.len()))
}

impl Roc {
    /// What the interval of an AUC is called.
    fn interval(&self) -> &'static str {
        match self.ci.unwrap_or(Ci::Delong) {
            Ci::Delong => "95 % interval",
            Ci::Bootstrap => "bootstrap 95 % interval",
        }
    }

    /// Resamples and seed of the bootstrap.
    fn drawn(&self) -> (u32, u32) {
        (self.resamples.unwrap_or(RESAMPLES), self.seed.unwrap_or(1))
    }

    /// Nothing is drawn for DeLong's interval.
    fn check(&self) -> Result<()> {
        let drawn = self.ci == Some(Ci::Bootstrap);
        let why = "DeLong's interval draws nothing; add `--ci bootstrap`";
        super::effective(&[
            (!drawn && self.resamples.is_some(), "resamples", why),
            (!drawn && self.seed.is_some(), "seed", why),
        ])
    }

    fn judge<'a>(
        &self,
        world: &World<'_>,
        model: &'a Model,
        scores: Vec<f64>,
        events: &[bool],
        threshold: f64,
    ) -> Result<Judged<'a>> {
        let curve = roc::curve(&scores, events, Some(DIRECTION))?;
        let area = delong::area(&scores, events, DIRECTION, 0.95)?;
        let limits = match self.ci.unwrap_or(Ci::Delong) {
            Ci::Delong => (area.lower, area.upper),
            Ci::Bootstrap => {
                let (resamples, seed) = self.drawn();
                let how = (resamples as usize, super::seed(seed)?);
                let groups = roc::groups(&scores, events);
                let drawn = roc_extra::bootstrap(&groups, DIRECTION, how, 0.95, world.task)?;
                (drawn.lower, drawn.upper)
            }
        };
        let part = self.part()?.map(|(low, high)| roc_extra::partial(&curve, low, high));
        let precision = (self.pr == Some(Answer::Yes)).then(|| roc_extra::precision_recall(&curve));
        Ok(Judged {
            model,
            area,
            counts: roc::counts(&printed(model, &scores), events, DIRECTION, threshold),
            half: at_half(&scores, events),
            curve,
            threshold,
            scores,
            limits,
            partial: part,
            precision,
        })
    }

    /// `LOW-HIGH` as two specificities.
    fn part(&self) -> Result<Option<(f64, f64)>> {
        let Some(text) = &self.partial else { return Ok(None) };
        let sides = text.split_once('-').and_then(|(a, b)| Some((a.parse::<f64>().ok()?, b.parse::<f64>().ok()?)));
        sides.filter(|(low, high)| 0.0 <= *low && low < high && *high <= 1.0).map(Some).ok_or_else(|| Error::BadValue {
            what: "`--partial`".into(),
            given: text.clone(),
            expected: "two specificities from 0 to 1, the lower first, as 0.8-1".into(),
        })
    }
}

/// The counts at probability 1/2, which is positive.
fn at_half(linear: &[f64], events: &[bool]) -> Counts {
    let settled = |l: &f64| risk::settled(inverse_logit(*l), &[0.5]);
    roc::counts(&linear.iter().map(settled).collect::<Vec<f64>>(), events, DIRECTION, 0.5)
}

/// Why numbers of a curve say nothing, or are NA.
fn undefined(j: &Judged<'_>) -> Vec<String> {
    let mut said = Vec::new();
    if j.area.variance == 0.0 {
        said.push(match j.area.auc {
            auc @ (0.0 | 1.0) => format!(
                "the AUC is {auc}, where DeLong's and the bootstrap's intervals have no width and mislead ({}): they do not tell \
                 how few patients say so",
                if auc == 1.0 { "pROC warns of it" } else { "pROC gives 0-0 without a warning" }
            ),
            _ => "all patients have the same score, so the AUC is 0.5 whatever their outcome: its interval has no width and says \
                  nothing (pROC gives 0.5-0.5 without a warning)"
                .into(),
        });
    }
    if j.partial.is_some_and(|part| part.corrected.is_nan()) {
        said.push(
            "the part of the curve lies below the diagonal, where McClish's correction is not defined: it is NA, as pROC's".into(),
        );
    }
    said
}

fn cautions(mut page: Page, judged: &[Judged<'_>], role: &Role, few: usize, n: usize) -> Page {
    for j in judged {
        if j.area.auc < 0.5 {
            page = page.caution(Caution::Reversed {
                model: j.model.name.clone(),
                role: role.name.clone(),
                auc: j.area.auc,
                training: role.training && j.model.origin != Origin::File,
            });
        }
    }
    let whys = judged
        .iter()
        .flat_map(|j| undefined(j).into_iter().map(|why| format!("{} in {}: {why}", j.model.name, role.name)));
    page.cautions.extend(whys.map(Caution::Note));
    if few == 1 {
        let why = "with a single patient in an outcome group DeLong's variance is not defined: its intervals and tests are NA, as pROC's";
        page = page.caution(Caution::Note(format!("{}: {why}", role.name)));
    }
    if few < FEW {
        let why = format!("with {few} in the smaller outcome group an AUC is uncertain");
        page = page.caution(Caution::Small { role: role.name.clone(), n, why });
    }
    if role.training {
        let models = judged.iter().map(|j| j.model);
        page.cautions.extend(super::optimistic(format!("every number of {}", role.name), models));
    }
    page
}

/// The last model's AUC by role: the nomogram's, where there is one.
fn headline(rows: &[serde_json::Value]) -> String {
    let Some(model) = rows.last().map(|r| r["model"].clone()) else { return String::new() };
    let of = rows.iter().filter(|r| r["model"] == model);
    let auc = of.map(|r| {
        let role = r["role"].as_str().unwrap_or_default();
        format!("{role} {}", number::share(r["auc"].as_f64().unwrap_or(f64::NAN)))
    });
    format!("AUC of {}: {}", model.as_str().unwrap_or_default(), auc.collect::<Vec<_>>().join(", "))
}
