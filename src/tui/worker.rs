//! The thread that owns the session: jobs in, news out. Every job carries its own task, so the screen stops any of them at
//! any time, also one that still waits. What leaves the session alone (questions, slow views, a moved threshold) has a
//! thread of its own.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender};
use std::thread;

use super::Event;
use super::fault::Fault;
use super::notebook::{Cell, Notebook};
use crate::error::{Error, Result};
use crate::session::{Behind, Entry, Found, Reader, Reply, ScriptLine, Session};
use crate::task::Task;

/// Something for the session to do.
#[derive(Debug)]
pub struct Job {
    pub id: u64,
    pub work: Work,
    pub task: Task,
    pub order: Order,
}

/// What a job has to do with those before it. A typed line that failed takes the typed lines behind it along, also those that
/// were on their way before anybody could hear of it: they stand on what is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Nobody typed it.
    Apart,
    /// A line that was typed while none ran or waited.
    First,
    /// A line that was typed while another ran or waited.
    After,
}

#[derive(Clone, Debug)]
pub enum Work {
    /// Take the notebook up where it was left.
    Resume(Vec<ScriptLine>),
    Submit(String),
    /// A line in place of the cell of this number.
    Replace(usize, String),
    /// What the notebook would be with this line in place of the cell of this number, once what goes before has changed it.
    Rehearse(usize, String),
    /// Take this cell out.
    Remove(usize),
    /// Give the slow view that was computed behind its place.
    Settle(Box<Found>),
    /// The notebook is left in order.
    Finish,
}

/// What became of a job.
#[derive(Debug)]
pub enum News {
    /// One more cell of the notebook that is being taken up.
    Cell(usize, Cell),
    /// One more cell of the notebook that is rehearsed.
    Tried(usize, Cell),
    /// The notebook is there; these cells say something else than its file.
    Resumed(Vec<usize>, Arc<Notebook>),
    Replied(Result<Reply>, Arc<Notebook>),
    /// Everything quick of what is rehearsed is there, and what computes its slow views.
    Rehearsed(Result<Vec<Behind>>),
    /// The answer to a question; none where only the session can answer.
    Answered(Result<Option<Reply>>),
    /// A slow view, as far as it was computed behind.
    Found(Result<Box<Found>>),
    /// What may be asked for next is known, or was given up.
    Foreseen,
    /// The view of this line has its place; these cells say something else than the file.
    Settled(String, Result<Vec<usize>>, Arc<Notebook>),
}

/// Where news go, and what a thread says that panics.
#[derive(Clone)]
pub struct Desk {
    pub news: Sender<Event>,
    pub fault: Fault,
}

impl Desk {
    fn tell(&self, id: u64, news: News) {
        // A screen that is gone needs no news; the session's files are written all the same.
        let _ = self.news.send(Event::News(id, news));
    }

    /// What this gives, or that it panicked.
    fn guard<T>(&self, work: impl FnOnce() -> T) -> Result<T> {
        catch_unwind(AssertUnwindSafe(work)).map_err(|_| Error::Broken { why: self.fault.take().unwrap_or_default() })
    }

    /// Answer a question on a thread of its own.
    pub fn ask(&self, id: u64, reader: Reader, line: String, task: Task) {
        let desk = self.clone();
        thread::spawn(move || {
            let answer = desk.guard(|| reader.answer(&line, &task)).and_then(|answer| answer);
            desk.tell(id, News::Answered(answer));
        });
    }

    /// Compute a slow view on a thread of its own.
    pub fn find(&self, id: u64, behind: Behind, task: Task) {
        let desk = self.clone();
        thread::spawn(move || {
            let found = desk.guard(|| Box::new(behind.run(&task)));
            desk.tell(id, News::Found(found));
        });
    }

    /// Compute the notebook as it would be, on a thread of its own.
    pub fn rehearse(&self, id: u64, reader: Reader, (at, line): (usize, String), task: Task) {
        let desk = self.clone();
        thread::spawn(move || {
            let mut each = |at: usize, entry: &Entry| desk.tell(id, News::Tried(at, Cell::of(entry)));
            let done = desk.guard(|| reader.rehearse(at, &line, &task, &mut each)).and_then(|done| done);
            desk.tell(id, News::Rehearsed(done));
        });
    }

    /// Compute what may be asked for next, on a thread of its own.
    pub fn foresee(&self, reader: Reader, (at, line): (usize, String), task: Task) {
        let desk = self.clone();
        thread::spawn(move || {
            // What panics here panics again when it is asked for, and is told then.
            let _ = desk.guard(|| reader.foresee(at, &line, &task));
            desk.tell(0, News::Foreseen);
        });
    }
}

/// Start the thread; it ends when `jobs` has no sender any more, and says so.
pub fn start(session: Session, jobs: Receiver<Job>, desk: Desk) {
    thread::spawn(move || {
        let mut session = session;
        session.slow_views_wait();
        let mut lost = false;
        for Job { id, work, task, order } in jobs {
            let tell = |news: News| desk.tell(id, news);
            lost &= order != Order::First;
            if lost && order == Order::After {
                tell(failed(&work, Error::Cancelled, &session));
                continue;
            }
            let answer = desk.guard(|| perform(&mut session, &work, &task, &tell));
            let news = answer.unwrap_or_else(|error| failed(&work, error, &session));
            lost |= order != Order::Apart && matches!(news, News::Replied(Err(_), _));
            tell(news);
        }
        let _ = desk.news.send(Event::Ended);
    });
}

fn perform(session: &mut Session, work: &Work, task: &Task, tell: &dyn Fn(News)) -> News {
    // A notebook is taken up whatever was stopped, for its lines to be there; what is not computed then waits.
    if let Err(cancelled) = task.check()
        && !matches!(work, Work::Resume(_))
    {
        return failed(work, cancelled, session);
    }
    match work {
        Work::Resume(lines) => {
            let drifted = session.resume(lines, task, &mut |at, entry| tell(News::Cell(at, Cell::of(entry))));
            News::Resumed(drifted, Arc::new(Notebook::of(session)))
        }
        Work::Submit(line) => {
            let reply = session.submit(line, task);
            News::Replied(reply, Arc::new(Notebook::of(session)))
        }
        Work::Replace(at, line) => {
            let reply = session.replace(*at, line, task);
            News::Replied(reply, Arc::new(Notebook::of(session)))
        }
        Work::Remove(at) => {
            let reply = session.remove(*at, task).map(|()| Reply::Nothing);
            News::Replied(reply, Arc::new(Notebook::of(session)))
        }
        Work::Settle(found) => {
            let drifted = session.settle((**found).clone());
            News::Settled(found.entry.line.clone(), drifted, Arc::new(Notebook::of(session)))
        }
        Work::Finish => {
            session.finish();
            News::Replied(Ok(Reply::Nothing), Arc::new(Notebook::of(session)))
        }
        Work::Rehearse(at, line) => {
            News::Rehearsed(session.rehearse(*at, line, task, &mut |at, entry| tell(News::Tried(at, Cell::of(entry)))))
        }
    }
}

fn failed(work: &Work, error: Error, session: &Session) -> News {
    match work {
        Work::Rehearse(..) => News::Rehearsed(Err(error)),
        Work::Settle(found) => News::Settled(found.entry.line.clone(), Err(error), Arc::new(Notebook::of(session))),
        _ => News::Replied(Err(error), Arc::new(Notebook::of(session))),
    }
}
