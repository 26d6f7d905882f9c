//! `calibrate`: how well predicted probabilities agree with what happened, in every cohort.

use ndarray::Array2;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::spec::{Command, Flag, Kind, Place, Spec, Step, World};
use crate::caution::Caution;
use crate::error::{Error, Result};
use crate::num::smooth::Curve;
use crate::page::{Page, Table, number};
use crate::plots::{self, CalibrationCurve};
use crate::stats::bootstrap::{self, Calibrated};
use crate::stats::calibration::{self, HosmerLemeshow, Recalibration};
use crate::stats::proportion;
use crate::study::{Model, design};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Calibrate {
    model: Option<String>,
    groups: u32,
    resamples: u32,
    seed: u32,
}

impl Default for Calibrate {
    fn default() -> Self {
        Self { model: None, groups: 10, resamples: 200, seed: 1 }
    }
}

/// Fewer patients than this do not carry a smooth curve.
const FEW: usize = 40;

/// One cohort's agreement.
struct Agreement {
    role: String,
    n: usize,
    curve: Curve,
    values: serde_json::Value,
    row: Vec<String>,
    groups: Vec<(f64, f64, (f64, f64))>,
}

impl Command for Calibrate {
    const SPEC: Spec = Spec {
        name: "calibrate",
        summary: "agreement of predicted probabilities with what happened",
        about: "For every role: calibration intercept (in the large) and slope of the outcome on logit p, Brier score, \
                Hosmer-Lemeshow test in groups of equal size, the smooth curve (R's lowess) and the observed share in each \
                group with Clopper-Pearson's 95 % interval. In training the curve is also corrected for optimism by the \
                bootstrap, as rms' calibrate; `--resamples 0` leaves that out. Without a name the last model.",
        place: Place::View,
        flags: &[
            Flag::first("model", Kind::Term, "a model or clinical variable; the last model when none is named"),
            Flag::named("groups", Kind::Whole, "groups of the Hosmer-Lemeshow test"),
            Flag::named("resamples", Kind::Whole, "bootstrap resamples for the corrected training curve"),
            Flag::named("seed", Kind::Whole, "the seed of R's random numbers for the resamples"),
        ],
        examples: &["calibrate", "calibrate signature --resamples 0"],
    };

    fn run(&self, world: &World<'_>) -> Result<Step> {
        let cohort = world.study.need_cohort("calibrate")?;
        let outcome = world.study.need_outcome("calibrate")?;
        let named: Vec<String> = self.model.iter().cloned().collect();
        let models = super::models(world.study, "calibrate", &named)?;
        let model =
            models.last().ok_or_else(|| Error::TooFew { what: "calibrate, in models,".into(), needed: 1, got: 0 })?;
        let probability = model.probability();
        let mut page = Page::new(format!("Calibration of {}", model.name), "");
        let mut agreements = Vec::new();
        for role in cohort.roles() {
            let members: Vec<usize> = cohort.members(&role).into_iter().filter(|i| !probability[*i].is_nan()).collect();
            let p: Vec<f64> = members.iter().map(|i| probability[*i]).collect();
            let y: Vec<bool> = members.iter().map(|i| outcome.events[*i]).collect();
            if let Some(caution) = super::one_sided(&role, &y) {
                page.cautions.push(caution);
                continue;
            }
            agreements.push(self.agreement(&role.name, &p, &y, &mut page)?);
        }
        let corrected = self.corrected(world, model)?;
        let optimistic = Caution::Optimistic {
            what: "calibration in training".into(),
            why: "features were chosen on the same patients, and the bootstrap does not repeat the choice".into(),
        };
        page.cautions.push(optimistic);
        Ok(Step::Show(assemble(page, &agreements, corrected.as_ref(), cohort.roles()[0].training)))
    }
}

