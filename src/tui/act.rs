//! What keys do to the view.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use crossterm::event::{Event as Input, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use ratatui::layout::Rect;

use super::foresight::Foresight;
use super::key_help;
use super::keys::{self, Action, KEYS, When};
use super::notebook::{Cell, Notebook};
use super::prompt::Prompt;
use super::view::{Aside, Focus, Note, Pending, View};
use super::worker::{Desk, Job, Work};
use crate::error::Error;
use crate::render::theme::Theme;
use crate::session::history::{self, Ran};
use crate::session::{ScriptLine, Session, complete};

/// What the loop does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    On,
    /// What the terminal shows is not known any more.
    Redraw,
    Suspend,
    Wake,
    Leave,
    /// The terminal or the time is gone: leave without having been asked to.
    Cut,
}

pub struct App {
    pub view: View,
    /// The view is not what was drawn last.
    pub changed: bool,
    /// What goes to the terminal beside the next frame: a text for its clipboard.
    pub aloud: String,
    pub(super) jobs: Sender<Job>,
    pub(super) desk: Desk,
    pub(super) next: u64,
    /// Lines that came back to the prompt after a cut and are neither run nor cleared.
    pub(super) cut_off: Vec<String>,
    /// Texts whose lines have not all run yet, by the number they were typed under.
    pub(super) typed: Vec<(u64, String)>,
    /// New slow views that are computed behind: their lines, and as they were typed.
    pub(super) asked: Vec<(String, Pending)>,
    /// What Ctrl-C stopped and has ended, while more of it ends.
    pub(super) halting: Vec<String>,
    /// What is computed before it is asked for.
    pub(super) foresight: Foresight,
    /// The number of the job that opened the screen.
    pub(super) opened_by: u64,
    /// The job that a key had open a screen, and what was pressed since: it is meant for that screen.
    pub(super) awaited: Option<(u64, Vec<Input>)>,
    /// The number of the job that takes the notebook up.
    pub(super) opening: u64,
    /// It was said that leaving loses the notebook.
    warned: bool,
    /// When Ctrl-C was pressed with nothing to stop.
    leaving: Option<Instant>,
}

/// How soon a second Ctrl-C must follow to leave.
const TWICE: Duration = Duration::from_secs(2);

impl App {
    /// The notebook as its file has it, with nothing computed yet.
    pub fn new(
        session: &Session,
        lines: Vec<ScriptLine>,
        (jobs, desk): (Sender<Job>, Desk),
        theme: Theme,
        vi: bool,
    ) -> Self {
        let mut notebook = Notebook::of(session);
        notebook.cells = Session::placed(&lines).iter().map(|line| Cell::waiting(line)).collect();
        let mut note = Note::Keys;
        let ran = Ran::open(history::file()).unwrap_or_else(|error| {
            note = Note::Said(format!("lines typed are not remembered: {error}"));
            Ran::default()
        });
        let view = View {
            area: Rect::new(0, 0, 80, 24),
            theme,
            chosen: notebook.cells.len().saturating_sub(1),
            scrolled: vec![Default::default(); notebook.cells.len()],
            notebook: Arc::new(notebook),
            focus: Focus::Cells,
            zoomed: false,
            aside: None,
            open: None,
            tuning: None,
            stood: None,
            find: None,
            prompt: if vi { Prompt::new(ran).with_vi() } else { Prompt::new(ran) },
            note,
            pending: Vec::new(),
            stopped: HashSet::new(),
            tour: None,
        };
        let (changed, aloud) = (true, String::new());
        let mut app = Self {
            view,
            changed,
            aloud,
            jobs,
            desk,
            next: 0,
            cut_off: Vec::new(),
            typed: Vec::new(),
            asked: Vec::new(),
            halting: Vec::new(),
            foresight: Foresight::default(),
            opened_by: 0,
            awaited: None,
            opening: 0,
            warned: false,
            leaving: None,
        };
        match session.interrupted() {
            [] if session.cut_off() && !lines.is_empty() => {
                app.say("this notebook was cut off, not left; everything up to its last finished line is here");
            }
            [] => app.warn_unsaved(),
            cut_off => app.offers(cut_off),
        }
        if !lines.is_empty() {
            let all = (0..app.view.notebook.cells.len()).collect();
            app.opening = app.send(Work::Resume(lines), String::new(), all, 0);
        }
        app
    }

    pub fn busy(&self) -> bool {
        !self.view.pending.is_empty()
    }

    /// The notebook is left because the reader wants to.
    pub fn finish(&mut self) {
        self.send(Work::Finish, String::new(), Vec::new(), 0);
    }

    /// Run this line, which nobody typed here.
    pub fn begin(&mut self, line: &str) {
        self.submit(line.to_string(), 0);
    }

