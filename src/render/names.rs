//! The names of one column that are seen together, cut to its width so that they stay apart: a cut name is of one row only. It is
//! worked out as they are drawn, so those that are not seen are not asked for: two thousand names would take longer than a frame.
//!
//! A name is cut in its middle, half of it before the cut and half behind. Where another name of the column begins and ends
//! like that too, more of the end is kept, as much as tells the two apart; where that does not, more of the beginning.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::theme::Glyphs;
use super::words::{clean, elide, first, last, width};

/// The names, in their order, each in at most `room` columns; equal names are cut alike. Where no place of the cut tells two
/// apart, which takes a room less than [`least`] gives, these are cut as [`elide`] cuts.
pub fn apart<'a>(names: impl IntoIterator<Item = &'a str>, room: usize, glyphs: Glyphs) -> Vec<String> {
    cut(&names.into_iter().map(|n| clean(n, glyphs)).collect::<Vec<_>>(), room, glyphs).0
}

/// The names as [`apart`] cuts them, each told also from those of `all` that are not seen, where a cut of its own does that: on the
/// next screenful the same cut is no other name. `all` is asked twice for a name that is cut, so that two thousand names
/// cost a frame less than a millisecond.
pub fn among<'a>(
    names: impl IntoIterator<Item = &'a str>,
    all: impl Iterator<Item = &'a str> + Clone,
    room: usize,
    glyphs: Glyphs,
) -> Vec<String> {
    let names: Vec<&str> = names.into_iter().collect();
    let shown = apart(names.iter().copied(), room, glyphs);
    let one = |(cut, name): (String, &&str)| {
        if cut == *name { cut } else { alone(name, all.clone(), room, glyphs).unwrap_or(cut) }
    };
    shown.into_iter().zip(&names).map(one).collect()
}

/// The name with the first cut at which no other of `all` begins and ends like it.
fn alone<'a>(name: &str, all: impl Iterator<Item = &'a str> + Clone, room: usize, glyphs: Glyphs) -> Option<String> {
    let dots = glyphs.ellipsis();
    let kept = room.checked_sub(width(dots)).filter(|kept| *kept >= 2 && name.is_ascii())?;
    let half = (kept - 1) / 2;
    let tails = tails(kept);
    // All that end like it at the shortest of the first ends, and all that begin like it at the shortest of the later beginnings.
    let like = |head: usize, tail: usize| -> Vec<&'a str> {
        let (head, tail) = ends(name, head, tail);
        all.clone().filter(|other| *other != name && other.starts_with(&*head) && other.ends_with(&*tail)).collect()
    };
    let (ending, beginning) = (like(0, half), like(kept - half, 0));
    tails.into_iter().find_map(|tail| {
        let (head, end) = ends(name, kept - tail, tail);
        let others = if tail >= half { &ending } else { &beginning };
        let told = !others.iter().any(|other| other.starts_with(&*head) && other.ends_with(&*end));
        told.then(|| format!("{head}{dots}{end}"))
    })
}

/// How much of the end is kept of this many columns: half, then more, then less.
fn tails(kept: usize) -> Vec<usize> {
    let half = (kept - 1) / 2;
    [half].into_iter().chain(half + 1..kept).chain((1..half).rev()).collect()
}

/// The least room from `room` up to `most` in which every name is told from the others; `room` where there is none.
pub fn least<'a>(names: impl IntoIterator<Item = &'a str>, room: usize, most: usize, glyphs: Glyphs) -> usize {
    let names: Vec<Cow<'_, str>> = names.into_iter().map(|n| clean(n, glyphs)).collect();
    // What tells two apart does so in more room too.
    let (mut few, mut enough) = (room, most + 1);
    while few < enough {
        let middle = few + (enough - few) / 2;
        if cut(&names, middle, glyphs).1 {
            enough = middle;
        } else {
            few = middle + 1;
        }
    }
    if few > most { room } else { few }
}

