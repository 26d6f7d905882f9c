//! What has no value, or one that says nothing, comes with its reason; and sentences count as their readers do.

use ndarray::{Array2, ShapeBuilder};
use radnote::page::{Block, Page, number};
use radnote::session::Session;
use radnote::stats::{firth, scale};
use radnote::task::Task;

use crate::common::{self, page, words};
use crate::stated::csv;

fn texts<T: ToString>(values: impl IntoIterator<Item = T>) -> Vec<String> {
    values.into_iter().map(|v| v.to_string()).collect()
}

const N: usize = 32;

fn event(i: usize) -> bool {
    i.is_multiple_of(3) || i % 8 == 1
}

/// A notebook on a cohort of these clinical variables, 24 patients who train and 8 who do not.
fn notebook(
    name: &str,
    variables: &[(&str, Vec<String>)],
    features: &[(&str, Vec<String>)],
    lines: &[&str],
) -> Session {
    let folder = common::scratch(name);
    let id = || ("ID", texts((1..=N).map(|i| format!("P{i:02}"))));
    let role = texts((0..N).map(|i| if i < 24 { "train" } else { "external" }));
    let mut columns = vec![id(), ("y", texts((0..N).map(|i| u8::from(event(i))))), ("role", role)];
    columns.extend(variables.iter().cloned());
    csv(&folder, "cohort.csv", &columns);
    csv(&folder, "f.csv", &std::iter::once(id()).chain(features.iter().cloned()).collect::<Vec<_>>());
    let mut session = common::notebook(&folder, &["open cohort.csv --outcome y --role role"]);
    for line in lines {
        common::submit(&mut session, line);
    }
    session
}

/// The cells of the first row of this page's tables that has this one.
fn row<'a>(page: &'a Page, cell: &str) -> &'a [String] {
    let tables = page.blocks.iter().filter_map(|b| if let Block::Table(t) = b { Some(t) } else { None });
    tables.flat_map(|t| &t.rows).find(|r| r.iter().any(|c| c == cell)).unwrap()
}

fn titles(page: &Page) -> Vec<&str> {
    page.blocks
        .iter()
        .filter_map(|b| if let Block::Plot(plot) = b { Some(plot.title.as_str()) } else { None })
        .collect()
}

/// Two values one apart have their own step for a unit; two further apart, and more of them, do not.
#[test]
fn a_unit_that_is_the_step_between_two_values_has_no_deviation() {
    let of = |values: &[&str]| texts((0..N).map(|i| values[i / 2 % values.len()]));
    let variables = [("step", of(&["5", "6"])), ("two", of(&["0", "2"])), ("half", of(&["0", "0.5", "1"]))];
    let session = notebook("per-sd", &variables, &[], &["clinical --below 1"]);
    let clinical = page(&session, "clinical");
    let of = &clinical.values["univariable"];
    let known: Vec<bool> =
        of["odds_ratio_per_sd"].as_array().unwrap().iter().map(serde_json::Value::is_number).collect();
    assert_eq!((&of["of"], known), (&serde_json::json!(["step", "two", "half"]), vec![false, true, true]));
}

#[test]
fn a_forest_says_of_how_many_patients_its_rows_are() {
    let full = texts((0..N).map(|i| (i * 7) % 11));
    let gap = texts((0..N).map(|i| if i < 5 { String::new() } else { ((i * 5) % 13).to_string() }));
    let both = [("full", full), ("gap", gap)];
    let session = notebook("forest", &both, &[], &["clinical full gap --below 1"]);
    let said = titles(page(&session, "clinical"));
    assert_eq!(said, ["Odds ratios, one by one (n = 19 to 24)", "Odds ratios, together (n = 19)"]);
    let session = notebook("forest-of-one", &both, &[], &["clinical full --below 1"]);
    assert_eq!(titles(page(&session, "clinical"))[0], "Odds ratios, one by one (n = 24)");
}

