//! What the bootstrap of `calibrate` takes off, and in words where it takes off nothing or not all.

use crate::caution::Caution;
use crate::error::Result;
use crate::stats::logistic::Separation;
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

/// That training is no fair judge of a model that was made there, and what of its making the bootstrap leaves out.
pub(super) fn caution(study: &Study, model: &Model) -> Option<Caution> {
    let scores: Vec<&str> = model.variables.iter().filter(|v| study.score(v).is_some()).map(String::as_str).collect();
    let why = match (model.origin, scores.is_empty(), model.variables.is_empty()) {
        (Origin::File, ..) => return None,
        (Origin::Lasso, ..) => "features and coefficients were chosen on the same patients".into(),
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
    let fitted = refit(study, "calibrate", model)?.fit(study, "calibrate", Method::Ml)?;
    let why = match &fitted.fit.separated {
        None => return Ok(None),
        Some(Separation::Undecided) => "its iterations ran out before a maximum was found",
        Some(_) => "it separates the outcome in training",
    };
    let remedy = match model.name.as_str() {
        "signature" => "`stepwise --fit firth`",
        "clinical" => "`clinical --fit firth`",
        _ => "`nomogram --fit firth`",
    };
    Ok(Some(format!(
        "{} has no maximum likelihood estimate: {why}. The table corrected for optimism is what rms prints from wherever lrm's \
         iterations stop, and says nothing of a model that exists; {remedy} has finite estimates, and `validate` repeats them.",
        model.name
    )))
}
