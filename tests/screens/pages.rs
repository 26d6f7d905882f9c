//! What a reader must not lose at the edges of a page: rows, words, and the blank between two.

use std::collections::BTreeSet;

use radnote::page::{Axis, Guide, Mark, Page, Plot, Series, Table};
use radnote::render::cells::{self, PageView};
use radnote::render::theme::Glyphs;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::{lines, screen, theme};

#[test]
fn a_header_never_stands_without_a_row_and_no_row_is_lost() {
    let table = |name: &str| {
        let mut table = Table::new(format!("Table {name}")).left(&format!("head {name}")).right("value");
        (0..7).for_each(|i| table.row([format!("row {name}{i}"), i.to_string()]));
        table
    };
    let page = ["a", "b", "c"].into_iter().fold(Page::new("Tables", "three of them"), |p, name| p.table(table(name)));
    let theme = theme(Glyphs::Ascii);
    for (width, height) in [(40, 6), (40, 9), (80, 13), (80, 18)] {
        let mut seen = BTreeSet::new();
        let last = cells::height(&page, Rect::new(0, 0, width, height), theme) - usize::from(height);
        for top in 0..=last {
            let picture = lines(&screen(&page, PageView { top, left: 0 }, (width, height), theme));
            let rows: Vec<&str> = picture.lines().collect();
            for (i, row) in rows.iter().enumerate().filter(|(_, r)| r.starts_with("head ")) {
                assert!(rows.get(i + 1).is_some_and(|r| r.starts_with("row ")), "{row} at {top}:\n{picture}");
            }
            seen.extend(rows.iter().filter(|r| r.starts_with("row ")).map(|r| r[..6].to_string()));
        }
        assert_eq!(seen.len(), 21, "at {width}x{height}");
    }
}

#[test]
fn a_formula_is_whole_on_a_narrow_screen() {
    let formula =
        "score = -0.94 + 1.358 x z(original_glszm_HighGrayLevelZoneEmphasis) - 0.2 x z(original_shape_Sphericity)";
    let page = Page::new("Signature", "2 features").verbatim(formula);
    for width in [20, 40, 80] {
        let picture = lines(&screen(&page, PageView::default(), (width, 20), theme(Glyphs::Ascii)));
        let written: String = picture.split_whitespace().collect();
        assert!(written.contains(&formula.replace(' ', "")), "{picture}");
    }
}

#[test]
fn what_two_guides_say_is_not_run_together() {
    let plot = |apart: f64| {
        Plot::new("", Axis::new("", 0.0, 1.0), Axis::new("", 0.0, 1.0))
            .series(Series::new("", Mark::Line, vec![(0.0, 0.0), (1.0, 1.0)]))
            .guide(Guide::Vertical(0.4, "min".into()))
            .guide(Guide::Vertical(0.4 + apart, "1se".into()))
    };
    for step in 0..40 {
        let page = Page::new("", "").plot(plot(f64::from(step) / 200.0));
        let picture = lines(&screen(&page, PageView::default(), (60, 16), theme(Glyphs::Ascii)));
        assert!(picture.contains("min") && picture.contains("1se"), "{picture}");
        assert!(!picture.contains("min1se"), "{picture}");
    }
}

/// A dashed line that crosses a label leaves nothing of its own style in it.
#[test]
fn what_a_guide_says_has_one_style() {
    for step in 0..20 {
        let plot = Plot::new("", Axis::new("", 0.0, 1.0), Axis::new("", 0.0, 1.0))
            .series(Series::new("", Mark::Line, vec![(0.0, 0.0), (1.0, 1.0)]))
            .guide(Guide::Vertical(0.4, "minimum".into()))
            .guide(Guide::Vertical(0.41 + f64::from(step) / 100.0, String::new()))
            .guide(Guide::Horizontal(1.0 - f64::from(step) / 20.0, String::new()));
        let buffer = screen(&Page::new("", "").plot(plot), PageView::default(), (60, 16), theme(Glyphs::Braille));
        let rows = lines(&buffer);
        let (y, row) = rows.lines().enumerate().find(|(_, row)| row.contains("minimum")).unwrap();
        let x = row[..row.find("minimum").unwrap()].chars().count();
        for (x, letter) in (x..).zip("minimum".chars()) {
            let cell = &buffer[(x as u16, y as u16)];
            assert_eq!(cell.symbol(), letter.to_string(), "{rows}");
            assert!(!cell.modifier.contains(Modifier::DIM), "`{letter}` is dim\n{rows}");
        }
    }
}