/// A feature that no patient with the event has is tested by nothing, though its values are few and do not repeat.
#[test]
fn a_missing_p_is_not_counted_as_exact() {
    let value = |i: usize| ((i * 29) % 37).to_string();
    let one_sided = texts((0..N).map(|i| if event(i) { String::new() } else { value(i) }));
    let features = [("whole", texts((0..N).map(value))), ("one_sided", one_sided)];
    let session = notebook("exact", &[], &features, &["features f.csv", "mannwhitney --below 1"]);
    let said = words(page(&session, "mannwhitney"));
    assert!(said.contains("All p-values are exact."), "{said}");
    assert!(
        said.contains("1 feature has no p (all values equal, or none in a group) and does not stay: one_sided"),
        "{said}"
    );
}

/// `stepwise` of one feature that separates the outcome and one that does not.
#[test]
fn stepwise_prints_the_limits_that_go_with_its_fit() {
    let apart: Vec<f64> = (0..N).map(|i| (i * 11 % 7) as f64 + if event(i) { 7.0 } else { 0.0 }).collect();
    let beside: Vec<f64> = (0..N).map(|i| (i * 13 % 23) as f64 + if event(i) { 12.0 } else { 0.0 }).collect();
    let features = [("apart", texts(&apart)), ("beside", texts(&beside))];
    let session = notebook("firth", &[], &features, &["features f.csv", "stepwise --fit firth"]);
    let firths = page(&session, "stepwise");
    let chosen: Vec<&str> = firths.values["selected"].as_array().unwrap().iter().map(|v| v.as_str().unwrap()).collect();
    assert!(chosen.contains(&"apart"), "{chosen:?}");
    let column = |name: &&str| if *name == "apart" { apart[..24].to_vec() } else { beside[..24].to_vec() };
    let values: Vec<f64> = chosen.iter().flat_map(column).collect();
    let x = Array2::from_shape_vec((24, chosen.len()).f(), values).unwrap();
    let names: Vec<String> = texts(&chosen);
    let x = scale::apply(&scale::fit(x.view(), &names).unwrap(), x.view());
    let fit = firth::fit(x.view(), &(0..24).map(event).collect::<Vec<_>>(), 0.95).unwrap();
    for (j, name) in chosen.iter().enumerate() {
        let (lower, upper) = fit.limits[j + 1];
        assert_eq!(
            [&firths.values["lower"][j], &firths.values["upper"][j]],
            [&number::limit(lower), &number::limit(upper)]
        );
        let interval = format!("{} to {}", number::value(lower.exp()), number::value(upper.exp()));
        assert!(row(firths, name).contains(&interval), "{:?} {interval}", row(firths, name));
        let wald = fit.fit.wald(j + 1, 0.95);
        assert!((wald.0 - lower).abs() > 0.01 && (wald.1 - upper).abs() > 0.01, "{wald:?} {lower} {upper}");
    }
    let said = words(firths);
    assert!(said.contains("p-values and intervals are of the penalised profile likelihood."), "{said}");
    let session = notebook(
        "wald",
        &[],
        &[features[1].clone(), ("noise", texts((0..N).map(|i| (i * 29) % 37)))],
        &["features f.csv", "stepwise"],
    );
    let plain = page(&session, "stepwise");
    let of = |key: &str| plain.values[key][0].as_f64().unwrap();
    let reach = 1.959963984540054 * of("se");
    let interval =
        format!("{} to {}", number::value((of("coef") - reach).exp()), number::value((of("coef") + reach).exp()));
    assert!(row(plain, "beside").contains(&interval), "{:?} {interval}", row(plain, "beside"));
    assert!(!words(plain).contains("penalised") && !plain.values.contains_key("lower"));
}

