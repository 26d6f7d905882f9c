//! What `calibrate` has to say of one cohort before its numbers can be read.

use super::FEW;
use crate::caution::counted;
use crate::stats::bootstrap::Band;
use crate::stats::calibration::{HosmerLemeshow, Recalibration};

/// What the calibration line leaves out or cannot have.
pub(super) fn of_line(line: &Recalibration) -> Vec<String> {
    let mut said = Vec::new();
    if line.separated {
        said.push("the prediction separates the outcome: the calibration line has no intercept and no slope".into());
    } else if line.slope.is_nan() {
        said.push("all its predictions are equal, if but for rounding: the calibration line has no slope".into());
    }
    if line.dropped > 0 {
        said.push(format!(
            "of its predictions {} 0 or 1 but for rounding, without a logit, and left out of the calibration line and of \
             calibration in the large, as by rms' val.prob",
            counted(line.dropped, "are")
        ));
    }
    said
}

/// That the Hosmer-Lemeshow test has no value, or an infinite one.
pub(super) fn of_test(test: &HosmerLemeshow) -> Option<String> {
    let (groups, void) = (test.groups.len(), test.void());
    let why = match test.chi2 {
        chi2 if chi2.is_nan() => "are empty or have none expected, and the Hosmer-Lemeshow test has no value",
        chi2 if chi2.is_infinite() => {
            "have an outcome of which none is expected, and the Hosmer-Lemeshow test no bounds"
        }
        _ => return None,
    };
    Some(format!("of {groups} groups {}; take fewer `--groups`", counted(void, why)))
}

/// That the band is not of all resamples, or of none.
pub(super) fn of_band(band: &Band, resamples: u32) -> Option<String> {
    let without = band.without_line;
    let why = "no logistic line (separated, of one outcome, or of equal predictions)";
    match without {
        0 => None,
        _ if without == resamples as usize => Some(format!("none of {resamples} resamples has a band: {why}")),
        _ => Some(format!("of {resamples} resamples {} {why}: its band is of the others", counted(without, "have"))),
    }
}

/// What is drawn of a cohort that is too small for a smooth curve.
pub(super) fn of_few(role: &str, n: usize, groups: bool, line: bool) -> String {
    let drawn = match (groups, line) {
        (true, true) => "its groups and the logistic line are drawn",
        (true, false) => "its groups alone are drawn",
        (false, true) => "the logistic line alone is drawn",
        (false, false) => "nothing of it is drawn",
    };
    format!("{role}, n = {n}: fewer than {FEW} are too few for a curve; {drawn}.")
}