/// The names as they are cut, and whether all are told apart.
fn cut(names: &[Cow<'_, str>], room: usize, glyphs: Glyphs) -> (Vec<String>, bool) {
    let mut shown: Vec<String> = names.iter().map(|n| elide(n, room, glyphs)).collect();
    let mut alike: Vec<usize> = (0..names.len()).filter(|i| shown[*i] != *names[*i]).collect();
    let dots = glyphs.ellipsis();
    let Some(kept) = room.checked_sub(width(dots)).filter(|kept| *kept >= 2) else {
        return (shown, alike.is_empty());
    };
    // Every name stands once: one that is there twice is not to be told from itself.
    let long: HashSet<&str> = alike.iter().map(|i| &*names[*i]).collect();
    for tail in tails(kept) {
        if alike.is_empty() {
            break;
        }
        let mut count: HashMap<_, usize> = HashMap::new();
        long.iter().for_each(|name| *count.entry(ends(name, kept - tail, tail)).or_default() += 1);
        alike.retain(|i| {
            let ends = ends(&names[*i], kept - tail, tail);
            let alone = count.get(&ends) == Some(&1);
            if alone {
                shown[*i] = format!("{}{dots}{}", ends.0, ends.1);
            }
            !alone
        });
    }
    (shown, alike.is_empty())
}

/// The first `head` columns of a longer name and the last `tail`.
fn ends(name: &str, head: usize, tail: usize) -> (Cow<'_, str>, Cow<'_, str>) {
    if name.is_ascii() {
        let (head, tail) = (head.min(name.len()), name.len().saturating_sub(tail));
        return (Cow::Borrowed(&name[..head]), Cow::Borrowed(&name[tail..]));
    }
    (Cow::Owned(first(name, head)), Cow::Owned(last(name, tail)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXTURE: [&str; 6] = [
        "original_glrlm_LongRunHighGrayLevelEmphasis",
        "original_glrlm_LongRunLowGrayLevelEmphasis",
        "original_glrlm_ShortRunHighGrayLevelEmphasis",
        "original_glrlm_ShortRunLowGrayLevelEmphasis",
        "original_glszm_LargeAreaHighGrayLevelEmphasis",
        "original_glszm_LargeAreaLowGrayLevelEmphasis",
    ];

    /// A cut name is told from another by its beginning or its end, wherever the other is cut.
    fn of(cut: &str, name: &str, dots: &str) -> bool {
        match cut.split_once(dots) {
            Some((head, tail)) => name.starts_with(head) && name.ends_with(tail),
            None => cut == name,
        }
    }

    #[test]
    fn a_cut_name_is_of_one_row_only() {
        for glyphs in [Glyphs::Ascii, Glyphs::Braille] {
            let enough = least(TEXTURE, 20, 60, glyphs);
            assert!((26..32).contains(&enough), "{enough}");
            for room in enough..50 {
                let cut = apart(TEXTURE, room, glyphs);
                for (text, name) in cut.iter().zip(TEXTURE) {
                    assert!(width(text) == room.min(name.len()), "{room}: {text}");
                    let rows = TEXTURE.iter().filter(|n| of(text, n, glyphs.ellipsis())).count();
                    assert_eq!(rows, 1, "{room}: {text} in {cut:?}");
                }
            }
        }
    }

    #[test]
    fn the_end_is_kept_first_and_then_the_beginning() {
        let ends = ["wavelet_a_of_many_features_A1_is_at_the_end", "wavelet_a_of_many_features_B1_is_at_the_end"];
        assert_eq!(
            apart(ends, 24, Glyphs::Braille),
            ["wavelet…A1_is_at_the_end", "wavelet…B1_is_at_the_end"].map(|n| n.to_string())
        );
        assert_eq!(apart(TEXTURE, 32, Glyphs::Braille)[2], "origin…tRunHighGrayLevelEmphasis");
        let begins = ["A1_is_at_the_beginning_of_a_wavelet_feature", "B1_is_at_the_beginning_of_a_wavelet_feature"];
        let begins = begins.map(|n| format!("a_{n}"));
        let cut = apart(begins.iter().map(String::as_str), 12, Glyphs::Braille);
        assert!(cut[0].starts_with("a_A1") && cut[1].starts_with("a_B1"), "{cut:?}");
        assert_eq!(apart(["original_shape_Sphericity", "a"], 12, Glyphs::Braille), ["origin…icity", "a"]);
    }

    #[test]
    fn a_name_that_is_cut_is_told_from_those_that_are_not_seen() {
        let all = ["original_shape_MajorAxisLength", "original_shape_MinorAxisLength", "original_shape_Sphericity"];
        let of = |name: &'static str, room: usize| among([name], all.into_iter(), room, Glyphs::Braille).remove(0);
        assert_eq!(of(all[0], 26), "original_sha…jorAxisLength");
        assert_eq!(of(all[1], 26), "original_sha…norAxisLength");
        for room in 20..30 {
            assert_ne!(of(all[0], room), of(all[1], room), "{room}");
        }
        assert_eq!(of(all[2], 25), all[2]);
        assert_eq!(of(all[0], 5), elide(all[0], 5, Glyphs::Braille), "no room tells them apart");
    }

    #[test]
    fn equal_names_and_too_little_room_are_no_reason_to_stop() {
        assert_eq!(apart(["patient one", "patient one"], 8, Glyphs::Braille), ["pati…one", "pati…one"]);
        for room in 0..6 {
            assert!(apart(TEXTURE, room, Glyphs::Ascii).iter().all(|n| width(n) <= room));
        }
        assert_eq!(least(TEXTURE, 8, 9, Glyphs::Ascii), 8, "no room up to that tells them apart");
    }
}
