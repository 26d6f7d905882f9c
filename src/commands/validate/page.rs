//! The page of `validate`: honest, naive and apparent numbers side by side, what was chosen, how predictions scatter.

use ndarray::Array2;
use serde_json::json;

use super::clinical::Terms;
use super::plan::Sample;
use super::{Validate, Work};
use crate::caution::Caution;
use crate::num::summary;
use crate::page::{Page, Table, number};
use crate::plots;
use crate::stats::pipeline::{self, Bootstrap, Count, CrossValidated, Quality};

/// What the interval in the headline covers; the figures are those of benches/README.md.
const COVERS: &str = "The interval is 1.96 standard deviations over resamples to each side. In simulated tables of 82 patients it held \
                      what the final model does on new patients in 91 to 98 of 100 where features carry the outcome, and in all of \
                      pure noise, where it is too wide.";
/// Why `cv` has a standard error and no interval.
const SHORT: &str = "The standard error takes the models as they are: 1.96 of it to each side held what the final model does on new \
                     patients in only 76 to 85 of 100 simulated tables, so that no interval is made of it; `--method bootstrap` \
                     has one.";
/// Features shown in the table of frequencies.
const SHOWN: usize = 30;

pub(super) fn page(command: &Validate, terms: &Terms, sample: &Sample, work: &Work) -> Page {
    let (mut page, entered, fits) = match (&work.bootstrap, &work.nested) {
        (Some(b), _) => (bootstrapped(command, sample, b, work.naive), b.entered.as_slice(), b.risks.ncols()),
        (_, Some(cv)) => (cross_validated(command, sample, cv, work.naive), cv.entered.as_slice(), cv.fits),
        _ => (Page::default(), [].as_slice(), 0),
    };
    let (all, chosen) = (sample.outcome.len(), terms.last.is_some_and(|l| l.entry.is_some()));
    let without = if chosen { 0 } else { without(terms, sample) };
    let of = if without > 0 { format!("{} of {all}", all - without) } else { all.to_string() };
    page = page.text(format!("Judged is {}, on {of} training patients.", model(terms)));
    if chosen {
        page = clinical(page, &terms.names, entered, fits);
    } else if !terms.names.is_empty() {
        let why =
            "clinical variables are taken as named; `nomogram` without names takes those that `clinical` chooses, and \
                   then their choice is repeated"
                .into();
        page = page.caution(Caution::Optimistic { what: "what the clinical variables add".into(), why });
    }
    page = taken(page, terms, sample);
    page.value("naive_auc", work.naive).value("features", &sample.names).value("patients", &sample.patients)
}

/// Whose readings, features and patients take part, where it is not all of training.
fn taken(mut page: Page, terms: &Terms, sample: &Sample) -> Page {
    let (own, others) = sample.reread;
    if others > 0 {
        page = page.text(format!(
            "ICC: the {own} training patients with a further reading are resampled, the {others} of other roles take part in \
             every fit, as in `icc`."
        ));
    }
    let data = sample.data();
    let incomplete = (0..sample.names.len()).filter(|j| !pipeline::is_complete(&data, *j));
    let features: Vec<String> = incomplete.map(|j| sample.names[j].clone()).collect();
    let gaps = features.len();
    if gaps > 0 {
        let why =
            "features are missing or infinite in a training patient and take no part in any fit, as in the notebook"
                .into();
        page = page.caution(Caution::Undefined { why, features });
    }
    let lost = without(terms, sample);
    let said = match terms.last.is_some_and(|l| l.entry.is_some()) {
        // A variable that did not enter a fit costs nobody his risk.
        true => {
            "a fit in which such a variable entered has no risk of theirs to judge, and the curve of risks is of the others"
        }
        false => "the model has no risk of theirs to judge",
    };
    if lost > 0 {
        page = page.caution(Caution::Note(format!(
            "{lost} of {} training patients lack a value of a clinical variable: {said}",
            sample.outcome.len()
        )));
    }
    page.value("reread", json!({ "training": own, "others": others })).value("incomplete_features", gaps)
}

/// How many training patients lack a value of a clinical variable that may enter.
fn without(terms: &Terms, sample: &Sample) -> usize {
    let data = sample.data();
    let lacks = |i: &usize| data.clinical.iter().flatten().any(|column| !column[*i].is_finite());
    terms.last.map_or(0, |_| (0..sample.outcome.len()).filter(lacks).count())
}

/// What is judged, in words.
fn model(terms: &Terms) -> String {
    let Some(last) = terms.last else { return "the signature".into() };
    let with = match (last.entry, terms.names.as_slice()) {
        (_, []) => "the signature alone in a nomogram".into(),
        (None, names) => format!("the signature with {}", names.join(", ")),
        (Some(entry), _) => format!("the signature with the clinical variables of p < {} in each fit", entry.below),
    };
    if last.firth { format!("{with}, by Firth's penalised likelihood") } else { with }
}

