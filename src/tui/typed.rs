//! Lines typed or pasted: completed, run, remembered where they run well, mended where they do not.

use super::act::{App, Flow};
use super::keys::Action;
use super::prompt::Edit;
use super::view::{Note, Pending};
use super::worker::Work;
use crate::commands::{self, Place};
use crate::error::Error;
use crate::render::words::elide;
use crate::session::{Behind, Script, complete, of_transcript};

/// Commands as a sentence names them, each once: `roc` and `validate`.
fn names<'a>(commands: impl Iterator<Item = &'a str>) -> String {
    let mut names: Vec<String> = Vec::new();
    commands.map(|name| format!("`{name}`")).for_each(|name| {
        if !names.contains(&name) {
            names.push(name)
        }
    });
    names.join(" and ")
}

/// What computes again what was stopped, of the commands of these [`names`].
fn begins_again(names: &str) -> &'static str {
    match names.contains(" and ") {
        true => "their lines again, or a change above, compute them",
        false => "its line again, or a change above, computes it",
    }
}

/// Columns of a line that a sentence names.
const NAMED: usize = 40;

impl App {
    pub(super) fn paste(&mut self, text: &str) -> Flow {
        self.view.find = None;
        self.view.prompt.menu_accept();
        self.view.prompt.search_end(true);
        let lines = of_transcript(text);
        let fits = self.view.prompt.paste(lines.as_deref().unwrap_or(text));
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

    pub(super) fn search(&mut self) {
        self.view.note = Note::Keys;
        self.view.prompt.search_start();
    }

    pub(super) fn run(&mut self) {
        if complete::waits_for(self.view.prompt.text()).is_some() {
            self.view.prompt.edit(Edit::NewLine);
            return self.say("the line goes on: a quote or a backslash is open");
        }
        let text = self.view.prompt.take();
        self.view.note = Note::Keys;
        self.view.prompt.typed(&text);
        let together = self.next + 1;
        for line in Script::parse(&text).lines {
            self.submit(line.line, together);
        }
        if self.next >= together {
            self.typed.push((together, text));
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

    /// A line has run, well or not: a text is remembered once all its lines ran well.
    pub(super) fn ended(&mut self, together: u64, well: bool) {
        let more = self.view.pending.iter().any(|p| p.together == together);
        let Some(at) = self.typed.iter().position(|(typed, _)| *typed == together).filter(|_| !(well && more)) else {
            return;
        };
        let (_, text) = self.typed.remove(at);
        if well && let Err(error) = self.view.prompt.ran(&text) {
            self.say(&format!("lines typed are not remembered: {error}"));
        }
    }

    /// A line failed: those typed behind it, together with it or later, are not run, and all of them come back to the prompt
    /// to be mended, unless there is another text by now. A line that a key stood for was not typed and does not come there.
    pub(super) fn give_up(&mut self, error: &Error, failed: Option<&Pending>) {
        let (line, together) = failed.map_or(("", 0), |p| (p.line.as_str(), p.together));
        if let (Error::NotYet { .. }, 0, Some(runs)) = (error, together, self.step_that_runs()) {
            return self.say(&format!("{runs}; {error}"));
        }
        let after: Vec<String> = if together == 0 { Vec::new() } else { self.take_back(0) };
        let after: Vec<&str> = after.iter().map(String::as_str).collect();
        let more = match after.len() {
            0 => String::new(),
            1 => "1 line after it not run".into(),
            count => format!("{count} lines after it not run"),
        };
        let typing = together != 0 && !self.view.prompt.is_empty();
        let up = if typing { "Up brings back what was typed" } else { "" };
        let parts = [error.remedy(), more, up.to_string()];
        let remedy = parts.iter().filter(|p| !p.is_empty()).map(String::as_str).collect::<Vec<_>>().join("; ");
        let mended = complete::mended_with(line, &after, error);
        let of = [&[line][..], &after].concat().join("\n");
        if together != 0 && self.view.prompt.is_empty() {
            self.view.prompt.offer(&of);
        }
        // Where the prompt holds more than this line, which one it was.
        let sentence = match typing || !after.is_empty() {
            true => format!("`{}`: {error}", elide(line, NAMED, self.view.theme.glyphs)),
            false => error.to_string(),
        };
        self.view.note = Note::Error { sentence, remedy, of, mended };
    }

    /// End a search, or a word or number that is being typed into a screen: before what runs. None where nothing is begun.
    pub(super) fn end_begun(&mut self) -> Option<Flow> {
        if self.view.find.take().is_some() {
            return Some(Flow::On);
        }
        if self.view.prompt.search().is_some() {
            self.view.prompt.search_end(false);
            return Some(Flow::On);
        }
        let entry = self.view.screen().is_some_and(|open| open.state.takes_letters());
        (entry && self.view.prompt.is_empty()).then(|| self.screen_act(Action::EntryEnd))
    }

    /// Stop what the reader waits for; where nothing is, what is computed behind for a threshold that moves; and else what is
    /// computed behind for the notebook. Typed lines that wait come back to the prompt, unless there is another text.
    pub(super) fn stop_lines(&mut self) {
        self.halting.clear();
        if self.view.pending.iter().all(|p| p.behind.is_some() || p.stopping) {
            return self.stop_behind();
        }
        let goes_on = self.goes_on();
        let running = self.view.pending.iter().find(|p| p.behind.is_none()).map_or(0, |p| p.id);
        let waited = self.take_back(running);
        for pending in self.view.pending.iter_mut().filter(|p| p.behind.is_none()) {
            pending.task.cancel();
            pending.stopping |= pending.id == running || pending.together == 0;
        }
        if goes_on.is_none() {
            self.view.stop_behind();
        }
        let back = self.view.prompt.is_empty();
        if back && !waited.is_empty() {
            self.view.prompt.give_back(&waited.join("\n"));
        }
        let place = match (waited.len(), back) {
            (0, _) => String::new(),
            (1, true) => "; the line that waited is in the prompt".into(),
            (1, false) => "; the line that waited is not run, Up brings it back".into(),
            (count, true) => format!("; the {count} lines that waited are in the prompt"),
            (count, false) => format!("; the {count} lines that waited are not run, Up brings them back"),
        };
        match goes_on {
            Some(goes_on) => self.say(&format!("stopping{place}; {goes_on}, Ctrl-C again stops it")),
            None if waited.is_empty() => self.say("stopping; the notebook stays as it was"),
            None => self.say(&format!("stopping{place}")),
        }
    }

    fn stop_behind(&mut self) {
        let left = |b: &&Behind| !self.view.stopped.contains(&b.key);
        let moving: Vec<Behind> = self.view.moving().filter(left).cloned().collect();
        let kept: Vec<Behind> = self.view.notebook.behind.iter().filter(left).cloned().collect();
        let tried = !moving.is_empty();
        let stopped = if tried { moving } else { kept };
        for behind in &stopped {
            self.view.computes(&behind.key).iter().for_each(|p| p.task.cancel());
            self.view.stopped.insert(behind.key.clone());
        }
        let names = match names(stopped.iter().map(Behind::name)) {
            none if none.is_empty() => self.halted().map_or(String::new(), |name| format!(" `{name}`")),
            names => format!(" {names}"),
        };
        match (tried, self.goes_on()) {
            (true, Some(goes_on)) => {
                self.say(&format!("stopped{names} of what is tried; {goes_on}, Ctrl-C stops it too"))
            }
            (true, None) => self.say(&format!("stopped{names} of what is tried; Enter keeps it, Esc goes back")),
            (false, _) => self.say(&format!("stopped{names}; {}", begins_again(&names))),
        }
    }

    /// That what is computed behind for the notebook goes on; none where nothing is.
    pub(super) fn goes_on(&self) -> Option<String> {
        let runs = |b: &&Behind| self.view.computes(&b.key).is_some();
        let names = names(self.view.notebook.behind.iter().filter(runs).map(Behind::name));
        let verb = if names.contains(" and ") { "go on" } else { "goes on" };
        (!names.is_empty()).then(|| format!("{names} {verb}"))
    }

    /// The command of a slow view that was stopped.
    fn halted(&self) -> Option<String> {
        let stopped = |b: &&Behind| self.view.stopped.contains(&b.key);
        self.view.notebook.behind.iter().find(stopped).map(|b| b.name().to_string())
    }

    /// What was stopped has ended, and the notebook is as it was. A typed line comes back to the prompt, before those that
    /// waited behind it, unless there is another text; what it finished and kept is said.
    pub(super) fn stopped(&mut self, pending: Option<Pending>) {
        let prompt = &self.view.prompt;
        let typed = pending.as_ref().filter(|p| p.together != 0 && (prompt.is_empty() || prompt.is_offered()));
        if let Some(pending) = typed {
            let behind = Some(prompt.text()).filter(|behind| !behind.is_empty());
            let lines = [pending.line.as_str()].into_iter().chain(behind).collect::<Vec<_>>().join("\n");
            self.view.prompt.give_back(&lines);
        }
        let goes_on = if typed.is_some() { "Enter" } else { "the same line" };
        let line = pending.as_ref().map_or("", |p| p.line.as_str());
        self.halting.extend(line.split_whitespace().next().map(str::to_string));
        if let Some(kept) = pending.as_ref().and_then(|p| p.task.kept()) {
            return self.say(&format!("stopped; {kept}, {goes_on} goes on from there"));
        }
        // What ends last names all that was stopped with it.
        if self.view.pending.iter().any(|p| p.stopping && !p.line.is_empty()) {
            return;
        }
        let slow =
            self.halted().filter(|_| pending.as_ref().is_some_and(|p| p.waits_for_slow(&self.view.notebook.cells)));
        let stopped: Vec<String> = std::mem::take(&mut self.halting).into_iter().chain(slow.clone()).collect();
        let names = names(stopped.iter().map(String::as_str));
        match (self.goes_on().filter(|_| !names.is_empty()), slow) {
            (Some(goes_on), _) => self.say(&format!("stopped {names}; {goes_on}, Ctrl-C stops it too")),
            (None, Some(slow)) => self.say(&format!("stopped {names}; {}", begins_again(&slow))),
            (None, None) => self.say("stopped; the notebook is as it was"),
        }
    }

    /// The typed lines that run or wait, but for this one: they stop, and are here in their order.
    fn take_back(&mut self, but: u64) -> Vec<String> {
        let typed = self.view.pending.iter().filter(|p| p.together != 0 && p.id != but && p.task.check().is_ok());
        typed
            .map(|p| {
                p.task.cancel();
                p.line.clone()
            })
            .collect()
    }

    /// The step that is being computed and may make what is missing, and how far it is: `extract is running: 12/154`.
    fn step_that_runs(&self) -> Option<String> {
        let is_step = |p: &&Pending| {
            let command = commands::parse(&p.line).ok().flatten();
            !p.stopping && command.is_some_and(|c| matches!(c.spec().place, Place::Step(_)))
        };
        let job = self.view.pending.iter().find(is_step)?;
        let name = job.line.split_whitespace().next()?;
        let progress = job.how_far();
        Some(progress.map_or(format!("{name} is running"), |p| format!("{name} is running: {}", p.brief())))
    }

    /// Put the line that mends the error under the prompt into it.
    pub(super) fn mend(&mut self) {
        if let Note::Error { mended: Some(line), .. } = std::mem::take(&mut self.view.note) {
            self.view.prompt.set(&line);
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
