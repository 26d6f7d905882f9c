//! `decision`: the net benefit of treating by a model, in every cohort.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::spec::{Command, Flag, Kind, Place, Reads, Spec, Step, Tune, World};
use crate::caution::{Caution, counted};
use crate::error::{Error, Result};
use crate::page::{Page, Table, number};
use crate::plots::{self, DecisionCurve};
use crate::stats::bootstrap;
use crate::stats::decision::{self, HighRisk, Limits, Point, Resampling};
use crate::stats::risk;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Decision {
    models: Vec<String>,
    from: f64,
    to: f64,
    rule: Rule,
    resamples: Option<u32>,
    seed: Option<u32>,
    standardised: Option<Answer>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Answer {
    Yes,
    No,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
enum Rule {
    /// A risk at the threshold is high.
    #[default]
    #[serde(rename = "dcurves")]
    AtOrAbove,
    /// A risk at the threshold is not high.
    #[serde(rename = "rmda")]
    Above,
}

impl Default for Decision {
    fn default() -> Self {
        Self {
            models: Vec::new(),
            from: 0.0,
            to: 0.99,
            rule: Rule::AtOrAbove,
            resamples: None,
            seed: None,
            standardised: None,
        }
    }
}

const HUNDREDTHS: Tune = Tune::Steps { by: 0.01, low: 0.0, high: 0.99 };

/// The thresholds shown in the table.
const SHOWN: [f64; 5] = [0.1, 0.2, 0.3, 0.4, 0.5];

impl Command for Decision {
    const SPEC: Spec = Spec {
        name: "decision",
        summary: "decision curves: the net benefit of treating by a model",
        about: "Net benefit = TP/n - FP/n x t/(1 - t) at every hundredth t from FROM to TO, against treating all and treating \
                none. A patient is treated when the risk is at or above t (dcurves); rmda treats above t only, which \
                differs where a risk equals a threshold (within rounding: 1e-6 in the logit). The headline names the \
                thresholds where the last model beats both by its point estimates, in the largest cohort that took no part \
                in training. Of the last model the page adds net interventions avoided in 100 \
                patients against treating all, and of 1000 patients those at high risk and those of them with the event. \
                `--resamples` gives the 95 % percentile interval (quantile type 1) over resamples of the patients, the \
                risks as they are. `--standardised yes` divides net benefit by the event rate.",
        place: Place::View,
        flags: &[
            Flag::rest("models", Kind::Term, "models or clinical variables; all models when none is named"),
            Flag::named("from", Kind::Number, "the first threshold probability").within(0.0, 0.99).tuned(HUNDREDTHS),
            Flag::named("to", Kind::Number, "the last threshold probability, under 1")
                .within(0.0, 0.99)
                .tuned(HUNDREDTHS),
            Flag::named("rule", Kind::Choice(&["dcurves", "rmda"]), "when a risk at the threshold is high"),
            Flag::named("resamples", Kind::Whole, "bootstrap resamples for the interval; none unless given")
                .within(2.0, f64::INFINITY),
            Flag::named("seed", Kind::Whole, "the seed of R's random numbers for the resamples, 1 unless given"),
            Flag::named("standardised", Kind::Choice(&["yes", "no"]), "net benefit as a share of the event rate"),
        ],
        examples: &[
            "decision",
            "decision nomogram --from 0.05 --to 0.8",
            "decision nomogram --resamples 200 --standardised yes",
        ],
    };

    fn reads(&self) -> Reads {
        Reads::terms(&self.models, Reads::All)
    }

    fn is_slow(&self) -> bool {
        self.resamples.is_some_and(|count| count > 0)
    }

    fn run(&self, world: &World<'_>) -> Result<Step> {
        let cohort = world.study.need_cohort("decision")?;
        let outcome = world.study.need_outcome("decision")?;
        self.check()?;
        let models = super::models(world.study, "decision", &self.models)?;
        let thresholds = self.thresholds()?;
        let high = match self.rule {
            Rule::AtOrAbove => HighRisk::AtOrAbove,
            Rule::Above => HighRisk::Above,
        };
        let mut page = Page::new("Decision curves", "");
        page.cautions.extend(super::unsettled(&models));
        let shown: Vec<f64> = SHOWN.into_iter().filter(|t| thresholds.contains(t)).collect();
        let title = if self.scaled() { "Standardised net benefit" } else { "Net benefit" };
        let table = Table::new(title).left("role").left("model");
        let mut table = shown.iter().fold(table, |table, t| table.right(&format!("at {t}")));
        let last = models.last().map_or("", |m| &m.name);
        let mut impact = impact_table(last, self.resamples.is_some(), self.scaled());
        let mut details = serde_json::Map::new();
        let mut plots = Vec::new();
        let mut headline = None;
        for role in cohort.roles() {
            let all = cohort.members(&role);
            let members = super::scored(&models, &all);
            page.cautions.extend(super::unscored(&role, &models, all.len() - members.len()));
            let y = outcome.of(&members);
            if let Some(caution) = super::one_sided(&role, &y) {
                page = page.caution(caution);
                continue;
            }
            if role.training {
                page.cautions.extend(super::optimistic(format!("net benefit in {}", role.name), models.iter()));
            }
            let resamples = self.resamples(y.len())?;
            let without = decision::without_events(&y, &resamples);
            if self.scaled() && without > 0 {
                page = page.caution(left_out(&role.name, without, resamples.len()));
            }
            let mut judged = Vec::new();
            for model in &models {
                let probability = model.probability();
                let risk: Vec<f64> = members.iter().map(|i| risk::settled(probability[*i], &thresholds)).collect();
                judged.push(self.judge(
                    world,
                    &model.name,
                    &risk,
                    &y,
                    Resampling { resamples: &resamples, level: 0.95, thresholds: &thresholds, high },
                )?);
            }
            let rate = y.iter().filter(|e| **e).count() as f64 / y.len() as f64;
            let per = if self.scaled() { rate } else { 1.0 };
            for j in &judged {
                let show = |i: usize| number::share(benefit(&j.points[i], self.scaled()));
                table.row(row(&role.name, &j.name, &shown, &thresholds, show));
            }
            if let Some(last) = judged.last() {
                let rank = (!role.training, members.len());
                if headline.as_ref().is_none_or(|(best, _)| rank > *best) {
                    headline = Some((rank, useful(&last.name, &role.name, &last.points, &thresholds)));
                }
                table.row(row(&role.name, "treat all", &shown, &thresholds, |i| {
                    number::share(last.points[i].all / per)
                }));
                last.impact(&mut impact, &role.name, &shown, self.scaled());
            }
            page = page.value(&role.name, benefits(&judged, &thresholds));
            let detail: serde_json::Map<_, _> = judged.iter().map(|j| (j.name.clone(), j.detail())).collect();
            details.insert(role.name.clone(), detail.into());
            plots.push(plots::decision(
                &format!("{}, {} (n = {})", if self.scaled() { title } else { "Decision curves" }, role.name, y.len()),
                curves(&judged, &thresholds, (self.scaled(), per)),
            ));
        }
        page.headline = headline.map(|(_, text)| text).unwrap_or_default();
        page = page.table(table).table(impact).value("detail", details);
        Ok(Step::Show(plots.into_iter().fold(page, Page::plot)))
    }
}

/// One model in one cohort: its curve and, where asked for, the interval at each threshold.
struct Judged {
    name: String,
    n: f64,
    points: Vec<Point>,
    limits: Vec<Limits>,
}

impl Judged {
    fn per_1000(&self, count: usize) -> f64 {
        count as f64 / self.n * 1000.0
    }

    fn detail(&self) -> serde_json::Value {
        let each = |f: &dyn Fn(&Point) -> f64| self.points.iter().map(f).collect::<Vec<f64>>();
        let mut detail = json!({
            "standardised": each(&|p| p.standardised),
            "interventions_avoided_per_100": each(&|p| p.avoided),
            "high_risk_per_1000": each(&|p| self.per_1000(p.tp + p.fp)),
            "true_positive_per_1000": each(&|p| self.per_1000(p.tp))
        });
        if !self.limits.is_empty() {
            let of = |f: fn(&Limits) -> f64| self.limits.iter().map(f).collect::<Vec<f64>>();
            detail["lower"] = of(|l| l.net_benefit.0).into();
            detail["upper"] = of(|l| l.net_benefit.1).into();
            detail["standardised_lower"] = of(|l| l.standardised.0).into();
            detail["standardised_upper"] = of(|l| l.standardised.1).into();
        }
        detail
    }

    /// The limits at threshold number `i`, of the standardised benefit or the plain one; none where nothing was drawn.
    fn within(&self, i: usize, scaled: bool) -> Option<(f64, f64)> {
        self.limits.get(i).map(|l| if scaled { l.standardised } else { l.net_benefit })
    }

    /// A row for each shown threshold.
    fn impact(&self, table: &mut Table, role: &str, shown: &[f64], scaled: bool) {
        for (i, p) in self.points.iter().enumerate().filter(|(_, p)| shown.contains(&p.threshold)) {
            let limits = self.within(i, scaled).map(|(lower, upper)| super::limits(lower, upper));
            let mut row = vec![role.to_string(), format!("{}", p.threshold), number::share(benefit(p, scaled))];
            row.extend(limits);
            row.push(number::value(p.avoided));
            row.extend([p.tp + p.fp, p.tp].map(|count| format!("{:.0}", self.per_1000(count))));
            table.row(row);
        }
    }
}

impl Decision {
    fn check(&self) -> Result<()> {
        let idle = self.seed.is_some() && self.resamples.is_none();
        super::effective(&[(idle, "seed", "nothing is drawn without `--resamples`")])
    }

    fn scaled(&self) -> bool {
        self.standardised == Some(Answer::Yes)
    }

    /// Resamples of `n` patients; none where no interval is asked for.
    fn resamples(&self, n: usize) -> Result<Vec<Vec<usize>>> {
        let seed = super::seed(self.seed.unwrap_or(1))?;
        Ok(self.resamples.map(|count| bootstrap::resamples(n, count as usize, seed)).unwrap_or_default())
    }

    fn judge(&self, world: &World<'_>, name: &str, risk: &[f64], y: &[bool], how: Resampling<'_>) -> Result<Judged> {
        world.task.check()?;
        let limits = if how.resamples.is_empty() { Vec::new() } else { decision::limits(risk, y, how) };
        let points = decision::curve(risk, y, how.thresholds, how.high);
        Ok(Judged { name: name.to_string(), n: y.len() as f64, points, limits })
    }

    fn thresholds(&self) -> Result<Vec<f64>> {
        let chosen: Vec<f64> =
            decision::hundredths().into_iter().filter(|t| (self.from..=self.to).contains(t)).collect();
        if chosen.len() < 2 {
            return Err(Error::BadValue {
                what: "the range of thresholds".into(),
                given: format!("{} to {}", self.from, self.to),
                expected: "it must hold two hundredths from 0 to 0.99".into(),
            });
        }
        Ok(chosen)
    }
}

/// That the limits of the standardised benefit are of fewer resamples than were drawn.
fn left_out(role: &str, without: usize, drawn: usize) -> Caution {
    Caution::Note(format!(
        "{role}: of {drawn} resamples {} without an event, where no net benefit can be standardised; its limits are of the others",
        counted(without, "are")
    ))
}

fn row(role: &str, model: &str, shown: &[f64], thresholds: &[f64], cell: impl Fn(usize) -> String) -> Vec<String> {
    let at = |t: &f64| thresholds.iter().position(|x| x == t).map_or_else(|| number::share(f64::NAN), &cell);
    [role.to_string(), model.to_string()].into_iter().chain(shown.iter().map(at)).collect()
}

/// Net benefit at a point, standardised or as it is.
fn benefit(point: &Point, scaled: bool) -> f64 {
    if scaled { point.standardised } else { point.net_benefit }
}

fn impact_table(model: &str, resampled: bool, scaled: bool) -> Table {
    let what = if scaled { "standardised net benefit" } else { "net benefit" };
    let table = Table::new(format!("What treating by {model} does")).left("role").right("threshold").right(what);
    let table = if resampled { table.right("95 % interval") } else { table };
    let table = table.right("avoided per 100");
    table.right("high risk per 1000").right("of them with the event")
}

/// Net benefit by model, never standardised.
fn benefits(judged: &[Judged], thresholds: &[f64]) -> serde_json::Map<String, serde_json::Value> {
    let mut values = serde_json::Map::new();
    values.insert("threshold".into(), thresholds.into());
    for j in judged {
        values.insert(j.name.clone(), j.points.iter().map(|p| p.net_benefit).collect::<Vec<f64>>().into());
    }
    if let Some(last) = judged.last() {
        values.insert("all".into(), last.points.iter().map(|p| p.all).collect::<Vec<f64>>().into());
    }
    values
}

/// `per`: what the benefit of treating all is divided by, where all are standardised.
fn curves(judged: &[Judged], thresholds: &[f64], (scaled, per): (bool, f64)) -> Vec<DecisionCurve> {
    let points = |j: &Judged, f: &dyn Fn(&Point) -> f64| j.points.iter().map(|p| (p.threshold, f(p))).collect();
    let mut curves = Vec::new();
    for j in judged {
        let limits = thresholds.iter().enumerate().filter_map(|(i, t)| j.within(i, scaled).map(|(l, u)| (*t, l, u)));
        let points = points(j, &|p| benefit(p, scaled));
        curves.push(DecisionCurve { name: j.name.clone(), points, band: limits.collect() });
    }
    let all = judged.last().map(|j| points(j, &|p| p.all / per)).unwrap_or_default();
    curves.push(DecisionCurve { name: "treat all".into(), points: all, band: Vec::new() });
    let none = thresholds.iter().map(|t| (*t, 0.0)).collect();
    curves.push(DecisionCurve { name: "treat none".into(), points: none, band: Vec::new() });
    curves
}

/// Where a model is of use: the thresholds at which it beats treating all and none by the estimates of one cohort.
fn useful(model: &str, role: &str, points: &[Point], thresholds: &[f64]) -> String {
    let better: Vec<f64> = points.iter().filter(|p| decision::better(p)).map(|p| p.threshold).collect();
    match better.is_empty() {
        true => format!("{model} never beats treating all and none ({role}, point estimates)"),
        false => {
            let where_ = super::intervals(thresholds, &better);
            format!("{model} beats treating all and none at {where_} ({role}, point estimates)")
        }
    }
}
