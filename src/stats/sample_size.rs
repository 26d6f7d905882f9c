//! How many patients a prediction model of a binary outcome needs: the criteria of Riley et al. (Statistics in Medicine 2019,
//! 38:1276; BMJ 2020, 368:m441), as R's pmsampsize counts them.

use crate::error::{Error, Result};
use crate::num::tails;

/// What is planned. Every candidate parameter counts that is looked at before the model is chosen, not those it ends with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plan {
    pub parameters: usize,
    /// Share of patients with the event.
    pub prevalence: f64,
    /// Cox and Snell's R-squared that the model is hoped to have in new patients.
    pub r2: f64,
    /// The shrinkage that is tolerated; 0.9 loses a tenth of the effects to overfitting.
    pub shrinkage: f64,
}

/// Patients that each criterion asks for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Needed {
    /// Shrinkage of at least the plan's.
    pub by_shrinkage: f64,
    /// Apparent and true Nagelkerke R-squared at most 0.05 apart; and the shrinkage that is then expected.
    pub by_optimism: f64,
    pub shrinkage_by_optimism: f64,
    /// The outcome's share known to 0.05 either way.
    pub by_prevalence: f64,
}

/// The tolerated difference of criteria 2 and 3.
const MARGIN: f64 = 0.05;
/// The normal quantile of a 95 % interval as pmsampsize rounds it.
const REACH: f64 = 1.96;

impl Needed {
    /// The most of the three.
    pub fn patients(self) -> f64 {
        self.by_shrinkage.max(self.by_optimism).max(self.by_prevalence)
    }
}

/// The largest Cox-Snell R-squared that an outcome of this prevalence allows: 1 - exp(2 x mean null log likelihood).
pub fn largest_r2(prevalence: f64) -> f64 {
    let null = prevalence * prevalence.ln() + (1.0 - prevalence) * (1.0 - prevalence).ln();
    1.0 - (2.0 * null).exp()
}

/// What the criteria ask for, in whole patients.
///
/// # Errors
/// `BadValue` for a prevalence or shrinkage outside (0, 1), or an R-squared the prevalence does not allow.
pub fn needed(plan: &Plan) -> Result<Needed> {
    check(plan)?;
    let most = largest_r2(plan.prevalence);
    let by_optimism = plan.r2 / (plan.r2 + MARGIN * most);
    let parameters = plan.parameters as f64;
    Ok(Needed {
        by_shrinkage: (parameters / per_patient(plan.r2, plan.shrinkage)).ceil(),
        by_optimism: (parameters / per_patient(plan.r2, by_optimism)).ceil(),
        shrinkage_by_optimism: by_optimism,
        by_prevalence: ((REACH / MARGIN).powi(2) * plan.prevalence * (1.0 - plan.prevalence)).ceil(),
    })
}

/// The shrinkage to expect of the plan's parameters in `patients`: near 1 is well, near 0 says that all is overfitting.
///
/// # Errors
/// Those of [`needed`].
pub fn expected_shrinkage(plan: &Plan, patients: usize) -> Result<f64> {
    check(plan)?;
    let wanted = plan.parameters as f64 / patients as f64;
    // Parameters a patient carries fall from infinity to 0 between shrinkage R-squared and 1.
    let (mut low, mut high) = (plan.r2, 1.0);
    for _ in 0..100 {
        let middle = (low + high) / 2.0;
        if per_patient(plan.r2, middle) > wanted {
            low = middle;
        } else {
            high = middle;
        }
    }
    Ok((low + high) / 2.0)
}

/// The most candidate parameters for which criteria 1 and 2 ask for no more than `patients`.
///
/// # Errors
/// Those of [`needed`].
pub fn most_parameters(plan: &Plan, patients: usize) -> Result<usize> {
    let needed = needed(plan)?;
    let strictest = plan.shrinkage.max(needed.shrinkage_by_optimism);
    Ok((patients as f64 * per_patient(plan.r2, strictest)).floor() as usize)
}

