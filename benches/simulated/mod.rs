//! A simulated cohort for the measurements: `clinical.csv`, `features.csv`, and a second reader's.

use std::io::Write;
use std::path::Path;

use radnote::num::rng::Rng;

/// A table of blocks of correlated features and a second reader's. Every third block carries the event, `carriers` of them at
/// most, and so does a clinical variable.
///
/// Three patients of five are for training.
pub fn tables(folder: &Path, patients: usize, features: usize, carriers: usize) {
    let mut rng = Rng::seeded(1);
    let event: Vec<bool> = (0..patients).map(|i| i % 9 < 4).collect();
    let role = |i: usize| ["train", "train", "train", "internal", "external"][i % 5];
    let mut clinical = String::from("ID,event,role,margin\n");
    for (i, e) in event.iter().enumerate() {
        let margin = (i * 7) % 10 < if *e { 7 } else { 4 };
        clinical += &format!("P{i:03},{},{},{}\n", u8::from(*e), role(i), u8::from(margin));
    }
    let mut columns: Vec<Vec<f64>> = Vec::with_capacity(features);
    for j in 0..features {
        let own: Vec<f64> = (0..patients).map(|_| rng.normal()).collect();
        let before = if j % 20 == 0 { None } else { columns.last() };
        let shift = if j % 60 == 0 && j / 60 < carriers { 0.7 } else { 0.0 };
        let value = |i: usize| match before {
            Some(b) => 0.85 * b[i] + 0.5268 * own[i],
            None => own[i] + shift * f64::from(u8::from(event[i])),
        };
        columns.push((0..patients).map(value).collect());
    }
    let header: String = (0..features).map(|j| format!(",original_glcm_F{j:04}")).collect();
    let (mut first, mut second) = (format!("ID{header}\n"), format!("ID{header}\n"));
    let patient = |i: usize| columns.iter().map(move |column| column[i]);
    for i in 0..patients {
        first += &format!("P{i:03}{}\n", patient(i).map(|v| format!(",{v}")).collect::<String>());
        if i < 30 {
            let mut again = |(j, v): (usize, f64)| format!(",{}", v + 0.05 * (1 + j % 12) as f64 * rng.normal());
            second += &format!("P{i:03}{}\n", patient(i).enumerate().map(&mut again).collect::<String>());
        }
    }
    for (name, text) in [("clinical.csv", clinical), ("features.csv", first), ("features_reader2.csv", second)] {
        let mut file = std::fs::File::create(folder.join(name)).expect("a table in the folder");
        file.write_all(text.as_bytes()).expect("a table on the disk");
    }
}
