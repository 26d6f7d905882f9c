//! Screens beside the notebook: opened, asked, answered, closed.

use std::sync::Arc;

use crossterm::event::{Event as Input, KeyCode, KeyEvent, KeyModifiers};

use super::act::{App, Flow};
use super::keys::{self, Action, When};
use super::layout;
use super::screens::{self, Ask, At, Open};
use super::view::Note;
use crate::commands::{self, Place, Screen};
use crate::error::{Error, Result};
use crate::page::Page;
use crate::render::clipboard;
use crate::session::Reply;

impl App {
    /// A key opens a screen by the line that does so.
    pub(super) fn open_screen(&mut self, screen: Screen) {
        if let Some(row) =
            screens::row(screen).filter(|r| self.view.open.as_ref().is_none_or(|o| o.row.screen != r.screen))
        {
            let job = self.ask_line(row.name.to_string(), row.name.to_string());
            self.awaited = Some((job, Vec::new()));
            if self.takes_up() {
                self.say("it opens once the notebook is there; keys wait for it, Esc takes it back");
            }
        }
        self.view.aside = None;
    }

    /// What is pressed behind a key that opens a screen goes where it would had the screen been there at once: it waits, in
    /// order. Gives back what does not wait.
    pub(super) fn waits_for_screen(&mut self, input: Input) -> Option<Input> {
        let acts = match &input {
            Input::Key(key) => keys::action((key.code, key.modifiers), &[When::Always]),
            Input::Paste(_) => None,
            _ => return Some(input),
        };
        let now = matches!(acts, Some(Action::Interrupt | Action::Redraw | Action::Suspend));
        let escape = matches!(&input, Input::Key(key) if key.code == KeyCode::Esc);
        let takes_up = self.takes_up();
        // A notebook that is still being taken up may take long.
        if let Some((job, _)) = self.awaited.take_if(|_| escape && takes_up) {
            self.view.pending.iter().filter(|p| p.id == job).for_each(|p| p.task.cancel());
            self.view.note = Note::Keys;
            return None;
        }
        match &mut self.awaited {
            Some((_, behind)) if !now => behind.push(input),
            _ => return Some(input),
        }
        None
    }

    /// Job `id` is done: what waited for the screen it was to open is pressed now, also where there is none.
    pub(super) fn awaited(&mut self, id: u64) -> Flow {
        let Some((_, behind)) = self.awaited.take_if(|(job, _)| *job == id) else { return Flow::On };
        let mut behind = behind.into_iter().map(|input| self.input(input));
        behind.find(|flow| *flow != Flow::On).unwrap_or(Flow::On)
    }

    pub(super) fn close_screen(&mut self) {
        self.stop_asking();
        self.stood();
        let lost = self.view.open.take().and_then(|open| open.state.lost());
        self.view.aside = None;
        self.view.note = lost.map_or(Note::Keys, Note::Said);
    }

    /// The answer to a line that opens a screen.
    pub(super) fn opened(&mut self, screen: Screen, line: String, page: Arc<Page>) {
        let Some(row) = screens::row(screen) else { return self.aside(&line, page) };
        self.view.aside = None;
        self.stood();
        let lost = self.view.open.as_ref().filter(|o| o.row.screen != screen).and_then(|o| o.state.lost());
        self.view.note = lost.map_or(Note::Keys, Note::Said);
        match &mut self.view.open {
            Some(open) if open.row.screen == screen => (open.line, open.page) = (commands::short(&line), page),
            open => *open = Some(Open::new(row, commands::short(&line), page)),
        }
        self.follow();
    }

    /// The job is the one the open screen waits for.
    pub(super) fn is_asked(&self, id: u64) -> bool {
        self.view.open.as_ref().and_then(|o| o.asked.as_ref()).is_some_and(|(job, _)| *job == id)
    }

    /// What the open screen waited for.
    pub(super) fn answered(&mut self, reply: Result<Reply>) {
        let asked = self.view.open.as_mut().and_then(|o| o.asked.take());
        match (reply, asked) {
            (Ok(Reply::Open(screen, page)), Some((_, line))) => {
                if let Some(open) = self.view.open.as_mut().filter(|o| o.row.screen == screen) {
                    (open.line, open.page) = (line, page);
                    self.follow();
                }
            }
            (Err(Error::Cancelled) | Ok(_), _) => {}
            (Err(error), _) => self.complain(&error),
        }
    }

