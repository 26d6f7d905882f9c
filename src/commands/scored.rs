//! Whom a role has to judge models by, and what is said of those who are left out.

use super::remedy;
use crate::caution::Caution;
use crate::cohort::Role;
use crate::study::Model;

/// That a model has no maximum likelihood estimate, and what its risks are then.
pub(super) fn unsettled(models: &[Model]) -> Vec<Caution> {
    let said = |m: &Model| {
        Caution::Note(format!(
            "{} has no maximum likelihood estimate (it separates the outcome in training): risks of some patients run to 0 or \
             1 and are as large as where R's iterations stop; `{}` stays finite",
            m.name,
            remedy::firth(&m.name)
        ))
    };
    models.iter().filter(|m| m.separated).map(said).collect()
}

/// Of these patients those with a score of every model: on different patients models could not be compared.
pub(super) fn scored(models: &[Model], rows: &[usize]) -> Vec<usize> {
    rows.iter().copied().filter(|i| models.iter().all(|m| !m.linear[*i].is_nan())).collect()
}

/// That patients of a role lack the score of a model, where some do.
pub(super) fn unscored(role: &Role, models: &[Model], count: usize) -> Option<Caution> {
    let by = if let [one] = models { one.name.as_str() } else { "every model" };
    let what = format!("patients of {} with a score of {by}", role.name);
    (count > 0).then_some(Caution::Missing { what, count })
}

/// That a role has nobody to judge, or patients of one outcome only, and so nothing to tell apart.
pub(super) fn one_sided(role: &Role, events: &[bool]) -> Option<Caution> {
    if events.is_empty() {
        return Some(Caution::Note(format!("no patient of {} has a score of every model: it is left out", role.name)));
    }
    let n = events.iter().filter(|e| **e).count();
    (n == 0 || n == events.len()).then(|| {
        let why = format!(
            "all {} the event, so nothing can be told apart and it is left out",
            if n == 0 { "without" } else { "with" }
        );
        Caution::Small { role: role.name.clone(), n: events.len(), why }
    })
}
