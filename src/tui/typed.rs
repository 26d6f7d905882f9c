//! What becomes of the prompt's text: completed, mended, run line by line, put aside.

use super::act::{App, Flow};
use super::prompt::Edit;
use super::view::Note;
use super::worker::Work;
use crate::commands::{self, Place};
use crate::session::{Script, complete, history};

impl App {
    /// Put the line that mends the error under the prompt into it.
    pub(super) fn mend(&mut self) {
        if let Note::Error { mended: Some(line), .. } = std::mem::take(&mut self.view.note) {
            self.view.prompt.set(&line);
        }
    }

    pub(super) fn paste(&mut self, text: &str) -> Flow {
        self.end_tuning();
        self.view.find = None;
        self.view.prompt.menu_accept();
        self.view.prompt.search_end(true);
        let fits = self.view.prompt.paste(text);
        let lines = Script::parse(self.view.prompt.text()).lines.len();
        match (fits, lines) {
            (false, _) => self.say("that is too long to paste"),
            (true, 0 | 1) => {}
            (true, lines) => self.say(&format!("{lines} lines; Enter runs them one after the other")),
        }
        Flow::On
    }

    pub(super) fn complete(&mut self) {
        let (notebook, prompt) = (&self.view.notebook, &mut self.view.prompt);
        let completion = complete::complete(prompt.text(), prompt.cursor(), &notebook.study, &notebook.folder);
        self.view.note = prompt.complete(completion).map_or(Note::Keys, Note::Said);
    }

    pub(super) fn run(&mut self) {
        if complete::waits_for(self.view.prompt.text()).is_some() {
            self.view.prompt.edit(Edit::NewLine);
            return self.say("the line goes on: a quote or a backslash is open");
        }
        let text = self.view.prompt.take();
        self.view.note = Note::Keys;
        if let Err(error) = history::remember(self.view.prompt.history(), &text, self.history.as_deref()) {
            self.history = None;
            self.say(&format!("lines typed are not remembered: {error}"));
        }
        let together = self.next + 1;
        for line in Script::parse(&text).lines {
            self.submit(line.line, together);
        }
    }

    pub(super) fn submit(&mut self, line: String, together: u64) {
        let place = commands::parse(&line).ok().flatten().map(|command| command.spec().place);
        let cells = self.view.notebook.cells.iter().enumerate();
        let stale = match place {
            Some(Place::Step(_)) => cells.filter(|(_, c)| Some(c.place) >= place).map(|(at, _)| at).collect(),
            _ => Vec::new(),
        };
        self.send(Work::Submit(line.clone()), line, stale, together);
    }

    /// The first table of the chosen cell to the clipboard, by the line that does it.
    pub(super) fn copy(&mut self) {
        match self.view.cells().get(self.view.chosen) {
            Some(cell) => self.submit(format!("copy {}", cell.name), 0),
            None => self.say("there is no cell whose table could be copied"),
        }
    }

    pub(super) fn put_aside(&mut self) {
        self.view.prompt.put_aside();
        if self.view.tour.take().is_some() {
            return self.say("the tour ends here; `tour` takes it up again");
        }
        self.say("the line is put aside; Ctrl-Y brings it back");
    }
}
