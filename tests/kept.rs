//! A notebook that cannot be written goes on in memory, and says so.

use radnote::batch::{self, Exit, Print};
use radnote::error::Error;
use radnote::render::theme::Glyphs;
use radnote::session::{Reply, Script, Session};
use radnote::task::Task;

use crate::common::{self, submit};

#[test]
fn a_notebook_in_no_folder_is_kept_in_memory_and_says_so_at_once() {
    let folder = common::scratch("kept-nowhere");
    let file = folder.join("gone").join("a.rad");
    let mut session = Session::new(&folder, &common::cache());
    session.attach(&file).unwrap();
    let why = session.unsaved().cloned();
    assert_eq!(why, Some(Error::NotKept { notebook: file.clone() }));
    let said = why.unwrap();
    assert!(said.to_string().contains("a.rad is kept in memory only") && said.remedy().contains("full paths"));

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
