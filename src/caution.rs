//! What a statistician would raise an eyebrow at: it travels with the result into the page and the report.

use std::borrow::Cow;

use serde::Serialize;

/// A result that stands, with a reason to look twice. `Display` is the sentence; [`Caution::advice`] what to do.
#[derive(Clone, Debug, PartialEq, Serialize, thiserror::Error)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Caution {
    /// Ids that are in one table and not in the other.
    #[error("{} {} {}: {}", ids.len(), if ids.len() == 1 { "id is" } else { "ids are" }, where_, ids.join(", "))]
    Unpaired { where_: String, ids: Vec<String> },
    /// Scans that failed; the others went on.
    #[error("{} of {} failed: {}", scans.len(), counted(*total, "scans"), scans.join("; "))]
    FailedScans { scans: Vec<String>, total: usize },
    /// Values that are not there, and so left out of this computation.
    #[error("{what}: {count} missing, left out")]
    Missing { what: String, count: usize },
    /// Features that cannot be compared or computed, and why.
    #[error("{}: {}", counted(features.len(), why), some(features))]
    Undefined { why: String, features: Vec<String> },
    /// Complete or quasi-complete separation: the maximum likelihood estimate does not exist.
    #[error(
        "the outcome is separated by {what}: there is no maximum likelihood estimate, and standard errors mean nothing"
    )]
    Separation { what: String, command: &'static str },
    /// The iteration stopped at its limit.
    #[error("{what} did not converge in {}", counted(*iterations, "iterations"))]
    NotConverged { what: String, iterations: usize },
    /// Few patients of the rarer outcome, which is the event or its absence, for the number of coefficients; a factor has one for
    /// each level but the first.
    #[error("{} for {} ({:.1} a coefficient)", rarer(*fewest, *with_event), counted(*coefficients, "coefficients"), *fewest as f64 / (*coefficients).max(1) as f64)]
    FewEvents { fewest: usize, with_event: bool, coefficients: usize },
    /// Cross-validation prefers the model without any feature, or the penalty asked for leaves none; `at_min` features are in at
    /// lambda.min.
    #[error("{}", empty(rule))]
    EmptyModel { rule: String, at_min: usize },
    /// A higher predicted risk stands for the event in every cohort, as it was fitted; here those with the event have the lower ones.
    #[error("{model} in {role}: AUC {auc:.3}, those with the event have the lower predicted risks{}", unsteady(*training))]
    Reversed { model: String, role: String, auc: f64, training: bool },
    /// Selection used patients that are also used to judge it.
    #[error("{what} is optimistic: {why}")]
    Optimistic { what: String, why: String },
    /// Too few patients for what is shown.
    #[error("{role} has {}: {why}", counted(*n, "patients"))]
    Small { role: String, n: usize, why: String },
    /// A value beyond those a model was fitted on.
    #[error(
        "{what} {value} lies outside the training patients' {low} to {high}: the model is carried beyond what it has seen"
    )]
    Outside { what: String, value: f64, low: f64, high: f64 },
    /// An image with a single grey level in regions.
    #[error("{image}: {flat} of {} into one grey level, their texture says nothing", counted(*regions, "regions fall"))]
    SingleBin { image: String, flat: usize, regions: usize },
    /// Anything odd in a scan's header that was read in a stated way.
    #[error("{scan}: {why}")]
    Header { scan: String, why: String },
    /// A choice the program made because the line left it open.
    #[error("{0}")]
    Note(String),
}