/// How often each clinical variable entered the last model.
fn clinical(page: Page, names: &[String], entered: &[usize], fits: usize) -> Page {
    let mut table =
        Table::new("How often each clinical variable entered").left("variable").right("fits").right("share");
    for (name, n) in names.iter().zip(entered) {
        table.row([name.clone(), n.to_string(), number::share(*n as f64 / fits.max(1) as f64)]);
    }
    page.table(table).value("clinical", names).value("entered", entered)
}

fn bootstrapped(command: &Validate, sample: &Sample, b: &Bootstrap, naive: f64) -> Page {
    let used = b.risks.ncols();
    let (lower, upper) = pipeline::interval(b.out_of_bag.auc, b.spread.auc);
    let headline = format!(
        "AUC {} ({}) out of bag of {used} resamples; apparent {}, naive {}",
        number::share(b.out_of_bag.auc),
        number::interval(lower, upper),
        number::share(b.apparent.auc),
        number::share(naive)
    );
    let usual = Quality { auc: naive, slope: f64::NAN, brier: f64::NAN };
    // A slope has no bound: a mean of its optimism, and its spread, follow the few resamples where it runs away.
    let (optimism, spread) = (without_slope(b.optimism), without_slope(b.spread));
    let corrected = minus(&b.apparent, &optimism);
    let rows = [
        ("honest: patients not drawn (out of bag)", &b.out_of_bag),
        ("its spread over resamples", &spread),
        (".632+", &b.plus),
        ("apparent less optimism", &corrected),
        ("optimism", &optimism),
        ("apparent", &b.apparent),
        ("naive: features filtered on all patients", &usual),
    ];
    let whole: Vec<f64> =
        (0..sample.outcome.len()).map(|i| 1.0 / (1.0 + (-b.whole.linear(&sample.data(), i)).exp())).collect();
    let drawn = ("standard error by the resamples drawn", number::share(b.spread.auc / (used as f64).sqrt()));
    let page = Page::new("Validation of the whole pipeline", headline).table(table(&rows));
    let page = page
        .facts([
            ("standard error over patients, the models as they are: no interval is made of it", number::share(b.error)),
            drawn,
        ])
        .text(COVERS);
    let page = page.text(slope(b.out_of_bag_of.slope, used));
    let page = counted(page, b.empty, used, b.failed, command.times as usize);
    let page = gathered(page, "out of bag", b.out_of_bag_of, used);
    let page = frequencies(page, sample, &b.chosen, used);
    instability(page, sample, &whole, &b.risks, 1)
        .value("honest", quality(&b.out_of_bag))
        .value("honest_auc_lower", lower)
        .value("honest_auc_upper", upper)
        .value("honest_auc_se", b.error)
        .value("plus632", quality(&b.plus))
        .value("out_of_bag", quality(&b.out_of_bag))
        .value("spread", quality(&spread))
        .value("optimism", quality(&optimism))
        .value("corrected", quality(&corrected))
        .value("apparent", quality(&b.apparent))
}

fn cross_validated(command: &Validate, sample: &Sample, cv: &CrossValidated, naive: f64) -> Page {
    let times = cv.risks.ncols();
    let headline = format!(
        "AUC {} (se {}) in {} folds, {times} times; naive {}",
        number::share(cv.mean.auc),
        number::share(cv.error),
        command.folds,
        number::share(naive)
    );
    let usual = Quality { auc: naive, slope: f64::NAN, brier: f64::NAN };
    let rows = [
        ("honest: everything in the folds", &cv.mean),
        ("its spread over repetitions", &cv.spread),
        ("naive: features filtered on all patients", &usual),
    ];
    let mean: Vec<f64> = cv.risks.rows().into_iter().map(|r| summary::mean(&r.to_vec())).collect();
    let page = Page::new("Validation of the whole pipeline", headline).table(table(&rows));
    let judged = ("standard error of the honest AUC, over patients judged by these models", number::share(cv.error));
    let page = page.facts([judged]).text(SHORT);
    let page = counted(page, cv.empty, cv.fits, cv.failed, command.times as usize);
    let mut page = gathered(page, "held out", cv.of, times);
    if cv.of.auc == 0 {
        let note = format!(
            "no fold of the {} holds out patients of both outcomes, so there are no pairs for an AUC; take fewer `--folds`",
            command.folds
        );
        page = page.caution(Caution::Note(note));
    }
    let page = frequencies(page, sample, &cv.chosen, cv.fits);
    instability(page, sample, &mean, &cv.risks, 2)
        .value("honest", quality(&cv.mean))
        .value("honest_auc_se", cv.error)
        .value("spread", quality(&cv.spread))
}

