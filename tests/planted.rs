//! The chain finds what is planted in the built-in cohort, and nothing where nothing is planted.

use crate::common::{self, notebook, values};

const CHAIN: [&str; 7] = [
    "extract --params original-107",
    "icc --above 0.85",
    "mannwhitney --below 0.05",
    "lasso --rule min",
    "stepwise",
    "signature",
    "nomogram signature margin",
];

fn auc(session: &radnote::session::Session, model: &str, role: &str) -> f64 {
    let rows = values(session, "roc")["rows"].as_array().unwrap();
    let row = rows.iter().find(|r| r["model"] == model && r["role"] == role).unwrap();
    row["auc"].as_f64().unwrap()
}

/// Sphericity, heterogeneity and margin carry the outcome: the signature holds a shape and a texture or intensity feature,
/// and it and the nomogram tell the outcome in the cohorts that took no part in choosing.
#[test]
fn the_planted_signal_is_found() {
    let open = "open cohort.csv --clinical clinical.csv --outcome lung_metastasis --role role";
    let lines: Vec<&str> = std::iter::once(open).chain(CHAIN).chain(["clinical", "roc"]).collect();
    let session = notebook(common::demo(), &lines);
    let terms: Vec<&str> =
        values(&session, "signature")["term"].as_array().unwrap().iter().map(|t| t.as_str().unwrap()).collect();
    assert!(terms.contains(&"original_shape_Sphericity"), "{terms:?}");
    assert!(terms.iter().any(|t| !t.contains("_shape_")), "{terms:?}");
    assert!(values(&session, "clinical")["term"].as_array().unwrap().iter().any(|t| t == "marginwell"));
    let page = session.entries().iter().find(|e| e.line.starts_with("clinical")).unwrap().result.clone().unwrap();
    let text = radnote::render::text::page(&page, 100, radnote::render::theme::Glyphs::Ascii);
    assert!(text.contains("margin: well") && !text.contains("marginwell"), "a reader is told the level: {text}");
    for role in ["internal", "external"] {
        assert!(auc(&session, "signature", role) > 0.7, "{role}: {}", auc(&session, "signature", role));
        assert!(auc(&session, "nomogram", role) > 0.7, "{role}: {}", auc(&session, "nomogram", role));
    }
}

/// The same scans with the outcome dealt out anew: the test keeps about as many features as chance does, far fewer than
/// with the planted outcome.
#[test]
fn a_shuffled_outcome_carries_nothing() {
    let folder = common::demo();
    let text = std::fs::read_to_string(folder.join("clinical.csv")).unwrap();
    let mut rows: Vec<Vec<String>> = text.lines().map(|l| l.split(',').map(str::to_string).collect()).collect();
    let column = |name: &str| rows[0].iter().position(|c| c == name).unwrap();
    let (outcome, role) = (column("lung_metastasis"), column("role"));
    let mut kept = Vec::new();
    for seed in 1..=5 {
        let training: Vec<usize> = (1..rows.len()).filter(|i| rows[*i][role].starts_with("train")).collect();
        let dealt: Vec<String> = training.iter().map(|i| rows[*i][outcome].clone()).collect();
        let order = radnote::num::rng::Rng::seeded(seed).sample(training.len(), training.len());
        for (row, from) in training.iter().zip(order) {
            rows[*row][outcome] = dealt[from].clone();
        }
        let shuffled = common::scratch("shuffled").join("clinical.csv");
        std::fs::write(&shuffled, rows.iter().map(|r| r.join(",") + "\n").collect::<String>()).unwrap();
        let open = format!("open cohort.csv --clinical {} --outcome lung_metastasis --role role", shuffled.display());
        let session = notebook(folder, &[&open, CHAIN[0], CHAIN[1], CHAIN[2]]);
        let found = values(&session, "mannwhitney");
        kept.push(found["n_out"].as_f64().unwrap() / found["n_in"].as_f64().unwrap());
    }
    let mean = kept.iter().sum::<f64>() / kept.len() as f64;
    assert!(mean < 0.25, "of the features {kept:?} are kept");
}
