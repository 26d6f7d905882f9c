//! What is computed beside the notebook: slow views behind a change, and what may be asked for next, ahead of it.

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use radnote::error::Error;
use radnote::session::{Entry, Found, Reply, Script, Session};
use radnote::task::Task;

use crate::common::{self, notebook, submit};
use crate::sessions::VIEWS as CHAIN;

/// The chain with its views, in a notebook that does not wait for slow ones.
fn chain() -> Session {
    let mut session = notebook(common::demo(), &CHAIN);
    session.slow_views_wait();
    session
}

fn waiting(session: &Session) -> Vec<usize> {
    (0..session.entries().len()).filter(|at| session.entries()[*at].waits()).collect()
}

/// The slow view that waits first, computed.
fn found(session: &Session) -> Found {
    session.behind().first().expect("nothing waits").run(&Task::default())
}

#[test]
fn a_change_is_there_before_its_slow_views_and_they_say_the_same() {
    let mut session = chain();
    submit(&mut session, "icc --above 0.9");
    assert_eq!(waiting(&session), [6]);
    let said = |session: &Session| session.script().lines().filter(|l| l.starts_with("#= ")).count();
    let before = said(&session);
    assert_eq!(session.behind().iter().map(|b| (b.cell, b.name())).collect::<Vec<_>>(), [(6, "calibrate")]);
    let found = found(&session);
    assert_eq!(session.settle(found), Ok(vec![]));
    assert!(session.behind().is_empty() && said(&session) > before);
    let mut waited = notebook(common::demo(), &CHAIN);
    submit(&mut waited, "icc --above 0.9");
    assert_eq!(session.script(), waited.script());
}

#[test]
fn what_was_found_for_a_notebook_that_is_another_by_now_is_only_remembered() {
    let mut session = chain();
    submit(&mut session, "icc --above 0.9");
    let old = found(&session);
    submit(&mut session, "icc --above 0.95");
    assert_eq!(session.settle(old), Ok(vec![]));
    assert_eq!(waiting(&session), [6]);
    submit(&mut session, "icc --above 0.9");
    assert_eq!(waiting(&session), [0; 0], "it is known");
}

#[test]
fn a_new_view_that_cannot_be_computed_goes_again_as_any_line_that_fails() {
    let mut session = notebook(common::demo(), &CHAIN[..3]);
    session.slow_views_wait();
    let before = session.script();
    assert!(matches!(submit(&mut session, "validate --times 2"), Reply::Cell(3)));
    let found = found(&session);
    assert!(matches!(session.settle(found), Err(Error::NotYet { .. })));
    assert_eq!(session.script(), before);
    submit(&mut session, "undo");
    assert_eq!(session.entries().len(), 2, "undo takes the line before it back");
}

#[test]
fn a_view_below_that_fails_keeps_its_place() {
    let mut session = chain();
    submit(&mut session, "mannwhitney --below 1e-300");
    let behind = session.behind();
    behind.iter().for_each(|behind| _ = session.settle(behind.run(&Task::default())).unwrap());
    assert_eq!((session.entries().len(), waiting(&session).len()), (8, 0));
    assert!(session.entries()[6].result.is_err());
}

/// A task that is stopped as soon as a validation of `LONG` runs has begun, and what waits for that.
fn stopped() -> (Task, thread::JoinHandle<()>) {
    let task = Task::default();
    let running = task.clone();
    let until = Instant::now() + Duration::from_secs(300);
    let watch = thread::spawn(move || {
        while running.progress().is_none_or(|p| p.total <= 99_999) {
            assert!(Instant::now() < until, "the validation never begins");
            thread::sleep(Duration::from_millis(5));
        }
        running.cancel();
    });
    (task, watch)
}

const LONG: &str = "validate --times 100000";

