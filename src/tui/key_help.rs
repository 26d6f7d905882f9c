//! The keys as `?` shows them.

use crossterm::event::KeyCode as Code;

use super::keys::{KEYS, Key, When, shown};
use crate::commands::{Screen, TRIED};
use crate::page::Page;

/// The table as a page: first what holds on the screen that is open, and whether digits are typed into it (none: in the notebook),
/// last what holds elsewhere.
pub fn page(open: Option<(Screen, bool)>) -> Page {
    let mut page = Page::new("Keys", "letters go to the prompt; while it is empty, these keys work");
    let here = open.map_or(When::Empty, |(screen, _)| When::On(screen));
    let digits = open.is_some_and(|(_, digits)| digits);
    let own: Vec<&Key> = KEYS.iter().filter(|r| r.when == here).flat_map(|r| r.keys).collect();
    let mut parts = [
        ("Everywhere, while nothing is typed", &[When::Idle][..]),
        ("In the notebook", &[When::Empty]),
        (if open.is_some() { "On every screen" } else { "On the other screens" }, &[When::Beside]),
        ("On tune", &[When::On(Screen::Tune)]),
        ("On browse", &[When::On(Screen::Browse)]),
        ("On figures", &[When::On(Screen::Figures)]),
        ("On patients", &[When::On(Screen::Patients)]),
        ("On compare", &[When::On(Screen::Compare)]),
        ("On whatif", &[When::On(Screen::WhatIf)]),
        ("While something is typed into a screen", &[When::Entry]),
        ("While a threshold is moved", &[When::Tuning]),
        ("In the prompt", &[When::Typing, When::Prompt]),
        ("Always", &[When::Always]),
        ("In the menu of candidates", &[When::Menu]),
        ("While searching the lines typed before", &[When::Search]),
        ("While finding words in the page", &[When::Find]),
        ("Under an error that has a remedy", &[When::Mendable]),
        ("With vi's keys (`--vi`, or RADNOTE_KEYS=vi): while typing", &[When::ViTyping]),
        ("With vi's keys: commands, after Esc", &[When::ViCommand]),
    ];
    parts.sort_by_key(|(_, whens)| match whens {
        whens if whens.contains(&here) => 0,
        [When::Beside] if open.is_some() => 1,
        [When::On(_) | When::Empty] => 3,
        _ => 2,
    });
    for (title, whens) in parts {
        let mut rows = Vec::new();
        for row in KEYS.iter().filter(|r| whens.contains(&r.when) && !r.help.is_empty()) {
            // What the screen means by a key comes before what it means elsewhere.
            let taken = |key: &Key| open.is_some() && row.when != here && own.contains(&key);
            let typed = |key: &Key| digits && row.when == When::Idle && matches!(key.0, Code::Char('0'..='9'));
            let keys = shown(row, |key| taken(key) || typed(key));
            if !keys.is_empty() {
                rows.push((keys.join(", "), row.help));
            }
        }
        if !rows.is_empty() {
            page = page.text(format!("{title}:")).facts(rows);
        }
    }
    page.text(TRIED)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Block;

    /// The parts, each with its rows.
    fn parts(open: Option<(Screen, bool)>) -> Vec<(String, Vec<(String, String)>)> {
        let mut parts: Vec<(String, Vec<(String, String)>)> = Vec::new();
        for block in page(open).blocks {
            match block {
                Block::Text(title) => parts.push((title, Vec::new())),
                Block::Facts(rows) => parts.last_mut().unwrap().1 = rows,
                _ => {}
            }
        }
        parts
    }

    #[test]
    fn every_row_with_a_help_is_shown() {
        let shown: usize = parts(None).iter().map(|(_, rows)| rows.len()).sum();
        assert_eq!(shown, KEYS.iter().filter(|r| !r.help.is_empty()).count());
    }

    #[test]
    fn a_screen_shows_its_own_keys_first_and_none_that_mean_something_else_there() {
        let parts = parts(Some((Screen::Tune, true)));
        assert_eq!((&*parts[0].0, &*parts[1].0), ("On tune:", "On every screen:"));
        let keys = |at: usize| parts[at].1.iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>();
        assert!(keys(0).contains(&"0-9"), "all digits, not the first and the last");
        assert!(keys(0).contains(&"Right") && !keys(1).contains(&"Right") && keys(1).contains(&"Esc"));
        let everywhere = parts.iter().position(|(title, _)| title.starts_with("Everywhere")).unwrap();
        let digit = |key: &&str| key.contains(|c: char| c.is_ascii_digit()) && !key.contains('F') && *key != "0-9";
        assert!(!keys(everywhere).iter().any(digit), "{:?}", parts[everywhere]);
    }
}
