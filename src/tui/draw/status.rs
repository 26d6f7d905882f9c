//! The line of state at the top: the cohort and the funnel; while something runs, how far it is.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use super::write;
use crate::render::words::width;
use crate::tui::layout::NARROW;
use crate::tui::notebook::funnel;
use crate::tui::tune;
use crate::tui::view::View;

pub(super) fn draw(view: &View, place: Rect, buffer: &mut Buffer) {
    let style = Style::new().add_modifier(Modifier::REVERSED);
    buffer.set_style(place, style);
    let glyphs = view.theme.glyphs;
    // While a threshold moves, its differences say how far the notebook has followed.
    let running = if view.tuning.as_ref().is_some_and(|t| t.job.is_some()) { None } else { running(view) };
    let bold = style.add_modifier(Modifier::BOLD);
    let name = if place.width < NARROW { " " } else { " radnote  " };
    let mut x = write(buffer, place.x, place, name, bold, glyphs);
    if let Some(running) = running {
        write(buffer, x, place, &running, bold, glyphs);
        return;
    }
    let parts: Vec<Part> = match &view.tuning {
        Some(tuning) => {
            let line = view.notebook.cells.get(tuning.at).map_or("", |c| c.line.as_str());
            let moved = tune::moved(line, &tuning.line);
            let behind = view.behind().map(|p| p.line());
            let parts = std::iter::once(moved).chain(behind).chain(tuning.difference.iter().cloned());
            parts.map(|part| (part, None)).collect()
        }
        None => {
            let behind = behind(view).map(|text| (text, None));
            behind.into_iter().chain(facts(view)).collect()
        }
    };
    let mut first = true;
    for (whole, short) in parts.iter().filter(|(whole, _)| !whole.is_empty()) {
        // A part that does not fit is left out, unless it is the first.
        let room = usize::from(place.right().saturating_sub(x));
        let fits = |part: &&String| first || width(part) + 3 <= room;
        let Some(part) = [Some(whole), short.as_ref()].into_iter().flatten().find(fits) else { continue };
        x = if first { x } else { write(buffer, x, place, " | ", style, glyphs) };
        x = write(buffer, x, place, part, style, glyphs);
        first = false;
    }
}

/// A part of the line, and its short form where it has one.
type Part = (String, Option<String>);

/// What is known of the notebook, the most wanted first (on a narrow screen the funnel): a report must say how many
/// alternatives were tried, so that comes before the file's name and the roles.
fn facts(view: &View) -> Vec<Part> {
    let notebook = &view.notebook;
    let counts: Vec<String> = funnel(view.cells()).iter().map(ToString::to_string).collect();
    let counts = if counts.is_empty() { String::new() } else { format!("features {}", counts.join(" -> ")) };
    let mut cohort = notebook.cohort.iter().map(|part| (part.clone(), None));
    let mut parts: Vec<Part> = cohort.next().into_iter().collect();
    parts.insert(if view.area.width < NARROW { 0 } else { parts.len() }, (counts, None));
    match notebook.alternatives {
        0 => {}
        1 => parts.push(("1 alternative tried".into(), Some("1 tried".into()))),
        count => parts.push((format!("{count} alternatives tried"), Some(format!("{count} tried")))),
    }
    parts.extend(cohort);
    let file = notebook.file.as_ref().map(|f| f.file_name().unwrap_or_default().to_string_lossy().into_owned());
    parts.push((file.unwrap_or_else(|| "kept in no file".into()), None));
    parts
}

/// How far the slow views are that are computed behind.
fn behind(view: &View) -> Option<String> {
    let job = view.pending.iter().find(|p| p.behind && !p.stopping)?;
    Some(job.task.progress().filter(|p| p.done < p.total)?.line())
}

/// What runs and how far it is; none while nothing does, or only for a moment.
fn running(view: &View) -> Option<String> {
    let mut jobs = view.pending.iter().filter(|p| !p.behind);
    let job = jobs.clone().find(|p| !p.stopping).or(jobs.next())?;
    let waiting = view.pending.iter().filter(|p| !p.stopping && !p.behind).count().saturating_sub(1);
    let what = match job.task.progress().filter(|p| p.done < p.total) {
        Some(progress) => progress.line(),
        None if job.since.elapsed().as_millis() < 300 => return None,
        None => {
            let name = job.line.split_whitespace().next().unwrap_or("the notebook").to_string();
            format!("{name} runs, {} s", job.since.elapsed().as_secs())
        }
    };
    let stop = if job.stopping { "  stopping" } else { "  Ctrl-C stops" };
    let more = if waiting > 0 { format!(", {waiting} more to run") } else { String::new() };
    Some(format!("{what}{more}{stop}"))
}
