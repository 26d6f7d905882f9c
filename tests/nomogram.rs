//! The nomogram's model where a variable separates the outcome, and where a factor has several levels.

use radnote::page::Block;
use radnote::session::Session;
use radnote::stats::{bootstrap, lrm};
use radnote::task::Task;

use crate::common;

/// 60 patients: `grade` has three levels, and who has `necrosis` has the event.
fn folder(name: &str) -> std::path::PathBuf {
    let folder = common::scratch(name);
    let mut table = String::from("ID,event,age,grade,necrosis\n");
    for i in 0..60_i32 {
        let event = i32::from((i * 7) % 10 < 4 || i % 13 == 0);
        let grade = ["low", "middle", "high"][((i + event * (i % 3)) % 3) as usize];
        let necrosis = if event == 1 && i % 3 == 0 { "yes" } else { "no" };
        table += &format!("P{i},{event},{},{grade},{necrosis}\n", 40 + (i * 17) % 29 + 4 * event);
    }
    std::fs::write(folder.join("cohort.csv"), table).unwrap();
    folder
}

/// What the last cell warns of, with what to do about it.
fn warned(session: &Session) -> String {
    let page = session.entries().last().unwrap().result.as_ref().unwrap();
    page.cautions.iter().map(|c| format!("{c}; {}\n", c.advice())).collect()
}

/// Everything the last cell says in words.
fn words(session: &Session) -> String {
    let page = session.entries().last().unwrap().result.as_ref().unwrap();
    page.blocks
        .iter()
        .filter_map(|b| if let Block::Text(text) = b { Some(text.clone() + "\n") } else { None })
        .collect()
}

/// The row of a term in the coefficients of the nomogram.
fn row(session: &Session, term: &str) -> Vec<String> {
    let entry = session.entries().iter().find(|e| e.line.starts_with("nomogram")).unwrap();
    let tables = entry.result.as_ref().unwrap().blocks.iter().filter_map(|b| match b {
        Block::Table(table) => Some(table),
        _ => None,
    });
    let mut rows = tables.flat_map(|t| t.rows.iter()).filter(|r| r[0] == term);
    rows.next().unwrap().clone()
}

#[test]
fn a_separated_nomogram_is_offered_firths_fit_and_keeps_it() {
    let open = "open cohort.csv --outcome event";
    let mut session = common::notebook(&folder("separated"), &[open, "nomogram age necrosis"]);
    assert!(warned(&session).contains("`nomogram --fit firth`"), "{}", warned(&session));
    // The term without an estimate is named in words, its numbers are those R prints, and its odds ratio is none.
    let said = words(&session);
    assert!(said.contains("`necrosis: yes` has no maximum likelihood estimate"), "{said}");
    let values = common::values(&session, "nomogram");
    assert_eq!(values["no_estimate"], serde_json::json!([false, false, true]));
    assert!(values["coef"][2].as_f64().unwrap() > 15.0 && row(&session, "necrosis: yes")[1].starts_with('('));
    assert_eq!(row(&session, "necrosis: yes")[3..5], ["none", "none"]);
    common::submit(&mut session, "nomogram age necrosis --fit firth");
    assert!(!words(&session).contains("maximum likelihood estimate") && row(&session, "necrosis: yes")[3] != "none");
    assert!(!common::values(&session, "nomogram").contains_key("no_estimate"));
    assert!(!warned(&session).contains("separated"), "{}", warned(&session));
    let coef: Vec<f64> = serde_json::from_value(common::values(&session, "nomogram")["coef"].clone()).unwrap();
    assert!(coef.iter().all(|b| b.abs() < 10.0), "{coef:?}");

    // Prediction and leverage are of the same fit.
    common::submit(&mut session, "predict age=50 necrosis=yes");
    let predicted = common::values(&session, "predict")["linear"].as_f64().unwrap();
    assert!((predicted - (coef[0] + 50.0 * coef[1] + coef[2])).abs() < 1e-12, "{predicted}");
    let mut leverage = 0.0;
    for i in 0..60 {
        match common::submit(&mut session, &format!("patients P{i}")) {
            radnote::session::Reply::Open(_, page) => leverage += page.values["leverage"].as_f64().unwrap(),
            other => panic!("{other:?}"),
        }
    }
    assert!((leverage - 3.0).abs() < 1e-9, "{leverage}");

    // What refits by maximum likelihood says so, and does not.
    common::submit(&mut session, "calibrate --resamples 20");
    let judged = session.entries().last().unwrap().result.as_ref().unwrap();
    let said = |block: &Block| matches!(block, Block::Text(text) if text.contains("of Firth's penalised likelihood"));
    assert!(judged.blocks.iter().any(said), "{:?}", judged.blocks);
    assert!(!common::values(&session, "calibrate").contains_key("validated"));
}