    /// Ask everything that runs or waits to stop.
    pub fn stop(&self) {
        self.view.pending.iter().for_each(|p| p.task.cancel());
    }

    pub fn resize(&mut self, area: Rect) {
        self.changed |= self.view.area != area;
        self.view.area = area;
    }

    pub fn input(&mut self, input: Input) -> Flow {
        match self.waits_for_screen(input) {
            Some(Input::Key(key)) if key.kind != KeyEventKind::Release => self.key(key),
            Some(Input::Paste(text)) => self.paste(&text),
            Some(Input::Resize(width, height)) if width > 0 && height > 0 => {
                self.resize(Rect::new(0, 0, width, height));
                Flow::On
            }
            _ => Flow::On,
        }
    }

    pub fn interrupt(&mut self) -> Flow {
        self.awaited = None;
        if let Some(flow) = self.end_begun() {
            return flow;
        }
        if self.busy() {
            self.stop_lines();
        } else if !self.view.prompt.is_empty() {
            self.put_aside();
        } else if self.leaving.is_some_and(|at| at.elapsed() < TWICE) {
            return self.leave();
        } else {
            self.leaving = Some(Instant::now());
            let what = self.before_leaving();
            self.say(&what);
        }
        Flow::On
    }

    /// Leave; where the notebook is not on disk, only when asked twice.
    pub(super) fn leave(&mut self) -> Flow {
        if self.view.notebook.unsaved.is_none() || self.warned {
            return Flow::Leave;
        }
        self.warned = true;
        self.say("the notebook is not on disk, and leaving loses it: once more leaves all the same");
        Flow::On
    }

    /// The notebook goes on in memory only, and why.
    pub(super) fn warn_unsaved(&mut self) {
        self.warned = false;
        if let Some((why, remedy)) = self.view.notebook.unsaved.clone() {
            let sentence = format!("not saved: {why}");
            let mended = complete::named(&remedy);
            self.view.note = Note::Error { sentence, remedy, of: String::new(), mended };
        }
    }

    pub(super) fn say(&mut self, text: &str) {
        self.view.note = Note::Said(text.to_string());
    }

    pub(super) fn complain(&mut self, error: &Error) {
        self.give_up(error, None);
    }

    fn key(&mut self, key: KeyEvent) -> Flow {
        self.close_move();
        if let Some(ask) = self.screen_letter(key) {
            return self.asked(ask);
        }
        let holds = self.holds();
        let action = keys::action((key.code, key.modifiers), &holds);
        if !matches!(action, Some(Action::Interrupt | Action::Leave)) {
            self.leaving = None;
        }
        // A command of vi's that is begun takes the next letter, whatever that means elsewhere.
        let letter = matches!(key.code, KeyCode::Char(_)) && (key.modifiers - KeyModifiers::SHIFT).is_empty();
        let action = action.filter(|_| !(letter && self.view.prompt.vi_begun()));
        let menu_goes = self.view.prompt.menu().is_some() && !matches!(action, Some(a) if menu(a));
        if menu_goes {
            self.view.prompt.menu_accept();
        }
        // What was said is read by now.
        if matches!(self.view.note, Note::Said(_)) && action != Some(Action::Redraw) {
            self.view.note = Note::Keys;
        }
        match action {
            Some(action) if action != Action::Vi => self.perform(action),
            _ => {
                self.letter(key);
                Flow::On
            }
        }
    }

    /// What holds now, the most particular first.
    fn holds(&self) -> Vec<When> {
        let prompt = &self.view.prompt;
        let mut holds = Vec::new();
        if prompt.search().is_some() {
            return vec![When::Search, When::Always];
        }
        if self.view.find.is_some() {
            return vec![When::Find, When::Always];
        }
        if prompt.menu().is_some() {
            holds.push(When::Menu);
        } else if matches!(&self.view.note, Note::Error { mended: Some(_), of, .. } if prompt.is_empty() || prompt.text() == *of)
        {
            holds.push(When::Mendable);
        }
        // What covers the threshold that moves comes first.
        if self.view.tried().is_some() && self.view.aside.is_none() {
            holds.push(When::Tuning);
        }
        let vi = prompt.vi_commands();
        if vi == Some(false) && !prompt.is_empty() || prompt.vi_begun() {
            holds.push(When::ViTyping);
        }
        let vi = (vi == Some(true)).then_some(When::ViCommand);
        match self.view.screen() {
            // Letters the screen does not take, and keys that have no place in a number, mean what they mean elsewhere.
            Some(open) if open.state.takes_letters() && prompt.is_empty() => {
                let own = [When::On(open.row.screen), When::Beside].into_iter().filter(|_| open.row.digits);
                return [When::Entry].into_iter().chain(own).chain([When::Idle, When::Always]).collect();
            }
            Some(open) if prompt.is_empty() => holds.extend([When::On(open.row.screen), When::Beside, When::Idle]),
            None if prompt.is_empty() => holds.extend([When::Empty, When::Idle].into_iter().chain(vi)),
            _ => holds.extend(vi.into_iter().chain([When::Typing])),
        }
        holds.extend([When::Prompt, When::Always]);
        holds
    }

