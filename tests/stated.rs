//! What a page states is so, and what it cannot state it says in words.

use std::fmt::Write;
use std::path::Path;

use radnote::num::rng::Rng;
use radnote::page::Block;
use radnote::stats::risk;

use crate::common::{self, page, words};

/// A CSV file of these columns, each a name and one field a row.
pub fn csv(folder: &Path, name: &str, columns: &[(&str, Vec<String>)]) {
    let mut text = columns.iter().map(|c| c.0).collect::<Vec<_>>().join(",");
    for row in 0..columns[0].1.len() {
        let fields = columns.iter().map(|c| c.1[row].as_str()).collect::<Vec<_>>();
        write!(text, "\n{}", fields.join(",")).unwrap();
    }
    std::fs::write(folder.join(name), text + "\n").unwrap();
}

fn texts<T: ToString>(values: impl IntoIterator<Item = T>) -> Vec<String> {
    values.into_iter().map(|v| v.to_string()).collect()
}

fn ids(n: usize) -> Vec<String> {
    (1..=n).map(|i| format!("P{i:03}")).collect()
}

/// A category with as many patients with the event as without has risk 1/2 but for rounding: `roc`, `decision` and
/// `reclassify` count it at 1/2, all three, and rmda's rule does not.
#[test]
fn a_risk_at_the_threshold_is_one_for_all() {
    let mut rng = Rng::seeded(3);
    for case in 0..6 {
        let (half, others) = (4 + (12.0 * rng.uniform()) as usize, 8 + (20.0 * rng.uniform()) as usize);
        let folder = common::scratch(&format!("half-{case}"));
        let mut event: Vec<u8> = (0..2 * half).map(|i| u8::from(i < half)).collect();
        event.extend((0..others).map(|i| u8::from(i % 4 == 0)));
        let margin = (0..2 * half + others).map(|i| if i < 2 * half { "poor" } else { "well" });
        let n = event.len();
        let margin = texts(margin);
        csv(
            &folder,
            "cohort.csv",
            &[("ID", ids(n)), ("y", texts(event)), ("margin", margin.clone()), ("copy", margin)],
        );
        let lines = ["open cohort.csv --outcome y", "roc margin", "decision margin", "reclassify margin copy"];
        let mut session = common::notebook(&folder, &lines);
        common::submit(&mut session, "decision margin --rule rmda");
        let positive = page(&session, "roc").values["rows"][0]["at_half"]["ppv"]["n"].as_u64().unwrap();
        let treated = |line: &str| {
            let share = page(&session, line).values["detail"]["train"]["margin"]["high_risk_per_1000"][50].as_f64();
            (share.unwrap() * n as f64 / 1000.0).round() as u64
        };
        let rows = page(&session, "reclassify").blocks.iter().filter_map(|b| match b {
            Block::Table(table) if table.title.starts_with("train") => Some(&table.rows),
            _ => None,
        });
        let above: u64 = rows.flatten().map(|row| row.last().unwrap().parse::<u64>().unwrap()).sum();
        let rmda = session.entries().iter().find(|e| e.line.contains("rmda")).unwrap().line.clone();
        assert_eq!([positive, treated("decision"), above], [2 * half as u64; 3], "{half} {others}");
        assert_eq!(treated(&rmda), 0, "{half} {others}");
    }
    // Where nothing is at stake the rule is R's.
    for (a, b) in [(0.4999, 0.5), (0.3 + 1e-6, 0.3), (1e-12, 0.0), (0.99, 0.98)] {
        assert_eq!(risk::settled(a, &[b]), a, "{a} {b}");
    }
}

