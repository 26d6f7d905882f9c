//! What is not kept: a threshold that is tried, which whatever ends it says in the same words, and lines that were cut off.

use super::act::App;
use super::view::Note;
use crate::commands::{Screen, short};

impl App {
    /// The lines that were cut off come back to the prompt: the first ran, and the others waited behind it.
    pub(super) fn offers(&mut self, cut_off: &[String]) {
        let [first, waited @ ..] = cut_off else { return };
        self.view.prompt.give_back(&cut_off.join("\n"));
        self.cut_off = cut_off.to_vec();
        let (waited, them) = match waited.len() {
            0 => (String::new(), "it"),
            1 => (" and 1 line waited".into(), "them"),
            count => (format!(" and {count} lines waited"), "them"),
        };
        self.say(&format!(
            "this notebook was cut off while `{first}` ran{waited}; Enter runs {them} again, Esc puts {them} aside"
        ));
    }

    /// A move is open where Enter keeps it and Esc takes it back: with nothing in the prompt, in the notebook or on the screen
    /// of thresholds. Whatever brings a text to the prompt or opens another screen ends it, so that Enter there is theirs.
    pub(super) fn close_move(&mut self) {
        let typed = !self.view.prompt.is_empty() && self.view.prompt.search().is_none();
        let elsewhere = self.view.open.as_ref().is_some_and(|open| open.row.screen != Screen::Tune);
        if let Some(line) = self.view.tried().filter(|_| typed || elsewhere).map(|t| t.line.clone()) {
            let note = std::mem::take(&mut self.view.note);
            self.end_tuning();
            self.view.note = note;
            self.not_kept(&line);
        }
    }

    /// Say, beside what else is said, that this line was tried and is not kept.
    pub(super) fn not_kept(&mut self, line: &str) {
        let text = not_kept(line);
        match &mut self.view.note {
            Note::Keys => self.say(&text),
            Note::Said(said) => *said += &format!("; {text}"),
            Note::Error { sentence, .. } => *sentence += &format!("; {text}"),
        }
    }

    /// What leaving now would lose, beside a notebook that is not on disk.
    fn unkept(&self) -> Option<String> {
        let tried = self.view.tried().map(|t| not_kept(&t.line));
        tried.or_else(|| self.view.open.as_ref().and_then(|open| open.state.lost()))
    }

    /// That Ctrl-C once more leaves, and what becomes of the notebook then.
    pub(super) fn before_leaving(&self) -> String {
        let saved = self.view.notebook.unsaved.is_none().then(|| "the notebook is saved".to_string());
        let parts: Vec<String> = saved.into_iter().chain(self.unkept()).collect();
        let what = if parts.is_empty() { String::new() } else { format!(" ({})", parts.join("; ")) };
        format!("nothing is running; Ctrl-C again leaves{what}")
    }

    /// What is left on the terminal: the lines of a notebook that is on no disk, what was not kept and what was not done.
    pub(super) fn parting(&self) -> String {
        let lines: Vec<String> = self.view.not_done().map(|line| format!("`{}`", short(line))).collect();
        let not_done = (!lines.is_empty()).then(|| format!("not done: {}", lines.join(", ")));
        let more: String = self.unkept().into_iter().chain(not_done).map(|text| format!("{text}\n")).collect();
        format!("{}{more}", self.view.notebook.parting())
    }
}

fn not_kept(line: &str) -> String {
    format!("not kept: `{}`", short(line))
}