    /// The notebook is another by job `id`: what the screen shows is asked for again. A new view is looked at in the notebook,
    /// but for one that was `tuned`, or where the screen was opened since.
    pub(super) fn renew_screen(&mut self, reply: &Result<Reply>, tuned: bool, id: u64) {
        let Ok(reply) = reply else { return };
        // An answer of `fork` is a page, and the notebook the same; but there is one variant more.
        let forked =
            matches!(reply, Reply::Page(_)) && self.view.open.as_ref().is_some_and(|o| o.row.screen == Screen::Compare);
        let changed = reply.changes() || matches!(reply, Reply::Nothing) || forked;
        let view = matches!(reply, Reply::Cell(at) if self.view.notebook.cells.get(*at).is_some_and(|c| c.place == Place::View));
        if view && !tuned && id > self.opened_by {
            self.stood();
            self.view.open = None;
        } else if changed && let Some(open) = &self.view.open {
            let line = open.asked.as_ref().map_or(&open.line, |(_, line)| line).clone();
            self.ask(line);
        }
    }

    pub(super) fn screen_act(&mut self, action: Action) -> Flow {
        let ask = self.with_screen(|open, view, place| {
            let at = At { view, page: &open.page, place };
            open.state.act(action, &at)
        });
        let flow = self.asked(ask.unwrap_or(Ask::Nothing));
        if let Some(text) = self.with_screen(|open, _, _| open.state.said()).flatten() {
            self.say(&text);
        }
        flow
    }

    /// What is in sight beside the notebook to the clipboard.
    pub(super) fn copy_beside(&mut self) {
        let ask = self.with_screen(|open, view, place| open.state.copied(&At { view, page: &open.page, place }));
        self.asked(ask.unwrap_or(Ask::Nothing));
    }

    fn copied(&mut self, what: &str, rows: Vec<Vec<String>>) {
        let row = self.view.open.as_ref().map(|open| open.row);
        let what = if what.is_empty() { row.map_or("", |row| row.name) } else { what };
        let lines = rows.len();
        let text = clipboard::tabbed(rows);
        if text.len() > clipboard::MOST {
            let remedy = match row.map(|row| row.screen) {
                Some(Screen::Browse) => "; / shows fewer rows",
                Some(Screen::Figures) => "; Ctrl-S writes them to a file",
                _ => "",
            };
            return self.say(&format!("not copied: {} bytes, and a clipboard takes 74,000{remedy}", text.len()));
        }
        self.aloud = clipboard::sequence(&text);
        self.say(&format!("{what}: {lines} lines, for the clipboard where this terminal allows it"));
    }

    /// A letter of a screen that takes it before the prompt does.
    pub(super) fn screen_letter(&mut self, key: KeyEvent) -> Option<Ask> {
        let KeyCode::Char(letter) = key.code else { return None };
        let plain = !key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
        if !plain || self.view.screen().is_none() || !self.view.prompt.is_empty() || self.view.prompt.search().is_some()
        {
            return None;
        }
        self.with_screen(|open, view, place| {
            let at = At { view, page: &open.page, place };
            open.state.letter(letter, &at)
        })?
    }

    /// Do what a screen asks for.
    pub(super) fn asked(&mut self, ask: Ask) -> Flow {
        match ask {
            Ask::Nothing => self.view.note = Note::Keys,
            Ask::Say(text) => self.say(&text),
            Ask::Run(line) => {
                self.ask_line(line.clone(), line);
            }
            Ask::Try(at, line) => self.rehearse(at, line),
            Ask::Keep => self.keep_tuned(),
            Ask::EndTuning => self.end_tuning(),
            Ask::Copy(what, rows) => self.copied(&what, rows),
            Ask::Line(line) => {
                self.view.note = Note::Keys;
                self.ask(line);
            }
        }
        Flow::On
    }

    /// The screen may be left: where the reader stands on it is found again.
    fn stood(&mut self) {
        let stands = self.with_screen(|open, view, place| open.state.stands(&At { view, page: &open.page, place }));
        self.view.stood = stands.flatten().or(self.view.stood.take());
    }

    /// Let the screen take over its page.
    pub(super) fn follow(&mut self) {
        self.with_screen(|open, view, place| open.state.follow(&At { view, page: &open.page, place }));
    }

    /// Ask for the page of another line; an older question is dropped.
    fn ask(&mut self, line: String) {
        self.stop_asking();
        if self.view.open.is_some() {
            let job = self.ask_line(line.clone(), String::new());
            if let Some(open) = &mut self.view.open {
                open.asked =
                    Some((job, commands::parse(&line).ok().flatten().map_or(line, |c| commands::short(&c.line()))));
            }
        }
    }

    fn stop_asking(&mut self) {
        if let Some((job, _)) = self.view.open.as_mut().and_then(|o| o.asked.take()) {
            self.view.pending.iter().filter(|p| p.id == job).for_each(|p| p.task.cancel());
        }
    }

    /// The open screen with the view it stands in, which cannot change meanwhile.
    pub(super) fn with_screen<T>(
        &mut self,
        act: impl FnOnce(&mut Open, &super::view::View, ratatui::layout::Rect) -> T,
    ) -> Option<T> {
        let place = layout::places(&self.view).page;
        let mut open = self.view.open.take()?;
        let answer = act(&mut open, &self.view, place);
        self.view.open = Some(open);
        Some(answer)
    }
}