impl Calibrate {
    fn agreement(&self, role: &str, p: &[f64], y: &[bool], page: &mut Page) -> Result<Agreement> {
        let brier = calibration::brier(p, y);
        let line = calibration::recalibrate(p, y);
        if let Err(error) = &line {
            let why = format!("no calibration line: {error}");
            page.cautions.push(Caution::Small { role: role.into(), n: p.len(), why });
        }
        let line = |f: fn(&Recalibration) -> f64| line.as_ref().map_or(f64::NAN, f);
        let (large, intercept, slope) = (line(|l| l.large), line(|l| l.intercept), line(|l| l.slope));
        let test = calibration::hosmer_lemeshow(p, y, (self.groups as usize).max(1));
        let curve = calibration::curve(p, y);
        if let Err(error) = &test {
            page.cautions.push(Caution::Small { role: role.into(), n: p.len(), why: error.to_string() });
        }
        if p.len() < FEW {
            let why = "too few for a smooth calibration curve; read intercept, slope and groups".to_string();
            page.cautions.push(Caution::Small { role: role.into(), n: p.len(), why });
        }
        let of = |f: fn(&HosmerLemeshow) -> f64| test.as_ref().map_or(f64::NAN, f);
        let (chi2, df, hl_p) = (of(|t| t.chi2), of(|t| t.df as f64), of(|t| t.p));
        let row = vec![
            role.to_string(),
            p.len().to_string(),
            number::estimate(large, line(|l| l.large_se)),
            number::value(slope),
            number::share(brier.score),
            format!("{} ({})", number::value(chi2), number::value(df)),
            number::p(hl_p),
        ];
        let values = json!({
            "role": role, "n": p.len(), "intercept": intercept, "slope": slope, "in_the_large": large,
            "brier": brier.score, "spiegelhalter_z": brier.z, "spiegelhalter_p": brier.p,
            "hl_chi2": chi2, "hl_df": df, "hl_p": hl_p
        });
        let groups = test.map(|t| shares(&t)).unwrap_or_default();
        Ok(Agreement { role: role.into(), n: p.len(), curve, values, row, groups })
    }

    /// The training curve with its optimism taken off; the model is refitted in every resample.
    fn corrected(&self, world: &World<'_>, model: &Model) -> Result<Option<Calibrated>> {
        if self.resamples == 0 {
            return Ok(None);
        }
        let outcome = world.study.need_outcome("calibrate")?;
        let training = world.study.need_cohort("calibrate")?.training();
        let rows: Vec<usize> = training.into_iter().filter(|i| !model.linear[*i].is_nan()).collect();
        let x = match model.variables.is_empty() {
            true => Array2::from_shape_fn((rows.len(), 1), |(i, _)| model.linear[rows[i]]),
            false => design(world.study, "calibrate", &model.variables)?.matrix(&rows),
        };
        let y: Vec<bool> = rows.iter().map(|i| outcome.events[*i]).collect();
        let resamples = bootstrap::resamples(rows.len(), self.resamples as usize, super::seed(self.seed)?);
        bootstrap::calibrate(x.view(), &y, &resamples, world.task).map(Some)
    }
}

/// Mean prediction, observed share and its interval in each group.
fn shares(test: &HosmerLemeshow) -> Vec<(f64, f64, (f64, f64))> {
    let used = test.groups.iter().filter(|g| g.n > 0);
    used.map(|g| {
        let n = g.n as f64;
        (g.expected / n, g.observed as f64 / n, proportion::clopper_pearson(g.observed, g.n, 0.95))
    })
    .collect()
}

fn assemble(mut page: Page, agreements: &[Agreement], corrected: Option<&Calibrated>, first_trains: bool) -> Page {
    let slope = |a: &Agreement| {
        format!("{} {}", a.role, number::significant(a.values["slope"].as_f64().unwrap_or(f64::NAN), 3))
    };
    page.headline = format!("slope {}", agreements.iter().map(slope).collect::<Vec<_>>().join(", "));
    let mut table = Table::new("").left("role").right("n").right("in the large").right("slope").right("Brier");
    table = table.right("Hosmer-Lemeshow (df)").right("p");
    for a in agreements {
        table.row(a.row.clone());
    }
    page = page.table(table);
    let mut curves = serde_json::Map::new();
    for (i, a) in agreements.iter().enumerate() {
        let smooth: Vec<(f64, f64)> = a.curve.x.iter().copied().zip(a.curve.y.iter().copied()).collect();
        curves.insert(a.role.clone(), json!({ "predicted": a.curve.x, "observed": a.curve.y }));
        let mut drawn = vec![CalibrationCurve { name: "lowess".into(), smooth, groups: a.groups.clone() }];
        if let (Some(c), true) = (corrected, i == 0 && first_trains) {
            let smooth = c.predicted.iter().copied().zip(c.corrected.iter().copied()).collect();
            drawn.push(CalibrationCurve { name: "corrected".into(), smooth, groups: Vec::new() });
        }
        page = page.plot(plots::calibration(&format!("Calibration, {} (n = {})", a.role, a.n), drawn));
    }
    page = page.value("rows", agreements.iter().map(|a| a.values.clone()).collect::<Vec<_>>()).value("curve", curves);
    if let Some(c) = corrected {
        page = page.value(
            "corrected",
            json!({
                "predicted": c.predicted, "apparent": c.apparent, "optimism": c.optimism, "corrected": c.corrected,
                "mean_absolute_error": c.mean_error
            }),
        );
        page = page.text(format!("Bootstrap-corrected curve: mean absolute error {}.", number::share(c.mean_error)));
        if c.failed > 0 {
            page = page.caution(Caution::Note(format!("{} resamples could not be fitted and take no part", c.failed)));
        }
    }
    page
}