/// A model that treats all does not beat treating all, and the headline is of the largest cohort that did not train.
#[test]
fn a_benefit_is_a_difference() {
    let folder = common::scratch("benefit");
    let mut rng = Rng::seeded(8);
    let roles = |i: usize| ["train", "internal", "external"][usize::from(i >= 40) + usize::from(i >= 70)];
    let event: Vec<bool> = (0..85).map(|i| i % 2 == 0).collect();
    let same = (0..85).map(|i| if i / 2 % 2 == 0 { "a" } else { "b" });
    let told = event.iter().map(|e| rng.normal() + 2.0 * f64::from(u8::from(*e)));
    let told = texts(told.collect::<Vec<f64>>());
    let columns = [
        ("ID", ids(85)),
        ("y", texts(event.iter().map(|e| u8::from(*e)))),
        ("role", texts((0..85).map(roles))),
        ("same", texts(same)),
        ("told", told),
    ];
    csv(&folder, "cohort.csv", &columns);
    let mut session = common::notebook(&folder, &["open cohort.csv --outcome y --role role", "decision same"]);
    common::submit(&mut session, "decision told");
    let headlines: Vec<String> = ["decision same", "decision told"].map(|l| page(&session, l).headline.clone()).into();
    assert_eq!(headlines[0], "same never beats treating all and none (internal, point estimates)");
    assert!(headlines[1].starts_with("told beats treating all and none at "), "{}", headlines[1]);
    assert!(headlines[1].ends_with(" (internal, point estimates)"), "{}", headlines[1]);
}

/// What `validate` fits on all training patients is the notebook's model: ICC over readings of every role, and no feature
/// that a training patient lacks, in whatever resample.
#[test]
fn what_is_validated_is_the_notebooks_selection() {
    let folder = common::scratch("selection");
    let (n, train) = (70, 50);
    let mut rng = Rng::seeded(12);
    let event: Vec<bool> = (0..n).map(|i| i % 2 == 0).collect();
    let hit = |i: usize| f64::from(u8::from(event[i]));
    // The first feature is read well in training and badly elsewhere; the third is the best, and one value of it is missing.
    let features: Vec<Vec<f64>> =
        [0.8, 0.5, 3.0].iter().map(|d| (0..n).map(|i| rng.normal() + d * hit(i)).collect()).collect();
    let mut again: Vec<Vec<f64>> =
        features.iter().map(|f| f.iter().map(|v| v + 0.1 * rng.normal()).collect()).collect();
    (train..n).for_each(|i| again[0][i] = 3.0 * rng.normal());
    let role = (0..n).map(|i| if i < train { "train" } else { "external" });
    csv(
        &folder,
        "cohort.csv",
        &[("ID", ids(n)), ("y", texts(event.iter().map(|e| u8::from(*e)))), ("role", texts(role))],
    );
    let write = |name: &str, columns: &[Vec<f64>]| {
        let field = |(i, v): (usize, &f64)| if i == 7 { String::new() } else { v.to_string() };
        let third = columns[2].iter().enumerate().map(field).collect();
        let columns = [("ID", ids(n)), ("one", texts(&columns[0])), ("two", texts(&columns[1])), ("three", third)];
        csv(&folder, name, &columns);
    };
    write("features.csv", &features);
    write("reader2.csv", &again);
    let lines = [
        "open cohort.csv --outcome y --role role",
        "features features.csv --reader2 reader2.csv",
        "icc --above 0.85",
        "stepwise --start full",
        "signature",
        "roc",
        "validate --times 30",
    ];
    let session = common::notebook(&folder, &lines);
    let judged = page(&session, "validate");
    assert_eq!(page(&session, "icc").headline, "3 -> 2");
    let train = page(&session, "roc").values["rows"][0]["auc"].as_f64().unwrap();
    let apparent = judged.values["apparent"]["auc"].as_f64().unwrap();
    assert!((train - apparent).abs() < 1e-12, "{train} {apparent}");
    let chosen: Vec<u64> = judged.values["chosen"].as_array().unwrap().iter().map(|c| c.as_u64().unwrap()).collect();
    assert!(chosen[0] == 0 && chosen[1] > 10 && chosen[2] == 0, "{chosen:?}");
    let said = words(judged);
    assert!(
        said.contains("the 50 training patients with a further reading") && said.contains("the 20 of other roles"),
        "{said}"
    );
    assert!(said.contains("1 feature is missing or infinite in a training patient"), "{said}");
    // The slope has no mean: the median is said to be one, and optimism has none.
    assert!(said.contains("the median over the "), "{said}");
    assert!(judged.values["honest"]["slope"].is_number() && judged.values["corrected"]["slope"].is_null());
}

