//! Screens beside the notebook: opened, asked, answered, closed.

use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::act::{App, Flow};
use super::keys::Action;
use super::layout;
use super::screens::{self, Ask, At, Open};
use super::view::Note;
use crate::commands::{self, Place, Screen};
use crate::error::{Error, Result};
use crate::page::Page;
use crate::session::Reply;

impl App {
    /// A key opens a screen by the line that does so.
    pub(super) fn open_screen(&mut self, screen: Screen) {
        if let Some(row) =
            screens::row(screen).filter(|r| self.view.open.as_ref().is_none_or(|o| o.row.screen != r.screen))
        {
            self.ask_line(row.name.to_string(), row.name.to_string());
        }
        self.view.aside = None;
    }

    pub(super) fn close_screen(&mut self) {
        self.stop_asking();
        let lost = self.view.open.take().and_then(|open| open.state.lost());
        self.view.aside = None;
        self.view.note = lost.map_or(Note::Keys, Note::Said);
    }

    /// The answer to a line that opens a screen.
    pub(super) fn opened(&mut self, screen: Screen, line: String, page: Arc<Page>) {
        let Some(row) = screens::row(screen) else { return self.aside(&line, page) };
        self.view.aside = None;
        let left = self.view.open.as_mut().filter(|o| o.row.screen != screen).and_then(|o| o.state.left());
        self.view.note = left.map_or(Note::Keys, Note::Said);
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
            Ask::Line(line) => {
                self.view.note = Note::Keys;
                self.ask(line);
            }
        }
        Flow::On
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
