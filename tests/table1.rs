//! Which test a variable of `table1` gets, where the rules change over; p-values are R's.

use radnote::session::Session;
use radnote::stats::calibration;

use crate::common;

/// 22 patients with the event and 18 without: `size` is normal enough in both (Shapiro's p 0.52 and 0.081), the rarer level of
/// `two` is expected in 5.4 and seen in 4 patients at least, and `three` has three levels.
fn cohort(name: &str, line: &str) -> Session {
    const WITH: [f64; 22] = [
        12.9, 10.4, 11.8, 17.1, 7.2, 1.7, 2.1, 18.4, 7.4, 6.4, 21.0, 8.2, 9.2, 0.2, 4.0, 8.4, 12.2, 10.9, 1.6, 4.4,
        14.0, 20.0,
    ];
    const WITHOUT: [f64; 18] =
        [4.6, 11.0, 11.3, 5.7, 13.1, 7.6, 19.2, 13.2, 9.8, 16.4, 8.8, 3.4, 17.7, 33.3, 25.7, 5.7, 14.6, 13.0];
    let folder = common::scratch(name);
    let mut table = String::from("ID,event,size,two,three\n");
    for (event, sizes, [a, b]) in [(1, WITH.as_slice(), [8, 14]), (0, &WITHOUT, [4, 12])] {
        for (i, size) in sizes.iter().enumerate() {
            let two = if i < a { "a" } else { "b" };
            let three = if i < a {
                "a"
            } else if i < b {
                "b"
            } else {
                "c"
            };
            table += &format!("P{event}{i},{event},{size},{two},{three}\n");
        }
    }
    std::fs::write(folder.join("cohort.csv"), table).unwrap();
    common::notebook(&folder, &["open cohort.csv --outcome event", line])
}

fn are(session: &Session, wanted: [(&str, &str, f64); 3]) {
    let rows = common::values(session, "table1")["rows"].as_array().unwrap();
    for (variable, test, p) in wanted {
        let row = rows.iter().find(|r| r["variable"] == variable).unwrap();
        let found = row["p"].as_f64().unwrap();
        assert!(row["test"] == test && (found - p).abs() < 1e-10, "{row}");
    }
}

#[test]
fn rules_change_over_where_they_say() {
    let size = ("size", "Student t", 0.114724161343479);
    let three = ("three", "Pearson", 0.467675425007523);
    are(&cohort("rules", "table1"), [size, ("two", "Pearson", 0.331568807872721), three]);
    let paper = cohort("rules-paper", "table1 --categorical paper");
    are(&paper, [size, ("two", "Fisher, exact", 0.490529555824328), three]);
}

/// Four groups were asked for and three remain: the fewest that leave the Hosmer-Lemeshow test a degree of freedom.
#[test]
fn three_groups_are_tested() {
    let of = |p: f64, n: usize| vec![p; n];
    let p = [of(0.1, 6), of(0.3, 5), of(0.6, 4), of(0.9, 5)].concat();
    let events = [2, 6, 10, 11, 13, 14, 15, 16, 17, 19];
    let outcome: Vec<bool> = (0..20).map(|i| events.contains(&i)).collect();
    let test = calibration::hosmer_lemeshow(&p, &outcome, 4).unwrap();
    assert_eq!((test.groups.len(), test.df), (3, 1));
    assert!((test.chi2 - 1.4072810772249).abs() < 1e-12 && (test.p - 0.235508274750218).abs() < 1e-12, "{test:?}");
    assert!(calibration::hosmer_lemeshow(&p[..11], &outcome[..11], 4).is_err());
}
