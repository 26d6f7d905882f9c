//! `doctor`: a test card of the terminal and the machine, and what to do about each problem.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::spec::{Command, Place, Spec, Step, World};
use crate::error::Result;
use crate::features;
use crate::files;
use crate::page::{Axis, Mark, Page, Plot, Series, Table};
use crate::render::theme::{Colour, Glyphs, Theme};
use crate::task::Task;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Doctor {}

impl Command for Doctor {
    const SPEC: Spec = Spec {
        name: "doctor",
        summary: "a test card: terminal, colours, glyphs, cache, threads, and what to do about each problem",
        about: "What radnote found out about this terminal and this machine, how it draws because of that, and the remedy of \
                whatever is not as it could be. `radnote doctor` prints it without a notebook. Glyphs follow the locale \
                (LC_ALL, LC_CTYPE, LANG) and TERM, colours TERM, COLORTERM and NO_COLOR; `--ascii` forces plain characters.",
        place: Place::Request,
        flags: &[],
        examples: &["doctor"],
    };

    fn run(&self, world: &World<'_>) -> Result<Step> {
        Ok(Step::Show(card(&Found::here(world.cache, world.task)?)))
    }
}

/// What there is.
struct Found {
    term: String,
    locale: String,
    multiplexer: &'static str,
    size: Option<(u16, u16)>,
    theme: Theme,
    no_color: bool,
    cache: String,
    cached: (u64, u64),
    cache_writable: bool,
    threads: usize,
}

impl Found {
    fn here(cache: &Path, task: &Task) -> Result<Self> {
        let set = |name: &str| std::env::var(name).unwrap_or_default();
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].map(set).into_iter().find(|v| !v.is_empty()).unwrap_or_default();
        let multiplexer = match () {
            () if !set("TMUX").is_empty() => "tmux",
            () if !set("STY").is_empty() => "GNU screen",
            () => "none",
        };
        Ok(Self {
            term: set("TERM"),
            locale,
            multiplexer,
            size: crossterm::terminal::size().ok().filter(|s| s.0 > 0 && s.1 > 0),
            theme: Theme::of_environment(),
            no_color: !set("NO_COLOR").is_empty(),
            cache: cache.display().to_string(),
            cached: held(cache, task)?,
            cache_writable: files::is_writable(cache),
            threads: std::thread::available_parallelism().map_or(1, usize::from),
        })
    }

    /// What is not as it could be, and what to do about it.
    fn problems(&self) -> Vec<(String, String)> {
        let mut found: Vec<(String, String)> = Vec::new();
        let mut put = |holds: bool, what: &str, remedy: &str| {
            if holds {
                found.push((what.into(), remedy.into()));
            }
        };
        let dumb = ["", "dumb", "emacs", "cons25"].contains(&self.term.as_str());
        put(
            dumb,
            "TERM names no screen, so there is only the line prompt",
            "set TERM to what your terminal is, most often xterm-256color",
        );
        let ascii = self.theme.glyphs == Glyphs::Ascii && !dumb;
        put(
            ascii,
            "the locale is not UTF-8, so curves are drawn in plain characters",
            "run `export LC_ALL=C.UTF-8` before radnote, if your terminal shows UTF-8",
        );
        put(
            self.theme.glyphs == Glyphs::Block,
            "the Linux console has no braille in its font and 16 colours, so curves are coarse and scans are drawn in characters",
            "connect by SSH from a graphical terminal to see them finer",
        );
        put(self.no_color, "NO_COLOR is set, so there is no colour", "unset NO_COLOR to have colours");
        // A console has no more, whatever TERM says.
        let sixteen = self.theme.colour == Colour::Sixteen && self.theme.glyphs != Glyphs::Block;
        put(
            sixteen,
            "TERM promises 16 colours only, so scans are drawn in characters",
            "set TERM to xterm-256color, if your terminal has 256 colours",
        );
        let small = self.size.is_some_and(|(wide, high)| wide < 80 || high < 24);
        put(
            small,
            "the terminal is smaller than 80 columns and 24 rows, so one pane is shown at a time",
            "make its window larger or its font smaller",
        );
        put(
            self.size.is_none(),
            "there is no terminal, or it does not tell its size",
            "pages are printed 100 columns wide; `--width` says otherwise",
        );
        put(
            self.multiplexer == "tmux",
            "tmux keeps `copy` from the clipboard unless told",
            "run `tmux set -s set-clipboard on`",
        );
        put(
            self.multiplexer == "GNU screen",
            "GNU screen does not hand `copy` on to the clipboard",
            "write tables to a file: `export NAME.csv --table NAME`",
        );
        put(
            !self.cache_writable,
            "features cannot be kept in the cache, so each run computes them again",
            "set RADNOTE_CACHE to a folder you can write to",
        );
        found
    }
}

