//! What the bootstrap of `calibrate` takes off, and in words where it takes off nothing or not all.

use serde_json::json;

use super::Calibrate;
use crate::caution::Caution;
use crate::commands::{World, remedy};
use crate::error::{Error, Result};
use crate::page::{Page, Table, number};
use crate::stats::bootstrap::{self, Calibrated, Validated};
use crate::stats::logistic::Separation;
use crate::stats::lrm;
use crate::study::{Method, Model, Origin, Study, refit};

/// Why a model is judged as it stands, where the bootstrap of rms, which fits by maximum likelihood, would judge another one.
pub(super) fn left_out(origin: Origin) -> Option<&'static str> {
    match origin {
        Origin::Fit(Method::Ml) => None,
        Origin::Fit(Method::Firth) => Some(
            "the bootstrap of rms fits again by maximum likelihood, which would be another model than this one of Firth's \
             penalised likelihood; it is judged as it stands",
        ),
        Origin::Lasso => Some(
            "the lasso's coefficients are shrunken, and a fit by maximum likelihood in every resample would judge another \
             score; this one is judged as it stands, and `validate` repeats the lasso in every resample",
        ),
        Origin::File => Some(
            "a formula from a file was not fitted to these patients and has no optimism of fit to take off; it is judged as it \
             stands",
        ),
    }
}

/// That training is no fair judge of a model that was made there, and what of its making the bootstrap leaves out, where there
/// was one.
pub(super) fn caution(study: &Study, model: &Model, bootstrapped: bool) -> Option<Caution> {
    let scores: Vec<&str> = model.variables.iter().filter(|v| study.score(v).is_some()).map(String::as_str).collect();
    let why = match (model.origin, scores.is_empty(), model.variables.is_empty()) {
        (Origin::File, ..) => return None,
        (Origin::Lasso, ..) => "features and coefficients were chosen on the same patients".into(),
        (_, true, true) if !bootstrapped => {
            "features were chosen on the same patients, and nothing is taken off".into()
        }
        (_, true, false) if !bootstrapped => {
            "the model was fitted on the same patients, and nothing is taken off".into()
        }
        _ if !bootstrapped => format!(
            "features were chosen and {} and this model fitted on the same patients, and nothing is taken off; `validate` \
             repeats it all",
            scores.join(" and ")
        ),
        (_, true, true) => {
            "features were chosen on the same patients, and the bootstrap does not repeat the choice".into()
        }
        (_, true, false) => {
            "the model was fitted on the same patients, and the bootstrap does not repeat the choice of its variables"
                .into()
        }
        (_, false, _) => format!(
            "features were chosen on the same patients, and the bootstrap repeats neither the choice nor the fit of {}, whose \
             score it takes as given; `validate` repeats both",
            scores.join(" and ")
        ),
    };
    Some(Caution::Optimistic { what: "calibration in training".into(), why })
}

/// That the model has no maximum likelihood estimate in training, where it has none: what the table of rms is then of.
///
/// # Errors
/// Those of [`refit`] and of the fit.
pub(super) fn separated(study: &Study, model: &Model) -> Result<Option<String>> {
    if !model.separated {
        return Ok(None);
    }
    let fitted = refit(study, "calibrate", model)?.fit(study, "calibrate", Method::Ml)?;
    let why = match &fitted.fit.separated {
        None => return Ok(None),
        Some(Separation::Undecided) => "its iterations ran out before a maximum was found",
        Some(_) => "it separates the outcome in training",
    };
    Ok(Some(format!(
        "{} has no maximum likelihood estimate: {why}. The table corrected for optimism is what rms prints from wherever lrm's \
         iterations stop, and says nothing of a model that exists; `{}` has finite estimates, and `validate` repeats them.",
        model.name,
        remedy::firth(&model.name)
    )))
}

/// Curve and indexes in training with their optimism taken off, the model refitted in every resample; the inner error says in
/// words why rms has none, and there is nothing where none is asked for or the model stands as it is.
///
/// # Errors
/// No outcome, features that are gone, `Cancelled`.
pub(super) fn optimism(
    command: &Calibrate,
    world: &World<'_>,
    model: &Model,
) -> Result<Option<std::result::Result<(Calibrated, Validated), String>>> {
    if command.resamples == 0 || model.origin != Origin::Fit(Method::Ml) {
        return Ok(None);
    }
    let outcome = world.study.need_outcome("calibrate")?;
    let training = world.study.need_cohort("calibrate")?.training();
    let rows: Vec<usize> = training.into_iter().filter(|i| !model.linear[*i].is_nan()).collect();
    let x = refit(world.study, "calibrate", model)?.matrix(&rows);
    let y = outcome.of(&rows);
    let resamples = bootstrap::resamples(rows.len(), command.resamples as usize, crate::commands::seed(command.seed)?);
    let how = lrm::Options::default();
    let both = || {
        let curve = bootstrap::calibrate(x.view(), &y, &resamples, how, world.task)?;
        Ok((curve, bootstrap::validate(x.view(), &y, &resamples, how, world.task)?))
    };
    match both() {
        Ok(found) => Ok(Some(Ok(found))),
        Err(error @ (Error::Undefined { .. } | Error::TooFew { .. })) => Ok(Some(Err(error.to_string()))),
        Err(error) => Err(error),
    }
}

/// What the bootstrap takes off in training.
pub(super) fn corrected(mut page: Page, curve: &Calibrated, validated: &Validated) -> Page {
    let mut table = Table::new("Training, corrected for optimism by the bootstrap (rms' validate)").left("index");
    for name in ["index.orig", "training", "test", "optimism", "index.corrected", "n"] {
        table = table.right(name);
    }
    let mut indexes = serde_json::Map::new();
    for i in &validated.indexes {
        let numbers = [i.original, i.training, i.test, i.optimism, i.corrected];
        let cells = numbers.map(number::value).into_iter().chain([i.used.to_string()]);
        table.row(std::iter::once(i.name.to_string()).chain(cells));
        let values = json!({
            "original": i.original, "training": i.training, "test": i.test, "optimism": i.optimism,
            "corrected": i.corrected, "n": i.used
        });
        indexes.insert(i.name.to_string(), values);
    }
    page = page.table(table).value("validated", indexes).value(
        "corrected",
        json!({
            "predicted": curve.predicted, "apparent": curve.apparent, "optimism": curve.optimism,
            "corrected": curve.corrected, "mean_absolute_error": curve.mean_error,
            "mean_squared_error": curve.mean_squared_error, "q90_error": curve.q90_error
        }),
    );
    page = page.text(format!("Bootstrap-corrected curve: mean absolute error {}.", number::share(curve.mean_error)));
    let failed = curve.failed.max(validated.failed);
    let all = validated.failed + validated.indexes.first().map_or(0, |i| i.used);
    if failed > 0 {
        page = page.caution(Caution::Note(format!(
            "{failed} of {all} resamples could not be fitted: the table is of the others"
        )));
    }
    page
}