/// pROC 1.18: `ci.auc` of scores that are equal is 0.5-0.5, of AUC 1 is 1-1 with a warning, of AUC 0 is 0-0 without, of one patient
/// in a group NA; the corrected partial area below the diagonal is NA, the unpaired test of areas without variance NaN.
#[test]
fn an_area_that_says_nothing_says_why() {
    let outside = |of: &dyn Fn(usize) -> usize| {
        texts((0..N).map(|i| if i < 24 { (i * 5) % 9 + usize::from(event(i)) } else { of(i) }))
    };
    let variables = [
        ("same", outside(&|_| 4)),
        ("told", outside(&|i| 10 * usize::from(event(i)) + i % 3)),
        ("turned", outside(&|i| 10 - 10 * usize::from(event(i)) + i % 3)),
        ("exact", texts((0..N).map(|i| 10 * usize::from(event(i)) + i % 3))),
    ];
    let said = |line: &str| words(page(&notebook("areas", &variables, &[], &[line]), "roc"));
    let same = said("roc same");
    assert!(same.contains("same in external: all patients have the same score, so the AUC is 0.5 whatever"), "{same}");
    assert!(!same.contains("same in train: all") && !same.contains("McClish"), "{same}");
    assert!(said("roc told").contains("told in external: the AUC is 1, where DeLong's and the bootstrap's"));
    let turned = said("roc turned --partial 0.8-1");
    assert!(
        turned.contains("turned in external: the AUC is 0, where DeLong's and the bootstrap's intervals have no width")
    );
    assert!(turned.contains("turned in external: the part of the curve lies below the diagonal"), "{turned}");
    assert!(
        said("roc exact").contains("exact, train - external: neither AUC has a variance, and the unpaired test is NA")
    );
    assert!(!said("roc told").contains("neither AUC") && !said("roc told").contains("single patient"));
}

#[test]
fn one_patient_with_the_event_has_no_variance() {
    let folder = common::scratch("one-event");
    let outcome = texts((0..30).map(|i| u8::from(if i < 20 { i % 3 == 0 } else { i == 25 })));
    let role = texts((0..30).map(|i| if i < 20 { "train" } else { "external" }));
    let age = texts((0..30).map(|i| (i * 7) % 11));
    let columns = [("ID", texts(1..=30)), ("y", outcome), ("role", role), ("age", age)];
    csv(&folder, "cohort.csv", &columns);
    let session = common::notebook(&folder, &["open cohort.csv --outcome y --role role", "roc age"]);
    let roc = page(&session, "roc");
    let said = words(roc);
    assert!(
        said.contains("external: with a single patient in an outcome group DeLong's variance is not defined"),
        "{said}"
    );
    assert!(roc.values["rows"][1]["lower"].is_null() && roc.values["rows"][0]["lower"].is_number());
}

/// Half of each category has the event: rms' nomogram has NaN for its points.
#[test]
fn a_nomogram_of_equal_predictions_is_refused() {
    let folder = common::scratch("equal-predictions");
    let columns = [
        ("ID", texts(1..=28)),
        ("y", texts((0..28).map(|i| i % 2))),
        ("half", texts((0..28).map(|i| ["a", "b", "c", "c", "b", "a", "c", "c", "b", "b", "c", "c", "b", "b"][i / 2]))),
    ];
    csv(&folder, "cohort.csv", &columns);
    let mut session = common::notebook(&folder, &["open cohort.csv --outcome y"]);
    let error = session.submit("nomogram half", &Task::default()).unwrap_err().advised();
    assert!(error.contains("no term has an effect: it predicts the same for all"), "{error}");
}

/// Columns that nearly depend on each other take more sweeps than glmnet's `maxit`.
#[test]
fn a_path_beyond_glmnets_maxit_is_named() {
    let base = |i: usize| ((i * 29) % 37) as f64;
    let features = [
        ("one", texts((0..N).map(base))),
        ("near", texts((0..N).map(|i| base(i) + 1e-5 * ((i * 17) % 31) as f64))),
        ("nearer", texts((0..N).map(|i| base(i) + 1e-5 * ((i * 11) % 23) as f64))),
    ];
    let said = |line: &str| {
        let session = notebook("sweeps", &[], &features, &["features f.csv", line]);
        words(page(&session, "lasso"))
    };
    let far = said("lasso --folds 3 --thresh 1e-12");
    assert!(far.contains("sweeps: glmnet ends one after its maxit of 1e5"), "{far}");
    assert!(far.contains("`maxit = 1e7, thresh = 1e-12`"), "{far}");
    assert!(!said("lasso --folds 3 --thresh 1e-3").contains("maxit"));
    assert!(!said("lasso --folds 3 --solver accurate").contains("maxit"));
}

