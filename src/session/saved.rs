//! The notebook goes on in another file: beside the one before or in another folder, where its lines must say the same.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::journal::Journal;
use super::mark::Mark;
use super::patients::Patients;
use super::variants::beside;
use super::{Reply, Session};
use crate::commands::{self, Kind, Position};
use crate::error::{Error, Result};
use crate::files;
use crate::page::Page;

impl Session {
    /// Write the notebook to this file, and its variants beside it, and go on there. Nothing is computed anew. Until all is
    /// written the notebook stays where it was.
    pub(super) fn save(&mut self, file: &Path) -> Result<Reply> {
        let own = self.file().is_some_and(|own| own == file || files::is_same(own, file));
        if file.exists() && !own {
            let (what, given) = ("the notebook's name".into(), file.display().to_string());
            let expected = "there is a file of that name already; choose another".into();
            return Err(Error::BadValue { what, given, expected });
        }
        let to = file.parent().map(Path::to_path_buf).unwrap_or_default();
        let away = files::whole(&to) != files::whole(&self.folder);
        let from = self.folder.clone();
        let moved = |line: &str| if away { moved(line, &from) } else { line.to_string() };
        let text = |text: &str| {
            let whole = text.replace("\\\n", " ");
            let line = |l: &str| if l.trim_start().starts_with('#') { l.to_string() } else { moved(l) };
            whole.lines().map(|l| line(l) + "\n").collect::<String>()
        };

        let mut entries = self.entries.clone();
        entries.iter_mut().for_each(|entry| entry.line = moved(&entry.line));
        let script = super::script::write(&entries);
        let mark = if own && self.mark.is_some() { None } else { Some(Mark::take(file)?) };
        let patients = self.patients();
        match self.write_all(file, &script, &patients, &moved, &text) {
            Ok(mut journal) => {
                self.counted.iter().for_each(|state| journal.count_in(state));
                self.journal = Some(journal);
            }
            Err(error) => {
                mark.flatten().into_iter().for_each(Mark::clear);
                return Err(error);
            }
        }
        if let Some(mark) = mark {
            self.finish();
            self.mark = mark;
        }
        if self.announced {
            self.announce();
        }
        let all = |lines: &mut Vec<String>| lines.iter_mut().for_each(|line| *line = moved(line));
        self.past.iter_mut().chain(self.forks.values_mut()).for_each(all);
        let renamed = entries.iter().zip(&self.entries).any(|(now, before)| now.line != before.line);
        let recorded = std::mem::take(&mut self.slow.recorded);
        self.slow.recorded = recorded.into_iter().map(|(line, said)| (moved(&line), said)).collect();
        self.entries = entries;
        self.folder = to;
        self.unsaved = None;
        let page = Page::new("Saved", format!("the notebook is now kept in {}", file.display()));
        let paths = "Its lines name files by their full paths now, since it stands in another folder.";
        Ok(Reply::Page(Arc::new(if renamed { page.text(paths) } else { page })))
    }

    /// The notebook's file, the journal with what the one before held, and a file for each variant.
    fn write_all(
        &self,
        file: &Path,
        script: &str,
        patients: &Patients,
        moved: &dyn Fn(&str) -> String,
        text: &dyn Fn(&str) -> String,
    ) -> Result<Journal> {
        files::write(file, |out| out.write_all(script.as_bytes()))?;
        for (name, lines) in &self.forks {
            let copy = beside(file, name);
            let before = self.file().map(|own| beside(own, name)).filter(|before| *before != copy);
            // What the variant said stands in its own file.
            let said = before.and_then(|path| std::fs::read_to_string(path).ok()).map(|said| text(&said));
            let plain = || lines.iter().map(|line| moved(line) + "\n").collect::<String>();
            if !copy.exists() {
                files::write(&copy, |out| out.write_all(said.unwrap_or_else(plain).as_bytes()))?;
            }
        }
        let (mut journal, _) = Journal::open(file)?;
        if let Some(before) = self.journal.as_ref().filter(|before| before.file() != file) {
            journal.carry(before, script, patients, text)?;
        }
        Ok(journal)
    }
}

/// That this notebook is in memory only, with the line that keeps it in the user's own folder or where radnote was started.
pub(super) fn not_kept(notebook: &Path, why: String) -> Error {
    let home = std::env::var_os("HOME").filter(|home| !home.is_empty()).map(PathBuf::from);
    let folder = home.into_iter().chain(std::env::current_dir()).find(|folder| files::is_writable(folder));
    let stem = notebook.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let names = (1..100).map(|n| if n == 1 { format!("{stem}.rad") } else { format!("{stem}-{n}.rad") });
    let free = folder.and_then(|folder| names.map(|name| folder.join(name)).find(|file| !file.exists()));
    let line = free.map(|file| format!("save {}", commands::quote(&file.to_string_lossy())));
    Error::NotKept { notebook: notebook.to_path_buf(), why, line }
}

/// The line as it says the same from any folder: what it names of `folder` by its full path. A line that cannot be read stays.
pub(super) fn moved(line: &str, folder: &Path) -> String {
    let Ok(Some(command)) = commands::parse(line) else { return line.to_string() };
    let flags = command.spec().flags;
    let mut bare = flags.iter().filter(|f| f.position == Position::First);
    let rest = flags.iter().find(|f| f.position == Position::Rest);
    let mut named = None;
    let words = commands::words(&command.line()).unwrap_or_default();
    let word = |(i, word): (usize, String)| {
        if let Some(name) = word.strip_prefix("--").filter(|_| i > 0) {
            named = flags.iter().find(|f| f.position == Position::Named && f.name == name);
            return word;
        }
        let flag = named.take().or_else(|| if i > 0 { bare.next().or(rest) } else { None });
        let path = folder.join(&word);
        let is_file = match flag.map(|f| f.kind) {
            Some(Kind::File | Kind::Table) => true,
            // What is no file is the name of a preset.
            Some(Kind::Params) => path.is_file(),
            _ => false,
        };
        let whole = std::path::absolute(&path)
            .unwrap_or(path)
            .to_str()
            .filter(|_| is_file && !word.is_empty())
            .map(str::to_string);
        commands::quote(&whole.unwrap_or(word))
    };
    words.into_iter().enumerate().map(word).collect::<Vec<_>>().join(" ")
}