fn table(rows: &[(&str, &Quality)]) -> Table {
    let mut table = Table::new("Quality").left("judged").right("AUC").right("calibration slope").right("Brier");
    for (what, q) in rows {
        table.row([(*what).to_string(), number::share(q.auc), number::value(q.slope), number::share(q.brier)]);
    }
    table
}

/// How many fits kept nothing, and how many failed.
fn counted(page: Page, empty: usize, fits: usize, failed: usize, times: usize) -> Page {
    let mut page = page
        .facts([
            ("fits that kept no feature", format!("{empty} of {fits}")),
            ("failed", format!("{failed} of {times}")),
        ])
        .value("empty", empty)
        .value("fits", fits)
        .value("failed", failed);
    if empty > 0 {
        let note = format!("{empty} of {fits} fits kept no feature: their signature is the same for every patient");
        page = page.caution(Caution::Note(note));
    }
    page
}

/// Of how many resamples or repetitions a row of the table is, where some of it is not of all: an AUC needs patients of both
/// outcomes, a slope also needs risks that differ and do not separate them.
fn gathered(page: Page, row: &str, of: Count, all: usize) -> Page {
    let page = page.value(&format!("{}_of", row.replace(' ', "_")), json!({ "auc": of.auc, "slope": of.slope }));
    if of.auc == all && of.slope == all {
        return page;
    }
    let note = format!(
        "{row}: the AUC is of {} and the calibration slope of {} of {all}; the others have one outcome, equal risks, or are separated",
        of.auc, of.slope
    );
    page.caution(Caution::Note(note))
}

fn frequencies(page: Page, sample: &Sample, chosen: &[usize], fits: usize) -> Page {
    let mut order: Vec<usize> = (0..chosen.len()).filter(|j| chosen[*j] > 0).collect();
    order.sort_by_key(|j| std::cmp::Reverse(chosen[*j]));
    let share = |j: usize| chosen[j] as f64 / fits.max(1) as f64;
    let title = format!("How often each feature was chosen ({} of {} ever)", order.len(), chosen.len());
    let mut table = Table::new(title).left("feature").right("fits").right("share");
    for &j in order.iter().take(SHOWN) {
        table.row([sample.names[j].clone(), chosen[j].to_string(), number::share(share(j))]);
    }
    let shares: Vec<(&str, f64)> = order.iter().map(|j| (sample.names[*j].as_str(), share(*j))).collect();
    page.plot(plots::selection_frequency(&shares)).table(table).value("chosen", chosen)
}

/// How predicted risks scatter over fits: mean absolute distance from the model's own risk (Riley and Collins, 2023). It takes
/// `least` fits to tell: where the own risk is the mean over fits, that of a single one would be no distance at all.
fn instability(page: Page, sample: &Sample, own: &[f64], risks: &Array2<f64>, least: usize) -> Page {
    let each: Vec<Vec<f64>> = risks
        .rows()
        .into_iter()
        .map(|r| summary::sorted(&r.iter().copied().filter(|v| !v.is_nan()).collect::<Vec<f64>>()))
        .collect();
    let apart =
        |(own, risks): (&f64, &Vec<f64>)| summary::mean(&risks.iter().map(|r| (r - own).abs()).collect::<Vec<f64>>());
    let mape: Vec<f64> = match risks.ncols() >= least {
        true => own.iter().zip(&each).map(apart).collect(),
        false => vec![f64::NAN; own.len()],
    };
    let known: Vec<f64> = mape.iter().copied().filter(|v| v.is_finite()).collect();
    let limits: Vec<(f64, f64)> =
        each.iter().map(|r| (summary::quantile(r, 0.025), summary::quantile(r, 0.975))).collect();
    let overall = summary::mean(&known);
    page.facts([("prediction instability (mean |change|)", number::share(overall))])
        .plot(plots::instability(&sample.patients, own, &limits))
        .value("mape", overall)
        .value("mape_patient", mape)
        .value("risk", own)
        .value("risk_lower", limits.iter().map(|l| l.0).collect::<Vec<f64>>())
        .value("risk_upper", limits.iter().map(|l| l.1).collect::<Vec<f64>>())
}

fn without_slope(q: Quality) -> Quality {
    Quality { slope: f64::NAN, ..q }
}

/// Of what the honest slope is, and what stands for it where there is none.
fn slope(of: usize, all: usize) -> String {
    format!(
        "The honest calibration slope is the median over the {of} of {all} resamples that have one; it has no bound, and so no \
         mean optimism (NA)."
    )
}

fn minus(a: &Quality, b: &Quality) -> Quality {
    Quality { auc: a.auc - b.auc, slope: a.slope - b.slope, brier: a.brier - b.brier }
}

fn quality(q: &Quality) -> serde_json::Value {
    json!({ "auc": q.auc, "slope": q.slope, "brier": q.brier })
}
