//! `samplesize`: how many patients a model needs, and how many parameters this cohort can carry.

use serde::{Deserialize, Serialize};

use super::spec::{Command, Flag, Kind, Place, Spec, Step, World};
use crate::caution::counted;
use crate::cohort::Cohort;
use crate::error::{Error, Result};
use crate::page::{Page, Table, number};
use crate::stats::sample_size::{self as size, Needed, Plan};
use crate::study::Study;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct SampleSize {
    parameters: Option<u32>,
    prevalence: Option<f64>,
    r2: Option<f64>,
    c: Option<f64>,
    shrinkage: f64,
}

impl Default for SampleSize {
    fn default() -> Self {
        Self { parameters: None, prevalence: None, r2: None, c: None, shrinkage: SHRINKAGE }
    }
}

const SHRINKAGE: f64 = 0.9;
/// Where nothing is known of the model to come, Riley et al. assume this share of the largest R-squared.
const USUAL: f64 = 0.15;

impl Command for SampleSize {
    const SPEC: Spec = Spec {
        name: "samplesize",
        summary: "how many patients a model needs, by Riley's criteria",
        about: "Riley et al. (BMJ 2020) for a binary outcome: (1) n >= P / ((S - 1) ln(1 - R2 / S)) keeps the shrinkage S; (2) the \
                same with S = R2 / (R2 + 0.05 max R2) keeps apparent and true Nagelkerke R2 within 0.05; (3) n >= (1.96 / \
                0.05)^2 q (1 - q) tells the event's share q to 0.05. P counts every candidate parameter that is looked at: \
                without `--parameters` all features of the cohort. R2 is Cox-Snell's in new patients: `--r2`, or from a C \
                statistic by `--c`, or 15 % of the largest possible. Prevalence is that of the training patients. As R's \
                pmsampsize.",
        place: Place::View,
        flags: &[
            Flag::named("parameters", Kind::Whole, "candidate parameters; all features when not given"),
            Flag::named(
                "prevalence",
                Kind::Number,
                "share of patients with the event; that of training when not given",
            ),
            Flag::named("r2", Kind::Number, "the Cox-Snell R-squared to expect"),
            Flag::named("c", Kind::Number, "the C statistic (AUC) to expect, in place of R-squared"),
            Flag::named("shrinkage", Kind::Number, "the shrinkage to keep"),
        ],
        examples: &["samplesize", "samplesize --parameters 24 --prevalence 0.174 --r2 0.288", "samplesize --c 0.8"],
    };

    fn run(&self, world: &World<'_>) -> Result<Step> {
        let cohort = world.study.cohort().and_then(counts);
        let plan = self.plan(world.study, cohort)?;
        let needed = size::needed(&plan)?;
        let events = (needed.patients() * plan.prevalence).ceil();
        let mut table = Table::new("Patients that each criterion asks for").left("criterion").right("patients");
        table = table.right("events");
        for (what, n) in [
            (format!("shrinkage of {}", plan.shrinkage), needed.by_shrinkage),
            ("optimism in Nagelkerke R2 of 0.05".to_string(), needed.by_optimism),
            ("the event's share known to 0.05".to_string(), needed.by_prevalence),
        ] {
            table.row([what, n.to_string(), (n * plan.prevalence).ceil().to_string()]);
        }
        let (events, parameters) = (counted(events as usize, "events"), counted(plan.parameters, "parameters"));
        let headline = format!("{} patients with {events} for {parameters}", needed.patients());
        let mut page = Page::new("Sample size", headline)
            .facts([
                ("candidate parameters", plan.parameters.to_string()),
                ("prevalence", number::share(plan.prevalence)),
                ("R2 expected (Cox-Snell)", self.source(&plan)),
                ("largest R2 possible", number::share(size::largest_r2(plan.prevalence))),
            ])
            .table(table)
            .value("needed", needed.patients())
            .value("by_shrinkage", needed.by_shrinkage)
            .value("by_optimism", needed.by_optimism)
            .value("by_prevalence", needed.by_prevalence)
            .value("r2", plan.r2);
        page = page.text(
            "Of the four criteria of Riley et al. these are the three of R's pmsampsize; that of the mean absolute error of \
             predicted risks is not among them.",
        );
        if self.prevalence.is_some() {
            page = page.text("What the training patients carry is said without `--prevalence`: they have a share of events of their own.");
        }
        if let Some((n, events)) = cohort.filter(|_| self.prevalence.is_none()) {
            let (most, shrinkage) = (size::most_parameters(&plan, n)?, size::expected_shrinkage(&plan, n)?);
            page = page
                .text(format!(
                    "The {n} training patients ({}) carry {}; with {} the shrinkage to expect is {}.",
                    counted(events, "events"),
                    carried(most, n, &needed),
                    plan.parameters,
                    number::share(shrinkage)
                ))
                .value("most_parameters", most)
                .value("expected_shrinkage", shrinkage);
        }
        Ok(Step::Show(page))
    }
}

