//! Where the marks stand that tell series apart without colour: on every dot, and here and there along a curve.

use std::collections::HashSet;

use super::grid::Grid;
use super::strokes;
use crate::page::{Mark, Plot, Series};
use crate::render::canvas;
use crate::render::theme::Glyphs;

/// Column, row and series of every mark in a panel. A curve gets at least one, in a cell of its
/// own, as long as it has one left.
pub fn places(plot: &Plot, grid: &Grid, glyphs: Glyphs) -> Vec<(usize, usize, usize)> {
    let named = || strokes::numbered(plot).into_iter().filter(|(_, s)| !s.faint);
    let mut places = Vec::new();
    for (k, s) in named().filter(|(_, s)| s.mark == Mark::Dots) {
        places.extend(s.points.iter().filter_map(|p| grid.at(*p)).map(|(x, y)| (x, y, k)));
    }
    for (k, s) in named() {
        let medians = s.boxes().flat_map(|b| std::iter::once((b.x, b.five[2])).chain(b.beyond.iter().copied()));
        places.extend(medians.filter_map(|p| grid.at(p)).map(|(x, y)| (x, y, k)));
    }
    if glyphs == Glyphs::Ascii {
        return places;
    }
    let mut taken: HashSet<(usize, usize)> = places.iter().map(|(x, y, _)| (*x, *y)).collect();
    let curves: Vec<(usize, &Series)> = named().filter(|(_, s)| strokes::curve(s)).collect();
    let every = (grid.cells.0 / 4).clamp(8, 24);
    for (i, (k, s)) in curves.iter().enumerate() {
        let mut way: Vec<(usize, usize)> = grid
            .frame
            .line(&strokes::path(s))
            .iter()
            .flat_map(|piece| {
                piece
                    .windows(2)
                    .flat_map(|w| canvas::walk(w[0], w[1]))
                    .filter_map(|dot| grid.cell(dot))
                    .collect::<Vec<_>>()
            })
            .collect();
        way.dedup();
        let first = every * (2 * i + 1) / (2 * curves.len());
        places.extend(spread(&way, first, every, &mut taken).into_iter().map(|(x, y)| (x, y, *k)));
    }
    places
}

fn spread(
    way: &[(usize, usize)],
    first: usize,
    every: usize,
    taken: &mut HashSet<(usize, usize)>,
) -> Vec<(usize, usize)> {
    let mut marks = Vec::new();
    let (mut gone, mut next) = (0, first);
    let mut before = way.first().copied();
    for at in way {
        if let Some((x, y)) = before {
            gone += at.0.abs_diff(x).max(2 * at.1.abs_diff(y));
        }
        before = Some(*at);
        if gone >= next && taken.insert(*at) {
            marks.push(*at);
            next = gone + every;
        }
    }
    if marks.is_empty() {
        let middle = way.len() / 2;
        let free = way.iter().skip(middle).chain(way.iter().take(middle)).find(|at| !taken.contains(at));
        marks.extend(free.copied());
        taken.extend(marks.iter().copied());
    }
    marks
}