fn card(found: &Found) -> Page {
    let problems = found.problems();
    let headline = match problems.len() {
        0 => "all is well".to_string(),
        1 => "1 thing could be better".to_string(),
        n => format!("{n} things could be better"),
    };
    let page = Page::new("Test card", headline).facts(facts(found));
    let page = if problems.is_empty() {
        page
    } else {
        let mut table = Table::new("What to do").left("found").left("remedy");
        problems.iter().for_each(|(what, remedy)| table.row([what.as_str(), remedy.as_str()]));
        page.table(table)
    };
    let glyphs = found.theme.glyphs;
    let marks = (0..8).map(|k| glyphs.mark(k).to_string()).collect::<Vec<_>>().join(" ");
    let rows = [
        ("plain", "+ - | o x   0123456789", true),
        ("box", "┌─┬─┐ │ └─┴─┘ █ ▒ ░", true),
        ("braille", "⠁⠃⠇⡇⡏⡟⡿⣿ ⣀⣤⣶⣿", glyphs != Glyphs::Block),
        ("marks", if glyphs == Glyphs::Ascii { "● ▲ ■ ◆ ○ △ □ ◇" } else { &marks }, true),
        ("words", if glyphs == Glyphs::Block { "Ärzte, µm, ≤ 0.05" } else { "Ärzte, µm, ≤ 0.05, 2×2" }, true),
    ];
    // What the tier does without would not be readable where it is right to.
    let rows: Vec<String> =
        rows.iter().filter(|row| row.2).map(|(name, sample, _)| format!("{name:<7} {sample}")).collect();
    page.text("Glyphs: each line should be readable. Where the last letters of a row are boxes or question marks, start radnote with `--ascii`.")
        .verbatim(rows.join("\n"))
        .text("Colours and marks: six lines that differ by mark and, where there is colour, by colour.")
        .plot(lines())
}

fn facts(found: &Found) -> Vec<(&'static str, String)> {
    let or = |text: &str, none: &str| if text.is_empty() { none.to_string() } else { text.to_string() };
    let (files, bytes) = found.cached;
    let writable = if found.cache_writable { "" } else { ", cannot be written" };
    vec![
        ("version", format!("{}, features {}", env!("CARGO_PKG_VERSION"), features::DEFINITION)),
        ("terminal", or(&found.term, "not named (TERM is empty)")),
        ("size", found.size.map_or("unknown".into(), |(wide, high)| format!("{wide} columns, {high} rows"))),
        ("inside", found.multiplexer.to_string()),
        ("locale", or(&found.locale, "not set")),
        (
            "glyphs",
            match found.theme.glyphs {
                Glyphs::Braille => "braille and box".into(),
                Glyphs::Block => "half block and box (no braille)".into(),
                Glyphs::Ascii => "plain ASCII".into(),
            },
        ),
        (
            "colours",
            match found.theme.colour {
                Colour::None => "none; bold, underline and reverse instead".into(),
                Colour::Sixteen => "16".into(),
                Colour::Indexed => "256".into(),
                Colour::True => "any (true colour)".into(),
            },
        ),
        ("cache", format!("{} ({files} files, {}{writable})", found.cache, size(bytes))),
        ("threads", found.threads.to_string()),
    ]
}

fn size(bytes: u64) -> String {
    match bytes as f64 {
        b if b >= 1e9 => format!("{:.1} GB", b / 1e9),
        b if b >= 1e6 => format!("{:.1} MB", b / 1e6),
        b => format!("{:.0} kB", b / 1e3),
    }
}

/// Files and bytes below a folder; none where it is not there yet.
fn held(folder: &Path, task: &Task) -> Result<(u64, u64)> {
    task.check()?;
    let mut held = (0, 0);
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        // A file that goes away while it is counted counts nothing.
        let Ok(meta) = entry.metadata() else { continue };
        let (files, bytes) = if meta.is_dir() { self::held(&entry.path(), task)? } else { (1, meta.len()) };
        held = (held.0 + files, held.1 + bytes);
    }
    Ok(held)
}

fn lines() -> Plot {
    let names = ["blue", "orange", "purple", "green", "vermillion", "sky"];
    let plot = Plot::new("", Axis::new("", 0.0, 10.0), Axis::new("", 0.0, 7.0));
    names.iter().enumerate().fold(plot, |plot, (k, name)| {
        let high = 6.0 - k as f64;
        plot.series(Series::new(*name, Mark::Line, (0..=10).map(|x| (f64::from(x), high)).collect()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found() -> Found {
        Found {
            term: "xterm-256color".into(),
            locale: "C.UTF-8".into(),
            multiplexer: "none",
            size: Some((80, 24)),
            theme: Theme { glyphs: Glyphs::Braille, colour: Colour::Indexed },
            no_color: false,
            cache: "cache".into(),
            cached: (2, 3_000_000),
            cache_writable: true,
            threads: 2,
        }
    }

    #[test]
    fn where_all_is_well_nothing_is_to_do() {
        let page = card(&found());
        assert_eq!(page.headline, "all is well");
        assert!(!page.blocks.iter().any(|b| matches!(b, crate::page::Block::Table(_))));
    }

    #[test]
    fn each_problem_has_a_remedy() {
        let poor = Found {
            term: "linux".into(),
            multiplexer: "tmux",
            size: Some((40, 12)),
            theme: Theme { glyphs: Glyphs::Block, colour: Colour::None },
            no_color: true,
            cache_writable: false,
            ..found()
        };
        let problems = poor.problems();
        assert_eq!(problems.len(), 5);
        let console =
            Found { theme: Theme { glyphs: Glyphs::Block, colour: Colour::Sixteen }, term: "linux".into(), ..found() };
        let said = console.problems();
        assert!(said.len() == 1 && said[0].0.contains("16 colours") && !said[0].1.contains("set TERM"), "{said:?}");
        let text = format!("{:?}", card(&console).blocks);
        assert!(!text.contains('⣿') && text.contains("• ▲ ■ ♦"), "{text}");
        assert!(problems.iter().all(|(what, remedy)| !what.is_empty() && !remedy.is_empty()));
        let dumb = Found { term: "dumb".into(), size: None, theme: Theme::default(), ..found() };
        assert_eq!(dumb.problems().len(), 2);
    }
}
