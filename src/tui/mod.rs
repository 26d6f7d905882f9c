//! Full screen: the notebook's cells, the page of the chosen one, a prompt, a line of state.
//!
//! The session lives on a thread of its own (`worker`); this thread reads keys, changes the `view`, and draws it when it
//! has changed, at most thirty times a second. Drawing changes nothing and computes nothing.

mod act;
mod draw;
mod fault;
mod find;
mod foresight;
mod input;
mod jobs;
mod key_help;
mod keys;
mod layout;
mod moved;
mod news;
mod notebook;
mod opened;
mod prompt;
mod screen;
mod screens;
mod signals;
mod start;
mod tour;
mod tune;
mod typed;
mod unkept;
mod view;
mod walk;
mod wire;
mod worker;

use std::io::{self, Write};
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use crossterm::event::Event as Input;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use self::act::{App, Flow};
use self::fault::Fault;
use self::screen::Screen;
pub use self::wire::Wire;
use self::worker::{Desk, News};
use crate::error::{Error, Result};
use crate::render::theme::Theme;
use crate::session::{ScriptLine, Session, history};

/// What reaches the screen's thread.
#[derive(Debug)]
enum Event {
    Input(Input),
    /// News of the job of this number.
    News(u64, News),
    Signal(i32),
    /// The keyboard is gone.
    Gone,
    /// The worker has ended.
    Ended,
}

/// Frames are at least this far apart.
const FRAME: Duration = Duration::from_millis(33);
/// While quick numbers are waited for, how long what is new waits for the others: most are there in less, after a key and
/// again after the LASSO fit that the rest hangs on, and a frame that lacks some would put off the next one by [`FRAME`].
const GRACE: Duration = Duration::from_millis(25);
/// How often progress is drawn anew.
const PROGRESS: Duration = Duration::from_millis(250);
/// How often the size is asked for when nothing happens: not every terminal tells when it changes.
const IDLE: Duration = Duration::from_secs(2);
/// How long leaving waits for a command that was asked to stop.
const PATIENCE: Duration = Duration::from_secs(3);

/// Where the notebook is shown.
pub trait Terminal {
    /// # Errors
    /// It is gone.
    fn size(&self) -> io::Result<Rect>;

    /// Show a frame; `busy` says that something is still being computed.
    ///
    /// # Errors
    /// It is gone.
    fn show(&mut self, frame: Buffer, cursor: Option<Position>, busy: bool) -> io::Result<()>;

    /// Send a text for its clipboard, as `render::clipboard` has it; one without a clipboard sends nothing.
    ///
    /// # Errors
    /// It is gone.
    fn copy(&mut self, _sequence: &str) -> io::Result<()> {
        Ok(())
    }

    /// What it shows is not known any more: the next frame is sent whole.
    fn forget(&mut self);

    /// Give it back and stop until the reader comes back.
    ///
    /// # Errors
    /// The program cannot be stopped.
    fn suspend(&mut self) -> io::Result<()>;

    /// Take it again.
    ///
    /// # Errors
    /// It is gone.
    fn wake(&mut self) -> io::Result<()>;
}

/// The terminal this program was started in.
struct Glass {
    screen: Screen,
    wire: Wire,
}

impl Terminal for Glass {
    /// 80x24 where it does not know (a serial line).
    fn size(&self) -> io::Result<Rect> {
        let (width, height) = crossterm::terminal::size()?;
        let known = width > 0 && height > 0;
        Ok(if known { Rect::new(0, 0, width, height) } else { Rect::new(0, 0, 80, 24) })
    }

    fn show(&mut self, frame: Buffer, cursor: Option<Position>, _: bool) -> io::Result<()> {
        self.screen.send(&self.wire.frame(frame, cursor))
    }

    fn copy(&mut self, sequence: &str) -> io::Result<()> {
        self.screen.send(sequence.as_bytes())
    }

    fn forget(&mut self) {
        self.wire.forget();
    }

    fn suspend(&mut self) -> io::Result<()> {
        self.screen.leave();
        signals::stop()
    }

    fn wake(&mut self) -> io::Result<()> {
        self.screen.leave();
        self.screen.enter()?;
        self.wire.forget();
        Ok(())
    }
}

/// Show the notebook until the reader leaves. `lines` are those its file holds; `vi` has the prompt's keys those of vi, and `first` is
/// run at once.
///
/// # Errors
/// The terminal cannot be used, or is gone.
pub fn run(session: Session, lines: Vec<ScriptLine>, theme: Theme, vi: bool, first: &str) -> Result<()> {
    let (tell, events) = channel();
    let (jobs, work) = channel();
    let fault = Fault::default();
    let screen = Screen::take().map_err(|e| terminal(&e))?;
    screen.on_panic(&fault, history::state());
    signals::listen(tell.clone()).map_err(|e| terminal(&e))?;
    input::listen(tell.clone());
    let mut glass = Glass { screen, wire: Wire::default() };
    let desk = Desk { news: tell, fault };
    let mut app = App::new(&session, lines, (jobs, desk.clone()), theme, vi);
    if !first.is_empty() {
        app.begin(first);
    }
    worker::start(session, work, desk);
    let result = follow(app, &events, &mut glass);
    glass.screen.leave();
    let parting = result.map_err(|e| terminal(&e))?;
    // Where the terminal is gone nobody reads it.
    let _ = io::stderr().write_all(parting.as_bytes());
    Ok(())
}