    fn letter(&mut self, key: KeyEvent) {
        let KeyCode::Char(letter) = key.code else {
            self.view.prompt.search_end(true);
            self.view.find = None;
            return;
        };
        if key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT) {
            return;
        }
        if self.view.prompt.search().is_some() {
            return self.view.prompt.search_type(letter);
        }
        if self.view.find.is_some() {
            return self.find_type(letter);
        }
        // No line begins with a blank: on a screen it would only end the move that is open there.
        if letter == ' ' && self.view.prompt.is_empty() {
            return;
        }
        self.view.note = Note::Keys;
        if self.view.prompt.vi_commands() == Some(true) {
            return self.view.prompt.vi_key(letter);
        }
        let aside = self.view.prompt.gives_way(letter);
        match self.view.prompt.insert(letter) {
            true if aside => self.say("the line that stood here is put aside; Ctrl-Y brings it back"),
            true => {}
            false => self.say("the line is full"),
        }
    }

    fn perform(&mut self, action: Action) -> Flow {
        let paged = matches!(action, Action::PageUp | Action::PageDown);
        if self.view.screen().is_some() && (paged || self.view.prompt.is_empty()) && beside(action) {
            return self.screen_act(action);
        }
        match action {
            Action::Open(screen) => self.open_screen(screen),
            Action::Close => self.close_screen(),
            Action::Help => {
                let open = self.view.open.as_ref().map(|open| (open.row.screen, open.row.digits));
                self.aside("keys", Arc::new(key_help::page(open)));
            }
            Action::Up => self.step(-1),
            Action::Down => self.step(1),
            Action::Left => self.scroll(0, -1),
            Action::Right => self.scroll(0, 1),
            Action::PageUp => self.scroll(-self.screenful(), 0),
            Action::PageDown => self.scroll(self.screenful(), 0),
            Action::Top => self.end(-1),
            Action::Bottom => self.end(1),
            Action::RowUp => self.scroll(-1, 0),
            Action::RowDown => self.scroll(1, 0),
            Action::OtherPane => self.other_pane(),
            Action::Zoom => self.view.zoomed = !self.view.zoomed,
            Action::More => self.nudge(true),
            Action::Less => self.nudge(false),
            Action::KeepTuned => self.keep_tuned(),
            Action::EndTuning => self.end_tuning(),
            Action::EditCell => self.edit_cell(),
            Action::RemoveCell => self.remove_cell(),
            Action::Back => self.back(),
            Action::Run => self.run(),
            Action::PutAside => self.put_aside(),
            Action::Complete => self.complete(),
            Action::Edit(edit) => self.view.prompt.edit(edit),
            Action::MenuNext => self.view.prompt.menu_step(true),
            Action::MenuPrevious => self.view.prompt.menu_step(false),
            Action::MenuAccept => self.view.prompt.menu_accept(),
            Action::MenuClose => self.view.prompt.menu_close(),
            Action::Search => self.search(),
            Action::SearchOlder => self.view.prompt.search_older(),
            Action::SearchAccept => self.view.prompt.search_end(true),
            Action::SearchClose => self.view.prompt.search_end(false),
            Action::SearchBackspace => self.view.prompt.search_backspace(),
            Action::Find => self.find(),
            Action::FindNext => self.find_step(true),
            Action::FindPrevious => self.find_step(false),
            Action::FindEnd => self.view.find = None,
            Action::FindBackspace => self.find_backspace(),
            Action::Mend => self.mend(),
            Action::Copy => self.copy(),
            Action::ViEscape => self.view.prompt.vi_escape(),
            // `key` hands the letters of vi's to the prompt.
            Action::Vi | Action::Digit => {}
            Action::Interrupt => return self.interrupt(),
            Action::Leave => return self.leave(),
            Action::Redraw => return Flow::Redraw,
            Action::Suspend => return Flow::Suspend,
            _ => {} // a screen's own keys, and none is open
        }
        Flow::On
    }

    pub(super) fn aside(&mut self, line: &str, page: Arc<crate::page::Page>) {
        self.view.aside = Some(Aside { line: line.to_string(), page, scrolled: Default::default(), example: 0 });
    }
}

/// The action is one of the screen that is open, where one is.
fn beside(action: Action) -> bool {
    KEYS.iter().any(|row| row.action == action && matches!(row.when, When::Beside | When::On(_) | When::Entry))
        && action != Action::Close
}

/// The key works the open menu.
fn menu(action: Action) -> bool {
    matches!(action, Action::MenuNext | Action::MenuPrevious | Action::MenuAccept | Action::MenuClose)
}
