//! Cross-validation folds and the stratified split, drawn as R scripts draw them.

use crate::error::{Error, Result};
use crate::num::rng::Rng;

/// Fold numbers 1..=`k` of `n` patients: R's `set.seed(seed); sample(rep(1:k, length.out = n))`. Not stratified.
///
/// # Errors
/// `TooFew` for fewer than 3 folds or fewer patients than folds.
pub fn assign(n: usize, k: usize, seed: i32) -> Result<Vec<usize>> {
    if k < 3 {
        return Err(Error::TooFew { what: "cross-validation by folds".into(), needed: 3, got: k });
    }
    if n < k {
        return Err(Error::TooFew { what: format!("{k}-fold cross-validation by patients"), needed: k, got: n });
    }
    Ok(Rng::seeded(seed).sample(n, n).into_iter().map(|i| i % k + 1).collect())
}

/// Which patients train, `true`, when `share` of each outcome class does: `round(share * n)` of the negatives, then of the
/// positives, by R's `sample.int(n, size)` from one stream. (`round` is R's: halves go to the even number.)
///
/// # Errors
/// `Undefined` when a class is empty, or would be on one side of the split.
pub fn split(outcome: &[bool], share: f64, seed: i32) -> Result<Vec<bool>> {
    let mut rng = Rng::seeded(seed);
    let mut training = vec![false; outcome.len()];
    for class in [false, true] {
        let members: Vec<usize> = (0..outcome.len()).filter(|&i| outcome[i] == class).collect();
        let size = (share * members.len() as f64).round_ties_even() as usize;
        if size == 0 || size >= members.len() {
            let which = if class { "with" } else { "without" };
            let why = format!("{size} of {} patients {which} the outcome would train", members.len());
            return Err(Error::Undefined { what: "the stratified split".into(), why });
        }
        rng.sample(members.len(), size).into_iter().for_each(|i| training[members[i]] = true);
    }
    Ok(training)
}