/// Cox and Snell's R-squared of a model with this C statistic: linear predictors of events and others are normal with one
/// variance and means sqrt(2) x quantile(C) apart (Riley et al. 2021, whom pmsampsize follows by simulating a million
/// patients; here the log likelihood is integrated).
///
/// # Errors
/// `BadValue` for a C outside (0.5, 1) or a prevalence outside (0, 1).
pub fn r2_of_c(c: f64, prevalence: f64) -> Result<f64> {
    inside("the C statistic", c, 0.5, 1.0)?;
    inside("the prevalence", prevalence, 0.0, 1.0)?;
    let apart = std::f64::consts::SQRT_2 * tails::normal_quantile(c);
    let prior = (prevalence / (1.0 - prevalence)).ln();
    // Mean log probability of what happens, by the trapezoid rule far into both tails, where it converges at once.
    const STEPS: usize = 4000;
    let (low, high) = (-10.0, 10.0 + apart);
    let step = (high - low) / STEPS as f64;
    let density = |x: f64| (-0.5 * x * x).exp() / (2.0 * std::f64::consts::PI).sqrt();
    let log_likelihood: f64 = (0..=STEPS)
        .map(|i| {
            let x = low + step * i as f64;
            let logit = prior + apart * x - apart * apart / 2.0;
            let event = -(-logit).exp().ln_1p();
            let other = -logit.exp().ln_1p();
            step * (prevalence * density(x - apart) * event + (1.0 - prevalence) * density(x) * other)
        })
        .sum();
    let null = prevalence * prevalence.ln() + (1.0 - prevalence) * (1.0 - prevalence).ln();
    Ok(1.0 - (-2.0 * (log_likelihood - null)).exp())
}

/// Candidate parameters a patient carries at this shrinkage: (S - 1) ln(1 - R2 / S).
fn per_patient(r2: f64, shrinkage: f64) -> f64 {
    (shrinkage - 1.0) * (-r2 / shrinkage).ln_1p()
}

fn check(plan: &Plan) -> Result<()> {
    inside("the prevalence", plan.prevalence, 0.0, 1.0)?;
    inside("R-squared (Cox-Snell, at this prevalence)", plan.r2, 0.0, largest_r2(plan.prevalence))?;
    inside("the shrinkage (above R-squared)", plan.shrinkage, plan.r2, 1.0)
}

fn inside(what: &str, value: f64, low: f64, high: f64) -> Result<()> {
    if value > low && value < high {
        return Ok(());
    }
    // Rounded inwards, so that what the sentence offers is taken.
    let (low, high) = ((low * 1000.0).ceil() / 1000.0, (high * 1000.0).floor() / 1000.0);
    let expected = format!("it lies between {low} and {high}");
    Err(Error::BadValue { what: what.into(), given: value.to_string(), expected })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// The worked example of pmsampsize: 24 parameters, R-squared 0.288, prevalence 0.174.
    #[test]
    fn the_published_example() {
        let plan = Plan { parameters: 24, prevalence: 0.174, r2: 0.288, shrinkage: 0.9 };
        let needed = needed(&plan).unwrap();
        assert_eq!(needed.by_shrinkage, 623.0);
        assert_eq!(needed.by_optimism, 662.0);
        assert_eq!(needed.by_prevalence, 221.0);
        assert!((largest_r2(0.174) - 0.603).abs() < 5e-4);
        let shrinkage = expected_shrinkage(&plan, 623).unwrap();
        assert!((shrinkage - 0.9).abs() < 2e-4, "{shrinkage}");
        assert_eq!(most_parameters(&plan, 662).unwrap(), 24);
        assert_eq!(most_parameters(&plan, 661).unwrap(), 23);
    }

    /// Three million patients simulated in R as pmsampsize does gave 0.2916, 0.2904 and 0.2909.
    #[test]
    fn r2_from_a_c_statistic() {
        let r2 = r2_of_c(0.89, 0.174).unwrap();
        assert!((r2 - 0.2910).abs() < 5e-4, "{r2}");
        assert!(r2_of_c(0.5 + 1e-9, 0.3).unwrap().abs() < 1e-9);
        assert!(r2_of_c(0.4, 0.3).is_err());
    }

    #[test]
    fn what_cannot_be_is_refused() {
        let plan = Plan { parameters: 5, prevalence: 0.174, r2: 0.7, shrinkage: 0.9 };
        assert!(needed(&plan).is_err());
        assert!(needed(&Plan { prevalence: 1.0, ..plan }).is_err());
    }
}