impl SampleSize {
    fn plan(&self, study: &Study, cohort: Option<(usize, usize)>) -> Result<Plan> {
        let prevalence = match (self.prevalence, cohort) {
            (Some(given), _) => given,
            (None, Some((n, events))) => events as f64 / n as f64,
            (None, None) => study.need_outcome("samplesize").map(|_| f64::NAN)?,
        };
        let parameters = match self.parameters {
            Some(0) => {
                let expected = "a model has one parameter at least".to_string();
                return Err(Error::BadValue { what: "`--parameters`".into(), given: "0".into(), expected });
            }
            Some(given) => given as usize,
            None => study.need_features("samplesize")?.names.len(),
        };
        let r2 = match (self.r2, self.c) {
            (Some(_), Some(c)) => {
                let expected = "give `--r2` or `--c`, not both".to_string();
                return Err(Error::BadValue { what: "`--c`".into(), given: c.to_string(), expected });
            }
            (Some(r2), None) => r2,
            (None, Some(c)) => size::r2_of_c(c, prevalence)?,
            (None, None) => USUAL * size::largest_r2(prevalence),
        };
        Ok(Plan { parameters, prevalence, r2, shrinkage: self.shrinkage })
    }

    fn source(&self, plan: &Plan) -> String {
        let r2 = number::share(plan.r2);
        match (self.r2, self.c) {
            (Some(_), _) => r2,
            (None, Some(c)) => format!("{r2}, of a C statistic of {c}"),
            (None, None) => {
                format!("{r2}, 15 % of the largest: assumed, as Riley et al. do where nothing is known of the model")
            }
        }
    }
}

/// How many parameters `n` patients carry, by the criteria that count them, and that the third one asks for more patients where
/// it does.
fn carried(most: usize, n: usize, needed: &Needed) -> String {
    let of_share = match needed.by_prevalence {
        asks if asks > n as f64 => {
            format!("; the event's share is known to 0.05 from {asks} patients on, whatever their number")
        }
        _ => String::new(),
    };
    format!("{} by Riley's criteria of shrinkage and optimism{of_share}", counted(most, "candidate parameters"))
}

/// Patients who train and their events; none without an outcome, or with one outcome only.
fn counts(cohort: &Cohort) -> Option<(usize, usize)> {
    let (rows, outcome) = (cohort.training(), cohort.outcome.as_ref()?);
    let events = rows.iter().filter(|i| outcome.events[**i]).count();
    (events > 0 && events < rows.len()).then_some((rows.len(), events))
}

/// What can be said of a cohort's size in one line: as it opens how many parameters it carries, and where `parameters` were
/// looked at, what that asks for. None where the outcome is not known.
pub(super) fn note(cohort: &Cohort, parameters: Option<usize>) -> Option<String> {
    let (n, events) = counts(cohort)?;
    let prevalence = events as f64 / n as f64;
    let r2 = USUAL * size::largest_r2(prevalence);
    let plan = Plan { parameters: parameters.unwrap_or(1), prevalence, r2, shrinkage: SHRINKAGE };
    let most = size::most_parameters(&plan, n).ok()?;
    let needed = size::needed(&plan).ok()?;
    let events = counted(events, "events");
    let carried =
        format!("{} {}", counted(n, &format!("training patients with {events} carry")), carried(most, n, &needed));
    Some(match parameters {
        None => format!("Sample size: {carried} (`samplesize` says more)."),
        Some(p) => {
            let (needed, shrinkage) = (needed.patients(), size::expected_shrinkage(&plan, n).ok()?);
            format!(
                "Sample size: {} looked at, for which Riley's criteria ask for {needed} patients; {carried}. \
                 The shrinkage to expect is {}. Assumed is an R2 of {}, 15 % of the largest; `samplesize` takes another.",
                counted(p, "candidate features were"),
                number::share(shrinkage),
                number::share(r2)
            )
        }
    })
}
