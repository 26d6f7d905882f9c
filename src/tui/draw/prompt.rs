//! The prompt: its text with what each part is, the hint, the cursor.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Color, Modifier, Style};

use super::write;
use crate::render::theme::Theme;
use crate::render::words::{clean, width};
use crate::session::complete::{self, Token};
use crate::tui::tune;
use crate::tui::view::View;

pub(super) fn draw(view: &View, place: Rect, buffer: &mut Buffer) -> Option<Position> {
    if place.is_empty() {
        return None;
    }
    if let Some(finding) = view.finding() {
        let x = write(buffer, place.x, Rect { height: 1, ..place }, &finding, view.theme.heading(), view.theme.glyphs);
        return Some(Position { x: x.min(place.right() - 1), y: place.y });
    }
    let lead = lead(view);
    let begin = write(buffer, place.x, Rect { height: 1, ..place }, &lead, view.theme.heading(), view.theme.glyphs);
    let (text, cursor) = (view.prompt.text(), view.prompt.cursor());
    if let Some(tuning) = view.tried().filter(|_| text.is_empty()) {
        let glyphs = view.theme.glyphs;
        let room = usize::from(place.right().saturating_sub(begin));
        let line = match view.standing(tuning.at) {
            Some(before) if width(&clean(&tuning.line, glyphs)) > room => {
                tune::brief(&before, &tuning.line, glyphs.ellipsis())
            }
            _ => tuning.line.clone(),
        };
        write(buffer, begin, Rect { height: 1, ..place }, &line, Style::new(), glyphs);
        return Some(Position { x: begin.min(place.right() - 1), y: place.y });
    }
    let row = text[..cursor].matches('\n').count();
    let first = (row + 1).saturating_sub(usize::from(place.height));
    let mut at = None;
    let mut start = 0;
    for (i, line) in text.split('\n').enumerate() {
        if i >= first && i < first + usize::from(place.height) {
            let y = place.y + (i - first) as u16;
            let room = Rect { x: begin, y, width: place.right().saturating_sub(begin), height: 1 };
            let here = (i == row).then_some(cursor - start);
            let x = one_line(line, here, view, room, buffer);
            at = at.or(x.map(|x| Position { x, y }));
        }
        start += line.len() + 1;
    }
    at
}

fn lead(view: &View) -> String {
    match (view.prompt.search(), view.tried()) {
        (Some((term, true)), _) => format!("search `{term}`: "),
        (Some((term, false)), _) => format!("search `{term}` (nothing older): "),
        (None, Some(_)) if view.prompt.is_empty() => "try> ".into(),
        _ if view.prompt.vi_commands() == Some(true) => ": ".into(),
        _ => "> ".into(),
    }
}

/// One line of the text, scrolled so that the cursor (a byte of it) is in sight; gives the cursor's column.
fn one_line(line: &str, cursor: Option<usize>, view: &View, room: Rect, buffer: &mut Buffer) -> Option<u16> {
    if room.is_empty() {
        return None;
    }
    let glyphs = view.theme.glyphs;
    let column = cursor.map_or(0, |c| width(&clean(&line[..c], glyphs)));
    let last = usize::from(room.width) - 1;
    let skip = column.saturating_sub(last);
    let mut cells: Vec<(String, Style)> = Vec::new();
    let mut at = 0;
    for (range, token) in complete::tokens(line) {
        cells.push((line[at..range.start].to_string(), Style::new()));
        cells.push((line[range.clone()].to_string(), style(token, view.theme)));
        at = range.end;
    }
    cells.push((line[at..].to_string(), Style::new()));
    if let Some(hint) = view.prompt.hint().filter(|_| cursor == Some(line.len())) {
        cells.push((view.theme.offered(hint), view.theme.faint()));
    }
    let offered = view.prompt.is_offered();
    let mut x = 0;
    for (text, style) in cells {
        let style = if offered { style.add_modifier(Modifier::REVERSED) } else { style };
        for letter in clean(&text, glyphs).chars() {
            let mut letters = [0; 4];
            let letter = letter.encode_utf8(&mut letters);
            let wide = width(letter);
            if x >= skip && x - skip + wide <= usize::from(room.width) {
                buffer.set_stringn(room.x + (x - skip) as u16, room.y, letter, wide, style);
            }
            x += wide;
        }
    }
    cursor.map(|_| room.x + (column - skip) as u16)
}

fn style(token: Token, theme: Theme) -> Style {
    match token {
        Token::Command => theme.coloured(Color::Cyan).add_modifier(Modifier::BOLD),
        Token::Flag => theme.coloured(Color::Cyan),
        Token::Value => theme.coloured(Color::Green),
        Token::Wrong => theme.coloured(Color::LightRed).add_modifier(Modifier::UNDERLINED),
        Token::Begun => Style::new(),
    }
}