impl Caution {
    /// What to do about it; empty when nothing needs doing.
    pub fn advice(&self) -> Cow<'static, str> {
        let advice = match self {
            Self::Unpaired { .. } => "check the ids; unpaired rows take no part",
            Self::FailedScans { .. } => "`show failures` names each file and says what to do",
            Self::Separation { command, .. } => {
                let text =
                    format!("use fewer variables, or the penalised fit that stays finite: `{command} --fit firth`");
                return Cow::Owned(text);
            }
            Self::FewEvents { with_event: true, .. } => "10 or more events a coefficient are usual",
            Self::FewEvents { with_event: false, .. } => {
                "10 or more patients of the rarer outcome, here of those without the event, a coefficient are usual"
            }
            Self::EmptyModel { rule, at_min } => match rule.as_str() {
                "lambda.1se" if *at_min > 0 => "try `lasso --rule min`, and report that 1se chose nothing",
                "lambda.min" | "lambda.1se" => {
                    "report it: no feature predicts held-out patients better than their event rate does"
                }
                _ => "give a smaller `--lambda`, or none: then cross-validation chooses",
            },
            Self::Reversed { training: true, .. } => {
                "look at its box plot; a number of few values can be opened by `--factor`"
            }
            Self::Reversed { .. } => {
                "report it as it is; the direction is that of the fit in training, and is never flipped"
            }
            Self::Optimistic { .. } => "judge on a cohort that took no part in selection",
            Self::SingleBin { .. } => "`advise` proposes a bin width for each image type",
            _ => "",
        };
        Cow::Borrowed(advice)
    }
}

/// So many of what `why` says in the plural: `3 features have no p`, `1 feature has no p`. The first word that ends in s is the
/// noun that is counted, and verbs go with it; what stands in brackets stays.
pub fn counted(n: usize, why: &str) -> String {
    if n != 1 {
        return format!("{n} {why}");
    }
    let (mut open, mut noun) = (0, false);
    let singular = |word: &str| {
        open += word.matches('(').count();
        let bare = word.trim_end_matches([',', ';', ':']);
        let singular = match bare {
            plural if !noun && plural.ends_with('s') => {
                noun = true;
                &plural[..plural.len() - 1]
            }
            other if open > 0 => other,
            "are" => "is",
            "were" => "was",
            "have" => "has",
            "do" => "does",
            "carry" => "carries",
            "depend" => "depends",
            "differ" => "differs",
            "fall" => "falls",
            "leave" => "leaves",
            "share" => "shares",
            "take" => "takes",
            other => other,
        };
        open -= word.matches(')').count().min(open);
        format!("{singular}{}", &word[bare.len()..])
    };
    format!("1 {}", why.split(' ').map(singular).collect::<Vec<_>>().join(" "))
}

/// So many patients of the rarer outcome.
fn rarer(n: usize, with_event: bool) -> String {
    match with_event {
        true => counted(n, "events"),
        false => format!("{} without the event", counted(n, "patients")),
    }
}

/// How a fit can rank its own patients worse than chance: the slope and the ranks of a number disagree.
fn unsteady(training: bool) -> &'static str {
    match training {
        true => " though it was fitted there: the event does not rise or fall steadily with it",
        false => "",
    }
}

fn empty(rule: &str) -> String {
    match rule {
        "lambda.chosen" => "the model at the penalty asked for is empty: no feature is chosen".into(),
        rule => format!("cross-validation prefers the empty model at {rule}: no feature is chosen"),
    }
}

fn some(names: &[String]) -> String {
    const SHOWN: usize = 5;
    match names.len() {
        0..=SHOWN => names.join(", "),
        n => format!("{}, and {} more", names[..SHOWN].join(", "), n - SHOWN),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_said_in_the_singular() {
        let why = "features have no p (all values are equal) and do not stay".to_string();
        let said = |n: usize| {
            let features = (0..n).map(|i| format!("f{i}")).collect();
            Caution::Undefined { why: why.clone(), features }.to_string()
        };
        assert_eq!(said(2), "2 features have no p (all values are equal) and do not stay: f0, f1");
        assert_eq!(said(1), "1 feature has no p (all values are equal) and does not stay: f0");
        assert_eq!(counted(1, "training patients with 3 events carry"), "1 training patient with 3 events carries");
        assert_eq!(counted(1, "candidate features were"), "1 candidate feature was");
        assert_eq!(counted(1, "columns, all of which differ"), "1 column, all of which differs");
        let few = |fewest, with_event| Caution::FewEvents { fewest, with_event, coefficients: 2 };
        assert_eq!(few(1, true).to_string(), "1 event for 2 coefficients (0.5 a coefficient)");
        assert_eq!(few(3, false).to_string(), "3 patients without the event for 2 coefficients (1.5 a coefficient)");
        assert!(few(3, false).advice().contains("those without the event") && !few(3, true).advice().contains("rarer"));
    }
}
