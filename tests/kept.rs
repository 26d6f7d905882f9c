//! A notebook that cannot be written goes on in memory, and says so.

use radnote::batch::{self, Exit, Print};
use radnote::error::Error;
use radnote::render::theme::Glyphs;
use radnote::session::{Reply, Script, Session, complete};
use radnote::task::Task;

use crate::common::{self, submit};

#[test]
fn a_notebook_in_no_folder_is_kept_in_memory_and_says_so_at_once() {
    let folder = common::scratch("kept-nowhere");
    let file = folder.join("gone").join("a.rad");
    let mut session = Session::new(&folder, &common::cache());
    session.attach(&file).unwrap();
    let said = session.unsaved().cloned().unwrap();
    assert!(matches!(&said, Error::NotKept { notebook, .. } if *notebook == file), "{said}");
    assert!(said.to_string().contains("a.rad is kept in memory only: its folder cannot be written"), "{said}");
    let line = complete::named(&said.remedy()).unwrap_or_default();
    assert!(line.starts_with("save /") && line.ends_with(".rad"), "a line to take by one key: {said:?}");

    let demo = common::demo().display();
    let open = format!("open {demo}/cohort.csv --clinical {demo}/clinical.csv --outcome lung_metastasis --role role");
    assert!(matches!(submit(&mut session, &open), Reply::Cell(0)), "the change stands");
    assert!(session.unsaved().is_some() && !file.exists());

    let (mut out, mut log) = (Vec::new(), Vec::new());
    let lines = Script::parse("clinical margin").lines;
    let exit = batch::lines(
        &mut session,
        &lines,
        Print { width: 80, glyphs: Glyphs::Ascii, brief: true, file: None },
        &Task::default(),
        &mut out,
        &mut log,
    )
    .unwrap();
    assert_eq!(exit, Exit::Failed, "headless it is a failure");

    std::fs::create_dir(folder.join("gone")).unwrap();
    submit(&mut session, "clinical age");
    assert!(session.unsaved().is_none());
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.contains("cohort.csv") && text.contains("clinical age"), "the next change writes all of it: {text}");
}

/// A notebook that names files of its folder, with a variant and a change that can be taken back, goes on in another folder:
/// the same lines by full paths, the same cells, journal, variants, `undo`; and is the same when it is opened there.
#[test]
fn a_notebook_goes_on_in_another_folder() {
    let folder = common::scratch("kept-elsewhere");
    let (own, other) = (folder.join("own"), folder.join("other folder"));
    std::fs::create_dir_all(&own).unwrap();
    std::fs::create_dir_all(&other).unwrap();
    for name in ["cohort.csv", "clinical.csv"] {
        std::fs::copy(common::demo().join(name), own.join(name)).unwrap();
    }
    let said = |session: &Session| -> Vec<String> {
        session.entries().iter().map(|e| e.result.as_ref().unwrap().headline.clone()).collect()
    };
    let mut session = Session::new(&own, &common::cache());
    session.attach(&own.join("a.rad")).unwrap();
    submit(&mut session, "open cohort.csv --clinical clinical.csv --outcome lung_metastasis --role role");
    submit(&mut session, "clinical margin");
    submit(&mut session, "fork wide");
    let first = said(&session);
    submit(&mut session, "clinical margin --below 0.2");
    let before = said(&session);

    let target = other.join("b.rad");
    let refused = session.submit(&format!("save {}", own.join("gone/b.rad").display()), &Task::default());
    assert!(refused.unwrap_err().to_string().contains("no such folder"));
    assert_eq!(session.file(), Some(&*own.join("a.rad")), "where it cannot be written it stays where it was");
    assert!(own.join("a.rad.lock").exists());

    let Reply::Page(page) = submit(&mut session, &format!("save \"{}\"", target.display())) else { panic!() };
    assert!(common::words(&page).contains("full paths"));
    assert_eq!((session.file(), session.folder()), (Some(&*target), &*other));
    assert!(!own.join("a.rad.lock").exists() && other.join("b.rad.lock").exists());
    assert_eq!(said(&session), before);
    let cohort = own.join("cohort.csv");
    assert!(session.entries()[0].line.starts_with(&format!("open {}", cohort.display())), "{:?}", session.entries()[0]);
    assert_eq!(session.alternatives().count, 1, "the journal came with it");
    submit(&mut session, "undo");
    assert_eq!(said(&session), first, "what is taken back finds its files too");
    submit(&mut session, "clinical margin --below 0.2");
    submit(&mut session, "switch wide");
    assert_eq!(said(&session), first);
    submit(&mut session, "clinical margin --below 0.2");
    assert_eq!(said(&session), before);
    session.finish();

    let mut again = Session::new(&other, &common::cache());
    let lines = again.attach(&target).unwrap();
    assert_eq!(again.forks(), ["wide"]);
    let drifted = again.resume(&lines, &Task::default(), &mut |_, _| {});
    assert!(drifted.is_empty(), "{drifted:?}");
    assert_eq!(said(&again), before);
    assert!(std::fs::read_to_string(other.join("b.wide.rad")).unwrap().contains(&cohort.display().to_string()));
}

#[test]
fn a_name_without_its_ending_is_mended() {
    for (given, meant) in
        [("save b", "save b.rad"), ("save /tmp/b", "save /tmp/b.rad"), ("save \"my notes\"", "save \"my notes.rad\"")]
    {
        let mut session = Session::new(&common::scratch("kept-mended"), &common::cache());
        let error = session.submit(given, &Task::default()).unwrap_err();
        assert_eq!(complete::mended(given, &error).as_deref(), Some(meant));
    }
}
