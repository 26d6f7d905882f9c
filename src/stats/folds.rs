//! Cross-validation folds and the stratified split, drawn as R scripts draw them.

use crate::error::{Error, Result};
use crate::num::rng::Rng;

/// Fold numbers 1..=`k` of `n` patients: R's `set.seed(seed); sample(rep(1:k, length.out = n))`. Not stratified.
///
/// # Errors
/// `TooFew` for fewer than 3 folds or fewer patients than folds.
pub fn assign(n: usize, k: usize, seed: i32) -> Result<Vec<usize>> {
    enough(n, k)?;
    Ok(drawn(&mut Rng::seeded(seed), n, k))
}

/// `repeats` assignments, drawn one after another from one stream: the first is that of [`assign`].
///
/// # Errors
/// Those of [`assign`].
pub fn repeated(n: usize, k: usize, seed: i32, repeats: usize) -> Result<Vec<Vec<usize>>> {
    enough(n, k)?;
    let mut rng = Rng::seeded(seed);
    Ok((0..repeats).map(|_| drawn(&mut rng, n, k)).collect())
}

/// Fold numbers 1..=`k` by outcome class, so that each fold has its share of events: the labels `rep(1:k, length.out = n)`
/// are dealt by R's `sample` to the patients without the event first, the rest of them to those with it. `repeats`
/// assignments, one after another from one stream.
///
/// # Errors
/// Those of [`assign`].
pub fn stratified(outcome: &[bool], k: usize, seed: i32, repeats: usize) -> Result<Vec<Vec<usize>>> {
    enough(outcome.len(), k)?;
    let mut rng = Rng::seeded(seed);
    Ok((0..repeats).map(|_| dealt(&mut rng, outcome, k)).collect())
}

fn enough(n: usize, k: usize) -> Result<()> {
    if k < 3 {
        return Err(Error::TooFew { what: "cross-validation by folds".into(), needed: 3, got: k });
    }
    if n < k {
        return Err(Error::TooFew { what: format!("{k}-fold cross-validation by patients"), needed: k, got: n });
    }
    Ok(())
}

fn drawn(rng: &mut Rng, n: usize, k: usize) -> Vec<usize> {
    rng.sample(n, n).into_iter().map(|i| i % k + 1).collect()
}

fn dealt(rng: &mut Rng, outcome: &[bool], k: usize) -> Vec<usize> {
    let mut folds = vec![0; outcome.len()];
    let mut dealt = 0;
    for class in [false, true] {
        let members: Vec<usize> = (0..outcome.len()).filter(|&i| outcome[i] == class).collect();
        let order = rng.sample(members.len(), members.len());
        members.iter().zip(order).for_each(|(&i, label)| folds[i] = (dealt + label) % k + 1);
        dealt += members.len();
    }
    folds
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