#[test]
fn a_stop_in_a_slow_view_keeps_the_change_above_it() {
    let mut session = notebook(common::demo(), &CHAIN);
    let (task, watch) = stopped();
    assert!(matches!(session.submit(LONG, &task), Err(Error::Cancelled)), "its own line is stopped as a whole");
    watch.join().unwrap();
    assert_eq!(session.entries().len(), 8);

    let text = session.script() + LONG;
    let (task, watch) = stopped();
    session.resume(&Script::parse(&text).lines, &task, &mut |_, _| {});
    watch.join().unwrap();
    assert_eq!(waiting(&session), [8]);
    let (task, watch) = stopped();
    assert!(matches!(session.submit("icc --above 0.9", &task), Ok(Reply::Cell(2))));
    watch.join().unwrap();
    assert!(session.entries()[2].line.contains("0.9") && session.entries()[6].result.is_ok());
    assert_eq!(waiting(&session), [8], "the change stands, and what was stopped waits");
}

#[test]
fn what_is_stopped_behind_waits() {
    let mut session = chain();
    submit(&mut session, LONG);
    let (task, watch) = stopped();
    let found = session.behind()[0].run(&task);
    watch.join().unwrap();
    assert_eq!(session.settle(found), Ok(vec![]));
    assert_eq!(waiting(&session), [8]);
}

#[test]
fn the_file_has_the_change_at_once_and_the_slow_views_when_they_are_there() {
    let folder = common::scratch("behind");
    let file = folder.join("a.rad");
    let demo = common::demo().display();
    let open = CHAIN[0].replace("cohort.csv", &format!("{demo}/cohort.csv"));
    let open = open.replace("clinical.csv", &format!("{demo}/clinical.csv"));
    let lines = std::iter::once(open.as_str()).chain(CHAIN[1..].iter().copied());
    let day = || {
        let mut session = Session::new(&folder, &common::cache());
        let lines = session.attach(&file).unwrap();
        session.slow_views_wait();
        let drifted = session.resume(&lines, &Task::default(), &mut |_, _| {});
        (session, drifted)
    };
    let text = || std::fs::read_to_string(&file).unwrap();
    let calibrated = |text: &str| text.lines().skip_while(|l| !l.starts_with("calibrate")).nth(1).map(str::to_string);
    let (mut session, _) = day();
    lines.for_each(|line| _ = submit(&mut session, line));
    assert_eq!(calibrated(&text()).as_deref(), Some(""), "nothing is said of what is not computed");
    let one = found(&session);
    session.settle(one).unwrap();
    assert!(calibrated(&text()).unwrap().starts_with("#= "));
    session.finish();
    drop(session);

    let written = text();
    let (mut session, drifted) = day();
    assert_eq!((drifted, waiting(&session)), (vec![], vec![6]));
    let two = found(&session);
    assert_eq!(session.settle(two), Ok(vec![]));
    assert_eq!(text(), written, "opening changes nothing");
    session.finish();
    drop(session);

    let said = calibrated(&written).unwrap();
    std::fs::write(&file, written.replace(&said, "#= 7 cohorts")).unwrap();
    let (mut session, drifted) = day();
    assert_eq!(drifted, [0; 0]);
    let three = found(&session);
    assert_eq!(session.settle(three), Ok(vec![6]), "the drift is told when the view is there");
    session.finish();
    drop(session);

    let (mut session, _) = day();
    assert!(!session.edited(), "its lines are those that were written");
    submit(&mut session, "icc --above 0.9");
    let four = found(&session);
    assert_eq!(session.settle(four), Ok(vec![]), "another line above is no drift");
    session.finish();
    drop(session);

    std::fs::write(&file, text().replace("icc --above 0.9", "icc --above 0.8")).unwrap();
    let (mut session, drifted) = day();
    assert!(session.edited() && drifted.contains(&2), "{drifted:?}");
    submit(&mut session, "icc --above 0.9");
    assert!(!session.edited());
}

#[test]
fn a_reader_answers_what_only_reads() {
    let session = chain();
    let reader = session.reader();
    let ask = |line: &str| reader.answer(line, &Task::default());
    assert!(matches!(ask("browse"), Ok(Some(Reply::Open(..)))));
    assert!(matches!(ask("compare"), Ok(Some(Reply::Open(..)))));
    assert!(matches!(ask("help lasso"), Ok(Some(Reply::Page(_)))));
    for line in ["undo", "fork strict", "icc --above 0.9", "roc", ""] {
        assert!(matches!(ask(line), Ok(None)), "{line}");
    }
    assert!(ask("brose").is_err());
}