/// `1 features`, `1 patients`, `1 terms`: in no headline, fact, sentence or caution of pages that count to one.
#[test]
fn nothing_is_counted_to_one_in_the_plural() {
    let feature = texts((0..N).map(|i| (i * 13 % 23) as f64 + if event(i) { 3.0 } else { 0.0 }));
    let noise = texts((0..N).map(|i| (i * 29) % 37));
    let age = ("age", texts((0..N).map(|i| (i * 7) % 11 + 3 * usize::from(event(i)))));
    let lines = [
        "features f.csv",
        "browse",
        "mannwhitney --below 1",
        "lasso --rule min --folds 3",
        "stepwise",
        "signature",
        "clinical age --below 1",
        "nomogram signature age",
        "roc",
        "calibrate --resamples 40",
        "decision --resamples 20 --standardised yes",
        "table1 age",
        "samplesize --parameters 1",
        "patients",
        "show features",
    ];
    for (name, features) in [("one", vec![("f", feature.clone())]), ("two", vec![("f", feature), ("noise", noise)])] {
        let mut session = notebook(&format!("counted-{name}"), std::slice::from_ref(&age), &features, &[]);
        for line in lines {
            // Of a single feature some steps have nothing to choose from: what they answer is read too.
            if let Err(error) = session.submit(line, &Task::default()) {
                wrong(line, &error.advised());
            }
        }
        for entry in session.entries() {
            let Ok(page) = &entry.result else { continue };
            wrong(&entry.line, &format!("{}\n{}", page.headline, words(page)));
            for block in &page.blocks {
                if let Block::Facts(facts) = block {
                    facts.iter().for_each(|(_, fact)| wrong(&entry.line, fact));
                }
            }
        }
    }
}

/// Fail where a one stands before a plural.
fn wrong(line: &str, said: &str) {
    let words: Vec<Vec<&str>> = said.lines().map(|l| l.split_whitespace().collect()).collect();
    for pair in words.iter().flat_map(|words| words.windows(2)) {
        let noun = pair[1].trim_end_matches(|c: char| !c.is_alphabetic());
        let plural = noun.len() > 3 && noun.ends_with('s') && !noun.ends_with("ss");
        assert!(pair[0].trim_start_matches('(') != "1" || !plural, "{line}: `{} {}` in {said}", pair[0], pair[1]);
    }
}

/// Equal predictions in a small cohort have neither a line nor a band, and nobody is told of others; a level that only they have
/// gets no score.
#[test]
fn a_small_cohort_says_what_is_drawn_of_it() {
    let value = |i: usize| if i < 24 { (i * 7) % 11 } else { 5 };
    let level = texts((0..N).map(|i| if i == 30 { "c" } else { ["a", "b"][i % 2] }));
    let variables = [("flat", texts((0..N).map(value))), ("level", level)];
    let session = notebook("flat", &variables, &[], &["nomogram flat", "calibrate --resamples 30"]);
    let said = words(page(&session, "calibrate"));
    for told in [
        "none of 30 resamples has a band: no logistic line (separated, of one outcome, or of equal predictions)",
        "external, n = 8: fewer than 40 are too few for a curve; nothing of it is drawn.",
        "train, n = 24: fewer than 40 are too few for a curve; its groups and the logistic line are drawn.",
    ] {
        assert!(said.contains(told), "{told}\n{said}");
    }
    let session = notebook("new-level", &variables, &[], &["nomogram flat level"]);
    let said = words(page(&session, "nomogram"));
    let told = "none of the 24 training patients that the nomogram's model is fitted on has level = c: who has it gets no score";
    assert!(said.contains(told), "{said}");
}

/// Where the risks of all events rise and of all others fall the index is 2 with an error of 0: it says that this is no certainty.
#[test]
fn a_reclassification_that_is_all_one_way_is_no_certainty() {
    let noise = texts((0..N).map(|i| (i * 7) % 11));
    let marker = texts((0..N).map(|i| u8::from(event(i))));
    let lines = ["clinical noise --below 1", "nomogram noise marker --fit firth", "reclassify clinical nomogram"];
    let session = notebook("one-way", &[("noise", noise), ("marker", marker)], &[], &lines);
    let reclassified = page(&session, "reclassify");
    let values = &reclassified.values["rows"][0]["nri"];
    assert_eq!((values["value"].as_f64(), values["se"].as_f64()), (Some(2.0), Some(0.0)));
    let said = words(reclassified);
    assert!(said.contains("the standard error of NRI is 0 by its formula"), "{said}");
}