/// A test of the patients that have a value says of how many it is, and an infinite value is named where it undoes t.
#[test]
fn a_test_says_of_whom_it_is() {
    let folder = common::scratch("of-whom");
    let n = 24;
    let mut rng = Rng::seeded(2);
    let event = (0..n).map(|i| i % 2);
    csv(&folder, "cohort.csv", &[("ID", ids(n)), ("y", texts(event))]);
    let feature = |rng: &mut Rng| texts((0..n).map(|_| rng.normal()).collect::<Vec<f64>>());
    let (whole, mut gaps, mut endless) = (feature(&mut rng), feature(&mut rng), feature(&mut rng));
    [3, 8, 9].into_iter().for_each(|i| gaps[i] = String::new());
    endless[4] = "inf".into();
    let columns =
        [("ID", ids(n)), ("whole", whole), ("gaps", gaps), ("endless", endless), ("flat", vec!["1".into(); n])];
    csv(&folder, "features.csv", &columns);
    let lines = ["open cohort.csv --outcome y", "features features.csv", "mannwhitney --below 1"];
    let session = common::notebook(&folder, &lines);
    let ranked = page(&session, "mannwhitney");
    assert_eq!(ranked.values["n"], serde_json::json!([24.0, 21.0, 24.0, 24.0]));
    let said = words(ranked);
    assert!(said.contains("1 feature has missing training values") && said.contains(": gaps"), "{said}");
    assert!(said.contains("1 feature has no p") && !said.contains("infinite"), "{said}");
    let session = common::notebook(&folder, &[lines[0], lines[1], "mannwhitney --below 1 --test welch"]);
    let said = words(page(&session, "mannwhitney"));
    assert!(
        said.contains("1 feature has an infinite value (so no mean and no t) and does not stay: endless"),
        "{said}"
    );
    assert!(
        said.contains(
            "1 feature has no p (no spread within the groups, or too few values in one) and does not stay: flat"
        ),
        "{said}"
    );
}

/// A cohort too small for an index is said and left out; the others are shown.
#[test]
fn one_small_cohort_does_not_stop_the_others() {
    let folder = common::scratch("small-cohort");
    let role = |i: usize| if i < 9 { "train" } else { "external" };
    let mut rng = Rng::seeded(6);
    let n = 49;
    let event: Vec<usize> = (0..n).map(|i| i % 2).collect();
    let number = |rng: &mut Rng| texts(event.iter().map(|e| rng.normal() + *e as f64).collect::<Vec<f64>>());
    let columns = [
        ("ID", ids(n)),
        ("y", texts(&event)),
        ("role", texts((0..n).map(role))),
        ("one", number(&mut rng)),
        ("two", number(&mut rng)),
    ];
    csv(&folder, "cohort.csv", &columns);
    let session = common::notebook(&folder, &["open cohort.csv --outcome y --role role", "calibrate one"]);
    let judged = page(&session, "calibrate");
    let rows = judged.values["rows"].as_array().unwrap();
    assert_eq!(rows.iter().map(|r| r["role"].as_str().unwrap()).collect::<Vec<_>>(), ["train", "external"]);
    assert!(judged.values["validated"].is_null());
    assert!(words(judged).contains("needs at least 10, but there are 9"), "{}", words(judged));
    // Nothing was fitted in the external cohort: its test has a degree of freedom a group.
    let groups = |i: usize| rows[i]["hl_groups"].as_array().unwrap().len() as f64;
    assert_eq!(rows[1]["hl_df_shown"].as_f64().unwrap(), groups(1));
    let few: Vec<usize> = (0..n).map(|i| if i < 9 { i % 2 } else { usize::from(i == 20) }).collect();
    csv(&folder, "cohort.csv", &[&columns[..1], &[("y", texts(few))], &columns[2..]].concat());
    let session = common::notebook(&folder, &["open cohort.csv --outcome y --role role", "reclassify one two"]);
    let moved = page(&session, "reclassify");
    assert_eq!(moved.values["rows"].as_array().unwrap().len(), 1);
    let said = words(moved);
    assert!(said.contains("external has 40 patients") && said.contains("needs at least 2, but there is 1"), "{said}");
    assert!(said.contains("every change in train is optimistic"), "{said}");
}