/// The same on any terminal and any keyboard, until the keyboard is gone: for tests and measurements.
///
/// # Errors
/// The terminal is gone.
pub fn drive(
    session: Session,
    lines: Vec<ScriptLine>,
    theme: Theme,
    keyboard: Receiver<Input>,
    glass: &mut dyn Terminal,
) -> Result<()> {
    let (tell, events) = channel();
    let (jobs, work) = channel();
    let typed = tell.clone();
    thread::spawn(move || {
        // The loop may end first; then nobody is left to tell.
        let _ = keyboard.iter().all(|input| typed.send(Event::Input(input)).is_ok());
        let _ = typed.send(Event::Gone);
    });
    let desk = Desk { news: tell, fault: Fault::default() };
    let app = App::new(&session, lines, (jobs, desk.clone()), theme, false);
    worker::start(session, work, desk);
    follow(app, &events, glass).map_err(|e| terminal(&e))?;
    Ok(())
}

/// The loop: wait, act, draw. Gives what is left on the terminal when it is over.
fn follow(mut app: App, events: &Receiver<Event>, glass: &mut dyn Terminal) -> io::Result<String> {
    let mut last: Option<Instant> = None;
    // Since when something new waits for the numbers beside it.
    let mut since: Option<Instant> = None;
    // The reader is back and was shown so; the signal that says it is on its way.
    let mut woken = false;
    app.resize(glass.size()?);
    loop {
        let wait = match last {
            None => Duration::ZERO,
            Some(_) if app.changed => left(last, since),
            Some(_) if app.busy() => PROGRESS,
            Some(_) => IDLE,
        };
        match events.recv_timeout(wait) {
            Ok(first) => {
                for event in std::iter::once(first).chain(events.try_iter()) {
                    let flow = act(&mut app, event);
                    match flow {
                        Flow::On => {}
                        Flow::Redraw => glass.forget(),
                        // Whatever comes before the signal is drawn on a terminal that is ours again.
                        Flow::Suspend => {
                            glass.suspend()?;
                            glass.wake()?;
                            app.resize(glass.size()?);
                            (woken, app.changed) = (true, true);
                        }
                        Flow::Wake if std::mem::take(&mut woken) => {}
                        Flow::Wake => {
                            glass.wake()?;
                            app.resize(glass.size()?);
                        }
                        Flow::Leave | Flow::Cut => {
                            let parting = app.parting();
                            leave(app, flow == Flow::Leave, events);
                            return Ok(parting);
                        }
                    }
                }
            }
            Err(RecvTimeoutError::Timeout) => {
                app.resize(glass.size()?);
                app.changed |= app.busy() || last.is_none();
            }
            Err(RecvTimeoutError::Disconnected) => return Ok(app.parting()),
        }
        since = (app.changed && app.view.waits()).then(|| since.unwrap_or_else(Instant::now));
        if app.changed && left(last, since).is_zero() {
            let mut buffer = Buffer::empty(app.view.area);
            let cursor = draw::draw(&app.view, &mut buffer);
            glass.copy(&std::mem::take(&mut app.aloud))?;
            glass.show(buffer, cursor, app.busy())?;
            (app.changed, since) = (false, None);
            last = Some(Instant::now());
        }
    }
}

/// How long the next frame has to wait.
fn left(last: Option<Instant>, since: Option<Instant>) -> Duration {
    let due = last.map(|last| last + FRAME).max(since.map(|since| since + GRACE));
    due.map_or(Duration::ZERO, |due| due.saturating_duration_since(Instant::now()))
}

fn act(app: &mut App, event: Event) -> Flow {
    use signal_hook::consts::{SIGCONT, SIGINT, SIGTSTP};
    // What is computed ahead is seen by nobody.
    app.changed |= !matches!(event, Event::News(_, News::Foreseen));
    let flow = match event {
        Event::Input(input) => app.input(input),
        Event::News(id, news) => app.news(id, news),
        Event::Signal(SIGTSTP) => Flow::Suspend,
        Event::Signal(SIGCONT) => Flow::Wake,
        Event::Signal(SIGINT) => app.interrupt(),
        Event::Signal(_) | Event::Gone | Event::Ended => Flow::Cut,
    };
    app.close_move();
    app.look_behind();
    app.foresee();
    app.not_done();
    flow
}

/// Ask what runs to stop, and wait for it a little, so that a change that is being written is written. `asked`: the reader
/// wants to leave, so the notebook counts as left in order.
fn leave(mut app: App, asked: bool, events: &Receiver<Event>) {
    app.stop();
    if asked {
        app.finish();
    }
    drop(app);
    let until = Instant::now() + PATIENCE;
    while !matches!(events.recv_timeout(until.saturating_duration_since(Instant::now())), Ok(Event::Ended) | Err(_)) {}
}

fn terminal(why: &io::Error) -> Error {
    Error::file("use", Path::new("the terminal"), why)
}
