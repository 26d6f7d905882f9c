//! Alternatives are counted by their patients, whatever folder and notebook they are tried in.

use radnote::session::{Reply, Session};

use crate::common::{self, submit};

/// The same patients in another folder, under another notebook, by the same user: one cohort.
#[test]
fn a_copied_folder_counts_with_what_it_was_copied_from() {
    let (folder, state) = (common::scratch("copied"), common::scratch("copied-state"));
    let (one, two) = (folder.join("one"), folder.join("two"));
    for to in [&one, &two] {
        std::fs::create_dir_all(to).unwrap();
        std::fs::copy(common::demo().join("clinical.csv"), to.join("clinical.csv")).unwrap();
    }
    let text = std::fs::read_to_string(two.join("clinical.csv")).unwrap();
    let fewer = text.trim_end().rsplit_once('\n').unwrap().0.to_string();
    std::fs::write(two.join("clinical.csv"), fewer + "\n").unwrap();
    let begin = |folder: &std::path::Path, lines: &[&str]| {
        let mut session = Session::new(folder, &common::cache());
        session.attach(&folder.join("book.rad")).unwrap();
        session.count_in(&state);
        submit(&mut session, "open clinical.csv --outcome lung_metastasis");
        lines.iter().for_each(|line| drop(submit(&mut session, line)));
        session
    };
    let mut first = begin(&one, &["clinical age margin", "clinical age", "clinical margin"]);
    assert_eq!(first.alternatives().count, 2);
    assert_eq!(first.alternatives().beside(), None);
    first.finish();
    drop(first);

    let mut second = begin(&two, &["clinical age"]);
    let said = second.alternatives();
    assert_eq!(said.count, 3, "{said:?}: two lines, and a patient who was left out");
    assert_eq!(said.elsewhere, ["3 on a cohort that shares 153 of its 154 patients"]);
    submit(&mut second, "export report.md");
    let report = std::fs::read_to_string(two.join("report.md")).unwrap();
    assert!(report.contains("**Alternatives tried: 3.**") && report.contains("shares 153 of its 154"), "{report}");
    submit(&mut second, "save other.rad");
    assert_eq!(second.alternatives().count, 3, "under another name too");
    second.finish();

    // Nothing of a patient, and no name of a table or column, stands in the state folder.
    let kept = std::fs::read_to_string(state.join("tried")).unwrap();
    for word in text.split([',', '\n']).filter(|word| word.len() > 3) {
        assert!(!kept.contains(&format!("\"{word}")), "{word}: {kept}");
    }
    assert!(!kept.contains("clinical"), "{kept}");

    // Who they are stands in the journal too: on another day, and where the state folder is another.
    let mut again = Session::new(&one, &common::cache());
    again.attach(&one.join("book.rad")).unwrap();
    assert_eq!(again.alternatives().count, 2);
    let Reply::Cell(0) = submit(&mut again, &format!("open {}/clinical.csv --outcome lung_metastasis", two.display()))
    else {
        panic!("no cohort");
    };
    assert!(again.alternatives().beside().is_some_and(|said| said.contains("153 of its 154")));
}
