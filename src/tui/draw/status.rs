//! The line of state at the top: the cohort and the funnel; while something runs, how far it is.

mod facts;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use super::write;
use crate::commands::{self, Screen};
use crate::render::words::width;
use crate::session::Behind;
use crate::task::Progress;
use crate::tui::layout::NARROW;
use crate::tui::tune;
use crate::tui::view::{Pending, View};

/// The program's name, and what stands between two parts.
const NAME: &str = " radnote  ";
const BAR: &str = " | ";
const UNSAVED: &str = "NOT SAVED";

pub(super) fn draw(view: &View, place: Rect, buffer: &mut Buffer) {
    let style = Style::new().add_modifier(Modifier::REVERSED);
    buffer.set_style(place, style);
    let glyphs = view.theme.glyphs;
    // While a threshold moves, its differences say how far the notebook has followed.
    let follows = view.tuning.as_ref().is_some_and(|t| t.job.is_some()) && view.keeping().next().is_none();
    let running = if follows { None } else { running(view) };
    let bold = style.add_modifier(Modifier::BOLD);
    let name = if place.width < NARROW { " " } else { NAME };
    if let Some(running) = running {
        let x = write(buffer, place.x, place, name, bold, glyphs);
        let room = usize::from(place.right().saturating_sub(x));
        let fits = running.iter().find(|text| width(text) <= room).or(running.last());
        write(buffer, x, place, fits.map_or("", String::as_str), bold, glyphs);
        return;
    }
    let (name, parts): (&str, Vec<Part>) = match &view.tuning {
        Some(tuning) => {
            let page = view.notebook.cells.get(tuning.at).map(|c| &*c.page);
            let line = match tuning.kept {
                Some(_) => view.notebook.cells.get(tuning.at).map(|c| c.line.clone()),
                None => view.standing(tuning.at),
            };
            let line = line.unwrap_or_default();
            let moved = tune::moved(&line, page, &tuning.line);
            let behind = view.behind().map(stoppable);
            // The screen of thresholds has a row of its own for what differs.
            let here = view.screen().is_none_or(|open| open.row.screen != Screen::Tune);
            let mut difference = if here { tuning.difference() } else { Vec::new() };
            if here && tuning.waits() {
                difference.insert(0, "computing".into());
            }
            let whole = |part: String| (part, None);
            let parts = std::iter::once(whole(moved)).chain(behind).chain(difference.into_iter().map(whole));
            (name, parts.collect())
        }
        None => facts::facts(view, view.behind().map(stoppable), usize::from(place.width)),
    };
    let mut x = write(buffer, place.x, place, name, bold, glyphs);
    let unsaved = view.notebook.unsaved.as_ref().map(|_| (UNSAVED.to_string(), None));
    let parts: Vec<Part> = unsaved.into_iter().chain(parts).collect();
    let mut first = true;
    for (whole, short) in parts.iter().filter(|(whole, _)| !whole.is_empty()) {
        // A part that does not fit is left out, unless it is the first.
        let room = usize::from(place.right().saturating_sub(x));
        let bar = if first { 0 } else { width(BAR) };
        let fits = |part: &&String| width(part) + bar <= room || first && short.is_none();
        let Some(part) = [Some(whole), short.as_ref()].into_iter().flatten().find(fits) else { continue };
        x = if first { x } else { write(buffer, x, place, BAR, style, glyphs) };
        x = write(buffer, x, place, part, style, glyphs);
        first = false;
    }
}

/// A part of the line, and its short form where it has one.
type Part = (String, Option<String>);

/// How far it is, and how it is stopped.
fn stoppable(progress: Progress) -> Part {
    (format!("{}  Ctrl-C stops", progress.line()), Some(format!("{}  Ctrl-C stops", progress.brief())))
}

/// What runs and how far it is, in longer and shorter words: how to stop it is said in all of them. None while nothing runs, or
/// only for a moment; nor while what was stopped comes to its end beside what runs behind.
fn running(view: &View) -> Option<Vec<String>> {
    let mut jobs = view.pending.iter().filter(|p| p.behind.is_none());
    let stopped = |p: &Pending| p.task.check().is_err();
    let job = jobs.clone().find(|p| !stopped(p)).or_else(|| jobs.next().filter(|_| view.behind().is_none()))?;
    let (what, brief) = match job.how_far() {
        Some(progress) => (progress.line(), progress.brief()),
        None if job.since.elapsed().as_millis() < 300 => return None,
        None => {
            let text = format!("{} runs, {} s", name(&job.line), job.since.elapsed().as_secs());
            (text.clone(), text)
        }
    };
    let waited = waits_for(view, job);
    let least = format!("{} {}", name(&job.line), if waited.is_some() { "waits" } else { "runs" });
    let (what, brief) = waited.unwrap_or((what, brief));
    let waits = |p: &&Pending| p.id != job.id && !stopped(p) && p.behind.is_none() && !p.line.is_empty();
    let waiting: Vec<&str> = view.pending.iter().filter(waits).map(|p| p.line.as_str()).collect();
    // How many wait is said before how far it is in long words; the line that comes next, where there is room.
    let (more, count) = match waiting.as_slice() {
        [] => (String::new(), String::new()),
        [next] => (format!("; 1 line waits: {next}"), "; 1 line waits".into()),
        [next, ..] => (format!("; {0} lines wait: {next}", waiting.len()), format!("; {} lines wait", waiting.len())),
    };
    let stop = if stopped(job) { "stopping" } else { "Ctrl-C stops" };
    let forms = [(&what, &*more), (&what, &*count), (&brief, &*more), (&brief, &*count), (&brief, ""), (&least, "")];
    Some(forms.map(|(a, b)| format!("{a}{b}  {stop}")).to_vec())
}

/// `export waits for validate, 211/2000`, with the time left where there is room: a line that passes on what a slow view says waits for the slow
/// view that is computed behind.
fn waits_for(view: &View, job: &Pending) -> Option<(String, String)> {
    let command = commands::parse(&job.line).ok().flatten()?;
    let passed_on = |b: &&Behind| commands::passes_on(&*command, &b.key.1) && view.computes(&b.key).is_some();
    let behind = view.notebook.behind.iter().find(passed_on)?;
    let progress = view.computes(&behind.key)?.how_far()?;
    let brief = format!("{} waits for {}, {}/{}", name(&job.line), behind.name(), progress.done, progress.total);
    let left = progress.line().split_once(", ").map_or(String::new(), |(_, left)| format!(", {left}"));
    Some((format!("{brief}{left}"), brief))
}

fn name(line: &str) -> &str {
    line.split_whitespace().next().unwrap_or("the notebook")
}
