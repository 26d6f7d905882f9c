//! The search by AIC takes short cuts to the deviances; here every model is fitted, and all must be the same.

use ndarray::{Array2, ArrayView2, Axis};
use radnote::num::rng::Rng;
use radnote::stats::logistic::{self, Fit};
use radnote::stats::stepwise::{self, Candidate, Change, Criterion, Direction, Options, Step, Term};
use radnote::task::Task;

/// The definition: each move fitted by itself, after the drops of no degree of freedom, the last of the formula first.
fn plain(x: ArrayView2<'_, f64>, y: &[bool], terms: &[Term], options: &Options) -> (Vec<Step>, Vec<usize>, Fit) {
    let fit = |selected: &[usize]| {
        let columns: Vec<usize> = selected.iter().flat_map(|&t| terms[t].columns.clone()).collect();
        logistic::fit(x.select(Axis(1), &columns).view(), y, options.fit).unwrap()
    };
    let value = |f: &Fit| if options.criterion == Criterion::Aic { f.aic } else { f.bic };
    let mut selected = options.start.clone();
    let mut now = fit(&selected);
    let step =
        |change, f: &Fit| Step { change, deviance: f.deviance, aic: value(f), rank: f.rank, candidates: Vec::new() };
    let mut steps = vec![step(None, &now)];
    loop {
        let drops = selected.iter().map(|t| Change::Drop(*t)).filter(|_| options.direction != Direction::Forward);
        let drops: Vec<Change> = drops.collect();
        let idle = drops.iter().rev().find_map(|change| {
            let to: Vec<usize> = selected.iter().copied().filter(|t| Change::Drop(*t) != *change).collect();
            let model = fit(&to);
            (model.rank == now.rank && (value(&model) - value(&now)).abs() <= 0.01).then_some((*change, to, model))
        });
        if let Some((change, to, model)) = idle {
            let candidate = Candidate { change, deviance: model.deviance, aic: value(&model) };
            steps.last_mut().unwrap().candidates.push(candidate);
            (selected, now) = (to, model);
            steps.push(step(Some(change), &now));
            continue;
        }
        let adds = (0..terms.len()).filter(|t| !selected.contains(t) && options.direction != Direction::Backward);
        let mut best: Option<(Change, Vec<usize>, Fit)> = None;
        for change in drops.into_iter().chain(adds.map(Change::Add)).collect::<Vec<_>>() {
            let mut to = selected.clone();
            match change {
                Change::Drop(t) => to.retain(|s| *s != t),
                Change::Add(t) => to.push(t),
            }
            let model = fit(&to);
            if model.rank == now.rank {
                continue;
            }
            let candidate = Candidate { change, deviance: model.deviance, aic: value(&model) };
            steps.last_mut().unwrap().candidates.push(candidate);
            if value(&model) < best.as_ref().map_or(value(&now), |b| value(&b.2)) {
                best = Some((change, to, model));
            }
        }
        let Some((change, to, model)) = best else { return (steps, selected, now) };
        (selected, now) = (to, model);
        steps.push(step(Some(change), &now));
    }
}

/// Both faces of the search against the definition; whether the last model separates the outcome.
fn agree(what: &str, x: ArrayView2<'_, f64>, y: &[bool], terms: &[Term], options: &Options) -> bool {
    let (steps, selected, fit) = plain(x, y, terms, options);
    let shown = stepwise::select(x, y, terms, options, &Task::default()).unwrap();
    let reached = stepwise::reach(x, y, terms, options, &Task::default()).unwrap();
    assert_eq!((&shown.selected, &reached.selected), (&selected, &selected), "{what}");
    assert_eq!(format!("{fit:?}"), format!("{:?}", shown.fit), "{what}");
    assert_eq!(format!("{fit:?}"), format!("{:?}", reached.fit), "{what}");
    assert_eq!((shown.steps.len(), reached.steps.len()), (steps.len(), steps.len()), "{what}");
    for ((step, shown), reached) in steps.iter().zip(&shown.steps).zip(&reached.steps) {
        assert_eq!((step.change, step.aic, step.rank), (shown.change, shown.aic, shown.rank), "{what}");
        assert_eq!((step.change, step.aic), (reached.change, reached.aic), "{what}");
        assert_eq!(step.candidates.len(), shown.candidates.len(), "{what}");
        for (a, b) in step.candidates.iter().zip(&shown.candidates) {
            assert_eq!(a.change, b.change, "{what}");
            let apart = (a.deviance - b.deviance).abs();
            assert!(apart <= 1e-9 * a.deviance.max(1.0), "{what}: {} {}", a.deviance, b.deviance);
            assert!((a.aic - b.aic).abs() <= 1e-9 * a.aic, "{what}: {} {}", a.aic, b.aic);
        }
    }
    fit.separated.is_some()
}

