//! The rows of a figure whose axis has categories: names beside their own points, and none without a row.

use radnote::page::{Block, Page, Plot};
use radnote::plots::{self, Effect};
use radnote::render::cells::{self, PageView};
use radnote::render::svg;
use radnote::render::text::{self, Options};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{TIERS, lines, screen, theme};

/// As many effects as given, of which the i-th lies further to the right than those before it.
fn forest(count: usize) -> Plot {
    let effect = |i: usize| {
        let estimate = -1.0 + 2.0 * i as f64 / count as f64;
        Effect { name: format!("term{i:02}"), estimate, lower: estimate - 0.4, upper: estimate + 0.4 }
    };
    plots::forest("Odds ratios", &(0..count).map(effect).collect::<Vec<_>>())
}

/// The rows that hold a category's name, each with the column of its mark in the panel.
fn marks(picture: &str, mark: char) -> Vec<(String, usize)> {
    let named = picture.lines().filter(|l| l.trim_start().starts_with("term"));
    let found = named.map(|l| {
        let name = l.trim_start()[.."term00".len()].to_string();
        let panel = l.replace(&format!("{mark} odds ratio"), "");
        let at: Vec<usize> = panel.chars().enumerate().filter(|(_, c)| *c == mark).map(|(x, _)| x).collect();
        assert_eq!(at.len(), 1, "one mark beside `{name}`: {l}\n{picture}");
        (name, at[0])
    });
    found.collect()
}

#[test]
fn every_category_has_a_row_with_its_own_mark() {
    for count in [1, 2, 5, 12, 20, 37] {
        let page = Page::new("", "").plot(forest(count));
        for (width, height) in [(80, 24), (40, 12), (120, 40), (200, 60), (80, 21)] {
            for (glyphs, _) in TIERS {
                let rows = cells::height(&page, Rect::new(0, 0, width, height), theme(glyphs));
                // The page as it is scrolled past, put together again.
                let mut picture: Vec<String> = vec![String::new(); rows];
                for top in 0..=rows.saturating_sub(usize::from(height)) {
                    let view = PageView { top, left: 0 };
                    let seen = lines(&screen(&page, view, (width, height), theme(glyphs)));
                    seen.lines()
                        .enumerate()
                        .filter(|(i, _)| top + i < rows)
                        .for_each(|(i, l)| picture[top + i] = l.into());
                }
                let picture = picture.join("\n");
                let marks = marks(&picture, glyphs.mark(0));
                let names: Vec<String> = (0..count).map(|i| format!("term{i:02}")).collect();
                assert_eq!(marks.iter().map(|m| m.0.clone()).collect::<Vec<_>>(), names, "{width}x{height}\n{picture}");
                assert!(marks.windows(2).all(|w| w[0].1 <= w[1].1), "to the right:\n{picture}");
                assert!(marks[0].1 < marks[count - 1].1 || count < 2, "{picture}");
            }
        }
    }
}

/// Where a figure does not begin at the left border, as beside the cells of the notebook, its names stand in its own columns.
#[test]
fn names_stay_in_the_place_of_their_figure() {
    const LEFT: u16 = 31;
    let long = |i: usize| Effect { name: format!("a long name, {i:02}"), estimate: 0.0, lower: -0.4, upper: 0.4 };
    let page = Page::new("", "").plot(plots::forest("Odds ratios", &(0..5).map(long).collect::<Vec<_>>()));
    // The second is scrolled, and so is drawn elsewhere first.
    for top in [0, 2] {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 80, 18));
        let place = Rect { x: LEFT, width: 80 - LEFT, ..buffer.area };
        cells::draw(&page, &PageView { top, left: 0 }, place, &mut buffer, theme(TIERS[2].0));
        let picture = lines(&buffer);
        let (left, right): (Vec<String>, Vec<String>) = picture
            .lines()
            .map(|l| (l.chars().take(LEFT.into()).collect::<String>(), l.chars().skip(LEFT.into()).collect::<String>()))
            .unzip();
        assert!(left.iter().all(|l| l.trim().is_empty()), "{picture}");
        for i in 0..5 {
            assert_eq!(right.iter().filter(|l| l.contains(&format!(" {i:02}+"))).count(), 1, "{picture}");
        }
    }
}

/// On 24 rows the marks of a long forest are in sight at both of its ends, and the line that its intervals are read against.
#[test]
fn a_long_forest_has_its_marks_at_both_ends_and_its_line_all_the_way() {
    let effect = |i: usize| Effect { name: format!("term{i:02}"), estimate: 0.6, lower: -0.9, upper: 2.1 };
    for (count, times) in [(12, 1), (20, 2)] {
        let effects: Vec<Effect> = (0..count).map(effect).collect();
        let options = Options { width: 80, glyphs: TIERS[2].0, rows: None };
        let text = text::page_with(&Page::new("", "").plot(plots::forest("Odds ratios", &effects)), &options);
        let marks = |l: &&str| l.split_whitespace().collect::<Vec<_>>().windows(3).any(|w| w == ["0.5", "1", "2"]);
        assert_eq!(text.lines().filter(marks).count(), times, "{text}");
        let line: Vec<usize> = text.lines().filter(|l| l.contains("term")).filter_map(|l| l.find('|')).collect();
        assert!(line.len() == count && line.windows(2).all(|w| w[0] == w[1]), "{text}");
    }
}

#[test]
fn every_category_has_a_row_in_plain_text_and_on_paper() {
    let plot = forest(30);
    for (glyphs, _) in TIERS {
        let options = Options { width: 80, glyphs, rows: None };
        let text = text::page_with(&Page::new("", "").plot(plot.clone()), &options);
        assert_eq!(marks(&text, glyphs.mark(0)).len(), 30, "{text}");
    }
    let figure = svg::plot(&plot);
    assert!((0..30).all(|i| figure.contains(&format!(">term{i:02}<"))));
}

#[test]
fn a_legend_names_what_is_context() {
    let page = Page::new("", "").plot(forest(4));
    let picture = lines(&screen(&page, PageView::default(), (80, 24), theme(TIERS[2].0)));
    assert!(picture.contains("95 % interval") && !picture.contains("others"), "{picture}");
    let Block::Plot(plot) = &page.blocks[0] else { panic!("a plot") };
    assert!(svg::plot(plot).contains(">95 % interval<"));
}
