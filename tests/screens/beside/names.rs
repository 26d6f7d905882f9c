//! Names that are cut are told apart: on browse, and in the table of a page.

use std::fs;

use crossterm::event::KeyCode;
use radnote::page::{Page, Table};
use radnote::render::cells::PageView;
use radnote::render::theme::Glyphs;

use super::Reader;
use crate::common;
use crate::screens::{lines, screen, theme};

/// Texture features that differ by a word in their middle.
fn textures() -> Vec<String> {
    let mut names = Vec::new();
    for image in ["original", "wavelet-LLH"] {
        for what in ["glrlm_ShortRun", "glrlm_LongRun", "glszm_SmallArea", "glszm_LargeArea", "gldm_LargeDependence"] {
            names.extend(["High", "Low"].map(|level| format!("{image}_{what}{level}GrayLevelEmphasis")));
        }
        names.extend(["", "Normalized"].map(|how| format!("{image}_glrlm_RunLengthNonUniformity{how}")));
    }
    names
}

/// The names as the screen cuts them, with the row of each.
fn seen(picture: &str) -> Vec<&str> {
    let words = picture.lines().filter_map(|row| row.split(' ').next());
    // The row about the chosen feature is no row of the table.
    let name = |word: &&str| word.contains("..") || word.starts_with("original_") || word.starts_with("wavelet");
    words.filter(|word| name(word) && !word.ends_with(':')).collect()
}

/// Every one stands for one of the names only, wherever this is cut.
fn all_apart(shown: &[&str], names: &[String], picture: &str) {
    for text in shown {
        let stands = |name: &&String| match text.split_once("..") {
            Some((head, tail)) => name.starts_with(head) && name.ends_with(tail),
            None => name == text,
        };
        assert_eq!(names.iter().filter(stands).count(), 1, "{text}:\n{picture}");
    }
}

#[test]
fn browse_tells_names_apart_that_it_cuts() {
    let folder = common::scratch("names-browse");
    let names = textures();
    let (mut clinical, mut values) = (String::from("ID,event\n"), format!("ID,{}\n", names.join(",")));
    for i in 0..30_usize {
        clinical += &format!("P{i:02},{}\n", i % 2);
        let row: Vec<String> = (0..names.len()).map(|j| format!("{}.5", (i * 7 + j * 3) % 11)).collect();
        values += &format!("P{i:02},{}\n", row.join(","));
    }
    fs::write(folder.join("clinical.csv"), clinical).unwrap();
    fs::write(folder.join("features.csv"), values).unwrap();
    let lines = &["open clinical.csv --outcome event", "features features.csv", "mannwhitney --below 1"];
    let mut reader = Reader::with(lines, folder, Glyphs::Ascii);
    reader.press(KeyCode::F(3));
    for size in [(80, 40), (60, 40), (52, 40)] {
        reader.resize(size);
        let shown = seen(&reader.seen);
        assert!(shown.len() >= names.len(), "{}", reader.seen);
        assert!(shown.iter().any(|text| text.contains("..")), "{}", reader.seen);
        all_apart(&shown, &names, &reader.seen);
    }
}

#[test]
fn the_table_of_a_page_tells_names_apart_that_it_cuts() {
    let names = textures();
    let mut table = Table::new("Features").left("feature").right("icc").right("low").right("high").right("p");
    names.iter().for_each(|name| table.row([name.as_str(), "0.912", "0.850", "0.951", "0.00012"]));
    let page = Page::new("Names", "").table(table);
    for width in [60, 64, 70] {
        let picture = lines(&screen(&page, PageView::default(), (width, 40), theme(Glyphs::Ascii)));
        let shown = seen(&picture);
        assert_eq!(shown.len(), names.len(), "{picture}");
        assert!(shown.iter().any(|text| text.contains("..")), "{picture}");
        all_apart(&shown, &names, &picture);
    }
}
