//! Pages at several sizes: pictures compared with those in `tests/screens`, and laws that hold at any size.
//!
//! `RADNOTE_BLESS=1 cargo test --release screens` rewrites the pictures; look at what changed before keeping it.

mod beside;
mod categories;
mod pages;
mod samples;

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use radnote::caution::Caution;
use radnote::page::{Axis, Block, Guide, Mark, Page, Plot, Scale, Series, Table};
use radnote::render::cells::{self, PageView};
use radnote::render::text::{self, Options};
use radnote::render::theme::{Colour, Glyphs, Theme};
use radnote::render::{html, json, markdown, svg, words};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Color;

const TIERS: [(Glyphs, &str); 3] = [(Glyphs::Braille, "braille"), (Glyphs::Block, "block"), (Glyphs::Ascii, "ascii")];
const SIZES: [(u16, u16); 3] = [(80, 24), (40, 12), (200, 60)];

fn theme(glyphs: Glyphs) -> Theme {
    Theme { glyphs, colour: Colour::None }
}

/// The page on a screen of that size, drawn as the full screen draws it.
fn screen(page: &Page, view: PageView, (width, height): (u16, u16), theme: Theme) -> Buffer {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    terminal.draw(|frame| cells::draw(page, &view, frame.area(), frame.buffer_mut(), theme)).unwrap();
    terminal.backend().buffer().clone()
}

fn lines(buf: &Buffer) -> String {
    let row = |y| {
        let mut text = String::new();
        let mut x = 0;
        while x < buf.area.width {
            let symbol = buf[(x, y)].symbol();
            text.push_str(symbol);
            x += words::width(symbol).max(1) as u16;
        }
        text.trim_end().to_string()
    };
    (0..buf.area.height).map(|y| row(y) + "\n").collect()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/screens")
}