#[test]
fn a_report_has_every_slow_view() {
    let mut session = chain();
    submit(&mut session, "icc --above 0.9");
    assert_eq!(waiting(&session), [6]);
    let file = common::scratch("behind-report").join("results.json");
    submit(&mut session, &format!("export {}", file.display()));
    assert_eq!(waiting(&session), [0; 0]);
    assert!(Path::new(&file).exists());
}

#[test]
fn what_passes_on_one_cell_waits_for_no_other() {
    let mut session = chain();
    submit(&mut session, "icc --above 0.9");
    assert_eq!(waiting(&session), [6]);
    let slow = session.entries()[6].line.split(' ').next().unwrap_or_default().to_string();
    let file = common::scratch("behind-one").join("icc.csv");
    submit(&mut session, "copy icc.2");
    submit(&mut session, &format!("export {} --table icc", file.display()));
    submit(&mut session, &format!("export {} --figure icc", file.display()));
    assert_eq!(waiting(&session), [6], "nobody asked for it");
    submit(&mut session, &format!("copy {slow}"));
    assert_eq!(waiting(&session), [0; 0]);
}

#[test]
fn what_was_validated_once_is_known_when_its_lines_come_back() {
    let mut session = chain();
    submit(&mut session, "validate --times 1");
    let first = found(&session);
    session.settle(first).unwrap();
    submit(&mut session, "icc --above 0.9");
    assert_eq!(waiting(&session), [6, 8]);
    submit(&mut session, "undo");
    assert_eq!(waiting(&session), [0; 0]);
}

#[test]
fn a_line_that_changes_nothing_is_nothing_to_take_back() {
    let mut session = notebook(common::demo(), &CHAIN[..3]);
    submit(&mut session, "mannwhitney");
    submit(&mut session, "icc");
    let Reply::Undone(Some(undone)) = submit(&mut session, "undo") else { panic!("nothing undone") };
    assert_eq!(undone.to_string(), "taken back: `mannwhitney` is gone again");
}

#[test]
fn variants_are_compared_without_waiting_for_what_is_slow() {
    let mut session = chain();
    submit(&mut session, "validate --times 1");
    submit(&mut session, "fork first");
    submit(&mut session, "icc --above 0.9");
    let reader = session.reader();
    assert!(matches!(reader.answer("compare", &Task::default()), Ok(Some(Reply::Open(..)))));
    assert!(!session.behind().is_empty(), "nothing was computed");
}

#[test]
fn a_view_that_is_known_leaves_no_trace_in_what_is_repeated_below_it() {
    let mut session = notebook(common::demo(), &CHAIN);
    submit(&mut session, "validate --times 1");
    submit(&mut session, "icc --above 0.9");
    let validated = session.entries()[8].result.clone().unwrap();
    // The views above are known by now, and the steps are the same.
    submit(&mut session, "table1 age");
    assert!(std::sync::Arc::ptr_eq(&validated, session.entries()[8].result.as_ref().unwrap()));
}

#[test]
fn what_was_foreseen_is_known_when_it_is_asked_for_and_changes_nothing() {
    let mut session = chain();
    submit(&mut session, "validate --times 2");
    let before = (session.script(), session.alternatives());
    let times = |session: &Session| {
        let mut times = Vec::new();
        let mut each = |at: usize, entry: &Entry| times.push((at, entry.time));
        let slow = session.rehearse(2, "icc --above 0.93", &Task::default(), &mut each).unwrap();
        times.extend(slow.iter().map(|b| (b.cell, b.run(&Task::default()).entry.time)));
        times
    };
    session.reader().foresee(2, "icc --above 0.93", &Task::default());
    assert_eq!((session.script(), session.alternatives()), before);
    let (one, whole): (Vec<_>, Vec<_>) = times(&session).into_iter().partition(|(at, _)| *at != 8);
    assert!(one.len() == 8 && one.iter().all(|(_, time)| time.is_zero()), "the chain and its views are known: {one:?}");
    assert!(!whole[0].1.is_zero(), "what repeats the chain is not computed ahead: {whole:?}");
    assert!(times(&session).iter().all(|(_, time)| time.is_zero()));
}