/// An area of 1 has an interval without width, which is said; a number too large for its differences is not called constant.
#[test]
fn what_has_no_width_is_not_certain() {
    let folder = common::scratch("no-width");
    let n = 20;
    let columns = [
        ("ID", ids(n)),
        ("y", texts((0..n).map(|i| i / 10))),
        ("told", texts(1..=n)),
        ("large", texts((0..n).map(|i| format!("{:.1}", 1e15 + (i % 7) as f64 / 2.0)))),
        ("flat", vec!["3".into(); n]),
    ];
    csv(&folder, "cohort.csv", &columns);
    let session = common::notebook(&folder, &["open cohort.csv --outcome y", "clinical large flat told", "roc told"]);
    assert!(words(page(&session, "roc")).contains("told in train: the AUC is 1"), "{}", words(page(&session, "roc")));
    let said = words(page(&session, "clinical"));
    assert!(said.contains("so large beside") && said.contains("constant in training"), "{said}");
}

/// A p-value of what the outcome chose says so, and a model without a maximum says that its risks are no estimates.
#[test]
fn what_was_chosen_and_what_has_no_maximum_say_so() {
    let folder = common::scratch("chosen");
    let n = 40;
    let mut rng = Rng::seeded(21);
    let event: Vec<usize> = (0..n).map(|i| i % 2).collect();
    let shifted =
        |rng: &mut Rng, by: f64| texts(event.iter().map(|e| rng.normal() + by * *e as f64).collect::<Vec<f64>>());
    let (first, second, age) = (shifted(&mut rng, 1.2), shifted(&mut rng, 0.0), shifted(&mut rng, 0.4));
    let apart = texts(event.iter().enumerate().map(|(i, e)| i + 100 * e));
    let clinical = [("ID", ids(n)), ("y", texts(&event)), ("age", age), ("apart", apart)];
    csv(&folder, "cohort.csv", &clinical);
    csv(&folder, "features.csv", &[("ID", ids(n)), ("first", first), ("second", second)]);
    let lines = [
        "open cohort.csv --outcome y",
        "features features.csv",
        "stepwise",
        "signature",
        "nomogram signature age",
        "table1 age signature",
    ];
    let mut session = common::notebook(&folder, &lines);
    assert!(words(page(&session, "stepwise")).contains("the same outcome chose them"));
    for line in ["nomogram", "table1"] {
        let said = words(page(&session, line));
        assert!(said.contains("the p-value of signature in training is optimistic"), "{line}: {said}");
    }
    common::submit(&mut session, "table1 age");
    assert!(!words(page(&session, "table1 age --")).contains("optimistic"));
    common::submit(&mut session, "nomogram apart");
    for line in ["roc nomogram", "decision nomogram", "calibrate nomogram --resamples 5"] {
        common::submit(&mut session, line);
        let said = words(page(&session, line.split(" --").next().unwrap()));
        assert!(said.contains("nomogram has no maximum likelihood estimate (it separates"), "{line}: {said}");
    }
    common::submit(&mut session, "nomogram age");
    common::submit(&mut session, "decision nomogram");
    assert!(!words(page(&session, "decision")).contains("no maximum"));
}

