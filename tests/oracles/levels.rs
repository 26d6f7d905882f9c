//! Step `levels`: a factor coded by numbers, its reference, and the tests of each term and of the whole model.

use serde_json::Value;

use super::tolerance::{of_row, relative};
use crate::common;

#[test]
fn levels_of_numbers_equal_r() {
    super::compare("levels", |case| {
        let root = case.root();
        let folder = common::scratch("levels");
        std::fs::copy(case.folder.join("levels.csv"), folder.join("levels.csv")).unwrap();
        let lines =
            ["open levels.csv --outcome y --role role --factor grade", "clinical --below 1", "nomogram age grade"];
        let mut session = common::notebook(&folder, &lines);
        let made = common::values(&session, "nomogram");
        let numbers = |v: &Value| v.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect::<Vec<f64>>();
        let se = numbers(&made["se"]);
        root.need("coef").are(&numbers(&made["coef"]), of_row(&se, 1e-7));
        // Of glm's last step but one.
        root.need("se").are(&se, relative(1e-8));
        root.need("n").is(made["n"].as_f64().unwrap(), relative(0.0));
        let levels = root.need("levels").texts();
        let expected: Vec<String> = levels[1..].iter().map(|l| format!("grade{l}")).collect();
        let term = made["term"].as_array().unwrap();
        assert_eq!(term[2..].iter().map(|t| t.as_str().unwrap().to_string()).collect::<Vec<_>>(), expected);
        root.need("levels").read();
        for page in ["nomogram", "clinical"] {
            assert_eq!(common::values(&session, page)["reference"]["grade"], levels[0].as_str(), "{page}");
        }
        let alone = &common::values(&session, "clinical")["univariable"]["odds_ratio_per_sd"];
        root.need("per_sd").is(alone[0].as_f64().unwrap(), relative(1e-7));
        assert!(alone[1].is_null(), "{alone}");
        let of = |values: &Value, key: &str| -> Vec<f64> {
            match values.as_array() {
                Some(rows) => rows.iter().map(|r| r[key].as_f64().unwrap()).collect(),
                None => vec![values[key].as_f64().unwrap()],
            }
        };
        for (node, values) in [("each", &made["whole"]), ("whole", &made["overall"])] {
            for key in ["chi2", "df", "p"] {
                root.need(node).need(key).are(&of(values, key), relative(1e-7));
            }
        }
        // Without `--factor` grade is a number, and the page of `open` says so.
        common::submit(&mut session, "open levels.csv --outcome y --role role");
        let page = session.entries().iter().find(|e| e.line.starts_with("open")).unwrap().result.as_ref().unwrap();
        assert!(
            format!("{:?}", page.blocks).contains("grade (3 values); `--factor grade` takes them as levels"),
            "{page:?}"
        );
        let error = session.submit("open levels.csv --factor grad", &Default::default()).err().unwrap().to_string();
        assert!(error.contains("grad"), "{error}");
    });
}
