//! The rows of a figure whose axis has categories: names beside their own points, and none without a row.

use radnote::page::{Block, Page, Plot};
use radnote::plots::{self, Effect};
use radnote::render::cells::{self, PageView};
use radnote::render::svg;
use radnote::render::text::{self, Options};
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
