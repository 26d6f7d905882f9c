//! Step `chain`: what pages say at the end of whole notebooks, against R on the same patients.

use std::path::Path;

use radnote::page::Values;
use radnote::session::Session;
use radnote::study;

use super::case::Node;
use super::tolerance::{Tolerance, absolute, relative};
use crate::common;

/// Lines that lead to a signature of the cohort of this folder.
pub const SIGNATURE: [&str; 4] =
    ["open chain.csv --outcome met --role role", "features chain_features.csv", "stepwise", "signature"];

/// Where an iteration stopped.
const FITTED: Tolerance = relative(1e-6);
const NEAR: Tolerance = absolute(1e-8);

#[test]
fn pages_equal_r() {
    super::compare("chain", |case| {
        let (folder, results) = (case.root().folder(), case.root().need("results"));
        let signature = notebook(folder, "signature", &["calibrate signature"]);
        let node = results.need("signature");
        node.tells("feature", &strings(common::values(&signature, "signature"), "term"));
        node.have("coef", &numbers(&common::values(&signature, "signature")["coef"]), FITTED);
        judged(&node, common::values(&signature, "calibrate"));
        results.have("signature_leverage", &leverage(&signature), FITTED);

        let lines = [
            "clinical margin grade --below 1",
            "nomogram signature margin grade",
            "calibrate",
            "roc",
            "validate --times 2",
        ];
        let lines = [&lines[..], &["reclassify signature nomogram"]].concat();
        let nomogram = notebook(folder, "nomogram", &lines);
        let node = results.need("nomogram");
        let page = common::values(&nomogram, "nomogram");
        node.tells("term", &strings(page, "term"));
        node.have("coef", &numbers(&page["coef"]), FITTED);
        judged(&node, common::values(&nomogram, "calibrate"));
        node.have("leverage", &leverage(&nomogram), FITTED);
        // What is run again in every resample is the model of the notebook.
        node.has("auc", common::values(&nomogram, "validate")["apparent"]["auc"].as_f64().unwrap(), NEAR);
        let rows = common::values(&nomogram, "roc")["rows"].as_array().unwrap();
        let row = rows.iter().find(|r| r["model"] == "nomogram" && r["role"] == "training").unwrap();
        node.has("auc", row["auc"].as_f64().unwrap(), NEAR);

        let moved = &common::values(&nomogram, "reclassify")["rows"];
        let trained = moved.as_array().unwrap().iter().find(|r| r["role"] == "training").unwrap();
        let node = results.need("reclassified");
        node.has("z", trained["nri"]["z"].as_f64().unwrap(), relative(1e-10));
        node.has("p", trained["nri"]["p"].as_f64().unwrap(), relative(1e-9));
        node.has("idi_z", trained["idi_z"].as_f64().unwrap(), FITTED);

        clinical(&results.need("clinical"), common::values(&nomogram, "clinical"));
        let unseen = notebook(folder, "unseen", &["nomogram signature site hand"]);
        let (node, page) = (results.need("unseen"), common::values(&unseen, "nomogram"));
        node.tells("term", &strings(page, "term"));
        node.have("coef", &numbers(&page["coef"]), FITTED);
    });
}

/// A notebook of its own on the tables of `folder`.
pub fn notebook(folder: &Path, name: &str, lines: &[&str]) -> Session {
    let own = common::scratch(&format!("chain-{name}"));
    for table in ["chain.csv", "chain_features.csv"] {
        std::fs::copy(folder.join(table), own.join(table)).unwrap();
    }
    common::notebook(&own, &[&SIGNATURE[..], lines].concat())
}

/// rms' table, and its calibration curve.
fn judged(node: &Node, page: &Values) {
    for (index, row) in node.need("validated").entries() {
        for key in ["original", "training", "test", "optimism", "corrected"] {
            row.has(key, page["validated"][&index][key].as_f64().unwrap(), NEAR);
        }
    }
    for key in ["predicted", "corrected"] {
        node.need("corrected").have(key, &numbers(&page["corrected"][key]), NEAR);
    }
}

/// Of the training patients in the last model.
fn leverage(session: &Session) -> Vec<f64> {
    let model = session.study().models().last().unwrap();
    let of = study::leverage(session.study(), "patients", model).unwrap().of;
    of.into_iter().filter(|h| !h.is_nan()).collect()
}

fn clinical(node: &Node, page: &Values) {
    node.tells("term", &strings(page, "term"));
    node.have("coef", &numbers(&page["coef"]), FITTED);
    for row in page["whole"].as_array().unwrap() {
        let key = format!("{}_p", row["variable"].as_str().unwrap());
        node.has(&key, row["p"].as_f64().unwrap(), relative(1e-7));
    }
    // What decides entry stands beside each variable, and each term says whose it is.
    let alone = &page["univariable"];
    let of = |key: &str| alone[key].as_array().unwrap().len();
    assert_eq!((of("variable"), of("variable_p")), (2, 2));
    assert_eq!((of("of"), of("term"), of("coef")), (3, 3, 3));
}

fn numbers(value: &serde_json::Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap_or(f64::NAN)).collect()
}

fn strings(page: &Values, key: &str) -> Vec<String> {
    page[key].as_array().unwrap().iter().map(|v| v.as_str().unwrap().to_string()).collect()
}