/// `p` columns of which the first tell the outcome by `signal`; a quarter of the rows twice, as in a resample.
fn cohort(seed: i32, n: usize, p: usize, signal: f64) -> (Array2<f64>, Vec<bool>) {
    let mut rng = Rng::seeded(seed);
    let mut y: Vec<bool> = (0..n).map(|i| (i * 7) % 12 < 5).collect();
    let shift = |i: usize, j: usize| if j.is_multiple_of(3) && y[i] { signal } else { 0.0 };
    let mut x = Array2::from_shape_fn((n, p), |(i, j)| rng.normal() + shift(i, j));
    for i in 0..n / 4 {
        let copy = x.row(i).to_owned();
        x.row_mut(n - 1 - i).assign(&copy);
        y[n - 1 - i] = y[i];
    }
    (x, y)
}

#[test]
fn short_cuts_end_where_the_definition_does() {
    let mut separated = 0;
    let mut runs = 0;
    for (seed, (n, p, signal)) in [
        (82, 3, 0.5),
        (82, 12, 0.0),
        (82, 12, 0.6),
        (60, 24, 0.9),
        (82, 30, 1.0),
        (40, 20, 0.3),
        (30, 29, 0.0),
        (26, 6, 2.0),
    ]
    .into_iter()
    .cycle()
    .take(24)
    .enumerate()
    {
        let (mut x, y) = cohort(seed as i32 + 1, n, p, signal);
        if seed % 4 == 3 && p > 3 {
            // One column depends on two others, another all but.
            let sum = &x.column(1) + &x.column(2);
            x.column_mut(p - 1).assign(&sum);
            let near = &x.column(0) + &x.column(3).mapv(|v| 1e-6 * v);
            x.column_mut(p - 2).assign(&near);
        }
        let single = |j: usize| Term { name: format!("x{j}"), columns: vec![j] };
        let mut terms: Vec<Term> = (0..p).map(single).collect();
        if seed % 3 == 2 {
            terms.drain(..2);
            terms.push(Term { name: "pair".into(), columns: vec![0, 1] });
        }
        for direction in [Direction::Both, Direction::Backward, Direction::Forward] {
            for start in [Vec::new(), (0..terms.len()).collect()] {
                let criterion = if seed % 2 == 0 { Criterion::Aic } else { Criterion::Bic };
                let options = Options { direction, start, criterion, fit: logistic::Options::default() };
                let what = format!("{n} x {p}, seed {}, {direction:?} from {}", seed + 1, options.start.len());
                separated += usize::from(agree(&what, x.view(), &y, &terms, &options));
                runs += 1;
            }
        }
    }
    assert!(separated > 30 && separated < runs - 30, "{separated} of {runs}");
}

/// Of columns that are each other's multiples one stays at most, the first in order where columns only leave, and which one
/// changes nothing else.
#[test]
fn of_twins_the_order_decides_which_and_nothing_else() {
    for seed in 40..52 {
        let (mut x, y) = cohort(seed, 70, 9, 0.6);
        for (twin, of) in [(6, 0), (7, 1), (8, 0)] {
            let copy = x.column(of).mapv(|v| (twin as f64 - 9.5) * v + 1.0);
            x.column_mut(twin).assign(&copy);
        }
        let original = |t: usize| [0, 1, 2, 3, 4, 5, 0, 1, 0][t];
        let orders = [[0, 1, 2, 3, 4, 5, 6, 7, 8], [8, 7, 6, 5, 4, 3, 2, 1, 0], [3, 6, 1, 8, 4, 0, 7, 2, 5]];
        for direction in [Direction::Both, Direction::Backward, Direction::Forward] {
            let found = orders.map(|order| {
                let terms: Vec<Term> = order.map(|j| Term { name: format!("x{j}"), columns: vec![j] }).into();
                let start = if direction == Direction::Forward { Vec::new() } else { (0..9).collect() };
                let options =
                    Options { direction, start, criterion: Criterion::Aic, fit: logistic::Options::default() };
                let found = stepwise::select(x.view(), &y, &terms, &options, &Task::default()).unwrap();
                assert!(found.fit.aliased.is_empty(), "{seed} {direction:?} {order:?}");
                for t in &found.selected {
                    let first = order.iter().position(|j| original(*j) == original(order[*t])).unwrap();
                    // Of two that may be added rounding decides.
                    let sure = direction == Direction::Backward;
                    assert!(!sure || *t == first, "{seed} {direction:?} {order:?}: not the first of its twins");
                }
                let mut chosen: Vec<usize> = found.selected.iter().map(|t| original(order[*t])).collect();
                chosen.sort_unstable();
                (chosen, found.fit.aic)
            });
            for (chosen, aic) in &found {
                assert_eq!(chosen, &found[0].0, "{seed} {direction:?}");
                assert!((aic - found[0].1).abs() < 1e-8, "{seed} {direction:?}: {aic} {}", found[0].1);
            }
        }
    }
}