/// Forty patients who train, three of four with the event, and eleven others of whom the fifth has it.
fn mostly_with_the_event(name: &str) -> std::path::PathBuf {
    let folder = common::scratch(name);
    let n = 51;
    let mut rng = Rng::seeded(9);
    let event: Vec<usize> = (0..n).map(|i| usize::from(if i < 40 { i % 4 != 0 } else { i == 44 })).collect();
    let mut number = |by: f64| texts(event.iter().map(|e| rng.normal() + by * *e as f64).collect::<Vec<f64>>());
    let (mut one, two) = (number(1.5), number(0.5));
    (one[44], one[50]) = ("0".into(), "1000".into());
    let role = |i: usize| if i < 40 { "train" } else { "external" };
    let columns = [("ID", ids(n)), ("y", texts(&event)), ("role", texts((0..n).map(role))), ("one", one), ("two", two)];
    csv(&folder, "cohort.csv", &columns);
    let without: Vec<(&str, Vec<String>)> = columns.iter().map(|(name, of)| (*name, of[..n - 1].to_vec())).collect();
    csv(&folder, "fewer.csv", &without);
    folder
}

/// What is few is the rarer outcome, be it the event or its absence.
#[test]
fn the_rarer_outcome_has_its_name() {
    let folder = mostly_with_the_event("rarer");
    let lines = ["open cohort.csv --outcome y --role role", "clinical one two --below 1", "nomogram one two"];
    let session = common::notebook(&folder, &lines);
    for line in ["clinical", "nomogram"] {
        let said = words(page(&session, line));
        assert!(said.contains("10 patients without the event for 2 coefficients (5.0 a coefficient)"), "{said}");
    }
}

/// A risk of 1 has no logit: the line is that of the other patients, and the page says so.
#[test]
fn a_risk_without_a_logit_is_left_out_and_said() {
    let folder = mostly_with_the_event("no-logit");
    let judged = |cohort: &str| {
        let open = format!("open {cohort} --outcome y --role role");
        let session = common::notebook(&folder, &[&open, "calibrate one --resamples 0"]);
        let said = words(page(&session, "calibrate"));
        (common::values(&session, "calibrate")["rows"].clone(), said)
    };
    let ((all, said), (fewer, nothing)) = (judged("cohort.csv"), judged("fewer.csv"));
    assert!(said.contains("external has 11 patients: of its predictions 1 is 0 or 1 but for rounding"), "{said}");
    assert!(!nothing.contains("but for rounding"), "{nothing}");
    let none = serde_json::Value::Null;
    let dropped = |rows: &serde_json::Value| [0, 1].map(|i| rows[i]["without_logit"].clone());
    assert_eq!((dropped(&all), dropped(&fewer)), ([none.clone(), 1.into()], [none.clone(), none]));
    for of in ["intercept", "slope", "in_the_large"] {
        assert!(all[1][of].is_number(), "{of}: {}", all[1][of]);
        assert_eq!(all[1][of], fewer[1][of], "{of}");
    }
    assert_ne!(all[1]["brier"], fewer[1]["brier"]);
}

/// R: `y <- c(0,0,0,0,1,0,0,0,0,0,0); set.seed(1); sum(replicate(40, !any(y[sample(11, 11, TRUE)] == 1)))` is 15; with
/// `set.seed(1)` and half of 40 patients none is without.
#[test]
fn resamples_without_an_event_are_said() {
    let folder = mostly_with_the_event("without-events");
    let open = "open cohort.csv --outcome y --role role";
    let session = common::notebook(&folder, &[open, "decision one --resamples 40 --standardised yes"]);
    let said = words(page(&session, "decision"));
    assert!(said.contains("external: of 40 resamples 15 are without an event"), "{said}");
    assert!(!said.contains("train: "), "{said}");
    for line in ["decision one --resamples 40", "decision one --standardised yes"] {
        let session = common::notebook(&folder, &[open, line]);
        assert!(!words(page(&session, "decision")).contains("without an event"), "{line}");
    }
}
