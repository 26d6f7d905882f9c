//! Lines typed before: one by one, or searched for.

use rustyline::history::{History, SearchDirection};

use super::Prompt;

/// A walk through the history.
#[derive(Debug)]
pub(super) struct Recall {
    at: usize,
    /// What was being typed when the walk began.
    draft: String,
}

/// A search backward through the history.
#[derive(Debug)]
pub(super) struct Search {
    term: String,
    at: usize,
    /// The text when the search began.
    before: String,
    found: bool,
}

impl Prompt {
    pub(super) fn older(&mut self) {
        let at = self.recall.as_ref().map_or(self.history.len(), |r| r.at);
        let Some(at) = at.checked_sub(1) else { return };
        let Some(line) = self.line_at(at) else { return };
        let draft = self.recall.take().map_or_else(|| self.text().to_string(), |r| r.draft);
        self.recall = Some(Recall { at, draft });
        self.set(&line);
    }

    /// To the same column of the line below or above, in a text that is not one of the history's. False where there is none.
    pub(super) fn step(&mut self, down: bool) -> bool {
        if self.recall.is_some() {
            return false;
        }
        let (before, after) = self.line.as_str().split_at(self.line.pos());
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let column = before[start..].chars().count();
        let target = match down {
            true => after.find('\n').map(|end| before.len() + end + 1),
            false => start.checked_sub(1).map(|end| before[..end].rfind('\n').map_or(0, |at| at + 1)),
        };
        let Some(target) = target else { return false };
        let line = self.line.as_str()[target..].split('\n').next().unwrap_or_default();
        let to = line.char_indices().nth(column).map_or(line.len(), |(at, _)| at);
        self.line.set_pos(target + to);
        true
    }

    pub(super) fn newer(&mut self) {
        let Some(Recall { at, draft }) = self.recall.take() else { return };
        match self.line_at(at + 1) {
            Some(line) => {
                self.recall = Some(Recall { at: at + 1, draft });
                self.set(&line);
            }
            None => self.set(&draft),
        }
    }

    /// What is searched for and whether it was found, while a search is on.
    pub fn search(&self) -> Option<(&str, bool)> {
        self.search.as_ref().map(|s| (s.term.as_str(), s.found))
    }

    pub fn search_start(&mut self) {
        let before = self.text().to_string();
        self.search = Some(Search { term: String::new(), at: self.history.len(), before, found: true });
        self.settle();
    }

    pub fn search_type(&mut self, letter: char) {
        if let Some(search) = &mut self.search {
            search.term.push(letter);
            self.find(true);
        }
    }

    pub fn search_backspace(&mut self) {
        let newest = self.history.len();
        if let Some(search) = &mut self.search {
            search.term.pop();
            search.at = newest;
            self.find(true);
        }
    }

    pub fn search_older(&mut self) {
        self.find(false);
    }

    /// End the search with the line that was found, or with what was there.
    pub fn search_end(&mut self, keep: bool) {
        if let Some(search) = self.search.take()
            && !keep
        {
            self.set(&search.before);
        }
        self.settle();
    }

    /// The newest line older than the last find (or as old, with `same`) that holds the term.
    fn find(&mut self, same: bool) {
        let Some(search) = &mut self.search else { return };
        if search.term.is_empty() || self.history.is_empty() {
            search.found = search.term.is_empty();
            return;
        }
        let newest = self.history.len() - 1;
        let from = if same { Some(search.at.min(newest)) } else { search.at.checked_sub(1) };
        let found =
            from.and_then(|from| self.history.search(&search.term, from, SearchDirection::Reverse).ok().flatten());
        search.found = found.is_some();
        if let Some(found) = found {
            search.at = found.idx;
            let line = found.entry.into_owned();
            self.set(&line);
        }
    }

    fn line_at(&self, at: usize) -> Option<String> {
        let found = self.history.get(at, SearchDirection::Reverse).ok().flatten();
        found.map(|found| found.entry.into_owned())
    }
}