/// rms' table of such a model is shown with the word that it is of none.
#[test]
fn the_optimism_of_a_separated_model_is_said_to_be_of_none() {
    let lines = ["open cohort.csv --outcome event", "nomogram age necrosis", "calibrate --resamples 20"];
    let session = common::notebook(&folder("optimism"), &lines);
    assert!(words(&session).contains("nomogram has no maximum likelihood estimate"), "{}", words(&session));
    assert!(common::values(&session, "calibrate").contains_key("validated"));
    assert_eq!(common::values(&session, "calibrate")["no_estimate"], true);
    let lines = ["open cohort.csv --outcome event", "nomogram age grade", "calibrate --resamples 20"];
    let session = common::notebook(&folder("optimism-none"), &lines);
    assert!(!words(&session).contains("no maximum likelihood estimate"), "{}", words(&session));
    assert!(!common::values(&session, "calibrate").contains_key("no_estimate"));
}

#[test]
fn a_variable_that_separates_alone_is_a_caution_of_clinical() {
    let session = common::notebook(&folder("alone"), &["open cohort.csv --outcome event", "clinical --below 0"]);
    assert!(warned(&session).contains("separated by `necrosis` alone"), "{}", warned(&session));
    assert!(warned(&session).contains("`clinical --fit firth`"), "{}", warned(&session));
    assert!(words(&session).contains("Alone `necrosis` separates the outcome"), "{}", words(&session));
    let alone = &common::values(&session, "clinical")["univariable"];
    let lost = alone["term"].as_array().unwrap().iter().zip(alone["no_estimate"].as_array().unwrap());
    assert!(lost.clone().all(|(term, lost)| (term == "necrosisyes") == (lost == true)), "{alone}");
}

/// `nomogram` keeps each factor as a model of its own; fitted again the factor still has all its levels.
#[test]
fn a_factor_is_validated_with_all_its_levels() {
    let folder = folder("levels");
    let lines = ["open cohort.csv --outcome event", "nomogram age grade", "calibrate --resamples 25 --seed 3"];
    let session = common::notebook(&folder, &lines);
    let text = std::fs::read_to_string(folder.join("cohort.csv")).unwrap();
    let rows: Vec<Vec<&str>> = text.lines().skip(1).map(|l| l.split(',').collect()).collect();
    let is = |row: usize, level: &str| f64::from(u8::from(rows[row][3] == level));
    let x = ndarray::Array2::from_shape_fn((rows.len(), 3), |(i, j)| match j {
        0 => rows[i][2].parse().unwrap(),
        1 => is(i, "low"),
        _ => is(i, "middle"),
    });
    let y: Vec<bool> = rows.iter().map(|r| r[1] == "1").collect();
    let resamples = bootstrap::resamples(rows.len(), 25, 3);
    let theirs =
        bootstrap::validate(x.view(), &y, &resamples, lrm::Options::default(), &Task::default()).unwrap().indexes;
    let validated = &common::values(&session, "calibrate")["validated"];
    for index in theirs {
        let ours = validated[index.name]["corrected"].as_f64().unwrap();
        assert!((ours - index.corrected).abs() < 1e-9, "{}: {ours} is not {}", index.name, index.corrected);
    }
}

/// A value that the line gives in place of a patient's own is named beside it, also once the model is another.
#[test]
fn a_replaced_value_is_named_with_the_patients_own() {
    let folder = folder("nomogram-replaced");
    let lines = ["open cohort.csv --outcome event", "nomogram age grade", "predict --patient P3 age=55"];
    let mut session = common::notebook(&folder, &lines);
    let headline = |session: &Session| session.entries().last().unwrap().result.as_ref().unwrap().headline.clone();
    let said = headline(&session);
    assert!(said.starts_with("P3 with age = 55 (own 66.00): probability "), "{said}");
    common::submit(&mut session, "nomogram age");
    assert!(headline(&session).starts_with("P3 with age = 55 (own 66.00): probability "), "{}", headline(&session));
    common::submit(&mut session, "predict --patient P3");
    assert!(headline(&session).starts_with("P3: probability "), "{}", headline(&session));
}