/// Compare with the picture of that name, or rewrite it when blessing.
fn same(name: &str, picture: &str, wrong: &mut Vec<String>) {
    let path = folder().join(name);
    if crate::common::bless() {
        fs::write(&path, picture).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    if kept != picture {
        let at = kept.lines().zip(picture.lines()).position(|(a, b)| a != b).map_or(0, |i| i + 1);
        wrong.push(format!("{name} differs from line {at} on:\n{picture}"));
    }
}

#[test]
fn screens_are_as_they_were() {
    let mut wrong = Vec::new();
    for (name, _, page) in samples::all() {
        for (glyphs, tier) in [TIERS[0], TIERS[2]] {
            let pictures: String = SIZES
                .iter()
                .map(|(w, h)| {
                    format!("== {w}x{h}\n{}", lines(&screen(&page, PageView::default(), (*w, *h), theme(glyphs))))
                })
                .collect();
            same(&format!("{name}_{tier}.txt"), &pictures, &mut wrong);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn plain_text_is_as_it_was() {
    let mut wrong = Vec::new();
    for (glyphs, tier) in TIERS {
        let pages: Vec<String> = samples::all()
            .iter()
            .map(|(_, line, page)| {
                format!("> {line}\n{}", text::page_with(page, &Options { width: 80, glyphs, rows: Some(8) }))
            })
            .collect();
        same(&format!("text_{tier}.txt"), &pages.join("\n"), &mut wrong);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_report_is_whole_and_fetches_nothing() {
    let samples = samples::all();
    let entries: Vec<(&str, &Page)> = samples.iter().map(|(_, line, page)| (*line, page)).collect();
    let tried = words::Tried { count: 3, elsewhere: Vec::new() };
    let report = html::report("Lung metastasis & <soft tissue> sarcoma", Some(&tried), &entries);
    if crate::common::bless() {
        let out = Path::new(env!("CARGO_TARGET_TMPDIR"));
        fs::write(out.join("report.html"), &report).unwrap();
        fs::write(out.join("report.md"), markdown::report("Lung metastasis", Some(&tried), &entries)).unwrap();
        fs::write(out.join("report.json"), json::results(Some(tried.count), &entries)).unwrap();
    }
    assert!(!report.contains("http") && !report.contains("<script") && !report.contains("url("));
    assert!(report.contains("Lung metastasis &amp; &lt;soft tissue&gt; sarcoma"));
    let void = [
        "<!DOCTYPE html>",
        "<meta charset=\"utf-8\">",
        "<meta name=\"viewport\" content=\"width=device-width\">",
        "<br>",
        "<wbr>",
    ];
    balanced(&void.iter().fold(report, |html, tag| html.replace(tag, "")));
}

#[test]
fn figures_are_well_formed() {
    for (_, _, page) in samples::all().into_iter().chain(hostile()) {
        for block in &page.blocks {
            match block {
                Block::Plot(plot) => balanced(&svg::plot(plot)),
                Block::Scales { title, scales } => balanced(&svg::scales(title, scales)),
                _ => {}
            }
        }
    }
    let plot = Plot::new("a < b & \"c\"", Axis::new("x<", 0.0, 1.0), Axis::new("y&", 0.0, 1.0)).series(Series::new(
        "s<&>",
        Mark::Line,
        vec![(0.0, 0.0), (1.0, 1.0)],
    ));
    let figure = svg::plot(&plot);
    assert!(figure.contains("a &lt; b &amp; &quot;c&quot;") && figure.contains("s&lt;&amp;&gt;"));
    assert!(!figure.contains("NaN") && !figure.contains("inf"));
}

#[test]
fn nothing_breaks_at_any_size() {
    for (_, _, page) in samples::all().into_iter().chain(hostile()) {
        for (glyphs, _) in TIERS {
            for width in (0..=24).chain([30, 47, 80]) {
                for height in (0..=14).chain([24]) {
                    let area = Rect::new(0, 0, width, height);
                    let mut buf = Buffer::empty(area);
                    let view = PageView { top: usize::from(height) * 3, left: usize::from(width) };
                    cells::draw(&page, &view, area, &mut buf, theme(glyphs));
                    cells::draw(&page, &PageView::default(), Rect::new(3, 2, width, height), &mut buf, theme(glyphs));
                }
            }
        }
        json::results(None, &[("x", &page)]);
        html::report("x", None, &[("x", &page)]);
        markdown::page(&page);
    }
}

#[test]
fn text_keeps_to_its_width_and_its_characters() {
    for (name, _, page) in samples::all().into_iter().chain(hostile()) {
        for (glyphs, _) in TIERS {
            for width in [0, 1, 7, 20, 33, 40, 80, 132] {
                let text = text::page_with(&page, &Options { width, glyphs, rows: Some(5) });
                assert!(!text.contains('\x1b'), "{name}");
                assert!(glyphs != Glyphs::Ascii || text.is_ascii(), "{name}");
                let verbatim = page.blocks.iter().any(|b| matches!(b, Block::Verbatim(_)));
                let wide = text.lines().find(|l| words::width(l) > width.max(2) && !l.contains("more rows"));
                assert!(verbatim || width < 20 || wide.is_none(), "{name} at {width}: {wide:?}");
            }
        }
    }
}

#[test]
fn a_table_in_a_pipe_is_whole() {
    let cause = "scans/P07.nii.gz is not a usable scan: its header asks for 9000000000000 bytes and the file has 352";
    let mut table = Table::new("").left("patient").left("cause").left("remedy");
    table.row(["P07", cause, "export the scan again, or take its row out of the cohort table"]);
    let page = Page::new("", "").table(table);
    for width in [40, 60, 100] {
        let text = text::page(&page, width, Glyphs::Ascii);
        assert!(!text.contains(Glyphs::Ascii.ellipsis()), "{text}");
        let words: HashSet<&str> = text.split_whitespace().collect();
        let lost: Vec<&str> = cause.split(' ').filter(|w| w.len() < 16 && !words.contains(w)).collect();
        assert!(lost.is_empty(), "{lost:?} at {width}:\n{text}");
    }
}

#[test]
fn many_cautions_leave_the_figure_in_sight() {
    let (_, _, mut page) = samples::all().remove(10);
    let caution = |i: usize| Caution::Note(format!("caution {i}: {}", "a reason to look twice ".repeat(5)));
    page.cautions = (0..6).map(caution).collect();
    let theme = theme(Glyphs::Ascii);
    let picture = lines(&screen(&page, PageView::default(), (50, 20), theme));
    assert_eq!(picture.matches("! ").count(), 3, "{picture}");
    assert!(picture.contains("! 4 more cautions at the end of the page"), "{picture}");
    let end = PageView::default().scrolled(isize::MAX, 0, &page, Rect::new(0, 0, 50, 20), theme);
    assert!(lines(&screen(&page, end, (50, 20), theme)).contains("! caution 5"));
}

#[test]
fn series_differ_by_mark_without_colour() {
    for (name, _, page) in samples::all() {
        for block in &page.blocks {
            let Block::Plot(plot) = block else { continue };
            // No legend and no words, so that a mark that is found stands on its curve.
            let axis = |a: &Axis| Axis { label: String::new(), ticks: vec![(a.low, String::new())], ..a.clone() };
            let mut bare = Plot {
                title: String::new(),
                x: axis(&plot.x),
                y: axis(&plot.y),
                top: None,
                guides: Vec::new(),
                ..plot.clone()
            };
            bare.series.iter_mut().for_each(|s| s.name.clear());
            bare.series.retain(|s| !s.faint);
            let alone = Page::new("", "").plot(bare);
            for (glyphs, tier) in TIERS {
                let drawn: HashSet<char> =
                    lines(&screen(&alone, PageView::default(), (80, 24), theme(glyphs))).chars().collect();
                let named = plot.series.iter().enumerate().filter(|(_, s)| !s.faint && s.mark != Mark::Bars);
                for (k, (_, s)) in named.enumerate() {
                    assert!(drawn.contains(&glyphs.mark(k)), "{name}, {tier}: {} has no mark", s.name);
                }
            }
        }
    }
}

#[test]
fn no_colour_means_none_and_sixteen_means_sixteen() {
    let (_, _, page) = samples::all().remove(7);
    let colours = |colour| -> HashSet<Color> {
        let buf = screen(&page, PageView::default(), (80, 40), Theme { glyphs: Glyphs::Braille, colour });
        buf.content.iter().flat_map(|c| [c.fg, c.bg]).collect()
    };
    assert_eq!(colours(Colour::None), HashSet::from([Color::Reset]));
    let sixteen = colours(Colour::Sixteen);
    assert!(sixteen.len() > 3 && !sixteen.iter().any(|c| matches!(c, Color::Rgb(..) | Color::Indexed(_))));
}

#[test]
fn tables_scroll_both_ways_under_their_header() {
    let page = samples::large();
    let area = Rect::new(0, 0, 80, 24);
    let theme = theme(Glyphs::Ascii);
    let view = PageView::default().scrolled(1000, 20, &page, area, theme);
    let picture = lines(&screen(&page, view, (80, 24), theme));
    let shown: Vec<&str> = picture.lines().collect();
    assert!(shown[0].contains("rows 998-1019 of 2000, columns 22-27 of 50"), "{picture}");
    assert!(shown[1].starts_with("id") && shown[1].contains("feature21"), "{picture}");
    assert!(shown[2].starts_with("P0997") && shown[23].starts_with("P1018"), "{picture}");
    let end = PageView::default().scrolled(isize::MAX, isize::MAX, &page, area, theme);
    assert!(lines(&screen(&page, end, (80, 24), theme)).contains("P1999"));
    assert_eq!(end.scrolled(-5000, -5000, &page, area, theme), PageView::default());
}

#[test]
fn a_figure_fills_the_space_and_is_never_below_twelve_rows() {
    let theme = theme(Glyphs::Braille);
    let (_, _, alone) = samples::all().remove(10);
    assert_eq!(cells::height(&alone, Rect::new(0, 0, 100, 40), theme), 40);
    let (_, _, with_table) = samples::all().remove(3);
    assert!(cells::height(&with_table, Rect::new(0, 0, 100, 14), theme) >= 12 + 6);
}

/// Every tag that is opened is closed, in order, and no `<` stands alone.
fn balanced(xml: &str) {
    let mut open: Vec<&str> = Vec::new();
    for part in xml.split('<').skip(1) {
        let (tag, _) = part.split_once('>').unwrap_or_else(|| panic!("a tag without end: {part}"));
        let name = tag.split([' ', '/']).next().unwrap();
        match tag.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name), "closed out of order"),
            None if tag.ends_with('/') => {}
            None => open.push(name),
        }
        assert!(tag.matches('"').count() % 2 == 0, "a quote is open in <{tag}>");
    }
    assert!(open.is_empty(), "not closed: {open:?}");
}

/// Pages nobody should make, and somebody will.
fn hostile() -> Vec<(&'static str, &'static str, Page)> {
    let (nan, inf) = (f64::NAN, f64::INFINITY);
    let long = "wavelet-HHH_glszm_SmallAreaLowGrayLevelEmphasis_放射组学_".repeat(4);
    let mut pages = Vec::new();
    for (low, high) in [(nan, 1.0), (0.0, 0.0), (1.0, 0.0), (-1e308, 1e308), (0.0, inf), (5.0, 6.0), (0.0, 1e-300)] {
        let axis = |label: &str| Axis { ticks: Vec::new(), ..Axis::new(label, low, high) };
        let points = vec![(0.0, 0.0), (nan, 1.0), (0.5, inf), (-inf, 0.3), (1e308, -1e308), (1.0, 1.0)];
        let marks = [Mark::Line, Mark::Step, Mark::Dots, Mark::Bars];
        let interval = vec![(nan, 0.0), (0.0, nan), (inf, -inf)];
        let plot = marks.iter().fold(Plot::new(&*long, axis(&long), axis(&long)), |plot, mark| {
            plot.series(Series::new(&*long, *mark, points.clone()).within(interval.clone()))
                .series(Series::new("", *mark, Vec::new()))
                .series(Series::new("faint", *mark, points.clone()).faint())
        });
        let plot = plot
            .guide(Guide::Diagonal)
            .guide(Guide::Vertical(nan, long.clone()))
            .guide(Guide::Horizontal(0.5, long.clone()));
        pages.push((
            "hostile plot",
            "",
            Page::new("", "").plot(plot.top(&*long, vec![(nan, "n".into()), (0.5, long.clone())])),
        ));
    }
    let mut ragged = Table::new(&*long).left(&long).right("放射").left("");
    ragged.row([&*long]);
    ragged.row(["1", "2", "3", "4", "\x1b[2J\t\n"]);
    let scales = vec![
        Scale::new("", Vec::new()),
        Scale::new(&*long, vec![(nan, long.clone()), (inf, "x".into()), (3.0, long.clone())]),
        Scale::of_total("t", vec![(0.0, "a".into())]),
    ];
    let page = Page::new(&*long, &*long).table(ragged).table(Table::new("")).table(Table::new("").left("only"));
    let page = page
        .text(&*long)
        .text("")
        .verbatim("")
        .facts(Vec::<(String, String)>::new())
        .facts([(&*long, &*long), ("", "")]);
    pages.push(("hostile words", "", page.block(Block::Scales { title: long.clone(), scales })));
    pages.push(("empty", "", Page::default()));
    let many = (0..90).fold(Plot::new("", Axis::new("", 0.0, 1.0), Axis::new("", 0.0, 1.0)), |p, i| {
        p.series(Series::new(format!("series {i}"), Mark::Line, vec![(0.0, 0.0), (1.0, f64::from(i) / 90.0)]))
    });
    pages.push(("many", "", Page::new("", "").plot(many)));
    pages
}
